"""A run that does a moment of the year knows which, or finds out; and what it records counts for its day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG, CronTriggerTimetable
from tests.house.test_limits import DAGS, ROOT
from tests.wheel.year import of_2026, real, register

from arshjul.orchestration import moments
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.moments import Moment, Step, moment_of, moment_params, record_done, swedish_day, the_moment
from arshjul.orchestration.runs import RunKey
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction
from arshjul.wheel.events import Event, read


@pytest.fixture
def desk(database: Settings) -> Settings:
    with transaction(database) as connection:
        register(connection, of_2026())
    return database


RAN = datetime(2026, 9, 6, 22, 30, tzinfo=UTC)
"""Half past midnight on the 7th in Sweden."""
SEPTEMBER = {"activity": "delarsrapport_september", "year": 2026, "period": "2026-01--2026-08", "day": "2026-09-06"}
MARCH = {"activity": "stickprov", "year": 2026, "period": "2026-03", "day": "2026-04-17", "part": "2026-03"}
VISIT = {"activity": "namndbesok", "year": 2026, "period": "2026-02", "day": "2026-01-28", "part": "2026-02-11"}


@pytest.mark.parametrize(
    ("dag_id", "conf"), [("interim_report", SEPTEMBER), ("spot_checks", MARCH), ("board_visits", VISIT)]
)
def test_what_a_run_is_started_with_is_what_it_does(desk: Settings, dag_id: str, conf: dict[str, Any]) -> None:
    assert moment_of(desk, dag_id, conf).as_conf() == conf


@pytest.mark.parametrize(
    ("dag_id", "day", "expected"),
    [
        ("interim_report", "2026-09-07", Moment("delarsrapport_september", 2026, "2026-01--2026-08", date(2026, 9, 7))),
        ("interim_report", "2026-09-05", Moment("delarsrapport_april", 2026, "2026-01--2026-03", date(2026, 9, 5))),
        ("annual_report", "2026-02-01", Moment("verksamhetsberattelse", 2026, "2025", date(2026, 2, 1))),
        ("unit_quality_reports", "2025-11-10", Moment("kvalitetsrapporter", 2026, "2025", date(2025, 11, 10))),
        ("spot_checks", "2026-04-20", Moment("stickprov", 2026, "2026-03", date(2026, 4, 20), "2026-03")),
        ("action_sweep", "2026-04-20", Moment("atgardsgenomgang", 2026, "2026-04", date(2026, 4, 20))),
        ("board_visits", "2026-02-01", Moment("namndbesok", 2026, "2026-02", date(2026, 2, 1), "2026-02-11")),
    ],
)
def test_a_run_started_by_hand_does_the_moment_whose_time_it_is(
    desk: Settings, dag_id: str, day: str, expected: Moment
) -> None:
    empty = dict.fromkeys(("activity", "year", "period", "part"))
    assert moment_of(desk, dag_id, {**empty, "day": day}) == expected


@pytest.mark.parametrize(
    ("period", "activity", "year"),
    [
        ("2026-T1", "tertialrapport_1", 2026),
        ("2026-T3", "tertialrapport_3", 2027),
        ("2024-T2", "tertialrapport_2", 2024),
    ],
)
def test_a_run_that_data_has_started_is_found_by_its_period(
    desk: Settings, period: str, activity: str, year: int
) -> None:
    found = moment_of(desk, "tertial_indicators", {"period": period, "day": "2026-06-01"})
    assert (found.activity, found.year, found.period) == (activity, year, period)


def test_a_named_activity_may_be_about_another_period(desk: Settings) -> None:
    found = moment_of(desk, "interim_report", {**SEPTEMBER, "period": "2026-01--2026-07"})
    assert found.period == "2026-01--2026-07"


def test_a_month_is_found_without_its_part(desk: Settings) -> None:
    conf = {key: value for key, value in MARCH.items() if key != "part"}
    assert moment_of(desk, "spot_checks", conf).part == "2026-03"


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"activity": "klagomal"}, "inget sådant moment"),
        ({"period": "2026-T1"}, "inget sådant moment"),
        ({"period": "våren"}, "går inte att läsa"),
        ({"day": "i går"}, "Skriv den som 2026-09-01"),
    ],
)
def test_what_the_year_does_not_have_stops(desk: Settings, params: dict[str, Any], message: str) -> None:
    with pytest.raises(Stopped, match=message):
        moment_of(desk, "interim_report", {"day": "2026-09-07", **params})


def test_what_is_done_is_recorded_once_for_the_day_that_is_played(desk: Settings) -> None:
    moment = moment_of(desk, "spot_checks", MARCH)
    for _ in range(2):
        run = RunKey("spot_checks", "stickprov__2026__2026-03", moment.period)
        record_done(desk, run, moment, moment.day, "Urval: 12 rader.")
    with transaction(desk, Role.AUDIT) as connection:
        assert read(connection, 2026, 2026, date(2026, 12, 31)) == (
            Event("stickprov", 2026, "2026-03", "klar", date(2026, 4, 17), "Urval: 12 rader."),
        )


def test_what_is_settled_stands_when_the_day_has_turned_and_the_meeting_has_been_moved(
    desk: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, Any] = {}
    run = SimpleNamespace(dag_id="complaint_summary", run_id="manual__1", triggering_user_name="anna", run_after=RAN)
    context = {"dag": run, "dag_run": run, "ti": SimpleNamespace(xcom_pull=lambda task_ids: kept[task_ids])}
    monkeypatch.setattr(moments, "get_current_context", lambda: context)
    monkeypatch.setattr(moments, "load_settings", lambda: desk)
    with DAG("complaint_summary", schedule=None) as dag:
        step, _ = the_moment(lambda _: given.pop(0))
    given: list[dict[str, Any]] = [dict.fromkeys(moment_params()), {"day": "2026-09-08"}]
    kept["momentet"] = dag.get_task("momentet").python_callable()
    with transaction(desk) as connection:
        connection.exec_driver_sql("UPDATE core.sammantraden SET datum = datum + 60")
    settled = Moment("klagomal", 2026, "2026-01--2026-08", date(2026, 9, 7))
    run_key = RunKey("complaint_summary", "manual__1", settled.period, "anna")
    assert [step(), step()] == [Step(run_key, settled, date(2026, 9, 7))] * 2
    assert given == [{"day": "2026-09-08"}]
    # Whenever its first task got its turn, what is done on the Friday is done on that Friday.
    assert step().done_on(date(2026, 9, 11)) == date(2026, 9, 11)


@pytest.mark.parametrize(
    ("played", "came", "expected"),
    [
        (None, "2026-05-05", {"day": "2026-05-05", "began": "2026-05-05"}),
        (None, "2026-11-20", {"day": "2026-05-05", "began": "2026-11-20"}),
        ("2026-05-08", "2026-05-05", {"day": "2026-05-08", "began": "2026-09-07"}),
    ],
)
def test_a_tertials_moment_is_its_datas_or_the_day_that_is_played(
    desk: Settings, monkeypatch: pytest.MonkeyPatch, played: str | None, came: str, expected: dict[str, str]
) -> None:
    dag = DagBag(ROOT / "dags" / "tertial_indicators.py", bundle_path=ROOT / "dags").dags["tertial_indicators"]
    late_in_the_evening = datetime.fromisoformat(f"{came}T21:59:00+00:00")
    days = ("2026-02-05", "2026-05-05", "2026-04-07")
    events = [SimpleNamespace(extra={"day": one}, timestamp=late_in_the_evening) for one in days]
    context = {
        "dag": dag,
        "dag_run": SimpleNamespace(partition_key="2026-T1", run_after=RAN),
        "params": {"day": played},
        "triggering_asset_events": {"anordnardata": [*events, SimpleNamespace(extra={})]},
    }
    monkeypatch.setattr(moments, "get_current_context", lambda: context)
    monkeypatch.setattr(moments, "load_settings", lambda: desk)
    settled = dag.get_task("momentet").python_callable()
    assert settled == {"activity": "tertialrapport_1", "year": 2026, "period": "2026-T1", **expected}


def test_a_report_that_waited_for_its_approvals_is_done_the_day_it_was_and_a_played_one_on_the_played_day() -> None:
    began, run = date(2026, 9, 6), RunKey("complaint_summary", "klagomal__2026", "2026-01--2026-08")
    assert Step(run, Moment("klagomal", 2026, run.period, began), began).done_on(date(2026, 9, 21)) == date(2026, 9, 21)
    played = Moment("klagomal", 2025, run.period, date(2025, 9, 5))
    assert [Step(run, played, began).done_on(day) for day in (began, date(2026, 9, 9))] == [
        played.day,
        date(2025, 9, 8),
    ]
    ahead = Moment("klagomal", 2027, run.period, date(2027, 9, 5))
    assert Step(run, ahead, began).done_on(date(2026, 9, 7)) == date(2027, 9, 6)


def test_the_day_is_todays_when_it_is_not_given() -> None:
    assert swedish_day({"day": None}) >= date(2026, 1, 1)
    assert swedish_day({"day": "2026-02-28"}) == date(2026, 2, 28)


def test_every_dag_of_the_year_exists_is_started_as_the_file_says_and_takes_a_moment() -> None:
    bag = DagBag(ROOT / "dags", bundle_path=ROOT / "dags")
    calendar = real()
    assert set(calendar.dags) <= {path.stem for path in DAGS}
    for dag_id, starter in calendar.dags.items():
        dag = bag.dags[dag_id]
        # The scheduler starts by itself exactly what it is said to start.
        assert bool(dag.timetable.can_be_scheduled) == (starter != "follow_the_year"), dag_id
        if starter == "follow_the_year":
            assert set(moment_params()) <= set(dag.params), dag_id


def test_the_year_is_followed_every_morning_in_swedish_time() -> None:
    dag = DagBag(ROOT / "dags" / "follow_the_year.py", bundle_path=ROOT / "dags").dags["follow_the_year"]
    assert isinstance(dag.schedule, CronTriggerTimetable)
    assert dag.max_active_runs == 1
    starting = dag.get_task("starta")
    assert starting.is_mapped
    assert starting.partial_kwargs["skip_when_already_exists"] is True
    assert starting.partial_kwargs["logical_date"] is None
    assert dag.get_task("notera").trigger_rule == "none_failed"
