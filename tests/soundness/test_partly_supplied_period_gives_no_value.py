"""Two months of a quarter must not pass for the quarter."""

from __future__ import annotations

from pathlib import Path

from ask import OF_SEARCHES, RESIDENTS, ask, figures, put, rows, settle
from openpeel.catalogue import shipped


def test_no_value(workspace: Path) -> None:
    for month in ("2019-07", "2019-09"):
        put(workspace, "kent", month, rows(20))
    settle(workspace, {"kent": RESIDENTS})
    found = figures(workspace, *shipped().measures, "--force", "kent", "--period", "2019-07..2019-09")
    assert {f["measure"] for f in found} == set(shipped().measures)
    for figure in found:
        assert (figure["status"], figure["value"]) == ("not-supplied", None)
        of_searches = figure["measure"] in OF_SEARCHES  # of other types nothing is held at all
        assert figure["reason"] == f"nothing supplied for {'2019-08' if of_searches else 'the period'}"
        assert [figure[k] for k in ("numerator", "denominator", "interval", "bounds")] == [None] * 4
        assert len(figure["snapshots"]) >= 2 or not of_searches


def test_it_is_in_no_comparison(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(20))
    for month in ("2019-07", "2019-08"):
        put(workspace, "essex", month, rows(5))
    settle(workspace, dict.fromkeys(("kent", "essex"), RESIDENTS))
    found = ask(workspace, "compare", "powers.searches_per_1000", "--period", "2019-07..2019-08")
    assert "kent" in found["missing"]
    assert found["versions"][0]["n"] == 1
    assert found["versions"][0]["mean"] == 0.1
