"""A real Airflow: four months start a tertial, two persons decide, a month is run again, and nothing is left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from arshjul.orchestration import scheduler_process
from arshjul.orchestration.airflow_api import AirflowApi, AirflowApiError
from arshjul.orchestration.scheduler_process import RunningAirflow
from arshjul.settings import Settings, load_settings
from arshjul.warehouse import server

pytestmark = [pytest.mark.scheduler, pytest.mark.xdist_group("scheduler")]

MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")
ALL_DONE = {("compute", -1): "success", ("first", -1): "success", ("second", -1): "success", ("publish", -1): "success"}


@pytest.fixture
def home(postgres_server: Path, tmp_path: Path) -> Settings:
    url = server.server_url(postgres_server, "arshjul")
    return load_settings({"ARSHJUL_HOME": str(tmp_path), "ARSHJUL_DATABASE_URL": url})


@pytest.fixture
def airflow(home: Settings) -> Iterator[RunningAirflow]:
    try:
        yield scheduler_process.start(home, port=0, dags_folder=Path(__file__).with_name("dags"))
    finally:
        scheduler_process.stop(home)


def listening(airflow: RunningAirflow) -> set[str]:
    """The addresses that Airflow's processes listen on, as the kernel writes them: hexadecimal address:port."""
    inodes = set()
    for pid in scheduler_process._members(airflow.components):
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            found = re.fullmatch(r"socket:\[(\d+)\]", str(handle.readlink())) if handle.is_symlink() else None
            inodes |= {found[1]} if found else set()
    rows = [row.split() for name in ("tcp", "tcp6") for row in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return {row[1] for row in rows if row[3] == "0A" and row[9] in inodes}


def test_four_months_start_a_tertial_which_two_persons_decide_on(airflow: RunningAirflow, home: Settings) -> None:
    team, anna, bertil = (
        AirflowApi(airflow.url, user, airflow.passwords[user]) for user in ("datateam", "anna", "bertil")
    )
    team.wait_for_dags(["monthly", "tertial"], 60)
    assert listening(airflow) == {f"0100007F:{airflow.port:04X}"}
    assert team.runs("monthly") == []

    for month in reversed(MONTHS):
        assert team.runs("tertial") == []
        assert team.wait_for_run(team.trigger("monthly", month), 60).state == "success"
    run = team.wait_for_new_run("tertial", "2026-T1", 30)
    assert run.run_type == "asset_triggered"

    question = anna.wait_for_question(run, "first", 60)
    assert question.subject == "Godkänn 2026-T1"
    with pytest.raises(AirflowApiError, match="403"):
        bertil.answer(question, "Godkänn")
    anna.answer(question, "Godkänn")
    bertil.decide(run, "second", "Avslå", seconds=60)
    assert team.wait_for_run(run, 60).state == "success"
    assert team.task_states(run) == {**ALL_DONE, ("publish", -1): "skipped"}

    team.clear(run, ["first"])
    anna.decide(run, "first", "Godkänn", seconds=60)
    bertil.decide(run, "second", "Godkänn", seconds=60)
    assert team.wait_for_run(run, 60).state == "success"
    assert team.task_states(run) == ALL_DONE

    (march,) = team.runs("monthly", "2026-03")
    team.clear(march)
    assert team.wait_for_run(march, 60).state == "success"
    assert [found.run_id for found in team.runs("tertial")] == [run.run_id]

    with pytest.raises(AirflowApiError, match="400"):
        team.trigger("tertial", "2026-03")
    assert scheduler_process.stop(home)
    assert scheduler_process._members(airflow.components) == set()
