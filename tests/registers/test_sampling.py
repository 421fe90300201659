"""The arithmetic of a sample: sizes from the printed table, nested, independent of order, and every provider in it."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, hypergeom

from arshjul.registers.sampling import (
    Population,
    Stratum,
    allocate,
    draw,
    item_of,
    required_size,
    seed_of,
    upper_bound,
)

NONCE = bytes(range(32))


def town(sizes: dict[str, int], weights: dict[str, int] | None = None) -> Population:
    payments = {f"{provider}/{number}/2026-03": provider for provider, size in sizes.items() for number in range(size)}
    return Population(payments, weights or {})


def seed(population: Population, diary: str = "AMN 2026-1") -> bytes:
    return seed_of(NONCE, population.manifest, diary)


@pytest.mark.parametrize(
    ("population", "tenth", "twentieth", "twentieth_with_one", "fiftieth"),
    [
        (50, 22, 31, 43, 48),
        (100, 25, 45, 65, 78),
        (200, 27, 51, 78, 105),
        (350, 28, 53, 82, 121),
        (1000, 29, 57, 90, 138),
    ],
)
def test_sizes_are_those_of_the_table(
    population: int, tenth: int, twentieth: int, twentieth_with_one: int, fiftieth: int
) -> None:
    assert required_size(population, 0.10, 0.95) == tenth
    assert required_size(population, 0.05, 0.95) == twentieth
    assert required_size(population, 0.05, 0.95, 1) == twentieth_with_one
    assert required_size(population, 0.02, 0.95) == fiftieth


@given(st.integers(1, 400), st.sampled_from([0.02, 0.05, 0.1, 0.3]), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_a_size_is_enough_and_one_less_is_not(population: int, tolerated: float, allowed: int) -> None:
    size = required_size(population, tolerated, 0.95, allowed)
    faulty = -(-round(tolerated * 100) * population // 100)
    if faulty <= allowed:
        assert size == population
        return
    assert hypergeom.cdf(allowed, population, faulty, size) <= 0.05 + 1e-12
    assert size == 0 or hypergeom.cdf(allowed, population, faulty, size - 1) > 0.05 - 1e-12


@pytest.mark.parametrize(("checked", "faults", "percent"), [(60, 1, 7.7), (60, 2, 10.1), (25, 0, 11.3)])
def test_bounds_are_those_that_were_worked_out(checked: int, faults: int, percent: float) -> None:
    assert round(100 * upper_bound(checked, faults, 0.95), 1) == percent


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1))))
@settings(max_examples=60, deadline=None)
def test_the_bound_is_clopper_and_pearsons(case: tuple[int, int]) -> None:
    checked, faults = case
    assert upper_bound(checked, faults, 0.95) == pytest.approx(beta.ppf(0.95, faults + 1, checked - faults), abs=1e-9)


def test_nothing_checked_or_everything_faulty_rules_nothing_out() -> None:
    assert upper_bound(0, 0, 0.95) == upper_bound(3, 3, 0.95) == 1.0


SIZES = st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(1, 60), min_size=1)
WEIGHTS = st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(2, 3))


@given(SIZES, WEIGHTS, st.integers(0, 90), st.integers(0, 90))
@settings(max_examples=80, deadline=None)
def test_a_smaller_sample_is_part_of_a_larger_one(
    sizes: dict[str, int], weights: dict[str, int], one: int, other: int
) -> None:
    population = town(sizes, weights)
    small, large = (draw(population, seed(population), size, 1) for size in sorted((one, other)))
    assert small.items() <= large.items()


def test_thirty_are_part_of_sixty() -> None:
    population = town({"A": 200, "B": 90, "C": 7, "D": 1})
    thirty, sixty = (draw(population, seed(population), size, 1) for size in (30, 60))
    assert (len(thirty), len(sixty)) == (30, 60)
    assert thirty.keys() < sixty.keys()


@given(SIZES, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_in_which_payments_come_changes_nothing(sizes: dict[str, int], random: object) -> None:
    population = town(sizes)
    shuffled = list(population.payments.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    other = Population(dict(shuffled), {})
    assert other.manifest == population.manifest
    assert draw(other, seed(other), 20, 1) == draw(population, seed(population), 20, 1)


@given(SIZES, WEIGHTS, st.integers(0, 300), st.integers(1, 3))
@settings(max_examples=80, deadline=None)
def test_every_provider_is_in_the_sample_and_nobody_gives_more_than_it_has(
    sizes: dict[str, int], weights: dict[str, int], size: int, least: int
) -> None:
    population = town(sizes, weights)
    shares = allocate(population.strata, size, least)
    assert all(min(least, sizes[provider]) <= share <= sizes[provider] for provider, share in shares.items())
    minimum = sum(min(least, one) for one in sizes.values())
    assert sum(shares.values()) == min(max(size, minimum), sum(sizes.values()))


def test_the_rest_is_shared_by_size_and_risk_doubles_a_provider() -> None:
    equal = [Stratum("A", 100), Stratum("B", 100)]
    assert allocate(equal, 30, 1) == {"A": 15, "B": 15}
    assert allocate([Stratum("A", 100, 2), Stratum("B", 100)], 30, 1) == {"A": 20, "B": 10}


def test_seed_and_items_are_plain_sha256() -> None:
    population = town({"A": 2}, {"A": 2})
    manifest = hashlib.sha256(b"A\x1f2\nA/0/2026-03\x1fA\nA/1/2026-03\x1fA").digest()
    assert population.manifest == manifest
    expected = hashlib.sha256(NONCE + manifest + b"AMN 2026-1").digest()
    assert seed(population) == expected
    assert item_of(expected, "A/0/2026-03") == hashlib.sha256(expected + b"\x1fA/0/2026-03").hexdigest()


def test_another_number_population_weight_or_diary_gives_another_sample() -> None:
    population = town({"A": 40})
    seeds = {
        seed(population),
        seed(population, "AMN 2026-2"),
        seed(town({"A": 41})),
        seed(town({"A": 40}, {"A": 2})),
        seed_of(bytes(32), population.manifest, "AMN 2026-1"),
    }
    assert len(seeds) == 5
    assert len({tuple(draw(population, one, 5, 1).values()) for one in seeds}) == 5
