"""The hash chain: no gaps, no forks, and no change that goes unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from arshjul.lineage.chain import ChainVerdict, SegmentVerdict, export_segment, seal, verify_chain, verify_segment
from arshjul.lineage.ledger import start_run
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, open_engine

WRITERS, RUNS = 8, 20


def tamper(connection: Connection, statement: str) -> None:
    """Do what only a superuser can, with every trigger off."""
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    connection.exec_driver_sql(statement)
    connection.exec_driver_sql("SET LOCAL session_replication_role = origin")


def test_an_empty_log_is_whole(connection: Connection) -> None:
    assert verify_chain(connection) == ChainVerdict(head=None)


def test_a_whole_line_is_logged_and_agrees_with_the_ledger(ledger: Any, connection: Connection) -> None:
    ledger.whole_line()
    verdict = verify_chain(connection)
    assert verdict.ok
    assert verdict.sentences() == ()
    events = connection.exec_driver_sql("SELECT event FROM lineage.log ORDER BY seq").scalars().all()
    assert verdict.head is not None
    assert verdict.head.seq == len(events)
    assert {"delivery.insert", "computation.insert", "check_result.insert", "approval.insert"} <= set(events)
    assert events[-3:] == ["publication.insert", "figure.insert", "receipt.insert"]


def test_parallel_writers_and_rollbacks_leave_no_gap_and_no_fork(engine: Engine) -> None:
    def write(writer: int) -> None:
        for number in range(RUNS):
            with engine.connect() as connection:
                start_run(connection, "ingest", f"{writer}-{number}", "2026-03", "abc")
                if number % 5 == 4:
                    connection.rollback()
                else:
                    connection.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(WRITERS)))
    with engine.connect() as connection:
        verdict = verify_chain(connection)
    assert verdict.ok
    assert verdict.head is not None
    assert verdict.head.seq == WRITERS * RUNS * 4 // 5


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ('UPDATE lineage.log SET data = data || \'{"sender": "x"}\' WHERE seq = 2', {"changed": (2,)}),
        ("UPDATE lineage.log SET actor = 'x' WHERE seq = 2", {"changed": (2,)}),
        ("UPDATE lineage.log SET at = at + interval '1 microsecond' WHERE seq = 3", {"changed": (3,)}),
        ("UPDATE lineage.log SET event = 'run.update' WHERE seq = 1", {"changed": (1,)}),
        ("DELETE FROM lineage.log WHERE seq = 4", {"gaps": (5,), "unlinked": (5,)}),
        ("DELETE FROM lineage.log WHERE seq = 1", {"gaps": (2,), "unlinked": (2,)}),
        (
            "UPDATE lineage.log SET hash = lineage.seal(seq, at, 'x', event, data, previous_hash), actor = 'x' WHERE seq = 2",
            {"unlinked": (3,)},
        ),
    ],
)
def test_a_changed_log_is_found(ledger: Any, connection: Connection, statement: str, found: dict[str, Any]) -> None:
    ledger.whole_line()
    tamper(connection, statement)
    verdict = verify_chain(connection)
    assert not verdict.ok
    for name in ("gaps", "unlinked", "changed"):
        assert getattr(verdict, name) == found.get(name, ())
    assert verdict.sentences()


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE lineage.approval SET person = 'cecilia' WHERE person = 'anna'", ("approval", "1")),
        ("UPDATE lineage.delivery SET sha256 = repeat('b', 64)", ("delivery", "1")),
        ("DELETE FROM lineage.approval WHERE person = 'anna'", ("approval", "1")),
        ("UPDATE published.figure SET value = 0.99 WHERE NOT is_protected", ("figure", "1")),
        ("DELETE FROM published.figure WHERE is_protected", ("figure", "1")),
        ("DELETE FROM published.figure", ("figure", "1")),
        ("UPDATE indicator.computation SET catalogue_sha256 = repeat('e', 64)", ("computation", "1")),
        (
            "UPDATE lineage.check_result SET is_success = false WHERE check_id = 'delar_summerar'",
            ("check_result", "1/delar_summerar"),
        ),
        (
            "INSERT INTO lineage.run (dag_id, dag_run_id, code_version) VALUES ('cli', 'smygväg', 'x')",
            ("run", "3"),
        ),
    ],
)
def test_a_ledger_changed_past_the_log_is_found(
    ledger: Any, connection: Connection, statement: str, found: tuple[str, str]
) -> None:
    ledger.whole_line()
    tamper(connection, statement)
    verdict = verify_chain(connection)
    assert verdict.disagreements == (found,)
    assert (verdict.gaps, verdict.unlinked, verdict.changed) == ((), (), ())
    assert verdict.sentences() == (f"Huvudboken stämmer inte med loggen: {found[0]} {found[1]}.",)


def test_a_tail_that_was_cut_off_shows_in_the_ledger_and_in_an_earlier_head(
    ledger: Any, connection: Connection
) -> None:
    ledger.whole_line()
    before = verify_chain(connection).head
    tamper(connection, "DELETE FROM lineage.log WHERE event = 'receipt.insert'")
    after = verify_chain(connection)
    assert after.head != before
    assert (after.gaps, after.unlinked, after.changed) == ((), (), ())
    assert after.disagreements == (("receipt", "1"),)


def test_a_column_that_a_later_migration_adds_is_no_disagreement(ledger: Any, connection: Connection) -> None:
    ledger.whole_line()
    connection.exec_driver_sql("ALTER TABLE lineage.run ADD COLUMN host text NOT NULL DEFAULT 'a'")
    assert verify_chain(connection).ok


def test_the_ledger_agrees_whatever_time_zone_a_session_has(ledger: Any, connection: Connection) -> None:
    connection.exec_driver_sql("SET LOCAL timezone = 'Europe/Stockholm'")
    ledger.whole_line()
    connection.exec_driver_sql("SET LOCAL timezone = 'Asia/Tokyo'")
    assert verify_chain(connection).ok


@pytest.mark.parametrize("role", list(Role)[1:])
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO lineage.log SELECT seq + 1, at, actor, event, data, hash, sha256(hash) FROM lineage.log",
        "DELETE FROM lineage.log",
        "TRUNCATE lineage.log",
        "SELECT lineage.write('run.insert', '{}')",
        "ALTER TABLE lineage.log DISABLE TRIGGER ALL",
    ],
)
def test_no_role_of_ours_writes_the_log_by_hand(database: Settings, role: Role, statement: str) -> None:
    engine = open_engine(database, role)
    try:
        with engine.connect() as connection, pytest.raises(Exception, match="InsufficientPrivilege"):
            connection.exec_driver_sql(statement)
    finally:
        engine.dispose()


def test_the_auditor_can_check_everything(database: Settings, engine: Engine, ledger: Any) -> None:
    auditor = open_engine(database, Role.AUDIT)
    with engine.begin() as connection:
        start_run(connection, "cli", "1", None, "abc")
    try:
        with auditor.connect() as connection:
            assert verify_chain(connection).ok
            assert export_segment(connection, 1, 1)[0]["actor"] == "postgres/postgres"
    finally:
        auditor.dispose()


def test_the_log_names_login_and_role(database: Settings) -> None:
    publisher = open_engine(database, Role.PUBLISH)
    try:
        with publisher.begin() as connection:
            start_run(connection, "cli", "1", None, "abc")
            assert export_segment(connection, 1, 1)[0]["actor"] == "postgres/arshjul_publish"
    finally:
        publisher.dispose()


@pytest.fixture
def segment(ledger: Any, connection: Connection) -> list[dict[str, Any]]:
    ledger.run('quote " backslash \\ newline \n åäö 😀')
    ledger.whole_line()
    return export_segment(connection, 1, 1000)


def test_the_seal_outside_the_database_is_the_one_inside(segment: list[dict[str, Any]]) -> None:
    assert [seal(entry) for entry in segment] == [entry["hash"] for entry in segment]
    assert verify_segment(segment) == SegmentVerdict(verify_segment(segment[-1:]).head, ())
    assert verify_segment(json.loads(json.dumps(segment))).ok


def test_a_segment_from_the_middle_is_checked_by_itself(segment: list[dict[str, Any]]) -> None:
    assert verify_segment(segment[3:7]).ok


def test_a_segment_may_withhold_data_and_still_be_checked(ledger: Any, connection: Connection) -> None:
    ledger.whole_line()
    entries = export_segment(connection, 1, 1000, lambda row: row["event"].startswith("approval."))
    assert sum("data" in entry for entry in entries) == 2
    assert verify_segment(entries).ok


@pytest.mark.parametrize(
    "change",
    [
        lambda entries: entries[4].update(data=entries[4]["data"].replace("2026", "2025")),
        lambda entries: entries[4].update(data_sha256="0" * 64),
        lambda entries: entries[4].update(actor="x"),
        lambda entries: entries[4].update(at="2026-01-01T00:00:00.000000Z"),
        lambda entries: entries[4].update(hash="0" * 64),
        lambda entries: entries[4].pop("hash"),
        lambda entries: entries[4].update(seq="fem"),
        lambda entries: entries.pop(4),
        lambda entries: entries.insert(4, "text"),
        lambda entries: entries.insert(4, entries[3]),
        lambda entries: entries.reverse(),
        lambda entries: entries.clear(),
        lambda entries: entries[0].update(previous_hash="1" * 64),
    ],
)
def test_a_changed_segment_is_found(segment: list[dict[str, Any]], change: Callable[[Any], Any]) -> None:
    assert verify_segment(segment).ok
    change(segment)
    assert not verify_segment(segment).ok
