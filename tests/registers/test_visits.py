"""Visits: their window, their quality report, what is not written; and never a word of the notes."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

from sqlalchemy import Connection
from tests.registers.follow_up_world import AS_OF, UNIT, YEAR, as_reader, fill, thing

from arshjul.registers.actions import read_actions
from arshjul.registers.objects import read_objects
from arshjul.registers.visits import (
    OfficerVisitAlert,
    Visit,
    areas_without_action,
    board_season,
    officer_visit_alerts,
    read_visits,
)

MARK = bytes(32)


def visits(connection: Connection, *rows: dict[str, Any], **tables: Any) -> tuple[Visit, ...]:
    things = [thing(UNIT, "egen_verksamhet", "tjanstemannabesok")]
    fill(connection, uppfoljningsobjekt=things, besok=rows, **tables)
    return read_visits(as_reader(connection), AS_OF, date(2023, 9, 1), date(2024, 12, 31))


def test_a_board_visit_in_june_is_flagged_and_one_in_may_is_not(connection: Connection) -> None:
    may, june = visits(connection, {"besok_id": "b1", "datum": "2024-05-31"}, {"besok_id": "b2", "datum": "2024-06-01"})
    assert (may.is_outside_window, june.is_outside_window) == (False, True)


def test_a_visit_that_was_called_off_is_in_nobodys_way(connection: Connection) -> None:
    [june] = visits(connection, {"besok_id": "b", "datum": "2024-06-04", "status": "installt"})
    assert not june.is_outside_window
    assert june.lacks == ()


def test_the_account_in_june_is_of_visits_from_september_on(connection: Connection) -> None:
    rows = [{"besok_id": f"b{day}", "datum": day} for day in ("2023-08-31", "2023-09-01", "2024-05-31", "2024-06-01")]
    fill(connection, besok=rows)
    found = read_visits(as_reader(connection), AS_OF, *board_season(YEAR))
    assert [one.day for one in found] == [date(2023, 9, 1), date(2024, 5, 31)]


def test_a_visit_is_linked_to_the_newest_quality_report_that_had_come_by_then(connection: Connection) -> None:
    reports = [
        {"ar": 2022, "inkom_datum": "2022-12-28", "period": "2022-12-01"},
        {"ar": 2023, "inkom_datum": "2024-01-04", "period": "2024-01-01"},
    ]
    before, after = visits(
        connection,
        {"besok_id": "b1", "datum": "2023-11-14"},
        {"besok_id": "b2", "datum": "2024-02-14"},
        kvalitetsrapporter=reports,
    )
    assert (before.report_year, after.report_year) == (2022, 2023)


def test_only_whether_there_are_notes_is_told_and_a_visit_without_them_is_listed(connection: Connection) -> None:
    with_notes, without = visits(
        connection,
        {"besok_id": "b1", "datum": "2024-02-14", "anteckningar_mark": MARK, "analys": "Trappan används olika."},
        {"besok_id": "b2", "datum": "2024-03-14"},
    )
    assert (with_notes.has_notes, with_notes.lacks) == (True, ())
    assert without.lacks == ("minnesanteckningar", "analys")
    assert "anteckningar" not in {field.name for field in dataclasses.fields(Visit)}


def test_areas_are_the_items_of_the_analysis_and_its_prose_is_none() -> None:
    text = (
        "Målen är kända.\n- Kortare väg till praktik\n2. Fast kontakt\nFörbättringsområde: Introduktion\nSlut - punkt."
    )
    visit = Visit("b", "namndbesok", date(2024, 2, 14), UNIT, "", "", "genomfort", True, text, None)
    assert visit.areas == ("Kortare väg till praktik", "Fast kontakt", "Introduktion")


def test_three_areas_ask_for_three_actions(connection: Connection) -> None:
    analysis = "- Första\n- Andra\n- Tredje"
    actions = [{"atgard_id": f"a{n}", "kalla": "besok", "kall_id": "b1"} for n in range(2)]
    rows = {"besok_id": "b1", "datum": "2024-02-14", "analys": analysis}
    found = visits(connection, rows, atgarder=[*actions, {"atgard_id": "x", "kalla": "klagomal", "kall_id": "b1"}])
    [(visit, lacking)] = areas_without_action(found, read_actions(connection, AS_OF))
    assert (visit.visit_id, lacking) == ("b1", 1)


def alerts(connection: Connection, day: date, *rows: dict[str, Any]) -> tuple[OfficerVisitAlert, ...]:
    found = visits(connection, *rows)
    return officer_visit_alerts(read_objects(connection, AS_OF, YEAR), found, YEAR, day)


OFFICERS = {"besok_id": "t1", "datum": "2024-08-28", "typ": "tjanstemannabesok"}


def test_an_officials_visit_without_minutes_or_analysis_is_an_alert_from_30_september(connection: Connection) -> None:
    found = alerts(connection, date(2024, 9, 30), OFFICERS)
    assert [(one.visit_id, one.lack) for one in found] == [("t1", "minnesanteckningar"), ("t1", "analys")]


def test_nothing_is_an_alert_on_29_september(connection: Connection) -> None:
    assert alerts(connection, date(2024, 9, 29), OFFICERS) == ()


def test_a_unit_without_a_visit_is_an_alert_and_one_with_minutes_and_analysis_is_not(connection: Connection) -> None:
    [alert] = alerts(connection, date(2024, 10, 1), {**OFFICERS, "status": "planerat"})
    assert (alert.object_id, alert.words) == (UNIT, "inget tjänstemannabesök är genomfört")


def test_a_visit_with_minutes_and_analysis_is_no_alert(connection: Connection) -> None:
    whole = {**OFFICERS, "anteckningar_mark": MARK, "analys": "- Placering vid avslut"}
    assert alerts(connection, date(2024, 12, 1), whole) == ()
