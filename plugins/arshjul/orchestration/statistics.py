"""The steps of fetching official statistics, as functions that tasks call: each takes and gives numbers.

A service that is down or busy is tried again by Airflow. An answer that is wrong would be as wrong the next time: it
stops at once, and nothing of the fetch is loaded.
"""

from __future__ import annotations

import logging

from arshjul.lineage.ledger import code_version, start_run
from arshjul.orchestration import days
from arshjul.orchestration.alerts import Stopped
from arshjul.periods import Month
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction

log = logging.getLogger(__name__)


def fetch_source(settings: Settings, dag_id: str, dag_run_id: str, source: str) -> int:
    """Fetch and land everything that is chosen from one service.

    Args:
        settings: Names the catalogue, the archive and the database.
        dag_id: Airflow's DAG id.
        dag_run_id: Airflow's run id.
        source: ``kolada`` or ``scb``.

    Returns:
        The number of the fetch.

    Raises:
        FetchFailed: The service did not answer; trying again may help.
        Stopped: The answer was not what was asked for.
    """
    from arshjul.sources.statistics import fetch
    from arshjul.sources.statistics_page import FetchFailed

    today = days.today()
    with transaction(settings, Role.INTAKE) as connection:
        run_id = start_run(connection, dag_id, dag_run_id, Month.containing(today).key, code_version(settings))
    try:
        return fetch(settings, source, run_id, today)
    except FetchFailed as failure:
        if failure.is_transient:
            raise
        raise Stopped(f"{failure.text} Ingenting av hämtningen är inläst.") from None


def load_fetch(settings: Settings, fetch_id: int) -> int:
    """Load a fetch from its landed pages and give its number on.

    Raises:
        Stopped: A page is not what was asked for, or a known cell is missing or another.
    """
    from arshjul.sources.statistics import load
    from arshjul.sources.statistics_page import FetchFailed

    try:
        return load(settings, fetch_id).fetch_id
    except FetchFailed as failure:
        raise Stopped(failure.text) from None


def tell_difference(settings: Settings, source: str, fetch_id: int) -> dict[str, int]:
    """Write in the task's log what a fetch changed, and give the counts.

    Args:
        settings: Names the database.
        source: ``kolada`` or ``scb``.
        fetch_id: A fetch that is loaded.
    """
    from arshjul.sources.statistics import difference_of
    from arshjul.sources.statistics_report import change_text, changes_of, difference_text

    with transaction(settings, Role.AUDIT) as connection:
        difference = difference_of(connection, settings, fetch_id, source)
        changes = changes_of(connection, settings, fetch_id)
    log.info("\n".join([difference_text(difference), *(change_text(row) for row in changes)]))
    return {"nya": difference.added, "reviderade": difference.revised, "borta": difference.gone}
