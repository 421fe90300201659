"""Sensitive free text: a keyed mark with the row, the text itself encrypted in the vault, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from tests.intake.examples import GOOD, KOMMUN

from arshjul.catalogue.contracts import load_contracts
from arshjul.intake.identity import IdentityError
from arshjul.settings import REPOSITORY

Desk = Any  # tests/intake/conftest.py

SENSITIVE = {
    contract.name: contract.sensitive_fields[0].name
    for contract in load_contracts(REPOSITORY / "include").values()
    if contract.sensitive_fields
}
SECRET = "Kanariefågeln är sjuk;\n\\och\tledsen"


@pytest.fixture
def town(empty_desk: Desk) -> Desk:
    """A desk that knows what the rows with sensitive texts are about."""
    for dataset in ("anordnare", "uppfoljningsobjekt", "atgarder"):
        send(empty_desk, dataset, [GOOD[dataset]])
    return empty_desk


def send(desk: Desk, dataset: str, rows: list[Mapping[str, str]], month: str = "2026-03") -> Any:
    return desk.give(f"{dataset}_{KOMMUN}_{month}.json", json.dumps([dict(row) for row in rows]).encode())


def with_text(dataset: str, secret: str) -> dict[str, str]:
    return {**GOOD[dataset], SENSITIVE[dataset]: secret}


def everything_in_the_database(desk: Desk) -> str:
    tables = desk.query("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname !~ '^pg_|^info'")
    return "\n".join(row for (table,) in tables for (row,) in desk.query(f"SELECT t::text FROM {table} AS t"))


def test_the_sensitive_fields_are_those_of_the_specification() -> None:
    assert SENSITIVE == {"synpunkter": "fritext", "kvalitetsrapporter": "internt", "besok": "anteckningar"}


@pytest.mark.parametrize("dataset", SENSITIVE)
def test_only_whoever_has_the_keys_can_read_a_text_back(town: Desk, dataset: str) -> None:
    receipt = send(town, dataset, [with_text(dataset, SECRET)])
    assert town.counts(receipt) == (1, 1, 0, 0)
    [(mark,)] = town.query(f"SELECT {SENSITIVE[dataset]}_mark FROM core.{dataset}")
    [(kept, key_id, encrypted)] = town.query("SELECT mark, key_id, encrypted FROM vault.text")
    assert (bytes(kept), key_id) == (bytes(mark), town.office.keys.key_id)
    assert bytes(mark) == town.office.keys.mark(SECRET)
    assert town.office.keys.decrypt(bytes(encrypted), bytes(mark)) == SECRET
    with pytest.raises(IdentityError):
        town.office.keys.decrypt(bytes(encrypted), town.office.keys.mark("another text"))


@pytest.mark.parametrize("dataset", SENSITIVE)
def test_no_row_of_any_table_holds_the_text_in_clear(town: Desk, dataset: str) -> None:
    key = "arende_id" if dataset == "synpunkter" else "besok_id" if dataset == "besok" else "ar"
    good, long = with_text(dataset, SECRET), {**with_text(dataset, SECRET + "x" * 20000), key: "2024"}
    receipts = [
        send(town, dataset, [good, long]),
        send(town, dataset, [with_text(dataset, f"{SECRET}\u0007")], "2026-04"),
    ]
    assert [town.counts(receipt) for receipt in receipts] == [(2, 1, 0, 1), (1, 0, 0, 1)]
    kept = everything_in_the_database(town)
    assert "Jobbsatsningen" in kept  # what may be there is seen
    assert "anariefågeln" not in kept
    told = "".join(receipt.as_text() + json.dumps(receipt.as_json()) + repr(receipt) for receipt in receipts)
    assert "anariefågeln" not in told


def test_a_changed_text_is_a_new_version_of_the_row_and_the_same_text_is_not(town: Desk) -> None:
    first = send(town, "synpunkter", [with_text("synpunkter", SECRET)])
    rows = [with_text("synpunkter", SECRET), {**with_text("synpunkter", SECRET), "arende_id": "S2"}]
    second = send(town, "synpunkter", rows)
    assert [town.counts(one) for one in (first, second)] == [(1, 1, 0, 0), (2, 1, 1, 0)]
    assert town.query("SELECT count(*) FROM vault.text") == [(1,)]
    third = send(town, "synpunkter", [with_text("synpunkter", "Ny text."), {**rows[1], "fritext": ""}])
    assert town.counts(third) == (2, 2, 0, 0)
    assert town.query("SELECT count(*) FROM vault.text") == [(2,)]
    assert town.query("SELECT count(fritext_mark), count(*) FROM core.synpunkter WHERE known_to = 'infinity'") == [
        (1, 2)
    ]


def test_a_text_that_is_too_long_is_told_and_not_kept(town: Desk) -> None:
    receipt = send(town, "synpunkter", [with_text("synpunkter", "å" * 10000), with_text("synpunkter", "å" * 10001)])
    assert (2, "fritext", "langd") in town.reasons(receipt)
    alone = send(town, "synpunkter", [with_text("synpunkter", "å" * 10001)])
    assert town.reasons(alone) == {(1, "fritext", "langd")}
    assert town.query("SELECT count(*) FROM vault.text") == [(0,)]


def test_rows_with_the_same_key_and_other_texts_contradict_each_other(town: Desk) -> None:
    rows = [with_text("synpunkter", "En text."), with_text("synpunkter", "En annan.")]
    assert town.reasons(send(town, "synpunkter", rows)) == {(1, "", "motsagelse"), (2, "", "motsagelse")}


def test_only_intake_reaches_the_texts(town: Desk) -> None:
    privileges = town.query(
        "SELECT role, verb FROM unnest(ARRAY['intake', 'compute', 'publish', 'report', 'audit']) AS role, "
        "unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS verb "
        "WHERE has_table_privilege('arshjul_' || role, 'vault.text', verb) ORDER BY 1, 2"
    )
    assert privileges == [("intake", "INSERT"), ("intake", "SELECT")]
