"""The facts of a report, read once: values, comparisons, targets, what was left out, deliveries and checks.

Every format is drawn from these. They hold public values only, those of the reported period and of the periods that
disclosure control has set beside it, so that nothing made from the facts (a sort order, a bar, a sentence) can reveal a
person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import Connection, RowMapping

from arshjul.catalogue.indicators import Indicator
from arshjul.comparison.numbers import SWEDISH_TIME
from arshjul.comparison.targets import Goal, goal_for
from arshjul.comparison.values import MERGED, PublicValue
from arshjul.disclosure.release import TREND_LENGTH, Protection, find_protection, load_protection
from arshjul.lineage.ledger import CheckRun, check_results, deciding_check_runs
from arshjul.periods import Period
from arshjul.prose.swedish import swedish_order
from arshjul.reports.context import Context, read_context
from arshjul.reports.known_then import definitions_then
from arshjul.reports.undelivered import find_undelivered
from arshjul.settings import REPOSITORY
from arshjul.warehouse.statements import Statements

STATEMENTS = Statements(REPOSITORY / "include" / "sql")


class FactsMissing(LookupError):
    """There is nothing to report; the message says what to do."""


Cell: TypeAlias = tuple[tuple[str, str], ...]

Value: TypeAlias = PublicValue
"""One value as readers get it; a protected one has no numbers."""


@dataclass(frozen=True)
class Computed:
    """The values of one computation.

    Attributes:
        computation_id: Its number.
        period: Key of its period.
        as_of: Point of knowledge.
        catalogue_sha256: What it was computed with.
        values: By indicator and cell; without those that stand on what was never delivered.
        undelivered: Why an indicator has no value, where nobody had delivered what it stands on: ``inga utbetalningar har
            lämnats för perioden``.
        is_told_later: No file with programmes came for the period's months: what is known stands on later files' history.
    """

    computation_id: int
    period: str
    as_of: datetime
    catalogue_sha256: str
    values: Mapping[tuple[str, Cell], Value]
    undelivered: Mapping[str, str] = field(default_factory=dict)
    is_told_later: bool = False

    def get(self, indicator_id: str, **cell: str) -> Value | None:
        """Return one value, or ``None`` when there was nothing to count in that cell."""
        return self.values.get((indicator_id, tuple(sorted(cell.items()))))

    def codes(self, indicator_id: str, breakdown: str) -> frozenset[str]:
        """Return the codes that have a value of their own."""
        return frozenset(self.by(indicator_id, breakdown))

    def by(self, indicator_id: str, breakdown: str) -> dict[str, Value]:
        """Return the value of every code of one breakdown."""
        return {
            cell[0][1]: value
            for (indicator, cell), value in self.values.items()
            if indicator == indicator_id and len(cell) == 1 and cell[0][0] == breakdown
        }


@dataclass(frozen=True)
class LeftOut:
    """What an indicator did not count; ``observations`` is ``None`` when too few to tell."""

    indicator_id: str
    reason: str
    observations: int | None


@dataclass(frozen=True)
class Delivered:
    """What one sender had delivered of one dataset for the period."""

    sender: str
    dataset: str
    deliveries: int
    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    last_received_at: datetime


@dataclass(frozen=True)
class Refused:
    """One refused delivery."""

    sender: str | None
    dataset: str | None
    period: str
    refusal_text: str


@dataclass(frozen=True)
class Facts:
    """Everything a report says.

    Attributes:
        period: What is reported.
        current: Its values.
        previous: Values of the period before, where stored.
        last_year: Values of the same period a year earlier, where stored.
        history: Values of earlier periods of the same type where stored, oldest first, the current one last.
        indicators: Definitions by id.
        labels: Breakdown → code → words, in reading order.
        left_out: What was not counted.
        deliveries: What had come in.
        refused: What was refused.
        checks: The newest check run of each stage.
        context: What the figures are set beside: goals, peers, earlier reports.
    """

    period: Period
    current: Computed
    previous: Computed | None
    last_year: Computed | None
    history: tuple[tuple[Period, Computed], ...]
    indicators: Mapping[str, Indicator]
    labels: Mapping[str, Mapping[str, str]]
    left_out: tuple[LeftOut, ...]
    deliveries: tuple[Delivered, ...]
    refused: tuple[Refused, ...]
    checks: tuple[CheckRun, ...]
    context: Context

    def label(self, breakdown: str, code: str) -> str:
        """Return a code in words; a code that has none stands as it is."""
        return self.labels.get(breakdown, {}).get(code, code)

    def in_order(self, indicator_id: str, breakdown: str) -> list[str]:
        """Return the codes that have a value, in reading order: never sorted by value, which could reveal one."""
        order = list(self.labels.get(breakdown, {}))
        codes = self.current.codes(indicator_id, breakdown)
        return sorted(codes, key=lambda code: (order.index(code) if code in order else len(order), code))

    def target(self, indicator_id: str, insatstyp: str | None = None) -> Goal | None:
        """Return the goal to judge an indicator by: the programme's own where there is one, else the one for all."""
        return goal_for(self.context.goals, indicator_id, self.period, insatstyp)

    def stored(self, period: Period) -> Computed | None:
        """Return the values of a period that is set beside the reported one, or the reported one's own."""
        if period == self.period:
            return self.current
        return self.previous if period == self.period.previous else self.last_year


def assemble(
    connection: Connection,
    include: Path,
    period: Period,
    computation_id: int | None = None,
    protection_id: int | None = None,
    checks_until: datetime | None = None,
) -> Facts:
    """Read the facts of a report.

    Args:
        connection: Under a role that may read reports.
        include: The catalogue's folder.
        period: What is reported.
        computation_id: The computation to report; the period's newest when not given.
        protection_id: The public table to report from; the computation's newest when not given.
        checks_until: Checks made later are not told of; all are when not given.

    Raises:
        FactsMissing: The period has not been computed, or has not been through disclosure control.
    """
    if computation_id is None:
        row = STATEMENTS.fetch_one(connection, "report/computation.sql", period=period.key, before=None)
    else:
        row = STATEMENTS.fetch_one(connection, "report/computation_by_id.sql", computation_id=computation_id)
    if row is None or row["period"] != period.key:
        raise FactsMissing(
            f"Det finns inga beräknade värden för {period.title}. Kör arshjul compute {period.key} först."
        )
    protection = (
        load_protection(connection, protection_id)
        if protection_id is not None
        else find_protection(connection, row["computation_id"])
    )
    if protection is None or protection.computation_id != row["computation_id"]:
        raise FactsMissing(f"Värdena för {period.title} har inte gått igenom röjandekontrollen. Kör den först.")
    current = _computed(connection, protection)
    as_of, span = current.as_of, {"period_start": period.start, "period_end": period.end}

    def rows(statement: str, **params: object) -> list[RowMapping]:
        return STATEMENTS.fetch_all(connection, f"report/{statement}.sql", **params)

    # Only what was set beside it then: a report made again reads the same comparison.
    beside = [load_protection(connection, one) for one in protection.companions]
    stored = {one.period.key: _computed(connection, one) for one in beside}
    history = _history(period, current, stored)
    return Facts(
        period=period,
        current=current,
        previous=stored.get(period.previous.key),
        last_year=stored.get(period.same_last_year.key),
        history=history,
        indicators=definitions_then(connection, include, current.computation_id),
        labels=_labels(rows("labels", as_of=as_of)),
        left_out=tuple(LeftOut(**row) for row in rows("left_out", protection_id=protection.protection_id)),
        deliveries=tuple(Delivered(**row) for row in rows("deliveries", as_of=as_of, **span)),
        refused=tuple(Refused(**row) for row in rows("refused_deliveries", as_of=as_of, **span)),
        checks=(
            *_staging_checks(connection, current, span),
            *map(_tellable, deciding_check_runs(connection, current.computation_id, checks_until)),
        ),
        context=read_context(connection, include, period, as_of, protection),
    )


def _labels(rows: Sequence[RowMapping]) -> dict[str, dict[str, str]]:
    """Codes in words, in reading order: providers by name, those that stand together last."""
    labels: dict[str, dict[str, str]] = {}
    for label in rows:
        labels.setdefault(label["breakdown"], {})[label["code"]] = label["title"]
    named = sorted(labels.get("anordnare", {}).items(), key=lambda pair: (pair[0] == MERGED, swedish_order(pair[1])))
    return {**labels, "anordnare": dict(named)}


OF_WITHHELD_VALUES = frozenset({"varden_liknar_tidigare", "anordnare_liknar_varandra"})
"""Checks that set values beside each other before they are protected: that one of them warns says something of a withheld
value. They are the data team's, who see them in the gate's own pages and letters; no reader of a report does."""


def _tellable(run: CheckRun) -> CheckRun:
    """Leave out of a check run what readers may not be told."""
    return replace(run, results=tuple(one for one in run.results if one.check_id not in OF_WITHHELD_VALUES))


def _staging_checks(connection: Connection, current: Computed, span: dict[str, date]) -> tuple[CheckRun, ...]:
    """The newest check of what was let in, for each month of the period, as it stood when the values were computed."""
    runs = STATEMENTS.fetch_all(
        connection, "report/staging_check_runs.sql", computation_id=current.computation_id, **span
    )
    return tuple(CheckRun(**run, results=check_results(connection, run["check_run_id"])) for run in runs)


def _computed(connection: Connection, protection: Protection) -> Computed:
    row = STATEMENTS.fetch_one(connection, "report/computation_by_id.sql", computation_id=protection.computation_id)
    found = STATEMENTS.fetch_all(connection, "report/values.sql", protection_id=protection.protection_id)
    values = {
        (one["indicator_id"], tuple(sorted(one["cell"].items()))): Value(
            **{name: value for name, value in one.items() if name not in ("indicator_id", "cell")}
        )
        for one in found
    }
    if row is None:
        raise AssertionError("foreign keys see to it that it is there")
    delivered = _delivered(connection, protection.period, row["as_of"])
    totals = {indicator_id: value for (indicator_id, cell), value in values.items() if not cell}
    missing = find_undelivered(totals, delivered)
    values = {key: value for key, value in values.items() if key[0] not in missing}
    return Computed(**row, values=values, undelivered=missing, is_told_later="insatser" not in delivered)


def _delivered(connection: Connection, period: Period, as_of: datetime) -> frozenset[str]:
    """The datasets that anything had been delivered of for a period."""
    rows = STATEMENTS.fetch_all(
        connection, "report/datasets_told.sql", as_of=as_of, period_start=period.start, period_end=period.end
    )
    return frozenset(row["dataset"] for row in rows)


def _history(period: Period, current: Computed, stored: Mapping[str, Computed]) -> tuple[tuple[Period, Computed], ...]:
    history: list[tuple[Period, Computed]] = [(period, current)]
    earlier = period
    for _ in range(TREND_LENGTH - 1):
        earlier = earlier.previous
        if earlier.key in stored:
            history.insert(0, (earlier, stored[earlier.key]))
    return tuple(history)


def document_date(facts: Facts) -> date:
    """The date of a report is the day its facts were pinned, so that it can be made again, byte for byte."""
    return facts.current.as_of.astimezone(SWEDISH_TIME).date()
