"""The client waits before it answers, answers again when Airflow lost the answer, and repeats nothing it was told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests

from arshjul.orchestration import airflow_api
from arshjul.orchestration.airflow_api import AirflowApi, AirflowApiError, Run
from arshjul.periods import Month

RUN = Run("tertial", "r1", "2026-T1", "running", "asset_triggered")


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Airflow(AirflowApi):
    """An Airflow that plays a script: at each time, the state of the one task that asks."""

    def __init__(self, clock: Clock, script: Mapping[float, str | None], run_state: str = "running") -> None:
        self.user = "anna"
        self.clock = clock
        self.script = dict(script)
        self.run_state = run_state
        self.answered_at: list[float] = []
        self.bodies: list[Mapping[str, Any] | None] = []

    def state(self) -> str | None:
        return self.script[max(time for time in self.script if time <= self.clock.now)]

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        if method == "PATCH":
            self.answered_at.append(self.clock.now)
            self.script[self.clock.now] = "queued"
        if method in ("PATCH", "POST"):
            self.bodies.append(body)
            return {"id": 1}
        if "taskInstances?" in path:
            return {"task_instances": [{"task_id": "godkann", "map_index": -1, "state": self.state()}]}
        if "hitlDetails" in path:
            return {"hitl_details": [DETAIL] if self.state() == "awaiting_input" else []}
        return {**RUN_ROW, "state": self.run_state}


TASK_ROW = {"dag_id": "tertial", "dag_run_id": "r1", "task_id": "godkann", "map_index": -1}
DETAIL = {
    "task_instance": TASK_ROW,
    "subject": "Godkänn",
    "body": None,
    "options": ["Godkänn", "Avslå"],
    "assigned_users": [{"id": "anna", "name": "anna"}],
}
RUN_ROW = {"dag_id": "tertial", "dag_run_id": "r1", "partition_key": "2026-T1", "run_type": "asset_triggered"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    clock = Clock()
    monkeypatch.setattr(airflow_api, "time", clock)
    return clock


def test_a_question_is_answered_only_when_it_has_stood_for_three_seconds(clock: Clock) -> None:
    airflow = Airflow(clock, {0: "running", 2: "awaiting_input", 8: "success"})
    airflow.decide(RUN, "godkann", "Godkänn", {"kommentar": ""}, seconds=30)
    assert airflow.answered_at == [5.0]
    assert airflow.bodies == [{"chosen_options": ["Godkänn"], "params_input": {"kommentar": ""}}]


def test_a_question_that_flickers_is_waited_for_anew(clock: Clock) -> None:
    airflow = Airflow(clock, {0: "awaiting_input", 2: "queued", 4: "awaiting_input", 9: "success"})
    airflow.decide(RUN, "godkann", "Godkänn", seconds=30)
    assert airflow.answered_at == [7.0]


def test_a_lost_answer_is_given_again(clock: Clock) -> None:
    airflow = Airflow(clock, {0: "awaiting_input", 5: "up_for_retry", 10: "awaiting_input", 15: "success"})
    airflow.decide(RUN, "godkann", "Godkänn", seconds=60)
    assert airflow.answered_at == [3.0, 13.0]


def test_a_task_that_fails_on_the_answer_is_reported(clock: Clock) -> None:
    airflow = Airflow(clock, {0: "awaiting_input", 5: "failed"})
    with pytest.raises(AirflowApiError, match="godkann of tertial 2026-T1 is failed"):
        airflow.decide(RUN, "godkann", "Godkänn", seconds=60)


def test_a_task_that_never_takes_the_answer_is_given_up(clock: Clock) -> None:
    airflow = Airflow(clock, {0: "awaiting_input", 5: "queued"})
    with pytest.raises(AirflowApiError, match="queued after 20 s"):
        airflow.decide(RUN, "godkann", "Godkänn", seconds=20)


def test_a_run_that_ends_without_asking_is_not_waited_for(clock: Clock) -> None:
    airflow = Airflow(clock, {0: "upstream_failed"}, run_state="failed")
    with pytest.raises(AirflowApiError, match="is failed: godkann never waited"):
        airflow.wait_for_question(RUN, "godkann", 600)
    assert clock.now == 0.0


def test_waiting_ends_when_the_time_is_up(clock: Clock) -> None:
    airflow = Airflow(clock, {0: "running"})
    with pytest.raises(AirflowApiError, match="did not finish within 10 s"):
        airflow.wait_for_run(RUN, 10)


def test_a_backfill_takes_whole_months_one_at_a_time(clock: Clock) -> None:
    airflow = Airflow(clock, {0: None})
    airflow.backfill("monthly", Month(2025, 9), Month(2026, 2))
    assert airflow.bodies == [
        {
            "dag_id": "monthly",
            "from_date": "2025-09-01T00:00:00Z",
            "to_date": "2026-02-28T23:59:59Z",
            "reprocess_behavior": "none",
            "max_active_runs": 1,
        }
    ]


def test_what_airflow_repeats_of_a_refused_form_is_not_passed_on() -> None:
    answer = requests.Response()
    answer.status_code, answer.reason = 422, "Unprocessable Entity"
    answer._content = b'{"detail": [{"input": {"kommentar": "19811228-9874"}}]}'
    assert airflow_api._reason(answer) == "Unprocessable Entity"
    answer._content = b'{"detail": "already answered"}'
    assert airflow_api._reason(answer) == "already answered"
