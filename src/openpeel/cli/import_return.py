"""``openpeel import return``: read back the workbooks that forces filled in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.cli.accounts import Brief, Supplied, end, waiting
from openpeel.cli.actors import VARIABLE, AsOption, casework_of
from openpeel.cli.options import HERE, WorkspaceOption
from openpeel.cli.output import busy, note, print_rows

if TYPE_CHECKING:
    from openpeel.sources.returns.taken import ReturnTaken, TableTaken, Taken

#: So many faults of one table are told; the others are among the rows set aside.
_TOLD = 10


def return_(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Workbooks, or folders or archives with them.")
    ],
    force: Annotated[str, typer.Option(help="Take returns of this force alone, and refuse others.")] = "",
    supplied: Supplied = "",
    brief: Brief = False,
    as_: AsOption = "",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Import returns: the workbooks of `openpeel return template`, filled in.

    With an actor named, each is written down as received.
    """
    actor = as_ or os.environ.get(VARIABLE, "")
    if actor:
        known_actor(actor, workspace)
    taken = take(paths, force, supplied, workspace)
    if actor:
        write_down(taken, actor, supplied, workspace)
    elif taken.returns:
        note(
            "note: nobody is named who received them (--as), so `openpeel return status` does not know of them"
        )
    tell_taken(taken, brief)


def known_actor(actor: str, workspace: Path) -> None:
    """See that there is such an actor, before anything is brought in.

    Raises:
        UserError: there is none.
    """
    casework_of(workspace)
    from openpeel.casework.actors import actor_named

    actor_named(actor)


def write_down(taken: Taken, actor: str, supplied: str, workspace: Path) -> None:
    """Write down that the returns came in, for the collection's state.

    Raises:
        UserError: the actor may not bring in a return of the force.
    """
    from openpeel.engine.clock import now, parse_day

    casework_of(workspace)
    from openpeel.casework.returns.receive import record_receipt

    day = parse_day(supplied) if supplied else now().date()
    for one in taken.returns:
        intakes = list(dict.fromkeys(one.intakes.values()))
        record_receipt(
            one.collection,
            one.force,
            intakes=intakes,
            file_hash=one.sha256,
            received=day,
            by=actor,
            file=one.file,
        )


def take(paths: list[Path], force: str, supplied: str, workspace: Path) -> Taken:
    """Bring the returns in.

    Raises:
        UserError: a path does not exist, the force is not known, or the day cannot be read or lies in the future.
    """
    from openpeel.catalogue import load_catalogue
    from openpeel.cli.options import opened
    from openpeel.engine.clock import parse_day
    from openpeel.sources.returns.bring import import_returns

    place, register = opened(workspace)
    with busy("reading") as progress:
        return import_returns(
            place.root,
            register,
            load_catalogue(place.root).types,
            paths,
            supplied=parse_day(supplied) if supplied else None,
            force=register.resolve(force).id if force else "",
            waiting=waiting,
            progress=progress,
        )


def tell_taken(taken: Taken, brief: bool) -> None:
    """Print what was read of each table, and end with status 2 if a workbook or a table was refused."""
    for line in taken.skipped:
        note(f"skipped {line}")
    for one in taken.returns:
        if not brief:
            print_rows(_COLUMNS, [_row(t) for t in one.tables], "table", _title(one))
        _tell_faults(one)
    for line in taken.notes:
        note(f"note: {line}")
    _tell_sum(taken)
    end(taken.refused)


_COLUMNS = (
    "sheet",
    "rows read",
    "accepted",
    "set aside",
    "why",
    "cells not known",
    "cells not applicable",
    "intake",
)


def _title(one: ReturnTaken) -> str:
    return f"{one.force}, {one.collection.id} ({one.collection.period()}): {one.file.rsplit('/', 1)[-1]}"


def _row(table: TableTaken) -> list[str]:
    numbers = (table.read, table.accepted, table.read - table.accepted)
    why = "; ".join(f"{n} {reason}" for reason, n in table.set_aside.items())
    new = table.intake or ("refused" if table.refused else "nothing new" if table.read else "not supplied")
    return [table.sheet, *map(str, numbers), why, str(table.not_known), str(table.not_applicable), new]


def _tell_faults(one: ReturnTaken) -> None:
    """The faults by sheet and cell, rows that are not there, and what the force wrote beside its numbers."""
    file = one.file.rsplit("/", 1)[-1]
    for table in one.tables:
        for fault in table.faults[:_TOLD]:
            note(f"set aside: {file}: {fault}")
        if len(table.faults) > _TOLD:
            more = len(table.faults) - _TOLD
            note(
                f"set aside: {file}: sheet {table.sheet}: {more} more, listed in set-aside.csv.gz of the intake"
            )
        if table.missing:
            some = ", ".join(table.missing[:3]) + (" …" if len(table.missing) > 3 else "")
            note(f"note: {file}: sheet {table.sheet} lacks {len(table.missing)} of the rows laid out: {some}")
    for said in one.notes:
        note(f"note: {file}: the force's note: {said.line()}")


def _tell_sum(taken: Taken) -> None:
    tables = [t for one in taken.returns for t in one.tables]
    read, accepted = sum(t.read for t in tables), sum(t.accepted for t in tables)
    returns = f"{len(taken.returns)} {'return' if len(taken.returns) == 1 else 'returns'}"
    typer.echo(f"{returns}: {read} rows read = {accepted} accepted + {read - accepted} set aside")
    if tables and not any(t.intake for t in tables):
        typer.echo("nothing new: all of it is already here")
