"""Numbers and dates become Swedish text in one place, in one way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from arshjul.comparison.numbers import (
    counted,
    number,
    opening,
    percent,
    percentage_points,
    rounded,
    signed,
    swedish_date,
    swedish_time,
)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, 0, "0"),
        (1234567, 0, "1\u00a0234\u00a0567"),
        (1234.5, 1, "1\u00a0234,5"),
        (-3, 0, "\u22123"),
        (-1234, 0, "\u22121\u00a0234"),
        (Decimal("2.50"), 2, "2,50"),
    ],
)
def test_a_number_has_decimal_comma_no_break_space_and_true_minus(value: int, decimals: int, text: str) -> None:
    assert number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(0.5, 0, "1"), (28.5, 0, "29"), (-0.5, 0, "\u22121"), (1.005, 2, "1,01"), (2.675, 2, "2,68"), (44.4999, 0, "44")],
)
def test_halves_are_rounded_away_from_nought_as_written(value: float, decimals: int, text: str) -> None:
    assert number(value, decimals) == text


def test_nought_never_has_a_sign() -> None:
    assert [number(-0.4), number(-0.0), signed(-0.4), signed(0), str(rounded(Decimal("-0.004"), 2))] == [
        "0",
        "0",
        "0",
        "0",
        "0.00",
    ]


def test_a_difference_shows_its_sign() -> None:
    assert [signed(3), signed(-37), signed(Decimal("0.25"), 1)] == ["+3", "\u221237", "+0,3"]


def test_a_share_is_shown_in_percent() -> None:
    assert [percent(0.44), percent(Decimal("0.285")), percent(0.285), percent(1, 1)] == [
        "44\u00a0%",
        "29\u00a0%",
        "29\u00a0%",
        "100,0\u00a0%",
    ]


def test_what_is_counted_agrees_with_the_count() -> None:
    assert [
        counted(1, "deltagare", "deltagare"),
        counted(1, "insats", "insatser"),
        counted(2, "insats", "insatser"),
    ] == [
        "1\u00a0deltagare",
        "1\u00a0insats",
        "2\u00a0insatser",
    ]
    assert counted(1, "dag", "dagar", 1) == "1,0\u00a0dagar"


def test_percentage_points_are_told_without_a_sign() -> None:
    assert [percentage_points(-21), percentage_points(1), percentage_points(0.4, 1)] == [
        "21\u00a0procentenheter",
        "1\u00a0procentenhet",
        "0,4\u00a0procentenheter",
    ]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        number(value)


def test_a_date_stands_in_words() -> None:
    assert swedish_date(date(2026, 5, 5)) == "5\u00a0maj\u00a02026"


def test_a_moment_is_told_in_swedish_time_summer_and_winter() -> None:
    assert swedish_time(datetime(2026, 5, 5, 12, 30, tzinfo=UTC)) == "5\u00a0maj\u00a02026 kl.\u00a014.30"
    assert swedish_time(datetime(2026, 12, 31, 23, 5, tzinfo=UTC)) == "1\u00a0januari\u00a02027 kl.\u00a000.05"


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        swedish_time(datetime(2026, 5, 5, 12, 30))  # noqa: DTZ001 - that is what is tested


def test_no_sentence_begins_with_a_digit() -> None:
    told = [opening(count, "mål", "mål", "ett").replace("\u00a0", " ") for count in (1, 2, 12, 13)]
    assert told == ["Ett mål", "Två mål", "Tolv mål", "Sammanlagt 13 mål"]
    assert opening(3, "", "") == "Tre"
