"""From a figure back to the rows it was computed from: the same SELECT, filtered to its cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from psycopg.types.json import Jsonb
from sqlalchemy import Connection

from arshjul.catalogue.indicators import load_indicators
from arshjul.indicators.room import whole_sets
from arshjul.periods import Period
from arshjul.warehouse.statements import Statements, fetch_text


class UnknownCellError(ValueError):
    """There is no such indicator, or it is not broken down like that."""


def source_rows(
    connection: Connection, include: Path, indicator_id: str, period: Period, as_of: datetime, cell: Mapping[str, str]
) -> list[tuple[int, int]]:
    """Find the rows that a figure was computed from.

    Args:
        connection: To the warehouse, under a role that may read core.
        include: The folder with the catalogue and its SQL.
        indicator_id: The indicator.
        period: The figure's period.
        as_of: The point of knowledge of its computation.
        cell: Breakdown to code; ``{}`` for the total.

    Returns:
        Delivery id and row number in that delivery's file, each once, in order.

    Raises:
        UnknownCellError: There is no such indicator or breakdown.
    """
    indicator = load_indicators(include).get(indicator_id)
    if indicator is None:
        raise UnknownCellError("there is no such indicator")
    if unknown := cell.keys() - set(indicator.breakdowns):
        raise UnknownCellError(f"{indicator.id} is not broken down by {', '.join(sorted(unknown))}")
    statements = Statements(include / "sql")
    sql = statements.render("compute/source_rows.sql.j2", select=f"indicator/{indicator.id}.sql")
    with whole_sets(connection, statements):
        rows = fetch_text(
            connection,
            sql,
            period_start=period.start,
            period_end=period.end,
            as_of=as_of,
            cell=Jsonb(dict(cell)),
        )
    return [(row["delivery_id"], row["row_no"]) for row in rows]
