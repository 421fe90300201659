"""Comparisons are made between stored, public values of like periods, and say what chance can do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from tests.comparison.public_values import (
    DAYS,
    HIDDEN,
    PERSONS,
    RATIO,
    SHARE,
    count,
    mean,
    plain,
    share,
    shares,
    spaces,
)

from arshjul.catalogue.indicators import Change
from arshjul.catalogue.yaml_files import changed
from arshjul.comparison.change import compare, newcombe
from arshjul.comparison.values import PublicValue
from arshjul.periods import Tertial, Year, YearToDate

T1, T1_BEFORE = Tertial(2026, 1), Tertial(2025, 1)


@pytest.mark.parametrize(
    ("pairs", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((10, 10, 0, 10), 0.6075, 1.0000),
    ],
)
def test_newcombes_interval_is_the_published_one(pairs: tuple[int, int, int, int], low: float, high: float) -> None:
    """Newcombe 1998, Interval estimation for the difference between independent proportions, table II, method 10."""
    found = newcombe(*(Decimal(one) for one in pairs))
    assert found is not None
    assert (round(float(found.low), 4), round(float(found.high), 4)) == (low, high)


@given(shares, shares)
def test_the_interval_of_a_difference_turns_with_the_order(one: tuple[int, int], other: tuple[int, int]) -> None:
    here = newcombe(*(Decimal(number) for number in (*one, *other)))
    there = newcombe(*(Decimal(number) for number in (*other, *one)))
    assert here is not None
    assert there is not None
    assert float(here.low) == pytest.approx(-float(there.high), abs=1e-12)


def test_days_as_the_source_tells_them() -> None:
    """Nacka: 201 days became 240, then 239."""
    rise = compare(DAYS, plain(DAYS, "240"), plain(DAYS, "201"), Year(2017), Year(2016))
    assert (rise.difference, rise.mark) == (39, "+39")
    assert spaces(rise.words) == "39 dagar längre än 2016"
    fall = compare(DAYS, plain(DAYS, "239"), plain(DAYS, "240"), T1, T1_BEFORE)
    assert (fall.difference, fall.mark) == (-1, "−1")
    assert spaces(fall.words) == "1 dag kortare än tertial 1 2025"


def test_percent_are_compared_in_percentage_points_between_printed_numbers() -> None:
    # 44.4 and 43.6 are printed 44 and 44.
    same = compare(SHARE, share(444, 1000), share(436, 1000), T1, T1_BEFORE)
    assert (same.difference, same.chance) == (0, None)
    assert same.words == "oförändrat jämfört med tertial 1 2025"
    one = compare(SHARE, share(45, 100), share(44, 100), T1, T1_BEFORE)
    assert spaces(one.words) == "1 procentenhet högre än tertial 1 2025"
    assert one.mark == "+1"
    two = compare(SHARE, share(42, 100), share(44, 100), T1, T1_BEFORE)
    assert spaces(two.words) == "2 procentenheter lägre än tertial 1 2025"
    assert two.mark == "−2"


def test_persons_are_more_or_fewer_and_nothing_is_said_of_chance() -> None:
    found = compare(PERSONS, count(110), count(100), T1, T1_BEFORE)
    assert (found.words, found.chance) == ("10 fler än tertial 1 2025", None)
    assert compare(PERSONS, count(7), count(0), T1, T1_BEFORE).difference == 7


def test_without_a_stored_value_there_is_no_comparison() -> None:
    for now, then in ((share(44, 100), None), (None, share(44, 100)), (share(44, 100), share(0, 0))):
        found = compare(SHARE, now, then, T1, T1_BEFORE)
        assert (found.state, found.difference, found.words) == ("saknas", None, "jämförelsevärde saknas")
        assert (found.mark, found.chance, found.caution) == ("–", None, None)


def test_a_sum_over_nothing_is_no_value_to_compare_with_but_no_persons_are() -> None:
    nothing = PublicValue(Decimal(0), None, Decimal(0), 0)
    amounts = changed(PERSONS, kind="sum", unit="kronor")
    assert compare(amounts, count(500), nothing, T1, T1_BEFORE).state == "saknas"
    assert compare(amounts, nothing, count(500), T1, T1_BEFORE).state == "saknas"
    assert compare(PERSONS, count(5), nothing, T1, T1_BEFORE).difference == 5


def test_a_ratio_of_nothing_is_no_value_to_compare_with() -> None:
    now = compare(RATIO, share(30, 40), share(0, 40), T1, T1_BEFORE)
    assert (now.state, now.difference) == ("saknas", None)
    assert compare(SHARE, share(30, 40), share(0, 40), T1, T1_BEFORE).state == "jamforbar"


def test_a_protected_value_has_no_comparison_whichever_it_is() -> None:
    for now, then in ((HIDDEN, share(44, 100)), (share(44, 100), HIDDEN), (HIDDEN, None)):
        found = compare(SHARE, now, then, T1, T1_BEFORE)
        assert (found.state, found.difference, found.mark) == ("visas_inte", None, "..")


def test_unlike_periods_are_marked_and_not_compared() -> None:
    found = compare(DAYS, plain(DAYS, "239"), plain(DAYS, "240"), T1, Year(2025))
    assert (found.state, found.difference, found.words) == ("annan_period", None, "ej jämförbar period")
    assert found.mark == "ej jämförbar period"


def test_the_years_first_months_are_compared_with_the_same_months_only() -> None:
    now, then = plain(DAYS, "239"), plain(DAYS, "240")
    assert compare(DAYS, now, then, YearToDate(2026, 8), YearToDate(2025, 8)).state == "jamforbar"
    assert compare(DAYS, now, then, YearToDate(2026, 8), YearToDate(2026, 3)).state == "annan_period"


def test_a_broken_series_is_marked_and_nothing_is_said_of_chance() -> None:
    broken = changed(
        SHARE, version=2, changes=(Change(version=2, from_="2026-T1", what="Deltidsarbete räknas inte längre."),)
    )
    found = compare(broken, share(440, 1000), share(650, 1000), T1, T1_BEFORE)
    assert (found.difference, found.chance) == (-21, None)
    assert found.caution == "Serien är bruten mellan perioderna. Deltidsarbete räknas inte längre."
    whole = compare(broken, share(440, 1000), share(650, 1000), T1_BEFORE, Tertial(2024, 1))
    assert whole.caution is None
    assert whole.is_beyond_chance


def test_few_observations_make_a_great_difference_chance() -> None:
    few = compare(SHARE, share(9, 20), share(12, 20), T1, T1_BEFORE)
    assert (few.difference, few.chance) == (-15, "Skillnaden är inte större än vad slumpen kan ge.")
    many = compare(SHARE, share(450, 1000), share(600, 1000), T1, T1_BEFORE)
    assert many.chance == "Skillnaden är större än vad slumpen brukar ge."


def test_means_differ_beyond_chance_when_their_intervals_do_not_overlap() -> None:
    then = mean(2000, 10, "180", "220")
    assert compare(DAYS, mean(2500, 10, "221", "280"), then, T1, T1_BEFORE).is_beyond_chance is True
    assert compare(DAYS, mean(2500, 10, "220", "280"), then, T1, T1_BEFORE).is_beyond_chance is False
    assert compare(DAYS, mean(2500, 10), then, T1, T1_BEFORE).is_beyond_chance is None
