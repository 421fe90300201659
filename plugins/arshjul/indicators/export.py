"""Indicator values as a table for other programs. Columns: spec/cli.md, ``export``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection

from arshjul.catalogue.indicators import Indicator, load_indicators
from arshjul.indicators.compute import Computation
from arshjul.indicators.values import Value, read_public_values, read_values

_FIRST = ("insatstyp", "anordnare", "kon", "aldersgrupp")


def export_rows(
    connection: Connection,
    include: Path,
    computation: Computation,
    *,
    internal: bool,
    definitions: Mapping[str, Indicator] | None = None,
    protection_id: int | None = None,
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Make the table of a computation's values.

    Args:
        connection: To the warehouse.
        include: The folder with the catalogue and its SQL.
        computation: The computation.
        internal: Every combination of breakdowns, nothing withheld. Otherwise the public table that disclosure control
            made of it: only the catalogue's tables, where a protected figure has no numbers, and small providers
            together as ``anordnare=ovriga``.
        definitions: Whose breakdowns are the columns and whose tables are shown; the catalogue's when not given.
        protection_id: Which public table; the newest of the computation when not given.

    Returns:
        The columns, and the rows by indicator and codes: an empty code is the margin, a number has a decimal point, no
        exponent and every digit it is stored with.

    Raises:
        CatalogueError: A definition is wrong.
        DisclosureError: The public table is asked for and has not been made.
    """
    indicators = load_indicators(include) if definitions is None else definitions
    breakdowns = _breakdowns(indicators.values())
    columns = ("indikator_id", "period", *breakdowns, "taljare", "namnare", "varde", "antal", "skyddad")
    values = (
        read_values(connection, include, computation, internal=True)
        if internal
        else read_public_values(connection, computation.computation_id, protection_id)
    )
    rows = [
        (
            value.indicator_id,
            computation.period.key,
            *(value.cell.get(breakdown, "") for breakdown in breakdowns),
            _plain(value.numerator),
            _plain(value.denominator),
            _plain(value.value),
            _plain(value.observations),
            "ja" if value.is_protected else "nej",
        )
        for value in values
        if internal or _is_shown(indicators.get(value.indicator_id), value)
    ]
    return columns, sorted(rows)


def _breakdowns(indicators: Iterable[Indicator]) -> tuple[str, ...]:
    declared = {breakdown for indicator in indicators for breakdown in indicator.breakdowns}
    return _FIRST + tuple(sorted(declared.difference(_FIRST)))


def _is_shown(indicator: Indicator | None, value: Value) -> bool:
    """Tell whether readers see the cell; those of an indicator that has left the catalogue they do not."""
    return indicator is not None and any(value.cell.keys() == set(table) for table in indicator.tables)


def _plain(number: Decimal | int | None) -> str:
    return "" if number is None else format(number, "f") if isinstance(number, Decimal) else str(number)
