"""Bring a database up to the schema in ``include/sql``.

First the numbered migrations, forward only, each in its own transaction and remembered by its hash. Then the
definitions: files that hold ``CREATE OR REPLACE`` (functions and views), all run again when one of them differs.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine

from arshjul.settings import Settings
from arshjul.warehouse.engine import open_engine, server_lock
from arshjul.warehouse.errors import OUR_OWN, database_errors

DEFINITION_FOLDERS = ("core", "lineage", "indicator", "published", "report")

# Class 42 is about the text of a statement ("column x does not exist"), and here that text is a file of ours.
_SHOWN = (*OUR_OWN, "42")


class MigrationError(RuntimeError):
    """The migrations' files do not fit each other or the database; the message names the file."""


@dataclass(frozen=True)
class _File:
    """One file of SQL.

    Attributes:
        path: Below ``include/sql``.
        text: Its content.
    """

    path: str
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def migrate(settings: Settings) -> list[str]:
    """Run what the database has not gone through yet.

    Several processes, and several databases of one server, may be migrated at once: they wait for each other.

    Args:
        settings: Names the database, and the folder with ``sql/``.

    Returns:
        Paths below ``include/sql`` of what was run, in order.

    Raises:
        MigrationError: The files are wrong, or one that was run has changed since.
        ServerError: The database does not answer.
        WarehouseError: The database refused a file; nothing of that file remains.
    """
    folder = settings.include / "sql"
    migrations = _migrations(folder)
    definitions = _definitions(folder)
    engine = open_engine(settings)
    try:
        with server_lock(settings):
            with engine.begin() as connection:
                _run(connection, _File("bookkeeping.sql", Path(__file__).with_name("bookkeeping.sql").read_text()))
            done = _run_migrations(engine, migrations)
            done += _run_definitions(engine, definitions, always=bool(done))
    finally:
        engine.dispose()
    return done


def _migrations(folder: Path) -> list[_File]:
    """Read the migrations and refuse any that is misnamed or out of order: 0001, 0002, … without a gap."""
    files = [_read(folder, path) for path in sorted((folder / "migrations").glob("*"))]
    if not files:
        raise MigrationError(f"there are no migrations in {folder / 'migrations'}")
    for number, file in enumerate(files, start=1):
        if not re.fullmatch(rf"{number:04}_[a-z0-9_]+\.sql", file.name):
            raise MigrationError(f"{file.path}: the next migration is called {number:04}_<name>.sql")
    return files


def _definitions(folder: Path) -> list[_File]:
    """Read the files that define; others in the same folders are statements to be run with parameters."""
    files = [_read(folder, path) for room in DEFINITION_FOLDERS for path in sorted((folder / room).glob("*.sql"))]
    return [file for file in files if re.search(r"^CREATE OR REPLACE\b", file.text, re.MULTILINE | re.IGNORECASE)]


def _read(folder: Path, path: Path) -> _File:
    file = _File(path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8"))
    if not file.text.startswith("-- "):
        raise MigrationError(f"{file.path}: the first line says what it is for: -- …")
    return file


def _run_migrations(engine: Engine, files: Sequence[_File]) -> list[str]:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sha256 FROM public.schema_migration ORDER BY number").all()
    if len(rows) > len(files):
        raise MigrationError(f"the database has been through {rows[-1].name}, which this version does not have")
    for row, file in zip(rows, files, strict=False):
        if (row.name, row.sha256) != (file.name, file.sha256):
            raise MigrationError(f"{file.path} is not what was run here as {row.name}: undo the change, add a new file")
    for number, file in enumerate(files[len(rows) :], start=len(rows) + 1):
        with engine.begin() as connection:
            _run(connection, file)
            connection.exec_driver_sql(
                "INSERT INTO public.schema_migration (number, name, sha256) VALUES (%s, %s, %s)",
                (number, file.name, file.sha256),
            )
    return [file.path for file in files[len(rows) :]]


def _run_definitions(engine: Engine, files: Sequence[_File], *, always: bool) -> list[str]:
    """Run all definitions in one transaction, unless none has changed and no migration was run."""
    with engine.begin() as connection:
        rows = connection.exec_driver_sql("SELECT path, sha256 FROM public.schema_definition").all()
        if not always and {(row.path, row.sha256) for row in rows} == {(file.path, file.sha256) for file in files}:
            return []
        connection.exec_driver_sql("DELETE FROM public.schema_definition")
        for file in files:
            _run(connection, file)
            connection.exec_driver_sql(
                "INSERT INTO public.schema_definition (path, sha256) VALUES (%s, %s)", (file.path, file.sha256)
            )
    return [file.path for file in files]


def _run(connection: Connection, file: _File) -> None:
    """Run a file of many statements, and undo what it set for the session."""
    with database_errors(file.path, shown=_SHOWN):
        # Without parameters the driver sends the text as it is: many statements, $$ bodies, percent signs.
        connection.execution_options(no_parameters=True).exec_driver_sql(file.text)
        connection.exec_driver_sql("RESET ROLE")
        connection.exec_driver_sql("RESET ALL")
