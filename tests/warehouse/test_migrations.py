"""Migrations: forward only, remembered, the same for many databases at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from arshjul.settings import Settings, load_settings
from arshjul.warehouse import server
from arshjul.warehouse.engine import open_engine
from arshjul.warehouse.errors import WarehouseError
from arshjul.warehouse.migrations import MigrationError, migrate

FIRST = """-- A table, a role of the whole server, and text that must reach the database as it is.
DO $$
BEGIN
    CREATE ROLE test_migration_owner NOLOGIN;
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;
CREATE TABLE public.kept (n int, CONSTRAINT small CHECK (n < 10));
INSERT INTO public.kept SELECT 1 WHERE 'a:b' LIKE 'a%';
SET ROLE test_migration_owner;
SET search_path = pg_catalog;
"""
SECOND = "-- One more column, found by the usual search path.\nALTER TABLE kept ADD COLUMN m int;\n"
FUNCTION = (
    "-- Doubles.\nCREATE OR REPLACE FUNCTION public.twice(n int) RETURNS int LANGUAGE sql\nAS $$ SELECT {} * n $$;\n"
)
VIEW = (
    "-- Twice what is kept.\ncreate or replace view public.doubled AS SELECT public.twice(n) AS n FROM public.kept;\n"
)
STATEMENT = "-- Not a definition.\nDELETE FROM public.kept WHERE n = :n\n"


@pytest.fixture
def fresh(empty_database: Settings, tmp_path: Path) -> Settings:
    """Settings of an empty database and a little folder of SQL."""
    write(tmp_path, "migrations/0001_first.sql", FIRST)
    write(tmp_path, "core/a_function.sql", FUNCTION.format(2))
    write(tmp_path, "lineage/a_view.sql", VIEW)
    write(tmp_path, "core/forget.sql", STATEMENT)
    return replace(empty_database, include=tmp_path)


def write(include: Path, path: str, text: str) -> None:
    file = include / "sql" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def ask(settings: Settings, sql: str) -> list[Any]:
    engine = open_engine(settings)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.exec_driver_sql(sql)]
    engine.dispose()
    return rows


def test_an_empty_database_gets_everything_and_the_second_time_nothing(fresh: Settings) -> None:
    assert migrate(fresh) == ["migrations/0001_first.sql", "core/a_function.sql", "lineage/a_view.sql"]
    assert ask(fresh, "SELECT n FROM doubled") == [(2,)]
    assert ask(fresh, "SELECT number, name, length(sha256) FROM schema_migration") == [(1, "0001_first.sql", 64)]
    assert migrate(fresh) == []


def test_a_new_migration_is_run_and_the_definitions_after_it(fresh: Settings) -> None:
    migrate(fresh)
    write(fresh.include, "migrations/0002_second.sql", SECOND)
    assert migrate(fresh) == ["migrations/0002_second.sql", "core/a_function.sql", "lineage/a_view.sql"]
    assert ask(fresh, "SELECT n, m FROM kept") == [(1, None)]


def test_a_changed_definition_runs_all_definitions(fresh: Settings) -> None:
    migrate(fresh)
    write(fresh.include, "core/a_function.sql", FUNCTION.format("20 / 10 * 2"))
    assert migrate(fresh) == ["core/a_function.sql", "lineage/a_view.sql"]
    assert ask(fresh, "SELECT n FROM doubled") == [(4,)]
    (fresh.include / "sql" / "lineage" / "a_view.sql").unlink()
    assert migrate(fresh) == ["core/a_function.sql"]
    assert migrate(fresh) == []


def test_a_migration_changed_after_it_was_run_is_refused(fresh: Settings) -> None:
    migrate(fresh)
    write(fresh.include, "migrations/0001_first.sql", FIRST + "-- a harmless thought\n")
    with pytest.raises(MigrationError, match=r"0001_first\.sql is not what was run"):
        migrate(fresh)


def test_a_database_ahead_of_the_files_is_refused(fresh: Settings) -> None:
    write(fresh.include, "migrations/0002_second.sql", SECOND)
    migrate(fresh)
    (fresh.include / "sql" / "migrations" / "0002_second.sql").unlink()
    with pytest.raises(MigrationError, match=r"0002_second\.sql, which this version does not have"):
        migrate(fresh)


def test_a_failing_migration_leaves_nothing_of_itself_and_shows_no_row(fresh: Settings) -> None:
    migrate(fresh)
    write(
        fresh.include,
        "migrations/0002_wrong.sql",
        "-- Wrong.\nCREATE TABLE half ();\nINSERT INTO kept VALUES (4711);\n",
    )
    with pytest.raises(WarehouseError) as caught:
        migrate(fresh)
    assert caught.value.constraint_name == "small"
    assert "4711" not in str(caught.value)
    assert ask(fresh, "SELECT to_regclass('half'), max(number) FROM schema_migration") == [(None, 1)]
    write(fresh.include, "migrations/0002_wrong.sql", "-- Wrong.\nSELECT 1;\nSELECT nothing;\n")
    with pytest.raises(WarehouseError, match=r'column "nothing" does not exist, line 3'):
        migrate(fresh)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("migrations/0003_gap.sql", SECOND),
        ("migrations/0002_Big.sql", SECOND),
        ("migrations/notes.txt", SECOND),
        ("migrations/0002_mute.sql", "SELECT 1;"),
        ("core/mute.sql", "SELECT 1;"),
    ],
)
def test_misnamed_and_mute_files_are_refused_before_anything_is_run(fresh: Settings, path: str, text: str) -> None:
    write(fresh.include, path, text)
    with pytest.raises(MigrationError, match=path):
        migrate(fresh)
    assert ask(fresh, "SELECT to_regclass('schema_migration')") == [(None,)]


def test_a_folder_without_migrations_is_refused(empty_database: Settings, tmp_path: Path) -> None:
    with pytest.raises(MigrationError, match="no migrations"):
        migrate(replace(empty_database, include=tmp_path))


@pytest.fixture
def four_databases(
    administrator: psycopg.Connection[Any], postgres_server: Path, tmp_path: Path
) -> Iterator[list[Settings]]:
    names = [f"test_parallel_{number}" for number in range(4)]
    for name in names:
        administrator.execute(f'CREATE DATABASE "{name}"')
    urls = [server.server_url(postgres_server, name) for name in names]
    yield [load_settings({"ARSHJUL_HOME": str(tmp_path), "ARSHJUL_DATABASE_URL": url}) for url in urls]
    for name in names:
        administrator.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_many_databases_are_migrated_at_once(four_databases: list[Settings], fresh: Settings) -> None:
    write(fresh.include, "migrations/0001_first.sql", FIRST.replace("test_migration_owner", "test_parallel_owner"))
    results: list[list[str] | BaseException] = []

    def work(settings: Settings) -> None:
        try:
            results.append(migrate(replace(settings, include=fresh.include)))
        except BaseException as error:  # told below, in the test's own thread
            results.append(error)

    twice_each = [*four_databases, *four_databases]
    threads = [threading.Thread(target=work, args=[settings]) for settings in twice_each]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    everything = ["migrations/0001_first.sql", "core/a_function.sql", "lineage/a_view.sql"]
    assert sorted(results, key=str) == sorted([everything, []] * 4, key=str)


def test_the_runners_own_tables_are_commented(fresh: Settings) -> None:
    migrate(fresh)
    uncommented = ask(
        fresh,
        "SELECT attname FROM pg_attribute WHERE attrelid::regclass::text IN ('schema_migration', 'schema_definition')"
        " AND attnum > 0 AND col_description(attrelid, attnum) IS NULL",
    )
    assert uncommented == []
