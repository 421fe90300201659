"""E-mails that the year and the registers give rise to: one recipient is told of one matter once, however often it is tried.

As :func:`arshjul.delivery.reminders.remind`: reserved in the ledger (committed), sent, marked (committed), the row locked
from the sending to the mark. A process that was killed in between has its mail sent by the next call, with the same
Message-ID. What the ledger keeps is what the mail told when the server took it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from sqlalchemy import Connection, Engine

from arshjul.catalogue.letters import plain_text
from arshjul.delivery.mail import compose_mail, one_address, refuse_made_up, send_mail
from arshjul.lineage.statements import LEDGER
from arshjul.settings import Settings


@dataclass(frozen=True)
class Attachment:
    """A file that goes along with a notice."""

    name: str
    content: bytes
    maintype: str
    subtype: str


@dataclass(frozen=True)
class Notice:
    """What one recipient is to be told of one matter.

    Attributes:
        matter: What kind of notice it is; also the stem of its template (``<matter>.txt.j2``: the first line is the
            subject).
        about: What it is about: a period, a day, an object and year. With the recipient it makes the notice the one it is.
        recipient: A provider's number, or a recipient or role of the catalogue: as the ledger names it.
        name: The recipient as the mail names it.
        address: Where it is sent.
        values: What the template uses, beside ``kommun``, ``kontakt`` and ``namn``.
        content: What the ledger keeps of it: counts, amounts and days, never a person.
        attachments: Files that go along.
    """

    matter: str
    about: str
    recipient: str
    name: str
    address: str
    values: Mapping[str, Any]
    content: Mapping[str, Any]
    attachments: tuple[Attachment, ...] = field(default=(), repr=False)


def send_notice(
    settings: Settings,
    engine: Engine,
    notice: Notice,
    run_id: int,
    hand_over: Callable[[str], None] | None = None,
    then: Callable[[Connection, int], None] | None = None,
) -> bool:
    """Send a notice, once.

    Args:
        settings: Mail server, municipality, templates.
        engine: Under the role that publishes; two transactions are made here.
        notice: The notice.
        run_id: The run it belongs to.
        hand_over: Takes the notice's text where it does not go by e-mail; doing it twice must be the same as once.
        then: What else is written to the ledger, by this run, when the notice has been sent: both or neither.

    Returns:
        True when it was sent now, False when it already was.

    Raises:
        DeliveryError: The address cannot be used (the demo's does not do in production), or the mail server did not take
            the message. It stays reserved.
    """
    key = {"matter": notice.matter, "about": notice.about, "recipient": notice.recipient}
    reference = _reference(settings, key.values())
    if hand_over is None:
        refuse_made_up(settings, notice.name, notice.address)
    kept = json.dumps(notice.content, ensure_ascii=False)
    with engine.begin() as connection:
        LEDGER.execute(connection, "notice/reserve.sql", **key, run_id=run_id, content=kept, reference=reference)
    with engine.begin() as connection:
        [row] = LEDGER.fetch_all(connection, "notice/lock.sql", **key)
        if row["sent_at"] is not None:
            return False
        if hand_over is None:
            send_mail(settings, compose(settings, notice, row["reference"], row["reserved_at"]))
        else:
            hand_over(_text(settings, notice))
        LEDGER.execute(connection, "notice/mark.sql", notice_id=row["notice_id"], content=kept)
        if then is not None:
            then(connection, run_id)
    return True


def compose(settings: Settings, notice: Notice, reference: str, begun: datetime) -> EmailMessage:
    """Write the e-mail.

    Args:
        settings: Sender, municipality, contact, templates.
        notice: To whom, about what.
        reference: Message-ID.
        begun: When sending was begun: the message's date.

    Raises:
        DeliveryError: The address cannot be used.
    """
    refused = f"E-postadressen till {notice.recipient} går inte att använda. Rätta den."
    to = one_address(notice.name, notice.address, refused)
    message = compose_mail(settings, _text(settings, notice), to=to, reference=reference, begun=begun)
    for one in notice.attachments:
        message.add_attachment(one.content, maintype=one.maintype, subtype=one.subtype, filename=one.name)
    return message


def _text(settings: Settings, notice: Notice) -> str:
    names = {"namn": notice.name, "kommun": settings.kommun_namn, "kontakt": settings.data_team_email}
    return plain_text(settings.include, f"{notice.matter}.txt.j2", **notice.values, **names)


def _reference(settings: Settings, key: Iterable[str]) -> str:
    digest = hashlib.sha256("\n".join(key).encode()).hexdigest()
    return f"<arende-{digest[:40]}@{settings.smtp_sender.rpartition('@')[2]}>"
