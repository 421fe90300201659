"""The gate: run a stage's checks, write the outcome to the ledger, and say what it means.

Two severities only. A broken check with severity ``varning`` is told in the report's appendix. One with severity ``stopp``
stops: nothing is published, and what was loaded stays loaded. A stop passes only by a waiver with a reason, an end date
and a second person (the database sees to that), and the waiver is printed beside the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, make_url

from arshjul.lineage.ledger import CheckResult, Outcome, outcome_of, record_check_run, valid_waiver
from arshjul.quality.expectations import CheckOutcome, run_checks
from arshjul.quality.plan import Scope, plan_checks
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, database_url, open_engine


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
        """Checks that do not hold and are not waived."""
        return tuple(result for result in self.results if not result.is_success and result.waiver_id is None)

    @property
    def message(self) -> str:
        """What failed and what to do, in Swedish; one line per check."""
        if not self.broken:
            return "Alla kontroller är godkända."
        return "\n".join(
            f"{result.severity.upper()} {result.check_id}: «{result.title}» gäller inte"
            f"{f' ({result.unexpected} avvikelser)' if result.unexpected else ''}. Gör så här: {result.action}"
            for result in self.broken
        )

    def require_passed(self) -> None:
        """Do nothing when the gate is open.

        Raises:
            GateStopped: A check with severity ``stopp`` is broken and not waived.
        """
        if self.outcome == "stopp":
            raise GateStopped(
                f"Kvalitetsgrinden stoppade. Ingenting publiceras; det som är inläst ligger kvar.\n{self.message}"
            )


def run_gate(settings: Settings, scope: Scope, run_id: int, today: date) -> Verdict:
    """Run all checks of a stage and write the outcome to the ledger.

    Args:
        settings: Where the database and the Data Docs are.
        scope: What is checked.
        run_id: The run it belongs to.
        today: Decides which waivers still apply.
    """
    role = Role.INTAKE if scope.stage == "staging" else Role.COMPUTE
    data_docs = f"{scope.period.key}-{scope.stage}-{run_id}"
    url = make_url(database_url(settings)).update_query_dict({"options": f"-c role={role} -c timezone=UTC"})
    outcomes = run_checks(
        url.render_as_string(hide_password=False),
        plan_checks(settings.include, scope),
        settings.data_docs / data_docs,
        f"{scope.stage}-{scope.period.key}",
    )
    engine = open_engine(settings, role)
    try:
        with engine.begin() as connection:
            results = tuple(_with_waiver(connection, outcome, scope, today) for outcome in outcomes)
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


def _with_waiver(connection: Connection, outcome: CheckOutcome, scope: Scope, today: date) -> CheckResult:
    check = outcome.check
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
