"""What has become of a publication since: the board's decision, what replaces it, its recall; and what it replaces itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from arshjul.lineage.statements import LEDGER


@dataclass(frozen=True)
class Standing:
    """What has become of one publication; every field is None where nothing has.

    Attributes:
        decided_on: Day on which the board decided about it.
        paragraph: Of the minutes.
        decision: As the minutes have it.
        replaces_id: The publication it replaces, with its content's hash and when it was published.
        correction_reason: What has changed since that one.
        replaced_by_id: The publication that replaces it, and when that was published.
        replaced_reason: What has changed in that one.
        recalled_at: When its recall was approved.
        recall_reason: Why.
    """

    decided_on: date | None = None
    paragraph: str | None = None
    decision: str | None = None
    replaces_id: int | None = None
    replaces_sha256: str | None = None
    replaces_published_at: datetime | None = None
    correction_reason: str | None = None
    replaced_by_id: int | None = None
    replaced_at: datetime | None = None
    replaced_reason: str | None = None
    recalled_at: datetime | None = None
    recall_reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The standing for machines."""
        return {
            "namndens_beslut": {"datum": _text(self.decided_on), "paragraf": self.paragraph, "beslut": self.decision}
            if self.decided_on
            else None,
            "ersatter": {
                "publicering": self.replaces_id,
                "publicerad": _text(self.replaces_published_at),
                "skal": self.correction_reason,
            }
            if self.replaces_id
            else None,
            "ersatt_av": {
                "publicering": self.replaced_by_id,
                "publicerad": _text(self.replaced_at),
                "skal": self.replaced_reason,
            }
            if self.replaced_by_id
            else None,
            "aterkallad": {"tid": _text(self.recalled_at), "skal": self.recall_reason} if self.recalled_at else None,
        }

    def lines(self) -> Iterator[str]:
        """Tell it in Swedish, a sentence each."""
        if self.decided_on:
            yield f"Nämnden beslutade om den här versionen {self.decided_on}, {self.paragraph}: {self.decision}"
        if self.replaces_published_at:
            yield f"Ersätter versionen av {_day(self.replaces_published_at)}. {self.correction_reason}"
        if self.replaced_at:
            yield f"Ersatt av en ny version {_day(self.replaced_at)}. {self.replaced_reason}"
        if self.recalled_at:
            yield f"Återkallad {_day(self.recalled_at)}. {self.recall_reason}"


def find_standing(connection: Connection, publication_id: int) -> Standing:
    """Read what has become of a publication."""
    row = LEDGER.fetch_one(connection, "lineage/standing.sql", publication_id=publication_id)
    return Standing(**row) if row else Standing()


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo('Europe/Stockholm')):%Y-%m-%d}"


def _text(moment: date | datetime | None) -> str | None:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat()
    return moment.isoformat() if moment else None
