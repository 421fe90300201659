"""The texts that people write for a report: which there are, which are missing, and what must be changed in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arshjul.cli.application import AsJson, PeriodArgument, app, ready, refuse, show
from arshjul.periods import Period
from arshjul.reports.library import REPORTS
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction

if TYPE_CHECKING:
    from arshjul.reports.report_type import Reading
    from arshjul.reports.written import Fault, TextState


@app.command()
def texts(
    report_id: Annotated[str, typer.Argument(metavar="REPORT", help=f"One of {', '.join(REPORTS)}.")],
    period: PeriodArgument,
    check: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Check this Markdown file instead, as a text of the report."),
    ] = None,
    json: AsJson = False,
) -> None:
    """List a report's texts with their versions, and what is missing or must be changed; or check a file (--check)."""
    from arshjul.reports.written import text_states

    if report_id not in REPORTS:
        raise typer.BadParameter(f"there is {', '.join(REPORTS)}", param_hint="REPORT")
    reading = _read(ready(), report_id, period)
    if check is not None:
        faults = _faults(reading, check)
        show(
            [fault.message for fault in faults],
            json,
            "\n".join(fault.message for fault in faults) or "Inget att ändra.",
        )
        raise typer.Exit(1 if faults else 0)
    states = text_states(REPORTS[report_id], reading)
    lines = [line for state in states for line in _lines(state)]
    show([_as_json(state) for state in states], json, "\n".join(lines) or "Ingen skriver något i den rapporten.")
    if any(state.is_open for state in states):
        raise typer.Exit(1)


def _read(settings: Settings, report_id: str, period: Period) -> Reading:
    from arshjul.reports.facts import FactsMissing
    from arshjul.reports.reading import read

    with transaction(settings, Role.REPORT) as connection:
        try:
            return read(connection, settings.include, REPORTS[report_id], period, settings.kommun_namn)
        except FactsMissing as missing:
            refuse(str(missing))


def _faults(reading: Reading, file: Path) -> tuple[Fault, ...]:
    from datetime import date

    from arshjul.prose.texts import WrittenText
    from arshjul.reports.written import faults_of, figures_of

    try:
        markdown = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        refuse("Filen är inte skriven i UTF-8.")
    return faults_of(WrittenText(file.stem, None, markdown, "", date.min), figures_of(reading))


def _state(state: TextState) -> str:
    if state.faults:
        return "behöver ändras"
    if state.is_missing:
        return "saknas" if state.is_mandatory else "frivillig"
    return "klar"


def _lines(state: TextState) -> list[str]:
    found = state.written
    told = f", version {found.version}, {found.author}, {found.written_on}, {found.origin}" if found else ""
    return [f"{state.wanted.title}: {_state(state)}{told}", *(f"  {fault.message}" for fault in state.faults)]


def _as_json(state: TextState) -> dict[str, Any]:
    found = state.written
    return {
        "avsnitt": state.wanted.section,
        "indikator_id": state.wanted.indicator_id,
        "lage": _state(state),
        "obligatorisk": state.is_mandatory,
        "version": found.version if found else None,
        "forfattare": found.author if found else None,
        "datum": found.written_on.isoformat() if found else None,
        "kalla": found.origin if found else None,
        "fel": [fault.message for fault in state.faults],
    }
