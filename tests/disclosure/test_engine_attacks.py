"""Fifty planted differencing attacks: each works on tables protected one by one, and on none that the engine joined."""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace

import pytest
from tests.disclosure.attacks import Recovered, attack
from tests.disclosure.engine_tables import Cell, table, together

from arshjul.disclosure.differencing import as_seen_by, known_exactly, protect_reader
from arshjul.disclosure.protection import protect
from arshjul.disclosure.system import System, Variable

PROVIDERS, SEXES = "abcd", "km"
SUMS = {"jan-aug": ("t1", "t2"), "year": ("jan-aug", "t3")}


def large(rng: random.Random) -> dict[Cell, int]:
    """A table of providers and sexes in which nobody is alone."""
    return {(provider, sex): rng.randint(6, 30) for provider in PROVIDERS for sex in SEXES}


def planted(rng: random.Random, counts: dict[Cell, int]) -> tuple[dict[Cell, int], str]:
    """The same table with one small cell, and the name of the cell."""
    cell = rng.choice(sorted(counts))
    return {**counts, cell: rng.randint(1, 4)}, "|".join(cell)


def year_with_a_small_cell(rng: random.Random) -> tuple[dict[str, System], str]:
    """Every period of a year; one cell of the first tertial is small, and large as soon as the second is added."""
    first, key = planted(rng, large(rng))
    second, third = large(rng), large(rng)
    both = {cell: first[cell] + second[cell] for cell in first}
    whole = {cell: both[cell] + third[cell] for cell in both}
    counts = {"t1": first, "t2": second, "jan-aug": both, "t3": third, "year": whole}
    return {name: table(one) for name, one in counts.items()}, f"t1:{key}"


def public(system: System, hidden: frozenset[str], among: Iterable[str] | None = None) -> dict[Hashable, int | None]:
    """What is published of a system: everything ever shown, with None for what is withheld."""
    chosen = None if among is None else frozenset(among)
    return {
        v.key: None if v.key in hidden else v.value
        for v in system.variables
        if (v.shown or v.forced) and (chosen is None or v.key in chosen)
    }


def lines(system: System) -> list[dict[Hashable, int]]:
    """Its sums, by name."""
    return [{system.variables[index].key: times for index, times in row} for row in system.equations]


def learned(system: System, recovered: Recovered, *, besides: Iterable[str] = ()) -> list[str]:
    """The sensitive counts about which a reader knows too much."""
    own = frozenset(besides)
    told = []
    for v in system.variables:
        if v.need_low is not None and v.need_high is not None and v.key not in own:
            low, high = recovered.range(v.key)
            if low > v.need_low or (high is not None and high < v.need_high):
                told.append(v.key)
    return told


def alone(periods: Mapping[str, System]) -> frozenset[str]:
    """The patterns of tables that are protected one by one."""
    return frozenset(f"{name}:{key}" for name, one in periods.items() for key in protect(one, seconds=60).hidden)


def released(system: System, name: str, hidden: frozenset[str]) -> System:
    """The same system once a table has left the house."""
    return replace(
        system,
        variables=tuple(
            replace(v, shown=v.key not in hidden, forced=v.key not in hidden) if v.key.startswith(f"{name}:") else v
            for v in system.variables
        ),
    )


@pytest.mark.parametrize("seed", range(20))
def test_tertial_against_cumulative_against_year(seed: int) -> None:
    periods, secret = year_with_a_small_cell(random.Random(seed))
    system = together(periods, SUMS)
    true = {v.key: v.value for v in system.variables}
    naive = attack([public(system, alone(periods))], lines(system))
    assert naive.exact[secret] == true[secret]
    safe = attack([public(system, protect(system, seconds=60).hidden)], lines(system))
    assert learned(system, safe) == []


@pytest.mark.parametrize("seed", range(20, 30))
def test_each_release_against_all_earlier_ones(seed: int) -> None:
    periods, secret = year_with_a_small_cell(random.Random(seed))
    order = ("t1", "t2", "jan-aug", "t3", "year")
    system = together(periods, SUMS)
    true = {v.key: v.value for v in system.variables}
    later = replace(system, variables=tuple(replace(v, shown=False) for v in system.variables))
    naive: frozenset[str] = frozenset()
    for name in order:
        offered = {v.key for v in system.variables if v.key.startswith(f"{name}:")}
        naive |= frozenset(f"{name}:{key}" for key in protect(periods[name], seconds=60).hidden)
        now = replace(
            later, variables=tuple(replace(v, shown=True) if v.key in offered else v for v in later.variables)
        )
        pattern = protect(now, seconds=60)
        assert pattern.exposed == ()
        later = released(now, name, pattern.hidden)
        so_far = attack([public(later, frozenset())], lines(system))
        assert learned(system, so_far) == []
    assert attack([public(system, naive)], lines(system)).exact[secret] == true[secret]


@pytest.mark.parametrize("seed", range(30, 40))
def test_a_revised_figure_against_the_one_that_is_out(seed: int) -> None:
    rng = random.Random(seed)
    old = large(rng)
    cell = rng.choice(sorted(old))
    new = {**old, cell: old[cell] + rng.randint(1, 4)}
    both = together({"first": table(old), "revised": table(new)}, {})
    number = {v.key: index for index, v in enumerate(both.variables)}
    keys = [key for key in number if key.startswith("first:")]
    late, sums = [], list(both.equations)
    for key in keys:
        first, revised = number[key], number[key.replace("first", "revised")]
        change = both.variables[revised].value - both.variables[first].value
        sums.append(((revised, 1), (first, -1), (len(both.variables) + len(late), -1)))
        need: tuple[int, int] | tuple[None, None] = (0, 5) if change else (None, None)
        late.append(Variable(key.replace("first", "late"), change, False, False, *need))
    system = released(System((*both.variables, *late), tuple(sums)), "first", frozenset())
    secret = f"late:{'|'.join(cell)}"
    naive = attack([public(system, frozenset())], lines(system))
    assert 1 <= naive.exact[secret] <= 4
    pattern = protect(system, seconds=60)
    assert pattern.exposed == ()
    assert learned(system, attack([public(system, pattern.hidden)], lines(system))) == []


@pytest.mark.parametrize("seed", range(40, 50))
def test_a_providers_own_rows_against_the_totals(seed: int) -> None:
    rng = random.Random(seed)
    small = rng.choice(((3, 4), (2, 3), (4, 4), (3, 3), (1, 4)))
    sizes = [*small, *(rng.randint(10, 40) for _ in range(4))]
    system = table({(name,): size for name, size in zip("abcdef", sizes, strict=True)}, forced=(("*",),))
    rows = {provider: frozenset({provider}) for provider in "abcdef"}
    true = {v.key: v.value for v in system.variables}
    pattern = protect(system, seconds=60)

    def as_reader(hidden: frozenset[str], reader: str) -> Recovered:
        return attack([public(system, hidden)], lines(system), own={reader: true[reader]})

    assert pattern.hidden == {"a", "b"}
    assert as_reader(pattern.hidden, "a").exact == {"b": true["b"]}
    assert readers_who_know(system, pattern.hidden, rows) == {"a", "b"}
    hidden = pattern.hidden
    for known in rows.values():
        wider = protect_reader(as_seen_by(system, known, hidden), seconds=60)
        assert wider.exposed == ()
        hidden |= wider.hidden
    assert hidden > pattern.hidden
    assert readers_who_know(system, hidden, rows) == set()
    for reader in rows:
        assert learned(system, as_reader(hidden, reader), besides=rows[reader]) == []


def readers_who_know(system: System, hidden: frozenset[str], rows: Mapping[str, frozenset[str]]) -> set[str]:
    return {reader for reader, known in rows.items() if known_exactly(as_seen_by(system, known, hidden), seconds=60)}


def test_what_is_forced_and_tells_a_reader_about_another_is_named() -> None:
    system = table({("a",): 3, ("b",): 4, ("c",): 0}, forced=(("*",),))
    pattern = protect(system, seconds=60)
    assert pattern.exposed == ()
    wider = protect_reader(as_seen_by(system, {"a"}, pattern.hidden), seconds=60)
    assert [exposure.key for exposure in wider.exposed] == ["b"]


def test_the_reader_finds_what_elimination_and_bounds_give() -> None:
    sums = [{"all": 1, "a": -1, "b": -1}, {"all": 1, "x": -1, "y": -1}, {"a": 1, "x": -1, "d": -1}]
    found = attack([{"all": 9, "a": None}, {"x": 2, "d": None}], sums)
    assert found.exact == {"y": 7}
    assert found.bounds == {"a": (2, 9), "b": (0, 7), "d": (0, 7)}
    assert attack([{"all": 9, "a": 4, "x": 2}], sums).exact == {"b": 5, "y": 7, "d": 2}
    with pytest.raises(ValueError, match="two numbers"):
        attack([{"a": 1}, {"a": 2}], sums)
    with pytest.raises(ValueError, match="contradict"):
        attack([{"all": 9, "a": 4, "b": 4}], sums)


def test_the_reader_knows_that_persons_are_at_most_the_sum_and_at_least_the_largest_part() -> None:
    ranks = [{"a": 1, "b": 1, "persons": -1}, {"persons": 1, "a": -1}]
    assert attack([{"a": 6, "b": 1, "persons": None}], [], ranks=ranks).bounds == {"persons": (6, 7)}
