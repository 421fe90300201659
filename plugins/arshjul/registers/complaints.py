"""Complaints that show a deficiency, and whether anything is done about it. For working papers only: no text, no counts.

Source: BIN 2016-134, 5.3 Klagomålshantering (AMI tillser att nödvändiga åtgärder vidtas); R87, R89.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from arshjul.lineage.statements import LEDGER


@dataclass(frozen=True)
class Deficiency:
    """One view or complaint that shows a deficiency.

    Attributes:
        case_id: Its id.
        received: Day it came.
        kind: ``synpunkt`` or ``klagomal``.
        kind_title: The kind in words.
        object_id: What it is about.
        category: Code of the list ``arendekategorier``.
        category_title: The category in words.
        action_ids: Actions that come of it: named by the case, or naming it.
    """

    case_id: str
    received: date
    kind: str
    kind_title: str
    object_id: str
    category: str
    category_title: str
    action_ids: tuple[str, ...]

    @property
    def is_red(self) -> bool:
        """Nothing is done about it."""
        return not self.action_ids


def read_deficiencies(connection: Connection, as_of: datetime, first: date, last: date) -> tuple[Deficiency, ...]:
    """Read the cases of a span of days that show a deficiency, in order of time; red ones have no action.

    Args:
        connection: Under a role that may read reports.
        as_of: Point of knowledge.
        first: First day of receipt.
        last: Last day.
    """
    rows = LEDGER.fetch_all(connection, "report/deficiencies.sql", as_of=as_of, first=first, last=last)
    return tuple(Deficiency(**{**row, "action_ids": tuple(row["action_ids"])}) for row in rows)
