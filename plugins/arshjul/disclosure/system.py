"""The abstract system that the engine of disclosure control works on: counts, what ties them, and what must stay vague.

The engine knows no indicator, no table and no database. ``arshjul.disclosure.release`` turns figures and all earlier
releases into one `System`; these three functions answer:

* ``arshjul.disclosure.protection.protect(system, *, seconds) -> Pattern``: what else must be hidden, and proof of it;
* ``arshjul.disclosure.audit.audit(system, hidden, *, seconds, exact=True) -> tuple[Exposure, ...]``: the gate, which
  shares no result with ``protect`` and fails closed (`AuditError`);
* ``arshjul.disclosure.optimum.optimum(system, *, seconds) -> Pattern``: the cheapest pattern, for systems that allow it.

The attacker knows every equation and inequality, every `Variable` that is public, that counts are whole numbers of at
least 0, and nothing else. A variable is public when it is ``forced``, or ``shown`` and not in the pattern; all others
are unknown to the attacker, so a finest-level (atom) audit is the same call with the atoms added as not shown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

Row = tuple[tuple[int, int], ...]
"""One linear form: (index of the variable, whole coefficient) pairs."""


class AuditError(RuntimeError):
    """The engine cannot vouch for a pattern: no answer in time, or nothing it could prove. Nothing may be released."""


class ContradictionError(AuditError):
    """The values break an equation or inequality that is claimed about them: the attacker would see it too.

    Attributes:
        keys: The variables of the broken line.
    """

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(f"the values contradict each other: {', '.join(keys)}")
        self.keys = keys


@dataclass(frozen=True)
class Variable:
    """One count.

    Attributes:
        key: A stable name; it decides every order, so that the same figures always give the same pattern.
        value: The true count, at least 0.
        shown: Stands in some public table unless it is hidden (now or earlier). False for the other side of a rate,
            for an atom, and for what an earlier release hid: the attacker never sees it.
        forced: Cannot be hidden, and the attacker knows it: already public with this value, an N = 0, a total that
            must stand.
        need_low: None when the count is not sensitive. Otherwise the attacker's smallest possible value must be at
            most this.
        need_high: The attacker's largest possible value must be at least this; None exactly when `need_low` is.
        weight: What hiding it costs the reader, above 0.
    """

    key: str
    value: int
    shown: bool
    forced: bool
    need_low: int | None = None
    need_high: int | None = None
    weight: float = 1.0

    @property
    def sensitive(self) -> bool:
        """Whether the attacker must be left in doubt about it."""
        return self.need_low is not None


@dataclass(frozen=True)
class System:
    """Counts of all tables and periods that can be set beside each other, earlier releases included.

    Attributes:
        variables: The counts; a cell that stands in two tables is one variable.
        equations: Lines whose sum is 0 (a total less its parts).
        inequalities: Lines whose sum is at least 0 (distinct persons: the parts together less the total).
        tied: Indices that are shown or hidden together (what a reader divides by each other). Forced members of a group
            stay; the others follow each other.
    """

    variables: tuple[Variable, ...]
    equations: tuple[Row, ...]
    inequalities: tuple[Row, ...] = ()
    tied: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be a system, so that no later step has to guess.

        Raises:
            ValueError: A key used twice, a negative value, half a need, a weight that is not above 0, or a line or
                group that names a variable which is not there.
        """
        twice = [key for key, times in Counter(v.key for v in self.variables).items() if times > 1]
        if twice:
            raise ValueError(f"a variable is named twice: {sorted(twice)[0]}")
        for variable in self.variables:
            if variable.value < 0 or not variable.weight > 0:
                raise ValueError(f"a count is at least 0 and a weight above 0: {variable.key}")
            if (variable.need_low is None) != (variable.need_high is None):
                raise ValueError(f"a need has two ends: {variable.key}")
        size = len(self.variables)
        named = [index for row in (*self.equations, *self.inequalities) for index, _ in row]
        named += [index for group in self.tied for index in group]
        if any(not 0 <= index < size for index in named):
            raise ValueError("a line or group names a variable that is not there")


@dataclass(frozen=True)
class Exposure:
    """A sensitive count about which the public numbers say too much.

    Attributes:
        key: The variable.
        low: The smallest value that fits everything public.
        high: The largest; None when there is no largest.
    """

    key: str
    low: int
    high: int | None


@dataclass(frozen=True)
class Pattern:
    """What is not shown, so that nothing sensitive follows.

    Attributes:
        hidden: Keys of shown variables that must be hidden: the sensitive ones and those hidden for their sake.
            Variables that are not shown anyway are not repeated here.
        secondary: How many of `hidden` are not sensitive themselves.
        cost: Sum of their weights, the sensitive ones included.
        method: `heuristic` | `heuristic+reverse delete` | `benders`.
        lower_bound: No safe pattern costs less than this; None when it was not worked out.
        exposed: What no pattern can protect, because too much is forced (a sensitive variable that is forced itself,
            above all). Not empty means that the caller must reduce the tables or stop.
    """

    hidden: frozenset[str]
    secondary: int
    cost: float
    method: str
    lower_bound: float | None = None
    exposed: tuple[Exposure, ...] = ()
