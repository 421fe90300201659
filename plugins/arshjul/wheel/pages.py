"""A year to read: as text for a terminal, and as one accessible HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from arshjul.catalogue.activities import ActivityCalendar, Lane
from arshjul.lineage.expected import day_in_words
from arshjul.periods import MONTH_NAMES, Month
from arshjul.wheel.letters import title_of
from arshjul.wheel.outcome import outcome
from arshjul.wheel.standing import Standing
from arshjul.wheel.table import Line, wheel_table

_LANE_WORDS: dict[Lane, str] = {"avdelning": "avdelningen", "verksamhet": "verksamheten"}

_COLUMNS = ("senast", "aktivitet", "spalt", "ansvarig", "läge")


def year_as_text(calendar: ActivityCalendar, year: int, day: date, standings: Sequence[Standing]) -> str:
    """Write a year as a table for each month, by due day, and how it has gone.

    Args:
        calendar: The activities.
        year: The follow-up year.
        day: The day it is asked for.
        standings: From :func:`arshjul.wheel.standing.read_year`.
    """
    blocks = [f"Årshjulet {year}, läget {day_in_words(day)}"]
    for month, found in _by_month(standings):
        rows = [_COLUMNS, *(_text_row(one, calendar) for one in found)]
        widths = [max(len(row[place]) for row in rows) for place in range(len(_COLUMNS))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        blocks.append("\n".join((month.title.capitalize(), *(f"  {line}" for line in lines))))
    whole = outcome(standings)[-1]
    blocks.append(
        f"Utfall: {whole.planned} planerade, {whole.done} klara i tid, {whole.done_late} klara för sent, "
        f"{whole.late} försenade, {whole.missed} missade, {whole.not_due} återstår, {whole.not_applicable} ej aktuella."
    )
    return "\n\n".join(blocks)


def _text_row(one: Standing, calendar: ActivityCalendar) -> tuple[str, ...]:
    activity = one.occurrence.activity
    preliminary = " (prel.)" if one.occurrence.is_preliminary else ""
    return (
        f"{one.occurrence.due.isoformat()}{preliminary}",
        title_of(one),
        _LANE_WORDS[activity.lane],
        calendar.roles[activity.responsible].title,
        one.state_in_words,
    )


def year_as_html(
    include: Path, calendar: ActivityCalendar, municipality: str, year: int, day: date, standings: Sequence[Standing]
) -> str:
    """Draw a year as one accessible HTML page: the wheel, every date, and how it has gone. States are words.

    Args:
        include: The catalogue's folder, with the template.
        calendar: The activities.
        municipality: Its name.
        year: The follow-up year.
        day: The day it is asked for.
        standings: From :func:`arshjul.wheel.standing.read_year`.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(include / "templates"), undefined=StrictUndefined, autoescape=True, trim_blocks=True
    )
    return environment.get_template("arshjul.html.j2").render(
        kommun=municipality,
        ar=year,
        dag=day_in_words(day),
        spalter=list(calendar.lanes.values()),
        hjul=_wheel(calendar, standings),
        manader=[
            {"titel": month.title.capitalize(), "rader": [_html_row(one, calendar) for one in found]}
            for month, found in _by_month(standings)
        ],
        utfall=[row.as_json() for row in outcome(standings)],
    )


def _wheel(calendar: ActivityCalendar, standings: Sequence[Standing]) -> list[dict[str, Any]]:
    return [
        {
            "manad": MONTH_NAMES[row.month - 1].capitalize(),
            "celler": [[_wheel_line(line, standings) for line in row.cells[lane]] for lane in calendar.lanes],
        }
        for row in wheel_table(calendar)
    ]


def _wheel_line(line: Line, standings: Sequence[Standing]) -> dict[str, Any]:
    found = [[one for one in standings if one.occurrence.activity.id == piece.activity_id] for piece in line.pieces]
    names = [one.activity.title for one in (group[0].occurrence for group in found if group)]
    states = [_summary(group) for group in found if group]
    # Two activities in one line are told apart by their names.
    words = [f"{name}: {word}" if len(states) > 1 else word for name, (_, word) in zip(names, states, strict=True)]
    return {"text": line.text, "lagen": list(zip([state for state, _ in states], words, strict=True))}


def _summary(standings: Sequence[Standing]) -> tuple[str, str]:
    """One word for an activity's occurrences: the one there is, or how many of several are done."""
    if len(standings) == 1:
        [one] = standings
        if one.state == "klar" and one.done_on:
            return one.state, f"{one.state_in_words} {day_in_words(one.done_on)}"
        if one.state == "ej_aktuell":
            return one.state, one.state_in_words
        due = "skulle ha varit klar" if one.state in ("forsenad", "missad") else "senast"
        return one.state, f"{one.state_in_words}, {due} {day_in_words(one.occurrence.due)}"
    done = sum(one.state == "klar" for one in standings)
    worst = next(
        (state for state in ("missad", "forsenad", "pagar", "planerad") if state in _states(standings)), "klar"
    )
    return worst, f"{done} av {len(standings)} klara"


def _states(standings: Sequence[Standing]) -> set[str]:
    return {one.state for one in standings}


def _html_row(one: Standing, calendar: ActivityCalendar) -> dict[str, Any]:
    occurrence, activity = one.occurrence, one.occurrence.activity
    remarks = [occurrence.note, one.reason, f"Väntar på: {', '.join(one.waits_for)}." if one.waits_for else ""]
    return {
        "titel": title_of(one),
        "spalt": _LANE_WORDS[activity.lane],
        "borjar": day_in_words(occurrence.opens),
        "senast": day_in_words(occurrence.due),
        "sammantrade": day_in_words(occurrence.meeting) if occurrence.meeting else "",
        "period": occurrence.period.title,
        "ansvarig": calendar.roles[activity.responsible].title,
        "medansvariga": [calendar.roles[role].title for role in activity.co_responsible],
        "lage": one.state,
        "lage_i_ord": one.state_in_words,
        "klar": f"{'senast ' if activity.every == 'dag' else ''}{day_in_words(one.done_on)}" if one.done_on else "",
        "anmarkning": " ".join(filter(None, remarks)),
    }


def _by_month(standings: Sequence[Standing]) -> Iterator[tuple[Month, list[Standing]]]:
    in_order = sorted(standings, key=lambda one: one.occurrence.due)
    for month, found in groupby(in_order, key=lambda one: Month.containing(one.occurrence.due)):
        yield month, list(found)
