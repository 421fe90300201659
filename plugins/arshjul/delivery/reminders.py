"""Reminders by e-mail of deliveries that are owed: one a day and sender, about everything it owes.

A sender is reminded two working days before the last day, on the first working day after it, and then every week for as
long as nothing usable has come. The ledger remembers, so a day on which nothing could be sent is made up for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from typing import Any

from sqlalchemy import Engine

from arshjul.catalogue.contracts import Contract, load_contracts
from arshjul.catalogue.deadlines import workdays_from
from arshjul.catalogue.letters import plain_text
from arshjul.delivery.mail import compose_mail, one_address, refuse_made_up, send_mail
from arshjul.lineage.expected import ExpectedDelivery, day_in_words
from arshjul.lineage.statements import LEDGER
from arshjul.periods import Month
from arshjul.settings import Settings

_TEMPLATE = "paminnelse.txt.j2"
_WORKDAYS_BEFORE = 2
_DAYS_BETWEEN = 7


@dataclass(frozen=True)
class Reminder:
    """What one sender is to be reminded of on one day.

    Attributes:
        sender: Ten-digit organisationsnummer.
        name: Its name.
        address: Where it is sent: the register's address, or the data team's for the municipality's own datasets.
        day: The day, in Sweden.
        owed: What is lacking and due, or due soon.
    """

    sender: str
    name: str
    address: str
    day: date
    owed: tuple[ExpectedDelivery, ...]


def due_reminders(settings: Settings, expected: Iterable[ExpectedDelivery], today: date) -> list[Reminder]:
    """List who is to be reminded today, and of what.

    Args:
        settings: The data team's address.
        expected: What is owed, from :func:`arshjul.lineage.expected.expected_deliveries`.
        today: A working day in Sweden.
    """
    lacking: dict[str, list[ExpectedDelivery]] = {}
    for one in expected:
        if one.is_lacking and _first_day(one) <= today:
            lacking.setdefault(one.sender, []).append(one)
    return [
        Reminder(sender, owed[0].name, owed[0].email or settings.data_team_email, today, tuple(owed))
        for sender, owed in lacking.items()
        if any(_is_time(one, today) for one in owed)
    ]


def _first_day(one: ExpectedDelivery) -> date:
    return workdays_from(one.due, -_WORKDAYS_BEFORE)


def _is_time(one: ExpectedDelivery, today: date) -> bool:
    last = one.reminded_on
    if last is None or (last <= one.due < today):
        return True
    return one.due < today and (today - last).days >= _DAYS_BETWEEN


def remind(settings: Settings, engine: Engine, reminder: Reminder, run_id: int) -> bool:
    """Send a reminder, once.

    As :func:`arshjul.delivery.sending.deliver`: reserved in the ledger (committed), sent, marked (committed), the row
    locked from the sending to the mark. A process that was killed in between has its mail sent by the next call of the
    same day, with the same Message-ID.

    Args:
        settings: Mail server and template.
        engine: Under the role that publishes; two transactions are made here.
        reminder: From :func:`due_reminders`.
        run_id: The run it belongs to.

    Returns:
        True when it was sent now, False when it already was.

    Raises:
        DeliveryError: The address cannot be used (the demo's does not do in production), or the mail server did not take
            the message. It stays reserved.
    """
    refuse_made_up(settings, reminder.name, reminder.address)
    key = {"sender": reminder.sender, "day": reminder.day}
    with engine.begin() as connection:
        LEDGER.execute(
            connection,
            "delivery/insert_reminder.sql",
            **key,
            run_id=run_id,
            owed=json.dumps([_kept(one) for one in reminder.owed]),
            reference=_reference(settings, reminder),
        )
    with engine.begin() as connection:
        [row] = LEDGER.fetch_all(connection, "delivery/lock_reminder.sql", **key)
        if row["sent_at"] is not None:
            return False
        send_mail(settings, compose(settings, reminder, row["owed"], row["reference"], row["reserved_at"]))
        LEDGER.execute(connection, "delivery/mark_reminded.sql", reminder_id=row["reminder_id"])
    return True


def _kept(one: ExpectedDelivery) -> dict[str, str]:
    return {
        "dataset": one.dataset,
        "period": one.month.start.isoformat(),
        "due": one.due.isoformat(),
        "state": one.state,
    }


def _reference(settings: Settings, reminder: Reminder) -> str:
    digest = hashlib.sha256(f"{reminder.sender}\n{reminder.day}".encode()).hexdigest()
    return f"<paminnelse-{digest[:40]}@{settings.smtp_sender.rpartition('@')[2]}>"


def compose(
    settings: Settings, reminder: Reminder, owed: Iterable[Mapping[str, str]], reference: str, begun: datetime
) -> EmailMessage:
    """Write the e-mail. The data team gets a copy of one that tells of something late.

    Args:
        settings: Sender, municipality, contact, template.
        reminder: To whom.
        owed: What is lacking, as the ledger keeps it.
        reference: Message-ID.
        begun: When sending was begun: the message's date.

    Raises:
        DeliveryError: The address cannot be used.
    """
    contracts = load_contracts(settings.include)
    told = [_told(contracts.get(one["dataset"]), one) for one in owed]
    late = [one for one in told if date.fromisoformat(one["due"]) < reminder.day]
    refused = f"E-postadressen till {reminder.sender} går inte att använda. Rätta den i registret."
    return compose_mail(
        settings,
        _text(settings, reminder, told, late),
        to=one_address(reminder.name, reminder.address, refused),
        copy_to=settings.data_team_email if late and reminder.address != settings.data_team_email else "",
        reference=reference,
        begun=begun,
    )


def _told(contract: Contract | None, one: Mapping[str, str]) -> dict[str, Any]:
    return {
        **one,
        "titel": f"{contract.title} ({one['dataset']})" if contract else one["dataset"],
        "manad": Month.containing(date.fromisoformat(one["period"])).title,
        "senast": day_in_words(date.fromisoformat(one["due"])),
        "avvisad": one["state"] == "avvisad",
    }


def _text(settings: Settings, reminder: Reminder, told: list[dict[str, Any]], late: list[dict[str, Any]]) -> str:
    first = told[0]
    return plain_text(
        settings.include,
        _TEMPLATE,
        sena=late,
        vantade=[one for one in told if one not in late],
        namn=reminder.name,
        kommun=settings.kommun_namn,
        exempel=f"{first['dataset']}_{reminder.sender}_{first['period'][:7]}.csv",
        kontakt=settings.data_team_email,
    )
