"""Attendance by month says what its days say, at every time, whatever was delivered, corrected or judged again."""

from __future__ import annotations

from typing import Any

from arshjul.settings import Settings
from arshjul.warehouse.engine import transaction

Desk = Any  # tests/intake/conftest.py

DAYS = """
    SELECT anordnare, insats_id, date_trunc('month', datum)::date AS manad, count(*)::int AS days,
        (count(*) FILTER (WHERE narvarande_timmar > 0))::int AS days_attended, sum(planerade_timmar) AS planned_hours,
        sum(narvarande_timmar) AS attended_hours
    FROM core.attendance(CAST(:moment AS timestamptz)) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
MONTHS = """
    SELECT anordnare, insats_id, manad, days, days_attended, planned_hours, attended_hours
    FROM core.attendance_month(CAST(:moment AS timestamptz)) ORDER BY 1, 2, 3
"""
MOMENTS = (
    "SELECT DISTINCT known_from FROM core.narvaro UNION SELECT known_to FROM core.narvaro WHERE known_to < 'infinity'"
)


def check(desk: Desk) -> int:
    """Compare months with their days at every time something changed; give the number of times."""
    moments = [moment for (moment,) in desk.query(MOMENTS)]
    for moment in moments:
        assert desk.query(MONTHS, moment=moment) == desk.query(DAYS, moment=moment), moment
    return len(moments)


def test_months_follow_their_days_through_corrections_withdrawals_and_retries(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1"), desk.enrolment("A2", 2)])
    desk.send("narvaro", [["A1", "2026-03-03", "8", "8", ""], ["A1", "2026-03-04", "8", "0", "sjuk"]])
    assert check(desk) == 1
    desk.send("narvaro", [["A1", "2026-03-03", "8", "4", "vab"], ["A2", "2026-03-04", "7,5", "7,5", ""]])
    assert check(desk) == 2
    desk.send("narvaro", [["A2", "2026-03-04", "7,5", "7,5", ""], ["A3", "2026-03-05", "8", "8", ""]])
    assert check(desk) == 3
    desk.send("insatser", [desk.enrolment("A1"), desk.enrolment("A2", 2), desk.enrolment("A3", 3)])  # A3 is let in now
    assert check(desk) == 4
    assert [row[1] for row in desk.query(MONTHS, moment="infinity")] == []
    assert [row[1] for row in desk.query(MONTHS, moment="9999-01-01")] == ["A2", "A3"]


def test_a_month_that_says_the_same_keeps_its_first_row(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1")])
    first = desk.send("narvaro", [["A1", "2026-03-03", "8", "4", "sjuk"]])
    desk.send("narvaro", [["A1", "2026-03-03", "8", "4", "vab"]])  # another reason of absence, the same hours
    told = desk.query("SELECT insats_id, delivery_id, known_to = 'infinity' FROM core.narvaro_manad")
    assert told == [("A1", first.delivery_id, True)]
    assert check(desk) == 2


def test_rolling_everything_up_anew_gives_the_same_months(desk: Desk, database: Settings) -> None:
    desk.send("insatser", [desk.enrolment("A1")])
    desk.send("narvaro", [["A1", "2026-03-03", "8", "8", ""]])
    desk.send("narvaro", [["A1", "2026-03-03", "8", "4", "sjuk"], ["A1", "2026-03-05", "8", "8", ""]])
    with transaction(database) as connection:
        connection.exec_driver_sql("SELECT core.roll_up_attendance()")
    assert check(desk) == 2
