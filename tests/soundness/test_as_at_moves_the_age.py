"""The same records on another as-at day are of another age: cells of one day are never used for another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from waits import WAIT, WITHIN, answers, figure, incident, opened, put

DAY = replace(WITHIN, limit_seconds=86400)


def test_what_was_young_becomes_due(workspace: Path) -> None:
    put(workspace, incident("a", "2023-01-31 12:00"), incident("b", "2023-01-30 12:00", "2023-01-30 13:00"))
    first = figure(workspace, DAY, as_at="2023-01-31")
    second = figure(workspace, DAY, as_at="2023-02-01")
    assert (first.numerator, first.denominator, first.reason) == (1, 1, "1 not yet due")
    assert (second.numerator, second.denominator) == (1, 2)
    assert first.figure_id != second.figure_id
    assert first.snapshots == second.snapshots
    assert figure(workspace, DAY, as_at="2023-01-31") == first  # and back again


def test_the_day_ends_at_midnight_in_london(workspace: Path) -> None:
    """In July that is 23:00 UTC: an incident of 23:30 local time on the 31st is half an hour old at its end."""
    rows = [incident("a", "2023-07-31 23:30:00"), incident("b", "2023-07-31 23:30:01")]
    put(workspace, *rows, month="2023-07", supplied="2023-07-31")
    half = replace(WITHIN, limit_seconds=1800)
    found = figure(workspace, half, as_at="2023-07-31", period="2023-07")
    assert (found.denominator, found.reason) == (1, "1 not yet due; 1 due and still waiting")


def test_an_incident_after_the_as_at_day_has_no_age(workspace: Path) -> None:
    """Known before it happened: such a time cannot be true, and its record is unknown."""
    put(workspace, incident("a", "2023-01-31 12:00"), supplied="2023-01-30")
    found = figure(workspace, DAY, as_at="2023-01-30")
    assert (found.status, found.unknown, found.denominator) == ("no-data", 1, 0)


def test_the_medians_of_two_days_are_both_right_in_one_workspace(workspace: Path) -> None:
    """Two have waited 5 minutes at the end of the 31st, when a third was served after 10; then they wait on."""
    put(workspace, incident("a", "12:00", "12:10"), incident("b", "23:55"), incident("c", "23:55"))
    first = figure(workspace, WAIT, as_at="2023-01-31")
    second = figure(workspace, WAIT, as_at="2023-02-01")
    assert (first.status, first.value) == ("ok", 600.0)  # it alone is at risk at 10 minutes
    assert (second.status, second.value) == ("not-yet-due", None)  # one of three: two thirds are left


def test_by_recomputing_nothing_is_found_from_another_day(workspace: Path) -> None:
    """Cells kept for one day, the folder of the other day gone: each day's figures stay its own."""
    put(workspace, incident("a", "2023-01-31 12:00"))
    days = ["2023-01-31", "2023-02-01", "2023-02-02"]
    kept = {d: answers(workspace, DAY, WAIT, as_at=d).figures for d in days}
    for day in reversed(days):
        context = opened(workspace, DAY, WAIT, as_at=day)
        context.close()
        assert answers(workspace, DAY, WAIT, as_at=day).figures == kept[day]
        assert answers(workspace, DAY, WAIT, as_at=day, fresh=True).figures == kept[day]
