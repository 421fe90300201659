"""Visits by the board and by officials: when, to whom, what was written, and what is lacking.

The notes are sensitive and stay in the vault: here it is only told whether there are any. Source: BIN 2016-134, 5.2
Nämndbesök and Tjänstemannabesök, and the årshjul (September–maj; augusti–september); R69–R73, R79.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection

from arshjul.lineage.statements import LEDGER
from arshjul.registers.actions import Action
from arshjul.registers.objects import FollowUpObject

Kind = Literal["namndbesok", "tjanstemannabesok"]

WINDOWS: dict[str, frozenset[int]] = {
    "namndbesok": frozenset({9, 10, 11, 12, 1, 2, 3, 4, 5}),
    "tjanstemannabesok": frozenset({8, 9}),
}
"""Months in which each kind of visit belongs."""

Lack = Literal["inget_besok", "minnesanteckningar", "analys"]

LACK_WORDS: dict[Lack, str] = {
    "inget_besok": "inget tjänstemannabesök är genomfört",
    "minnesanteckningar": "minnesanteckningar saknas",
    "analys": "analys med förbättringsområden saknas",
}

_AREA = re.compile(r"^\s*(?:[-*•–]|\d+[.)]|Förbättringsområde:)\s+(?P<area>\S.*?)\s*$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Visit:
    """One visit, without its notes.

    Attributes:
        visit_id: Its id.
        kind: ``namndbesok`` or ``tjanstemannabesok``.
        day: When it is or was.
        object_id: What is visited.
        object_name: Its name.
        who: Who takes part, as roles or a number.
        status: ``planerat``, ``genomfort`` or ``installt``.
        has_notes: There are notes of it.
        analysis: The analysis, which may be shown; it holds nothing about single persons.
        report_year: Year of the object's newest quality report that had come when the visit was made (R70, R79).
    """

    visit_id: str
    kind: Kind
    day: date
    object_id: str
    object_name: str
    who: str
    status: str
    has_notes: bool
    analysis: str | None
    report_year: int | None

    @property
    def is_done(self) -> bool:
        """It has been made."""
        return self.status == "genomfort"

    @property
    def is_outside_window(self) -> bool:
        """It lies in a month in which such visits do not belong, and is not called off."""
        return self.status != "installt" and self.day.month not in WINDOWS[self.kind]

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """What is not written of a visit that has been made."""
        if not self.is_done:
            return ()
        found: tuple[tuple[Lack, bool], ...] = (("minnesanteckningar", self.has_notes), ("analys", bool(self.analysis)))
        return tuple(lack for lack, is_there in found if not is_there)

    @property
    def areas(self) -> tuple[str, ...]:
        """Areas to improve: lines of the analysis that are items of a list, or begin with ``Förbättringsområde:``."""
        return tuple(found["area"] for found in _AREA.finditer(self.analysis or ""))


@dataclass(frozen=True)
class OfficerVisitAlert:
    """An object that must have an officials' visit, and what is lacking when the window has closed (R72)."""

    object_id: str
    object_name: str
    visit_id: str | None
    lack: Lack

    @property
    def words(self) -> str:
        """What is lacking, in Swedish."""
        return LACK_WORDS[self.lack]


def read_visits(connection: Connection, as_of: datetime, first: date, last: date) -> tuple[Visit, ...]:
    """Read the visits of a span of days, planned and called off ones too, in order of time.

    Args:
        connection: Under a role that may read reports.
        as_of: Point of knowledge.
        first: First day.
        last: Last day.
    """
    rows = LEDGER.fetch_all(connection, "report/visits.sql", as_of=as_of, first=first, last=last)
    return tuple(Visit(**row) for row in rows)


def board_season(year: int) -> tuple[date, date]:
    """Return the first and last day of the board's visits that are accounted for in June of a year (R71)."""
    return date(year - 1, 9, 1), date(year, 5, 31)


def areas_without_action(visits: Iterable[Visit], actions: Sequence[Action]) -> tuple[tuple[Visit, int], ...]:
    """List visits with more areas to improve than actions, and how many actions are lacking (R73: 3 areas → 3 actions).

    Args:
        visits: From :func:`read_visits`.
        actions: From :func:`arshjul.registers.actions.read_actions`.
    """
    count = {one.visit_id: 0 for one in visits}
    for action in actions:
        if action.source == "besok" and action.source_id in count:
            count[action.source_id] += 1
    return tuple((one, len(one.areas) - count[one.visit_id]) for one in visits if len(one.areas) > count[one.visit_id])


def officer_visit_alerts(
    objects: Iterable[FollowUpObject], visits: Iterable[Visit], year: int, day: date
) -> tuple[OfficerVisitAlert, ...]:
    """List what is lacking of the year's officials' visits from 30 September on (R72); before that nothing is.

    Args:
        objects: From :func:`arshjul.registers.objects.read_objects`, of the year.
        visits: From :func:`read_visits`, of the year.
        year: The year.
        day: The day it is asked.
    """
    if day < date(year, 9, 30):
        return ()
    made = [one for one in visits if one.kind == "tjanstemannabesok" and one.is_done and one.day.year == year]
    alerts = []
    for one in (one for one in objects if "tjanstemannabesok" in one.requires):
        of_object = [visit for visit in made if visit.object_id == one.object_id]
        if not of_object:
            alerts.append(OfficerVisitAlert(one.object_id, one.name, None, "inget_besok"))
        alerts += [
            OfficerVisitAlert(one.object_id, one.name, visit.visit_id, lack)
            for visit in of_object
            for lack in visit.lacks
        ]
    return tuple(alerts)
