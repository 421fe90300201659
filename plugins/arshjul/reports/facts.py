"""The facts of a report, read once: values, comparisons, targets, what was left out, deliveries and checks.

Every format is drawn from these. A protected value is read without its numbers, so that nothing made from the facts (a
sort order, a bar, a sentence) can reveal it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection, RowMapping

from arshjul.catalogue.indicators import Indicator, load_indicators
from arshjul.lineage.ledger import CheckRun, check_results, deciding_check_runs
from arshjul.periods import Period
from arshjul.reports.numbers import SWEDISH_TIME
from arshjul.reports.swedish import swedish_order
from arshjul.settings import REPOSITORY
from arshjul.warehouse.statements import Statements

STATEMENTS = Statements(REPOSITORY / "include" / "sql")

SMALLEST_SHOWN_COUNT = 5
"""Fewer persons than this are never told (privacy.md §1, decision D1)."""

TREND_LENGTH = 6
"""How many periods of the same type a trend shows."""


class FactsMissing(LookupError):
    """There is nothing to report; the message says what to do."""


Cell = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Value:
    """One value. A protected one has no numbers.

    Attributes:
        numerator: Sum of numerators.
        denominator: Sum of denominators.
        value: Unrounded.
        observations: Number of observations.
        is_protected: It may reveal a person.
    """

    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    observations: int | None
    is_protected: bool


@dataclass(frozen=True)
class Computed:
    """The values of one computation."""

    computation_id: int
    period: str
    as_of: datetime
    catalogue_sha256: str
    values: Mapping[tuple[str, Cell], Value]

    def get(self, indicator_id: str, **cell: str) -> Value | None:
        """Return one value, or ``None`` when there was nothing to count in that cell."""
        return self.values.get((indicator_id, tuple(sorted(cell.items()))))

    def codes(self, indicator_id: str, breakdown: str) -> frozenset[str]:
        """Return the codes that have a value of their own."""
        return frozenset(
            cell[0][1]
            for indicator, cell in self.values
            if indicator == indicator_id and len(cell) == 1 and cell[0][0] == breakdown
        )


@dataclass(frozen=True)
class Target:
    """A goal of the board that has a value, in the indicator's unit (percent for shares)."""

    mal_id: str
    goal: str
    indicator_id: str
    insatstyp: str | None
    target: Decimal
    direction: str
    tolerance: Decimal | None


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
        targets: The board's goals for the year.
        left_out: What was not counted.
        deliveries: What had come in.
        refused: What was refused.
        checks: The newest check run of each stage.
    """

    period: Period
    current: Computed
    previous: Computed | None
    last_year: Computed | None
    history: tuple[tuple[Period, Computed], ...]
    indicators: Mapping[str, Indicator]
    labels: Mapping[str, Mapping[str, str]]
    targets: tuple[Target, ...]
    left_out: tuple[LeftOut, ...]
    deliveries: tuple[Delivered, ...]
    refused: tuple[Refused, ...]
    checks: tuple[CheckRun, ...]

    def label(self, breakdown: str, code: str) -> str:
        """Return a code in words; a code that has none stands as it is."""
        return self.labels.get(breakdown, {}).get(code, code)

    def in_order(self, indicator_id: str, breakdown: str) -> list[str]:
        """Return the codes that have a value, in reading order: never sorted by value, which could reveal one."""
        order = list(self.labels.get(breakdown, {}))
        codes = self.current.codes(indicator_id, breakdown)
        return sorted(codes, key=lambda code: (order.index(code) if code in order else len(order), code))

    def target(self, indicator_id: str, insatstyp: str | None = None) -> Target | None:
        """Return the goal for an indicator: the programme's own where there is one, else the one for all."""
        found = {target.insatstyp: target for target in self.targets if target.indicator_id == indicator_id}
        return found.get(insatstyp) or found.get(None)


def assemble(connection: Connection, include: Path, period: Period, computation_id: int | None = None) -> Facts:
    """Read the facts of a report.

    Args:
        connection: Under a role that may read reports.
        include: The catalogue's folder.
        period: What is reported.
        computation_id: The computation to report; the period's newest when not given.

    Raises:
        FactsMissing: The period has not been computed.
    """
    if computation_id is None:
        row = STATEMENTS.fetch_one(connection, "report/computation.sql", period=period.key, before=None)
    else:
        row = STATEMENTS.fetch_one(connection, "report/computation_by_id.sql", computation_id=computation_id)
    if row is None or row["period"] != period.key:
        raise FactsMissing(
            f"Det finns inga beräknade värden för {period.title}. Kör arshjul compute {period.key} först."
        )
    current = _computed(connection, row)
    as_of, span = current.as_of, {"period_start": period.start, "period_end": period.end}

    def rows(statement: str, **params: object) -> list[RowMapping]:
        return STATEMENTS.fetch_all(connection, f"report/{statement}.sql", **params)

    labels: dict[str, dict[str, str]] = {}
    for label in rows("labels", as_of=as_of):
        labels.setdefault(label["breakdown"], {})[label["code"]] = label["title"]
    labels["anordnare"] = dict(sorted(labels.get("anordnare", {}).items(), key=lambda named: swedish_order(named[1])))
    history = _history(connection, period, current)
    stored = {one.key: computed for one, computed in history}
    last_year = stored.get(period.same_last_year.key) or _stored(connection, period.same_last_year, current)
    return Facts(
        period=period,
        current=current,
        previous=stored.get(period.previous.key),
        last_year=last_year,
        history=history,
        indicators=load_indicators(include),
        labels=labels,
        targets=tuple(Target(**row) for row in rows("targets", as_of=as_of, year=period.year)),
        left_out=tuple(
            LeftOut(**row)
            for row in rows("left_out", computation_id=current.computation_id, threshold=SMALLEST_SHOWN_COUNT)
        ),
        deliveries=tuple(Delivered(**row) for row in rows("deliveries", as_of=as_of, **span)),
        refused=tuple(Refused(**row) for row in rows("refused_deliveries", as_of=as_of, **span)),
        checks=(*_staging_checks(connection, current, span), *deciding_check_runs(connection, current.computation_id)),
    )


def _staging_checks(connection: Connection, current: Computed, span: dict[str, date]) -> tuple[CheckRun, ...]:
    """The newest check of what was let in, for each month of the period, as it stood when the values were computed."""
    runs = STATEMENTS.fetch_all(
        connection, "report/staging_check_runs.sql", computation_id=current.computation_id, **span
    )
    return tuple(CheckRun(**run, results=check_results(connection, run["check_run_id"])) for run in runs)


def _computed(connection: Connection, row: RowMapping) -> Computed:
    found = STATEMENTS.fetch_all(connection, "report/values.sql", computation_id=row["computation_id"])
    values = {
        (one["indicator_id"], tuple(sorted(one["cell"].items()))): Value(
            one["numerator"], one["denominator"], one["value"], one["observations"], one["is_protected"]
        )
        for one in found
    }
    return Computed(**row, values=values)


def _stored(connection: Connection, period: Period, current: Computed) -> Computed | None:
    # Only what was computed before: a report made again reads the same comparison.
    row = STATEMENTS.fetch_one(connection, "report/computation.sql", period=period.key, before=current.computation_id)
    return _computed(connection, row) if row else None


def _history(connection: Connection, period: Period, current: Computed) -> tuple[tuple[Period, Computed], ...]:
    history: list[tuple[Period, Computed]] = [(period, current)]
    earlier = period
    for _ in range(TREND_LENGTH - 1):
        earlier = earlier.previous
        if stored := _stored(connection, earlier, current):
            history.insert(0, (earlier, stored))
    return tuple(history)


def document_date(facts: Facts) -> date:
    """The date of a report is the day its facts were pinned, so that it can be made again, byte for byte."""
    return facts.current.as_of.astimezone(SWEDISH_TIME).date()
