"""Facts: what sentences are made of. Each has an id, says where it comes from and cannot be changed.

A figure is a public value with its indicator, period and cell, so everything that the comparison room can work out about it
can be said; a fact that is withheld has no numbers, and no sentence can give it away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from arshjul.catalogue.indicators import Indicator, series_break
from arshjul.catalogue.prose import Wording
from arshjul.comparison.targets import Goal
from arshjul.comparison.values import PublicValue, shown, with_unit
from arshjul.periods import Month, Period, is_of_same_kind
from arshjul.prose.swedish import Noun, inside


@dataclass(frozen=True)
class Fact:
    """Anything that a sentence may say.

    Attributes:
        id: Names it; two facts with one id are the same fact.
        provenance: Where it comes from, for whoever wants to know: a computation, a register, a definition.
    """

    id: str
    provenance: str


@dataclass(frozen=True)
class Measured(Fact):
    """One value of an indicator.

    Attributes:
        indicator: The definition.
        period: What the value is of.
        value: The public value; ``None`` when none is stored.
        subject: What the indicator is called: ``måluppfyllelsen``.
        bare: The same as it stands after "lägst": ``måluppfyllelse``.
        part: The programme, block or question it is limited to, as readers name it; empty for all.
        is_merged: The part is several small ones put together, and none of its own.
        wording: Version of the question's wording, where it is a grade; two wordings do not compare.
    """

    indicator: Indicator
    period: Period
    value: PublicValue | None
    subject: str
    bare: str
    part: str = ""
    is_merged: bool = False
    wording: str | None = None

    @property
    def shown(self) -> Decimal | None:
        """The value as readers see it; ``None`` when withheld or missing."""
        return shown(self.indicator, self.value)

    @property
    def told(self) -> str:
        """The value with its unit; only for one that is shown."""
        if self.shown is None:
            raise ValueError(f"{self.id} has nothing to tell")
        return with_unit(self.indicator, self.shown)

    @property
    def is_protected(self) -> bool:
        """It may reveal a person."""
        return self.value is not None and self.value.is_protected

    @property
    def name(self) -> str:
        """What it is called inside a sentence: ``måluppfyllelsen för jobbpeng grund``."""
        return f"{self.subject} för {inside(self.part)}" if self.part else self.subject


@dataclass(frozen=True)
class Target(Fact):
    """A goal that values are judged by."""

    goal: Goal


@dataclass(frozen=True)
class Count(Fact):
    """How many of something there were.

    Attributes:
        count: How many; ``None`` when nobody has told.
        noun: Of what.
        period: When.
    """

    count: int | None
    noun: Noun
    period: Period


@dataclass(frozen=True)
class Limit(Fact):
    """A limit that something is held against.

    Attributes:
        limit: The number.
        period: When it was held against something, where it matters.
        is_strict: What equals it does not pass: "fler än tio", not "minst tio".
    """

    limit: Decimal
    period: Period | None = None
    is_strict: bool = True

    def is_passed_by(self, number: Decimal | int) -> bool:
        """Say whether a number is above the limit, or at it where that is enough."""
        return number > self.limit or (not self.is_strict and number == self.limit)


@dataclass(frozen=True)
class Span(Fact):
    """From one number to another, both counted in."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Names(Fact):
    """Things with names, in the order they are told.

    Attributes:
        names: The names.
        known: Names that there are; a name outside it is a mistake. Empty when any name will do.
    """

    names: tuple[str, ...]
    known: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Covers(Fact):
    """What a report is about: its own year, and the periods of its data, which need not be of that year (trap T13).

    Attributes:
        year: The year of the report.
        periods: The periods of its data.
    """

    year: int
    periods: tuple[Period, ...]


@dataclass(frozen=True)
class Held(Fact):
    """When something took place."""

    month: Month


@dataclass(frozen=True)
class Trend(Fact):
    """Which way a figure has gone over several periods.

    Attributes:
        subject: What has gone: ``antalet kunder``.
        since: The first period; ``None`` when there are too few to say.
        direction: Up, down, or neither.
    """

    subject: str
    since: Period | None
    direction: Literal[-1, 0, 1]


def trend_of(series: Sequence[Measured], wording: Wording) -> Trend:
    """Find which way a figure has gone: Kendall's tau over its periods.

    Only values that are shown count, and only back to where the series was last broken. Every pair of periods that rose
    counts for and every one that fell against; the share that is left must reach the wording's ``trend_agreement``.

    Args:
        series: The same figure of periods of one length, oldest first.
        wording: How many periods it takes, and how much they must agree.

    Source: Kendall 1938, *A New Measure of Rank Correlation*, Biometrika 30:81–93; requirement R50; N15 "ökar sedan 2014".
    """
    last = series[-1]
    values: list[tuple[Period, Decimal]] = []
    for one in series:
        is_alike = (
            is_of_same_kind(one.period, last.period) and series_break(one.indicator, one.period, last.period) is None
        )
        if is_alike and one.shown is not None:
            values.append((one.period, one.shown))
        else:
            values.clear()
    fact_id = f"trend({', '.join(one.id for one in series)})"
    if len(values) < wording.trend_periods:
        return Trend(fact_id, last.provenance, last.name, None, 0)
    pairs = [(here, there) for place, (_, here) in enumerate(values) for _, there in values[place + 1 :]]
    tau = Decimal(sum((there > here) - (there < here) for here, there in pairs)) / len(pairs)
    agreed = abs(tau) >= wording.trend_agreement
    direction: Literal[-1, 0, 1] = (1 if tau > 0 else -1) if agreed else 0
    return Trend(fact_id, last.provenance, last.name, values[0][0], direction)
