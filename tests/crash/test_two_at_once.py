"""Two processes in one workspace: writers wait, readers see one generation, cells are counted once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
import searches
import steps
from searches import (
    CATALOGUE,
    EVER,
    MEASURES,
    bring_in,
    compute,
    correction,
    figures,
    make_before,
    search_file,
)

from incidents import snapshots
from openpeel.areas.powers.records import STOP_SEARCH
from openpeel.engine.connection import connect
from openpeel.engine.intake import commit, compact, disk, generations
from openpeel.engine.intake.disk import put_file, writer_lock
from openpeel.engine.intake.generations import Vintage, view
from openpeel.engine.intake.packs import rows_sql
from openpeel.engine.measure.build import answer
from openpeel.engine.measure.context import open_context
from openpeel.engine.measure.period import parse_period
from openpeel.errors import UserError


@pytest.fixture
def before(tmp_path: Path) -> Path:
    return make_before(tmp_path)


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for another process to get somewhere."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        os.sched_yield()


def test_the_second_import_waits_and_says_so(before: Path, tmp_path: Path) -> None:
    """The lock is held here; the command waits for it, says so on stderr, and lands."""
    file = search_file(tmp_path / "next", "kent", "2019-08", 3)
    command = [sys.executable, "-m", "openpeel.cli.main", "import", "police-uk", str(file)]
    with writer_lock(before):
        child = subprocess.Popen(
            command, cwd=before, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert child.stderr is not None
        said = child.stderr.readline()
        assert "another import is under way in this workspace; waiting" in said
        assert child.poll() is None
        assert ("powers.stop_search", "kent", "2019-08") not in snapshots(before)
    out, _ = child.communicate(timeout=60)
    assert child.returncode == 0 and "1 snapshots" in out
    assert ("powers.stop_search", "kent", "2019-08") in snapshots(before)


def test_imports_at_once_all_land(before: Path, tmp_path: Path) -> None:
    """None overwrites another's generation, whatever the order in which they come."""
    forces = ("kent", "essex", "dorset", "cumbria", "cleveland")
    files = [search_file(tmp_path / "next", f, "2019-08", n + 1) for n, f in enumerate(forces)]
    children = [steps.start(lambda file=file: bring_in(before, [file])) for file in files]  # type: ignore[misc]
    assert steps.end_well(children)
    assert {f for _, f, m in snapshots(before) if m == "2019-08"} == set(forces)
    assert generations.newest(before).number == 1 + len(forces)
    searches.must_be_swept(before)


def test_corrections_of_one_month_at_once(before: Path, tmp_path: Path) -> None:
    """Both are kept as generations; the one that came last holds, and nothing of the other is in it."""
    files = [search_file(tmp_path / str(n), "surrey", "2019-07", n) for n in (3, 5)]
    children = [steps.start(lambda file=file: bring_in(before, [file])) for file in files]  # type: ignore[misc]
    assert steps.end_well(children)
    months = [e for e in generations.newest(before).entries if e.force == "surrey"]
    assert sorted(e.rows for e in months[1:]) == [3, 5]
    held = view(generations.newest(before), EVER).get("powers.stop_search", "surrey", months[0].month)
    assert held == months[-1]


def test_a_reader_during_an_import_sees_one_generation(before: Path, tmp_path: Path) -> None:
    """A reader that reads again and again gets the figures of before or of after, and no others."""
    paths = correction(tmp_path)
    after = steps.copy(before, tmp_path / "after")
    steps.in_child(lambda: bring_in(after, paths))
    allowed = [figures(before), figures(after)]
    child = steps.start(lambda: bring_in(before, paths))
    seen = []
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        seen.append(figures(before))
    assert figures(before) == allowed[1]
    assert all(s in allowed for s in seen)


def test_a_pinned_reader_keeps_its_packs(before: Path, tmp_path: Path) -> None:
    """Opened, then a correction and two compactions come: it still reads what it opened; then all goes."""
    old = figures(before)
    context = open_context(before, CATALOGUE, EVER)
    packs = context.generation.packs()
    with patch.object(compact, "MOST_PACKS", 1):
        for file in correction(tmp_path):
            bring_in(before, [file])
    assert all((before / "records" / p).is_file() for p in packs)
    measures = [context.catalogue.measures[m] for m in MEASURES]
    shown = answer(context, measures, searches.FORCES, parse_period("2019-07", None)).figures
    assert [(f.value, f.numerator, f.denominator) for f in shown] == [o[4:] for o in old if o[2] == "2019-07"]
    context.close()
    bring_in(before, [search_file(tmp_path / "more", "kent", "2019-07", 1)])
    assert not any((before / "records" / p).is_file() for p in packs)
    searches.must_be_swept(before)


def test_the_pin_of_a_killed_reader_goes_with_it(before: Path, tmp_path: Path) -> None:
    packs = generations.newest(before).packs()

    def read(root: Path) -> None:
        open_context(root, CATALOGUE, EVER)
        put_file(root / "outputs" / "reading", b"")

    assert steps.killed_at(3, lambda: (read(before), os.fsync(0)))
    with patch.object(compact, "MOST_PACKS", 1):
        bring_in(before, correction(tmp_path)[:1])
    bring_in(before, [search_file(tmp_path / "more", "kent", "2019-07", 1)])
    assert not any((before / "records" / p).is_file() for p in packs)


def test_many_readers_computing_cells_count_once(before: Path, tmp_path: Path) -> None:
    """Cells are gone; eight processes compute them at once, and each shows the right figures."""
    bring_in(before, correction(tmp_path))
    other = steps.copy(before, tmp_path / "other")
    right = figures(other)

    def read_and_compare() -> None:
        assert figures(before) == right
        compute(before)
        assert figures(before) == right

    children = [steps.start(read_and_compare) for _ in range(8)]
    assert steps.end_well(children)
    assert figures(before) == right
    kept = sorted((before / "cells").rglob("*.parquet"))
    con = connect()
    for folder in {f.parent for f in kept}:
        files = [str(f) for f in folder.glob("*.parquet")]
        twice = con.execute(
            "SELECT count(*) - count(DISTINCT (basis, dimension, value)) FROM read_parquet(?)", [files]
        ).fetchone()
        assert twice == (0,)
    con.close()


def test_readers_computing_while_a_row_is_removed(before: Path) -> None:
    """Whoever has an old generation open must not put back what a lawful removal has cleared."""
    entry = generations.newest(before).entries[0]
    con = connect()
    row_hash = con.execute(f"SELECT row_hash FROM ({rows_sql(before, STOP_SEARCH, [entry])})").fetchall()[0][
        0
    ]
    con.close()
    context = open_context(before, CATALOGUE, EVER)
    removal = compact.Removal(entry.snapshot, row_hash)
    steps.in_child(lambda: compact.remove_rows(before, STOP_SEARCH, [removal], "why", "who"))
    measures = [context.catalogue.measures["powers.searches"]]
    answer(context, measures, [entry.force], parse_period("2019-07", None))  # keeps cells of the old rows
    context.close()
    shown = [f for f in figures(before) if f[:3] == ("powers.searches", entry.force, "2019-07")]
    assert [f[4] for f in shown] == [entry.rows - 1]


def test_a_temporary_file_swept_away_is_written_again(before: Path) -> None:
    """The ledger is written without the writer lock; an import's sweep must not make a reader fail."""
    target, swept = before / "ledger" / "figures.json", []
    flush = disk.fsync_file

    def sweep_first(file: Path) -> None:
        if not swept:
            swept.append(file)
            with writer_lock(before):
                generations.sweep(before)
        flush(file)

    with patch.object(disk, "fsync_file", sweep_first):
        put_file(target, b"content")
    assert target.read_bytes() == b"content" and swept and not swept[0].exists()


def test_a_sweep_leaves_the_spill_of_a_living_import(before: Path) -> None:
    with disk.spill_folder(before) as mine:
        (mine / "duckdb.tmp").write_bytes(b"1")
        with disk.spill_folder(before) as other:
            assert mine != other
        with writer_lock(before):
            generations.sweep(before)
        assert (mine / "duckdb.tmp").exists()
    assert not mine.exists()


def test_a_sweep_between_making_the_spill_and_locking_it(before: Path) -> None:
    made: list[Path] = []
    make = disk.tempfile.mkdtemp

    def swept(**more: object) -> str:
        made.append(Path(make(**more)))  # type: ignore[call-overload]
        if len(made) == 1:
            disk.sweep_spills(before)
        return str(made[-1])

    with patch.object(disk.tempfile, "mkdtemp", swept), disk.spill_folder(before) as mine:
        assert mine == made[1] and mine.is_dir() and not made[0].exists()


def test_a_spill_that_is_always_swept_is_one_clear_line(before: Path) -> None:
    make = disk.tempfile.mkdtemp

    def swept(**more: object) -> str:
        folder = make(**more)  # type: ignore[call-overload]
        disk.sweep_spills(before)
        return str(folder)

    with (
        patch.object(disk.tempfile, "mkdtemp", swept),
        pytest.raises(UserError, match="gone at once"),
        disk.spill_folder(before),
    ):
        raise AssertionError("there is no folder to work in")


def test_a_correction_between_reading_and_pinning(before: Path, tmp_path: Path) -> None:
    """Somebody compacts after the reader has read the list and before it has pinned it: it reads anew."""
    pin, paths = generations.Pin, correction(tmp_path)
    came: list[int] = []

    class Late(pin):  # type: ignore[misc, valid-type]
        def __init__(self, root: Path, number: int) -> None:
            if not came:
                came.append(number)
                with patch.object(compact, "MOST_PACKS", 1):
                    steps.in_child(lambda: bring_in(before, paths))
            super().__init__(root, number)

    with patch.object(generations, "Pin", Late):
        generation, held = generations.open_newest(before)
    assert generation.number == generations.newest(before).number > came[0]
    assert all((before / "records" / p).is_file() for p in generation.packs())
    held.close()


def test_an_import_that_fails_lets_the_lock_go(before: Path, tmp_path: Path) -> None:
    paths = correction(tmp_path)
    full = patch.object(commit, "write_pack", side_effect=OSError(28, "No space left on device"))
    with full, pytest.raises(OSError, match="No space"):
        bring_in(before, paths)
    assert bring_in(before, paths).snapshots == 3
    searches.must_be_swept(before)
    assert view(generations.newest(before), Vintage(date(2999, 1, 1))).generation == 2
