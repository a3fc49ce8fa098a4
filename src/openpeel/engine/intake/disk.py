"""Writing so that a kill at any moment leaves the old or the new, and the lock of the one writer."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from openpeel.errors import UserError

LOCK = ".lock"
TEMPORARY = ".tmp-"
#: Folders of this prefix hold what does not fit into an import's memory.
SPILL = ".tmp-spill-"
#: How often a file is written anew if its temporary file is swept away before it is in place.
_TRIES = 5


def fsync_folder(folder: Path) -> None:
    """Make the names in a folder last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fsync_file(file: Path) -> None:
    """Make a file's content last."""
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder whose name lasts, if it is not there."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        fsync_folder(folder.parent)


def put_file(target: Path, content: bytes) -> None:
    """Write a file under a temporary name, make it last, and rename it into place.

    Some files (the ledger's) are written without the writer lock, so an import's sweep may take the
    temporary file away; then it is written again.
    """
    temporary = target.with_name(f"{TEMPORARY}{os.getpid()}-{target.name}")
    for left in reversed(range(_TRIES)):
        temporary.write_bytes(content)
        try:
            put_made(temporary, target)
            return
        except FileNotFoundError:
            if not left:
                raise


def put_made(temporary: Path, target: Path) -> None:
    """Rename a file that was written under a temporary name into place, lastingly."""
    fsync_file(temporary)
    temporary.rename(target)
    fsync_folder(target.parent)


def json_bytes(value: Any) -> bytes:
    """A value as JSON, the same bytes each time."""
    return (json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


@contextmanager
def writer_lock(root: Path, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the workspace's writer lock; wait for it if another process has it.

    The lock goes with the process, so a killed writer leaves none behind.

    Args:
        root: the workspace.
        waiting: called once if the lock is held by somebody else.
    """
    with (root / LOCK).open("a+b") as handle:
        told = False
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told and waiting is not None:
                    waiting()
                told = True
                time.sleep(0.05)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)


@contextmanager
def spill_folder(root: Path) -> Iterator[Path]:
    """A folder of this import's own for DuckDB to spill into; gone afterwards.

    Two processes must not share one. The folder is locked, so that a sweep knows whose owner is dead.
    """
    mine, handle = _locked_folder(root)
    try:
        yield mine
    finally:
        shutil.rmtree(mine, ignore_errors=True)
        os.close(handle)


def _locked_folder(root: Path) -> tuple[Path, int]:
    """A new folder and its lock; made again if a sweep took it away between the two."""
    for _ in range(_TRIES):
        folder = Path(tempfile.mkdtemp(prefix=SPILL, dir=root))
        with suppress(FileNotFoundError):
            handle = os.open(folder, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_SH)
            if folder.is_dir():
                return folder, handle
            os.close(handle)
    raise UserError("a folder made there is gone at once", str(root), "see what removes it, and try again")


def sweep_spills(root: Path) -> None:
    """Remove the spill folders of processes that were killed."""
    for folder in root.glob(f"{SPILL}*"):
        try:
            handle = os.open(folder, os.O_RDONLY)
        except OSError:
            continue  # it has just been removed
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(handle)


@contextmanager
def computing_lock(root: Path, wait: bool) -> Iterator[bool]:
    """Hold the lock under which derived columns and cells are computed; gives whether it is held.

    Args:
        root: the workspace.
        wait: whether to wait for somebody who is computing; else the lock may not be had.
    """
    folder = root / "cells"
    folder.mkdir(exist_ok=True)
    with (folder / LOCK).open("a+b") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)
