"""A change is split exactly, stratum by stratum, and not at all when anything is withheld."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.comparison.public_values import DAYS, HIDDEN, PERSONS, RATIO, SHARE, count, share, spaces

from arshjul.comparison.change import difference_between
from arshjul.comparison.decomposition import decompose, table_rows
from arshjul.comparison.values import PublicValue, rounded_parts

Strata = dict[str, PublicValue]

strata = st.dictionaries(
    st.sampled_from("abcdef"),
    st.integers(1, 500).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))),
    min_size=1,
).map(lambda drawn: {code: share(*pair) for code, pair in drawn.items()})


def total(values: Strata) -> PublicValue:
    return share(
        int(sum(value.numerator or 0 for value in values.values())),
        int(sum(value.denominator or 0 for value in values.values())),
    )


@settings(max_examples=500, deadline=None)
@given(strata, strata)
def test_mix_and_rate_sum_exactly_to_the_change_in_every_trial(now: Strata, then: Strata) -> None:
    whole_now, whole_then = total(now), total(then)
    found = decompose(SHARE, "insatstyp", whole_now, whole_then, now, then)
    assert found is not None
    change = Fraction(whole_now.numerator or 0) / Fraction(whole_now.denominator or 1) - Fraction(
        whole_then.numerator or 0
    ) / Fraction(whole_then.denominator or 1)
    assert found.mix + found.rate == found.change == change
    assert sum((part.mix for part in found.parts), Fraction()) == found.mix
    assert sum((part.rate for part in found.parts), Fraction()) == found.rate
    assert found.shown_mix + found.shown_rate == found.shown_change == difference_between(SHARE, whole_now, whole_then)
    assert abs(Fraction(found.shown_mix) - found.mix * 100) < 2
    assert abs(Fraction(found.shown_rate) - found.rate * 100) < 2


@settings(max_examples=200, deadline=None)
@given(strata, strata)
def test_the_other_way_round_is_the_same_with_other_signs(now: Strata, then: Strata) -> None:
    there = decompose(SHARE, "insatstyp", total(now), total(then), now, then)
    back = decompose(SHARE, "insatstyp", total(then), total(now), then, now)
    assert there is not None
    assert back is not None
    assert (there.mix, there.rate) == (-back.mix, -back.rate)


@settings(deadline=None)
@given(strata, st.integers(1, 7))
def test_the_same_rates_in_another_mix_are_all_mix_and_growth_alone_is_nothing(now: Strata, times: int) -> None:
    grown = {
        code: share(int(value.numerator or 0) * times, int(value.denominator or 0) * times)
        for code, value in now.items()
    }
    found = decompose(SHARE, "insatstyp", total(grown), total(now), grown, now)
    assert found is not None
    assert (found.mix, found.rate) == (0, 0)


def test_by_hand() -> None:
    # Weights 3/4 and 1/4 became 1/4 and 3/4; rates 0.80 and 0.20 became 0.84 and 0.32.
    then = {"grund": share(240, 300), "sprak": share(20, 100)}
    now = {"grund": share(84, 100), "sprak": share(96, 300)}
    found = decompose(SHARE, "insatstyp", total(now), total(then), now, then)
    assert found is not None
    # Mix: (1/4 − 3/4)·0.82 + (3/4 − 1/4)·0.26 = −0.28. Rate: (0.04 + 0.12)·1/2 = 0.08. From 65 to 45 percent.
    assert (found.mix, found.rate) == (Fraction(-28, 100), Fraction(8, 100))
    assert (found.shown_change, found.shown_mix, found.shown_rate) == (-20, -28, 8)
    assert [part.code for part in found.parts] == ["grund", "sprak"]
    assert [part.rate for part in found.parts] == [Fraction(2, 100), Fraction(6, 100)]
    # Both pull the mix down: the good one shrank and the poor one grew (the mean total is 0.55).
    assert [part.mix for part in found.parts] == [Fraction(-135, 1000), Fraction(-145, 1000)]
    assert spaces(found.sentence) == (
        "Ändrade resultat inom insatserna höjde värdet med 8 procentenheter, och en ändrad fördelning mellan insatser "
        "sänkte värdet med 28 procentenheter. Sammantaget är det en minskning med 20 procentenheter."
    )
    assert table_rows(found, SHARE) == (
        ("Ändrade resultat", "+8"),
        ("Ändrad fördelning", "−28"),
        ("Förändring", "−20"),
    )


def test_a_new_and_a_vanished_stratum_are_all_mix() -> None:
    then = {"kvar": share(50, 100), "borta": share(10, 100)}
    now = {"kvar": share(50, 100), "ny": share(90, 100)}
    found = decompose(SHARE, "anordnare", total(now), total(then), now, then)
    assert found is not None
    assert (found.rate, found.mix) == (0, Fraction(40, 100))
    assert [(part.code, part.is_only_in_one) for part in found.parts] == [
        ("kvar", False),
        ("ny", True),
        ("borta", True),
    ]
    assert spaces(found.sentence) == (
        "Ändrade resultat inom anordnarna påverkade inte värdet, och en ändrad fördelning mellan anordnare höjde värdet med "
        "40 procentenheter. Sammantaget är det en ökning med 40 procentenheter."
    )


def test_means_and_ratios_are_split_too_in_their_own_unit() -> None:
    def days(of_sum: int, observations: int) -> PublicValue:
        return PublicValue(Decimal(of_sum), Decimal(observations), Decimal(of_sum) / observations, observations)

    found = decompose(DAYS, "insatstyp", days(4800, 20), days(4020, 20), {"a": days(4800, 20)}, {"a": days(4020, 20)})
    assert found is not None
    assert (found.rate, found.mix) == (39, 0)
    assert "höjde värdet med 39 dagar" in str(spaces(found.sentence))
    assert decompose(RATIO, "insatstyp", share(8, 10), share(7, 10), {"a": share(8, 10)}, {"a": share(7, 10)})


@pytest.mark.parametrize("place", ["now", "then"])
@pytest.mark.parametrize(
    "wrong",
    [
        {"a": share(20, 50), "b": HIDDEN},
        {"a": share(20, 50), "ovriga": share(24, 50)},
        {"a": share(20, 50)},
        {"a": share(20, 50), "b": share(25, 50)},
        {},
    ],
    ids=["withheld", "put together", "a part is missing", "does not sum", "nothing"],
)
def test_what_cannot_be_told_is_not_split(wrong: Strata, place: str) -> None:
    whole, good = share(44, 100), {"a": share(20, 50), "b": share(24, 50)}
    assert decompose(SHARE, "insatstyp", whole, whole, good, good) is not None
    now, then = (wrong, good) if place == "now" else (good, wrong)
    assert decompose(SHARE, "insatstyp", whole, whole, now, then) is None


def test_withheld_totals_counts_and_distributions_are_not_split() -> None:
    whole, strata = share(44, 100), {"a": share(44, 100)}
    for now, then in ((HIDDEN, whole), (whole, HIDDEN), (None, whole), (whole, None)):
        assert decompose(SHARE, "insatstyp", now, then, strata, strata) is None
    assert decompose(PERSONS, "insatstyp", count(3), count(3), {"a": count(3)}, {"a": count(3)}) is None


@given(st.lists(st.fractions(-50, 50), min_size=1, max_size=8), st.integers(0, 2))
def test_rounded_parts_sum_exactly_and_lie_near_the_parts(parts: list[Fraction], decimals: int) -> None:
    unit = Fraction(1, 10**decimals)
    total = Decimal(round(sum(parts) / unit)).scaleb(-decimals)
    found = rounded_parts(parts, total, decimals)
    assert sum(found) == total
    assert all(abs(Fraction(seen) - part) < 2 * unit for seen, part in zip(found, parts, strict=True))


def test_a_total_without_parts_cannot_be_shared_out() -> None:
    assert rounded_parts([], Decimal(0), 0) == ()
    with pytest.raises(ValueError, match="without parts"):
        rounded_parts([], Decimal(1), 0)
