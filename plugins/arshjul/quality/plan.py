"""Which checks a stage has: made from contracts, indicator definitions and ``include/checks``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from arshjul.catalogue.checks import Severity, Stage, load_checks
from arshjul.catalogue.codelists import CodeList, load_codelists
from arshjul.catalogue.contracts import Contract, Field, load_contracts
from arshjul.catalogue.deadlines import owed_every_month
from arshjul.catalogue.fingerprints import rules_fingerprint
from arshjul.catalogue.indicators import Indicator, load_indicators
from arshjul.catalogue.prose import load_wordings
from arshjul.periods import Period
from arshjul.warehouse.statements import Statements

SWEDISH_TIME = ZoneInfo("Europe/Stockholm")

COUNTS_ROWS = "ExpectTableRowCountToEqual"
"""The expectation of checks whose batch is what breaks them."""

MEND_INTAKE = "Felet ligger i inläsningen. Publicera ingenting och kontakta utvecklarna."
MEND_COMPUTATION = "Felet ligger i beräkningen eller i underlaget. Publicera ingenting och kontakta utvecklarna."
SEEK_COVERAGE = "Läs de mått som bygger på svaren eller mätningarna med försiktighet, och be om det som saknas."


@dataclass(frozen=True)
class Scope:
    """What is checked.

    Attributes:
        stage: Which tables.
        period: The period the check is about: a month for staging.
        as_of: Point of knowledge, for core and indicator.
        computation_id: The computation, for indicator.

    Raises:
        ValueError: The stage needs what is not given.
    """

    stage: Stage
    period: Period
    as_of: datetime | None = None
    computation_id: int | None = None

    def __post_init__(self) -> None:
        if self.stage != "staging" and self.as_of is None:
            raise ValueError(f"stage {self.stage} is checked as known at a time")
        if self.stage == "indicator" and self.computation_id is None:
            raise ValueError("stage indicator is checked for a computation")


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


def plan_checks(include: Path, scope: Scope, staged: Collection[str] | None = None) -> list[PlannedCheck]:
    """List every check of a stage for a scope, in a fixed order.

    Args:
        include: The catalogue's folder.
        scope: What is checked.
        staged: Datasets with rows to hold to their contracts; all when it is not said.

    Raises:
        CatalogueError: A definition is wrong.
    """
    statements = Statements(include / "sql")
    planned = list(_written_checks(include, statements, scope))
    if scope.stage == "staging":
        codelists = load_codelists(include)
        contracts = load_contracts(include).values()
        for contract in (one for one in contracts if staged is None or one.name in staged):
            planned += _contract_checks(statements, contract, codelists, scope)
    if scope.stage == "indicator":
        for indicator in load_indicators(include).values():
            planned += _indicator_checks(statements, indicator, scope)
    return planned


def _select(statements: Statements, path: str, **names: Any) -> str:
    """Render a batch; Great Expectations wants it to begin with SELECT, not with what it is for nor with WITH."""
    return f"SELECT * FROM ({statements.render(f'quality/{path}.sql.j2', **names)}) AS batch"  # noqa: S608 - a rendered file


def _breaches(check_id: str, title: str, action: str, severity: Severity, batch: str) -> PlannedCheck:
    """A check whose SELECT gives a row for every breach: there are to be none, and only their number is asked for."""
    return PlannedCheck(check_id, title, action, severity, batch, COUNTS_ROWS, {"value": 0})


def _written_checks(include: Path, statements: Statements, scope: Scope) -> Iterator[PlannedCheck]:
    contracts, codelists, indicators = load_contracts(include), load_codelists(include), load_indicators(include)
    names = {
        "period_start": scope.period.start.isoformat(),
        "period_end": scope.period.end.isoformat(),
        "as_of": scope.as_of.isoformat() if scope.as_of else None,
        "known_on": scope.as_of.astimezone(SWEDISH_TIME).date().isoformat() if scope.as_of else None,
        "computation_id": scope.computation_id,
        "keys": [(contract.name, contract.primary_key) for contract in contracts.values() if not contract.register_],
        "datasets": list(contracts),
        "owed": "{" + ",".join(owed_every_month(contracts)) + "}",
        "fingerprints": [(name, rules_fingerprint(contract, codelists)) for name, contract in contracts.items()],
        "indicator_ids": "{" + ",".join(indicators) + "}",
        "standards": "{" + ",".join(f'"{one}"' for one in load_wordings(include).at(scope.period).standards) + "}",
        # A provider's count says how large it is; only what has no size can be held beside the others'.
        "rate_ids": "{" + ",".join(one.id for one in indicators.values() if one.kind not in ("count", "sum")) + "}",
    }
    for check in load_checks(include, scope.stage).values():
        batch = _select(statements, f"{scope.stage}/{check.id}", **names)
        yield _breaches(check.id, check.title, check.action, check.severity, batch)


def _contract_checks(
    statements: Statements, contract: Contract, codelists: Mapping[str, CodeList], scope: Scope
) -> Iterator[PlannedCheck]:
    """A second opinion on intake: what it let through must be what the contract says."""
    names = {"dataset": contract.name, "period": scope.period.start.isoformat()}
    # Not ExpectCompoundColumnsToBeUnique: it joins the rows to themselves, minutes for a table without statistics.
    yield _breaches(
        f"{contract.name}_nyckel_unik",
        f"{contract.title}: nyckeln är unik på varje godkänd rad.",
        MEND_INTAKE,
        "stopp",
        _select(statements, "staging_keys", **names, key=contract.primary_key),
    )
    orders = list(_orders(contract))
    batch = _select(statements, "staging_batch", **names, orders=orders)

    def stop(name: str, title: str, expectation: str, **arguments: Any) -> PlannedCheck:
        title = f"{contract.title}: {title} på varje godkänd rad."
        return PlannedCheck(f"{contract.name}_{name}", title, MEND_INTAKE, "stopp", batch, expectation, arguments)

    for one in contract.fields:
        for name, words, expectation, arguments in _field_checks(one, codelists):
            title = f"{one.title.lower()} {words}"
            yield stop(f"{one.name}_{name}", title, expectation, column=one.column, **arguments)
    # Not ExpectColumnPairValuesAToBeGreaterThanB: two statements each, where columns of the batch are looked at in one.
    for order in orders:
        yield stop(order.name, order.words, "ExpectColumnValuesToBeInSet", column=order.name, value_set=[True])


class _Order(NamedTuple):
    """Two fields of a row of which one is never more than the other.

    Attributes:
        name: Part of the check's id, and the batch's column that says whether it is so.
        least: The field that is not more.
        most: The other one.
        words: What holds, in Swedish.
    """

    name: str
    least: str
    most: str
    words: str


def _orders(contract: Contract) -> Iterator[_Order]:
    for rule in contract.rules:
        if rule.other is None or rule.forms:
            continue
        least, most = rule.field, rule.other
        if rule.rule not in ("ej_efter_falt", "hogst_falt"):
            least, most = most, least
        words = f"{contract.field(rule.field).title.lower()} stämmer med {contract.field(rule.other).title.lower()}"
        yield _Order(f"{rule.field}_{rule.rule}_{rule.other}", least, most, words)


def _field_checks(one: Field, codelists: Mapping[str, CodeList]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Give what one field's constraints ask for: part of an id, words, class name and arguments."""
    limits = one.constraints
    if limits.required:
        yield "finns", "finns", "ExpectColumnValuesToNotBeNull", {}
    allowed = [code.code for code in codelists[one.code_list].codes] if one.code_list else limits.enum
    if allowed is not None:
        yield "tillaten", "är ett tillåtet värde", "ExpectColumnValuesToBeInSet", {"value_set": list(allowed)}
    if limits.max_length is not None and not one.sensitive:
        longest = {"max_value": limits.max_length}
        yield "langd", "är inte för långt", "ExpectColumnValueLengthsToBeBetween", longest
    low = limits.minimum if limits.exclusive_minimum is None else limits.exclusive_minimum
    bounds = {"min_value": low, "max_value": limits.maximum}
    if given := {name: float(bound) for name, bound in bounds.items() if bound is not None}:
        is_strict = limits.exclusive_minimum is not None
        yield "rimlig", "ligger inom sina gränser", "ExpectColumnValuesToBeBetween", {**given, "strict_min": is_strict}


def _indicator_checks(statements: Statements, indicator: Indicator, scope: Scope) -> Iterator[PlannedCheck]:
    names = {"indicator_id": indicator.id, "computation_id": scope.computation_id}
    for expected in indicator.expectations:
        if expected.check == "intervall":
            yield PlannedCheck(
                f"{indicator.id}_intervall",
                f"{indicator.title}: varje värde ligger inom det möjliga.",
                MEND_COMPUTATION,
                expected.severity,
                _select(statements, "indicator_batch", **names),
                "ExpectColumnValuesToBeBetween",
                {"column": "value", "min_value": expected.minimum, "max_value": expected.maximum},
            )
        elif expected.check == "tackning":
            yield _breaches(
                f"{indicator.id}_tackning",
                f"{indicator.title}: måttet är tillräckligt högt för att siffrorna som bygger på det ska gå att lita på.",
                SEEK_COVERAGE,
                expected.severity,
                _select(statements, "indicator_coverage", **names, minimum=str(expected.minimum)),
            )
        else:
            yield _breaches(
                f"{indicator.id}_delar_summerar",
                f"{indicator.title}: delarna summerar till helheten.",
                MEND_COMPUTATION,
                expected.severity,
                _select(statements, "indicator_parts", **names, over=expected.over),
            )
