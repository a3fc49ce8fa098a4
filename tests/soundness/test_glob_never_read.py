"""What a workspace holds is what its generation lists; what lies in the folder is not read.

A read by file pattern gave 600 rows for 300 after a correction. A file of records put beside the packs,
or a workspace in a folder whose name looks like a pattern or like a value, must change nothing.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from ask import one, put, rows
from helpers import run_here
from openpeel.areas.powers.records import STOP_SEARCH
from openpeel.engine.intake.packs import parquet_sql

ASKED = ("--force", "kent", "--period", "2019-07")


def searches(root: Path) -> tuple[str, float | None]:
    figure = one(root, "powers.searches", *ASKED, "--workspace", str(root))  # by its whole path
    return figure["status"], figure["value"]


def test_a_stray_parquet_file_changes_nothing(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(3))
    packs = workspace / "records" / STOP_SEARCH.id
    pack = next(packs.glob("*.parquet"))
    for stray in (packs / "stray.parquet", packs / f"a-{pack.name}", workspace / "records" / "stray.parquet"):
        shutil.copy(pack, stray)
    assert searches(workspace) == ("ok", 3)
    assert run_here("refresh", cwd=workspace).returncode == 0
    put(workspace, "kent", "2019-07", rows(5))
    assert searches(workspace) == ("ok", 5)
    assert len(list((workspace / "records").rglob("*.parquet"))) == 2  # and the next import clears it away


def test_a_correction_is_not_added_to_what_it_corrects(workspace: Path) -> None:
    for n in (300, 300, 299, 300):
        put(workspace, "kent", "2019-07", rows(n))
        assert searches(workspace) == ("ok", n)


NAMES = [
    "w[1]",
    "w*",
    "w?x",
    "{a,b}",
    "**",
    "it's",
    'say "w"',
    "force=surrey",
    "month=7",
    "snapshot=x",
    "ümläut w",
]


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_folder_is_not_data(tmp_path: Path, name: str) -> None:
    """Not a pattern that takes in a copy of the workspace next door, not the value of a column."""
    root = tmp_path / name / "w"
    root.parent.mkdir()
    assert run_here("new", root, cwd=tmp_path).returncode == 0
    for month, n in (("2019-07", 4), ("2019-08", 2)):
        put(root, "kent", month, rows(n), "--workspace", str(root))
    assert searches(root) == ("ok", 4)
    for sibling in ("w1", "wax", "wx", "a", "b"):
        shutil.copytree(root, tmp_path / sibling / "w")
    assert searches(root) == ("ok", 4)  # from the cells kept
    shutil.rmtree(root / "cells")
    assert searches(root) == ("ok", 4)  # from the derived columns
    assert searches(root) == ("ok", 4)  # from the records
    put(root, "kent", "2019-07", rows(3), "--workspace", str(root))
    assert searches(root) == ("ok", 3)


@pytest.mark.parametrize("name", NAMES)
def test_exactly_the_file_named_is_read(tmp_path: Path, name: str) -> None:
    con = duckdb.connect()
    for folder in (name, "w1", "wax", "wx", "a", "b"):
        (tmp_path / folder).mkdir(exist_ok=True)
        quoted = str(tmp_path / folder / "p.parquet").replace("'", "''")
        made = folder.replace("'", "''")
        con.execute(f"COPY (SELECT '{made}' AS force, 1 AS month) TO '{quoted}' (FORMAT parquet)")
    file = tmp_path / name / "p.parquet"
    assert con.execute(f"SELECT * FROM {parquet_sql([file])}").fetchall() == [(name, 1)]
    assert con.execute(f"SELECT place FROM {parquet_sql([file], 'place')}").fetchall() == [(str(file),)]
