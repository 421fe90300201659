"""What other rooms see of a database error: its code and place, never a value from a row.

PostgreSQL's messages carry rows (``DETAIL: Key (personnummer)=(…)``, ``invalid input syntax for type date: "…"``). So
they stop here: :func:`database_errors` turns them into :class:`WarehouseError`, and :func:`hush` empties the ones that
appear outside it, at a commit for instance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError

OUR_OWN = ("AJ",)
"""SQLSTATE class of errors our own database functions raise on purpose: their text holds no personal data."""


class WarehouseError(RuntimeError):
    """The database refused a statement.

    Attributes:
        sqlstate: PostgreSQL's five-character code; empty when the connection itself failed.
        constraint_name: The constraint that was broken, or None.
        statement_name: Path of the statement's file, or its header line.
        message: The database's message where it is known to hold no value, else PostgreSQL's name of the code, with
            line, table and column where the database tells them.
    """

    def __init__(self, sqlstate: str, constraint_name: str | None, statement_name: str, message: str = "") -> None:
        super().__init__(sqlstate, constraint_name, statement_name, message)
        self.sqlstate = sqlstate
        self.constraint_name = constraint_name
        self.statement_name = statement_name
        self.message = message

    def __str__(self) -> str:
        constraint = f", constraint {self.constraint_name}" if self.constraint_name else ""
        return f"{self.statement_name}: {self.message} (SQLSTATE {self.sqlstate or 'none'}{constraint})"


@contextmanager
def database_errors(statement_name: str, shown: tuple[str, ...] = OUR_OWN) -> Iterator[None]:
    """Translate every database error of the block.

    Args:
        statement_name: What the error calls the statement.
        shown: Beginnings of the SQLSTATEs whose message may be passed on.

    Raises:
        WarehouseError: The database refused something in the block.
    """
    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        sqlstate = getattr(cause, "sqlstate", None) or ""
        constraint = cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
        raise WarehouseError(sqlstate, constraint, statement_name, _safe_message(cause, shown)) from None


@contextmanager
def refused_as(refusal: Callable[[str], Exception], sentences: Mapping[str, str]) -> Iterator[None]:
    """Tell what a constraint refuses in the block as a sentence of the caller's; every other error goes on as it is.

    Args:
        refusal: The exception that tells it.
        sentences: Names of constraints, each with its Swedish sentence.
    """
    try:
        yield
    except WarehouseError as error:
        if sentence := sentences.get(error.constraint_name or ""):
            raise refusal(sentence) from None
        raise


def hush(engine: Engine) -> None:
    """Empty the text of every database error that leaves the engine, wherever it appears."""
    event.listen(engine, "handle_error", _empty)


def _empty(context: ExceptionContext) -> None:
    message = (_safe_message(context.original_exception, OUR_OWN),)
    context.original_exception.args = message
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = message


def _safe_message(error: BaseException | None, shown: tuple[str, ...]) -> str:
    """Say what happened without the database's own words, unless those are among the shown."""
    if not isinstance(error, psycopg.Error):
        return type(error).__name__
    diagnosis = error.diag
    if error.sqlstate and error.sqlstate.startswith(shown) and diagnosis.message_primary:
        what = diagnosis.message_primary
    elif isinstance(error, psycopg.OperationalError) and not error.sqlstate:
        what = str(error).partition("\n")[0]  # no connection: nothing of any row has been said
    else:
        what = type(error).__name__
    # Either PostgreSQL's own words, or what _empty has already left of them.
    line = re.search(r"(?:^LINE |, line )([0-9]{1,7})\b", str(error), re.MULTILINE)
    parts = (
        f"line {line[1]}" if line else "",
        f"table {diagnosis.schema_name}.{diagnosis.table_name}" if diagnosis.table_name else "",
        f"column {diagnosis.column_name}" if diagnosis.column_name else "",
    )
    return ", ".join(filter(None, (what, *parts)))
