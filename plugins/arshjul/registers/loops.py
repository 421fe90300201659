"""Open loops: what was found in a year and has not gone through all four stages of improvement.

Source: BIN 2016-134, 6 Analys och utveckling (planera, genomför, följ upp och analysera, förbättra och åtgärda); R90.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from arshjul.periods import Month
from arshjul.registers.actions import Action, actions_by_source, read_actions
from arshjul.registers.complaints import read_deficiencies
from arshjul.registers.controls import read_controls
from arshjul.registers.deviations import read_deviations
from arshjul.registers.provider_cases import read_cases
from arshjul.registers.visits import areas_without_action, read_visits

Source = Literal["besok", "klagomal", "avvikelse", "internkontroll", "dialog", "kvalitetsrapport"]


@dataclass(frozen=True)
class OpenLoop:
    """One finding without an action, or with one that has not come all the way.

    Attributes:
        source: Code of ``atgardskallor``.
        source_id: Id of the finding there.
        day: When it was found.
        actions: The actions that are not closed; empty when there is none at all.
    """

    source: str
    source_id: str
    day: date
    actions: tuple[Action, ...]

    @property
    def words(self) -> str:
        """Why it is open, in Swedish."""
        if not self.actions:
            return "åtgärd saknas"
        stages = ", ".join(dict.fromkeys(one.stage_title for one in self.actions))
        return f"åtgärden står i fasen {stages}"


def read_open_loops(
    connection: Connection, include: Path, as_of: datetime, year: int, day: date
) -> tuple[OpenLoop, ...]:
    """List a year's open loops as they stand on a day, by source and day.

    Found are deficiencies of complaints, deviations of controls and of budget, areas to improve of visits, and providers' cases
    that are not closed; and whatever else an action that was decided in the year comes from.

    Args:
        connection: Under a role that may read reports.
        include: The catalogue's folder.
        as_of: Point of knowledge.
        year: The year.
        day: The last day that is looked at.
    """
    last = min(day, date(year, 12, 31))
    actions = tuple(one for one in read_actions(connection, as_of) if one.decided <= last)
    findings = dict(_findings(connection, include, as_of, year, last, actions))
    linked = actions_by_source(actions)
    loops = [OpenLoop(*key, found, ()) for key, found in findings.items()]
    loops += [
        OpenLoop(*key, min(one.decided for one in left), left)
        for key, taken in linked.items()
        if (left := tuple(one for one in taken if not one.is_closed and one.decided.year == year))
    ]
    return tuple(sorted(loops, key=lambda one: (one.source, one.day, one.source_id)))


def _findings(
    connection: Connection, include: Path, as_of: datetime, year: int, last: date, actions: Sequence[Action]
) -> Iterator[tuple[tuple[str, str], date]]:
    """What was found and has no action, by source."""
    first = date(year, 1, 1)
    for case in read_deficiencies(connection, as_of, first, last):
        if case.is_red:
            yield ("klagomal", case.case_id), case.received
    for point in read_controls(connection, as_of, year, last):
        for result in point.without_action:
            yield ("internkontroll", f"{point.control_id}/{result.day.isoformat()}"), result.day
    for visit, _ in areas_without_action(read_visits(connection, as_of, first, last), actions):
        yield ("besok", visit.visit_id), visit.day
    for one in read_deviations(connection, include, as_of, Month(year, 1), Month.containing(last), last, actions):
        if not one.actions:
            yield ("avvikelse", one.deviation_id), one.ledger.month.end
    for open_case in read_cases(connection, first, last, as_of=as_of):
        key = ("dialog", f"arende/{open_case.provider_case_id}")
        if open_case.is_open(last) and key not in actions_by_source(actions):
            yield key, open_case.received_on
