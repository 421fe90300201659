"""Typed rows of deliveries, from when they are judged until the quality gate has looked at them: ``staging.<dataset>``.

The tables follow the contracts: one that no longer does is made anew, empty. They are not logged by the server, since
everything in them can be typed again from the archive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from arshjul.catalogue.contracts import Contract, Field
from arshjul.warehouse.statements import Statements, execute_text

_CLEAR_MONTH = "intake/clear_staging_month.sql.j2"
_TYPES = {"string": "text", "date": "date", "number": "numeric", "integer": "int4", "yearmonth": "date"}


class StagingColumn(NamedTuple):
    """One column: its name, its type by PostgreSQL's own name, and the comment that explains it."""

    name: str
    type: str
    comment: str


def stored_columns(contract: Contract) -> tuple[str, ...]:
    """Return the columns of a dataset's rows in staging and core, in the contract's order."""
    return tuple(field.column for field in contract.fields)


def staging_columns(contract: Contract) -> tuple[StagingColumn, ...]:
    """Return every column of a dataset's staging table."""
    return (
        StagingColumn("delivery_id", "int8", "The delivery, in lineage.delivery"),
        StagingColumn("row_no", "int4", "Row number in the file: 1 is the first row below the header"),
        *[_column(field) for field in contract.fields],
        StagingColumn("reasons", "int8", "Rules the row breaks, one bit each; 0 for a good row"),
    )


def prepare_staging(connection: Connection, statements: Statements, contracts: Iterable[Contract]) -> list[str]:
    """Make the staging tables that are missing, and make those anew whose contract has changed.

    Args:
        connection: Inside a transaction; commit it soon after.
        statements: The statements of ``include/sql``.
        contracts: The datasets.

    Returns:
        Names of the tables that were made.
    """
    wanted = {contract.name: list(staging_columns(contract)) for contract in contracts}
    if all(_existing(connection, statements).get(name) == columns for name, columns in wanted.items()):
        return []
    statements.fetch_value(connection, "intake/lock_staging.sql")
    existing = _existing(connection, statements)
    made = [name for name, columns in wanted.items() if existing.get(name) != columns]
    for name in made:
        _make(connection, statements, name, wanted[name])
    return made


def clear_staging(connection: Connection, statements: Statements, contracts: Iterable[Contract], period: date) -> int:
    """Remove the staged rows of a delivery month, once the quality gate has looked at them.

    Args:
        connection: Inside a transaction.
        statements: The statements of ``include/sql``.
        contracts: The datasets to clear; their tables exist.
        period: First day of the delivery month.

    Returns:
        How many rows were removed.
    """
    return sum(
        execute_text(connection, statements.render(_CLEAR_MONTH, contract=contract), period=period)
        for contract in contracts
    )


def _column(field: Field) -> StagingColumn:
    if field.format == "personnummer":
        return StagingColumn(field.column, "uuid", "Pseudonym of the person; null on a bad row of somebody unknown")
    if field.sensitive:
        return StagingColumn(field.column, "bytea", f"{field.title}: keyed mark of the text; null when it is not given")
    return StagingColumn(field.name, _TYPES[field.type], f"{field.title}; null when it is not given or cannot be read")


def _existing(connection: Connection, statements: Statements) -> dict[str, list[StagingColumn]]:
    tables = defaultdict(list)
    for row in statements.fetch_all(connection, "intake/staging_columns.sql"):
        tables[row["table_name"]].append(StagingColumn(row["name"], row["type"], row["comment"]))
    return tables


def _make(connection: Connection, statements: Statements, table: str, columns: list[StagingColumn]) -> None:
    execute_text(connection, statements.render("intake/drop_staging.sql.j2", table=table))
    execute_text(connection, statements.render("intake/create_staging.sql.j2", table=table, columns=columns))
    for column in [None, *columns]:
        comment = column.comment if column else f"Typed rows of deliveries of {table}, until the gate has checked them"
        sql = statements.render("intake/comment_staging.sql.j2", table=table, column=column, comment=comment)
        execute_text(connection, sql)
