"""Finest cells of every indicator, and all margins from them; what no delivery has touched is not computed again.

An indicator's own SELECT gives observations, which go once to finest cells (``compute/finest.sql.j2``). The newest whole
set of each indicator and period is kept. A later computation asks the ledger which datasets and senders anything may have
become known of since:

* none that the indicator reads: the kept cells are still right;
* only of some providers, and the indicator is made of nothing but what providers tell: what those providers' rows gave
  then is taken away from the cells, and what they give now is added (:class:`_Changes` tells which);
* anything else, another definition, or another code list: all of it is computed anew and kept.

Values are computed from cells in the same way whichever it was, so that they cannot differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection, Engine

from arshjul.catalogue.contracts import load_contracts
from arshjul.catalogue.indicators import Indicator
from arshjul.indicators.base_sets import CODES, PERSONS, BaseSets
from arshjul.indicators.worker import Key, Part, Stored, Worker
from arshjul.periods import Period
from arshjul.warehouse.statements import Statements

_ROLLED_UP = {"narvaro_manad": "narvaro"}
"""Tables that intake makes of a dataset, and which."""


class Cells:
    """The cells of one computation.

    Args:
        connection: In the computation's transaction, which has room for values.
        include: The folder with the catalogue and its SQL.
        period: The period.
        as_of: The point of knowledge.
        helper: Engine of a second connection, for about half of the work; all is done on the first when not given.
    """

    def __init__(
        self, connection: Connection, include: Path, period: Period, as_of: datetime, helper: Engine | None = None
    ) -> None:
        self._connection = connection
        self._helper = helper
        self._include = include
        self._period = period
        self._as_of = as_of
        self._statements = Statements(include / "sql")
        self._base = BaseSets(self._statements)

    def compute(self, indicators: Iterable[Indicator]) -> list[int]:
        """Compute the values of indicators, and what they leave out, into the computation's room.

        Returns:
            Numbers of the sets of cells that were made for it.

        Raises:
            WarehouseError: The database refused a statement.
        """
        parts = sorted((part for one in indicators for part in self._parts(one)), key=_how_early)
        worker = Worker(self._connection, self._statements, self._base, self._period, self._as_of)
        built = worker.compute(parts, self._usable(parts), self._helper)
        return list(built.values())

    def _parts(self, indicator: Indicator) -> list[Part]:
        parts = [self._part(indicator, "indicator", "compute/finest.sql.j2")]
        if (self._statements.folder / "left_out" / f"{indicator.id}.sql").is_file():
            parts.append(self._part(indicator, "left_out", "compute/finest_left_out.sql.j2"))
        return parts

    def _part(self, indicator: Indicator, part: str, template: str) -> Part:
        finest = {
            is_difference: self._statements.render(
                template,
                select=f"{part}/{indicator.id}.sql",
                breakdowns=indicator.breakdowns,
                kind=indicator.kind,
                tells_apart=indicator.tells_apart,
                is_difference=is_difference,
            )
            for is_difference in (False, True)
        }
        reads = self._base.reads(finest[False])
        texts = [finest[False], *(self._base.text(name) for name in sorted(reads.functions))]
        return Part(indicator, part, finest, hashlib.sha256("\0".join(texts).encode()).hexdigest(), reads)

    def _usable(self, parts: list[Part]) -> dict[Key, Stored]:
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
                usable[part.key] = Stored(row["set_id"], row["as_of"], changed, row["computation_id"])
        return usable

    @cached_property
    def _changes(self) -> _Changes:
        return _Changes(self._connection, self._include, self._statements, self._base, self._as_of)


def _how_early(part: Part) -> int:
    """Let what tells things apart stand first, and medians last: a second worker, who begins there, has most of the rest."""
    if part.indicator.tells_apart:
        return 0
    return 2 if part.indicator.kind == "median" else 1


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

    def senders(self, part: Part, known: datetime) -> frozenset[str] | None:
        """Say whose rows may have changed: nobody's, some providers', or (None) so much that all is computed anew.

        A part's cells can be put together from its senders' only when it reads nothing else than what providers tell.
        Cells of changed senders are computed twice, so it pays as long as they are less than half of all.

        Args:
            part: The part; its cells are kept.
            known: The point of knowledge of its cells.
        """
        # Who somebody is never changes: a person is entered once.
        datasets = frozenset(_ROLLED_UP.get(table, table) for table in part.reads.tables) - {PERSONS}
        if not datasets <= self._datasets | {CODES}:
            return None  # a table that no delivery fills: the ledger does not tell when it changed
        changes = [change for change in self._between(known) if change[0] is None or change[0] in datasets]
        senders = {sender for _, sender in changes}
        if not senders:
            return frozenset()
        told = datasets - {CODES}
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
