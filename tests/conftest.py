"""Fixtures that every folder of tests shares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers import new_workspace


@pytest.fixture(scope="session", autouse=True)
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The keys that tests make lie in a temporary folder, and never among the keys of whoever runs them."""
    folder = tmp_path_factory.mktemp("keyrings") / "keys"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENPEEL_KEYS", str(folder))
        yield folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A new, empty workspace of the forces of England and Wales."""
    return new_workspace(tmp_path / "workspace")
