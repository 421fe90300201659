"""The demo's path with nothing in it: months that are filled, and a tertial that two persons must approve."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Asset, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from arshjul.orchestration.assets import month_by_month, when_the_tertial_is_in
from arshjul.orchestration.partitions import month_of, tertial_of

FILLED = Asset("filled", uri="arshjul://test/filled")


@dag(schedule=month_by_month("0 6 5 * *"), catchup=False)
def monthly() -> None:
    @task
    def find() -> list[int]:
        return [1, 2, 3]

    @task
    def receive(number: int) -> int:
        return number

    @task(outlets=[FILLED])
    def close(received: list[int], dag_run: Any = None) -> str:
        return month_of(dag_run).key

    close(receive.expand(number=find()))


@dag(schedule=when_the_tertial_is_in(FILLED), catchup=False)
def tertial() -> None:
    def ask(task_id: str, user: str) -> HITLOperator:
        return HITLOperator(
            task_id=task_id,
            subject="Godkänn {{ dag_run.partition_key }}",
            options=["Godkänn", "Avslå"],
            assigned_users=[{"id": user, "name": user}],
            retries=2,
            retry_delay=timedelta(seconds=1),
        )

    @task
    def compute(dag_run: Any = None) -> str:
        return tertial_of(dag_run).key

    @task(trigger_rule="all_success")
    def publish(ti: Any = None) -> None:
        if ["Avslå"] in [ti.xcom_pull(task_ids=step)["chosen_options"] for step in ("first", "second")]:
            raise AirflowSkipException("avslaget")

    compute() >> ask("first", "anna") >> ask("second", "bertil") >> publish()


monthly()
tertial()
