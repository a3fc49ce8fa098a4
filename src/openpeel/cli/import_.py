"""``openpeel import``: bring records in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.cli import import_extract, import_public, import_return
from openpeel.cli.accounts import Brief, Paths, Supplied, tell, tell_of_bodies, waiting
from openpeel.cli.options import HERE, WorkspaceOption
from openpeel.cli.output import busy, note

if TYPE_CHECKING:
    from openpeel.errors import UserError

app = typer.Typer(help="Bring records in.", no_args_is_help=True, rich_markup_mode=None)
app.command("extract")(import_extract.extract)
app.command("public")(import_public.public)
app.command("return")(import_return.return_)


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
            waiting=waiting,
            progress=progress,
        )
    for line in found.skipped:
        note(f"skipped {line}")
    tell_of_bodies(intake, register)
    tell(intake, found.refused, brief)


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
            waiting=waiting,
            progress=progress,
        )
    tell(intake, refused, brief)
