"""Tails of distributions against scipy's."""

from __future__ import annotations

from math import isclose

import pytest
from scipy import stats

from openpeel.engine.check.chance import binomial_tail, poisson_none, poisson_tail, smoothed


@pytest.mark.parametrize("expected", [0.1, 1.0, 7.5, 120.0, 5000.0])
@pytest.mark.parametrize("times", [0.1, 0.5, 0.9, 1.5, 3.0])
def test_poisson(expected: float, times: float) -> None:
    count = round(expected * times)
    true = stats.poisson.sf(count - 1, expected) if count >= expected else stats.poisson.cdf(count, expected)
    assert isclose(poisson_tail(count, expected), true, rel_tol=1e-6, abs_tol=1e-300)


@pytest.mark.parametrize(
    ("count", "of", "share"),
    [(0, 5, 0.3), (5, 5, 0.3), (4, 5, 0.3), (30, 40, 0.5), (300, 4000, 0.01), (39, 40, 0.99), (7, 7, 1e-3)],
)
def test_binomial(count: int, of: int, share: float) -> None:
    true = stats.binom.sf(count - 1, of, share) if count > of * share else 1.0
    assert isclose(binomial_tail(count, of, share), true, rel_tol=1e-6)


def test_edges() -> None:
    assert poisson_tail(0, 0) == 1.0
    assert poisson_tail(3, 0) == 0.0
    assert poisson_none(0) == 1.0
    assert binomial_tail(1, 3, 0.0) == 0.0
    assert binomial_tail(3, 3, 1.0) == 1.0
    assert 0 < smoothed(0, 5) < smoothed(5, 5) < 1
