"""The cheapest pattern of the disclosure engine, against two ways to find it that share nothing with it."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from tests.disclosure.engine_tables import primaries, rates, table

from arshjul.disclosure import optimum as module
from arshjul.disclosure.audit import audit
from arshjul.disclosure.optimum import optimum
from arshjul.disclosure.protection import protect
from arshjul.disclosure.system import AuditError, System, Variable

FAR = 15


def random_table(seed: int) -> System:
    rng = random.Random(seed)
    sizes = (1, 3, 6, 8, 12, 20)
    return table({(r, c): rng.choice(sizes) for r in "abc" for c in "xyz"}, forced=(("*", "*"),))


def compact_optimum(system: System) -> float:
    """One mixed-integer programme with a copy of the table for every need."""
    variables = system.variables
    size = len(variables)
    needs = [(i, s, g) for i, v in enumerate(variables) for s, g in ((-1, v.value), (1, 5 - v.value)) if v.sensitive]
    width = size * (1 + len(needs))
    rows, least, most = [], [], []

    def line(terms: dict[int, float], low: float, high: float) -> None:
        row = np.zeros(width)
        for column, times in terms.items():
            row[column] += times
        rows.append(row)
        least.append(low)
        most.append(high)

    for number, (place, sign, gap) in enumerate(needs, start=1):
        for equation in system.equations:
            line({number * size + i: c for i, c in equation}, 0, 0)
        for i, v in enumerate(variables):
            line({number * size + i: 1, i: v.value}, 0, np.inf)
            line({number * size + i: 1, i: -FAR}, -np.inf, 0)
        line({number * size + place: sign}, gap, np.inf)
    low, high = np.full(width, -np.inf), np.full(width, np.inf)
    low[:size] = [float(v.sensitive) for v in variables]
    high[:size] = [float(not v.forced) for v in variables]
    cost = np.concatenate([[v.weight for v in variables], np.zeros(width - size)])
    found = milp(
        cost, integrality=np.ones(width), bounds=Bounds(low, high), constraints=LinearConstraint(rows, least, most)
    )
    assert found.status == 0
    return float(found.fun)


def dearest_first_search(system: System) -> float:
    """Every pattern, tried one by one."""
    needed = primaries(system)
    rest = [v for v in system.variables if v.shown and not v.forced and v.key not in needed]
    base = sum(v.weight for v in system.variables if v.key in needed)
    patterns = (chosen for number in range(len(rest) + 1) for chosen in combinations(rest, number))
    by_cost = sorted(patterns, key=lambda chosen: sum(v.weight for v in chosen))
    for chosen in by_cost:
        if not audit(system, needed | {v.key for v in chosen}, seconds=60):
            return base + sum(v.weight for v in chosen)
    raise AssertionError("no pattern is safe")


@pytest.mark.parametrize("seed", range(6))
def test_benders_finds_what_one_large_programme_finds(seed: int) -> None:
    system = random_table(seed)
    best = optimum(system, seconds=60)
    assert best.method == "benders"
    assert best.cost == pytest.approx(compact_optimum(system))
    assert best.lower_bound == pytest.approx(best.cost)
    assert best.cost <= protect(system, seconds=60).cost
    assert audit(system, best.hidden, seconds=60) == ()


@pytest.mark.parametrize("seed", range(4))
def test_benders_finds_what_trying_every_pattern_finds(seed: int) -> None:
    rng = random.Random(seed)
    people = {name: rng.randint(3, 12) for name in "abc"}
    system = rates({name: (n, rng.randint(0, n)) for name, n in people.items()})
    best = optimum(system, seconds=60)
    assert best.cost == pytest.approx(dearest_first_search(system))
    assert audit(system, best.hidden, seconds=60) == ()


def test_a_choice_that_only_halves_can_save_is_cut_off() -> None:
    variables = (
        Variable("twice", 2, True, False, 0, 3),
        Variable("rest", 1, False, False),
        Variable("all", 5, True, False, weight=7.0),
    )
    system = System(variables, (((0, 1), (1, 3), (2, -1)),))
    best = optimum(system, seconds=60)
    assert (best.hidden, best.cost, best.method) == ({"twice", "all"}, 8.0, "benders")


def test_without_time_for_the_proof_the_heuristic_stands_with_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_time(*_: object, **__: object) -> None:
        raise AuditError("no time left")

    system = random_table(0)
    monkeypatch.setattr(module.Master, "separate", out_of_time)
    best = optimum(system, seconds=60)
    heuristic = protect(system, seconds=60)
    assert (best.hidden, best.method) == (heuristic.hidden, heuristic.method)
    assert best.lower_bound is not None
    assert best.lower_bound <= best.cost


def test_what_cannot_be_protected_has_no_optimum() -> None:
    variables = (Variable("a", 1, True, False, 0, 5), Variable("b", 2, True, False), Variable("both", 3, True, True))
    best = optimum(System(variables, (((2, 1), (0, -1), (1, -1)),)), seconds=60)
    assert (best.method, best.lower_bound) == ("heuristic+reverse delete", None)
    assert best.exposed
