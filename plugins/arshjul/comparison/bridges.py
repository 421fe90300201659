"""One thing counted under several definitions, and the bridge between them: what parts their numerators, reason by reason.

Own numerator − kommunal anställning = Kolada's numerator; own + andra studier + deltidsarbete = the lenient one. Which
reasons part two definitions is read from the code list (``arshjul.catalogue.comparisons.Bridge``), how many they are from
the public values of the distribution over reasons. When a part is withheld the bridge says so and has no rows: its two
ends beside each other would give the part to anybody who subtracts.

A bridge sums exactly, in counts and in percentage points. The points are printed with one decimal more than the indicator
has, rounded so that the printed column sums too: in whole points six of a hundred would be 5 on one row and 4 on the
next. A bridge whose public parts do not sum (the code list may have changed since) is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from arshjul.catalogue.codelists import CodeList
from arshjul.catalogue.comparisons import Bridge, Twin
from arshjul.catalogue.indicators import Indicator
from arshjul.comparison.numbers import number, rounded, signed
from arshjul.comparison.values import PublicValue, rounded_parts, scale

Role = Literal["fran", "steg", "till"]

Get = Callable[[str, Mapping[str, str]], PublicValue | None]
"""Gives the public value of an indicator in a cell, or ``None`` when the public table has no such row."""

WITHHELD = "Bryggan kan inte visas, eftersom minst en av delarna kan röja en person."
MISSING_TOTAL = "Bryggan kan inte visas, eftersom värden saknas."
HIDDEN_TOTAL = "Bryggan kan inte visas, eftersom minst en av summorna kan röja en person."
DOES_NOT_SUM = "Bryggan kan inte visas, eftersom delarna inte går ihop med summorna. Definitionen kan ha ändrats."


@dataclass(frozen=True)
class BridgeRow:
    """One row of a bridge.

    Attributes:
        role: ``fran`` (the base), ``steg`` or ``till`` (the twin).
        words: What the row is: the definition, or ``Kommunal anställning räknas inte``.
        code: The code of a step.
        count: How many, with a step's sign.
        share: The exact share of the denominator, with a step's sign.
        shown_share: As readers see it: percent, and percentage points for a step.
        count_mark: The count as text: ``50``, ``−6``.
        share_mark: The shown share as text: ``44,0``, ``−3,2``.
    """

    role: Role
    words: str
    code: str | None
    count: int
    share: Fraction
    shown_share: Decimal
    count_mark: str
    share_mark: str


@dataclass(frozen=True)
class BridgeTable:
    """The bridge from the base to one twin.

    Attributes:
        title: Heading.
        indicator_id: The twin.
        rows: From the base over the steps to the twin; empty when the bridge cannot be shown.
        denominator: What both are shares of; ``None`` when the bridge cannot be shown.
        decimals: Of the shown shares.
        note: Why there are no rows; ``None`` when there are.
    """

    title: str
    indicator_id: str
    rows: tuple[BridgeRow, ...]
    denominator: int | None
    decimals: int
    note: str | None


def build_bridges(
    definition: Bridge,
    indicators: Mapping[str, Indicator],
    codes: CodeList,
    get: Get,
    cell: Mapping[str, str] | None = None,
) -> tuple[BridgeTable, ...]:
    """Build the bridge to every twin of a definition.

    Args:
        definition: From :func:`arshjul.catalogue.comparisons.load_bridges`.
        indicators: Definitions by id.
        codes: The definition's code list.
        get: Where public values come from.
        cell: The total, or one programme: ``{"insatstyp": "jobbpeng_grund"}``. The public table of reasons must have it.
    """
    return tuple(_bridge(definition, twin, indicators, codes, get, cell or {}) for twin in definition.twins)


def _bridge(
    definition: Bridge,
    twin: Twin,
    indicators: Mapping[str, Indicator],
    codes: CodeList,
    get: Get,
    cell: Mapping[str, str],
) -> BridgeTable:
    base = indicators[definition.base.indicator]
    decimals = base.decimals + 1

    def refused(note: str) -> BridgeTable:
        return BridgeTable(definition.title, twin.indicator, (), None, decimals, note)

    start, end = get(base.id, cell), get(twin.indicator, cell)
    if start is None or end is None:
        return refused(MISSING_TOTAL)
    if start.is_protected or end.is_protected:
        return refused(HIDDEN_TOTAL)
    if not start.denominator or start.numerator is None or end.numerator is None:
        return refused(MISSING_TOTAL)
    steps = definition.steps(twin, codes)
    parts = [get(definition.parts, {**cell, definition.over: code}) for code, _ in steps]
    if any(part is not None and part.is_protected for part in parts):
        return refused(WITHHELD)
    counts = [sign * _count(part) for (_, sign), part in zip(steps, parts, strict=True)]
    if start.denominator != end.denominator or start.numerator + sum(counts) != end.numerator:
        return refused(DOES_NOT_SUM)
    whole = int(start.denominator)

    def printed(number_of: Decimal) -> Decimal:
        return rounded(number_of * scale(base) / whole, decimals)

    first, last = printed(start.numerator), printed(end.numerator)
    points = rounded_parts([Fraction(count * scale(base), whole) for count in counts], last - first, decimals)
    rows = [
        _row("fran", definition.base.words, None, int(start.numerator), whole, first, decimals),
        *(
            _row("steg", _words(codes, code, sign), code, count, whole, point, decimals)
            for (code, sign), count, point in zip(steps, counts, points, strict=True)
        ),
        _row("till", twin.words, None, int(end.numerator), whole, last, decimals),
    ]
    return BridgeTable(definition.title, twin.indicator, tuple(rows), whole, decimals, None)


def _count(part: PublicValue | None) -> int:
    """How many a part is: a row that the public table does not have is nobody."""
    return 0 if part is None else int(part.numerator or 0)


def _words(codes: CodeList, code: str, sign: int) -> str:
    found = codes.code(code)
    return f"{found.title if found else code} räknas {'också' if sign > 0 else 'inte'}"


def _row(role: Role, words: str, code: str | None, count: int, whole: int, seen: Decimal, decimals: int) -> BridgeRow:
    told = signed if role == "steg" else number
    return BridgeRow(role, words, code, count, Fraction(count, whole), seen, told(count), told(seen, decimals))
