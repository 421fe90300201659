"""What else must be hidden so that nothing sensitive follows: a linear-programming heuristic and reverse delete.

Every sensitive count needs a way down and a way up. The heuristic asks, need by need, for the cheapest move that
goes there and hides what the move touches (after Kelly, Golden & Assad 1992 and CONFID; privacy.md §1.4 step 2).
Reverse delete then shows again, dearest first, all that the needs can do without (step 3). Each need carries a
whole-number point that proves it, so the pattern is safe by construction; `arshjul.disclosure.audit` says so again
without knowing any of these points.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from arshjul.disclosure.audit import Need, furthest, interval, needs_of, pinned, public_exposure, reach
from arshjul.disclosure.polytope import Block, Clock, best_move, blocks, certain, ordered, rounded
from arshjul.disclosure.system import AuditError, Exposure, Pattern, System

if TYPE_CHECKING:
    from arshjul.disclosure.polytope import Mask, Real, Whole

HIDDEN_ALREADY = 1e-4  # price of moving what is hidden anyway: not 0, so that moves stay short
TOUCHED = 1e-7  # a fractional move below this is none
ATTEMPTS = 5  # how many price lists are tried before whole numbers are asked for
SLIP = 1.0  # the first whole-number way will do: it seldom touches more, and the cheapest takes minutes to prove
EXTRA = 1e-3  # on top of a weight, so that of two equal ways the one that touches less wins


@dataclass
class Search:
    """The state of one block while its pattern is sought.

    Attributes:
        block: All its variables that are not forced.
        unit: For each variable, the number of the group it is shown or hidden with.
        price: What hiding that group would cost.
        shown: Whether the variable is still shown.
        needs: What must stay possible.
        proofs: Whole-number moves that prove it.
    """

    block: Block
    unit: Whole
    price: Real
    shown: Mask
    needs: list[Need]
    proofs: list[Whole] = field(default_factory=list)

    def met(self, need: Need) -> bool:
        """Whether a proof is at hand."""
        return any(need.sign * int(move[need.place]) >= need.gap for move in self.proofs)

    def learn(self, move: Whole) -> None:
        """Keep a move, and its mirror image when that holds too."""
        self.proofs.append(move)
        if self.block.holds(-move):
            self.proofs.append(-move)


def protect(system: System, *, seconds: float) -> Pattern:
    """A pattern under which the attacker stays in doubt about every sensitive count, as far as what is forced allows.

    The same variables and lines give the same pattern in whatever order they come, as long as the time is enough; if
    it runs out while showing cells again, the pattern is safe but hides more (`Pattern.method` says ``heuristic``).

    Args:
        system: The counts, with everything released before.
        seconds: The budget.

    Raises:
        AuditError: The time was not enough to find any safe pattern.
        ContradictionError: The values break a line of the system.
    """
    import numpy as np

    clock = Clock(seconds)
    system = ordered(system)
    unit, cost, start = stakes(system)
    shown = np.array([v.shown and int(unit[i]) not in start for i, v in enumerate(system.variables)], dtype=bool)
    hidden: set[int] = set()
    doubtful: set[int] = set()
    complete = True
    for block in blocks(system, {i for i, v in enumerate(system.variables) if not v.forced}):
        own = block.columns
        search = Search(block, unit[own], cost[unit[own]], shown[own], needs_of(system, block))
        doubtful |= {int(own[place]) for place in hide_ways(search, clock)}
        for part in parts(system, search):
            complete = show_again(part, start, clock) and complete
            hidden |= {int(column) for column in part.block.columns[~part.shown]}
    method = "heuristic+reverse delete" if complete else "heuristic"
    return _pattern(system, hidden, doubtful, method, clock)


def stakes(system: System) -> tuple[Whole, Real, set[int]]:
    """What hiding costs: each variable's unit (`units`), each unit's cost, and the units that are hidden in any case."""
    import numpy as np

    unit = units(system)
    free = [v.shown and not v.forced for v in system.variables]
    cost = np.zeros(len(unit))
    np.add.at(cost, unit, [v.weight if can else 0.0 for v, can in zip(system.variables, free, strict=True)])
    return unit, cost, {int(unit[i]) for i, v in enumerate(system.variables) if free[i] and v.sensitive}


def units(system: System) -> Whole:
    """For each variable, the least index among those that must be shown or hidden with it (itself if none).

    Only what is shown and can be hidden is bound: a forced member of a tied group stays, and an unseen one is no matter.
    """
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    bound = [[i for i in g if system.variables[i].shown and not system.variables[i].forced] for g in system.tied]
    links = [(group[0], index) for group in bound for index in group]
    one, two = np.array(links, dtype=np.int64).reshape(-1, 2).T
    size = len(system.variables)
    _, label = connected_components(coo_array((np.ones(len(links)), (one, two)), shape=(size, size)), directed=False)
    _, first, back = np.unique(label, return_index=True, return_inverse=True)
    least: Whole = first[back].astype(np.int64)
    return least


def hide_ways(search: Search, clock: Clock) -> set[int]:
    """Hide the cheapest way for each need of a block that has none yet.

    Returns:
        Places of the variables that cannot move as far as they need even when all that may be hidden is. They are
        given as much doubt as there is.

    Raises:
        AuditError: No final answer in time.
    """
    doubtful: set[int] = set()
    settled: list[Need] = []
    for wanted in search.needs:
        need = wanted
        if not search.met(need):
            move = _cheapest(search, need, clock)
            if move is None:
                doubtful.add(need.place)
                need = replace(need, gap=furthest(search.block, need.place, need.sign, clock) or 0)
                move = _cheapest(search, need, clock) if need.gap and not search.met(need) else None
            if move is not None:
                search.learn(move)
                touched = set(search.unit[(move != 0) & search.shown].tolist())
                search.shown &= [unit not in touched for unit in search.unit.tolist()]
        settled += [need] if need.gap else []
    search.needs = settled
    return doubtful


def _cheapest(search: Search, need: Need, clock: Clock) -> Whole | None:
    """The cheapest whole-number move that meets a need, or nearly; None when there is no such move.

    When the cheapest move is fractional, slightly other prices often give a whole one (linear programmes are quick, whole
    numbers are not); then a whole one is sought among the variables that the cheapest touched, and then anywhere.
    """
    import numpy as np

    price = np.where(search.shown, search.price + EXTRA, HIDDEN_ALREADY)
    low, high = need.bounds(len(price))
    chance = np.random.default_rng(0)
    cheapest = np.zeros(len(price))
    for attempt in range(ATTEMPTS):
        nudged = price * (1.0 + chance.random(len(price))) if attempt else price
        move = best_move(search.block, nudged, low, high, whole=False, clock=clock, size=True)
        exact = None if move is None else rounded(search.block, move)
        if move is None or exact is not None:
            return exact
        cheapest = cheapest if attempt else move
    elsewhere = search.shown & (abs(cheapest) < TOUCHED)
    for shut in (elsewhere, np.zeros_like(elsewhere)):
        least, most = np.where(shut, 0.0, low), np.where(shut, 0.0, high)
        move = best_move(search.block, price, least, most, whole=True, clock=clock, size=True, slip=SLIP)
        if move is not None:
            return certain(search.block, move)
    return None


def parts(system: System, search: Search) -> list[Search]:
    """The blocks that a block falls apart into when what is still shown is public, with their needs and proofs."""
    position = {int(column): place for place, column in enumerate(search.block.columns)}
    found = []
    for block in blocks(system, {column for column, place in position.items() if not search.shown[place]}):
        old = [position[int(column)] for column in block.columns]
        new = {place: number for number, place in enumerate(old)}
        needs = [replace(need, place=new[need.place]) for need in search.needs if need.place in new]
        proofs = [move[old] for move in search.proofs if move[old].any()]
        found.append(Search(block, search.unit[old], search.price[old], search.shown[old], needs, proofs))
    return found


def show_again(search: Search, keep: set[int], clock: Clock) -> bool:
    """Show again, dearest first, each group of cells without which every need can still be met.

    Hiding less never opens a way, so a group that was once needed stays needed: one round leaves nothing to spare.

    Args:
        search: A block in which every need has a proof.
        keep: Groups that hold a sensitive count.
        clock: The budget.

    Returns:
        False when the time did not allow a whole round.
    """
    import numpy as np

    price = {unit: cost for unit, cost in zip(search.unit.tolist(), search.price.tolist(), strict=True) if cost > 0}
    moves = np.array(search.proofs, dtype=np.int64).reshape(-1, len(search.unit))
    sign, place, gap = np.array([(n.sign, n.place, n.gap) for n in search.needs], dtype=np.int64).reshape(-1, 3).T
    failures = np.zeros(len(search.needs))
    for unit in sorted(price.keys() - keep, key=lambda unit: (-price[unit], unit)):
        still = search.shown | (search.unit == unit)
        if pinned(search.block, still)[place].any():
            continue
        clean = ~moves[:, still].any(axis=1)
        open_ = np.flatnonzero(~(moves[clean][:, place] * sign >= gap).any(axis=0))
        try:
            while len(open_):
                asked = open_[np.argsort(-failures[open_], kind="stable")]
                waiting = [search.needs[number] for number in asked]
                move = reach(search.block, waiting[0], waiting, clock, still=still)
                if move is None:
                    failures[asked[0]] += 1
                    break
                moves, clean = np.vstack([moves, move]), np.append(clean, True)
                open_ = open_[sign[open_] * move[place[open_]] < gap[open_]]
        except AuditError:
            return False
        if not len(open_):
            search.shown = still
            moves = moves[clean]
    return True


def _pattern(system: System, hidden: set[int], doubtful: set[int], method: str, clock: Clock) -> Pattern:
    """Put a pattern into words, with what it cannot protect."""
    chosen = [v for i, v in enumerate(system.variables) if i in hidden and v.shown]
    unknown = {i for i, v in enumerate(system.variables) if i in hidden}
    exposed: list[Exposure] = [e for v in system.variables if v.forced and (e := public_exposure(v))]
    for block in blocks(system, unknown) if doubtful else ():
        places = [place for place, column in enumerate(block.columns) if int(column) in doubtful]
        exposed += [interval(system, block, place, clock) for place in places]
    return Pattern(
        frozenset(variable.key for variable in chosen),
        sum(not variable.sensitive for variable in chosen),
        sum(variable.weight for variable in chosen),
        method,
        exposed=tuple(sorted(exposed, key=lambda exposure: exposure.key)),
    )
