"""What goes out: render a report, check a published package."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arshjul.cli.application import AsJson, PeriodArgument, Run, app, as_moment, begun, refuse, show, warn
from arshjul.periods import Period
from arshjul.reports.library import REPORTS
from arshjul.warehouse.engine import Role, transaction

if TYPE_CHECKING:
    from arshjul.indicators.compute import Computation
    from arshjul.reports.known_then import KnownThen
    from arshjul.reports.report_type import ReportType


@app.command()
def report(
    report_id: Annotated[str, typer.Argument(metavar="REPORT", help=", ".join(REPORTS))],
    period: PeriodArgument,
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder that gets the report's files.")],
    subject: Annotated[
        str, typer.Option(help="Provider's number or object's id, for a report that is about one.", metavar="ID")
    ] = "",
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
    kind = _kind(report_id, period, subject)
    with begun(Role.COMPUTE, period.key) as run:
        then = _known_then(run, report_id, period, as_of) if as_of else None
        files = _files(run, kind, period, then, subject)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_bytes(content)
    written = [str(out / name) for name in files]
    if then is None or then.published_at is None:
        show({"filer": written}, json, "\n".join(written))
        return
    differing = then.differing(files, is_part=kind.has_subject)
    verdict = (
        f"Inte som när rapporten publicerades: {', '.join(differing)}."
        if differing
        else "Byte för byte som publicerat."
    )
    show({"filer": written, "avviker": differing}, json, "\n".join([*written, verdict]))
    if differing:
        raise typer.Exit(1)


def _kind(report_id: str, period: Period, subject: str) -> ReportType:
    """Find the report; another one, or a period that it cannot be about, is wrong usage."""
    if report_id not in REPORTS:
        raise typer.BadParameter(f"there is {', '.join(REPORTS)}", param_hint="REPORT")
    kind = REPORTS[report_id]
    if not kind.accepts(period):
        raise typer.BadParameter(f"{report_id} is not about such a period as {period.key}", param_hint="PERIOD")
    if kind.has_subject != bool(subject):
        needs = "is about one: say which" if kind.has_subject else "is not about a single one"
        raise typer.BadParameter(f"{report_id} {needs}", param_hint="--subject")
    return kind


def _known_then(run: Run, report_id: str, period: Period, as_of: datetime) -> KnownThen:
    """Find what the report was made from, or say that there was nothing."""
    from arshjul.reports.known_then import known_then

    with transaction(run.settings, Role.REPORT) as connection:
        found = known_then(connection, report_id, period, as_of)
    if found is None:
        refuse(f"{period.title.capitalize()} var inte beräknad då.")
    return found


def _files(run: Run, kind: ReportType, period: Period, then: KnownThen | None, subject: str) -> dict[str, bytes]:
    """Draw the report's files: what was published from its own public table, a draft from one that is safe today.

    A draft goes through the same check of its finished files as what is published.
    """
    from arshjul.disclosure.artefact import ArtefactError
    from arshjul.indicators.export import export_rows
    from arshjul.reports.drawing import draw_report
    from arshjul.reports.facts import FactsMissing

    computation, protection_id = _public_table(run, kind, period, then)
    with transaction(run.settings, Role.REPORT) as connection:
        try:
            return draw_report(
                connection,
                run.settings,
                kind,
                period,
                computation.computation_id,
                protection_id,
                lambda definitions: export_rows(
                    connection,
                    run.settings.include,
                    computation,
                    internal=False,
                    definitions=definitions,
                    protection_id=protection_id,
                ),
                subject=subject,
                until=then.checks_until if then else None,
                is_draft=then is None or then.published_at is None,
            ).files
        except (FactsMissing, ArtefactError) as missing:
            refuse(str(missing))


def _public_table(run: Run, kind: ReportType, period: Period, then: KnownThen | None) -> tuple[Computation, int]:
    from arshjul.disclosure.release import DisclosureError, note, protect
    from arshjul.indicators.values import find_computation, latest_computation

    include = run.settings.include
    with transaction(run.settings, Role.COMPUTE) as connection:
        if then is None:
            computation = latest_computation(connection, include, period)
        else:
            computation = find_computation(connection, include, then.computation_id)
        if computation is None:
            refuse(f"{period.title.capitalize()} är inte beräknad. Kör arshjul compute {period.key} först.")
        if then is not None and then.protection_id is not None:
            return computation, then.protection_id
        try:
            made = protect(
                connection, include, computation.computation_id, run_id=run.run_id, indicators=kind.indicators
            )
        except DisclosureError as error:
            connection.rollback()
            refuse(str(error))
        warn(note(made))
        return computation, made.protection_id


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
