"""Staging tables follow the contracts, and code lists the catalogue."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest
from sqlalchemy import text

from arshjul.catalogue.codelists import Code, CodeList
from arshjul.catalogue.contracts import Contract
from arshjul.intake.codes import sync_codes
from arshjul.intake.staging import clear_staging, prepare_staging, staging_columns

Desk = Any  # tests/intake/conftest.py


def test_tables_are_made_once_and_anew_when_the_contract_changes(desk: Desk) -> None:
    office = desk.office
    desk.send("kapacitet", [["2026-03", "2", "40"]])
    with office.engine.begin() as connection:
        assert prepare_staging(connection, office.statements, office.contracts.values()) == []
    old = office.contracts["kapacitet"]
    changed = attrs.evolve(old, fields=(*old.fields, attrs.evolve(old.fields[2], name="extra_platser")))
    with office.engine.begin() as connection:
        assert prepare_staging(connection, office.statements, [changed]) == ["kapacitet"]
    columns = desk.query(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'staging' AND table_name = 'kapacitet' "
        "ORDER BY ordinal_position"
    )
    assert [name for (name,) in columns] == [column.name for column in staging_columns(changed)]
    assert desk.query("SELECT count(*) FROM staging.kapacitet") == [(0,)]


def test_a_personnummer_is_no_column_of_staging(office: Any) -> None:
    names = {column.name for column in staging_columns(office.contracts["insatser"])}
    assert "person_id" in names
    assert "personnummer" not in names


def test_a_slices_rows_replace_its_earlier_ones_and_a_month_can_be_cleared(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1")], "2026-02")
    desk.send("insatser", [desk.enrolment("A1")], "2026-03")
    desk.send("insatser", [desk.enrolment("A2", 2)], "2026-03")
    assert desk.query("SELECT insats_id FROM staging.insatser ORDER BY 1") == [("A1",), ("A2",)]
    with desk.office.engine.begin() as connection:
        contracts: list[Contract] = list(desk.office.contracts.values())
        assert clear_staging(connection, desk.office.statements, contracts, date(2026, 3, 1)) == 1
    assert desk.query("SELECT insats_id FROM staging.insatser") == [("A1",)]


def test_codes_are_copied_once_and_their_earlier_words_kept(desk: Desk) -> None:
    office = desk.office
    with office.engine.begin() as connection:
        assert not sync_codes(connection, office.statements, office.codelists)
    count = desk.query("SELECT count(*) FROM core.code")
    reworded = Code(code="ja", title="Jajamän", valid_from=date(2000, 1, 1), valid_to=date(2030, 1, 1))
    changed = {**office.codelists, "ja_nej": CodeList(name="ja_nej", title="x", codes=(reworded,))}
    with office.engine.begin() as connection:
        assert sync_codes(connection, office.statements, changed)
    assert desk.query(
        "SELECT code, title, valid_to::text, known_to = 'infinity' FROM core.code WHERE code_list = 'ja_nej' ORDER BY 1, 2"
    ) == [
        ("ja", "Ja", "infinity", False),
        ("ja", "Jajamän", "2030-01-01", True),
        ("nej", "Nej", "infinity", False),
    ]
    assert desk.query("SELECT count(*) - 1 FROM core.code") == count


@pytest.mark.parametrize("table", ["narvaro", "insatser", "anordnare"])
def test_intake_works_under_a_role_that_may_not_read_encrypted_numbers(desk: Desk, table: str) -> None:
    with desk.office.engine.connect() as connection:
        assert connection.execute(text("SELECT current_user")).scalar_one() == "arshjul_intake"
        assert not connection.execute(
            text("SELECT has_column_privilege('vault.alias', 'encrypted', 'SELECT')")
        ).scalar_one()
        assert not connection.execute(text(f"SELECT has_table_privilege('core.{table}', 'DELETE')")).scalar_one()
