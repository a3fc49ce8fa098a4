"""Checks of several types at once find what the checks find one after the other."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from helpers import run_here, write_search_file
from openpeel.catalogue import shipped
from openpeel.engine.check import side_by_side
from openpeel.engine.check.run import check_records
from openpeel.engine.intake.generations import Vintage

DAY = Vintage(date(2090, 1, 1))


@pytest.fixture
def two_types(workspace: Path, tmp_path: Path) -> Path:
    """Searches with a month missing, a row set aside, and residents."""
    draw = random.Random(3)
    for month in ("2019-01", "2019-02", "2019-03", "2019-05", "2019-06"):
        rows = [
            {
                "Date": f"{month}-{draw.randrange(1, 28):02d}T{draw.randrange(24):02d}:00:00+00:00",
                "Gender": "Male",
            }
            for _ in range(60)
        ]
        file = write_search_file(tmp_path / f"{month}-kent-stop-and-search.csv", [*rows, {"Date": "no day"}])
        assert run_here("import", "police-uk", file, cwd=workspace).returncode == 0
    residents = tmp_path / "residents.csv"
    residents.write_text("Year,Police Force Area,Population\n2019,kent,1800000\n2019,essex,1700000\n")
    assert run_here("import", "population", residents, cwd=workspace).returncode == 0
    return workspace


def test_the_same_is_found(two_types: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "_FEW_TYPES", 1)
    monkeypatch.setattr(side_by_side.os, "cpu_count", lambda: 2)
    catalogue, told = shipped(), list[str]()
    one = check_records(two_types, catalogue.types, DAY, population=catalogue.population)
    both = side_by_side.check_side_by_side(
        two_types, catalogue.types, DAY, population=catalogue.population, progress=told.append
    )
    assert one.doubts and one.aside and one.scores
    assert both == one
    assert told[-1] == "checked 2 of 2 record types"


def test_each_type_is_in_one_part_and_the_large_ones_apart() -> None:
    rows = {"a": 900_000, "b": 800_000, **{f"t{n}": 10 for n in range(20)}}
    parts = side_by_side._parts(rows, 2)
    assert sorted(t for part in parts for t in part) == sorted(rows)
    assert {parts[0][0], parts[1][0]} == {"a", "b"}


def test_few_types_are_checked_here(two_types: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "ProcessPoolExecutor", None)
    assert side_by_side.check_side_by_side(two_types, shipped().types, DAY).doubts
