"""Actions: what is to be done about what was found, how far it has come, and what came of it.

Source: BIN 2016-134, 5.2 (enhetschef ansvarar för att åtgärder genomförs) and 6 (planera, genomför, följ upp och
analysera, förbättra och åtgärda); R73, R74, R90.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection

from arshjul.lineage.statements import LEDGER
from arshjul.periods import Period, parse_period

LAST_STAGE = "forbattra"
NOTHING_TO_COMPARE = "jämförelsevärde saknas"


@dataclass(frozen=True)
class Action:
    """One action of ``atgarder``, as its newest delivery month tells it.

    Attributes:
        action_id: Its id.
        source: What it comes from, code of ``atgardskallor``.
        source_title: That in words.
        source_id: Id of the visit, case, deviation, control (``IK-1/2026-03-12``), dialogue or report.
        text: What is to be done.
        responsible: The function that is responsible.
        co_responsible: The function that shares it.
        stage: Stage of improvement, code of ``pdca_faser``.
        stage_title: The stage in words.
        stage_since: First day of the delivery month that first told of the stage; the day of decision at the earliest.
        decided: Day it was decided.
        due: Day it is due.
        status: ``oppen``, ``pagar`` or ``klar``.
        status_title: The status in words.
        done_on: Day it was done.
        evidence: What shows that it is done.
        indicator_id: The indicator it is to move.
        expected_effect: What it is expected to lead to.
        delivery_id: The delivery that told it.
        row_no: Row of that file.
    """

    action_id: str
    source: str
    source_title: str
    source_id: str
    text: str
    responsible: str
    co_responsible: str | None
    stage: str
    stage_title: str
    stage_since: date
    decided: date
    due: date
    status: str
    status_title: str
    done_on: date | None
    evidence: str | None
    indicator_id: str | None
    expected_effect: str | None
    delivery_id: int
    row_no: int

    @property
    def is_done(self) -> bool:
        """It is done, and something shows it."""
        return self.status == "klar" and bool(self.evidence)

    @property
    def is_closed(self) -> bool:
        """It is done and has reached the last of the four stages: they come in order."""
        return self.is_done and self.stage == LAST_STAGE

    def is_overdue(self, day: date) -> bool:
        """It was due before ``day`` and is not done."""
        return not self.is_done and self.due < day

    def days_in_stage(self, day: date) -> int:
        """How many days it has been in its stage."""
        return max(0, (day - self.stage_since).days)


@dataclass(frozen=True)
class StageCount:
    """The actions that stand in one stage and are not closed.

    Attributes:
        stage: Code of ``pdca_faser``.
        title: The stage in words.
        count: How many.
        overdue: How many of them are overdue.
        oldest_days: How many days the oldest has been in the stage; ``None`` when there are none.
    """

    stage: str
    title: str
    count: int
    overdue: int
    oldest_days: int | None


@dataclass(frozen=True)
class Effect:
    """What the indicator said before an action was decided and after it was done.

    Attributes:
        action: The action.
        before_period: The newest period that ended before the day of decision.
        before: Its public value.
        after_period: The newest period that began after the action was done.
        after: Its public value.
    """

    action: Action
    before_period: Period | None
    before: Decimal | None
    after_period: Period | None
    after: Decimal | None

    @property
    def change(self) -> Decimal | None:
        """The value after minus the value before; ``None`` when either is lacking or withheld."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def words(self) -> str | None:
        """``jämförelsevärde saknas`` when nothing can be compared, else ``None``: the figures speak."""
        return NOTHING_TO_COMPARE if self.change is None else None


def read_actions(connection: Connection, as_of: datetime) -> tuple[Action, ...]:
    """Read every action, by day due and id.

    Args:
        connection: Under a role that may read reports.
        as_of: Point of knowledge.
    """
    return tuple(Action(**row) for row in LEDGER.fetch_all(connection, "report/actions.sql", as_of=as_of))


def actions_by_source(actions: Iterable[Action]) -> Mapping[tuple[str, str], tuple[Action, ...]]:
    """Put actions under what they come from: ``(source, source_id)``."""
    found: dict[tuple[str, str], tuple[Action, ...]] = {}
    for one in actions:
        found[one.source, one.source_id] = (*found.get((one.source, one.source_id), ()), one)
    return found


def stage_counts(actions: Iterable[Action], day: date) -> tuple[StageCount, ...]:
    """Count the actions that are not closed by stage, in the order of the stages that occur (R90).

    Args:
        actions: From :func:`read_actions`.
        day: The day it is asked.
    """
    by_stage: dict[str, list[Action]] = {stage: [] for stage in ("planera", "genomfor", "folj_upp", LAST_STAGE)}
    for one in actions:
        if not one.is_closed and one.decided <= day:
            by_stage.setdefault(one.stage, []).append(one)
    return tuple(
        StageCount(
            stage,
            found[0].stage_title,
            len(found),
            sum(one.is_overdue(day) for one in found),
            max(one.days_in_stage(day) for one in found),
        )
        for stage, found in by_stage.items()
        if found
    )


def later_effect(action: Action, values: Sequence[tuple[Period, Decimal | None]]) -> Effect:
    """Set an action beside the indicator it was to move: the newest value before, and the newest after (R74).

    That the one followed the other is all it says; what caused it the figures cannot tell.

    Args:
        action: The action.
        values: Public values of its indicator by period, of one length of period; ``None`` for one that is withheld.
    """
    begun = action.done_on or action.decided
    before = max((one for one in values if one[0].end < action.decided), key=_ended, default=(None, None))
    after = max((one for one in values if one[0].start > begun), key=_ended, default=(None, None))
    return Effect(action, *before, *after)


def read_effects(connection: Connection, as_of: datetime, actions: Iterable[Action]) -> Mapping[str, Effect]:
    """Set every action that names an indicator beside the totals that have been published of it, by the action's id.

    Args:
        connection: Under a role that may read reports.
        as_of: Point of knowledge.
        actions: From :func:`read_actions`.
    """
    aimed = [one for one in actions if one.indicator_id]
    rows = LEDGER.fetch_all(
        connection,
        "report/published_totals.sql",
        as_of=as_of,
        indicators=sorted({one.indicator_id for one in aimed if one.indicator_id}),
    )
    values: dict[str, list[tuple[Period, Decimal | None]]] = {}
    for row in rows:
        values.setdefault(row["indicator_id"], []).append((parse_period(row["period"]), row["value"]))
    return {one.action_id: later_effect(one, values.get(one.indicator_id or "", [])) for one in aimed}


def _ended(one: tuple[Period, Decimal | None]) -> date:
    return one[0].end
