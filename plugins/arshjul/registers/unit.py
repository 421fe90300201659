"""One object's year on one page: its follow-ups, visits, controls, budget and everything that is done about them.

Source: BIN 2016-134, 1 (AMI ansvarar för att gentemot nämnden följa upp verksamheten); R10.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection

from arshjul.periods import Month
from arshjul.registers.actions import Action, read_actions
from arshjul.registers.complaints import Deficiency, read_deficiencies
from arshjul.registers.controls import ControlPoint, read_controls
from arshjul.registers.coverage import Cell, read_coverage
from arshjul.registers.deviations import Deviation, deviation_id, read_deviations
from arshjul.registers.objects import FollowUpObject
from arshjul.registers.visits import Visit, read_visits


@dataclass(frozen=True)
class UnitYear:
    """Everything that a year's registers say of one object.

    Attributes:
        object: The object.
        cells: Its follow-ups, in the coverage matrix's order.
        visits: Its visits, in order of time.
        controls: Control points of its own.
        deficiencies: Cases about it that show a deficiency: for working papers only.
        deviations: Months beyond budget's tolerance.
        actions: Actions that come of any of it, or of its quality report, by day due.
    """

    object: FollowUpObject
    cells: tuple[Cell, ...]
    visits: tuple[Visit, ...]
    controls: tuple[ControlPoint, ...]
    deficiencies: tuple[Deficiency, ...]
    deviations: tuple[Deviation, ...]
    actions: tuple[Action, ...]


def read_unit_year(
    connection: Connection, include: Path, as_of: datetime, year: int, object_id: str, day: date
) -> UnitYear | None:
    """Read one object's year; ``None`` when the register has no such object that year.

    Args:
        connection: Under a role that may read reports.
        include: The catalogue's folder.
        as_of: Point of knowledge.
        year: The year.
        object_id: The object.
        day: The day it is asked.
    """
    coverage = read_coverage(connection, include, as_of, year, day)
    found = next((one for one in coverage.objects if one.object_id == object_id), None)
    if found is None:
        return None
    first, last = date(year, 1, 1), date(year, 12, 31)
    actions = read_actions(connection, as_of)
    visits = tuple(one for one in read_visits(connection, as_of, first, last) if one.object_id == object_id)
    controls = tuple(one for one in read_controls(connection, as_of, year, day) if one.object_id == object_id)
    cases = tuple(one for one in read_deficiencies(connection, as_of, first, last) if one.object_id == object_id)
    span = (Month(year, 1), Month(year, 12))
    months = tuple(
        one
        for one in read_deviations(connection, include, as_of, *span, day, actions)
        if one.ledger.object_id == object_id
    )
    sources = set(_sources(found, year, visits, controls, cases))
    named = {action_id for case in cases for action_id in case.action_ids}
    taken = tuple(one for one in actions if (one.source, one.source_id) in sources or one.action_id in named)
    return UnitYear(found, coverage.of(object_id), visits, controls, cases, months, taken)


def _sources(
    one: FollowUpObject,
    year: int,
    visits: tuple[Visit, ...],
    controls: tuple[ControlPoint, ...],
    cases: tuple[Deficiency, ...],
) -> Iterator[tuple[str, str]]:
    """What an action about the object may come from; reports of the year before are acted on in the year."""
    yield from (("besok", visit.visit_id) for visit in visits)
    yield from (("klagomal", case.case_id) for case in cases)
    yield from (("internkontroll", f"{p.control_id}/{r.day.isoformat()}") for p in controls for r in p.results)
    yield from (("avvikelse", deviation_id(one.object_id, Month(year, month))) for month in range(1, 13))
    yield from (("kvalitetsrapport", f"{one.object_id}/{of_year}") for of_year in (year - 1, year))
