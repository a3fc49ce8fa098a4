"""Bringing workspaces of older layouts up to the present one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from openpeel.engine.intake.disk import put_file, writer_lock
from openpeel.errors import UserError
from openpeel.workspace import LAYOUT, SETTINGS, read_settings

#: layout -> what brings a workspace of it to the next one. There has been one layout so far.
STEPS: dict[int, Callable[[Path], None]] = {}


def migrate_workspace(
    root: Path, target: int = LAYOUT, steps: dict[int, Callable[[Path], None]] = STEPS
) -> str:
    """Upgrade a workspace in place, after a backup beside it.

    Returns:
        what was done, in words.

    Raises:
        UserError: it is no workspace, of a newer layout, or of one that cannot be upgraded.
    """
    layout = read_settings(root).get("layout")
    where = str(root / SETTINGS)
    if not isinstance(layout, int):
        raise UserError("has no layout number", where, "restore it from a copy")
    if layout > target:
        raise UserError(
            f"the workspace has layout {layout}, this openpeel knows {target}",
            where,
            "install a newer openpeel",
        )
    if layout == target:
        return f"already of layout {target}; nothing to do"
    missing = [n for n in range(layout, target) if n not in steps]
    if missing:
        raise UserError(f"layout {missing[0]} cannot be upgraded", where, "use the openpeel that made it")
    with writer_lock(root):
        backup = _back_up(root, layout)
        for number in range(layout, target):
            steps[number](root)
            _set_layout(root, number + 1)
    return f"upgraded from layout {layout} to {target}; the backup is {backup.name}"


def _back_up(root: Path, layout: int) -> Path:
    backup = root.resolve().with_name(f"{root.resolve().name}-layout-{layout}-backup")
    if backup.exists():
        raise UserError("a backup is already there", str(backup), "move it away first")
    shutil.copytree(root, backup)
    return backup


def _set_layout(root: Path, layout: int) -> None:
    text = (root / SETTINGS).read_text(encoding="utf-8")
    put_file(root / SETTINGS, re.sub(r"(?m)^layout\s*=\s*\d+", f"layout = {layout}", text).encode())
