"""The ledger's second half, read: packages, what was decided about them, publications and receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from arshjul.lineage.statements import LEDGER
from arshjul.periods import Month, Period, first_months

Step = Literal["granskning", "godkannande"]
Decision = Literal["godkand", "avvisad"]
Channel = Literal["e-post", "mapp"]


@dataclass(frozen=True)
class PackageFile:
    """One file of a package.

    Attributes:
        name: File name, without a folder.
        sha256: Hash of the content, 64 hexadecimal digits.
        size_bytes: Size of the content.
        media_type: Such as ``application/pdf``.
    """

    name: str
    sha256: str
    size_bytes: int
    media_type: str


@dataclass(frozen=True)
class Package:
    """A report exactly as it is put up for approval; ``content_sha256`` is the hash of its manifest."""

    package_id: int
    run_id: int
    report_id: str
    period: str
    as_of: datetime
    computation_id: int
    content_sha256: str
    files: tuple[PackageFile, ...]
    prepared_by: str
    frozen_at: datetime


@dataclass(frozen=True)
class Approval:
    """What one person decided about one package."""

    approval_id: int
    package_id: int
    content_sha256: str
    step: Step
    person: str
    decision: Decision
    comment: str
    decided_at: datetime


@dataclass(frozen=True)
class Publication:
    """A package that two persons approved and that was released."""

    publication_id: int
    package_id: int
    run_id: int
    report_id: str
    period: str
    content_sha256: str
    published_at: datetime


@dataclass(frozen=True)
class Receipt:
    """One recipient's copy of one publication; ``delivered_at`` is None until the receiving system took over."""

    receipt_id: int
    publication_id: int
    recipient_id: str
    channel: Channel
    address: str
    content_sha256: str
    reference: str
    reserved_at: datetime
    delivered_at: datetime | None


def find_package(connection: Connection, package_id: int) -> Package | None:
    """Give a package by its number, or None."""
    row = LEDGER.fetch_one(connection, "lineage/package.sql", package_id=package_id)
    if row is None:
        return None
    return Package(**{**row, "files": tuple(PackageFile(**file) for file in row["files"])})


def approvals(connection: Connection, package_id: int) -> tuple[Approval, ...]:
    """Give what was decided about a package, in the order it was decided."""
    return tuple(
        Approval(**row) for row in LEDGER.fetch_all(connection, "lineage/approvals.sql", package_id=package_id)
    )


def find_publication(connection: Connection, publication_id: int) -> Publication | None:
    """Give a publication by its number, or None."""
    row = LEDGER.fetch_one(connection, "lineage/publication.sql", publication_id=publication_id)
    return Publication(**row) if row else None


def receipts(connection: Connection, publication_id: int) -> tuple[Receipt, ...]:
    """Give a publication's receipts in the order the copies were reserved."""
    rows = LEDGER.fetch_all(connection, "lineage/receipts.sql", publication_id=publication_id)
    return tuple(Receipt(**row) for row in rows)


def reported_periods(connection: Connection, month: Month) -> tuple[Period, ...]:
    """Give every period that the month is part of and a report of which has been published, the longest last."""
    growing = (first_months(month.year, count) for count in range(month.month, 13))
    holding = sorted({month, month.tertial, *growing}, key=lambda one: len(one.months))
    periods: dict[str, Period] = {one.key: one for one in holding}
    rows = LEDGER.fetch_all(connection, "lineage/reported_periods.sql", periods=list(periods))
    reported = {row["period"] for row in rows}
    return tuple(period for key, period in periods.items() if key in reported)
