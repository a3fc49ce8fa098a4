"""The pieces of a problem that have nothing to do with each other: each is looked at by itself."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from openpeel.engine.disclose.problem import Floats, Ints, Problem


@dataclass(frozen=True)
class Block:
    """Counts that are not settled and hang together, numbered anew from 0.

    Attributes:
        counts: their numbers in the problem.
        low, high: their limits.
        matrix: a row for each sum; the matrix times the counts is ``right``, in which the settled counts are.
        rows: the same sums as pairs of count and sign.
        ratios: numerator, denominator, lowest and highest value, where neither is settled.
    """

    counts: Ints
    low: Floats
    high: Floats
    matrix: Any
    right: Floats
    rows: tuple[tuple[tuple[int, int], ...], ...]
    ratios: tuple[tuple[int, int, Fraction, Fraction], ...]

    def agrees(self, values: Ints) -> bool:
        """Whether these whole numbers agree with everything that is published; exact."""
        if (values < self.low).any() or (values > self.high).any():
            return False
        if (self.matrix @ values != self.right).any():
            return False
        return all(self.ratio_holds(values, ratio) for ratio in self.ratios)

    @staticmethod
    def ratio_holds(values: Any, ratio: tuple[int, int, Fraction, Fraction]) -> bool:
        """Whether whole numbers agree with a printed ratio; exact."""
        top, bottom, low, high = ratio
        n, of = int(values[top]), int(values[bottom])
        return of > 0 and low * of <= n <= high * of


def blocks(problem: Problem) -> list[Block]:
    """The blocks of a problem whose limits have been drawn in; settled counts are in none."""
    from scipy import sparse

    free = problem.low < problem.high
    number = np.cumsum(free) - 1
    sums = [s for s in problem.sums if free[list(s)].any()]
    ratios = [r for r in problem.ratios if free[r[0]] and free[r[1]]]
    links = [[int(number[j]) for j in s if free[j]] for s in sums]
    links += [[int(number[r[0]]), int(number[r[1]])] for r in ratios]
    starts = [link[0] for link in links for _ in link]
    ends = [j for link in links for j in link]
    n = int(free.sum())
    graph = sparse.coo_array((np.ones(len(ends)), (starts, ends)), shape=(n, n))
    count, label = sparse.csgraph.connected_components(graph, directed=False)
    members: list[list[int]] = [[] for _ in range(count)]
    for j in np.flatnonzero(free):
        members[label[number[j]]].append(int(j))
    own_sums: list[list[tuple[int, ...]]] = [[] for _ in range(count)]
    own_ratios: list[list[tuple[int, int, Fraction, Fraction]]] = [[] for _ in range(count)]
    for link, each in zip(links, sums, strict=False):
        own_sums[label[link[0]]].append(each)
    for ratio in ratios:
        own_ratios[label[number[ratio[0]]]].append(ratio)
    return [_block(problem, members[i], own_sums[i], own_ratios[i]) for i in range(count)]


def _block(
    problem: Problem,
    members: list[int],
    sums: list[tuple[int, ...]],
    ratios: list[tuple[int, int, Fraction, Fraction]],
) -> Block:
    from scipy import sparse

    at = {j: i for i, j in enumerate(members)}
    rows, right = [], []
    for each in sums:
        signed = [(j, -1 if place == 0 else 1) for place, j in enumerate(each)]
        rows.append(tuple((at[j], sign) for j, sign in signed if j in at))
        right.append(-sum(sign * problem.low[j] for j, sign in signed if j not in at))
    where = [(i, j, sign) for i, row in enumerate(rows) for j, sign in row]
    shape = (len(rows), len(members))
    cells = ([w[2] for w in where], ([w[0] for w in where], [w[1] for w in where]))
    counts = np.array(members, dtype=np.int64)
    return Block(
        counts,
        problem.low[counts],
        problem.high[counts],
        sparse.csr_array(cells, shape=shape, dtype=float) if rows else sparse.csr_array(shape, dtype=float),
        np.array(right, dtype=float),
        tuple(rows),
        tuple((at[t], at[b], low, high) for t, b, low, high in ratios),
    )
