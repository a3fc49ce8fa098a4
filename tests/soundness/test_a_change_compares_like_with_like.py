"""A change is of two periods without a month in common and as long as each other; days count, not months."""

from __future__ import annotations

from pathlib import Path

import pytest

from ask import NFA, ask, put, rows
from helpers import run_here


@pytest.fixture
def two_months(workspace: Path) -> Path:
    put(workspace, "kent", "2019-02", rows(28, Outcome="Arrest"))
    put(workspace, "kent", "2019-03", rows(10, Outcome="Arrest") + rows(21, Outcome=NFA))
    return workspace


def changed(root: Path, measure: str, *args: str) -> dict[str, object]:
    found = ask(root, "change", measure, "--force", "kent", *args)
    assert len(found) == 1
    return dict(found[0])


def test_windows_that_overlap_are_refused(two_months: Path) -> None:
    """February would stand on both sides, and half of any change be hidden."""
    for now, before in (("2019-02..2019-03", "2019-02"), ("2019-02", "2019-03"), ("2019-03", "2019-03")):
        args = ("change", "powers.arrest_rate", "--period", now, "--against", before)
        done = run_here(*args, cwd=two_months)
        assert done.returncode == 2 and "is not wholly before" in done.stderr, done.stderr


def test_counts_of_unlike_periods_are_refused(two_months: Path) -> None:
    put(two_months, "kent", "2019-01", rows(3))
    args = ("--period", "2019-03", "--against", "2019-01..2019-02")
    done = run_here("change", "powers.searches", *args, cwd=two_months)
    assert done.returncode == 2 and "has 2 months, 2019-03 1" in done.stderr
    # A share does not grow with the length of the period.
    assert changed(two_months, "powers.arrest_rate", *args)["difference"]["status"] == "ok"  # type: ignore[index]


def test_counts_are_related_by_the_day(two_months: Path) -> None:
    """28 in the 28 days of February and 31 in the 31 of March are as many: not a tenth more."""
    found = changed(two_months, "powers.searches", "--period", "2019-03", "--against", "2019-02")
    assert found["difference"]["value"] == pytest.approx(0, abs=1e-12)  # type: ignore[index]
    assert found["verdict"] == "no-clear-change"


def test_a_month_not_supplied_is_no_fall(two_months: Path) -> None:
    found = changed(two_months, "powers.searches", "--period", "2019-04", "--against", "2019-03")
    apart = found["difference"]
    assert isinstance(apart, dict)
    assert (apart["status"], apart["value"], found["verdict"]) == ("no-value", None, "cannot-say")
    assert "nothing supplied" in str(apart["reason"])


def test_none_before_is_not_infinitely_more(workspace: Path) -> None:
    """A month with none in it, which was supplied, has no relation to one with some."""
    put(workspace, "kent", "2019-02", [])
    put(workspace, "kent", "2019-03", rows(5))
    found = changed(workspace, "powers.searches", "--period", "2019-03", "--against", "2019-02")
    apart = found["difference"]
    assert isinstance(apart, dict)
    assert (apart["status"], apart["value"], found["verdict"]) == ("not-applicable", None, "cannot-say")


def test_a_change_keeps_both_figures(two_months: Path) -> None:
    """The same figures, with the same ids, as when each is asked for by itself."""
    found = changed(two_months, "powers.arrest_rate", "--period", "2019-03", "--against", "2019-02")
    for side, month in (("now", "2019-03"), ("before", "2019-02")):
        (alone,) = ask(two_months, "measure", "powers.arrest_rate", "--force", "kent", "--period", month)
        assert found[side] == alone
