"""What has happened to the year's activities: kept in the ledger, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from arshjul.lineage.statements import LEDGER

EventKind = Literal["startad", "paminnelse", "klar", "missad", "ej_aktuell"]


@dataclass(frozen=True)
class Event:
    """One thing that happened to one occurrence of an activity.

    Attributes:
        activity_id: The activity.
        year: The follow-up year of the occurrence.
        part: Which of several in the year (``2026-03``, or the day of a visit); empty when there is one a year.
        kind: ``startad``, ``paminnelse``, ``klar``, ``missad`` (the data team was told) or ``ej_aktuell``.
        on_day: The day in Sweden it counts for.
        note: Why, or what; the role that was reminded.
    """

    activity_id: str
    year: int
    part: str
    kind: EventKind
    on_day: date
    note: str = ""


def record(
    connection: Connection,
    activity_id: str,
    year: int,
    kind: EventKind,
    on_day: date,
    *,
    run_id: int,
    part: str = "",
    note: str = "",
) -> None:
    """Record that something happened; the same thing on the same day is recorded once.

    Args:
        connection: Under a role that runs belong to (intake, compute or publish), inside a transaction.
        activity_id: The activity.
        year: The follow-up year of the occurrence.
        kind: What happened. ``ej_aktuell`` needs a reason of at least ten characters.
        on_day: The day in Sweden it counts for.
        run_id: The run that records it.
        part: Which of several in the year.
        note: Why, or what; never personal data.

    Raises:
        WarehouseError: The kind is unknown, or ``ej_aktuell`` has no reason.
    """
    LEDGER.execute(
        connection,
        "wheel/insert_event.sql",
        activity_id=activity_id,
        year=year,
        part=part,
        kind=kind,
        on_day=on_day,
        run_id=run_id,
        note=note,
    )


def read(connection: Connection, first_year: int, last_year: int, until: date) -> tuple[Event, ...]:
    """Give what has happened to the occurrences of some follow-up years, oldest first.

    Args:
        connection: Under any role of ours.
        first_year: First follow-up year.
        last_year: Last follow-up year.
        until: The last day that counts: a later event is not known then.
    """
    rows = LEDGER.fetch_all(connection, "wheel/events.sql", first_year=first_year, last_year=last_year, until=until)
    return tuple(Event(**row) for row in rows)


def in_use_since(connection: Connection, until: date) -> date:
    """Give the day the årshjul came into use: the first of which anything is recorded, or the day it is asked for.

    Args:
        connection: Under any role of ours.
        until: The day it is asked for.
    """
    first: date | None = LEDGER.fetch_value(connection, "wheel/first_day.sql", until=until)
    return first or until
