"""Means from exact sums, against the statistics module and scipy."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest
from scipy import stats

from openpeel.engine.declare.measures import LOWER, Mean
from waits import ABOUT, answers, figure, incident, put

MEAN = Mean(
    id="test.mean", of_number="seconds_to_attend", unit="seconds to attendance", better=LOWER, **ABOUT
)


def test_a_mean_and_its_interval(workspace: Path) -> None:
    took = [60, 61, 3599, 7, 7]
    put(
        workspace,
        *(
            incident(str(n), "10:00:00", f"{10 + s // 3600}:{s // 60 % 60:02d}:{s % 60:02d}")
            for n, s in enumerate(took)
        ),
    )
    found = figure(workspace, MEAN)
    assert found.value == pytest.approx(statistics.fmean(took), rel=1e-12)
    assert found.interval is not None and found.interval.high is not None
    low, high = stats.t.interval(0.95, 4, statistics.fmean(took), stats.sem(took))
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high), rel=1e-9)
    assert found.interval.method == "student-t"


def test_what_is_not_known_is_in_no_mean(workspace: Path) -> None:
    put(
        workspace,
        incident("a", "10:00:00", "10:01:00"),
        incident("b", "10:00:00"),
        incident("c", "10:00:00", "09:59:00"),
    )
    found = figure(workspace, MEAN)
    assert (found.value, found.numerator, found.unknown, found.interval) == (60, 1, 2, None)


def test_of_nothing_there_is_no_mean(workspace: Path) -> None:
    put(workspace, incident("a", "10:00:00"))
    assert figure(workspace, MEAN).status == "no-data"


def test_two_months_are_the_mean_of_all_not_of_means(workspace: Path) -> None:
    put(workspace, incident("a", "10:00:00", "10:01:00"))
    put(
        workspace,
        *(incident(n, "2023-02-01 10:00:00", f"2023-02-01 10:00:0{n}") for n in "123"),
        month="2023-02",
    )
    found = answers(workspace, MEAN, as_at="2023-03-01", period="2023-01..2023-02").figures[0]
    assert found.value == (60 + 1 + 2 + 3) / 4
