"""How the year's activities stand on a day: planned, under way, done, late, missed or not applicable.

A state is computed from dates and events, never stored: a moved meeting or a corrected event counts at once. Source:
requirements R102 (what did not happen), R105 (what waits for something else), R106 (planned against done).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection

from arshjul.catalogue.activities import ActivityCalendar
from arshjul.lineage.statements import LEDGER
from arshjul.wheel import events
from arshjul.wheel.events import Event
from arshjul.wheel.occurrences import CalendarDay, Occurrence, occurrences

State = Literal["planerad", "pagar", "klar", "forsenad", "missad", "ej_aktuell"]

STATE_WORDS: dict[State, str] = {
    "planerad": "planerad",
    "pagar": "pågår",
    "klar": "klar",
    "forsenad": "försenad",
    "missad": "missad",
    "ej_aktuell": "ej aktuell",
}

SETTLED: frozenset[State] = frozenset({"klar", "ej_aktuell"})

_DAILY_PATIENCE = timedelta(days=1)

NOT_IN_USE = "Årshjulet var inte i bruk då."


@dataclass(frozen=True)
class Standing:
    """How one occurrence stands on a day.

    Attributes:
        occurrence: The occurrence.
        state: How it stands.
        done_on: The day it was done.
        started_on: The day its DAG was started.
        reminded: Role to the last day it was reminded.
        is_told: The data team has been told that it was missed, and neither has its day been moved nor has it been done since.
        reason: Why it is not applicable.
        waits_for: Titles of what must be settled first and is not (R105).
    """

    occurrence: Occurrence
    state: State
    done_on: date | None = None
    started_on: date | None = None
    reminded: Mapping[str, date] = field(default_factory=dict)
    is_told: bool = False
    reason: str = ""
    waits_for: tuple[str, ...] = ()

    @property
    def is_done_late(self) -> bool:
        """It was done, after its last day."""
        return self.state == "klar" and self.done_on is not None and self.done_on > self.occurrence.due

    @property
    def state_in_words(self) -> str:
        """The state as readers see it: never only a colour."""
        if self.is_done_late:
            return "klar, för sent"
        return STATE_WORDS[self.state] + (", väntar på annat" if self.waits_for and self.state != "planerad" else "")

    def as_json(self) -> dict[str, Any]:
        """The standing for machines."""
        one = self.occurrence
        return {
            "aktivitet": one.activity.id,
            "titel": one.activity.title,
            "ar": one.year,
            "del": one.part,
            "spalt": one.activity.lane,
            "borjar": one.opens.isoformat(),
            "senast": one.due.isoformat(),
            "sammantrade": one.meeting.isoformat() if one.meeting else None,
            "preliminar": one.is_preliminary,
            "anmarkning": one.note,
            "period": one.period.key,
            "brytdatum": one.period.end.isoformat(),
            "ansvarig": one.activity.responsible,
            "medansvariga": list(one.activity.co_responsible),
            "flode": one.activity.dag,
            "rapport": one.activity.report,
            "mottagare": list(one.activity.recipients),
            "lage": self.state,
            "klar": self.done_on.isoformat() if self.done_on else None,
            "for_sent": self.is_done_late,
            "paminnelse": max(self.reminded.values()).isoformat() if self.reminded else None,
            "skal": self.reason,
            "vantar_pa": list(self.waits_for),
        }


def read_year(
    connection: Connection, calendar: ActivityCalendar, year: int, day: date, as_of: datetime | None = None
) -> tuple[Standing, ...]:
    """Say how every occurrence of a follow-up year stands, by due day.

    Args:
        connection: Under any role of ours.
        calendar: The activities.
        year: The follow-up year.
        day: The day in Sweden it is asked for; what happened later is not known.
        as_of: What was known of meetings and visits then; now by default.
    """
    planned = occurrences(calendar, year, calendar_days(connection, year, as_of))
    happened = events.read(connection, year, year, day)
    return standings(calendar, planned, happened, day, events.in_use_since(connection, day))


def read_around(connection: Connection, calendar: ActivityCalendar, day: date) -> tuple[Standing, ...]:
    """Say how everything stands that can matter on a day.

    What begins in November belongs to the follow-up year after, and what is late in January to the one before.

    Args:
        connection: Under any role of ours.
        calendar: The activities.
        day: The day in Sweden.
    """
    years = (day.year - 1, day.year, day.year + 1)
    return tuple(one for year in years for one in read_year(connection, calendar, year, day))


def calendar_days(connection: Connection, year: int, as_of: datetime | None = None) -> tuple[CalendarDay, ...]:
    """Give the meetings and visits that a follow-up year can be bound to.

    Args:
        connection: Under any role of ours.
        year: The follow-up year.
        as_of: What was known then; now by default.
    """
    rows = LEDGER.fetch_all(
        connection,
        "wheel/calendar_days.sql",
        as_of=as_of,
        first_day=date(year - 1, 1, 1),
        last_day=date(year + 1, 12, 31),
    )
    return tuple(CalendarDay(**row) for row in rows)


def standings(
    calendar: ActivityCalendar, planned: Iterable[Occurrence], happened: Iterable[Event], day: date, since: date
) -> tuple[Standing, ...]:
    """Say how occurrences of one follow-up year stand on a day.

    Args:
        calendar: The activities.
        planned: The occurrences.
        happened: What has happened until the day, oldest first.
        day: The day.
        since: The day the årshjul came into use: what was due before it and of which nothing is recorded is not missed.
    """
    by_key: dict[tuple[str, str], list[Event]] = {}
    for event in happened:
        if event.on_day <= day:
            by_key.setdefault((event.activity_id, event.part), []).append(event)
    planned = tuple(planned)
    found = {one.key: _standing(one, by_key.get((one.activity.id, one.part), []), day, since) for one in planned}
    settled = {one.activity.id: found[one.key].state in SETTLED for one in planned if not one.part}
    return tuple(_waiting(found[one.key], calendar, settled) for one in planned)


def _standing(one: Occurrence, happened: list[Event], day: date, since: date) -> Standing:
    if not happened and one.due < since:
        return Standing(one, "ej_aktuell", reason=NOT_IN_USE)
    last: dict[str, Event] = {event.kind: event for event in happened}
    days: Mapping[str, date] = {kind: event.on_day for kind, event in last.items()}
    # A report is done when it first was; what is done every day when it last was.
    done = next((event.on_day for event in happened if event.kind == "klar"), None)
    if one.activity.every == "dag":
        done = days.get("klar")
    not_applicable, told = last.get("ej_aktuell"), days.get("missad", date.min)
    return Standing(
        occurrence=one,
        state=_state(one, done, not_applicable is not None, day, since),
        done_on=done,
        started_on=days.get("startad"),
        reminded={event.note: event.on_day for event in happened if event.kind == "paminnelse"},
        is_told=told > (done or date.min) if one.activity.every == "dag" else told > one.missed_after,
        reason=not_applicable.note if not_applicable else "",
    )


def _state(one: Occurrence, done: date | None, is_not_applicable: bool, day: date, since: date) -> State:
    if one.activity.every == "dag" and one.opens <= day:
        return _daily_state(one, done, day, since)
    if done is not None:
        return "klar"
    if is_not_applicable:
        return "ej_aktuell"
    if day > one.missed_after:
        return "missad"
    if day > one.due:
        return "forsenad"
    return "pagar" if day >= one.opens else "planerad"


def _daily_state(one: Occurrence, last: date | None, day: date, since: date) -> State:
    """What is done every day is done when the year is over, and late as soon as a whole day has gone by without it."""
    expected = min(day, one.due) - _DAILY_PATIENCE
    if (last or max(one.opens, since) - _DAILY_PATIENCE) < expected:
        return "missad" if day > one.due else "forsenad"
    return "klar" if day > one.due else "pagar"


def _waiting(standing: Standing, calendar: ActivityCalendar, settled: Mapping[str, bool]) -> Standing:
    waits = tuple(calendar[one].title for one in standing.occurrence.activity.after if not settled.get(one, True))
    if not waits or standing.state in SETTLED:
        return standing
    return replace(standing, waits_for=waits)
