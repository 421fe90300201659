"""Public tables as a reader has them, the truth behind them, and the sums that everybody knows to hold."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

from tests.core_rows import INCLUDE
from tests.disclosure.attacks import Line
from tests.disclosure.conftest import House

from arshjul.disclosure.release import Protection
from arshjul.indicators.values import find_computation, read_values

FEW = range(1, 5)
Cell = tuple[tuple[str, str], ...]


def counts(house: House, protection: Protection, indicator_id: str) -> dict[Hashable, int | None]:
    """An indicator's published whole, numerator and the rest, as a reader sees them, by period, part and cell."""
    found: dict[Hashable, int | None] = {}
    for (one, cell), value in house.table(protection).items():
        if one == indicator_id:
            whole, part = value.denominator, value.numerator
            is_known = whole is not None and part is not None
            key = protection.period.key
            found[key, "whole", cell] = int(whole) if is_known else None
            found[key, "part", cell] = int(part) if is_known else None
            found[key, "rest", cell] = int(whole - part) if is_known else None
    return found


def truth(house: House, protection: Protection, indicator_id: str) -> dict[Hashable, int]:
    """The same, true."""
    computation = find_computation(house.connection, INCLUDE, protection.computation_id)
    found: dict[Hashable, int] = {}
    for value in read_values(house.connection, INCLUDE, computation, internal=True, indicator_id=indicator_id):
        cell = tuple(sorted(value.cell.items()))
        whole, part = int(value.denominator), int(value.numerator)
        key = protection.period.key
        found |= {(key, "whole", cell): whole, (key, "part", cell): part, (key, "rest", cell): whole - part}
    return found


def margins(cells: Mapping[Hashable, Any], groups: Mapping[str, Iterable[str]]) -> Iterator[Line]:
    """Every margin less its cells; the providers who stand together in a period less each of them."""
    names = [name for name in cells if isinstance(name, tuple)]
    for period, part, cell in names:
        for breakdown in ("insatstyp", "anordnare", "kon", "aldersgrupp"):
            if breakdown in dict(cell):
                continue
            children = [
                (period, part, one)
                for when, what, one in names
                if (when, what) == (period, part)
                and tuple(pair for pair in one if pair[0] != breakdown) == cell
                and len(one) == len(cell) + 1
                and dict(one)[breakdown] != "ovriga"
            ]
            if children:
                yield {(period, part, cell): 1, **dict.fromkeys(children, -1)}
        if dict(cell).get("anordnare") == "ovriga":
            yield {
                (period, part, cell): 1,
                **{(period, part, (("anordnare", code),)): -1 for code in groups[period]},
            }
        if part == "whole":
            yield {(period, "whole", cell): 1, (period, "part", cell): -1, (period, "rest", cell): -1}


def over_time(cells: Mapping[Hashable, Any], whole: str, parts: tuple[str, ...]) -> Iterator[Line]:
    """A period less the periods it is made of, cell by cell, where age is not told."""
    for name in list(cells):
        period, part, cell = name  # type: ignore[misc]
        if period == whole and "aldersgrupp" not in dict(cell) and ("anordnare", "ovriga") not in cell:
            yield {name: 1, **{(one, part, cell): -1 for one in parts if (one, part, cell) in cells}}
