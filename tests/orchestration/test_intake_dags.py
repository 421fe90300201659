"""How the steps of intake hang together: one sender's dead server hinders nobody else, but the month is not in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

DAGS = Path(__file__).resolve().parents[2] / "dags"
INTAKE = ("ingest_provider_monthly", "watch_deliveries")


@pytest.fixture(scope="module")
def dags() -> dict[str, Any]:
    from airflow.dag_processing.dagbag import DagBag

    return dict(DagBag(DAGS, bundle_path=DAGS).dags)


@pytest.mark.parametrize("dag_id", INTAKE)
def test_files_are_received_whatever_became_of_the_fetching(dags: dict[str, Any], dag_id: str) -> None:
    dag = dags[dag_id]
    assert dag.get_task("hamta").is_mapped
    senders = dag.get_task("avsandare")
    assert senders.upstream_task_ids == {"hamta"}
    assert senders.trigger_rule == "all_done"
    after_senders = {task.task_id for task in senders.get_flat_relatives(upstream=False)}
    assert after_senders >= {"ta_emot_register", "ta_emot", "kontrollera"}


@pytest.mark.parametrize(("dag_id", "last"), [*zip(INTAKE, ("manaden_ar_inlast", "klart"), strict=True)])
def test_a_server_that_was_not_reached_fails_the_run_in_the_end(dags: dict[str, Any], dag_id: str, last: str) -> None:
    task = dags[dag_id].get_task(last)
    assert task.upstream_task_ids == {"hamta", "kontrollera"}
    assert task.trigger_rule == "none_failed"
    assert {leaf.task_id for leaf in dags[dag_id].leaves} == {last}, "nothing else decides what became of the run"


def test_only_the_months_own_run_says_that_the_month_is_in(dags: dict[str, Any]) -> None:
    assert [task.task_id for task in dags["ingest_provider_monthly"].tasks if task.outlets] == ["manaden_ar_inlast"]
    assert [task.task_id for task in dags["watch_deliveries"].tasks if task.outlets] == []


@pytest.mark.parametrize("dag_id", INTAKE)
def test_slow_servers_never_take_all_workers(dags: dict[str, Any], dag_id: str) -> None:
    fetch = dags[dag_id].get_task("hamta")
    assert fetch.max_active_tis_per_dag == 2
    assert fetch.execution_timeout is not None


def test_the_watch_never_runs_beside_itself(dags: dict[str, Any]) -> None:
    assert dags["watch_deliveries"].max_active_runs == 1
