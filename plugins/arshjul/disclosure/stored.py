"""What the disclosure room reads from the warehouse and writes to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, RowMapping

from arshjul.catalogue.disclosure import Relations
from arshjul.catalogue.indicators import Indicator
from arshjul.disclosure.figures import UNTOLD, Cell, Figure, FigureKey, PeriodTable
from arshjul.disclosure.profile import PROVIDER, reduce, with_zeros
from arshjul.periods import Period, parse_period
from arshjul.settings import REPOSITORY
from arshjul.warehouse.statements import Statements

# They belong to the code, like the ledger's: a municipality with a catalogue of its own has the same.
STATEMENTS = Statements(REPOSITORY / "include" / "sql")


@dataclass(frozen=True)
class Protection:
    """One protection of one computation.

    Attributes:
        protection_id: Its number; public values are read by it.
        computation_id: What is protected.
        period: The period of the computation.
        made_at: When.
        grouping: Indicator to the providers that stand together as ``anordnare=ovriga``.
        companions: Protections of the comparison periods that a report of this one may show, oldest period first.
        against: Every protection it was made beside: released then, or about to be by another report.
        cells: Number of cells in the public table.
        hidden: How many of them are withheld.
        figures_sha256: Hash of the true figures.
        method: How cells were chosen and how the choice was audited.
        copied_from: The protection whose public table it has.
    """

    protection_id: int
    computation_id: int
    period: Period
    made_at: datetime
    grouping: Mapping[str, tuple[str, ...]]
    companions: tuple[int, ...]
    against: tuple[int, ...]
    cells: int
    hidden: int
    figures_sha256: str
    method: str
    copied_from: int | None

    @property
    def origin(self) -> int:
        """The protection that first had this public table: what is compared when something is said to be released."""
        return self.copied_from or self.protection_id


@dataclass(frozen=True)
class PublicValue:
    """One value as readers get it; a withheld one has no numbers."""

    indicator_id: str
    cell: Cell
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    observations: int | None
    interval_low: Decimal | None
    interval_high: Decimal | None
    is_protected: bool


@dataclass(frozen=True)
class StoredComputation:
    """A computation to protect."""

    computation_id: int
    period: Period
    as_of: datetime


def find_computation(connection: Connection, computation_id: int) -> StoredComputation:
    """Read a computation by its number."""
    [row] = STATEMENTS.fetch_all(connection, "disclosure/computation.sql", computation_id=computation_id)
    return StoredComputation(**{**row, "period": parse_period(row["period"])})


def stored_computation(connection: Connection, period: Period, as_of: datetime) -> StoredComputation | None:
    """Find what had been computed for a period at a point of knowledge; the same answer whenever it is asked."""
    row = STATEMENTS.fetch_one(connection, "disclosure/stored_computation.sql", period=period.key, as_of=as_of)
    return None if row is None else StoredComputation(**{**row, "period": period})


def read_table(
    connection: Connection,
    computation: StoredComputation,
    catalogue: Mapping[str, Indicator],
    relations: Relations,
    reached: Mapping[str, frozenset[str]],
) -> PeriodTable:
    """Read the true figures of a computation in the catalogue's tables.

    Args:
        connection: Under a role that may read computed values.
        computation: The computation.
        catalogue: Says which tables readers see.
        relations: How its counts hang together.
        reached: The codes of each declared sum.
    """
    figures = _figures(connection, computation, [(one.id, table) for one in catalogue.values() for table in one.tables])
    left_out = STATEMENTS.fetch_all(connection, "disclosure/left_out.sql", computation_id=computation.computation_id)
    counted = {(row["indicator_id"], row["reason"]): row["observations"] for row in left_out}
    told = {one for one, _ in counted}
    counted |= {(one, UNTOLD): 0 for one in relations.left_out if one in catalogue and one not in told}
    return PeriodTable(
        name=f"computation {computation.computation_id}",
        period=computation.period,
        figures=with_zeros(figures, catalogue, relations, reached),
        left_out={one: number for one, number in counted.items() if one[0] in catalogue},
        grouping={},
    )


def only_of(table: PeriodTable, indicators: frozenset[str]) -> PeriodTable:
    """Leave out of a table everything that is not about some indicators."""
    return replace(
        table,
        figures={key: figure for key, figure in table.figures.items() if key[0] in indicators},
        left_out={key: number for key, number in table.left_out.items() if key[0] in indicators},
    )


def read_own(
    connection: Connection, computation: StoredComputation, catalogue: Mapping[str, Indicator]
) -> dict[str, dict[FigureKey, Figure]]:
    """Read each provider's share of the figures that are not divided by provider: what it knows of them by itself.

    Args:
        connection: Under a role that may read computed values.
        computation: The computation.
        catalogue: Says which tables readers see.
    """
    tables = [
        (one.id, (*table, PROVIDER))
        for one in catalogue.values()
        for table in one.tables
        if PROVIDER in one.breakdowns and PROVIDER not in table
    ]
    own: dict[str, dict[FigureKey, Figure]] = {}
    for (indicator_id, cell), figure in _figures(connection, computation, tables).items():
        rest = tuple(pair for pair in cell if pair[0] != PROVIDER)
        own.setdefault(dict(cell)[PROVIDER], {})[indicator_id, rest] = figure
    return own


def _figures(
    connection: Connection, computation: StoredComputation, tables: Iterable[tuple[str, Sequence[str]]]
) -> dict[FigureKey, Figure]:
    """Read the true figures of some indicators' breakdowns."""
    wanted = [{"indicator_id": one, "breakdowns": sorted(table)} for one, table in tables]
    rows = STATEMENTS.fetch_all(
        connection, "disclosure/values.sql", computation_id=computation.computation_id, tables=json.dumps(wanted)
    )
    return {
        (row["indicator_id"], _cell(row["cell"])): Figure(
            **{name: value for name, value in row.items() if name not in ("indicator_id", "cell")}
        )
        for row in rows
    }


def as_released(connection: Connection, table: PeriodTable, protection: Protection) -> PeriodTable:
    """Say of a computation's figures which of them a protection shows with these very numbers.

    An indicator that is not in its public table was not withheld: it was not asked for.
    """
    public = public_values(connection, protection.protection_id)
    table = only_of(table, frozenset(one.indicator_id for one in public))
    reduced = reduce(table.figures, protection.grouping).figures
    shown = frozenset(
        (one.indicator_id, one.cell)
        for one in public
        if not one.is_protected and _is_shown_as(reduced.get((one.indicator_id, one.cell)), one)
    )
    told = STATEMENTS.fetch_all(connection, "disclosure/public_left_out.sql", protection_id=protection.protection_id)
    return replace(
        table,
        name=f"protection {protection.protection_id}",
        grouping=protection.grouping,
        shown=shown,
        left_out_shown=frozenset(
            (row["indicator_id"], row["reason"])
            for row in told
            if table.left_out.get((row["indicator_id"], row["reason"]), UNTOLD) == row["observations"]
        ),
    )


def public_values(connection: Connection, protection_id: int) -> list[PublicValue]:
    """Read a public table, ordered by indicator and cell."""
    rows = STATEMENTS.fetch_all(connection, "disclosure/public_values.sql", protection_id=protection_id)
    return [PublicValue(**{**row, "cell": _cell(row["cell"])}) for row in rows]


def made_of(
    connection: Connection,
    computation_id: int,
    indicator_id: str,
    cell: Mapping[str, str],
    single: Sequence[Mapping[str, str]],
    numerator: Decimal | None,
    observations: int | None,
) -> int:
    """Find the computation that a shown figure was made of: the one that shows it, or the first that showed it so.

    Args:
        connection: Under a role that may read computed values.
        computation_id: The computation that it was shown with.
        indicator_id: The figure's indicator.
        cell: The figure's cell.
        single: The cells that were computed, where the figure's is that of several providers.
        numerator: As it is shown; None where it is withheld.
        observations: The same.
    """
    found = STATEMENTS.fetch_value(
        connection,
        "disclosure/made_of.sql",
        computation_id=computation_id,
        indicator_id=indicator_id,
        cell=json.dumps(dict(cell)),
        single=json.dumps([dict(one) for one in single]),
        numerator=numerator,
        observations=observations,
    )
    return computation_id if found is None else int(found)


def mean_the_same(connection: Connection, computation_id: int, other_id: int) -> bool:
    """Say whether the figures of two computations mean the same: no definition has got a new version in between."""
    return bool(
        STATEMENTS.fetch_value(
            connection, "disclosure/mean_the_same.sql", computation_id=computation_id, other_id=other_id
        )
    )


def figures_sha256(table: PeriodTable) -> str:
    """Hash everything that is protected: the same hash is the same figures."""
    plain = [
        [indicator_id, dict(cell), *(str(value) for value in asdict(figure).values())]
        for (indicator_id, cell), figure in sorted(table.figures.items(), key=lambda item: item[0])
    ]
    told = [[*one, number] for one, number in sorted(table.left_out.items())]
    return hashlib.sha256(json.dumps([plain, told], ensure_ascii=False).encode()).hexdigest()


def find_protections(connection: Connection, period: Period, sha256: str) -> list[Protection]:
    """Find the protections that were made of a period's figures when they had just these numbers, newest first."""
    rows = STATEMENTS.fetch_all(connection, "disclosure/made_before.sql", period=period.key, figures_sha256=sha256)
    return [_protection(row) for row in rows]


def one_protection(
    connection: Connection, *, protection_id: int | None = None, computation_id: int | None = None
) -> Protection | None:
    """Find a protection by its number, or the newest one of a computation."""
    row = STATEMENTS.fetch_one(
        connection, "disclosure/protections.sql", protection_id=protection_id, computation_id=computation_id
    )
    return None if row is None else _protection(row)


def released(connection: Connection) -> tuple[int, ...]:
    """List what has left the house, in the order it first did."""
    rows = STATEMENTS.fetch_all(connection, "disclosure/released.sql")
    return tuple(row["protection_id"] for row in rows)


def reserved(connection: Connection, report_id: str | None) -> tuple[int, ...]:
    """List what other reports are about to release.

    Args:
        connection: Under a role that may read protections.
        report_id: The report that asks; what it was about to release itself does not count.
    """
    rows = STATEMENTS.fetch_all(connection, "disclosure/reserved.sql", report_id=report_id)
    return tuple(row["protection_id"] for row in rows)


def insert_reservation(connection: Connection, protection: Protection, report_id: str) -> None:
    """Say that a report is about to release a public table."""
    STATEMENTS.execute(
        connection,
        "disclosure/insert_reservation.sql",
        protection_id=protection.protection_id,
        report_id=report_id,
        period=protection.period.key,
    )


def insert_protection(connection: Connection, fields: Mapping[str, Any]) -> int:
    """Enter a protection; its tables are written after it."""
    row = STATEMENTS.fetch_one(
        connection,
        "disclosure/insert_protection.sql",
        **{
            **fields,
            "rules": json.dumps(fields["rules"]),
            "grouping": json.dumps(fields["grouping"]),
            "companions": list(fields["companions"]),
            "against": list(fields["against"]),
        },
    )
    return int(row["protection_id"])  # type: ignore[index]


def write_public(
    connection: Connection,
    protection_id: int,
    values: Sequence[PublicValue],
    left_out: Mapping[tuple[str, str], int | None],
) -> None:
    """Write a public table."""
    rows = [
        {name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(one).items()}
        | {"cell": dict(one.cell)}
        for one in values
    ]
    told = [{"indicator_id": one, "reason": reason, "observations": count} for (one, reason), count in left_out.items()]
    for statement, content in (("insert_public_values", rows), ("insert_public_left_out", told)):
        STATEMENTS.execute(
            connection, f"disclosure/{statement}.sql", protection_id=protection_id, rows=json.dumps(content)
        )


def copy_public(connection: Connection, protection_id: int, copied_from: int) -> None:
    """Write the public table of another protection."""
    for statement in ("copy_public_values", "copy_public_left_out"):
        STATEMENTS.execute(
            connection, f"disclosure/{statement}.sql", protection_id=protection_id, copied_from=copied_from
        )


def insert_releases(connection: Connection, protections: Iterable[int], kind: str, run_id: int) -> None:
    """Say that public tables have left the house."""
    STATEMENTS.execute(
        connection, "disclosure/insert_release.sql", protections=list(protections), kind=kind, run_id=run_id
    )


def is_released(connection: Connection, protection_id: int, kind: str) -> bool:
    """Say whether a public table has left the house in a certain way."""
    return bool(
        STATEMENTS.fetch_value(connection, "disclosure/is_released.sql", protection_id=protection_id, kind=kind)
    )


def lock(connection: Connection) -> None:
    """Wait for other protections and releases; the caller's transaction holds the lock until it ends."""
    STATEMENTS.fetch_all(connection, "disclosure/lock.sql")


def _is_shown_as(figure: Figure | None, public: PublicValue) -> bool:
    return figure is not None and (figure.numerator, figure.denominator, figure.observations) == (
        public.numerator,
        public.denominator,
        public.observations,
    )


def _cell(cell: Mapping[str, str]) -> Cell:
    return tuple(sorted(cell.items()))


def _protection(row: RowMapping) -> Protection:
    return Protection(
        **{
            **row,
            "period": parse_period(row["period"]),
            "grouping": {indicator: tuple(members) for indicator, members in row["grouping"].items()},
            "companions": tuple(row["companions"]),
            "against": tuple(row["against"]),
        }
    )
