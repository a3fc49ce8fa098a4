"""``openpeel import``: bring records in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.cli.options import HERE, WorkspaceOption
from openpeel.cli.output import busy, note, print_rows

if TYPE_CHECKING:
    from openpeel.engine.intake.commit import FileAccount, Intake
    from openpeel.errors import UserError

app = typer.Typer(help="Bring records in.", no_args_is_help=True, rich_markup_mode=None)

Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, folders or zip archives.")]
Supplied = Annotated[
    str,
    typer.Option("--supplied", metavar="DATE", help="Day from which the records are known (default: today)."),
]

Brief = Annotated[bool, typer.Option("--brief", help="Print the sum of the accounts, not every file.")]


@app.command("police-uk")
def police_uk(
    paths: Paths,
    force: Annotated[
        list[str] | None,
        typer.Option(
            help="The force, where the file's name does not tell; for a file joined from several, all of them "
            "in the order of its rows: --force a,b,c."
        ),
    ] = None,
    month: Annotated[
        str,
        typer.Option(
            help="The month or months, where the file's name does not tell: 2019-07 or 2016-03..2019-02."
        ),
    ] = "",
    supplied: Supplied = "",
    brief: Brief = False,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Import stop and search files of data.police.uk."""
    from openpeel.cli.options import opened
    from openpeel.engine.clock import parse_day, parse_months
    from openpeel.engine.intake.commit import take_in
    from openpeel.sources.police_uk.files import Found, Options, read_parts
    from openpeel.sources.police_uk.mapping import STOP_SEARCH_FILES

    place, register = opened(workspace)
    options = Options(
        [f.strip() for each in force or () for f in each.split(",") if f.strip()],
        parse_months(month) if month else None,
    )
    found = Found()
    with busy("reading") as progress:
        parts = read_parts(paths, register, options, found, progress)
        intake = take_in(
            place.root,
            STOP_SEARCH_FILES,
            parts,
            supplied=parse_day(supplied) if supplied else None,
            waiting=_waiting,
            progress=progress,
        )
    for line in found.skipped:
        note(f"skipped {line}")
    outside = sorted({f.force for f in intake.files if not register.in_scope(f.force)})
    for body in outside:
        note(f"{register.name_of(body)} is not one of the forces compared: kept, out of scope, in no average")
    _tell(intake, found.refused, brief)


@app.command("population")
def population(
    paths: Paths,
    scheme: Annotated[
        str, typer.Option(help="Where the table counts Chinese people: chinese-in-other or chinese-in-asian.")
    ] = "chinese-in-other",
    supplied: Supplied = "",
    brief: Brief = False,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Import population tables: Census by ethnic group, or mid-year estimates."""
    from openpeel.cli.options import opened
    from openpeel.engine.clock import parse_day
    from openpeel.engine.intake.commit import take_in
    from openpeel.sources.ons.population import POPULATION_TABLES, read_parts

    place, register = opened(workspace)
    refused: list[UserError] = []
    with busy("reading") as progress:
        intake = take_in(
            place.root,
            POPULATION_TABLES,
            read_parts(paths, register, scheme, refused, progress),
            supplied=parse_day(supplied) if supplied else None,
            waiting=_waiting,
            progress=progress,
        )
    _tell(intake, refused, brief)


def _waiting() -> None:
    note("another import is under way in this workspace; waiting for it to end")


def _tell(intake: Intake, refused: list[UserError], brief: bool) -> None:
    """Print the account of every file, and end with status 2 if a file was refused."""
    short = _short([f.file for f in intake.files])
    rows = [
        [
            short[f.file],
            str(f.read),
            str(f.accepted),
            str(f.read - f.accepted),
            "; ".join(f"{n} {reason}" for reason, n in f.set_aside.items()),
            str(f.duplicates),
        ]
        for f in intake.files
    ]
    if rows and not brief:
        print_rows(
            ["file", "rows read", "accepted", "set aside", "why", "exact repeats among accepted"],
            rows,
            "table",
        )
    repeats = sum(f.duplicates for f in intake.files)
    aside = intake.read() - intake.accepted()
    typer.echo(
        f"{len(intake.files)} {'file' if len(intake.files) == 1 else 'files'}: "
        f"{intake.read()} rows read = {intake.accepted()} accepted + {aside} set aside; "
        f"{repeats} accepted rows repeat another exactly (kept)"
    )
    for line in dict.fromkeys(
        [
            *(f"{short[f.file]}: {n}" for f in intake.files for n in [*f.notes, *_mostly_aside(f)]),
            *intake.notes,
        ]
    ):
        note(f"note: {line}")
    if intake.id:
        typer.echo(f"intake {intake.id}: {intake.snapshots} snapshots, scope {intake.scope}")
    elif intake.files:
        typer.echo(f"nothing new: all of it is already here (scope {intake.scope})")
    errors = [*refused, *intake.refused]
    for error in errors:
        note(f"openpeel: refused {error.line()}")
    if errors:
        raise typer.Exit(2)


def _short(files: list[str]) -> dict[str, str]:
    """File -> its bare name, or the whole where two files have the same."""
    bare = {file: file.rsplit("/", 1)[-1] for file in files}
    several = {name for name, n in Counter(bare.values()).items() if n > 1}
    return {file: file if name in several else name for file, name in bare.items()}


def _mostly_aside(account: FileAccount) -> list[str]:
    """A warning where most of a file cannot be used: it may not be the file that it is named as."""
    aside = sum(n for reason, n in account.set_aside.items() if reason != "same file")
    if aside <= account.accepted:
        return []
    return [f"only {account.accepted} of {account.read} rows were accepted; check that it is the right file"]
