"""One public value, and how readers see it: the rounding that every comparison is made between.

Everything in this room is a function of public values: a value that may reveal a person comes without its numbers, so
nothing made from it can give it away. Comparisons are made between values as they are shown, so that what is printed
always adds up for the reader (docs/decisions.md, "Report").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from arshjul.catalogue.indicators import Indicator
from arshjul.comparison.numbers import MISSING, PROTECTED, counted, number, percentage_points, rounded

MERGED = "ovriga"
"""Code of the small providers that the public tables put together."""

_SINGULAR = {
    "besök": "besök",
    "dagar": "dag",
    "insatser": "insats",
    "kronor": "krona",
    "kunder per coach": "kund per coach",
    "personer": "person",
    "synpunkter": "synpunkt",
    "timmar": "timme",
    "ärenden": "ärende",
}


class Figure(Protocol):
    """What it takes to be shown: a value, or word that it may reveal a person."""

    @property
    def value(self) -> Decimal | None:
        """Unrounded; ``None`` when protected or when there is nothing to divide by."""

    @property
    def is_protected(self) -> bool:
        """It may reveal a person."""


@dataclass(frozen=True)
class PublicValue:
    """One value as the public table holds it. A protected one has no numbers.

    Attributes:
        numerator: Sum of numerators.
        denominator: Sum of denominators; ``None`` for counts, sums and medians.
        value: Unrounded, in the unit it is computed in (a share is between 0 and 1).
        observations: Number of observations.
        is_protected: It may reveal a person.
        interval_low: Lower end of the interval that was published with a mean or a median, in the value's unit.
        interval_high: Its upper end.
    """

    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    observations: int | None
    is_protected: bool = False
    interval_low: Decimal | None = None
    interval_high: Decimal | None = None


def is_percent(indicator: Indicator) -> bool:
    """Say whether readers see the value in percent."""
    return indicator.unit == "procent"


def scale(indicator: Indicator) -> int:
    """What a computed value is multiplied by to be shown: 100 for percent, otherwise 1."""
    return 100 if is_percent(indicator) else 1


def shown(indicator: Indicator, value: Figure | None) -> Decimal | None:
    """Round a value as readers see it (percent for shares), or ``None`` when there is nothing to show."""
    if value is None or value.is_protected or value.value is None:
        return None
    return rounded(value.value * scale(indicator), indicator.decimals)


def words(indicator: Indicator, value: Figure | None) -> str:
    """The value as text, without its unit: ``44``, ``1,3``, ``..`` or ``–``."""
    if value is not None and value.is_protected:
        return PROTECTED
    seen = shown(indicator, value)
    return MISSING if seen is None else number(seen, indicator.decimals)


def with_unit(indicator: Indicator, size: Decimal, decimals: int | None = None) -> str:
    """A number in the indicator's unit, rightly inflected: ``44 procent``, ``1 dag``, ``2,5 dagar``."""
    places = indicator.decimals if decimals is None else decimals
    return counted(size, _SINGULAR.get(indicator.unit, indicator.unit), indicator.unit, places)


def amount_of_change(indicator: Indicator, difference: Decimal, decimals: int | None = None) -> str:
    """The size of a difference with its unit: ``2 dagar``, ``1 procentenhet``; a count has none.

    Args:
        indicator: Says unit and kind.
        difference: Between two shown values; its sign is not told.
        decimals: As many as the indicator's, unless said.
    """
    places = indicator.decimals if decimals is None else decimals
    if is_percent(indicator):
        return percentage_points(difference, places)
    if indicator.kind == "count":
        return number(abs(difference), places)
    return with_unit(indicator, abs(difference), places)


def places_of(*numbers: Decimal) -> int:
    """How many decimals it takes to write all the numbers out: 0 for 65, 1 for 2.50."""
    return max((len(f"{one.normalize():f}".partition(".")[2]) for one in numbers), default=0)


def rounded_parts(parts: Sequence[Fraction], total: Decimal, decimals: int) -> tuple[Decimal, ...]:
    """Round parts so that they sum exactly to a total that is already rounded.

    Every part is rounded down; what is then missing goes one unit at a time to the parts that lost most, the first one
    on a tie (largest remainder: Balinski and Young 1982, *Fair Representation*). Where the total was rounded by more
    than the parts lost, every part takes its share in turn.

    Args:
        parts: Exact, in the total's unit.
        total: Rounded to ``decimals``.
        decimals: Decimals of the result.

    Raises:
        ValueError: There are no parts but something to share out.
    """
    unit = Fraction(1, 10**decimals)
    floors = [part // unit for part in parts]
    left = int(Fraction(total) / unit) - sum(floors)
    if not parts:
        if left:
            raise ValueError("a total without parts")
        return ()
    every, some = divmod(left, len(parts))
    most_lost = sorted(range(len(parts)), key=lambda place: (floors[place] * unit - parts[place], place))[:some]
    return tuple(Decimal(floor + every + (place in most_lost)).scaleb(-decimals) for place, floor in enumerate(floors))
