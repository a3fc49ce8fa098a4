"""``openpeel return template``: write the workbook that a force fills in for a collection."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.cli.options import HERE, WorkspaceOption
from openpeel.cli.output import print_rows
from openpeel.errors import UserError

if TYPE_CHECKING:
    from openpeel.register import Register


def template(
    collection: Annotated[str, typer.Option(metavar="C", help="The collection: 2024-autumn.")] = "",
    force: Annotated[str, typer.Option(metavar="F", help="The force that is to fill it in.")] = "",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.xlsx", help="Where to write the workbook.")
    ] = None,
    register: Annotated[
        str,
        typer.Option(help="The register of forces, where there is no workspace: england-and-wales or demo."),
    ] = "england-and-wales",
    list_: Annotated[bool, typer.Option("--list", help="List the collections, and write nothing.")] = False,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Write a force's workbook of a collection: one sheet for each table, laid out so that only numbers are missing."""
    from openpeel.catalogue import load_catalogue
    from openpeel.engine.intake.disk import put_file
    from openpeel.sources.returns.collections import collection_named
    from openpeel.sources.returns.layout import plan_of
    from openpeel.sources.returns.workbook import write_workbook

    root, forces = _place(workspace, register)
    if list_:
        _list(root)
        return
    for name, value in (("--collection", collection), ("--force", force), ("--out", out)):
        if not value:
            raise UserError("is missing", name, "`openpeel return template --list` lists the collections")
    assert out is not None
    if out.suffix.lower() != ".xlsx":
        raise UserError("is not called .xlsx", str(out), "the workbook is of that kind; name it so")
    owner = forces.resolve(force)
    asked = collection_named(collection, root)
    plan = plan_of(asked, owner.id, load_catalogue(root).types)
    book = write_workbook(plan, owner.name)
    if out.exists() and out.read_bytes() != book:
        # It may be the one that somebody has filled in.
        raise UserError("is there already, and is another workbook", str(out), "choose another name")
    put_file(out, book)
    typer.echo(
        f"{out}: {owner.name}, {asked.id} ({asked.period()}), {len(plan.sheets)} tables, due {asked.due}"
    )


def _place(workspace: Path, register: str) -> tuple[Path | None, Register]:
    """The workspace, if there is one, and the register: its own, or the one that is named."""
    from openpeel.cli.options import opened
    from openpeel.register import load_register
    from openpeel.workspace import is_workspace

    if workspace != HERE or is_workspace(workspace):
        place, forces = opened(workspace)
        return place.root, forces
    return None, load_register(register)


def _list(root: Path | None) -> None:
    from openpeel.engine.clock import now
    from openpeel.sources.returns.collections import collections_of

    today: date = now().date()
    rows = [
        [c.id, c.title, c.period(), str(c.due), str(len(c.tables))]
        for c in collections_of(range(today.year - 2, today.year + 1), root)
    ]
    print_rows(["collection", "title", "period", "due", "tables"], rows, "table")
