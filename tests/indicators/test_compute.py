"""Computing a period: what is stored, by whom, and that the same knowledge always gives the same values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE, load, start_run
from tests.indicators.conftest import Fill

from arshjul.catalogue.indicators import catalogue_sha256, load_indicators
from arshjul.indicators.compute import Computation, PointOfKnowledgeError, compute
from arshjul.indicators.values import Value, latest_computation, read_values
from arshjul.periods import Month, Tertial, Year
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, open_engine
from arshjul.warehouse.errors import WarehouseError

T1 = Tertial(2024, 1)
EXITS = [
    {"insats_id": f"i{number}", "slutdatum": "2024-02-01", "avslutsorsak": reason}
    for number, reason in enumerate(["arbete"] * 7 + ["sfi"] * 6 + ["flyttat"])
]


def stored_value(
    connection: Connection,
    include: Path,
    computation: Computation,
    indicator_id: str,
    cell: dict[str, str],
    *,
    internal: bool = False,
) -> Value | None:
    """One value, or None when nothing was observed in the cell."""
    values = read_values(connection, include, computation, internal=internal, indicator_id=indicator_id)
    return next((value for value in values if value.cell == cell), None)


def total(connection: Connection, computation: Computation, indicator_id: str, include: Path = INCLUDE) -> Any:
    return stored_value(connection, include, computation, indicator_id, {}, internal=True)


def test_every_indicator_gets_a_total_even_when_nothing_has_been_delivered(connection: Connection, fill: Fill) -> None:
    computation = compute(connection, INCLUDE, T1, run_id=fill())
    values = read_values(connection, INCLUDE, computation, internal=True)
    assert {value.indicator_id for value in values} == set(load_indicators(INCLUDE))
    assert all((value.cell, value.numerator, value.observations) == ({}, 0, 0) for value in values)


@pytest.mark.parametrize("period", [Month(2024, 2), T1, Year(2024)])
def test_the_ledger_says_what_was_computed_of_what(
    connection: Connection, fill: Fill, period: Month | Tertial | Year
) -> None:
    run_id = fill(insatser=EXITS)
    computation = compute(connection, INCLUDE, period, run_id=run_id)
    row = connection.exec_driver_sql("SELECT * FROM indicator.computation").mappings().one()
    assert (row["period"], row["period_start"], row["period_end"]) == (period.key, period.start, period.end)
    assert (row["run_id"], row["as_of"]) == (run_id, computation.as_of)
    assert row["catalogue_sha256"] == computation.catalogue_sha256 == catalogue_sha256(INCLUDE)
    assert latest_computation(connection, INCLUDE, period) == computation
    logged = connection.exec_driver_sql("SELECT event FROM lineage.log ORDER BY seq DESC LIMIT 1").scalar_one()
    assert logged == "computation.insert"


def test_what_was_known_then_stays_what_it_was(connection: Connection, fill: Fill) -> None:
    run_id = fill(insatser=EXITS)
    before = compute(connection, INCLUDE, T1, run_id=run_id)
    connection.exec_driver_sql("UPDATE core.insatser SET known_to = clock_timestamp() WHERE insats_id = 'i0'")
    again = compute(connection, INCLUDE, T1, run_id=run_id, as_of=before.as_of)
    after = compute(connection, INCLUDE, T1, run_id=run_id)
    assert read_values(connection, INCLUDE, again, internal=True) == read_values(
        connection, INCLUDE, before, internal=True
    )
    assert total(connection, before, "maluppfyllelse").numerator == 7
    assert total(connection, after, "maluppfyllelse").numerator == 6
    assert latest_computation(connection, INCLUDE, T1) == after


def test_a_period_that_was_not_computed_has_no_computation_and_no_value(connection: Connection, fill: Fill) -> None:
    computation = compute(connection, INCLUDE, T1, run_id=fill(insatser=EXITS))
    assert latest_computation(connection, INCLUDE, T1.previous) is None
    assert stored_value(connection, INCLUDE, computation, "kunder", {"kon": "man"}) is None


def test_a_protected_value_leaves_the_database_without_numbers(connection: Connection, fill: Fill) -> None:
    computation = compute(connection, INCLUDE, T1, run_id=fill(insatser=EXITS[-3:]))
    shown = stored_value(connection, INCLUDE, computation, "kunder", {"kon": "kvinna"})
    assert shown is not None
    assert shown.is_protected
    assert (shown.numerator, shown.denominator, shown.value, shown.observations) == (None, None, None, None)
    inside = stored_value(connection, INCLUDE, computation, "kunder", {"kon": "kvinna"}, internal=True)
    assert inside is not None
    assert (inside.numerator, inside.observations, inside.is_protected) == (3, 3, False)


def test_what_is_left_out_and_what_is_counted_make_up_all_exits(connection: Connection, fill: Fill) -> None:
    computation = compute(connection, INCLUDE, T1, run_id=fill(insatser=EXITS))
    ended = total(connection, computation, "avslutsorsaker").observations
    left_out = dict(
        connection.exec_driver_sql(
            "SELECT indicator_id, sum(observations)::int FROM indicator.left_out GROUP BY 1"
        ).all()
    )
    for indicator_id in (
        "maluppfyllelse",
        "maluppfyllelse_kolada",
        "maluppfyllelse_bred",
        "insatsdagar_till_egen_forsorjning",
        "insatsdagar_till_egen_forsorjning_median",
        "stegforflyttning",
        "stegforflyttning_medel",
    ):
        assert total(connection, computation, indicator_id).observations + left_out[indicator_id] == ended == 14


def test_the_future_is_not_known(connection: Connection, fill: Fill) -> None:
    run_id = fill()
    with pytest.raises(PointOfKnowledgeError, match="future"):
        compute(connection, INCLUDE, T1, run_id=run_id, as_of=datetime.now(UTC) + timedelta(hours=1))
    with pytest.raises(PointOfKnowledgeError, match="time zone"):
        compute(connection, INCLUDE, T1, run_id=run_id, as_of=datetime(2024, 1, 1))  # noqa: DTZ001


def test_no_load_may_begin_until_the_computation_is_done(
    connection: Connection, fill: Fill, database: Settings
) -> None:
    load_lock = "SELECT pg_try_advisory_xact_lock_shared(7302)"
    engine = open_engine(database)
    with engine.connect() as other:
        assert other.exec_driver_sql(load_lock).scalar_one()
        other.rollback()
        compute(connection, INCLUDE, T1, run_id=fill())
        assert not other.exec_driver_sql(load_lock).scalar_one()
    engine.dispose()


def test_the_role_that_computes_needs_no_more_rights_than_it_has(database: Settings) -> None:
    owner = open_engine(database)
    with owner.begin() as connection:
        run_id = start_run(connection)
        load(connection, run_id, {"insatser": EXITS})
    owner.dispose()
    engine = open_engine(database, Role.COMPUTE)
    with engine.begin() as connection:
        computation = compute(connection, INCLUDE, T1, run_id=run_id)
        assert total(connection, computation, "maluppfyllelse").numerator == 7
    engine.dispose()
    engine = open_engine(database, Role.REPORT)
    with engine.begin() as connection:
        assert latest_computation(connection, INCLUDE, T1) == computation
        with pytest.raises(WarehouseError, match="InsufficientPrivilege"):
            total(connection, computation, "maluppfyllelse")  # whoever draws reports reads the public table only
    engine.dispose()


def test_the_transaction_goes_on_as_before(connection: Connection, fill: Fill) -> None:
    run_id = fill(insatser=EXITS)
    for _ in range(2):
        compute(connection, INCLUDE, T1, run_id=run_id)
    assert connection.exec_driver_sql("SHOW enable_nestloop").scalar_one() == "on"


def new_indicator(catalogue: Path, select: str, **changes: str) -> None:
    """Add the two files that a new indicator is."""
    folder = catalogue / "sql" / "indicator"
    definition = (folder / "kunder.yaml").read_text(encoding="utf-8").replace("id: kunder\n", "id: ny\n")
    for key, value in changes.items():
        lines = [line for line in definition.splitlines() if not line.startswith(f"{key}:")]
        definition = "\n".join([*lines, f"{key}: {value}"]) + "\n"
    (folder / "ny.yaml").write_text(definition, encoding="utf-8")
    (folder / "ny.sql").write_text(select, encoding="utf-8")


SUM = """-- one row is an exit
SELECT x.observation_id, 2.5 AS numerator, NULL::numeric AS denominator, x.insatstyp, x.delivery_id, x.row_no
FROM core.exit(:as_of) AS x
WHERE x.slutdatum BETWEEN :period_start AND :period_end
"""


def test_a_new_indicator_is_two_files(connection: Connection, fill: Fill, catalogue: Path) -> None:
    new_indicator(catalogue, SUM, kind="sum", breakdowns="[insatstyp]", tables="[[], [insatstyp]]", disclosure="oppen")
    computation = compute(connection, catalogue, T1, run_id=fill(insatser=EXITS))
    value = total(connection, computation, "ny", catalogue)
    assert (value.numerator, value.denominator, value.value, value.observations) == (35, None, 35, 14)
    part = stored_value(connection, catalogue, computation, "ny", {"insatstyp": "jobbpeng_grund"})
    assert part is not None
    assert part.value == 35
    assert computation.catalogue_sha256 != catalogue_sha256(INCLUDE)


def test_a_breakdown_without_a_code_is_refused_since_it_would_look_like_the_margin(
    connection: Connection, fill: Fill, catalogue: Path
) -> None:
    new_indicator(
        catalogue,
        SUM.replace("x.insatstyp", "NULL AS insatstyp"),
        kind="sum",
        breakdowns="[insatstyp]",
        tables="[[]]",
        disclosure="oppen",
    )
    run_id = fill(insatser=EXITS)
    with pytest.raises(WarehouseError, match="insert_values"):
        compute(connection, catalogue, T1, run_id=run_id)
