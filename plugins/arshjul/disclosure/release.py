"""From a computation to a public table that is safe beside everything released before it.

A reader may be told what stands in ``indicator.public_value`` and ``indicator.public_left_out`` and nothing else: every
number, order, bar, interval or sentence that is made from them alone reveals no more than they do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.comparisons import Uncertainty, load_uncertainty
from arshjul.catalogue.disclosure import FEW, FEW_FOR_MEAN, Relations, load_relations, relations_sha256
from arshjul.catalogue.indicators import Indicator, load_indicators
from arshjul.comparison.uncertainty import interval_to_publish
from arshjul.disclosure import stored
from arshjul.disclosure.build import Built, build
from arshjul.disclosure.figures import UNTOLD, Cell, Figure, FigureKey, PeriodTable
from arshjul.disclosure.insiders import InsiderError, Own, hide_from_providers
from arshjul.disclosure.profile import OTHERS, PROVIDER, grouping, reduce, tables_of
from arshjul.disclosure.stored import Protection, PublicValue, StoredComputation
from arshjul.disclosure.system import AuditError, ContradictionError
from arshjul.periods import Period, YearToDate

__all__ = [
    "ONLY_TOTALS",
    "OTHERS",
    "TREND_LENGTH",
    "DisclosureError",
    "Protection",
    "check_still_safe",
    "comparison_periods",
    "find_protection",
    "load_protection",
    "protect",
    "record_release",
    "single_cells",
]

ONLY_TOTALS = "only totals"
"""Begins the method of a protection that could not show any breakdown."""

TREND_LENGTH = 6
"""How many periods of the same type a trend shows, the reported one included."""


class DisclosureError(RuntimeError):
    """Nothing may be shown: no safe public table was found or proved; the message is a Swedish sentence."""


class _TooRevealing(DisclosureError):
    """These tables cannot be shown; fewer of them might."""


def comparison_periods(period: Period) -> tuple[Period, ...]:
    """Give the periods that a report of a period sets beside it, oldest first."""
    found = {period.same_last_year.key: period.same_last_year}
    earlier = period
    for _ in range(TREND_LENGTH - 1):
        earlier = earlier.previous
        found[earlier.key] = earlier
    return tuple(sorted(found.values(), key=lambda one: one.start))


def protect(
    connection: Connection,
    include: Path,
    computation_id: int,
    *,
    run_id: int,
    indicators: frozenset[str] | None = None,
    seconds: float = 240.0,
) -> Protection:
    """Make the public table of a computation, and of the comparison periods that its report shows.

    What has been released with the same figures is shown the same way again, so that a report made again as it was known
    then is the same byte for byte.

    Args:
        connection: Under ``Role.COMPUTE``, in a transaction of its own: one protection is made at a time.
        include: The folder with the catalogue and its SQL.
        computation_id: The computation.
        run_id: The run that protects.
        indicators: Only these are in the public tables and leave the house with them; the whole catalogue when not given.
            Where everything has been released with these very figures, that public table is used again.
        seconds: At most so long for one period; after that nothing is shown.

    Raises:
        CatalogueError: A definition is wrong.
        DisclosureError: Not even totals were found or proved safe in time; the caller's transaction is to be rolled back.
    """
    stored.lock(connection)
    house = _House(connection, include, run_id, seconds, indicators)
    computation = stored.find_computation(connection, computation_id)
    companions: list[Protection] = []
    for period in comparison_periods(computation.period):
        then = stored.stored_computation(connection, period, computation.as_of)
        if then is not None:
            companions.append(house.ensure(then, companions, is_reported=False))
    try:
        return house.ensure(computation, companions, is_reported=True)
    except _TooRevealing:
        # The report matters more than what it is compared with: only what is out already stands beside it then.
        out = [one for one in companions if one.origin in house.against]
        if len(out) == len(companions):
            raise
        return house.ensure(computation, out, is_reported=True)


def find_protection(connection: Connection, computation_id: int) -> Protection | None:
    """Find the newest protection of a computation, or None when it has none."""
    return stored.one_protection(connection, computation_id=computation_id)


def load_protection(connection: Connection, protection_id: int) -> Protection:
    """Read a protection by its number; it is never removed."""
    found = stored.one_protection(connection, protection_id=protection_id)
    if found is None:
        raise DisclosureError("Röjandekontrollen som efterfrågas finns inte. Kör om från Röjandekontroll.")
    return found


def single_cells(
    connection: Connection, computation_id: int, indicator_id: str, cell: Mapping[str, str]
) -> list[dict[str, str]]:
    """Take a public cell apart into the cells that were computed: those of each provider that stands in ``ovriga``.

    Args:
        connection: Any that may read protections.
        computation_id: The figure's computation.
        indicator_id: The figure's indicator.
        cell: Breakdown to code.
    """
    if cell.get(PROVIDER) != OTHERS:
        return [dict(cell)]
    protection = find_protection(connection, computation_id)
    members = protection.grouping.get(indicator_id, ()) if protection else ()
    return [{**cell, PROVIDER: code} for code in members]


def check_still_safe(connection: Connection, protection: Protection) -> None:
    """Make sure that nothing has been released that a protection was not made against.

    Raises:
        DisclosureError: Something was; the message says from which step to run again.
    """
    beside = {protection.origin, *protection.against}
    beside.update(load_protection(connection, one).origin for one in protection.companions)
    if not beside.issuperset(stored.released(connection)):
        raise DisclosureError(
            f"Andra siffror har publicerats eller exporterats sedan {protection.period.title} gick igenom "
            "röjandekontrollen. Det som visas måste prövas mot dem: kör om från Röjandekontroll (Clear)."
        )


def record_release(
    connection: Connection, protection: Protection, kind: Literal["publicering", "export"], *, run_id: int
) -> None:
    """Say that a public table has left the house; everything made later is protected against it.

    Args:
        connection: Under ``Role.COMPUTE`` or ``Role.PUBLISH``, in the transaction of what is released.
        protection: What was released. A publication also shows its companions.
        kind: ``publicering`` (a report, with its companions) or ``export`` (the period alone). Said twice it counts
            once.
        run_id: The run that released.

    Raises:
        DisclosureError: As :func:`check_still_safe`.
    """
    stored.lock(connection)
    if stored.is_released(connection, protection.protection_id, kind):
        return
    check_still_safe(connection, protection)
    shown = (*protection.companions, protection.protection_id) if kind == "publicering" else (protection.protection_id,)
    stored.insert_releases(connection, shown, kind, run_id)


@dataclass
class _House:
    """One call of :func:`protect`: what has been released, and what this call has made."""

    connection: Connection
    include: Path
    run_id: int
    seconds: float
    only: frozenset[str] | None
    catalogue: Mapping[str, Indicator] = field(init=False)
    relations: Relations = field(init=False)
    uncertainty: Uncertainty = field(init=False)
    against: tuple[int, ...] = field(init=False)
    reached: dict[str, frozenset[str]] = field(init=False)
    tables: dict[int, tuple[PeriodTable, Own]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.catalogue = load_indicators(self.include)
        self.relations = load_relations(self.include)
        self.uncertainty = load_uncertainty(self.include)
        lists = load_codelists(self.include)
        self.reached = {
            one.whole: frozenset(
                code.code for code in lists[one.code_list].codes if code.attributes.get(one.attribute) == one.equals
            )
            for one in self.relations.sums
        }
        self.reached |= {
            one.parts: frozenset(code.code for code in lists[one.code_list].codes) for one in self.relations.sums
        }
        self.against = stored.released(self.connection)

    def ensure(
        self, computation: StoredComputation, companions: Sequence[Protection], *, is_reported: bool
    ) -> Protection:
        """Give the protection of a computation beside others: one made before where it still holds, else a new one."""
        whole, own = self._read(computation)
        table = whole if self.only is None else stored.only_of(whole, self.only)
        sha256 = stored.figures_sha256(table)
        beside = tuple(one.protection_id for one in companions)
        made = stored.find_protections(self.connection, computation.period, sha256)
        out = [*made, *stored.find_protections(self.connection, computation.period, stored.figures_sha256(whole))]
        source = next((one for one in out if one.protection_id in self.against), None) or next(
            (one for one in made if (one.against, one.companions) == (self.against, beside)), None
        )
        fields = {
            "computation_id": computation.computation_id,
            "run_id": self.run_id,
            "rules": {"few": FEW, "few_for_mean": FEW_FOR_MEAN, "relations_sha256": relations_sha256(self.include)},
            "companions": beside,
            "against": self.against,
            "figures_sha256": sha256 if source is None else source.figures_sha256,
        }
        if source is None:
            return self._make(table, own, companions, fields)
        if source.computation_id == computation.computation_id and (source.companions == beside or not is_reported):
            return source
        same = {name: getattr(source, name) for name in ("grouping", "cells", "hidden")}
        copy = stored.insert_protection(
            self.connection, fields | same | {"method": "copied", "copied_from": source.protection_id}
        )
        stored.copy_public(self.connection, copy, source.protection_id)
        return load_protection(self.connection, copy)

    def _make(
        self, table: PeriodTable, own: Own, companions: Sequence[Protection], fields: Mapping[str, object]
    ) -> Protection:
        before = [load_protection(self.connection, one) for one in self.against]
        before += [one for one in companions if one.origin not in self.against]
        near = [one for one in before if abs(one.period.start.year - table.period.start.year) <= 1]
        groups = grouping(self.catalogue, table.figures, len(table.period.months))
        groups |= {one: members for one, members in _remembered(near, table.period).items() if one in groups}
        table = replace(table, grouping=groups)
        released, part = [self._released(one) for one in near], table
        try:
            built, hidden, method = self._hide([*released, (part, own)])
        except _TooRevealing:
            # Nobody can redesign the tables on the day of the report: the wholes alone are still worth showing.
            part = replace(table, figures={key: one for key, one in table.figures.items() if not key[1]})
            built, hidden, method = self._hide([*released, (part, own)])
            method = f"{ONLY_TOTALS}, {method}"
        values = self._public(table, built.shown(part, hidden), near)
        told = built.left_out_shown(part, hidden)
        # What may not be told stands under one reason: which ones there are would tell that somebody is there.
        left_out: dict[tuple[str, str], int | None] = {
            one if one in told else (one[0], UNTOLD): number if one in told else None
            for one, number in sorted(table.left_out.items())
        }
        protection_id = stored.insert_protection(
            self.connection,
            {
                **fields,
                "grouping": groups,
                "method": method,
                "cells": len(values),
                "hidden": sum(one.is_protected for one in values),
                "copied_from": None,
            },
        )
        stored.write_public(self.connection, protection_id, values, left_out)
        return load_protection(self.connection, protection_id)

    def _released(self, protection: Protection) -> tuple[PeriodTable, Own]:
        if protection.protection_id not in self.tables:
            table, own = self._read(stored.find_computation(self.connection, protection.computation_id))
            self.tables[protection.protection_id] = stored.as_released(self.connection, table, protection), own
        return self.tables[protection.protection_id]

    def _hide(self, tables: Sequence[tuple[PeriodTable, Own]]) -> tuple[Built, frozenset[str], str]:
        """Choose what is hidden of the last table, and prove it with a second, exact audit."""
        from arshjul.disclosure.audit import audit
        from arshjul.disclosure.protection import protect as choose

        title = tables[-1][0].period.title
        try:
            built = build(self.catalogue, self.relations, self.reached, [table for table, _ in tables])
            pattern = choose(built.system, seconds=self.seconds)
            hidden = hide_from_providers(
                self.catalogue, self.relations, tables, built, pattern.hidden, seconds=self.seconds
            )
            exposed = pattern.exposed or audit(built.system, hidden, seconds=self.seconds, exact=True)
        except ContradictionError:
            raise DisclosureError(
                f"Siffrorna för {title} säger emot varandra, så röjandekontrollen kan inte pröva dem. Ingenting visas. "
                "Beräkna perioden igen; händer det då också, låt datateamet jämföra delarna med summorna."
            ) from None
        except InsiderError:
            raise _TooRevealing(
                f"Siffrorna för {title} kan inte visas, inte ens totalerna: den anordnare som drar bort sina egna deltagare "
                "skulle med dem och det som redan har publicerats kunna räkna fram uppgifter om en annan anordnares. "
                "Ta bort måttet eller en indelning ur katalogens tabeller (tables) och kör om."
            ) from None
        except AuditError:
            raise _TooRevealing(
                f"Röjandekontrollen hann inte bevisa att siffrorna för {title} är säkra, inte ens totalerna. Ingenting "
                "visas. Kör om; händer det igen, ta bort en indelning ur katalogens tabeller (tables)."
            ) from None
        if exposed:
            raise _TooRevealing(
                f"Siffrorna för {title} kan inte visas, inte ens totalerna, utan att {len(exposed)} uppgifter om få personer "
                "går att räkna fram ur det som redan har publicerats. Ta bort måttet eller en indelning ur katalogens "
                "tabeller (tables) och kör om."
            )
        return built, hidden, f"{pattern.method}, providers, exact audit"

    def _read(self, computation: StoredComputation) -> tuple[PeriodTable, Own]:
        seen = tables_of(self.catalogue, computation.period, self.relations)
        table = stored.read_table(self.connection, computation, seen, self.relations, self.reached)
        return table, stored.read_own(self.connection, computation, seen)

    def _public(
        self, table: PeriodTable, shown: frozenset[FigureKey], before: Iterable[Protection]
    ) -> list[PublicValue]:
        """Write the public table; what was shown before and may not be changed by a few stands as it was shown."""
        kept: dict[FigureKey, PublicValue] = {}
        for protection in before:
            if protection.period.key == table.period.key:
                for one in stored.public_values(self.connection, protection.protection_id):
                    if not one.is_protected:
                        kept[one.indicator_id, one.cell] = one
        figures = reduce(table.figures, table.grouping).figures
        return [
            self._as_public(key, figure) if self._is_open(key, shown) else kept.get(key) or _withheld(key)
            for key, figure in sorted(figures.items(), key=lambda item: item[0])
        ]

    def _is_open(self, key: FigureKey, shown: frozenset[FigureKey]) -> bool:
        return key in shown or self.catalogue[key[0]].disclosure == "oppen"

    def _as_public(self, key: FigureKey, figure: Figure) -> PublicValue:
        indicator_id, cell = key
        low, high = figure.interval_low, figure.interval_high
        spread = interval_to_publish(
            self.catalogue[indicator_id],
            dict(cell),
            figure.observations,
            figure.numerator,
            figure.squares,
            self.uncertainty,
        )
        if spread is not None:
            low, high = spread.low, spread.high
        return PublicValue(
            *key,
            figure.numerator,
            figure.denominator,
            figure.value,
            figure.observations,
            low,
            high,
            is_protected=False,
        )


def _remembered(before: Iterable[Protection], period: Period) -> Mapping[str, tuple[str, ...]]:
    """The grouping that the calendar year's months, or its tertials, or its growing part began with.

    A month would put nearly everybody together for the whole year. What two groupings tell side by side is in the system.
    """
    groups: dict[str, tuple[str, ...]] = {}
    for one in before:
        if one.period.start.year == period.start.year and _length(one.period) == _length(period):
            groups = {**one.grouping, **groups}
    return groups


def _length(period: Period) -> str | int:
    return "growing" if isinstance(period, YearToDate) else len(period.months)


def _withheld(key: tuple[str, Cell]) -> PublicValue:
    return PublicValue(*key, None, None, None, None, None, None, is_protected=True)
