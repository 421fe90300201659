"""The year that is played: which days it stops at, who answers, and what people do by hand."""

from __future__ import annotations

from datetime import date

import pytest
from tests.wheel.year import of_2026, register

from arshjul.orchestration.airflow_api import AirflowApiError, Run, Waiting
from arshjul.orchestration.demo_year import FOLLOW, PATIENT, Play, days_to_follow, do_by_hand
from arshjul.periods import Month
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction
from arshjul.wheel.events import read

SURVEY = Run("customer_survey", "kundundersokning__2026", None, "running", "manual")
REPORT = Run("annual_report", "verksamhetsberattelse__2026", None, "running", "manual")
ELSEWHERE = Run("fetch_statistics", "scheduled__1", None, "running", "scheduled")


class Airflow:
    """What a user sees of a scheduler where a survey waits and a report asks."""

    def __init__(self, question: str) -> None:
        self.asked = [Waiting(REPORT, question, -1, "Verksamhetsberättelse 2025", "", ("Godkänn", "Avvisa"), ())]
        self.answers: list[tuple[str, str]] = []

    def waiting(self) -> list[Waiting]:
        return self.asked

    def answer(self, question: Waiting, option: str, params: dict[str, str]) -> None:
        self.answers.append((question.task_id, option))
        self.asked = []

    def unfinished(self) -> list[Run]:
        return [SURVEY, ELSEWHERE, *([REPORT] if self.asked else [])]

    def task_states(self, run: Run) -> dict[tuple[str, int], str | None]:
        return {("vanta", -1): PATIENT} if run is SURVEY else {("granska", -1): "awaiting_input"}

    def runs(self, dag_id: str) -> list[Run]:
        return [
            Run("annual_report", REPORT.run_id, None, "success", "manual"),
            Run("interim_report", "delarsrapport_april__2026", None, "failed", "manual"),
            SURVEY,
            ELSEWHERE,
        ]


def played(settings: Settings, airflow: Airflow, monkeypatch: pytest.MonkeyPatch) -> Play:
    for name in ("_QUIET_SECONDS", "_LOOK_SECONDS", "STABLE_SECONDS"):
        monkeypatch.setattr(f"arshjul.orchestration.demo_year.{name}", 0.0)
    people = dict.fromkeys(("datateam", "anna", "bertil"), airflow)
    dags = frozenset({FOLLOW, "customer_survey", "annual_report", "interim_report"})
    return Play(settings, people, dags)  # type: ignore[arg-type]  # a scheduler of the test's own


def test_questions_are_answered_and_what_waits_for_a_later_month_is_left(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    airflow = Airflow("granska")
    play = played(settings, airflow, monkeypatch)
    play.settle("2026-02-06")
    assert airflow.answers == [("granska", "Godkänn")]
    told = capsys.readouterr().out
    assert "2026-02-06  verksamhetsberattelse__2026\n" in told
    assert "scheduled__1" not in told
    assert len(play.failed) == 1
    assert "delarsrapport_april__2026" in play.failed[0]


def test_a_question_that_nobody_in_the_demo_can_answer_ends_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(AirflowApiError, match="no answer to"):
        played(settings, Airflow("skriv_texter"), monkeypatch).settle("2026-02-06")


def test_a_month_stops_where_something_begins_and_at_its_end(database: Settings) -> None:
    with transaction(database) as connection:
        register(connection, of_2026())
    september = days_to_follow(database, Month(2026, 9))
    assert date(2026, 9, 6) in september  # the reports to the board's meeting open
    assert september[-1] == date(2026, 9, 30)
    assert september == sorted(set(september))
    assert len(september) < 15  # the sweep of every day does not make every day one to stop at


def test_people_record_what_has_no_flow_once(database: Settings) -> None:
    with transaction(database) as connection:
        register(connection, of_2026())
    for _ in range(2):
        do_by_hand(database, Month(2026, 10))
    with transaction(database, Role.AUDIT) as connection:
        happened = read(connection, 2026, 2026, date(2026, 12, 31))
    assert [(one.activity_id, one.kind) for one in happened].count(("atgarder_efter_besok", "klar")) == 1
