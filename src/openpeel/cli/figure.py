"""``openpeel figure``: the way back from a printed figure to its declaration and records."""

from __future__ import annotations

from typing import Annotated

import typer

from openpeel.cli.options import HERE, WorkspaceOption, opened
from openpeel.cli.output import print_json


def figure(
    id_: Annotated[str, typer.Argument(metavar="FIGURE_ID", help="The id printed with a figure (fig-…).")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Show what a printed figure rests on: its question, declaration, snapshots and their files, as JSON."""
    from openpeel.engine.measure.ledger import origins, resolve

    place, _ = opened(workspace)
    found = resolve(place.root, id_)
    print_json({
        "question": found.question,
        "declaration": found.declaration,
        "snapshots": found.snapshots,
        "origins": origins(place.root, found.snapshots),
    })  # fmt: skip
