"""What the board decided about a publication, bound to the very bytes that were before it.

The decision is kept once and never changed; what has been decided stands, and an error is corrected by a new publication with
a decision of its own. Source: requirements R94 (a report goes up for decision); facts/privacy.md §5 (evidence).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from arshjul.lineage.ledger import person_name
from arshjul.lineage.releases import find_publication
from arshjul.lineage.statements import LEDGER
from arshjul.warehouse.errors import WarehouseError

_BY_CONSTRAINT = {
    "decision_paragraph_check": "Paragrafen skrivs som i protokollet: § 45.",
    "decision_decision_check": "Beslutet ska ha mellan 5 och 2 000 tecken.",
    "person_check": "Den som för in beslutet måste anges med namn.",
}


class DecisionRefused(ValueError):
    """The decision cannot be kept; the message is a Swedish sentence."""


@dataclass(frozen=True)
class BoardDecision:
    """What the board decided about one publication."""

    decision_id: int
    publication_id: int
    content_sha256: str
    decided_on: date
    paragraph: str
    decision: str
    recorded_by: str
    recorded_at: datetime


def newest_publication(connection: Connection, report_id: str, period: str) -> int:
    """Give the number of the newest publication of a report about a period.

    Raises:
        DecisionRefused: It has not been published.
    """
    found = LEDGER.fetch_value(connection, "published/newest_publication.sql", report_id=report_id, period=period)
    if found is None:
        raise DecisionRefused("Rapporten är inte publicerad för den perioden, så det finns inget att besluta om.")
    return int(found)


def find_board_decision(connection: Connection, publication_id: int) -> BoardDecision | None:
    """Read what the board decided about a publication, or None."""
    row = LEDGER.fetch_one(connection, "published/decision.sql", publication_id=publication_id)
    return BoardDecision(**row) if row else None


def record_board_decision(
    connection: Connection, publication_id: int, *, decided_on: date, paragraph: str, decision: str, recorded_by: str
) -> BoardDecision:
    """Keep what the board decided. The very same decision again changes nothing.

    Args:
        connection: Under the role that publishes, inside a transaction; after a refusal it can only be rolled back.
        publication_id: What was decided about.
        decided_on: Day of the meeting.
        paragraph: Of the minutes, such as ``§ 45``.
        decision: As the minutes have it; no person's name.
        recorded_by: User name of who records it.

    Raises:
        DecisionRefused: There is no such publication, it has been recalled, another decision is kept already, or something
            is written wrong.
    """
    if find_publication(connection, publication_id) is None:
        raise DecisionRefused("Publiceringen finns inte.")
    wanted = (decided_on, " ".join(paragraph.split()), decision.strip())
    try:
        LEDGER.execute(
            connection,
            "published/insert_decision.sql",
            publication_id=publication_id,
            decided_on=wanted[0],
            paragraph=wanted[1],
            decision=wanted[2],
            recorded_by=person_name(recorded_by),
        )
    except WarehouseError as error:
        if sentence := _BY_CONSTRAINT.get(error.constraint_name or ""):
            raise DecisionRefused(sentence) from None
        if error.sqlstate.startswith("AJ"):
            raise DecisionRefused(error.message) from None
        raise
    kept = find_board_decision(connection, publication_id)
    if kept is None or (kept.decided_on, kept.paragraph, kept.decision) != wanted:
        raise DecisionRefused(
            "Ett annat beslut är redan infört för den här versionen, och det kan inte ändras. En rättad rapport publiceras "
            "som en ny version och får ett eget beslut."
        )
    return kept
