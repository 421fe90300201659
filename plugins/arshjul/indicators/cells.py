"""Finest cells of every indicator, and all margins from them; what no delivery has touched is not computed again.

An indicator's own SELECT gives observations, which go once to finest cells (``compute/finest.sql.j2``). The newest whole
set of each indicator and period is kept. A later computation asks the ledger which datasets and senders anything may have
become known of since:

* none that the indicator reads: the kept cells are still right;
* only of some providers, and the indicator is made of nothing but what providers tell: what those providers' rows gave
  then is taken away from the cells, and what they give now is added (:class:`_Changed`);
* anything else, another definition, or another code list: all of it is computed anew and kept.

Values are computed from cells in the same way whichever it was, so that they cannot differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from arshjul.catalogue.contracts import load_contracts
from arshjul.catalogue.indicators import Indicator
from arshjul.indicators.base_sets import BaseSets, Reads
from arshjul.periods import Period
from arshjul.warehouse.statements import Statements, execute_text

_CODES = "code"
_PERSONS = "person"  # who somebody is never changes: a person is entered once
_ROLLED_UP = {"narvaro_manad": "narvaro"}
"""Tables that intake makes of a dataset, and which."""


@dataclass(frozen=True)
class _Part:
    """One SELECT of an indicator: its observations, or what it leaves out.

    Attributes:
        indicator: The indicator.
        part: ``indicator`` or ``left_out``, the folder of the SELECT.
        finest: Statement that puts its rows into cells, to be rendered for whole sets and for differences.
        sha256: Hash of everything that says how its cells are computed.
        reads: What it reads.
    """

    indicator: Indicator
    part: str
    finest: Mapping[bool, str]
    sha256: str
    reads: Reads

    @property
    def key(self) -> tuple[str, str]:
        return self.indicator.id, self.part

    @property
    def datasets(self) -> frozenset[str]:
        return frozenset(_ROLLED_UP.get(table, table) for table in self.reads.tables) - {_PERSONS}


@dataclass(frozen=True)
class _Stored:
    """A whole set of cells, and whether some of them have changed since.

    Attributes:
        set_id: Its number.
        as_of: Its point of knowledge.
        changed: Senders whose rows are to be taken away and added again.
        computation_id: The computation whose values were made of the set; None when the set is this computation's own.
    """

    set_id: int
    as_of: datetime
    changed: frozenset[str] = frozenset()
    computation_id: int | None = None


class Cells:
    """The cells of one computation.

    Args:
        connection: In the computation's transaction, which has room for values.
        include: The folder with the catalogue and its SQL.
        period: The period.
        as_of: The point of knowledge.
    """

    def __init__(self, connection: Connection, include: Path, period: Period, as_of: datetime) -> None:
        self._connection = connection
        self._include = include
        self._period = period
        self._as_of = as_of
        self._statements = Statements(include / "sql")
        self._base = BaseSets(self._statements)

    def compute(self, indicators: Iterable[Indicator]) -> None:
        """Compute the values of indicators, and what they leave out, into the computation's temporary tables.

        Raises:
            WarehouseError: The database refused a statement.
        """
        parts = [part for indicator in indicators for part in self._parts(indicator)]
        stored = self._usable(parts)
        stored |= self._build([part for part in parts if part.key not in stored])
        self._count_differences(parts, stored)
        for part in parts:
            self._put_together(part, stored[part.key])

    def _parts(self, indicator: Indicator) -> list[_Part]:
        parts = [self._part(indicator, "indicator", "compute/finest.sql.j2")]
        if (self._statements.folder / "left_out" / f"{indicator.id}.sql").is_file():
            parts.append(self._part(indicator, "left_out", "compute/finest_left_out.sql.j2"))
        return parts

    def _part(self, indicator: Indicator, part: str, template: str) -> _Part:
        finest = {
            is_difference: self._statements.render(
                template,
                select=f"{part}/{indicator.id}.sql",
                breakdowns=indicator.breakdowns,
                kind=indicator.kind,
                by_unit=indicator.counts_units,
                is_difference=is_difference,
            )
            for is_difference in (False, True)
        }
        reads = self._base.reads(finest[False])
        texts = [finest[False], *(self._base.text(name) for name in sorted(reads.functions))]
        return _Part(indicator, part, finest, hashlib.sha256("\0".join(texts).encode()).hexdigest(), reads)

    def _usable(self, parts: list[_Part]) -> dict[tuple[str, str], _Stored]:
        """Find the kept sets that are still right, whole or but for what some senders have told since."""
        rows = self._statements.fetch_all(self._connection, "compute/stored_sets.sql", period=self._period.key)
        kept = {(row["indicator_id"], row["part"]): row for row in rows}
        usable = {}
        for part in parts:
            row = kept.get(part.key)
            if row is None or row["definition_sha256"] != part.sha256:
                continue
            changed = self._changes.senders(part, row["as_of"])
            if changed is not None:
                usable[part.key] = _Stored(row["set_id"], row["as_of"], changed, row["computation_id"])
        return usable

    @cached_property
    def _changes(self) -> _Changes:
        return _Changes(self._connection, self._include, self._statements, self._base, self._as_of)

    def _build(self, parts: list[_Part]) -> dict[tuple[str, str], _Stored]:
        """Compute whole sets of cells, and keep them in the place of earlier ones."""
        built = {}
        with self._base.opened(self._connection, [part.finest[False] for part in parts], self._at(self._as_of)) as sets:
            for part in parts:
                about = {"indicator_id": part.indicator.id, "part": part.part, "period": self._period.key}
                self._statements.execute(self._connection, "compute/forget_set.sql", **about)
                set_id = self._statements.fetch_value(
                    self._connection,
                    "compute/insert_set.sql",
                    **about,
                    as_of=self._as_of,
                    definition_sha256=part.sha256,
                )
                sets.execute(part.finest[False], set_id=set_id, sign=1)
                built[part.key] = _Stored(set_id, self._as_of)
        return built

    def _count_differences(self, parts: list[_Part], stored: Mapping[tuple[str, str], _Stored]) -> None:
        """Take away what changed senders' rows gave when the cells were stored, and add what they give now."""
        for known in sorted({one.as_of for one in stored.values() if one.changed}):
            touched = [part for part in parts if (one := stored[part.key]).changed and one.as_of == known]
            senders = frozenset().union(*(stored[part.key].changed for part in touched))
            texts = [part.finest[True] for part in touched]
            for moment, sign in ((known, -1), (self._as_of, 1)):
                with self._base.opened(self._connection, texts, self._at(moment), senders) as sets:
                    for part in touched:
                        sets.execute(part.finest[True], set_id=stored[part.key].set_id, sign=sign)

    def _put_together(self, part: _Part, stored: _Stored) -> None:
        """Compute every margin of one part from its cells."""
        indicator = part.indicator
        about: dict[str, Any] = {"indicator_id": indicator.id, "set_id": stored.set_id}
        tells_apart = indicator.kind == "count" or indicator.counts_units
        if part.part == "left_out":
            template = "compute/left_out.sql.j2"
        else:
            about["disclosure"] = indicator.disclosure
            template = "compute/median.sql.j2" if indicator.kind == "median" else "compute/margins.sql.j2"
            if tells_apart and stored.computation_id is not None and not indicator.distribution_over:
                # Telling a nation's persons apart in every margin takes longer than everything that adds up.
                template, about["computation_id"] = "compute/moved_margins.sql.j2", stored.computation_id
        sql = self._statements.render(
            template,
            breakdowns=indicator.breakdowns,
            distribution_over=indicator.distribution_over,
            kind=indicator.kind,
            tells_apart=tells_apart,
            has_changed=bool(stored.changed),
        )
        execute_text(self._connection, sql, **about)

    def _at(self, moment: datetime) -> dict[str, Any]:
        return {"period_start": self._period.start, "period_end": self._period.end, "as_of": moment}


class _Changes:
    """What has become known between kept cells' point of knowledge and this computation's.

    Args:
        connection: In the computation's transaction: no load is in flight.
        include: The folder with the catalogue and its SQL.
        statements: The statements of its SQL.
        base: The functions of core.
        as_of: The computation's point of knowledge.
    """

    def __init__(
        self, connection: Connection, include: Path, statements: Statements, base: BaseSets, as_of: datetime
    ) -> None:
        self._connection = connection
        self._statements = statements
        self._base = base
        self._as_of = as_of
        self._since: dict[datetime, list[tuple[str | None, str | None]]] = {}
        contracts = load_contracts(include).values()
        self._datasets = frozenset(contract.name for contract in contracts)
        self._of_providers = frozenset(contract.name for contract in contracts if contract.sender == "anordnare")

    def senders(self, part: _Part, known: datetime) -> frozenset[str] | None:
        """Say whose rows may have changed: nobody's, some providers', or (None) so much that all is computed anew.

        A part's cells can be put together from its senders' only when it reads nothing else than what providers tell.
        Cells of changed senders are computed twice, so it pays as long as they are less than half of all.

        Args:
            part: The part; its cells are kept.
            known: The point of knowledge of its cells.
        """
        if not part.datasets <= self._datasets | {_CODES}:
            return None  # a table that no delivery fills: the ledger does not tell when it changed
        changes = [change for change in self._between(known) if change[0] is None or change[0] in part.datasets]
        senders = {sender for _, sender in changes}
        if not senders:
            return frozenset()
        told = part.datasets - {_CODES}
        if None in senders or not told <= self._of_providers or not self._base.tells_senders_apart(part.reads):
            return None
        everybody = self._statements.fetch_value(self._connection, "compute/senders.sql", datasets=sorted(told))
        return frozenset(sender for sender in senders if sender) if 2 * len(senders) < everybody else None

    def _between(self, known: datetime) -> list[tuple[str | None, str | None]]:
        if known not in self._since:
            rows = self._statements.fetch_all(
                self._connection,
                "compute/changes.sql",
                earlier=min(known, self._as_of),
                later=max(known, self._as_of),
            )
            self._since[known] = [(row["dataset"], row["sender"]) for row in rows]
        return self._since[known]
