"""Deletion by decision (gallring): received files are destroyed for good, and what was published of them stands and is traceable.

Received files are public documents (inkomna allmänna handlingar): only a decision of the board lets them be destroyed, and only
when the plan of documents says that their term has ended. One person asks for it and another approves it. What goes is the
archived content with its key, typed rows in staging, and in the vault the identities and texts that no file that is kept
names. What stays is the ledger (hash, counts, receipts, reasons) and core's pseudonymous rows, so that a published figure can
be computed again. Every step can be done twice: a worker that is killed half way has its work finished by whoever with the right,
other than the one who asked, approves it next.

Source: facts/privacy.md §2.4 (arkivlagen 10 §); R103.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from arshjul.catalogue.retention import RetentionPlan, load_retention
from arshjul.intake.office import Office
from arshjul.lineage.expected import SWEDEN
from arshjul.lineage.ledger import person_name
from arshjul.lineage.statements import LEDGER
from arshjul.periods import Month
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction
from arshjul.warehouse.errors import refused_as
from arshjul.warehouse.statements import execute_text

_TWO_PERSONS = "Två olika personer behövs: den som har begärt gallringen kan inte godkänna den."
_BY_CONSTRAINT = {
    "disposal_needs_two_persons": _TWO_PERSONS,
    "disposal_reference_check": "Beslutets paragraf eller diarienummer ska ha mellan 3 och 100 tecken.",
    "disposal_decision_check": "Beslutet ska ha mellan 10 och 2 000 tecken.",
    "person_check": "Den som begär eller godkänner måste anges med namn.",
}


class DisposalRefused(ValueError):
    """The files may not be destroyed, or not by that person; the message is a Swedish sentence."""


class _Place(NamedTuple):
    """A column of core that names what lies in the vault."""

    dataset: str
    column: str


@dataclass(frozen=True)
class Selection:
    """The files that a decision names: by content, by delivery, or by dataset and months.

    Attributes:
        hashes: SHA-256 of contents.
        delivery_ids: Numbers of deliveries.
        dataset: A dataset, with ``first`` and ``last``.
        sender: Of that dataset only this sender's.
        first: First delivery month.
        last: Last delivery month.
    """

    hashes: tuple[str, ...] = ()
    delivery_ids: tuple[int, ...] = ()
    dataset: str | None = None
    sender: str | None = None
    first: Month | None = None
    last: Month | None = None


@dataclass(frozen=True)
class Candidate:
    """One delivery that would be destroyed, or why it may not be.

    Attributes:
        refusal: Why it may not be destroyed, in Swedish; empty when it may.
    """

    delivery_id: int
    dataset: str | None
    sender: str | None
    period: date | None
    file_name: str
    sha256: str
    size_bytes: int
    status: str
    received_at: datetime
    rows_in: int | None
    rows_quarantined: int | None
    refusal: str

    def as_json(self) -> dict[str, Any]:
        """The delivery for machines, with Swedish keys."""
        return {
            "leverans": self.delivery_id,
            "dataset": self.dataset,
            "avsandare": self.sender,
            "manad": self.period.isoformat()[:7] if self.period else None,
            "fil": self.file_name,
            "sha256": self.sha256,
            "byte": self.size_bytes,
            "rader": self.rows_in,
            "rader_i_karantan": self.rows_quarantined,
            "hinder": self.refusal or None,
        }


@dataclass(frozen=True)
class Decision:
    """What the board decided: the day of the meeting, paragraph or registry number, and the words of the minutes."""

    decided_on: date
    reference: str
    text: str


@dataclass(frozen=True)
class Disposal:
    """A request that files are destroyed; approved and done when the times are there."""

    disposal_id: int
    decided_on: date
    reference: str
    decision: str
    files: tuple[dict[str, Any], ...]
    requested_by: str
    requested_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    done_at: datetime | None
    destroyed: dict[str, int] | None


def find_candidates(
    connection: Connection, settings: Settings, selection: Selection, today: date
) -> tuple[Candidate, ...]:
    """List what a selection would destroy, and what of it may not be and why.

    The same bytes are one content, however often they were delivered: all their deliveries are listed, and if one of them may not
    be destroyed none of them may.

    Args:
        connection: Under the auditor's role, for instance.
        settings: Where the plan of documents is.
        selection: What the decision names.
        today: The day in Sweden.

    Raises:
        DisposalRefused: Production has the demo's plan.
    """
    plan = load_retention(settings.include)
    if settings.is_production and plan.made_up:
        raise DisposalRefused("Dokumenthanteringsplanen är demons. Rätta include/governing/retention.yaml.")
    rows = LEDGER.fetch_all(
        connection,
        "disposal/candidates.sql",
        hashes=list(selection.hashes),
        delivery_ids=list(selection.delivery_ids),
        dataset=selection.dataset,
        sender=selection.sender,
        first=selection.first.start if selection.first else None,
        last=selection.last.start if selection.last else None,
    )
    refusals = {row["delivery_id"]: _refusal(plan, row, today) for row in rows}
    by_content = {row["sha256"]: text for row in rows if (text := refusals[row["delivery_id"]])}
    return tuple(
        Candidate(
            **{name: value for name, value in row.items() if name != "is_unreported"},
            refusal=refusals[row["delivery_id"]] or by_content.get(row["sha256"], ""),
        )
        for row in rows
    )


def request_disposal(
    connection: Connection, candidates: Iterable[Candidate], decision: Decision, *, by: str, today: date
) -> Disposal:
    """Ask for files to be destroyed. The same person's same request again changes nothing; nothing is destroyed yet.

    Args:
        connection: Under the role that publishes, inside a transaction; after a refusal it can only be rolled back.
        candidates: From :func:`find_candidates`.
        decision: The board's decision.
        by: User name of who asks.
        today: The day in Sweden.

    Raises:
        DisposalRefused: There is nothing to destroy, a file may not be, or the decision is written wrong.
    """
    chosen = tuple(candidates)
    if not chosen:
        raise DisposalRefused("Inga filer att gallra: de finns inte, eller är redan gallrade.")
    if kept := [one for one in chosen if one.refusal]:
        raise DisposalRefused(
            f"{len(kept)} av {len(chosen)} filer får inte gallras. {_named(kept[0])}: {kept[0].refusal}"
        )
    if decision.decided_on > today:
        raise DisposalRefused("Beslutets dag har inte varit än.")
    files = [{"delivery_id": one.delivery_id, "sha256": one.sha256} for one in chosen]
    wanted = {
        "decided_on": decision.decided_on,
        "reference": " ".join(decision.reference.split()),
        "decision": decision.text.strip(),
        "files": json.dumps(files),
        "requested_by": person_name(by),
    }
    LEDGER.fetch_value(connection, "lineage/lock_log.sql")
    made = LEDGER.fetch_value(connection, "disposal/same_request.sql", **wanted)
    if made is None:
        with refused_as(DisposalRefused, _BY_CONSTRAINT):
            made = LEDGER.fetch_value(connection, "disposal/request.sql", **wanted)
    return find_disposal(connection, int(made))


def find_disposal(connection: Connection, disposal_id: int) -> Disposal:
    """Read a disposal.

    Raises:
        DisposalRefused: There is none with that number.
    """
    row = LEDGER.fetch_one(connection, "disposal/find.sql", disposal_id=disposal_id)
    if row is None:
        raise DisposalRefused(f"Det finns ingen begäran om gallring med nummer {disposal_id}.")
    return Disposal(**{**row, "files": tuple(row["files"])})


def approve_disposal(connection: Connection, settings: Settings, disposal_id: int, *, by: str, today: date) -> Disposal:
    """Approve that files are destroyed; :func:`carry_out` then does it. What is approved is not approved again, but may be
    carried out by anybody with the right except the one who asked: the first to approve may be away when it was interrupted.

    Args:
        connection: As for :func:`request_disposal`.
        settings: Where the plan of documents is.
        disposal_id: The request.
        by: User name of the second person, or of whoever finishes what was interrupted.
        today: The day in Sweden.

    Raises:
        DisposalRefused: It is the person who asked, or a file may no longer be destroyed.
    """
    LEDGER.fetch_value(connection, "lineage/lock_log.sql")
    asked = find_disposal(connection, disposal_id)
    if asked.approved_by is not None:
        if asked.requested_by.lower() == person_name(by).lower():
            raise DisposalRefused(_TWO_PERSONS)
        return asked
    wanted = tuple(file["delivery_id"] for file in asked.files)
    found = find_candidates(connection, settings, Selection(delivery_ids=wanted), today)
    if kept := [one for one in found if one.refusal]:
        raise DisposalRefused(f"{_named(kept[0])} får inte gallras: {kept[0].refusal}")
    if {one.delivery_id for one in found} != set(wanted):
        raise DisposalRefused("Filerna har ändrats sedan gallringen begärdes. Begär den på nytt.")
    with refused_as(DisposalRefused, _BY_CONSTRAINT):
        LEDGER.execute(connection, "disposal/approve.sql", disposal_id=disposal_id, approved_by=person_name(by))
    return find_disposal(connection, disposal_id)


def carry_out(office: Office, disposal_id: int) -> Disposal:
    """Destroy what an approved disposal names. Killed half way, it is finished by being called again.

    Under the owner's role: nobody else may take anything out of the vault. A content that has come once more since, for another
    month for instance, is left: no decision names that delivery.

    Args:
        office: What intake works with.
        disposal_id: An approved disposal.

    Raises:
        DisposalRefused: It is not approved.
    """
    with transaction(office.settings, Role.OWNER) as connection:
        LEDGER.fetch_value(connection, "lineage/lock_loads_out.sql")
        LEDGER.fetch_one(connection, "disposal/lock.sql", disposal_id=disposal_id)
        disposal = find_disposal(connection, disposal_id)
        if disposal.approved_at is None:
            raise DisposalRefused("Gallringen är inte godkänd av en andra person.")
        if disposal.done_at is not None:
            return disposal
        hashes = [
            row["sha256"] for row in LEDGER.fetch_all(connection, "disposal/contents.sql", disposal_id=disposal_id)
        ]
        _clear_staging(office, disposal)
        # The contents go first: what is marked as done can never still be read.
        for sha256 in hashes:
            office.archive.forget(sha256)
        # Counted from the decision, so that a second time says the same as the first would have.
        destroyed = {"filer": len(hashes), **_forget(office, connection, disposal)}
        LEDGER.execute(connection, "disposal/mark_done.sql", disposal_id=disposal_id, destroyed=json.dumps(destroyed))
        return find_disposal(connection, disposal_id)


def _forget(office: Office, connection: Connection, disposal: Disposal) -> dict[str, int]:
    """Remove from the vault what no file that is kept names, and say how much went."""
    contracts = list(office.contracts.values())
    delivery_ids = [file["delivery_id"] for file in disposal.files]
    persons = [
        _Place(one.name, field.column) for one in contracts for field in one.fields if field.format == "personnummer"
    ]
    texts = [_Place(one.name, field.column) for one in contracts for field in one.sensitive_fields]

    def forget(table: str, key: str, places: list[_Place]) -> int:
        sql = office.statements.render("disposal/forget.sql.j2", table=table, key=key, places=places)
        return execute_text(connection, sql, disposal_id=disposal.disposal_id, delivery_ids=delivery_ids)

    return {"identiteter": forget("alias", "person_id", persons), "texter": forget("text", "mark", texts)}


def _clear_staging(office: Office, disposal: Disposal) -> None:
    """Remove typed rows that the gate has not removed yet. They are intake's own, so it does it."""
    delivery_ids = [file["delivery_id"] for file in disposal.files]
    with office.engine.begin() as connection:
        for contract in office.contracts.values():
            sql = office.statements.render("disposal/clear_staging.sql.j2", contract=contract)
            execute_text(connection, sql, delivery_ids=delivery_ids)


def _refusal(plan: RetentionPlan, row: Any, today: date) -> str:
    """Say why a delivery may not be destroyed; nothing when it may."""
    if row["status"] == "landad":
        return "den är inte färdigläst"
    free = plan.free_from(row["dataset"], row["period"], row["received_at"].astimezone(SWEDEN).date())
    if free is None:
        return "den ska bevaras, för dokumenthanteringsplanen har ingen gallringsfrist för den"
    if today < free:
        return f"gallringsfristen går ut först {free.isoformat()}"
    if row["is_unreported"]:
        return "det som den säger är inte publicerat än"
    return ""


def _named(one: Candidate) -> str:
    return f"Leverans {one.delivery_id} ({one.file_name})"
