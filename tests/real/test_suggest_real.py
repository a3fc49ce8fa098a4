"""A stranger's file, the fire brigade's response table of ``../shared/data``, through a drafted mapping."""

from __future__ import annotations

import csv
import gzip
import io
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers import held, manifests, new_workspace, run_here

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "lfb-dwelling-fire-response-2009"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real files (../shared/data) are not there")

Done = tuple[Path, str]


def rows() -> list[dict[str, str]]:
    """The table's rows, read with Python's own csv module."""
    text = gzip.decompress(table().read_bytes()).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def table() -> Path:
    return next(FOLDER.glob("*.csv.gz"))


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    root = new_workspace(tmp_path_factory.mktemp("fires") / "w")
    done = run_here("mapping", "suggest", "--type", "incident", table(), "--out", "m.toml", cwd=root)
    assert done.returncode == 0, done.stderr
    yield root, (root / "m.toml").read_text()


def test_the_draft_finds_number_times_and_places(drafted: Done) -> None:
    said: dict[str, Any] = tomllib.loads(drafted[1])
    columns = said["columns"]
    call = ["DateOfCall", "TimeOfCall"]
    assert columns["incident_id"] == "IncidentNumber"
    assert columns["opened_at"] == {"join": call}
    assert columns["arrived_at"] == {"join": call, "plus_seconds": "FirstPumpArriving_AttendanceTime"}
    assert (columns["ward"], columns["local_authority"]) == ("WardName", "BoroughName")
    assert columns["station_area"] == "IncidentStationGround"
    assert (columns["easting"], columns["northing"]) == ("Easting_m", "Northing_m")
    assert (said["scope"], said["zone"]) == ("changes", "local")


def test_the_draft_marks_what_somebody_has_to_say(drafted: Done) -> None:
    lines = drafted[1].splitlines()
    for begins in ("scope", "zone", "arrived_at"):
        assert any(line.startswith(begins) and "# unsure" in line for line in lines), begins
    assert "NEEDED" not in drafted[1]
    private = drafted[1].partition("# not taken: looks like somebody's name")[2]
    assert '"Postcode_full"' in private
    assert not {row["Postcode_district"] for row in rows()[:200]} & set(drafted[1].split())


def test_the_draft_imports_every_row_to_the_second(drafted: Done) -> None:
    root, _ = drafted
    done = run_here("import", "extract", "--mapping", "m.toml", "--force", "metropolitan", table(), cwd=root)
    assert done.returncode == 0, done.stderr
    account = manifests(root)[-1]["files"][0]
    assert account["read"] == len(rows()) == account["accepted"]
    columns = "incident_id, CAST(date_diff('second', opened_at, arrived_at) AS VARCHAR)"
    ours = dict(held(root, columns))
    theirs = {
        r["IncidentNumber"].strip(): r["FirstPumpArriving_AttendanceTime"].strip().replace("NULL", "") or None
        for r in rows()
    }
    assert ours == theirs


def test_the_check_of_the_draft_shows_where_everything_stands(drafted: Done) -> None:
    root, _ = drafted
    done = run_here("mapping", "check", "m.toml", table(), cwd=root)
    assert done.returncode == 0, done.stderr
    assert "of the first 1000 rows 1000 would be accepted, 0 set aside" in done.stderr
