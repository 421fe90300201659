"""The year's letters are notices now: what the log said of them still holds, and what did not hold does not now either."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from arshjul.settings import Settings
from arshjul.warehouse.engine import transaction
from arshjul.warehouse.migrations import migrate

RUN = "INSERT INTO lineage.run (dag_id, dag_run_id, code_version) VALUES ('follow_the_year', '1', 't')"
RESERVED = (
    "INSERT INTO lineage.activity_mail (run_id, role_id, day, told, reference)"
    " SELECT run_id, role, '2026-09-07', '[{\"aktivitet\": \"klagomal\"}]', '<' || role || '>'"
    " FROM lineage.run, (VALUES ('ami_chef'), ('controller'), ('vakten')) AS m (role)"
)
SENT = "UPDATE lineage.activity_mail SET sent_at = clock_timestamp() WHERE role_id <> 'controller'"
STEALTHY = (
    "ALTER TABLE lineage.activity_mail DISABLE TRIGGER USER",
    "UPDATE lineage.activity_mail SET told = '[{}]' WHERE role_id = 'vakten'",
    "ALTER TABLE lineage.activity_mail ENABLE TRIGGER USER",
)


def before_the_move(settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(settings.include / "sql/migrations", tmp_path / "before/sql/migrations")
    for path in (tmp_path / "before/sql/migrations").glob("*.sql"):
        if path.name >= "0023":
            path.unlink()
    migrate(replace(settings, include=tmp_path / "before"))
    with transaction(settings) as connection:
        for statement in (RUN, RESERVED, SENT):
            connection.exec_driver_sql(statement)


def query(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with transaction(settings) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


def test_every_letter_is_a_notice_and_the_log_agrees(empty_database: Settings, tmp_path: Path) -> None:
    before_the_move(empty_database, tmp_path)
    assert "migrations/0023_one_ledger_of_letters.sql" in migrate(empty_database)
    columns = "matter, about, recipient, reference, sent_at IS NOT NULL, content ->> 'moment'"
    told = '[{"aktivitet": "klagomal"}]'
    assert query(empty_database, f"SELECT {columns} FROM lineage.notice ORDER BY notice_id") == [
        ("moment_paminnelse", "2026-09-07", "ami_chef", "<ami_chef>", True, told),
        ("moment_paminnelse", "2026-09-07", "controller", "<controller>", False, told),
        ("moment_missat", "2026-09-07", "datateam", "<vakten>", True, told),
    ]
    assert query(empty_database, "SELECT * FROM lineage.disagreements()") == []
    assert query(empty_database, (empty_database.include / "sql/lineage/broken_seals.sql").read_text()) == []


def test_a_letter_that_was_changed_past_the_log_is_told_of_after_the_move_too(
    empty_database: Settings, tmp_path: Path
) -> None:
    before_the_move(empty_database, tmp_path)
    with transaction(empty_database) as connection:
        for statement in STEALTHY:
            connection.exec_driver_sql(statement)
    migrate(empty_database)
    assert query(empty_database, "SELECT * FROM lineage.disagreements()") == [("activity_mail", "3")]
