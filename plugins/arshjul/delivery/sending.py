"""Hand a publication over to one recipient, once, and keep the receipt."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from arshjul.catalogue.recipients import Recipient
from arshjul.delivery import channels
from arshjul.delivery.mail import DeliveryError
from arshjul.delivery.package import check_package_bytes, load_package
from arshjul.delivery.publication import write_evidence
from arshjul.lineage.releases import Receipt, find_publication
from arshjul.lineage.statements import LEDGER
from arshjul.settings import Settings


def deliver(settings: Settings, engine: Engine, publication_id: int, recipient: Recipient) -> Receipt:
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
        recipient: From the catalogue.

    Returns:
        The receipt, with the time of delivery.

    Raises:
        PackageError: The bytes are no longer those that were approved; nothing is sent.
        DeliveryError: There is no such publication, the recipient does not get this report, or the receiving system did
            not take it. Try again later: the copy stays reserved.
    """
    with engine.begin() as connection:
        _reserve(settings, connection, publication_id, recipient)
    with engine.begin() as connection:
        [row] = LEDGER.fetch_all(
            connection,
            "delivery/lock_receipt.sql",
            publication_id=publication_id,
            recipient_id=recipient.id,
            channel=recipient.channel,
        )
        receipt = Receipt(**row)
        if receipt.delivered_at is not None:
            return receipt
        publication = find_publication(connection, publication_id)
        if publication is None:
            raise DeliveryError("Publiceringen finns inte.")
        package = load_package(connection, publication.package_id)
        content = check_package_bytes(settings, package)
        evidence = write_evidence(settings, connection, publication_id).read_bytes()
        channels.hand_over(settings, receipt, package, content, evidence)
        delivered_at = LEDGER.fetch_value(connection, "delivery/mark_delivered.sql", receipt_id=receipt.receipt_id)
        return Receipt(**{**row, "delivered_at": delivered_at})


def _reserve(settings: Settings, connection: Connection, publication_id: int, recipient: Recipient) -> None:
    publication = find_publication(connection, publication_id)
    if publication is None:
        raise DeliveryError("Publiceringen finns inte.")
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
