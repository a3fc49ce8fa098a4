"""British Transport Police stands among the forces in the files and is none of the 43."""

from __future__ import annotations

from pathlib import Path

from ask import RESIDENTS, ask, figures, one, put, rows, settle
from helpers import run_here


def test_a_body_is_kept_and_compared_with_nobody(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(10))
    put(workspace, "btp", "2019-07", rows(500))
    settle(workspace, {"kent": RESIDENTS})
    found = ask(workspace, "compare", "powers.searches_per_1000", "--period", "2019-07")
    assert len(found["figures"]) == 43
    assert "btp" not in {f["force"] for f in found["figures"]}
    assert found["versions"][0]["n"] == 1
    assert [p["force"] for p in found["funnel"]["points"]] == ["kent"]
    assert "btp" not in {f["force"] for f in figures(workspace, "powers.searches")}
    assert one(workspace, "powers.searches", "--force", "btp")["value"] == 500
    assert "out of scope" in run_here("measure", "powers.searches", "--force", "btp", cwd=workspace).stderr
