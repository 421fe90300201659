"""Month, tertial, year and its first months: pure values."""

from __future__ import annotations

from datetime import date

import pytest

from arshjul.periods import (
    Month,
    PeriodError,
    Tertial,
    Year,
    YearToDate,
    first_months,
    is_of_same_kind,
    parse_month,
    parse_period,
)


def test_a_tertial_is_four_months() -> None:
    assert [month.key for month in Tertial(2026, 2).months] == ["2026-05", "2026-06", "2026-07", "2026-08"]
    assert (Tertial(2026, 1).start, Tertial(2026, 1).end) == (date(2026, 1, 1), date(2026, 4, 30))
    assert (Tertial(2026, 3).start, Tertial(2026, 3).end) == (date(2026, 9, 1), date(2026, 12, 31))


@pytest.mark.parametrize(("year", "last"), [(2026, 28), (2028, 29), (2100, 28), (2000, 29)])
def test_february_ends_when_it_ends(year: int, last: int) -> None:
    assert Month(year, 2).end == date(year, 2, last)


def test_every_month_is_in_the_tertial_that_holds_it() -> None:
    for number in range(1, 13):
        month = Month(2026, number)
        assert month in month.tertial.months


def test_the_period_before_crosses_the_turn_of_the_year() -> None:
    assert Month(2026, 1).previous == Month(2025, 12)
    assert Tertial(2026, 1).previous == Tertial(2025, 3)
    assert Tertial(2026, 1).same_last_year == Tertial(2025, 1)
    assert Year(2026).previous == Year(2026).same_last_year == Year(2025)


@pytest.mark.parametrize("key", ["2026-03", "2026-T1", "2026-T3", "2026", "2026-01--2026-08", "2026-01--2026-02"])
def test_a_key_is_read_back_as_it_was_written(key: str) -> None:
    assert parse_period(key).key == key


@pytest.mark.parametrize(
    "text",
    [
        *("2026-13", "2026-00", "2026-T0", "2026-T4", "26-01", "2026-1", "2026-03 ", "2026-03\n", "٢٠٢٦", "", "1899"),
        *("2026-01--2027-08", "2026-02--2026-08", "2026-01--2026-13", "2026-01--2026-00", "2026-01-2026-08"),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(PeriodError):
        parse_period(text)


def test_a_tertial_is_not_a_month() -> None:
    with pytest.raises(PeriodError):
        parse_month("2026-T1")


def test_titles_are_swedish() -> None:
    assert [period.title for period in (Month(2026, 3), Tertial(2026, 1), Year(2026))] == [
        "mars 2026",
        "tertial 1 2026",
        "2026",
    ]
    assert len(Year(2026).months) == 12
    assert Month.containing(date(2028, 2, 29)) == Month(2028, 2)


def test_the_first_months_of_a_year_reach_to_the_last_day_of_the_last_one() -> None:
    period = YearToDate(2026, 8)
    assert (period.start, period.end) == (date(2026, 1, 1), date(2026, 8, 31))
    assert [month.key for month in period.months] == [f"2026-{month:02d}" for month in range(1, 9)]
    assert period.key == "2026-01--2026-08"
    assert period.title == "januari–augusti 2026"
    assert period.previous == period.same_last_year == YearToDate(2025, 8)


def test_the_first_months_of_a_year_have_one_name() -> None:
    named = [first_months(2026, count) for count in range(1, 13)]
    assert named[0] == Month(2026, 1)
    assert named[3] == Tertial(2026, 1) == parse_period("2026-01--2026-04")
    assert named[11] == Year(2026)
    assert [len(period.months) for period in named] == list(range(1, 13))
    assert len({period.key for period in named}) == 12


@pytest.mark.parametrize("last", [0, 1, 4, 12, 13])
def test_what_has_another_name_is_no_year_to_date(last: int) -> None:
    with pytest.raises(PeriodError):
        YearToDate(2026, last)


@pytest.mark.parametrize("count", [0, 13, -1])
def test_a_year_has_twelve_months(count: int) -> None:
    with pytest.raises(PeriodError):
        first_months(2026, count)


def test_only_periods_of_one_kind_are_set_beside_each_other() -> None:
    assert is_of_same_kind(Tertial(2026, 1), Tertial(2025, 3))
    assert is_of_same_kind(YearToDate(2026, 8), YearToDate(2025, 8))
    assert not is_of_same_kind(YearToDate(2026, 8), YearToDate(2026, 10))
    assert not is_of_same_kind(YearToDate(2026, 8), Tertial(2026, 1))
    assert not is_of_same_kind(Year(2026), Month(2026, 1))
