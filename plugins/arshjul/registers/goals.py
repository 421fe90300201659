"""The goal chain: the council's goals, the board's goals that serve them, the indicator and the figure behind.

Source: BIN 2016-134, 4 Planering (politisk viljeinriktning, nämndens viktigaste mål 2018 med plan 2019–2021, indikatorer
som kommunstyrelsen särskilt ska följa); R21–R24.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy import Connection

from arshjul.lineage.statements import LEDGER
from arshjul.periods import Period

PLAN_YEARS = 3
"""How many years after its own a budget's plan reaches (budget 2018 med plan 2019–2021)."""


@dataclass(frozen=True)
class PlannedTarget:
    """The same goal in a later year of the plan."""

    year: int
    goal_id: str
    target: Decimal | None


@dataclass(frozen=True)
class ChainGoal:
    """One goal of a year, with its plan.

    Attributes:
        goal_id: Its id.
        level: ``fullmaktige`` or ``namnd``.
        parent_id: The goal it serves.
        year: The year it is for.
        text: The goal in words.
        indicator_id: The indicator that measures it.
        programme: The programme it is limited to, ``insatstyp``.
        target: What is to be reached, in the indicator's unit; percent for shares.
        direction: ``upp``: at least the target; ``ned``: at most.
        tolerance: How far from the target still counts as near.
        is_followed: The municipal board is to follow it specially.
        closed_from: First day of the month whose register no longer has it.
        plan: The same goal in the plan's years, in order.
    """

    goal_id: str
    level: Literal["fullmaktige", "namnd"]
    parent_id: str | None
    year: int
    text: str
    indicator_id: str | None
    programme: str | None
    target: Decimal | None
    direction: Literal["upp", "ned"]
    tolerance: Decimal | None
    is_followed: bool
    closed_from: date | None
    plan: tuple[PlannedTarget, ...] = ()

    def figure_id(self, period: Period) -> str | None:
        """Return the figure that ``arshjul trace`` takes down to the source rows; ``None`` without an indicator (R24)."""
        if self.indicator_id is None:
            return None
        cell = f"/insatstyp={self.programme}" if self.programme else ""
        return f"{self.indicator_id}/{period.key}{cell}"


@dataclass(frozen=True)
class GoalLink:
    """A goal of the council with the board's goals that serve it.

    Attributes:
        council: The council's goal; ``None`` for goals of the board that serve none.
        board: The board's goals, by id.
    """

    council: ChainGoal | None
    board: tuple[ChainGoal, ...]

    @property
    def is_orphan(self) -> bool:
        """The council's goal is served by no goal of the board (R23)."""
        return self.council is not None and not self.board


@dataclass(frozen=True)
class GoalChain:
    """The goal chain of a year.

    Attributes:
        year: The year.
        links: The council's goals by id, each with those that serve it; goals of the board that serve none come last.
    """

    year: int
    links: tuple[GoalLink, ...]

    @property
    def orphans(self) -> tuple[ChainGoal, ...]:
        """The council's goals that no goal of the board serves."""
        return tuple(link.council for link in self.links if link.is_orphan and link.council)

    @property
    def goals(self) -> tuple[ChainGoal, ...]:
        """Every goal, each of the council's before those that serve it."""
        return tuple(one for link in self.links for one in ((link.council,) if link.council else ()) + link.board)

    @property
    def followed(self) -> tuple[ChainGoal, ...]:
        """The goals that the municipal board is to follow specially (R22)."""
        return tuple(one for one in self.goals if one.is_followed)

    @property
    def unmeasured(self) -> tuple[ChainGoal, ...]:
        """Goals of the board without an indicator or a target."""
        return tuple(g for g in self.goals if g.level == "namnd" and (g.indicator_id is None or g.target is None))


def read_goal_chain(connection: Connection, as_of: datetime, year: int, day: date) -> GoalChain:
    """Read the goal chain of a year with its plan.

    Args:
        connection: Under a role that may read reports.
        as_of: Point of knowledge.
        year: The year.
        day: Goals that a newer register had dropped by then are left out.
    """
    rows = LEDGER.fetch_all(connection, "report/goal_chain.sql", as_of=as_of, first=year, last=year + PLAN_YEARS)
    every = [ChainGoal(**row) for row in rows if row["closed_from"] is None or row["closed_from"] > day]
    later = [one for one in every if one.year > year]
    goals = [_with_plan(one, later) for one in every if one.year == year]
    council = [one for one in goals if one.level == "fullmaktige"]
    board = [one for one in goals if one.level == "namnd"]
    links = [GoalLink(one, tuple(b for b in board if b.parent_id == one.goal_id)) for one in council]
    lone = tuple(one for one in board if one.parent_id not in {one.goal_id for one in council})
    return GoalChain(year, (*links, *((GoalLink(None, lone),) if lone else ())))


def _with_plan(goal: ChainGoal, later: Sequence[ChainGoal]) -> ChainGoal:
    """Find the goal in later years: by what measures it, or by its words where nothing does, since every year has its id."""
    same = [one for one in later if _what(one) == _what(goal)]
    return replace(goal, plan=tuple(PlannedTarget(one.year, one.goal_id, one.target) for one in same))


def _what(goal: ChainGoal) -> tuple[str | None, ...]:
    return goal.level, goal.indicator_id or goal.text, goal.programme
