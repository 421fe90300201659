"""What was released, compared with what is known now: every changed figure becomes a revision by itself, with its reasons.

The way from the released value to the new one is walked in the order things happened: first the old definition by today's
program, then today's definition, then every change of what is known since, in turn. Each step belongs to one kind of
change, so that the parts sum exactly to the difference, for every kind of indicator (medians and distinct persons too),
and a kind that did not happen has no part. Source: spec/indicators.md, "as known then" and "as known now".

What is in the tables of this module stays in the house; :mod:`arshjul.indicators.revision_notes` tells readers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, RowMapping

from arshjul.catalogue.indicators import Indicator, catalogue_sha256, load_indicators
from arshjul.indicators.compute import Computation, PointOfKnowledgeError, compute
from arshjul.indicators.revision_steps import Walk, changes_since
from arshjul.indicators.room import whole_sets
from arshjul.indicators.values import find_computation
from arshjul.periods import Period, parse_period
from arshjul.warehouse.statements import Statements

Reason = Literal[
    "sena_uppgifter",
    "rattade_uppgifter",
    "andrad_definition",
    "andrad_kodlista",
    "andrad_berakning",
    "andrad_definition_eller_berakning",
]
"""Why a figure changed.

``sena_uppgifter``: a sender, dataset and month of which nothing was known when the figure was computed. A later month's
file that tells more of an earlier month is late too: it is the first of its own month.
``rattade_uppgifter``: rows of a sender, dataset and month of which something was known: a new file, a row withdrawn, a
correction by data, or rows let out of quarantine.
``andrad_definition``: the indicator's SELECT or its YAML.
``andrad_kodlista``: a code means something else, or is new or gone.
``andrad_berakning``: the same definition on the same knowledge gives another value; the program changed.
``andrad_definition_eller_berakning``: the two before cannot be told apart, since the figure was computed before
definitions were kept, or by one that the database no longer can run.
"""

REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True)
class Part:
    """How much of a revision has one reason.

    Attributes:
        reason: Why.
        numerator: Change of the numerator.
        denominator: Change of the denominator; None where there is none.
        value: Change of the value; None when the old or the new figure has no value.
        observations: Change of the number of observations.
    """

    reason: Reason
    numerator: Decimal
    denominator: Decimal | None
    value: Decimal | None
    observations: int


@dataclass(frozen=True)
class Amounts:
    """A figure's numbers, unprotected; numerator, denominator, value and observations as in ``indicator.value``."""

    numerator: Decimal
    denominator: Decimal | None
    value: Decimal | None
    observations: int


@dataclass(frozen=True)
class Revision:
    """One figure of a released period that is not what it was. Unprotected: it stays in the house.

    Attributes:
        review_id: The review that found it.
        period: The released period.
        old_computation_id: The computation that was released.
        new_computation_id: The computation of what is known now.
        indicator_id: The indicator.
        cell: Breakdown to code, one that readers see; ``{}`` is the total.
        old: As released.
        new: As known now.
        parts: Why, in the order of :data:`REASONS`; a reason that is not there changed nothing. In each number that both
            ``old`` and ``new`` have, they sum exactly to the difference.
    """

    review_id: int
    period: Period
    old_computation_id: int
    new_computation_id: int
    indicator_id: str
    cell: Mapping[str, str]
    old: Amounts
    new: Amounts
    parts: tuple[Part, ...]


def revise_reported(
    connection: Connection, include: Path, *, run_id: int, as_of: datetime | None = None
) -> list[Revision]:
    """Compare every released period with what is known now, and keep what differs and why.

    A period of which nothing has changed since it was last compared (no row of core, no code, no definition, no program)
    is left alone. A new computation is made only when there is none of what is known now.

    Args:
        connection: Under ``Role.COMPUTE``, in the caller's transaction.
        include: The folder with the catalogue and its SQL.
        run_id: The run it belongs to in the ledger.
        as_of: Point of knowledge that counts as now, with a time zone.

    Returns:
        The revisions of the periods that were compared this time, by period, indicator and cell.

    Raises:
        CatalogueError: A definition is wrong.
        PointOfKnowledgeError: ``as_of`` has no time zone or is in the future.
        WarehouseError: The database refused a statement.
    """
    statements = Statements(include / "sql")
    now: datetime = statements.fetch_value(connection, "compute/pin_as_of.sql")
    if as_of is not None and (as_of.tzinfo is None or as_of > now):
        raise PointOfKnowledgeError("as_of has a time zone and is not in the future")
    until = as_of or now
    reviewed = set()
    for row in statements.fetch_all(connection, "revision/released_periods.sql"):
        released = _computation(row)
        if released.as_of <= until:
            last = row["new_computation_id"]
            compared = released if last is None else find_computation(connection, include, last)
            if review := _reviewed(connection, include, released, compared, until, run_id):
                reviewed.add(review)
    return [one for one in read_revisions(connection, include) if one.review_id in reviewed]


def read_revisions(connection: Connection, include: Path, period: Period | None = None) -> list[Revision]:
    """Read the revisions in force: of the newest review of what has been released of each period.

    Args:
        connection: Under a role that may see unprotected values.
        include: The folder with the SQL.
        period: Only this period.
    """
    rows = Statements(include / "sql").fetch_all(
        connection, "revision/read_revisions.sql", period=period.key if period else None
    )
    return [_revision(row) for row in rows]


def _reviewed(
    connection: Connection, include: Path, released: Computation, compared: Computation, until: datetime, run_id: int
) -> int | None:
    """Compare one period, unless nothing has changed since it was ``compared``; give the review's number."""
    statements = Statements(include / "sql")
    sha256 = catalogue_sha256(include)
    if (
        compared.as_of <= until
        and compared.catalogue_sha256 == sha256
        and not changes_since(connection, statements, compared.as_of, until)
    ):
        return None
    new = _computed(connection, include, released, until, run_id, sha256)
    for statement in ("revision/begin.sql", "revision/begin_stages.sql"):
        statements.execute(connection, statement)
    walk = Walk(connection, include, released, new, changes_since(connection, statements, released.as_of, until))
    with whole_sets(connection, statements):
        changed = walk.explain(load_indicators(include))
    entered = {"old_computation_id": released.computation_id, "new_computation_id": new.computation_id}
    review_id: int = statements.fetch_value(connection, "revision/insert_review.sql", run_id=run_id, **entered)
    told = Jsonb([_told(indicator) for indicator in changed])
    statements.execute(
        connection, "revision/insert_revisions.sql", review_id=review_id, last=walk.last, indicators=told
    )
    statements.execute(connection, "revision/insert_parts.sql", review_id=review_id, indicators=told)
    statements.execute(connection, "revision/end.sql")
    return review_id


def _computed(
    connection: Connection, include: Path, released: Computation, until: datetime, run_id: int, sha256: str
) -> Computation:
    """Find a computation of what is known at ``until``, or make one."""
    statements = Statements(include / "sql")
    found = statements.fetch_one(
        connection,
        "revision/newest_computation.sql",
        period=released.period.key,
        after=released.computation_id,
        until=until,
        catalogue_sha256=sha256,
    )
    if found:
        newest = _computation(found)
        if not changes_since(connection, statements, newest.as_of, until):
            return newest
    return compute(connection, include, released.period, run_id=run_id, as_of=until)


def _told(indicator: Indicator) -> dict[str, Any]:
    return {
        "indicator_id": indicator.id,
        "disclosure": indicator.disclosure,
        "has_denominator": indicator.kind in ("share", "mean", "ratio"),
        "is_amount": indicator.kind in ("count", "sum"),
    }


def _computation(row: RowMapping) -> Computation:
    names = ("computation_id", "as_of", "run_id", "catalogue_sha256", "computed_at")
    return Computation(period=parse_period(row["period"]), **{name: row[name] for name in names})


def _revision(row: RowMapping) -> Revision:
    parts = {
        part["kind"]: Part(
            part["kind"],
            Decimal(part["numerator"]),
            _decimal(part["denominator"]),
            _decimal(part["value"]),
            part["observations"],
        )
        for part in row["parts"]
    }
    old, new = (
        Amounts(*(row[f"{side}_{name}"] for name in ("numerator", "denominator", "value", "observations")))
        for side in ("old", "new")
    )
    return Revision(
        review_id=row["review_id"],
        period=parse_period(row["period"]),
        old_computation_id=row["old_computation_id"],
        new_computation_id=row["new_computation_id"],
        indicator_id=row["indicator_id"],
        cell=row["cell"],
        old=old,
        new=new,
        parts=tuple(parts[reason] for reason in REASONS if reason in parts),
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
