"""Real times of attendance of ``../shared/data`` come in by a mapping, exact to the second.

The fire brigade's table has none of our columns. No register knows the brigade, so a force stands in for it.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from helpers import held, new_workspace, run_here

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "lfb-dwelling-fire-response-2009"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real files (../shared/data) are not there")

MAPPING = """
type = "incident"
scope = "changes"
zone = "local"

[columns]
incident_id = "IncidentNumber"
opened_at = { join = ["DateOfCall", "TimeOfCall"], formats = ["%Y-%m-%d %H:%M:%S"] }
arrived_at = { join = ["DateOfCall", "TimeOfCall"], formats = ["%Y-%m-%d %H:%M:%S"], plus_seconds = "FirstPumpArriving_AttendanceTime" }
source = { value = "other" }
opening_code = "StopCodeDescription"
location_kind = "PropertyType"
ward = "WardName"
local_authority = "BoroughName"
station_area = "IncidentStationGround"
station = "FirstPumpArriving_DeployedFromStation"
easting = "Easting_m"
northing = "Northing_m"

[only]
"PropertyCategory" = ["Dwelling"]
"""  # noqa: E501
MEASURE = """
[[measure]]
kind = "ShareWithin"
id = "local.attended_in_six_minutes"
title = "Dwelling fires attended within six minutes"
sentence = "{value} of incidents were attended within six minutes ({x} of {y})."
of = "responding.incident"
start = "opened_at"
served = "arrived_at"
limit_seconds = 360
by = ["station_area"]
unit = "share of incidents"
reviewed = 2026-11-22
"""

Row = dict[str, str]


def read() -> list[Row]:
    """The table, read with Python's own csv module."""
    (file,) = FOLDER.glob("*.csv.gz")
    return list(csv.DictReader(io.StringIO(gzip.decompress(file.read_bytes()).decode(), newline="")))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("brigade")
    root = new_workspace(folder / "w")
    (root / "local").mkdir(exist_ok=True)
    (root / "local" / "attended.toml").write_text(MEASURE)
    (folder / "m.toml").write_text(MAPPING)
    done = run_here(
        "import", "extract", "--mapping", folder / "m.toml", "--force", "metropolitan", FOLDER, cwd=root
    )
    assert done.returncode == 0, done.stderr
    rows = len(read())
    assert f"1 file: {rows} rows read = {rows} accepted + 0 set aside" in done.stdout
    return root


def share(workspace: Path, *more: str) -> list[dict[str, Any]]:
    done = run_here(
        "measure", "local.attended_in_six_minutes", "--force", "metropolitan", "--period", "2009-01..2009-10",
        "--format", "json", *more, cwd=workspace,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_share_attended_within_six_minutes_is_exact_to_the_second(workspace: Path) -> None:
    seconds = [row["FirstPumpArriving_AttendanceTime"] for row in read()]
    known = [int(s) for s in seconds if s.strip() not in ("", "NULL")]
    assert known.count(360) and known.count(361), "a second more or less would be seen"
    (figure,) = share(workspace)
    within = sum(s <= 360 for s in known)
    assert (figure["numerator"], figure["denominator"], figure["unknown"]) == (within, len(seconds), 0)
    assert figure["value"] == within / len(seconds)


def test_it_is_exact_for_every_station(workspace: Path) -> None:
    wanted: dict[str, tuple[int, int]] = {}
    for row in read():
        x, y = wanted.get(row["IncidentStationGround"].strip(), (0, 0))
        within = int(row["FirstPumpArriving_AttendanceTime"]) <= 360
        wanted[row["IncidentStationGround"].strip()] = x + within, y + 1
    found = {
        breakdown["station_area"]: (f["numerator"], f["denominator"])
        for f in share(workspace, "--by", "station_area")
        if (breakdown := f["breakdown"])
    }
    assert found == wanted


def test_every_time_is_the_files_own(workspace: Path) -> None:
    wanted = sorted(
        (
            row["IncidentNumber"],
            datetime.fromisoformat(f"{row['DateOfCall']} {row['TimeOfCall']}").date(),
            timedelta(seconds=int(row["FirstPumpArriving_AttendanceTime"])),
            row["PropertyType"].strip(),
        )
        for row in read()
    )
    assert held(workspace, "incident_id, opened_at_date, arrived_at - opened_at, location_kind") == wanted
