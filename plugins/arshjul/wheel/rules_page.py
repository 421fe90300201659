"""What an activity is and where it comes from, to read: one on the command line, all of them in docs/arshjul.md (R2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from arshjul.catalogue.activities import Activity, ActivityCalendar, load_activities
from arshjul.catalogue.recipients import load_recipients
from arshjul.periods import MONTH_NAMES
from arshjul.wheel.table import wheel_table
from arshjul.wheel.wording import (
    KINDS,
    STAGES,
    STARTERS,
    due_in_words,
    every_in_words,
    opens_in_words,
    period_in_words,
)

_MADE = (
    "Made by `make docs` from `include/calendar/activities.yaml`.\n\nDagarna för ett visst år räknas i svenska arbetsdagar "
    "från de sammanträden som är registrerade: `arshjul calendar ÅR` visar dem och läget. `arshjul activity AKTIVITET` säger "
    "vilket dokument, vilken rubrik och vilken punkt en aktivitet kommer ur. Flyttas ett sammanträde i registret "
    "`sammantraden` flyttas dess aktiviteters alla dagar, och inget annat."
)


def explanation(activity: Activity, calendar: ActivityCalendar, include: Path) -> str:
    """Say what an activity is, its rules, and which document, heading and clause they come from.

    Args:
        activity: The activity.
        calendar: The activities.
        include: The catalogue's folder, for the recipients' names.
    """
    names = _recipient_names(calendar, include)
    lines = [f"{activity.title} ({activity.id})", f"  {activity.what}"]
    lines += [f"  {name}: {text}" for name, text in _facts(activity, calendar, names)]
    for source in activity.sources:
        document = calendar.documents[source.document]
        adopted = f", antagen {document.adopted_on}" if document.adopted_on else ""
        lines += [
            f"  Källa: {document.title} ({document.number}{adopted}, {document.adopted_by}), {source.heading}",
            f"    {source.clause} [{', '.join(source.requirements)}]",
        ]
        if source.decided_on:
            lines.append(f"    Punkten vilar på {source.decision} {source.decided_on}.")
    return "\n".join(lines)


def rules_page(include: Path) -> str:
    """Write docs/arshjul.md: the wheel, every activity month by month, roles and documents.

    Args:
        include: The catalogue's folder.
    """
    calendar = load_activities(include)
    names = _recipient_names(calendar, include)
    lines = ["# Årshjulet", "", _MADE, "", "## Hjulet", "", *_wheel(calendar)]
    for title, activities in _chapters(calendar):
        lines += ["", f"## {title}"]
        for activity in activities:
            lines += ["", f"### {activity.title}", "", activity.what, ""]
            lines += [f"- {name}: {text}" for name, text in _facts(activity, calendar, names)]
            lines += [f"- Källa: {_source(activity, place, calendar)}" for place in range(len(activity.sources))]
    return "\n".join([*lines, "", *_roles(calendar), "", *_documents(calendar)]) + "\n"


def _facts(activity: Activity, calendar: ActivityCalendar, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    rows = (
        ("Slag", f"{KINDS[activity.kind]}, {every_in_words(activity)} ({STAGES[activity.pdca]})"),
        ("Börjar", opens_in_words(activity, calendar)),
        ("Klart senast", due_in_words(activity, calendar)),
        ("Påminnelser", _reminders(activity)),
        ("Gäller", period_in_words(activity.period)),
        ("Ansvarig", calendar.roles[activity.responsible].title),
        ("Medansvarig", ", ".join(calendar.roles[one].title for one in activity.co_responsible)),
        ("Väntar på", ", ".join(calendar[one].title for one in activity.after)),
        ("Flöde", _flow(activity, calendar)),
        ("Rapport", f"`{activity.report}`" if activity.report else ""),
        ("Mottagare", ", ".join(names[one] for one in activity.recipients)),
        ("Tolkning", activity.note),
    )
    return ((name, text) for name, text in rows if text)


def _flow(activity: Activity, calendar: ActivityCalendar) -> str:
    if activity.dag is None:
        return "inget, görs av människor"
    again = ", och igen vid varje påminnelse tills det är klart" if activity.repeats else ""
    return f"`{activity.dag}`, {STARTERS[calendar.dags[activity.dag]]}{again}"


def _reminders(activity: Activity) -> str:
    words = [
        f"{_and(days)} {'arbetsdag' if days[-1] == '1' else 'arbetsdagar'} {side}"
        for side, days in (
            ("före", [str(-count) for count in activity.reminders if count < 0]),
            ("efter", [str(count) for count in activity.reminders if count > 0]),
        )
        if days
    ]
    return f"{' och '.join(words)} sista dagen" if words else ""


def _and(words: Sequence[str]) -> str:
    return " och ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _source(activity: Activity, place: int, calendar: ActivityCalendar) -> str:
    source = activity.sources[place]
    rests = f" Punkten vilar på {source.decision} {source.decided_on}." if source.decided_on else ""
    said = f"{source.clause}{rests} ({', '.join(source.requirements)})"
    return f"{calendar.documents[source.document].number}, {source.heading}. {said}"


def _wheel(calendar: ActivityCalendar) -> Iterator[str]:
    yield _row(["", *calendar.lanes.values()])
    yield "|---" * (len(calendar.lanes) + 1) + "|"
    for row in wheel_table(calendar):
        cells = ("<br>".join(line.text for line in row.cells[lane]) for lane in calendar.lanes)
        yield _row([MONTH_NAMES[row.month - 1], *cells])


def _chapters(calendar: ActivityCalendar) -> Iterator[tuple[str, list[Activity]]]:
    for month in range(1, 13):
        if found := [one for one in calendar.activities if _month(one) == month]:
            yield MONTH_NAMES[month - 1].capitalize(), found
    if often := [one for one in calendar.activities if _month(one) is None]:
        yield "Varje månad och varje dag", often


def _month(activity: Activity) -> int | None:
    """The month an activity is told under: where the wheel has it, else where it is due."""
    if activity.wheel:
        return activity.wheel.month
    return activity.due.month if activity.every == "ar" else None


def _roles(calendar: ActivityCalendar) -> Iterator[str]:
    yield from (
        "## Roller",
        "",
        "Funktioner, aldrig personer.",
        "",
        _row(["roll", "svarar inför", "påminns på"]),
        "|---|---|---|",
    )
    for role in calendar.roles.values():
        yield _row([role.title, ", ".join(calendar.roles[one].title for one in role.reports_to), role.address])


def _documents(calendar: ActivityCalendar) -> Iterator[str]:
    yield from ("## Styrande dokument", "")
    for document in calendar.documents.values():
        adopted = f", {document.adopted_on}" if document.adopted_on else ""
        yield f"- {document.title}, {document.number} ({document.adopted_by}{adopted})"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _recipient_names(calendar: ActivityCalendar, include: Path) -> dict[str, str]:
    roles = {role_id: role.title for role_id, role in calendar.roles.items()}
    return roles | {one.id: one.title for one in load_recipients(include).values()}
