"""The package: a report frozen exactly as it is put up for approval.

A package is a folder named by its content hash. ``manifest.json`` lists every file with its hash and says what the
report is made from; the manifest's own SHA-256 *is* the content hash, so one number stands for every byte. It holds no
time of day, so that the same report made again from the same computation is the same package.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from arshjul.delivery.folders import place_folder
from arshjul.lineage.ledger import person_name
from arshjul.lineage.releases import Package, PackageFile, find_package
from arshjul.lineage.statements import LEDGER
from arshjul.settings import Settings

MANIFEST = "manifest.json"
EVIDENCE = "bevis.json"
CORRECTION_LETTER, RECALL_LETTER = "RÄTTELSE.txt", "ÅTERKALLAD.txt"
"""Letters that lie beside a package in a reader's folder; they are no part of what was approved."""

MANIFEST_FORMAT = "arshjul-paket/1"

MEDIA_TYPES = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".csv": "text/csv",
    ".json": "application/json",
}
"""What a package may hold. A new table format is a new way around disclosure control: decide before adding one."""

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,139}", re.ASCII)


class PackageError(RuntimeError):
    """The package cannot be frozen, or is no longer what was frozen; the message is a Swedish sentence."""


def freeze(
    settings: Settings,
    connection: Connection,
    *,
    report_id: str,
    period: str,
    computation_id: int,
    as_of: datetime,
    files: Mapping[str, bytes],
    prepared_by: str,
    run_id: int,
) -> Package:
    """Freeze a report: its files on disk, its row in the ledger. The same content again gives the same package.

    Args:
        settings: Where packages are kept.
        connection: Inside a transaction.
        report_id: Which report, such as ``tertialrapport``.
        period: Key of the period it reports.
        computation_id: The computation its figures come from.
        as_of: What was known; the computation's own.
        files: File name to content; types in :data:`MEDIA_TYPES` only.
        prepared_by: Who or what made it; may not approve it.
        run_id: The run that made it.

    Raises:
        PackageError: A file's name or type is not allowed, the computation is of another period or point of knowledge,
            or the folder on disk holds something else.
    """
    listed = listed_files(files)
    sources = LEDGER.fetch_one(connection, "delivery/package_sources.sql", computation_id=computation_id, run_id=run_id)
    if sources is None or (sources["period"], sources["as_of"]) != (period, as_of):
        raise PackageError("Paketets siffror hör inte till den period och den kunskapstidpunkt som rapporten anger.")
    manifest = manifest_bytes(
        {
            "format": MANIFEST_FORMAT,
            "report": report_id,
            "period": period,
            "as_of": as_of.astimezone(UTC).isoformat(timespec="microseconds"),
            "computation": computation_id,
            "catalogue_sha256": sources["catalogue_sha256"],
            "code_version": sources["code_version"],
            "files": [asdict(file) for file in listed],
        }
    )
    content_sha256 = sha256(manifest)
    place_folder(package_folder(settings, content_sha256), {**files, MANIFEST: manifest})
    LEDGER.execute(
        connection,
        "delivery/insert_package.sql",
        run_id=run_id,
        report_id=report_id,
        period=period,
        as_of=as_of,
        computation_id=computation_id,
        content_sha256=content_sha256,
        files=json.dumps([asdict(file) for file in listed]),
        prepared_by=person_name(prepared_by),
    )
    package_id = LEDGER.fetch_value(connection, "delivery/find_package.sql", content_sha256=content_sha256)
    package = load_package(connection, int(package_id))
    check_package_bytes(settings, package)
    return package


def load_package(connection: Connection, package_id: int) -> Package:
    """Give a package by its number.

    Raises:
        PackageError: There is no such package.
    """
    package = find_package(connection, package_id)
    if package is None:
        raise PackageError("Paketet finns inte.")
    return package


def package_folder(settings: Settings, content_sha256: str) -> Path:
    """Where a package's files lie."""
    return settings.packages / content_sha256


def check_package_bytes(settings: Settings, package: Package) -> dict[str, bytes]:
    """Read a package and hash everything again: what is handed over must be what was approved.

    Args:
        settings: Where packages are kept.
        package: What the ledger says it is.

    Returns:
        File name to content, the manifest first. ``bevis.json`` is not part of the content.

    Raises:
        PackageError: A file is missing, changed, or one too many; the message names it.
    """
    folder = package_folder(settings, package.content_sha256)
    try:
        content = {MANIFEST: (folder / MANIFEST).read_bytes()}
        content |= {file.name: (folder / file.name).read_bytes() for file in package.files}
        present = {path.name for path in folder.iterdir()}
    except OSError as error:
        raise PackageError(f"Paketets fil {Path(error.filename or folder).name} går inte att läsa.") from None
    if sha256(content[MANIFEST]) != package.content_sha256:
        raise PackageError(f"Paketets fil {MANIFEST} är ändrad sedan paketet frystes.")
    if json.loads(content[MANIFEST])["files"] != [asdict(file) for file in package.files]:
        raise PackageError("Paketets filer är inte de som huvudboken anger.")
    for file in package.files:
        if sha256(content[file.name]) != file.sha256:
            raise PackageError(f"Paketets fil {file.name} är ändrad sedan paketet frystes.")
    if extra := sorted(present - set(content) - {EVIDENCE, f".{EVIDENCE}.draft"}):
        raise PackageError(f"Paketets mapp innehåller något som inte hör dit: {', '.join(extra)}.")
    return content


def sha256(content: bytes) -> str:
    """Hash bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def listed_files(files: Mapping[str, bytes]) -> tuple[PackageFile, ...]:
    """List the files by name, and refuse what a package may not hold.

    Raises:
        PackageError: A file's name or type is not allowed.
    """
    if not files:
        raise PackageError("Paketet är tomt.")
    lowered = [name.lower() for name in files]
    for name in files:
        suffix = Path(name).suffix
        if not _FILE_NAME.fullmatch(name) or suffix not in MEDIA_TYPES or name.lower() in (MANIFEST, EVIDENCE):
            raise PackageError(f"Paketet får inte innehålla filen {name!r}: namnet eller filtypen är inte tillåten.")
        if lowered.count(name.lower()) > 1:
            raise PackageError(f"Paketet innehåller två filer som heter {name.lower()}.")
    return tuple(
        PackageFile(name, sha256(files[name]), len(files[name]), MEDIA_TYPES[Path(name).suffix])
        for name in sorted(files)
    )


def manifest_bytes(manifest: dict[str, Any]) -> bytes:
    """Write the manifest in the one way it is written: sorted keys, two blanks, UTF-8, one line break at the end."""
    return (json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()
