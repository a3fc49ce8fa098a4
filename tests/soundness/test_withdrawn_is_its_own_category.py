"""Closed or cancelled without attendance: neither attended nor waiting, in no denominator, and counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from waits import WAIT, WITHIN, figure, incident, put

SERVED = [incident("in time", "12:00", "12:05"), incident("late", "12:00", "13:00")]


def test_neither_a_success_nor_a_failure(workspace: Path) -> None:
    """Resolved by telephone, quickly or slowly, a hundred or none: the share is the same."""
    put(workspace, *SERVED)
    alone = figure(workspace, WITHIN)
    gone = [incident(f"g{n}", "12:00", closed=f"{13 + n % 10}:00") for n in range(100)]
    put(workspace, *SERVED, *gone)
    found = figure(workspace, WITHIN)
    assert (found.value, found.denominator) == (alone.value, alone.denominator) == (0.5, 2)
    assert (alone.reason, found.reason) == (None, "100 withdrawn without being served")


def test_nor_waiting_for_ever(workspace: Path) -> None:
    rows = [*SERVED, *(incident(f"g{n}", "12:00", closed="12:01") for n in range(5))]
    put(workspace, *rows)
    assert figure(workspace, WAIT).value == (300 + 3600) / 2
    # Without the column that says so they would wait for ever, and no median would be reached.
    assert figure(workspace, replace(WAIT, withdrawn="")).status == "not-yet-due"


def test_closed_after_attendance_is_attended(workspace: Path) -> None:
    put(workspace, incident("a", "12:00", "12:05", "18:00"), incident("b", "12:00", "12:05", "12:05"))
    found = figure(workspace, WITHIN)
    assert (found.numerator, found.denominator, found.reason) == (2, 2, None)


def test_closed_on_a_day_alone_is_closed(workspace: Path) -> None:
    put(workspace, *SERVED, incident("gone", "12:00", closed="2023-01-31"))
    found = figure(workspace, WITHIN)
    assert (found.denominator, found.unknown, found.reason) == (2, 0, "1 withdrawn without being served")
