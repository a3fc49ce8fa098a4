"""How often a series that does not change signals at its newest month: by simulation, with numpy alone.

The simulation is written apart from the engine (whole arrays instead of months one by one), so that it is
an oracle for the limits and rules as well: both must agree on every one of some drawn series.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from openpeel.engine.compare.trend import work_out
from openpeel.engine.compare.trend_chart import PRIME_FROM
from openpeel.engine.compare.trend_rules import (
    FALSE_ALARMS,
    FALSE_ALARMS_ALIKE,
    SIMULATED,
    expected_false_alarms,
    false_alarm_rate,
)
from openpeel.engine.compare.trend_series import Point, Series

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
CHUNK = 20_000


def sigma_of(baseline: Array) -> Array:
    """σ from the moving ranges of each row, extreme ones left out once."""
    ranges = np.abs(np.diff(baseline, axis=1))
    kept = ranges <= 3.267 * ranges.mean(axis=1, keepdims=True)
    return np.asarray((ranges * kept).sum(axis=1) / kept.sum(axis=1) / 1.128)


def signals(values: Array, centre: Array, sigma: Array) -> dict[str, Flags]:
    """Rule -> whether it holds at the last month of each row."""
    distance = (values - centre) / sigma
    last8, last3 = distance[:, -8:], distance[:, -3:]
    steps = np.diff(values[:, -6:], axis=1)
    high, low = last3 > 2, last3 < -2
    return {
        "beyond-limit": np.abs(distance[:, -1]) > 3,
        "shift": (last8 > 0).all(axis=1) | (last8 < 0).all(axis=1),
        "trend": (steps > 0).all(axis=1) | (steps < 0).all(axis=1),
        "near-limit": (high[:, -1] & (high.sum(axis=1) > 1)) | (low[:, -1] & (low.sum(axis=1) > 1)),
    }


def any_of(found: dict[str, Flags]) -> Flags:
    return np.asarray(np.logical_or.reduce(list(found.values())))


def rates(baseline: int, series: int, seed: int, after: int) -> tuple[float, float]:
    """P(signal) where the spread comes from the months, and where chance is known and the plain chart chosen."""
    draw = np.random.default_rng([seed, baseline])
    by_months = by_chance = plain = 0
    for _ in range(series // CHUNK):
        values = draw.standard_normal((CHUNK, baseline + after))
        centre = values[:, :baseline].mean(axis=1, keepdims=True)
        sigma = sigma_of(values[:, :baseline])
        by_months += int(any_of(signals(values, centre, sigma[:, None])).sum())
        chosen = sigma < PRIME_FROM
        plain += int(chosen.sum())
        by_chance += int((any_of(signals(values, centre, np.ones((CHUNK, 1)))) & chosen).sum())
    return by_months / (series // CHUNK * CHUNK), by_chance / plain


def rate_alike(alike: float, series: int, seed: int, after: int) -> float:
    """P(signal) where each month depends on the one before (a stationary autoregression), 24 in the baseline."""
    draw = np.random.default_rng([seed, int(alike * 100)])
    found = 0
    for _ in range(series // CHUNK):
        values = draw.standard_normal((CHUNK, 24 + after))
        for month in range(1, 24 + after):
            values[:, month] = alike * values[:, month - 1] + math.sqrt(1 - alike**2) * values[:, month]
        centre = values[:, :24].mean(axis=1, keepdims=True)
        found += int(any_of(signals(values, centre, sigma_of(values[:, :24])[:, None])).sum())
    return found / (series // CHUNK * CHUNK)


@pytest.mark.parametrize("alike", sorted(FALSE_ALARMS_ALIKE))
def test_and_those_of_months_that_are_alike(alike: float) -> None:
    series = SIMULATED["series"]
    found = rate_alike(alike, series, SIMULATED["seed"], SIMULATED["months after the baseline"])
    assert abs(FALSE_ALARMS_ALIKE[alike] - found) < 2 * math.sqrt(found / series * 2) + 0.0001, found


@pytest.mark.parametrize("baseline", sorted(FALSE_ALARMS["months"]))
def test_the_stored_probabilities_are_those_of_the_simulation(baseline: int) -> None:
    series = SIMULATED["series"]
    found = rates(baseline, series, SIMULATED["seed"], SIMULATED["months after the baseline"])
    stored = FALSE_ALARMS["months"][baseline], FALSE_ALARMS["chance"][baseline]
    for ours, theirs in zip(stored, found, strict=True):
        # Two standard errors and the rounding: numpy may draw other numbers one day, but not from elsewhere.
        assert abs(ours - theirs) < 2 * math.sqrt(theirs / series * 2) + 0.0001, found


def row(values: list[float]) -> Series:
    return Series(
        "a.b", "kent", "seconds", "lower", "individuals", [Point(i, v) for i, v in enumerate(values)]
    )


def test_the_engine_and_the_simulation_agree_on_every_series() -> None:
    draw = np.random.default_rng(7)
    # A few that shift, rise or jump at the end, so that every rule is met.
    values = draw.standard_normal((600, 48))
    values[::5, -8:] += 1.0
    values[1::5, -6:] += np.arange(6) * 1.2
    values[2::5, -1] += 2.5
    values[3::5, -2:] -= 2.0
    values += 50
    centre = values[:, :24].mean(axis=1, keepdims=True)
    theirs = signals(values, centre, sigma_of(values[:, :24])[:, None])
    assert all(flags.sum() > 10 for flags in theirs.values())
    for i, months in enumerate(values.tolist()):
        ours = {s.rule for s in work_out(row(months)).signals}
        assert ours == {rule for rule, flags in theirs.items() if flags[i]}


@pytest.mark.parametrize(("p", "n"), [(0.02, 400), (0.8, 3000)])
@pytest.mark.parametrize("extra", [0.0, 1.0, 4.0])
def test_shares_signal_about_as_often_as_is_printed(p: float, n: int, extra: float) -> None:
    """Whole procedure on binomial counts, the months differing by ``extra`` times what chance gives."""
    draw = np.random.default_rng([11, n, int(extra)])
    alarms, expected, count = 0, 0.0, 500
    for _ in range(count):
        sizes = draw.integers(int(n * 0.8), int(n * 1.2) + 1, 48)
        shares = np.clip(p + extra * math.sqrt(p * (1 - p) / n) * draw.standard_normal(48), 0.001, 0.999)
        hits = draw.binomial(sizes, shares)
        points = [
            Point(i, x / k, x, float(k))
            for i, (x, k) in enumerate(zip(hits.tolist(), sizes.tolist(), strict=True))
        ]
        found = work_out(Series("a.b", "kent", "share", "higher", "proportion", points))
        alarms += bool(found.signals)
        expected += found.false_alarm_rate()
    # Not exact: counts are whole, limits are cut at 0 and 1. Never twice as many as was printed.
    assert alarms / count < 1.6 * expected / count + 0.01
    assert expected / count < 0.05


def test_expected_false_alarms() -> None:
    assert expected_false_alarms(43, 0.035) == pytest.approx(1.505)
    assert expected_false_alarms(0, 0.035) == 0
    with pytest.raises(ValueError, match="probability"):
        expected_false_alarms(3, 1.2)
    with pytest.raises(ValueError, match="no signals"):
        false_alarm_rate("xmr", 19)
    assert false_alarm_rate("u-prime", 23) == FALSE_ALARMS["months"][20]
    assert false_alarm_rate("p", 60) == FALSE_ALARMS["chance"][36]
    assert false_alarm_rate("xmr", 24, 0.29) == FALSE_ALARMS["months"][24]
    assert false_alarm_rate("xmr", 24, 0.59) == FALSE_ALARMS_ALIKE[0.3]
    assert false_alarm_rate("u-prime", 36, 0.9) == FALSE_ALARMS_ALIKE[0.6]
