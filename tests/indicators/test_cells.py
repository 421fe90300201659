"""Cells that are kept: only what a delivery touched is computed again, and nobody can tell from the values."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import Connection, Engine
from tests.core_rows import INCLUDE, PROVIDER, load, start_run
from tests.oracles.random_core import make_core

from arshjul.indicators.compute import Computation, compute
from arshjul.indicators.worker import Part, Worker
from arshjul.periods import Tertial
from arshjul.settings import Settings
from arshjul.warehouse.engine import open_engine
from arshjul.warehouse.errors import WarehouseError

T1 = Tertial(2024, 1)
TABLES = ("insatser", "narvaro", "trappsteg", "uppfoljningar", "kapacitet")
BUILD = Worker._build
SENDERS = ("5560360793", "5590000013", "5566778899")


@pytest.fixture
def engine(database: Settings) -> Iterator[Engine]:
    engine = open_engine(database)
    yield engine
    engine.dispose()


def begin(engine: Engine, seed: int) -> int:
    """Fill core with a random world that was known long ago, and give the run."""
    with engine.begin() as connection:
        run_id = start_run(connection)
        load(connection, run_id, dict(make_core(seed, people=40, stays=90)))
        connection.exec_driver_sql(
            "UPDATE lineage.delivery SET received_at = timestamptz '2024-01-01', status = 'avvisad', "
            "refusal_rule = 'prov', refusal_text = 'prov'"
        )
        for sender in SENDERS:
            for table in TABLES:
                deliver(connection, run_id, table, sender, datetime(2024, 1, 2, tzinfo=UTC))
    return run_id


def deliver(connection: Connection, run_id: int, table: str, sender: str, at: datetime | None = None) -> None:
    """Enter in the ledger that something of a dataset came from a sender."""
    connection.exec_driver_sql(
        "INSERT INTO lineage.delivery (run_id, dataset, sender, period, file_name, sha256, size_bytes, channel, status,"
        " received_at, judged_at, finished_at, rows_in, rows_loaded, rows_unchanged, rows_quarantined)"
        " VALUES (%(run)s, %(table)s, %(sender)s, '2024-03-01', 'fil.csv', repeat('0', 64), 1, 'mapp', 'mottagen',"
        " coalesce(%(at)s, transaction_timestamp()), coalesce(%(at)s, clock_timestamp()),"
        " coalesce(%(at)s, clock_timestamp()), 0, 0, 0, 0)",
        {"run": run_id, "table": table, "sender": sender, "at": at},
    )


def change(engine: Engine, run_id: int, dice: random.Random) -> None:
    """Withdraw some rows of one sender and tell others anew, as a delivery does."""
    table, sender = dice.choice(TABLES), dice.choice(SENDERS)
    column, value = {
        "insatser": ("insatstyp", "'sprak_och_arbetsintroduktion'"),
        "narvaro": ("narvarande_timmar", "0"),
        "trappsteg": ("steg", "5"),
        "uppfoljningar": ("status", "'ej_nadd'"),
        "kapacitet": ("platser", "7"),
    }[table]
    with engine.begin() as connection:
        names = connection.exec_driver_sql(
            "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND attname NOT IN (%s, 'known_from', 'known_to')",
            (f"core.{table}", column),
        ).scalar_one()
        connection.exec_driver_sql(
            f"WITH closed AS (UPDATE core.{table} SET known_to = clock_timestamp() WHERE sender = %s"
            f" AND known_to > clock_timestamp() AND hashint4(row_no + %s) %% 5 = 0 RETURNING *)"
            f" INSERT INTO core.{table} ({names}, {column}, known_from)"
            f" SELECT {names}, {value}, known_to FROM closed WHERE row_no %% 3 > 0",
            (sender, dice.randrange(1000)),
        )
        if table == "narvaro":
            connection.exec_driver_sql("SELECT core.roll_up_attendance()")
        deliver(connection, run_id, table, sender)


def values(connection: Connection, computation: Computation) -> list[Any]:
    return [
        row
        for table in ("value", "left_out")
        for row in connection.exec_driver_sql(
            f"SELECT (to_jsonb(v) - 'computation_id')::text AS told FROM indicator.{table} AS v"
            " WHERE computation_id = %s ORDER BY told",
            (computation.computation_id,),
        ).scalars()
    ]


def forget(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE indicator.cell, indicator.cell_set")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_put_together_from_kept_cells_is_what_a_rebuild_gives(engine: Engine, seed: int) -> None:
    run_id, dice = begin(engine, seed), random.Random(seed)
    computed = []
    with engine.begin() as connection:
        compute(connection, INCLUDE, T1, run_id=run_id)
    for number in range(5):
        change(engine, run_id, dice)
        with engine.begin() as connection:
            computation = compute(connection, INCLUDE, T1, run_id=run_id, helper=engine if number % 2 else None)
            computed.append((computation.as_of, values(connection, computation)))
    assert len({str(found) for _, found in computed}) > 1
    with engine.begin() as connection:  # backwards in time from kept cells, too
        earlier = compute(connection, INCLUDE, T1, run_id=run_id, as_of=computed[1][0])
        assert values(connection, earlier) == computed[1][1]
    for as_of, found in computed:
        forget(engine)
        with engine.begin() as connection:
            assert values(connection, compute(connection, INCLUDE, T1, run_id=run_id, as_of=as_of)) == found


def test_only_what_was_touched_is_computed_again(engine: Engine) -> None:
    run_id = begin(engine, 1)

    def built() -> set[str]:
        found: set[str] = set()
        real = Worker.compute

        def spied(self: Worker, parts: Sequence[Part], stored: Any, helper: Engine | None = None) -> Any:
            found.update(part.indicator.id for part in parts if part.key not in stored)
            return real(self, parts, stored, helper)

        with mock.patch.object(Worker, "compute", spied), engine.begin() as connection:
            compute(connection, INCLUDE, T1, run_id=run_id)
        return found

    assert len(built()) > 20
    assert built() == set()
    with engine.begin() as connection:
        deliver(connection, run_id, "narvaro", SENDERS[0])
    # One of three senders: counted as a difference. What also reads the municipality's payments is computed whole.
    assert built() == {"ersattningsavvikelse"}
    with engine.begin() as connection:
        deliver(connection, run_id, "kapacitet", SENDERS[1])
        deliver(connection, run_id, "kapacitet", SENDERS[2])
    assert built() == {"kapacitetsutnyttjande", "kunder_per_coach"}
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE core.code SET known_to = clock_timestamp() WHERE code = 'sfi'")
    assert {"maluppfyllelse", "stegforflyttning"} <= built()


def second_does_all(self: Worker, parts: Sequence[Part], waiting: Any, **end: Any) -> Any:
    """Let the first worker begin when the second one has taken every part."""
    last = time.monotonic() + 60
    while threading.current_thread() is threading.main_thread() and waiting:
        assert time.monotonic() < last, "the second worker does not work"
        time.sleep(0.01)
    return BUILD(self, parts, waiting, **end)


@pytest.mark.parametrize("build", [BUILD, second_does_all])
def test_two_workers_find_what_one_finds(engine: Engine, build: Any) -> None:
    run_id = begin(engine, 5)
    with mock.patch.object(Worker, "_build", build), engine.begin() as connection:
        together = compute(connection, INCLUDE, T1, run_id=run_id, helper=engine)
    with engine.begin() as connection:
        kept = compute(connection, INCLUDE, T1, run_id=run_id)
        assert values(connection, kept) == values(connection, together)
        owners = connection.exec_driver_sql("SELECT DISTINCT computation_id FROM indicator.cell_set").scalars()
        assert set(owners) == {together.computation_id}
    forget(engine)
    with engine.begin() as connection:
        alone = compute(connection, INCLUDE, T1, run_id=run_id, as_of=together.as_of)
        assert values(connection, alone) == values(connection, together)


@pytest.mark.parametrize("is_kept", [False, True])
def test_what_a_second_worker_cannot_do_the_first_one_does(
    engine: Engine, is_kept: bool, caplog: pytest.LogCaptureFixture
) -> None:
    run_id, has_begun = begin(engine, 5), threading.Event()
    if is_kept:
        with engine.begin() as connection:
            compute(connection, INCLUDE, T1, run_id=run_id)
        change(engine, run_id, random.Random(5))

    def second_gives_up(self: Worker, parts: Sequence[Part], waiting: Any, **end: Any) -> Any:
        if threading.current_thread() is threading.main_thread():
            assert has_begun.wait(60)
            return BUILD(self, parts, waiting, **end)
        assert is_kept or waiting.pop()
        has_begun.set()
        raise WarehouseError("55P03", None, "compute/insert_set.sql")

    with mock.patch.object(Worker, "_build", second_gives_up), engine.begin() as connection:
        found = compute(connection, INCLUDE, T1, run_id=run_id, helper=engine)
    assert "the first one does its part" in caplog.text
    forget(engine)
    with engine.begin() as connection:
        alone = compute(connection, INCLUDE, T1, run_id=run_id, as_of=found.as_of)
        assert values(connection, alone) == values(connection, found)


def test_a_second_worker_leaves_nothing_when_the_first_one_fails(engine: Engine) -> None:
    run_id, has_built = begin(engine, 5), threading.Event()

    def first_fails(self: Worker, parts: Sequence[Part], waiting: Any, **end: Any) -> Any:
        if threading.current_thread() is threading.main_thread():
            assert has_built.wait(60)
            raise WarehouseError("57014", None, "compute/insert_set.sql")
        part = waiting.pop()
        built = BUILD(self, parts, type(waiting)([part]), **end)
        has_built.set()
        time.sleep(0.2)
        return built

    with mock.patch.object(Worker, "_build", first_fails), engine.connect() as connection:
        with pytest.raises(WarehouseError):
            compute(connection, INCLUDE, T1, run_id=run_id, helper=engine)
        connection.rollback()
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM indicator.cell_set").scalar_one() == 0
        compute(connection, INCLUDE, T1, run_id=run_id)


def test_a_computation_waits_for_the_second_worker_of_a_lost_one(engine: Engine) -> None:
    run_id = begin(engine, 5)
    with engine.begin() as orphan, engine.begin() as connection:
        orphan.exec_driver_sql("SELECT pg_advisory_xact_lock(7312)")
        connection.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")
        with pytest.raises(WarehouseError, match="55P03"):
            compute(connection, INCLUDE, T1, run_id=run_id)


def test_sets_of_a_computation_that_was_lost_are_used_by_none(engine: Engine) -> None:
    run_id = begin(engine, 5)
    with mock.patch.object(Worker, "_build", second_does_all), engine.connect() as connection:
        compute(connection, INCLUDE, T1, run_id=run_id, helper=engine)
        connection.rollback()
    with engine.begin() as connection:
        left = "SELECT count(*) FROM indicator.cell_set WHERE computation_id IS NULL"
        assert connection.exec_driver_sql(left).scalar_one() > 20
        connection.exec_driver_sql("UPDATE indicator.cell SET numerator = numerator + 1")
        found = compute(connection, INCLUDE, T1, run_id=run_id)
        assert connection.exec_driver_sql(left).scalar_one() == 0
    forget(engine)
    with engine.begin() as connection:
        alone = compute(connection, INCLUDE, T1, run_id=run_id, as_of=found.as_of)
        assert values(connection, alone) == values(connection, found)


def test_another_definition_is_computed_anew(engine: Engine, catalogue: Path) -> None:
    run_id = begin(engine, 1)
    with engine.begin() as connection:
        compute(connection, catalogue, T1, run_id=run_id)
    file = catalogue / "sql" / "core" / "exit.sql"
    file.write_text(
        file.read_text(encoding="utf-8").replace("'own', 'outside'", "'kolada', 'outside'"), encoding="utf-8"
    )
    with engine.begin() as connection:
        changed = compute(connection, catalogue, T1, run_id=run_id)
        assert rows(connection, changed, "maluppfyllelse") == rows(connection, changed, "maluppfyllelse_kolada")


def rows(connection: Connection, computation: Computation, indicator_id: str) -> list[Any]:
    return list(
        connection.exec_driver_sql(
            "SELECT cell, numerator, denominator FROM indicator.value WHERE computation_id = %s AND indicator_id = %s"
            " ORDER BY cell",
            (computation.computation_id, indicator_id),
        )
    )


def test_the_spread_of_a_mean_and_the_interval_of_a_median_are_stored(engine: Engine) -> None:
    days = [3, 5, 8, 13, 21, 34, 55, 89, 144, 233]
    with engine.begin() as connection:
        run_id = start_run(connection)
        ended = date(2024, 3, 1)
        stays = [
            {
                "insats_id": f"i{number}",
                "startdatum": ended - timedelta(days=length - 1),
                "slutdatum": ended,
                "avslutsorsak": "arbete",
                "insatstyp": "jobbpeng_grund" if number < 5 else "jobbpeng_forstarkt",
            }
            for number, length in enumerate(days)
        ]
        load(connection, run_id, {"insatser": stays})
        compute(connection, INCLUDE, T1, run_id=run_id)
        found = {
            (row.indicator_id.removeprefix("insatsdagar_till_egen_forsorjning"), len(row.cell)): row
            for row in connection.exec_driver_sql(
                "SELECT * FROM indicator.value WHERE indicator_id LIKE 'insatsdagar%%' AND cell <@"
                ' \'{"insatstyp": "jobbpeng_grund"}\''
            )
        }
    assert found["", 0].squares == sum(length**2 for length in days)
    assert found["", 0].interval_low is None
    # n = 10: ranks floor(5 - 3.1) = 1 and ceil(6 + 3.1) = 10
    assert (found["_median", 0].interval_low, found["_median", 0].interval_high) == (3, 233)
    assert found["_median", 0].squares is None
    assert found["_median", 1].observations == 5
    assert (found["_median", 1].interval_low, found["_median", 1].interval_high) == (None, None)


def test_cells_of_the_same_transaction_are_not_trusted(engine: Engine) -> None:
    with engine.begin() as connection:
        run_id = start_run(connection)
        load(connection, run_id, {"insatser": [{"insats_id": "i1"}]})
        before = compute(connection, INCLUDE, T1, run_id=run_id)
        connection.exec_driver_sql(
            "UPDATE core.insatser SET known_to = clock_timestamp() WHERE sender = %s", (PROVIDER,)
        )
        after = compute(connection, INCLUDE, T1, run_id=run_id)
        assert rows(connection, before, "insatser") != rows(connection, after, "insatser")


MEAN_BY_PERSON = """-- one row is an enrolment's month of attendance; persons decide protection
SELECT
    e.observation_id, m.attended_hours AS numerator, m.days AS denominator, m.days AS observations, e.insatstyp,
    e.person_id::text AS disclosure_unit, m.delivery_id, 1 AS row_no
FROM core.attendance_month(:as_of) AS m
JOIN core.enrolment(:as_of) AS e USING (anordnare, insats_id)
WHERE m.manad BETWEEN :period_start AND :period_end
"""


def test_a_mean_whose_persons_are_counted_is_put_together_too(engine: Engine, catalogue: Path) -> None:
    folder = catalogue / "sql" / "indicator"
    definition = (folder / "narvarograd.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("id: narvarograd", "id: ny"),
        ("kind: ratio", "kind: mean"),
        ("[insatstyp, anordnare]", "[insatstyp]"),
        ("[[], [insatstyp], [anordnare]]", "[[], [insatstyp]]"),
    ):
        definition = definition.replace(old, new)
    (folder / "ny.yaml").write_text(definition, encoding="utf-8")
    (folder / "ny.sql").write_text(MEAN_BY_PERSON, encoding="utf-8")
    run_id, dice = begin(engine, 4), random.Random(4)
    with engine.begin() as connection:
        compute(connection, catalogue, T1, run_id=run_id)
    for _ in range(2):
        change(engine, run_id, dice)
    with engine.begin() as connection:
        computation = compute(connection, catalogue, T1, run_id=run_id)
        found = values(connection, computation)
    forget(engine)
    with engine.begin() as connection:
        assert values(connection, compute(connection, catalogue, T1, run_id=run_id, as_of=computation.as_of)) == found
    assert any('"indicator_id": "ny"' in row and '"units": null' not in row for row in found)
