"""What goes out: render a report, check a published package."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arshjul.cli.application import AsJson, PeriodArgument, Run, app, as_moment, begun, refuse, show
from arshjul.periods import Period
from arshjul.warehouse.engine import Role, transaction

if TYPE_CHECKING:
    from arshjul.reports.known_then import KnownThen


@app.command()
def report(
    report_id: Annotated[str, typer.Argument(metavar="REPORT", help="tertialrapport.")],
    period: PeriodArgument,
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder that gets the report's files.")],
    as_of: Annotated[
        Any,
        typer.Option(
            parser=as_moment,
            metavar="TIMESTAMP",
            help="The report as it was then, the published one where there was one; a new draft by default.",
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Render a report from computed values: a draft, or as it was at a time (--as-of)."""
    from arshjul.reports.tertialrapport import REPORT_ID

    if report_id != REPORT_ID:
        raise typer.BadParameter(f"there is {REPORT_ID}", param_hint="REPORT")
    with begun(Role.COMPUTE, period.key) as run:
        then = _known_then(run, report_id, period, as_of) if as_of else None
        files = _files(run, period, then)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_bytes(content)
    written = [str(out / name) for name in files]
    if then is None or then.published_at is None:
        show({"filer": written}, json, "\n".join(written))
        return
    differing = then.differing(files)
    verdict = (
        f"Inte som när rapporten publicerades: {', '.join(differing)}."
        if differing
        else "Byte för byte som publicerat."
    )
    show({"filer": written, "avviker": differing}, json, "\n".join([*written, verdict]))
    if differing:
        raise typer.Exit(1)


def _known_then(run: Run, report_id: str, period: Period, as_of: datetime) -> KnownThen:
    """Find what the report was made from, or say that there was nothing."""
    from arshjul.reports.known_then import known_then

    with transaction(run.settings, Role.REPORT) as connection:
        found = known_then(connection, report_id, period, as_of)
    if found is None:
        refuse(f"{period.title.capitalize()} var inte beräknad då.")
    return found


def _files(run: Run, period: Period, then: KnownThen | None) -> dict[str, bytes]:
    """Draw the report's files: what was published from its own public table, a draft from one that is safe today."""
    from arshjul.catalogue.contracts import load_contracts
    from arshjul.disclosure.release import DisclosureError, protect
    from arshjul.indicators.export import export_rows
    from arshjul.indicators.values import find_computation, latest_computation
    from arshjul.reports.facts import FactsMissing, assemble
    from arshjul.reports.rendering import render_files
    from arshjul.reports.tertialrapport import tertialrapport

    settings = run.settings
    with transaction(settings, Role.COMPUTE) as connection:
        if then is None:
            computation = latest_computation(connection, settings.include, period)
        else:
            computation = find_computation(connection, settings.include, then.computation_id)
        protection_id = then.protection_id if then else None
        if computation is None:
            refuse(f"{period.title.capitalize()} är inte beräknad. Kör arshjul compute {period.key} först.")
        if protection_id is None:
            try:
                made = protect(connection, settings.include, computation.computation_id, run_id=run.run_id)
            except DisclosureError as error:
                connection.rollback()
                refuse(str(error))
            protection_id = made.protection_id
    with transaction(settings, Role.REPORT) as connection:
        try:
            facts = assemble(
                connection,
                settings.include,
                period,
                computation.computation_id,
                protection_id,
                then.checks_until if then else None,
            )
        except FactsMissing as missing:
            refuse(str(missing))
        columns, rows = export_rows(
            connection,
            settings.include,
            computation,
            internal=False,
            definitions=facts.indicators,
            protection_id=protection_id,
        )
    is_draft = then is None or then.published_at is None
    document = tertialrapport(facts, settings.kommun_namn, load_contracts(settings.include), is_draft=is_draft)
    return render_files(document, facts, columns, rows)


@app.command()
def verify(
    package: Annotated[Path, typer.Argument(exists=True, file_okay=False, metavar="PACKAGE")], json: AsJson = False
) -> None:
    """Check a published package and its chain offline."""
    from arshjul.delivery.verify import verify_package

    verdict = verify_package(package)
    show(verdict.as_json(), json, verdict.text())
    if not verdict.ok:
        raise typer.Exit(1)
