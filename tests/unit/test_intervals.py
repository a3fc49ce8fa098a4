"""Intervals of counts: edges, refusals, and properties that hold whatever the numbers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.engine.intervals import inflate, monthly_dispersion, poisson_rate, rate_ratio, wilson
from openpeel.engine.measure.figure import Interval

counts = st.integers(0, 100_000)
some = st.integers(1, 100_000)
levels = st.sampled_from([0.8, 0.95, 0.998])


@settings(deadline=None)
@given(st.integers(0, 1000), st.integers(1, 1000), levels)
def test_wilson_holds_the_proportion_and_stays_between_0_and_1(x: int, more: int, level: float) -> None:
    n = x + more
    found = wilson(x, n, level)
    assert found.high is not None
    assert 0 <= found.low <= x / n <= found.high <= 1
    assert found.method == "wilson" and found.level == level


@settings(deadline=None)
@given(st.integers(0, 1000), st.integers(0, 1000))
def test_wilson_of_the_opposite_is_the_mirror_image(x: int, y: int) -> None:
    if x + y == 0:
        return
    one, other = wilson(x, x + y), wilson(y, x + y)
    assert other.high is not None
    assert one.low == pytest.approx(1 - other.high, abs=1e-12)


def test_wilson_ends_exactly_at_0_and_1() -> None:
    for n in range(1, 200):
        assert wilson(0, n).low == 0.0
        assert wilson(n, n).high == 1.0
        assert (wilson(0, n).high or 0) > 0


@settings(deadline=None)
@given(counts, st.floats(0.001, 1e8), levels)
def test_poisson_rate_holds_the_rate(count: int, exposure: float, level: float) -> None:
    found = poisson_rate(count, exposure, level=level)
    assert found.high is not None
    assert 0 <= found.low <= count * 1000 / exposure <= found.high
    assert (found.low == 0) == (count == 0)


def test_poisson_rate_of_none_is_the_rule_of_minus_log() -> None:
    assert poisson_rate(0, 1, per=1).high == pytest.approx(3.6888794541139363, rel=1e-12)


def test_the_unit_of_a_rate_scales_it() -> None:
    one, hundred_thousand = poisson_rate(7, 50_000, per=1), poisson_rate(7, 50_000, per=100_000)
    assert hundred_thousand.low == pytest.approx(one.low * 100_000, rel=1e-12)


@settings(deadline=None)
@given(some, st.floats(1, 1e7), some, st.floats(1, 1e7), levels)
def test_rate_ratio_holds_the_ratio_and_turns_round(
    a: int, at_a: float, b: int, at_b: float, level: float
) -> None:
    found, turned = rate_ratio(a, at_a, b, at_b, level), rate_ratio(b, at_b, a, at_a, level)
    ratio = (a / at_a) / (b / at_b)
    assert found.high is not None and turned.high is not None
    assert found.low < ratio < found.high
    assert found.low == pytest.approx(1 / turned.high, rel=1e-9)


def test_rate_ratio_without_events_on_one_side() -> None:
    assert rate_ratio(0, 10, 5, 10).low == 0.0
    assert rate_ratio(0, 10, 5, 10).high is not None
    assert rate_ratio(5, 10, 0, 10).high is None
    assert rate_ratio(5, 10, 0, 10).low > 0
    with pytest.raises(ValueError, match="no events"):
        rate_ratio(0, 10, 0, 10)


@pytest.mark.parametrize("bad", [-1, 2.0, True, None, "3"])
def test_a_count_that_is_not_a_whole_number_is_refused(bad: object) -> None:
    for call in (
        lambda: wilson(bad, 10),  # type: ignore[arg-type]
        lambda: wilson(0, bad),  # type: ignore[arg-type]
        lambda: poisson_rate(bad, 10),  # type: ignore[arg-type]
        lambda: rate_ratio(bad, 1, 3, 1),  # type: ignore[arg-type]
        lambda: monthly_dispersion([bad], [1]),  # type: ignore[list-item]
    ):
        with pytest.raises(ValueError):
            call()


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf")])
def test_an_exposure_that_is_not_above_0_is_refused(bad: float) -> None:
    for call in (
        lambda: poisson_rate(3, bad),
        lambda: poisson_rate(3, 10, per=bad),
        lambda: rate_ratio(3, bad, 3, 1),
        lambda: rate_ratio(3, 1, 3, bad),
    ):
        with pytest.raises(ValueError, match="above 0"):
            call()


@pytest.mark.parametrize("bad", [0, 1, 95, float("nan")])
def test_a_level_is_a_fraction(bad: float) -> None:
    with pytest.raises(ValueError, match="level"):
        wilson(1, 2, bad)


def test_wilson_needs_a_whole() -> None:
    with pytest.raises(ValueError):
        wilson(0, 0)
    with pytest.raises(ValueError):
        wilson(3, 2)


def test_dispersion_by_hand() -> None:
    # Share 0.5 of 10 a month: (5 - 9)² / 2.5 = 6.4 in each of six months; 38.4 / 5 = 7.68.
    assert monthly_dispersion([9, 1, 9, 1, 9, 1], [1, 9, 1, 9, 1, 9]) == pytest.approx(7.68)


def test_dispersion_is_never_below_1() -> None:
    assert monthly_dispersion([5] * 12, [15] * 12) == 1.0


def test_months_without_events_do_not_count() -> None:
    a, b = [9, 0, 1, 9, 1, 0, 9, 1], [1, 0, 9, 1, 9, 0, 1, 9]
    assert monthly_dispersion(a, b) == pytest.approx(7.68)
    assert monthly_dispersion([9, 1, 9, 1, 9] + [0] * 20, [1, 9, 1, 9, 1] + [0] * 20) is None


def test_a_share_of_0_or_1_has_no_dispersion() -> None:
    assert monthly_dispersion([0] * 12, [5] * 12) is None
    assert monthly_dispersion([5] * 12, [0] * 12) is None
    assert monthly_dispersion([], []) is None


def test_dispersion_needs_the_same_months() -> None:
    with pytest.raises(ValueError, match="same months"):
        monthly_dispersion([1] * 12, [1] * 11)


@settings(deadline=None)
@given(some, some, st.floats(1, 50))
def test_inflation_only_widens_and_keeps_the_exact_interval(a: int, b: int, dispersion: float) -> None:
    plain = rate_ratio(a, 3.0, b, 7.0)
    found = inflate(plain, (a / 3) / (b / 7), dispersion)
    assert (found.low, found.high, found.method) == (plain.low, plain.high, plain.method)
    assert found.inflated is not None and found.inflated.high is not None and plain.high is not None
    assert found.inflated.low <= plain.low
    assert found.inflated.high >= plain.high
    assert found.inflated.dispersion == dispersion


def test_inflation_multiplies_log_distances() -> None:
    found = inflate(Interval(1.0, 8.0, 0.95, "any"), 2.0, 4.0).inflated
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(0.5), pytest.approx(32.0))


def test_a_dispersion_of_1_changes_nothing() -> None:
    found = inflate(rate_ratio(7, 3.1, 11, 9.7), (7 / 3.1) / (11 / 9.7), 1.0)
    assert found.inflated is not None
    assert (found.inflated.low, found.inflated.high) == (found.low, found.high)


def test_ends_infinitely_far_away_stay_there() -> None:
    low_0 = inflate(Interval(0.0, 8.0, 0.95, "any"), 2.0, 4.0).inflated
    assert low_0 is not None and (low_0.low, low_0.high) == (0.0, pytest.approx(32.0))
    no_high = inflate(Interval(1.0, None, 0.95, "any"), 2.0, 4.0).inflated
    assert no_high is not None and (no_high.low, no_high.high) == (pytest.approx(0.5), None)
    for plain, point in ((rate_ratio(0, 1, 5, 1), 0.0), (rate_ratio(5, 1, 0, 1), float("inf"))):
        found = inflate(plain, point, 4.0).inflated
        assert found is not None and (found.low, found.high) == (0.0, None)


def test_inflation_refuses_what_makes_no_sense() -> None:
    plain = Interval(1.0, 8.0, 0.95, "any")
    for point, dispersion in ((2.0, 0.9), (2.0, float("inf")), (2.0, float("nan")), (9.0, 2.0), (0.5, 2.0)):
        with pytest.raises(ValueError):
            inflate(plain, point, dispersion)
