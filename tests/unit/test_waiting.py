"""Waits, some of them not over: shares within a limit and medians."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.engine.measure.quantiles import quantile
from openpeel.engine.measure.waiting import kaplan_meier_median, share_within

records = st.lists(
    st.integers(0, 1000).flatmap(
        lambda age: st.tuples(
            st.just(age),
            st.sampled_from(["served", "waiting", "withdrawn"]),
            st.integers(0, age),
        )
    ),
    max_size=60,
)
Columns = tuple[list[int], list[int | None], list[int | None]]


def columns(rows: list[tuple[int, str, int]]) -> Columns:
    return (
        [age for age, _, _ in rows],
        [end if state == "served" else None for _, state, end in rows],
        [end if state == "withdrawn" else None for _, state, end in rows],
    )


def test_share_by_hand() -> None:
    ages = [100, 100, 100, 100, 40, 40, 100, 60]
    served = [50, 60, 61, None, 10, None, None, None]
    withdrawn = [None, None, None, None, None, None, 70, 5]
    found = share_within(60, ages, served, withdrawn)
    # Due: the first four, all 100 s old. Two served within 60 s, one late, one still waiting.
    assert (found.share, found.served_within, found.due) == (0.5, 2, 4)
    assert found.not_yet_due == 2  # one of them already served: it does not count either
    assert (found.withdrawn, found.withdrawn_late, found.withdrawn_at) == (2, 1, (6, 7))


def test_a_record_exactly_as_old_as_the_limit_is_due() -> None:
    found = share_within(60, [60, 59], [60, 59], [None, None])
    assert (found.share, found.due, found.not_yet_due) == (1.0, 1, 1)


def test_nothing_due_has_no_share() -> None:
    found = share_within(60, [10], [5], [None])
    assert (found.share, found.due, found.not_yet_due) == (None, 0, 1)
    assert share_within(60, [], [], []).share is None


@settings(deadline=None)
@given(records, st.integers(0, 1000))
def test_every_record_is_in_one_category(rows: list[tuple[int, str, int]], limit: int) -> None:
    found = share_within(limit, *columns(rows))
    assert found.due + found.not_yet_due + found.withdrawn == len(rows)
    assert found.served_within <= found.due
    assert found.withdrawn_late <= found.withdrawn == len(found.withdrawn_at)


@settings(deadline=None)
@given(records, st.integers(0, 1000), st.integers(0, 500))
def test_a_due_record_keeps_its_answer_as_time_goes_on(
    rows: list[tuple[int, str, int]], limit: int, later: int
) -> None:
    # Nobody else is served: only records that were not yet due can change the counts.
    ages, served, withdrawn = columns(rows)
    now = share_within(limit, ages, served, withdrawn)
    then = share_within(limit, [age + later for age in ages], served, withdrawn)
    assert now.due <= then.due <= now.due + now.not_yet_due
    assert now.served_within <= then.served_within
    assert now.withdrawn == then.withdrawn


def test_median_with_waiting_records_by_hand() -> None:
    # At risk 5: 10 s -> 4/5; one gives up watching at 15; 20 s -> 4/5 × 2/3 = 8/15; 30 s -> 4/15.
    found = kaplan_meier_median([99, 15, 99, 99, 99], [10, None, 20, 30, None], [None] * 5)
    assert (found.median, found.served, found.waiting, found.withdrawn) == (30, 3, 2, 0)


def test_leaving_the_waiting_out_would_be_wrong() -> None:
    ages, served = [1000] * 10, [10, 20, 30, 40, *[None] * 6]
    found = kaplan_meier_median(ages, served, [None] * 10)
    assert found.median is None  # "not reached"; the median of the served alone would be 25
    assert (found.served, found.waiting) == (4, 6)


def test_exactly_half_still_waiting() -> None:
    assert kaplan_meier_median([100] * 4, [10, 20, 30, 40], [None] * 4).median == 25
    assert kaplan_meier_median([100] * 4, [10, 20, 40, None], [None] * 4).median == 30
    # Half were served by 20 s and nobody later: 20 s is what is known.
    assert kaplan_meier_median([100] * 4, [10, 20, None, None], [None] * 4).median == 20


def test_served_at_the_moment_another_stopped_counts_it_as_waiting() -> None:
    # At 10 s two are at risk, one is served: one half, and nobody is served later.
    assert kaplan_meier_median([10, 10], [10, None], [None, None]).median == 10


def test_withdrawn_records_are_counted_listed_and_out() -> None:
    with_gone = kaplan_meier_median([100] * 5, [10, None, 30, None, 50], [None, 5, None, 99, None])
    assert (with_gone.median, with_gone.withdrawn, with_gone.withdrawn_at) == (30, 2, (1, 3))


@settings(deadline=None)
@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=300))
def test_without_waiting_records_it_is_the_ordinary_median(ends: list[int]) -> None:
    found = kaplan_meier_median([100_000] * len(ends), ends, [None] * len(ends))
    assert found.median == quantile(ends, 0.5)


def test_nothing_has_no_median() -> None:
    assert kaplan_meier_median([], [], []).median is None
    assert kaplan_meier_median([5], [None], [None]).median is None


@pytest.mark.parametrize("bad", [-1, 5.0, True, "5"])
def test_a_duration_that_is_not_whole_seconds_is_refused(bad: int) -> None:
    for ages, served, withdrawn in (
        ([bad], [None], [None]),
        ([9], [bad], [None]),
        ([9], [None], [bad]),
    ):
        for call in (lambda a, s, w: share_within(5, a, s, w), kaplan_meier_median):
            with pytest.raises(ValueError):
                call(ages, served, withdrawn)
    with pytest.raises(ValueError):
        share_within(bad, [9], [None], [None])


def test_contradictions_are_refused() -> None:
    with pytest.raises(ValueError, match="both"):
        share_within(5, [9], [3], [4])
    with pytest.raises(ValueError, match="after the as-at"):
        share_within(5, [9], [10], [None])
    with pytest.raises(ValueError, match="after the as-at"):
        kaplan_meier_median([9], [None], [10])
    with pytest.raises(ValueError, match="one length"):
        share_within(5, [9, 9], [3], [None, None])
