"""Engines: the right database, the right role, and errors that say nothing about rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from arshjul.settings import Settings, load_settings
from arshjul.warehouse import engine as engine_module
from arshjul.warehouse import server
from arshjul.warehouse.engine import AIRFLOW, WAREHOUSE, Role, database_url, ensure_database, open_engine

SECRET = "19121212-1212"


@pytest.fixture
def engine(empty_database: Settings) -> Iterator[Engine]:
    engine = open_engine(empty_database)
    yield engine
    engine.dispose()


def texts_of(error: BaseException | None) -> str:
    """All that a log could show of an error and of those it came from."""
    texts = []
    while error is not None:
        texts += [str(error), repr(error)]
        error = error.__cause__
    return "\n".join(texts)


def test_our_own_server_gets_both_databases_once(root: Path) -> None:
    settings = load_settings({"ARSHJUL_HOME": str(root.parent)})
    assert settings.server_root == root
    server.up(root, fast=True)
    ensure_database(settings)
    ensure_database(settings)
    engine = open_engine(settings)
    with engine.connect() as connection:
        names = set(connection.exec_driver_sql("SELECT datname FROM pg_database").scalars())
        name, user = connection.exec_driver_sql("SELECT current_setting('application_name'), current_user").one()
    engine.dispose()
    assert {WAREHOUSE, AIRFLOW} < names
    assert (name, user) == ("arshjul", "postgres")


def test_a_server_that_is_down_gives_a_clear_error(settings: Settings) -> None:
    elsewhere = replace(settings, database_url="postgresql://anna:hemligt@127.0.0.1:1/arshjul")
    with pytest.raises(server.ServerError, match="no connection to") as caught:
        ensure_database(elsewhere)
    assert "refused" in str(caught.value)
    assert "hemligt" not in texts_of(caught.value)


def test_a_named_server_is_asked_for_its_version(empty_database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ensure_database(empty_database)
    monkeypatch.setattr(engine_module, "_OLDEST_VERSION", 99)
    with pytest.raises(server.ServerError, match="18 is needed"):
        ensure_database(empty_database)


@pytest.mark.parametrize(
    ("given", "database", "wanted"),
    [
        ("postgresql://a:b@h:1/x", WAREHOUSE, "postgresql+psycopg://a:b@h:1/x"),
        ("postgresql+psycopg://a:b@h:1/x", AIRFLOW, "postgresql+psycopg://a:b@h:1/airflow"),
        ("postgres://a@h/x", WAREHOUSE, "postgresql+psycopg://a@h/x"),
    ],
)
def test_a_given_url_is_kept_but_for_driver_and_database(
    settings: Settings, given: str, database: str, wanted: str
) -> None:
    assert database_url(replace(settings, database_url=given), database) == wanted


@pytest.mark.parametrize("given", ["arshjul", "sqlite:///x.db", "postgresql://h"])
def test_other_urls_are_refused(settings: Settings, given: str) -> None:
    with pytest.raises(server.ServerError, match="ARSHJUL_DATABASE_URL"):
        database_url(replace(settings, database_url=given))


def test_a_role_may_do_what_it_may_and_no_more(database: Settings) -> None:
    engine = open_engine(database, Role.REPORT)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT current_user").scalar_one() == "arshjul_report"
        connection.exec_driver_sql("RESET ROLE")
        assert connection.exec_driver_sql("SELECT current_user").scalar_one() == "arshjul_report"
        assert connection.exec_driver_sql("SHOW timezone").scalar_one() == "UTC"
        for statement in ("SELECT * FROM vault.alias", "CREATE TABLE public.mine ()"):
            with pytest.raises(DBAPIError) as caught:
                connection.exec_driver_sql(statement)
            assert isinstance(caught.value.orig, psycopg.errors.InsufficientPrivilege)
            connection.rollback()
    engine.dispose()


@pytest.mark.parametrize("role", list(Role))
def test_every_role_exists_and_none_logs_in(database: Settings, role: Role) -> None:
    engine = open_engine(database, role)
    with engine.connect() as connection:
        row = connection.exec_driver_sql(
            "SELECT rolcanlogin, rolsuper FROM pg_roles WHERE rolname = current_user"
        ).one()
    engine.dispose()
    assert tuple(row) == (False, False)


def test_options_in_the_url_are_kept_beside_the_role(empty_database: Settings) -> None:
    with_options = replace(empty_database, database_url=f"{empty_database.database_url}&options=-c%20work_mem%3D8MB")
    engine = open_engine(with_options)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW work_mem").scalar_one() == "8MB"
        assert connection.exec_driver_sql("SHOW timezone").scalar_one() == "UTC"
    engine.dispose()


def test_an_error_at_commit_shows_no_value(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE t (pnr text, CONSTRAINT one_each UNIQUE (pnr) DEFERRABLE INITIALLY DEFERRED)"
        )
    with pytest.raises(IntegrityError) as caught, engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (%s), (%s)", (SECRET, SECRET))
    assert "UniqueViolation" in texts_of(caught.value)
    assert "1212" not in texts_of(caught.value)


def test_an_error_outside_the_statements_shows_no_value(engine: Engine) -> None:
    with pytest.raises(DBAPIError) as caught, engine.connect() as connection:
        connection.exec_driver_sql("SELECT %s::date", (SECRET,))
    assert "1212" not in texts_of(caught.value)
