"""The gate: run a stage's checks, write the outcome to the ledger, and say what it means.

Two severities only. A broken check with severity ``varning`` is told in the report's appendix. One with severity ``stopp``
stops: nothing is published, and what was loaded stays loaded. A stop passes only by a waiver with a reason, an end date
and a second person (the database sees to that), and the waiver is printed beside the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, Engine

from arshjul.catalogue.contracts import load_contracts
from arshjul.lineage.ledger import CheckResult, Outcome, outcome_of, record_check_run, valid_waiver
from arshjul.quality.expectations import CheckOutcome, run_checks
from arshjul.quality.plan import Scope, plan_checks
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, open_engine
from arshjul.warehouse.errors import WarehouseError
from arshjul.warehouse.statements import Statements, fetch_text

NOT_RUN_TITLE = "Kontrollen går att köra: "
NOT_RUN_ACTION = (
    "Kontrollen gick inte att köra, så vi vet inte hur det står till. Kontakta utvecklarna; felet står i loggen."
)

LAST_RESORT = (
    "Rätta och kör om. Ett stopp som inte går att rätta kan bara passera med ett undantag: "
    "ett skäl, ett slutdatum och en andra person som godkänner."
)


class GateStopped(RuntimeError):
    """The gate stopped the line; the message is Swedish, says what failed and what to do, and holds no values."""


@dataclass(frozen=True)
class Verdict:
    """What the gate decided.

    Attributes:
        check_run_id: The check run in the ledger.
        results: One for each check.
        data_docs: Where the Data Docs lie, relative to their folder.
    """

    check_run_id: int
    results: tuple[CheckResult, ...]
    data_docs: str

    @property
    def outcome(self) -> Outcome:
        return outcome_of(self.results)

    @property
    def broken(self) -> tuple[CheckResult, ...]:
        """Checks that do not hold and are not waived, stops first."""
        broken = (result for result in self.results if not result.is_success and result.waiver_id is None)
        return tuple(sorted(broken, key=lambda result: result.severity != "stopp"))

    @property
    def message(self) -> str:
        """What failed and what to do, in Swedish; one line per check."""
        lines = [f"{_says(result)} Gör så här: {result.action}" for result in self.broken]
        lines += [f"{_says(result)} Skäl: {result.waiver_reason}" for result in self.results if result.waiver_id]
        return "\n".join(lines) or "Alla kontroller är godkända."

    def require_passed(self) -> None:
        """Do nothing when the gate is open.

        Raises:
            GateStopped: A check with severity ``stopp`` is broken and not waived.
        """
        if self.outcome == "stopp":
            raise GateStopped(
                "Kvalitetsgrinden stoppade. Ingenting publiceras; det som är inläst ligger kvar.\n"
                f"{self.message}\n{LAST_RESORT}\nAlla kontroller finns i {self.data_docs}/index.html bland Data Docs."
            )


def _says(result: CheckResult) -> str:
    word = "UNDANTAG" if result.waiver_id else result.severity.upper()
    count = f"{result.unexpected:,}".replace(",", "\N{NO-BREAK SPACE}") if result.unexpected else ""
    breaches = f" ({count} {'avvikelse' if result.unexpected == 1 else 'avvikelser'})" if count else ""
    return f"{word} {result.check_id}: «{result.title.rstrip('.')}» gäller inte{breaches}."


def run_gate(settings: Settings, scope: Scope, run_id: int, today: date) -> Verdict:
    """Run all checks of a stage and write the outcome to the ledger.

    Args:
        settings: Where the database and the Data Docs are.
        scope: What is checked.
        run_id: The run it belongs to.
        today: Decides which waivers still apply.
    """
    engine = open_engine(settings, Role.INTAKE if scope.stage == "staging" else Role.COMPUTE)
    # A run may check the same more than once, and the ledger points to what each time looked like.
    data_docs = f"{scope.period.key}-{scope.stage}-{run_id}-{uuid4().hex[:8]}"
    outcomes = run_checks(
        engine,
        plan_checks(settings.include, scope, _staged(engine, settings.include, scope)),
        settings.data_docs / data_docs,
        f"{scope.stage}-{scope.period.key}",
    )
    try:
        with engine.begin() as connection:
            results = tuple(_result(connection, outcome, scope, today) for outcome in outcomes)
            check_run_id = record_check_run(
                connection,
                run_id=run_id,
                stage=scope.stage,
                period=scope.period.key,
                results=results,
                as_of=scope.as_of,
                computation_id=scope.computation_id,
                data_docs=data_docs,
            )
    finally:
        engine.dispose()
    return Verdict(check_run_id, results, data_docs)


def _staged(engine: Engine, include: Path, scope: Scope) -> set[str] | None:
    """Datasets of which a month has rows to look at: hundreds of checks on empty tables say nothing, and take their time."""
    if scope.stage != "staging":
        return None
    statements = Statements(include / "sql")
    sql = statements.render("quality/staged_datasets.sql.j2", datasets=list(load_contracts(include)))
    try:
        with engine.begin() as connection:
            return {row["dataset"] for row in fetch_text(connection, sql, period=scope.period.start)}
    except WarehouseError:
        return None  # a table is missing: every check is planned, and those of that table tell that they cannot be run


def _result(connection: Connection, outcome: CheckOutcome, scope: Scope, today: date) -> CheckResult:
    check = outcome.check
    if not outcome.was_run:
        # Not even a waiver lets it pass: what was waived is something known, and this is not.
        return CheckResult(check.id, f"{NOT_RUN_TITLE}{check.title}", "stopp", False, NOT_RUN_ACTION)
    waiver = None
    if check.severity == "stopp" and not outcome.is_success:
        waiver = valid_waiver(connection, check.id, scope.period.key, today)
    return CheckResult(
        check_id=check.id,
        title=check.title,
        severity=check.severity,
        is_success=outcome.is_success,
        action=check.action,
        evaluated=outcome.evaluated,
        unexpected=outcome.unexpected,
        waiver_id=waiver.waiver_id if waiver else None,
        waiver_reason=waiver.reason if waiver else None,
    )
