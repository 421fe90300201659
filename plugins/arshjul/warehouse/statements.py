"""The one way to run SQL: statements in files, values as bound parameters, errors without values.

A statement is a file below ``include/sql`` whose first line says what it is for (``-- Close …``). ``:name`` is a bound
parameter; a colon in a string, a comment, a cast (``:day::date``) or a slice is left alone. Where the *structure* must
follow the catalogue (which columns a contract has), a ``.sql.j2`` template builds the text from checked names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import psycopg
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined
from markupsafe import Markup
from psycopg import sql as quoting
from sqlalchemy import Connection, CursorResult, RowMapping
from sqlalchemy.exc import MultipleResultsFound

from arshjul.warehouse.errors import database_errors

_LONGEST_IDENTIFIER = 63

_TOKEN = re.compile(
    r"""
      --[^\n]*                                                  # what is left as it stands: a comment,
    | /\*.*?\*/
    | (?<!\w)[eE]'(?:[^'\\]|\\.|'')*'                           # a string,
    | '(?:[^']|'')*'
    | (?P<tag>\$(?:[A-Za-z_]\w*)?\$).*?(?P=tag)
    | "(?:[^"]|"")*"                                            # a quoted name,
    | ::                                                        # a cast;
    | (?<![\w\])]):(?P<name>[A-Za-z_]\w*)                       # and the one that is not: a parameter
    """,
    re.VERBOSE | re.DOTALL,
)


class StatementError(ValueError):
    """A statement's file or its call is wrong: a mistake in the code, not in the data."""


@dataclass(frozen=True)
class Statements:
    """The statements of one folder.

    Attributes:
        folder: The folder, ``include/sql`` of the settings.
    """

    folder: Path

    def execute(self, connection: Connection, path: str, /, **params: Any) -> int:
        """Run a statement and give the number of rows it touched.

        Args:
            connection: Where to run it, inside the caller's transaction.
            path: The statement's file below the folder: ``intake/finish.sql``.
            params: One value for each ``:name``, no more and no fewer.

        Raises:
            StatementError: The file or the parameters are wrong.
            WarehouseError: The database refused it.
        """
        return self._run(connection, path, params).rowcount

    def fetch_all(self, connection: Connection, path: str, /, **params: Any) -> list[RowMapping]:
        """Run a statement and give all its rows; arguments and errors as :meth:`execute`."""
        return list(self._run(connection, path, params).mappings())

    def fetch_one(self, connection: Connection, path: str, /, **params: Any) -> RowMapping | None:
        """Run a statement and give its only row, or None when there is none; otherwise as :meth:`execute`.

        Raises:
            StatementError: There is more than one row; or as :meth:`execute`.
        """
        try:
            return self._run(connection, path, params).mappings().one_or_none()
        except MultipleResultsFound:
            raise StatementError(f"{path} gave more than one row") from None

    def fetch_value(self, connection: Connection, path: str, /, **params: Any) -> Any:
        """Run a statement and give the only column of its only row, or None when there is no row.

        Raises:
            StatementError: There is more than one row or column; or as :meth:`execute`.
        """
        row = self.fetch_one(connection, path, **params)
        if row is None:
            return None
        if len(row) != 1:
            raise StatementError(f"{path} gave {len(row)} columns, not one")
        return next(iter(row.values()))

    def render(self, path: str, /, **names: Any) -> str:
        """Build a statement's text from a template and names in the catalogue.

        What the template prints must have passed the filter ``ident`` (a name, checked and quoted) or ``literal`` (a
        constant, quoted); anything else is refused. Values of rows are never rendered: they are bound parameters.

        Args:
            path: The template's file below the folder: ``intake/type_rows.sql.j2``.
            names: What the template uses.

        Returns:
            The text, for :func:`execute_text` or :func:`fetch_text`.

        Raises:
            StatementError: A name or the template's first line is wrong.
        """
        if not path.endswith(".sql.j2"):
            raise StatementError(f"{path} is not a template: its name ends in .sql.j2")
        text = _environment(self.folder).get_template(path).render(**names)
        _header(text, path)
        return text

    def _run(self, connection: Connection, path: str, params: dict[str, Any]) -> CursorResult[Any]:
        return _run(connection, _read(self.folder, path), path, params)


def execute_text(connection: Connection, sql: str, /, **params: Any) -> int:
    """Run a rendered statement and give the number of rows it touched.

    Args:
        connection: Where to run it, inside the caller's transaction.
        sql: From :meth:`Statements.render`; its first line names it in errors.
        params: One value for each ``:name``, no more and no fewer.

    Raises:
        StatementError: The parameters are wrong.
        WarehouseError: The database refused it.
    """
    return _run(connection, sql, _header(sql), params).rowcount


def fetch_text(connection: Connection, sql: str, /, **params: Any) -> list[RowMapping]:
    """Run a rendered statement and give all its rows; arguments and errors as :func:`execute_text`."""
    return list(_run(connection, sql, _header(sql), params).mappings())


def parameters(sql: str, /) -> frozenset[str]:
    """Give the names of a text's parameters, for a caller that has more values than the text may want."""
    return _for_driver(sql)[1]


@contextmanager
def copy_text(connection: Connection, sql: str, /) -> Iterator[psycopg.Copy]:
    """Stream rows by a rendered ``COPY … FROM STDIN`` or ``COPY … TO STDOUT``.

    Args:
        connection: Where to run it, inside the caller's transaction.
        sql: From :meth:`Statements.render`; its first line names it in errors.

    Yields:
        psycopg's copy: ``write`` blocks of bytes, or iterate.

    Raises:
        WarehouseError: The database refused the statement or a row.
    """
    if not connection.in_transaction():
        connection.begin()  # else SQLAlchemy would not know that there is something to commit
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    with database_errors(_header(sql)), driver.cursor() as cursor, cursor.copy(sql.encode()) as copy:
        yield copy


def _run(connection: Connection, sql: str, name: str, params: dict[str, Any]) -> CursorResult[Any]:
    text, wanted = _for_driver(sql)
    if wanted != params.keys():
        missing = ", ".join(sorted(wanted - params.keys())) or "none"
        unknown = ", ".join(sorted(params.keys() - wanted)) or "none"
        raise StatementError(f"{name}: parameters missing: {missing}; unknown: {unknown}")
    with database_errors(name):
        return connection.exec_driver_sql(text, params)


@lru_cache(maxsize=1024)
def _for_driver(sql: str) -> tuple[str, frozenset[str]]:
    """Turn ``:name`` into the driver's ``%(name)s``, and tell which names there are.

    sqlalchemy.text() is not used: it overlooks the parameter in ``:day::date`` and finds one in ``'at :noon'``.
    """
    names = set()

    def bind(token: re.Match[str]) -> str:
        if token["name"] is None:
            return token[0]
        names.add(token["name"])
        return f"%({token['name']})s"

    return _TOKEN.sub(bind, sql.replace("%", "%%")), frozenset(names)


@lru_cache(maxsize=1024)
def _read(folder: Path, path: str) -> str:
    file = folder / path
    if not path.endswith(".sql") or ".." in file.parts or not file.is_file():
        raise StatementError(f"there is no statement {path}")
    text = file.read_text(encoding="utf-8")
    _header(text, path)
    return text


def _header(sql: str, path: str = "statement") -> str:
    """Give the first line's purpose, and refuse a text without one."""
    first = sql.partition("\n")[0]
    if not first.startswith("-- ") or not first[3:].strip():
        raise StatementError(f"{path}: the first line says what it is for: -- …")
    return first[3:].strip()


@lru_cache
def _environment(folder: Path) -> Environment:
    # Autoescape is on for its bookkeeping: text from our two filters is Markup, and stays so through join and macros.
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_checked_only,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["ident"] = _identifier
    environment.filters["literal"] = _literal
    return environment


def _checked_only(value: Any) -> Any:
    if isinstance(value, Markup | Undefined) or (isinstance(value, str) and re.fullmatch(r"[ ,\n]*", value)):
        return value
    raise StatementError("a template prints something that passed neither the filter ident nor literal")


def _identifier(name: str) -> Markup:
    text = str(name)  # a name the template was not given says so here
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", text, re.ASCII) or len(text) > _LONGEST_IDENTIFIER:
        raise StatementError(f"not a name of a column, table or schema: {text!r}")
    return Markup(f'"{text}"')  # noqa: S704 - checked on the line above


def _literal(value: str | bool | int | float | Decimal | date | None) -> Markup:
    if not isinstance(value, str | bool | int | float | Decimal | date | None):
        raise StatementError(f"not a constant: {type(value).__name__}")
    return Markup(quoting.Literal(value).as_string(None))  # noqa: S704 - quoted by the driver
