"""Kill points: a forked child runs some work, and dies by SIGKILL at the step it is told.

A step is a call that changes something on disk: an open for writing, a write, a rename, a flush, a
new or removed file or folder, and DuckDB's own writing of a file (killed before it, in the midst of
it, and after it). Forking a warmed process costs a tenth of starting Python anew; DuckDB is imported
before the fork and connected to after it.
"""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

from openpeel.engine import connection

Work = Callable[[], object]

FINISHED, FAILED = 0, 97


class Killer:
    """Counts steps; the process dies at step ``at`` (never, if 0)."""

    def __init__(self, at: int) -> None:
        self.at, self.done = at, 0

    def step(self) -> None:
        self.done += 1
        if self.done == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, call: Callable[..., Any], when: Callable[..., bool] = lambda *a, **k: True) -> Any:
        def stepped(*args: Any, **kwargs: Any) -> Any:
            if not when(*args, **kwargs):
                return call(*args, **kwargs)
            self.step()
            result = call(*args, **kwargs)
            self.step()
            return result

        return stepped

    def write_bytes(self, file: Path, data: bytes) -> int:
        """A write that can be cut in two."""
        with open(file, "wb") as handle:  # noqa: PTH123
            self.step()
            handle.write(data[: len(data) // 2])
            handle.flush()
            self.step()
            return len(data[: len(data) // 2]) + handle.write(data[len(data) // 2 :])


class Connection:
    """A DuckDB connection whose COPY is a step; at the middle of it, half a file is there."""

    def __init__(self, inner: duckdb.DuckDBPyConnection, killer: Killer) -> None:
        self._inner, self._killer = inner, killer
        inner.execute("SET threads = 1")  # quicker for so few rows

    def execute(self, sql: str, *args: Any) -> Any:
        if not sql.startswith("COPY "):
            return self._inner.execute(sql, *args)
        target = Path(sql.rpartition(" TO '")[2].partition("' (")[0])
        self._killer.step()
        result = self._inner.execute(sql, *args)
        if self._killer.done + 1 == self._killer.at:
            os.truncate(target, target.stat().st_size // 2)
        self._killer.step()
        self._killer.step()
        return result

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _writes(_file: Any, mode: str = "r", *_args: Any, **_kwargs: Any) -> bool:
    return any(m in mode for m in "wax+")


@contextmanager
def _killing(killer: Killer) -> Iterator[None]:
    connect = connection.connect
    modules = [m for m in list(sys.modules.values()) if getattr(m, "connect", None) is connect]
    patches = [
        patch.object(os, "fsync", killer.around(os.fsync)),
        patch.object(os, "rename", killer.around(os.rename)),
        patch.object(os, "replace", killer.around(os.replace)),
        patch.object(os, "mkdir", killer.around(os.mkdir)),
        patch.object(os, "unlink", killer.around(os.unlink)),
        patch.object(os, "rmdir", killer.around(os.rmdir)),
        patch.object(pathlib.Path, "write_bytes", lambda file, data: killer.write_bytes(file, data)),
        patch.object(pathlib.Path, "open", killer.around(pathlib.Path.open, _writes)),
        *(patch.object(m, "connect", lambda: Connection(connect(), killer)) for m in modules),
    ]
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()


def killed_at(step: int, work: Work) -> bool:
    """Run the work in a child that dies at a step.

    Returns:
        whether it was killed; it was not if the work ended by itself before that step.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _run_and_exit(Killer(step), work)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL, f"died of signal {os.WTERMSIG(status)}"
        return True
    assert os.WEXITSTATUS(status) == FINISHED, "the work failed, see its traceback"
    return False


def _run_and_exit(killer: Killer, work: Work) -> None:
    try:
        with _killing(killer):
            work()
        os._exit(FINISHED)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(FAILED)


def in_child(work: Work) -> None:
    """Run the work in a forked child, to its end."""
    assert not killed_at(0, work)


def start(work: Work) -> int:
    """Start the work in a forked child and go on.

    Returns:
        the child's process id, to be waited for.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _run_and_exit(Killer(0), work)
    return child


def end_well(children: Sequence[int]) -> bool:
    """Wait for all of some children; whether each did its work to the end."""
    endings = [os.waitpid(child, 0)[1] for child in children]
    return all(os.WIFEXITED(status) and os.WEXITSTATUS(status) == FINISHED for status in endings)


def copy(workspace: Path, to: Path) -> Path:
    """A fresh copy of a workspace, in place of the one there."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(workspace, to)
    return to


_ACCIDENTAL = re.compile(r"(?<=tmp-spill-)\w+|[0-9a-f]{16,}|[0-9]+")


def stage(root: Path) -> tuple[tuple[str, int], ...]:
    """What lies in a workspace, accidental names aside: two kills that leave the same need one look."""
    lie = (f for f in root.rglob("*") if f.is_file() or not any(f.iterdir()))
    return tuple(
        sorted(
            (_ACCIDENTAL.sub("#", str(f.relative_to(root))), f.is_file() and f.stat().st_size) for f in lie
        )
    )


def at_every_step(
    before: Path,
    scratch: Path,
    work: Callable[[Path], object],
    check: Callable[[Path], None],
    first: int = 1,
    last: int = 10_000,
) -> int:
    """Kill some work at each of its steps, on a fresh copy of a workspace each time, and check what is left.

    Returns:
        the number of kills.
    """
    seen: set[tuple[tuple[str, int], ...]] = set()
    for step in range(first, last + 1):
        root = copy(before, scratch)
        if not killed_at(step, partial(work, root)):
            return step - first
        if (now := stage(root)) not in seen:
            seen.add(now)
            try:
                check(root)
            except BaseException as error:
                error.add_note(f"killed at step {step}")
                raise
    return last + 1 - first


def count(before: Path, scratch: Path, work: Callable[[Path], object]) -> int:
    """How many steps some work has."""
    root = copy(before, scratch)
    note = scratch.with_name("steps")
    killer = Killer(0)

    def counted() -> None:
        work(root)
        note.write_text(str(killer.done))

    child = os.fork()
    if child == 0:
        _run_and_exit(killer, counted)
    assert end_well([child])
    return int(note.read_text())
