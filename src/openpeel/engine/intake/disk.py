"""Writing so that a kill at any moment leaves the old or the new, and the lock of the one writer."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LOCK = ".lock"
TEMPORARY = ".tmp-"


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


def put_file(target: Path, content: bytes) -> None:
    """Write a file under a temporary name, make it last, and rename it into place."""
    temporary = target.with_name(f"{TEMPORARY}{os.getpid()}-{target.name}")
    temporary.write_bytes(content)
    put_made(temporary, target)


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
