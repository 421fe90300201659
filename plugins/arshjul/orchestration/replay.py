"""Deliveries judged again from Airflow, and the months they belong to checked again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from arshjul.lineage.ledger import code_version, start_run
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.monthly import pass_staging_gate
from arshjul.orchestration.runs import RunKey
from arshjul.periods import PeriodError, parse_month
from arshjul.settings import Settings


def replay_wanted(settings: Settings, run: RunKey, wanted: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Judge deliveries again, and check the months that were touched.

    Args:
        settings: Where the warehouse and the archive are.
        run: The run.
        wanted: The DAG's parameters ``omfattning``, ``leverans``, ``dataset``, ``avsandare`` and ``manad``; those that are
            empty do not narrow.
        today: Decides which waivers apply.

    Returns:
        Numbers only, since it becomes an XCom: deliveries judged, rows in quarantine, deliveries that could not be judged.

    Raises:
        Stopped: The month is none, or a check with severity stopp is broken afterwards.
    """
    from arshjul.intake.office import open_office
    from arshjul.intake.replay import Wanted, choose_deliveries, replay_deliveries

    try:
        month = parse_month(wanted["manad"]) if wanted["manad"] else None
    except PeriodError:
        raise Stopped("Månaden skrivs ÅÅÅÅ-MM, till exempel 2026-03.") from None
    choice = Wanted(
        reach=wanted["omfattning"],
        delivery_id=wanted["leverans"],
        dataset=wanted["dataset"],
        sender=wanted["avsandare"],
        month=month,
    )
    with open_office(settings) as office:
        with office.engine.begin() as connection:
            run_id = start_run(connection, run.dag_id, run.dag_run_id, run.period or None, code_version(settings))
            chosen = choose_deliveries(office, connection, choice)
        done = replay_deliveries(office, chosen)
    pass_staging_gate(settings, run_id, {one.month for one in chosen}, today)
    return done.as_json()
