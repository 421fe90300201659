"""What the registers tell of a report's period, read at one point of knowledge: ledger, deviations and actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from arshjul.registers.actions import Action, read_actions
from arshjul.registers.deviations import Deviation, LedgerMonth, read_deviations, read_ledger
from arshjul.reports.facts import document_date
from arshjul.reports.report_type import Reading


@dataclass(frozen=True)
class FollowUp:
    """The registers behind a report on economy and actions.

    Attributes:
        day: The day they are asked about: the document's.
        ledger: Budget and outcome of the period's months.
        deviations: The months beyond tolerance.
        actions: Every action that is known.
    """

    day: date
    ledger: tuple[LedgerMonth, ...]
    deviations: tuple[Deviation, ...]
    actions: tuple[Action, ...]


def read_follow_up(reading: Reading) -> FollowUp:
    """Read the registers for a report.

    Args:
        reading: Of the report; what was known when its figures were pinned is read, and nothing later.
    """
    connection, as_of, day = reading.connection, reading.facts.current.as_of, document_date(reading.facts)
    first, last = reading.facts.period.months[0], reading.facts.period.months[-1]
    actions = read_actions(connection, as_of)
    return FollowUp(
        day=day,
        ledger=read_ledger(connection, as_of, first, last),
        deviations=read_deviations(connection, reading.include, as_of, first, last, day, actions),
        actions=actions,
    )
