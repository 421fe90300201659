"""A reader with pencil and paper: what follows exactly from public tables, knowing nothing of the disclosure room.

It takes tables as they are published (numbers, or None for what is withheld) and the sums that everybody knows to hold,
solves what can be solved (exact rational elimination) and bounds the rest (no count is negative, none has a fraction).
It imports nothing from the house, so that a fault there cannot hide from it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

Line = Mapping[Hashable, int]
"""Coefficients of one sum that is 0 (or, for a rank, at least 0)."""


@dataclass(frozen=True)
class Recovered:
    """What the reader found out about what was not told.

    Attributes:
        exact: Withheld counts that follow.
        bounds: For every other withheld count: the least and the largest value (None: no end).
    """

    exact: dict[Hashable, int]
    bounds: dict[Hashable, tuple[int, int | None]]

    def range(self, name: Hashable) -> tuple[int, int | None]:
        """The least and the largest value of one withheld count."""
        if name in self.exact:
            return self.exact[name], self.exact[name]
        return self.bounds.get(name, (0, None))


def attack(
    tables: Iterable[Mapping[Hashable, int | None]],
    sums: Iterable[Line],
    *,
    ranks: Iterable[Line] = (),
    own: Mapping[Hashable, int] | None = None,
) -> Recovered:
    """Subtract everything from everything.

    Args:
        tables: Public tables. A cell that stands in several has the same name in all; two versions of a figure have
            two names.
        sums: Lines whose sum is 0: a total less its parts, a period less the periods in it.
        ranks: Lines whose sum is at least 0: distinct persons.
        own: What the reader knows besides.

    Raises:
        ValueError: Two tables give one cell two numbers, or the numbers break a sum.
    """
    known: dict[Hashable, Fraction] = {name: Fraction(value) for name, value in (own or {}).items()}
    names: list[Hashable] = []
    for table in tables:
        for name, number in table.items():
            if number is not None and known.setdefault(name, Fraction(number)) != number:
                raise ValueError(f"two numbers for {name}")
            names.append(name)
    lines = [dict(line) for line in sums]
    ranked = [dict(line) for line in ranks]
    names += [name for line in (*lines, *ranked) for name in line]
    unknown = [name for name in dict.fromkeys(names) if name not in known]
    equations = _eliminated(lines, known)
    half_open = [_without_known(line, known) for line in ranked]
    half_open += [pair for row, rest in equations for pair in ((row, rest), ({n: -c for n, c in row.items()}, -rest))]
    for line in lines:
        row, rest = _without_known(line, known)
        half_open += [(row, rest), ({n: -c for n, c in row.items()}, -rest)]
    low, high = _bounds(half_open, unknown)
    exact = {name: low[name] for name in unknown if low[name] == high[name]}
    return Recovered(exact, {name: (low[name], high[name]) for name in unknown if name not in exact})


Row = tuple[dict[Hashable, Fraction], Fraction]
"""Coefficients of unknowns, and the constant beside them."""


def _without_known(line: Line, known: Mapping[Hashable, Fraction]) -> Row:
    """One line with the numbers put in."""
    row = {name: Fraction(times) for name, times in line.items() if name not in known and times}
    return row, sum((known[name] * times for name, times in line.items() if name in known), Fraction(0))


def _eliminated(lines: Iterable[Line], known: Mapping[Hashable, Fraction]) -> list[Row]:
    """Reduced row echelon form: a row of one unknown says what it is."""
    solved: dict[Hashable, Row] = {}
    for line in lines:
        row, rest = _without_known(line, known)
        for pivot in [name for name in row if name in solved]:
            row, rest = _subtracted((row, rest), solved[pivot], row[pivot])
        if not row:
            if rest:
                raise ValueError("the numbers contradict each other")
            continue
        pivot = next(iter(row))
        row, rest = {name: times / row[pivot] for name, times in row.items()}, rest / row[pivot]
        for other, (their, their_rest) in list(solved.items()):
            if pivot in their:
                solved[other] = _subtracted((their, their_rest), (row, rest), their[pivot])
        solved[pivot] = row, rest
    return list(solved.values())


def _subtracted(one: Row, other: Row, times: Fraction) -> Row:
    """One row less a multiple of another."""
    row = dict(one[0])
    for name, value in other[0].items():
        row[name] = row.get(name, Fraction(0)) - times * value
    return {name: value for name, value in row.items() if value}, one[1] - times * other[1]


def _bounds(rows: list[Row], unknown: list[Hashable]) -> tuple[dict[Hashable, int], dict[Hashable, int | None]]:
    """Tighten the ends of every unknown by every row (its sum and constant are at least 0) until nothing moves."""
    low: dict[Hashable, int] = dict.fromkeys(unknown, 0)
    high: dict[Hashable, int | None] = dict.fromkeys(unknown)
    moved = True
    while moved:
        moved = False
        for row, rest in rows:
            tops = {name: low[name] if times < 0 else high[name] for name, times in row.items()}
            endless = [name for name, top in tops.items() if top is None]
            if len(endless) > 1:
                continue
            total = rest + sum((row[name] * top for name, top in tops.items() if top is not None), Fraction(0))
            for name in endless or row:
                top = tops[name]
                limit = -(total - (row[name] * top if top is not None else 0)) / row[name]
                if row[name] > 0 and ceil(limit) > low[name]:
                    low[name], moved = ceil(limit), True
                elif row[name] < 0 and (high[name] is None or floor(limit) < (high[name] or 0)):
                    high[name], moved = floor(limit), True
                end = high[name]
                if end is not None and end < low[name]:
                    raise ValueError("the numbers contradict each other")
    return low, high
