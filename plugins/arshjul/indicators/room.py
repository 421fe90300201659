"""What a computation works in: temporary tables for what it finds, and a planner that is ready for large sets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from arshjul.warehouse.statements import Statements, copy_text

_TABLES = ("computed_value", "computed_left_out")


@contextmanager
def room(connection: Connection, statements: Statements) -> Iterator[None]:
    """Make room for the values of one computation; its tables are gone afterwards, so that the next one makes its own.

    Args:
        connection: In the computation's transaction.
        statements: The statements of ``include/sql``.

    Raises:
        WarehouseError: The database refused a statement.
    """
    statements.fetch_one(connection, "compute/plan_for_many_rows.sql")
    statements.execute(connection, "compute/begin_values.sql")
    statements.execute(connection, "compute/begin_left_out.sql")
    statements.execute(connection, "compute/begin_differences.sql")
    yield
    statements.execute(connection, "compute/end.sql")


@contextmanager
def whole_sets(connection: Connection, statements: Statements) -> Iterator[None]:
    """Have the database join whole sets while observations are collected.

    What is current as of a time is a few of many versions, and PostgreSQL expects far fewer of them than there are. It
    then loops over one set for each row of another: measured, half a minute where a hash join takes one second.
    """
    statements.fetch_value(connection, "compute/nested_loops.sql", allowed="off")
    yield
    statements.fetch_value(connection, "compute/nested_loops.sql", allowed="on")


def read_room(connection: Connection, statements: Statements) -> dict[str, bytes]:
    """Read everything in a room, by table, for :func:`fill_room` of another one."""
    found = {}
    for table in _TABLES:
        with copy_text(connection, statements.render("compute/read_room.sql.j2", table=table)) as rows:
            found[table] = b"".join(rows)
    return found


def fill_room(connection: Connection, statements: Statements, rows: dict[str, bytes]) -> None:
    """Add what was in another room."""
    for table, text in rows.items():
        with copy_text(connection, statements.render("compute/fill_room.sql.j2", table=table)) as copy:
            copy.write(text)
