"""``arshjul calendar`` and ``arshjul activity``: the year's activities, where they come from, and what people record of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arshjul.cli.application import AsJson, app, begun, ready, refuse, say, show
from arshjul.settings import Settings, load_settings
from arshjul.warehouse.engine import Role, transaction

if TYPE_CHECKING:
    from arshjul.wheel.standing import Standing


def _as_day(text: str) -> date:
    """Read a day; anything else is wrong usage."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("a day is written 2026-09-08") from None


Day = Annotated[
    Any, typer.Option("--day", parser=_as_day, metavar="DAY", help="The day to look from; today by default.")
]
YearArgument = Annotated[int | None, typer.Argument(min=2001, max=2198, help="Follow-up year; this year by default.")]


@app.command()
def calendar(
    year: YearArgument = None,
    day: Day = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write the wheel as a web page.")] = None,
    json: AsJson = False,
) -> None:
    """The årshjul: activities, dates, responsible, state."""
    from arshjul.catalogue.activities import load_activities
    from arshjul.lineage.expected import swedish_today
    from arshjul.wheel.outcome import outcome
    from arshjul.wheel.pages import year_as_html, year_as_text

    settings = ready()
    day = day or swedish_today()
    year = year or day.year
    activities = load_activities(settings.include)
    standings = read_standings(settings, year, day)
    if out:
        page = year_as_html(settings.include, activities, settings.kommun_namn, year, day, standings)
        out.write_text(page, encoding="utf-8")
    report = {
        "ar": year,
        "dag": day.isoformat(),
        "aktiviteter": [one.as_json() for one in standings],
        "utfall": [row.as_json() for row in outcome(standings)],
    }
    if json or not out:
        show(report, json, year_as_text(activities, year, day, standings))
    else:
        say(f"{out} är skriven.")


@app.command()
def activity(
    activity: Annotated[str, typer.Argument(help="Its id, as arshjul calendar --json names it.")],
    year: YearArgument = None,
    part: Annotated[str, typer.Option(help="Which of several in the year: 2026-03, or the day of a visit.")] = "",
    done: Annotated[
        Any, typer.Option("--done", parser=_as_day, metavar="DAY", help="Record that it was done on a day.")
    ] = None,
    not_applicable: Annotated[
        str, typer.Option("--not-applicable", metavar="REASON", help="Record that it is not applicable, and why.")
    ] = "",
) -> None:
    """Where an activity comes from: document, heading, clause. Or record that it is done, or not applicable."""
    from arshjul.catalogue.activities import load_activities
    from arshjul.lineage.expected import swedish_today
    from arshjul.wheel.rules_page import explanation

    settings = load_settings()
    activities = load_activities(settings.include)
    if activity not in activities:
        names = ", ".join(one.id for one in activities.activities)
        raise typer.BadParameter(f"there is no activity {activity}; there is {names}")
    if done and not_applicable:
        raise typer.BadParameter("an activity is either done or not applicable")
    if not (done or not_applicable):
        say(explanation(activities[activity], activities, settings.include))
        return
    if not_applicable and len(not_applicable.strip()) < 10:
        refuse("Skriv ett skäl på minst tio tecken.")
    day = done or swedish_today()
    year = year or day.year
    _record(activity, year, part, day, not_applicable.strip())
    say(f"{activity} {year}: {'ej aktuell' if not_applicable else 'klar'} {day}.")


def read_standings(settings: Settings, year: int, day: date) -> tuple[Standing, ...]:
    """Read how every occurrence of a follow-up year stands on a day."""
    from arshjul.catalogue.activities import load_activities
    from arshjul.wheel.standing import read_year

    with transaction(settings, Role.AUDIT) as connection:
        return read_year(connection, load_activities(settings.include), year, day)


def _record(activity: str, year: int, part: str, day: date, reason: str) -> None:
    from arshjul.wheel.events import EventKind, record

    with begun(Role.PUBLISH, str(year)) as run:
        known = {(one.occurrence.activity.id, one.occurrence.part) for one in read_standings(run.settings, year, day)}
        if (activity, part) not in known:
            parts = ", ".join(sorted(one for name, one in known if name == activity and one))
            refuse(f"{activity} {year} har ingen sådan del. Välj med --part: {parts or 'ingen del behövs'}.")
        with transaction(run.settings, Role.PUBLISH) as connection:
            kind: EventKind = "ej_aktuell" if reason else "klar"
            record(connection, activity, year, kind, day, run_id=run.run_id, part=part, note=reason)
