"""One landed file, received: archived and entered in the ledger, then judged and loaded in one transaction.

A worker may be killed anywhere: what was committed is either nothing, the ledger's note that the file has landed, or
everything. Receiving the file again finds that note and goes on from it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from traceback import extract_tb
from typing import Any

from sqlalchemy import Connection

from arshjul.intake.delivery_rules import Slice
from arshjul.intake.file_names import FOLDER, Address, Landed, read_address
from arshjul.intake.office import Office
from arshjul.intake.processing import Counts, Outcome, as_columns, check_sender, process
from arshjul.intake.readers import open_table
from arshjul.intake.receipts import Receipt, field_titles, sorted_reasons, write_receipt
from arshjul.intake.refusals import ReadRefused
from arshjul.intake.rules import PARENT_RULES
from arshjul.intake.verdicts import Reason, Refusal, Refused
from arshjul.lineage.archive import Archived, ArchiveError
from arshjul.periods import Month
from arshjul.warehouse.errors import WarehouseError

_NO_COUNTS = Counts(0, 0, 0, 0)
_RETRIED = "omprovad"


class IntakeError(RuntimeError):
    """Something of ours failed over a delivery. The text names a place in the code, never a value or a file."""


@dataclass(frozen=True)
class _Entry:
    """A delivery's row in the ledger."""

    delivery_id: int
    received_at: datetime


def receive(office: Office, landed: Landed, run_id: int) -> Receipt:
    """Receive one file: archive it, judge it, load it, write its receipt.

    Deliveries whose rows waited for this one (children before their parents) are tried again, and get new receipts.

    Args:
        office: What intake works with.
        landed: The file.
        run_id: The run in the ledger that receives it.

    Returns:
        The receipt, also written to the sender's folder of receipts.

    Raises:
        IntakeError: The file cannot be read from where it lies, or something of ours failed.
        ArchiveError: The archive failed.
        WarehouseError: The database failed.
    """
    with _without_values():
        address = read_address(landed, office.contracts)
        archived = _archive(office, landed)
        # First in a transaction of its own: whatever happens now, the ledger knows that the file has come.
        with office.engine.begin() as connection:
            _lock_sender(office, connection, address.sender)
            _enter(office, connection, landed, address, archived, run_id)
        with office.engine.begin() as connection:
            _lock_load(office, connection, address.sender)
            entry = _enter(office, connection, landed, address, archived, run_id)
            receipt = _decide(office, connection, address, archived, entry)
        write_receipt(receipt, office.settings.receipts)
        if receipt.status != "avvisad":
            _retry_children(office, receipt)
    return receipt


def replay(office: Office, delivery_id: int) -> Receipt | None:
    """Judge a delivery again from the archive, by the rules, code lists and parents of today.

    Only rows whose outcome changes are changed. The delivery keeps its row in the ledger, with new counts.

    Args:
        office: What intake works with.
        delivery_id: A delivery that counts (the newest received of its dataset, sender and month).

    Returns:
        The new receipt, also written to the sender's folder; ``None`` when the delivery no longer counts.

    Raises:
        Refused: The file as a whole is not accepted by the rules of today; nothing has changed.
        ArchiveError: The archive no longer has the file, or failed.
        IntakeError: Something of ours failed.
        WarehouseError: The database failed.
    """
    with _without_values():
        with office.engine.begin() as connection:
            known = office.statements.fetch_one(connection, "intake/delivery.sql", delivery_id=delivery_id)
            if known is None:
                return None
            _lock_load(office, connection, known["sender"])
            known = office.statements.fetch_one(connection, "intake/delivery.sql", delivery_id=delivery_id)
            if known is None or not known["is_current"]:
                return None
            about = Slice(office.contracts[known["dataset"]], known["sender"], Month.containing(known["period"]))
            kind = Path(known["file_name"]).suffix[1:].lower()
            address = Address(known["file_name"], known["file_name"], known["dataset"], about.sender, about.month, kind)
            archived = Archived(known["sha256"], known["size_bytes"])
            entry = _Entry(delivery_id, known["received_at"])
            receipt = _load(office, connection, about, address, archived, entry)
        write_receipt(receipt, office.settings.receipts, _RETRIED)
    return receipt


def _retry_children(office: Office, parents: Receipt) -> None:
    """Judge again what may have waited for newly loaded parents, for their month and later ones."""
    children = office.children(parents.dataset or "")
    if not children or parents.month is None:
        return
    with office.engine.begin() as connection:
        waiting = office.statements.fetch_all(
            connection,
            "intake/children_to_retry.sql",
            sender=parents.sender,
            period=parents.month.start,
            datasets=children,
            rules=list(PARENT_RULES),
        )
    for child in waiting:
        try:
            replay(office, child["delivery_id"])
        except Refused:
            continue  # the contract has changed since: what was loaded then stays loaded
        except ArchiveError as error:
            if error.code not in ("saknas", "nyckel_saknas"):
                raise
            # The file has been destroyed by decision (gallring): what was loaded stays, nothing more can be.


@contextmanager
def _without_values() -> Iterator[None]:
    """Let no exception out that could carry a value from a file, or a file's name."""
    try:
        yield
    except (ArchiveError, IntakeError, Refused, WarehouseError):
        raise
    except Exception as error:
        place = extract_tb(error.__traceback__)[-1]
        raise IntakeError(f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}") from None


def _lock_sender(office: Office, connection: Connection, sender: str | None) -> None:
    """Be alone with a sender's deliveries until the transaction ends."""
    office.statements.fetch_value(connection, "intake/lock_sender.sql", sender=sender)


def _lock_load(office: Office, connection: Connection, sender: str | None) -> None:
    """Be alone with a sender's deliveries, and let whoever pins a point of knowledge wait.

    In this order, and both before the first write to the ledger, whose log has a lock of its own: then nobody who pins
    and then writes waits for a load that waits for them.
    """
    _lock_sender(office, connection, sender)
    office.statements.fetch_value(connection, "intake/lock_knowledge.sql")


def _archive(office: Office, landed: Landed) -> Archived:
    """Keep the file untouched. One too large to be read is kept too: what has come in may not just be thrown away."""
    with _open(landed) as file:
        return office.archive.store(file, sys.maxsize)


def _open(landed: Landed) -> BufferedReader:
    # In the landing not through a link: a sender's folder could hold one to somebody else's file.
    follow = os.O_NOFOLLOW if landed.channel == FOLDER else 0
    return os.fdopen(os.open(landed.path, os.O_RDONLY | follow), "rb")


def _enter(
    office: Office, connection: Connection, landed: Landed, address: Address, archived: Archived, run_id: int
) -> _Entry:
    """Find the delivery's unfinished row in the ledger or make one."""
    row = office.statements.fetch_one(
        connection,
        "intake/land.sql",
        run_id=run_id,
        dataset=address.dataset,
        sender=address.sender,
        period=address.month.start if address.month else None,
        file_name=address.file_name,
        sha256=archived.sha256,
        size_bytes=archived.size,
        channel=landed.channel,
    )
    if row is None:
        raise IntakeError("the ledger did not take the delivery")
    return _Entry(row["delivery_id"], row["received_at"])


def _decide(office: Office, connection: Connection, address: Address, archived: Archived, entry: _Entry) -> Receipt:
    """Recognise, refuse or load the delivery, and write the outcome in the ledger."""
    try:
        about = _slice(office, address)
        if (current := _identical(office, connection, about, archived)) is not None:
            return _finish_identical(office, connection, address, archived, entry, current)
        check_sender(office, connection, about)
        return _load(office, connection, about, address, archived, entry)
    except Refused as refused:
        _finish(office, connection, entry, "avvisad", counts=None, refusal=refused.refusal)
        return _receipt(office, address, archived, entry, status="avvisad", refusal=refused.refusal)


def _slice(office: Office, address: Address) -> Slice:
    if address.refusal:
        raise Refused(*address.refusal)
    if address.dataset is None or address.sender is None or address.month is None:
        raise IntakeError("an address without refusal is complete")
    return Slice(office.contracts[address.dataset], address.sender, address.month)


def _slice_names(about: Slice) -> dict[str, Any]:
    return {"dataset": about.contract.name, "sender": about.sender, "period": about.month.start}


def _identical(office: Office, connection: Connection, about: Slice, archived: Archived) -> Mapping[str, Any] | None:
    """The delivery that counts for the slice, when its bytes are the same."""
    current = office.statements.fetch_one(connection, "intake/current_delivery.sql", **_slice_names(about))
    return dict(current) if current is not None and current["sha256"] == archived.sha256 else None


def _finish_identical(
    office: Office,
    connection: Connection,
    address: Address,
    archived: Archived,
    entry: _Entry,
    current: Mapping[str, Any],
) -> Receipt:
    known = current["rows_loaded"] + current["rows_unchanged"]
    counts = Counts(current["rows_in"], 0, known, current["rows_quarantined"])
    _finish(office, connection, entry, "identisk", counts=counts)
    reasons = _reasons(office, connection, current["delivery_id"])
    return _receipt(office, address, archived, entry, status="identisk", reasons=reasons, **as_columns(counts))


def _load(
    office: Office, connection: Connection, about: Slice, address: Address, archived: Archived, entry: _Entry
) -> Receipt:
    detected, outcome = _process(office, connection, about, address.kind or "", archived, entry)
    office.statements.execute(connection, "intake/supersede.sql", **_slice_names(about), delivery_id=entry.delivery_id)
    _finish(office, connection, entry, "mottagen", outcome.counts, detected=detected, warnings=outcome.warnings)
    return _receipt(
        office,
        address,
        archived,
        entry,
        status="mottagen",
        reasons=_reasons(office, connection, entry.delivery_id),
        warnings=outcome.warnings,
        detected=detected,
        **as_columns(outcome.counts),
    )


def _process(
    office: Office, connection: Connection, about: Slice, kind: str, archived: Archived, entry: _Entry
) -> tuple[dict[str, str], Outcome]:
    """Read and load the file; when it turns out that it must be refused, nothing of it remains."""
    try:
        with (
            connection.begin_nested(),
            open_table(lambda: office.archive.open(archived.sha256), kind, office.limits) as table,
        ):
            outcome = process(office, connection, about, entry.delivery_id, table)
            return {"format": kind.upper(), **table.detected}, outcome
    except ReadRefused as refused:
        raise Refused.of_reading(refused) from None


def _finish(
    office: Office,
    connection: Connection,
    entry: _Entry,
    status: str,
    counts: Counts | None,
    refusal: Refusal | None = None,
    detected: Mapping[str, str] | None = None,
    warnings: tuple[str, ...] = (),
) -> None:
    rows = dict.fromkeys(as_columns(_NO_COUNTS), None) if counts is None else as_columns(counts)
    office.statements.execute(
        connection,
        "intake/finish.sql",
        delivery_id=entry.delivery_id,
        status=status,
        refusal_rule=refusal.rule if refusal else None,
        refusal_text=refusal.text if refusal else None,
        detected=json.dumps(dict(detected or {}), ensure_ascii=False),
        warnings=json.dumps(list(warnings), ensure_ascii=False),
        **rows,
    )


def _reasons(office: Office, connection: Connection, delivery_id: int) -> tuple[Reason, ...]:
    rows = office.statements.fetch_all(connection, "intake/reasons.sql", delivery_id=delivery_id)
    return sorted_reasons([Reason(**row) for row in rows])


def _receipt(office: Office, address: Address, archived: Archived, entry: _Entry, **outcome: Any) -> Receipt:
    return Receipt(
        file=address.given_name,
        dataset=address.dataset,
        sender=address.sender,
        month=address.month,
        sha256=archived.sha256,
        received_at=entry.received_at,
        delivery_id=entry.delivery_id,
        titles=field_titles(office.contracts[address.dataset]) if address.dataset else {},
        **outcome,
    )
