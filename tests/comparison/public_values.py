"""Public values and definitions that the tests of this room begin from."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from arshjul.catalogue.indicators import Indicator, load_indicators
from arshjul.comparison.values import PublicValue

INCLUDE = Path(__file__).resolve().parents[2] / "include"
INDICATORS = load_indicators(INCLUDE)

SHARE = INDICATORS["maluppfyllelse"]
DAYS = INDICATORS["insatsdagar_till_egen_forsorjning"]
PERSONS = INDICATORS["kunder"]
RATIO = INDICATORS["narvarograd"]
STEPS = INDICATORS["stegforflyttning_medel"]

HIDDEN = PublicValue(None, None, None, None, is_protected=True)


def share(numerator: int, denominator: int) -> PublicValue:
    """So many of so many."""
    value = Decimal(numerator) / Decimal(denominator) if denominator else None
    return PublicValue(Decimal(numerator), Decimal(denominator), value, denominator)


def mean(total: int, observations: int, low: str | None = None, high: str | None = None) -> PublicValue:
    """A mean, with the interval that was published with it."""
    return PublicValue(
        Decimal(total),
        Decimal(observations),
        Decimal(total) / observations,
        observations,
        interval_low=None if low is None else Decimal(low),
        interval_high=None if high is None else Decimal(high),
    )


def count(number: int) -> PublicValue:
    """So many."""
    return PublicValue(Decimal(number), None, Decimal(number), number)


def plain(indicator: Indicator, value: str) -> PublicValue:
    """A value given as readers see it."""
    exact = Decimal(value) / (100 if indicator.unit == "procent" else 1)
    return PublicValue(None, None, exact, 100)


def spaces(text: str | None) -> str | None:
    """The text with ordinary spaces, so that a test can be read."""
    return None if text is None else text.replace("\u00a0", " ")


shares = st.integers(1, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
"""Pairs of numerator and denominator."""
