"""``arshjul calendar`` and ``arshjul activity``, and what ``arshjul status`` says of the year."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.wheel.year import of_2026, register
from typer.testing import CliRunner, Result

from arshjul.cli import app
from arshjul.settings import Settings
from arshjul.warehouse.engine import transaction


@pytest.fixture(autouse=True)
def _at_home(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARSHJUL_HOME", str(database.home))
    monkeypatch.setenv("ARSHJUL_DATABASE_URL", database.database_url or "")
    with transaction(database) as connection:
        register(connection, of_2026())


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def of(told: dict[str, list[dict[str, str]]], activity: str) -> dict[str, str]:
    [one] = [one for one in told["aktiviteter"] if one["aktivitet"] == activity]
    return one


def test_the_year_is_told_with_dates_responsible_and_state() -> None:
    done = run("calendar", "2026", "--day", "2026-09-07")
    assert done.exit_code == 0, done.output
    [line] = [line for line in done.output.splitlines() if "Synpunkter och klagomål" in line]
    assert line.split()[0] == "2026-09-08"
    assert "Sakkunnig på avdelningen" in line
    assert line.endswith("pågår")


def test_the_year_is_told_to_machines() -> None:
    told = json.loads(run("calendar", "2026", "--day", "2026-09-07", "--json").output)
    assert (told["ar"], told["dag"]) == (2026, "2026-09-07")
    one = of(told, "delarsrapport_september")
    assert (one["sammantrade"], one["senast"], one["brytdatum"]) == ("2026-09-16", "2026-09-08", "2026-08-31")
    assert one["flode"] == "interim_report"
    assert told["utfall"][-1]["titel"] == "Hela året"


def test_the_wheel_is_written_as_a_page(tmp_path: Path) -> None:
    page = tmp_path / "hjul.html"
    done = run("calendar", "2026", "--out", str(page))
    assert (done.exit_code, done.output) == (0, f"{page} är skriven.\n")
    assert '<table class="wheel">' in page.read_text(encoding="utf-8")


def test_an_activity_says_where_it_comes_from() -> None:
    done = run("activity", "klagomal")
    assert "5.3 Resultatkvalitet, Klagomålshantering" in done.output
    assert run("activity", "grillfest").exit_code == 2


def test_what_people_have_done_is_recorded_and_counts() -> None:
    done = run("activity", "atgarder_efter_besok", "2026", "--done", "2026-10-01")
    assert (done.exit_code, done.output) == (0, "atgarder_efter_besok 2026: klar 2026-10-01.\n")
    told = json.loads(run("calendar", "2026", "--day", "2026-11-01", "--json").output)
    assert (of(told, "atgarder_efter_besok")["lage"], of(told, "atgarder_efter_besok")["klar"]) == (
        "klar",
        "2026-10-01",
    )


def test_what_is_not_applicable_needs_a_reason() -> None:
    assert run("activity", "kundundersokning", "2027", "--not-applicable", "nej").exit_code == 1
    done = run("activity", "kundundersokning", "2027", "--not-applicable", "Enkäten görs vartannat år.")
    assert done.exit_code == 0, done.output
    told = json.loads(run("calendar", "2027", "--day", "2027-12-01", "--json").output)
    assert of(told, "kundundersokning")["skal"] == "Enkäten görs vartannat år."


def test_one_of_several_in_the_year_is_named() -> None:
    refused = run("activity", "stickprov", "2026", "--done", "2026-04-20")
    assert refused.exit_code == 1
    assert "2026-03" in refused.output
    assert run("activity", "stickprov", "2026", "--part", "2026-03", "--done", "2026-04-20").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("calendar", "i år"),
        ("calendar", "2026", "--day", "snart"),
        ("calendar", "1999"),
        ("activity", "klagomal", "2026", "--done", "2026-09-01", "--not-applicable", "Inga kom in."),
    ],
)
def test_wrong_usage_is_told_as_such(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_status_tells_what_of_the_year_is_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    monkeypatch.setattr("arshjul.lineage.expected.swedish_today", lambda: date(2026, 9, 9))
    assert "årshjulet" not in run("status").output
    assert run("activity", "kf_mal", "2026", "--done", "2026-07-01").exit_code == 0  # in use since then
    told = run("status").output
    assert "Försenat i årshjulet\n" in told
    assert "  Synpunkter och klagomål till nämnden: senast 2026-09-08\n" in told
    behind = json.loads(run("status", "--json").output)["arshjulet"]
    assert "klagomal" in {one["aktivitet"] for one in behind["forsenade"]}
