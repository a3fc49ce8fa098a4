"""What keeps a hundred record types from taking a quarter of an hour; no result depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from openpeel.engine.intake import commit, distinct, normalise
from records import supply


@pytest.fixture(autouse=True, scope="session")
def quickly_planned() -> Iterator[None]:
    """Take rows in by connections that are ``supply.Planned``."""
    told = normalise.normalise

    def quicker(con: Any, *rest: Any) -> None:
        told(supply.Planned(con), *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commit, "normalise", quicker)
        yield


@pytest.fixture
def small_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read every row's values where they stand: for a few rows, looking values up first takes far longer.

    ``test_quick_ways.py`` holds the two ways to the same rows.
    """
    monkeypatch.setattr(distinct, "_repeats", lambda _texts: False)
