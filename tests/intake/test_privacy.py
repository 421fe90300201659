"""Nothing of a file's content gets out: not in receipts, the ledger, exceptions or the server's log."""

from __future__ import annotations

import json
import traceback
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from arshjul.intake.delivery import IntakeError, receive
from arshjul.warehouse.errors import WarehouseError

Desk = Any  # tests/intake/conftest.py

CANARY = "kanariefagel"


def everything_kept(desk: Desk) -> str:
    """All rows of all tables but those that are made to hold what senders say of themselves."""
    tables = desk.query(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
        "WHERE schemaname IN ('lineage', 'quarantine', 'vault', 'indicator', 'published')"
    )
    selects = [f"SELECT t::text FROM {table} AS t" for (table,) in tables]
    return "\n".join(row for select in selects for (row,) in desk.query(select))


def test_broken_cells_and_headers_leave_no_trace_outside_the_archive(desk: Desk) -> None:
    columns = [*desk.COLUMNS["insatser"], f"{CANARY} rubrik"]
    rows = [[f"{CANARY}{place}"] * len(columns) for place in range(3)] + [[CANARY]]
    receipts = [
        desk.send("insatser", rows, columns=columns),
        desk.send("insatser", rows, columns=columns[1:]),
        desk.give(f"{CANARY} 199001011234.csv", b"x"),
        desk.give(f"insatser_{desk.PROVIDER}_2026-03.json", json.dumps({"avsandare": CANARY, "rader": []}).encode()),
    ]
    assert [receipt.status for receipt in receipts] == ["mottagen", "avvisad", "avvisad", "avvisad"]
    assert CANARY not in everything_kept(desk)
    told = [*receipts[:2], receipts[3]]
    assert CANARY not in "".join(receipt.as_text() + json.dumps(receipt.as_json()) + repr(receipt) for receipt in told)


def test_an_error_of_ours_carries_no_value(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr("arshjul.intake.delivery.process", stumble)
    with pytest.raises(IntakeError) as caught:
        desk.send("insatser", [desk.enrolment(CANARY)])
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert "ValueError in test_privacy.py" in str(caught.value)


def test_a_missing_file_is_not_named(desk: Desk) -> None:
    file = desk.put(f"{CANARY}.csv", b"x")
    Path(file.path).unlink()
    with pytest.raises(IntakeError) as caught:
        receive(desk.office, file, desk.run_id)
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_an_error_of_the_databases_carries_no_value(desk: Desk) -> None:
    with desk.office.engine.begin() as connection:
        connection.exec_driver_sql("SET ROLE NONE")
        connection.execute(text(f"ALTER TABLE core.insatser ADD CONSTRAINT no_bird CHECK (insats_id <> '{CANARY}')"))
    with pytest.raises(WarehouseError) as caught:
        desk.send("insatser", [desk.enrolment(CANARY)])
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.constraint_name == "no_bird"
    assert desk.query("SELECT status FROM lineage.delivery WHERE dataset = 'insatser'") == [("landad",)]
