"""The two ways a publication is handed over: a folder that the recipient's own system reads, and e-mail.

Both are built so that the same hand-over twice is one delivery: the folder has a name of its own and appears in one
step; the e-mail has the same Message-ID, and the same bytes, every time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from arshjul.catalogue.letters import plain_text
from arshjul.catalogue.recipients import Recipient
from arshjul.catalogue.report_titles import REPORT_TITLES
from arshjul.delivery.folders import place_folder
from arshjul.delivery.mail import DeliveryError, compose_mail, send_mail
from arshjul.delivery.package import CORRECTION_LETTER, EVIDENCE
from arshjul.lineage.releases import Channel, PackageFile
from arshjul.periods import parse_period
from arshjul.settings import Settings

PUBLISHED, WORKING_PAPER, CORRECTED = "leverans.txt.j2", "arbetsmaterial.txt.j2", "rattelse.txt.j2"
_FOLDER = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
_FILE_WORDS = {
    "text/html": "rapporten som webbsida",
    "application/pdf": "rapporten som PDF",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "tabeller som Excel-fil",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "rapporten som Word-fil",
    "text/csv": "siffror som CSV-fil",
    "application/json": "siffror och uppgifter som JSON",
}


class Frozen(Protocol):
    """What is handed over: a package, a publication of one, or a working paper."""

    @property
    def report_id(self) -> str:
        """Which report."""

    @property
    def period(self) -> str:
        """Key of the period it is about."""

    @property
    def content_sha256(self) -> str:
        """The hash that stands for every byte."""


class FrozenFiles(Frozen, Protocol):
    """What is handed over, with its files."""

    @property
    def files(self) -> tuple[PackageFile, ...]:
        """Every file."""


class Copy(Protocol):
    """One reader's copy of it."""

    @property
    def channel(self) -> Channel:
        """How it is handed over."""

    @property
    def address(self) -> str:
        """To where."""

    @property
    def reference(self) -> str:
        """Under which name."""

    @property
    def reserved_at(self) -> datetime:
        """When sending was begun."""


def reference_for(settings: Settings, publication: Frozen, recipient: Recipient) -> str:
    """Name a hand-over: Message-ID or folder. The same content to the same recipient always has the same name."""
    if recipient.channel == "mapp":
        return f"{publication.period}-{publication.report_id}-{publication.content_sha256[:12]}"
    digest = hashlib.sha256(f"{publication.content_sha256}\n{recipient.id}".encode()).hexdigest()
    return f"<{digest[:40]}@{settings.smtp_sender.rpartition('@')[2]}>"


def hand_over(
    settings: Settings,
    receipt: Copy,
    package: FrozenFiles,
    content: Mapping[str, bytes],
    evidence: bytes | None,
    template: str = PUBLISHED,
    told: Mapping[str, str] | None = None,
) -> None:
    """Hand something over by the receipt's channel; returns when the receiving system has taken over.

    Args:
        settings: Outbox and mail server.
        receipt: Says to whom, how, and under which name.
        package: What is handed over.
        content: The package's bytes, just hashed.
        evidence: ``bevis.json``; goes along into a folder, where there is any. An e-mail carries only what was approved.
        template: The e-mail's text; that of a correction goes along into a folder as well.
        told: What the template uses beside what every one does.

    Raises:
        DeliveryError: The receiving system did not take it.
    """
    if receipt.channel == "mapp":
        beside = {EVIDENCE: evidence} if evidence is not None else {}
        if template == CORRECTED:
            beside[CORRECTION_LETTER] = _text(settings, package, template, told).encode()
        _into_folder(settings.outbox, receipt, {**content, **beside})
    else:
        send_mail(settings, compose(settings, receipt, package, content, template, told))


def _into_folder(outbox: Path, receipt: Copy, files: Mapping[str, bytes]) -> None:
    target = folder_of(outbox, receipt.address, receipt.reference)
    if place_folder(target, files):
        return
    # The evidence may have grown since a sender that was killed put the folder there: a decision has been recorded, say.
    lying = {path.name: path.read_bytes() for path in target.iterdir() if path.name != EVIDENCE}
    if lying != {name: content for name, content in files.items() if name != EVIDENCE}:
        raise DeliveryError("I mottagarens mapp ligger redan en leverans med samma namn men annat innehåll.")


def folder_of(outbox: Path, address: str, reference: str) -> Path:
    """Where a copy lies in the outbox.

    Raises:
        DeliveryError: The address could lead out of the outbox.
    """
    if not _FOLDER.fullmatch(address):
        raise DeliveryError("Mottagarens mapp får bara heta något med a–z, siffror och bindestreck.")
    return outbox / address / reference


def compose(
    settings: Settings,
    receipt: Copy,
    package: FrozenFiles,
    content: Mapping[str, bytes],
    template: str = PUBLISHED,
    told: Mapping[str, str] | None = None,
) -> EmailMessage:
    """Write the e-mail: short text, the package's files byte for byte. The same arguments give the same bytes.

    Args:
        settings: Sender, municipality, contact, templates.
        receipt: Address, Message-ID and, as the date, the time the copy was reserved.
        package: What is handed over.
        content: File name to content, the manifest included.
        template: The e-mail's text.
        told: What the template uses beside what every one does.
    """
    message = compose_mail(
        settings,
        _text(settings, package, template, told),
        to=receipt.address,
        reference=receipt.reference,
        begun=receipt.reserved_at,
    )
    media_types = {file.name: file.media_type for file in package.files}
    for name, data in content.items():
        kind, _, subtype = media_types.get(name, "application/json").partition("/")
        message.add_attachment(data, kind, subtype, filename=name, cte="base64")
    message.set_boundary(f"arshjul-{package.content_sha256[:40]}")
    return message


def _text(settings: Settings, package: FrozenFiles, template: str, told: Mapping[str, str] | None) -> str:
    return plain_text(
        settings.include,
        template,
        **(told or {}),
        rapport=REPORT_TITLES[package.report_id],
        period=parse_period(package.period).title,
        kommun=settings.kommun_namn,
        filer=[{"name": file.name, "beskrivning": _FILE_WORDS[file.media_type]} for file in package.files],
        content_sha256=package.content_sha256,
        kontakt=settings.data_team_email,
    )
