"""A warehouse with the good world in it, made once; a test spoils it in a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine
from tests.conftest import new_database
from tests.quality.worlds import make_good_world

from arshjul.settings import Settings, load_settings
from arshjul.warehouse.engine import open_engine


@pytest.fixture(scope="package")
def good_warehouse(
    administrator: psycopg.Connection[Any],
    postgres_server: Path,
    migrated_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Settings]:
    """Settings of a warehouse with the good world in it; to be left as it is."""
    home = tmp_path_factory.mktemp("quality")
    with new_database(administrator, postgres_server, migrated_template) as url:
        settings = load_settings({"ARSHJUL_HOME": str(home), "ARSHJUL_DATABASE_URL": url})
        engine = open_engine(settings)
        with engine.begin() as connection:
            make_good_world(connection)
        engine.dispose()
        yield settings


@pytest.fixture(scope="package")
def good_engine(good_warehouse: Settings) -> Iterator[Engine]:
    engine = open_engine(good_warehouse)
    yield engine
    engine.dispose()


@pytest.fixture
def world(good_engine: Engine) -> Iterator[Connection]:
    """A superuser's connection to the good world; what is done in it is rolled back."""
    with good_engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()
