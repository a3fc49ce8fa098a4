"""``openpeel check``: what is doubtful about the records that are here."""

from __future__ import annotations

from typing import Annotated

import typer

from openpeel.cli.options import (
    HERE,
    AsAtOption,
    FormatOption,
    RecordedByOption,
    WorkspaceOption,
    check_format,
    opened,
    vintage_of,
)
from openpeel.cli.output import busy, note, print_json, print_rows


def check(
    type_: Annotated[
        str, typer.Option("--type", metavar="T", help="One record type, such as responding.incident.")
    ] = "",
    force: Annotated[str, typer.Option("--force", metavar="F", help="One force.")] = "",
    as_at: AsAtOption = "",
    recorded_by: RecordedByOption = "",
    format_: FormatOption = "table",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Check the records against each other: references that lead nowhere, numbers that stand twice.

    Ends with status 1 if any does.
    """
    from openpeel.catalogue import load_catalogue
    from openpeel.engine.declare.find import type_named
    from openpeel.engine.intake.set_rules import count_set_rules

    check_format(format_)
    place, register = opened(workspace)
    types = load_catalogue(place.root).types
    only = [type_named(types, type_).id] if type_ else []
    wanted = register.resolve(force).id if force else ""
    with busy("checking") as progress:
        found = count_set_rules(place.root, types, vintage_of(as_at, recorded_by), only, progress)
    found = [f for f in found if not wanted or f.force == wanted]
    if format_ == "json":
        print_json([vars(f) for f in found])
    elif found:
        rows = [
            [f.type, f.force, f.rule, str(f.records), "cannot tell" if f.broken is None else str(f.broken)]
            for f in found
        ]
        print_rows(["record type", "force", "rule", "records it speaks of", "broken"], rows, format_)
    if not found:
        note("no set rule speaks of the records that are here")
    broken = sum(f.broken or 0 for f in found)
    untold = sum(f.broken is None for f in found)
    if untold:
        note(f"{untold} rules cannot be told: no record of the type they lead to is here for the force")
    if broken:
        raise typer.Exit(1)
