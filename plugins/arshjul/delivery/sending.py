"""Hand a publication over to one recipient, once, and keep the receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection, Engine

from arshjul.catalogue.recipients import Recipient
from arshjul.comparison.numbers import SWEDISH_TIME, swedish_date
from arshjul.delivery import channels
from arshjul.delivery.mail import DeliveryError, refuse_made_up
from arshjul.delivery.package import check_package_bytes, load_package
from arshjul.delivery.publication import write_evidence
from arshjul.lineage.releases import Publication, Receipt, find_publication
from arshjul.lineage.standing import Standing, find_standing
from arshjul.lineage.statements import LEDGER
from arshjul.settings import Settings


def deliver(
    settings: Settings, engine: Engine, publication_id: int, recipient: Recipient, subject: str = ""
) -> Receipt:
    """Hand a publication over to a recipient. What is delivered is not sent again: the old receipt is returned.

    Three steps: the copy is reserved in the ledger (committed), handed over, and marked as delivered (committed). The
    reserved row is locked from hand-over to mark, so that two processes at once send one copy.

    One window stays open, and is milliseconds wide: a process killed after the mail server's "250 OK" and before the
    mark has reached the ledger. The next call sends the same bytes under the same Message-ID; mail systems that
    recognise a Message-ID they have seen drop the second copy. A folder has no such window: it is there or not.

    Args:
        settings: Where packages, outbox and mail server are.
        engine: Under the role that publishes; two transactions are made here.
        publication_id: The publication.
        recipient: From the catalogue, or the provider that the report is about.
        subject: The recipient gets only the files about this one: nobody's but its own, and no list of the others.

    Returns:
        The receipt, with the time of delivery.

    Raises:
        PackageError: The bytes are no longer those that were approved; nothing is sent.
        DeliveryError: There is no such publication, it has been recalled or replaced, the recipient does not get this
            report, or the receiving system did not take it. Try again later: the copy stays reserved. Nothing is
            reserved for an address of the demo's, in production.
    """
    refuse_made_up(settings, recipient.title, recipient.address)
    with engine.begin() as connection:
        _reserve(settings, connection, publication_id, recipient)
    with engine.begin() as connection:
        rows = LEDGER.fetch_all(
            connection,
            "delivery/lock_receipt.sql",
            publication_id=publication_id,
            recipient_id=recipient.id,
            channel=recipient.channel,
        )
        receipts = [Receipt(**row) for row in rows]
        if receipts and receipts[0].delivered_at is not None:
            return receipts[0]
        # Looked at under the copy's lock: who recalls waits for it, and then knows whether this reader got a copy.
        standing = _require_current(connection, publication_id)
        [receipt] = receipts  # none was reserved of what has been recalled or replaced
        publication = _find(connection, publication_id)
        package = load_package(connection, publication.package_id)
        content = check_package_bytes(settings, package)
        evidence: bytes | None = write_evidence(settings, connection, publication_id).read_bytes()
        if subject:
            content, evidence = _only(content, subject), None
            if not content and standing.replaces_id is None:
                raise DeliveryError("Paketet innehåller ingenting om mottagaren.")
            package = replace(package, files=tuple(file for file in package.files if file.name in content))
        if standing.replaces_published_at is None:
            channels.hand_over(settings, receipt, package, content, evidence)
        else:
            told = {
                "ersatter": swedish_date(standing.replaces_published_at.astimezone(SWEDISH_TIME).date()),
                "ersatter_sha256": str(standing.replaces_sha256),
                "skal": str(standing.correction_reason),
            }
            channels.hand_over(settings, receipt, package, content, evidence, channels.CORRECTED, told)
        delivered_at = LEDGER.fetch_value(connection, "delivery/mark_delivered.sql", receipt_id=receipt.receipt_id)
        return replace(receipt, delivered_at=delivered_at)


def _only(content: Mapping[str, bytes], subject: str) -> dict[str, bytes]:
    """Choose the files about one subject: their names say it between a hyphen and a hyphen or the ending."""
    return {name: data for name, data in content.items() if subject in name.partition(".")[0].split("-")}


def _find(connection: Connection, publication_id: int) -> Publication:
    publication = find_publication(connection, publication_id)
    if publication is None:
        raise DeliveryError("Publiceringen finns inte.")
    return publication


def _require_current(connection: Connection, publication_id: int) -> Standing:
    """Refuse what has been recalled or replaced: nobody is to get an old version after a new one."""
    standing = find_standing(connection, publication_id)
    if standing.recalled_at is not None:
        raise DeliveryError("Versionen är återkallad och skickas inte.")
    if standing.replaced_by_id is not None:
        raise DeliveryError("Versionen är ersatt av en nyare och skickas inte.")
    return standing


def _reserve(settings: Settings, connection: Connection, publication_id: int, recipient: Recipient) -> None:
    publication = _find(connection, publication_id)
    if publication.report_id not in recipient.reports:
        raise DeliveryError(f"Mottagaren {recipient.id} ska inte ha rapporten {publication.report_id}.")
    LEDGER.execute(
        connection,
        "delivery/insert_receipt.sql",
        publication_id=publication_id,
        recipient_id=recipient.id,
        channel=recipient.channel,
        address=recipient.address,
        content_sha256=publication.content_sha256,
        reference=channels.reference_for(settings, publication, recipient),
    )
