"""Who has read what: rows about single persons leave a trace before they are shown, reports and public figures leave none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from arshjul.cli import app
from arshjul.lineage.chain import verify_chain
from arshjul.sample import write_sample
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction


@pytest.fixture
def run(database: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The command line tool over a month of a small made-up municipality."""
    monkeypatch.setenv("ARSHJUL_HOME", str(database.home))
    monkeypatch.setenv("ARSHJUL_DATABASE_URL", str(database.database_url))

    def invoke(*arguments: str) -> Any:
        return CliRunner().invoke(app, list(arguments))

    write_sample(tmp_path / "sample", 2026, scale=0.05, kommun_orgnr=database.kommun_orgnr)
    chosen = tmp_path / "deliveries"
    for file in (tmp_path / "sample").glob("*/*_2026-0[1-4].*"):
        if file.name.startswith(("anordnare", "insatser")):
            (chosen / file.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, chosen / file.parent.name)
    invoke("receive", str(chosen))
    assert invoke("compute", "2026-T1").exit_code == 0
    return invoke


def test_every_reading_of_single_rows_is_kept_and_shown_to_an_auditor(
    run: Any, database: Settings, tmp_path: Path
) -> None:
    out = str(tmp_path / "x.csv")
    assert "Ingen har läst" in run("readings").stdout
    for harmless in (
        ("quarantine",),
        ("status",),
        ("export", "2026-T1", "--out", out),
        ("trace", "maluppfyllelse/1999"),
    ):
        run(*harmless)
    assert json.loads(run("readings", "--json").stdout) == []

    rows = json.loads(run("quarantine", "--rows", "--dataset", "insatser", "--json").stdout)
    assert rows
    traced = json.loads(run("trace", "insatser/2026-T1", "--json").stdout)
    source_rows = sum(last - first + 1 for source in traced["kallor"] for first, last in source["rows"])
    assert source_rows
    exported = run("export", "2026-T1", "--out", out, "--internal", "--json")
    without_rows = run("trace", "synpunkter_inkomna/2026-T1", "--json")
    assert (without_rows.exit_code, json.loads(without_rows.stdout)["kallor"]) == (0, [])
    assert run("revisions", "2026-T1").exit_code == 0
    told = json.loads(run("readings", "--json").stdout)
    assert [(one["kommando"], one["vad"], one["rader"]) for one in told] == [
        ("revisions", "2026-T1", 0),
        ("trace", "synpunkter_inkomna/2026-T1", 0),
        ("export --internal", "2026-T1", json.loads(exported.stdout)["rader"]),
        ("trace", "insatser/2026-T1", source_rows),
        ("quarantine --rows", "insatser", len(rows)),
    ]
    assert {one["inloggning"] for one in told} == {"postgres"}
    assert "  quarantine --rows  insatser  rader: " in run("readings", "--since", "2020-01-01").stdout
    assert "Ingen har läst" in run("readings", "--since", "2199-01-01").stdout
    for change in ("UPDATE lineage.reading SET rows = 0", "DELETE FROM lineage.reading"):
        with pytest.raises(DBAPIError, match="append only"), transaction(database) as connection:
            connection.exec_driver_sql(change)
    with transaction(database, Role.AUDIT) as connection:
        assert verify_chain(connection).ok


def test_only_an_auditor_reads_who_has_read_and_who_was_refused(database: Settings) -> None:
    for table, readers in (("reading", {Role.AUDIT}), ("refusal", {Role.AUDIT, Role.PUBLISH})):
        for role in set(Role) - {Role.OWNER}:
            with transaction(database, role) as connection:
                allowed = connection.exec_driver_sql(f"SELECT has_table_privilege('lineage.{table}', 'SELECT')")
                assert allowed.scalar_one() == (role in readers), (table, role)


def test_nothing_is_shown_that_could_not_be_recorded(run: Any, database: Settings) -> None:
    with transaction(database) as connection:
        connection.exec_driver_sql("REVOKE INSERT ON lineage.reading FROM arshjul_audit")
    refused = run("quarantine", "--rows")
    assert (refused.exit_code, refused.stdout) == (1, "")


def test_a_personnummer_typed_by_mistake_is_not_in_the_record(run: Any) -> None:
    assert run("quarantine", "--rows", "--rule", "900101-2385\x07", "--dataset", "insatser").exit_code == 0
    [told] = json.loads(run("readings", "--json").stdout)
    assert (told["kommando"], told["vad"], told["rader"]) == ("quarantine --rows", "insatser [struket]", 0)
