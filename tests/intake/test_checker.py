"""The offline checker gives the line's own verdict: same status, same reasons, same sentences."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.intake.mutations import NASTY

from arshjul.intake.checker import REGISTER_NOTE, check_files
from arshjul.intake.queue import receive_all
from arshjul.settings import Settings

Desk = Senders = Any  # tests/intake/conftest.py

CHILDREN = ("narvaro", "trappsteg", "uppfoljningar", "kapacitet")


def verdict(receipt: Any) -> dict[str, Any]:
    """What must be the same whoever judges."""
    return {
        **receipt.as_json(),
        "reasons": receipt.reasons,
        "refusal": receipt.refusal and (receipt.refusal.rule, receipt.refusal.text),
        "detected": dict(receipt.detected),
    }


@pytest.mark.parametrize("kind", ["xlsx", "json"])
def test_workbooks_and_json_get_the_same_verdict_too(desk: Desk, kind: str, tmp_path: Path) -> None:
    file = desk.put(desk.name("insatser").replace("csv", kind), _typed_cells(kind, tmp_path))
    [received] = receive_all(desk.office, [file], desk.run_id)
    [checked] = check_files(desk.office.settings, [file])
    assert verdict(checked.receipt) == verdict(received)
    assert desk.counts(received) == (3, 1, 0, 2)


def _typed_cells(kind: str, folder: Path) -> bytes:
    """One good row, one with a personnummer that lost its century as a number, one young person."""
    columns = ["insats_id", "personnummer", "insatstyp", "startdatum"]
    rows: list[list[Any]] = [
        [1, "189001019802", "jobbpeng_grund", "2026-03-02"],
        [2, 9001019802, "jobbpeng_grund", "2026-03-02"],
        [3, "201503019815", "jobbpeng_grund", "2026-03-02"],
    ]
    if kind == "json":
        return json.dumps([dict(zip(columns, row, strict=True)) for row in rows]).encode()
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(columns)
    for row in rows:
        book.active.append(row)
    book.save(folder / "bok.xlsx")
    return (folder / "bok.xlsx").read_bytes()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    dataset=st.sampled_from(["insatser", *CHILDREN]),
    cells=st.lists(st.lists(st.text(max_size=30) | st.sampled_from(NASTY), min_size=6, max_size=6), max_size=4),
)
def test_no_text_in_any_cell_ever_raises(desk: Desk, dataset: str, cells: Sequence[Sequence[str]]) -> None:
    columns = desk.COLUMNS[dataset]
    rows = [[text.encode("utf-8", "replace").decode() for text in row[: len(columns)]] for row in cells]
    receipt = desk.send(dataset, rows)
    assert receipt.rows_in == receipt.rows_loaded + receipt.rows_unchanged + receipt.rows_quarantined


def test_parents_are_those_of_the_files_given_together(senders: Senders, tmp_path: Path) -> None:
    home = _settings(tmp_path)
    day = senders.put(senders.name("narvaro"), senders.csv("narvaro", [["A9", "2026-03-03", "8", "8", ""]]))
    [alone] = check_files(home, [day])
    unjudged = "Raderna har inte prövats mot insatser. Kontrollera filen tillsammans med filen insatser."
    assert (alone.receipt.reasons, alone.notes) == ((), (REGISTER_NOTE, unjudged))
    enrolments = senders.put(senders.name("insatser"), senders.csv("insatser", [senders.enrolment("A1")]))
    _, together = check_files(home, [day, enrolments])
    assert [reason.rule for reason in together.receipt.reasons] == ["foralder_saknas"]
    assert together.notes == (REGISTER_NOTE,)


def test_an_enrolment_missing_from_the_next_month_is_told_by_the_checker_too(senders: Senders, tmp_path: Path) -> None:
    march = senders.put(senders.name("insatser"), senders.csv("insatser", [senders.enrolment("A1")]))
    april = senders.put(senders.name("insatser", "2026-04"), senders.csv("insatser", [senders.enrolment("A2", 2)]))
    _, second = check_files(_settings(tmp_path), [april, march])
    [warning] = second.receipt.warnings
    assert warning == (
        "1 pågående insats i er leverans för mars 2026 saknas i den här (rad 1 där). "
        "Den räknas som pågående tills ni anger slutdatum."
    )


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("anordnare_5560360793_2026-03.csv", "ej_kommunen"),
        ("okand_5560360793_2026-03.csv", "okand_datamangd"),
        ("insatser.csv", "filnamn"),
    ],
)
def test_refusals_that_need_no_register_are_told_by_the_checker(
    senders: Senders, tmp_path: Path, name: str, rule: str
) -> None:
    [checked] = check_files(_settings(tmp_path), [senders.put(name, b"a;b\n")])
    assert checked.receipt.refusal is not None
    assert (checked.receipt.status, checked.receipt.refusal.rule) == ("avvisad", rule)


def _settings(folder: Path) -> Settings:
    from arshjul.settings import load_settings

    return load_settings({"ARSHJUL_HOME": str(folder)})
