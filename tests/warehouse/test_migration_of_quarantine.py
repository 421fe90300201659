"""What was in quarantine before it had a history keeps its place, and past deliveries get their judgement."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from arshjul.settings import Settings
from arshjul.warehouse.engine import transaction
from arshjul.warehouse.migrations import migrate

LANDED = (
    "INSERT INTO lineage.delivery (run_id, file_name, sha256, size_bytes, channel, status, dataset, sender, period,"
    " is_current, rows_in, rows_loaded, rows_unchanged, rows_quarantined, finished_at)"
    " SELECT run_id, 'fil.csv', repeat('0', 64), 1, 'mapp', 'mottagen', 'insatser', '5560360793', '2026-03-01', true,"
    " 3, 2, 0, 1, '2026-04-02 10:00Z' FROM lineage.run"
)


def test_what_was_there_before_is_kept(empty_database: Settings, tmp_path: Path) -> None:
    before = tmp_path / "before/sql/migrations"
    shutil.copytree(empty_database.include / "sql/migrations", before)
    for path in before.glob("*.sql"):
        if path.name >= "0011":
            path.unlink()
    migrate(replace(empty_database, include=tmp_path / "before"))
    with transaction(empty_database) as connection:
        connection.exec_driver_sql(
            "INSERT INTO lineage.run (dag_id, dag_run_id, code_version) VALUES ('cli', '1', 't')"
        )
        connection.exec_driver_sql(LANDED)
        connection.exec_driver_sql("INSERT INTO quarantine.row VALUES (1, 3, 'startdatum', 'format', 'Fel.')")
    assert "migrations/0011_corrections.sql" in migrate(empty_database)
    with transaction(empty_database) as connection:
        reasons = connection.exec_driver_sql(
            "SELECT row_no, rule, known_from = '2026-04-02 10:00Z', known_to = 'infinity' FROM quarantine.reason"
        ).all()
        judged = connection.exec_driver_sql(
            "SELECT because, rows_in, rows_quarantined, judged_at = '2026-04-02 10:00Z' FROM lineage.judgement"
        ).all()
        wrong = connection.exec_driver_sql("SELECT * FROM lineage.disagreements()").all()
    assert [tuple(row) for row in reasons] == [(3, "format", True, True)]
    assert [tuple(row) for row in judged] == [("forsta", 3, 1, True)]
    assert wrong == []
