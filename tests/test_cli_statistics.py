"""``arshjul fetch`` and ``arshjul statistics``: fetch, load again offline, tell what is known."""

from __future__ import annotations

import json

import pytest
from tests.sources.statistics_services import Answer
from tests.sources.statistics_world import World, world
from typer.testing import CliRunner

from arshjul.cli import app

__all__ = ["world"]  # a fixture is found where it stands


@pytest.fixture(autouse=True)
def _at_home(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARSHJUL_HOME", str(world.settings.home))
    monkeypatch.setenv("ARSHJUL_INCLUDE", str(world.settings.include))
    monkeypatch.setenv("ARSHJUL_DATABASE_URL", world.settings.database_url or "")


def test_what_is_fetched_is_told_and_can_be_loaded_again_offline(world: World) -> None:
    done = CliRunner().invoke(app, ["fetch"])
    assert (done.exit_code, done.output.splitlines()) == (
        0,
        ["kolada: Hämtning 1 ändrade 9 nya celler.", "scb: Hämtning 2 ändrade 24 nya celler."],
    )
    asked = len(world.kolada.asked)
    again = CliRunner().invoke(app, ["fetch", "kolada", "--landed", "--json"])
    [told] = json.loads(again.output)
    assert (told["kalla"], told["added"], told["fel"], len(world.kolada.asked)) == ("kolada", 0, None, asked)
    told = json.loads(CliRunner().invoke(app, ["statistics", "--json"]).output)
    assert {one["serie"] for one in told["serier"]} == {"U40455", "N03920", "TAB6260/000006II", "TAB6260/000006IK"}
    assert "Börjat arbeta eller studera" in CliRunner().invoke(app, ["statistics"]).output


def test_one_service_that_fails_does_not_stop_the_other_but_is_told(world: World) -> None:
    world.kolada.misbehave("/kpi", Answer(status=500))
    done = CliRunner().invoke(app, ["fetch"])
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "kolada: Kolada svarade med status 500.",
        "scb: Hämtning 2 ändrade 24 nya celler.",
    ]


def test_nothing_is_known_before_the_first_fetch_and_the_command_to_run_is_told() -> None:
    assert "Kör arshjul fetch kolada." in CliRunner().invoke(app, ["statistics"]).output
    assert CliRunner().invoke(app, ["fetch", "--landed", "scb"]).exit_code == 1


def test_another_service_is_wrong_usage() -> None:
    assert CliRunner().invoke(app, ["fetch", "eurostat"]).exit_code == 2
