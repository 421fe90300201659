"""Five hundred random histories: in every cell of every indicator the parts of a revision sum exactly, and a kind of
change that did not happen has no part."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection
from tests.indicators.revision_world import REASONS, World, keep_only, random_delivery

from arshjul.indicators.revision import Revision, read_revisions, revise_reported
from arshjul.indicators.values import Value, find_computation, read_values

TRIALS, AT_A_TIME = 500, 50
FEW = (
    "maluppfyllelse",
    "avslutsorsaker",
    "stegforflyttning_medel",
    "insatsdagar_till_egen_forsorjning_median",
    "kunder",
    "kunder_per_coach",
    "narvarograd",
)
SUM = "attendance_sum"
AT_ONCE = 3
"""One of each kind, and three of them in a trial, so that it takes a tenth of a second; the whole catalogue has a test of
its own."""


def one_of_each_kind(catalogue: Path) -> None:
    folder = catalogue / "sql" / "indicator"
    keep_only(catalogue, *FEW)
    definition, statement = (folder / f"narvarograd{suffix}" for suffix in (".yaml", ".sql"))
    text = definition.read_text().replace("id: narvarograd", f"id: {SUM}").replace("kind: ratio", "kind: sum")
    (folder / f"{SUM}.yaml").write_text(text.replace("disclosure: kvot_enheter", "disclosure: oppen"))
    (folder / f"{SUM}.sql").write_text(statement.read_text())


def change_definition(dice: random.Random, catalogue: Path, world: World) -> None:
    """Let an indicator mean something else."""
    folder = catalogue / "sql" / "indicator"
    changes = [
        (folder / f"{name}.sql", old, new)
        for name, old, new in (
            ("maluppfyllelse", "x.own = 'reached'", "x.lenient = 'reached'"),
            ("avslutsorsaker", "x.slutdatum BETWEEN", "x.anordnare <> '5590000013' AND x.slutdatum BETWEEN"),
            ("kunder", "e.person_id::text AS", "e.observation_id AS"),
            ("insatsdagar_till_egen_forsorjning_median", "- x.startdatum + 1", "- x.startdatum"),
            (SUM, "m.attended_hours AS", "m.planned_hours AS"),
        )
    ]
    present = [one for one in changes if one[0].exists()]
    if not present:
        return
    file, old, new = dice.choice(present)
    text = file.read_text()
    assert old in text or new in text, file.name
    file.write_text(text.replace(old, new) if old in text else text.replace(new, old))
    world.happened.add("andrad_definition")


def change_program(catalogue: Path, world: World) -> None:
    """Let a function that definitions stand on do something else."""
    file = catalogue / "sql" / "core" / "exit.sql"
    own = "coalesce(c.attributes ->> 'own', 'outside')"
    text = file.read_text().replace(own, f"CASE e.avslutsorsak WHEN 'studier' THEN 'not' ELSE {own} END", 1)
    file.write_text(text)
    world.connection.exec_driver_sql(text)
    world.happened.add("andrad_berakning")


def random_history(dice: random.Random, world: World, catalogue: Path) -> None:
    for label in range(6):
        world.person(
            f"p{label}", dice.choice(["kvinna", "man"]), dice.choice(["1960-02-29", "1990-05-01", "2001-01-01"])
        )
    for _ in range(dice.randrange(2, 14)):
        random_delivery(dice, world)
    world.release(catalogue)
    for _ in range(dice.randrange(5)):
        what = dice.random()
        if what < 0.7:
            random_delivery(dice, world)
        elif what < 0.85:
            world.recode(dice.choice(REASONS), dice.choice(["reached", "not", "outside"]))
        elif what < 0.95:
            change_definition(dice, catalogue, world)
        else:
            change_program(catalogue, world)


def check(world: World, catalogue: Path, old: list[Value], new: list[Value], revisions: list[Revision]) -> None:
    """Every part sums; nothing else happened; and every cell that differs, and no other, is a revision."""
    for one in revisions:
        where = (one.indicator_id, dict(one.cell), world.happened)
        for number in ("numerator", "denominator", "value", "observations"):
            before, after = getattr(one.old, number), getattr(one.new, number)
            changes = [getattr(part, number) for part in one.parts]
            if before is None or after is None:
                assert changes == [None] * len(changes), where
            else:
                assert sum(changes, Decimal(0)) == after - before, where
        assert {part.reason for part in one.parts} <= world.happened, where
    numbers = [
        {
            (value.indicator_id, frozenset(value.cell.items())): (
                value.numerator, value.denominator, value.value, value.observations
            )
            for value in values
        }
        for values in (old, new)
    ]  # fmt: skip
    differing = {key for key in numbers[0].keys() | numbers[1].keys() if numbers[0].get(key) != numbers[1].get(key)}
    assert {(one.indicator_id, frozenset(one.cell.items())) for one in revisions} <= differing
    assert {key for key in differing if not key[1]} == {
        (one.indicator_id, frozenset()) for one in revisions if not one.cell
    }


def tried(connection: Connection, catalogue: Path, seed: int, *only: str) -> tuple[set[str], int]:
    """Try one history, and leave neither rows nor files behind; give what happened and how many figures were revised."""
    texts = {
        file: file.read_text() for file in (catalogue / "sql").glob("*/*") if file.parent.name in ("indicator", "core")
    }
    try:
        if only:
            keep_only(catalogue, *only)
        with connection.begin_nested() as savepoint:
            dice, world = random.Random(seed), World(connection)
            random_history(dice, world, catalogue)
            [released] = connection.exec_driver_sql("SELECT computation_id FROM indicator.released").scalars()
            old = find_computation(connection, catalogue, released)
            new = world.compute(catalogue)
            revisions = revise_reported(connection, catalogue, run_id=world.run_id, as_of=new.as_of)
            assert revisions == read_revisions(connection, catalogue)
            values = [read_values(connection, catalogue, one, internal=True) for one in (old, new)]
            check(world, catalogue, *values, revisions)
            found = world.happened, len(revisions)
            savepoint.rollback()
    finally:
        for file, text in texts.items():
            if not file.exists() or file.read_text() != text:
                file.write_text(text)
    return found


@pytest.mark.parametrize("first", range(0, TRIALS, AT_A_TIME))
def test_the_parts_sum_exactly_and_only_what_happened_has_a_part(
    connection: Connection, catalogue: Path, first: int
) -> None:
    one_of_each_kind(catalogue)
    kinds = (*FEW, SUM)
    found = [
        tried(connection, catalogue, seed, *random.Random(seed).sample(kinds, AT_ONCE))
        for seed in range(first, first + AT_A_TIME)
    ]
    assert set().union(*(happened for happened, _ in found)) == {
        "sena_uppgifter", "rattade_uppgifter", "andrad_definition", "andrad_kodlista", "andrad_berakning"
    }  # fmt: skip
    assert sum(revised > 0 for _, revised in found) > AT_A_TIME / 4


def test_so_it_is_with_the_whole_catalogue(connection: Connection, catalogue: Path) -> None:
    assert any(tried(connection, catalogue, seed)[1] > 0 for seed in range(TRIALS, TRIALS + 5))
