"""Official statistics: fetch them from Kolada and SCB, and tell what is known."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

from arshjul.catalogue.statistics import SOURCES
from arshjul.cli.application import AsJson, app, begun, ready, show
from arshjul.periods import Month
from arshjul.warehouse.engine import Role, transaction


@app.command()
def fetch(
    sources: Annotated[list[str] | None, typer.Argument(help="kolada, scb; both by default.")] = None,
    landed: Annotated[bool, typer.Option("--landed", help="Load the newest landed pages again, offline.")] = False,
    json: AsJson = False,
) -> None:
    """Fetch official statistics and load them; one service that fails does not stop the other."""
    if unknown := set(sources or ()) - set(SOURCES):
        raise typer.BadParameter(f"there is {' and '.join(SOURCES)}, not {', '.join(sorted(unknown))}")
    today: date = datetime.now(UTC).date()
    with begun(Role.INTAKE, Month.containing(today).key) as run:
        told = [_fetch_one(run.settings, one, run.run_id, today, landed) for one in sources or SOURCES]
    show(told, json, "\n".join(one["text"] for one in told))
    if any(one["fel"] for one in told):
        raise typer.Exit(1)


def _fetch_one(settings: Any, source: str, run_id: int, today: date, landed: bool) -> dict[str, Any]:
    from arshjul.sources.statistics import fetch as fetch_pages
    from arshjul.sources.statistics import load, replay
    from arshjul.sources.statistics_page import FetchFailed
    from arshjul.sources.statistics_report import difference_text

    try:
        fetch_id = replay(settings, source, run_id) if landed else fetch_pages(settings, source, run_id, today)
        done = load(settings, fetch_id)
    except FetchFailed as failure:
        return {"kalla": source, "fel": failure.code, "text": f"{source}: {failure.text}"}
    return {**asdict(done), "kalla": source, "fel": None, "text": f"{source}: {difference_text(done)}"}


@app.command()
def statistics(json: AsJson = False) -> None:
    """What is known of official statistics: series, latest values, revisions, what has ended or gone silent."""
    from arshjul.sources.statistics_report import statistics_report

    settings = ready()
    with transaction(settings, Role.AUDIT) as connection:
        found = statistics_report(connection, settings, datetime.now(UTC).date())
    show(found.as_json(), json, found.text())
