"""Small made-up municipalities, as rows and as the tables that the disclosure room is given; no database."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from tests.core_rows import INCLUDE

from arshjul.catalogue.disclosure import load_relations
from arshjul.catalogue.indicators import load_indicators
from arshjul.disclosure.audit import audit
from arshjul.disclosure.build import build
from arshjul.disclosure.figures import Cell, Figure, FigureKey, PeriodTable
from arshjul.disclosure.insiders import Own, hide_from_providers
from arshjul.disclosure.profile import grouping, reduce
from arshjul.disclosure.protection import protect
from arshjul.periods import parse_period

CATALOGUE = load_indicators(INCLUDE)
RELATIONS = load_relations(INCLUDE)
UNDIVIDED = {name: one for name, one in CATALOGUE.items() if one.distribution_over is None}

OUTCOME = "maluppfyllelse"
PROGRAMMES = ("jobbpeng_grund", "jobbpeng_forstarkt", "sprak_och_arbetsintroduktion")
SIZES = {"a": 26, "b": 22, "c": 19, "d": 16, "e": 6, "f": 5}


@dataclass(frozen=True)
class Exit:
    """One exit: whose, of whom, and whether the goal was reached."""

    anordnare: str
    insatstyp: str
    kon: str
    aldersgrupp: str
    reached: bool


def world(seed: int) -> list[Exit]:
    """Some ninety exits at six providers in three programmes."""
    rng = random.Random(seed)
    return [
        Exit(
            provider,
            rng.choice(PROGRAMMES),
            rng.choice(("kvinna", "man")),
            rng.choice(("16-29", "30-")),
            rng.random() < 0.45,
        )
        for provider, size in SIZES.items()
        for _ in range(size)
    ]


def figures(rows: Iterable[Exit], tables: Iterable[Iterable[str]]) -> dict[FigureKey, Figure]:
    """Count the exits and those who reached the goal in every cell of some tables."""
    found: dict[FigureKey, tuple[int, int]] = {}
    cuts = [sorted(table) for table in tables]
    for row in rows:
        for names in cuts:
            key = (OUTCOME, tuple((name, str(getattr(row, name))) for name in names))
            whole, part = found.get(key, (0, 0))
            found[key] = whole + 1, part + row.reached
    return {
        key: Figure(Decimal(part), Decimal(whole), Decimal(part) / whole, whole) for key, (whole, part) in found.items()
    }


def table_of(period: str, rows: Iterable[Exit], name: str = "new") -> PeriodTable:
    """The catalogue's tables of a period."""
    return PeriodTable(name, parse_period(period), figures(rows, CATALOGUE[OUTCOME].tables), {}, {})


def own_of(rows: Iterable[Exit]) -> Own:
    """What each provider knows of the tables that are not divided by provider."""
    own: dict[str, dict[FigureKey, Figure]] = {}
    cut = [table for table in CATALOGUE[OUTCOME].tables if "anordnare" not in table]
    listed = list(rows)
    for provider in {row.anordnare for row in listed}:
        own[provider] = figures((row for row in listed if row.anordnare == provider), cut)
    return own


class Town:
    """What has been released of a world, one table after the other."""

    def __init__(self) -> None:
        self.tables: list[tuple[PeriodTable, Own]] = []

    def release(self, period: str, rows: list[Exit], *, against_providers: bool = True) -> PeriodTable:
        """Protect a period against everything before and let it out."""
        table = table_of(period, rows, f"{period} {len(self.tables)}")
        groups = next(
            (one.grouping for one, _ in self.tables if len(one.period.months) == len(table.period.months)),
            grouping(UNDIVIDED, table.figures, len(table.period.months)),
        )
        table = replace(table, grouping=groups)
        tables = [*self.tables, (table, own_of(rows))]
        built = build(UNDIVIDED, RELATIONS, {}, [one for one, _ in tables])
        pattern = protect(built.system, seconds=60)
        assert pattern.exposed == ()
        hidden = pattern.hidden
        if against_providers:
            hidden = hide_from_providers(UNDIVIDED, RELATIONS, tables, built, hidden, seconds=60)
        assert audit(built.system, hidden, seconds=60) == ()
        out = replace(table, shown=built.shown(table, hidden))
        self.tables.append((out, own_of(rows)))
        return out


def primary_only(table: PeriodTable) -> frozenset[FigureKey]:
    """What a careless office would show: everything but the cells that are small themselves."""
    return frozenset(
        key
        for key, one in reduce(table.figures, table.grouping).figures.items()
        if min(int(one.denominator or 0), *sides(one)) >= 5
    )


def sides(figure: Figure) -> tuple[int, int]:
    """How many reached the goal, and how many did not."""
    return int(figure.numerator), int(figure.denominator or 0) - int(figure.numerator)


Name = tuple[str, str, Cell]
"""Table, ``whole``, ``part`` or ``rest``, and cell."""


def numbers(
    table: PeriodTable, shown: frozenset[FigureKey] | None = None, without: Mapping[FigureKey, Figure] | None = None
) -> dict[Name, int | None]:
    """A public table by name of count; what is withheld is None.

    Args:
        table: The table.
        shown: What is shown of it; what the house showed unless something else is given.
        without: Figures to take away first: what a reader knows of the shown ones.
    """
    told = table.shown if shown is None else shown
    found: dict[Name, int | None] = {}
    for key, figure in reduce(table.figures, table.grouping).figures.items():
        own = (without or {}).get(key)
        part, rest = (one - other for one, other in zip(sides(figure), sides(own) if own else (0, 0), strict=True))
        for what, number in (("whole", part + rest), ("part", part), ("rest", rest)):
            found[table.name, what, key[1]] = number if told is None or key in told else None
    return found
