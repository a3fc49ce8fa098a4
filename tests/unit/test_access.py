"""Who may read a workspace: its owner alone, until the owner says otherwise."""

from __future__ import annotations

import stat
from pathlib import Path

from openpeel.workspace import create


def test_a_new_workspace_is_open_to_its_owner_alone(tmp_path: Path) -> None:
    root = create(tmp_path / "w").root
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
