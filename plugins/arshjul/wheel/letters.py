"""The year's e-mails: what one role is reminded of on a day, and what the data team is told did not happen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from arshjul.catalogue.activities import ActivityCalendar
from arshjul.catalogue.deadlines import is_workday
from arshjul.lineage.expected import day_in_words
from arshjul.wheel.standing import SETTLED, Standing

WATCH_LOOKS_BACK = timedelta(days=30)
"""How long after it was missed the watch tells of it: what is older was before its time."""


def due_reminders(
    calendar: ActivityCalendar, standings: Iterable[Standing], day: date
) -> dict[str, tuple[Standing, ...]]:
    """Say which roles are to be reminded on a day, and of what; none when it is no working day.

    A reminder that could not be sent on its day is made up for on the next working day.

    Args:
        calendar: The activities.
        standings: How every occurrence stands.
        day: The day in Sweden.
    """
    found: dict[str, list[Standing]] = {}
    for one in standings if is_workday(day) else ():
        if one.state in SETTLED or one.state == "missad":
            continue
        passed = [reminder for reminder in one.occurrence.reminders if reminder <= day]
        for role in one.occurrence.activity.roles if passed else ():
            if one.reminded.get(role, date.min) < passed[-1]:
                found.setdefault(role, []).append(one)
    return {role: tuple(found[role]) for role in calendar.roles if role in found}


def newly_missed(standings: Iterable[Standing], day: date) -> tuple[Standing, ...]:
    """List what did not happen and the data team has not been told of: the watch over the year (R102).

    Args:
        standings: How every occurrence stands.
        day: The day in Sweden.
    """
    return tuple(one for one in standings if not one.is_told and is_missed(one, day))


def is_missed(one: Standing, day: date) -> bool:
    """Say whether something did not happen, and not so long ago that it is history."""
    if one.state == "missad":
        return one.occurrence.missed_after + WATCH_LOOKS_BACK >= day
    # What is done every day is told of at once: nothing else would say that it has stopped.
    return one.state == "forsenad" and one.occurrence.activity.every == "dag"


def told(standings: Iterable[Standing], calendar: ActivityCalendar) -> list[dict[str, str]]:
    """Write down what a letter tells: what the ledger keeps, and what :func:`letter_values` is given."""
    return [
        {
            "aktivitet": one.occurrence.activity.id,
            "ar": str(one.occurrence.year),
            "del": one.occurrence.part,
            "titel": title_of(one),
            "borjar": one.occurrence.opens.isoformat(),
            "senast": one.occurrence.due.isoformat(),
            "senast_gjord": one.done_on.isoformat() if one.done_on and one.occurrence.activity.every == "dag" else "",
            "lage": one.state_in_words,
            "anmarkning": one.occurrence.note,
            "ansvarig": calendar.roles[one.occurrence.activity.responsible].title,
            "vantar_pa": ", ".join(one.waits_for),
        }
        for one in standings
    ]


def title_of(one: Standing) -> str:
    """Name an occurrence so that it is told from others of its activity: ``Stickprov, mars 2026``."""
    title, part = one.occurrence.activity.title, one.occurrence.part
    if one.occurrence.activity.every == "manad":
        return f"{title}, {one.occurrence.period.title}"
    return f"{title}, {day_in_words(date.fromisoformat(part))}" if part else title


def letter_values(lines: Iterable[Mapping[str, str]], day: date) -> dict[str, list[dict[str, str]]]:
    """Give what the templates ``moment_paminnelse`` and ``moment_missat`` are written from: what is late, and what comes.

    Args:
        lines: From :func:`told`.
        day: The day the letter is sent.
    """
    late: list[dict[str, str]] = []
    coming: list[dict[str, str]] = []
    for one in lines:
        opens, due = date.fromisoformat(one["borjar"]), date.fromisoformat(one["senast"])
        last = day_in_words(date.fromisoformat(one["senast_gjord"])) if one["senast_gjord"] else ""
        told = {**one, "borjar": day_in_words(opens), "dag": day_in_words(due), "senast_gjord": last}
        (late if due < day else coming).append(told)
    return {"sena": late, "kommande": coming}
