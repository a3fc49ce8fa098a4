"""Quantiles of whole seconds: type 7, exactly, from values and from one-second bins."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.engine.measure.quantiles import position, quantile, quantile_from_bins

durations = st.lists(st.integers(0, 10_000), min_size=1, max_size=200)
shares = st.integers(0, 1000).map(lambda k: k / 1000)


def test_by_hand() -> None:
    assert quantile([3, 1, 2], 0.5) == 2
    assert quantile([4, 1, 3, 2], 0.5) == 2.5
    assert quantile([10, 20, 30, 40], 0.9) == 37
    assert (quantile([7, 5, 6], 0), quantile([7, 5, 6], 1)) == (5, 7)
    assert quantile([8], 0.73) == 8


def test_a_share_is_read_as_it_is_written() -> None:
    # 100 × 0.29 is 28.999999999999996 in binary; the position is 29.
    assert quantile(range(101), 0.29) == 29
    assert position(101, 0.29) == (29, 0)
    assert quantile([0, 3], Fraction(1, 3)) == 1


@settings(deadline=None)
@given(durations, shares)
def test_as_numpy_does_it(values: list[int], p: float) -> None:
    assert quantile(values, p) == pytest.approx(float(np.quantile(values, p)), abs=1e-9)


@settings(deadline=None)
@given(durations, shares)
def test_bins_give_the_same_answer(values: list[int], p: float) -> None:
    assert quantile_from_bins(Counter(values), p) == quantile(values, p)


def test_empty_bins_do_not_matter() -> None:
    assert quantile_from_bins({0: 0, 5: 1, 6: 0, 9: 1, 12: 0}, 0.5) == 7


def test_many_records_in_few_bins() -> None:
    assert quantile_from_bins({10: 5_000_000, 20: 5_000_000}, 0.5) == 15
    assert quantile_from_bins({10: 5_000_001, 20: 5_000_000}, 0.5) == 10


@pytest.mark.parametrize("bad", [-1, 60.0, 0.5, True, None, "60"])
def test_a_duration_that_is_not_whole_seconds_is_refused(bad: object) -> None:
    with pytest.raises(ValueError):
        quantile([1, bad], 0.5)  # type: ignore[list-item]
    with pytest.raises(ValueError):
        quantile_from_bins({bad: 1}, 0.5)  # type: ignore[dict-item]
    with pytest.raises(ValueError):
        quantile_from_bins({1: bad}, 0.5)  # type: ignore[dict-item]


def test_nothing_has_no_quantile() -> None:
    for empty in (lambda: quantile([], 0.5), lambda: quantile_from_bins({}, 0.5)):
        with pytest.raises(ValueError, match="at least one"):
            empty()
    with pytest.raises(ValueError, match="at least one"):
        quantile_from_bins({3: 0}, 0.5)


@pytest.mark.parametrize("bad", [-0.1, 1.1, 50, float("nan"), float("inf")])
def test_p_is_between_0_and_1(bad: float) -> None:
    with pytest.raises(ValueError):
        quantile([1, 2], bad)
