"""Upgrading a workspace: after a backup, step by step, and never past what this openpeel knows."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers import run_here, tree
from incidents import changes, incident, known
from openpeel.engine.intake.disk import writer_lock
from openpeel.errors import UserError
from openpeel.migrations import STEPS, migrate_workspace
from openpeel.workspace import LAYOUT, open_workspace, read_settings

Step = Callable[[Path], None]


def note(text: str) -> Step:
    """A step that leaves a line."""

    def step(root: Path) -> None:
        with (root / "steps.txt").open("a") as lines:
            lines.write(f"{text}\n")

    return step


def backups(root: Path) -> list[str]:
    return sorted(f.name for f in root.parent.iterdir() if "backup" in f.name)


def test_there_is_nothing_to_do_for_the_present_layout(workspace: Path) -> None:
    assert "nothing to do" in migrate_workspace(workspace)
    done = run_here("migrate", cwd=workspace)
    assert done.returncode == 0 and "nothing to do" in done.stdout
    assert backups(workspace) == []


def test_the_shipped_steps_lead_to_the_shipped_layout() -> None:
    assert sorted(STEPS) == list(range(1, LAYOUT))


def test_steps_run_in_order_after_a_backup(workspace: Path) -> None:
    changes(workspace, incident("a"))
    before = tree(workspace)
    said = migrate_workspace(workspace, 3, {1: note("one"), 2: note("two")})
    assert said == "upgraded from layout 1 to 3; the backup is workspace-layout-1-backup"
    assert (workspace / "steps.txt").read_text() == "one\ntwo\n"
    assert read_settings(workspace)["layout"] == 3
    assert known(workspace) == {"a": ("2023-01", "")}
    backup = workspace.with_name("workspace-layout-1-backup")
    assert tree(backup) == before
    assert open_workspace(backup).root == backup


def test_the_rest_of_the_settings_stays(workspace: Path) -> None:
    file = workspace / "openpeel.toml"
    text = file.read_text() + "\n# a remark: layout = 1\n[other]\nlayout = 1\n"
    file.write_text(text)
    migrate_workspace(workspace, 2, {1: note("one")})
    assert file.read_text() == text.replace("layout = 1", "layout = 2", 1)


def test_what_is_computed_is_not_backed_up(workspace: Path) -> None:
    for place in ("derived/t/k/a.parquet", "cells/t/k/a.parquet", "outputs/derived/a.txt"):
        (workspace / place).parent.mkdir(parents=True, exist_ok=True)
        (workspace / place).write_text("x")
    migrate_workspace(workspace, 2, {1: note("one")})
    backup = workspace.with_name("workspace-layout-1-backup")
    assert sorted(f for f in tree(backup) if f.endswith("a.parquet") or f.endswith("a.txt")) == [
        "outputs/derived/a.txt"
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("layout = 9", "install a newer openpeel"),
        ("layout = 0", "use the openpeel that made it"),
        ("layout = -1", "use the openpeel that made it"),
        ("layout = true", "no layout number"),
        ('layout = "1"', "no layout number"),
        ("", "no layout number"),
        ("layout =", "mend the settings"),
    ],
)
def test_what_cannot_be_upgraded_is_one_clear_error(workspace: Path, line: str, says: str) -> None:
    file = workspace / "openpeel.toml"
    file.write_text(file.read_text().replace("layout = 1", line))
    done = run_here("migrate", cwd=workspace)
    assert done.returncode == 2 and says in done.stderr and done.stderr.count("\n") == 1
    assert backups(workspace) == []


def test_no_workspace_no_upgrade(tmp_path: Path) -> None:
    assert "is not an openpeel workspace" in run_here("migrate", cwd=tmp_path).stderr


def test_a_step_that_fails_leaves_the_layout_and_the_backup(workspace: Path) -> None:
    def fails(_root: Path) -> None:
        raise UserError("the step does not work")

    with pytest.raises(UserError, match="does not work"):
        migrate_workspace(workspace, 3, {1: note("one"), 2: fails})
    assert read_settings(workspace)["layout"] == 2
    assert backups(workspace) == ["workspace-layout-1-backup"]


def test_a_backup_is_never_written_over(workspace: Path) -> None:
    """It is there because an upgrade was broken off: it is the only whole copy."""
    (workspace.with_name("workspace-layout-1-backup")).mkdir()
    with pytest.raises(UserError, match="broken off"):
        migrate_workspace(workspace, 2, {1: note("one")})
    assert not (workspace / "steps.txt").exists()


def test_a_backup_that_was_broken_off_is_made_anew(workspace: Path) -> None:
    shutil.copytree(workspace, workspace.with_name(".tmp-workspace-layout-1-backup"))
    migrate_workspace(workspace, 2, {1: note("one")})
    assert backups(workspace) == ["workspace-layout-1-backup"]


def test_somebody_else_upgraded_it_meanwhile(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for the lock, and then there is nothing left to do: no step runs twice."""
    from openpeel import migrations

    class Late:
        def __init__(self, root: Path) -> None:
            self.inner = writer_lock(root)

        def __enter__(self) -> None:
            file = workspace / "openpeel.toml"
            file.write_text(file.read_text().replace("layout = 1", "layout = 2"))
            self.inner.__enter__()

        def __exit__(self, *_: object) -> None:
            self.inner.__exit__(None, None, None)

    monkeypatch.setattr(migrations, "writer_lock", Late)
    assert "nothing to do" in migrate_workspace(workspace, 2, {1: note("one")})
    assert not (workspace / "steps.txt").exists()
