"""A database that all SQL cases share: each runs in a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_engine

from arshjul.warehouse import server

DATABASE = "sql_cases"


@pytest.fixture(scope="session")
def cases_engine(
    administrator: psycopg.Connection[Any], postgres_server: Path, migrated_template: str
) -> Iterator[Engine]:
    administrator.execute(f'CREATE DATABASE "{DATABASE}" TEMPLATE "{migrated_template}"')
    engine = create_engine(server.server_url(postgres_server, DATABASE))
    yield engine
    engine.dispose()


@pytest.fixture
def core(cases_engine: Engine) -> Iterator[Connection]:
    """A superuser's connection; what is done in it is rolled back."""
    with cases_engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()
