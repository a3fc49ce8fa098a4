"""Moves from one table to another that keep every sum: by how much each count changes."""

from __future__ import annotations

from collections import Counter

import numpy as np

from openpeel.engine.disclose.blocks import Block

#: Count and change.
Move = tuple[tuple[int, int], ...]


def moves(block: Block, chance: np.random.Generator) -> list[Move]:
    """Moves from which every change that keeps the sums can be put together.

    Sum after sum, one of its counts is made to follow from the others: the total where it still can,
    else one by chance. Where a sum has no count that follows in whole numbers there are no moves.
    """
    vectors: dict[int, dict[int, int]] = {j: {j: 1} for j in range(len(block.counts))}
    moved_by: list[set[int]] = [{j} for j in range(len(block.counts))]
    rank = chance.permutation(len(block.counts)).tolist()
    for row in block.rows:
        weight: Counter[int] = Counter()
        for j, sign in row:
            for q in moved_by[j]:
                weight[q] += sign * vectors[q][j]
        weight = Counter({q: w for q, w in weight.items() if w})
        if not weight:
            continue  # follows from the sums before it
        totals = {j for j, sign in row if sign < 0}
        able = [q for q, w in weight.items() if abs(w) == 1]
        if not able:
            return []
        pivot = min((q not in totals, len(vectors[q]), rank[q], q) for q in able)[-1]
        _follow(vectors, moved_by, weight, pivot)
    return [tuple(vector.items()) for vector in vectors.values()]


def _follow(
    vectors: dict[int, dict[int, int]], moved_by: list[set[int]], weight: Counter[int], pivot: int
) -> None:
    """Let one count follow from the others of a sum: each of their moves takes it along."""
    taken = vectors.pop(pivot)
    for j in taken:
        moved_by[j].discard(pivot)
    for q, w in weight.items():
        if q == pivot:
            continue
        vector, times = vectors[q], -w * weight[pivot]
        for j, step in taken.items():
            value = vector.get(j, 0) + times * step
            if value:
                vector[j] = value
                moved_by[j].add(q)
            else:
                vector.pop(j, None)
                moved_by[j].discard(q)
