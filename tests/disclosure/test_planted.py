"""Fifty planted attacks: what a careless office would let out, and what the house lets out of the same rows."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise

import pytest
from tests.disclosure.attacks import Line, attack
from tests.disclosure.worlds import PROGRAMMES, Exit, Name, Town, numbers, primary_only, world

from arshjul.disclosure.figures import Figure, FigureKey, PeriodTable
from arshjul.disclosure.profile import reduce

FEW = range(1, 5)
WHOLE = {"2024": ("2024-T1", "2024-T2", "2024-T3"), "2024-T1": ("2024-01", "2024-02")}


def planted(seed: int) -> list[Exit]:
    """A world where two persons of one sex are left in one programme."""
    rng = random.Random(seed)
    programme, sex = rng.choice(PROGRAMMES), rng.choice(("kvinna", "man"))
    rows = [row for row in world(seed) if (row.insatstyp, row.kon) != (programme, sex)]
    age = rng.choice(("16-29", "30-"))
    return rows + [Exit(rng.choice("abcd"), programme, sex, age, reached) for reached in (True, False)]


def sums(tables: Sequence[PeriodTable], without: str = "") -> Iterator[Line]:
    """Margins, sides, groups, the parts of a period, and what has changed between two versions of a table."""
    newest: dict[str, PeriodTable] = {}
    cells = {table.name: [key[1] for key in reduce(table.figures, table.grouping).figures] for table in tables}
    for table in tables:
        for what in ("whole", "part", "rest"):
            yield from _margins(table, cells[table.name], what, without)
        for cell in cells[table.name]:
            yield {(table.name, "whole", cell): 1, (table.name, "part", cell): -1, (table.name, "rest", cell): -1}
        before = newest.get(table.period.key)
        if before is not None:
            for what, cell in ((what, cell) for what in ("whole", "part", "rest") for cell in cells[table.name]):
                if ("anordnare", "ovriga") not in cell:
                    late = (table.name, f"late {what}", cell)
                    old = {(before.name, what, cell): -1} if cell in cells[before.name] else {}
                    yield {(table.name, what, cell): 1, late: -1, **old}
        newest[table.period.key] = table
    for whole, parts in WHOLE.items():
        if whole in newest and any(part in newest for part in parts):
            yield from _periods(newest[whole], [newest[part] for part in parts if part in newest], cells)
    yield from _stretches(list(newest.values()), cells)


def _stretches(tables: list[PeriodTable], cells: Mapping[str, list[tuple[tuple[str, str], ...]]]) -> Iterator[Line]:
    """Cut the year where any table begins or ends: each table is its pieces, and so is every other stretch."""
    ends = {table.name: (table.period.start.month - 1, table.period.end.month) for table in tables}
    cuts = sorted({cut for pair in ends.values() for cut in pair})
    pieces = list(pairwise(cuts))
    everywhere = sorted({cell for table in tables for cell in cells[table.name]})
    for what, cell in ((what, cell) for what in ("whole", "part", "rest") for cell in everywhere):
        if "aldersgrupp" in dict(cell) or ("anordnare", "ovriga") in cell:
            continue
        for table in tables:
            inside = [piece for piece in pieces if ends[table.name][0] <= piece[0] and piece[1] <= ends[table.name][1]]
            own = {(table.name, what, cell): 1} if cell in cells[table.name] else {}
            yield {**own, **{(f"months {piece}", what, cell): -1 for piece in inside}}
        for first, last in combinations(cuts, 2):
            inside = [piece for piece in pieces if first <= piece[0] and piece[1] <= last]
            if len(inside) > 1:
                whole = (f"stretch {first}-{last}", what, cell)
                yield {whole: 1, **{(f"months {piece}", what, cell): -1 for piece in inside}}


def _margins(table: PeriodTable, cells: list[tuple[tuple[str, str], ...]], what: str, without: str) -> Iterator[Line]:
    for cell in cells:
        for breakdown in ("insatstyp", "anordnare", "kon", "aldersgrupp"):
            parts = [
                (table.name, what, one)
                for one in cells
                if len(one) == len(cell) + 1
                and dict(one).get(breakdown, "ovriga") != "ovriga"
                and tuple(pair for pair in one if pair[0] != breakdown) == cell
            ]
            if parts:
                yield {(table.name, what, cell): 1, **dict.fromkeys(parts, -1)}
        if cell == (("anordnare", "ovriga"),):
            members = [one for one in table.grouping["maluppfyllelse"] if one != without]
            own = [(table.name, what, (("anordnare", code),)) for code in members]
            yield {(table.name, what, cell): 1, **dict.fromkeys(own, -1)}


def _periods(
    whole: PeriodTable, parts: list[PeriodTable], cells: Mapping[str, list[tuple[tuple[str, str], ...]]]
) -> Iterator[Line]:
    for what, cell in ((what, cell) for what in ("whole", "part", "rest") for cell in cells[whole.name]):
        if "aldersgrupp" not in dict(cell) and ("anordnare", "ovriga") not in cell:
            known = [(part.name, what, cell) for part in parts if cell in cells[part.name]]
            yield {(whole.name, what, cell): 1, (whole.name, f"others {what}", cell): -1, **dict.fromkeys(known, -1)}


def read_off(tables: Sequence[PeriodTable], *, careless: bool = False) -> dict[Name, int]:
    """Every count of a few persons that follows from the tables and that nobody was told."""
    told = [numbers(table, primary_only(table) if careless else None) for table in tables]
    found = attack(told, sums(tables))
    everything = {name: number for one in told for name, number in one.items() if number is not None}
    assert everything, "something is told"
    return {name: number for name, number in found.exact.items() if number in FEW}  # type: ignore[misc]


def release(town: Town, seed: int) -> list[PeriodTable]:
    """Let a planted world out in one of five ways."""
    rows, second, third = planted(seed), world(1000 + seed), world(2000 + seed)
    year = rows + second + third
    match seed % 5:
        case 0:
            order = [("2024-T1", rows)]
        case 1:
            order = [("2024-T1", rows), ("2024-T2", second), ("2024", year)]
        case 2:
            order = [("2024", year), ("2024-T2", second), ("2024-T1", rows)]
        case 3:
            order = [("2024-01", rows[::2]), ("2024-T1", rows)]
        case _:
            order = [("2024-T1", rows), ("2024-T1", [*rows, *second[:3], *second[40:43]])]
    return [town.release(period, given) for period, given in order]


@pytest.mark.parametrize("seed", range(50))
def test_what_a_careless_office_lets_slip_does_not_follow_from_our_tables(seed: int) -> None:
    tables = release(Town(), seed)
    assert read_off(tables, careless=True)
    assert not read_off(tables)


def release_growing(town: Town, seed: int) -> list[PeriodTable]:
    """Let the year's first months out beside other periods, in one of six ways; a few are told by subtraction only."""
    rows, second, third = planted(seed), world(1000 + seed), world(2000 + seed)
    rng = random.Random(seed)
    few = [Exit(rng.choice("abcd"), PROGRAMMES[seed % 3], "man", "30-", number % 2 == 0) for number in range(3)]
    match seed % 6:
        case 0:  # September and October
            order = [("2024-01--2024-08", rows + second), ("2024-01--2024-10", rows + second + few)]
        case 1:  # May
            order = [("2024-T1", rows), ("2024-01--2024-05", rows + few)]
        case 2:  # May, and with it June to August
            order = [("2024-01--2024-05", rows + few), ("2024-T2", second + few), ("2024-T1", rows)]
        case 3:  # the second tertial, which has no table
            order = [("2024-T1", rows), ("2024-01--2024-08", rows + few)]
        case 4:  # the third, of which nothing is told
            order = [("2024-T1", rows), ("2024-T2", second), ("2024-01--2024-08", rows + second)]
            order.append(("2024", rows + second + few))
        case _:  # September and October, of the year's last third
            order = [("2024-T3", third + few), ("2024-01--2024-10", rows + few), ("2024", rows + third + few)]
    return [town.release(period, given) for period, given in order]


@pytest.mark.parametrize("seed", range(12))
def test_what_a_careless_office_tells_by_two_periods_does_not_follow_from_our_tables(seed: int) -> None:
    tables = release_growing(Town(), seed)
    assert read_off(tables, careless=True)
    assert not read_off(tables)


def two_providers(seed: int) -> list[Exit]:
    """A world where one programme has two providers, and the smaller one few persons."""
    rng = random.Random(seed)
    rows = [row for row in world(seed) if row.insatstyp != PROGRAMMES[2]]
    pair = rng.sample("abcd", 2)
    sizes = zip(pair, (rng.randint(18, 24), rng.randint(6, 8)), strict=True)
    return rows + [
        Exit(provider, PROGRAMMES[2], "man" if number % 2 else "kvinna", "30-", number % 3 == 0)
        for provider, size in sizes
        for number in range(size)
    ]


def read_off_by(provider: str, town: Town) -> dict[Name, int]:
    """The counts of a few persons of one single other provider that a provider reads off."""
    tables = [table for table, _ in town.tables]
    told, alone = [], set[Name]()
    for table, own in town.tables:
        mine = {
            **own[provider],
            ("maluppfyllelse", (("anordnare", provider),)): table.figures["maluppfyllelse", (("anordnare", provider),)],
        }
        if provider in table.grouping["maluppfyllelse"]:
            mine["maluppfyllelse", (("anordnare", "ovriga"),)] = mine["maluppfyllelse", (("anordnare", provider),)]
        seen = numbers(table, without=mine)
        told.append({name: (0 if name[2] == (("anordnare", provider),) else one) for name, one in seen.items()})
        for key in table.figures:
            if sum(key in theirs for other, theirs in own.items() if other != provider) == 1 or (
                key[1] and key[1][0][0] == "anordnare" and key[1][0][1] != provider
            ):
                alone |= {(table.name, what, key[1]) for what in ("whole", "part", "rest")}
    found = attack(told, sums(tables, provider))
    everything = {name: number for one in told for name, number in one.items() if number is not None} | found.exact
    return {name: number for name, number in everything.items() if name in alone and number in FEW}  # type: ignore[misc]


def shares(table: PeriodTable, shown: frozenset[FigureKey]) -> dict[FigureKey, Figure]:
    return {key: one for key, one in table.figures.items() if key in shown}


@pytest.mark.parametrize("seed", range(6))
def test_a_provider_does_not_read_off_the_only_other_one(seed: int) -> None:
    rows = two_providers(seed)
    careless, town = Town(), Town()
    open_table = careless.release("2024-T1", rows, against_providers=False)
    table = town.release("2024-T1", rows)
    assert any(read_off_by(provider, careless) for provider in "abcd")
    for provider in "abcdef":
        assert not read_off_by(provider, town)
    assert shares(table, table.shown or frozenset()).keys() < shares(open_table, open_table.shown or frozenset()).keys()
