"""Intervals of a difference: of two proportions, and of two means.

As in ``engine.intervals``: every interval names its method (``docs/statistics.md``), nothing here rounds.
"""

from __future__ import annotations

import math

from openpeel.engine.intervals import wilson
from openpeel.engine.measure.figure import Interval


def newcombe(x: int, n: int, x_other: int, n_other: int, level: float = 0.95) -> Interval:
    """The interval of the difference x / n - x_other / n_other of two independent proportions.

    Newcombe's method 10: the two Wilson intervals, put together. It never leaves -1 to 1.

    Args:
        x, n: records that meet the condition, of those that could have; the minuend.
        x_other, n_other: those of the subtrahend.
        level: nominal coverage.

    Raises:
        ValueError: counts of which there is no proportion, or a level outside (0, 1).

    Source: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    one, other = wilson(x, n, level), wilson(x_other, n_other, level)
    assert one.high is not None and other.high is not None
    p, q = x / n, x_other / n_other
    low = p - q - math.hypot(p - one.low, other.high - q)
    high = p - q + math.hypot(one.high - p, q - other.low)
    return Interval(max(-1.0, low), min(1.0, high), level, "newcombe")


def welch(
    mean: float, se: float, n: int, mean_other: float, se_other: float, n_other: int, level: float = 0.95
) -> Interval:
    """Welch's interval of the difference mean - mean_other of two independent means.

    Args:
        mean, se, n: the mean, its standard error (deviation / √n) and how many values it is of, 2 or more.
        mean_other, se_other, n_other: those of the subtrahend.
        level: nominal coverage.

    Raises:
        ValueError: fewer than two values, a negative standard error, or a level outside (0, 1).

    Source: Welch (1947), Biometrika 34, 28-35; degrees of freedom after Satterthwaite (1946).
    """
    from scipy.stats import t

    if min(n, n_other) < 2 or min(se, se_other) < 0:
        raise ValueError(f"a difference of means needs 2 values or more and se >= 0, not {n} and {n_other}")
    if not 0 < level < 1:
        raise ValueError(f"a level is between 0 and 1, not {level}")
    a, b = se * se, se_other * se_other
    difference = mean - mean_other
    if a + b == 0:
        return Interval(difference, difference, level, "welch-t")
    freedom = (a + b) ** 2 / (a * a / (n - 1) + b * b / (n_other - 1))
    half = float(t.ppf(1 - (1 - level) / 2, freedom)) * math.sqrt(a + b)
    return Interval(difference - half, difference + half, level, "welch-t")
