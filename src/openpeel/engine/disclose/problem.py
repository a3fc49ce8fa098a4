"""All tables of a publication as one problem: whole numbers within limits, what they add up to, and ratios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from openpeel.engine.disclose.tables import Key, State, Table, name_of
from openpeel.errors import UserError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class ContradictionError(UserError):
    """What is published cannot all be true."""

    def __init__(self, key: Key, tables: Sequence[str]) -> None:
        super().__init__(
            f"no count of {name_of(key)} agrees with everything that is published",
            ", ".join(tables),
            "check which counts add up to which, and by which rule each was rounded",
        )


@dataclass
class Problem:
    """Counts as unknown whole numbers, numbered from 0.

    Attributes:
        keys, states, true: of each count.
        low, high: limits of each count; no true count lies outside. ``inf``: no limit.
        sums: counts of each sum, the total first: the first is the sum of the others.
        ratios: numerator, denominator, lowest and highest value of their ratio.
        standing: tables each count stands in.
    """

    keys: list[Key] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    true: list[int | None] = field(default_factory=list)
    low: Floats = field(default_factory=lambda: np.zeros(0))
    high: Floats = field(default_factory=lambda: np.zeros(0))
    sums: list[tuple[int, ...]] = field(default_factory=list)
    ratios: list[tuple[int, int, Fraction, Fraction]] = field(default_factory=list)
    standing: list[list[str]] = field(default_factory=list)

    def entries(self) -> tuple[Ints, Ints, Floats]:
        """Row, column and coefficient of everything that adds up: the total -1, its parts +1, together 0."""
        rows = np.repeat(np.arange(len(self.sums)), [len(s) for s in self.sums])
        columns = np.array([j for s in self.sums for j in s], dtype=np.int64)
        signs = np.array([-1.0 if i == 0 else 1.0 for s in self.sums for i in range(len(s))])
        return rows.astype(np.int64), columns, signs

    def width(self, j: int) -> float:
        """Highest less lowest possible count."""
        return float(self.high[j] - self.low[j])

    def check(self, j: int) -> None:
        """Raises ``ContradictionError`` where nothing is possible any more."""
        if self.low[j] > self.high[j]:
            raise ContradictionError(self.keys[j], self.standing[j])


def merge(tables: Sequence[Table]) -> Problem:
    """The problem of some tables together.

    Raises:
        UserError: two tables tell different true counts under one key, a true count lies outside what
            is shown of it or is not the sum of its parts.
        ContradictionError: two tables show what cannot be the same count.
    """
    problem = Problem()
    number: dict[Key, int] = {}
    low: list[float] = []
    high: list[float] = []
    for table in tables:
        for cell in table.all_cells():
            top = math.inf if cell.high is None else cell.high
            j = number.setdefault(cell.key, len(number))
            if j == len(low):
                low.append(cell.low)
                high.append(top)
                problem.keys.append(cell.key)
                problem.states.append(cell.state)
                problem.true.append(cell.true)
                problem.standing.append([table.id])
                continue
            low[j], high[j] = max(low[j], cell.low), min(high[j], top)
            problem.states[j] = min(problem.states[j], cell.state, key=_ORDER.index)
            problem.true[j] = _same_true(problem, j, cell.true, table.id)
            problem.standing[j].append(table.id)
    problem.low, problem.high = np.array(low, dtype=float), np.array(high, dtype=float)
    sums = {(number[t], *sorted(number[p] for p in parts)) for a in tables for t, parts in a.all_sums()}
    problem.sums = sorted(sums)
    problem.ratios = [
        (number[r.numerator], number[r.denominator], r.low, r.high) for t in tables for r in t.ratios
    ]
    _check_true(problem)
    return problem


#: A count that is withheld anywhere is audited as withheld, even where another table prints it.
_ORDER: tuple[State, ...] = ("suppressed", "public", "shown", "unprinted")


def _same_true(problem: Problem, j: int, true: int | None, table: str) -> int | None:
    known = problem.true[j]
    if known is not None and true is not None and known != true:
        raise UserError(
            f"{name_of(problem.keys[j])} is another count than in {problem.standing[j][0]}",
            table,
            "give counts of different things different keys",
        )
    return true if known is None else known


def _check_true(problem: Problem) -> None:
    for j, true in enumerate(problem.true):
        problem.check(j)
        if true is not None and not problem.low[j] <= true <= problem.high[j]:
            raise UserError(
                f"{name_of(problem.keys[j])} is shown as what it is not",
                ", ".join(problem.standing[j]),
                "check by which rule it was rounded or withheld",
            )
    for total, *parts in problem.sums:
        values = [problem.true[j] for j in (total, *parts)]
        known = [v for v in values if v is not None]
        if len(known) == len(values) and 2 * known[0] != sum(known):
            raise UserError(
                f"{name_of(problem.keys[total])} is not the sum of its {len(parts)} parts",
                ", ".join(problem.standing[total]),
                "declare the sum as not complete where records belong to no part",
            )
