"""The ledger's first half: runs, check runs, waivers. Packages and what follows: :mod:`arshjul.lineage.releases`.

Every function works inside the caller's transaction. A row written here is sealed in the hash-chained log by a trigger
that keeps all other writers waiting until the commit: so write late in a transaction, and commit soon.
"""

from __future__ import annotations

import json
import subprocess
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from sqlalchemy import Connection

from arshjul.lineage.statements import LEDGER
from arshjul.settings import REPOSITORY, Settings
from arshjul.warehouse.errors import WarehouseError

Stage = Literal["staging", "core", "indicator"]
Severity = Literal["stopp", "varning"]
Outcome = Literal["godkand", "varning", "stopp"]


class WaiverRefused(ValueError):
    """The waiver cannot be granted; the message is a Swedish sentence."""


@dataclass(frozen=True)
class CheckResult:
    """The outcome of one check: counts only, never a value.

    Attributes:
        check_id: The check, as the catalogue names it.
        title: What holds when the check holds, in Swedish.
        severity: ``stopp`` or ``varning``.
        is_success: The check held.
        action: What to do when it does not, in Swedish.
        evaluated: Rows looked at, where they can be counted.
        unexpected: Rows that broke the check, where they can be counted.
        waiver_id: The waiver that lets a broken stop pass.
        waiver_reason: The waiver's reason; read, not written.
    """

    check_id: str
    title: str
    severity: Severity
    is_success: bool
    action: str
    evaluated: int | None = None
    unexpected: int | None = None
    waiver_id: int | None = None
    waiver_reason: str | None = None

    @property
    def stops(self) -> bool:
        """A broken stop that nobody has waived."""
        return self.severity == "stopp" and not self.is_success and self.waiver_id is None


@dataclass(frozen=True)
class CheckRun:
    """One time a suite was run, with its results in the order of the checks' ids."""

    check_run_id: int
    run_id: int
    stage: Stage
    period: str
    as_of: datetime | None
    computation_id: int | None
    checked_at: datetime
    outcome: Outcome
    data_docs: str | None
    results: tuple[CheckResult, ...]


@dataclass(frozen=True)
class Waiver:
    """A stop that two persons let pass for one period, for a time and for a reason printed beside the figure."""

    waiver_id: int
    check_id: str
    period: str
    reason: str
    valid_until: date
    requested_by: str
    requested_at: datetime
    approved_by: str
    approved_at: datetime


def code_version(settings: Settings) -> str:
    """Say which code is running.

    Args:
        settings: May name the version; that wins.

    Returns:
        The named version, else git's commit (with ``-dirty`` when a tracked file was changed), else the version of the
        installed package. A missing git is no error.
    """
    if settings.code_version:
        return settings.code_version
    if (REPOSITORY / ".git").exists():
        try:
            described = subprocess.run(
                ["git", "-C", str(REPOSITORY), "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty"],
                capture_output=True,
                text=True,
                check=True,
                timeout=30,
            )
            return described.stdout.strip()
        except (OSError, subprocess.SubprocessError):
            pass  # no git here, or a repository it will not read: the package's version is what is left to say
    try:
        return version("arshjul")
    except PackageNotFoundError:
        return "okänd"


def start_run(connection: Connection, dag_id: str, dag_run_id: str, period: str | None, code_version: str) -> int:
    """Give the number of a run, beginning it if this is the first that is heard of it.

    Args:
        connection: Inside a transaction; commit it soon, a new run locks the log.
        dag_id: Airflow's DAG id, or ``cli``.
        dag_run_id: Airflow's run id, or a unique id of the command.
        period: Key of the period the run is about, if any; kept from the first call.
        code_version: From :func:`code_version`; kept from the first call.
    """
    names = {"dag_id": dag_id, "dag_run_id": dag_run_id}
    run_id = LEDGER.fetch_value(connection, "lineage/find_run.sql", **names)
    if run_id is None:
        LEDGER.execute(connection, "lineage/insert_run.sql", **names, period=period, code_version=code_version)
        run_id = LEDGER.fetch_value(connection, "lineage/find_run.sql", **names)
    return int(run_id)


def outcome_of(results: Iterable[CheckResult]) -> Outcome:
    """Sum up: ``stopp`` when a stop is broken and not waived, ``varning`` when anything else is broken."""
    broken = [result for result in results if not result.is_success]
    if any(result.stops for result in broken):
        return "stopp"
    return "varning" if broken else "godkand"


def record_check_run(
    connection: Connection,
    *,
    run_id: int,
    stage: Stage,
    period: str,
    results: Iterable[CheckResult],
    as_of: datetime | None = None,
    computation_id: int | None = None,
    data_docs: str | None = None,
) -> int:
    """Record that a suite was run, with every result.

    Args:
        connection: Inside a transaction.
        run_id: The run it belongs to.
        stage: Which tables were checked.
        period: Key of the period that was checked.
        results: One for each check.
        as_of: Point of knowledge that was checked. A stop of stage ``core`` at a computation's period and ``as_of``
            also stops its publication.
        computation_id: The computation that was checked; needed for stage ``indicator``.
        data_docs: Where the readable result lies, relative to the folder of Data Docs.

    Returns:
        The number of the check run.

    Raises:
        WarehouseError: A waiver is for another check, or lets something pass that is no broken stop.
    """
    results = tuple(results)
    check_run_id = LEDGER.fetch_value(
        connection,
        "lineage/insert_check_run.sql",
        run_id=run_id,
        stage=stage,
        period=period,
        as_of=as_of,
        computation_id=computation_id,
        outcome=outcome_of(results),
        data_docs=data_docs,
    )
    rows = json.dumps([asdict(result) for result in results])
    LEDGER.execute(connection, "lineage/insert_check_results.sql", check_run_id=check_run_id, results=rows)
    return int(check_run_id)


def deciding_check_runs(
    connection: Connection, computation_id: int, until: datetime | None = None
) -> tuple[CheckRun, ...]:
    """Give the newest check run of each stage that decides whether a computation may be published.

    Args:
        connection: Any.
        computation_id: The computation.
        until: Only check runs up to this time; all by default.
    """
    runs = LEDGER.fetch_all(connection, "lineage/deciding_check_runs.sql", computation_id=computation_id, until=until)
    return tuple(CheckRun(**run, results=check_results(connection, run["check_run_id"])) for run in runs)


def check_results(connection: Connection, check_run_id: int) -> tuple[CheckResult, ...]:
    """Give the results of one check run in the order of the checks' ids."""
    rows = LEDGER.fetch_all(connection, "lineage/check_results.sql", check_run_id=check_run_id)
    return tuple(CheckResult(**row) for row in rows)


def person_name(name: str) -> str:
    """Write a user name in the one way the ledger knows it, so that one person is never taken for two."""
    return unicodedata.normalize("NFC", name).strip()


_WAIVER_REFUSALS = {
    "waiver_needs_two_persons": "Undantaget måste godkännas av någon annan än den som begär det.",
    "waiver_ends": "Undantagets slutdatum har redan passerat.",
    "waiver_reason_check": "Undantaget behöver ett skäl på minst tio tecken.",
    "person_check": "Undantaget behöver namn på den som begär det och den som godkänner det.",
}


def grant_waiver(
    connection: Connection,
    *,
    check_id: str,
    period: str,
    reason: str,
    valid_until: date,
    requested_by: str,
    approved_by: str,
) -> int:
    """Let a stop pass for one period.

    Args:
        connection: Inside a transaction.
        check_id: The check that is waived.
        period: Key of the period it is waived for.
        reason: Why, at least ten characters; it is printed beside the figure.
        valid_until: Last day it applies.
        requested_by: Who asks for it.
        approved_by: The second person.

    Returns:
        The number of the waiver.

    Raises:
        WaiverRefused: One and the same person, no reason, no name, or an end that has passed.
    """
    try:
        waiver_id = LEDGER.fetch_value(
            connection,
            "lineage/insert_waiver.sql",
            check_id=check_id,
            period=period,
            reason=reason,
            valid_until=valid_until,
            requested_by=person_name(requested_by),
            approved_by=person_name(approved_by),
        )
    except WarehouseError as error:
        if sentence := _WAIVER_REFUSALS.get(error.constraint_name or ""):
            raise WaiverRefused(sentence) from None
        raise
    return int(waiver_id)


def valid_waiver(connection: Connection, check_id: str, period: str, on_date: date) -> Waiver | None:
    """Give the waiver that lets a check pass for a period on a day, or None; of several the one that lasts longest."""
    row = LEDGER.fetch_one(connection, "lineage/valid_waiver.sql", check_id=check_id, period=period, on_date=on_date)
    return Waiver(**row) if row else None
