"""Every computation remembers what it was made with."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection
from tests.indicators.conftest import Fill

from arshjul.catalogue.indicators import load_indicators
from arshjul.indicators.compute import compute
from arshjul.indicators.definitions import definitions_now, definitions_used
from arshjul.periods import Month

FEBRUARY = Month(2024, 2)


def test_a_computation_remembers_the_text_of_every_definition(
    connection: Connection, fill: Fill, catalogue: Path
) -> None:
    computation = compute(connection, catalogue, FEBRUARY, run_id=fill())
    used = definitions_used(connection, catalogue, computation.computation_id)
    assert used == definitions_now(catalogue)
    assert set(used) == set(load_indicators(catalogue))
    folder = catalogue / "sql"
    assert used["tid_till_start"].definition == (folder / "indicator/tid_till_start.yaml").read_text(encoding="utf-8")
    assert used["tid_till_start"].left_out == (folder / "left_out/tid_till_start.sql").read_text(encoding="utf-8")
    assert used["kunder"].left_out is None


def test_two_computations_remember_what_changed_between_them(
    connection: Connection, fill: Fill, catalogue: Path
) -> None:
    run_id = fill()
    first = compute(connection, catalogue, FEBRUARY, run_id=run_id).computation_id
    folder = catalogue / "sql" / "indicator"
    with (folder / "kunder.sql").open("a", encoding="utf-8") as file:
        file.write("    AND e.insatstyp <> ''\n")
    with (folder / "insatser.yaml").open("a", encoding="utf-8") as file:
        file.write("version: 2\nchanges:\n  - {version: 2, from: 2024-02, what: Nytt sätt att räkna.}\n")
    for suffix in (".sql", ".yaml"):
        (folder / f"nya_insatser{suffix}").unlink()
    second = compute(connection, catalogue, FEBRUARY, run_id=run_id).computation_id

    before, after = (definitions_used(connection, catalogue, one) for one in (first, second))
    assert {one for one in before if before[one] != after.get(one)} == {"kunder", "insatser", "nya_insatser"}
    assert before["kunder"].statement != after["kunder"].statement
    assert (before["kunder"].version, after["kunder"].version) == (1, 1)
    assert (before["insatser"].version, after["insatser"].version) == (1, 2)
    assert before["insatser"].statement == after["insatser"].statement
    assert "nya_insatser" not in after


def test_a_text_is_kept_once_however_often_it_is_used(connection: Connection, fill: Fill, catalogue: Path) -> None:
    run_id = fill()
    for _ in range(2):
        compute(connection, catalogue, FEBRUARY, run_id=run_id)
    kept = connection.exec_driver_sql("SELECT count(*) FROM indicator.definition").scalar_one()
    used = connection.exec_driver_sql("SELECT count(*) FROM indicator.computation_definition").scalar_one()
    assert (kept, used) == (len(load_indicators(catalogue)), 2 * kept)


@pytest.mark.parametrize("table", ["definition", "computation_definition"])
def test_what_was_remembered_stays(connection: Connection, fill: Fill, catalogue: Path, table: str) -> None:
    compute(connection, catalogue, FEBRUARY, run_id=fill())
    for change in ("UPDATE indicator.{} SET indicator_id = 'x'", "DELETE FROM indicator.{}"):
        with pytest.raises(Exception, match="append only"), connection.begin_nested():
            connection.exec_driver_sql(change.format(table))
