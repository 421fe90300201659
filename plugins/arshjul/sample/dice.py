"""Chance that falls the same way everywhere.

Only :meth:`random.Random.random` is used, whose sequence for an integer seed is the same on every platform and Python
version, and only the four rules of arithmetic on what it gives: no ``shuffle``, ``choice`` or logarithm, whose
results have changed between versions or differ between C libraries. For the same reason weights are whole numbers:
``sum`` of floats rounds differently from Python 3.12 on.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A stream of draws, named so that one part of the world can change without moving the others.

    Args:
        seed: The world's seed.
        *name: What the stream is for, such as ``"narvaro", "KL-2026-0001", "2026-03"``.
    """

    def __init__(self, seed: int, *name: str) -> None:
        digest = hashlib.sha256("/".join((str(seed), *name)).encode()).digest()
        self.unit = random.Random(int.from_bytes(digest[:8], "big")).random

    def chance(self, probability: float) -> bool:
        """Return True with the given probability (0–1)."""
        return self.unit() < probability

    def below(self, limit: int) -> int:
        """Return a whole number from 0 up to, but not including, ``limit``."""
        return int(self.unit() * limit)

    def between(self, first: int, last: int) -> int:
        """Return a whole number from ``first`` to ``last``, both included."""
        return first + self.below(last - first + 1)

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[self.below(len(items))]

    def weighted(self, weights: Sequence[tuple[T, int]]) -> T:
        """Return one of the items, each as likely as its weight's share of all weights."""
        left = self.unit() * sum(weight for _, weight in weights)
        for item, weight in weights:
            left -= weight
            if left < 0:
                return item
        return weights[-1][0]

    def bell(self, middle: int, spread: int) -> int:
        """Return a whole number near ``middle``, never more than ``spread`` from it: the mean of four even draws."""
        four = self.unit() + self.unit() + self.unit() + self.unit()
        return middle + int((four / 2 - 1) * spread)


class EvenShare:
    """Deals yes and no so that every stretch of the row holds the share asked for.

    Independent draws would let a small tertial miss the story by ten percentage points; this never misses by more
    than one case.

    Args:
        dice: Where in the pattern to start.
    """

    def __init__(self, dice: Dice) -> None:
        self._carried = dice.unit()

    def deal(self, share: float) -> bool:
        """Return whether the next case is one of the ``share`` (0–1)."""
        self._carried += share
        if self._carried >= 1:
            self._carried -= 1
            return True
        return False
