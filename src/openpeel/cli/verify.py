"""``openpeel verify``: is what was published what the records say?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openpeel.cli.output import busy, note


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A published folder.")],
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", metavar="DIR", help="The workspace it came from (default: looked for)."),
    ] = None,
) -> None:
    """Recompute every figure of a publication from its records and compare, digit by digit."""
    from openpeel.report.verify import verify_folder

    with busy("verifying"):
        result = verify_folder(folder, workspace)
    for line in result.notes:
        note(line)
    for problem in result.problems:
        note(f"openpeel: {problem}")
    if result.problems:
        typer.echo(f"{folder}: NOT verified; problems: {len(result.problems)}")
        raise typer.Exit(1)
    typer.echo(f"{folder}: verified, {result.figures} figures from {result.basis}")
