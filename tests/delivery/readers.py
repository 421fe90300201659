"""Two versions of the same report in an office, and what its readers have been sent."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from tests.delivery.conftest import FILES, HOLDS, PERIOD
from tests.public_rows import as_public

from arshjul.catalogue.recipients import Recipient
from arshjul.delivery.loopback_mail import LoopbackMail
from arshjul.delivery.sending import deliver
from arshjul.lineage.ledger import record_check_run
from arshjul.lineage.releases import Receipt, receipts

LATER = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)
REPORT = "tertialrapport"


def reader(name: str, channel: str = "e-post") -> Recipient:
    """A reader with an address of its own."""
    address = f"{name}@annan.example" if channel == "e-post" else name
    return Recipient(id=name, title=name, channel=channel, address=address, reports=(REPORT,))  # type: ignore[arg-type]


def new_version(office: Any, met: int = 15, text: str = "Måluppfyllelse 75 %", as_of: datetime = LATER) -> int:
    """Compute, check, approve and publish the same report again; give the publication's number."""
    run_id = office.run(f"again {as_of.isoformat()} {met}")
    with office.administrator.begin() as connection:
        computation_id = connection.exec_driver_sql(
            "INSERT INTO indicator.computation (run_id, period, period_start, period_end, as_of, catalogue_sha256) "
            "VALUES (%s, %s, '2026-01-01', '2026-04-30', %s, repeat('d', 64)) RETURNING computation_id",
            (run_id, PERIOD, as_of),
        ).scalar_one()
        for cell, numerator, is_protected in (({}, met, False), ({"kon": "man"}, 2, True)):
            connection.exec_driver_sql(
                "INSERT INTO indicator.value VALUES (%s, 'maluppfyllelse', %s, %s, 20, %s / 20.0, 20, 20, %s)",
                (computation_id, json.dumps(cell), numerator, numerator, is_protected),
            )
        as_public(connection, run_id, computation_id)
        for stage in ("core", "indicator"):
            record_check_run(
                connection,
                run_id=run_id,
                stage=stage,  # type: ignore[arg-type]
                period=PERIOD,
                results=[HOLDS],
                as_of=as_of,
                computation_id=computation_id,
            )
    files = FILES | {"tertialrapport.html": text.encode()}
    package = office.freeze(computation_id, files, as_of=as_of)
    office.approve(package)
    return int(office.publish(package))


def send(office: Any, publication_id: int, to: Recipient) -> Receipt:
    """Deliver a version to a reader."""
    return deliver(office.settings, office.engine, publication_id, to)


def kept(office: Any, publication_id: int) -> list[Receipt]:
    """Give the receipts of a version."""
    with office.engine.connect() as connection:
        return list(receipts(connection, publication_id))


def letters(mail: LoopbackMail) -> list[tuple[str, str, str]]:
    """Give address, subject and text of every e-mail that was sent."""
    found = []
    for path in mail.messages():
        message = message_from_bytes(path.read_bytes(), policy=default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        assert body is not None
        found.append((message["To"].addresses[0].addr_spec, message["Subject"], body.get_content()))
    return sorted(found)
