"""A force without a file, shown as nought, would head every ranking of low values and pull the mean down."""

from __future__ import annotations

from pathlib import Path

from ask import RESIDENTS, ask, one, put, rows, settle


def test_missing_is_named_and_in_no_mean(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(10))
    put(workspace, "essex", "2019-07", rows(30))
    settle(workspace, dict.fromkeys(("kent", "essex", "surrey"), RESIDENTS))
    found = ask(workspace, "compare", "powers.searches_per_1000", "--period", "2019-07")
    by_force = {f["force"]: f for f in found["figures"]}
    assert len(by_force) == 43
    assert (by_force["surrey"]["status"], by_force["surrey"]["value"]) == ("not-supplied", None)
    assert by_force["surrey"]["numerator"] is None
    assert by_force["surrey"]["unknown_eligibility"] is None
    assert "surrey" in found["missing"]
    assert len(found["missing"]) == 41
    (version,) = found["versions"]
    assert (version["n"], version["mean"]) == (2, 0.2)
    assert set(version["bands"]) == {"kent", "essex"}
    assert {p["force"] for p in found["funnel"]["points"]} == {"kent", "essex"}


def test_a_file_without_rows_is_a_true_zero(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(10))
    put(workspace, "essex", "2019-07", [])
    settle(workspace, dict.fromkeys(("kent", "essex"), RESIDENTS))
    found = ask(workspace, "compare", "powers.searches_per_1000", "--period", "2019-07")
    assert next(f for f in found["figures"] if f["force"] == "essex")["value"] == 0.0
    assert (found["versions"][0]["n"], found["versions"][0]["mean"]) == (2, 0.05)


def test_without_residents_there_is_no_rate_and_the_force_is_not_called_missing(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(10))
    figure = one(workspace, "powers.searches_per_1000", "--force", "kent")
    assert (figure["status"], figure["value"], figure["numerator"]) == ("not-supplied", None, 10)
    assert (figure["denominator"], figure["population"]) == (None, None)
    found = ask(workspace, "compare", "powers.searches_per_1000", "--period", "2019-07")
    assert "kent" not in found["missing"]
    assert "essex" in found["missing"]


def test_a_column_never_filled_in_is_not_a_missing_force(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(10, Outcome=""))
    found = ask(workspace, "compare", "powers.outcome_rate", "--period", "2019-07")
    assert next(f for f in found["figures"] if f["force"] == "kent")["status"] == "not-supplied"
    assert "kent" not in found["missing"]
    assert found["versions"][0]["mean"] is None
