"""What the verbs that bring records in share: their options, and the account of every file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.cli.output import note, print_rows

if TYPE_CHECKING:
    from openpeel.engine.intake.commit import FileAccount, Intake
    from openpeel.errors import UserError
    from openpeel.register import Register

Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, folders or zip archives.")]
Supplied = Annotated[
    str,
    typer.Option("--supplied", metavar="DATE", help="Day from which the records are known (default: today)."),
]
Brief = Annotated[bool, typer.Option("--brief", help="Print the sum of the accounts, not every file.")]


def waiting() -> None:
    """Say that another import holds the workspace."""
    note("another import is under way in this workspace; waiting for it to end")


def tell(intake: Intake, refused: list[UserError], brief: bool) -> None:
    """Print the account of every file, and end with status 2 if a file was refused."""
    print_account(intake, brief)
    end([*refused, *intake.refused])


def tell_of_bodies(intake: Intake, register: Register) -> None:
    """Say which files are of bodies that are no forces compared."""
    for body in sorted({f.force for f in intake.files if f.force and not register.in_scope(f.force)}):
        note(f"{register.name_of(body)} is not one of the forces compared: kept, out of scope, in no average")


def print_account(intake: Intake, brief: bool) -> None:
    """Print the account of every file."""
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
    lines = [
        *(f"{short[f.file]}: {n}" for f in intake.files for n in [*f.notes, *_mostly_aside(f)]),
        *intake.notes,
    ]
    for line in _once(lines, [f.file for f in intake.files]) if brief else dict.fromkeys(lines):
        note(f"note: {line}")
    if intake.id:
        typer.echo(f"intake {intake.id}: {intake.snapshots} snapshots, scope {intake.scope}")
    elif intake.files:
        typer.echo(f"nothing new: all of it is already here (scope {intake.scope})")


def _once(lines: list[str], files: list[str]) -> list[str]:
    """Notes that differ by their file alone, told once with how many there are."""
    names = sorted({name for f in files for name in (f, f.rsplit("/", 1)[-1])}, key=len, reverse=True)
    alike: dict[str, list[str]] = {}
    for line in dict.fromkeys(lines):
        name = next((n for n in names if line.startswith(n)), "")
        alike.setdefault(line[len(name) :], []).append(name)
    return [
        f"{found[0]}{text}" + (f" (and {len(found) - 1} more files alike)" if len(found) > 1 else "")
        for text, found in alike.items()
    ]


def end(refused: list[UserError]) -> None:
    """Name the files that were refused, and end with status 2 if there are any."""
    for error in refused:
        note(f"openpeel: refused {error.line()}")
    if refused:
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
