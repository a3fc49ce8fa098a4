"""Impossible: a search after midnight in London counted in the month before, because its stamp is UTC."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import counts, held, run_here, set_aside, write_search_file

EDGES = {
    "2019-08-31T22:59:59+00:00": "2019-08",  # one second to midnight in London
    "2019-08-31T23:00:00+00:00": "2019-09",  # summer: London is an hour ahead
    "2019-08-31T23:59:59.999+00:00": "2019-09",
    "2019-09-01T00:00:00+00:00": "2019-09",
    "2019-12-31T23:00:00+00:00": "2019-12",  # winter: it is not
    "2019-12-31T23:59:59+00:00": "2019-12",
    "2020-01-01T00:00:00+00:00": "2020-01",
    "2019-03-31T23:00:00+00:00": "2019-04",  # clocks went forward that morning
    "2019-10-31T23:30:00+00:00": "2019-10",
}


@pytest.mark.parametrize(("stamp", "month"), EDGES.items())
def test_search_belongs_to_the_month_of_its_date_in_london(
    workspace: Path, tmp_path: Path, stamp: str, month: str
) -> None:
    file = write_search_file(tmp_path / f"{month}-kent-stop-and-search.csv", [{"Date": stamp}])
    assert run_here("import", "police-uk", file, cwd=workspace).returncode == 0
    assert counts(workspace) == {("kent", month): 1}


def test_file_of_september_takes_the_last_hour_of_august_in_utc_and_not_the_hour_before(
    workspace: Path, tmp_path: Path
) -> None:
    rows = [
        {"Date": "2019-08-31T22:59:00Z"},
        {"Date": "2019-08-31T23:00:00Z"},
        {"Date": "2019-09-30T23:00:00Z"},
    ]
    file = write_search_file(tmp_path / "2019-09-kent-stop-and-search.csv", rows)
    run_here("import", "police-uk", file, cwd=workspace)
    assert counts(workspace) == {("kent", "2019-09"): 1}
    assert [row["detail"] for row in set_aside(workspace)] == ["belongs to 2019-08", "belongs to 2019-10"]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Auckland"])
def test_zone_of_the_computer_does_not_matter(workspace: Path, tmp_path: Path, zone: str) -> None:
    rows = [{"Date": "2019-08-31T23:30:00Z"}, {"Date": "2019-09-30T12:00:00"}]
    file = write_search_file(tmp_path / "2019-09-kent-stop-and-search.csv", rows)
    subprocess.run(
        [sys.executable, "-m", "openpeel.cli.main", "import", "police-uk", file],
        cwd=workspace, env={**os.environ, "TZ": zone}, check=True, capture_output=True,
    )  # fmt: skip
    moments = [(str(a), str(d)) for a, d in held(workspace, "searched_at, searched_at_date")]
    assert moments == [("2019-08-31 23:30:00", "2019-09-01")]
