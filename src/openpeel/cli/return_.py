"""``openpeel return``: where the returns of a collection stand, and their sign-off."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

import typer

from openpeel.cli.actors import AsOption, acting_as, casework_of
from openpeel.cli.options import HERE, FormatOption, WorkspaceOption, check_format
from openpeel.cli.output import note, print_json, print_rows
from openpeel.errors import UserError

app = typer.Typer(
    help="Returns: what forces send in for a collection, and where each stands.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

ForceArgument = Annotated[str, typer.Argument(metavar="FORCE", help="Whose return.")]
CollectionOption = Annotated[str, typer.Option(metavar="C", help="Of which collection, such as 2024-autumn.")]


@app.command("status")
def status(
    collection: Annotated[
        str, typer.Argument(metavar="[COLLECTION]", help="One collection (default: all).")
    ] = "",
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="Late and missing as of this day (default: today).")
    ] = "",
    format_: FormatOption = "table",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Say where each return stands: expected, missing, received, late, under query or signed off."""
    from openpeel.engine.clock import now, parse_day

    check_format(format_)
    try:
        day = parse_day(on) if on else now().date()
    except UserError as error:
        raise UserError(error.what, "--on", error.do) from None
    casework_of(workspace)
    from openpeel.casework.returns.status import standings
    from openpeel.casework.shown import standing_plain

    rows = [standing_plain(standing) for standing in standings(day, collection)]
    if format_ == "json":
        print_json(rows)
    elif rows or format_ == "csv":
        columns = ["collection", "force", "state", "due", "received", "days late", "receipts", "unsettled queries",
                   "blocking", "signed off by", "note"]  # fmt: skip
        print_rows(columns, [_row(row) for row in rows], format_)
    _sum_up(rows, collection)


@app.command("expect")
def expect(
    collection: Annotated[str, typer.Argument(metavar="COLLECTION", help="Such as 2024-autumn.")],
    force: Annotated[
        list[str] | None,
        typer.Option("--force", metavar="F", help="Of this force (default: of all compared)."),
    ] = None,
    as_: AsOption = "",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Say which returns are owed, so that a missing one shows; those owed already stay."""
    actor = acting_as(as_)
    register = casework_of(workspace)
    from openpeel.casework.returns.receive import expect_returns
    from openpeel.sources.returns.collections import collection_named

    forces = [register.resolve(one).id for one in force] if force else register.ids()
    owed = expect_returns(collection_named(collection, workspace), forces, actor)
    typer.echo(
        f"{collection}: {len(owed)} {'return' if len(owed) == 1 else 'returns'} expected by {owed[0].due}"
    )


@app.command("sign-off")
def sign_off(
    force: ForceArgument,
    collection: CollectionOption,
    undo: Annotated[
        str, typer.Option("--take-back", metavar="REASON", help="Take the sign-off back instead.")
    ] = "",
    as_: AsOption = "",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Sign a return off; refused while a blocking query is not accepted."""
    actor = acting_as(as_)
    register = casework_of(workspace)
    from openpeel.casework.returns import sign_off as services

    id_ = register.resolve(force).id
    if undo:
        services.take_back_sign_off(id_, collection, actor, undo)
        typer.echo(f"{collection}/{id_}: sign-off taken back by {actor}")
        return
    signed = services.sign_off(id_, collection, actor)
    if signed.note:
        note(f"note: {signed.note}")
    _anchor()
    covers = ", ".join(signed.intakes) or "no intake: what came in was here already"
    typer.echo(
        f"{collection}/{id_}: signed off by {actor}; covers {signed.receipts} "
        f"{'receipt' if signed.receipts == 1 else 'receipts'} ({covers})"
    )


def _anchor() -> None:
    """A sign-off is a good moment to write down how far the log goes; it stands even if that fails."""
    from openpeel.casework.log.anchors import anchor

    try:
        anchor()
    except UserError as error:
        note(f"note: signed off, but the log was not anchored: {error.line()}")


def _row(row: dict[str, Any]) -> list[str]:
    return [
        row["collection"],
        row["force"],
        row["state"],
        row["due"],
        row["received"] or "",
        str(row["days_late"]) if row["days_late"] else "",
        str(row["receipts"]),
        str(len(row["unsettled"])),
        ", ".join(row["blocking"]),
        row["signed_off_by"] or "",
        row["note"] or "",
    ]


def _sum_up(rows: list[dict[str, Any]], collection: str) -> None:
    if not rows:
        note(f"no return is expected{f' for {collection}' if collection else ''}")
        return
    states = Counter(row["state"] for row in rows)
    late = sum(1 for row in rows if row["received"] and row["days_late"])
    told = ", ".join(f"{n} {state}" for state, n in sorted(states.items()))
    note(f"{len(rows)} {'return' if len(rows) == 1 else 'returns'}: {told}; {late} came after the due day")
