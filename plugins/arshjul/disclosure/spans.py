"""What follows from a year's tables by adding and subtracting: every stretch of months between two that they begin or end at.

Tertial 1 and January–May give May; January–October less January–August gives September and October, though neither has a
table of its own. The boundaries between months are places on a line; a table says how far it is from one place to another,
and two places hang together when tables lead from the one to the other. Source: facts/privacy.md §1.5, "Periods".
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from arshjul.periods import Period

Span = tuple[int, int]
"""Boundaries between months, 0 (before January) to 12 (after December): ``(4, 8)`` is May to August."""


def span_of(period: Period) -> Span:
    """Give the boundaries of a period inside its calendar year."""
    return period.start.month - 1, period.end.month


class Timeline:
    """One count over a year, as far as tables tell it."""

    def __init__(self) -> None:
        self._places: dict[int, dict[int, int]] = {}

    def copy(self) -> Timeline:
        """Give a timeline that knows the same and can be told more."""
        other = Timeline()
        for together in {id(one): one for one in self._places.values()}.values():
            own = dict(together)
            other._places |= dict.fromkeys(own, own)
        return other

    def enter(self, span: Span, count: int) -> bool:
        """Enter what a table says of a span.

        Args:
            span: Its boundaries.
            count: How many it counts there.

        Returns:
            False, and nothing is entered, when other tables say something else, or when some stretch would get a count
            below nought: late rows, or rows taken back, between two points of knowledge.
        """
        first, last = span
        before, after = self._places.get(first, {first: 0}), self._places.get(last, {last: 0})
        if last in before:
            return before[last] - before[first] == count
        moved = before[first] + count - after[last]
        joined = dict(sorted({**before, **{place: at + moved for place, at in after.items()}}.items()))
        if any(later < earlier for earlier, later in pairwise(joined.values())):
            return False
        self._places |= dict.fromkeys(joined, joined)
        return True

    def count(self, span: Span) -> int | None:
        """Say how many a span holds, when that follows."""
        together = self._places.get(span[0], {})
        return together[span[1]] - together[span[0]] if span[1] in together else None

    def pieces(self, span: Span) -> list[Span]:
        """Cut a span whose count follows at every place that hangs together with its ends."""
        places = [place for place in self._places[span[0]] if span[0] <= place <= span[1]]
        return list(pairwise(places))

    def spans(self) -> Iterator[Span]:
        """Give every span whose count follows."""
        for first in sorted(self._places):
            yield from ((first, last) for last in self._places[first] if last > first)
