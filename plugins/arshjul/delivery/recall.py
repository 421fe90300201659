"""A publication is withdrawn: one person asks for it, another approves it, and exactly those who got it are told, once each.

What the board has decided about is never recalled, only corrected; what has been recalled is neither delivered nor decided
about. The database refuses all of it (migration 0022). Source: issue D, "Decisions back".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine

from arshjul.catalogue.recipients import load_recipients
from arshjul.catalogue.report_titles import REPORT_TITLES
from arshjul.comparison.numbers import SWEDISH_TIME, swedish_date
from arshjul.delivery.channels import folder_of
from arshjul.delivery.folders import place_file
from arshjul.delivery.notices import Notice, send_notice
from arshjul.delivery.package import RECALL_LETTER
from arshjul.lineage.ledger import person_name
from arshjul.lineage.releases import Publication, Receipt, find_publication
from arshjul.lineage.statements import LEDGER
from arshjul.periods import parse_period
from arshjul.settings import Settings
from arshjul.warehouse.errors import WarehouseError

_TWO_PERSONS = "Två olika personer behövs: den som har begärt återkallelsen kan inte godkänna den."
_BY_CONSTRAINT = {
    "recall_reason_check": "Skälet ska ha mellan 10 och 1 000 tecken.",
    "recall_needs_two_persons": _TWO_PERSONS,
    "person_check": "Den som begär eller godkänner måste anges med namn.",
}


class RecallRefused(ValueError):
    """The publication cannot be recalled, or not by that person; the message is a Swedish sentence."""


@dataclass(frozen=True)
class Recall:
    """A request to withdraw a publication; it holds when ``approved_at`` is there."""

    recall_id: int
    publication_id: int
    reason: str
    requested_by: str
    requested_at: datetime
    approved_by: str | None
    approved_at: datetime | None


def find_recall(connection: Connection, publication_id: int) -> Recall | None:
    """Read the recall of a publication: the one that holds, else the newest request, else None."""
    row = LEDGER.fetch_one(connection, "published/recall.sql", publication_id=publication_id)
    return Recall(**row) if row else None


def request_recall(connection: Connection, publication_id: int, *, reason: str, by: str) -> Recall:
    """Ask for a publication to be recalled. The same person's same request again changes nothing.

    Args:
        connection: Under the role that publishes, inside a transaction; after a refusal it can only be rolled back.
        publication_id: The publication.
        reason: Why, as everybody who got it will be told.
        by: User name of who asks.

    Raises:
        RecallRefused: There is no such publication, the board has decided about it, or it is recalled already.
    """
    _find(connection, publication_id)
    wanted = " ".join(reason.split())
    _write(
        connection,
        "published/request_recall.sql",
        publication_id=publication_id,
        reason=wanted,
        requested_by=person_name(by),
    )
    return _kept(connection, publication_id)


def approve_recall(connection: Connection, publication_id: int, *, by: str) -> Recall:
    """Approve the newest request to recall a publication; from then on it is recalled.

    Args:
        connection: As for :func:`request_recall`.
        publication_id: The publication.
        by: User name of the second person. The very same approval again changes nothing.

    Raises:
        RecallRefused: Nobody has asked for it, it is the person who asked, or the board has decided about it since.
    """
    _find(connection, publication_id)
    LEDGER.fetch_value(connection, "lineage/lock_log.sql")  # a task and its retry become one after the other
    asked = find_recall(connection, publication_id)
    if asked is None:
        raise RecallRefused("Ingen har begärt att versionen återkallas.")
    if asked.approved_by is not None:
        if asked.approved_by == person_name(by):
            return asked
        raise RecallRefused("Versionen är redan återkallad.")
    _write(connection, "published/approve_recall.sql", publication_id=publication_id, approved_by=person_name(by))
    return _kept(connection, publication_id)


def tell_of_recall(settings: Settings, engine: Engine, publication_id: int, run_id: int) -> tuple[Receipt, ...]:
    """Tell everybody who got a recalled publication, once each, the way they got it; nobody else.

    As :func:`arshjul.delivery.sending.deliver`: reserved, handed over and marked. A copy that is just being handed over is
    waited for, so that its reader is told too; one that never was delivered no longer can be.

    Args:
        settings: Outbox, mail server, templates.
        engine: Under the role that publishes.
        publication_id: The publication.
        run_id: The run it belongs to.

    Returns:
        The copies whose readers have been told, now or before.

    Raises:
        RecallRefused: It is not recalled.
        DeliveryError: A receiving system did not take the message. Try again later: those told are not told again.
    """
    with engine.begin() as connection:
        publication = _find(connection, publication_id)
        recall = find_recall(connection, publication_id)
        if recall is None or recall.approved_at is None:
            raise RecallRefused("Versionen är inte återkallad.")
        rows = LEDGER.fetch_all(connection, "published/copies_to_recall.sql", publication_id=publication_id)
    copies = tuple(copy for copy in (Receipt(**row) for row in rows) if copy.delivered_at is not None)
    for copy in copies:
        placed = partial(_into_folder, settings.outbox, copy) if copy.channel == "mapp" else None
        send_notice(settings, engine, _notice(settings, publication, recall, copy), run_id, placed)
    return copies


def _notice(settings: Settings, publication: Publication, recall: Recall, copy: Receipt) -> Notice:
    known = load_recipients(settings.include).get(copy.recipient_id)
    return Notice(
        matter="aterkallelse",
        about=f"publicering/{publication.publication_id}/{copy.channel}",
        recipient=copy.recipient_id,
        name=known.title if known else copy.recipient_id,
        address=copy.address,
        values={
            "rapport": REPORT_TITLES[publication.report_id],
            "period": parse_period(publication.period).title,
            "publicerad": swedish_date(publication.published_at.astimezone(SWEDISH_TIME).date()),
            "content_sha256": publication.content_sha256,
            "skal": recall.reason,
        },
        content={"publication_id": publication.publication_id, "receipt_id": copy.receipt_id},
    )


def _into_folder(outbox: Path, copy: Receipt, text: str) -> None:
    place_file(folder_of(outbox, copy.address, copy.reference) / RECALL_LETTER, text.encode())


def _find(connection: Connection, publication_id: int) -> Publication:
    publication = find_publication(connection, publication_id)
    if publication is None:
        raise RecallRefused("Publiceringen finns inte.")
    return publication


def _kept(connection: Connection, publication_id: int) -> Recall:
    recall = find_recall(connection, publication_id)
    if recall is None:
        raise RecallRefused("Ingen har begärt att versionen återkallas.")
    return recall


def _write(connection: Connection, statement: str, **parameters: object) -> None:
    try:
        LEDGER.execute(connection, statement, **parameters)
    except WarehouseError as error:
        if sentence := _BY_CONSTRAINT.get(error.constraint_name or ""):
            raise RecallRefused(sentence) from None
        if error.sqlstate.startswith("AJ"):
            raise RecallRefused(error.message) from None
        raise
