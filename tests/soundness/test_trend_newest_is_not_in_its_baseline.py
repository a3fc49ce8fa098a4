"""The newest month is never part of what it is held against: however odd it is, its limits stay where they are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.engine.compare.trend import work_out
from openpeel.engine.compare.trend_series import Point, Series

PAST = [10.0, 12.0, 9.0, 11.0, 13.0, 8.0] * 6


def months(values: list[float]) -> Series:
    return Series(
        "a.b", "kent", "seconds", "lower", "individuals", [Point(i, v) for i, v in enumerate(values)]
    )


@settings(deadline=None)
@given(st.integers(20, 36), st.floats(0, 1e6))
def test_whatever_the_newest_month_is(held: int, newest: float) -> None:
    found, ordinary = work_out(months([*PAST[:held], newest])), work_out(months([*PAST[:held], 10.0]))
    assert found.limits() == ordinary.limits()
    assert held not in [p.month for p in found.baseline.points]


@pytest.mark.parametrize("newest", [100.0, 0.0])
def test_an_extreme_newest_month_is_seen(newest: float) -> None:
    assert "beyond-limit" in [s.rule for s in work_out(months([*PAST[:20], newest])).signals]


def test_a_later_month_does_not_move_a_frozen_baseline() -> None:
    first = work_out(months([*PAST[:24], 10.0]))
    later = work_out(months([*PAST[:24], *[50.0] * 12]))
    assert later.chart == first.chart
