"""Fixtures for every room: settings, a database of one's own in some tens of milliseconds, and no network."""

from __future__ import annotations

import atexit
import ipaddress
import os
import shutil
import socket
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection

from arshjul.settings import Settings, load_settings
from arshjul.warehouse import server
from arshjul.warehouse.engine import open_engine
from arshjul.warehouse.migrations import migrate

# Airflow reads its configuration when it is first imported: before that it gets a home of the test process's own.
_AIRFLOW_HOME = tempfile.mkdtemp(prefix="arshjul-airflow-")
atexit.register(shutil.rmtree, _AIRFLOW_HOME, ignore_errors=True)
os.environ["AIRFLOW_HOME"] = _AIRFLOW_HOME
os.environ["AIRFLOW__CORE__PLUGINS_FOLDER"] = str(Path(__file__).resolve().parents[1] / "plugins")
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"

TEMPLATE = "arshjul_template"


@pytest.fixture(autouse=True)
def _closed_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the developer's own settings, or reaches further than this machine."""
    for name in [name for name in os.environ if name.startswith("ARSHJUL_")]:
        monkeypatch.delenv(name)
    for method in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, method, _only_here(getattr(socket.socket, method)))


def _only_here(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise AssertionError("a test tried to reach the network")
        return connect(self, address)

    return guarded


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an empty home, without a database."""
    return load_settings({"ARSHJUL_HOME": str(tmp_path)})


@pytest.fixture(scope="session")
def servers_folder() -> Iterator[Path]:
    """Where test servers keep their files: in memory when there is room, which makes a new database ten times faster.

    Not below pytest's own folder: a socket's path is short.
    """
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30
    folder = Path(tempfile.mkdtemp(prefix="arshjul-test-", dir=memory if roomy else None))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_server(servers_folder: Path) -> Iterator[Path]:
    """The folder of a running server: one for each test process, stopped at the end whatever happened."""
    root = servers_folder / "shared"
    try:
        server.up(root, fast=True)
        yield root
    finally:
        server.down(root)


@pytest.fixture(scope="session")
def administrator(postgres_server: Path) -> Iterator[psycopg.Connection[Any]]:
    """A connection that makes and drops databases."""
    url = server.server_url(postgres_server, "postgres").replace("postgresql+psycopg:", "postgresql:")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@contextmanager
def new_database(administrator: psycopg.Connection[Any], postgres_server: Path, template: str) -> Iterator[str]:
    """Make a database, give its URL, and drop it afterwards whoever is still connected."""
    name = f"test_{uuid.uuid4().hex}"
    administrator.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
    try:
        yield server.server_url(postgres_server, name)
    finally:
        administrator.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def empty_database(administrator: psycopg.Connection[Any], postgres_server: Path, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a new database with nothing in it."""
    with new_database(administrator, postgres_server, "template1") as url:
        yield load_settings({"ARSHJUL_HOME": str(tmp_path), "ARSHJUL_DATABASE_URL": url})


@pytest.fixture(scope="session")
def migrated_template(
    administrator: psycopg.Connection[Any], postgres_server: Path, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of a database that has been through all migrations; nobody works in it, all others are copies."""
    administrator.execute(f'CREATE DATABASE "{TEMPLATE}"')
    home = tmp_path_factory.mktemp("template")
    url = server.server_url(postgres_server, TEMPLATE)
    migrate(load_settings({"ARSHJUL_HOME": str(home), "ARSHJUL_DATABASE_URL": url}))
    return TEMPLATE


@pytest.fixture
def database(
    administrator: psycopg.Connection[Any], postgres_server: Path, migrated_template: str, tmp_path: Path
) -> Iterator[Settings]:
    """Settings of a migrated database of the test's own."""
    with new_database(administrator, postgres_server, migrated_template) as url:
        # A copy takes everything but the rights on the database itself.
        administrator.execute(
            "UPDATE pg_database SET datacl = (SELECT datacl FROM pg_database WHERE datname = %s) WHERE datname = %s",
            (migrated_template, url.partition("?")[0].rpartition("/")[2]),
        )
        yield load_settings({"ARSHJUL_HOME": str(tmp_path), "ARSHJUL_DATABASE_URL": url})


@pytest.fixture
def connection(database: Settings) -> Iterator[Connection]:
    """A superuser's connection to the test's own database; what is done in it is rolled back."""
    engine = open_engine(database)
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            yield connection
            transaction.rollback()
    finally:
        engine.dispose()
