"""Running planned checks with Great Expectations, as SQL in the database.

Importing Great Expectations costs seconds and hundreds of megabytes, so it happens inside the function and one process
runs all checks of a run (facts on performance, §3). Results hold counts only: no value of a row is asked for, and a
check that fails on its way leaves neither the database's words nor a traceback behind.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from arshjul.quality.data_docs import SITE, add_site, make_self_contained
from arshjul.quality.plan import COUNTS_ROWS, PlannedCheck
from arshjul.settings import silence_telemetry

log = logging.getLogger(__name__)

# Whether a check of values holds costs half of counting what breaks it, and nearly all hold. Rows are counted all the same.
_HOLDS_OR_NOT = {"result_format": "BOOLEAN_ONLY"}
_COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}
_NOT_RUN = {
    "raised_exception": True,
    "exception_message": "Kontrollen gick inte att köra. Se loggen.",
    "exception_traceback": "",
}


@dataclass(frozen=True)
class CheckOutcome:
    """How one check went.

    Attributes:
        check: The check.
        was_run: It could be run.
        is_success: It held. A check that could not be run has not held.
        evaluated: Rows looked at by a check that is broken, where that can be counted.
        unexpected: Rows that broke it, where that can be counted.
    """

    check: PlannedCheck
    was_run: bool
    is_success: bool
    evaluated: int | None
    unexpected: int | None


def run_checks(engine: Engine, checks: Sequence[PlannedCheck], docs: Path, name: str) -> list[CheckOutcome]:
    """Run checks and build their Data Docs.

    Args:
        engine: The database, with the role the checks run under; its errors carry no values.
        checks: What to check, each id once; checks on the same batch of rows share it.
        docs: Folder to make for the Data Docs.
        name: Name of the suites in the Data Docs.

    Returns:
        One outcome per check, in the order given.
    """
    silence_telemetry()
    import great_expectations as gx

    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    add_site(context, docs)
    with warnings.catch_warnings(action="ignore"):  # the class it would rather have refuses a socket without a host
        url = engine.url.render_as_string(hide_password=False)
        source = context.data_sources.add_sql("lager", connection_string=url, create_temp_table=False)
    # Its own engines know no role, and their errors quote rows.
    source.get_engine().dispose()
    source.get_execution_engine().engine.dispose()
    source.get_execution_engine().engine = engine
    _leave_rows_in_database(engine, frozenset(check.batch for check in checks))
    rows_counted = [check for check in checks if check.expectation == COUNTS_ROWS]
    looked_at = [check for check in checks if check.expectation != COUNTS_ROWS]
    validated = _validated(context, source, rows_counted, f"{name}-antal", _COUNTS_ONLY)
    validated |= _validated(context, source, looked_at, name, _HOLDS_OR_NOT)
    results = {one.expectation_config.meta["id"]: one for suite in validated.values() for one in suite.results}
    if broken := [check for check in looked_at if not results[check.id].success]:
        counted = _validated(context, source, broken, f"{name}-raknat", _COUNTS_ONLY)
        results |= {one.expectation_config.meta["id"]: one for suite in counted.values() for one in suite.results}
        for key in counted:
            context.validation_results_store.remove_key(key)  # the Data Docs have one page for each batch, not two
    for result in results.values():
        _forget_words(result)
    for key, suite in validated.items():
        suite.results = [results[one.expectation_config.meta["id"]] for one in suite.results]
        context.validation_results_store.set(key, suite)  # what the Data Docs are built from
    context.build_data_docs(site_names=[SITE])
    make_self_contained(docs)
    return [_outcome(check, results[check.id]) for check in checks]


def _validated(
    context: Any, source: Any, checks: Sequence[PlannedCheck], name: str, told: dict[str, Any]
) -> dict[Any, Any]:
    """Run checks, with as much told of each as is asked for, and give the results of every batch."""
    import great_expectations as gx

    if not checks:
        return {}
    definitions = _definitions(context, source, checks, name)
    checkpoint = gx.Checkpoint(name=name, validation_definitions=definitions, result_format=told)
    run: Any = context.checkpoints.add(checkpoint).run()
    return dict(run.run_results)


def _leave_rows_in_database(engine: Engine, batches: frozenset[str]) -> None:
    """To learn a batch's columns, Great Expectations selects all its rows: let it have the columns only."""

    def limit(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _executemany: bool
    ) -> tuple[str, Any]:
        return (f"{statement} LIMIT 0" if statement.strip() in batches else statement), parameters

    event.listen(engine, "before_cursor_execute", limit, retval=True)


def _definitions(context: Any, source: Any, checks: Sequence[PlannedCheck], name: str) -> list[Any]:
    import great_expectations as gx
    import great_expectations.expectations as expectations

    batches: dict[str, list[PlannedCheck]] = {}
    for check in checks:
        batches.setdefault(check.batch, []).append(check)
    definitions = []
    for number, (batch, planned) in enumerate(batches.items()):
        suite = context.suites.add(gx.ExpectationSuite(name=f"{name}-{number:02d}-{planned[0].id}"))
        for check in planned:
            expectation = getattr(expectations, check.expectation)
            suite.add_expectation(expectation(**check.arguments, description=check.title, meta={"id": check.id}))
        data = source.add_query_asset(suite.name, query=batch).add_batch_definition_whole_table("alla")
        definition = gx.ValidationDefinition(name=suite.name, data=data, suite=suite)
        definitions.append(context.validation_definitions.add(definition))
    return definitions


def _forget_words(result: Any) -> None:
    """Keep that a check could not be run, and nothing else of what was said about it."""
    said = result.exception_info or {}
    # One flat record when all is well, else one record for each metric that failed.
    if said.get("raised_exception", bool(said)):
        kind = re.search(r"psycopg\.errors\.(\w+)", str(said))
        log.error("check %s could not be run: %s", result.expectation_config.meta["id"], kind[1] if kind else "unknown")
        result.success, result.result, result.exception_info = False, {}, dict(_NOT_RUN)


def _outcome(check: PlannedCheck, result: Any) -> CheckOutcome:
    counted = result.result
    unexpected = counted.get("unexpected_count", counted.get("observed_value"))
    evaluated = counted.get("element_count")
    return CheckOutcome(
        check=check,
        was_run=not result.exception_info["raised_exception"],
        is_success=bool(result.success),
        evaluated=None if evaluated is None else int(evaluated),
        unexpected=None if unexpected is None else int(unexpected),
    )
