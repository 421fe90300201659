"""``arshjul spot-check``: what the keyboard says, and that it refuses with a sentence and exit code 1."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.core_rows import load, start_run
from typer.testing import CliRunner

from arshjul.cli import app
from arshjul.lineage.expected import SWEDEN
from arshjul.periods import Month
from arshjul.registers.drawing import draw_sample, promise_sample
from arshjul.settings import Settings
from arshjul.warehouse.engine import transaction

MARCH = Month(2024, 3)


@pytest.fixture
def home(database: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("ARSHJUL_HOME", str(database.home))
    monkeypatch.setenv("ARSHJUL_DATABASE_URL", database.database_url or "")
    return database


@pytest.fixture
def drawn(home: Settings) -> Settings:
    """March's sample, promised and drawn in a played year."""
    with transaction(home) as connection:
        run_id = start_run(connection)
        promise_sample(connection, home, MARCH, run_id=run_id, on_day=date(2024, 3, 20))
    rows = [{"utbetalning_id": f"u{number}", "insats_id": f"=E{number}", "manad": "2024-03-01"} for number in range(12)]
    with transaction(home) as connection:
        load(connection, run_id, {"utbetalningar": rows})
    with transaction(home) as connection:
        draw_sample(connection, home, MARCH, run_id=run_id, on_day=date(2024, 4, 16))
    return home


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["spot-check", *words])
    return done.exit_code, done.output


def test_this_months_sample_is_promised_and_only_its_hash_is_shown(home: Settings) -> None:
    today = datetime.now(UTC).astimezone(SWEDEN).date()
    month = Month.containing(today)
    code, text = run("commit", month.key, "--json")
    told = json.loads(text)
    assert (code, told["period"], told["utfast_dag"]) == (0, month.key, today.isoformat())
    assert "hemligt_tal" not in told
    assert run("commit", month.key)[1].strip().endswith(told["utfastelse_sha256"]), "once: the same again"
    code, text = run("draw", month.key)
    assert (code, text.strip()) == (1, f"Det finns inga utbetalningar för {month.title} att dra stickprov ur.")


def test_a_month_whose_window_is_closed_is_refused_in_swedish(home: Settings) -> None:
    code, text = run("commit", "2024-03")
    assert (code, text.strip()) == (
        1,
        "Stickprovet måste utfästas innan leveranserna för perioden ska vara inne.",
    )
    assert run("draw", "2024-03") == (1, "Inget stickprov är utfäst för mars 2024.\n")
    assert run("commit", "mars")[0] == 2


def test_what_was_drawn_is_listed_recorded_and_drawn_again(drawn: Settings, tmp_path: Path) -> None:
    listed = json.loads(run("worklist", "2024-03", "--json")[1])
    assert {one["insats_id"] for one in listed} <= {f"=E{number}" for number in range(12)}
    item = listed[0]["urval"]
    fault = ("--outcome", "avvikelse", "--reason", "Två dagar för mycket.", "--action", "ATG-7", "--by", "anna")
    assert run("record", "2024-03", item[:12], *fault) == (0, "Infört: avvikelse.\n")
    again = json.loads(run("worklist", "2024-03", "--json")[1])
    assert [one["atgard_id"] for one in again if one["urval"] == item] == ["ATG-7"]
    file = tmp_path / "lista.csv"
    assert run("worklist", "2024-03", "--out", str(file))[0] == 0
    assert "'=E" in file.read_text(encoding="utf-8"), "no spreadsheet runs a sender's text"
    code, text = run("verify", "2024-03")
    assert (code, "stämmer" in text, "spelad" in text) == (0, True, True)
    assert json.loads(run("verify", "2024-03", "--json")[1])["stammer"] is True


def test_what_says_too_little_is_refused(drawn: Settings) -> None:
    item = json.loads(run("worklist", "2024-03", "--json")[1])[0]["urval"]
    code, text = run("record", "2024-03", item, "--outcome", "avvikelse", "--by", "anna")
    assert (code, "skäl på minst tio tecken" in text) == (1, True)
    assert run("record", "2024-03", item, "--outcome", "bra", "--by", "anna")[0] == 2


def test_a_sample_that_cannot_be_drawn_again_is_told(drawn: Settings) -> None:
    # One that was drawn: the secret number decides which, and what was not drawn is not missed in the list.
    gone = json.loads(run("worklist", "2024-03", "--json")[1])[0]["insats_id"]
    with transaction(drawn) as connection:
        connection.exec_driver_sql("DELETE FROM core.utbetalningar WHERE insats_id = %(gone)s", {"gone": gone})
    code, text = run("verify", "2024-03")
    assert code == 1
    assert "Underlaget är inte detsamma som när stickprovet drogs." in text
    assert run("worklist", "2024-03")[0] == 1
