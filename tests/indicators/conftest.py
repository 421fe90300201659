"""A core to compute from: rows of the test's own, and a catalogue it may add to."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE, Row, load, start_run

Fill = Callable[..., int]


@pytest.fixture
def fill(connection: Connection) -> Fill:
    """Fill core tables, and give the run that computations belong to."""

    def filled(**tables: Iterable[Row]) -> int:
        run_id = start_run(connection)
        load(connection, run_id, tables)
        return run_id

    return filled


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A copy of the catalogue's SQL, and of the contracts it reads by, that a test may change."""
    shutil.copytree(INCLUDE / "contracts", tmp_path / "contracts")
    shutil.copytree(INCLUDE / "sql", tmp_path / "sql", ignore=shutil.ignore_patterns("migrations"))
    return tmp_path
