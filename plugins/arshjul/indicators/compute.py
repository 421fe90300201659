"""Compute every indicator of the catalogue for one period, as it was known at one point in time.

An indicator's own SELECT gives observations; :mod:`arshjul.indicators.cells` turns them into values over every combination
of its breakdowns, all margins included, so that this arithmetic exists once. Source: spec/indicators.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from arshjul.catalogue.indicators import catalogue_sha256, load_indicators
from arshjul.indicators.cells import Cells
from arshjul.indicators.definitions import remember_definitions
from arshjul.indicators.disclosure import thresholds
from arshjul.indicators.room import room, whole_sets
from arshjul.periods import Period
from arshjul.warehouse.statements import Statements


class PointOfKnowledgeError(ValueError):
    """Nothing can be computed as known at that time."""


@dataclass(frozen=True)
class Computation:
    """All indicators of one period, computed from what was known at one time.

    Attributes:
        computation_id: Its number in the ledger.
        period: The period.
        as_of: Only what was known then is in it.
        run_id: The run that computed it.
        catalogue_sha256: Hash of the definitions and their SQL.
        computed_at: When it was computed.
    """

    computation_id: int
    period: Period
    as_of: datetime
    run_id: int
    catalogue_sha256: str
    computed_at: datetime


def compute(
    connection: Connection,
    include: Path,
    period: Period,
    *,
    run_id: int,
    as_of: datetime | None = None,
    helper: Engine | None = None,
) -> Computation:
    """Compute and store every indicator of the catalogue, whatever its cadence.

    Deliveries wait to be loaded until the caller's transaction ends. The ledger is written last, since its log is
    locked from then on.

    Args:
        connection: In the caller's transaction, which is to read what is committed at each statement (PostgreSQL's
            default isolation).
        include: The folder with the catalogue and its SQL.
        period: Any period of the follow-up year.
        run_id: The run it belongs to in the ledger.
        as_of: Point of knowledge, with a time zone; now when not given.
        helper: Engine of a second connection, under the same role, on which half of the work is done at the same time. It
            does not see what the caller's transaction has written: give it only when nothing of that is to be computed.

    Raises:
        CatalogueError: A definition is wrong.
        PointOfKnowledgeError: ``as_of`` has no time zone or is in the future.
        WarehouseError: The database refused a statement.
    """
    statements = Statements(include / "sql")
    indicators = load_indicators(include)
    as_of = _pinned(connection, statements, as_of)
    sha256 = catalogue_sha256(include)
    with room(connection, statements):
        with whole_sets(connection, statements):
            set_ids = Cells(connection, include, period, as_of, helper).compute(indicators.values())
        entered = statements.fetch_all(
            connection,
            "compute/insert_computation.sql",
            run_id=run_id,
            period=period.key,
            period_start=period.start,
            period_end=period.end,
            as_of=as_of,
            catalogue_sha256=sha256,
        )[0]
        computation_id: int = entered["computation_id"]
        remember_definitions(connection, include, computation_id)
        statements.execute(connection, "compute/insert_values.sql", computation_id=computation_id, **thresholds(period))
        statements.execute(connection, "compute/insert_left_out.sql", computation_id=computation_id)
        statements.execute(connection, "compute/own_sets.sql", computation_id=computation_id, set_ids=set_ids)
    return Computation(computation_id, period, as_of, run_id, sha256, entered["computed_at"])


def _pinned(connection: Connection, statements: Statements, as_of: datetime | None) -> datetime:
    """Choose the point of knowledge when no load is in flight, so that the same one gives the same values for ever."""
    now: datetime = statements.fetch_value(connection, "compute/pin_as_of.sql")
    statements.fetch_one(connection, "compute/wait_for_second.sql")
    if as_of is None:
        return now
    if as_of.tzinfo is None:
        raise PointOfKnowledgeError("as_of has no time zone")
    if as_of > now:
        raise PointOfKnowledgeError("as_of is in the future: what will be known then is not known yet")
    return as_of
