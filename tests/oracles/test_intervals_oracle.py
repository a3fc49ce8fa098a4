"""Our intervals, dispersion and survival against scipy and statsmodels, to 1e-9."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from scipy import stats

from openpeel.engine.compare.funnel import _tau_squared
from openpeel.engine.intervals import monthly_dispersion, poisson_rate, rate_ratio, wilson
from openpeel.engine.measure.waiting import still_waiting

sm = pytest.importorskip("statsmodels.api", reason="statsmodels is not installed: no oracle to compare with")

LEVELS = [0.8, 0.9, 0.95, 0.99, 0.998]
COUNTS = [0, 1, 2, 3, 7, 10, 49, 235, 1000, 99_999]


def close(ours: float | None, theirs: float) -> bool:
    return ours is not None and math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize("level", LEVELS)
def test_wilson(level: float) -> None:
    from statsmodels.stats.proportion import proportion_confint

    for x in COUNTS:
        for n in (x or 1, x + 1, 2 * x + 1, 50 * x + 17):
            ours = wilson(x, n, level)
            low, high = proportion_confint(x, n, alpha=1 - level, method="wilson")
            assert close(ours.low, low if x else 0.0)
            assert close(ours.high, high if x < n else 1.0)


@pytest.mark.parametrize("level", LEVELS)
def test_poisson_rate(level: float) -> None:
    from statsmodels.stats.rates import confint_poisson

    for count in COUNTS:
        ours = poisson_rate(count, 34_567.8, per=1000, level=level)
        low, high = confint_poisson(count, 34.5678, method="exact-c", alpha=1 - level)
        assert close(ours.low, low if count else 0.0)
        assert close(ours.high, high)


@pytest.mark.parametrize("level", LEVELS)
def test_rate_ratio(level: float) -> None:
    at_a, at_b = 1234.5, 98_765.4
    for a in COUNTS:
        for b in COUNTS:
            if a + b == 0:
                continue
            ours = rate_ratio(a, at_a, b, at_b, level)
            share = stats.binomtest(a, a + b).proportion_ci(level, method="exact")
            # 1 - share loses digits near 1: compare what the ratio says of the share.
            assert abs(ours.low * at_a / (ours.low * at_a + at_b) - share.low) < 1e-9
            if b:
                assert ours.high is not None
                assert abs(ours.high * at_a / (ours.high * at_a + at_b) - share.high) < 1e-9
            else:
                assert ours.high is None


@pytest.mark.parametrize("seed", range(5))
def test_monthly_dispersion(seed: int) -> None:
    draw = random.Random(seed)
    a = [draw.randint(0, 40) for _ in range(24)]
    b = [draw.randint(0, 90) for _ in range(24)]
    model = sm.GLM(np.column_stack([a, b]), np.ones((24, 1)), family=sm.families.Binomial()).fit()
    assert close(monthly_dispersion(a, b), max(1.0, model.pearson_chi2 / model.df_resid))


@pytest.mark.parametrize("seed", range(5))
def test_tau_squared_is_dersimonian_lairds(seed: int) -> None:
    # With the weighted mean as the centre and nothing winsorised it is the same estimate.
    from statsmodels.stats.meta_analysis import combine_effects

    draw = random.Random(seed)
    sizes = [draw.randint(20, 900) for _ in range(43)]
    effects = [draw.gauss(0.6, 0.15) for _ in sizes]
    weights = [4 * n for n in sizes]
    centre = sum(w * y for w, y in zip(weights, effects, strict=True)) / sum(weights)
    phi = sum(w * (y - centre) ** 2 for w, y in zip(weights, effects, strict=True)) / 43
    theirs = combine_effects(np.array(effects), 1 / np.array(weights), method_re="chi2")
    assert close(_tau_squared(phi, weights), float(theirs.tau2))


@pytest.mark.parametrize("seed", range(5))
def test_share_still_waiting(seed: int) -> None:
    draw = random.Random(seed)
    served = [draw.randint(1, 60) for _ in range(80)]
    waiting = [draw.randint(1, 90) for _ in range(40)]
    theirs = sm.SurvfuncRight(np.array(served + waiting), np.array([1] * 80 + [0] * 40))
    ours = still_waiting(served, waiting)
    assert [time for time, _ in ours] == list(theirs.surv_times)
    assert all(close(share, float(their)) for (_, share), their in zip(ours, theirs.surv_prob, strict=True))
