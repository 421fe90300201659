"""Providers' comments and requests for correction: each a case that is opened, answered and closed, and never lost.

A case changes no figure by itself: a wrong row is mended by a new file or an entry of ``rattelser``, and the case says so.
Source: Nacka, Kvalitetsrapport 2018, "Ärendet" (the dialogue is held over the provider's own figures); R82.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection

from arshjul.lineage.ledger import person_name
from arshjul.lineage.persons import holds_personnummer
from arshjul.lineage.statements import LEDGER
from arshjul.warehouse.errors import refused_as

Kind = Literal["synpunkt", "rattelse"]
Outcome = Literal["rattat", "besvarat", "avslaget"]

KIND_WORDS: dict[Kind, str] = {"synpunkt": "Synpunkt", "rattelse": "Begäran om rättelse"}
OUTCOME_WORDS: dict[Outcome, str] = {"rattat": "Rättat", "besvarat": "Besvarat", "avslaget": "Avslaget"}

_BY_CONSTRAINT = {
    "provider_case_provider_check": "Anordnaren anges med tio siffror.",
    "provider_case_subject_check": "Skriv vad ärendet gäller med mellan 10 och 1 000 tecken.",
    "provider_case_decision_check": "Skriv vad som är gjort med mellan 10 och 1 000 tecken.",
    "case_is_closed_after_it_came": "Ett ärende kan inte avslutas före den dag det kom.",
    "person_check": "Den som öppnar eller avslutar ärendet måste anges med namn.",
}


class CaseRefused(ValueError):
    """The case cannot be opened or closed like that; the message is a Swedish sentence."""


@dataclass(frozen=True)
class ProviderCase:
    """One case.

    Attributes:
        provider_case_id: Its number.
        provider: Ten-digit organisationsnummer.
        kind: A comment, or something that is said to be wrong.
        received_on: Day it came.
        subject: What it is about.
        outcome: How it ended; None while it is open.
        decision: What was done and why; None while it is open.
        closed_on: Day it was decided; None while it is open.
    """

    provider_case_id: int
    provider: str
    kind: Kind
    received_on: date
    subject: str
    outcome: Outcome | None
    decision: str | None
    closed_on: date | None

    def is_open(self, day: date) -> bool:
        """Say whether it was open at the end of a day."""
        return self.received_on <= day and (self.closed_on is None or self.closed_on > day)

    def as_json(self) -> dict[str, Any]:
        """The case for machines, with Swedish keys."""
        return {
            "arende": self.provider_case_id,
            "anordnare": self.provider,
            "slag": self.kind,
            "inkom": self.received_on.isoformat(),
            "galler": self.subject,
            "utfall": self.outcome,
            "beslut": self.decision,
            "avslutat": self.closed_on.isoformat() if self.closed_on else None,
        }


def require_provider(connection: Connection, provider: str) -> None:
    """Refuse a number that is no provider's, before it is written anywhere: a personnummer typed instead would stay for ever.

    Args:
        connection: Under the auditor's role.
        provider: What was typed.

    Raises:
        CaseRefused: The register has never had such a provider.
    """
    if not LEDGER.fetch_value(connection, "delivery/knows_provider.sql", provider=provider):
        raise CaseRefused("Anordnaren finns inte i registret. Ange dess organisationsnummer med tio siffror.")


def open_case(
    connection: Connection, *, provider: str, kind: Kind, received_on: date, subject: str, by: str, today: date
) -> ProviderCase:
    """Open a case. The very same case again is the same case.

    Args:
        connection: Under the role that publishes, inside a transaction; after a refusal it can only be rolled back.
        provider: Ten-digit organisationsnummer.
        kind: What it is.
        received_on: Day it came.
        subject: What it is about, in an official's words.
        by: User name of who opens it.
        today: The day in Sweden.

    Raises:
        CaseRefused: Something is written wrong, the day has not been, or a personnummer stands in the words.
    """
    _require_past(received_on, today)
    wanted = {"provider": provider, "kind": kind, "received_on": received_on, "subject": _words(subject)}
    LEDGER.fetch_value(connection, "lineage/lock_log.sql")
    made = LEDGER.fetch_value(connection, "delivery/same_case.sql", **wanted)
    if made is None:
        with refused_as(CaseRefused, _BY_CONSTRAINT):
            made = LEDGER.fetch_value(connection, "delivery/open_case.sql", **wanted, opened_by=person_name(by))
    return _find(connection, int(made))[0]


def close_case(
    connection: Connection, case_id: int, *, outcome: Outcome, decision: str, closed_on: date, by: str, today: date
) -> ProviderCase:
    """Close a case with what was done. The same ending on the same day by the same person changes nothing.

    Args:
        connection: As for :func:`open_case`.
        case_id: The case.
        outcome: How it ended.
        decision: What was done and why, as the provider is told.
        closed_on: The day.
        by: User name of who closes it.
        today: The day in Sweden.

    Raises:
        CaseRefused: There is no such case, it has ended in another way, the day has not been, or something is written wrong.
    """
    _require_past(closed_on, today)
    LEDGER.fetch_value(connection, "lineage/lock_log.sql")
    (known, closed_by), text = _find(connection, case_id), _words(decision)
    if closed_by is not None:
        wanted = (outcome, text, closed_on, person_name(by).lower())
        if (known.outcome, known.decision, known.closed_on, closed_by.lower()) == wanted:
            return known
        raise CaseRefused(
            f"Ärende {case_id} är redan avslutat den {known.closed_on} av {closed_by}. Öppna ett nytt om något återstår."
        )
    with refused_as(CaseRefused, _BY_CONSTRAINT):
        LEDGER.execute(
            connection,
            "delivery/close_case.sql",
            provider_case_id=case_id,
            outcome=outcome,
            decision=text,
            closed_on=closed_on,
            closed_by=person_name(by),
        )
    return _find(connection, case_id)[0]


def read_cases(
    connection: Connection, first: date, last: date, *, as_of: datetime | None = None, provider: str | None = None
) -> tuple[ProviderCase, ...]:
    """List the cases that came in some days, in the order they came.

    Args:
        connection: Under any role that reads, the reports' too.
        first: First day.
        last: Last day.
        as_of: What was known then; now by default.
        provider: Only this provider's.
    """
    rows = LEDGER.fetch_all(
        connection, "report/provider_cases.sql", as_of=as_of, provider=provider, first=first, last=last
    )
    return tuple(ProviderCase(**row) for row in rows)


def _find(connection: Connection, case_id: int) -> tuple[ProviderCase, str | None]:
    """Give a case, and who has closed it."""
    row = LEDGER.fetch_one(connection, "delivery/find_case.sql", provider_case_id=case_id)
    if row is None:
        raise CaseRefused(f"Det finns inget ärende med nummer {case_id}.")
    told = dict(row)
    closed_by = told.pop("closed_by")
    return ProviderCase(**told), closed_by


def _require_past(day: date, today: date) -> None:
    if day > today:
        raise CaseRefused("Dagen har inte varit än.")


def _words(text: str) -> str:
    told = " ".join(text.split())
    if holds_personnummer(told):
        raise CaseRefused("Skriv inga personnummer eller andra uppgifter om enskilda i ärendet.")
    return told
