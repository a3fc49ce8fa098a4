"""``openpeel queries``: doubts put to forces, answered, and accepted or reopened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from openpeel.cli.actors import AsOption, acting_as, casework_of, only_the_list
from openpeel.cli.options import HERE, FormatOption, WorkspaceOption, check_format
from openpeel.cli.output import note, print_json, print_rows

if TYPE_CHECKING:
    from openpeel.casework.models import Query

app = typer.Typer(
    help="Queries: doubts that `openpeel check --raise` put to forces, and what became of them.",
    rich_markup_mode=None,
)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The query: Q-0042, or 42.")]
_FACTS = ("force", "type", "check", "subject", "months", "collection", "owner", "raised_at", "found_at",
          "no_longer_found_at", "count")  # fmt: skip
_SHOWN = 20  # rows of a query that people see; JSON has them all


@app.callback(invoke_without_command=True)
def queries(
    context: typer.Context,
    force: Annotated[str, typer.Option("--force", metavar="F", help="Of one force.")] = "",
    state: Annotated[
        str, typer.Option(help="open, answered, accepted, reopened, withdrawn; or unsettled.")
    ] = "",
    severity: Annotated[str, typer.Option(help="blocking, warning or note.")] = "",
    collection: Annotated[str, typer.Option(metavar="C", help="Of one collection.")] = "",
    format_: FormatOption = "table",
    workspace: WorkspaceOption = HERE,
) -> None:
    """List the queries."""
    said = {"force": force, "state": state, "severity": severity, "collection": collection}
    if not only_the_list(context, {**said, "f": format_ != "table", "w": workspace != HERE}):
        return
    check_format(format_)
    register = casework_of(workspace)
    from openpeel.casework.queries.find import queries as find
    from openpeel.casework.shown import query_plain

    found = find(register.resolve(force).id if force else "", state, severity, collection)
    if format_ == "json":
        print_json([query_plain(query) for query in found])
    elif found or format_ == "csv":
        columns = ["query", "state", "severity", "force", "type", "months", "concerns", "still found", "text"]
        print_rows(columns, [_row(query) for query in found], format_)
    if not found:
        note("no such query" if any(said.values()) else "no query has been raised")


@app.command("show")
def show(id_: IdArgument, format_: FormatOption = "table", workspace: WorkspaceOption = HERE) -> None:
    """Show a query: its rows, its answers, and everything that happened to it."""
    check_format(format_)
    casework_of(workspace)
    from openpeel.casework.queries.find import history, query_named
    from openpeel.casework.shown import answer_plain, events_plain, query_plain

    query = query_named(id_)
    answers, events = history(query)
    plain = {
        **query_plain(query),
        "answers": [answer_plain(answer, query) for answer in answers],
        "events": events_plain(events),
    }
    if format_ == "json":
        print_json(plain)
    elif format_ == "csv":
        print_rows(["query", "row"], [[query.id_, row] for row in query.rows], "csv")
    else:
        _print(plain)


@app.command("answer")
def answer(
    id_: IdArgument,
    kind: Annotated[
        str,
        typer.Option(help="explained (it is right), corrected (new records came) or withdrawn (taken back)."),
    ],
    text: Annotated[str, typer.Option(metavar="T", help="What the force says.")],
    intake: Annotated[str, typer.Option(metavar="ID", help="The intake that corrected it, if one did.")] = "",
    as_: AsOption = "",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Answer a query for its force."""
    actor = acting_as(as_)
    casework_of(workspace)
    from openpeel.casework.queries.deal import answer as give

    given = give(id_, kind, text, actor, intake)
    typer.echo(f"{given.query.id_} answered: {given.kind}, by {given.by}")


@app.command("close")
def close(
    id_: IdArgument,
    reason: Annotated[str, typer.Option(help="Why the answer settles it, if that needs saying.")] = "",
    as_: AsOption = "",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Accept the answer to a query; an analyst does, and not who answered it."""
    actor = acting_as(as_)
    casework_of(workspace)
    from openpeel.casework.queries.deal import accept

    query = accept(id_, actor, reason)
    if not query.gone_at:
        note(f"note: no check has been without it since: it was last found on {query.found_at[:10]}")
    typer.echo(f"{query.id_} accepted by {actor}")


@app.command("reopen")
def reopen(
    id_: IdArgument,
    reason: Annotated[str, typer.Option(help="What the answer leaves open.")],
    as_: AsOption = "",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Ask again, with a reason."""
    actor = acting_as(as_)
    casework_of(workspace)
    from openpeel.casework.queries.deal import reopen as ask_again

    typer.echo(f"{ask_again(id_, actor, reason).id_} reopened by {actor}")


@app.command("withdraw")
def withdraw(
    id_: IdArgument,
    reason: Annotated[str, typer.Option(help="Why it should not have been raised.")],
    as_: AsOption = "",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Take a query back that should not have been raised."""
    actor = acting_as(as_)
    casework_of(workspace)
    from openpeel.casework.queries.deal import withdraw as take_back

    typer.echo(f"{take_back(id_, actor, reason).id_} withdrawn by {actor}")


@app.command("hand")
def hand(
    id_: IdArgument,
    to: Annotated[str, typer.Option(metavar="ACTOR", help="An actor of the force, or an analyst.")],
    as_: AsOption = "",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Say who deals with a query."""
    actor = acting_as(as_)
    casework_of(workspace)
    from openpeel.casework.queries.deal import hand_to

    query = hand_to(id_, to, actor)
    typer.echo(f"{query.id_} is dealt with by {query.owner}")


def _row(query: Query) -> list[str]:
    from openpeel.casework.shown import months_text

    return [
        query.id_,
        query.state,
        query.severity,
        query.force,
        query.type,
        months_text(query.first_month, query.last_month) or "all",
        str(query.count),
        f"no: {query.gone_at[:10]}" if query.gone_at else f"yes: {query.found_at[:10]}",
        query.text,
    ]


def _print(query: dict[str, Any]) -> None:
    typer.echo(f"{query['id']}: {query['state']}, {query['severity']}")
    typer.echo(query["text"] or "(text erased)")
    for name in _FACTS:
        if query[name] is not None:
            typer.echo(f"{name.replace('_', ' ')}: {query[name]}")
    for row in query["rows"][:_SHOWN]:
        typer.echo(f"  {row}")
    if len(query["rows"]) > _SHOWN:
        typer.echo(f"  and {len(query['rows']) - _SHOWN} more: --format json or csv lists them all")
    for event in query["events"]:
        typer.echo(f"{event['at'][:16].replace('T', ' ')} {event['actor']}: {_said(event)}")


def _said(event: dict[str, Any]) -> str:
    """An event of a query in a line."""
    payload, what = event["payload"], event["kind"].partition(".")[2].replace("-", " ")
    if not isinstance(payload, dict):
        return f"{what} (what was said is erased)"
    parts = [payload.get("kind"), payload.get("owner"), payload.get("reason")]
    if event["kind"] == "query.answered":
        parts.append(payload.get("text"))
    told = ": ".join(" ".join(str(part).split()) for part in parts if part)
    return f"{what}: {told}" if told else what
