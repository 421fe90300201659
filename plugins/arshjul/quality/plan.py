"""Which checks a stage has: made from contracts, indicator definitions and ``include/checks``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from arshjul.catalogue.checks import Severity, Stage, load_checks
from arshjul.catalogue.contracts import Contract, load_contracts
from arshjul.catalogue.indicators import Indicator, load_indicators
from arshjul.periods import Period
from arshjul.warehouse.statements import Statements

BREACH = "UnexpectedRowsExpectation"


@dataclass(frozen=True)
class Scope:
    """What is checked.

    Attributes:
        stage: Which tables.
        period: The period the check is about: a month for staging.
        as_of: Point of knowledge, for core and indicator.
        computation_id: The computation, for indicator.
    """

    stage: Stage
    period: Period
    as_of: datetime | None = None
    computation_id: int | None = None


@dataclass(frozen=True)
class PlannedCheck:
    """One expectation on one batch of rows.

    Attributes:
        id: Name in the ledger and in waivers.
        title: What holds when it holds, in Swedish.
        action: What to do when it does not, in Swedish.
        severity: ``stopp`` or ``varning``.
        batch: SELECT whose rows are looked at.
        expectation: Class name in Great Expectations.
        arguments: The expectation's arguments.
    """

    id: str
    title: str
    action: str
    severity: Severity
    batch: str
    expectation: str
    arguments: dict[str, Any] = field(default_factory=dict)


def plan_checks(include: Path, scope: Scope) -> list[PlannedCheck]:
    """List every check of a stage for a scope, in a fixed order.

    Args:
        include: The catalogue's folder.
        scope: What is checked.
    """
    statements = Statements(include / "sql")
    planned = list(_written_checks(include, statements, scope))
    if scope.stage == "staging":
        for contract in load_contracts(include).values():
            planned += _contract_checks(statements, contract, scope)
    if scope.stage == "indicator":
        for indicator in load_indicators(include).values():
            planned += _indicator_checks(statements, indicator, scope)
    return planned


def _written_checks(include: Path, statements: Statements, scope: Scope) -> Iterator[PlannedCheck]:
    names = {
        "period_start": scope.period.start.isoformat(),
        "period_end": scope.period.end.isoformat(),
        "as_of": scope.as_of.isoformat() if scope.as_of else None,
        "computation_id": scope.computation_id,
        "indicator_ids": "{" + ",".join(load_indicators(include)) + "}",
    }
    for check in load_checks(include, scope.stage).values():
        batch = statements.render(f"quality/{scope.stage}/{check.id}.sql.j2", **names)
        breach = {"unexpected_rows_query": "SELECT 1 AS breach FROM {batch}"}
        yield PlannedCheck(check.id, check.title, check.action, check.severity, batch, BREACH, breach)


MEND_INTAKE = "Ett fel i inläsningen. Publicera ingenting; kontakta utvecklarna."
MEND_COMPUTATION = "Ett fel i beräkningen eller i underlaget. Publicera ingenting innan orsaken är känd."


def _contract_checks(statements: Statements, contract: Contract, scope: Scope) -> Iterator[PlannedCheck]:
    """A second opinion on intake: what it let through must be what the contract says."""
    batch = statements.render(
        "quality/staging_batch.sql.j2", dataset=contract.name, period=scope.period.start.isoformat()
    )

    def stop(name: str, title: str, expectation: str, **arguments: Any) -> PlannedCheck:
        return PlannedCheck(f"{contract.name}_{name}", title, MEND_INTAKE, "stopp", batch, expectation, {**arguments})

    yield stop(
        "nyckel_unik",
        f"{contract.title}: varje godkänd rad har sin egen nyckel.",
        "ExpectCompoundColumnsToBeUnique",
        column_list=["sender", *contract.primary_key],
    )
    for one in contract.fields:
        column = "person_id" if one.format == "personnummer" else one.name
        if one.constraints.required:
            yield stop(
                f"{one.name}_finns",
                f"{contract.title}: {one.title.lower()} finns på varje godkänd rad.",
                "ExpectColumnValuesToNotBeNull",
                column=column,
            )
        low, high = one.constraints.minimum, one.constraints.maximum
        if low is not None or high is not None:
            yield stop(
                f"{one.name}_rimlig",
                f"{contract.title}: {one.title.lower()} ligger inom sina gränser på varje godkänd rad.",
                "ExpectColumnValuesToBeBetween",
                column=column,
                min_value=None if low is None else float(low),
                max_value=None if high is None else float(high),
            )


def _indicator_checks(statements: Statements, indicator: Indicator, scope: Scope) -> Iterator[PlannedCheck]:
    for expected in indicator.expectations:
        if expected.check == "intervall":
            yield PlannedCheck(
                f"{indicator.id}_intervall",
                f"{indicator.title}: varje värde ligger inom det möjliga.",
                MEND_COMPUTATION,
                expected.severity,
                statements.render(
                    "quality/indicator_batch.sql.j2", indicator_id=indicator.id, computation_id=scope.computation_id
                ),
                "ExpectColumnValuesToBeBetween",
                {"column": "value", "min_value": expected.minimum, "max_value": expected.maximum},
            )
        else:
            yield PlannedCheck(
                f"{indicator.id}_delar_summerar",
                f"{indicator.title}: delarna summerar till helheten.",
                MEND_COMPUTATION,
                expected.severity,
                statements.render(
                    "quality/indicator_parts.sql.j2",
                    indicator_id=indicator.id,
                    computation_id=scope.computation_id,
                    over=expected.over,
                ),
                BREACH,
                {"unexpected_rows_query": "SELECT 1 AS breach FROM {batch}"},
            )
