"""The population of the period's own year, or no rate: another year's would pass for it unseen."""

from __future__ import annotations

from pathlib import Path

from ask import RESIDENTS, of_group, one, put, rows, settle, totals

RATE = "powers.searches_per_1000"


def test_no_estimate_of_that_year_no_rate(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(10))
    put(workspace, "kent", "2018-07", rows(10))
    settle(workspace, {"kent": RESIDENTS})
    totals(workspace, 2018, {"kent": 50_000})
    matching = ("--force", "kent", "--population", "matching-year")
    assert one(workspace, RATE, *matching, "--period", "2018-07")["population"] == 50_000
    figure = one(workspace, RATE, *matching, "--period", "2019-07")
    assert (figure["status"], figure["value"], figure["population"]) == ("not-supplied", None, None)
    assert figure["population_source"] is None
    assert of_group(workspace, "Black", *matching, "--period", "2018-07")["status"] == "not-supplied"


def test_latest_is_the_default_and_named(workspace: Path) -> None:
    put(workspace, "kent", "2018-07", rows(10))
    settle(workspace, {"kent": RESIDENTS})
    totals(workspace, 2018, {"kent": 50_000})
    figure = one(workspace, RATE, "--force", "kent", "--period", "2018-07")
    assert figure["population"] == 100_000
    assert figure["population_source"] == "Census, 21 March 2021"


def test_the_year_is_that_in_which_the_period_ends(workspace: Path) -> None:
    for month in ("2018-12", "2019-01"):
        put(workspace, "kent", month, rows(10))
    totals(workspace, 2018, {"kent": 50_000})
    totals(workspace, 2019, {"kent": 40_000})
    figure = one(
        workspace, RATE, "--force", "kent", "--period", "2018-12..2019-01", "--population", "matching-year"
    )
    assert figure["population"] == 40_000


def test_another_force_s_residents_are_never_used(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(10))
    settle(workspace, {"essex": RESIDENTS})
    assert one(workspace, RATE, "--force", "kent")["status"] == "not-supplied"
