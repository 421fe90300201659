"""The coverage matrix: every follow-up object × every follow-up it must have × year, done, to come or missing.

What must be done stands in the register (``kraver``), when in ``include/registers/coverage.yaml``, and that it is done is
read from what has been delivered and published: nobody ticks a box. Source: BIN 2016-134, 1 and 5; R18.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection

from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.contracts import load_contracts
from arshjul.catalogue.deadlines import deadlines, load_calendar
from arshjul.catalogue.follow_ups import Demand, load_follow_ups
from arshjul.lineage.statements import LEDGER
from arshjul.periods import Month
from arshjul.registers.objects import FollowUpObject, read_objects

State = Literal["klar", "planerad", "saknas"]

STATE_WORDS: Mapping[State, str] = {"klar": "Klar", "planerad": "Planerad", "saknas": "Saknas"}

LIST = "uppfoljningskrav"


@dataclass(frozen=True)
class Slot:
    """One time a follow-up must be done in the year.

    Attributes:
        key: ``ar`` for once a year, ``T1``–``T3`` or ``01``–``12``.
        due: The last day.
        done_on: The day it was done; also when that was late.
        planned_on: A planned day that has not come.
        state: ``klar``; ``planerad`` while there is time left, or a day is set; else ``saknas``.
    """

    key: str
    due: date
    done_on: date | None
    planned_on: date | None
    state: State

    @property
    def is_late(self) -> bool:
        """It was done after the last day."""
        return self.done_on is not None and self.done_on > self.due


@dataclass(frozen=True)
class Cell:
    """One follow-up that one object must have in the year.

    Attributes:
        object_id: The object.
        requirement: Code of the list ``uppfoljningskrav``.
        title: The follow-up in words.
        slots: The times it must be done, in order of time.
    """

    object_id: str
    requirement: str
    title: str
    slots: tuple[Slot, ...]

    @property
    def state(self) -> State:
        """``saknas`` when any time is missing, ``planerad`` when any is to come, else ``klar``."""
        states = {slot.state for slot in self.slots}
        return "saknas" if "saknas" in states else "planerad" if "planerad" in states else "klar"

    @property
    def missing(self) -> tuple[Slot, ...]:
        """The times that are missing."""
        return tuple(slot for slot in self.slots if slot.state == "saknas")

    @property
    def next_due(self) -> date | None:
        """The last day of the first time that is not done."""
        return next((slot.due for slot in self.slots if slot.state != "klar"), None)


@dataclass(frozen=True)
class Coverage:
    """The matrix of a year, as it stands on a day.

    Attributes:
        year: The year.
        day: The day it is asked.
        objects: Its rows.
        requirements: Its columns, code to title, in the code list's order; only those that some object must have.
        cells: The cells there are; an object has none for a follow-up it need not have.
    """

    year: int
    day: date
    objects: tuple[FollowUpObject, ...]
    requirements: Mapping[str, str]
    cells: Mapping[tuple[str, str], Cell]

    def of(self, object_id: str) -> tuple[Cell, ...]:
        """Return the cells of one object, in the order of the columns."""
        return tuple(self.cells[object_id, code] for code in self.requirements if (object_id, code) in self.cells)

    def in_state(self, state: State) -> tuple[Cell, ...]:
        """Return the cells in one state, by row and column: with ``saknas`` the red ones."""
        return tuple(cell for one in self.objects for cell in self.of(one.object_id) if cell.state == state)


def read_coverage(connection: Connection, include: Path, as_of: datetime, year: int, day: date) -> Coverage:
    """Read the coverage matrix of a year.

    Args:
        connection: Under a role that may read reports.
        include: The catalogue's folder.
        as_of: Point of knowledge.
        year: The year.
        day: The day it is asked: what was due before it and is not done is missing.

    Raises:
        CatalogueError: A definition is wrong, or a follow-up of the code list has no rule.
    """
    objects = read_objects(connection, as_of, year)
    demands, titles = _demands(include)
    rows = LEDGER.fetch_all(connection, "report/follow_ups.sql", as_of=as_of, year=year)
    done = {(row["object_id"], row["requirement"], row["slot"]): row for row in rows}
    ledger_due = _ledger_due(include, year)
    cells = {}
    for one in objects:
        for code in (code for code in one.requires if code in demands):
            slots = tuple(
                _slot(key, due, done.get((one.object_id, code, key)), day)
                for key, due in _times(demands[code], one, year, ledger_due)
            )
            cells[one.object_id, code] = Cell(one.object_id, code, titles[code], slots)
    used = {code for _, code in cells}
    return Coverage(year, day, objects, {code: title for code, title in titles.items() if code in used}, cells)


def _demands(include: Path) -> tuple[dict[str, Demand], dict[str, str]]:
    """The rules by code, and the codes in words; a code without a rule (``inget``) asks for nothing."""
    codes = load_codelists(include)[LIST].codes
    after = {code.code: int(code.attributes.get("days_after_year", "0")) for code in codes}
    demands = {one.requirement: one.later(after.get(one.requirement, 0)) for one in load_follow_ups(include).demands}
    return demands, {code.code: code.title for code in codes}


def _ledger_due(include: Path, year: int) -> dict[int, date]:
    contracts = load_contracts(include)
    calendar = load_calendar(include, contracts)
    months = (Month(year, number) for number in range(1, 13))
    return {
        one.month.month: one.due
        for month in months
        for one in deadlines(contracts, calendar, month)
        if one.dataset == "ekonomi"
    }


def _times(demand: Demand, one: FollowUpObject, year: int, ledger_due: Mapping[int, date]) -> list[tuple[str, date]]:
    """When the follow-up is due; a month or tertial in which the object was not there asks for nothing."""
    if demand.every == "manad":
        months = [Month(year, number) for number in range(1, 13)]
        return [(f"{m.month:02}", ledger_due[m.month]) for m in months if one.is_there(m.start, m.end)]
    if demand.every == "tertial":
        tertials = [Month(year, first).tertial for first in (1, 5, 9)]
        return [
            (f"T{t.number}", due.in_year(year))
            for t, due in zip(tertials, demand.due, strict=True)
            if one.is_there(t.start, t.end)
        ]
    if demand.every == "slut":
        last = min(one.ends or date(year, 12, 31), date(year, 12, 31))
        return [("ar", last + timedelta(days=demand.days_after))]
    [due] = demand.due
    return [("ar", due.in_year(year) + timedelta(days=demand.days_after))]


def _slot(key: str, due: date, row: Mapping[Any, Any] | None, day: date) -> Slot:
    done_on = row["done_on"] if row else None
    planned_on = row["planned_on"] if row else None
    # A day that was set and has passed without word of it is no longer a plan.
    planned_on = planned_on if planned_on and planned_on >= day else None
    state: State = "klar" if done_on else "planerad" if due >= day or planned_on else "saknas"
    return Slot(key, due, done_on, planned_on, state)
