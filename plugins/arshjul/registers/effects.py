"""Exits that reached the goal and are to be followed up three, six and twelve months later: what is due, done, missing.

Source: Kvalitetsrapport 2018 för arbetsmarknadsinsatser, Nacka kommun, "Kunskaper om insatser för långsiktig hållbarhet,
effektuppföljningar": followed up three to six months, sometimes longer, after the exit (R55, G26).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from arshjul.lineage.statements import LEDGER

MONTHS_AFTER = (3, 6, 12)


@dataclass(frozen=True)
class EffectFollowUps:
    """How the follow-ups of one provider, so many months after the exit, stand. Unprotected: stays in the house.

    Attributes:
        provider: Ten-digit organisationsnummer.
        name: Its name in the register; the number when it is not there.
        months: 3, 6 or 12.
        due: Reached exits whose day has come.
        done: Of them, the person was reached and told.
        not_reached: Of them, somebody tried but did not reach the person.
        missing: Of them, nothing has been said. Never counted as a success.
    """

    provider: str
    name: str
    months: int
    due: int
    done: int
    not_reached: int
    missing: int


@dataclass(frozen=True)
class MissingFollowUp:
    """One follow-up that a provider has not told of, by the provider's own number of the enrolment.

    Attributes:
        provider: Ten-digit organisationsnummer.
        name: Its name in the register; the number when it is not there.
        email: Its address in the register; empty when it has none.
        insats_id: The provider's own number; no person.
        months: 3, 6 or 12.
        due: The day the follow-up was to be made.
    """

    provider: str
    name: str
    email: str
    insats_id: str
    months: int
    due: date


def effect_followups(
    connection: Connection, as_of: datetime, first_day: date, last_day: date
) -> tuple[EffectFollowUps, ...]:
    """Count the follow-ups that fall due between two days, by provider and months after the exit.

    A day is the exit's plus calendar months; where the month is shorter, its last (30 November + 3 months = 28 or 29
    February), as the indicators have it.

    Args:
        connection: Under a role that may see unprotected counts (compute, audit, publish); not the reports'.
        as_of: Point of knowledge.
        first_day: First day of the span.
        last_day: Last day of the span, inclusive.
    """
    rows = LEDGER.fetch_all(
        connection, "report/effect_followups.sql", as_of=as_of, first_day=first_day, last_day=last_day
    )
    return tuple(EffectFollowUps(**row) for row in rows)


def missing_followups(
    connection: Connection, as_of: datetime, first_day: date, last_day: date
) -> tuple[MissingFollowUp, ...]:
    """List the follow-ups that fell due between two days and that nothing has been told of, by provider and day.

    Args:
        connection: As for :func:`effect_followups`.
        as_of: Point of knowledge.
        first_day: First day of the span.
        last_day: Last day of the span, inclusive.
    """
    rows = LEDGER.fetch_all(
        connection, "report/missing_followups.sql", as_of=as_of, first_day=first_day, last_day=last_day
    )
    return tuple(MissingFollowUp(**row) for row in rows)
