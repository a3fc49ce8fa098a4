"""Impossible: a file of which no row can be read taken for a month without searches."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import HEADINGS, counts, different, manifests, run_here, search_text, write_search_file

NAME = "2019-07-kent-stop-and-search.csv"


@pytest.mark.parametrize(
    "rows",
    [
        different(5, Date="10/07/2019 12:00"),
        different(5, Date="2019-08-10T12:00:00Z"),  # another month
        different(5, Type="Person stopped"),
        different(5, Latitude="north"),
        different(5, **dict.fromkeys(HEADINGS, "NA")),
    ],
)
def test_file_of_unreadable_rows_is_refused(
    workspace: Path, tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    done = run_here("import", "police-uk", write_search_file(tmp_path / NAME, rows), cwd=workspace)
    assert done.returncode == 2
    assert "none of its 5 rows can be accepted" in done.stderr
    assert manifests(workspace) == []


def test_file_of_ragged_rows_is_refused(workspace: Path, tmp_path: Path) -> None:
    text = search_text(different(5)).replace("\n", ",\n").replace(",\n", "\n", 1)
    (tmp_path / NAME).write_text(text)
    done = run_here("import", "police-uk", tmp_path / NAME, cwd=workspace)
    assert done.returncode == 2
    assert "none of its 5 rows can be accepted (wrong number of fields" in done.stderr


def test_what_was_there_before_stays(workspace: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / NAME, different(5))
    run_here("import", "police-uk", file, cwd=workspace)
    write_search_file(tmp_path / NAME, different(5, Date="yesterday"))
    assert run_here("import", "police-uk", file, cwd=workspace).returncode == 2
    assert counts(workspace) == {("kent", "2019-07"): 5}


def test_header_only_file_is_a_month_without_searches(workspace: Path, tmp_path: Path) -> None:
    done = run_here("import", "police-uk", write_search_file(tmp_path / NAME, []), cwd=workspace)
    assert done.returncode == 0
    assert counts(workspace) == {("kent", "2019-07"): 0}
