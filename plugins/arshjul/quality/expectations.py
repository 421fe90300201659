"""Running planned checks with Great Expectations, as SQL in the database.

Importing Great Expectations costs seconds and hundreds of megabytes, so it happens inside the function and one process
runs all checks of a run. Results hold counts only: no value of a row is asked for (facts on performance, §3).
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arshjul.quality.plan import PlannedCheck
from arshjul.settings import silence_telemetry


@dataclass(frozen=True)
class CheckOutcome:
    """How one check went.

    Attributes:
        check: The check.
        is_success: It held. A check that could not be run has not held.
        evaluated: Rows looked at, where that can be counted.
        unexpected: Rows that broke it, where that can be counted.
    """

    check: PlannedCheck
    is_success: bool
    evaluated: int | None
    unexpected: int | None


def run_checks(url: str, checks: Sequence[PlannedCheck], docs: Path, name: str) -> list[CheckOutcome]:
    """Run checks and build their Data Docs.

    Args:
        url: SQLAlchemy URL of the database, with the role the checks run under.
        checks: What to check; checks on the same batch of rows share it.
        docs: Folder that gets the Data Docs (replaced if it is there).
        name: Name of the suite in the Data Docs.

    Returns:
        One outcome per check, in the order given.
    """
    silence_telemetry()
    import great_expectations as gx
    import great_expectations.expectations as expectations

    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    _send_data_docs_to(context, docs)
    source = context.data_sources.add_sql("lager", connection_string=url, create_temp_table=False)
    batches: dict[str, list[PlannedCheck]] = {}
    for check in checks:
        batches.setdefault(check.batch, []).append(check)
    definitions = []
    for number, (batch, planned) in enumerate(batches.items()):
        suite = context.suites.add(gx.ExpectationSuite(name=f"{name}-{number:02d}-{planned[0].id}"))
        for check in planned:
            expectation = getattr(expectations, check.expectation)
            suite.add_expectation(expectation(**check.arguments, description=check.title, meta={"id": check.id}))
        asset = source.add_query_asset(suite.name, query=batch)
        data = asset.add_batch_definition_whole_table("alla")
        definitions.append(
            context.validation_definitions.add(gx.ValidationDefinition(name=suite.name, data=data, suite=suite))
        )
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(
            name=name,
            validation_definitions=definitions,
            result_format={"result_format": "BASIC", "partial_unexpected_count": 0},
        )
    )
    results: dict[str, Any] = {}
    outcome: Any = checkpoint.run()
    for validated in outcome.run_results.values():
        for result in validated.results:
            results[result.expectation_config.meta["id"]] = result
    context.build_data_docs(site_names=["kvalitet"])
    return [_outcome(check, results[check.id]) for check in checks]


def _send_data_docs_to(context: Any, docs: Path) -> None:
    shutil.rmtree(docs, ignore_errors=True)
    docs.mkdir(parents=True)
    context.add_data_docs_site(
        site_name="kvalitet",
        site_config={
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs)},
        },
    )


def _outcome(check: PlannedCheck, result: Any) -> CheckOutcome:
    counted = result.result or {}
    unexpected = counted.get("unexpected_count", counted.get("observed_value"))
    evaluated = counted.get("element_count")
    return CheckOutcome(
        check=check,
        is_success=bool(result.success),
        evaluated=None if evaluated is None else int(evaluated),
        unexpected=None if unexpected is None else int(unexpected),
    )
