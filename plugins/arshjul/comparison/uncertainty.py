"""How certain a value is: its interval, in words a reader understands, and how many stood behind the answers.

The figures are of everybody who was there, not of a sample. The interval says how much the value could have differed by
chance alone, had the same programmes met other persons of the same kind; that is also what a comparison between two
periods must be judged against. Which interval belongs to what:

* a share: Wilson's score interval, which holds for small groups and never leaves 0–100 %. Source: Wilson 1927,
  *Probable Inference, the Law of Succession, and Statistical Inference*, JASA 22:209–212; recommended for all sizes by
  Brown, Cai and DasGupta 2001, *Interval Estimation for a Binomial Proportion*, Statistical Science 16:101–133.
* a mean of at least ten observations: Student's t. Source: Student 1908, *The Probable Error of a Mean*, Biometrika
  6:1–25. It needs the sum of squares, which is not public: the disclosure room calls :func:`interval_to_publish` when it
  writes the public table, and everybody else reads what was published.
* a median: the order statistics that the computation stored.
* a count, a sum and a ratio of amounts: none. There is no model of chance for them that we could defend.
* a share of something else than persons' paths, such as actions done in time (disclosure ``oppen``): none. What the board
  itself did or left undone is no chance.

Where one person gives many observations (several grades in one answer), the observations hang together and the interval
would be too narrow: it is only told where each person counts once (``include/comparison/uncertainty.yaml``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from statistics import NormalDist

from arshjul.catalogue.comparisons import Coverage, Uncertainty
from arshjul.catalogue.indicators import Indicator
from arshjul.comparison.numbers import number
from arshjul.comparison.values import PublicValue, scale, shown, with_unit

CONFIDENCE = 0.95
"""How often an interval made like this holds what it is meant to hold."""

SMALLEST_FOR_A_MEAN = 10
"""Fewer observations than this have no interval of their mean: t leans on something near a normal distribution."""

_Z = Fraction(Decimal(repr(NormalDist().inv_cdf((1 + CONFIDENCE) / 2))))


@dataclass(frozen=True)
class Interval:
    """What a value could have been by chance, with 95 percent confidence.

    Attributes:
        low: Lower end.
        high: Upper end.
    """

    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class ShownInterval:
    """An interval as readers see it: rounded outwards to the indicator's decimals, percent for shares.

    Attributes:
        low: Lower end.
        high: Upper end.
        words: ``mellan 38 och 49 procent``.
    """

    low: Decimal
    high: Decimal
    words: str


def wilson(numerator: Decimal | int, denominator: Decimal | int) -> Interval | None:
    """Give Wilson's interval of a share, between 0 and 1; ``None`` when there is nothing to divide by.

    Raises:
        ValueError: The numerator is below 0 or above the denominator.
    """
    hits, trials = Fraction(numerator), Fraction(denominator)
    if not trials:
        return None
    if not 0 <= hits <= trials:
        raise ValueError("a share is between 0 and 1")
    middle = (hits + _Z**2 / 2) / (trials + _Z**2)
    # At 0 and 1 the end is 0 and 1 exactly: a root that is rounded must not push it outside.
    reach = Fraction(_root((hits * (trials - hits) / trials + _Z**2 / 4) * _Z**2)) / (trials + _Z**2)
    low = Decimal(0) if hits == 0 else _decimal(middle - reach)
    return Interval(low, Decimal(1) if hits == trials else _decimal(middle + reach))


def t_interval(observations: int, total: Decimal, squares: Decimal) -> Interval | None:
    """Give the t interval of a mean.

    Args:
        observations: How many.
        total: Sum of them.
        squares: Sum of their squares.

    Returns:
        The interval in the observations' unit; ``None`` below ten observations, or when all are the same: then there is
        no spread to judge chance by.

    Raises:
        ValueError: No observations can have this sum and this sum of squares.
    """
    if observations < SMALLEST_FOR_A_MEAN:
        return None
    # scipy.special alone: scipy.stats takes half a second to import.
    from scipy.special import stdtrit

    mean = Fraction(total) / observations
    variance = (Fraction(squares) - mean * Fraction(total)) / (observations - 1)
    if variance < 0:
        raise ValueError("the sum of squares is too small for the sum")
    if not variance:
        return None
    quantile = Fraction(float(stdtrit(observations - 1, (1 + CONFIDENCE) / 2)))
    reach = quantile * Fraction(_root(variance / observations))
    return Interval(_decimal(mean - reach), _decimal(mean + reach))


def interval_to_publish(
    indicator: Indicator,
    cell: Mapping[str, str],
    observations: int,
    total: Decimal,
    squares: Decimal | None,
    rules: Uncertainty,
) -> Interval | None:
    """Give the interval of a mean for the public table, in the value's unit; only the disclosure room has what it takes.

    It is rounded outwards to the decimals that readers see: the exact ends would give away the sum of squares.

    Args:
        indicator: The definition.
        cell: Breakdown to code.
        observations: How many.
        total: Sum of numerators.
        squares: Sum of squared numerators; ``None`` where the computation has none.
        rules: From :func:`arshjul.catalogue.comparisons.load_uncertainty`.

    Returns:
        The interval, or ``None`` when none may be told: not a mean, too few, or persons who count many times.
    """
    if indicator.kind != "mean" or squares is None or not rules.counts_persons_once(indicator.id, cell):
        return None
    exact = t_interval(observations, total, squares)
    if exact is None:
        return None
    low, high = _outwards(indicator, exact)
    return Interval(low / scale(indicator), high / scale(indicator))


def interval(indicator: Indicator, value: PublicValue | None) -> Interval | None:
    """Give the interval of a public value, in the value's unit, or ``None`` when none may be told.

    A protected value has none, and nor has a value of fewer than ten observations that is a mean.
    """
    if value is None or value.is_protected or value.value is None:
        return None
    if indicator.kind == "share":
        if indicator.disclosure == "oppen" or value.numerator is None or value.denominator is None:
            return None
        if indicator.distribution_over and value.numerator == value.denominator:
            return None  # the whole of a distribution is 100 percent by definition
        return wilson(value.numerator, value.denominator)
    if indicator.kind not in ("mean", "median") or value.interval_low is None or value.interval_high is None:
        return None
    if indicator.kind == "mean" and (value.observations or 0) < SMALLEST_FOR_A_MEAN:
        return None
    return Interval(value.interval_low, value.interval_high)


def shown_interval(indicator: Indicator, value: PublicValue | None) -> ShownInterval | None:
    """Give the interval as a reader sees it, with its words, or ``None`` when none may be told."""
    exact = interval(indicator, value)
    if exact is None:
        return None
    low, high = _outwards(indicator, exact)
    words = f"mellan {number(low, indicator.decimals)} och {with_unit(indicator, high)}"
    return ShownInterval(low, high, words)


def interval_sentence(indicator: Indicator, value: PublicValue | None) -> str | None:
    """Tell what the interval means: ``Med hänsyn till slumpen ligger värdet mellan 38 och 49 procent.``"""
    seen = shown_interval(indicator, value)
    return None if seen is None else f"Med hänsyn till slumpen ligger värdet {seen.words}."


def coverage_sentence(coverage: Coverage | None, measure: Indicator | None, value: PublicValue | None) -> str | None:
    """Tell how many stand behind a value: the response rate beside a survey, how many were followed up beside an effect.

    Args:
        coverage: The rule of the indicator it stands beside, from ``Uncertainty.coverage_of``; ``None`` when it has none.
        measure: The definition of the indicator that measures the coverage.
        value: Its public value for the same cell and period; ``None`` when there is none.

    Returns:
        A sentence, or ``None`` when the indicator has no such measure.
    """
    if coverage is None or measure is None:
        return None
    if value is not None and value.is_protected:
        return f"{coverage.subject} visas inte, eftersom uppgiften kan röja en person."
    seen = shown(measure, value)
    if value is None or seen is None or value.numerator is None or value.denominator is None:
        return f"{coverage.subject} saknas."
    sentence = (
        f"{coverage.subject} var {with_unit(measure, seen)} ({number(value.numerator)} av {number(value.denominator)})"
    )
    # Judged by the printed value, so that the words never contradict the number beside them.
    if seen < coverage.caution_below:
        return f"{sentence}. Det är lågt, så värdet bör tolkas försiktigt."
    return f"{sentence}."


def _outwards(indicator: Indicator, exact: Interval) -> tuple[Decimal, Decimal]:
    """Round to what readers see: the low end down and the high end up, never outside what the value can be."""
    unit, factor = Decimal(1).scaleb(-indicator.decimals), scale(indicator)
    low = (exact.low * factor).quantize(unit, ROUND_FLOOR)
    high = (exact.high * factor).quantize(unit, ROUND_CEILING)
    for rule in indicator.expectations:
        # Only what stops publication is what a value can be; a warning is about what is likely.
        if rule.check == "intervall" and rule.severity == "stopp":
            if rule.minimum is not None:
                low = max(low, (Decimal(str(rule.minimum)) * factor).quantize(unit))
            if rule.maximum is not None:
                high = min(high, (Decimal(str(rule.maximum)) * factor).quantize(unit))
    return low, high


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _root(exact: Fraction) -> Decimal:
    return _decimal(exact).sqrt()
