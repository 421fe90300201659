"""The product and the naive second implementation agree in every cell of a random core."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE, Row, load, start_run
from tests.oracles.naive import OBSERVE, Cell, Period, Result, World, cells
from tests.oracles.random_core import make_core

from arshjul.indicators.compute import compute
from arshjul.indicators.values import read_values
from arshjul.periods import parse_period

POINTS = (
    ("2024-T1", "before the correction", datetime(2024, 6, 14, tzinfo=UTC)),
    ("2024-T1", "after the correction", datetime(2024, 6, 16, tzinfo=UTC)),
    ("2024-02", "when March was not yet known", datetime(2024, 3, 20, tzinfo=UTC)),
)


def as_rows(world: World) -> dict[str, Iterable[Row]]:
    return dict(world)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_cell_of_every_headline_indicator_agrees(connection: Connection, seed: int) -> None:
    world = make_core(seed)
    run_id = start_run(connection)
    load(connection, run_id, as_rows(world))
    for key, _, as_of in POINTS:
        period = parse_period(key)
        computation = compute(connection, INCLUDE, period, run_id=run_id, as_of=as_of)
        open_values = {
            (value.indicator_id, frozenset(value.cell.items())): value
            for value in read_values(connection, INCLUDE, computation, internal=False)
        }
        stored: dict[str, dict[Cell, Result]] = {indicator_id: {} for indicator_id in OBSERVE}
        for value in read_values(connection, INCLUDE, computation, internal=True):
            if value.indicator_id in stored:
                cell = frozenset(value.cell.items())
                stored[value.indicator_id][cell] = Result(
                    exact(value.numerator) or Fraction(0),
                    exact(value.denominator),
                    exact(value.value),
                    value.observations or 0,
                    open_values[value.indicator_id, cell].is_protected,
                )
        window = Period(period.start, period.end)
        for indicator_id in OBSERVE:
            naive = {cell: rounded(one) for cell, one in cells(indicator_id, world, window, as_of).items()}
            assert stored[indicator_id] == naive, (indicator_id, key)


def test_the_random_core_has_something_of_everything() -> None:
    world, window = make_core(1), Period(parse_period("2024-T1").start, parse_period("2024-T1").end)
    results = [one for indicator_id in OBSERVE for one in cells(indicator_id, world, window, POINTS[1][2]).values()]
    assert {one.is_protected for one in results} == {True, False}
    for indicator_id in OBSERVE:
        assert len(cells(indicator_id, world, window, POINTS[1][2])) > 3, indicator_id


def exact(number: Decimal | None) -> Fraction | None:
    return None if number is None else round(Fraction(number), 12)


def rounded(one: Result) -> Result:
    value = None if one.value is None else round(one.value, 12)
    return Result(one.numerator, one.denominator, value, one.observations, one.is_protected)
