"""``openpeel import extract``: a force's own files, by a mapping."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.cli.accounts import Brief, Supplied, tell, tell_of_bodies, waiting
from openpeel.cli.options import HERE, WorkspaceOption
from openpeel.cli.output import busy, note
from openpeel.errors import UserError

if TYPE_CHECKING:
    from openpeel.engine.intake.commit import Intake


def extract(
    mapping: Annotated[
        Path, typer.Option(metavar="M.toml", help="The mapping: which column of the files is which.")
    ],
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH...", help="Files, folders or zip archives.")
    ] = None,
    type_: Annotated[
        str, typer.Option("--type", metavar="T", help="The record type: responding.incident, or incident.")
    ] = "",
    scope: Annotated[
        str, typer.Option(help="What the files replace: complete or changes (default: as the mapping says).")
    ] = "",
    force: Annotated[str, typer.Option(help="The force (default: as the mapping says).")] = "",
    month: Annotated[
        str,
        typer.Option(help="The months the files are complete for: 2023-01 or 2023-01..2023-12."),
    ] = "",
    gone: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A CSV file of the keys of records that are gone.")
    ] = None,
    supplied: Supplied = "",
    brief: Brief = False,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Import extracts of a force's systems: CSV, spreadsheets, Parquet."""
    from openpeel.catalogue import load_catalogue
    from openpeel.cli.options import opened
    from openpeel.engine.clock import parse_day
    from openpeel.engine.intake.commit import take_in
    from openpeel.sources.extract.files import Found, read_parts, stated
    from openpeel.sources.extract.gone import read_gone
    from openpeel.sources.extract.mapping_file import about, read_mapping

    if not paths and gone is None:
        raise UserError("no file is named", "PATH", "name the files to import")
    place, register = opened(workspace)
    said = read_mapping(mapping, load_catalogue(place.root).types, type_, scope)
    of = stated(said, register, force, month)
    known_from = parse_day(supplied) if supplied else None
    deletions = read_gone(gone, said, of.force, register) if gone else []
    found = Found()
    with busy("reading") as progress:
        intake = take_in(
            place.root,
            said.mapping,
            read_parts(paths or [], said, of, register, found, progress),
            deletions=deletions,
            supplied=known_from,
            waiting=waiting,
            progress=progress,
            tell=note,
        )
    for line in found.skipped:
        note(f"skipped {line}")
    _tell_once(about(said), intake)
    tell_of_bodies(intake, register)
    if said.mapping.gone or gone:
        _tell_gone(intake, len(deletions) if gone else None)
    tell(intake, found.refused, brief)


def _tell_once(lines: list[str], intake: Intake) -> None:
    """Say of the mapping once what the account of every file holds."""
    for line in lines:
        note(f"note: {line}")
    for file in intake.files:
        file.notes[:] = [n for n in file.notes if n not in lines]


def _tell_gone(intake: Intake, listed: int | None) -> None:
    by_list = "" if listed is None else f" ({listed} named by the list)"
    count = f"{intake.deleted} {'record was' if intake.deleted == 1 else 'records were'}"
    note(f"note: {count} taken out as gone{by_list}")
