"""Intervals are right, are told only when they may be, and are rounded so that they still hold what they must."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tests.comparison.public_values import (
    DAYS,
    HIDDEN,
    INCLUDE,
    INDICATORS,
    PERSONS,
    RATIO,
    SHARE,
    STEPS,
    count,
    mean,
    share,
    shares,
    spaces,
)

from arshjul.catalogue.comparisons import load_uncertainty
from arshjul.catalogue.yaml_files import changed
from arshjul.comparison.uncertainty import (
    Interval,
    coverage_sentence,
    interval,
    interval_sentence,
    interval_to_publish,
    shown_interval,
    t_interval,
    wilson,
)

RULES = load_uncertainty(INCLUDE)
GRADES = changed(STEPS, id="kundnojdhet", unit="betyg", breakdowns=("block", "fraga_id", "anordnare"), tables=((),))


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_the_published_one(numerator: int, denominator: int, low: float, high: float) -> None:
    """Newcombe 1998, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, table I."""
    found = wilson(numerator, denominator)
    assert found is not None
    assert (round(float(found.low), 4), round(float(found.high), 4)) == (low, high)


@given(shares)
def test_wilsons_interval_is_the_one_that_scipy_gives(pair: tuple[int, int]) -> None:
    found = wilson(*pair)
    expected = stats.binomtest(*pair).proportion_ci(0.95, method="wilson")
    assert found is not None
    assert float(found.low) == pytest.approx(expected.low, abs=1e-12)
    assert float(found.high) == pytest.approx(expected.high, abs=1e-12)


@given(shares)
def test_a_share_lies_inside_its_interval_which_lies_between_0_and_1(pair: tuple[int, int]) -> None:
    found, value = wilson(*pair), Fraction(*pair)
    assert found is not None
    assert 0 <= found.low <= 1
    assert Fraction(found.low) <= value <= Fraction(found.high) <= 1


def test_nothing_to_divide_by_has_no_interval_and_an_impossible_share_is_refused() -> None:
    assert wilson(0, 0) is None
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson(3, 2)


@given(st.lists(st.integers(-500, 900), min_size=10, max_size=60).filter(lambda days: len(set(days)) > 1))
def test_the_interval_of_a_mean_is_the_one_that_scipy_gives(days: list[int]) -> None:
    found = t_interval(len(days), Decimal(sum(days)), Decimal(sum(day * day for day in days)))
    expected = stats.t.interval(0.95, len(days) - 1, loc=sum(days) / len(days), scale=stats.sem(days))
    assert found is not None
    assert (float(found.low), float(found.high)) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_the_interval_of_a_mean_by_hand() -> None:
    # 1, 2, …, 10: mean 5.5, variance 82.5 / 9, t with nine degrees of freedom 2.262157.
    found = t_interval(10, Decimal(55), Decimal(385))
    reach = 2.262157 * (82.5 / 9 / 10) ** 0.5
    assert found is not None
    assert (float(found.low), float(found.high)) == pytest.approx((5.5 - reach, 5.5 + reach), abs=1e-6)


def test_fewer_than_ten_and_no_spread_have_no_interval_of_a_mean() -> None:
    assert t_interval(9, Decimal(45), Decimal(285)) is None
    assert t_interval(12, Decimal(60), Decimal(300)) is None
    with pytest.raises(ValueError, match="too small"):
        t_interval(10, Decimal(100), Decimal(1))


@given(shares)
def test_what_readers_see_holds_the_exact_interval_and_stays_within_0_and_100(pair: tuple[int, int]) -> None:
    exact, seen = wilson(*pair), shown_interval(SHARE, share(*pair))
    assert exact is not None
    assert seen is not None
    assert 0 <= seen.low <= exact.low * 100
    assert exact.high * 100 <= seen.high <= 100
    assert seen.low > exact.low * 100 - 1
    assert seen.high < exact.high * 100 + 1


def test_an_interval_in_words() -> None:
    seen = shown_interval(SHARE, share(132, 300))
    assert seen is not None
    assert spaces(seen.words) == "mellan 38 och 50 procent"
    assert spaces(interval_sentence(DAYS, mean(2400, 10, "200", "280"))) == (
        "Med hänsyn till slumpen ligger värdet mellan 200 och 280 dagar."
    )
    one_step = shown_interval(changed(STEPS, unit="dagar"), mean(5, 10, "-0.04", "1.0"))
    assert one_step is not None
    assert spaces(one_step.words) == "mellan −0,1 och 1,0 dagar"


def test_no_interval_is_told_where_none_can_be_defended() -> None:
    assert shown_interval(SHARE, HIDDEN) is None
    assert shown_interval(SHARE, None) is None
    assert shown_interval(SHARE, share(0, 0)) is None
    assert shown_interval(RATIO, share(40, 50)) is None
    assert shown_interval(PERSONS, count(50)) is None
    assert shown_interval(INDICATORS["atgarder_i_tid"], share(3, 4)) is None
    assert shown_interval(INDICATORS["avslutsorsaker"], share(140, 140)) is None
    assert shown_interval(INDICATORS["avslutsorsaker"], share(60, 140)) is not None
    assert interval_sentence(DAYS, mean(2400, 10)) is None
    assert interval(DAYS, mean(2000, 9, "200", "240")) is None


def test_a_median_has_the_interval_that_was_computed_however_few() -> None:
    median = changed(DAYS, kind="median")
    assert interval(median, mean(2000, 9, "200", "240")) == Interval(Decimal(200), Decimal(240))


def test_a_mean_is_published_with_an_interval_that_does_not_give_away_the_sum_of_squares() -> None:
    found = interval_to_publish(DAYS, {}, 10, Decimal(55), Decimal(385), RULES)
    assert found == Interval(Decimal(3), Decimal(8))
    assert interval_to_publish(DAYS, {}, 10, Decimal(55), None, RULES) is None
    assert interval_to_publish(SHARE, {}, 10, Decimal(5), Decimal(5), RULES) is None


def test_grades_by_one_person_are_not_taken_for_many_persons() -> None:
    arguments = (100, Decimal(420), Decimal(1800), RULES)
    assert interval_to_publish(GRADES, {}, *arguments) is None
    assert interval_to_publish(GRADES, {"block": "mal"}, *arguments) is None
    assert interval_to_publish(GRADES, {"fraga_id": "F1"}, *arguments) is not None
    assert interval_to_publish(changed(GRADES, id="kursbetyg"), {"fraga_id": "F1"}, *arguments) is None


def test_an_interval_never_leaves_what_the_value_can_be() -> None:
    bounded = changed(GRADES, expectations=(changed(SHARE.expectations[0], minimum=1.0, maximum=5.0),))
    found = interval_to_publish(bounded, {"fraga_id": "F1"}, 10, Decimal(49), Decimal(241), RULES)
    assert found == Interval(Decimal("4.6"), Decimal("5.0"))


def test_the_response_rate_stands_beside_the_answers() -> None:
    coverage, rate = RULES.coverage_of("kundnojdhet"), changed(SHARE, id="svarsfrekvens")
    assert spaces(coverage_sentence(coverage, rate, share(109, 347))) == (
        "Svarsfrekvensen var 31 procent (109 av 347). Det är lågt, så värdet bör tolkas försiktigt."
    )
    assert spaces(coverage_sentence(coverage, rate, share(200, 347))) == "Svarsfrekvensen var 58 procent (200 av 347)."
    assert coverage_sentence(coverage, rate, HIDDEN) == (
        "Svarsfrekvensen visas inte, eftersom uppgiften kan röja en person."
    )
    assert coverage_sentence(coverage, rate, None) == "Svarsfrekvensen saknas."
    assert coverage_sentence(RULES.coverage_of("kunder"), rate, share(1, 2)) is None


def test_how_many_were_followed_up_stands_beside_how_many_remained() -> None:
    coverage = RULES.coverage_of("kvar_i_egen_forsorjning_6m")
    assert coverage is not None
    assert spaces(coverage_sentence(coverage, INDICATORS[coverage.coverage], share(36, 50))) == (
        "Andelen som har följts upp var 72 procent (36 av 50)."
    )
