"""Who makes cells and puts them together: one worker on the computation's connection, and perhaps a second beside it.

A second worker puts some of the kept cells together, and takes parts that have none from the other end of the same list, in
a transaction of its own, on the same point of knowledge. What it finds is copied into the computation's room. The sets it
keeps belong to no computation, and are used by none, until the computation that they were made for is in the ledger.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from arshjul.catalogue.indicators import Indicator
from arshjul.indicators.base_sets import BaseSets, Reads
from arshjul.indicators.room import fill_room, read_room, room, whole_sets
from arshjul.periods import Period
from arshjul.warehouse.errors import WarehouseError
from arshjul.warehouse.statements import Statements, execute_text

log = logging.getLogger(__name__)

_OWN_SHARE = 0.75
"""Of the parts whose cells are kept; medians are in the rest, and took half of the time (a nation's year)."""

Key = tuple[str, str]
"""An indicator's id, and ``indicator`` or ``left_out``."""


@dataclass(frozen=True)
class Part:
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
    def key(self) -> Key:
        return self.indicator.id, self.part


@dataclass(frozen=True)
class Stored:
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


class _Shared(NamedTuple):
    """What a second worker does: the kept parts that are its own, and of the missing ones what it can take.

    It keeps nothing when it is over for both.
    """

    known: Sequence[Part]
    stored: Mapping[Key, Stored]
    missing: Sequence[Part]
    waiting: deque[Part]
    is_over: threading.Event


class _Help(NamedTuple):
    """What a second worker has done: numbers of the sets it made by part, and what was in its room."""

    built: dict[Key, int]
    rows: dict[str, bytes]


class Worker:
    """Makes cells on one connection, and values of them in its room.

    Args:
        connection: In a transaction, with room for values.
        statements: The statements of ``include/sql``.
        base: The functions of core.
        period: The period.
        as_of: The point of knowledge.
    """

    def __init__(
        self, connection: Connection, statements: Statements, base: BaseSets, period: Period, as_of: datetime
    ) -> None:
        self._connection = connection
        self._statements = statements
        self._base = base
        self._period = period
        self._as_of = as_of

    def compute(
        self, parts: Sequence[Part], stored: Mapping[Key, Stored], helper: Engine | None = None
    ) -> dict[Key, int]:
        """Compute the values of parts into the room: of kept cells where there are any, else of new ones, which are kept.

        What a second worker could not do is done here: it is only help, and what is wrong with a part will say so again.

        Args:
            parts: What to compute. A second worker begins at the end.
            stored: Kept cells that are still right, or right but for what some senders have told since.
            helper: Engine of a second worker's connection; none works when not given.

        Returns:
            Number of the new set, by part.

        Raises:
            WarehouseError: The database refused a statement.
        """
        missing = [part for part in parts if part.key not in stored]
        known = [part for part in parts if part.key in stored]
        own = known if helper is None else known[: int(_OWN_SHARE * len(known))]
        shared = _Shared(known[len(own) :], stored, missing, deque(missing), threading.Event())
        with self._helped(helper, shared) as help_:
            self._update(own, stored)
            built = self._build(missing, shared.waiting)
        if helper is None:
            return built
        try:
            done = help_.result()
        except (WarehouseError, SQLAlchemyError) as error:
            log.warning("the second worker gave up, and the first one does its part: %s", error)
            self._update(shared.known, stored)
            return built | self._build(missing, deque(part for part in missing if part.key not in built))
        fill_room(self._connection, self._statements, done.rows)
        return built | done.built

    def _update(self, parts: Sequence[Part], stored: Mapping[Key, Stored]) -> None:
        """Put kept cells together: less what changed senders' rows gave when they were stored, with what they give now."""
        for known in sorted({stored[part.key].as_of for part in parts if stored[part.key].changed}):
            touched = [part for part in parts if (one := stored[part.key]).changed and one.as_of == known]
            senders = frozenset().union(*(stored[part.key].changed for part in touched))
            texts = [part.finest[True] for part in touched]
            for moment, sign in ((known, -1), (self._as_of, 1)):
                with self._base.opened(self._connection, texts, self._at(moment), senders) as sets:
                    for part in touched:
                        sets.execute(part.finest[True], set_id=stored[part.key].set_id, sign=sign)
        for part in parts:
            self._put_together(part, stored[part.key])

    def _put_together(self, part: Part, stored: Stored) -> None:
        """Compute every margin of one part from its cells."""
        indicator = part.indicator
        about: dict[str, Any] = {"indicator_id": indicator.id, "set_id": stored.set_id}
        if part.part == "left_out":
            template = "compute/left_out.sql.j2"
        else:
            about["disclosure"] = indicator.disclosure
            template = "compute/median.sql.j2" if indicator.kind == "median" else "compute/margins.sql.j2"
            if indicator.tells_apart and stored.computation_id is not None and not indicator.distribution_over:
                # Telling a nation's persons apart in every margin takes longer than everything that adds up.
                template, about["computation_id"] = "compute/moved_margins.sql.j2", stored.computation_id
        sql = self._statements.render(
            template,
            breakdowns=indicator.breakdowns,
            distribution_over=indicator.distribution_over,
            kind=indicator.kind,
            tells_apart=indicator.tells_apart,
            has_changed=bool(stored.changed),
        )
        execute_text(self._connection, sql, **about)

    def _build(self, parts: Sequence[Part], waiting: deque[Part], *, from_end: bool = False) -> dict[Key, int]:
        """Compute whole sets of cells, keep them in the place of earlier ones, and put them together.

        Args:
            parts: All that somebody builds: what several of them read is read once.
            waiting: Those that nobody has taken.
            from_end: Take the last one that waits, not the first.
        """
        built = {}
        with self._base.opened(self._connection, [part.finest[False] for part in parts], self._at(self._as_of)) as sets:
            while waiting:
                try:
                    part = waiting.pop() if from_end else waiting.popleft()
                except IndexError:
                    break  # the other worker has just taken the last one
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
                self._put_together(part, Stored(set_id, self._as_of))
                built[part.key] = set_id
        return built

    @contextmanager
    def _helped(self, helper: Engine | None, shared: _Shared) -> Iterator[Future[_Help]]:
        """Let a second worker begin at the other end; it is done afterwards, and has left nothing if the first one failed."""
        done: Future[_Help] = Future()
        if helper is None:
            yield done
            return
        with ThreadPoolExecutor(1, "second worker") as pool, ExitStack() as stack:
            try:
                # Before anything is done, so that whoever computes next waits for it even if this process is lost.
                connection = stack.enter_context(helper.connect())
                self._statements.fetch_one(connection, "compute/begin_second.sql")
            except (WarehouseError, SQLAlchemyError) as error:
                done.set_exception(error)
            else:
                done = pool.submit(self._help, connection, shared)
            try:
                yield done
            except BaseException:
                shared.is_over.set()
                raise
            finally:
                shared.waiting.clear()
                wait([done])

    def _help(self, connection: Connection, shared: _Shared) -> _Help:
        statements = self._statements
        with room(connection, statements), whole_sets(connection, statements):
            second = Worker(connection, statements, self._base, self._period, self._as_of)
            second._update(shared.known, shared.stored)
            built = second._build(shared.missing, shared.waiting, from_end=True)
            rows = read_room(connection, statements)
        if shared.is_over.is_set():
            raise RuntimeError("the first worker has failed")
        connection.commit()
        return _Help(built, rows)

    def _at(self, moment: datetime) -> dict[str, Any]:
        return {"period_start": self._period.start, "period_end": self._period.end, "as_of": moment}
