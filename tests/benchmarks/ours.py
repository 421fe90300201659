"""Årshjul itself as a contender: ``receive`` with archive, encryption, two clocks, ledger and receipt, and what each costs.

The variants replace a part from outside, in their own process, so that the product needs no switches.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO
from unittest import mock

from sqlalchemy import Connection, event
from tests.benchmarks.attendance import COLUMNS, MONTH, PROVIDER

from arshjul.intake import csv_reader, delivery, processing
from arshjul.intake.delivery import receive
from arshjul.intake.office import Office, open_office
from arshjul.intake.processing import Counts
from arshjul.intake.receipts import Receipt
from arshjul.intake.refusals import ReadLimits
from arshjul.intake.staging import clear_staging
from arshjul.lineage import archive
from arshjul.lineage.archive import Archive, Archived
from arshjul.lineage.ledger import start_run
from arshjul.settings import load_settings
from arshjul.warehouse import statements
from arshjul.warehouse.migrations import migrate

_LIMITS = ReadLimits(csv_bytes=2**31)  # five million rows are more than the line takes in one file


@dataclasses.dataclass(frozen=True)
class _Landed:
    """A file to receive."""

    path: Path
    sender: str | None = None
    channel: str = "kommandorad"


@contextmanager
def opened(home: Path, url: str) -> Iterator[tuple[Office, int]]:
    """Open an office in a home and a database, and begin a run."""
    settings = load_settings({"ARSHJUL_HOME": str(home), "ARSHJUL_DATABASE_URL": url})
    with open_office(settings, _LIMITS) as office:
        with office.engine.begin() as connection:
            run_id = start_run(connection, "cli", uuid.uuid4().hex, None, "bench")
        yield office, run_id


def prepare(home: Path, url: str, files: list[Path]) -> None:
    """Migrate a database and deliver files to it.

    Raises:
        RuntimeError: A file was refused, or a row of it.
    """
    migrate(load_settings({"ARSHJUL_HOME": str(home), "ARSHJUL_DATABASE_URL": url}))
    with opened(home, url) as (office, run_id):
        for file in files:
            receipt = receive(office, _Landed(file), run_id)
            if receipt.status != "mottagen" or receipt.rows_quarantined:
                raise RuntimeError(f"{file.name} was not taken in: {receipt.status}, {receipt.rows_quarantined}")


def run(file: Path, url: str, home: Path, variant: str = "") -> dict[str, Any]:
    """Receive one file.

    Args:
        file: The file.
        url: The warehouse.
        home: Where the archive, the keys and the receipts are.
        variant: A part that is taken away: one of :data:`VARIANTS`, or nothing.
    """
    with opened(home, url) as (office, run_id):
        _warm_up(office, run_id, home)
        with _timed_stages(office) as stages:
            office = VARIANTS[variant](office, file) if variant else office
            start = time.perf_counter()
            receipt = receive(office, _Landed(file), run_id)
            seconds = time.perf_counter() - start
    return {"seconds": seconds, "stages": stages, "receipt": _counts(receipt)}


def pass_gate(home: Path, url: str) -> None:
    """Empty staging of the month, as the monthly run does when the gate has let it through."""
    with opened(home, url) as (office, _), office.engine.begin() as connection:
        clear_staging(connection, office.statements, office.contracts.values(), date.fromisoformat(f"{MONTH}-01"))


def _warm_up(office: Office, run_id: int, folder: Path) -> None:
    """Receive a file with one bad row: what a process does once (imports, templates, connections) is not a file's cost."""
    file = folder / f"narvaro_{PROVIDER}_2026-02.csv"
    file.write_text(f"{';'.join(COLUMNS)}\nE;2026-02-02;8;8;\n", encoding="utf-8")
    receive(office, _Landed(file), run_id)


def _counts(receipt: Receipt) -> dict[str, Any]:
    return {
        "status": receipt.status,
        "in": receipt.rows_in,
        "loaded": receipt.rows_loaded,
        "unchanged": receipt.rows_unchanged,
        "quarantined": receipt.rows_quarantined,
    }


@contextmanager
def _timed_stages(office: Office) -> Iterator[dict[str, float]]:
    """Time every statement by its first line, and the steps that are not statements."""
    stages: dict[str, float] = defaultdict(float)

    def timed(name: str, what: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            start = time.perf_counter()
            try:
                return what(*args, **kwargs)
            finally:
                stages[name] += time.perf_counter() - start

        return wrapper

    execute = statements._run

    def run_statement(connection: Connection, sql: str, name: str, params: dict[str, Any]) -> Any:
        return timed(name, execute)(connection, sql, name, params)

    began = 0.0

    def begin_commit(_: Connection) -> None:
        nonlocal began
        began = time.perf_counter()

    def end_commit(*_: object) -> None:
        stages["COMMIT"] += time.perf_counter() - began

    event.listen(office.engine, "commit", begin_commit)
    event.listen(office.engine.pool, "checkin", end_commit)
    with (
        mock.patch.object(statements, "_run", run_statement),
        mock.patch.object(Archive, "store", timed("ARCHIVE", Archive.store)),
        mock.patch.object(csv_reader, "examine_text", timed("LOOK THROUGH", csv_reader.examine_text)),
        mock.patch.object(processing, "load_rows", timed("COPY", processing.load_rows)),
        mock.patch.object(delivery, "write_receipt", timed("RECEIPT", delivery.write_receipt)),
    ):
        yield stages


class _Clear:
    """A cipher that hides nothing, with tags as long as the real one's."""

    def __init__(self, key: bytes) -> None:
        pass

    def encrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        return bytes(data) + bytes(16)

    def decrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        return data[:-16]


class _NoArchive:
    """What only knows the hash of a file and reads it where it lies."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def store(self, source: BinaryIO, limit_bytes: int) -> Archived:
        digest, size = hashlib.sha256(), 0
        while chunk := source.read(1 << 20):
            digest.update(chunk)
            size += len(chunk)
        return Archived(digest.hexdigest(), size)

    def holds(self, sha256: str) -> bool:
        return True

    def open(self, sha256: str) -> io.BufferedReader:
        return self._file.open("rb")


def _unencrypted(office: Office, file: Path) -> Office:
    archive._cipher = _Clear  # type: ignore[assignment]
    return dataclasses.replace(office, archive=Archive(office.settings.archive.with_name("clear"), b""))


def _unarchived(office: Office, file: Path) -> Office:
    return dataclasses.replace(office, archive=_NoArchive(file))  # type: ignore[arg-type]


def _without_history(office: Office, file: Path) -> Office:
    """Put the good rows in a table with its key and nothing of two clocks."""
    sql = (
        "-- Insert the good rows into a table without history.\n"
        "INSERT INTO bench.narvaro SELECT insats_id, datum, planerade_timmar, narvarande_timmar, franvaroorsak, "
        "delivery_id, row_no FROM staging.narvaro WHERE reasons = 0 AND delivery_id = :delivery_id"
    )

    def load(office: Office, connection: Connection, about: object, delivery_id: int, rows_in: int) -> Counts:
        loaded = statements.execute_text(connection, sql, delivery_id=delivery_id)
        return Counts(rows_in, loaded, 0, rows_in - loaded)

    processing._load = load
    return office


VARIANTS: dict[str, Callable[[Office, Path], Office]] = {
    "unencrypted": _unencrypted,
    "unarchived": _unarchived,
    "without_history": _without_history,
}
