"""Who still waits is not left out: the share and the median would look best when the backlog is worst."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from waits import MEDIAN, WAIT, WITHIN, figure, incident, put


def test_a_backlog_lowers_the_share(workspace: Path) -> None:
    """Four attended in time and six still waiting for hours are 4 of 10, not 4 of 4."""
    quick = [incident(f"q{n}", "12:00", "12:05") for n in range(4)]
    put(workspace, *quick, *(incident(f"w{n}", "12:00") for n in range(6)))
    found = figure(workspace, WITHIN)
    assert (found.value, found.numerator, found.denominator) == (0.4, 4, 10)
    assert found.reason == "6 due and still waiting"


def test_a_backlog_lengthens_the_median(workspace: Path) -> None:
    rows = [incident(str(n), "12:00:00", f"12:0{n}:00") for n in range(1, 6)]
    put(workspace, *rows, *(incident(f"w{n}", "12:00") for n in range(3)))
    assert figure(workspace, MEDIAN).value == 180.0  # of the durations there are
    assert figure(workspace, WAIT).value == 270.0  # 4 of 8 by 4 min, 5 of 8 by 5 min


def test_a_backlog_of_more_than_half_has_no_median(workspace: Path) -> None:
    rows = [incident(str(n), "12:00:00", f"12:0{n}:00") for n in range(1, 4)]
    put(workspace, *rows, *(incident(f"w{n}", "12:00") for n in range(4)))
    found = figure(workspace, WAIT)
    assert (found.status, found.value) == ("not-yet-due", None)
    assert found.reason is not None and found.reason.startswith("not reached: ")


def test_attended_on_a_day_alone_is_not_waiting(workspace: Path) -> None:
    """The source knows the day of attendance and not its time: neither waiting nor in time."""
    put(workspace, incident("a", "12:00", "2023-01-31"), incident("b", "12:00", "12:05"))
    for measure in (WITHIN, WAIT):
        found = figure(workspace, measure)
        assert (found.denominator, found.unknown, found.reason) == (1, 1, None)


def test_times_that_cannot_be_true_are_never_within(workspace: Path) -> None:
    rows = [
        incident("before", "12:00:00", "11:59:59"),
        incident("after the moment", "12:00:00", "2023-02-03 12:00:00"),
        incident("closed after the moment", "12:00:00", closed="2023-02-03 12:00:00"),
        incident("closed before", "12:00:00", closed="11:00:00"),
        incident("received on a day alone", "2023-01-31", "12:00:00"),
        incident("fine", "12:00:00", "12:00:00"),
    ]
    put(workspace, *rows)
    for measure in (WITHIN, replace(WITHIN, limit_seconds=10**9), WAIT):
        found = figure(workspace, measure)
        assert found.unknown == 5
        assert (found.numerator or 0) <= 1
