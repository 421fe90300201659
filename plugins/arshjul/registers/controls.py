"""Control points on three levels: what they found in a year, what is missing, and the runs that are an automatic one's proof.

Source: BIN 2016-134, 5.3 Internkontroll (kommungemensamma, nämndens och enheternas egna punkter) and the årshjul for
August and November; R83–R86.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection

from arshjul.lineage.statements import LEDGER
from arshjul.periods import Month

Level = Literal["kommungemensam", "namnd", "enhet"]
Found = Literal["utan_avvikelse", "avvikelse", "ej_genomford"]

_TIMES_A_YEAR = (("vecka", 52), ("månad", 12), ("manad", 12), ("kvartal", 4), ("tertial", 3), ("halvår", 2))


@dataclass(frozen=True)
class ControlResult:
    """What one control found on one day.

    Attributes:
        day: The day.
        outcome: ``utan_avvikelse``, ``avvikelse`` or ``ej_genomford``.
        observation: What was seen.
        action_ids: Actions that come of it: named by the result, or naming it (``IK-1/2026-03-12``).
    """

    day: date
    outcome: Found
    observation: str | None
    action_ids: tuple[str, ...]


@dataclass(frozen=True)
class CheckEvidence:
    """One run of the check that is an automatic control point: the ledger's own row (R84).

    Attributes:
        check_run_id: The run of the suite.
        period: Key of the period that was checked.
        checked_at: When.
        is_success: The check held.
        hash: Hash of the row in the chained log, in hexadecimal.
        waiver_reason: Why a stop was let pass.
        waived_by: Who asked for it and who approved it; officials' user names.
        data_docs: Where the readable result lies.
    """

    check_run_id: int
    period: str
    checked_at: datetime
    is_success: bool
    hash: str
    waiver_reason: str | None
    waived_by: tuple[str, ...]
    data_docs: str | None


@dataclass(frozen=True)
class ControlPoint:
    """One control point and its year.

    Attributes:
        control_id: Its id.
        level: ``kommungemensam``, ``namnd`` or ``enhet``.
        level_title: The level in words.
        object_id: The object it is about; ``None`` for all.
        risk: Probability times consequence, 1–16.
        text: What is controlled.
        method: ``manuell`` or ``automatisk``.
        check_id: The check that is the control, for an automatic one.
        frequency: How often, in the register's words.
        responsible: The function that is responsible.
        results: What it found in the year, in order of time.
        evidence: Runs of its check, in order of time.
        expected: How often it should have been made by the day that was asked.
    """

    control_id: str
    level: Level
    level_title: str
    object_id: str | None
    risk: int
    text: str
    method: Literal["manuell", "automatisk"]
    check_id: str | None
    frequency: str
    responsible: str
    results: tuple[ControlResult, ...] = ()
    evidence: tuple[CheckEvidence, ...] = ()
    expected: int = 0

    @property
    def made(self) -> int:
        """How often it has been made: results but those that say it was not, or the periods its check was run for."""
        by_hand = sum(one.outcome != "ej_genomford" for one in self.results)
        return max(by_hand, len({one.period for one in self.evidence})) if self.is_automatic else by_hand

    @property
    def is_automatic(self) -> bool:
        """A check of the line is the control."""
        return self.method == "automatisk"

    @property
    def missing(self) -> int:
        """How many times it should have been made and was not."""
        return max(0, self.expected - self.made)

    @property
    def deviations(self) -> int:
        """How often it found something: results with a deviation, or periods whose newest run of the check did not hold."""
        newest = {one.period: one.is_success for one in self.evidence}
        return sum(one.outcome == "avvikelse" for one in self.results) + sum(not ok for ok in newest.values())

    @property
    def without_action(self) -> tuple[ControlResult, ...]:
        """Deviations that nothing is done about."""
        return tuple(one for one in self.results if one.outcome == "avvikelse" and not one.action_ids)


@dataclass(frozen=True)
class LevelSummary:
    """The points of one level, and for the board also those of its units (R83: an enhet point rolls up to nämnd).

    Attributes:
        level: The level.
        title: In words.
        points: Its own points.
        units: Points of units that roll up into it.
    """

    level: Level
    title: str
    points: tuple[ControlPoint, ...]
    units: tuple[ControlPoint, ...] = ()

    @property
    def every(self) -> tuple[ControlPoint, ...]:
        """Its own points and those that roll up."""
        return self.points + self.units

    @property
    def missing(self) -> tuple[ControlPoint, ...]:
        """Points that have not been controlled as often as they should."""
        return tuple(one for one in self.every if one.missing)

    @property
    def deviating(self) -> tuple[ControlPoint, ...]:
        """Points that have found something."""
        return tuple(one for one in self.every if one.deviations)


def read_controls(connection: Connection, as_of: datetime, year: int, day: date) -> tuple[ControlPoint, ...]:
    """Read the control points of a year with results, evidence and what was to be made, by level and id.

    Args:
        connection: Under a role that may read reports.
        as_of: Point of knowledge.
        year: The year.
        day: The last day that is counted, in the year or after it.
    """
    last = min(day, date(year, 12, 31))
    span = {"as_of": as_of, "year": year, "last": last}
    results = _grouped(LEDGER.fetch_all(connection, "report/control_results.sql", **span))
    evidence = _grouped(LEDGER.fetch_all(connection, "report/control_evidence.sql", **span))
    return tuple(
        ControlPoint(
            results=tuple(_result(**one) for one in results.get(row["control_id"], ())),
            evidence=tuple(_evidence(**one) for one in evidence.get(row["check_id"], ())),
            expected=expected_times(row["frequency"], year, last),
            **row,
        )
        for row in LEDGER.fetch_all(connection, "report/control_points.sql", as_of=as_of, year=year)
    )


def _grouped(rows: Iterable[Mapping[Any, Any]]) -> dict[Any, list[dict[str, Any]]]:
    """Put rows under their first column."""
    found: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        (_, key), *rest = row.items()
        found.setdefault(key, []).append(dict(rest))
    return found


def _result(action_ids: list[str], **row: Any) -> ControlResult:
    return ControlResult(action_ids=tuple(action_ids), **row)


def _evidence(waived_by: list[str], **row: Any) -> CheckEvidence:
    return CheckEvidence(waived_by=tuple(waived_by), **row)


def expected_times(frequency: str, year: int, last: date) -> int:
    """Count how often a point should have been controlled in a year until a day: whole stretches of the year only.

    Args:
        frequency: The register's words: ``Varje månad``, ``tertial``, ``kvartal``; anything else means once a year.
        year: The year.
        last: The last day counted, in the year.
    """
    times = next((count for word, count in _TIMES_A_YEAR if word in frequency.lower()), 1)
    if times > 12:
        return times * ((last - date(year, 1, 1)).days + 1) // (date(year, 12, 31) - date(year, 1, 1)).days
    month = Month.containing(last)
    months_over = month.month if last == month.end else month.month - 1
    return months_over // (12 // times)


def by_level(points: Sequence[ControlPoint]) -> tuple[LevelSummary, ...]:
    """Put points under their three levels; the board's level also has its units' (R83).

    Args:
        points: From :func:`read_controls`.

    Returns:
        Levels in the code list's order: the municipality's, the board's, the units'; a level without points is left out.
    """
    levels: dict[Level, list[ControlPoint]] = {}
    for one in points:
        levels.setdefault(one.level, []).append(one)
    units = tuple(levels.get("enhet", ()))
    return tuple(
        LevelSummary(level, found[0].level_title, tuple(found), units if level == "namnd" else ())
        for level, found in levels.items()
    )
