"""The registers from the keyboard: what is red is told, and only faults of documents fail the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.registers.follow_up_world import UNIT, everything_done, fill
from typer.testing import CliRunner, Result

from arshjul.cli import app
from arshjul.settings import Settings
from arshjul.warehouse.engine import transaction

Run = Callable[..., Result]
GOALS: list[dict[str, Any]] = [
    {"mal_id": "F1", "niva": "fullmaktige", "text": "Fler i arbete", "period": "2024-01-01"},
    {"mal_id": "F2", "niva": "fullmaktige", "text": "Ingen tar sig an", "period": "2024-01-01"},
    {
        "mal_id": "N1",
        "overordnat_mal_id": "F1",
        "indikator_id": "maluppfyllelse",
        "malvarde": 65,
        "period": "2024-01-01",
        "sarskilt_folja": "ja",
    },
]


@pytest.fixture
def run(database: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A database where one thing of the year 2024 is missing, and the tool that reads it."""
    rows = everything_done()
    rows["besok"] = rows["besok"][1:]
    action = {"atgard_id": "a1", "kall_id": "b2", "medansvarig": "Verksamhetschefen", "indikator_id": "maluppfyllelse"}
    with transaction(database) as connection:
        fill(connection, **rows, mal=GOALS, atgarder=[action])
    monkeypatch.setenv("ARSHJUL_HOME", str(database.home))
    monkeypatch.setenv("ARSHJUL_DATABASE_URL", str(database.database_url))
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def test_the_matrix_tells_its_one_red_cell_and_ends_well(run: Run) -> None:
    found = run("coverage", "2024", "--day", "2025-03-10", "--json")
    told = json.loads(found.stdout)
    assert found.exit_code == 0
    assert told["saknas"] == [[UNIT, "namndbesok"]]
    [unit] = [one for one in told["objekt"] if one["objekt_id"] == UNIT]
    assert unit["uppfoljningar"]["tjanstemannabesok"]["lage"] == "klar"
    text = run("coverage", "2024", "--day", "2025-03-10").stdout
    assert "1 saknas" in text.splitlines()[0]
    assert "  Saknas   Nämndbesök, senast 2024-12-31" in text
    assert "Ekonomisk uppföljning 12 av 12" in text


def test_a_units_page_lists_followups_visits_controls_and_actions(run: Run) -> None:
    told = json.loads(run("coverage", "2024", "--day", "2025-03-10", "--object", UNIT, "--json").stdout)
    assert [one["besok_id"] for one in told["besok"]] == ["b2"]
    assert [one["kontroll_id"] for one in told["kontrollpunkter"]] == ["k1", "k2"]
    assert told["atgarder"] == ["a1"]
    assert "a1 FÖRSENAD, senast 2024-02-01" in run("coverage", "2024", "--day", "2025-03-10", "--object", UNIT).stdout


def test_objects_stand_by_role_and_by_purpose_and_a_purpose_without_an_indicator_says_so(run: Run) -> None:
    roles = {one["id"]: one["objekt"] for one in json.loads(run("coverage", "2024", "--by", "role", "--json").stdout)}
    assert roles == {"deltar": ["projekt"], "delagare": [], "agare": ["perm"]}
    text = run("coverage", "2024", "--by", "purpose").stdout
    assert "kommunen som arbetsgivare: inget objekt. Indikatorer: ingen indikator." in text
    assert "arbetsmarknaden: projekt, perm. Indikatorer: stegforflyttning." in text
    assert run("coverage", "2024", "--by", "colour").exit_code == 2


def test_an_object_that_is_not_there_is_wrong_usage(run: Run) -> None:
    assert run("coverage", "2024", "--object", "finns inte").exit_code == 2


def test_actions_tell_who_is_responsible_and_what_is_overdue_and_end_well(run: Run) -> None:
    found = run("actions", "--day", "2024-06-01")
    assert found.exit_code == 0
    assert found.stdout.splitlines()[0] == "1 åtgärder, varav 1 försenade den 2024-06-01."
    assert "Enhetschefen och Verksamhetschefen" in found.stdout
    assert "  maluppfyllelse: jämförelsevärde saknas" in found.stdout
    [row] = json.loads(run("actions", "--day", "2024-02-01", "--json").stdout)
    assert (row["forsenad"], row["fas"]) == (False, "genomfor")
    assert row["senare_effekt"] == {"indikator_id": "maluppfyllelse", "text": "jämförelsevärde saknas"}


def test_goals_tell_the_chain_its_orphan_and_what_is_specially_followed(run: Run) -> None:
    told = json.loads(run("goals", "2024", "--day", "2024-06-01", "--json").stdout)
    assert (told["utan_namndmal"], told["sarskilt_folja"]) == (["F2"], ["N1"])
    assert "N1 Mål: maluppfyllelse, minst 65. Följs särskilt." in run("goals", "2024", "--day", "2024-06-01").stdout


def test_controls_are_told_by_level_and_one_with_its_results(run: Run) -> None:
    text = run("controls", "2024", "--day", "2024-12-31").stdout
    assert text.splitlines()[0] == "Enhetens egen: 2 kontrollpunkter, 0 med kontroller som saknas, 0 med avvikelser."
    [first, second] = json.loads(run("controls", "2024", "--day", "2024-12-31", "--json").stdout)
    assert (first["gjorda"], first["forvantade"], second["kontroll_id"]) == (1, 1, "k2")
    assert "2024-03-12 utan_avvikelse" in run("controls", "2024", "--day", "2024-12-31", "--point", "k1").stdout
    assert run("controls", "2024", "--point", "finns inte").exit_code == 2


def test_documents_that_are_whole_end_well_and_a_passed_review_does_not(run: Run) -> None:
    assert run("documents", "--day", "2026-06-01").exit_code == 0
    found = run("documents", "--day", "2031-01-01", "--json")
    assert found.exit_code == 1
    assert {row["fel"] for row in json.loads(found.stdout)} == {"aktualitetsprovning_passerad"}


def test_the_help_of_each_command_can_be_read_without_a_database() -> None:
    for command in ("coverage", "actions", "goals", "controls", "documents"):
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0
