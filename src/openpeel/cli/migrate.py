"""``openpeel migrate``."""

from __future__ import annotations

import typer

from openpeel.cli.options import HERE, WorkspaceOption


def migrate(workspace: WorkspaceOption = HERE) -> None:
    """Bring a workspace of an older layout up to this one, after a backup."""
    from openpeel.migrations import migrate_workspace

    typer.echo(migrate_workspace(workspace))
