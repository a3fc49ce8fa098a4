"""``openpeel import public``: bring in public tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.cli.accounts import Brief, Supplied, end, print_account, tell_of_bodies, waiting
from openpeel.cli.options import HERE, WorkspaceOption
from openpeel.cli.output import busy, note, print_rows
from openpeel.errors import UserError

if TYPE_CHECKING:
    from openpeel.engine.intake.commit import Intake
    from openpeel.engine.intake.held import Place
    from openpeel.register import Register
    from openpeel.sources.police_uk.joined import MonthJoined


def public(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="Kind of table; --list shows them.")] = "",
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH...", help="Files, folders or zip archives.")
    ] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="List the kinds of table, and import nothing.")
    ] = False,
    supplied: Supplied = "",
    brief: Brief = False,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Import public tables: street crime, published counts, areas, residents, deprivation."""
    from openpeel.cli.options import opened
    from openpeel.engine.clock import parse_day
    from openpeel.engine.intake.commit import take_in
    from openpeel.sources.public import Supply, kind_of

    if list_ or not kind:
        _list()
        return
    wanted = kind_of(kind)
    if not paths:
        raise UserError("no file is named", f"import public {kind}", "name files, folders or zip archives")
    place, register = opened(workspace)
    with busy("reading") as progress:
        supply = Supply(paths, register, progress)
        intake = take_in(
            place.root,
            wanted.mapping,
            wanted.parts(supply, place.root),
            supplied=parse_day(supplied) if supplied else None,
            waiting=waiting,
            progress=progress,
        )
    for line in supply.skipped:
        note(f"skipped {line}")
    tell_of_bodies(intake, register)
    print_account(intake, brief)
    if wanted.joins and intake.files:
        _print_joins(place.root, register, _places(intake), brief)
    end([*supply.refused, *intake.refused])


def _list() -> None:
    from openpeel.sources.public import PUBLIC_KINDS

    rows = [
        [k.name, k.title, k.mapping.type.id, "yes" if k.needs_lookup else "no"] for k in PUBLIC_KINDS.values()
    ]
    print_rows(["kind", "what it is", "record type", "needs the area lookup"], rows, "table")


def _places(intake: Intake) -> set[Place]:
    """The forces and months of the files that were read, those that brought nothing new among them."""
    from openpeel.engine.clock import parse_months

    found: set[Place] = set()
    for file in intake.files:
        first, last = parse_months(file.months)
        found |= {(file.force, month) for month in range(first, last + 1)}
    return found


def _print_joins(root: Path, register: Register, places: set[Place], brief: bool) -> None:
    """Print how outcomes join to the crimes of the same month's file, where both are here."""
    from openpeel.sources.police_uk.joined import joins_of

    joins = list(joins_of(root, places))
    _say_what_is_alone(register, places - {(j.force, j.month) for j in joins})
    if not joins:
        return
    if not brief:
        print_rows(_COLUMNS, [_row(j, register) for j in joins], "table", "Join by crime id")
    outcomes = sum(j.joined.outcomes for j in joins)
    matched = sum(j.joined.matched for j in joins)
    typer.echo(
        f"join by crime id: {outcomes} outcomes = {matched} matched to a crime of the "
        f"same month's file + {outcomes - matched} unmatched (mostly of crimes of earlier months); crime ids on "
        f"more than one row: {sum(j.crime_ids for j in joins)} of crimes, {sum(j.outcome_ids for j in joins)} of "
        "outcomes"
    )


def _say_what_is_alone(register: Register, places: set[Place]) -> None:
    from openpeel.engine.clock import month_text

    if not places:
        return
    named = [f"{register.name_of(force)} {month_text(month)}" for force, month in sorted(places)]
    shown = ", ".join(named[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")
    note(f"no join by crime id, since only crimes or only outcomes are in the workspace: {shown}")


_COLUMNS = (
    "force", "month", "outcomes", "matched", "unmatched", "ids on several rows of outcomes", "crimes",
    "without crime id", "ids on several rows of crimes",
)  # fmt: skip


def _row(found: MonthJoined, register: Register) -> list[str]:
    from openpeel.engine.clock import month_text

    joined = found.joined
    numbers = (
        joined.outcomes, joined.matched, joined.unmatched, found.outcome_ids, joined.crimes, joined.without_id,
        found.crime_ids,
    )  # fmt: skip
    return [register.name_of(found.force), month_text(found.month), *map(str, numbers)]
