"""How a value has changed since another period, what may be said of it, and when nothing may.

* Both values must be stored and public: otherwise "jämförelsevärde saknas", or that the comparison is not shown.
* The periods must be of one kind. A tertial beside a year is marked "ej jämförbar period" and no difference is given: a
  short period also holds fewer of those who stay long (requirements R59, T10).
* A definition that has changed in between is a broken series: the difference stands, marked, and nothing is said of
  chance.
* The difference is taken between the values as they are shown, so that what is printed adds up.
* Whether it is beyond chance is judged on the public values behind them. Shares: Newcombe's interval of a difference
  (Newcombe 1998, *Interval Estimation for the Difference Between Independent Proportions*, Statistics in Medicine
  17:873–890, method 10). Means and medians: beyond chance when the two intervals do not overlap, which is careful: some
  true differences are taken for chance (Schenker and Gentleman 2001, *On Judging the Significance of Differences by
  Examining the Overlap Between Confidence Intervals*, The American Statistician 55:182–186). Counts, sums and ratios:
  nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from arshjul.catalogue.indicators import Indicator, series_break
from arshjul.comparison.numbers import MISSING, PROTECTED, signed
from arshjul.comparison.uncertainty import Interval, interval, wilson
from arshjul.comparison.values import Figure, PublicValue, amount_of_change, shown
from arshjul.periods import Period, is_of_same_kind

NOT_COMPARABLE = "jämförelsevärde saknas"
OTHER_PERIOD = "ej jämförbar period"
NOT_SHOWN = "jämförelsen visas inte, eftersom den kan röja en person"

_MORE_AND_LESS = {"dagar": ("längre", "kortare")}


@dataclass(frozen=True)
class Comparison:
    """A value beside the value of another period.

    Attributes:
        then_period: The period compared with.
        state: ``jamforbar``; or why there is no difference: ``saknas``, ``visas_inte`` (protected), ``annan_period``.
        difference: Between the values as shown, in percentage points for percent; ``None`` unless comparable.
        is_beyond_chance: Whether the difference is greater than chance gives; ``None`` when that cannot be said.
        broken_by: What changed in the definition between the periods, as a sentence; ``None`` when nothing did.
        mark: What stands in a table's cell: ``+3``, ``..``, ``–`` or ``ej jämförbar period``.
        words: The end of a sentence about the value: ``3 procentenheter lägre än tertial 1 2025``, or why not.
    """

    then_period: Period
    state: Literal["jamforbar", "saknas", "visas_inte", "annan_period"]
    difference: Decimal | None
    is_beyond_chance: bool | None
    broken_by: str | None
    mark: str
    words: str

    @property
    def chance(self) -> str | None:
        """A sentence on chance, or ``None`` when nothing can be said or nothing has changed."""
        if self.is_beyond_chance is None or not self.difference:
            return None
        if self.is_beyond_chance:
            return "Skillnaden är större än vad slumpen brukar ge."
        return "Skillnaden är inte större än vad slumpen kan ge."

    @property
    def caution(self) -> str | None:
        """The sentence on a broken series, or ``None`` when the series is whole."""
        if self.broken_by is None:
            return None
        return f"Serien är bruten mellan perioderna. {self.broken_by}"


def compare(
    indicator: Indicator, now: PublicValue | None, then: PublicValue | None, period: Period, then_period: Period
) -> Comparison:
    """Compare a value with that of another period.

    Args:
        indicator: The definition.
        now: The public value of ``period``.
        then: The public value of ``then_period``; ``None`` when none is stored.
        period: What is told of.
        then_period: What it is compared with.
    """
    if not is_of_same_kind(period, then_period):
        return _none(then_period, "annan_period", OTHER_PERIOD, OTHER_PERIOD)
    if any(value is not None and value.is_protected for value in (now, then)):
        return _none(then_period, "visas_inte", PROTECTED, NOT_SHOWN)
    new, old = shown(indicator, now), shown(indicator, then)
    if new is None or old is None or _is_empty(indicator, now) or _is_empty(indicator, then):
        return _none(then_period, "saknas", MISSING, NOT_COMPARABLE)
    difference = new - old
    broken = series_break(indicator, then_period, period)
    return Comparison(
        then_period,
        "jamforbar",
        difference,
        None if broken else is_beyond_chance(indicator, now, then),
        None if broken is None else broken.what,
        signed(difference, indicator.decimals),
        change_words(indicator, now, then, then_period),
    )


def difference_between(indicator: Indicator, now: Figure | None, then: Figure | None) -> Decimal | None:
    """The difference between two shown values, or ``None`` when either is missing or protected."""
    new, old = shown(indicator, now), shown(indicator, then)
    return None if new is None or old is None else new - old


def change_words(indicator: Indicator, now: Figure | None, then: Figure | None, then_period: Period) -> str:
    """How a value has changed since another period: ``10 fler än tertial 3 2025``, ``oförändrat jämfört med …``."""
    difference = difference_between(indicator, now, then)
    if difference is None:
        return NOT_COMPARABLE
    if difference == 0:
        return f"oförändrat jämfört med {then_period.title}"
    more, less = (
        ("fler", "färre") if indicator.kind == "count" else _MORE_AND_LESS.get(indicator.unit, ("högre", "lägre"))
    )
    return f"{amount_of_change(indicator, difference)} {more if difference > 0 else less} än {then_period.title}"


def newcombe(numerator: Decimal, denominator: Decimal, other: Decimal, other_denominator: Decimal) -> Interval | None:
    """Give the interval of the difference between two independent shares, the first minus the other.

    Returns:
        The ends, between −1 and 1; ``None`` when either has nothing to divide by.

    Source: Newcombe 1998 (see the module), method 10: built of the two Wilson intervals.
    """
    first, second = wilson(numerator, denominator), wilson(other, other_denominator)
    if first is None or second is None:
        return None
    here, there = numerator / denominator, other / other_denominator
    down = ((here - first.low) ** 2 + (second.high - there) ** 2).sqrt()
    up = ((first.high - here) ** 2 + (there - second.low) ** 2).sqrt()
    return Interval(here - there - down, here - there + up)


def is_beyond_chance(indicator: Indicator, now: PublicValue | None, then: PublicValue | None) -> bool | None:
    """Say whether two periods differ by more than chance gives, or ``None`` when that cannot be said."""
    new, old = interval(indicator, now), interval(indicator, then)
    if now is None or then is None or new is None or old is None:
        return None
    if indicator.kind != "share":
        return new.low > old.high or new.high < old.low
    if now.numerator is None or now.denominator is None or then.numerator is None or then.denominator is None:
        return None
    difference = newcombe(now.numerator, now.denominator, then.numerator, then.denominator)
    return difference is not None and not difference.low <= 0 <= difference.high


def _is_empty(indicator: Indicator, value: PublicValue | None) -> bool:
    """A sum over nothing is 0 and yet no value: there was no ledger to sum. No persons at all are 0 persons.

    Nor is a ratio of nothing: no payments known for the period's exits is not a cost of 0 kronor.
    """
    if value is None or indicator.kind == "count":
        return False
    return value.observations == 0 or (indicator.kind == "ratio" and value.numerator == 0)


def _none(
    then_period: Period, state: Literal["saknas", "visas_inte", "annan_period"], mark: str, words: str
) -> Comparison:
    return Comparison(then_period, state, None, None, None, mark, words)
