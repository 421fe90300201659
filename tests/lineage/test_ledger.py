"""Runs, check runs and waivers."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from arshjul.lineage import ledger as room
from arshjul.lineage.ledger import (
    CheckResult,
    WaiverRefused,
    check_results,
    code_version,
    deciding_check_runs,
    grant_waiver,
    outcome_of,
    person_name,
    record_check_run,
    start_run,
    valid_waiver,
)
from arshjul.settings import Settings
from arshjul.warehouse.errors import WarehouseError

TOMORROW = datetime.now(UTC).date() + timedelta(days=1)
"""An end that has not passed either when the tests go on over midnight."""
HOLDS = CheckResult("rader_finns", "Det finns rader.", "stopp", True, "Begär ny leverans.", 100, 0)
WARNS = CheckResult("andel_karantan", "Få rader är i karantän.", "varning", False, "Tala med avsändaren.", 100, 7)
STOPS = CheckResult("delar_summerar", "Delarna summerar.", "stopp", False, "Räkna om.", 100, 3)


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.org", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_a_named_code_version_wins(settings: Settings) -> None:
    assert code_version(replace(settings, code_version="v7")) == "v7"


def test_the_code_version_is_the_commit_and_says_when_a_file_was_changed(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / "file").write_text("one")
    git(folder, "add", "file")
    git(folder, "commit", "--quiet", "--message", "one")
    monkeypatch.setattr(room, "REPOSITORY", folder)
    commit = git(folder, "rev-parse", "HEAD")
    assert code_version(settings) == commit
    (folder / "file").write_text("two")
    assert code_version(settings) == f"{commit}-dirty"
    monkeypatch.setenv("PATH", "")
    assert code_version(settings) == version("arshjul")


def test_without_a_repository_the_code_version_is_the_packages(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "REPOSITORY", tmp_path)
    assert code_version(settings) == version("arshjul")


def test_a_run_is_begun_once_and_keeps_what_it_began_with(connection: Connection) -> None:
    first = start_run(connection, "ingest_provider_monthly", "scheduled__1", "2026-03", "abc")
    assert start_run(connection, "ingest_provider_monthly", "scheduled__1", "2026-04", "def") == first
    assert start_run(connection, "ingest_provider_monthly", "scheduled__2", None, "def") != first
    rows = connection.exec_driver_sql("SELECT period, code_version FROM lineage.run ORDER BY run_id").all()
    assert [tuple(row) for row in rows] == [("2026-03", "abc"), (None, "def")]


def test_eight_tasks_that_begin_the_same_run_at_once_get_the_same_number(engine: Engine) -> None:
    def begin(_: int) -> int:
        with engine.begin() as connection:
            return start_run(connection, "ingest", "scheduled__1", "2026-03", "abc")

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(begin, range(8)))) == 1
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM lineage.log").scalar_one() == 1


@pytest.mark.parametrize(
    ("results", "outcome"),
    [
        ((), "godkand"),
        ((HOLDS,), "godkand"),
        ((HOLDS, WARNS), "varning"),
        ((WARNS, STOPS), "stopp"),
        ((replace(STOPS, waiver_id=1),), "varning"),
    ],
)
def test_the_worst_result_decides_and_a_waived_stop_is_a_warning(
    results: tuple[CheckResult, ...], outcome: str
) -> None:
    assert outcome_of(results) == outcome


def test_a_check_run_is_read_as_it_was_written(ledger: Any, connection: Connection) -> None:
    waiver_id = grant_waiver(
        connection,
        check_id=STOPS.check_id,
        period="2026-T1",
        reason="Känt fel hos en anordnare.",
        valid_until=TOMORROW,
        requested_by="anna",
        approved_by="bertil",
    )
    waived = replace(STOPS, waiver_id=waiver_id)
    check_run_id = ledger.check(ledger.computation(), waived, HOLDS)
    assert check_results(connection, check_run_id) == (
        replace(waived, waiver_reason="Känt fel hos en anordnare."),
        HOLDS,
    )


def test_the_newest_check_run_of_each_stage_decides(ledger: Any, connection: Connection) -> None:
    computation_id = ledger.computation()
    common = {"run_id": ledger.run(), "period": "2026-T1"}
    as_of = connection.exec_driver_sql("SELECT as_of FROM indicator.computation").scalar_one()
    record_check_run(connection, **common, stage="core", results=[STOPS], as_of=as_of)
    core = record_check_run(connection, **common, stage="core", results=[WARNS], as_of=as_of)
    record_check_run(connection, **common, stage="core", results=[STOPS], as_of=as_of + timedelta(days=1))
    ledger.check(computation_id, STOPS)
    indicator = ledger.check(computation_id, HOLDS)
    found = deciding_check_runs(connection, computation_id)
    assert [(run.check_run_id, run.stage, run.outcome) for run in found] == [
        (core, "core", "varning"),
        (indicator, "indicator", "godkand"),
    ]
    assert deciding_check_runs(connection, computation_id, found[0].checked_at)[0].check_run_id == core
    assert deciding_check_runs(connection, computation_id, as_of) == ()


@pytest.mark.parametrize("change", [{"check_id": "annan"}, {"is_success": True}, {"severity": "varning"}])
def test_a_waiver_lets_only_the_broken_stop_pass_that_it_is_for(
    ledger: Any, connection: Connection, change: dict[str, Any]
) -> None:
    waiver_id = grant_waiver(
        connection,
        check_id=STOPS.check_id,
        period="2026-T1",
        reason="Känt fel hos en anordnare.",
        valid_until=TOMORROW,
        requested_by="anna",
        approved_by="bertil",
    )
    with pytest.raises(WarehouseError, match="check_result"):
        ledger.check(ledger.computation(), replace(STOPS, waiver_id=waiver_id, **change))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"approved_by": "anna"}, "någon annan"),
        ({"approved_by": "ANNA"}, "någon annan"),
        ({"approved_by": " anna "}, "någon annan"),
        ({"requested_by": "A\u030asa", "approved_by": "åsa"}, "någon annan"),
        ({"approved_by": ""}, "namn"),
        ({"reason": "för att  "}, "skäl"),
        ({"valid_until": date(2020, 1, 1)}, "slutdatum"),
    ],
)
def test_a_waiver_needs_two_persons_a_reason_and_an_end(
    connection: Connection, change: dict[str, Any], sentence: str
) -> None:
    wanted = {
        "check_id": "delar_summerar",
        "period": "2026-T1",
        "reason": "Känt fel hos en anordnare.",
        "valid_until": TOMORROW,
        "requested_by": "anna",
        "approved_by": "bertil",
    }
    with pytest.raises(WaiverRefused, match=sentence):
        grant_waiver(connection, **(wanted | change))


def test_a_waiver_is_valid_for_its_check_its_period_and_its_time(connection: Connection) -> None:
    wanted = {"check_id": "x", "period": "2026-T1", "requested_by": "anna", "approved_by": "bertil"}
    for days, reason in ((3, "Kortare undantag."), (9, "Längre undantag.")):
        grant_waiver(connection, **wanted, reason=reason, valid_until=TOMORROW + timedelta(days=days))
    found = valid_waiver(connection, "x", "2026-T1", TOMORROW + timedelta(days=9))
    assert found is not None
    assert found.reason == "Längre undantag."
    assert (found.requested_by, found.approved_by) == ("anna", "bertil")
    assert valid_waiver(connection, "x", "2026-T1", TOMORROW + timedelta(days=10)) is None
    assert valid_waiver(connection, "x", "2026-T2", TOMORROW) is None
    assert valid_waiver(connection, "y", "2026-T1", TOMORROW) is None


def test_a_persons_name_is_written_in_one_way() -> None:
    assert person_name("  A\u030asa ") == "Åsa"


@pytest.mark.parametrize("name", ["anna ", "", "an\nna", "A\u030asa"])
def test_the_database_takes_a_persons_name_in_that_way_only(ledger: Any, name: str) -> None:
    package_id = ledger.package(ledger.computation())
    with pytest.raises(Exception, match="CheckViolation"):
        ledger.approve(package_id, "granskning", name)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("lineage.run", "code_version"),
        ("lineage.check_run", "outcome"),
        ("lineage.check_result", "title"),
        ("lineage.waiver", "reason"),
        ("lineage.package", "prepared_by"),
        ("lineage.approval", "person"),
        ("lineage.log", "actor"),
        ("indicator.value", "indicator_id"),
        ("published.publication", "report_id"),
        ("published.figure", "figure_id"),
        ("lineage.receipt", "reference"),
    ],
)
def test_what_is_written_stays_even_for_a_superuser(ledger: Any, table: str, column: str) -> None:
    ledger.whole_line()
    grant_waiver(
        ledger.connection,
        check_id="x",
        period="2026-T1",
        reason="Känt fel hos en anordnare.",
        valid_until=TOMORROW,
        requested_by="anna",
        approved_by="bertil",
    )
    for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
        savepoint = ledger.connection.begin_nested()
        with pytest.raises(Exception, match=r"append only|only learns once"):
            ledger.connection.exec_driver_sql(statement)
        savepoint.rollback()


def test_a_receipt_learns_only_once_when_it_was_delivered(ledger: Any, connection: Connection) -> None:
    ledger.whole_line()
    mark = "UPDATE lineage.receipt SET delivered_at = clock_timestamp()"
    connection.exec_driver_sql(mark)
    with pytest.raises(Exception, match="only learns once"):
        connection.exec_driver_sql(mark)


def test_a_receipt_is_for_the_content_that_was_published(ledger: Any) -> None:
    publication_id = ledger.whole_line()
    with pytest.raises(Exception, match="ForeignKeyViolation"):
        ledger.insert(
            "lineage.receipt",
            "receipt_id",
            publication_id=publication_id,
            recipient_id="namnd",
            channel="e-post",
            address="namnd@example.org",
            content_sha256="f" * 64,
            reference="<x@example.org>",
        )
