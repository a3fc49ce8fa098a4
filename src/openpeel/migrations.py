"""Bringing workspaces of older layouts up to the present one."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

from openpeel.engine.intake.disk import TEMPORARY, fsync_folder, put_file, writer_lock
from openpeel.errors import UserError
from openpeel.workspace import LAYOUT, SETTINGS, layout_of, read_settings

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
    layout = _upgradable(root, target, steps)
    if layout == target:
        return f"already of layout {target}; nothing to do"
    with writer_lock(root):
        layout = _upgradable(root, target, steps)  # somebody else may have upgraded it meanwhile
        if layout == target:
            return f"already of layout {target}; nothing to do"
        backup = _back_up(root, layout)
        for number in range(layout, target):
            steps[number](root)
            _set_layout(root, number + 1)
    return f"upgraded from layout {layout} to {target}; the backup is {backup.name}"


def _upgradable(root: Path, target: int, steps: dict[int, Callable[[Path], None]]) -> int:
    """The workspace's layout, if it can be brought to the target."""
    layout = layout_of(read_settings(root))
    where = str(root / SETTINGS)
    if layout is None:
        raise UserError("has no layout number", where, "restore it from a copy")
    if layout > target:
        raise UserError(
            f"the workspace has layout {layout}, this openpeel knows {target}",
            where,
            "install a newer openpeel",
        )
    missing = [n for n in range(layout, target) if n not in steps]
    if missing:
        raise UserError(f"layout {missing[0]} cannot be upgraded", where, "use the openpeel that made it")
    return layout


def _back_up(root: Path, layout: int) -> Path:
    place = root.resolve()
    backup = place.with_name(f"{place.name}-layout-{layout}-backup")
    if backup.exists():
        raise UserError(
            "a backup is already there, so an upgrade was broken off",
            str(backup),
            "put it in the workspace's place, or move it away to upgrade what is there now",
        )
    temporary = place.with_name(f"{TEMPORARY}{backup.name}")
    if temporary.exists():
        shutil.rmtree(temporary)
    # What is computed can be computed again, and somebody may be at it just now.
    computed = {str(place / "derived"), str(place / "cells")}
    shutil.copytree(place, temporary, symlinks=True, ignore=lambda f, names: names if f in computed else [])
    temporary.rename(backup)  # a backup of this name is a whole one
    fsync_folder(backup.parent)
    return backup


def _set_layout(root: Path, layout: int) -> None:
    text = (root / SETTINGS).read_text(encoding="utf-8")
    text = re.sub(r"(?m)^layout\s*=\s*\d+", f"layout = {layout}", text, count=1)
    if layout_of(tomllib.loads(text)) != layout:
        raise UserError("the layout number cannot be set", str(root / SETTINGS), f"write layout = {layout}")
    put_file(root / SETTINGS, text.encode())
