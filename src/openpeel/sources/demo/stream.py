"""A stream of draws that is the same for the same key.

Only ``random.Random.random`` is used, the one method whose sequence Python promises to keep; every other draw
is made from it here. Each force and month has a stream of its own, so that a file does not depend on which
other files are written.
"""

from __future__ import annotations

import math
import random
from bisect import bisect
from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")

_MANY = 50.0  # from this mean on a count is drawn as a rounded normal


class Choice(Generic[T]):
    """Values with weights, made ready for drawing."""

    def __init__(self, weights: Mapping[T, float] | Iterable[tuple[T, float]]) -> None:
        pairs: list[tuple[T, float]] = list(weights.items() if isinstance(weights, Mapping) else weights)
        self.values: list[T] = [value for value, _ in pairs]
        self.cumulated = list(accumulate(weight for _, weight in pairs))
        self.last = len(self.values) - 1
        self.total = self.cumulated[-1]


class Stream:
    """Draws in a fixed order, from a key such as ``(seed, force, month)``."""

    def __init__(self, *key: object) -> None:
        self.next = random.Random("/".join(map(str, key))).random  # noqa: S311  nothing is kept secret with it

    def pick(self, choice: Choice[T]) -> T:
        """One value, in proportion to its weight."""
        return choice.values[bisect(choice.cumulated, self.next() * choice.total, 0, choice.last)]

    def chance(self, share: float) -> bool:
        """True in this share of draws."""
        return self.next() < share

    def between(self, low: float, high: float) -> float:
        """A number from low up to high."""
        return low + (high - low) * self.next()

    def whole(self, below: int) -> int:
        """A whole number from 0 up to, not including, the limit."""
        return int(self.next() * below)

    def normal(self) -> float:
        """About standard normal: the sum of twelve draws, which is the same on every platform."""
        return sum(self.next() for _ in range(12)) - 6.0

    def scatter(self, spread: float) -> float:
        """A factor around 1, log-normal with this standard deviation of its logarithm."""
        return math.exp(spread * self.normal())

    def count(self, mean: float) -> int:
        """A Poisson count."""
        if mean >= _MANY:
            return max(0, round(mean + math.sqrt(mean) * self.normal()))
        limit, product, count = math.exp(-mean), self.next(), 0
        while product > limit:
            product *= self.next()
            count += 1
        return count

    def shuffled(self, items: Iterable[T]) -> list[T]:
        """The items in another order."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = self.whole(last + 1)
            result[last], result[other] = result[other], result[last]
        return result
