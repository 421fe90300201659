"""What lies in quarantine, why, since when, and how it was at earlier times. Row numbers and rules, never a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import repeat, starmap
from typing import Any

from sqlalchemy import Connection

from arshjul.intake.receipts import sorted_reasons
from arshjul.intake.verdicts import Reason
from arshjul.lineage.expected import SWEDEN
from arshjul.periods import Month
from arshjul.warehouse.statements import Statements


@dataclass(frozen=True)
class Filter:
    """What is asked about; everything when nothing is named."""

    dataset: str | None = None
    sender: str | None = None
    month: Month | None = None
    rule: str | None = None

    def parameters(self) -> dict[str, Any]:
        """Return the values that every statement about quarantine is bound with."""
        return {
            "dataset": self.dataset,
            "sender": self.sender,
            "period": self.month.start if self.month else None,
            "rule": self.rule,
        }


Rows = list[dict[str, Any]]


def reasons_of(connection: Connection, statements: Statements, delivery_id: int) -> tuple[Reason, ...]:
    """Give every reason why a row of one delivery is not loaded now, in the order of receipts.

    Args:
        connection: Under a role that may read quarantine.
        statements: The statements of ``include/sql``.
        delivery_id: The delivery.
    """
    reasons: list[Reason] = []
    # A reason's texts are one object for all its rows: a large file has tens of thousands of them.
    for one in statements.fetch_all(connection, "quarantine/reasons_of.sql", delivery_id=delivery_id):
        texts = repeat(one["field"]), repeat(one["rule"]), repeat(one["text"])
        reasons += starmap(Reason, zip(one["rows"], *texts, strict=False))
    return sorted_reasons(reasons)


def by_rule(connection: Connection, statements: Statements, which: Filter) -> Rows:
    """Count the rows in quarantine by delivery and rule.

    Args:
        connection: Under a role that may read quarantine.
        statements: The statements of ``include/sql``.
        which: What is asked about.
    """
    return _told(connection, statements, "by_rule", **which.parameters())


def rows(connection: Connection, statements: Statements, which: Filter) -> Rows:
    """List every reason why a row is in quarantine, with its sentence; arguments as :func:`by_rule`."""
    return _told(connection, statements, "rows", **which.parameters())


def left_rows(connection: Connection, statements: Statements, which: Filter) -> Rows:
    """List every reason that no longer keeps a row out, with when and why it went; arguments as :func:`by_rule`."""
    return _told(connection, statements, "left_rows", **which.parameters())


def corrections(connection: Connection, statements: Statements, which: Filter) -> Rows:
    """List the corrections in force and what they do; arguments as :func:`by_rule`, the rule has no meaning here."""
    parameters = {name: value for name, value in which.parameters().items() if name != "rule"}
    return [row | {"state": _state(row)} for row in _told(connection, statements, "corrections", **parameters)]


def over_time(connection: Connection, statements: Statements, which: Filter, now: datetime) -> Rows:
    """Count the rows that lay in quarantine at each month's end in Sweden and now.

    Args:
        connection: Under a role that may read quarantine.
        statements: The statements of ``include/sql``.
        which: What is asked about.
        now: The last time that is told.

    Returns:
        For each time one row without dataset and rule with all rows, then one for each rule of each dataset.
    """
    first = statements.fetch_value(connection, "quarantine/first_judgement.sql")
    if first is None:
        return []
    moments = [*_month_ends(first, now), now]
    return _told(connection, statements, "over_time", moments=moments, **which.parameters())


def _told(connection: Connection, statements: Statements, name: str, **parameters: Any) -> Rows:
    return [_plain(dict(row)) for row in statements.fetch_all(connection, f"quarantine/{name}.sql", **parameters)]


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON has it: a delivery month by its key, a time with its zone."""
    for name, value in told.items():
        if name == "period":
            told[name] = Month.containing(value).key
        elif hasattr(value, "isoformat"):
            told[name] = value.isoformat()
    return told


def _month_ends(first: datetime, now: datetime) -> Iterator[datetime]:
    day = Month.containing(first.astimezone(SWEDEN).date()).end + timedelta(days=1)
    while (end := datetime.combine(day, time.min, SWEDEN)) < now:
        yield end
        day = Month.containing(day).end + timedelta(days=1)


def _state(row: Mapping[str, Any]) -> str:
    if row["delivery_id"] is None:
        return "vantar"
    return "tillampas" if row["rows_corrected"] else "behovs_inte"
