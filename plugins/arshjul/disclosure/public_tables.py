"""Public tables, made and proved beside all that has left the house; the doors are in :mod:`arshjul.disclosure.release`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.comparisons import Uncertainty, load_uncertainty
from arshjul.catalogue.disclosure import FEW, FEW_FOR_MEAN, Relations, load_relations, relations_sha256
from arshjul.catalogue.indicators import Indicator, load_indicators
from arshjul.comparison.uncertainty import interval_to_publish
from arshjul.disclosure import stored
from arshjul.disclosure.build import Built, build
from arshjul.disclosure.figures import UNTOLD, Cell, Figure, FigureKey, PeriodTable
from arshjul.disclosure.insiders import Own, hide_from_providers
from arshjul.disclosure.profile import grouping, reduce, tables_of
from arshjul.disclosure.refusals import DisclosureError, NotProvedInTime, TooRevealing, refuse_exposed, said_of
from arshjul.disclosure.stored import Protection, PublicValue, StoredComputation
from arshjul.disclosure.system import Exposure, System, Variable
from arshjul.periods import Period, YearToDate

ONLY_TOTALS = "only totals"
"""Begins the method of a protection that could not show any breakdown."""

AS_SHOWN = "as it was shown"
"""The method of a protection that could show nothing new of a period that has been shown before."""


def load_protection(connection: Connection, protection_id: int) -> Protection:
    """Read a protection by its number; it is never removed."""
    found = stored.one_protection(connection, protection_id=protection_id)
    if found is None:
        raise DisclosureError("Röjandekontrollen som efterfrågas finns inte. Kör om från Röjandekontroll.")
    return found


@dataclass
class PublicTables:
    """One call of a door of the room: what has been released, and what this call has made.

    Args:
        connection: Under a role that may read computed values; under ``Role.COMPUTE`` to make tables.
        include: The folder with the catalogue and its SQL.
        seconds: At most so long for one table.
        run_id: The run that makes tables; None to prove one that there is.
        only: The indicators in the tables; the whole catalogue when not given.
        coming: Protections that other reports are about to release.

    Attributes:
        out: Protections that have left the house, in order.
        against: Those, and what is coming: what a new table is made beside.
    """

    connection: Connection
    include: Path
    seconds: float
    run_id: int | None = None
    only: frozenset[str] | None = None
    coming: tuple[int, ...] = ()
    catalogue: Mapping[str, Indicator] = field(init=False)
    relations: Relations = field(init=False)
    uncertainty: Uncertainty = field(init=False)
    out: tuple[int, ...] = field(init=False)
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
        self.out = stored.released(self.connection)
        self.against = (*self.out, *(one for one in self.coming if one not in self.out))

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
        source = next((one for one in out if one.protection_id in self.out), None) or next(
            (one for one in made if (one.against, one.companions) == (self.against, beside)), None
        )
        if source is None:
            return self._make(
                table, own, companions, {**self._fields(computation, companions), "figures_sha256": sha256}
            )
        if source.computation_id == computation.computation_id and (source.companions == beside or not is_reported):
            return source
        return self._copy(source, computation, companions, "copied")

    def as_shown(self, computation: StoredComputation, companions: Sequence[Protection]) -> Protection | None:
        """Give what a period was last shown with: it tells nobody anything new, nor that anything has changed."""
        shown = self.last_shown(computation.period, computation.as_of)
        if shown is None or not self._asked_for(shown):
            return None
        is_alike = stored.mean_the_same(self.connection, computation.computation_id, shown.computation_id)
        return self._copy(shown, computation, companions, AS_SHOWN) if is_alike else None

    def _fields(self, computation: StoredComputation, companions: Sequence[Protection]) -> dict[str, object]:
        return {
            "computation_id": computation.computation_id,
            "run_id": self.run_id,
            "rules": {"few": FEW, "few_for_mean": FEW_FOR_MEAN, "relations_sha256": relations_sha256(self.include)},
            "companions": tuple(one.protection_id for one in companions),
            "against": self.against,
        }

    def _copy(
        self, source: Protection, computation: StoredComputation, companions: Sequence[Protection], method: str
    ) -> Protection:
        same = {name: getattr(source, name) for name in ("grouping", "cells", "hidden", "figures_sha256")}
        copy = stored.insert_protection(
            self.connection,
            {**self._fields(computation, companions), **same, "method": method, "copied_from": source.protection_id},
        )
        stored.copy_public(self.connection, copy, source.protection_id)
        return load_protection(self.connection, copy)

    def beside(self, computation: StoredComputation, companions: Sequence[Protection]) -> Protection | None:
        """Give what stands beside the reported period: as it is known now, else as it was last shown, else nothing."""
        try:
            return self.ensure(computation, companions, is_reported=False)
        except TooRevealing:
            return self.last_shown(computation.period, computation.as_of)

    def last_shown(self, period: Period, as_of: datetime) -> Protection | None:
        """Give what has left the house last of a period, of what was known at a time; of several, what tells of the most.

        Late rows can change a period in a way that tells of few persons to whoever saw it before: as it was shown it tells
        nothing new.
        """
        shown = [
            one
            for one in (load_protection(self.connection, number) for number in reversed(self.out))
            if one.period == period and stored.find_computation(self.connection, one.computation_id).as_of <= as_of
        ]
        return max(shown, key=self._asked_for, default=None)

    def _asked_for(self, protection: Protection) -> int:
        told = {one.indicator_id for one in stored.public_values(self.connection, protection.protection_id)}
        return len(told if self.only is None else told & self.only)

    def _make(
        self, table: PeriodTable, own: Own, companions: Sequence[Protection], fields: Mapping[str, object]
    ) -> Protection:
        before = [load_protection(self.connection, one) for one in self.against]
        before += [one for one in companions if one.origin not in self.against]
        near = _near(before, table.period)
        groups = grouping(self.catalogue, table.figures, len(table.period.months))
        groups |= {one: members for one, members in _remembered(near, table.period).items() if one in groups}
        table = replace(table, grouping=groups)
        released, part = [self._released(one) for one in near], table
        try:
            built, hidden, method = self._hide([*released, (part, own)], self._as_seen(near))
        except TooRevealing:
            # Nobody can redesign the tables on the day of the report: the wholes alone are still worth showing.
            part = _totals_of(table)
            built, hidden, method = self._hide([*released, (part, own)], self._as_seen(near))
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

    def are_safe(self, protection: Protection) -> bool:
        """Say whether a public table, and those that are shown with it, are safe beside all that is out by now.

        Raises:
            NotProvedInTime: It could not be told within the time.
        """
        before = [load_protection(self.connection, one) for one in self.against]
        for one in (*(load_protection(self.connection, number) for number in protection.companions), protection):
            if one.origin in self.against:
                continue
            near = _near(before, one.period)
            shown, own = self._released(one)
            new = _as_new(shown)
            if not any(cell and self.catalogue[name].disclosure != "oppen" for name, cell in shown.shown or ()):
                new = _totals_of(new)  # nothing else of it was tried
            try:
                tables = [*(self._released(other) for other in near), (new, own)]
                with said_of(one.period.title):
                    built = self._build(tables)
                    built = replace(built, system=self._as_known([*self._as_seen(near), new], built.system))
                pattern = _pattern_of(built, shown)
                if pattern is None or self._prove(tables, built, pattern) != pattern:
                    return False
            except NotProvedInTime:
                raise
            except TooRevealing:
                return False
            before.append(one)
        return True

    def _as_seen(self, near: Iterable[Protection]) -> list[PeriodTable]:
        """Give public tables as readers have seen them: of what has not left the house, nothing."""
        return [
            table if one.origin in self.out else _as_new(table) for one in near for table, _ in [self._released(one)]
        ]

    def _hide(
        self, tables: Sequence[tuple[PeriodTable, Own]], seen: Sequence[PeriodTable]
    ) -> tuple[Built, frozenset[str], str]:
        """Choose what is hidden of the last table, and prove it with a second, exact audit.

        Args:
            tables: It, after those it stands beside.
            seen: Those, as readers have seen them.
        """
        from arshjul.disclosure.protection import protect as choose

        title = tables[-1][0].period.title
        with said_of(title):
            built = self._build(tables)
            pattern = choose(built.system, seconds=self.seconds)
            if pattern.exposed:
                built = replace(built, system=self._as_known([*seen, tables[-1][0]], built.system))
                pattern = choose(built.system, seconds=self.seconds)
            refuse_exposed(title, pattern.exposed)
        return built, self._prove(tables, built, pattern.hidden), f"{pattern.method}, providers, exact audit"

    def _as_known(self, seen: Sequence[PeriodTable], system: System) -> System:
        """Ask no more doubt about a count than what is out already leaves: to withhold the new table would not help.

        So it is when rules have become stricter, or rows came late: what a reader can work out without the new table is
        not told by it, and it must not make the reader surer. What only tables tell that have not left the house, their
        noughts too, counts as unknown to that reader.
        """
        from arshjul.disclosure.audit import audit

        before = build(self.catalogue, self.relations, self.reached, seen, keeps_zeros=True).system
        withheld = frozenset(one.key for one in before.variables if one.shown and not one.forced)
        known = {one.key: one for one in audit(before, withheld, seconds=self.seconds, exact=True)}
        if any(one.shown is not None and one.period == seen[-1].period for one in seen):
            # The period is out already: that a count of it is the same as before is then news too.
            known = {key: one for key, one in known.items() if not key.startswith(str(seen[-1].period.start.year))}
        return replace(system, variables=tuple(_asked(one, known.get(one.key)) for one in system.variables))

    def _build(self, tables: Sequence[tuple[PeriodTable, Own]]) -> Built:
        return build(self.catalogue, self.relations, self.reached, [table for table, _ in tables])

    def _prove(self, tables: Sequence[tuple[PeriodTable, Own]], built: Built, hidden: frozenset[str]) -> frozenset[str]:
        """Hide also what a provider could work out, and prove the pattern with an exact audit."""
        from arshjul.disclosure.audit import audit

        title = tables[-1][0].period.title
        with said_of(title):
            hidden = hide_from_providers(self.catalogue, self.relations, tables, built, hidden, seconds=self.seconds)
            refuse_exposed(title, audit(built.system, hidden, seconds=self.seconds, exact=True))
        return hidden

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


def _asked(count: Variable, known: Exposure | None) -> Variable:
    """A count about which at most as much doubt is asked as there is."""
    if known is None or count.need_low is None or count.need_high is None:
        return count
    if known.low == known.high:
        return replace(count, need_low=None, need_high=None)
    high = count.need_high if known.high is None else min(count.need_high, known.high)
    return replace(count, need_low=max(count.need_low, known.low), need_high=high)


def _pattern_of(built: Built, shown: PeriodTable) -> frozenset[str] | None:
    """Find which variables a public table withholds; None when it shows one that has been withheld since.

    Args:
        built: The system with the table as a new one.
        shown: The table as readers see it.
    """
    public = {key for figure in shown.shown or () for key in built.cells.get((shown.name, figure), ())}
    public |= {built.left_out[shown.name, one] for one in shown.left_out_shown}
    if any(one.key in public and not (one.shown or one.forced) for one in built.system.variables):
        return None
    return frozenset(one.key for one in built.system.variables if one.shown and not one.forced) - public


def _as_new(table: PeriodTable) -> PeriodTable:
    """A table of which nothing has left the house."""
    return replace(table, shown=None, left_out_shown=frozenset())


def _totals_of(table: PeriodTable) -> PeriodTable:
    return replace(table, figures={key: one for key, one in table.figures.items() if not key[1]})


def _near(before: Iterable[Protection], period: Period) -> list[Protection]:
    """Choose what hangs together with a period: of the same year, and of those beside it."""
    return [one for one in before if abs(one.period.start.year - period.start.year) <= 1]


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
