"""``openpeel log``: the event log of casework, its verification, and its anchors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from openpeel.cli.actors import AsOption, acting_as, casework_of, only_the_list
from openpeel.cli.options import HERE, FormatOption, WorkspaceOption, check_format
from openpeel.cli.output import note, print_json, print_rows

app = typer.Typer(help="The log of everything people did here; only ever added to.", rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def log(
    context: typer.Context,
    about: Annotated[str, typer.Option(metavar="ID", help="Events about one query, return or actor.")] = "",
    by: Annotated[str, typer.Option(metavar="ACTOR", help="What one actor did.")] = "",
    format_: FormatOption = "table",
    workspace: WorkspaceOption = HERE,
) -> None:
    """List the events, oldest first."""
    if not only_the_list(
        context, {"about": about, "by": by, "f": format_ != "table", "w": workspace != HERE}
    ):
        return
    check_format(format_)
    casework_of(workspace)
    from openpeel.casework.log.find import events
    from openpeel.casework.shown import events_plain

    rows = events_plain(events(about, by))
    if format_ == "json":
        print_json(rows)
    elif rows or format_ == "csv":
        columns = ["event", "at", "actor", "kind", "about", "reason"]
        print_rows(columns, [_row(row) for row in rows], format_)
    if not rows:
        note("no such event" if about or by else "nothing has been done in this workspace yet")


@app.command("check")
def check(
    against: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="An anchor that was kept elsewhere; may be given more than once."),
    ] = None,
    format_: FormatOption = "table",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Verify that no event was altered, removed or re-ordered, and, by the anchors, that none was cut off."""
    check_format(format_)
    casework_of(workspace)
    from openpeel.casework.log.verify import verify_log

    state = verify_log(against or [])
    for problem in state.problems:
        note(f"openpeel: {problem}")
    if format_ == "json":
        print_json({
            "whole": not state.problems, "events": state.events, "head": state.head or None,
            "anchors": state.anchors, "problems": state.problems, "erased": [vars(e) for e in state.erased],
        })  # fmt: skip
    elif format_ == "csv":
        print_rows(["problem"], [[problem] for problem in state.problems], "csv")
    else:
        for erased in state.erased:
            typer.echo(erased.line())
        verdict = f"NOT whole; problems: {len(state.problems)}" if state.problems else "whole"
        typer.echo(f"the log is {verdict}: {state.events} events, held against {state.anchors} anchors")
    if not state.anchors:
        note(
            "note: there is no anchor, so a cut tail would not show; `openpeel log anchor --out FILE` makes one"
        )
    if state.problems:
        raise typer.Exit(1)


@app.command("anchor")
def anchor(
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Written here as well, to be kept elsewhere.")
    ] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Write down how far the log goes, so that a cut tail shows later."""
    casework_of(workspace)
    from openpeel.casework.log.anchors import anchor as write_down

    said = write_down(out)
    typer.echo(f"anchored {said.events} events, head {said.head}")
    if out is None:
        note("note: it lies in the workspace alone; --out FILE writes a copy to be kept elsewhere")


@app.command("erase")
def erase(
    event: Annotated[int, typer.Argument(metavar="EVENT", help="The number of the event.")],
    authority: Annotated[str, typer.Option(help="On whose authority; kept in the log.")],
    reason: Annotated[str, typer.Option(help="Why the law asks for it; kept in the log.")],
    as_: AsOption = "",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Erase what an event says, because the law asks for it; the event itself stays."""
    actor = acting_as(as_)
    casework_of(workspace)
    from openpeel.casework.log.erase import erase_payload

    told = erase_payload(event, actor, authority, reason)
    typer.echo(f"the payload of event {event} is erased; event {told.seq} says so")


def _row(event: dict[str, Any]) -> list[str]:
    payload = event["payload"]
    said = payload.get("reason") or payload.get("text") or "" if isinstance(payload, dict) else "(erased)"
    return [
        str(event["seq"]),
        event["at"],
        event["actor"],
        event["kind"],
        f"{event['subject_kind']} {event['subject']}",
        said,
    ]
