"""Limits from a few months are not limits: with fewer than 20 before the newest there is no signal, whatever it is."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.engine.compare.trend import expected_false_alarms, work_out
from openpeel.engine.compare.trend_rebase import Rebasing
from openpeel.engine.compare.trend_series import Point, Series

values_ = st.one_of(st.none(), st.floats(0, 1000))


def months(values: list[float | None]) -> Series:
    points = [Point(i, v, status="ok" if v is not None else "not-supplied") for i, v in enumerate(values)]
    return Series("a.b", "kent", "seconds", "lower", "individuals", points)


@settings(deadline=None)
@given(st.lists(values_, max_size=19), values_)
def test_fewer_than_twenty(values: list[float | None], newest: float | None) -> None:
    found = work_out(months([*values, newest]))
    assert (found.status, found.chart, found.signals, found.proposal) == ("too-few-points", None, [], None)
    assert found.variation.code == "not-enough-points"
    known = sum(v is not None for v in values)
    assert found.baseline.needed() == 20 - known
    assert found.reason is not None and f"{20 - known} more are needed" in found.reason
    assert expected_false_alarms([found]) == 0


@settings(deadline=None)
@given(st.integers(21, 40))
def test_nor_after_a_rebasing(first: int) -> None:
    values: list[float | None] = [10.0, 12.0] * 20
    accepted = Rebasing("a.b", "kent", first, "a new system", "pat", date(2026, 1, 1))
    found = work_out(months([*values, 99.0]), [accepted])
    assert (found.status, found.signals) == ("too-few-points", [])


def test_twenty_are_enough() -> None:
    values: list[float | None] = [10.0, 12.0] * 10
    assert [s.rule for s in work_out(months([*values, 99.0])).signals] == ["beyond-limit"]
