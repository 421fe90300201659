"""Internal control of the tertial reports themselves: lineage, approvals, changes and timeliness of each.

Source: BIN 2016-134, årshjulet, augusti (resultat av internkontroll av tertialrapporter); R85, T2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from arshjul.lineage.statements import LEDGER
from arshjul.periods import Tertial


@dataclass(frozen=True)
class ReportControl:
    """What the ledger says of one tertial's report.

    Attributes:
        tertial: The tertial.
        publication_id: Its newest publication; ``None`` when none has been made, and then the rest says nothing.
        published_on: The day: of the activity that was done with it, else by the ledger's clock.
        content_sha256: Hash of what was published.
        figures: How many figures it has.
        is_lineage_complete: Checks of core and of indicators are kept, and publication and figures stand in the chained
            log with the hash they have now.
        approvers: How many different persons approved it.
        publications: How many times it has been published: more than one is a change.
        revised_figures: How many of its figures have been computed anew with another value.
        dispatch: Day the papers of the board's meeting were sent out: the last day.
        meeting: Day of that meeting.
    """

    tertial: Tertial
    publication_id: int | None
    published_on: date | None
    content_sha256: str | None
    figures: int
    is_lineage_complete: bool
    approvers: int
    publications: int
    revised_figures: int
    dispatch: date | None
    meeting: date | None

    @property
    def is_in_time(self) -> bool | None:
        """It was there when the board's papers were sent out; ``None`` when it is not published or no meeting is known."""
        return None if self.published_on is None or self.dispatch is None else self.published_on <= self.dispatch

    @property
    def is_approved_by_two(self) -> bool:
        """Two different persons approved the content."""
        return self.approvers >= 2

    @property
    def holds(self) -> bool:
        """Published, whole, approved by two and in time."""
        return self.publication_id is not None and all(
            (self.is_lineage_complete, self.is_approved_by_two, self.is_in_time is not False)
        )


def read_report_controls(
    connection: Connection, as_of: datetime, year: int, day: date, organ: str, days_to_write: int = 30
) -> tuple[ReportControl, ...]:
    """Control the tertial reports of a year that should have been made by a day.

    Args:
        connection: Under a role that may read reports.
        as_of: Point of knowledge.
        year: The year.
        day: The day it is asked: a tertial that had not ended by then is left out.
        organ: The board, as the register of meetings names it.
        days_to_write: The report is for the first meeting whose papers are sent out at least so many days after the
            tertial's end.
    """
    ended = [one for one in (Tertial(year, number) for number in (1, 2, 3)) if one.end < day]
    return tuple(_control(connection, as_of, one, organ, days_to_write) for one in ended)


def _control(
    connection: Connection, as_of: datetime, tertial: Tertial, organ: str, days_to_write: int
) -> ReportControl:
    row: Any = LEDGER.fetch_one(
        connection,
        "report/report_control.sql",
        as_of=as_of,
        period=tertial.key,
        ended=tertial.end,
        organ=organ,
        days_to_write=days_to_write,
    )
    return ReportControl(tertial=tertial, **row)
