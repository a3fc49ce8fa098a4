"""``openpeel actors``: who acts, and ``--as``, which the verbs of casework share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.cli.options import HERE, FormatOption, WorkspaceOption, check_format, opened
from openpeel.cli.output import print_json, print_rows
from openpeel.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from openpeel.register import Register

#: The actor, where ``--as`` names none.
VARIABLE = "OPENPEEL_ACTOR"

AsOption = Annotated[
    str, typer.Option("--as", metavar="ACTOR", help=f"Who acts (default: ${VARIABLE}); `actors` lists them.")
]

app = typer.Typer(
    help="Who acts in this workspace: every change in casework has a name to it.", rich_markup_mode=None
)


def acting_as(as_: str) -> str:
    """The handle of who acts.

    Raises:
        UserError: nobody is named.
    """
    handle = as_ or os.environ.get(VARIABLE, "")
    if not handle:
        raise UserError("nobody is named who acts", "--as", f"name an actor, or set ${VARIABLE}")
    return handle


def casework_of(workspace: Path) -> Register:
    """Open a workspace with its casework; gives its register."""
    place, register = opened(workspace)
    from openpeel.casework.setup import open_casework

    open_casework(place.root)
    return register


def only_the_list(context: typer.Context, options: dict[str, object]) -> bool:
    """Whether a verb that lists was called by itself.

    Raises:
        UserError: options of the list stand before a verb below it, where they would say nothing.
    """
    if context.invoked_subcommand is None:
        return True
    if any(options.values()):
        raise UserError(
            f"options before `{context.invoked_subcommand}` say nothing to it",
            context.command_path,
            f"write them after `{context.invoked_subcommand}`",
        )
    return False


@app.callback(invoke_without_command=True)
def actors(
    context: typer.Context, format_: FormatOption = "table", workspace: WorkspaceOption = HERE
) -> None:
    """List the actors."""
    if not only_the_list(context, {"--format": format_ != "table", "--workspace": workspace != HERE}):
        return
    check_format(format_)
    casework_of(workspace)
    from openpeel.casework import actors as services
    from openpeel.casework.shown import actor_plain

    rows = [actor_plain(actor) for actor in services.actors()]
    if format_ == "json":
        print_json(rows)
    else:
        columns = ["handle", "name", "role", "force"]
        print_rows(columns, [[row[column] or "" for column in columns] for row in rows], format_)


@app.command("add")
def add(
    handle: Annotated[str, typer.Argument(metavar="HANDLE", help="Short name, such as anna.k.")],
    role: Annotated[str, typer.Option(help="force, analyst, inspector or administrator.")],
    name: Annotated[str, typer.Option(help="Name in words (default: the handle).")] = "",
    force: Annotated[str, typer.Option(help="Whose actor it is, for the role force.")] = "",
    as_: AsOption = "",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Add an actor. Once there is an administrator, an administrator must."""
    register = casework_of(workspace)
    from openpeel.casework.actors import add_actor

    of = register.resolve(force).id if force else ""
    added = add_actor(handle, name or handle, role, of, as_ or os.environ.get(VARIABLE, ""))
    typer.echo(f"added {added.handle}: {added.role}{f' of {added.force}' if added.force else ''}")
