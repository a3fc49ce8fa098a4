"""Drawing: by hypothesis, which makes a failing case small, or by a seed, for large batches."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Protocol, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Draw(Protocol):
    """What is needed to draw a case."""

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends possible."""
        ...

    def pick(self, options: Sequence[T]) -> T:
        """One of some."""
        ...


class ByHypothesis:
    """Drawn by hypothesis; the first of some options is taken for the simplest."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data

    def whole(self, low: int, high: int) -> int:
        return self.data.draw(st.integers(low, high))

    def pick(self, options: Sequence[T]) -> T:
        return options[self.data.draw(st.integers(0, len(options) - 1))]


class BySeed:
    """Drawn by a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def whole(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def pick(self, options: Sequence[T]) -> T:
        return options[self.random.randrange(len(options))]


def often(draw: Draw, of: int) -> bool:
    """True in all but one of so many cases."""
    return draw.whole(1, of) != of


def seldom(draw: Draw, of: int) -> bool:
    """True in one of so many cases."""
    return draw.whole(1, of) == of


def several(draw: Draw, options: Sequence[T], low: int, high: int) -> list[T]:
    """Some of some, each once, in their order."""
    left, wanted = list(options), draw.whole(low, min(high, len(options)))
    while len(left) > wanted:
        left.pop(draw.whole(0, len(left) - 1))
    return left
