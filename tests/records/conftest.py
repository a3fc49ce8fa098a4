"""What keeps a hundred record types from taking a quarter of an hour; no result depends on it."""

from __future__ import annotations

import pytest

from openpeel.engine.intake import distinct


@pytest.fixture
def small_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read every row's values where they stand: for a few rows, looking values up first takes far longer.

    ``test_quick_ways.py`` holds the two ways to the same rows.
    """
    monkeypatch.setattr(distinct, "_repeats", lambda _texts: False)
