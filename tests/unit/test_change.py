"""Differences of figures, the words for a change, and the verb."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ask import NFA, ask, put, rows
from helpers import run_here
from openpeel.catalogue import shipped
from openpeel.engine.compare.change import Change
from openpeel.engine.compare.difference import Difference, difference, form_of
from openpeel.engine.intervals import student_t, wilson
from openpeel.engine.measure.figure import Bounds, Figure, Interval


def figure(value: float | None, *, status: Any = "ok", **more: Any) -> Figure:
    given: dict[str, Any] = {
        "measure": "test.share", "force": "kent", "period_start": date(2023, 1, 1), "period_end": date(2023, 1, 31),
        "breakdown": {}, "status": status, "unit": "share of records", "as_at": date(2023, 6, 1), "figure_id": "fig",
        "value": value, "unknown_eligibility": 0,
    }  # fmt: skip
    return Figure(**(given | more))


def share(x: int, n: int, **more: Any) -> Figure:
    return figure(x / n, numerator=x, denominator=n, interval=wilson(x, n), **more)


def test_shares_differ_in_points() -> None:
    """The source report's audits: 80.0% of 235 after 75.4% is not clear, 75.3 after 90.3 is."""
    near = difference("points", share(188, 235), share(178, 236))
    assert near.value == pytest.approx(188 / 235 - 178 / 236)
    assert near.clear() == "no" and near.overlap
    far = difference("points", share(143, 190), share(271, 300))
    assert far.clear() == "lower" and far.overlap is False


def test_overlapping_intervals_do_not_decide() -> None:
    """The intervals overlap, the difference is clear all the same: that one decides, and both are shown."""
    found = difference("points", share(120, 200), share(97, 200))
    assert found.overlap is True and found.clear() == "higher"


def test_bounds_are_those_of_both() -> None:
    one, other = share(5, 10, bounds=Bounds(0.4, 0.6)), share(3, 10, bounds=Bounds(0.1, 0.7))
    found = difference("points", one, other).bounds
    assert found is not None and (found.low, found.high) == pytest.approx((-0.3, 0.5))
    alone = difference("points", share(5, 10), other).bounds
    assert alone is not None and (alone.low, alone.high) == pytest.approx((-0.2, 0.4))
    assert difference("points", share(5, 10), share(3, 10)).bounds is None


def test_counts_are_related() -> None:
    one, other = (figure(float(n), numerator=n, denominator=n) for n in (150, 100))
    found = difference("relative", one, other)
    assert found.value == pytest.approx(0.5) and found.clear() == "higher"
    assert found.interval is not None and found.interval.low == pytest.approx(0.158, abs=2e-3)


def test_dispersion_widens_and_decides() -> None:
    one, other = (figure(float(n), numerator=n, denominator=n) for n in (150, 100))
    found = difference("relative", one, other, dispersion=9.0)
    assert found.interval is not None and found.interval.inflated is not None
    assert found.interval.inflated.low < 0 and found.clear() == "no"


def test_rates_take_their_residents() -> None:
    one = figure(2.0, numerator=200, denominator=100_000, population=100_000)
    other = figure(2.0, numerator=100, denominator=50_000, population=50_000)
    assert difference("relative", one, other).value == pytest.approx(0)


def test_counts_not_known_to_belong_bound_the_relation() -> None:
    one = figure(10.0, numerator=10, denominator=10, unknown_eligibility=10)
    other = figure(10.0, numerator=10, denominator=10, unknown_eligibility=10)
    found = difference("relative", one, other).bounds
    assert found is not None and (found.low, found.high) == (-0.5, 1.0)


def test_means_are_welchs_and_medians_claim_nothing() -> None:
    def mean(value: float) -> Figure:
        return figure(value, numerator=50, denominator=50, interval=student_t(value, 4.0, 50))

    found = difference("amount", mean(12.0), mean(10.0))
    assert found.interval is not None and found.interval.method == "welch-t"
    assert found.interval.low == pytest.approx(2 - 1.98447 * 4.0 * (2 / 50) ** 0.5, abs=1e-4)
    median = difference("amount", figure(12.0), figure(10.0))
    assert (median.value, median.interval, median.clear()) == (2.0, None, "unsaid")


@pytest.mark.parametrize("which", [0, 1])
def test_no_value_on_one_side_is_no_difference(which: int) -> None:
    pair = [share(1, 2), share(1, 2)]
    pair[which] = figure(None, status="too-few", reason="fewer than 10")
    found = difference("points", *pair)
    assert (found.status, found.value, found.reason) == ("no-value", None, "fewer than 10")


def test_another_reading_is_not_compared() -> None:
    found = difference("points", share(1, 2), share(1, 2, reading="blank-after-nfa-is-not-linked"))
    assert found.status == "not-comparable" and found.clear() == "unsaid"


def test_every_shipped_measure_has_a_form_or_is_a_ratio() -> None:
    forms = {m.id: form_of(m) for m in shipped().measures.values()}
    assert {i for i, form in forms.items() if form is None} == {
        m.id for m in shipped().measures.values() if type(m).__name__ == "RatioOfRates"
    }


@pytest.mark.parametrize(
    ("better", "low", "high", "verdict"),
    [
        ("higher", 0.1, 0.3, "improved"),
        ("higher", -0.3, -0.1, "worsened"),
        ("lower", -0.3, -0.1, "improved"),
        ("lower", 0.1, None, "worsened"),
        ("neutral", 0.1, 0.3, "higher"),
        ("neutral", -0.3, -0.1, "lower"),
        ("higher", -0.1, 0.3, "no-clear-change"),
        ("higher", 0.0, 0.3, "no-clear-change"),
    ],
)
def test_words(better: Any, low: float, high: float | None, verdict: str) -> None:
    apart = Difference("points", "ok", 0.2, Interval(low, high, 0.95, "newcombe"))
    assert Change(better, share(1, 2), share(1, 2), apart).verdict == verdict
    silent = replace(apart, interval=None)
    assert Change(better, share(1, 2), share(1, 2), silent).verdict == "cannot-say"


@pytest.fixture
def year_and_year(workspace: Path) -> Path:
    for month in range(1, 8):
        put(workspace, "kent", f"2018-{month:02d}", rows(30, Outcome="Arrest") + rows(30, Outcome=NFA))
        put(workspace, "kent", f"2019-{month:02d}", rows(10, Outcome="Arrest") + rows(80, Outcome=NFA))
    return workspace


def test_the_same_months_of_the_year_before_unless_told(year_and_year: Path) -> None:
    (found,) = ask(
        year_and_year, "change", "powers.arrest_rate", "--force", "kent", "--period", "2019-01..2019-07"
    )
    assert found["before"]["period_start"] == "2018-01-01" and found["now"]["period_start"] == "2019-01-01"
    assert found["difference"]["value"] == pytest.approx(1 / 9 - 1 / 2)
    (count,) = ask(
        year_and_year, "change", "powers.searches", "--force", "kent", "--period", "2019-01..2019-07"
    )
    assert count["difference"]["value"] == pytest.approx(0.5)
    assert count["difference"]["interval"]["inflated"]["dispersion"] == 1.0


def test_table_and_csv(year_and_year: Path) -> None:
    args = ("change", "powers.arrest_rate", "--force", "kent", "--period", "2019-07")
    table = run_here(*args, cwd=year_and_year)
    assert "−38.9 points" in table.stdout and "Newcombe" in table.stderr, table.stdout
    lines = run_here(*args, "--format", "csv", cwd=year_and_year).stdout.splitlines()
    assert len(lines) == 2 and lines[0].startswith("measure,force,breakdown,verdict")


def test_a_ratio_is_refused(year_and_year: Path) -> None:
    done = run_here("change", "powers.disproportionality", "--period", "2019-07", cwd=year_and_year)
    assert done.returncode == 2 and "is a ratio itself" in done.stderr


def test_both_figures_are_in_the_ledger(year_and_year: Path) -> None:
    (found,) = ask(year_and_year, "change", "powers.searches", "--force", "kent", "--period", "2019-07")
    for side in ("now", "before"):
        assert run_here("figure", found[side]["figure_id"], cwd=year_and_year).returncode == 0


def test_a_category_of_one_period_alone_is_told(workspace: Path) -> None:
    put(workspace, "kent", "2019-06", rows(5, Gender="Male", Type="Person search"))
    put(workspace, "kent", "2019-07", rows(5, Gender="Female", Type="Person search"))
    args = ("--force", "kent", "--period", "2019-07", "--against", "2019-06", "--by", "person_gender")
    done = run_here("change", "powers.searches", *args, cwd=workspace)
    assert done.returncode == 0, done.stderr
    assert "in one of the two periods alone, so without a change: Female, Male" in done.stderr
