"""Every test of this folder runs on SQLite, and on PostgreSQL too where a test server is given."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework_places import DATABASES, Place, place

MEMORY = Path("/dev/shm")


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """An empty folder, in memory where the system has such a place: every act is flushed to disk otherwise."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < 1 << 28:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="openpeel-casework-") as folder:
        yield Path(folder)


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A workspace whose casework is open, and empty."""
    with place(tmp_path, request.param) as made:
        yield made


@pytest.fixture(params=DATABASES)
def casework(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """The same with actors."""
    with place(tmp_path, request.param, peopled=True) as made:
        yield made
