"""Deliveries that are owed: by whom, by when, and how that went.

Who owes comes from the register of providers, what and when from the contracts and the calendar, and how it went from the
ledger: nothing of it is stored, so a corrected register or a moved deadline counts at once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from arshjul.catalogue.contracts import load_contracts
from arshjul.catalogue.deadlines import Deadline, deadlines, load_calendar
from arshjul.lineage.statements import LEDGER
from arshjul.periods import MONTH_NAMES, Month
from arshjul.settings import Settings

SWEDEN = ZoneInfo("Europe/Stockholm")

State = Literal["i_tid", "sen", "olast", "avvisad", "vantas", "saknas"]

STATE_WORDS: dict[State, str] = {
    "i_tid": "i tid",
    "sen": "försenad",
    "olast": "har kommit men är inte inläst",
    "avvisad": "det som har kommit gick inte att använda",
    "vantas": "väntas",
    "saknas": "saknas",
}


@dataclass(frozen=True)
class LandedSlice:
    """What a file that lies unread in the landing says it is."""

    dataset: str
    sender: str
    month: Month


@dataclass(frozen=True)
class ExpectedDelivery:
    """One delivery that one sender owes.

    Attributes:
        sender: Ten-digit organisationsnummer.
        name: The sender's name in the register, or the municipality's.
        email: The provider's address in the register; ``None`` for the municipality's own datasets.
        dataset: The dataset.
        month: The delivery month it is owed for.
        due: The last day it is on time.
        state: ``i_tid``; ``sen`` (came after); ``olast`` (has come, is not read yet); ``avvisad`` (only what could not be
            used has come: refused, or nothing but quarantine); ``vantas`` (not due yet); ``saknas`` (due, and nothing).
        received_at: When the first that could be used came; a correction of it changes nothing here.
        reminded_on: Day of the last reminder of it that was sent.
    """

    sender: str
    name: str
    email: str | None
    dataset: str
    month: Month
    due: date
    state: State
    received_at: datetime | None = None
    reminded_on: date | None = None

    @property
    def is_lacking(self) -> bool:
        """There is nothing to use, and nothing waits to be read."""
        return self.state in ("saknas", "avvisad", "vantas")

    def is_overdue(self, today: date) -> bool:
        """It is lacking and was due before ``today``."""
        return self.is_lacking and self.due < today

    def as_json(self) -> dict[str, Any]:
        """The delivery for machines."""
        return {
            "avsandare": self.sender,
            "namn": self.name,
            "dataset": self.dataset,
            "manad": self.month.key,
            "senast": self.due.isoformat(),
            "lage": self.state,
            "kom": self.received_at.isoformat() if self.received_at else None,
            "paminnelse": self.reminded_on.isoformat() if self.reminded_on else None,
        }


def swedish_today() -> date:
    """Return today's date in Sweden."""
    return datetime.now(SWEDEN).date()


def months_until(last: Month, count: int) -> list[Month]:
    """Return ``count`` months in order, the last of them ``last``."""
    months = [last]
    while len(months) < count:
        months.insert(0, months[0].previous)
    return months


def day_in_words(day: date) -> str:
    """Return a day as Swedish prose has it: ``7 april 2026``."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def expected_deliveries(
    connection: Connection,
    settings: Settings,
    months: Iterable[Month],
    today: date,
    landed: Collection[LandedSlice] = (),
) -> tuple[ExpectedDelivery, ...]:
    """Say what is owed for some delivery months and how each stands, by the sender's name, month and dataset.

    Args:
        connection: Under the auditor's role, for instance.
        settings: Contracts, calendar, and the municipality's number.
        months: The delivery months.
        today: The day it is asked, in Sweden.
        landed: What lies unread in the landing.

    Raises:
        CatalogueError: A contract or the calendar is wrong.
    """
    contracts = load_contracts(settings.include)
    calendar = load_calendar(settings.include, contracts)
    owed = [one for month in months for one in deadlines(contracts, calendar, month)]
    rows = LEDGER.fetch_all(
        connection,
        "lineage/expected_deliveries.sql",
        owed=json.dumps([_row(place, one) for place, one in enumerate(owed)]),
        landed=json.dumps(
            [{"dataset": one.dataset, "sender": one.sender, "period": one.month.start.isoformat()} for one in landed]
        ),
        kommun_orgnr=settings.kommun_orgnr,
        kommun_namn=settings.kommun_namn,
        today=today,
    )
    return tuple(_expected(**row) for row in rows)


def _row(place: int, deadline: Deadline) -> dict[str, Any]:
    return {
        "place": place,
        "dataset": deadline.dataset,
        "owed_by": deadline.sender,
        "period": deadline.month.start.isoformat(),
        "period_end": deadline.month.end.isoformat(),
        "since": deadline.since.start.isoformat(),
        "due": deadline.due.isoformat(),
        "starts": deadline.starts.start.isoformat() if deadline.starts else None,
    }


def _expected(period: date, **row: Any) -> ExpectedDelivery:
    return ExpectedDelivery(month=Month.containing(period), **row)
