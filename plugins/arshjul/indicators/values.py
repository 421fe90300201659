"""Reading what has been computed, and what of it readers may be told.

A protected figure comes out of the database without numbers, unless the reader says that they stay inside the house.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection

from arshjul.disclosure.release import DisclosureError, find_protection
from arshjul.disclosure.stored import public_values
from arshjul.indicators.compute import Computation
from arshjul.periods import Period, parse_period
from arshjul.warehouse.statements import Statements


@dataclass(frozen=True)
class Value:
    """One value of one indicator in one cell.

    Attributes:
        indicator_id: The indicator.
        cell: Breakdown to code; a breakdown that is not there is the margin, and ``{}`` the total.
        numerator: Sum of numerators; for a count the number of different things.
        denominator: Sum of denominators; None for counts, sums and medians.
        value: The value, unrounded, shares and ratios as 0–1; None when there is nothing to divide by.
        observations: Number of observations.
        is_protected: Withheld: all four numbers are None.
    """

    indicator_id: str
    cell: Mapping[str, str]
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    observations: int | None
    is_protected: bool


def latest_computation(connection: Connection, include: Path, period: Period) -> Computation | None:
    """Find the newest computation of a period, or None when there is none.

    Args:
        connection: To the warehouse.
        include: The folder with the SQL.
        period: The period.
    """
    row = Statements(include / "sql").fetch_one(connection, "compute/latest_computation.sql", period=period.key)
    return None if row is None else Computation(**{**row, "period": period})


def find_computation(connection: Connection, include: Path, computation_id: int) -> Computation:
    """Find a computation by its number.

    Args:
        connection: To the warehouse.
        include: The folder with the SQL.
        computation_id: The number; a computation is never removed.
    """
    [row] = Statements(include / "sql").fetch_all(
        connection, "compute/find_computation.sql", computation_id=computation_id
    )
    return Computation(**{**row, "period": parse_period(row["period"])})


def read_values(
    connection: Connection,
    include: Path,
    computation: Computation,
    *,
    internal: bool,
    indicator_id: str | None = None,
) -> list[Value]:
    """Read the computed values of a computation, ordered by indicator and cell; none of them leaves the house.

    Args:
        connection: To the warehouse.
        include: The folder with the SQL.
        computation: The computation.
        internal: Give the numbers also of figures that may reveal a person by themselves.
        indicator_id: Only this indicator.
    """
    rows = Statements(include / "sql").fetch_all(
        connection,
        "compute/read_values.sql",
        computation_id=computation.computation_id,
        indicator_id=indicator_id,
        internal=internal,
    )
    return [Value(**row) for row in rows]


def read_public_values(connection: Connection, computation_id: int, protection_id: int | None = None) -> list[Value]:
    """Read what readers may be told of a computation, ordered by indicator and cell.

    Args:
        connection: To the warehouse, also under a role that may only read what is public.
        computation_id: The computation.
        protection_id: The public table to read; the computation's newest when not given.

    Raises:
        DisclosureError: The computation has not been through disclosure control.
    """
    if protection_id is None:
        protection = find_protection(connection, computation_id)
        protection_id = protection.protection_id if protection else None
    if protection_id is None:
        raise DisclosureError("Beräkningen har inte gått igenom röjandekontrollen. Kör den först.")
    return [
        Value(
            indicator_id=one.indicator_id,
            cell=dict(one.cell),
            numerator=one.numerator,
            denominator=one.denominator,
            value=one.value,
            observations=one.observations,
            is_protected=one.is_protected,
        )
        for one in public_values(connection, protection_id)
    ]
