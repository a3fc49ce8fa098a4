"""Impossible: a force without a file read as a force without searches, or the other way round."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from helpers import counts, different, run_here, write_search_file


def figure(workspace: Path, force: str, period: str = "2019-07") -> dict[str, Any]:
    done = run_here(
        "measure", "powers.searches", "--force", force, "--period", period, "--format", "json",
        cwd=workspace,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)[0]
    return found


def fill(workspace: Path, tmp_path: Path) -> None:
    write_search_file(tmp_path / "in" / "2019-07-kent-stop-and-search.csv", different(3))
    write_search_file(tmp_path / "in" / "2019-07-surrey-stop-and-search.csv", [])
    done = run_here("import", "police-uk", tmp_path / "in", cwd=workspace)
    assert done.returncode == 0, done.stderr


def test_no_file_an_empty_file_and_a_full_one_are_three_things(workspace: Path, tmp_path: Path) -> None:
    fill(workspace, tmp_path)
    assert counts(workspace) == {("kent", "2019-07"): 3, ("surrey", "2019-07"): 0}
    assert (figure(workspace, "kent")["status"], figure(workspace, "kent")["value"]) == ("ok", 3)
    assert (figure(workspace, "surrey")["status"], figure(workspace, "surrey")["value"]) == ("ok", 0)
    missing = figure(workspace, "essex")
    assert (missing["status"], missing["value"], missing["numerator"]) == ("not-supplied", None, None)


def test_period_with_one_month_missing_is_no_smaller_count(workspace: Path, tmp_path: Path) -> None:
    fill(workspace, tmp_path)
    part = figure(workspace, "kent", "2019-07..2019-08")
    assert part["value"] is None
    assert part["status"] != "ok"


def test_force_without_a_file_is_named_under_a_comparison(workspace: Path, tmp_path: Path) -> None:
    fill(workspace, tmp_path)
    done = run_here("compare", "powers.searches", "--period", "2019-07", "--format", "json", cwd=workspace)
    missing = json.loads(done.stdout)["missing"]
    assert "essex" in json.dumps(missing)
    assert "surrey" not in json.dumps(missing)
