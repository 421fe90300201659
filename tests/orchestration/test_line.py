"""The line of a report, as Airflow reads it: the same steps in the same order for every report, one pair of decisions each."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from arshjul.orchestration.approval import Approval
from arshjul.orchestration.line import report_key
from arshjul.orchestration.moments import Moment, Step
from arshjul.orchestration.runs import RunKey
from arshjul.orchestration.texts import WriteTexts

DAGS = Path(__file__).resolve().parents[2] / "dags"
STARTED_BY_THE_YEAR = (
    "annual_quality_report",
    "annual_report",
    "board_visit_account",
    "complaint_summary",
    "interim_report",
    "internal_control",
    "provider_dialogue",
)
PAPERS = ("board_visits", "officer_visit")
REGISTERS = (
    "action_sweep",
    "budget_deviations",
    "customer_survey",
    "effect_followup",
    "goal_chain",
    "payments_reconcile",
    "spot_checks",
    "unit_quality_reports",
)
STEPS = [
    "revidera", "berakna", "kvalitetsgrind", "skydda", "skriv_texter", "frys_rapporten", "granska", "godkann", "publicera",
    "leverera", "klart",
]  # fmt: skip


@pytest.fixture(scope="module")
def dags() -> dict[str, Any]:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(DAGS, bundle_path=DAGS)
    assert bag.import_errors == {}
    return dict(bag.dags)


def before(dag: Any, task_id: str) -> set[str]:
    return {task.task_id for task in dag.get_task(task_id).get_flat_relatives(upstream=True)}


@pytest.mark.parametrize("dag_id", ["tertial_indicators", *STARTED_BY_THE_YEAR])
def test_every_report_goes_through_every_step_in_order(dags: dict[str, Any], dag_id: str) -> None:
    dag = dags[dag_id]
    for number, step in enumerate(STEPS):
        assert set(STEPS[:number]) <= before(dag, step), step


@pytest.mark.parametrize("dag_id", ["tertial_indicators", *STARTED_BY_THE_YEAR])
def test_who_gets_the_report_is_settled_when_it_is_known_what_it_replaces(dags: dict[str, Any], dag_id: str) -> None:
    assert "publicera" in before(dags[dag_id], "mottagare")


def test_a_recall_is_approved_before_it_is_kept_and_kept_before_anybody_is_told(dags: dict[str, Any]) -> None:
    dag = dags["recall_publication"]
    assert {"granska_begaran", "godkann_aterkallelse"} <= before(dag, "bokfor_aterkallelse")
    assert "granska_begaran" in before(dag, "godkann_aterkallelse")
    assert "bokfor_aterkallelse" in before(dag, "meddela")


@pytest.mark.parametrize("dag_id", [*STARTED_BY_THE_YEAR, *PAPERS, *REGISTERS])
def test_what_the_year_starts_takes_a_moment(dags: dict[str, Any], dag_id: str) -> None:
    assert set(dags[dag_id].params) == {"activity", "year", "period", "day", "part"}


@pytest.mark.parametrize("dag_id", ["tertial_indicators", *STARTED_BY_THE_YEAR, *PAPERS, *REGISTERS])
def test_every_moment_is_settled_before_anything_is_done_about_it(dags: dict[str, Any], dag_id: str) -> None:
    dag = dags[dag_id]
    assert all("momentet" in before(dag, task.task_id) for task in dag.tasks if task.task_id != "momentet")


@pytest.mark.parametrize("dag_id", PAPERS)
def test_a_working_paper_goes_through_gate_and_disclosure_control_and_nobody_approves_it(
    dags: dict[str, Any], dag_id: str
) -> None:
    dag = dags[dag_id]
    assert {"kvalitetsgrind", "skydda", "foremal", "underlag"} <= before(dag, "skicka")
    assert not [task for task in dag.tasks if isinstance(task, Approval)]
    assert dag.get_task("underlag").is_mapped


@pytest.mark.parametrize("dag_id", STARTED_BY_THE_YEAR)
def test_a_person_is_asked_for_words_and_a_decision_and_never_for_the_moment(dags: dict[str, Any], dag_id: str) -> None:
    dag = dags[dag_id]
    asked = [task for task in dag.tasks if isinstance(task, Approval)]
    assert [task.step for task in asked] == ["granskning", "godkannande"]
    assert all(set(task.params) == {"kommentar"} for task in asked)
    [texts] = [task for task in dag.tasks if isinstance(task, WriteTexts)]
    assert not texts.params


def moment(period: str, day: date, part: str = "") -> Moment:
    return Moment("x", day.year, period, day, part)


@pytest.mark.parametrize(
    ("report_id", "given", "period"),
    [
        ("delarsrapport", moment("2026-01--2026-08", date(2026, 9, 10)), "2026-01--2026-08"),
        ("underlag_namndbesok", moment("2026-10", date(2026, 10, 3), "2026-10-14"), "2026-T2"),
        ("underlag_tjanstemannabesok", moment("2026-T1", date(2026, 8, 20)), "2026-T1"),
    ],
)
def test_a_visits_month_gives_the_newest_period_that_its_paper_can_be_about(
    report_id: str, given: Moment, period: str
) -> None:
    step = Step(RunKey("d", "r", given.period, "anna"), given, given.day)
    assert report_key(report_id, step) == RunKey("d", "r", period, "anna", report_id)
