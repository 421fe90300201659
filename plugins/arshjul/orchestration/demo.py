"""The demo: four months of Exempelkommun through a real Airflow, to the board. ``make demo``, ``make up``, ``make down``.

What runs here is what runs in production: the DAGs, the gate, the two approvals and the sending. Only the surroundings are
made up: the deliveries, a mail server on loopback, and two persons who answer Airflow's questions through its API.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from arshjul.catalogue.indicators import load_indicators
from arshjul.delivery.loopback_mail import LoopbackMail
from arshjul.lineage.ledger import code_version, start_run
from arshjul.lineage.statements import LEDGER
from arshjul.orchestration import scheduler_process
from arshjul.orchestration.airflow_api import AirflowApi, AirflowApiError, Run
from arshjul.orchestration.scheduler_process import SchedulerError
from arshjul.periods import Month, Period, Tertial
from arshjul.settings import Settings, SettingsError, load_settings
from arshjul.warehouse import server
from arshjul.warehouse.engine import AIRFLOW, Role, ensure_database, server_lock, transaction
from arshjul.warehouse.migrations import migrate

YEAR = 2026
REPORTED = Tertial(YEAR, 1)
COMPARED = (Tertial(YEAR - 1, 1), Tertial(YEAR - 1, 2), Tertial(YEAR - 1, 3))
MONTHLY, TERTIAL = "ingest_provider_monthly", "tertial_indicators"
KEY_FIGURES = (
    "maluppfyllelse",
    "insatsdagar_till_egen_forsorjning",
    "kunder",
    "insatser",
    "stegforflyttning",
    "narvarograd",
    "kunder_per_coach",
)
TRACED = f"maluppfyllelse/{REPORTED.key}"
SHOWN_SOURCES = 3
MONTH_SECONDS, APPROVAL_SECONDS = 240, 180


def main(arguments: list[str] | None = None) -> int:
    """Play the demo, or ``up`` (leave Airflow running) or ``down`` (stop everything)."""
    [wanted] = (sys.argv[1:] if arguments is None else arguments) or ["demo"]
    settings = load_settings()
    try:
        {"demo": play, "up": up, "down": down}[wanted](settings)
    except KeyError:
        say("usage: python -m arshjul.orchestration.demo [up | down]")
        return 2
    except (SettingsError, SchedulerError, AirflowApiError, server.ServerError) as error:
        say(f"Det gick inte: {error}")
        return 1
    return 0


def say(text: str = "") -> None:
    """Tell the person at the keyboard."""
    print(text, flush=True)  # noqa: T201 - this is what the demo is for


def play(settings: Settings) -> None:
    """Set everything up, play four months and the tertial, and show what came out. Stops what it started."""
    began = time.monotonic()
    say("Förbereder databasen …")
    prepare(settings)
    with LoopbackMail(mail_folder(settings), settings.smtp_port), running_airflow(settings) as (url, passwords):
        team, anna, bertil = (AirflowApi(url, user, passwords[user]) for user in ("datateam", "anna", "bertil"))
        team.wait_for_dags((MONTHLY, TERTIAL), 120)
        say(f"Airflow är igång på {url}. Skriver Exempelkommuns leveranser …")
        tree = write_deliveries(settings)
        known = {run.run_id for run in team.runs(TERTIAL, REPORTED.key)}
        for month in REPORTED.months:
            receive_month(settings, team, tree, month)
            if month == REPORTED.months[0]:
                compute_history(settings)
        report(team, anna, bertil, known)
    show(settings)
    say(
        f"\nKlart på {time.monotonic() - began:.0f} sekunder. `make up` startar Airflow igen med resultatet att klicka i."
    )


def up(settings: Settings) -> None:
    """Leave database and Airflow running with what is there, and say how to sign in."""
    ensure_database(settings)
    migrate(settings)
    start_mail(settings)
    airflow = scheduler_process.start(settings)
    say(f"Airflow är igång: {airflow.url}")
    for user, password in airflow.passwords.items():
        say(f"  {user:<10} {password}")
    say("`make down` stoppar allt.")


def down(settings: Settings) -> None:
    """Stop Airflow and the embedded database, if they run."""
    stopped = scheduler_process.stop(settings)
    stopped = stop_mail(settings) or stopped
    if settings.database_url is None:
        stopped = server.down(settings.server_root) or stopped
    say("Allt är stoppat." if stopped else "Ingenting var igång.")


def mail_folder(settings: Settings) -> Path:
    """Where the mail server on loopback keeps what it receives."""
    return settings.home / "mail"


def _mail_command(settings: Settings) -> list[str]:
    program = [sys.executable, "-m", "arshjul.delivery.loopback_mail"]
    return [*program, "--folder", str(mail_folder(settings)), "--port", str(settings.smtp_port)]


def _mail_process(settings: Settings) -> int | None:
    """The mail server that ``up`` left running, recognised by its whole command line."""
    wanted = [os.fsencode(part) for part in _mail_command(settings)]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cmdline").read_bytes().split(b"\0")[:-1] == wanted:
                return int(process.name)
        except OSError:
            continue  # it has ended meanwhile, or is somebody else's
    return None


def start_mail(settings: Settings) -> None:
    """Leave a mail server running on loopback, for what is sent while somebody clicks."""
    if _mail_process(settings) is None:
        # By way of a shell that ends at once, so that the server is nobody's child when we have ended too.
        detached = '"$@" </dev/null >/dev/null 2>&1 &'
        subprocess.run(["sh", "-c", detached, "sh", *_mail_command(settings)], start_new_session=True, check=True)


def stop_mail(settings: Settings) -> bool:
    """Stop the mail server that ``up`` left running; say whether there was one."""
    process = _mail_process(settings)
    if process is None:
        return False
    os.kill(process, signal.SIGTERM)
    return True


def prepare(settings: Settings) -> None:
    """Bring the database up with an empty metadata database for Airflow.

    The warehouse is kept: what Airflow remembers can be lost without losing a delivery, a figure or an approval.
    """
    if settings.is_production:
        raise SettingsError("the demo does not run in production")
    if settings.database_url is not None:
        raise SettingsError("the demo empties Airflow's database: it runs on the embedded server only")
    scheduler_process.stop(settings)
    stop_mail(settings)
    ensure_database(settings)
    migrate(settings)
    with server_lock(settings) as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {AIRFLOW} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {AIRFLOW}")


@contextmanager
def running_airflow(settings: Settings) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Airflow for the time of the demo; gives its address and passwords."""
    airflow = scheduler_process.start(settings)
    try:
        yield airflow.url, airflow.passwords
    finally:
        scheduler_process.stop(settings)


def write_deliveries(settings: Settings, year: int = YEAR) -> Path:
    """Write a year of the made-up municipality to a folder of its own."""
    from arshjul.sample import write_sample

    tree = settings.home / "sample" / str(year)
    shutil.rmtree(tree, ignore_errors=True)
    write_sample(tree, year, kommun_orgnr=settings.kommun_orgnr)
    return tree


def receive_month(settings: Settings, team: AirflowApi, tree: Path, month: Month, day: date | None = None) -> Run:
    """Let the senders put a month's files in the landing, and the DAG receive them, today or on a day that is played."""
    for file in sorted(tree.glob(f"*/*_{month.key}.*")):
        folder = settings.landing / file.parent.name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, folder)
    run = team.wait_for_run(team.trigger(MONTHLY, month.key, {"day": day.isoformat()} if day else None), MONTH_SECONDS)
    if run.state != "success":
        raise AirflowApiError(f"{MONTHLY} {month.key} is {run.state}: {failed_tasks(team, run)}")
    with transaction(settings, Role.AUDIT) as connection:
        counts = LEDGER.fetch_one(connection, "lineage/month_summary.sql", period=month.start)
    if counts is not None:
        say(
            f"  {month.title:<14} {counts['received']} leveranser inlästa, {counts['refused']} avvisade, "
            f"{counts['rows_loaded']} rader inlästa, {counts['rows_quarantined']} i karantän"
        )
    return run


def failed_tasks(team: AirflowApi, run: Run) -> str:
    """Name the tasks of a run that failed."""
    return ", ".join(sorted({task for (task, _), state in team.task_states(run).items() if state == "failed"}))


def compute_history(settings: Settings, periods: Sequence[Period] = COMPARED) -> None:
    """Compute what was before, so that there is something to compare with: January's files carry last year's history."""
    from arshjul.indicators.compute import compute

    with transaction(settings, Role.COMPUTE) as connection:
        run_id = start_run(connection, "demo", uuid.uuid4().hex, None, code_version(settings))
    for period in periods:
        with transaction(settings, Role.COMPUTE) as connection:
            compute(connection, settings.include, period, run_id=run_id, helper=connection.engine)


def report(team: AirflowApi, anna: AirflowApi, bertil: AirflowApi, known: set[str]) -> Run:
    """Wait for the tertial to start by itself, let two persons approve, and wait until the board has its report."""
    run = team.wait_for_new_run(TERTIAL, REPORTED.key, 60, known)
    say(f"{REPORTED.title.capitalize()} startade av sig självt när den fjärde månaden var inläst.")
    for person, task_id, what in ((anna, "granska", "granskade"), (bertil, "godkann", "godkände")):
        person.decide(run, task_id, "Godkänn", {"kommentar": ""}, seconds=APPROVAL_SECONDS)
        say(f"  {person.user} {what} paketet")
    run = team.wait_for_run(run, APPROVAL_SECONDS)
    if run.state != "success":
        raise AirflowApiError(f"{TERTIAL} {REPORTED.key} is {run.state}: {failed_tasks(team, run)}")
    return run


def show(settings: Settings) -> None:
    """Tell the key figures, where the report is, who got it, and where one figure comes from."""
    from arshjul.indicators.trace_rows import source_rows
    from arshjul.lineage.trace import figure_evidence, source_files
    from arshjul.lineage.trace_text import trace_text
    from arshjul.reports.facts import Value
    from arshjul.reports.figures import words

    indicators = load_indicators(settings.include)
    with transaction(settings, Role.AUDIT) as ledger, transaction(settings, Role.COMPUTE) as core:
        found = figure_evidence(ledger, TRACED)
        rows = source_rows(core, settings.include, "maluppfyllelse", REPORTED, found.computation.as_of, {})
        sources = source_files(ledger, rows)
    with transaction(settings, Role.REPORT) as connection:
        figures = LEDGER.fetch_all(connection, "report/key_figures.sql", period=REPORTED.key)
    totals = {row["indicator_id"]: row for row in figures}
    say(f"\nNyckeltal, {REPORTED.title}")
    for indicator_id in KEY_FIGURES:
        row, indicator = totals[indicator_id], indicators[indicator_id]
        value = Value(None, None, row["value"], row["observations"], row["is_protected"])
        say(f"  {indicator.title:<38} {words(indicator, value):>6} {indicator.unit}")
    say("\nRapporten")
    if found.publication is not None:
        for file in sorted((settings.packages / found.publication.content_sha256).iterdir()):
            say(f"  {file}")
    say("\nMottagare")
    for receipt in found.receipts:
        say(f"  {receipt.recipient_id:<10} {receipt.channel:<8} {receipt.address}")
    say(f"\nEn siffra, spårad till {len(rows)} rader i {len(sources)} filer; här de första {SHOWN_SOURCES} filerna\n")
    say(trace_text(replace(found, sources=sources[:SHOWN_SOURCES]), indicators["maluppfyllelse"]))
    say(f"\nHela kedjan: .venv/bin/arshjul trace {TRACED}")


if __name__ == "__main__":
    sys.exit(main())
