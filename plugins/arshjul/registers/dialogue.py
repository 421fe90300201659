"""The yearly dialogue: with whom it is held, which themes the providers raise, and what one of them said.

Source: Kvalitetsrapport 2018 för arbetsmarknadsinsatser, Nacka kommun, "Ärendet" (providers with more than ten customers
the year before), "Framgångsfaktorer enligt anordnarna" and "Förbättringsområden enligt anordnare" (R80, R81, R97, T12).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection

from arshjul.lineage.statements import LEDGER
from arshjul.registers.actions import Action, read_actions

MORE_CUSTOMERS_THAN = 10
"""Strictly more: a provider with exactly ten is not asked (T12)."""

Kind = Literal["framgangsfaktor", "forbattringsomrade"]


@dataclass(frozen=True)
class DialogueProvider:
    """A provider that the year's dialogue is to be held with, and when it was held, if it has been.

    Attributes:
        provider: Ten-digit organisationsnummer.
        name: Its name in the register.
        email: Its address in the register; empty when it has none.
        held: The day of the dialogue; ``None`` until then.
    """

    provider: str
    name: str
    email: str
    held: date | None


@dataclass(frozen=True)
class Theme:
    """A theme that providers raised in a year's dialogues, with real counts; words for them are prose's.

    Attributes:
        kind: ``framgangsfaktor`` or ``forbattringsomrade``.
        theme: What it is about.
        providers: How many providers raised it.
        of: How many providers dialogues were held with that year.
    """

    kind: Kind
    theme: str
    providers: int
    of: int


@dataclass(frozen=True)
class Statement:
    """One thing that one provider said in its dialogue."""

    provider: str
    day: date
    kind: Kind
    theme: str
    text: str


def dialogue_providers(connection: Connection, as_of: datetime, year: int) -> tuple[DialogueProvider, ...]:
    """List the providers that the dialogue of a year is to be held with: more than ten customers the year before.

    Customers are distinct persons with an enrolment that was active some day of that year. How many they are is not told.

    Args:
        connection: Under any role that reads, the reports' too.
        as_of: Point of knowledge.
        year: The dialogue's year.

    Returns:
        By name.
    """
    rows = LEDGER.fetch_all(
        connection, "report/dialogue_providers.sql", as_of=as_of, year=year, more_than=MORE_CUSTOMERS_THAN
    )
    return tuple(DialogueProvider(**row) for row in rows)


def dialogue_themes(connection: Connection, as_of: datetime, year: int) -> tuple[Theme, ...]:
    """Count the providers that raised each theme in the dialogues of a year; the most common first within each kind.

    Args:
        connection: Under any role that reads, the reports' too.
        as_of: Point of knowledge.
        year: The dialogues' year.
    """
    rows = LEDGER.fetch_all(connection, "report/dialogue_themes.sql", as_of=as_of, year=year)
    return tuple(Theme(**row) for row in rows)


def dialogue_statements(connection: Connection, as_of: datetime, year: int, provider: str) -> tuple[Statement, ...]:
    """Read what one provider said in its dialogue of a year, in the order it was written down.

    Args:
        connection: Under any role that reads, the reports' too.
        as_of: Point of knowledge.
        year: The dialogue's year.
        provider: Ten-digit organisationsnummer; no other provider's words are given.
    """
    rows = LEDGER.fetch_all(connection, "report/dialogue_statements.sql", as_of=as_of, year=year, provider=provider)
    return tuple(Statement(**row) for row in rows)


def dialogue_actions(connection: Connection, as_of: datetime, year: int, provider: str) -> tuple[Action, ...]:
    """List the actions that came of one provider's dialogue of a year, with how they stand (R97).

    An action is the provider's when its ``kall_id`` is the provider's number, alone or followed by ``/`` and the theme.

    Args:
        connection: Under any role that reads, the reports' too.
        as_of: Point of knowledge.
        year: The year they were decided in: last year's, for this year's pack.
        provider: Ten-digit organisationsnummer.
    """
    return tuple(
        action
        for action in read_actions(connection, as_of)
        if action.source == "dialog" and action.source_id.partition("/")[0] == provider and action.decided.year == year
    )
