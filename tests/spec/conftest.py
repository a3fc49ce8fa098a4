"""One workspace for all specifications."""

from __future__ import annotations

import pytest

from spec import World


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Every case of every measure, imported once."""
    return World(tmp_path_factory.mktemp("spec"))
