"""The steps of fetching statistics: what Airflow tries again, what it does not, and what the log tells."""

from __future__ import annotations

import logging

import pytest
from tests.sources.statistics_services import Answer
from tests.sources.statistics_world import World, world

from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.statistics import fetch_source, load_fetch, tell_difference
from arshjul.sources import statistics_http
from arshjul.sources.statistics_page import FetchFailed

__all__ = ["world"]  # a fixture is found where it stands


def run(world: World, source: str) -> int:
    return load_fetch(world.settings, fetch_source(world.settings, "fetch_statistics", "manual__1", source))


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps use the usual session: here it does not wait."""
    monkeypatch.setattr(statistics_http.time, "sleep", lambda _: None)


def test_a_fetch_is_loaded_and_what_it_changed_is_told(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert tell_difference(world.settings, "kolada", run(world, "kolada")) == {"nya": 9, "reviderade": 0, "borta": 0}
    assert "Hämtning 1 ändrade 9 nya celler." in caplog.text
    world.kolada.value("U40455", "0580", 2022, T=33.1)
    assert tell_difference(world.settings, "kolada", run(world, "kolada")) == {"nya": 0, "reviderade": 1, "borta": 0}
    assert "U40455 Linköping 2022 (gender T): 32,6 → 33,1" in caplog.text


def test_a_step_that_is_run_again_gives_the_same(world: World) -> None:
    fetch_id = run(world, "scb")
    assert load_fetch(world.settings, fetch_id) == fetch_id
    assert len(world.rows("SELECT 1 FROM core.statistics_fetch")) == 1


def test_a_service_that_is_down_is_for_airflow_to_try_again(world: World) -> None:
    world.kolada.misbehave("/kpi", Answer(b"<html>"))
    with pytest.raises(FetchFailed):
        run(world, "kolada")
    run(world, "scb")


def test_a_wrong_answer_stops_at_once_and_says_why(world: World) -> None:
    world.kolada.misbehave("/data", Answer(status=500))
    with pytest.raises(Stopped, match=r"status 500\. Ingenting av hämtningen är inläst"):
        run(world, "kolada")
    world.kolada.misbehave("/data", Answer(b'{"values": []}'))
    with pytest.raises(Stopped, match="Den kända cellen U40455 för 0580, 2021"):
        run(world, "kolada")
