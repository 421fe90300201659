"""A small client of Airflow's REST API, for the demo, the end-to-end tests and whoever answers for the demo's people.

One :class:`AirflowApi` is one signed-in user, since who answered an approval is who was signed in.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import requests

from arshjul.periods import Month

FINISHED = frozenset({"success", "failed"})
AWAITING = "awaiting_input"

STABLE_SECONDS = 3.0
"""How long a task must have been waiting before a program answers it. An answer that comes within about a second
overtakes the executor's own report of the task, and the scheduler then marks the task failed."""

_POLL_SECONDS = 0.25
_CALL_SECONDS = 30

Answer = TypeVar("Answer")


class AirflowApiError(RuntimeError):
    """Airflow refused a call, or something did not happen in time."""


@dataclass(frozen=True)
class Run:
    """One DAG run.

    Attributes:
        dag_id: Its DAG.
        run_id: Its id.
        partition_key: ``2026-01`` or ``2026-T1``; ``None`` for a run without a period.
        state: ``queued``, ``running``, ``success`` or ``failed``.
        run_type: ``scheduled``, ``manual``, ``backfill`` or ``asset_triggered``.
    """

    dag_id: str
    run_id: str
    partition_key: str | None
    state: str
    run_type: str


@dataclass(frozen=True)
class Waiting:
    """A task that waits for a person.

    Attributes:
        run: The run it is part of.
        task_id: The task.
        map_index: Its number when mapped, else -1.
        subject: Headline shown to the person.
        body: Text shown to the person (Markdown).
        options: What can be chosen.
        assigned: Ids of the users who may answer; empty for anyone who may run the DAG.
    """

    run: Run
    task_id: str
    map_index: int
    subject: str
    body: str
    options: tuple[str, ...]
    assigned: tuple[str, ...]


class AirflowApi:
    """Airflow's REST API as one user.

    Args:
        url: The API server's address, such as ``http://127.0.0.1:8080``.
        user: User name.
        password: Password.

    Raises:
        AirflowApiError: The user could not sign in.
    """

    def __init__(self, url: str, user: str, password: str) -> None:
        self.user = user
        self._url = url.rstrip("/")
        self._session = requests.Session()
        # A proxy or a .netrc on the machine must not get between us and loopback.
        self._session.trust_env = False
        token = self._call("POST", "/auth/token", {"username": user, "password": password})["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"

    def wait_for_dags(self, dag_ids: Collection[str], seconds: float) -> None:
        """Wait until Airflow has read the DAGs.

        Raises:
            AirflowApiError: A DAG file cannot be imported, or it took longer than ``seconds``.
        """

        def all_read() -> bool:
            if errors := self._call("GET", "/api/v2/importErrors")["import_errors"]:
                raise AirflowApiError(f"Airflow cannot import {', '.join(error['filename'] for error in errors)}")
            known = {dag["dag_id"] for dag in self._call("GET", "/api/v2/dags?limit=100")["dags"]}
            return known >= set(dag_ids)

        self._wait(all_read, seconds, f"Airflow has not read {', '.join(sorted(dag_ids))}")

    def trigger(self, dag_id: str, partition_key: str, conf: Mapping[str, Any] | None = None) -> Run:
        """Start a run for a period.

        Args:
            dag_id: The DAG; its timetable must be a partitioned one.
            partition_key: ``2026-01`` for a monthly DAG, ``2026-T1`` for a tertial's.
            conf: Params of the run.

        Raises:
            AirflowApiError: Airflow refused: unknown DAG, or a key that its timetable cannot read.
        """
        body = {"logical_date": None, "partition_key": partition_key, "conf": dict(conf or {})}
        return _run(self._call("POST", f"/api/v2/dags/{dag_id}/dagRuns", body))

    def start(self, dag_id: str, conf: Mapping[str, Any]) -> Run:
        """Start a run of a DAG that is not about a period.

        Args:
            dag_id: The DAG.
            conf: Params of the run.

        Raises:
            AirflowApiError: Airflow refused.
        """
        body = {"logical_date": None, "conf": dict(conf)}
        return _run(self._call("POST", f"/api/v2/dags/{dag_id}/dagRuns", body))

    def unfinished(self) -> list[Run]:
        """Return the runs of all DAGs that have neither succeeded nor failed."""
        page = self._call("GET", "/api/v2/dags/~/dagRuns?state=queued&state=running&limit=100")
        return [_run(row) for row in page["dag_runs"]]

    def backfill(self, dag_id: str, first: Month, last: Month, again: bool = False) -> int:
        """Start Airflow's own backfill of a monthly DAG, one month at a time, and return its id.

        Args:
            dag_id: A DAG with a ``CronPartitionTimetable``.
            first: First month.
            last: Last month, inclusive.
            again: Also run months again that have a finished run.

        Raises:
            AirflowApiError: Airflow refused, for example since another backfill of the DAG is not finished.
        """
        body = {
            "dag_id": dag_id,
            "from_date": f"{first.start}T00:00:00Z",
            "to_date": f"{last.end}T23:59:59Z",
            "reprocess_behavior": "completed" if again else "none",
            # In order: an earlier month's enrolments are what a later month's attendance refers to.
            "max_active_runs": 1,
        }
        number: int = self._call("POST", "/api/v2/backfills", body)["id"]
        return number

    def run(self, dag_id: str, run_id: str) -> Run:
        """Return a run as it is now."""
        return _run(self._call("GET", _run_path(dag_id, run_id)))

    def runs(self, dag_id: str, partition_key: str | None = None) -> list[Run]:
        """Return a DAG's runs, of one period or of all, oldest first."""
        path = f"/api/v2/dags/{dag_id}/dagRuns?order_by=id&limit=100"
        found: list[Run] = []
        while True:
            page = self._call("GET", f"{path}&offset={len(found)}")["dag_runs"]
            found += map(_run, page)
            if len(page) < 100:
                return [run for run in found if partition_key in (None, run.partition_key)]

    def wait_for_new_run(self, dag_id: str, partition_key: str, seconds: float, known: Collection[str] = ()) -> Run:
        """Wait until Airflow has made a run of the period by itself.

        Args:
            dag_id: The DAG.
            partition_key: The period.
            seconds: How long to wait.
            known: Ids of runs that do not count.

        Raises:
            AirflowApiError: It was not made in time.
        """

        def new() -> Run | None:
            return next((run for run in self.runs(dag_id, partition_key) if run.run_id not in known), None)

        return self._wait(new, seconds, f"{dag_id} was not started for {partition_key}")

    def wait_for_run(self, run: Run, seconds: float) -> Run:
        """Wait until a run has succeeded or failed, and return it as it then is.

        Raises:
            AirflowApiError: It did not finish in time.
        """

        def finished() -> Run | None:
            now = self.run(run.dag_id, run.run_id)
            return now if now.state in FINISHED else None

        return self._wait(finished, seconds, f"{run.dag_id} {run.partition_key} did not finish")

    def task_states(self, run: Run) -> dict[tuple[str, int], str | None]:
        """Return the state of every task of a run: (task id, map index) → state."""
        path = f"{_run_path(run.dag_id, run.run_id)}/taskInstances?limit=100"
        states: dict[tuple[str, int], str | None] = {}
        while True:
            page = self._call("GET", f"{path}&offset={len(states)}")["task_instances"]
            states |= {(task["task_id"], task["map_index"]): task["state"] for task in page}
            if len(page) < 100:
                return states

    def clear(self, run: Run, task_ids: Collection[str] = ()) -> None:
        """Run a finished run again: all of it, or the named tasks and everything after them.

        Raises:
            AirflowApiError: Airflow refused.
        """
        if not task_ids:
            body: dict[str, Any] = {"dry_run": False, "only_failed": False}
            self._call("POST", f"{_run_path(run.dag_id, run.run_id)}/clear", body)
            return
        body = {
            "dry_run": False,
            "dag_run_id": run.run_id,
            "task_ids": list(task_ids),
            "only_failed": False,
            "include_downstream": True,
        }
        self._call("POST", f"/api/v2/dags/{run.dag_id}/clearTaskInstances", body)

    def waiting(self, dag_id: str = "~", run_id: str = "~") -> list[Waiting]:
        """Return what waits for a person: everywhere, in one DAG, or in one run."""
        path = f"{_run_path(dag_id, run_id)}/hitlDetails?response_received=false&state={AWAITING}&limit=100"
        return [_waiting(detail) for detail in self._call("GET", path)["hitl_details"]]

    def wait_for_question(self, run: Run, task_id: str, seconds: float) -> Waiting:
        """Wait until a task of the run has waited for a person for :data:`STABLE_SECONDS`.

        Raises:
            AirflowApiError: It did not come to that in time, or the run finished first.
        """
        seen: float | None = None

        def stable() -> Waiting | None:
            nonlocal seen
            question = next((w for w in self.waiting(run.dag_id, run.run_id) if w.task_id == task_id), None)
            if question is None:
                seen = None
                if (state := self.run(run.dag_id, run.run_id).state) in FINISHED:
                    raise AirflowApiError(f"{run.dag_id} {run.partition_key} is {state}: {task_id} never waited")
                return None
            seen = time.monotonic() if seen is None else seen
            return question if time.monotonic() - seen >= STABLE_SECONDS else None

        return self._wait(stable, seconds, f"{task_id} of {run.dag_id} {run.partition_key} is not waiting")

    def answer(self, question: Waiting, option: str, params: Mapping[str, Any] | None = None) -> None:
        """Answer as this user; ask :meth:`wait_for_question` for the question first.

        Args:
            question: What to answer.
            option: One of ``question.options``.
            params: The form's fields, all of them or none.

        Raises:
            AirflowApiError: Refused: somebody has answered already, or this user may not.
        """
        task = f"taskInstances/{question.task_id}/{question.map_index}/hitlDetails"
        body = {"chosen_options": [option], "params_input": dict(params or {})}
        self._call("PATCH", f"{_run_path(question.run.dag_id, question.run.run_id)}/{task}", body)

    def decide(
        self, run: Run, task_id: str, option: str, params: Mapping[str, Any] | None = None, *, seconds: float
    ) -> None:
        """Wait for a task's question, answer it, and see that the task has taken the answer.

        Should the scheduler lose the answer (see :data:`STABLE_SECONDS`) the task asks again and is answered again.

        Raises:
            AirflowApiError: The answer was refused, the task failed, or it took too long.
        """
        deadline = time.monotonic() + seconds
        state = None
        while state not in ("success", "skipped"):
            if state in ("failed", "upstream_failed"):
                raise AirflowApiError(f"{task_id} of {run.dag_id} {run.partition_key} is {state}")
            if state in (None, AWAITING):
                self.answer(self.wait_for_question(run, task_id, deadline - time.monotonic()), option, params)
            elif time.monotonic() > deadline:
                raise AirflowApiError(f"{task_id} of {run.dag_id} {run.partition_key} is {state} after {seconds:.0f} s")
            time.sleep(_POLL_SECONDS)
            state = self.task_states(run).get((task_id, -1))

    def _wait(self, ask: Callable[[], Answer | None], seconds: float, otherwise: str) -> Answer:
        deadline = time.monotonic() + seconds
        while not (answer := ask()):
            if time.monotonic() > deadline:
                raise AirflowApiError(f"{otherwise} within {seconds:.0f} s")
            time.sleep(_POLL_SECONDS)
        return answer

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        try:
            answer = self._session.request(method, f"{self._url}{path}", json=body, timeout=_CALL_SECONDS)
        except requests.RequestException as error:
            raise AirflowApiError(f"{method} {path.partition('?')[0]}: {type(error).__name__}") from None
        if not answer.ok:
            raise AirflowApiError(f"{method} {path.partition('?')[0]}: {answer.status_code} {_reason(answer)}")
        return answer.json()


def _reason(answer: requests.Response) -> str:
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        return answer.reason
    # A validation error (a list) repeats the body that was sent: a comment may be in it.
    return detail if isinstance(detail, str) else answer.reason


def _run_path(dag_id: str, run_id: str) -> str:
    return f"/api/v2/dags/{dag_id}/dagRuns/{quote(run_id, safe='~')}"


def _run(row: Mapping[str, Any]) -> Run:
    return Run(row["dag_id"], row["dag_run_id"], row["partition_key"], row["state"], row["run_type"])


def _waiting(detail: Mapping[str, Any]) -> Waiting:
    task = detail["task_instance"]
    run = Run(task["dag_id"], task["dag_run_id"], None, "running", "")
    assigned = tuple(user["id"] for user in detail["assigned_users"])
    return Waiting(
        run,
        task["task_id"],
        task["map_index"],
        detail["subject"],
        detail["body"] or "",
        tuple(detail["options"]),
        assigned,
    )
