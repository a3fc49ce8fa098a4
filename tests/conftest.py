"""Fixtures that every folder of tests shares."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import new_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A new, empty workspace of the forces of England and Wales."""
    return new_workspace(tmp_path / "workspace")
