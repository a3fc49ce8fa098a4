"""Whole tables that agree with everything published, found by walking from one to the next.

A count that two such tables hold far enough apart is protected, and that is proven: no program needs to be
solved for it. In a table with totals, almost every count is settled so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openpeel.engine.disclose.blocks import Block
from openpeel.engine.disclose.moves import Move, moves
from openpeel.engine.disclose.problem import Bools, Floats, Ints

#: Sets of moves tried, and passes over one set: all of them, and those that find nothing before the next is tried.
BASES, PASSES, IDLE = 4, 24, 3
#: Moves made one after another to make room for one, and how many are weighed for each.
REPAIRS, WEIGHED = 8, 12
#: Pushes of one count at a time when few counts are left, and counts in a row that did not move at all.
TRIES, GIVE_UP = 100, 50
#: Counts pushed in one pass, times the counts that one move changes.
WORK = 40_000


@dataclass
class Seen:
    """Lowest and highest value of each count of a block among the tables found; ``inf`` before the first."""

    low: Floats
    high: Floats

    def add(self, values: Ints) -> None:
        """Take in one table."""
        np.minimum(self.low, values, out=self.low)
        np.maximum(self.high, values, out=self.high)

    def apart(self, width: int) -> Bools:
        """Which counts were seen with values at least this far apart."""
        found: Bools = self.high - self.low >= width
        return found


def nothing_seen(block: Block) -> Seen:
    """Before any table was found."""
    n = len(block.counts)
    return Seen(np.full(n, np.inf), np.full(n, -np.inf))


def walk(block: Block, start: Ints, seen: Seen, asked: Bools, width: int) -> None:
    """Walk from a table that agrees, until the counts asked for are seen far enough apart or no more is found.

    The walk is the same each time: its chances come from a fixed start.

    Args:
        block: the counts.
        start: a table of them that agrees.
        seen: taken further.
        asked: which counts matter.
        width: how far apart is enough.
    """
    chance = np.random.default_rng(len(block.counts))
    seen.add(start)
    walker = Walker(block, start, seen, width, chance)
    left = walker.left(asked)
    for _base in range(BASES):
        if not len(left):
            break
        walker.take_moves()
        idle = 0
        for _pass in range(PASSES):
            walker.wander()
            walker.push(left)
            before, left = len(left), walker.left(asked)
            idle = idle + 1 if len(left) > 0.99 * before else 0
            if not len(left) or idle == IDLE:
                break
    seen.low[:], seen.high[:] = walker.least, walker.most


class Walker:
    """A table that agrees, on its way to others."""

    def __init__(
        self, block: Block, start: Ints, seen: Seen, width: int, chance: np.random.Generator
    ) -> None:
        self.block, self.width, self.chance = block, width, chance
        self.low, self.high = block.low.tolist(), block.high.tolist()
        self.least, self.most = seen.low.tolist(), seen.high.tolist()
        self.values = [int(v) for v in start]
        self.steps: list[Move] = []
        self.moved_by: list[list[int]] = []
        self._pushed = 0
        self.ratios: dict[int, list[int]] = {}
        for i, (top, bottom, _low, _high) in enumerate(block.ratios):
            self.ratios.setdefault(top, []).append(i)
            self.ratios.setdefault(bottom, []).append(i)

    def left(self, asked: Bools) -> Ints:
        """The counts asked for that are not yet seen far enough apart."""
        apart = np.array(self.most) - np.array(self.least) >= self.width
        return np.flatnonzero(asked & ~apart)

    def take_moves(self) -> None:
        """Take another set of moves."""
        self.steps = moves(self.block, self.chance)
        self.moved_by = [[] for _ in self.values]
        self._pushed = max(50, WORK * len(self.steps) // (1 + sum(len(m) for m in self.steps)))
        for i, move in enumerate(self.steps):
            for j, _step in move:
                self.moved_by[j].append(i)

    def wander(self) -> None:
        """Try every move once, in a direction by chance."""
        signs = self.chance.choice((-1, 1), len(self.steps)).tolist()
        for i in self.chance.permutation(len(self.steps)).tolist():
            times = self._room(self.steps[i], signs[i])
            if times:
                self._make(self.steps[i], times)
                if self._ratios_hold(self.steps[i]):
                    self._see(self.steps[i])
                else:
                    self._make(self.steps[i], -times)

    def push(self, left: Ints) -> None:
        """Push each count further than it was seen, up and down, other moves making room for it.

        Where little can be moved at all, such as between exact totals, this is given up early.
        """
        tries = max(2, TRIES // len(left))
        failed = 0
        for j in left[: self._pushed].tolist():
            moved = [self._push(j, sign) for sign in (1, -1) * tries if not self._apart(j)]
            failed = 0 if any(moved) else failed + 1
            if failed == GIVE_UP:
                return

    def _apart(self, j: int) -> bool:
        return bool(self.most[j] - self.least[j] >= self.width)

    def _push(self, j: int, sign: int) -> bool:
        """Move a count one up or down, and then whatever that put outside its limits; undone if that fails."""
        if not self.moved_by[j]:
            return False
        made: list[tuple[Move, int]] = []
        i = self._some(self.moved_by[j])[0]
        step = dict(self.steps[i])[j]
        self._do(made, self.steps[i], sign if step > 0 else -sign)
        aim = self.values[j]
        for _repair in range(REPAIRS):
            touched = {k for move, _times in made for k, _step in move}
            outside = [k for k in touched if not self.low[k] <= self.values[k] <= self.high[k]]
            if not outside:
                whole = tuple((k, 1) for k in touched)
                if (self.values[j] - aim) * sign >= 0 and self._ratios_hold(whole):
                    self._see(whole)
                    return True
                break
            self._repair(made, outside[0], j, sign)
        for move, times in made:
            self._make(move, -times)
        return False

    def _repair(self, made: list[tuple[Move, int]], k: int, j: int, sign: int) -> None:
        """Of some moves that bring a count back towards its limits, make the one that puts fewest outside theirs."""
        back = 1 if self.values[k] < self.low[k] else -1
        best: tuple[float, Move, int] | None = None
        for i in self._some(self.moved_by[k]):
            move = self.steps[i]
            times = back if dict(move)[k] > 0 else -back
            harm = sum(self._harm(n, times * step, j, sign) for n, step in move)
            if best is None or harm < best[0]:
                best = harm, move, times
        if best is not None:
            self._do(made, best[1], best[2])

    def _harm(self, n: int, change: int, j: int, sign: int) -> float:
        """How much further outside its limits a change puts a count; what undoes the push does most harm."""
        if n == j and change * sign < 0:
            return 100.0
        now, then = self.values[n], self.values[n] + change
        low, high = self.low[n], self.high[n]
        return float(max(low - then, then - high, 0) - max(low - now, now - high, 0))

    def _some(self, among: list[int]) -> list[int]:
        if len(among) <= WEIGHED:
            return among
        return [among[i] for i in self.chance.integers(0, len(among), WEIGHED).tolist()]

    def _do(self, made: list[tuple[Move, int]], move: Move, times: int) -> None:
        self._make(move, times)
        made.append((move, times))

    def _make(self, move: Move, times: int) -> None:
        for j, step in move:
            self.values[j] += times * step

    def _see(self, move: Move) -> None:
        for j, _step in move:
            value = self.values[j]
            self.least[j], self.most[j] = min(self.least[j], value), max(self.most[j], value)

    def _room(self, move: Move, sign: int) -> int:
        """How often, up to the width and in this direction, a move can be made."""
        room = float(self.width)
        for j, step in move:
            change = sign * step
            space = self.high[j] - self.values[j] if change > 0 else self.values[j] - self.low[j]
            room = min(room, space // abs(change))
            if room < 1:
                return 0
        return sign * int(room)

    def _ratios_hold(self, move: Move) -> bool:
        if not self.ratios:
            return True
        touched = {i for j, _step in move for i in self.ratios.get(j, ())}
        return all(self.block.ratio_holds(self.values, self.block.ratios[i]) for i in touched)
