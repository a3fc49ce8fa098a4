"""Impossible: two searches that look alike counted as one."""

from __future__ import annotations

import json
from pathlib import Path

from helpers import counts, different, held, manifests, run_here, write_search_file


def test_exact_repeats_are_kept_counted_and_reported(workspace: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / "2019-07-kent-stop-and-search.csv", [{}, *different(4), {}, {}])
    done = run_here("import", "police-uk", file, cwd=workspace)
    # The first of `different` is the row that is not told otherwise: four rows alike.
    assert counts(workspace) == {("kent", "2019-07"): 7}
    assert "3 accepted rows repeat another exactly (kept)" in done.stdout
    assert manifests(workspace)[0]["files"][0]["duplicates"] == 3
    measured = run_here(
        "measure", "powers.searches", "--force", "kent", "--period", "2019-07", "--format", "json",
        cwd=workspace,
    )  # fmt: skip
    assert json.loads(measured.stdout)[0]["value"] == 7


def test_repeats_have_record_ids_of_their_own(workspace: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / "2019-07-kent-stop-and-search.csv", [{}, {}, {}])
    run_here("import", "police-uk", file, cwd=workspace)
    assert [n for _, n in held(workspace, "row_hash, occurrence")] == [1, 2, 3]
    assert len(set(held(workspace, "row_hash, occurrence"))) == 3


def test_file_with_one_repeat_less_is_another_file(workspace: Path, tmp_path: Path) -> None:
    name = "2019-07-kent-stop-and-search.csv"
    run_here("import", "police-uk", write_search_file(tmp_path / "a" / name, [{}] * 3), cwd=workspace)
    run_here("import", "police-uk", write_search_file(tmp_path / "b" / name, [{}] * 2), cwd=workspace)
    assert counts(workspace) == {("kent", "2019-07"): 2}
