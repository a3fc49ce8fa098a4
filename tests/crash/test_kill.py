"""SIGKILL at every step: a workspace is before or after, never between, and the next import tidies up."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
import searches
import steps
from searches import bring_in, compute, correction, figures, make_before, search_file

from helpers import new_workspace
from incidents import changes, complete, incident, known, leftovers, snapshots, untrue
from openpeel.areas.powers.records import STOP_SEARCH
from openpeel.engine.connection import connect
from openpeel.engine.intake import compact, generations
from openpeel.engine.intake.compact import Removal, remove_rows
from openpeel.engine.intake.packs import rows_sql
from openpeel.migrations import migrate_workspace
from openpeel.workspace import create, open_workspace, read_settings

Check = Callable[[Path], None]


@pytest.fixture
def before(tmp_path: Path) -> Path:
    return make_before(tmp_path)


def undisturbed(before: Path, folder: Path, work: Callable[[Path], object]) -> Path:
    """A copy of the workspace on which the work was done in peace."""
    root = steps.copy(before, folder)
    steps.in_child(lambda: work(root))
    return root


def before_or_after(before: Path, after: Path, again: Callable[[Path], object]) -> Check:
    """The check after a kill: one of two states, figures too; doing it again gives the undisturbed one."""
    states = [snapshots(before), snapshots(after)]
    answers = [figures(before), figures(after)]

    def check(root: Path) -> None:
        open_workspace(root)
        searches.must_be_whole(root)
        state = snapshots(root)
        assert state in states
        assert figures(root) == answers[states.index(state)]
        again(root)
        searches.must_be_swept(root)
        assert snapshots(root) == states[1]
        assert figures(root) == answers[1]

    return check


def test_an_import(before: Path, tmp_path: Path) -> None:
    paths = correction(tmp_path)
    after = undisturbed(before, tmp_path / "after", lambda root: bring_in(root, paths))
    assert snapshots(after) != snapshots(before)
    check = before_or_after(before, after, lambda root: bring_in(root, paths))
    assert steps.at_every_step(before, tmp_path / "w", lambda root: bring_in(root, paths), check) >= 45


def test_an_import_that_sweeps_after_a_kill(before: Path, tmp_path: Path) -> None:
    """Killed once with everything but the generation written, and again at each step of the next import."""
    paths = correction(tmp_path)
    after = undisturbed(before, tmp_path / "after", lambda root: bring_in(root, paths))
    broken = _with_orphans(before, tmp_path / "broken", paths)
    check = before_or_after(before, after, lambda root: bring_in(root, paths))
    more = _steps(broken, tmp_path, paths) - _steps(before, tmp_path, paths)
    assert more >= 10  # the sweep comes first; what follows is as in the test above
    assert steps.at_every_step(
        broken, tmp_path / "w", lambda root: bring_in(root, paths), check, last=more + 10
    )


def _steps(before: Path, folder: Path, paths: list[Path]) -> int:
    return steps.count(before, folder / "counted", lambda root: bring_in(root, paths))


def _with_orphans(before: Path, folder: Path, paths: list[Path]) -> Path:
    """A workspace after an import that was killed when all was written but the generation."""
    root = steps.copy(before, folder)

    def work() -> None:
        with patch.object(generations, "write", lambda *_: os.kill(os.getpid(), signal.SIGKILL)):
            bring_in(root, paths)

    assert steps.killed_at(0, work)
    stray = leftovers(root)
    assert any(s.startswith("records") for s in stray) and any(s.startswith("intake") for s in stray)
    return root


def test_an_import_that_compacts(before: Path, tmp_path: Path) -> None:
    """The import may be in while its compaction is not: the figures are the same."""
    paths = correction(tmp_path)
    plain = _steps(before, tmp_path, paths)  # so many are as in the first test
    with patch.object(compact, "MOST_PACKS", 1):
        after = undisturbed(before, tmp_path / "after", lambda root: bring_in(root, paths))
        assert len(generations.newest(after).packs()) == 1
        check = before_or_after(before, after, lambda root: bring_in(root, paths))
        scratch = tmp_path / "w"
        assert (
            steps.at_every_step(before, scratch, lambda root: bring_in(root, paths), check, plain - 8) >= 20
        )


def test_changes_by_key(tmp_path: Path) -> None:
    before = new_workspace(tmp_path / "before")
    complete(before, "2023-01..2023-02", *(incident(i) for i in "abcd"), supplied="2023-03-01")

    def work(root: Path) -> object:
        moved, new = incident("b", "2023-02-02", grade="1"), incident("e", "2023-03-01")
        return changes(root, moved, new, gone=["c", "zz"], supplied="2023-04-01")

    after = undisturbed(before, tmp_path / "after", work)
    answers = [known(before), known(after)]
    assert sorted(answers[1]) == ["a", "b", "d", "e"]

    def check(root: Path) -> None:
        assert known(root) in answers
        assert known(root, "2023-03-15") == answers[0]
        work(root)
        assert known(root) == answers[1] and not leftovers(root) and not untrue(root)
        assert len(generations.newest(root).gone) == 2

    assert steps.at_every_step(before, tmp_path / "w", work, check) >= 40


def some_rows(root: Path) -> list[Removal]:
    """A row of each of the first two packs."""
    by_pack = {e.pack: e for e in reversed(generations.newest(root).entries) if e.pack}
    con = connect()
    out = []
    for _, entry in sorted(by_pack.items())[:2]:
        rows = con.execute(f"SELECT row_hash FROM ({rows_sql(root, STOP_SEARCH, [entry])}) ORDER BY ALL")
        out.append(Removal(entry.snapshot, rows.fetchall()[0][0]))
    con.close()
    return out


def test_a_lawful_removal(before: Path, tmp_path: Path) -> None:
    """The rows are there or they are not; where they are not, nothing worked out with them is left."""
    bring_in(before, [search_file(tmp_path / "second", "surrey", "2019-09", 3)])
    rows = some_rows(before)
    assert len(rows) == 2

    def work(root: Path) -> object:
        return remove_rows(root, STOP_SEARCH, rows, "retention", "records manager")

    after = undisturbed(before, tmp_path / "after", work)
    answers = {0: figures(before), len(rows): figures(after)}
    assert answers[0] != answers[len(rows)]

    def check(root: Path) -> None:
        searches.must_be_whole(root)
        removed = len(generations.newest(root).tombstones)
        assert figures(root) == answers[removed]
        if not removed:
            work(root)
        bring_in(root, [search_file(tmp_path / "more", "kent", "2019-07", 2)])
        searches.must_be_swept(root)
        assert figures(root) == answers[len(rows)]

    assert steps.at_every_step(before, tmp_path / "w", work, check) >= 40


def test_computing(before: Path, tmp_path: Path) -> None:
    """``openpeel refresh`` killed: figures are right, and its temporary files go with the next import."""
    bring_in(before, correction(tmp_path))
    fresh = steps.copy(before, tmp_path / "fresh")
    answer = figures(fresh)

    def check(root: Path) -> None:
        assert figures(root) == answer
        compute(root)
        assert figures(root) == answer
        bring_in(root, [search_file(tmp_path / "more", "kent", "2019-07", 2)])
        searches.must_be_swept(root)
        assert figures(root) == answer

    assert steps.at_every_step(before, tmp_path / "w", compute, check) >= 8


def test_a_migration(before: Path, tmp_path: Path) -> None:
    """Layout, step and backup: after a kill it is upgraded, or can be, or the whole backup is named."""

    def step(root: Path) -> None:
        (root / "upgraded").mkdir(exist_ok=True)

    def work(root: Path) -> object:
        return migrate_workspace(root, 2, {1: step})

    def check(root: Path) -> None:
        backup = root.with_name("w-layout-1-backup")
        if read_settings(root)["layout"] == 1 and backup.exists():
            assert figures(backup) == figures(before)  # a whole workspace
            backup.rename(root.with_name("put-aside"))
        work(root)
        assert read_settings(root)["layout"] == 2 and (root / "upgraded").is_dir()

    root = steps.copy(before, tmp_path / "m1" / "w")

    kills = 1
    while steps.killed_at(kills, partial(work, root)):
        check(root)
        kills += 1
        root = steps.copy(before, tmp_path / f"m{kills}" / "w")
    assert kills > 10


def test_a_new_workspace(tmp_path: Path) -> None:
    """Killed while it is made: there is none, or it is whole."""
    root, kills = tmp_path / "new", 1
    while steps.killed_at(kills, partial(create, root)):
        if (root / "openpeel.toml").exists():
            open_workspace(root)
            assert generations.newest(root).number == 0
        kills += 1
        root = tmp_path / f"new{kills}"
    assert kills > 15


# --------------------------------------------------------------------- the command, at random times


def kill_the_command(before: Path, tmp_path: Path, times: int, seed: int) -> int:
    """Kill ``openpeel import`` at random moments of its run; returns how often it was still running."""
    paths = correction(tmp_path)
    after = undisturbed(before, tmp_path / "after", lambda root: bring_in(root, paths))
    check = before_or_after(before, after, lambda root: bring_in(root, paths))
    command = [sys.executable, "-m", "openpeel.cli.main", "import", "police-uk", *map(str, paths)]
    began = time.monotonic()
    subprocess.run(command, cwd=steps.copy(before, tmp_path / "timed"), check=True, capture_output=True)
    took = time.monotonic() - began
    chance = random.Random(seed)
    killed = 0
    for _ in range(times):
        root = steps.copy(before, tmp_path / "w")
        with subprocess.Popen(
            command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as child:
            try:
                child.wait(took * chance.uniform(0.3, 1.0))
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                killed += 1
        check(root)
    return killed


def test_the_command_at_random_times(before: Path, tmp_path: Path) -> None:
    assert kill_the_command(before, tmp_path, 6, seed=1) >= 1


@pytest.mark.long
def test_the_command_at_many_random_times(before: Path, tmp_path: Path) -> None:
    assert kill_the_command(before, tmp_path, 80, seed=2) >= 20


@pytest.mark.long
def test_every_step_of_an_import_looked_at_each_time(before: Path, tmp_path: Path) -> None:
    """As above, but every kill is checked, also where what is left looks the same; compaction included."""
    paths = correction(tmp_path)
    with patch.object(compact, "MOST_PACKS", 1):
        after = undisturbed(before, tmp_path / "after", lambda root: bring_in(root, paths))
        check = before_or_after(before, after, lambda root: bring_in(root, paths))
        with patch.object(steps, "stage", lambda root: root.stat().st_mtime_ns):
            steps.at_every_step(before, tmp_path / "w", lambda root: bring_in(root, paths), check)
