"""Which run of the line a step belongs to: as Airflow names it, the period, and the report it makes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from arshjul.lineage.ledger import code_version, start_run
from arshjul.settings import Settings


@dataclass(frozen=True)
class RunKey:
    """Which run of the line a step belongs to.

    Attributes:
        dag_id: Airflow's DAG id.
        dag_run_id: Airflow's run id.
        period: Key of the period; empty when it is about none.
        started_by: User name of who started the run; empty when it started by itself.
        report_id: The report it makes; empty when it makes none.
    """

    dag_id: str
    dag_run_id: str
    period: str
    started_by: str = ""
    report_id: str = ""


def ledger_run(settings: Settings, connection: Connection, run: RunKey) -> int:
    """Give the run's number in the ledger, begun when it first writes there."""
    return start_run(connection, run.dag_id, run.dag_run_id, run.period or None, code_version(settings))
