"""Readers who know more than the public: a provider knows its own rows and subtracts them from the totals.

What one reader knows besides the public figures makes the attack on the others' figures easier: of two hidden parts of
a shown total, each part's owner reads off the other. Such a reader is an attacker to whom some variables are known, or
who sees the figures of everybody else (`arshjul.disclosure.insiders`). Towards such readers the house promises less than
towards the public: what they may not have is a number. That they can narrow it down is accepted, since hiding that too
would hide nearly everything. Source: facts/privacy.md §1.4 step 5 (d) and §1.5 (insider).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from arshjul.disclosure.audit import Need, reach
from arshjul.disclosure.polytope import Block, Clock, blocks, ordered
from arshjul.disclosure.protection import protect
from arshjul.disclosure.system import Exposure, System, Variable


@dataclass(frozen=True)
class Wider:
    """What must be hidden besides, so that a reader reads off nobody.

    Attributes:
        hidden: Keys of variables that were shown.
        exposed: What the reader knows all the same, since too much is forced.
    """

    hidden: frozenset[str]
    exposed: tuple[Exposure, ...]


def as_seen_by(system: System, known: Iterable[str], hidden: Iterable[str] = ()) -> System:
    """The system of a reader who knows some variables; what is hidden already is no longer there to be shown.

    What the reader knows is not sensitive towards him or her.

    Args:
        system: The counts.
        known: Keys of the variables that the reader knows.
        hidden: Keys that a pattern hides from everybody.
    """
    own, away = frozenset(known), frozenset(hidden)
    variables = tuple(
        replace(v, forced=True, need_low=None, need_high=None)
        if v.key in own
        else replace(v, shown=v.shown and v.key not in away)
        for v in system.variables
    )
    return replace(system, variables=variables)


def known_exactly(view: System, *, seconds: float) -> tuple[Exposure, ...]:
    """Every sensitive count to which a reader can put its number, by key.

    Args:
        view: The reader's system; what is shown or forced in it is seen.
        seconds: The budget.

    Raises:
        AuditError: No final answer in time.
        ContradictionError: The values break a line of the system.
    """
    clock = Clock(seconds)
    view = ordered(view)
    unknown = {index for index, v in enumerate(view.variables) if not (v.forced or v.shown)}
    found = [v for index, v in enumerate(view.variables) if v.sensitive and index not in unknown]
    for block in blocks(view, unknown):
        found += [view.variables[int(block.columns[place])] for place in _unmoved(view, block, clock)]
    return tuple(Exposure(v.key, v.value, v.value) for v in sorted(found, key=lambda v: v.key))


def _unmoved(view: System, block: Block, clock: Clock) -> list[int]:
    """Places of a block's sensitive variables that can have no other value than their own."""
    waiting = [place for place, column in enumerate(block.columns) if view.variables[int(column)].sensitive]
    unmoved = []
    while waiting:
        place = waiting[0]
        for sign in (1, -1):
            others = [Need(other, 1, 1) for other in waiting]
            move = reach(block, Need(place, sign, 1), others, clock)
            if move is not None:
                waiting = [other for other in waiting if not move[other]]
                break
        else:
            unmoved.append(place)
            waiting = waiting[1:]
    return unmoved


def protect_reader(view: System, *, seconds: float) -> Wider:
    """Hide more until a reader reads off nobody, as far as what is forced allows.

    Hiding more never makes any reader wiser, so readers can be taken one after the other, each with what was hidden for
    those before. What was read off is then left as open to the reader as it is to the public.

    Args:
        view: The reader's system.
        seconds: The budget.

    Raises:
        AuditError: No final answer in time.
        ContradictionError: The values break a line of the system.
    """
    clock = Clock(seconds)
    read_off = {exposure.key for exposure in known_exactly(view, seconds=clock.left())}
    if not read_off:
        return Wider(frozenset(), ())
    asked = replace(view, variables=tuple(_asked(v, read_off) for v in view.variables))
    pattern = protect(asked, seconds=clock.left())
    left = as_seen_by(view, (), pattern.hidden)
    return Wider(pattern.hidden, known_exactly(left, seconds=clock.left()))


def _asked(variable: Variable, read_off: set[str]) -> Variable:
    """A variable about which only what was read off needs doubt."""
    return variable if variable.key in read_off else replace(variable, need_low=None, need_high=None)
