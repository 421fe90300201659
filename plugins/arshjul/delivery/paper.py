"""Working papers: frozen and handed over like a package, but they stay in the house and nobody approves them.

Source: BIN 2016-134, 5.2 (a pack before every visit); facts/privacy.md §1 (its figures are public values all the same).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from arshjul.catalogue.recipients import Recipient
from arshjul.delivery import channels
from arshjul.delivery.folders import place_folder
from arshjul.delivery.mail import DeliveryError, refuse_made_up
from arshjul.delivery.package import MANIFEST, PackageError, listed_files, manifest_bytes, package_folder, sha256
from arshjul.lineage.releases import Channel, PackageFile
from arshjul.lineage.statements import LEDGER
from arshjul.settings import Settings

PAPER_FORMAT = "arshjul-arbetsmaterial/1"


@dataclass(frozen=True)
class Paper:
    """A working paper exactly as it was made; ``content_sha256`` is the hash of its manifest."""

    paper_id: int
    report_id: str
    period: str
    subject: str
    content_sha256: str
    files: tuple[PackageFile, ...]


@dataclass(frozen=True)
class _Copy:
    paper_receipt_id: int
    channel: Channel
    address: str
    reference: str
    reserved_at: datetime
    delivered_at: datetime | None


def freeze_paper(
    settings: Settings,
    connection: Connection,
    *,
    report_id: str,
    period: str,
    subject: str,
    as_of: datetime,
    computation_id: int,
    protection_id: int,
    files: Mapping[str, bytes],
    run_id: int,
) -> Paper:
    """Freeze a working paper: its files on disk, its row in the ledger. The same content again gives the same paper.

    Args:
        settings: Where packages and papers are kept.
        connection: Under the role that publishes, inside a transaction.
        report_id: Which kind of paper.
        period: Key of the period its figures are about.
        subject: Whom or what it is about; empty when it is about all.
        as_of: What was known.
        computation_id: The computation its figures come from.
        protection_id: Their public table.
        files: File name to content.
        run_id: The run that made it.

    Raises:
        PackageError: A file's name or type is not allowed.
    """
    listed = [asdict(file) for file in listed_files(files)]
    manifest = manifest_bytes(
        {
            "format": PAPER_FORMAT,
            "report": report_id,
            "period": period,
            "subject": subject,
            "as_of": as_of.astimezone(UTC).isoformat(timespec="microseconds"),
            "computation": computation_id,
            "protection": protection_id,
            "files": listed,
        }
    )
    content_sha256 = sha256(manifest)
    place_folder(package_folder(settings, content_sha256), {**files, MANIFEST: manifest})
    LEDGER.execute(
        connection,
        "delivery/insert_paper.sql",
        run_id=run_id,
        report_id=report_id,
        period=period,
        subject=subject,
        as_of=as_of,
        computation_id=computation_id,
        protection_id=protection_id,
        content_sha256=content_sha256,
        files=json.dumps(listed),
    )
    row = LEDGER.fetch_one(connection, "delivery/find_paper.sql", content_sha256=content_sha256, paper_id=None)
    return _paper(row)


def deliver_paper(settings: Settings, engine: Engine, paper_id: int, recipient: Recipient) -> str:
    """Hand a working paper over to a reader in the house, once; return the copy's reference.

    As :func:`arshjul.delivery.sending.deliver`: reserved, handed over and marked, so that it is sent once.

    Args:
        settings: Where papers, outbox and mail server are.
        engine: Under the role that publishes.
        paper_id: The paper.
        recipient: From the catalogue; must get papers of this kind.

    Raises:
        PackageError: A file is missing or changed.
        DeliveryError: There is no such paper, it is not for this reader, its address is the demo's, in production, or the
            receiving system did not take it.
    """
    refuse_made_up(settings, recipient.title, recipient.address)
    with engine.begin() as connection:
        row = LEDGER.fetch_one(connection, "delivery/find_paper.sql", paper_id=paper_id, content_sha256=None)
        if row is None or row["report_id"] not in recipient.reports:
            raise DeliveryError(f"Mottagaren {recipient.id} ska inte ha det här arbetsmaterialet.")
        paper = _paper(row)
        LEDGER.execute(
            connection,
            "delivery/insert_paper_receipt.sql",
            paper_id=paper_id,
            recipient_id=recipient.id,
            channel=recipient.channel,
            address=recipient.address,
            reference=channels.reference_for(settings, paper, recipient),
        )
    with engine.begin() as connection:
        [locked] = LEDGER.fetch_all(
            connection,
            "delivery/lock_paper_receipt.sql",
            paper_id=paper_id,
            recipient_id=recipient.id,
            channel=recipient.channel,
        )
        copy = _Copy(**locked)
        if copy.delivered_at is None:
            channels.hand_over(settings, copy, paper, _content(settings, paper), None, channels.WORKING_PAPER)
            LEDGER.execute(connection, "delivery/mark_paper_delivered.sql", paper_receipt_id=copy.paper_receipt_id)
        return copy.reference


def _paper(row: Any) -> Paper:
    return Paper(**{**row, "files": tuple(PackageFile(**file) for file in row["files"])})


def _content(settings: Settings, paper: Paper) -> dict[str, bytes]:
    """Read the paper's files and hash them again: what is handed over is what was frozen."""
    folder = package_folder(settings, paper.content_sha256)
    try:
        content = {name: (folder / name).read_bytes() for name in (MANIFEST, *(file.name for file in paper.files))}
    except OSError:
        raise PackageError("En av arbetsmaterialets filer går inte att läsa.") from None
    hashes = {file.name: file.sha256 for file in paper.files} | {MANIFEST: paper.content_sha256}
    if changed := [name for name, data in content.items() if sha256(data) != hashes[name]]:
        raise PackageError(f"Arbetsmaterialets fil {changed[0]} är ändrad sedan den frystes.")
    return content
