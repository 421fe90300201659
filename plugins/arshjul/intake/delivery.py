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
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from traceback import extract_tb
from typing import Any, Literal

from sqlalchemy import Connection

from arshjul.catalogue.fingerprints import rules_fingerprint
from arshjul.intake.corrections import CORRECTIONS, deliveries_to_correct
from arshjul.intake.delivery_rules import Slice
from arshjul.intake.file_names import FOLDER, KEYBOARD, Address, Landed, read_address
from arshjul.intake.office import Office
from arshjul.intake.parents import abroad
from arshjul.intake.processing import Counts, Outcome, as_columns, check_sender, process
from arshjul.intake.quarantine import reasons_of
from arshjul.intake.readers import open_table
from arshjul.intake.receipts import Receipt, field_titles, write_receipt
from arshjul.intake.refusals import ReadRefused
from arshjul.intake.verdicts import Refusal, Refused
from arshjul.lineage.archive import Archived, ArchiveError
from arshjul.periods import Month
from arshjul.warehouse.errors import WarehouseError

Because = Literal["forsta", "foralder", "regler", "rattelse", "begaran"]
"""Why rows are judged: they came, a parent came, rules changed, a correction came or was withdrawn, somebody asked."""

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
            _lock_load(office, connection, address.sender, address.dataset)
            # No disposal goes on from here, but one may have destroyed the same bytes before the ledger knew of these.
            if not office.archive.holds(archived.sha256) and _archive(office, landed) != archived:
                raise ArchiveError("saknas")
            entry = _enter(office, connection, landed, address, archived, run_id)
            receipt = _decide(office, connection, address, archived, entry)
        write_receipt(receipt, office.settings.receipts)
        if receipt.status != "avvisad":
            retry_dependents(office, receipt)
    return receipt


def replay(office: Office, delivery_id: int, because: Because = "begaran") -> Receipt | None:
    """Judge a delivery again from the archive, by the rules, code lists and parents of today.

    Only rows whose outcome changes are changed. The delivery keeps its row in the ledger, with new counts.

    Args:
        office: What intake works with.
        delivery_id: A delivery that counts (the newest received of its dataset, sender and month).
        because: Why it is judged again, for the ledger.

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
            _lock_load(office, connection, known["sender"], known["dataset"])
            known = office.statements.fetch_one(connection, "intake/delivery.sql", delivery_id=delivery_id)
            if known is None or not known["is_current"]:
                return None
            about = Slice(office.contracts[known["dataset"]], known["sender"], Month.containing(known["period"]))
            kind = Path(known["file_name"]).suffix[1:].lower()
            address = Address(known["file_name"], known["file_name"], known["dataset"], about.sender, about.month, kind)
            archived = Archived(known["sha256"], known["size_bytes"])
            entry = _Entry(delivery_id, known["received_at"])
            receipt = _load(office, connection, about, address, archived, entry, because)
        write_receipt(receipt, office.settings.receipts, _RETRIED)
    return receipt


def retry_dependents(office: Office, receipt: Receipt) -> None:
    """Judge again what a delivery that has been judged decides about: rows that it corrects, and rows that wait for it.

    Args:
        office: What intake works with.
        receipt: What became of the delivery.

    Raises:
        IntakeError, ArchiveError, WarehouseError: As :func:`replay`.
    """
    _retry_corrected(office, receipt)
    _retry_children(office, receipt)


def _retry_corrected(office: Office, receipt: Receipt) -> None:
    """Judge again the deliveries that a new register of corrections is about, or no longer is."""
    if receipt.dataset != CORRECTIONS:
        return
    with office.engine.begin() as connection:
        found = deliveries_to_correct(office, connection)
    for delivery_id in found:
        if corrected := _try_again(office, delivery_id, "rattelse"):
            _retry_children(office, corrected)


def _retry_children(office: Office, parents: Receipt) -> None:
    """Judge again what may have waited for newly loaded parents, for their month and later ones.

    Each in a transaction of its own, now that this one is over: nobody ever holds the locks of two senders.
    """
    waits = office.waiting_for(parents.dataset or "")
    if not waits or parents.month is None:
        return
    with office.engine.begin() as connection:
        waiting = office.statements.fetch_all(
            connection,
            "intake/children_to_retry.sql",
            sender=parents.sender,
            period=parents.month.start,
            waits=json.dumps([wait._asdict() for wait in waits]),
        )
    for child in waiting:
        _try_again(office, child["delivery_id"], "foralder")


def _try_again(office: Office, delivery_id: int, because: Because) -> Receipt | None:
    """Judge a delivery again, unless that is no longer possible: what was loaded then stays loaded."""
    try:
        return replay(office, delivery_id, because)
    except Refused:
        return None  # the contract has changed since
    except ArchiveError as error:
        if error.code not in ("saknas", "nyckel_saknas"):
            raise
        return None  # the file has been destroyed by decision (gallring)


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


def _lock_load(office: Office, connection: Connection, sender: str | None, dataset: str | None) -> None:
    """Be alone with a sender's deliveries and apart from their relatives, and let who pins a point of knowledge wait.

    In this order, and all before the first write to the ledger, whose log has a lock of its own: then nobody who pins
    and then writes waits for a load that waits for them. Parents and children of different senders keep apart, or a
    row could be judged before its parent is seen and found waiting by nobody.
    """
    _lock_sender(office, connection, sender)
    if dataset is not None:
        parents, is_parent = abroad(office.contracts[dataset], office.contracts)
        # By name, whichever it is to whom: whoever holds one waits only for those that come after it.
        for name in sorted({*parents, dataset} if is_parent else parents):
            side = "parent" if name == dataset else "child"
            office.statements.fetch_value(connection, f"intake/lock_as_{side}.sql", dataset=name)
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
        came_at=_came_at(landed),
    )
    if row is None:
        raise IntakeError("the ledger did not take the delivery")
    return _Entry(row["delivery_id"], row["received_at"])


def _came_at(landed: Landed) -> datetime | None:
    """When a file appeared where senders put theirs: it may wait there for the monthly run, and be in time all the same.

    By the time of the last change of any kind, which cannot be set back as the time of writing can.
    """
    if landed.channel == KEYBOARD:
        return None
    return datetime.fromtimestamp(landed.path.stat(follow_symlinks=False).st_ctime, UTC)


def _decide(office: Office, connection: Connection, address: Address, archived: Archived, entry: _Entry) -> Receipt:
    """Recognise, refuse or load the delivery, and write the outcome in the ledger."""
    try:
        about = _slice(office, address)
        if (current := _identical(office, connection, about, archived)) is not None:
            return _finish_identical(office, connection, address, archived, entry, current)
        check_sender(office, connection, about)
        return _load(office, connection, about, address, archived, entry, "forsta")
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
    reasons = reasons_of(connection, office.statements, current["delivery_id"])
    return _receipt(office, address, archived, entry, status="identisk", reasons=reasons, **as_columns(counts))


def _load(
    office: Office,
    connection: Connection,
    about: Slice,
    address: Address,
    archived: Archived,
    entry: _Entry,
    because: Because,
) -> Receipt:
    detected, outcome = _process(office, connection, about, address.kind or "", archived, entry)
    office.statements.execute(connection, "intake/supersede.sql", **_slice_names(about), delivery_id=entry.delivery_id)
    judged = {"because": because, "rules_sha256": rules_fingerprint(about.contract, office.codelists)}
    _finish(office, connection, entry, "mottagen", outcome.counts, None, detected, outcome.warnings, judged)
    return _receipt(
        office,
        address,
        archived,
        entry,
        status="mottagen",
        reasons=reasons_of(connection, office.statements, entry.delivery_id),
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
    judged: Mapping[str, str] | None = None,
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
        because=judged["because"] if judged else None,
        rules_sha256=judged["rules_sha256"] if judged else None,
        **rows,
    )


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
