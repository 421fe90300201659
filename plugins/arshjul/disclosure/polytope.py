"""What an attacker can still believe: the whole-number points that fit the public figures, as moves from the truth.

A point is written as a move ``d = x - a`` from the true values ``a``. Public variables do not move, so a system falls
apart into blocks of unknown variables that no line connects. Every point the engine relies on is checked in exact
integer arithmetic; the solver (HiGHS through scipy) only proposes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from math import gcd
from typing import TYPE_CHECKING, Any

from arshjul.disclosure.system import AuditError, ContradictionError, Row, System

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]
    Mask = NDArray[np.bool_]

SOLVED, INFEASIBLE = 0, 2  # the statuses of scipy.optimize.milp that are answers


class Clock:
    """One budget of seconds for a whole call."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left; never below 0."""
        return max(0.0, self._end - time.monotonic())


def ordered(system: System) -> System:
    """The same system in the one order its keys and lines decide, however the caller happened to build it.

    Lines are divided by their common divisor, equations get a positive first coefficient, and a line stands once.

    Raises:
        ContradictionError: The true values break a line.
    """
    order = sorted(range(len(system.variables)), key=lambda index: system.variables[index].key)
    place = {old: new for new, old in enumerate(order)}
    variables = tuple(system.variables[index] for index in order)
    equations = {_tidy(row, place, signed=True) for row in system.equations} - {()}
    inequalities = {_tidy(row, place, signed=False) for row in system.inequalities} - {()}
    for rows, equal in ((sorted(equations), True), (sorted(inequalities), False)):
        for row in rows:
            total = sum(coefficient * variables[index].value for index, coefficient in row)
            if total < 0 or (equal and total):
                raise ContradictionError(tuple(variables[index].key for index, _ in row))
    tied = {tuple(sorted({place[index] for index in group})) for group in system.tied}
    return System(variables, tuple(sorted(equations)), tuple(sorted(inequalities)), tuple(sorted(tied)))


def _tidy(row: Row, place: dict[int, int], *, signed: bool) -> Row:
    """One line with its variables in order, each once, and no common divisor."""
    sums: dict[int, int] = {}
    for index, coefficient in row:
        sums[place[index]] = sums.get(place[index], 0) + coefficient
    kept = sorted((index, coefficient) for index, coefficient in sums.items() if coefficient)
    divisor = gcd(*(coefficient for _, coefficient in kept))
    if signed and kept and kept[0][1] < 0:
        divisor = -divisor
    return tuple((index, coefficient // divisor) for index, coefficient in kept)


@dataclass(frozen=True)
class Block:
    """Unknown variables that some chain of lines connects.

    Attributes:
        columns: Their indices in the ordered system, rising.
        equations: Sparse matrix, lines by columns: its product with a move is 0.
        inequalities: Sparse matrix: its product with a move is at least ``-slack``.
        slack: How far the true values are from each inequality's border.
        floor: The move that takes each variable to 0.
    """

    columns: Whole
    equations: Any
    inequalities: Any
    slack: Whole
    floor: Whole

    @cached_property
    def lines(self) -> Any:
        """All lines as the solver wants them, equations first."""
        from scipy.sparse import vstack

        return vstack([self.equations, self.inequalities], format="csc", dtype=float)

    @cached_property
    def mirrored(self) -> Any:
        """The lines for a move that is split in its way up and its way down."""
        from scipy.sparse import hstack

        return hstack([self.lines, -self.lines], format="csc")

    def holds(self, move: Whole) -> bool:
        """Whether a move leads to a point that fits everything public (exact)."""
        return bool(
            (move >= self.floor).all()
            and not (self.equations @ move).any()
            and (self.inequalities @ move >= -self.slack).all()
        )


def blocks(system: System, unknown: frozenset[int] | set[int]) -> list[Block]:
    """The connected parts of the unknown variables, in the order of their first variable; a tied group is in one part.

    Args:
        system: An ordered system.
        unknown: Indices of the variables that the attacker does not see.
    """
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    columns = np.array(sorted(unknown), dtype=np.int64)
    if not len(columns):
        return []
    place = {int(column): position for position, column in enumerate(columns)}
    equations = [kept for row in system.equations if (kept := _kept(row, place))]
    inequalities = [(kept, row) for row in system.inequalities if (kept := _kept(row, place))]
    groups = [[place[index] for index in group if index in place] for group in system.tied]
    chains = [[index for index, _ in kept] for kept in (*equations, *(kept for kept, _ in inequalities))] + groups
    links = [(chain[0], index) for chain in chains for index in chain]
    size = len(columns)
    one, two = np.array(links, dtype=np.int64).reshape(-1, 2).T
    graph = coo_array((np.ones(len(links)), (one, two)), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    members: dict[int, list[int]] = {}
    for position in range(size):
        members.setdefault(int(label[position]), []).append(position)
    lines: dict[int, tuple[list[Row], list[Row], list[int]]] = {number: ([], [], []) for number in members}
    for kept in equations:
        lines[int(label[kept[0][0]])][0].append(kept)
    for kept, row in inequalities:
        part = lines[int(label[kept[0][0]])]
        part[1].append(kept)
        part[2].append(sum(coefficient * system.variables[index].value for index, coefficient in row))
    return [_block(system, columns[np.array(members[number])], members[number], *lines[number]) for number in members]


def _kept(row: Row, place: dict[int, int]) -> Row:
    """What is left of a line when the public variables are taken out."""
    return tuple((place[index], coefficient) for index, coefficient in row if index in place)


def _block(
    system: System, columns: Whole, members: list[int], equations: list[Row], inequalities: list[Row], slack: list[int]
) -> Block:
    """One part with its own matrices; a line that stands twice once the public is gone is kept once."""
    import numpy as np
    from scipy.sparse import csr_array

    place = {position: number for number, position in enumerate(members)}

    def matrix(rows: list[Row]) -> Any:
        entries = [(line, place[i], c) for line, row in enumerate(rows) for i, c in row]
        line, column, value = np.array(entries, dtype=np.int64).reshape(-1, 3).T
        return csr_array((value, (line, column)), shape=(len(rows), len(members)), dtype=np.int64)

    return Block(
        columns,
        matrix(sorted(set(equations))),
        matrix(inequalities),
        np.array(slack, dtype=np.int64),
        np.array([-system.variables[int(column)].value for column in columns], dtype=np.int64),
    )


def best_move(
    block: Block, cost: Real, low: Real, high: Real, *, whole: bool, clock: Clock, size: bool = False, slip: float = 0.0
) -> Real | None:
    """The move of least cost within bounds, or None when there is no move at all.

    Args:
        block: Where to move.
        cost: Per variable; of the move itself, or of its size in either direction when ``size``.
        low: Least move per variable, on top of the block's floor.
        high: Largest move per variable.
        whole: Only whole numbers (a mixed-integer programme); otherwise the linear relaxation.
        clock: The budget.
        size: Pay for distance, not for direction.
        slip: By what share a whole-number answer may cost more than the best one.

    Raises:
        AuditError: The solver had no answer in time, or none at all.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not clock.left():
        raise AuditError("no time left to prove that the figures are safe")
    lines = block.mirrored if size else block.lines
    least = np.concatenate([np.zeros(block.equations.shape[0]), -block.slack.astype(float)])
    most = np.concatenate([np.zeros(block.equations.shape[0]), np.full(len(block.slack), np.inf)])
    low = np.maximum(low, block.floor)
    if size:
        cost = np.concatenate([cost, cost])
        low, high = (
            np.concatenate([np.maximum(low, 0), np.maximum(-high, 0)]),
            np.concatenate([np.maximum(high, 0), np.maximum(-low, 0)]),
        )
    found = milp(
        cost,
        integrality=np.full(len(cost), int(whole)),
        bounds=Bounds(low, high),
        constraints=LinearConstraint(lines, least, most),
        options={"time_limit": clock.left(), "mip_rel_gap": slip},
    )
    if found.status == INFEASIBLE:
        return None
    if found.status != SOLVED:
        raise AuditError(f"the solver gave no final answer (status {found.status})")
    point: Real = found.x
    return point[: len(point) // 2] - point[len(point) // 2 :] if size else point


def rounded(block: Block, move: Real) -> Whole | None:
    """The nearest whole move if it holds exactly, else None: the solver's tolerances never decide."""
    import numpy as np

    near: Whole = np.rint(move).astype(np.int64)
    return near if abs(move - near).max(initial=0.0) < 1e-4 and block.holds(near) else None


def certain(block: Block, move: Real) -> Whole:
    """The whole move that the solver says it has found.

    Raises:
        AuditError: It does not hold exactly.
    """
    exact = rounded(block, move)
    if exact is None:
        raise AuditError("the solver found a point that does not hold in whole numbers")
    return exact
