"""The way from a released value to today's, step by step, each step of one kind of change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import yaml
from psycopg.types.json import Jsonb
from sqlalchemy import Connection

from arshjul.catalogue.indicators import Indicator
from arshjul.catalogue.yaml_files import CatalogueError, parse_definition
from arshjul.indicators.compute import Computation
from arshjul.indicators.definitions import RememberedDefinition, definitions_used
from arshjul.warehouse.errors import WarehouseError
from arshjul.warehouse.statements import Statements, execute_text, fetch_text

RELEASED, SAME_DEFINITION, NEW_DEFINITION = 0, 1, 2
"""Stages: what was released, the old definition by today's program, today's definition; then one for each change."""

_PLACE = "/* the definition's own SELECT */"
_IN_CORE = re.compile(r"\bcore\.([a-z_]+)")


@dataclass(frozen=True)
class Change:
    """Something became known, in one table of core at one moment.

    Attributes:
        dataset: The table.
        at: The moment.
        reason: ``sena_uppgifter``, ``rattade_uppgifter`` or ``andrad_kodlista``.
    """

    dataset: str
    at: datetime
    reason: str


def changes_since(
    connection: Connection, statements: Statements, since: datetime, until: datetime
) -> tuple[Change, ...]:
    """List what became known between two points of knowledge, in the order it did.

    Args:
        connection: Under a role that may read core.
        statements: Of the catalogue's folder.
        since: Known then was known; a slice (table, sender, month) of which nothing was is late.
        until: The later point of knowledge.
    """
    tables = [row["table_name"] for row in statements.fetch_all(connection, "revision/tables.sql")]
    rows = fetch_text(connection, statements.render("revision/events.sql.j2", tables=tables), since=since, until=until)
    return tuple(Change(row["dataset"], row["at"], _reason(row["was_known"])) for row in rows)


def _reason(was_known: bool | None) -> str:
    if was_known is None:
        return "andrad_kodlista"
    return "rattade_uppgifter" if was_known else "sena_uppgifter"


def datasets_read(include: Path, select: str) -> frozenset[str]:
    """Find which tables of core a SELECT reads, through the functions that it calls.

    Args:
        include: The folder with the SQL of those functions.
        select: Text of the SELECT.
    """
    found: set[str] = set()
    waiting = _IN_CORE.findall(select)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            file = include / "sql" / "core" / f"{name}.sql"
            if file.is_file():
                waiting += _IN_CORE.findall(file.read_text(encoding="utf-8"))
    return frozenset(found)


@dataclass(frozen=True)
class _Run:
    """Changes of one kind that followed on each other, until ``end``."""

    reason: str
    end: datetime


@dataclass(frozen=True)
class Walk:
    """The way of every indicator of one period.

    Attributes:
        connection: In the caller's transaction, with the temporary tables of ``revision/begin.sql``.
        include: The folder with the catalogue and its SQL.
        released: The computation that was released.
        new: The computation of what is known now.
        changes: What became known in between.
    """

    connection: Connection
    include: Path
    released: Computation
    new: Computation
    changes: Sequence[Change]

    @property
    def statements(self) -> Statements:
        """The statements."""
        return Statements(self.include / "sql")

    @property
    def last(self) -> int:
        """Number of the last stage, which is after every other."""
        return NEW_DEFINITION + len(self.changes) + 1

    def explain(self, indicators: Mapping[str, Indicator]) -> list[Indicator]:
        """Collect the cells of the two ends, and the stages between them of every indicator that differs.

        Args:
            indicators: Today's catalogue by id.

        Returns:
            The indicators that differ: of those that were released, in the tables that readers saw then and see now.
        """
        before = definitions_used(self.connection, self.include, self.released.computation_id)
        after = definitions_used(self.connection, self.include, self.new.computation_id)
        tables = [
            {"indicator_id": indicator.id, "breakdowns": sorted(table)}
            for indicator in indicators.values()
            for table in _seen(indicator, before.get(indicator.id))
            if not before or indicator.id in before
        ]
        for stage, computation in ((RELEASED, self.released), (self.last, self.new)):
            self.statements.execute(
                self.connection,
                "revision/stored_cells.sql",
                stage=stage,
                computation_id=computation.computation_id,
                tables=Jsonb(tables),
            )
        changed = [indicators[indicator_id] for indicator_id in self._differing(RELEASED, self.last)]
        for indicator in changed:
            self._explain_one(indicator, before.get(indicator.id), after[indicator.id])
        return changed

    def _explain_one(
        self, indicator: Indicator, before: RememberedDefinition | None, after: RememberedDefinition
    ) -> None:
        self._note(indicator, RELEASED, None)
        runs = _runs(self.changes, datasets_read(self.include, after.statement))
        places = [NEW_DEFINITION + number for number in range(len(runs))] + [self.last]
        if not runs:
            # Nothing that it reads has changed, so that today's definition gives what is stored last.
            self._by_definition(indicator, before, after, self.last)
            return
        if self.released.catalogue_sha256 == self.new.catalogue_sha256:
            places[0] = RELEASED
        else:
            self._collect(indicator, after, NEW_DEFINITION, self.released.as_of)
            self._by_definition(indicator, before, after, NEW_DEFINITION)
        self._by_time(indicator, after, runs, places, 0, len(runs))

    def _by_definition(
        self, indicator: Indicator, before: RememberedDefinition | None, after: RememberedDefinition, stage: int
    ) -> None:
        """Tell apart what the program and what the definition changed, of what led to a stage."""
        if before == after:
            self._note(indicator, stage, "andrad_berakning")
        elif before and self._collected_again(before):
            self._note(indicator, SAME_DEFINITION, "andrad_berakning")
            self._note(indicator, stage, "andrad_definition")
        else:
            self._note(indicator, stage, "andrad_definition_eller_berakning")

    def _collected_again(self, definition: RememberedDefinition) -> bool:
        """Compute by a definition of before; say whether it still can be."""
        try:
            indicator = parse_definition(definition.definition, Indicator)
            with self.connection.begin_nested():
                self._collect(indicator, definition, SAME_DEFINITION, self.released.as_of)
        except (WarehouseError, CatalogueError):
            return False
        return True

    def _by_time(
        self,
        indicator: Indicator,
        definition: RememberedDefinition,
        runs: Sequence[_Run],
        places: Sequence[int],
        first: int,
        last: int,
    ) -> None:
        """Note the stages after ``first`` until ``last``; between two that are alike in every cell nothing is looked for.

        Halving, since of what became known in months only a little changes the figure of a period long ago.
        """
        if not self._differing(places[first], places[last], indicator):
            return
        if last - first == 1:
            self._note(indicator, places[last], runs[first].reason)
            return
        middle = (first + last) // 2
        self._collect(indicator, definition, places[middle], runs[middle - 1].end)
        self._by_time(indicator, definition, runs, places, first, middle)
        self._by_time(indicator, definition, runs, places, middle, last)

    def _differing(self, earlier: int, later: int, indicator: Indicator | None = None) -> list[str]:
        rows = self.statements.fetch_all(
            self.connection,
            "revision/changed_indicators.sql",
            earlier=earlier,
            later=later,
            indicator_id=indicator.id if indicator else None,
        )
        return [row["indicator_id"] for row in rows]

    def _note(self, indicator: Indicator, stage: int, kind: str | None) -> None:
        self.statements.execute(
            self.connection, "revision/insert_stage.sql", indicator_id=indicator.id, stage=stage, kind=kind
        )

    def _collect(self, indicator: Indicator, definition: RememberedDefinition, stage: int, as_of: datetime) -> None:
        """Compute the indicator's cells at one stage."""
        over = indicator.distribution_over
        tables = sorted({*indicator.tables, *(_without(table, over) for table in indicator.tables)})
        sql = self.statements.render(
            "revision/cells.sql.j2",
            kind=indicator.kind,
            breakdowns=_used(indicator.breakdowns, tables),
            distribution_over=over,
            tables=tables,
        )
        # A definition of then may no longer be in the catalogue, so that its text is put in here.
        execute_text(
            self.connection,
            sql.replace(_PLACE, definition.statement),
            indicator_id=indicator.id,
            stage=stage,
            period_start=self.released.period.start,
            period_end=self.released.period.end,
            as_of=as_of,
        )


def _runs(changes: Iterable[Change], datasets: frozenset[str]) -> list[_Run]:
    """Put together neighbouring changes of one kind, of those that an indicator reads."""
    moments: dict[datetime, str] = {}
    for change in changes:
        if change.dataset in datasets:
            # What becomes known at the very same moment cannot be told apart: then the last of them in name order counts.
            moments[change.at] = change.reason
    runs: list[_Run] = []
    for at, reason in moments.items():
        if runs and runs[-1].reason == reason:
            runs.pop()
        runs.append(_Run(reason, at))
    return runs


def _without(table: tuple[str, ...], breakdown: str | None) -> tuple[str, ...]:
    return tuple(one for one in table if one != breakdown)


def _used(breakdowns: Sequence[str], tables: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    used = {breakdown for table in tables for breakdown in table}
    return tuple(breakdown for breakdown in breakdowns if breakdown in used)


def _seen(indicator: Indicator, before: RememberedDefinition | None) -> list[tuple[str, ...]]:
    """The tables that readers see now and saw by the definition of before, where that is known."""
    if before is None:
        return list(indicator.tables)
    saw = _tables(before.definition)
    return [table for table in indicator.tables if frozenset(table) in saw]


@lru_cache(maxsize=1024)
def _tables(definition: str) -> frozenset[frozenset[str]]:
    """Only this of a definition of then, which may have been written for an older form of the catalogue."""
    return frozenset(frozenset(table) for table in yaml.safe_load(definition)["tables"])
