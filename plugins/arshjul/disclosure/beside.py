"""Every way that counts of different periods hang together.

What happens once is counted in one stretch of the year, so that stretches add up; what goes on for a while is counted in
each period it touches. Source: facts/privacy.md §1.3 and §1.5, "Periods".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

from arshjul.catalogue.disclosure import FEW
from arshjul.disclosure.figures import Cell, Need, PeriodTable, few_persons, side_of_share
from arshjul.disclosure.lines import NOTHING, Fact, Facts, Lines, Rest, is_group
from arshjul.disclosure.spans import Span, Timeline, span_of

Entered = Sequence[tuple[PeriodTable, Facts]]


def between(lines: Lines, entered: Entered) -> None:
    """Enter what holds between periods: stretches of a year and their sums, and what comes back months later.

    Args:
        lines: The lines of the system.
        entered: Every table with its counts; of a period's versions the newest counts.
    """
    latest = newest(entered)
    tables_told = [one for own in latest.values() for one in own]
    together = {key: (own[0][0], _together(own)) for key, own in latest.items()}
    years: dict[int, _Year] = {}
    for year in sorted({table.period.start.year for table, _ in tables_told}):
        # The released ones first: what follows from them alone is nothing new. Short ones before long ones, which
        # are then more or less than their parts by what came late.
        tables = sorted(
            (one for one in tables_told if one[0].period.start.year == year),
            key=lambda one: (one[0].shown is None, len(one[0].period.months), one[0].period.start),
        )
        years[year] = _Year(lines, year, tables)
        years[year].enter()
    _flows(lines, years, list(together.values()))
    for table, facts in entered:
        _later(lines, table, facts, together)


def newest(entered: Entered) -> dict[str, list[tuple[PeriodTable, Facts]]]:
    """Give each period's tables, the newest first, each with the counts that no newer one tells.

    Reports show some measures each: a newer table of a period does not take the place of an older one's other measures.
    """
    found: dict[str, list[tuple[PeriodTable, Facts]]] = {}
    for table, facts in reversed(entered):
        own = found.setdefault(table.period.key, [])
        told = {(name, _breakdowns(cell)) for _, other in own for name, cell in other}
        left = {key: fact for key, fact in facts.items() if (key[0], _breakdowns(key[1])) not in told}
        if left or not own:
            own.append((table, left))
    return found


def within_periods(lines: Lines, entered: Entered) -> None:
    """Enter what holds between the tables of one period that show some measures each.

    Args:
        lines: The lines of the system.
        entered: Every table with its counts, released ones first.
    """
    released = [one for one in entered if one[0].shown is not None]
    # What follows from released tables alone comes first, so that it is not taken for new.
    for tables in (*newest(released).values(), *newest(entered).values()):
        if len(tables) > 1:
            left_out: dict[tuple[str, str], int] = {}
            for table, _ in tables:
                told = {indicator_id for indicator_id, _ in left_out}
                left_out |= {key: number for key, number in table.left_out.items() if key[0] not in told}
            lines.within(replace(tables[0][0], left_out=left_out), _together(tables))


def _together(tables: Entered) -> Facts:
    return {key: fact for _, facts in tables for key, fact in facts.items()}


class _Line:
    """One count in one cell over a year.

    Args:
        known: The tables that tell it, released ones first, each with what it tells.

    Attributes:
        timeline: What follows from all of them.
        before: What followed from the released ones alone.
        own: The spans that a table tells, as it tells them.
        differing: Tables that do not agree with the rest, and what they tell.
    """

    def __init__(self, known: Sequence[tuple[PeriodTable, Fact]]) -> None:
        self.known = known
        self.timeline = Timeline()
        self.before = self.timeline
        self.own: dict[Span, Fact] = {}
        self.differing: list[tuple[PeriodTable, Fact]] = []
        for table, fact in known:
            if table.shown is None and self.before is self.timeline:
                self.before = self.timeline.copy()
            if self.timeline.enter(span_of(table.period), fact.value):
                self.own[span_of(table.period)] = fact
            else:
                self.differing.append((table, fact))


class _Year:
    """What hangs together within one calendar year.

    Args:
        lines: The lines of the system.
        year: The year.
        tables: The newest table of each period in it, in the order their counts are to be put together.
    """

    def __init__(self, lines: Lines, year: int, tables: Entered) -> None:
        self._lines = lines
        self._year = year
        self._tables = tables
        self._lines_of: dict[tuple[str, Cell], _Line] = {}

    def enter(self) -> None:
        """Enter every line between the year's tables."""
        found = self._lines_of = {key: _Line(known) for key, known in self._told().items() if known}
        for (name, cell), line in found.items():
            if len(line.known) == 1:
                continue
            if self._lasts(name):
                self._lasting(f"{self._year} {name} {cell}", line.known)
                continue
            part_of = next((fact.part_of for _, fact in line.known if fact.part_of), None)
            self._happening(name, cell, line, found.get((part_of or "", cell)))

    def _told(self) -> dict[tuple[str, Cell], list[tuple[PeriodTable, Fact]]]:
        """Each count in each cell, and the tables that tell it.

        A table without a cell of a breakdown that it has tells that nobody is there; but a group of providers that it
        does not have is not nobody: its members stand in other lines.
        """
        moving = self._lines.relations.moving
        cuts = [{(name, _breakdowns(cell)) for name, cell in facts} for _, facts in self._tables]
        told: dict[tuple[str, Cell], list[tuple[PeriodTable, Fact]]] = {}
        for name, cell in dict.fromkeys(sorted(key for _, facts in self._tables for key in facts)):
            if any(breakdown in moving for breakdown in _breakdowns(cell)):
                continue
            told[name, cell] = [
                (table, facts.get((name, cell), NOTHING))
                for (table, facts), cut in zip(self._tables, cuts, strict=True)
                if (name, cell) in facts or (not is_group(cell) and (name, _breakdowns(cell)) in cut)
            ]
        return told

    def _lasts(self, name: str) -> bool:
        return name.partition(" utan ")[0].partition(".")[0] in self._lines.relations.lasting

    def _happening(self, name: str, cell: Cell, line: _Line, whole: _Line | None) -> None:
        """Enter the stretches of one count of what happens once."""
        place = f"{self._year} {name} {cell}"

        def fact(span: Span) -> Fact:
            return self._fact(name, cell, line, whole, span)

        for span in line.timeline.spans():
            pieces = line.timeline.pieces(span)
            if len(pieces) > 1 and (span in line.own or self._need(name, line, whole, span)):
                self._lines.add_up(fact(span), [fact(piece) for piece in pieces], is_fresh=False, place=place)
        for table, other in line.differing:
            span = span_of(table.period)
            if line.timeline.count(span) is not None:
                pieces_of = [fact(piece) for piece in line.timeline.pieces(span)]
                self._lines.add_up(other, pieces_of, is_fresh=True, place=table.period.key, is_open=True)
        self._around(place, line, whole)

    def _need(self, name: str, line: _Line, whole: _Line | None, span: Span) -> Need | None:
        count = line.timeline.count(span) or 0
        of = (whole.timeline.count(span) or 0) if whole else 0
        return few_persons(count, self._few(name, span, line)) or (side_of_share(count, of) if of > 0 else None)

    def _fact(self, name: str, cell: Cell, line: _Line, whole: _Line | None, span: Span) -> Fact:
        """The count of a span that follows: what a table tells of it, else a count that no table shows."""
        if span in line.own:
            return line.own[span]
        count = line.timeline.count(span) or 0
        key = f"{self._year} {name} {cell} {span} = {count}"
        rest = Rest(count, self._need(name, line, whole, span))
        self._lines.enter_rest(key, rest, is_fresh=line.before.count(span) is None)
        return replace(NOTHING, key=key, value=count)

    def pieces(self, name: str, cell: Cell, span: Span) -> list[Fact] | None:
        """Give the pieces of a span of what is no share of anything; None when its count does not follow.

        Args:
            name: What is counted.
            cell: In which cell.
            span: The boundaries.
        """
        line = self._lines_of.get((name, cell))
        if line is None or line.timeline.count(span) is None:
            return None
        return [self._fact(name, cell, line, None, piece) for piece in line.timeline.pieces(span)]

    def _around(self, place: str, line: _Line, whole: _Line | None) -> None:
        """A period less another one in the midst of it: what remains lies on both sides."""
        for table, fact in line.known:
            for other, inner in line.known:
                (first, last), (begins, ends) = span_of(table.period), span_of(other.period)
                if not (first < begins and ends < last) or fact.value < inner.value:
                    continue
                of = 0
                if whole and (first, last) in whole.own and (begins, ends) in whole.own:
                    of = whole.own[first, last].value - whole.own[begins, ends].value
                rest = fact.value - inner.value
                hangs_together = line.timeline.count((first, begins)) is not None
                if not hangs_together or few_persons(rest, fact.few) or (of > 0 and side_of_share(rest, of)):
                    is_fresh = table.shown is None or other.shown is None
                    self._lines.add_up(fact, [inner], is_fresh, place, is_open=True, rest_of_whole=of)

    def _few(self, name: str, span: Span, line: _Line) -> int:
        """The limit of a count in a span; where persons are counted anew each month, of so many months."""
        indicator = self._lines.indicators.get(name.partition(".")[0])
        if indicator is not None and indicator.disclosure == "kvot_personer":
            return FEW * (span[1] - span[0])
        return line.known[0][1].few

    def _lasting(self, place: str, known: Sequence[tuple[PeriodTable, Fact]]) -> None:
        """What goes on: a period has at least what a part of it has, and at most the sum of parts that make it up.

        A period less a part of it is those who were not there in the part, and they are persons that can be counted.
        """
        for table, whole in known:
            months = set(table.period.months)
            inside = [(other, fact) for other, fact in known if set(other.period.months) < months]
            for other, fact in inside:
                if whole.value >= fact.value:
                    is_fresh = table.shown is None or other.shown is None
                    self._lines.add_up(whole, [fact], is_fresh, place, is_open=True)
            cover = []
            for other, fact in sorted(inside, key=lambda one: (-len(one[0].period.months), one[0].period.start)):
                if set(other.period.months) <= months:
                    cover.append(fact)
                    months -= set(other.period.months)
            if not months:
                self._lines.at_most_sum(whole, cover)


def _flows(lines: Lines, years: Mapping[int, _Year], tables: Entered) -> None:
    """Enter what two periods tell together of who came and who went in between.

    Active in a period is who had started by its end, less who had ended before it: of two periods the later one has
    those of the earlier one, less those who ended from the one beginning to the other, and those who started from the
    one end to the other.
    """
    order = sorted(tables, key=lambda one: (one[0].period.start, one[0].period.end))
    for flow in lines.relations.flows:
        active, started, ended = (lines.canonical(name) for name in (flow.active, flow.started, flow.ended))
        for (table, facts), (later, other) in combinations(order, 2):
            here, there = table.period, later.period
            between_starts = _inside_a_year(here.start, there.start)
            forward = here.end <= there.end
            between_ends = _inside_a_year(*(_after(one) for one in sorted((here.end, there.end))))
            if between_starts is None or between_ends is None:
                continue
            for name, cell in facts:
                if name != active or is_group(cell) or (active, cell) not in other:
                    continue
                gone = _pieces(years, ended, cell, *between_starts)
                came = _pieces(years, started, cell, *between_ends)
                if gone is None or came is None:
                    continue
                left, right = [other[active, cell], *gone], [facts[active, cell]]
                (right if forward else left).extend(came)
                if sum(one.value for one in left) == sum(one.value for one in right):
                    lines.balance(left, right)


def _pieces(years: Mapping[int, _Year], name: str, cell: Cell, year: int, span: Span) -> list[Fact] | None:
    """The pieces of a span; nothing lies between a boundary and itself."""
    if span[0] == span[1]:
        return []
    return years[year].pieces(name, cell, span) if year in years else None


def _after(day: date) -> date:
    return day + timedelta(days=1)


def _inside_a_year(first: date, last: date) -> tuple[int, Span] | None:
    """The year and the boundaries of the months from one first day of a month to another; None over more than a year."""
    months = (last.year - first.year) * 12 + last.month - 1
    return (first.year, (first.month - 1, months)) if months <= 12 else None


def _later(lines: Lines, table: PeriodTable, facts: Facts, latest: Mapping[str, tuple[PeriodTable, Facts]]) -> None:
    """Enter what comes back so many months later: who reached the goal is followed up."""
    for one in lines.relations.later:
        earlier = _earlier(table, one.months, latest)
        if not earlier:
            continue
        count, of = lines.canonical(one.count), lines.canonical(one.of)
        for name, cell in facts:
            if name != count or is_group(cell):
                continue
            pieces = [other.get((of, cell), NOTHING) for _, other in earlier]
            if facts[name, cell].value == sum(piece.value for piece in pieces):
                lines.add_up(facts[name, cell], pieces, table.shown is None, table.period.key)


def _earlier(table: PeriodTable, months: int, latest: Mapping[str, tuple[PeriodTable, Facts]]) -> Entered:
    """The newest tables of just the months that came so many months before a period's."""
    wanted = {_before(month.year, month.month, months) for month in table.period.months}
    found: list[tuple[PeriodTable, Facts]] = []
    for one in sorted(latest.values(), key=lambda one: (-len(one[0].period.months), one[0].period.start)):
        own = {(month.year, month.month) for month in one[0].period.months}
        if own <= wanted:
            found.append(one)
            wanted -= own
    return [] if wanted else found


def _before(year: int, month: int, months: int) -> tuple[int, int]:
    place = year * 12 + month - 1 - months
    return place // 12, place % 12 + 1


def _breakdowns(cell: Cell) -> tuple[str, ...]:
    return tuple(pair[0] for pair in cell)
