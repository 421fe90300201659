"""A figure that was released and is another now: what it was, what it is, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from tests.indicators.revision_world import MONTHS, SENDERS, T1, World, keep_only

from arshjul.indicators.compute import PointOfKnowledgeError, compute
from arshjul.indicators.revision import Revision, read_revisions, revise_reported
from arshjul.indicators.values import read_values
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, open_engine, transaction

ALFA, BETA = SENDERS
JANUARY, FEBRUARY, MARCH, APRIL, MAY = MONTHS[:5]


def stay(number: int, reason: str, end: str = "2024-02-10", **other: Any) -> dict[str, Any]:
    return {
        "insats_id": f"i{number}",
        "person_id": f"p{number}",
        "insatstyp": "jobbpeng_grund",
        "startdatum": "2023-11-01",
        "slutdatum": end,
        "avslutsorsak": reason,
        **other,
    }


TEN = [stay(number, "arbete" if number < 6 else "sfi") for number in range(10)]


@pytest.fixture
def include(catalogue: Path) -> Path:
    """A catalogue of two indicators, which is enough here and quick."""
    keep_only(catalogue, "maluppfyllelse", "kunder")
    return catalogue


@pytest.fixture
def world(connection: Connection) -> World:
    world = World(connection)
    world.deliver("insatser", ALFA, FEBRUARY, TEN)
    return world


def revise(world: World, include: Path) -> list[Revision]:
    return revise_reported(world.connection, include, run_id=world.run_id, as_of=world.compute(include).as_of)


def found(revisions: list[Revision], indicator_id: str, **cell: str) -> Revision | None:
    chosen = [one for one in revisions if one.indicator_id == indicator_id and one.cell == cell]
    return chosen[0] if chosen else None


def parts(revision: Revision | None) -> Mapping[str, tuple[Decimal, Decimal | None]]:
    assert revision is not None
    return {part.reason: (part.numerator, part.denominator) for part in revision.parts}


def test_nothing_is_revised_when_nothing_became_known(world: World, include: Path) -> None:
    world.release(include)
    assert revise(world, include) == []


def test_what_was_never_released_is_not_revised(world: World, include: Path) -> None:
    world.compute(include)
    world.deliver("insatser", BETA, FEBRUARY, [stay(20, "arbete")])
    assert revise(world, include) == []


def test_a_late_delivery_is_late_in_every_cell_that_it_changes(world: World, include: Path) -> None:
    world.release(include)
    world.deliver("insatser", BETA, FEBRUARY, [stay(20, "arbete"), stay(21, "sfi")])
    revisions = revise(world, include)
    total = found(revisions, "maluppfyllelse")
    assert total is not None
    assert (total.old.numerator, total.old.denominator, total.new.numerator, total.new.denominator) == (6, 10, 7, 12)
    assert parts(total) == {"sena_uppgifter": (1, 2)}
    assert parts(found(revisions, "maluppfyllelse", anordnare=BETA)) == {"sena_uppgifter": (1, 2)}
    assert found(revisions, "maluppfyllelse", anordnare=ALFA) is None
    assert found(revisions, "maluppfyllelse", kon="kvinna") is None, "no reader's table is by sex alone"
    assert {part.reason for one in revisions for part in one.parts} == {"sena_uppgifter"}


def test_a_file_sent_again_corrects_and_may_withdraw(world: World, include: Path) -> None:
    world.release(include)
    world.deliver("insatser", ALFA, FEBRUARY, [*TEN[:8], stay(8, "arbete")])
    revisions = revise(world, include)
    assert parts(found(revisions, "maluppfyllelse")) == {"rattade_uppgifter": (1, -1)}
    assert parts(found(revisions, "kunder")) == {"rattade_uppgifter": (-1, None)}


def test_a_correction_of_what_came_late_is_late_too(world: World, include: Path) -> None:
    world.release(include)
    world.deliver("insatser", BETA, FEBRUARY, [stay(20, "arbete"), stay(21, "sfi")])
    world.deliver("insatser", BETA, FEBRUARY, [stay(20, "arbete")])
    assert parts(found(revise(world, include), "maluppfyllelse")) == {"sena_uppgifter": (1, 1)}


def test_a_later_month_that_tells_of_the_period_is_late(world: World, include: Path) -> None:
    world.release(include)
    world.deliver("insatser", ALFA, MAY, [stay(0, "sfi"), stay(30, "arbete", "2024-04-02")])
    assert parts(found(revise(world, include), "maluppfyllelse")) == {"sena_uppgifter": (0, 1)}


def test_late_and_corrected_are_told_apart_in_one_figure(world: World, include: Path) -> None:
    world.release(include)
    world.deliver("insatser", BETA, FEBRUARY, [stay(20, "arbete"), stay(21, "studier")])
    world.deliver("insatser", ALFA, FEBRUARY, TEN[1:])
    revisions = revise(world, include)
    total = found(revisions, "maluppfyllelse")
    assert parts(total) == {"sena_uppgifter": (2, 2), "rattade_uppgifter": (-1, -1)}
    assert total is not None
    late, corrected = (part.value or Decimal(0) for part in total.parts)
    assert round(late, 12) == round(Decimal(8) / 12 - Decimal(6) / 10, 12)
    assert (total.old.value or 0) + late + corrected == total.new.value
    assert parts(found(revisions, "kunder")) == {"sena_uppgifter": (2, None), "rattade_uppgifter": (-1, None)}


def test_a_code_that_counts_as_something_else_is_no_change_of_data(world: World, include: Path) -> None:
    world.release(include)
    world.recode("sfi", "outside")
    revisions = revise(world, include)
    assert parts(found(revisions, "maluppfyllelse")) == {"andrad_kodlista": (0, -4)}
    assert {part.reason for one in revisions for part in one.parts} == {"andrad_kodlista"}


def test_another_definition_is_told_beside_what_came_late(world: World, include: Path) -> None:
    world.release(include)
    statement = include / "sql" / "indicator" / "maluppfyllelse.sql"
    statement.write_text(statement.read_text().replace("x.own", "x.lenient"))
    world.deliver("insatser", BETA, FEBRUARY, [stay(20, "deltidsarbete")])
    world.deliver("insatser", ALFA, FEBRUARY, [*TEN[:9], stay(9, "deltidsarbete")])
    revisions = revise(world, include)
    assert parts(found(revisions, "maluppfyllelse")) == {"sena_uppgifter": (1, 1), "rattade_uppgifter": (1, 0)}
    statement.write_text(statement.read_text().replace("'reached'", "'not'"))
    again = parts(found(revise(world, include), "maluppfyllelse"))
    assert again == {"sena_uppgifter": (0, 1), "rattade_uppgifter": (-1, 0), "andrad_definition": (-2, 0)}


def test_another_program_with_the_same_definition_is_a_part_of_its_own(world: World, include: Path) -> None:
    world.release(include)
    function = include / "sql" / "core" / "exit.sql"
    text = function.read_text().replace("e.slutdatum IS NOT NULL", "e.avslutsorsak <> 'sfi'")
    function.write_text(text)
    world.connection.exec_driver_sql(text)
    assert parts(found(revise(world, include), "maluppfyllelse")) == {"andrad_berakning": (0, -4)}


def test_a_definition_that_was_not_kept_cannot_be_told_from_the_program(world: World, include: Path) -> None:
    released = world.release(include)
    world.connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    world.connection.exec_driver_sql(
        "DELETE FROM indicator.computation_definition WHERE computation_id = %s", (released.computation_id,)
    )
    world.connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
    statement = include / "sql" / "indicator" / "maluppfyllelse.sql"
    statement.write_text(statement.read_text().replace("x.own <> 'outside'", "x.own = 'reached'"))
    assert parts(found(revise(world, include), "maluppfyllelse")) == {"andrad_definition_eller_berakning": (0, -4)}


def test_a_definition_that_no_longer_runs_cannot_either(world: World, include: Path) -> None:
    statement = include / "sql" / "indicator" / "maluppfyllelse.sql"
    today = statement.read_text()
    world.connection.exec_driver_sql("CREATE FUNCTION core.once() RETURNS text LANGUAGE sql AS $$SELECT 'sfi'$$")
    statement.write_text(today.replace("x.own <> 'outside'", "x.avslutsorsak <> core.once()"))
    world.release(include)
    world.connection.exec_driver_sql("DROP FUNCTION core.once()")
    statement.write_text(today)
    assert parts(found(revise(world, include), "maluppfyllelse")) == {"andrad_definition_eller_berakning": (0, 4)}


def test_an_indicator_that_is_new_has_not_been_revised(world: World, include: Path) -> None:
    files = [include / "sql" / "indicator" / f"kunder{suffix}" for suffix in (".sql", ".yaml")]
    texts = [file.read_text() for file in files]
    for file in files:
        file.unlink()
    world.release(include)
    for file, text in zip(files, texts, strict=True):
        file.write_text(text)
    assert revise(world, include) == []


def test_what_has_not_changed_since_it_was_compared_is_left_alone(world: World, include: Path) -> None:
    world.release(include)
    world.deliver("insatser", BETA, FEBRUARY, [stay(20, "arbete")])
    first = revise(world, include)
    computations = count(world, "indicator.computation")
    assert revise_reported(world.connection, include, run_id=world.run_id) == []
    assert count(world, "indicator.computation") == computations
    assert count(world, "indicator.review") == 1
    assert read_revisions(world.connection, include) == first


def test_the_newest_comparison_is_in_force_until_the_period_is_reported_again(world: World, include: Path) -> None:
    world.release(include)
    world.deliver("insatser", BETA, FEBRUARY, [stay(20, "arbete")])
    revise(world, include)
    world.deliver("insatser", BETA, MARCH, [stay(21, "arbete", "2024-03-01")])
    revise(world, include)
    assert parts(found(read_revisions(world.connection, include), "maluppfyllelse")) == {"sena_uppgifter": (2, 2)}
    assert read_revisions(world.connection, include, T1) != []
    assert read_revisions(world.connection, include, T1.previous) == []
    world.release(include)
    assert read_revisions(world.connection, include) == []


def test_a_point_of_knowledge_has_a_time_zone_and_has_been(world: World, include: Path) -> None:
    now = datetime.now(UTC)
    for as_of in (now.replace(tzinfo=None), now + timedelta(days=1)):
        with pytest.raises(PointOfKnowledgeError):
            revise_reported(world.connection, include, run_id=world.run_id, as_of=as_of)


def test_revisions_are_never_changed(world: World, include: Path) -> None:
    world.release(include)
    world.deliver("insatser", BETA, FEBRUARY, [stay(20, "arbete")])
    revise(world, include)
    for table in ("review", "revision", "revision_part"):
        with pytest.raises(DBAPIError, match="append only"), world.connection.begin_nested():
            world.connection.exec_driver_sql(f"DELETE FROM indicator.{table}")


def test_who_computes_may_revise(database: Settings, include: Path) -> None:
    engine = open_engine(database)
    with engine.begin() as administrator:
        world = World(administrator)
        world.deliver("insatser", ALFA, FEBRUARY, TEN)
        world.release(include)
        world.deliver("insatser", BETA, FEBRUARY, [stay(20, "arbete")])
    engine.dispose()
    with transaction(database, Role.COMPUTE) as connection:
        assert found(revise_reported(connection, include, run_id=world.run_id), "maluppfyllelse") is not None


def count(world: World, table: str) -> int:
    return int(world.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def test_what_was_known_then_is_computed_again_whatever_has_come_since(world: World, include: Path) -> None:
    released = world.release(include)
    world.deliver("insatser", BETA, FEBRUARY, [stay(20, "arbete")])
    world.deliver("insatser", ALFA, FEBRUARY, TEN[3:])
    world.recode("sfi", "reached")
    new = world.compute(include)
    again = compute(world.connection, include, T1, run_id=world.run_id, as_of=released.as_of)
    then, now, once_more = (
        read_values(world.connection, include, one, internal=True) for one in (released, new, again)
    )
    assert once_more == then != now
