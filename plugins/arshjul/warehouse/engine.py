"""Engines: which database, under which role, and how it comes to exist."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from sqlalchemy import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from arshjul.settings import Settings
from arshjul.warehouse import server
from arshjul.warehouse.errors import hush

WAREHOUSE = "arshjul"
AIRFLOW = "airflow"

_OLDEST_VERSION = 17  # MERGE … WHEN NOT MATCHED BY SOURCE
_SERVER_LOCK = 4_711_001


class Role(StrEnum):
    """The database roles of migration 0001; code runs under the one that may do just what it does."""

    OWNER = "arshjul_owner"
    INTAKE = "arshjul_intake"
    COMPUTE = "arshjul_compute"
    PUBLISH = "arshjul_publish"
    REPORT = "arshjul_report"
    AUDIT = "arshjul_audit"


def database_url(settings: Settings, database: str = WAREHOUSE) -> str:
    """Give the SQLAlchemy URL of a database.

    Args:
        settings: Names the server: ours, or the one in ``ARSHJUL_DATABASE_URL``.
        database: ``arshjul`` is the warehouse, by whatever name ``ARSHJUL_DATABASE_URL`` has it; any other name is
            that database on the same server.

    Raises:
        ServerError: The setting is not the URL of a PostgreSQL database.
    """
    if settings.database_url is None:
        return server.server_url(settings.server_root, database)
    try:
        url = make_url(settings.database_url)
    except ArgumentError:
        raise server.ServerError("ARSHJUL_DATABASE_URL is not a URL") from None
    if url.get_backend_name() not in ("postgresql", "postgres") or not url.database:
        raise server.ServerError("ARSHJUL_DATABASE_URL names no PostgreSQL database: postgresql+psycopg://…/arshjul")
    url = url.set(drivername="postgresql+psycopg", database=url.database if database == WAREHOUSE else database)
    return url.render_as_string(hide_password=False)


def open_engine(settings: Settings, role: Role | None = None, *, database: str = WAREHOUSE) -> Engine:
    """Make an engine; nothing is connected yet.

    Args:
        settings: Names the server.
        role: Every connection runs under this role from its first statement; by default as the URL's own user.
        database: As in :func:`database_url`.

    Returns:
        An engine whose errors carry no values. The caller disposes of it.

    Raises:
        ServerError: The setting is not the URL of a PostgreSQL database.
    """
    url = make_url(database_url(settings, database))
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=2,
        max_overflow=3,
        pool_pre_ping=True,
        connect_args={"application_name": WAREHOUSE, "client_encoding": "utf8", "options": _options(url, role)},
    )
    hush(engine)
    return engine


def _options(url: URL, role: Role | None) -> str:
    # A role given as a session's default also survives RESET ROLE, which SET ROLE at the start would not.
    given = url.query.get("options", ())
    options = [given] if isinstance(given, str) else list(given)
    return " ".join([*options, "-c timezone=UTC", *([f"-c role={role}"] if role else [])])


@contextmanager
def transaction(settings: Settings, role: Role | None = None) -> Iterator[Connection]:
    """Work in one transaction on a connection of its own, committed at the end and rolled back on an error.

    Args:
        settings: Names the server.
        role: As in :func:`open_engine`.

    Yields:
        The connection; it is closed afterwards.
    """
    engine = open_engine(settings, role)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def ensure_database(settings: Settings) -> None:
    """See to it that there is a database to work in.

    Our own server is started, and the databases ``arshjul`` and ``airflow`` made if missing. A server named by
    ``ARSHJUL_DATABASE_URL`` is only asked whether it answers and is new enough.

    Args:
        settings: Names the server.

    Raises:
        ServerError: There is no usable database; the message says what to do.
    """
    if settings.database_url is None:
        server.up(settings.server_root)
        with server_lock(settings) as connection:
            existing = set(connection.exec_driver_sql("SELECT datname FROM pg_database").scalars())
            for name in (WAREHOUSE, AIRFLOW):
                if name not in existing:
                    connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    engine = open_engine(settings)
    try:
        with _connected(engine) as connection:
            _require_version(int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()))
    finally:
        engine.dispose()


def _require_version(version: int) -> None:
    """Refuse a server too old for our statements.

    Args:
        version: PostgreSQL's ``server_version_num``: 180006 is 18.6.
    """
    major = version // 10_000
    if major < _OLDEST_VERSION:
        raise server.ServerError(f"the database is PostgreSQL {major}: 18 is needed (17 will do)")


@contextmanager
def server_lock(settings: Settings) -> Iterator[Connection]:
    """Hold a lock that is one for the whole server: roles and databases belong to it, not to one database.

    Args:
        settings: Names the server.

    Yields:
        A connection to the database ``postgres`` outside any transaction.

    Raises:
        ServerError: The server does not answer.
    """
    engine = open_engine(settings, database="postgres")
    try:
        with _connected(engine) as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("SELECT pg_advisory_lock(%s)", (_SERVER_LOCK,))
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except OperationalError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise server.ServerError(f"no connection to {where}: {error.orig}") from None
    with connection:
        yield connection
