"""The year's e-mails: what one role is reminded of on a day, and what the data team is told did not happen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from arshjul.catalogue.activities import ActivityCalendar
from arshjul.catalogue.deadlines import is_workday
from arshjul.catalogue.letters import plain_text
from arshjul.lineage.expected import day_in_words
from arshjul.wheel.standing import SETTLED, Standing

Letter = Literal["paminnelse", "missat"]

_TEMPLATES: Mapping[Letter, str] = {"paminnelse": "moment_paminnelse.txt.j2", "missat": "moment_missat.txt.j2"}

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
    """Write down what a letter tells: what the ledger keeps, and what the letter is made from."""
    return [
        {
            "aktivitet": one.occurrence.activity.id,
            "ar": str(one.occurrence.year),
            "del": one.occurrence.part,
            "titel": title_of(one),
            "borjar": one.occurrence.opens.isoformat(),
            "senast": one.occurrence.due.isoformat(),
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


def write_letter(
    include: Path, letter: Letter, name: str, lines: Iterable[Mapping[str, str]], day: date, **names: Any
) -> str:
    """Write an e-mail: its subject, a line feed, and its text.

    Args:
        include: The catalogue's folder, with the templates.
        letter: Which letter.
        name: The role's title.
        lines: From :func:`told`.
        day: The day it is sent.
        names: What else the template uses.
    """
    shown = [
        {
            **one,
            "borjar": day_in_words(date.fromisoformat(one["borjar"])),
            "dag": day_in_words(date.fromisoformat(one["senast"])),
        }
        for one in lines
    ]
    late = [one for one in shown if date.fromisoformat(one["senast"]) < day]
    coming = [one for one in shown if one not in late]
    return plain_text(include, _TEMPLATES[letter], namn=name, sena=late, kommande=coming, **names)
