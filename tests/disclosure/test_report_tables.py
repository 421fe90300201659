"""Reports that show some of a period's measures each, one after the other, against a reader who lays them side by side."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

import pytest
from tests.core_rows import INCLUDE
from tests.disclosure.attacks import Line, attack
from tests.disclosure.conftest import House, enrolments
from tests.disclosure.public_tables import FEW, Cell, counts, margins, truth

from arshjul.disclosure.release import Protection, protect, record_release

TWINS = ("maluppfyllelse_kolada", "maluppfyllelse", "maluppfyllelse_bred")
"""Whoever is in one's numerator is in the next one's."""

KOLADA, OWN, BROAD = TWINS
GROWING = "2024-01--2024-05"
SPANS = {"2024-T1": (0, 4), GROWING: (0, 5), "2024": (0, 12)}

Name = tuple[str, str, Cell]
Release = tuple[str, tuple[str, ...]]

ORDERS: dict[str, tuple[Release, ...]] = {
    "parts first": (("2024-T1", (OWN,)), ("2024-T1", (KOLADA, BROAD)), (GROWING, (OWN,)), ("2024", (OWN, BROAD))),
    "whole first": (("2024", (BROAD,)), (GROWING, (OWN,)), ("2024-T1", (KOLADA,)), ("2024-T1", (OWN, BROAD))),
}


def release(house: House, period: str, indicators: tuple[str, ...]) -> Protection:
    """Let one report's own table out."""
    made = protect(
        house.connection, INCLUDE, house.compute(period), run_id=house.run_id, indicators=frozenset(indicators)
    )
    record_release(house.connection, INCLUDE, made, "publicering", run_id=house.run_id)
    return made


def told(house: House, released: Sequence[Protection], *, careless: bool) -> dict[Name, int | None]:
    """Everything that has been told, or that an office which only hides small numbers would have told."""
    found: dict[Name, int | None] = {}
    for protection in released:
        shown = {one for one, _ in house.table(protection)}
        for twin in shown.intersection(TWINS):
            numbers = counts(house, protection, twin)
            if careless:
                true = truth(house, protection, twin)
                sides = ("whole", "part", "rest")
                numbers = {
                    (key, what, cell): None
                    if any(true.get((key, side, cell)) in FEW for side in sides)
                    else true.get((key, what, cell))
                    for key, what, cell in numbers  # type: ignore[misc]
                }
            for (key, what, cell), number in numbers.items():  # type: ignore[misc]
                name = key, what if what == "whole" else f"{what} {twin}", cell
                found[name] = number if number is not None else found.get(name)
    return found


def sums(cells: Mapping[Name, int | None], groups: Mapping[str, tuple[str, ...]]) -> Iterator[Line]:
    """Margins, the two sides of each measure, what one measure counts beyond another, and one period less another."""
    yield from margins(cells, groups)
    for key, what, cell in cells:
        if what == "whole":
            for twin in TWINS:
                yield {(key, "whole", cell): 1, (key, f"part {twin}", cell): -1, (key, f"rest {twin}", cell): -1}
            for less, more in ((KOLADA, OWN), (OWN, BROAD)):
                between = (key, f"{less} to {more}", cell)
                yield {(key, f"part {more}", cell): 1, (key, f"part {less}", cell): -1, between: -1}
        for longer in SPANS:
            if (
                SPANS[longer] > SPANS[key]
                and (longer, what, cell) in cells
                and "aldersgrupp" not in dict(cell)
                and ("anordnare", "ovriga") not in cell
            ):
                after = (f"{longer} after {key}", what, cell)
                yield {(longer, what, cell): 1, (key, what, cell): -1, after: -1}


def read_off(house: House, released: Sequence[Protection], *, careless: bool = False) -> dict[Hashable, int]:
    """Every count of a few persons that follows and that nobody was told."""
    cells = told(house, released, careless=careless)
    assert any(number is None for number in cells.values())
    assert any(number is not None for number in cells.values())
    groups: dict[str, tuple[str, ...]] = {}
    for one in released:
        for twin in one.grouping.keys() & set(TWINS):
            assert groups.setdefault(one.period.key, one.grouping[twin]) == one.grouping[twin]
    found = attack([cells], sums(cells, groups))
    return {name: number for name, number in found.exact.items() if number in FEW}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_reports_of_some_measures_each_do_not_tell_together_what_each_withholds(
    empty_house: Callable[[], House], order: tuple[Release, ...]
) -> None:
    house = empty_house()
    few = [
        {**row, "insats_id": f"may{place}", "person_id": f"may{place}", "slutdatum": "2024-05-20"}
        for place, row in enumerate(enrolments()[:3])
    ]
    house.load([*(row for row in enrolments() if row["slutdatum"][5:7] != "05"), *few])
    released = [release(house, period, indicators) for period, indicators in order]
    for one, (_, indicators) in zip(released, order, strict=True):
        assert {indicator for indicator, _ in house.table(one)} <= set(indicators)
    assert read_off(house, released, careless=True)
    assert not read_off(house, released)


def test_two_reports_do_not_tell_together_whom_only_one_of_their_measures_counts(
    empty_house: Callable[[], House],
) -> None:
    house = empty_house()
    rows = enrolments()
    by_the_municipality = [row for row in rows if row["avslutsorsak"] == "kommunal_anstallning"][2:]
    for row in by_the_municipality:
        row["avslutsorsak"] = "sfi"
    house.load(rows)
    released = [release(house, "2024-T1", (one,)) for one in (OWN, KOLADA)]
    assert read_off(house, released, careless=True)
    assert not read_off(house, released)
