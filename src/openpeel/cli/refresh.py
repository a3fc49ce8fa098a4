"""``openpeel refresh``."""

from __future__ import annotations

from typing import Annotated

import typer

from openpeel.cli.options import HERE, WorkspaceOption
from openpeel.cli.output import busy


def refresh(
    explain: Annotated[bool, typer.Option("--explain", help="Only say what would be computed.")] = False,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Compute what is out of date."""
    from openpeel.catalogue import load_catalogue
    from openpeel.cli.options import context_of, opened
    from openpeel.engine.measure.refresh import outline, refresh_all

    place, _ = opened(workspace)
    context = context_of(place, load_catalogue(place.root), "", "", "latest")
    with busy("computing"):
        lines = outline(context) if explain else refresh_all(context)
    context.close()
    for line in lines:
        typer.echo(line)
