"""``arshjul coverage``: what must be followed up in a year and how that stands, for all objects or for one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arshjul.cli.application import AsJson, app, ready, show
from arshjul.cli.registers import DayOption, YearArgument, action_line, now, today
from arshjul.warehouse.engine import Role, transaction

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from arshjul.registers.coverage import Cell, Coverage
    from arshjul.registers.objects import FollowUpObject
    from arshjul.registers.unit import UnitYear
    from arshjul.settings import Settings


def as_grouping(text: str) -> str:
    """Read what objects are to stand under; anything else is wrong usage."""
    if text not in ("", "role", "purpose"):
        raise typer.BadParameter("objects stand by role or by purpose")
    return text


@app.command()
def coverage(
    year: YearArgument = None,
    day: DayOption = None,
    object_id: Annotated[str, typer.Option("--object", help="One object's whole year.")] = "",
    by: Annotated[
        str, typer.Option(parser=as_grouping, metavar="role|purpose", help="Objects by role or purpose.")
    ] = "",
    json: AsJson = False,
) -> None:
    """The coverage matrix: every follow-up object and what must be done about it in the year."""
    from arshjul.registers.coverage import read_coverage
    from arshjul.registers.unit import read_unit_year

    settings, day = ready(), day or today()
    with transaction(settings, Role.REPORT) as connection:
        asked = (connection, settings.include, now())
        if by:
            groups = _groups(connection, settings, by, year or day.year)
            show(groups, json, "\n".join(_group_lines(groups)))
        elif object_id:
            unit = read_unit_year(*asked, year or day.year, object_id, day)
            if unit is None:
                raise typer.BadParameter(f"there is no object {object_id} in {year or day.year}")
            show(_unit_json(unit), json, "\n".join(_unit_lines(unit, day)))
        else:
            found = read_coverage(*asked, year or day.year, day)
            show(_coverage_json(found), json, "\n".join(_coverage_lines(found)))


def _groups(connection: Connection, settings: Settings, by: str, year: int) -> list[dict[str, Any]]:
    """Objects under the municipality's role in them (R14), or under the purposes they serve (R15)."""
    from arshjul.catalogue.follow_ups import load_follow_ups
    from arshjul.registers.objects import by_purpose, by_role, read_objects

    objects = read_objects(connection, now(), year)
    if by == "role":
        found = by_role(objects)
        return [
            {"id": role, "namn": (of_role[0].role_title if of_role else None) or role, "objekt": _ids(of_role)}
            for role, of_role in found.items()
        ]
    purposes = load_follow_ups(settings.include).purposes
    return [
        {
            "id": one.purpose.id,
            "namn": one.purpose.title,
            "indikatorer": list(one.purpose.indicators),
            "objekt": _ids(one.objects),
        }
        for one in by_purpose(objects, purposes)
    ]


def _ids(objects: Iterable[FollowUpObject]) -> list[str]:
    return [one.object_id for one in objects]


def _group_lines(groups: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for one in groups:
        measured = one.get("indikatorer")
        told = "" if measured is None else f" Indikatorer: {', '.join(measured) or 'ingen indikator'}."
        yield f"{one['namn'] or 'Utan roll'}: {', '.join(one['objekt']) or 'inget objekt'}.{told}"


def _coverage_json(found: Coverage) -> dict[str, Any]:
    return {
        "ar": found.year,
        "dag": found.day.isoformat(),
        "krav": found.requirements,
        "objekt": [
            {
                "objekt_id": one.object_id,
                "typ": one.kind,
                "namn": one.name,
                "uppfoljningar": _cells(found.of(one.object_id)),
            }
            for one in found.objects
        ],
        "saknas": [[cell.object_id, cell.requirement] for cell in found.in_state("saknas")],
    }


def _cells(cells: Iterable[Cell]) -> dict[str, dict[str, Any]]:
    return {
        cell.requirement: {
            "lage": cell.state,
            "klara": [slot.done_on.isoformat() for slot in cell.slots if slot.done_on],
            "senast": cell.next_due.isoformat() if cell.next_due else None,
            "sena": [slot.key for slot in cell.slots if slot.is_late],
            "saknas": [slot.key for slot in cell.missing],
        }
        for cell in cells
    }


def _coverage_lines(found: Coverage) -> Iterable[str]:
    counts = {state: len(found.in_state(state)) for state in ("klar", "planerad", "saknas")}
    told = f"{counts['klar']} klara, {counts['planerad']} planerade, {counts['saknas']} saknas"
    yield f"Uppföljningar {found.year} den {found.day.isoformat()}: {told}."
    for one in found.objects:
        yield f"\n{one.object_id} {one.name} ({one.kind_title})"
        yield from map(_cell_line, found.of(one.object_id))


def _cell_line(cell: Cell) -> str:
    from arshjul.registers.coverage import STATE_WORDS

    done = sum(slot.state == "klar" for slot in cell.slots)
    of_several = f" {done} av {len(cell.slots)}" if len(cell.slots) > 1 else ""
    due = f", senast {cell.next_due.isoformat()}" if cell.next_due else ""
    return f"  {STATE_WORDS[cell.state]:<9}{cell.title}{of_several}{due}"


def _unit_json(unit: UnitYear) -> dict[str, Any]:
    return {
        "objekt_id": unit.object.object_id,
        "namn": unit.object.name,
        "uppfoljningar": _cells(unit.cells),
        "besok": [
            {
                "besok_id": one.visit_id,
                "dag": one.day.isoformat(),
                "status": one.status,
                "kvalitetsrapport": one.report_year,
            }
            for one in unit.visits
        ],
        "kontrollpunkter": [{"kontroll_id": one.control_id, "saknas": one.missing} for one in unit.controls],
        "brister": [{"arende_id": one.case_id, "atgarder": one.action_ids} for one in unit.deficiencies],
        "avvikelser": [{"id": one.deviation_id, "rod": one.is_red} for one in unit.deviations],
        "atgarder": [one.action_id for one in unit.actions],
    }


def _unit_lines(unit: UnitYear, day: date) -> Iterable[str]:
    yield f"{unit.object.object_id} {unit.object.name} ({unit.object.kind_title})"
    yield from map(_cell_line, unit.cells)
    yield "Besök:"
    for visit in unit.visits:
        outside = ", utanför årshjulets månader" if visit.is_outside_window else ""
        report = f", följer upp kvalitetsrapporten {visit.report_year}" if visit.report_year else ""
        yield f"  {visit.day.isoformat()} {visit.visit_id} {visit.kind}, {visit.status}{outside}{report}"
    yield "Kontrollpunkter:"
    for point in unit.controls:
        yield f"  {point.control_id} {point.text} Gjord {point.made} av {point.expected} gånger."
    yield "Brister i synpunkter och klagomål:"
    for case in unit.deficiencies:
        yield f"  {case.case_id} {case.category_title}: {', '.join(case.action_ids) or 'åtgärd saknas'}"
    yield "Avvikelser från budget:"
    for one in unit.deviations:
        taken = ", ".join(action.action_id for action in one.actions)
        amount = f"{one.ledger.difference:+,.0f}".replace(",", " ").replace("-", "−")
        yield f"  {one.deviation_id}: {amount} kr, {taken or 'åtgärd saknas'}"
    yield "Åtgärder:"
    yield from (f"  {action_line(action, day)}" for action in unit.actions)
