"""``arshjul``: the same functions as the DAGs, from a keyboard and without a running Airflow (spec/cli.md).

Exit 0 on success, 1 when the input was refused or a check failed, 2 on wrong usage.
"""

from __future__ import annotations

import json as json_format
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from sqlalchemy import Connection

from arshjul.catalogue.yaml_files import CatalogueError
from arshjul.lineage.archive import ArchiveError
from arshjul.lineage.keys import KeyFileError
from arshjul.lineage.ledger import code_version, start_run
from arshjul.lineage.trace import FigureEvidence
from arshjul.periods import Month, Period, PeriodError, parse_month, parse_period
from arshjul.settings import Settings, SettingsError, load_settings
from arshjul.warehouse import server
from arshjul.warehouse.engine import Role, database_url, ensure_database, transaction
from arshjul.warehouse.errors import WarehouseError
from arshjul.warehouse.migrations import MigrationError, migrate

app = typer.Typer(
    help="The tertial line from the keyboard: receive, compute, export, report, trace, verify.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
database = typer.Typer(help="The embedded PostgreSQL and its schema.", no_args_is_help=True)
app.add_typer(database, name="db")

AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]


def _as_period(text: str) -> Period:
    try:
        return parse_period(text)
    except PeriodError as error:
        raise typer.BadParameter(str(error)) from None


def _as_month(text: str) -> Month:
    try:
        return parse_month(text)
    except PeriodError as error:
        raise typer.BadParameter(str(error)) from None


def _as_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("a timestamp is written 2026-05-05T12:00:00+02:00") from None
    if moment.tzinfo is None:
        raise typer.BadParameter("the timestamp needs a time zone, such as +02:00 or Z")
    return moment


PeriodArgument = Annotated[Any, typer.Argument(parser=_as_period, metavar="PERIOD", help="2026-03, 2026-T1 or 2026.")]


def _say(text: str) -> None:
    typer.echo(text)


def _show(report: Any, json: bool, text: str) -> None:
    _say(json_format.dumps(report, ensure_ascii=False, indent=2) if json else text)


def _ready() -> Settings:
    """Settings with a database that is up and migrated."""
    settings = load_settings()
    ensure_database(settings)
    migrate(settings)
    return settings


@dataclass(frozen=True)
class _Run:
    """One command's place in the ledger."""

    settings: Settings
    run_id: int


@contextmanager
def _begun(role: Role, period: str | None) -> Iterator[_Run]:
    settings = _ready()
    with transaction(settings, role) as connection:
        run_id = start_run(connection, "cli", uuid.uuid4().hex, period, code_version(settings))
    yield _Run(settings, run_id)


@database.command()
def up() -> None:
    """Start the embedded PostgreSQL (nothing to do when another server is named)."""
    ensure_database(load_settings())
    _say("Databasen är igång.")


@database.command()
def down() -> None:
    """Stop the embedded PostgreSQL."""
    settings = load_settings()
    stopped = settings.database_url is None and server.down(settings.server_root)
    _say("Databasen är stoppad." if stopped else "Databasen var inte igång.")


@database.command()
def url(json: AsJson = False) -> None:
    """Print the database's URL."""
    told = database_url(load_settings())
    _show({"url": told}, json, told)


@database.command("migrate")
def migrate_database(json: AsJson = False) -> None:
    """Bring the schema up to date."""
    settings = load_settings()
    ensure_database(settings)
    done = migrate(settings)
    _show({"kort": done}, json, "\n".join(done) if done else "Schemat är redan aktuellt.")


@app.command()
def sample(
    year: Annotated[int, typer.Option(min=2001, max=2198)],
    out: Annotated[Path, typer.Option(help="Folder that gets one folder per sender.")],
    seed: int = 1,
    scale: Annotated[float, typer.Option(min=0.01, max=100)] = 1.0,
    json: AsJson = False,
) -> None:
    """Write a made-up municipality's deliveries (Exempelkommun); the same arguments give the same bytes."""
    from arshjul.sample import write_sample

    summary = write_sample(out, year, seed, scale, kommun_orgnr=load_settings().kommun_orgnr)
    told = {"mapp": str(out), "filer": len(summary.files), "anordnare": len(summary.providers)}
    _show(told, json, f"{told['filer']} filer från {told['anordnare']} anordnare i {out}.")


@app.command()
def check(files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)], json: AsJson = False) -> None:
    """Check delivery files offline: the same rules and sentences as the pipeline, no database needed."""
    from arshjul.intake.checker import check_files
    from arshjul.sources.folder import find_named

    checked = check_files(load_settings(), find_named(files))
    told = [one.receipt.as_json() | {"noteringar": list(one.notes)} for one in checked]
    text = "\n\n".join("\n".join([one.receipt.as_text(), *(f"Obs: {note}" for note in one.notes)]) for one in checked)
    _show(told, json, f"Så här skulle kvittensen se ut. Ingenting är skickat eller inläst.\n\n{text}")
    if any(one.receipt.status == "avvisad" or one.receipt.rows_quarantined for one in checked):
        raise typer.Exit(1)


@app.command()
def receive(paths: Annotated[list[Path], typer.Argument(exists=True)], json: AsJson = False) -> None:
    """Land, check and load deliveries (files or folders), parents first; prints receipts."""
    from arshjul.intake.office import open_office
    from arshjul.intake.queue import receive_all
    from arshjul.intake.staging import clear_staging
    from arshjul.lineage.statements import LEDGER
    from arshjul.sources.folder import find_named

    with _begun(Role.INTAKE, None) as run, open_office(run.settings) as office:
        receipts = receive_all(office, find_named(paths), run.run_id)
        with office.engine.begin() as connection:  # staging is for the gate, which only the monthly DAG runs
            for month in LEDGER.fetch_all(connection, "lineage/months_of_run.sql", run_id=run.run_id):
                clear_staging(connection, office.statements, office.contracts.values(), month["period"])
    _print_receipts(receipts, json)
    if any(receipt.status == "avvisad" for receipt in receipts):
        raise typer.Exit(1)


def _print_receipts(receipts: list[Any], json: bool) -> None:
    text = "\n\n".join(receipt.as_text() for receipt in receipts) or "Inga filer att läsa."
    _show([receipt.as_json() for receipt in receipts], json, text)


@app.command()
def compute(
    period: PeriodArgument,
    as_of: Annotated[
        Any, typer.Option(parser=_as_moment, metavar="TIMESTAMP", help="Only what was known then; now by default.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Compute all indicators of a month, tertial or year."""
    from arshjul.indicators.compute import PointOfKnowledgeError
    from arshjul.indicators.compute import compute as compute_period

    with _begun(Role.COMPUTE, period.key) as run, transaction(run.settings, Role.COMPUTE) as connection:
        try:
            done = compute_period(connection, run.settings.include, period, run_id=run.run_id, as_of=as_of)
        except PointOfKnowledgeError as error:
            raise typer.BadParameter(str(error), param_hint="--as-of") from None
    report = {"period": period.key, "berakning": done.computation_id, "kunskap_per": done.as_of.isoformat()}
    _show(report, json, f"{period.title.capitalize()} är beräknad (beräkning {done.computation_id}).")


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
    from arshjul.indicators.export import export_rows, write_export
    from arshjul.indicators.values import latest_computation

    settings = _ready()
    with transaction(settings, Role.COMPUTE if internal else Role.REPORT) as connection:
        computation = latest_computation(connection, settings.include, period)
        if computation is None:
            _refuse(f"{period.title.capitalize()} är inte beräknad. Kör arshjul compute {period.key} först.")
        columns, rows = export_rows(connection, settings.include, computation, internal=internal)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_export(out, columns, rows)
    told = {"fil": str(out), "rader": len(rows), "kunskap_per": computation.as_of.isoformat()}
    _show(told, json, f"{len(rows)} rader i {out}, så som det var känt {told['kunskap_per']}.")


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
    settings = _ready()
    with transaction(settings, Role.REPORT) as connection:
        computation = latest_computation(connection, settings.include, period)
        try:
            facts = assemble(connection, settings.include, period, computation.computation_id if computation else None)
        except FactsMissing as missing:
            _refuse(str(missing))
        assert computation is not None  # noqa: S101 - assemble refuses a period without computation
        columns, rows = export_rows(connection, settings.include, computation, internal=False)
    document = tertialrapport(facts, settings.kommun_namn, load_contracts(settings.include), is_draft=True)
    out.mkdir(parents=True, exist_ok=True)
    written: list[str] = []
    for name, content in render_files(document, facts, columns, rows).items():
        (out / name).write_bytes(content)
        written.append(str(out / name))
    _show({"filer": written}, json, "\n".join(written))


@app.command()
def trace(figure: Annotated[str, typer.Argument(metavar="FIGURE")], json: AsJson = False) -> None:
    """One figure back to definition, rows, files, run, checks and approvals, such as maluppfyllelse/2026-T1."""
    from arshjul.catalogue.indicators import load_indicators
    from arshjul.indicators.trace_rows import source_rows
    from arshjul.lineage.trace import FigureNotFound, source_files
    from arshjul.lineage.trace_text import trace_text

    settings = _ready()
    with (
        transaction(settings, Role.AUDIT) as ledger,
        transaction(settings, Role.COMPUTE) as core,
    ):
        try:
            found = _evidence(ledger, figure)
        except FigureNotFound as missing:
            _refuse(str(missing))
        rows = source_rows(
            core,
            settings.include,
            found.figure.indicator_id,
            parse_period(found.computation.period),
            found.computation.as_of,
            found.figure.cell,
        )
        evidence = replace(found, sources=source_files(ledger, rows))
    definition = load_indicators(settings.include).get(evidence.figure.indicator_id)
    _show(evidence.as_json(), json, trace_text(evidence, definition))


def _evidence(ledger: Connection, figure: str) -> FigureEvidence:
    """A figure's evidence: as published, else as computed and not published yet."""
    from arshjul.lineage.trace import FigureNotFound, computed_evidence, figure_evidence

    try:
        return figure_evidence(ledger, figure)
    except FigureNotFound:
        return computed_evidence(ledger, figure)


@app.command()
def verify(
    package: Annotated[Path, typer.Argument(exists=True, file_okay=False, metavar="PACKAGE")], json: AsJson = False
) -> None:
    """Check a published package and its chain offline."""
    from arshjul.delivery.verify import verify_package

    verdict = verify_package(package)
    _show(verdict.as_json(), json, verdict.text())
    if not verdict.ok:
        raise typer.Exit(1)


@app.command()
def status(
    month: Annotated[
        Any, typer.Option(parser=_as_month, metavar="MONTH", help="Delivery month; last month by default.")
    ] = None,
    json: AsJson = False,
) -> None:
    """What is late, missing, failed or waiting for a person."""
    from arshjul.lineage.status import status as look

    settings = _ready()
    today: date = datetime.now(UTC).date()
    with transaction(settings, Role.AUDIT) as connection:
        found = look(connection, settings, month or Month.containing(today).previous)
    _show(found.as_json(), json, found.text())
    if not found.chain.ok:
        raise typer.Exit(1)


def _refuse(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(1)


_REFUSALS = (
    SettingsError,
    CatalogueError,
    KeyFileError,
    ArchiveError,
    MigrationError,
    WarehouseError,
    server.ServerError,
    OSError,
)


def main() -> None:
    """Run the command line tool."""
    try:
        app()
    except _REFUSALS as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
