"""Months roll up into tertials, also after Airflow has written the timetable down and read it back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from airflow._shared.timezones.timezone import coerce_datetime, utcnow
from airflow.partition_mappers.base import RollupMapper
from airflow.partition_mappers.window import QuarterWindow, Window
from airflow.sdk import DAG
from airflow.serialization.definitions.dag import SerializedDAG
from airflow.serialization.serialized_objects import DagSerialization
from airflow.timetables.base import DagRunInfo, TimeRestriction
from pendulum import DateTime

from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.assets import ANORDNARDATA, month_by_month, when_the_tertial_is_in
from arshjul.orchestration.partitions import StartOfTertialMapper, TertialWindow, month_of, tertial_of
from arshjul.periods import Month, PeriodError, Tertial

ROLLUP = RollupMapper(upstream_mapper=StartOfTertialMapper(), window=TertialWindow())

# Airflow's own search for plugins uses a name that its own library has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:GitWildMatchPattern:DeprecationWarning")


@dataclass
class Run:
    partition_key: str | None


def read_back(dag: DAG) -> SerializedDAG:
    """The DAG as the scheduler gets it: written down as JSON and read again."""
    return DagSerialization.from_dict(json.loads(json.dumps(DagSerialization.to_dict(dag))))


def instant(text: str) -> DateTime:
    return coerce_datetime(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("month", "tertial"),
    [
        *[(f"2026-{month:02d}", "2026-T1") for month in range(1, 5)],
        *[(f"2026-{month:02d}", "2026-T2") for month in range(5, 9)],
        *[(f"2026-{month:02d}", "2026-T3") for month in range(9, 13)],
        ("2028-02", "2028-T1"),
        ("2025-12", "2025-T3"),
        ("2027-01", "2027-T1"),
    ],
)
def test_a_month_belongs_to_its_tertial_and_the_tertial_waits_for_it(month: str, tertial: str) -> None:
    assert ROLLUP.to_downstream(month) == tertial
    assert month in ROLLUP.to_upstream(tertial)


def test_a_tertial_waits_for_exactly_its_own_four_months() -> None:
    assert ROLLUP.to_upstream("2026-T1") == {"2026-01", "2026-02", "2026-03", "2026-04"}
    assert ROLLUP.to_upstream("2026-T3") == {"2026-09", "2026-10", "2026-11", "2026-12"}


@pytest.mark.parametrize(
    "key", ["2026-2", "2026-13", "2026-00", "2028-02-29", "2026-T1", "2026", "januari", "", "1999-01"]
)
def test_what_is_not_a_month_rolls_up_into_nothing(key: str) -> None:
    with pytest.raises(PeriodError):
        ROLLUP.to_downstream(key)


@pytest.mark.parametrize("key", ["2026-T0", "2026-T4", "2026-01", "2026", "T1", ""])
def test_what_is_not_a_tertial_waits_for_nothing(key: str) -> None:
    with pytest.raises(PeriodError):
        ROLLUP.to_upstream(key)


@pytest.mark.parametrize(
    ("key", "instant"),
    [
        ("2026-T1", "2026-01-01T00:00:00+01:00"),
        ("2026-T2", "2026-05-01T00:00:00+02:00"),
        ("2026-T3", "2026-09-01T00:00:00+02:00"),
    ],
)
def test_a_tertial_begins_at_midnight_in_sweden(key: str, instant: str) -> None:
    begins = ROLLUP.to_partition_date(key)
    assert begins == datetime.fromisoformat(instant)
    assert begins.tzinfo == ZoneInfo("Europe/Stockholm")


def test_a_tertial_has_no_backward_window() -> None:
    backward = TertialWindow(direction=Window.Direction.BACKWARD)
    with pytest.raises(ValueError, match="four months"):
        backward.to_upstream(Tertial(2026, 1))


def test_airflow_refuses_to_pair_the_tertial_with_another_window() -> None:
    with pytest.raises(TypeError, match="QuarterWindow"):
        RollupMapper(upstream_mapper=StartOfTertialMapper(), window=QuarterWindow())


def test_the_scheduler_reads_back_the_same_rollup_from_the_serialized_dag() -> None:
    timetable = read_back(DAG("tertial", schedule=when_the_tertial_is_in(ANORDNARDATA))).timetable
    mapper = timetable.get_partition_mapper(name=ANORDNARDATA.name, uri=ANORDNARDATA.uri)
    assert mapper.to_downstream("2026-04") == "2026-T1"
    assert mapper.to_upstream("2026-T1") == {"2026-01", "2026-02", "2026-03", "2026-04"}
    assert timetable.resolve_partition_date("2026-T1") == datetime.fromisoformat("2026-01-01T00:00:00+01:00")


def test_a_monthly_dag_runs_on_its_day_for_the_month_before_also_over_new_year() -> None:
    timetable = read_back(DAG("monthly", schedule=month_by_month("0 6 5 * *"))).timetable
    december = DagRunInfo(instant("2025-12-05T06:00:00+01:00"), None, instant("2025-11-05T06:00:00+01:00"), "2025-11")
    january = timetable.next_dagrun_info_v2(last_dagrun_info=december, restriction=TimeRestriction(None, None, True))
    assert january.run_after == instant("2026-01-05T06:00:00+01:00")
    assert january.partition_key == "2025-12"


def test_a_monthly_dag_does_not_run_the_latest_month_as_soon_as_airflow_sees_it() -> None:
    timetable = read_back(DAG("monthly", schedule=month_by_month("0 6 5 * *"))).timetable
    first = timetable.next_dagrun_info_v2(last_dagrun_info=None, restriction=TimeRestriction(None, None, False))
    assert first.run_after > utcnow()


def test_a_backfill_of_a_month_runs_that_month() -> None:
    timetable = read_back(DAG("monthly", schedule=month_by_month("0 6 5 * *"))).timetable
    runs = timetable.iter_partition_dagrun_infos(
        earliest=instant("2025-12-01T00:00:00Z"), latest=instant("2026-01-31T23:59:59Z")
    )
    assert [run.partition_key for run in runs] == ["2025-12", "2026-01"]


def test_a_run_knows_its_period() -> None:
    assert month_of(Run("2026-03")) == Month(2026, 3)
    assert tertial_of(Run("2026-T2")) == Tertial(2026, 2)


@pytest.mark.parametrize("key", [None, "", "2026-3", "2026-T1", "2026"])
def test_a_run_without_a_month_stops_and_says_what_to_do(key: str | None) -> None:
    with pytest.raises(Stopped, match="partitionsnyckel som 2026-03"):
        month_of(Run(key))


@pytest.mark.parametrize("key", [None, "", "2026-03", "2026-T4", "2026"])
def test_a_run_without_a_tertial_stops_and_says_what_to_do(key: str | None) -> None:
    with pytest.raises(Stopped, match="partitionsnyckel som 2026-T1"):
        tertial_of(Run(key))
