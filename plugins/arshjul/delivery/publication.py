"""Release: an approved package becomes a publication, its figures are frozen, and its evidence is written beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from arshjul.catalogue.signatories import SIGNATORIES
from arshjul.delivery.correction import record_correction
from arshjul.delivery.folders import place_file
from arshjul.delivery.package import EVIDENCE, check_package_bytes, load_package, package_folder
from arshjul.lineage.chain import export_segment
from arshjul.lineage.ledger import CheckRun, deciding_check_runs
from arshjul.lineage.releases import Package, Publication, approvals, find_publication
from arshjul.lineage.statements import LEDGER
from arshjul.settings import Settings
from arshjul.warehouse.errors import WarehouseError

EVIDENCE_FORMAT = "arshjul-bevis/1"


class PublicationRefused(RuntimeError):
    """The package may not be released; the message is a Swedish sentence.

    Attributes:
        code: The database's code (``AJ020``–``AJ024``), or ``siffror`` when a figure has no value to freeze.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Figure:
    """One figure that readers see.

    Attributes:
        figure_id: Its name, such as ``maluppfyllelse/2026-T1/insatstyp=jobbpeng_grund``.
        indicator_id: The indicator.
        cell: Breakdown to code; empty for the total.
    """

    figure_id: str
    indicator_id: str
    cell: Mapping[str, str]


def publish(
    settings: Settings,
    connection: Connection,
    package_id: int,
    figures: Iterable[Figure],
    run_id: int,
    protection_id: int | None = None,
    causes: Sequence[str] = (),
) -> int:
    """Release an approved package. Releasing it again gives the same publication and changes nothing.

    Where the report and period have been published before, the ledger keeps that this one replaces the newest of those, and
    what has changed.

    Args:
        settings: Where packages are kept.
        connection: Inside a transaction: publication and figures are committed together.
        package_id: The package; every byte is hashed again first.
        figures: What readers see of its computation; the values are copied inside the database, from its public table.
        run_id: The run that releases it.
        protection_id: Whose public table; the newest of the package's computation when not given.
        causes: Why figures have changed since it was published before, where that is known, in words.

    Returns:
        The number of the publication.

    Raises:
        PackageError: The package is not what was frozen.
        PublicationRefused: Two approvals or the quality gate are missing, or a figure has no value.
    """
    package = load_package(connection, package_id)
    check_package_bytes(settings, package)
    try:
        publication_id = LEDGER.fetch_value(
            connection,
            "published/insert_publication.sql",
            package_id=package_id,
            run_id=run_id,
            content_sha256=package.content_sha256,
        )
    except WarehouseError as error:
        if error.sqlstate.startswith("AJ"):
            raise PublicationRefused(error.sqlstate, error.message) from None
        raise
    if publication_id is None:
        return int(LEDGER.fetch_value(connection, "published/find_publication.sql", package_id=package_id))
    _freeze_figures(connection, package, int(publication_id), tuple(figures), protection_id)
    record_correction(connection, int(publication_id), run_id, causes)
    return int(publication_id)


def _freeze_figures(
    connection: Connection,
    package: Package,
    publication_id: int,
    figures: tuple[Figure, ...],
    protection_id: int | None,
) -> None:
    named = [{"figure_id": one.figure_id, "indicator_id": one.indicator_id, "cell": dict(one.cell)} for one in figures]
    frozen = LEDGER.execute(
        connection,
        "published/insert_figures.sql",
        publication_id=publication_id,
        computation_id=package.computation_id,
        protection_id=protection_id,
        figures=json.dumps(named),
    )
    if frozen != len(figures):
        raise PublicationRefused(
            "siffror",
            f"{len(figures) - frozen} av rapportens siffror finns inte i den beräkning som paketet bygger på.",
        )


def write_evidence(settings: Settings, connection: Connection, publication_id: int) -> Path:
    """Write ``bevis.json`` beside the package's files: who approved, what was checked, and the log that proves it.

    Only rows of the log that concern this package carry their data; the others go along as hashes, since the chain
    needs them and their content is no business of the reader's. Writing it again gives the same bytes, until the board
    decides about the publication, or it is replaced or recalled.

    Args:
        settings: Where packages are kept.
        connection: After the publication was committed; else the evidence could outlive it.
        publication_id: The publication.

    Returns:
        The file.

    Raises:
        PublicationRefused: There is no such publication.
    """
    publication = find_publication(connection, publication_id)
    if publication is None:
        raise PublicationRefused("saknas", "Publiceringen finns inte.")
    package = load_package(connection, publication.package_id)
    path = package_folder(settings, publication.content_sha256) / EVIDENCE
    content = (json.dumps(_evidence(connection, package, publication), ensure_ascii=False, indent=2) + "\n").encode()
    if not path.exists() or path.read_bytes() != content:
        place_file(path, content)
    return path


def _evidence(connection: Connection, package: Package, publication: Publication) -> dict[str, Any]:
    [events] = LEDGER.fetch_all(
        connection,
        "lineage/publication_events.sql",
        package_id=package.package_id,
        publication_id=publication.publication_id,
    )
    entries = export_segment(
        connection, events["first_seq"], events["last_seq"], lambda row: _concerns(row, package, publication)
    )
    made = approvals(connection, package.package_id)
    later = LEDGER.fetch_all(connection, "lineage/later_events.sql", publication_id=publication.publication_id)
    return {
        "format": EVIDENCE_FORMAT,
        "publication": _plain(asdict(publication)),
        "approvals": [_plain(asdict(approval)) for approval in made],
        "signatories": [
            {"step": one.step, "name": approval.person, "title": one.title, "unit": one.unit}
            for one in SIGNATORIES
            for approval in made
            if approval.step == one.step
        ],
        "checks": [
            _summary(run) for run in deciding_check_runs(connection, package.computation_id, publication.published_at)
        ],
        "checkpoint": {name: entries[-1][name] for name in ("seq", "at", "hash")},
        "chain": entries,
        # What happened afterwards stands on its own, each row sealed: the rows between are no business of the reader's.
        "later": [entry for row in later for entry in export_segment(connection, row["seq"], row["seq"])],
    }


def _concerns(row: Mapping[str, Any], package: Package, publication: Publication) -> bool:
    table, data = row["event"].partition(".")[0], json.loads(row["data"])
    if table in ("package", "approval"):
        return bool(data["package_id"] == package.package_id)
    return table in ("publication", "figure") and bool(data["publication_id"] == publication.publication_id)


def _summary(run: CheckRun) -> dict[str, Any]:
    """What a reader outside needs of a check run: how it went, what did not hold, and why that was let pass."""
    return {
        "stage": run.stage,
        "checked_at": _time(run.checked_at),
        "outcome": run.outcome,
        "checks": len(run.results),
        "broken": [
            {"check_id": one.check_id, "title": one.title, "severity": one.severity, "waiver_reason": one.waiver_reason}
            for one in run.results
            if not one.is_success
        ],
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _time(value) if isinstance(value, datetime) else value for name, value in row.items()}


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
