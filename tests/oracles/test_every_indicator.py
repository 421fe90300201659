"""The product and the naive second implementation agree in every cell of every indicator of made-up municipalities."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from tests.core_rows import INCLUDE, load, start_run
from tests.oracles.considered import CONSIDERED
from tests.oracles.knowledge import Period, World
from tests.oracles.naive import ORACLES, Cell, Result, cells
from tests.oracles.random_core import TABLES, make_core

from arshjul.catalogue.indicators import load_indicators
from arshjul.indicators.compute import compute
from arshjul.indicators.values import read_values
from arshjul.periods import parse_period

INDICATORS = load_indicators(INCLUDE)


class Point(NamedTuple):
    """A period, and a time from which it is seen."""

    period: str
    as_of: datetime


POINTS = (
    Point("2024-T1", datetime(2024, 6, 14, tzinfo=UTC)),  # before the corrections
    Point("2024-T1", datetime(2024, 6, 16, tzinfo=UTC)),  # after the first of them
    Point("2024-02", datetime(2024, 3, 20, tzinfo=UTC)),  # before March was told
    Point("2024", datetime(2024, 8, 1, tzinfo=UTC)),
    Point("2024", datetime(2025, 4, 1, tzinfo=UTC)),
    Point("2023-12", datetime(2024, 2, 29, tzinfo=UTC)),
    Point("2023-T3", datetime(2024, 7, 1, tzinfo=UTC)),
    Point("2024-T2", datetime(2024, 6, 15, tzinfo=UTC)),  # at the very moment of the correction
    Point("2024-01--2024-05", datetime(2024, 6, 20, tzinfo=UTC)),
    Point("2023-01--2023-10", datetime(2024, 7, 1, tzinfo=UTC)),
)
EVERYTHING = {"people": 60, "stays": 160, "things": 150}


def test_every_indicator_has_an_oracle_and_both_say_what_is_counted_by_what() -> None:
    assert set(ORACLES) == set(INDICATORS)
    for indicator_id, oracle in ORACLES.items():
        indicator = INDICATORS[indicator_id]
        said = (indicator.kind, set(indicator.breakdowns), indicator.distribution_over)
        assert said == (oracle.kind, set(oracle.breakdowns), oracle.distribution_over), indicator_id


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    seed=st.integers(0, 10**6),
    people=st.integers(1, 80),
    stays=st.integers(0, 200),
    things=st.integers(0, 80),
    silent=st.sets(st.sampled_from(TABLES), max_size=3),
    points=st.lists(st.sampled_from(POINTS), min_size=2, max_size=2, unique=True),
)
@example(seed=0, people=0, stays=0, things=0, silent=set(), points=POINTS[:1])
@example(seed=2, **EVERYTHING, silent=set(), points=POINTS)
def test_every_cell_of_every_indicator_agrees(
    connection: Connection,
    seed: int,
    people: int,
    stays: int,
    things: int,
    silent: set[str],
    points: Sequence[Point],
) -> None:
    world = make_core(seed, people, stays, things)
    for table in silent:  # nobody has delivered it
        world[table] = []
    with connection.begin_nested() as transaction:
        compare(connection, world, points)
        transaction.rollback()


def compare(connection: Connection, world: World, points: Sequence[Point]) -> None:
    run_id = start_run(connection)
    load(connection, run_id, world)
    for point in points:
        period = parse_period(point.period)
        stored = computed(connection, run_id, point)
        window = Period(period.start, period.end)
        for indicator_id, indicator in INDICATORS.items():
            expected = cells(indicator_id, indicator.disclosure, world, window, point.as_of)
            naive = {cell: rounded(one) for cell, one in expected.items()}
            assert stored[indicator_id] == naive, (indicator_id, *point)
        compare_left_out(connection, world, window, point)


def compare_left_out(connection: Connection, world: World, window: Period, point: Point) -> None:
    """What an indicator counts and what it says it left out make up everything it looks at."""
    said = connection.exec_driver_sql(
        "SELECT indicator_id, sum(observations)::int FROM indicator.left_out"
        " WHERE computation_id = (SELECT max(computation_id) FROM indicator.computation) GROUP BY 1"
    )
    left_out = {row.indicator_id: row.sum for row in said}
    for indicator_id, considered in CONSIDERED.items():
        counted = sum(1 for _ in ORACLES[indicator_id].observe(world, window, point.as_of))
        rest = considered(world, window, point.as_of) - counted
        assert left_out.get(indicator_id, 0) == rest, (indicator_id, *point)


def computed(connection: Connection, run_id: int, point: Point) -> dict[str, dict[Cell, Result]]:
    """Every cell as the product computes and stores it, with its mark of protection."""
    computation = compute(connection, INCLUDE, parse_period(point.period), run_id=run_id, as_of=point.as_of)
    shown = {
        (value.indicator_id, frozenset(value.cell.items())): value
        for value in read_values(connection, INCLUDE, computation, internal=False)
    }
    stored: dict[str, dict[Cell, Result]] = {indicator_id: {} for indicator_id in INDICATORS}
    for value in read_values(connection, INCLUDE, computation, internal=True):
        cell = frozenset(value.cell.items())
        stored[value.indicator_id][cell] = Result(
            exact(value.numerator) or Fraction(0),
            exact(value.denominator),
            exact(value.value),
            value.observations or 0,
            shown[value.indicator_id, cell].is_protected,
        )
    return stored


def exact(number: Decimal | None) -> Fraction | None:
    """Numbers are exact but for a quotient, which the database gives with some twenty digits."""
    return None if number is None else round(Fraction(number), 12)


def rounded(one: Result) -> Result:
    value = None if one.value is None else round(one.value, 12)
    return Result(one.numerator, one.denominator, value, one.observations, one.is_protected)


@pytest.mark.parametrize("indicator_id", ORACLES)
def test_the_made_up_municipality_has_something_of_everything(indicator_id: str) -> None:
    """Else the comparison would prove nothing."""
    world = make_core(2, **EVERYTHING)
    found = []
    for point in POINTS:
        period = parse_period(point.period)
        window, rule = Period(period.start, period.end), INDICATORS[indicator_id].disclosure
        found.append(cells(indicator_id, rule, world, window, point.as_of))
    assert len({one[frozenset()].numerator for one in found}) > 1, "no two periods differ"
    if ORACLES[indicator_id].breakdowns:
        assert max(len(one) for one in found) > 2, "few cells"
    if INDICATORS[indicator_id].disclosure != "oppen":
        protected = {one.is_protected for result in found for one in result.values()}
        assert protected == {True, False}, "nothing protected, or everything"
