"""The formulas of control charts, and which chart a series gets."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trend_fixture import CALM, counted, series

from openpeel.engine.compare import trend_limits as formulas
from openpeel.engine.compare.trend_chart import Chart, NoChart, draw
from openpeel.engine.compare.trend_series import Kind, Point, Series

numbers = st.floats(-1000, 1000).map(lambda v: round(v, 3))
values_ = st.lists(st.one_of(st.none(), numbers), min_size=2, max_size=40)


def chart_of(given_: Series) -> Chart:
    found = draw(given_.kind, given_.points)
    assert isinstance(found, Chart), found
    return found


def refused(given_: Series) -> NoChart:
    found = draw(given_.kind, given_.points)
    assert isinstance(found, NoChart)
    return found


def test_moving_ranges_leave_gaps_open() -> None:
    assert formulas.moving_ranges([1, 4, None, 10, 9, None]) == [3, 1]
    assert formulas.moving_ranges([1, None, 2, None]) == []
    with pytest.raises(ValueError, match="follow each other"):
        formulas.mean_range([1, None, 2])
    with pytest.raises(ValueError, match="finite"):
        formulas.mean_range([1, math.nan])


def test_one_extreme_range_is_screened_out_once() -> None:
    # Eleven ranges of 1 and two of 50: 50 is above 3.267 times their mean, 111 / 13.
    values = [0.0, 1.0] * 3 + [51.0, 1.0] + [2.0, 1.0] * 3
    assert sorted(formulas.moving_ranges(values)) == [1] * 11 + [50] * 2
    found = formulas.mean_range(values)
    assert (found.mean, found.used, found.screened) == (1.0, 11, 2)
    assert formulas.mean_range(values, screen=False).mean == pytest.approx(111 / 13)
    # Equal values with one jump: screening would leave no spread at all.
    assert formulas.mean_range([5.0] * 10 + [9.0] * 10).mean == pytest.approx(4 / 19)


@settings(deadline=None)
@given(values_.filter(lambda vs: bool(formulas.moving_ranges(vs))), numbers, st.floats(0.1, 10))
def test_shifted_and_scaled(values: list[float | None], shift: float, scale: float) -> None:
    found = formulas.mean_range(values)
    moved = formulas.mean_range([None if v is None else v + shift for v in values], screen=False)
    scaled = formulas.mean_range([None if v is None else v * scale for v in values], screen=False)
    plain = formulas.mean_range(values, screen=False)
    assert moved.mean == pytest.approx(plain.mean, abs=1e-6)
    assert scaled.mean == pytest.approx(plain.mean * scale, abs=1e-6)
    assert found.mean <= plain.mean + 1e-9
    assert found.used + found.screened == plain.used


def test_order_matters() -> None:
    assert formulas.mean_range([1, 2, 3, 4]).mean == 1
    assert formulas.mean_range([1, 3, 2, 4]).mean > 1


def test_centre_is_pooled() -> None:
    assert formulas.pooled([(1, 1), (0, 9)]) == 0.1
    with pytest.raises(ValueError, match="above 0"):
        formulas.pooled([(1, 1), (0, 0)])
    with pytest.raises(ValueError, match="above 0"):
        formulas.pooled([])


@pytest.mark.parametrize(("centre", "n"), [(0.5, 0), (1.1, 5), (-0.1, 5)])
def test_no_share(centre: float, n: float) -> None:
    with pytest.raises(ValueError, match="no share"):
        formulas.proportion_sigma(centre, n)


@pytest.mark.parametrize(("centre", "exposure"), [(0.5, 0), (-0.1, 5)])
def test_no_rate(centre: float, exposure: float) -> None:
    with pytest.raises(ValueError, match="no rate"):
        formulas.rate_sigma(centre, exposure)


def test_autocorrelation() -> None:
    assert formulas.autocorrelation([1, -1, 1, -1]) == -0.75
    assert formulas.autocorrelation([1, 1, None, 1]) == pytest.approx(1 / 3)
    assert formulas.autocorrelation([0, 0]) is None
    assert formulas.autocorrelation([1, None]) is None


def test_single_values_get_xmr() -> None:
    found = chart_of(series(CALM))
    assert (found.name, found.sigma_z, found.ranges) == ("xmr", None, 23)
    low, high = found.limits(None)
    assert high - found.centre == pytest.approx(2.66 * formulas.mean_range(CALM).mean, rel=1e-3)
    assert found.expected(None) is None
    assert low == pytest.approx(2 * found.centre - high)


def test_shares_around_chance_get_p_with_limits_that_vary_by_month() -> None:
    # Around 50 of 100 and 200 of 400, one standard deviation (5 and 10) up and down in turn.
    found = chart_of(counted([(50 + (-1) ** (i // 2) * 5, 100) if i % 2 else (200, 400) for i in range(24)]))
    assert (found.name, found.spread) == ("p", 1.0)
    assert found.sigma_z is not None and found.sigma_z < 1.1
    narrow, wide = found.limits(400), found.limits(100)
    assert wide[0] < narrow[0] < found.centre < narrow[1] < wide[1]
    assert wide[1] - found.centre == pytest.approx(3 * 0.05)


@pytest.mark.parametrize(("kind", "name"), [("proportion", "p-prime"), ("rate", "u-prime")])
def test_months_that_differ_beyond_chance_get_the_prime_chart(kind: Kind, name: str) -> None:
    given_ = counted([(5000 + (-1) ** i * 300, 10_000) for i in range(24)], kind)
    found = chart_of(given_)
    assert found.name == name
    assert found.spread == found.sigma_z
    # Each range is 0.06 and screened out is none: σ = 0.06 / 1.128 whatever chance alone would give.
    assert found.sigma(10_000) == pytest.approx(0.06 / 1.128)


def test_the_bar_for_the_prime_chart() -> None:
    # One standard deviation by chance is 50 of 10,000; σz is 2d / 50 / 1.128.
    below, above = (chart_of(counted([(5000 + (-1) ** i * d, 10_000) for i in range(24)])) for d in (31, 32))
    assert (below.name, round(below.sigma_z or 0, 3), below.spread) == ("p", 1.099, 1.0)
    assert (above.name, round(above.spread, 3)) == ("p-prime", 1.135)


def test_limits_never_leave_what_is_possible() -> None:
    high = chart_of(counted([(93 + i % 3, 100) for i in range(24)]))
    assert high.limits(100)[1] == 1.0
    assert chart_of(counted([(6 + i % 3, 1.0) for i in range(24)], "rate")).limits(1.0)[0] == 0.0
    assert chart_of(series([1.0, 9.0] * 12)).limits(None)[0] == 0.0


def test_no_limits_from_nothing() -> None:
    assert refused(series([7.0] * 24)).status == "no-spread"
    assert refused(series([0.1 + 0.2, 0.3] * 12)).status == "no-spread"
    assert refused(counted([(0, 500)] * 24)).status == "no-spread"
    assert refused(counted([(500, 500)] * 24)).status == "no-spread"
    assert refused(counted([(0, 5.0)] * 24, "rate")).status == "no-spread"
    assert refused(counted([(2, 500), (3, 500)] * 12)).status == "small-counts"
    assert refused(counted([(498, 500), (497, 500)] * 12)).status == "small-counts"
    gaps: list[float | None] = [5.0, 6.0, None] * 8
    assert refused(series(gaps)).status == "too-few-ranges"


def test_equal_shares_have_the_limits_of_chance() -> None:
    found = chart_of(counted([(50, 100)] * 24))
    assert (found.name, found.sigma_z) == ("p", 0.0)
    assert found.limits(100) == pytest.approx((0.35, 0.65))


@pytest.mark.parametrize(
    ("points", "why"),
    [
        ([], "at least one"),
        ([Point(5, 1.0), Point(7, 1.0)], "follow each other"),
        ([Point(5, 1.0), Point(5, 1.0)], "follow each other"),
    ],
)
def test_series_without_months_or_with_months_left_out(points: list[Point], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Series("a.b", "kent", "seconds", "lower", "individuals", points)


@pytest.mark.parametrize("point", [Point(5, 0.5), Point(5, 0.5, 1, 0.0), Point(5, 0.5, 3, 2.0)])
def test_shares_without_their_counts(point: Point) -> None:
    with pytest.raises(ValueError, match="month 5"):
        Series("a.b", "kent", "share", "higher", "proportion", [point])
