"""The årshjul as data: ``include/calendar/activities.yaml``, who does what when, and which document says so.

Everything that follows the year is made from it: the wheel, deadlines, reminders, what Airflow starts, docs/arshjul.md. A
role is a word, never a person. Source: BIN 2016-134, Årshjul; requirements R2, R3, R5, R25, R26, R106.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from arshjul.catalogue.recipients import Recipient, load_recipients
from arshjul.catalogue.yaml_files import CatalogueError, Definition, changed, read_definition

FILE = Path("calendar") / "activities.yaml"

Lane = Literal["avdelning", "verksamhet"]
Every = Literal["ar", "manad", "besok", "dag"]
Starter = Literal["follow_the_year", "data", "schema"]

_ID = re.compile(r"[a-z0-9_]+")
_ADDRESS = re.compile(r"[a-z0-9._+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
_REQUIREMENT = re.compile(r"[RT][0-9]+")


def _month(month: int) -> None:
    if not 1 <= month <= 12:
        raise ValueError(f"month {month} is outside 1–12")


class GoverningDocument(Definition):
    """A document that rules come from.

    Attributes:
        title: Its name, in Swedish.
        number: Diarienummer, or where else it can be found.
        adopted_by: Who adopted it.
        adopted_on: When; its own status date.
    """

    title: str
    number: str
    adopted_by: str
    adopted_on: date | None = None


class Source(Definition):
    """Where a rule comes from.

    Attributes:
        document: Id of a governing document.
        heading: The heading it stands under.
        clause: What it says there, in short and in our own words.
        requirements: Rows of the requirements it meets, such as ``R88`` or ``T1``.
        decision: The decision that the clause itself rests on, where the document names one of its own; empty otherwise.
        decided_on: Its day.
    """

    document: str
    heading: str
    clause: str
    requirements: tuple[str, ...]
    decision: str = ""
    decided_on: date | None = None

    def __attrs_post_init__(self) -> None:
        if bool(self.decision) != bool(self.decided_on):
            raise ValueError("a decision has a day")
        if wrong := [one for one in self.requirements if not _REQUIREMENT.fullmatch(one)]:
            raise ValueError(f"not a requirement: {', '.join(wrong)}")
        if not (self.heading and self.clause and self.requirements):
            raise ValueError("a source names heading, clause and requirements")


class ActivityRole(Definition):
    """Who can be responsible or be told: a function, never a person.

    Attributes:
        title: What it is called, in Swedish.
        address: The function's e-mail address; empty for one that is not reminded.
        reports_to: Whom it answers to.
    """

    title: str
    address: str = ""
    reports_to: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if self.address and not _ADDRESS.fullmatch(self.address):
            raise ValueError(f"not a function's address: {self.address}")


class DayRule(Definition):
    """How a day is found; one of five ways, all in Swedish working days.

    ``{month, day}``: a stated date. ``{month, workday}``: a working day of a month, the first (1) or from the end (-1).
    ``{board, month, workdays}``: working days before (negative) or after that month's meeting. ``{workdays}``: before or
    after the due day, or the visit. ``{months_after, day | workday}``: in a month after the one that a monthly activity is
    about.

    Attributes:
        month: Month of the year, 1–12.
        year: Years from the activity's own: -1 is the year before.
        day: Day of the month; a month that is shorter gives its last day.
        workday: Working day of the month, counted from its end when negative.
        board: Id of a board.
        which: Which of several meetings of the month.
        workdays: Working days from the meeting, the due day or the visit.
        months_after: Months after the one that a monthly activity is about.
    """

    month: int | None = None
    year: int = 0
    day: int | None = None
    workday: int | None = None
    board: str | None = None
    which: Literal["forsta", "sista"] = "forsta"
    workdays: int | None = None
    months_after: int | None = None

    def __attrs_post_init__(self) -> None:
        if self.month is not None:
            _month(self.month)
        has_day = (self.day is not None) + (self.workday is not None)
        given = (self.month is not None, has_day, self.board is not None, self.workdays is not None, self.is_monthly)
        ways = {(True, 1, False, False, False), (True, 0, True, True, False), (False, 0, False, True, False)}
        if given not in ways | {(False, 1, False, False, True)}:
            raise ValueError("a day is found in one of five ways (plugins/arshjul/catalogue/activities.py, DayRule)")
        if self.day is not None and not 1 <= self.day <= 31:
            raise ValueError(f"day {self.day} is outside 1–31")
        if 0 in (self.workday, self.workdays) or abs(self.workday or 1) > 15:
            raise ValueError("a working day is counted from 1, or from -1 at the end, and a month has 15 for certain")

    @property
    def is_monthly(self) -> bool:
        return self.months_after is not None

    @property
    def is_relative(self) -> bool:
        """It is counted from another day that the activity has."""
        return self.workdays is not None and self.board is None


class PeriodRule(Definition):
    """Which period an activity is about: where it has a cut-off, this is the stated one (T4).

    Attributes:
        kind: ``ar``, ``tertial``, ``forsta_manader`` (the year's first) or ``manad`` (a monthly activity's own).
        number: Which tertial, or how many months.
        year: Years from the activity's own.
    """

    kind: Literal["ar", "tertial", "forsta_manader", "manad"]
    number: int | None = None
    year: int = 0

    def __attrs_post_init__(self) -> None:
        highest = {"tertial": 3, "forsta_manader": 12}.get(self.kind)
        if highest is None:
            if self.number is not None:
                raise ValueError(f"{self.kind} has no number")
        elif self.number is None or not 1 <= self.number <= highest:
            raise ValueError(f"number of {self.kind} is 1–{highest}")


class WheelCell(Definition):
    """What stands in the printed wheel.

    Attributes:
        month: Its month.
        text: The words.
        continues: It stands in the same line as the one before it, after a comma.
    """

    month: int
    text: str
    continues: bool = False

    def __attrs_post_init__(self) -> None:
        _month(self.month)


class VisitSeason(Definition):
    """When visits of a kind are made; one that begins in autumn belongs to the follow-up year it ends in.

    Attributes:
        type: The kind, as the dataset ``besok`` names it.
        first: First month.
        last: Last month.
    """

    type: Literal["namndbesok", "tjanstemannabesok"]
    first: int
    last: int

    def __attrs_post_init__(self) -> None:
        _month(self.first)
        _month(self.last)


class Activity(Definition):
    """One activity of the follow-up year.

    Attributes:
        id: Its name in commands, run ids and the ledger.
        title: Its name, in Swedish.
        what: What is done and how, in Swedish sentences.
        lane: ``avdelning`` or ``verksamhet``: who does it.
        kind: What sort of moment it is.
        pdca: Stage of the quality wheel (R90).
        responsible: The role that answers for it.
        co_responsible: Roles that share it (T3).
        sources: What says that it must be done; at least one.
        every: How often: once a year, for each month, for each visit, or each day.
        season: When visits are made, where it is for each visit.
        due: The last day it is on time.
        opens: The day work begins, which is also when its DAG is started.
        reminders: When the responsible is reminded: working days from the due day.
        period: What it is about.
        dag: The DAG that does it; none where people do it alone.
        repeats: Its DAG is started again on every day that somebody is reminded, until it is done.
        report: The report it gives.
        recipients: Who gets the result: those of ``include/recipients`` that get its report, and others of them or roles
            that are named here.
        after: Activities of the same year that must be settled first (R105).
        wheel: What stands in the printed wheel, for those of Linköping's table.
        note: What the sources leave open, and what we do (T1–T4), in Swedish.
    """

    id: str
    title: str
    what: str
    lane: Lane
    kind: Literal["rapport", "register", "besok", "enkat", "dialog", "kontroll", "leverans", "uppfoljning", "beslut"]
    pdca: Literal["planera", "genomfor", "folj_upp", "forbattra"]
    responsible: str
    co_responsible: tuple[str, ...] = ()
    sources: tuple[Source, ...]
    every: Every = "ar"
    season: VisitSeason | None = None
    due: DayRule
    opens: DayRule
    reminders: tuple[int, ...] = ()
    period: PeriodRule
    dag: str | None = None
    repeats: bool = False
    report: str | None = None
    recipients: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    wheel: WheelCell | None = None
    note: str = ""

    def __attrs_post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"{self.id} is no id: lower-case letters, digits and underscores")
        if fault := next(self._faults(), None):
            raise ValueError(f"{self.id}: {fault}")

    def _faults(self) -> Iterator[str]:
        if not self.sources:
            yield "a rule without a source (R2)"
        if (self.every == "besok") != (self.season is not None):
            yield "season is for an activity for each visit, and it must have one"
        if self.due.is_relative != (self.every == "besok"):
            yield "only an activity for each visit is due working days from it"
        if self.due.is_monthly != (self.every == "manad") or (self.opens.is_monthly and not self.due.is_monthly):
            yield "months_after is for an activity for each month, and it must have it"
        if (self.period.kind == "manad") != (self.every in ("manad", "besok", "dag")):
            yield "the period of an activity for each month, visit or day is that month, and of no other"
        if 0 in self.reminders or list(self.reminders) != sorted(self.reminders):
            yield "a reminder is working days before (negative) or after the due day, the first one first"
        if self.repeats and not (self.dag and self.reminders):
            yield "only a DAG can be started again, on days of reminders"

    @property
    def roles(self) -> tuple[str, ...]:
        """Who answers for it, the main one first."""
        return (self.responsible, *self.co_responsible)


class ActivityCalendar(Definition):
    """The whole file.

    Attributes:
        documents: Governing documents, by id.
        roles: Functions, by id: the one list that responsibility is taken from.
        boards: Id to the board's name in the register of meetings (``sammantraden``).
        lanes: The wheel's two columns: id to heading.
        dags: The DAGs of the year's moments: id to what starts them.
        missed_after: Working days after the due day when what has not happened counts as missed; for what is bound to a
            meeting it is the meeting itself.
        activities: Every activity, in the order of the wheel.
    """

    documents: dict[str, GoverningDocument]
    roles: dict[str, ActivityRole]
    boards: dict[str, str]
    lanes: dict[Lane, str]
    dags: dict[str, Starter]
    missed_after: int
    activities: tuple[Activity, ...]

    def __attrs_post_init__(self) -> None:
        if fault := next(self._faults(), None):
            raise ValueError(fault)

    def __getitem__(self, activity_id: str) -> Activity:
        for activity in self.activities:
            if activity.id == activity_id:
                return activity
        raise KeyError(activity_id)

    def __contains__(self, activity_id: str) -> bool:
        return any(activity.id == activity_id for activity in self.activities)

    def _faults(self) -> Iterator[str]:
        ids = [activity.id for activity in self.activities]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            yield f"activities that stand twice: {', '.join(twice)}"
        if set(self.lanes) != {"avdelning", "verksamhet"}:
            yield "lanes are avdelning and verksamhet"
        if self.missed_after < 1:
            yield "missed_after is at least one working day"
        for role_id, role in self.roles.items():
            yield from _unknown(f"role {role_id}", "role", role.reports_to, self.roles)
        for activity in self.activities:
            yield from self._faults_of(activity)

    def _faults_of(self, activity: Activity) -> Iterator[str]:
        place = f"activity {activity.id}"
        yield from _unknown(place, "role", activity.roles, self.roles)
        yield from _unknown(place, "document", [one.document for one in activity.sources], self.documents)
        yield from _unknown(place, "board", [one.board for one in (activity.due, activity.opens)], self.boards)
        yield from _unknown(place, "DAG", [activity.dag], self.dags)
        yield from _unknown(place, "activity", activity.after, [one.id for one in self.activities])
        if activity.reminders and (without := [one for one in activity.roles if not self.roles[one].address]):
            yield f"{place}: nobody to remind, since {', '.join(without)} has no address"


def _unknown(place: str, kind: str, named: Collection[str | None], known: Collection[str]) -> Iterator[str]:
    for one in named:
        if one is not None and one not in known:
            yield f"{place}: there is no {kind} {one}"


def load_activities(include: Path) -> ActivityCalendar:
    """Read ``include/calendar/activities.yaml``; who gets a report stands in ``include/recipients`` (R5).

    Raises:
        CatalogueError: A key is unknown; a role, document, board, DAG, month or recipient is; a rule has no source; or
            nobody gets a report.
    """
    calendar = read_definition(include / FILE, ActivityCalendar)
    recipients = load_recipients(include)
    return changed(
        calendar, activities=tuple(_with_recipients(one, calendar.roles, recipients) for one in calendar.activities)
    )


def _with_recipients(
    activity: Activity, roles: Mapping[str, ActivityRole], recipients: Mapping[str, Recipient]
) -> Activity:
    if unknown := [one for one in activity.recipients if one not in recipients and one not in roles]:
        raise CatalogueError(f"{FILE.name}: activity {activity.id}: there is no recipient {', '.join(unknown)}")
    takers = [one.id for one in recipients.values() if activity.report in one.reports]
    everybody = tuple(dict.fromkeys((*takers, *activity.recipients)))
    if activity.report and not everybody:
        raise CatalogueError(f"{FILE.name}: activity {activity.id}: nobody gets the report {activity.report}")
    return changed(activity, recipients=everybody)
