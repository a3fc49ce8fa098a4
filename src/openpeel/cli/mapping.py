"""``openpeel mapping``: write a draft of a mapping, and check one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.cli.options import HERE, WorkspaceOption
from openpeel.cli.output import busy, note, print_rows
from openpeel.errors import UserError

if TYPE_CHECKING:
    from openpeel.sources.extract.propose_check import Checked

app = typer.Typer(
    help="Say which column of a file is which column of a record type.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("suggest")
def suggest(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, spreadsheet or Parquet.")],
    type_: Annotated[
        str, typer.Option("--type", metavar="T", help="The record type: responding.incident, or incident.")
    ],
    sheet: Annotated[str, typer.Option(help="Of a spreadsheet: the sheet's name.")] = "",
    header_row: Annotated[
        int | None,
        typer.Option(min=1, help="Number of the row with the headings (of text, the line)."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="M.toml", help="Write it into this new file instead of printing it."),
    ] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Write a draft of a mapping from a file's headings and values, with what is unsure marked."""
    from openpeel.catalogue import load_catalogue
    from openpeel.engine.declare.find import type_named
    from openpeel.register import load_register
    from openpeel.sources.extract import suggest as drafting

    if out is not None and out.exists():
        raise UserError("is there already", str(out), "name a new file; a mapping is never overwritten")
    record_type = type_named(load_catalogue(workspace).types, type_)
    with busy("looking at the file"):
        draft = drafting.suggest(
            file, record_type, load_register("england-and-wales"), sheet, header_row or 0
        )
    if out is None:
        typer.echo(draft.text, nl=False)
    else:
        _write(out, draft.text)
    columns = len(record_type.columns)
    note(
        f"{len(draft.filled)} of {columns} columns of {record_type.id} found; {draft.unsure} places marked unsure"
    )
    if draft.needed:
        note(f"still needed: {', '.join(draft.needed)}")


@app.command("check")
def check(
    mapping: Annotated[Path, typer.Argument(metavar="M.toml", help="The mapping.")],
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A file to hold it against.")] = None,
    scope: Annotated[str, typer.Option(help="As for the import: complete or changes.")] = "",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Check a mapping; with a file, show what stands under each heading and what would be set aside."""
    from openpeel.catalogue import load_catalogue
    from openpeel.sources.extract import propose_check
    from openpeel.sources.extract.mapping_file import about, read_mapping

    said = read_mapping(mapping, load_catalogue(workspace).types, scope=scope)
    with busy("looking at the file"):
        checked = propose_check.check(said, file)
    print_rows(
        ["column", "from", "for example"] if file else ["column", "from"],
        [[f.column, f.source, *([" | ".join(f.samples)] if file else [])] for f in checked.filled],
        "table",
    )
    for line in about(said):
        note(f"note: {line}")
    if file:
        _tell(checked)


def _tell(checked: Checked) -> None:
    if checked.unused:
        note(f"note: columns not used: {', '.join(checked.unused)}")
    aside = sum(checked.aside.values())
    why = "; ".join(f"{count} {reason}" for reason, count in checked.aside.items())
    note(
        f"of the first {checked.tried} rows {checked.tried - aside} would be accepted, {aside} set aside"
        + (f": {why}" if why else "")
    )
    if checked.tried and aside == checked.tried:
        raise typer.Exit(1)


def _write(out: Path, text: str) -> None:
    try:
        with out.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise UserError(
            "is there already", str(out), "name a new file; a mapping is never overwritten"
        ) from None
    except OSError as error:
        raise UserError(f"cannot be written ({error.strerror})", str(out), "check the folder") from None
