"""One figure as a reader sees it: the value, its change and how it stands to the target."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from arshjul.catalogue.indicators import Indicator
from arshjul.periods import Period
from arshjul.reports.blocks import Cell
from arshjul.reports.facts import Facts, Target, Value
from arshjul.reports.numbers import MISSING, PROTECTED, counted, number, percentage_points, signed

NOT_COMPARABLE = "jämförelsevärde saknas"


def is_percent(indicator: Indicator) -> bool:
    """Say whether readers see the value in percent."""
    return indicator.unit == "procent"


def shown(indicator: Indicator, value: Value | None) -> Decimal | None:
    """Round a value as readers see it (percent for shares), or ``None`` when there is nothing to show.

    Comparisons are made between rounded values, so that what is printed always adds up for the reader.
    """
    if value is None or value.value is None:
        return None
    scaled = value.value * 100 if is_percent(indicator) else value.value
    return scaled.quantize(Decimal(1).scaleb(-indicator.decimals), ROUND_HALF_UP)


def words(indicator: Indicator, value: Value | None) -> str:
    """The value as text, without its unit: ``44``, ``1,3``, ``..`` or ``–``."""
    if value is not None and value.is_protected:
        return PROTECTED
    rounded = shown(indicator, value)
    return MISSING if rounded is None else number(rounded, indicator.decimals)


def value_cell(indicator: Indicator, value: Value | None) -> Cell:
    """The value as a table's cell; percent are stored as shares, so that Excel can show them."""
    rounded = shown(indicator, value)
    raw = None if rounded is None else rounded / 100 if is_percent(indicator) else rounded
    return Cell(words(indicator, value), raw)


def count_cell(value: Value | None, what: str = "observations") -> Cell:
    """A count behind a value: ``observations`` or ``numerator``."""
    if value is None:
        return Cell("0", 0)
    if value.is_protected:
        return Cell(PROTECTED)
    counted = getattr(value, what)
    return Cell(MISSING) if counted is None else Cell(number(counted, 0), int(counted))


def change(indicator: Indicator, now: Value | None, then: Value | None) -> Decimal | None:
    """The difference between two shown values, or ``None`` when either is missing or protected."""
    new, old = shown(indicator, now), shown(indicator, then)
    return None if new is None or old is None else new - old


def change_cell(indicator: Indicator, now: Value | None, then: Value | None) -> Cell:
    """The difference as a table's cell, with its sign; in percentage points for percent."""
    difference = change(indicator, now, then)
    if difference is None:
        hidden = any(value is not None and value.is_protected for value in (now, then))
        return Cell(PROTECTED if hidden else MISSING)
    return Cell(signed(difference, indicator.decimals), difference)


def reached(indicator: Indicator, value: Value | None, target: Target | None) -> bool | None:
    """Say whether a shown value has reached its target, or ``None`` when that cannot be said."""
    rounded = shown(indicator, value)
    if rounded is None or target is None:
        return None
    return rounded >= target.target if target.direction == "upp" else rounded <= target.target


def judgement(is_reached: bool | None) -> str:
    """How a value stands to its target, in words."""
    return {True: "Nått målet", False: "Inte nått målet", None: MISSING}[is_reached]


def amount_of_change(indicator: Indicator, difference: Decimal) -> str:
    """The size of a difference with its unit: ``2 dagar``, ``1 procentenhet``; a count has none."""
    if is_percent(indicator):
        return percentage_points(difference, indicator.decimals)
    size = number(abs(difference), indicator.decimals)
    if indicator.kind == "count":
        return size
    return counted(abs(difference), _SINGULAR.get(indicator.unit, indicator.unit), indicator.unit, indicator.decimals)


_SINGULAR = {"dagar": "dag"}
_MORE_AND_LESS = {"dagar": ("längre", "kortare")}


def trend_words(facts: Facts, indicator_id: str) -> str:
    """How the total has changed since the period before, as the end of a sentence, or why that cannot be said."""
    then = facts.previous.get(indicator_id) if facts.previous else None
    return change_words(facts.indicators[indicator_id], facts.current.get(indicator_id), then, facts.period.previous)


def change_words(indicator: Indicator, now: Value | None, then: Value | None, then_period: Period) -> str:
    """How a value has changed since another period: ``10 fler än tertial 3 2025``, ``oförändrat jämfört med …``."""
    difference = change(indicator, now, then)
    if difference is None:
        return NOT_COMPARABLE
    if difference == 0:
        return f"oförändrat jämfört med {then_period.title}"
    more, less = (
        ("fler", "färre") if indicator.kind == "count" else _MORE_AND_LESS.get(indicator.unit, ("högre", "lägre"))
    )
    return f"{amount_of_change(indicator, difference)} {more if difference > 0 else less} än {then_period.title}"
