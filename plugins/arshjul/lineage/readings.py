"""Who has read what: every time rows about single persons, or figures that are not protected, are shown at the keyboard.

The row is committed before anything is shown, and holds the database's login, the command and what was asked for; never a value.
Reports and public figures are not in it: they show nobody. Source: R103 (access log).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from arshjul.lineage.persons import fit_to_keep
from arshjul.lineage.statements import LEDGER
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction


@dataclass(frozen=True)
class ReadingEvent:
    """One time something was shown.

    Attributes:
        reading_id: Its number.
        read_at: When.
        reader: The database's login.
        command: The command that showed it.
        what: What was asked for.
        rows: How many rows were shown.
    """

    reading_id: int
    read_at: datetime
    reader: str
    command: str
    what: str
    rows: int

    def as_json(self) -> dict[str, Any]:
        """The event for machines, with Swedish keys."""
        return {
            "nummer": self.reading_id,
            "tid": self.read_at.astimezone(UTC).isoformat(),
            "inloggning": self.reader,
            "kommando": self.command,
            "vad": self.what,
            "rader": self.rows,
        }


def record_reading(settings: Settings, command: str, what: str, rows: int) -> None:
    """Record that rows are about to be shown, or that somebody looked and there were none.

    Args:
        settings: Where the ledger is.
        command: The command, without ``arshjul``.
        what: What was asked for: names of the catalogue, periods, organisation numbers; no person.
        rows: How many rows are shown, or a figure rests on; it may rest on none.
    """
    with transaction(settings, Role.AUDIT) as connection:
        LEDGER.execute(connection, "lineage/insert_reading.sql", command=command, what=fit_to_keep(what), rows=rows)


def read_readings(connection: Connection, since: datetime | None = None) -> tuple[ReadingEvent, ...]:
    """List what has been shown to whom, the newest first.

    Args:
        connection: Under the auditor's role.
        since: From when; everything by default.
    """
    rows = LEDGER.fetch_all(connection, "lineage/readings.sql", since=since)
    return tuple(ReadingEvent(**row) for row in rows)
