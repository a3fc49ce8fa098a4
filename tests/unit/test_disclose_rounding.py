"""Rounding of counts, and what a rounded figure may say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpeel.catalogue import shipped
from openpeel.engine import intervals
from openpeel.engine.declare.measures import Count, Measure, Proportion, Quantile, Rate, RatioOfRates
from openpeel.engine.disclose.figures import gives_away, rounded
from openpeel.engine.disclose.rounding import Rules, coarse, count_range, count_text, round_count
from openpeel.engine.measure.figure import Bounds, Figure
from openpeel.engine.measure.kinds import share_bounds

BASE: dict[str, Any] = {
    "title": "", "sentence": "", "of": "t", "better": "neutral", "comparable": "national", "question": "",
    "method": "", "source": "", "reviewed": date(2026, 1, 1),
}  # fmt: skip
SHARE = Proportion(id="a.share", unit="share of searches", met="x", **BASE)
COUNT = Count(id="a.count", unit="searches", **BASE)
RATE = Rate(id="a.rate", unit="per 1,000 residents", **BASE)
MEDIAN = Quantile(id="a.median", unit="seconds", of_duration="d", p=0.5, **BASE)
NINETIETH = replace(MEDIAN, p=0.9)
RATIO = RatioOfRates(
    id="a.ratio", unit="times", across=(), groups=("B",), group_name="g", reference="W", minimum=5, **BASE
)


def figure(**more: Any) -> Figure:
    day = date(2026, 1, 1)
    base: dict[str, Any] = {
        "measure": "m", "force": "f", "period_start": day, "period_end": day, "breakdown": {}, "status": "ok",
        "unit": "", "as_at": day, "figure_id": "i", "unknown": 0, "unknown_eligibility": 0,
    }  # fmt: skip
    return Figure(**base | more)


def share(x: int, n: int, unknown: int = 0, unsure: int = 0, **more: Any) -> Figure:
    return figure(
        value=x / n, numerator=x, denominator=n, unknown=unknown, unknown_eligibility=unsure,
        interval=intervals.wilson(x, n), bounds=share_bounds(x, n, unknown, unsure), **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("n", "base", "expected"),
    [(0, 5, 0), (1, 5, 0), (2, 5, 0), (3, 5, 5), (4, 5, 5), (7, 5, 5), (8, 5, 10), (5, 10, 10), (4, 10, 0), (9, 1, 9)],
)  # fmt: skip
def test_counts_go_to_the_nearest_multiple_and_halfway_up(n: int, base: int, expected: int) -> None:
    assert round_count(n, base) == expected


@given(st.integers(0, 10**9), st.integers(1, 20))
def test_the_range_of_a_rounded_count_is_exactly_what_rounds_to_it(n: int, base: int) -> None:
    shown = round_count(n, base)
    low, high = count_range(shown, base)
    assert low <= n <= high
    assert round_count(low, base) == round_count(high, base) == shown
    assert round_count(high + 1, base) != shown
    assert low == 0 or round_count(low - 1, base) != shown


def test_a_rounded_nought_is_printed_as_a_range() -> None:
    assert count_text(0) == "0 to 2"
    assert count_text(1235) == "1,235"
    assert count_text(0, 1) == "0"
    for wrong in (-1, 2.0, True):
        with pytest.raises(ValueError, match="count"):
            round_count(wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not rounded"):
        count_range(3)


def test_an_average_gets_the_figures_that_its_number_of_records_bears() -> None:
    assert coarse(503.4567, 99) == 500
    assert coarse(503.4567, 100) == 500
    assert coarse(506.4567, 100) == 510
    assert coarse(503.4567, 1000) == 503
    assert coarse(0.0, 10) == 0
    with pytest.raises(ValueError, match="9 records"):
        coarse(500, 9)


@given(st.floats(1e-3, 1e7), st.integers(10, 10**6))
def test_the_step_is_at_least_what_one_record_weighs(value: float, n: int) -> None:
    shown = coarse(value, n)
    assert coarse(shown, n) == shown
    figures = len(str(n)) - 1
    assert 10.0 ** (len(str(int(value))) - figures) >= value / n * 0.999 or value < 1


def test_a_share_follows_from_rounded_counts_alone() -> None:
    shown = rounded(share(13, 48, 3, 1), SHARE)
    assert (shown.numerator, shown.denominator, shown.unknown, shown.unknown_eligibility) == (15, 50, 5, 0)
    assert shown.value == 15 / 50
    assert shown.interval == intervals.wilson(15, 50)
    assert shown.bounds == Bounds(15 / 55, 20 / 55)
    assert "0 stands for 0 to 2" in (shown.reason or "")


def test_too_small_a_denominator_is_suppressed_with_a_reason_and_without_any_number() -> None:
    shown = rounded(share(4, 22), SHARE)
    assert (shown.status, shown.reason) == ("suppressed", "too few records for a share")
    assert {shown.value, shown.numerator, shown.denominator, shown.unknown, shown.interval, shown.bounds} == {
        None
    }
    assert rounded(share(4, 23), SHARE).status == "ok"  # 23 is shown as 25
    assert rounded(share(4, 22), SHARE, Rules(least_for_share=20)).status == "ok"


def test_bounds_under_a_reading_are_left_away_and_it_is_said() -> None:
    shown = rounded(share(13, 48, 3, reading="blank is no"), SHARE)
    assert shown.bounds is None
    assert "without bounds" in (shown.reason or "")


def test_counts_and_rates() -> None:
    n = rounded(
        figure(value=7.0, numerator=7, denominator=7, unknown_eligibility=4, bounds=Bounds(7, 11)), COUNT
    )
    assert (n.value, n.numerator, n.denominator, n.bounds) == (5.0, 5, 5, Bounds(5, 10))
    rate = figure(value=7 / 9, numerator=7, denominator=9001, population=9001)
    shown = rounded(rate, RATE)
    assert (shown.value, shown.denominator, shown.population) == (5 * 1000 / 9001, 9001, 9001)
    assert shown.interval == intervals.poisson_rate(5, 9001, 1000)


def test_a_ratio_of_rates_keeps_the_residents_of_the_reference_group() -> None:
    a, b, pa, pb = 13, 48, 1013, 90_017
    exact = figure(
        value=(a / pa) / (b / pb), numerator=a, denominator=b, population=pa,
        interval=intervals.inflate(intervals.rate_ratio(a, pa, b, pb), (a / pa) / (b / pb), 2.5),
    )  # fmt: skip
    shown = rounded(exact, RATIO)
    assert shown.value == (15 / pa) / (50 / pb)
    assert shown.interval == intervals.rate_ratio(15, pa, 50, pb)
    assert "over-dispersion" in (shown.reason or "")
    assert rounded(replace(exact, numerator=7), RATIO).status == "suppressed"


def test_quantiles_need_records_on_both_sides_and_lose_their_bounds() -> None:
    wait = figure(value=503.0, numerator=48, denominator=48, bounds=Bounds(481.0, 517.0))
    shown = rounded(wait, MEDIAN)
    assert (shown.value, shown.bounds, shown.denominator) == (500.0, None, 50)
    assert rounded(wait, NINETIETH).status == "ok"
    assert rounded(replace(wait, denominator=47), NINETIETH).status == "suppressed"
    assert rounded(replace(wait, denominator=7), MEDIAN).status == "suppressed"


def test_reasons_that_hold_counts_are_not_published() -> None:
    few = figure(status="too-few", numerator=3, denominator=20, reason="fewer than 10 records (3 and 20)")
    shown = rounded(few, RATIO)
    assert (shown.status, shown.reason, shown.numerator) == ("too-few", "too few records", 5)
    dated = figure(status="not-supplied", reason="the table of 2024-06-30 has no number")
    assert rounded(dated, RATE).reason == dated.reason
    waits = share(13, 48, reason="7 not yet due")
    assert "7" not in (rounded(waits, SHARE).reason or "")
    assert "left away" in (rounded(waits, SHARE).reason or "")


def test_a_kind_without_a_rule_is_withheld() -> None:
    shown = rounded(figure(value=1.5, numerator=3), Measure(id="a.new", unit="", **BASE))  # type: ignore[arg-type]
    assert (shown.status, shown.value, shown.numerator) == ("suppressed", None, None)


def test_what_was_not_counted_stays_so() -> None:
    absent = figure(status="not-supplied", unknown=None, unknown_eligibility=None)
    assert rounded(absent, SHARE) == absent


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 30), st.integers(0, 30), st.booleans())
def test_rounding_a_rounded_figure_changes_nothing(
    x: int, more: int, unknown: int, unsure: int, read: bool
) -> None:
    if not x + more:
        return
    exact = share(x, x + more, unknown, unsure, reason="3 still waiting" if read else None)
    shown = rounded(exact, SHARE)
    assert gives_away(shown, SHARE) == []
    if shown.status == "ok" and (x % 5 or more % 5):
        assert gives_away(replace(shown, value=exact.value), SHARE) in (["value"], [])
        assert (
            "interval" in gives_away(replace(shown, interval=exact.interval), SHARE) or shown.numerator == x
        )


def test_every_shipped_kind_of_measure_is_rounded_or_withheld_never_left_as_it_is() -> None:
    for measure in shipped().measures.values():
        exact = figure(value=1.2345678, numerator=7, denominator=8, population=101, unknown=1)
        shown = rounded(exact, measure)
        assert shown.numerator in (None, 5)
        assert shown.value != exact.value
