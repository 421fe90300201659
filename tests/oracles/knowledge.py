"""What was known when: every version of every row, and what of it counts at a point of knowledge.

Source: spec/deliveries.md ("A second delivery replaces the first", "What is current for an enrolment is what its newest
delivery month says", "a row that is gone from the newest delivery is closed, not erased").
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

Row = dict[str, Any]
World = dict[str, list[Row]]
"""All versions of all rows, by table."""


@dataclass(frozen=True)
class Period:
    """Both days are inside."""

    start: date
    end: date

    @property
    def month_ends(self) -> list[date]:
        days = (self.start + timedelta(days=number) for number in range((self.end - self.start).days + 1))
        return [day for day in days if day.day == calendar.monthrange(day.year, day.month)[1]]

    def holds(self, day: date | None) -> bool:
        return day is not None and self.start <= day <= self.end


def known(rows: Iterable[Row], as_of: datetime) -> list[Row]:
    return [row for row in rows if row["known_from"] <= as_of < row["known_to"]]


def current(rows: Iterable[Row], key: tuple[str, ...], as_of: datetime) -> list[Row]:
    """Of what was known, keep for each key what its newest month says."""
    newest: dict[Any, Row] = {}
    for row in known(rows, as_of):
        name = tuple(row[column] for column in key)
        if name not in newest or newest[name]["period"] < row["period"]:
            newest[name] = row
    return list(newest.values())


def register(rows: Iterable[Row], key: str, as_of: datetime) -> list[Row]:
    """A register is delivered whole: what a newer one lacks was closed when that one's month began."""
    deliveries = sorted({row["period"] for row in known(rows, as_of)})
    return [
        {**row, "closed_from": next((month for month in deliveries if month > row["period"]), None)}
        for row in current(rows, (key,), as_of)
    ]


def later(day: date, months: int) -> date:
    """So many calendar months later; the last day of the month where the day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
