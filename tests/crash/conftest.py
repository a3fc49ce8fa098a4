"""Where crash tests work: in memory where the system has such a place, since they flush at every step."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """An empty folder; SIGKILL loses nothing that was written to it, in memory as on disk."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < 1 << 29:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="openpeel-crash-") as folder:
        yield Path(folder)
