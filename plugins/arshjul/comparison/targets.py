"""Goals and how values stand to them: reached, near or not reached, by the threshold that applied then.

A goal is a row of the register ``mal``: the council's, or the board's, which serves one of the council's
(``overordnat_mal_id``). A threshold is target, direction and tolerance. It is read as known when the figures were
computed, so a threshold that is changed later never changes an old judgement; which version it was is told beside it
(requirement R60). Values are judged as they are shown, so that the words never contradict the printed number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy import Connection

from arshjul.catalogue.indicators import Indicator
from arshjul.comparison.numbers import MISSING, PROTECTED, SWEDISH_TIME, counted, opening, signed, swedish_date
from arshjul.comparison.values import Figure, amount_of_change, places_of, shown, with_unit
from arshjul.periods import Period
from arshjul.settings import REPOSITORY
from arshjul.warehouse.statements import Statements

STATEMENTS = Statements(REPOSITORY / "include" / "sql")

Outcome = Literal["natt", "nara", "inte_natt"]

WORDS: Mapping[Outcome, str] = {"natt": "Nått målet", "nara": "Nära målet", "inte_natt": "Inte nått målet"}

_STATE: Mapping[Outcome, tuple[str, str]] = {
    "natt": ("nått", "nådda"),
    "nara": ("nära", "nära"),
    "inte_natt": ("inte nått", "inte nådda"),
}
"""How a goal stands, and how several do."""


@dataclass(frozen=True)
class Goal:
    """One goal, as the register told it at a point of knowledge.

    Attributes:
        mal_id: Its id.
        level: ``fullmaktige`` or ``namnd``.
        parent_id: The goal it serves.
        goal: The goal in words.
        indicator_id: The indicator that measures it.
        insatstyp: The programme it is limited to; ``None`` for all.
        target: What is to be reached, in the indicator's unit; percent for shares.
        direction: ``upp``: at least the target; ``ned``: at most.
        tolerance: How far from the target still counts as near, in the same unit.
        is_followed: The municipal board is to follow it specially.
        closed_from: First day of the month whose register no longer has it.
        version: Which version of the threshold applied, from 1.
        version_from: When we came to know that version.
        delivery_id: The delivery that told it.
    """

    mal_id: str
    level: Literal["fullmaktige", "namnd"]
    parent_id: str | None
    goal: str
    indicator_id: str | None
    insatstyp: str | None
    target: Decimal | None
    direction: Literal["upp", "ned"]
    tolerance: Decimal | None
    is_followed: bool
    closed_from: date | None
    version: int
    version_from: datetime
    delivery_id: int

    def applies_to(self, period: Period) -> bool:
        """Say whether the goal was still there when a period began."""
        return self.closed_from is None or period.start < self.closed_from


@dataclass(frozen=True)
class Judgement:
    """How one shown value stands to one goal.

    Attributes:
        goal: The goal; ``None`` when there is none to judge by.
        outcome: ``natt``, ``nara``, ``inte_natt``; ``None`` when nothing can be said.
        distance: The shown value minus the target, in percentage points for percent; ``None`` likewise.
        mark: The distance as it stands in a cell: ``+3``, ``−2,5``, ``..`` or ``–``.
        words: ``Nått målet``, ``Nära målet``, ``Inte nått målet``, ``..`` or ``–``.
        distance_words: ``3 procentenheter under målet``, ``på målet``; ``None`` when nothing can be said.
        threshold: The sentence on target, tolerance and version; ``None`` without a goal.
    """

    goal: Goal | None
    outcome: Outcome | None
    distance: Decimal | None
    mark: str
    words: str
    distance_words: str | None
    threshold: str | None


@dataclass(frozen=True)
class Chain:
    """A goal of the council and the board's goals that serve it.

    Attributes:
        council: The council's goal; ``None`` for goals of the board that serve none.
        board: The board's, by id; empty when nobody serves the council's goal (requirement R23).
    """

    council: Goal | None
    board: tuple[Goal, ...]


def read_goals(connection: Connection, as_of: datetime, year: int) -> tuple[Goal, ...]:
    """Read all goals of a year as known at a time, the council's first.

    Args:
        connection: Under a role that may read reports.
        as_of: Point of knowledge of the figures that are judged.
        year: The year the goals are for.
    """
    rows = STATEMENTS.fetch_all(connection, "comparison/goals.sql", as_of=as_of, year=year)
    return tuple(Goal(**row) for row in rows)


def goal_for(goals: Iterable[Goal], indicator_id: str, period: Period, insatstyp: str | None = None) -> Goal | None:
    """Find the goal to judge a value by: the programme's own where there is one, else the one for all programmes.

    Of several the board's comes before the council's, then the lowest id.

    Args:
        goals: From :func:`read_goals`, of the period's year.
        indicator_id: The indicator.
        period: A goal that was gone when it began does not count.
        insatstyp: The programme, ``None`` for the total.
    """
    found = [
        goal
        for goal in goals
        if goal.indicator_id == indicator_id
        and goal.target is not None
        and goal.applies_to(period)
        and goal.insatstyp in (insatstyp, None)
    ]
    return min(found, key=lambda goal: (goal.insatstyp is None, goal.level == "fullmaktige", goal.mal_id), default=None)


def is_reached(value: Decimal, target: Decimal, direction: str) -> bool:
    """Say whether a shown value has reached a target: at least it, or with ``ned`` at most it."""
    return value >= target if direction == "upp" else value <= target


def judge(indicator: Indicator, value: Figure | None, goal: Goal | None) -> Judgement:
    """Judge a value by a goal.

    Args:
        indicator: The definition.
        value: The public value; ``None`` when there was nothing to count.
        goal: From :func:`goal_for`.
    """
    if goal is None or goal.target is None:
        return Judgement(None, None, None, MISSING, MISSING, None, None)
    threshold = threshold_sentence(indicator, goal)
    seen = shown(indicator, value)
    if seen is None:
        mark = PROTECTED if value is not None and value.is_protected else MISSING
        return Judgement(goal, None, None, mark, mark, None, threshold)
    distance = seen - goal.target
    decimals = max(indicator.decimals, places_of(goal.target))
    outcome: Outcome = "inte_natt"
    if is_reached(seen, goal.target, goal.direction):
        outcome = "natt"
    elif goal.tolerance is not None and abs(distance) <= goal.tolerance:
        outcome = "nara"
    side = "över" if distance > 0 else "under"
    return Judgement(
        goal,
        outcome,
        distance,
        signed(distance, decimals),
        WORDS[outcome],
        f"{amount_of_change(indicator, distance, decimals)} {side} målet" if distance else "på målet",
        threshold,
    )


def threshold_sentence(indicator: Indicator, goal: Goal) -> str:
    """Tell the threshold: ``Målet är minst 65 procent; inom 3 procentenheter räknas som nära målet. …``

    From the second version on it is also told which version it is and since when we know it.

    Raises:
        ValueError: The goal has no target.
    """
    if goal.target is None:
        raise ValueError(f"{goal.mal_id} has no target")
    least = "minst" if goal.direction == "upp" else "högst"
    sentence = f"Målet är {least} {with_unit(indicator, goal.target, places_of(goal.target))}"
    if goal.tolerance:
        near = amount_of_change(indicator, goal.tolerance, places_of(goal.tolerance))
        sentence += f"; inom {near} från målet räknas som nära"
    if goal.version > 1:
        day = swedish_date(goal.version_from.astimezone(SWEDISH_TIME).date())
        sentence += f". Det är version {goal.version} av målet, känd från den {day}"
    return f"{sentence}."


def chains(goals: Sequence[Goal]) -> tuple[Chain, ...]:
    """Put the board's goals under the council's goals they serve, in the order given; those that serve none come last."""
    council = {goal.mal_id: goal for goal in goals if goal.level == "fullmaktige"}
    board = [goal for goal in goals if goal.level == "namnd"]
    found = [Chain(goal, tuple(one for one in board if one.parent_id == goal.mal_id)) for goal in council.values()]
    lone = tuple(goal for goal in board if goal.parent_id not in council)
    return (*found, Chain(None, lone)) if lone else tuple(found)


def chain_sentence(judgements: Sequence[Judgement]) -> str:
    """Tell how many goals are reached: ``Av 4 mål som kan bedömas är 2 nådda, 1 nära och 1 inte nått.``

    What no goal is, is not told: a nought among counts says nothing.

    Args:
        judgements: One for each goal of the board under a goal of the council.
    """
    count = {outcome: sum(one.outcome == outcome for one in judgements) for outcome in WORDS}
    judged, unknown = sum(count.values()), sum(one.outcome is None for one in judgements)
    found = []
    if judged == 1:
        found.append(f"Det enda mål som kan bedömas är {next(_STATE[one][0] for one in _STATE if count[one])}.")
    elif judged:
        parts = [f"{count[one]} {_STATE[one][count[one] > 1]}" for one in _STATE if count[one]]
        if len(parts) == 1:
            every = "Båda de" if judged == 2 else f"Alla {judged}"
            found.append(f"{every} mål som kan bedömas är {parts[0].partition(' ')[2]}.")
        else:
            listed = f"{', '.join(parts[:-1])} och {parts[-1]}"
            found.append(f"Av {counted(judged, 'mål', 'mål')} som kan bedömas är {listed}.")
    if unknown:
        found.append(f"{opening(unknown, 'mål', 'mål', 'ett')} går inte att bedöma.")
    return " ".join(found) or "Det finns inga mål att bedöma."
