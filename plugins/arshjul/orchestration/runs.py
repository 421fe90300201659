"""Which run of the line a step belongs to: as Airflow names it, the period, and the report it makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from arshjul.lineage.ledger import code_version, start_run
from arshjul.orchestration.moments import Moment
from arshjul.periods import parse_period
from arshjul.reports.library import REPORTS, newest_period
from arshjul.settings import Settings


@dataclass(frozen=True)
class RunKey:
    """Which run of the line a step belongs to.

    Attributes:
        dag_id: Airflow's DAG id.
        dag_run_id: Airflow's run id.
        period: Key of the period.
        started_by: User name of who started the run; empty when it started by itself.
        report_id: The report it makes; empty when it makes none.
    """

    dag_id: str
    dag_run_id: str
    period: str
    started_by: str = ""
    report_id: str = ""


def report_key(report_id: str, moment: Moment, dag_run: Any) -> RunKey:
    """Tell which report a moment's run makes, of which period.

    What is done before each visit is about the visit's month in the årshjul, which no report is: then it is the newest period
    that the report can be about.

    Args:
        report_id: The report.
        moment: The moment that the run does.
        dag_run: Airflow's run.
    """
    period = parse_period(moment.period)
    if not REPORTS[report_id].accepts(period):
        period = newest_period(report_id, moment.day)
    return RunKey(dag_run.dag_id, dag_run.run_id, period.key, dag_run.triggering_user_name or "", report_id)


def ledger_run(settings: Settings, connection: Connection, run: RunKey) -> int:
    """Give the run's number in the ledger, begun when it first writes there."""
    return start_run(connection, run.dag_id, run.dag_run_id, run.period, code_version(settings))
