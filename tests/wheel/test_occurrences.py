"""Dates: counted in Swedish working days back from the real meeting, and moved with it and with nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.wheel.year import BOARD, BOARD_2026, COUNCIL, by_id, meetings, of_2026, real, visits, year_2026

from arshjul.catalogue.activities import DayRule
from arshjul.catalogue.deadlines import is_workday, workdays_from
from arshjul.catalogue.yaml_files import changed
from arshjul.periods import Month, Tertial, Year
from arshjul.wheel.occurrences import NO_MEETING, NO_VISIT, Occurrence, occurrences, workday_of

SEPTEMBER = date(2026, 9, 16)
BOUND_TO_SEPTEMBER = {"klagomal", "delarsrapport_september"}


def moved_to(day: date) -> dict[str, Occurrence]:
    others = [one for one in BOARD_2026 if one != SEPTEMBER]
    return year_2026([*meetings([*others, day]), *meetings([date(2026, 6, 24)], COUNCIL), *of_2026()[-3:]])


@settings(max_examples=40, deadline=None)
@given(st.dates(date(2026, 9, 1), date(2026, 9, 30)))
def test_a_moved_meeting_moves_what_is_bound_to_it_and_nothing_else(day: date) -> None:
    before, after = year_2026(), moved_to(day)
    assert before.keys() == after.keys()
    unmoved = {key for key, one in after.items() if one == before[key]}
    assert set(before) - unmoved == (BOUND_TO_SEPTEMBER if day != SEPTEMBER else set())
    for one in (after[key] for key in BOUND_TO_SEPTEMBER):
        assert one.meeting == day
        assert one.due == min(workdays_from(day, -6), day - timedelta(days=8))
        assert one.opens <= one.due < one.meeting
        assert one.reminders == tuple(workdays_from(one.due, count) for count in one.activity.reminders)
        assert not one.is_preliminary


def test_a_meeting_moved_a_week_moves_deadline_opening_and_reminders() -> None:
    before = year_2026()["internbudget"]
    others = [one for one in BOARD_2026 if one.month != 10]
    after = year_2026(meetings([*others, date(2026, 10, 28)]))["internbudget"]
    assert (before.due, after.due) == (date(2026, 10, 13), date(2026, 10, 20))
    assert after.opens > before.opens
    assert all(late > early for late, early in zip(after.reminders, before.reminders, strict=True))


def test_the_meeting_decides_and_not_the_first_of_the_month() -> None:
    one = year_2026()["klagomal"]
    assert (one.meeting, one.due) == (SEPTEMBER, date(2026, 9, 8)), "six working days before, the day papers go out"
    assert workdays_from(one.meeting or date.min, -6) == one.due


def test_papers_are_ready_when_they_are_sent_out() -> None:
    days = meetings(sent_before=14)
    assert year_2026(days)["klagomal"].due == SEPTEMBER - timedelta(days=14)


def test_a_meeting_that_is_not_registered_gives_preliminary_days() -> None:
    one = year_2026(meetings(day for day in BOARD_2026 if day != SEPTEMBER))["klagomal"]
    assert one.note == NO_MEETING
    assert one.meeting is None
    assert one.due == workdays_from(date(2026, 9, 30), -6), "back from the month's last working day"


def test_another_boards_meeting_is_not_ours() -> None:
    one = year_2026(meetings([SEPTEMBER], board="Bildningsnämnden"))["klagomal"]
    assert one.is_preliminary


def test_of_two_meetings_in_a_month_the_first_counts_unless_the_rule_says_the_last() -> None:
    second = date(2026, 9, 30)
    assert (
        moved_to(SEPTEMBER)["klagomal"]
        == by_id(occurrences(real(), 2026, [*of_2026(), *meetings([second])]))["klagomal"]
    )
    calendar = real()
    rule = changed(calendar["klagomal"].due, which="sista")
    activities = tuple(changed(one, due=rule) if one.id == "klagomal" else one for one in calendar.activities)
    found = by_id(occurrences(changed(calendar, activities=activities), 2026, [*of_2026(), *meetings([second])]))
    assert found["klagomal"].meeting == second


def test_a_meeting_on_a_holiday_is_counted_back_from_in_working_days() -> None:
    midsummers_eve = date(2026, 6, 19)
    assert not is_workday(midsummers_eve)
    found = year_2026(meetings([midsummers_eve], sent_before=1))["redovisning_namndbesok"]
    assert found.meeting == midsummers_eve
    assert found.due == date(2026, 6, 11), "18, 17, 16, 15, 12, 11"


def test_each_interim_report_has_its_own_cut_off_and_is_no_tertial() -> None:
    found = year_2026()
    cut_offs = {key: found[f"delarsrapport_{key}"].period for key in ("april", "september", "november")}
    assert {key: one.end for key, one in cut_offs.items()} == {
        "april": date(2026, 3, 31),
        "september": date(2026, 8, 31),
        "november": date(2026, 10, 31),
    }
    assert not any(isinstance(one, Tertial) for one in cut_offs.values())


def test_a_report_never_opens_before_its_periods_deliveries_are_in() -> None:
    for year in (2025, 2026, 2027, 2028):
        for one in occurrences(real(), year, []):
            if one.activity.report and one.period.end < one.due:
                earliest = one.period.end + timedelta(days=6)
                assert one.opens >= min(earliest, one.due), one.key


def test_a_day_is_a_working_day_unless_it_is_stated() -> None:
    for one in year_2026().values():
        if one.activity.due.day is None:
            assert is_workday(one.due), one.key
        assert all(map(is_workday, one.reminders)), one.key
        assert one.opens <= one.due <= one.missed_after, one.key


def test_the_units_reports_cross_the_turn_of_the_year() -> None:
    one = year_2026()["kvalitetsrapporter"]
    assert one.opens == date(2025, 11, 3), "asked for on the first working day of November"
    assert one.due == date(2025, 12, 31)
    assert one.period == Year(2025)
    assert [day for day in one.reminders if day.year == 2026] == [
        date(2026, 1, 2),
        date(2026, 1, 12),
        date(2026, 1, 19),
    ]


def test_the_third_tertial_is_reported_the_year_after() -> None:
    one = year_2026()["tertialrapport_3"]
    assert (one.period, one.meeting) == (Tertial(2025, 3), date(2026, 2, 18))


def test_every_month_has_its_own_occurrence_and_december_ends_in_january() -> None:
    found = [one for one in occurrences(real(), 2026, []) if one.activity.id == "utbetalningar"]
    assert [one.part for one in found] == [month.key for month in Year(2026).months]
    assert [one.period for one in found] == list(Year(2026).months)
    assert found[-1].due.year == 2027


@pytest.mark.parametrize(("year", "last"), [(2027, date(2027, 2, 28)), (2028, date(2028, 2, 29))])
def test_a_stated_day_that_the_month_lacks_is_its_last(year: int, last: date) -> None:
    calendar = real()
    stated = DayRule(month=2, day=29)
    activities = tuple(
        changed(one, due=stated, opens=stated) if one.id == "kundundersokning" else one for one in calendar.activities
    )
    assert by_id(occurrences(changed(calendar, activities=activities), year, []))["kundundersokning"].due == last


def test_working_days_are_counted_over_29_february() -> None:
    assert workday_of(Month(2028, 2), -1) == date(2028, 2, 29)
    assert workdays_from(date(2028, 3, 1), -1) == date(2028, 2, 29)
    assert workdays_from(date(2027, 3, 1), -1) == date(2027, 2, 26), "a Friday"


def test_each_visit_has_its_own_paper_and_autumn_belongs_to_the_year_after() -> None:
    found = year_2026()
    assert {key for key in found if key.startswith("namndbesok")} == {"namndbesok/2025-10-15", "namndbesok/2026-02-11"}
    one = found["namndbesok/2026-02-11"]
    assert (one.opens, one.due) == (date(2026, 1, 28), date(2026, 2, 4))
    assert by_id(occurrences(real(), 2027, of_2026())).keys() >= {"namndbesok/2026-10-14"}


def test_a_moved_visit_moves_its_paper_and_nothing_else() -> None:
    before = year_2026()
    days = [one for one in of_2026() if one.day != date(2026, 2, 11)]
    after = year_2026([*days, *visits(date(2026, 3, 4))])
    assert set(before) ^ set(after) == {"namndbesok/2026-02-11", "namndbesok/2026-03-04"}
    assert {key: one for key, one in after.items() if key in before} == {
        key: before[key] for key in before if key in after
    }


def test_a_season_without_visits_is_shown_but_starts_nothing() -> None:
    one = year_2026(meetings())["namndbesok"]
    assert one.note == NO_VISIT
    assert not one.can_start
    assert (one.opens, one.due) == (date(2025, 9, 1), date(2026, 5, 29))


def test_every_occurrence_has_a_key_of_its_own() -> None:
    keys = [one.run_id for year in (2025, 2026, 2027) for one in occurrences(real(), year, of_2026())]
    assert len(keys) == len(set(keys))
    assert "klagomal__2026" in keys


def test_an_activity_whose_month_is_changed_moves_everything_made_of_it() -> None:
    calendar = real()
    rule = changed(calendar["internbudget"].due, month=11)
    activities = tuple(changed(one, due=rule) if one.id == "internbudget" else one for one in calendar.activities)
    before, after = year_2026(), by_id(occurrences(changed(calendar, activities=activities), 2026, of_2026()))
    assert {key for key in before if before[key] != after[key]} == {"internbudget"}
    one = after["internbudget"]
    assert (one.meeting, one.due) == (date(2026, 11, 18), date(2026, 11, 10))
    assert one.opens.month == 9
    assert one.reminders[0].month == 10


def test_the_board_is_the_one_that_the_register_names() -> None:
    assert real().boards["namnd"] == BOARD
