"""The attacker: what can be inferred from everything public, worked out exactly, as a gate that fails closed.

A sensitive count is safe when there is a whole-number point that fits every public figure and takes it down to its
``need_low``, and another that takes it up to its ``need_high``. Both points are found and checked in exact integer
arithmetic, so "safe" never rests on a solver's tolerance; one point often proves many counts at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import floor
from typing import TYPE_CHECKING

from arshjul.disclosure.polytope import Block, Clock, best_move, blocks, certain, ordered, rounded
from arshjul.disclosure.system import AuditError, Exposure, System, Variable

if TYPE_CHECKING:
    from arshjul.disclosure.polytope import Mask, Real, Whole


PULL_SLIP = 0.5  # a whole-number point may bring this share fewer waiting counts along than the best one


@dataclass(frozen=True)
class Need:
    """One direction in which a sensitive count must be able to move: at least ``gap`` steps (above 0) by ``sign``."""

    place: int
    sign: int
    gap: int

    def bounds(self, size: int) -> tuple[Real, Real]:
        """Least and largest move of each of ``size`` variables when this need is to be met."""
        import numpy as np

        low, high = np.full(size, -np.inf), np.full(size, np.inf)
        if self.sign > 0:
            low[self.place] = self.gap
        else:
            high[self.place] = -self.gap
        return low, high


def audit(system: System, hidden: frozenset[str], *, seconds: float, exact: bool = True) -> tuple[Exposure, ...]:
    """Every sensitive count about which the public figures say too much, by key; empty when the pattern is safe.

    Args:
        system: The counts, with everything released before.
        hidden: Keys that are not shown; keys of variables that are not shown anyway may be among them.
        seconds: The budget; running out of it is an error, never a pass.
        exact: Whole numbers only (the gate). False: the linear relaxation, a quicker and weaker attacker.

    Raises:
        AuditError: No final answer in time.
        ContradictionError: The values break a line of the system.
        ValueError: `hidden` names a forced variable or none at all.

    Source: privacy.md §1.3 (attacker), §1.4 step 5.
    """
    clock = Clock(seconds)
    system = ordered(system)
    unknown = unknown_to_attacker(system, hidden)
    exposures = [public_exposure(v) for i, v in enumerate(system.variables) if i not in unknown and v.sensitive]
    found = [exposure for exposure in exposures if exposure]
    for block in blocks(system, unknown):
        found += _exposed(system, block, clock, exact=exact)
    return tuple(sorted(found, key=lambda exposure: exposure.key))


def unknown_to_attacker(system: System, hidden: Iterable[str]) -> frozenset[int]:
    """Indices of the variables that the attacker does not see under a pattern.

    Raises:
        ValueError: The pattern hides what is forced, or what is not there.
    """
    pattern = frozenset(hidden)
    strange = pattern - {variable.key for variable in system.variables if not variable.forced}
    if strange:
        raise ValueError(f"a pattern can hide only variables that are there and not forced: {min(strange)}")
    return frozenset(
        index for index, v in enumerate(system.variables) if not v.forced and (not v.shown or v.key in pattern)
    )


def public_exposure(variable: Variable) -> Exposure | None:
    """A sensitive count that is public is exposed as it stands, unless its needs allow its own value."""
    if variable.need_low is None or variable.need_high is None:
        return None
    if variable.need_low >= variable.value >= variable.need_high:
        return None
    return Exposure(variable.key, variable.value, variable.value)


def needs_of(system: System, block: Block) -> list[Need]:
    """The moves that must be possible in a block, widest first."""
    needs = []
    for place, column in enumerate(block.columns):
        variable = system.variables[int(column)]
        if variable.need_low is None or variable.need_high is None:
            continue
        needs += [
            Need(place, -1, variable.value - variable.need_low),
            Need(place, 1, variable.need_high - variable.value),
        ]
    return sorted((need for need in needs if need.gap > 0), key=lambda need: (-need.gap, need.place, need.sign))


def _exposed(system: System, block: Block, clock: Clock, *, exact: bool) -> list[Exposure]:
    """The exposed counts of one block."""
    waiting = needs_of(system, block)
    places: set[int] = set()
    while waiting:
        need = waiting[0]
        move = reach(block, need, waiting, clock, exact=exact)
        if move is None:
            places.add(need.place)
            waiting = [other for other in waiting if other.place != need.place]
        else:
            waiting = [other for other in waiting[1:] if other.sign * move[other.place] < other.gap]
    return [interval(system, block, place, clock, exact=exact) for place in sorted(places)]


def reach(
    block: Block, need: Need, waiting: list[Need], clock: Clock, *, exact: bool = True, still: Mask | None = None
) -> Real | Whole | None:
    """A move that meets one need and as many of the waiting ones as come along; None when none meets it.

    The first try lets every waiting count pull its own way, a few steps at most: on real tables six such points
    prove what six hundred single questions would. Only what that leaves open is asked alone.

    Args:
        block: Where to move.
        need: What must be met.
        waiting: What else would be good to meet.
        clock: The budget.
        exact: Only whole-number moves.
        still: Variables that may not move.
    """
    import numpy as np

    low, high = need.bounds(len(block.columns))
    if still is not None:
        low[still] = high[still] = 0.0
    pull = np.zeros(len(block.columns))
    for other in waiting:
        pull[other.place] -= other.sign / other.gap
    near = 2.0 * max(need.gap, *(other.gap for other in waiting), 1)
    least, most = np.maximum(low, -near), np.minimum(high, near)
    nothing = np.zeros(len(pull))
    for cost, bottom, top, loose in ((pull, least, most, PULL_SLIP), (nothing, low, high, 0.0)):
        move = best_move(block, cost, bottom, top, whole=False, clock=clock)
        if move is None:
            continue
        if not exact:
            return move
        near_by = rounded(block, move)
        if near_by is None:
            move = best_move(block, cost, bottom, top, whole=True, clock=clock, slip=loose)
            near_by = None if move is None else certain(block, move)
        if near_by is not None:
            if need.sign * int(near_by[need.place]) < need.gap:
                raise AuditError("the solver found a point that does not go where it was asked to go")
            return near_by
    return None


def pinned(block: Block, still: Mask) -> Mask:
    """The variables that single lines settle, one after the other, when some do not move: what a reader sees at once."""
    import numpy as np

    used = abs(block.equations)
    fixed = still.copy()
    while True:
        alone = np.flatnonzero((used != 0) @ (~fixed).astype(np.int64) == 1)
        if not len(alone):
            return fixed
        touched = (used[alone] != 0).sum(axis=0) > 0
        fixed |= np.asarray(touched).ravel()


def furthest(block: Block, place: int, sign: int, clock: Clock, *, exact: bool = True) -> int | None:
    """How far one variable can move in one direction, in whole steps; None when there is no end.

    Raises:
        AuditError: No final answer in time.
    """
    import numpy as np

    size = len(block.columns)
    low, high, cost = np.full(size, -np.inf), np.full(size, np.inf), np.zeros(size)
    if sign > 0:
        ray = replace(block, floor=np.zeros_like(block.floor), slack=np.zeros_like(block.slack))
        one = np.zeros(size)
        one[place] = 1.0
        if best_move(ray, cost, one, high, whole=False, clock=clock) is not None:
            return None
    cost[place] = -sign
    move = best_move(block, cost, low, high, whole=exact, clock=clock)
    if move is None:
        raise AuditError("the solver denies that the true values are possible")
    return floor(abs(float(move[place])) + 1e-6)


def interval(system: System, block: Block, place: int, clock: Clock, *, exact: bool = True) -> Exposure:
    """What the attacker can say about one unknown variable."""
    variable = system.variables[int(block.columns[place])]
    down = furthest(block, place, -1, clock, exact=exact)
    up = furthest(block, place, 1, clock, exact=exact)
    return Exposure(variable.key, variable.value - (down or 0), None if up is None else variable.value + up)
