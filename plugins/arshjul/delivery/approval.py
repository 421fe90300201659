"""Four eyes: what two persons decide about one package, bound to its exact content.

The database decides what is allowed (migration 0003, ``lineage.check_approval``): another hash, the same person twice,
whoever prepared the package, the wrong order, and anything after a rejection are refused there, whoever calls.
"""

from __future__ import annotations

from sqlalchemy import Connection

from arshjul.lineage.ledger import person_name
from arshjul.lineage.releases import Decision, Step, approvals, find_package
from arshjul.lineage.statements import LEDGER
from arshjul.warehouse.errors import WarehouseError

_BY_CONSTRAINT = {
    "approval_once_per_step": "Steget är redan avgjort av någon annan.",
    "rejection_needs_comment": "Den som avvisar ett paket måste skriva varför.",
    "person_check": "Den som beslutar måste anges med namn.",
    "approval_step_check": "Steget ska vara granskning eller godkannande.",
    "approval_decision_check": "Beslutet ska vara godkand eller avvisad.",
}


class ApprovalRefused(ValueError):
    """The decision may not be made; the message is a Swedish sentence.

    Attributes:
        code: The database's code (``AJ010``–``AJ014``), the name of the constraint, or ``saknas``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def record_decision(
    connection: Connection,
    *,
    package_id: int,
    content_sha256: str,
    step: Step,
    person: str,
    decision: Decision,
    comment: str = "",
) -> None:
    """Write one person's decision to the ledger. The very same decision again changes nothing.

    Args:
        connection: Inside a transaction; after a refusal it can only be rolled back.
        package_id: The package.
        content_sha256: The content the person saw.
        step: ``granskning`` first, ``godkannande`` second.
        person: The person's user name.
        decision: ``godkand`` or ``avvisad``.
        comment: Why; required when rejected.

    Raises:
        ApprovalRefused: The four eyes, the order or the content do not allow it.
    """
    person, comment = person_name(person), comment.strip()
    # The log's lock first: a task and its retry at the same moment become one after the other.
    LEDGER.fetch_value(connection, "lineage/lock_log.sql")
    if find_package(connection, package_id) is None:
        raise ApprovalRefused("saknas", "Paketet finns inte.")
    same = (content_sha256, step, person, decision, comment)
    for made in approvals(connection, package_id):
        if (made.content_sha256, made.step, made.person, made.decision, made.comment) == same:
            return
    try:
        LEDGER.execute(
            connection,
            "delivery/insert_approval.sql",
            package_id=package_id,
            content_sha256=content_sha256,
            step=step,
            person=person,
            decision=decision,
            comment=comment,
        )
    except WarehouseError as error:
        if error.sqlstate.startswith("AJ"):
            raise ApprovalRefused(error.sqlstate, error.message) from None
        if sentence := _BY_CONSTRAINT.get(error.constraint_name or ""):
            raise ApprovalRefused(error.constraint_name or "", sentence) from None
        raise
