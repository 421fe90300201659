"""Readers who know more than the public: a provider knows its own rows and subtracts them from the totals.

What one reader knows besides the public figures makes the attack on the others' figures easier: of two hidden parts of
a shown total, each part's owner reads off the other. Such a reader is an attacker to whom some variables are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from arshjul.disclosure.audit import audit
from arshjul.disclosure.polytope import Clock
from arshjul.disclosure.protection import protect
from arshjul.disclosure.system import Exposure, Pattern, System

Known = Mapping[str, frozenset[str]]
"""Who knows what: a reader to the keys of the variables that he or she knows anyway."""


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


def audit_readers(
    system: System, hidden: frozenset[str], known: Known, *, seconds: float
) -> dict[str, tuple[Exposure, ...]]:
    """What each reader learns about others under a pattern; empty when nobody learns anything sensitive.

    Args:
        system: The counts, with everything released before.
        hidden: Keys that are not shown.
        known: What readers know besides.
        seconds: The budget for all readers together.

    Raises:
        AuditError: No final answer in time.
        ContradictionError: The values break a line of the system.

    Source: privacy.md §1.4 step 5 (d).
    """
    clock = Clock(seconds)
    told = {}
    for reader in sorted(known):
        exposures = audit(as_seen_by(system, known[reader], hidden), frozenset(), seconds=clock.left())
        if exposures:
            told[reader] = exposures
    return told


def protect_from_readers(system: System, pattern: Pattern, known: Known, *, seconds: float) -> Pattern:
    """Widen a pattern until no reader learns more about others than what is forced tells anyway.

    Hiding more never makes a reader wiser, so one round over the readers, in order of their names, is enough.

    Args:
        system: The counts, with everything released before.
        pattern: A pattern that is safe towards the public.
        known: What readers know besides.
        seconds: The budget for all readers together.

    Returns:
        The wider pattern; `Pattern.exposed` names, beside what it named, what no pattern hides from some reader.

    Raises:
        AuditError: No final answer in time.
        ContradictionError: The values break a line of the system.
    """
    clock = Clock(seconds)
    hidden = pattern.hidden
    for reader in audit_readers(system, hidden, known, seconds=clock.left()):
        view = as_seen_by(system, known[reader], hidden)
        hidden |= protect(view, seconds=clock.left()).hidden
    left = audit_readers(system, hidden, known, seconds=clock.left())
    exposed = {exposure.key: exposure for told in left.values() for exposure in told}
    chosen = [v for v in system.variables if v.key in hidden]
    return replace(
        pattern,
        hidden=hidden,
        secondary=sum(not v.sensitive for v in chosen),
        cost=sum(v.weight for v in chosen),
        exposed=tuple(sorted({**exposed, **{e.key: e for e in pattern.exposed}}.values(), key=lambda e: e.key)),
    )
