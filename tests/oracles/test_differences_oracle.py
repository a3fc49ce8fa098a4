"""Intervals of differences against statsmodels and scipy, and Newcombe's own published example."""

from __future__ import annotations

import math
import random

import pytest

from openpeel.engine.differences import newcombe, welch

sm = pytest.importorskip("statsmodels.api", reason="statsmodels is not installed: no oracle to compare with")

LEVELS = [0.8, 0.95, 0.99]


def close(ours: float | None, theirs: float) -> bool:
    return ours is not None and math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("level", LEVELS)
def test_newcombe(level: float) -> None:
    from statsmodels.stats.proportion import confint_proportions_2indep

    for x, n, y, m in (
        (56, 70, 48, 80),
        (9, 10, 3, 10),
        (0, 10, 0, 20),
        (10, 10, 0, 10),
        (5, 5, 4, 4),
        (1, 999, 7, 12),
    ):
        ours = newcombe(x, n, y, m, level)
        low, high = confint_proportions_2indep(x, n, y, m, method="newcomb", compare="diff", alpha=1 - level)
        assert close(ours.low, low) and close(ours.high, high), (x, n, y, m)


def test_newcombe_published() -> None:
    """Newcombe 1998, table II, method 10, to the four decimals printed: 56/70 - 48/80 and 9/10 - 3/10."""
    one, other = newcombe(56, 70, 48, 80), newcombe(9, 10, 3, 10)
    assert (round(one.low, 4), round(one.high or 0, 4)) == (0.0524, 0.3339)
    assert (round(other.low, 4), round(other.high or 0, 4)) == (0.1705, 0.8090)


@pytest.mark.parametrize("level", LEVELS)
def test_welch(level: float) -> None:
    from statsmodels.stats.weightstats import CompareMeans

    draw = random.Random(7)
    for n, m in ((2, 2), (5, 40), (300, 12)):
        a, b = ([draw.expovariate(k) for _ in range(size)] for k, size in ((0.1, n), (0.2, m)))
        both = CompareMeans.from_data(a, b)
        low, high = both.tconfint_diff(alpha=1 - level, usevar="unequal")
        means = [(d.mean, d.std_mean, int(d.nobs)) for d in (both.d1, both.d2)]
        ours = welch(*means[0], *means[1], level)
        assert close(ours.low, low) and close(ours.high, high)


@pytest.mark.parametrize("counts", [(0, 0, 1, 2), (3, 2, 1, 2), (-1, 2, 1, 2)])
def test_no_proportion_no_difference(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"proportion|below"):
        newcombe(*counts)


def test_one_value_has_no_spread() -> None:
    with pytest.raises(ValueError, match="2 values or more"):
        welch(1.0, 0.0, 1, 2.0, 0.1, 5)
