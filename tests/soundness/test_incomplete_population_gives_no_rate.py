"""A table by group that lacks a group sums up to fewer people, and so to a rate too high, without a sign of it."""

from __future__ import annotations

from pathlib import Path

from ask import BLACK, RESIDENTS, WHITE, of_group, one, put, settle

RATE = "powers.searches_per_1000"


def test_a_sum_of_some_groups_is_no_total(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", [{"Self-defined ethnicity": e} for e in [WHITE] * 10 + [BLACK] * 10])
    lacking = {g: n for g, n in RESIDENTS.items() if g != "Other"}
    settle(workspace, {"kent": lacking, "essex": RESIDENTS})
    figure = one(workspace, RATE, "--force", "kent")
    assert (figure["status"], figure["value"]) == ("not-supplied", None)
    assert "Other" in figure["reason"]
    # two groups that are there can be set against each other all the same
    assert of_group(workspace, "Black", "--force", "kent")["value"] == 10 / 2_000 / (10 / 90_000)
    assert of_group(workspace, "Other", "--force", "kent")["status"] == "not-supplied"


def test_also_where_every_force_lacks_it(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", [{}])
    settle(workspace, {"kent": {"White": 90_000}})
    assert one(workspace, RATE, "--force", "kent")["status"] == "not-supplied"


def test_without_white_residents_there_is_nothing_to_compare_with(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", [{"Self-defined ethnicity": e} for e in [WHITE] * 10 + [BLACK] * 10])
    settle(workspace, {"kent": {g: n for g, n in RESIDENTS.items() if g != "White"}})
    figure = of_group(workspace, "Black", "--force", "kent")
    assert (figure["status"], figure["value"]) == ("not-supplied", None)
    assert "White" in figure["reason"]
