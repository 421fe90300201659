"""Figures: compute them, export them, trace one of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from arshjul.cli.application import AsJson, PeriodArgument, app, as_moment, begun, ready, refuse, show, warn
from arshjul.lineage.trace import FigureEvidence
from arshjul.warehouse.engine import Role, transaction


@app.command()
def compute(
    period: PeriodArgument,
    as_of: Annotated[
        Any, typer.Option(parser=as_moment, metavar="TIMESTAMP", help="Only what was known then; now by default.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Compute all indicators of a month, tertial or year, or of a year's first months (2026-01--2026-08)."""
    from arshjul.indicators.compute import PointOfKnowledgeError
    from arshjul.indicators.compute import compute as compute_period

    with begun(Role.COMPUTE, period.key) as run, transaction(run.settings, Role.COMPUTE) as connection:
        try:
            include, engine = run.settings.include, connection.engine
            done = compute_period(connection, include, period, run_id=run.run_id, as_of=as_of, helper=engine)
        except PointOfKnowledgeError as error:
            raise typer.BadParameter(str(error), param_hint="--as-of") from None
    report = {"period": period.key, "berakning": done.computation_id, "kunskap_per": done.as_of.isoformat()}
    show(report, json, f"{period.title.capitalize()} är beräknad (beräkning {done.computation_id}).")


@app.command()
def export(
    period: PeriodArgument,
    out: Annotated[Path, typer.Option(dir_okay=False, help="The CSV file to write.")],
    internal: Annotated[
        bool, typer.Option("--internal", help="Every combination, unprotected. Not to be spread.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Write indicator values as CSV: public (protected) unless --internal."""
    from arshjul.disclosure.release import DisclosureError, note, protect, record_release
    from arshjul.indicators.export import export_rows
    from arshjul.indicators.values import latest_computation
    from arshjul.lineage.readings import record_reading
    from arshjul.reports.table_csv import write_csv

    withheld = 0
    with begun(Role.COMPUTE, period.key) as run, transaction(run.settings, Role.COMPUTE) as connection:
        include = run.settings.include
        computation = latest_computation(connection, include, period)
        if computation is None:
            refuse(f"{period.title.capitalize()} är inte beräknad. Kör arshjul compute {period.key} först.")
        if not internal:
            # Committed before the file is written: what may have been seen always counts as released.
            try:
                protection = protect(connection, include, computation.computation_id, run_id=run.run_id)
                record_release(connection, include, protection, "export", run_id=run.run_id)
                withheld = protection.hidden
                warn(note(protection))
            except DisclosureError as error:
                connection.rollback()
                refuse(str(error))
        columns, rows = export_rows(connection, include, computation, internal=internal)
    if internal:
        record_reading(run.settings, "export --internal", period.key, len(rows))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(write_csv(columns, rows))
    told = {"fil": str(out), "rader": len(rows), "skyddade": withheld, "kunskap_per": computation.as_of.isoformat()}
    protected = f" {withheld} uppgifter visas inte, för att skydda personer." if withheld else ""
    show(told, json, f"{len(rows)} rader i {out}, så som det var känt {told['kunskap_per']}.{protected}")


@app.command()
def trace(figure: Annotated[str, typer.Argument(metavar="FIGURE")], json: AsJson = False) -> None:
    """One figure back to definition, rows, files, run, checks and approvals, such as maluppfyllelse/2026-T1."""
    from arshjul.catalogue.indicators import load_indicators
    from arshjul.lineage.readings import record_reading
    from arshjul.lineage.trace import FigureNotFound
    from arshjul.lineage.trace_text import trace_text

    settings = ready()
    with (
        transaction(settings, Role.AUDIT) as ledger,
        transaction(settings, Role.COMPUTE) as core,
    ):
        try:
            evidence = traced(ledger, core, settings.include, figure)
        except FigureNotFound as missing:
            refuse(str(missing))
    definition = load_indicators(settings.include).get(evidence.figure.indicator_id)
    record_reading(settings, "trace", evidence.figure.figure_id, sum(one.row_count for one in evidence.sources))
    show(evidence.as_json(), json, trace_text(evidence, definition))


def traced(ledger: Connection, core: Connection, include: Path, figure: str) -> FigureEvidence:
    """Give a figure's evidence with its source rows: as published, else as computed and not published yet.

    Args:
        ledger: Under the auditor's role.
        core: Under a role that may read core.
        include: The folder with the catalogue and its SQL.
        figure: Its name, such as ``maluppfyllelse/2026-T1``.

    Raises:
        FigureNotFound: It is neither published nor computed.
    """
    from arshjul.disclosure.release import single_cells
    from arshjul.disclosure.stored import find_computation, made_of
    from arshjul.indicators.trace_rows import source_rows
    from arshjul.lineage.trace import FigureNotFound, computed_evidence, figure_evidence, source_files

    try:
        found = figure_evidence(ledger, figure)
    except FigureNotFound:
        found = computed_evidence(ledger, figure)
    shown, computation_id = found.figure, found.computation.computation_id
    cells = single_cells(core, computation_id, shown.indicator_id, shown.cell)
    # A figure that may not be shown anew stands as it was shown: it is made of what was known then.
    origin = made_of(core, computation_id, shown.indicator_id, shown.cell, cells, shown.numerator, shown.observations)
    made = find_computation(core, origin)
    rows = [
        row for cell in cells for row in source_rows(core, include, shown.indicator_id, made.period, made.as_of, cell)
    ]
    return replace(found, sources=source_files(ledger, rows, made.as_of))
