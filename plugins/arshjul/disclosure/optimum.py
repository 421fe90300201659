"""The cheapest pattern, or how far from it the heuristic is: Benders' decomposition for systems that allow the time.

A master problem chooses what to hide; for a choice under which some sensitive count cannot move as far as it must, the
dual of the attacker's linear programme gives an inequality that every safe choice keeps (Fischetti & Salazar 2001;
privacy.md §1.4 step 4). The optimum of the master is at every moment a lower bound.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from arshjul.disclosure.audit import Need, audit, needs_of
from arshjul.disclosure.polytope import SOLVED, Block, Clock, blocks, ordered
from arshjul.disclosure.protection import protect, stakes
from arshjul.disclosure.system import AuditError, Pattern, System

if TYPE_CHECKING:
    from arshjul.disclosure.polytope import Real, Whole

FARTHEST = 3  # times the widest need: moves beyond are not counted on, which can only make a pattern safer
ENOUGH = 1e-6


@dataclass
class Master:
    """What to hide in one block.

    Attributes:
        block: All its variables that are not forced.
        choice: For each variable, the number of the choice it hangs on; -1 when it is hidden in any case.
        price: Cost of each choice.
        needs: What must be possible.
        cuts: Per inequality the share that each choice brings, scaled so that they must sum to at least 1.
    """

    block: Block
    choice: Whole
    price: Real
    needs: list[Need]
    cuts: list[Real] = field(default_factory=list)

    def solve(self, clock: Clock, *, whole: bool) -> tuple[Real, float]:
        """The cheapest choice that keeps all cuts so far, and a bound on its cost.

        Raises:
            AuditError: No final answer in time.
        """
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        if not self.cuts:
            return np.zeros(len(self.price)), 0.0
        found = milp(
            self.price,
            integrality=np.full(len(self.price), int(whole)),
            bounds=Bounds(0.0, 1.0),
            constraints=LinearConstraint(np.array(self.cuts), 1.0, np.inf),
            options={"time_limit": clock.left(), "mip_rel_gap": 0.0},
        )
        if found.status != SOLVED or not clock.left():
            raise AuditError("no time left to find the cheapest pattern")
        return (np.rint(found.x) if whole else found.x), float(found.fun)

    def separate(self, chosen: Real, clock: Clock) -> bool:
        """Add an inequality for every need that a choice does not meet; False when it meets all."""
        count = len(self.cuts)
        for need in self.needs:
            if not clock.left():
                raise AuditError("no time left to find the cheapest pattern")
            cut = self._cut(need, chosen, clock)
            if cut is not None:
                self.cuts.append(cut)
        return len(self.cuts) > count

    def _cut(self, need: Need, chosen: Real, clock: Clock) -> Real | None:
        """How far a need can go under a choice, as the dual sees it: a bound that is linear in the choice."""
        import numpy as np
        from scipy.optimize import linprog

        open_ = np.where(self.choice < 0, 1.0, chosen[self.choice] if len(chosen) else 1.0)
        most = float(FARTHEST * max(other.gap for other in self.needs))
        least = np.maximum(self.block.floor, -most)
        cost = np.zeros(len(open_))
        cost[need.place] = -need.sign
        found = linprog(
            cost,
            A_eq=self.block.equations.astype(float),
            b_eq=np.zeros(self.block.equations.shape[0]),
            A_ub=-self.block.inequalities.astype(float),
            b_ub=self.block.slack.astype(float),
            bounds=np.column_stack([least * open_, most * open_]),
            options={"time_limit": clock.left()},
        )
        if found.status != SOLVED:
            raise AuditError("the solver gave no final answer")
        if -found.fun >= need.gap - ENOUGH:
            return None
        brings = -(found.lower.marginals * least + found.upper.marginals * most)
        always = float(brings[self.choice < 0].sum() - found.ineqlin.marginals @ self.block.slack)
        per_choice = np.zeros(len(self.price))
        np.add.at(per_choice, self.choice[self.choice >= 0], brings[self.choice >= 0])
        missing = need.gap - always
        return np.minimum(per_choice / missing, 1.0) if missing > ENOUGH else None


def optimum(system: System, *, seconds: float) -> Pattern:
    """The cheapest safe pattern; when the time is not enough, the heuristic's with a proven bound beside it.

    Args:
        system: The counts, with everything released before.
        seconds: The budget; the heuristic comes first.

    Returns:
        A pattern with `Pattern.lower_bound` (cost that no safe pattern goes below whose moves stay within three times
        the widest need); ``method`` is ``benders`` when it is the cheapest. Unchanged from the heuristic, without a
        bound, when something is forced that no pattern can protect.

    Raises:
        AuditError: The time was not enough for any safe pattern.
        ContradictionError: The values break a line of the system.
    """
    clock = Clock(seconds)
    pattern = protect(system, seconds=seconds)
    if pattern.exposed:
        return pattern
    system = ordered(system)
    unit, cost, start = stakes(system)
    hidden = {int(i) for i, v in enumerate(system.variables) if v.shown and not v.forced and int(unit[i]) in start}
    bound, proven = float(cost[sorted(start)].sum()), True
    for block in blocks(system, {i for i, v in enumerate(system.variables) if not v.forced}):
        master = _master(system, block, unit, cost, start)
        chosen, least = _cheapest(system, master, clock)
        bound += least
        proven = proven and chosen is not None
        if chosen is not None:
            places = (int(i) for i, c in zip(block.columns, master.choice, strict=True) if c >= 0 and chosen[c])
            hidden |= set(places)
    picked = [system.variables[i] for i in sorted(hidden)]
    total = sum(v.weight for v in picked)
    bound = min(bound, total, pattern.cost) if proven else min(bound, pattern.cost)
    if not proven or pattern.cost <= total + ENOUGH:
        return replace(pattern, method="benders" if proven else pattern.method, lower_bound=bound)
    keys = frozenset(v.key for v in picked)
    return Pattern(keys, sum(not v.sensitive for v in picked), total, "benders", bound)


def _master(system: System, block: Block, unit: Whole, cost: Real, start: set[int]) -> Master:
    """The choices that one block leaves."""
    import numpy as np

    own = [int(column) for column in block.columns]
    free = [system.variables[i].shown and int(unit[i]) not in start for i in own]
    choices = sorted({int(unit[i]) for i, can in zip(own, free, strict=True) if can})
    number = {chosen: place for place, chosen in enumerate(choices)}
    choice = [number[int(unit[i])] if can else -1 for i, can in zip(own, free, strict=True)]
    return Master(block, np.array(choice, dtype=np.int64), cost[choices], needs_of(system, block))


def _cheapest(system: System, master: Master, clock: Clock) -> tuple[Real | None, float]:
    """The cheapest choice of one block (None when time runs out), and the bound reached.

    The relaxation is tightened first, where the master is quick; then whole choices. A choice that satisfies the linear
    attacker but not the one who counts in whole numbers is cut off with everything it contains.
    """
    import numpy as np

    bound = 0.0
    try:
        for whole in (False, True):
            while True:
                chosen, bound = master.solve(clock, whole=whole)
                if master.separate(chosen, clock):
                    continue
                if not whole or _is_safe(system, master, chosen, clock):
                    break
                master.cuts.append((np.asarray(chosen) < 0.5).astype(float))
    except AuditError:
        return None, bound
    return chosen, bound


def _is_safe(system: System, master: Master, chosen: Real, clock: Clock) -> bool:
    """Whether one block's choice stands before the exact attacker, all else being public."""
    open_ = {int(i) for i, c in zip(master.block.columns, master.choice, strict=True) if c < 0 or chosen[c]}
    alone = replace(
        system,
        variables=tuple(
            replace(v, shown=False, forced=False)
            if i in open_
            else replace(v, shown=True, forced=True, need_low=None, need_high=None)
            for i, v in enumerate(system.variables)
        ),
    )
    return not audit(alone, frozenset(), seconds=clock.left())
