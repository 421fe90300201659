"""What goes out: render a report, check a published package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from arshjul.cli.application import AsJson, PeriodArgument, app, ready, refuse, show
from arshjul.warehouse.engine import Role, transaction


@app.command()
def report(
    report_id: Annotated[str, typer.Argument(metavar="REPORT", help="tertialrapport.")],
    period: PeriodArgument,
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder that gets the report's files.")],
    json: AsJson = False,
) -> None:
    """Render a report from computed values (a draft: it is not approved and not published)."""
    from arshjul.catalogue.contracts import load_contracts
    from arshjul.indicators.export import export_rows
    from arshjul.indicators.values import latest_computation
    from arshjul.reports.facts import FactsMissing, assemble
    from arshjul.reports.rendering import render_files
    from arshjul.reports.tertialrapport import REPORT_ID, tertialrapport

    if report_id != REPORT_ID:
        raise typer.BadParameter(f"there is {REPORT_ID}", param_hint="REPORT")
    settings = ready()
    with transaction(settings, Role.REPORT) as connection:
        computation = latest_computation(connection, settings.include, period)
        try:
            facts = assemble(connection, settings.include, period, computation.computation_id if computation else None)
        except FactsMissing as missing:
            refuse(str(missing))
        assert computation is not None  # noqa: S101 - assemble refuses a period without computation
        columns, rows = export_rows(connection, settings.include, computation, internal=False)
    document = tertialrapport(facts, settings.kommun_namn, load_contracts(settings.include), is_draft=True)
    out.mkdir(parents=True, exist_ok=True)
    written: list[str] = []
    for name, content in render_files(document, facts, columns, rows).items():
        (out / name).write_bytes(content)
        written.append(str(out / name))
    show({"filer": written}, json, "\n".join(written))


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
