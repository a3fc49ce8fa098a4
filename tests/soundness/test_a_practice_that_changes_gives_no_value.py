"""A force that changes how it fills in a column must not be averaged into sense over the whole period."""

from __future__ import annotations

from pathlib import Path

from ask import LINKED, NFA, one, put

GOOD = [{"Outcome": "Arrest", LINKED: "True"}] * 20 + [{"Outcome": NFA, LINKED: "False"}] * 80
SENSELESS = [{"Outcome": "Arrest", LINKED: "True"}] * 10 + [{"Outcome": NFA, LINKED: "True"}] * 25
ONLY_ACTED = [{"Outcome": "Arrest", LINKED: "True"}] * 20 + [{"Outcome": NFA, LINKED: ""}] * 80
NEVER = [{"Outcome": "Arrest", LINKED: ""}] * 5 + [{"Outcome": NFA, LINKED: ""}] * 30

PERIOD = ("--force", "kent", "--period", "2019-01..2019-04")


def test_one_senseless_month_of_four(workspace: Path) -> None:
    for month in ("2019-01", "2019-02", "2019-03"):
        put(workspace, "kent", month, GOOD)
    put(workspace, "kent", "2019-04", SENSELESS)
    # Together only 25 of 265 searches with no further action are marked, well under a quarter.
    figure = one(workspace, "powers.linked_outcome_rate", *PERIOD)
    assert (figure["status"], figure["value"], figure["bounds"]) == ("not-interpretable", None, None)
    assert "2019-04: marks searches with no further action as linked" in figure["reason"]


def test_one_month_never_filled_in_under_a_reading_of_blanks(workspace: Path) -> None:
    for month in ("2019-01", "2019-02", "2019-03"):
        put(workspace, "kent", month, ONLY_ACTED)
    put(workspace, "kent", "2019-04", NEVER)
    # The reading would count 30 searches of April as not linked, where nothing was recorded at all.
    figure = one(workspace, "powers.linked_outcome_rate", *PERIOD)
    assert (figure["status"], figure["value"]) == ("not-interpretable", None)


def test_one_month_never_filled_in_is_unknown_where_blanks_are_not_read(workspace: Path) -> None:
    for month in ("2019-01", "2019-02", "2019-03"):
        put(workspace, "kent", month, GOOD)
    put(workspace, "kent", "2019-04", NEVER)
    figure = one(workspace, "powers.linked_outcome_rate", *PERIOD)
    assert (figure["status"], figure["numerator"], figure["denominator"]) == ("ok", 60, 300)
    assert figure["unknown"] == 35


def test_a_handful_of_searches_is_no_practice(workspace: Path) -> None:
    for month in ("2019-01", "2019-02", "2019-03"):
        put(workspace, "kent", month, GOOD)
    put(workspace, "kent", "2019-04", [{"Outcome": NFA, LINKED: "True"}] * 5)
    assert one(workspace, "powers.linked_outcome_rate", *PERIOD)["status"] == "ok"
