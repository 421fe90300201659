"""When each dataset is due, on days when people are at work."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from arshjul.catalogue.contracts import Contract, Expected, load_contracts
from arshjul.catalogue.deadlines import (
    Deadline,
    DeliveryCalendar,
    Moved,
    deadlines,
    is_workday,
    load_calendar,
    owed_every_month,
    workdays_from,
)
from arshjul.catalogue.yaml_files import CatalogueError, as_definition
from arshjul.periods import Month
from arshjul.settings import REPOSITORY

INCLUDE = REPOSITORY / "include"


def one_owed(month: Month, calendar: DeliveryCalendar | None = None, **expected: Any) -> Deadline | None:
    """The deadline of a dataset that is owed so."""
    contract = load_contracts(INCLUDE)["kapacitet"]
    fields = {name: value for name, value in vars(contract).items() if name != "expected"}
    changed = Contract(**fields, expected=Expected(**expected))
    found = deadlines({"kapacitet": changed}, calendar or DeliveryCalendar(), month)
    return found[0] if found else None


def due(month: Month, calendar: DeliveryCalendar | None = None, **expected: Any) -> date:
    """The day it is due."""
    found = one_owed(month, calendar, **expected)
    assert found is not None
    return found.due


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-01",  # nyårsdagen
        "2026-01-06",  # trettondedag jul
        "2026-04-03",  # långfredagen
        "2026-04-06",  # annandag påsk
        "2026-05-01",
        "2026-05-14",  # Kristi himmelsfärdsdag
        "2025-06-06",  # nationaldagen, a Friday
        "2026-06-19",  # midsommarafton
        "2026-06-20",  # midsommardagen, a Saturday
        "2026-12-24",  # julafton
        "2026-12-25",
        "2026-12-31",  # nyårsafton
        "2026-03-07",  # a Saturday
        "2026-03-08",  # a Sunday
    ],
)
def test_nobody_is_at_work_on_red_days_weekends_and_the_three_eves(day: str) -> None:
    assert not is_workday(date.fromisoformat(day))


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-05",  # trettondagsafton
        "2026-04-02",  # skärtorsdagen
        "2026-04-30",  # valborgsmässoafton
        "2026-05-15",  # a klämdag
        "2026-05-25",  # annandag pingst is no holiday since 2005
        "2026-10-30",  # Friday before alla helgons dag
        "2028-02-29",
    ],
)
def test_half_days_and_days_in_between_are_working_days(day: str) -> None:
    assert is_workday(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("month", "third"),
    [
        (Month(2025, 12), "2026-01-07"),  # 2, 5 and 7 January
        (Month(2026, 3), "2026-04-07"),  # 1 and 2 April, then Easter
        (Month(2026, 4), "2026-05-06"),  # 1 May is a Friday
        (Month(2028, 1), "2028-02-03"),
        (Month(2028, 2), "2028-03-03"),
    ],
)
def test_a_working_day_is_counted_past_holidays(month: Month, third: str) -> None:
    assert due(month, workday=3) == date.fromisoformat(third)


@pytest.mark.parametrize(
    ("month", "latest"),
    [
        (Month(2026, 1), "2026-02-04"),
        (Month(2025, 12), "2026-01-02"),  # the 4th is a Sunday
        (Month(2026, 3), "2026-04-02"),  # Easter Saturday
        (Month(2026, 6), "2026-07-03"),
        (Month(2028, 2), "2028-03-03"),
        (Month(2083, 3), "2083-04-01"),  # Easter from Friday 2 to Monday 5 April
        (Month(2067, 3), "2067-04-05"),  # and from Friday 1 to Monday 4 April: none before, so the first one after
    ],
)
def test_a_day_that_is_no_working_day_is_the_one_before(month: Month, latest: str) -> None:
    assert due(month, day=4) == date.fromisoformat(latest)


def test_what_the_monthly_run_needs_is_due_before_it_begins_in_every_month() -> None:
    for year in range(2026, 2033):
        for number in range(1, 13):
            month = Month(year, number)
            run = month.end + timedelta(days=5)
            assert month.end < due(month, day=4) < run, month.key


def test_working_days_are_counted_both_ways() -> None:
    assert workdays_from(date(2026, 4, 7), -2) == date(2026, 4, 1)
    assert workdays_from(date(2026, 6, 18), 1) == date(2026, 6, 22)
    assert workdays_from(date(2026, 4, 4), 1) == date(2026, 4, 7)


def test_what_is_owed_for_some_months_counts_what_came_since_the_month_before() -> None:
    assert one_owed(Month(2026, 3), months=(4, 8, 12), workday=5) is None
    tertial = one_owed(Month(2026, 4), months=(4, 8, 12), workday=5)
    yearly = one_owed(Month(2026, 12), months=(12,), workday=10)
    spring = one_owed(Month(2026, 5), months=(5,), window=2, workday=10)
    assert tertial
    assert yearly
    assert spring
    assert [one.since for one in (tertial, yearly, spring)] == [Month(2026, 1), Month(2026, 1), Month(2026, 4)]
    assert due(Month(2026, 2), day=4) == date(2026, 3, 4)


def test_a_moved_deadline_counts_for_its_month_and_datasets_only() -> None:
    june = Moved(month="2026-06", due=date(2026, 7, 8), datasets=("kapacitet",), reason="Semestertider.")
    other = Moved(month="2026-06", due=date(2026, 7, 20), datasets=("narvaro",), reason="Semestertider.")
    calendar = DeliveryCalendar(moved=(june, other))
    assert due(Month(2026, 6), calendar, day=4) == date(2026, 7, 8)
    assert due(Month(2026, 7), calendar, day=4) == date(2026, 8, 4)
    everything = DeliveryCalendar(moved=(Moved(month="2026-06", due=date(2026, 7, 9), reason="Semestertider."),))
    assert due(Month(2026, 6), everything, day=4) == date(2026, 7, 9)


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ({}, "workday or on a day"),
        ({"day": 4, "workday": 3}, "workday or on a day"),
        ({"day": 29}, "day is 1–28"),
        ({"workday": 0}, "workday or on a day|workday is 1–15"),
        ({"months": [13], "day": 4}, "months are 1–12"),
        ({"months": [5, 4], "day": 4}, "months are 1–12"),
        ({"months": [], "day": 4}, "months are 1–12"),
        ({"day": 4, "window": 13}, "window is 1–12"),
    ],
)
def test_an_impossible_deadline_is_refused(expected: dict[str, Any], said: str) -> None:
    with pytest.raises(CatalogueError, match=said):
        as_definition(expected, Expected)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("starts: {trappsteg: '2026-01'}", "not an owed dataset: trappsteg"),
        ("starts: {narvaro: 2026}", "starts"),
        ("starts: {narvaro: 'januari'}", "YYYY-MM"),
        ("moved: [{month: '2026-06', due: 2026-07-08}]", "reason is missing"),
    ],
)
def test_a_wrong_calendar_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar" / "deliveries.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=said):
        load_calendar(tmp_path, load_contracts(INCLUDE))


def test_providers_owe_enrolments_attendance_and_capacity_every_month() -> None:
    """The rest is sent when there is something to tell (spec/deliveries.md)."""
    assert owed_every_month(load_contracts(INCLUDE)) == ["insatser", "narvaro", "kapacitet"]
    assert load_calendar(INCLUDE, load_contracts(INCLUDE)).moved == ()
