"""The attacker of the disclosure engine: exact against enumeration, and closed when it cannot tell."""

from __future__ import annotations

import random
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.optimize
from tests.disclosure.engine_tables import possible, primaries, rates, table, together

from arshjul.disclosure.audit import audit, interval, unknown_to_attacker
from arshjul.disclosure.polytope import Clock, blocks, ordered
from arshjul.disclosure.protection import protect
from arshjul.disclosure.system import AuditError, ContradictionError, Exposure, System, Variable

COUNTS = {("a", "x"): 3, ("a", "y"): 8, ("a", "z"): 9, ("b", "x"): 7, ("b", "y"): 9, ("b", "z"): 6}
THIRD = {("c", "x"): 8, ("c", "y"): 6, ("c", "z"): 7}


def small_world(seed: int) -> tuple[System, frozenset[str]]:
    """A random small table with a random pattern over its sensitive cells."""
    rng = random.Random(seed)
    if seed % 2:
        people = {name: rng.randint(1, 5) for name in "abc"[: rng.randint(2, 3)]}
        system = rates({name: (n, rng.randint(0, n)) for name, n in people.items()})
    else:
        rows, columns = rng.choice((("ab", "xyz"), ("abc", "xyz"), ("ab", "xy")))
        system = table({(r, c): rng.choice((0, 0, 0, 1, 1, 2)) for r in rows for c in columns}, forced=(("*", "*"),))
    free = [v.key for v in system.variables if v.shown and not v.forced]
    return system, primaries(system) | frozenset(key for key in free if rng.random() < 0.25)


@pytest.mark.parametrize("seed", range(36))
def test_the_attackers_interval_is_that_of_full_enumeration_in_every_sensitive_cell(seed: int) -> None:
    system, hidden = small_world(seed)
    system = ordered(system)
    points = list(possible(system, hidden))
    assert points
    unknown = unknown_to_attacker(system, hidden)
    exposed = set()
    for block in blocks(system, unknown):
        for place, column in enumerate(block.columns):
            variable = system.variables[int(column)]
            if variable.need_low is None or variable.need_high is None:
                continue
            low, high = (end(point[int(column)] for point in points) for end in (min, max))
            assert interval(system, block, place, Clock(30)) == Exposure(variable.key, low, high)
            if low > variable.need_low or high < variable.need_high:
                exposed.add(Exposure(variable.key, low, high))
    assert set(audit(system, hidden, seconds=30)) == exposed


def test_hiding_only_what_is_sensitive_is_not_safe() -> None:
    system = table({**COUNTS, **THIRD})
    assert audit(system, primaries(system), seconds=30) == (Exposure("a|x", 3, 3),)


def test_two_hidden_ones_whose_rest_is_two_are_exposed() -> None:
    system = table({("a",): 1, ("b",): 1, ("c",): 10})
    assert audit(system, primaries(system), seconds=30) == (Exposure("a", 0, 2), Exposure("b", 0, 2))


def test_a_tertial_follows_from_the_cumulative_figure_when_each_is_protected_alone_but_not_jointly() -> None:
    first = table({("a",): 3, ("b",): 8, ("c",): 9, ("d",): 20})
    second = table({("a",): 9, ("b",): 7, ("c",): 11, ("d",): 20})
    both = table({("a",): 12, ("b",): 15, ("c",): 20, ("d",): 40})
    periods = {"t1": first, "t2": second, "jan-aug": both}
    system = together(periods, {"jan-aug": ("t1", "t2")})
    alone = frozenset(f"{name}:{key}" for name, part in periods.items() for key in protect(part, seconds=30).hidden)
    assert Exposure("t1:a", 3, 3) in audit(system, alone, seconds=30)
    assert audit(system, protect(system, seconds=30).hidden, seconds=30) == ()


@pytest.mark.parametrize("successes", [0, 6])
def test_nobody_and_everybody_are_as_sensitive_as_a_few(successes: int) -> None:
    system = rates({"a": (6, successes), "b": (20, 9), "c": (30, 11)})
    exposed = {exposure.key for exposure in audit(system, frozenset(), seconds=30)}
    assert exposed == ({"a|S"} if not successes else {"a|U"})
    assert audit(system, protect(system, seconds=30).hidden, seconds=30) == ()


def test_what_is_public_and_sensitive_is_reported_as_it_stands() -> None:
    released = Variable("released", 2, True, True, 0, 5)
    assert audit(System((released,), ()), frozenset(), seconds=30) == (Exposure("released", 2, 2),)


def test_a_count_without_any_line_can_be_anything() -> None:
    lonely = System((Variable("lonely", 2, True, False, 0, 5),), ())
    assert audit(lonely, frozenset({"lonely"}), seconds=30) == ()


def test_the_attacker_counts_persons_between_the_largest_part_and_the_sum() -> None:
    def persons(distinct: int) -> System:
        parts = (Variable("a", 6, True, True), Variable("b", 1, True, True))
        total = Variable("persons", distinct, True, False, 0, 9)
        most, least = ((0, 1), (1, 1), (2, -1)), ((2, 1), (0, -1))
        return System((*parts, total), (), (most, least))

    assert audit(persons(7), frozenset({"persons"}), seconds=30) == (Exposure("persons", 6, 7),)
    with pytest.raises(ContradictionError):
        audit(persons(8), frozenset({"persons"}), seconds=30)


def test_only_whole_numbers_count_for_the_exact_attacker() -> None:
    variables = (
        Variable("twice", 2, True, False, 0, 3),
        Variable("rest", 1, True, False),
        Variable("all", 5, True, True),
    )
    system = System(variables, (((0, 1), (1, 3), (2, -1)),))
    hidden = frozenset({"twice", "rest"})
    assert audit(system, hidden, seconds=30, exact=False) == ()
    assert audit(system, hidden, seconds=30) == (Exposure("twice", 2, 5),)


def test_an_interval_may_pass_a_need_without_stopping_at_it() -> None:
    variables = (
        Variable("odd", 1, True, False, 1, 4),
        Variable("half", 0, True, False),
        Variable("one", 1, True, True),
    )
    system = System(variables, (((0, 1), (1, -2), (2, -1)),))
    assert audit(system, frozenset({"odd", "half"}), seconds=30) == ()


def test_no_time_is_no_pass() -> None:
    system = table({**COUNTS, **THIRD})
    with pytest.raises(AuditError):
        audit(system, primaries(system), seconds=0.0)
    with pytest.raises(AuditError):
        protect(system, seconds=0.0)


@pytest.mark.parametrize("status", [1, 4])
def test_a_solver_that_gives_up_is_no_pass(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scipy.optimize, "milp", lambda *_, **__: SimpleNamespace(status=status, x=None))
    system = table({**COUNTS, **THIRD})
    with pytest.raises(AuditError):
        audit(system, frozenset({"a|x", "a|y", "b|x", "b|y"}), seconds=30)


@pytest.mark.parametrize(("invented", "said"), [(1.0, "whole numbers"), (0.0, "go where")])
def test_a_solver_that_invents_a_point_is_no_pass(invented: float, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def invent(cost: np.ndarray, **_: object) -> SimpleNamespace:
        return SimpleNamespace(status=0, x=np.full(len(cost), invented))

    monkeypatch.setattr(scipy.optimize, "milp", invent)
    system = table({**COUNTS, **THIRD})
    with pytest.raises(AuditError, match=said):
        audit(system, frozenset({"a|x", "a|y", "b|x", "b|y"}), seconds=30)


def test_figures_that_contradict_each_other_stop_with_the_names_of_the_cells() -> None:
    parts = tuple(Variable(key, value, True, True) for key, value in (("a", 17), ("b", 20), ("a+b", 38)))
    system = System(parts, (((2, 1), (0, -1), (1, -1)),))
    for ask in (lambda: audit(system, frozenset(), seconds=30), lambda: protect(system, seconds=30)):
        with pytest.raises(ContradictionError) as caught:
            ask()
        assert set(caught.value.keys) == {"a", "b", "a+b"}


def test_a_pattern_cannot_hide_what_stands_or_is_not_there() -> None:
    system = table({**COUNTS, **THIRD}, forced=(("*", "*"),))
    for key in ("*|*", "nowhere"):
        with pytest.raises(ValueError, match="can hide only"):
            audit(system, frozenset({key}), seconds=30)


@pytest.mark.parametrize(
    ("variables", "equations"),
    [
        ((Variable("a", 1, True, False), Variable("a", 2, True, False)), ()),
        ((Variable("a", -1, True, False),), ()),
        ((Variable("a", 1, True, False, 0),), ()),
        ((Variable("a", 1, True, False, weight=0.0),), ()),
        ((Variable("a", 1, True, False),), (((1, 1),),)),
    ],
)
def test_what_cannot_be_a_system_is_refused(variables: tuple[Variable, ...], equations: tuple[()]) -> None:
    with pytest.raises(ValueError, match=r"variable|count|need"):
        System(variables, equations)
