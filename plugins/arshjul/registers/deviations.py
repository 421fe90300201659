"""Deviations from budget: months of an object whose outcome is further from budget than is tolerated.

The tolerance stands in ``include/registers/deviations.yaml``, with the day each version applies from. A deviation is never
stored: it follows from the ledger and the tolerance, and has the same id each time, by which actions name it. Source:
BIN 2016-134, 5.1 Ekonomi- och verksamhetsuppföljning (vidtar erforderliga åtgärder vid avvikelser); R62.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection

from arshjul.catalogue.contracts import load_contracts
from arshjul.catalogue.deadlines import deadlines, load_calendar
from arshjul.catalogue.follow_ups import Tolerance, load_follow_ups
from arshjul.lineage.statements import LEDGER
from arshjul.periods import Month
from arshjul.registers.actions import Action, actions_by_source


@dataclass(frozen=True)
class LedgerMonth:
    """Budget and outcome of one object and month, all accounts together. Costs are positive, revenues negative.

    Attributes:
        object_id: The object.
        object_name: Its name.
        month: The month.
        budget: SEK.
        outcome: SEK.
        known_on: The day in Sweden when anything was first told of it.
    """

    object_id: str
    object_name: str
    month: Month
    budget: Decimal
    outcome: Decimal
    known_on: date

    @property
    def difference(self) -> Decimal:
        """Outcome minus budget: positive when it cost more, or brought in less, than was meant."""
        return self.outcome - self.budget

    @property
    def percent(self) -> Decimal | None:
        """The difference in percent of the budget's size; ``None`` without a budget."""
        return 100 * self.difference / abs(self.budget) if self.budget else None


@dataclass(frozen=True)
class Deviation:
    """One month of an object beyond the tolerance.

    Attributes:
        ledger: Budget and outcome.
        tolerance: The tolerance that it is beyond.
        seen_on: The day from which an action is waited for: when the ledger came, at the latest when it should have.
        actions: What is done about it.
        is_red: Nothing, ``days_to_action`` days later.
    """

    ledger: LedgerMonth
    tolerance: Tolerance
    seen_on: date
    actions: tuple[Action, ...]
    is_red: bool

    @property
    def deviation_id(self) -> str:
        """What an action names in ``kall_id``: ``ekonomi/OBJ-12/2026-03``."""
        return deviation_id(self.ledger.object_id, self.ledger.month)

    @property
    def act_by(self) -> date:
        """The last day to decide on an action before it is red."""
        return self.seen_on + timedelta(days=self.tolerance.days_to_action)


def deviation_id(object_id: str, month: Month) -> str:
    """Return the id of an object's deviation in a month."""
    return f"ekonomi/{object_id}/{month.key}"


def read_ledger(connection: Connection, as_of: datetime, first: Month, last: Month) -> tuple[LedgerMonth, ...]:
    """Read budget and outcome by object and month, in that order.

    Args:
        connection: Under a role that may read reports.
        as_of: Point of knowledge.
        first: First month.
        last: Last month.
    """
    rows = LEDGER.fetch_all(connection, "report/ledger_months.sql", as_of=as_of, first=first.start, last=last.start)
    return tuple(LedgerMonth(**{**row, "month": Month.containing(row["month"])}) for row in rows)


def tolerance_on(tolerances: Sequence[Tolerance], day: date) -> Tolerance:
    """Return the tolerance in force on a day: the newest that had begun, else the first."""
    begun = [one for one in tolerances if one.valid_from <= day]
    return max(begun or tolerances[:1], key=lambda one: one.valid_from)


def is_beyond(ledger: LedgerMonth, tolerance: Tolerance) -> bool:
    """Say whether a month is beyond a tolerance: by amount *and* by percent, so that neither pennies nor trifles count.

    Without a budget only the amount counts.
    """
    if abs(ledger.difference) <= tolerance.amount:
        return False
    return ledger.percent is None or abs(ledger.percent) > tolerance.percent


def read_deviations(
    connection: Connection,
    include: Path,
    as_of: datetime,
    first: Month,
    last: Month,
    day: date,
    actions: Iterable[Action],
) -> tuple[Deviation, ...]:
    """Read the deviations of a span of months, by object and month.

    Args:
        connection: Under a role that may read reports.
        include: The catalogue's folder.
        as_of: Point of knowledge.
        first: First month.
        last: Last month.
        day: The day it is asked.
        actions: From :func:`arshjul.registers.actions.read_actions`.

    Raises:
        CatalogueError: The tolerances are wrong.
    """
    tolerances = load_follow_ups(include).tolerances
    due = _due(include, first, last)
    linked = actions_by_source(actions)
    found = []
    for ledger in read_ledger(connection, as_of, first, last):
        tolerance = tolerance_on(tolerances, ledger.month.start)
        if not is_beyond(ledger, tolerance):
            continue
        taken = linked.get(("avvikelse", deviation_id(ledger.object_id, ledger.month)), ())
        seen_on = min(ledger.known_on, due[ledger.month.key])
        is_red = not taken and day > seen_on + timedelta(days=tolerance.days_to_action)
        found.append(Deviation(ledger, tolerance, seen_on, taken, is_red))
    return tuple(found)


def _due(include: Path, first: Month, last: Month) -> Mapping[str, date]:
    """When the ledger of each month is due, by the month's key."""
    contracts = load_contracts(include)
    calendar = load_calendar(include, contracts)
    due: dict[str, date] = {}
    month = last
    while month >= first:
        [due[month.key]] = [one.due for one in deadlines(contracts, calendar, month) if one.dataset == "ekonomi"]
        month = month.previous
    return due
