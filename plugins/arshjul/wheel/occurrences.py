"""From activities to dates: what falls when in a follow-up year, counted back from the real meetings and visits.

Pure: the same rules, meetings and visits always give the same dates. Source: BIN 2016-134, Årshjul; requirements R25 (one
change moves everything), R64 (an issue's own cut-off), R88 (bound to the real meeting).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from arshjul.catalogue.activities import Activity, ActivityCalendar, DayRule, PeriodRule, VisitSeason
from arshjul.catalogue.deadlines import workdays_from
from arshjul.periods import Month, Period, Tertial, Year, first_months

DATA_IS_IN = 6
"""Day of the month after, when a period's deliveries have been received: the monthly run is on the 5th."""

_DAY = timedelta(days=1)

NO_MEETING = "Sammanträdet är inte registrerat: dagarna är preliminära."
NO_VISIT = "Inget besök är registrerat."


@dataclass(frozen=True)
class CalendarDay:
    """A day that activities are bound to.

    Attributes:
        kind: ``sammantrade`` or ``besok``.
        name: The board's name, or the kind of visit.
        day: The day.
        sent_on: When a meeting's papers are sent out.
    """

    kind: Literal["sammantrade", "besok"]
    name: str
    day: date
    sent_on: date | None = None


@dataclass(frozen=True)
class Occurrence:
    """An activity in one follow-up year.

    Attributes:
        activity: The activity.
        year: The follow-up year.
        part: Which of several in the year: the month it is about (``2026-03``), the day of the visit; else empty.
        opens: The day work begins.
        due: The last day it is on time.
        missed_after: The last day on which it is only late.
        meeting: The meeting it is bound to, where that is registered.
        period: What it is about; its last day is the cut-off.
        reminders: When the responsible is reminded.
        note: Why the dates are preliminary; empty when they are not.
    """

    activity: Activity
    year: int
    part: str
    opens: date
    due: date
    missed_after: date
    meeting: date | None
    period: Period
    reminders: tuple[date, ...]
    note: str = ""

    @property
    def key(self) -> str:
        """``klagomal/2026``, ``utbetalningar/2026/2026-03``."""
        return "/".join(filter(None, (self.activity.id, str(self.year), self.part)))

    @property
    def run_id(self) -> str:
        """The id of the run that does it in Airflow, which no two occurrences share."""
        return self.key.replace("/", "__")

    @property
    def is_preliminary(self) -> bool:
        return bool(self.note)

    @property
    def can_start(self) -> bool:
        """There is something for its DAG to do."""
        return self.note != NO_VISIT


def occurrences(calendar: ActivityCalendar, year: int, days: Iterable[CalendarDay]) -> tuple[Occurrence, ...]:
    """Say what falls when in a follow-up year, by due day.

    Args:
        calendar: The activities.
        year: The follow-up year.
        days: Meetings and visits from September of the year before to January of the year after, at least.
    """
    known = _Year(calendar, year, tuple(days))
    found = [one for activity in calendar.activities for one in known.occurrences(activity)]
    return tuple(sorted(found, key=lambda one: one.due))  # stable: of one day in the order of the activities


@dataclass(frozen=True)
class _Year:
    calendar: ActivityCalendar
    year: int
    days: tuple[CalendarDay, ...]

    def occurrences(self, activity: Activity) -> Iterator[Occurrence]:
        if activity.every == "manad":
            for month in Year(self.year).months:
                due, opens = _in_month(activity.due, month), _in_month(activity.opens, month)
                yield self._occurrence(activity, due, opens, part=month.key, period=month)
        elif activity.season:
            yield from self._visits(activity, activity.season)
        else:
            due, meeting, note = self._day(activity.due)
            opens = _relative(activity.opens, due) or self._day(activity.opens)[0]
            yield self._occurrence(activity, due, opens, meeting=meeting, note=note)

    def _occurrence(
        self,
        activity: Activity,
        due: date,
        opens: date,
        *,
        part: str = "",
        period: Period | None = None,
        meeting: date | None = None,
        note: str = "",
        missed_after: date | None = None,
    ) -> Occurrence:
        about = period or period_of(activity.period, self.year)
        if activity.report and about.end < due:
            opens = max(opens, about.end + _DAY * DATA_IS_IN)
        if missed_after is None:
            missed_after = meeting if meeting and meeting > due else workdays_from(due, self.calendar.missed_after)
        reminders = tuple(workdays_from(due, count) for count in activity.reminders)
        return Occurrence(
            activity, self.year, part, min(opens, due), due, missed_after, meeting, about, reminders, note
        )

    def _visits(self, activity: Activity, season: VisitSeason) -> Iterator[Occurrence]:
        found = sorted(
            {
                one.day
                for one in self.days
                if (one.kind, one.name) == ("besok", season.type) and _season_year(season, one.day) == self.year
            }
        )
        for day in found:
            due = workdays_from(day, activity.due.workdays or 0)
            opens = _relative(activity.opens, day) or due
            month = Month.containing(day)
            yield self._occurrence(activity, due, opens, part=day.isoformat(), period=month, missed_after=day)
        if not found:
            last = Month(self.year, season.last)
            first = Month(self.year - (season.first > season.last), season.first)
            due, opens = workday_of(last, -1), workday_of(first, 1)
            yield self._occurrence(activity, due, opens, period=last, note=NO_VISIT)

    def _day(self, rule: DayRule) -> tuple[date, date | None, str]:
        """Find a day, the meeting that it is counted from, and why it is preliminary."""
        if rule.month is None:
            raise ValueError("only a rule that names a month gives a day by itself")
        month = Month(self.year + rule.year, rule.month)
        if rule.board is None:
            return _in_month(rule, month), None, ""
        workdays = rule.workdays or 0
        meetings = self._meetings(rule.board, month)
        if not meetings:
            return workdays_from(workday_of(month, -1), workdays), None, NO_MEETING
        meeting = meetings[0 if rule.which == "forsta" else -1]
        day = workdays_from(meeting.day, workdays)
        # Papers that go out before that must be ready when they go out.
        before = meeting.sent_on if workdays < 0 else None
        return min(day, before or day), meeting.day, ""

    def _meetings(self, board: str, month: Month) -> list[CalendarDay]:
        name = self.calendar.boards[board]
        return sorted(
            (
                one
                for one in self.days
                if (one.kind, one.name) == ("sammantrade", name) and month.start <= one.day <= month.end
            ),
            key=lambda one: one.day,
        )


def period_of(rule: PeriodRule, year: int) -> Period:
    """Return the period that an activity of a follow-up year is about.

    Args:
        rule: The activity's rule.
        year: The follow-up year. For ``manad`` of what is done each day it is the year itself.
    """
    year += rule.year
    if rule.kind == "tertial":
        return Tertial(year, rule.number or 1)
    if rule.kind == "forsta_manader":
        return first_months(year, rule.number or 12)
    return Year(year)


def workday_of(month: Month, number: int) -> date:
    """Return a working day of a month: 1 is the first, -1 the last."""
    edge = month.start - _DAY if number > 0 else month.end + _DAY
    return workdays_from(edge, number)


def _in_month(rule: DayRule, month: Month) -> date:
    for _ in range(rule.months_after or 0):
        month = Month.containing(month.end + _DAY)
    if rule.workday is not None:
        return workday_of(month, rule.workday)
    return month.start.replace(day=min(rule.day or 1, month.end.day))


def _relative(rule: DayRule, day: date) -> date | None:
    return workdays_from(day, rule.workdays or 0) if rule.is_relative else None


def _season_year(season: VisitSeason, day: date) -> int:
    """The follow-up year of a visit: one in autumn belongs to the year that its season ends in."""
    return day.year + (season.first > season.last and day.month >= season.first)
