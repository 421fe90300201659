"""How a sample is drawn: pure arithmetic that anybody can do again with the same numbers.

A secret number is promised before anything can be known, the population is frozen afterwards, and together they give the
seed. Payments are put in the order of ``SHA-256(seed ‖ 0x1f ‖ payment)`` and the first of each provider are taken. The
order does not depend on how the population came, and a smaller sample is part of a larger one.

Source: facts/privacy.md §4, "Stickprov"; sizes by the hypergeometric distribution, bounds by Clopper and Pearson (1934).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

SEPARATOR = b"\x1f"


@dataclass(frozen=True)
class Stratum:
    """One provider's part of a population.

    Attributes:
        provider: Ten-digit organisationsnummer.
        population: Its number of payments.
        weight: How many times its size it counts when the sample is shared.
    """

    provider: str
    population: int
    weight: int = 1


@dataclass(frozen=True)
class Population:
    """A frozen population.

    Attributes:
        payments: Payment (its id in core) to provider.
        weights: Provider to weight, for those that weigh more than one.
    """

    payments: Mapping[str, str]
    weights: Mapping[str, int]

    @property
    def strata(self) -> tuple[Stratum, ...]:
        """The providers, by number."""
        sizes: dict[str, int] = {}
        for provider in self.payments.values():
            sizes[provider] = sizes.get(provider, 0) + 1
        return tuple(Stratum(one, sizes[one], self.weights.get(one, 1)) for one in sorted(sizes))

    @property
    def manifest(self) -> bytes:
        """SHA-256 over providers with weights and over all payments, each part sorted, one a line."""
        lines = [f"{one.provider}\x1f{one.weight}" for one in self.strata]
        lines += sorted(f"{payment}\x1f{provider}" for payment, provider in self.payments.items())
        return hashlib.sha256("\n".join(lines).encode()).digest()


def commitment_of(nonce: bytes) -> str:
    """Return the promise of a secret number: its SHA-256 in hexadecimal."""
    return hashlib.sha256(nonce).hexdigest()


def seed_of(nonce: bytes, manifest: bytes, diary: str) -> bytes:
    """Return the seed: SHA-256 of secret number, the population's hash and diary number.

    Args:
        nonce: 32 bytes.
        manifest: 32 bytes, from :attr:`Population.manifest`.
        diary: What the municipality's register calls the matter.
    """
    return hashlib.sha256(nonce + manifest + diary.encode()).digest()


def item_of(seed: bytes, payment: str) -> str:
    """Return what a payment is called in a sample, which is also its place in the order.

    Args:
        seed: From :func:`seed_of`.
        payment: Its id in core.
    """
    return hashlib.sha256(seed + SEPARATOR + payment.encode()).hexdigest()


def draw(population: Population, seed: bytes, size: int, per_provider: int) -> dict[str, str]:
    """Draw a sample.

    Args:
        population: Frozen.
        seed: From :func:`seed_of`.
        size: How many are wanted.
        per_provider: At least so many of every provider, also when that is more than ``size``.

    Returns:
        Item to payment, in the order of the items.
    """
    items: dict[str, dict[str, str]] = {}
    for payment, provider in population.payments.items():
        items.setdefault(provider, {})[item_of(seed, payment)] = payment
    shares = allocate(population.strata, size, per_provider)
    chosen = {item: mine[item] for provider, mine in items.items() for item in sorted(mine)[: shares[provider]]}
    return dict(sorted(chosen.items()))


def allocate(strata: Iterable[Stratum], size: int, per_provider: int) -> dict[str, int]:
    """Share a sample among providers: each its least number, the rest in proportion to weighted size.

    The rest is handed out one by one by Sainte-Laguë's method, under which a larger sample never gives a provider fewer:
    that is what makes samples nested.

    Args:
        strata: The providers.
        size: How many are wanted.
        per_provider: At least so many of each, as far as it has them.

    Returns:
        Provider to number; together ``size``, unless the least numbers are more or the population is smaller.
    """
    by_provider = {one.provider: one for one in sorted(strata, key=lambda one: one.provider)}
    given = {one.provider: min(per_provider, one.population) for one in by_provider.values()}
    for _ in range(size - sum(given.values())):
        open_to = [one for one in by_provider.values() if given[one.provider] < one.population]
        if not open_to:
            break
        # Of equals the first by number: max keeps the first it meets.
        next_one = max(open_to, key=lambda one: Fraction(one.weight * one.population, 2 * given[one.provider] + 1))
        given[next_one.provider] += 1
    return given


def required_size(population: int, tolerated: float, confidence: float, faults_allowed: int = 0) -> int:
    """Return the smallest sample that rules out a tolerated share of faults, or more.

    With that many, the chance of finding no more than ``faults_allowed`` although the tolerated share is faulty is at most
    ``1 - confidence`` (hypergeometric, exact).

    Args:
        population: Number of payments.
        tolerated: Share of faults, 0–1.
        confidence: 0–1.
        faults_allowed: Faults in the sample that still rule it out.
    """
    faulty = math.ceil(Fraction(str(tolerated)) * population)
    if faulty <= faults_allowed:
        return population
    risk = 1 - Fraction(str(confidence))
    low, high = 0, population
    while low < high:
        middle = (low + high) // 2
        if _at_most(faults_allowed, population, faulty, middle) <= risk:
            high = middle
        else:
            low = middle + 1
    return low


def _at_most(faults: int, population: int, faulty: int, size: int) -> Fraction:
    ways = sum(
        math.comb(faulty, found) * math.comb(population - faulty, size - found)
        for found in range(min(faults, size) + 1)
    )
    return Fraction(ways, math.comb(population, size))


def upper_bound(checked: int, faults: int, confidence: float) -> float:
    """Return the largest share of faults that a sample does not rule out: Clopper and Pearson's one-sided bound.

    Args:
        checked: How many were checked.
        faults: How many of them were faulty.
        confidence: 0–1.

    Returns:
        A share, 0–1; 1 when nothing was checked.
    """
    if faults >= checked:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        chance = sum(
            math.comb(checked, found) * middle**found * (1 - middle) ** (checked - found) for found in range(faults + 1)
        )
        low, high = (middle, high) if chance > 1 - confidence else (low, middle)
    return high
