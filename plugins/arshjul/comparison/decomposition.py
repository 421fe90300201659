"""What a change of a total is made of: another mix of programmes (or providers, ages …), and other results within them.

A total R = Σ wᵢ rᵢ, where wᵢ is a stratum's share of the denominator and rᵢ its own value. Between two periods

    R₁ − R₀ = Σ (w₁ᵢ − w₀ᵢ)(r̄ᵢ − R̄)  +  Σ (r₁ᵢ − r₀ᵢ) w̄ᵢ
                    the mix                  the rates

where a bar is the mean of the two periods. Both periods are treated alike, so there is no rest and it does not matter
which comes first. Source: Kitagawa 1955, *Components of a Difference Between Two Rates*, JASA 50:1168–1194; Das Gupta
1993, *Standardization and Decomposition of Rates*, U.S. Bureau of the Census P23-186. Subtracting R̄ changes no sum (the
weights of a period sum to 1) but makes each stratum's part of the mix tell what it did: a stratum above the average that
grows pulls upwards.

A stratum that is only there in one of the periods has no rate to compare with: all it does is mix (its rate in the other
period is taken to be the same). Everything is exact: fractions of the public numerators and denominators.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from arshjul.catalogue.indicators import Indicator
from arshjul.comparison.change import difference_between
from arshjul.comparison.numbers import signed
from arshjul.comparison.values import MERGED, PublicValue, amount_of_change, rounded_parts, scale

WITHIN = {
    "aldersgrupp": ("åldersgrupperna", "åldersgrupper"),
    "anordnare": ("anordnarna", "anordnare"),
    "insatstyp": ("insatserna", "insatser"),
    "kon": ("könen", "kön"),
}
"""A breakdown's codes as a sentence says them: the ones we have, and such ones."""


@dataclass(frozen=True)
class Part:
    """What one stratum did to the total.

    Attributes:
        code: The stratum.
        mix: By growing or shrinking, in the value's unit.
        rate: By its own value changing, in the value's unit.
        is_only_in_one: It was only there in one of the periods: all it does is mix.
    """

    code: str
    mix: Fraction
    rate: Fraction
    is_only_in_one: bool


@dataclass(frozen=True)
class Decomposition:
    """The change of a total, split exactly: ``mix + rate == change``, in total and stratum by stratum.

    Attributes:
        change: Of the total, in the value's unit (a share is between −1 and 1).
        mix: The part that comes from another mix of strata.
        rate: The part that comes from other values within them.
        parts: Stratum by stratum, in the order given.
        shown_change: Between the totals as they are shown, in percentage points for percent.
        shown_mix: The mix part rounded so that the two printed parts sum to ``shown_change``.
        shown_rate: The rate part, likewise.
        sentence: What a reader may be told.
    """

    change: Fraction
    mix: Fraction
    rate: Fraction
    parts: tuple[Part, ...]
    shown_change: Decimal
    shown_mix: Decimal
    shown_rate: Decimal
    sentence: str


def decompose(
    indicator: Indicator,
    breakdown: str,
    now: PublicValue | None,
    then: PublicValue | None,
    strata_now: Mapping[str, PublicValue],
    strata_then: Mapping[str, PublicValue],
) -> Decomposition | None:
    """Split the change of a total over a breakdown.

    Args:
        indicator: A share, a mean or a ratio.
        breakdown: What the strata are codes of.
        now: The total of the period told of.
        then: The total of the period compared with.
        strata_now: Public value of every stratum; one that nobody was in is left out.
        strata_then: Likewise, for the period compared with.

    Returns:
        The parts; or ``None`` when it cannot be told: another kind of indicator, a total or a stratum that is withheld,
        small ones put together as ``ovriga`` (they need not be the same ones both times), or strata that do not make up
        the total.
    """
    if indicator.kind not in ("share", "mean", "ratio") or indicator.distribution_over == breakdown:
        return None
    shown_change = difference_between(indicator, now, then)
    new, old = _amounts(now, strata_now), _amounts(then, strata_then)
    if shown_change is None or new is None or old is None:
        return None
    parts = _parts(new, old)
    mix, rate = sum((part.mix for part in parts), Fraction()), sum((part.rate for part in parts), Fraction())
    shown_mix, shown_rate = rounded_parts(
        [mix * scale(indicator), rate * scale(indicator)], shown_change, indicator.decimals
    )
    sentence = _sentence(indicator, breakdown, shown_change, shown_mix, shown_rate)
    return Decomposition(mix + rate, mix, rate, parts, shown_change, shown_mix, shown_rate, sentence)


_Amounts = dict[str, tuple[Fraction, Fraction]]


def _amounts(total: PublicValue | None, strata: Mapping[str, PublicValue]) -> _Amounts | None:
    """Numerator and denominator of every stratum, when they are all shown and make up the total."""
    if MERGED in strata or total is None or total.is_protected:
        return None
    amounts: _Amounts = {}
    for code, value in strata.items():
        if value.is_protected or value.numerator is None or value.denominator is None:
            return None
        if value.denominator:
            amounts[code] = Fraction(value.numerator), Fraction(value.denominator)
        elif value.numerator:
            return None
    if not total.denominator or total.numerator is None:
        return None
    sums = tuple(sum((pair[place] for pair in amounts.values()), Fraction()) for place in (0, 1))
    return amounts if sums == (Fraction(total.numerator), Fraction(total.denominator)) else None


def _parts(new: _Amounts, old: _Amounts) -> tuple[Part, ...]:
    whole_new, whole_old = _total(new), _total(old)
    average = (whole_new[0] / whole_new[1] + whole_old[0] / whole_old[1]) / 2
    parts = []
    for code in dict.fromkeys((*new, *old)):
        weight_new = new[code][1] / whole_new[1] if code in new else Fraction()
        weight_old = old[code][1] / whole_old[1] if code in old else Fraction()
        pair_new, pair_old = new.get(code) or old[code], old.get(code) or new[code]
        rate_new, rate_old = pair_new[0] / pair_new[1], pair_old[0] / pair_old[1]
        parts.append(
            Part(
                code,
                (weight_new - weight_old) * ((rate_new + rate_old) / 2 - average),
                (rate_new - rate_old) * (weight_new + weight_old) / 2,
                (code in new) != (code in old),
            )
        )
    return tuple(parts)


def _total(amounts: _Amounts) -> tuple[Fraction, Fraction]:
    return (
        sum((numerator for numerator, _ in amounts.values()), Fraction()),
        sum((denominator for _, denominator in amounts.values()), Fraction()),
    )


def _sentence(indicator: Indicator, breakdown: str, change: Decimal, mix: Decimal, rate: Decimal) -> str:
    these, such = WITHIN.get(breakdown, ("grupperna", "grupper"))

    def effect(part: Decimal) -> str:
        if part == 0:
            return "påverkade inte värdet"
        return f"{'höjde' if part > 0 else 'sänkte'} värdet med {amount_of_change(indicator, part)}"

    together = (
        "Sammantaget är värdet oförändrat."
        if change == 0
        else f"Sammantaget är det en {'ökning' if change > 0 else 'minskning'} med {amount_of_change(indicator, change)}."
    )
    return f"Ändrade resultat inom {these} {effect(rate)}, och en ändrad fördelning mellan {such} {effect(mix)}. {together}"


def table_rows(decomposition: Decomposition, indicator: Indicator) -> tuple[tuple[str, str], ...]:
    """Give the three lines of a small table, which sum as printed: results within, mix, and the change."""
    return (
        ("Ändrade resultat", signed(decomposition.shown_rate, indicator.decimals)),
        ("Ändrad fördelning", signed(decomposition.shown_mix, indicator.decimals)),
        ("Förändring", signed(decomposition.shown_change, indicator.decimals)),
    )
