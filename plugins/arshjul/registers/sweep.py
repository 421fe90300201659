"""What is red on a day, and which functions have to do something about it: the daily sweep.

Source: BIN 2016-134, 5.2 (enhetschef ansvarar för att åtgärder genomförs), 5.3 (AMI tillser att nödvändiga åtgärder vidtas)
and 6 (förbättra, åtgärda); R16, R62, R72, R73, R74, R87.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from arshjul.catalogue.governing import findings, load_documents
from arshjul.periods import Month
from arshjul.registers.actions import Action, read_actions
from arshjul.registers.complaints import read_deficiencies
from arshjul.registers.coverage import read_coverage
from arshjul.registers.deviations import read_deviations
from arshjul.registers.objects import read_objects
from arshjul.registers.visits import areas_without_action, officer_visit_alerts, read_visits
from arshjul.wheel.occurrences import workday_of

Kind = Literal[
    "atgard", "bidrag", "avvikelse", "tjanstemannabesok", "besoksdag", "forbattringsomrade", "brist", "styrdokument"
]

OFFICIAL, UNIT_MANAGER, CONTROLLER = "Sakkunnig", "Enhetschef", "Controller"
"""Functions that answer where the register names none."""


@dataclass(frozen=True)
class Red:
    """One thing that somebody has to do something about.

    Attributes:
        kind: What kind of thing.
        thing_id: Its id in its register.
        functions: The functions that answer for it, in the register's words.
        words: What it is, as a Swedish sentence without anything about single persons.
    """

    kind: Kind
    thing_id: str
    functions: tuple[str, ...]
    words: str


def what_is_red(connection: Connection, include: Path, as_of: datetime, day: date) -> tuple[Red, ...]:
    """List everything that is red on a day, of that year and the one before.

    Governing documents are looked at on the first working day of a month (R1): on other days nobody is told.

    Args:
        connection: Under a role that may read reports.
        include: The catalogue's folder.
        as_of: Point of knowledge.
        day: The day it is asked.

    Raises:
        CatalogueError: A definition is wrong.
    """
    actions = read_actions(connection, as_of)
    return (
        *_overdue(actions, day),
        *_grants(connection, include, as_of, day),
        *_deviations(connection, include, as_of, day, actions),
        *_visits(connection, as_of, day, actions),
        *_deficiencies(connection, as_of, day),
        *(_documents(include, day) if day == workday_of(Month.containing(day), 1) else ()),
    )


def _overdue(actions: Sequence[Action], day: date) -> Iterator[Red]:
    for one in actions:
        if one.is_overdue(day):
            words = f"Åtgärden {one.action_id} skulle ha varit klar {one.due.isoformat()}: {one.text}"
            yield Red("atgard", one.action_id, tuple(filter(None, (one.responsible, one.co_responsible))), words)


def _grants(connection: Connection, include: Path, as_of: datetime, day: date) -> Iterator[Red]:
    for year in (day.year - 1, day.year):
        coverage = read_coverage(connection, include, as_of, year, day)
        for one in coverage.objects:
            for cell in coverage.of(one.object_id):
                if one.kind == "foreningsbidrag" and cell.state == "saknas":
                    due = cell.missing[0].due.isoformat()
                    words = f"Bidraget ”{one.name}”: uppföljningen ”{cell.title}” för {year} skulle ha kommit {due}."
                    yield Red("bidrag", f"{one.object_id}/{year}", (OFFICIAL,), words)


def _deviations(
    connection: Connection, include: Path, as_of: datetime, day: date, actions: Sequence[Action]
) -> Iterator[Red]:
    span = Month(day.year - 1, 1), Month.containing(day)
    for one in read_deviations(connection, include, as_of, *span, day, actions):
        if one.is_red:
            which = f"{one.deviation_id} ({one.ledger.object_name}, {one.ledger.month.title})"
            words = f"Budgetavvikelsen {which} har ingen åtgärd efter {one.tolerance.days_to_action} dagar."
            yield Red("avvikelse", one.deviation_id, (CONTROLLER,), words)


def _visits(connection: Connection, as_of: datetime, day: date, actions: Sequence[Action]) -> Iterator[Red]:
    visits = read_visits(connection, as_of, date(day.year - 1, 9, 1), date(day.year + 1, 12, 31))
    objects = read_objects(connection, as_of, day.year)
    for alert in officer_visit_alerts(objects, visits, day.year, day):
        words = f"{alert.object_name}: {alert.words}."
        yield Red("tjanstemannabesok", alert.visit_id or alert.object_id, (OFFICIAL,), words)
    for visit in visits:
        if visit.status == "planerat" and visit.day >= day and visit.is_outside_window:
            words = f"Besöket {visit.visit_id} är planerat till {visit.day.isoformat()}, utanför årshjulets månader."
            yield Red("besoksdag", visit.visit_id, (OFFICIAL,), words)
    for visit, lacking in areas_without_action([one for one in visits if one.is_done], actions):
        words = f"Besöket {visit.visit_id} gav {len(visit.areas)} förbättringsområden; {lacking} har ingen åtgärd."
        yield Red("forbattringsomrade", visit.visit_id, (UNIT_MANAGER,), words)


def _deficiencies(connection: Connection, as_of: datetime, day: date) -> Iterator[Red]:
    for case in read_deficiencies(connection, as_of, date(day.year - 1, 1, 1), day):
        if case.is_red:
            words = f"Ärendet {case.case_id} ({case.received.isoformat()}) visar på en brist men har ingen åtgärd."
            yield Red("brist", case.case_id, (OFFICIAL,), words)


def _documents(include: Path, day: date) -> Iterator[Red]:
    for one in findings(load_documents(include), day):
        owner = (one.document.owner,) if one.document.owner else ()
        yield Red("styrdokument", one.document.id, owner, f"{one.document.title}: {one.words}")
