"""``openpeel new``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to make the workspace.")],
    register: Annotated[
        str, typer.Option(help="Forces that are compared: england-and-wales or demo.")
    ] = "england-and-wales",
) -> None:
    """Make a new workspace."""
    from openpeel.register import load_register
    from openpeel.workspace import create

    load_register(register)
    create(folder, register)
    typer.echo(f"made {folder}; next: cd {folder}, then openpeel import …")
