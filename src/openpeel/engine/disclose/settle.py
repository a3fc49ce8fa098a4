"""The counts of one block settled: disclosed, protected, or undecided, each as far as it is proven."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from openpeel.engine.disclose.blocks import Block
from openpeel.engine.disclose.problem import Bools, Ints
from openpeel.engine.disclose.programs import LARGE, End, any_table, in_whole_numbers, linear
from openpeel.engine.disclose.protection import Protection
from openpeel.engine.disclose.walk import Seen, nothing_seen, walk


def settle(
    block: Block,
    asked: Bools,
    true: Sequence[int | None],
    protection: Protection,
    may_solve: Callable[[], bool] = lambda: True,
) -> Seen:
    """Draw in the limits of the counts asked for, and look for tables that show how far apart they can be.

    Tables found by walking come first; programs are solved for the counts that remain.

    Args:
        block: its limits are drawn in where programs allow it.
        asked: which counts are sensitive.
        true: the counts themselves, as far as they are known.
        protection: the settings.
        may_solve: asked before programs are solved for a count.

    Returns:
        what was seen of each count.

    Raises:
        ImpossibleError: nothing agrees with everything that is published.
    """
    seen = nothing_seen(block)
    if not _undecided(block, asked, seen, protection).any():
        return seen
    start = _start(block, true, protection)
    if start is not None:
        walk(block, start, seen, _undecided(block, asked, seen, protection), protection.width)
    for j in np.flatnonzero(_undecided(block, asked, seen, protection)).tolist():
        if _undecided(block, asked, seen, protection)[j] and may_solve():
            draw_in(block, j, seen, protection)
    return seen


def draw_in(block: Block, j: int, seen: Seen, protection: Protection) -> None:
    """Solve programs for one count until it is settled: linear ones, then in whole numbers.

    Raises:
        ImpossibleError: nothing agrees with everything that is published.
    """
    for sign in (1, -1):
        _take(block, j, sign, linear(block, j, sign), seen)
    for sign in (1, -1):
        reached = seen.low[j] == block.low[j] if sign > 0 else seen.high[j] == block.high[j]
        narrow = block.high[j] - block.low[j] < protection.width
        wide = seen.high[j] - seen.low[j] >= protection.width
        if not (reached or narrow or wide) and len(block.counts) <= LARGE:
            _take(block, j, sign, in_whole_numbers(block, j, sign, protection.nodes), seen)


def _take(block: Block, j: int, sign: int, end: End, seen: Seen) -> None:
    if sign > 0:
        block.low[j] = max(block.low[j], end.limit)
    else:
        block.high[j] = min(block.high[j], end.limit)
    if end.table is not None:
        seen.add(end.table)


def _undecided(block: Block, asked: Bools, seen: Seen, protection: Protection) -> Bools:
    found: Bools = asked & (block.high - block.low >= protection.width) & ~seen.apart(protection.width)
    return found


def _start(block: Block, true: Sequence[int | None], protection: Protection) -> Ints | None:
    """The true table where it is known, else any that agrees."""
    known = [v for v in true if v is not None]
    if len(known) == len(true):
        values = np.array(known, dtype=np.int64)
        if block.agrees(values):
            return values
    return any_table(block, protection.nodes)
