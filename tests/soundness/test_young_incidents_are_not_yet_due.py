"""Younger than the limit: neither a success nor a failure, however it goes on."""

from __future__ import annotations

from pathlib import Path

from waits import WITHIN, figure, incident, put

OLD = [incident("in time", "12:00", "12:05"), incident("late", "12:00", "13:00")]


def test_this_evenings_incidents_do_not_count_against_the_force(workspace: Path) -> None:
    put(workspace, *OLD, *(incident(f"w{n}", "23:55") for n in range(10)))
    found = figure(workspace, WITHIN)
    assert (found.value, found.denominator, found.reason) == (0.5, 2, "10 not yet due")


def test_nor_for_it(workspace: Path) -> None:
    """Counting only the quick ones among the young would make the share too high."""
    young = [incident(f"q{n}", "23:55", "23:56") for n in range(10)]
    put(workspace, *OLD, *young, incident("w", "23:55"))
    found = figure(workspace, WITHIN)
    assert (found.value, found.denominator, found.reason) == (0.5, 2, "11 not yet due")


def test_nothing_due_is_a_status_and_no_zero(workspace: Path) -> None:
    put(workspace, incident("w", "23:59:59"), incident("gone", "12:00", closed="12:01"))
    found = figure(workspace, WITHIN)
    assert (found.status, found.value, found.numerator, found.denominator) == ("not-yet-due", None, 0, 0)
    assert (found.interval, found.bounds) == (None, None)
    assert found.reason == "nothing is due yet: 1 not yet due; 1 withdrawn without being served"


def test_exactly_as_old_as_the_limit_is_due(workspace: Path) -> None:
    put(workspace, incident("a", "23:54:00"), incident("b", "23:54:01"))
    found = figure(workspace, WITHIN)
    assert (found.value, found.denominator, found.reason) == (
        0.0,
        1,
        "1 not yet due; 1 due and still waiting",
    )
