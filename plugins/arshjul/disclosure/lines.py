"""Every way that counts of one table hang together: margins, groups, other indicators.

A line is entered only where the true values keep it: whoever tries the others gets nothing out of them. Where a whole is
more than its parts, what remains is a count of its own, and as sensitive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby

from arshjul.catalogue.disclosure import FEW, PartsOfDistribution, Relations, as_count
from arshjul.catalogue.indicators import Indicator
from arshjul.disclosure.figures import Cell, Need, PeriodTable, few_persons, side_of_share
from arshjul.disclosure.profile import OTHERS, PROVIDER

KeyedRow = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Fact:
    """One count as a table has it.

    Attributes:
        key: Its variable; None for a count of 0 that may be known.
        value: How many.
        adds_up: Whether cells sum to their margins.
        part_of: What it is a share of.
        few: Below this a remainder is too small.
    """

    key: str | None
    value: int
    adds_up: bool
    part_of: str | None
    few: int


Facts = dict[tuple[str, Cell], Fact]
"""By name and cell."""

NOTHING = Fact(None, 0, True, None, FEW)


@dataclass(frozen=True)
class Rest:
    """What remains of a whole beside its parts."""

    value: int
    need: Need | None


@dataclass
class Lines:
    """The lines of one system, as they are found.

    Attributes:
        rests: Remainders by key: variables of their own, never shown.
        fresh_rests: Those that come with a new table.
    """

    indicators: Mapping[str, Indicator]
    relations: Relations
    reached: Mapping[str, frozenset[str]]
    rests: dict[str, Rest] = field(default_factory=dict)
    _fresh: set[str] = field(default_factory=set)
    _equations: set[KeyedRow] = field(default_factory=set)
    _inequalities: set[KeyedRow] = field(default_factory=set)

    @property
    def fresh_rests(self) -> frozenset[str]:
        return frozenset(self._fresh)

    def rows(self) -> Iterator[tuple[str, KeyedRow]]:
        """Give every line: ``equation`` (its sum is 0) or ``inequality`` (its sum is at least 0)."""
        yield from (("equation", row) for row in sorted(self._equations))
        yield from (("inequality", row) for row in sorted(self._inequalities))

    def within(self, table: PeriodTable, facts: Facts) -> None:
        """Enter what holds inside one table."""
        cells: dict[str, list[Cell]] = {}
        for name, cell in facts:
            cells.setdefault(name, []).append(cell)
        for name, own in cells.items():
            self._margins(table, facts, name, own)
        self._sides(facts)
        self._other_indicators(table, facts, cells)
        self._left_out(table, facts)

    def _margins(self, table: PeriodTable, facts: Facts, name: str, cells: list[Cell]) -> None:
        """A margin is the sum of its cells, over each breakdown; a group is the sum of its members."""
        children: dict[tuple[Cell, str], list[Cell]] = {}
        for cell in cells:
            for pair in cell:
                if pair[0] == PROVIDER and _members(pair[1]) is not None:
                    continue
                margin = tuple(other for other in cell if other != pair)
                children.setdefault((margin, pair[0]), []).append(cell)
        for (margin, _), parts in children.items():
            if (name, margin) in facts and facts[name, margin].adds_up:
                self.add_up(
                    facts[name, margin], [facts[name, part] for part in parts], table.shown is None, table.period.key
                )
        for cell in cells:
            members = _members(dict(cell).get(PROVIDER, ""))
            if members is not None:
                own = [facts.get((name, ((PROVIDER, code),)), NOTHING) for code in members]
                self.add_up(facts[name, cell], own, table.shown is None, table.period.key)

    def _sides(self, facts: Facts) -> None:
        """A share's two sides make its whole."""
        for (name, cell), fact in facts.items():
            if fact.part_of and name.startswith(f"{fact.part_of}-"):
                one = facts.get((name.removeprefix(f"{fact.part_of}-"), cell), NOTHING)
                whole = next(
                    (facts[fact.part_of, upper] for upper in _with_margins(cell) if (fact.part_of, upper) in facts),
                    None,
                )
                if whole is not None and whole.value == one.value + fact.value:
                    self._equation([(whole.key, 1), (one.key, -1), (fact.key, -1)])

    def _other_indicators(self, table: PeriodTable, facts: Facts, cells: Mapping[str, Iterable[Cell]]) -> None:
        for larger, smaller in self.relations.rests:
            for whole, part in self._pairs(facts, cells, larger, smaller):
                self.add_up(whole, [part], table.shown is None, table.period.key, is_open=True)
        for larger, smaller in self.relations.at_most:
            for whole, part in self._pairs(facts, cells, larger, smaller):
                self.at_least(whole, part)
        for indicator in self.indicators.values():
            if indicator.distribution_over:
                self._parts_of_distribution(indicator, table, facts)
        for one in self.relations.sums:
            self._reached_parts(one, table, facts, cells)

    def _reached_parts(
        self, one: PartsOfDistribution, table: PeriodTable, facts: Facts, cells: Mapping[str, Iterable[Cell]]
    ) -> None:
        indicator = self.indicators.get(one.parts)
        if indicator is None or indicator.distribution_over is None:
            return
        over, tables = indicator.distribution_over, [set(table) for table in indicator.tables]
        whole_name, part_name = self.canonical(one.whole), self.canonical(f"{one.parts}.taljare")
        for cell in cells.get(whole_name, ()):
            if {over, *(name for name, _ in cell)} not in tables:
                continue
            coded = [tuple(sorted((*cell, (over, code)))) for code in sorted(self.reached[one.whole])]
            parts = [facts.get((part_name, with_code), NOTHING) for with_code in coded]
            if sum(part.value for part in parts) == facts[whole_name, cell].value:
                self.add_up(facts[whole_name, cell], parts, table.shown is None, table.period.key)

    def _parts_of_distribution(self, indicator: Indicator, table: PeriodTable, facts: Facts) -> None:
        whole_name, part_name = self.canonical(f"{indicator.id}.antal"), self.canonical(f"{indicator.id}.taljare")
        parts: dict[Cell, list[Fact]] = {}
        for (name, cell), fact in facts.items():
            if name == part_name:
                parts.setdefault(tuple(pair for pair in cell if pair[0] != indicator.distribution_over), []).append(
                    fact
                )
        for cell, own in parts.items():
            if (whole_name, cell) in facts:
                self.add_up(facts[whole_name, cell], own, table.shown is None, table.period.key)

    def _pairs(
        self, facts: Facts, cells: Mapping[str, Iterable[Cell]], larger: str, smaller: str
    ) -> Iterator[tuple[Fact, Fact]]:
        whole, part = self.canonical(larger), self.canonical(smaller)
        part_is_cut_alike = {tuple(name for name, _ in cell) for cell in cells.get(part, ())}
        for cell in cells.get(whole, ()):
            if tuple(name for name, _ in cell) in part_is_cut_alike and not is_group(cell):
                yield facts[whole, cell], facts.get((part, cell), NOTHING)

    def _left_out(self, table: PeriodTable, facts: Facts) -> None:
        by_indicator = groupby(sorted(table.left_out), key=lambda one: one[0])
        for indicator_id, reasons in by_indicator:
            if (whole := self.relations.left_out.get(indicator_id)) is None:
                continue
            whole_fact = facts.get((self.canonical(whole), ()))
            part = facts.get((self.canonical(f"{indicator_id}.antal"), ()), NOTHING)
            lacking = [facts.get((f"{one} utan {reason}", ()), NOTHING) for one, reason in reasons]
            if whole_fact is not None:
                self.add_up(whole_fact, [part, *lacking], table.shown is None, table.period.key)

    def enter_rest(self, key: str, rest: Rest, *, is_fresh: bool) -> None:
        """Enter a count that no table shows; one that followed before is not new when it follows again."""
        if is_fresh and key not in self.rests:
            self._fresh.add(key)
        self.rests[key] = rest

    def canonical(self, name: str) -> str:
        """Give the name under which a count stands in the system."""
        return ".".join(self.relations.canonical(as_count(name)))

    def add_up(
        self,
        whole: Fact,
        parts: Sequence[Fact],
        is_fresh: bool,
        place: str,
        *,
        is_open: bool = False,
        rest_of_whole: int = 0,
    ) -> None:
        """A whole is its parts and what remains; where it is less than they are, some of them are the same persons.

        Args:
            whole: The count.
            parts: What it is made of.
            is_fresh: Whether any of it is new, so that the remainder was not known before.
            place: Where it holds, to name the remainder.
            is_open: Whether something may remain, for all that a reader knows, also when nothing does.
            rest_of_whole: For a side of a share, what remains of what it is a share of.
        """
        rest = whole.value - sum(part.value for part in parts)
        if rest < 0:
            for part in parts:
                self.at_least(whole, part)
            self.at_most_sum(whole, parts)
            return
        row = [(whole.key, 1), *((part.key, -1) for part in parts)]
        need = few_persons(rest, whole.few) or (side_of_share(rest, rest_of_whole) if rest_of_whole > 0 else None)
        if rest or need or is_open:
            named = " ".join(sorted(part.key or "-" for part in parts))
            key = f"{place} rest {sha256(f'{whole.key} {named}'.encode()).hexdigest()[:20]}"
            self.enter_rest(key, Rest(rest, need), is_fresh=is_fresh)
            row.append((key, -1))
        self._equation(row)

    def balance(self, left: Iterable[Fact], right: Iterable[Fact]) -> None:
        """Some counts together are as many as some others."""
        self._equation([*((fact.key, 1) for fact in left), *((fact.key, -1) for fact in right)])

    def at_most_sum(self, whole: Fact, parts: Sequence[Fact]) -> None:
        """A whole is no more than its parts together."""
        if whole.value <= sum(part.value for part in parts):
            self._inequality([(whole.key, -1), *((part.key, 1) for part in parts)])

    def at_least(self, whole: Fact, part: Fact) -> None:
        """A whole is no less than a part."""
        if whole.value >= part.value:
            self._inequality([(whole.key, 1), (part.key, -1)])

    def _equation(self, row: Iterable[tuple[str | None, int]]) -> None:
        if kept := _kept(row):
            self._equations.add(kept)

    def _inequality(self, row: Iterable[tuple[str | None, int]]) -> None:
        kept = _kept(row)
        if any(sign < 0 for _, sign in kept):
            self._inequalities.add(kept)


def _kept(row: Iterable[tuple[str | None, int]]) -> KeyedRow:
    """A line without the counts of 0 that may be known; a count on both sides falls away."""
    signs: dict[str, int] = {}
    for key, sign in row:
        if key is not None:
            signs[key] = signs.get(key, 0) + sign
    return tuple(sorted((key, sign) for key, sign in signs.items() if sign))


def _members(code: str) -> list[str] | None:
    """The members of a group of providers, from the group's name in the system; None for a single provider."""
    group, colon, members = code.partition(": ")
    return members.split() if colon and group == OTHERS else None


def is_group(cell: Cell) -> bool:
    """Say whether a cell is one of providers that stand together."""
    return _members(dict(cell).get(PROVIDER, "")) is not None


def _with_margins(cell: Cell) -> Iterator[Cell]:
    """A cell, and then its nearest margins: the whole of a distribution stands in one of them."""
    yield cell
    for pair in cell:
        yield tuple(other for other in cell if other != pair)
