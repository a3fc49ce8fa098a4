"""Which rows are scanned, in which portions, and how wide a column is taken to be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from incidents import INCIDENT, changes, complete, incident
from openpeel.engine.connection import connect
from openpeel.engine.declare.derivations import Translation
from openpeel.engine.derive.layer import Scan
from openpeel.engine.intake import generations
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.measure import scan
from openpeel.engine.measure.cubes import Counted, Cube
from openpeel.engine.measure.scan import DuckDB

ALL = Counted("n_all", "(TRUE)")
GRADED = replace(
    INCIDENT, derived=(Translation("top", "grade", {"1": "yes", "2": "no"}, "Whether it was urgent."),)
)
CUBE = Cube(("grade", "top"), {("grade", "top"): (ALL,)})


def scan_of(root: Path) -> Scan:
    view = generations.view(generations.newest(root), Vintage(date(2999, 1, 1)))
    return Scan(GRADED, view.of(INCIDENT.id))


def counted(root: Path) -> list[tuple[object, ...]]:
    con = connect()
    DuckDB(root).cubes(con, {"cube": CUBE}, ["grade", "top"], scan_of(root))
    rows = con.execute(
        "SELECT e.n, grade, top FROM (SELECT n_all AS n, * FROM cube) AS e ORDER BY ALL"
    ).fetchall()
    con.close()
    return rows


def test_portions_make_no_difference(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for force in ("kent", "essex", "surrey"):
        for month in ("2023-01", "2023-02"):
            graded = [
                incident(f"{month}-{n}", f"{month}-10", grade=g) for n, g in enumerate(["1", "2", "2", ""])
            ]
            complete(workspace, month, *graded, force=force)
    whole = counted(workspace)
    assert len(whole) == 18
    assert sum(row[0] for row in whole if isinstance(row[0], int)) == 24
    for at_once in (1, 5, 9, 24):
        monkeypatch.setattr(scan, "_AT_ONCE", at_once)
        assert counted(workspace) == whole


def test_rows_that_were_replaced_are_not_scanned(workspace: Path) -> None:
    """A snapshot that another has taken the place of lies in a pack beside those that hold."""
    complete(
        workspace,
        "2023-01..2023-02",
        incident("a", "2023-01-10", grade="1"),
        incident("b", "2023-02-10", grade="2"),
    )
    changes(workspace, incident("a", "2023-01-10", grade="2"))
    assert counted(workspace) == [(1, "2", "no"), (1, "2", "no")]


def test_a_column_is_as_wide_as_its_records_make_it(workspace: Path) -> None:
    complete(workspace, "2023-01", *(incident(f"a{n}", "2023-01-10", grade=str(n)) for n in range(7)))
    complete(workspace, "2023-02", *(incident(f"b{n}", "2023-02-10", grade="1") for n in range(7)))
    con = connect()
    found = DuckDB(workspace).widths(con, ["grade", "top"], scan_of(workspace))
    con.close()
    assert found["grade"] == 4.0  # seven in one month, one in the other
    assert found["top"] == 2  # declared
