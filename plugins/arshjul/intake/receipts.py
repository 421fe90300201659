"""The receipt (kvittens): what became of a delivery, for its sender. It holds no personnummer and no value of a row."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from arshjul.catalogue.contracts import Contract
from arshjul.intake.verdicts import Reason, Refusal
from arshjul.periods import Month

Status = Literal["mottagen", "identisk", "avvisad"]

_UNKNOWN_SENDER = "okand"
_TIME_ZONE = "Europe/Stockholm"


@dataclass(frozen=True)
class Receipt:
    """What became of one delivery.

    Attributes:
        file: The file's name as given.
        dataset: The contract it was held to; ``None`` when its name does not say.
        sender: Ten-digit organisationsnummer; ``None`` when unknown.
        month: Delivery month; ``None`` when unknown.
        status: ``mottagen`` (received), ``identisk`` (the same as what already counts) or ``avvisad`` (refused).
        rows_in: Rows in the file.
        rows_loaded: Rows that were new or changed.
        rows_unchanged: Rows that said what was already known for the same month.
        rows_quarantined: Rows that were not loaded.
        refusal: Why the whole delivery was refused.
        reasons: Why single rows were not loaded, in row order.
        warnings: Sentences about what was received but looks odd.
        sha256: Hash of the file; empty where a file is only checked.
        detected: What was found out about the file.
        received_at: When it was archived; ``None`` where a file is only checked.
        delivery_id: Number in the ledger; ``None`` where a file is only checked.
        titles: Field names to titles, for the sentences.
    """

    file: str
    dataset: str | None
    sender: str | None
    month: Month | None
    status: Status
    rows_in: int = 0
    rows_loaded: int = 0
    rows_unchanged: int = 0
    rows_quarantined: int = 0
    refusal: Refusal | None = None
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[str, ...] = ()
    sha256: str = ""
    detected: Mapping[str, str] = field(default_factory=dict)
    received_at: datetime | None = None
    delivery_id: int | None = None
    titles: Mapping[str, str] = field(default_factory=dict, repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return the receipt with the keys of ``arshjul receive --json`` (spec/cli.md)."""
        return {
            "fil": self.file,
            "dataset": self.dataset,
            "avsandare": self.sender,
            "period": self.month.key if self.month else None,
            "status": self.status,
            "rader_in": self.rows_in,
            "inlasta": self.rows_loaded,
            "oforandrade": self.rows_unchanged,
            "karantan": self.rows_quarantined,
            "skal": self._reasons_as_json(),
            "varningar": list(self.warnings),
            "sha256": self.sha256,
        }

    def _reasons_as_json(self) -> list[dict[str, Any]]:
        if self.refusal:
            return [{"falt": None, "regel": self.refusal.rule, "text": self.refusal.text}]
        return [
            {"rad": reason.row, "falt": reason.field or None, "regel": reason.rule, "text": reason.text}
            for reason in self.reasons
        ]

    def as_text(self) -> str:
        """Return the receipt as the sender reads it."""
        return "".join(self.lines())

    def lines(self) -> Iterator[str]:
        """Give the text line by line, each with its end: a large file has tens of thousands of reasons."""
        return (f"{line}\n" for line in self._told())

    def _told(self) -> Iterator[str]:
        yield from (f"Kvittens: {self.file}", "", _VERDICTS[self.status], "")
        yield from (self.refusal.text, "") if self.refusal else _counts(self)
        if self.reasons:
            yield "Rader i karantän (rad 1 är den första under rubrikraden):"
            yield from self._told_reasons()
            yield ""
        if self.warnings:
            yield from ("Att se över:", *[f"- {warning}" for warning in self.warnings], "")
        yield from self._particulars()

    def _told_reasons(self) -> Iterator[str]:
        # Each field's words once.
        places = {field: f", {self.titles.get(field, field)}" for field in {reason.field for reason in self.reasons}}
        places[""] = ""
        return (f"- rad {row}{places[field]}: {text}" for row, field, _, text in self.reasons)

    def _particulars(self) -> list[str]:
        # Looked up only here: where the offline checker runs there may be no time zones, and it has no times to tell.
        received = self.received_at and self.received_at.astimezone(ZoneInfo(_TIME_ZONE))
        told = [
            ("Datamängd", self.dataset),
            ("Avsändare", self.sender),
            ("Månad", self.month.key if self.month else None),
            ("Togs emot", f"{received:%Y-%m-%d kl. %H.%M}" if received else None),
            ("Leveransnummer", str(self.delivery_id) if self.delivery_id else None),
            ("SHA-256", self.sha256 or None),
            *[(name.capitalize(), text) for name, text in self.detected.items()],
        ]
        return [f"{name}: {text}" for name, text in told if text]


_VERDICTS: Mapping[Status, str] = {
    "mottagen": "Leveransen är mottagen.",
    "identisk": "Leveransen är identisk med den som redan gäller. Inget har ändrats.",
    "avvisad": "Leveransen är avvisad. Ingenting i den har lästs in.",
}


def _counts(receipt: Receipt) -> list[str]:
    return [
        f"Rader i filen: {receipt.rows_in}",
        f"Inlästa: {receipt.rows_loaded}",
        f"Oförändrade sedan tidigare: {receipt.rows_unchanged}",
        f"I karantän, inte inlästa: {receipt.rows_quarantined}",
        "",
    ]


def field_titles(contract: Contract) -> dict[str, str]:
    """Return the titles of a contract's fields by name."""
    return {one.name: one.title for one in contract.fields}


def sorted_reasons(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Return reasons in the order every receipt has them."""
    return tuple(sorted(reasons))


def write_receipt(receipt: Receipt, folder: Path, note: str = "") -> Path:
    """Write a receipt as text where its sender fetches it.

    Args:
        receipt: The receipt.
        folder: All senders' receipts; the sender's own folder in it is made when missing.
        note: Added to the file's name, for the receipt of a delivery that was judged again.

    Returns:
        The file, complete from the moment it has its name.
    """
    # Of contract, number and month only: nothing of a name that a sender has given.
    parts = ["kvittens", receipt.dataset, receipt.month.key if receipt.month else None, receipt.delivery_id, note]
    own = folder / (receipt.sender or _UNKNOWN_SENDER)
    own.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=own, prefix=".")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, 0o644)
        file.writelines(receipt.lines())
    return Path(draft).replace(own / f"{'_'.join(str(part) for part in parts if part)}.txt")
