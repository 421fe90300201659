"""From tables to one linear system: every count that follows from any of them, and every way they hang together.

A count is one variable wherever it stands: in another indicator, in another table, in an earlier release with the same
value. What has left the house cannot be hidden any more; what was withheld then stays withheld. Source:
facts/privacy.md §1.3 and §1.6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

from arshjul.catalogue.disclosure import FEW, Relations, as_count
from arshjul.catalogue.indicators import Indicator
from arshjul.disclosure.beside import between, within_periods
from arshjul.disclosure.figures import UNTOLD, Cell, Counted, FigureKey, Need, PeriodTable, counts, few_persons
from arshjul.disclosure.lines import Fact, Facts, Lines
from arshjul.disclosure.profile import reduce
from arshjul.disclosure.system import Row, System, Variable
from arshjul.periods import Period

MOST_BREAKDOWNS = 2
"""A cell with fewer is a margin, and dearer to withhold: three times for each."""


@dataclass
class _Count:
    """What is known of one variable while the system is built."""

    value: int
    need: Need | None = None
    is_out: bool = False
    was_withheld: bool = False
    stands: bool = False
    is_kept: bool = False
    weight: float = 0.0


@dataclass
class Built:
    """A system and what it is about.

    Attributes:
        system: For the engine.
        cells: The new tables' cells, each with the keys of the variables that must be public for it to be shown.
        left_out: The same for what was left out.
        merged: Rows of providers shown together: never shown.
    """

    system: System
    cells: Mapping[tuple[str, FigureKey], tuple[str, ...]]
    left_out: Mapping[tuple[str, tuple[str, str]], str]

    def shown(self, table: PeriodTable, hidden: frozenset[str]) -> frozenset[FigureKey]:
        """Say which cells of a new table may be shown when some variables are hidden."""
        public = self._public(hidden)
        return frozenset(
            figure for (name, figure), keys in self.cells.items() if name == table.name and public.issuperset(keys)
        )

    def left_out_shown(self, table: PeriodTable, hidden: frozenset[str]) -> frozenset[tuple[str, str]]:
        """Say which counts of what a new table left out may be shown."""
        public = self._public(hidden)
        return frozenset(one for (name, one), key in self.left_out.items() if name == table.name and key in public)

    def _public(self, hidden: frozenset[str]) -> frozenset[str]:
        return frozenset(one.key for one in self.system.variables if one.shown and one.key not in hidden)


@dataclass
class _Builder:
    indicators: Mapping[str, Indicator]
    relations: Relations
    keeps_zeros: bool = False
    nested: frozenset[str] = field(init=False)
    counts: dict[str, _Count] = field(default_factory=dict)
    cells: dict[tuple[str, FigureKey], tuple[str, ...]] = field(default_factory=dict)
    left_out: dict[tuple[str, tuple[str, str]], str] = field(default_factory=dict)
    displayed: dict[tuple[str, str, Cell], set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # What one indicator takes as its whole and another counts as its part: 0 of it may be sensitive.
        parts = [
            name for group in self.relations.same if any(one.endswith(".taljare") for one in group) for name in group
        ]
        parts += [smaller for _, smaller in self.relations.rests if smaller.endswith(".antal")]
        parts += [one.count for one in self.relations.later]
        self.nested = frozenset(".".join(self.relations.canonical(as_count(name))) for name in parts)

    def enter(self, table: PeriodTable) -> Facts:
        """Enter every count of a table."""
        facts: Facts = {}
        reduced = reduce(table.figures, table.grouping)
        months = len(table.period.months)
        for figure_key, figure in sorted(reduced.figures.items(), key=lambda item: item[0]):
            indicator = self.indicators[figure_key[0]]
            found = counts(indicator, figure_key[1], figure, self.relations, months)
            is_candidate = figure_key not in reduced.merged and not self._is_sensitive_programme(figure_key[1])
            keys = []
            may_be_somebody = any(one.name in self.nested for one in found)
            for one in found:
                cell = _named(one.cell, table.grouping.get(indicator.id, ()))
                key = self._count(table, figure_key, one, cell, is_candidate, may_be_somebody or self.keeps_zeros)
                facts[one.name, cell] = Fact(key, one.value, one.adds_up, one.part_of, one.few)
                if one.stands and key:
                    keys.append(key)
            if is_candidate and table.shown is None:
                self.cells[table.name, figure_key] = tuple(keys)
                if all(one.need is None for one in found):  # else it is withheld anyway
                    for key in keys:
                        self.counts[key].weight += self._weight(figure_key, self.counts[key].value)
        self._enter_left_out(table, facts)
        return facts

    def _count(
        self,
        table: PeriodTable,
        figure_key: FigureKey,
        one: Counted,
        cell: Cell,
        is_candidate: bool,
        may_be_somebody: bool,
    ) -> str | None:
        if not one.value and one.need is None and not may_be_somebody:
            return None
        key = f"{_place(table.period, one.name, cell)} = {one.value}"
        count = self.counts.setdefault(key, _Count(one.value))
        count.need = _wider(count.need, one.need)
        where = (table.period.key, one.name, cell)
        if table.shown is None:
            count.stands |= one.stands and is_candidate
            for before in self.displayed.get(where, ()):
                if 0 < abs(one.value - before) < FEW:
                    count.is_kept = True
                    count.need = _wider(count.need, _around(one.value, before))
        elif figure_key in table.shown:
            count.is_out |= one.stands
            self.displayed.setdefault(where, set()).add(one.value)
        elif one.stands:
            count.was_withheld = True
        return key

    def _enter_left_out(self, table: PeriodTable, facts: Facts) -> None:
        for (indicator_id, reason), number in sorted(table.left_out.items()):
            whole = self.relations.left_out.get(indicator_id)
            name = f"{whole or indicator_id} utan {reason}"
            key = f"{table.period.key} {name} = {number}"
            count = self.counts.setdefault(key, _Count(number, need=few_persons(number)))
            count.weight += 1.0
            if reason == UNTOLD:
                count.was_withheld = True
            elif table.shown is None:
                count.stands = True
                self.left_out[table.name, (indicator_id, reason)] = key
            elif (indicator_id, reason) in table.left_out_shown:
                count.is_out = True
            else:
                count.was_withheld = True
            facts[f"{indicator_id} utan {reason}", ()] = Fact(key, number, False, None, FEW)

    def _is_sensitive_programme(self, cell: Cell) -> bool:
        programme = dict(cell).get("insatstyp")
        return len(cell) > 1 and programme in self.relations.sensitive_programmes

    def _weight(self, figure_key: FigureKey, value: int) -> float:
        indicator_id, cell = figure_key
        factor = self.relations.weights.get(indicator_id, 1.0)
        return float(factor * (1 + log(1 + value)) * 3.0 ** (MOST_BREAKDOWNS - min(len(cell), MOST_BREAKDOWNS)))

    def system(self, lines: Lines, fresh: frozenset[str]) -> System:
        """Make the system of what the new tables can be set beside."""
        for key, rest in lines.rests.items():
            count = self.counts.setdefault(key, _Count(rest.value))
            count.need = _wider(count.need, rest.need)
        wanted = self._connected(lines, fresh | lines.fresh_rests)
        rows = [(kind, row) for kind, row in lines.rows() if any(key in wanted for key, _ in row)]
        named = sorted({key for _, row in rows for key, _ in row} | wanted)
        number = {key: index for index, key in enumerate(named)}

        def of(kind: str) -> tuple[Row, ...]:
            return tuple(tuple((number[key], sign) for key, sign in row) for one, row in rows if one == kind)

        return System(tuple(self._variable(key) for key in named), of("equation"), of("inequality"))

    def _variable(self, key: str) -> Variable:
        count = self.counts[key]
        weight = max(count.weight, 0.1)
        if count.is_out:
            return Variable(key, count.value, shown=True, forced=True, weight=weight)
        shown = count.stands and not (count.was_withheld or count.is_kept)
        low, high = count.need or (None, None)
        return Variable(key, count.value, shown, False, low, high, weight)

    def _connected(self, lines: Lines, fresh: frozenset[str]) -> frozenset[str]:
        """Every variable that is not out yet and hangs together with a new one through others that are not out."""
        beside: dict[str, list[Sequence[tuple[str, int]]]] = {}
        for _, row in lines.rows():
            for key, _ in row:
                beside.setdefault(key, []).append(row)
        waiting = [key for key in fresh if not self.counts[key].is_out]
        found = set(waiting)
        while waiting:
            for line in beside.get(waiting.pop(), ()):
                for key, _ in line:
                    if key not in found and not self.counts[key].is_out:
                        found.add(key)
                        waiting.append(key)
        return frozenset(found)


def build(
    indicators: Mapping[str, Indicator],
    relations: Relations,
    reached: Mapping[str, frozenset[str]],
    tables: Sequence[PeriodTable],
    *,
    keeps_zeros: bool = False,
) -> Built:
    """Make one system of new tables and everything they can be set beside.

    Args:
        indicators: The catalogue.
        relations: How its counts hang together.
        reached: For each declared sum, by its whole, the codes of the distribution that make it up.
        tables: Released tables first, in the order they were released; then the new ones.
        keeps_zeros: Whether a count of 0 that says nothing of anybody may be unknown all the same.
    """
    builder = _Builder(indicators, relations, keeps_zeros)
    entered = [(table, builder.enter(table)) for table in tables]
    lines = Lines(indicators, relations, reached)
    for table, facts in entered:
        lines.within(table, facts)
    within_periods(lines, entered)
    between(lines, entered)
    fresh = frozenset(
        fact.key for table, facts in entered if table.shown is None for fact in facts.values() if fact.key
    )
    return Built(builder.system(lines, fresh), builder.cells, builder.left_out)


def place(period: Period, name: str, cell: Cell, members: Iterable[str]) -> str:
    """Say where a count stands: its key without its number.

    Args:
        period: Of what period it is.
        name: What is counted.
        cell: In which cell.
        members: The providers that its indicator shows together.
    """
    return _place(period, name, _named(cell, members))


def place_of(key: str) -> str:
    """Return the place of a variable; a remainder's is its key."""
    return key.partition(" = ")[0]


def _place(period: Period, name: str, cell: Cell) -> str:
    return f"{period.key} {name} {_words(cell)}"


def _named(cell: Cell, members: Iterable[str]) -> Cell:
    """Name a group by its members, so that two groups are never taken for the same."""
    return tuple(
        (name, f"{code}: {' '.join(members)}" if code == "ovriga" and name == "anordnare" else code)
        for name, code in cell
    )


def _words(cell: Cell) -> str:
    return ",".join(f"{name}={code}" for name, code in cell)


def _wider(one: Need | None, other: Need | None) -> Need | None:
    if one is None or other is None:
        return one or other
    return (min(one[0], other[0]), max(one[1], other[1]))


def _around(value: int, before: int) -> Need:
    """What must be left open about a figure that was shown and has changed by a few: nobody, or at least five."""
    return (before, before + FEW) if value > before else (max(0, before - FEW), before)
