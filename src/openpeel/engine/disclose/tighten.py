"""Limits drawn in until nothing more follows from one sum or one ratio at a time.

Every step leaves out only counts that no whole numbers can have, so no true count is ever lost. What follows
from several at once is left to the linear programs.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from openpeel.engine.disclose.problem import ContradictionError, Floats, Ints, Problem

#: Rounds of drawing in; stopping early leaves the limits wider, never wrong.
ROUNDS = 200
#: Most denominators that are tried one by one.
DENOMINATORS = 20_000


def tighten(problem: Problem) -> None:
    """Draw in the limits of a problem's counts.

    Raises:
        ContradictionError: a count has no possible value left.
    """
    entries = problem.entries()
    for _round in range(ROUNDS):
        changed = _sums(problem, *entries)
        for ratio in problem.ratios:
            changed |= _ratio(problem, *ratio)
        if not changed:
            return


def _sums(problem: Problem, rows: Ints, columns: Ints, signs: Floats) -> bool:
    """One round over all sums at once: each count against what the others of its sum leave."""
    if not len(rows):
        return False
    low, high = problem.low[columns], problem.high[columns]
    least = np.where(signs > 0, low, -high)
    most = np.where(signs > 0, high, -low)
    # The others of a sum lie between these; what they are, turned round, is left for the one.
    others_least, others_most = _others(rows, least), _others(rows, most)
    new_low = np.where(signs > 0, -others_most, others_least)
    new_high = np.where(signs > 0, -others_least, others_most)
    before = problem.low.copy(), problem.high.copy()
    np.maximum.at(problem.low, columns, new_low)
    np.minimum.at(problem.high, columns, new_high)
    empty = np.flatnonzero(problem.low > problem.high)
    if len(empty):
        raise ContradictionError(problem.keys[empty[0]], problem.standing[empty[0]])
    return bool((before[0] != problem.low).any() or (before[1] != problem.high).any())


def _others(rows: Ints, terms: Floats) -> Floats:
    """For each term the sum of the other terms of its row, infinite ones told apart from the rest."""
    infinite = np.isinf(terms)
    finite = np.where(infinite, 0.0, terms)
    total = np.bincount(rows, finite)[rows] - finite
    others = (np.bincount(rows, infinite)[rows] - infinite) > 0
    # All infinite terms of one call have one sign: no count has a low limit of minus infinity.
    endless = math.inf if (terms == math.inf).any() else -math.inf
    return np.where(others, endless, total)


def _ratio(problem: Problem, top: int, bottom: int, low: Fraction, high: Fraction) -> bool:
    """Numerator and denominator against their printed ratio; each possible denominator tried if they are few."""
    before = problem.low[[top, bottom]].tolist(), problem.high[[top, bottom]].tolist()
    problem.low[bottom] = max(1.0, problem.low[bottom])  # nothing is divided by 0
    problem.check(bottom)
    first, last = problem.low[bottom], problem.high[bottom]
    if last - first < DENOMINATORS:
        _try_each(problem, top, bottom, low, high)
    else:
        _by_ends(problem, top, bottom, low, high)
    problem.check(top)
    problem.check(bottom)
    return before != (problem.low[[top, bottom]].tolist(), problem.high[[top, bottom]].tolist())


def _try_each(problem: Problem, top: int, bottom: int, low: Fraction, high: Fraction) -> None:
    least, most = int(problem.low[top]), problem.high[top]
    possible = []
    for n in range(int(problem.low[bottom]), int(problem.high[bottom]) + 1):
        start = max(least, -(-low.numerator * n // low.denominator))
        end = min(most, high.numerator * n // high.denominator)
        if start <= end:
            possible.append((n, start, end))
    if not possible:
        raise ContradictionError(problem.keys[top], problem.standing[top])
    problem.low[bottom], problem.high[bottom] = possible[0][0], possible[-1][0]
    problem.low[top] = min(start for _n, start, _end in possible)
    problem.high[top] = max(end for _n, _start, end in possible)


def _by_ends(problem: Problem, top: int, bottom: int, low: Fraction, high: Fraction) -> None:
    first, last = problem.low[bottom], problem.high[bottom]
    problem.low[top] = max(problem.low[top], math.ceil(low * int(first)))
    if math.isfinite(last):
        problem.high[top] = min(problem.high[top], math.floor(high * int(last)))
    if high > 0:
        problem.low[bottom] = max(first, math.ceil(int(problem.low[top]) / high))
    if low > 0 and math.isfinite(problem.high[top]):
        problem.high[bottom] = min(last, math.floor(int(problem.high[top]) / low))
