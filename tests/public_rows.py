"""A public table without disclosure control, for tests that are about what comes after it."""

from __future__ import annotations

from sqlalchemy import Connection


def as_public(connection: Connection, run_id: int, computation_id: int) -> int:
    """Make a public table of what a computation has: what is marked as sensitive is withheld, and nothing more.

    Args:
        connection: Under a role that may write public tables.
        run_id: The run it belongs to.
        computation_id: The computation.

    Returns:
        The protection's number.
    """
    protection_id: int = connection.exec_driver_sql(
        "INSERT INTO indicator.protection (computation_id, run_id, rules, grouping, method, companions, against, cells,"
        " hidden, figures_sha256) VALUES (%s, %s, '{}', '{}', 'test', '{}', '{}', 0, 0, '') RETURNING protection_id",
        (computation_id, run_id),
    ).scalar_one()
    connection.exec_driver_sql(
        "INSERT INTO indicator.public_value (protection_id, indicator_id, cell, numerator, denominator, value,"
        " observations, is_protected) SELECT %s, indicator_id, cell, CASE WHEN NOT is_protected THEN numerator END,"
        " CASE WHEN NOT is_protected THEN denominator END, CASE WHEN NOT is_protected THEN value END,"
        " CASE WHEN NOT is_protected THEN observations END, is_protected FROM indicator.value WHERE computation_id = %s",
        (protection_id, computation_id),
    )
    connection.exec_driver_sql(
        "INSERT INTO indicator.public_left_out SELECT %s, indicator_id, reason,"
        " CASE WHEN observations >= 5 THEN observations END, observations < 5 FROM indicator.left_out"
        " WHERE computation_id = %s AND observations > 0",
        (protection_id, computation_id),
    )
    return protection_id
