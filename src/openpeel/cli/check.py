"""``openpeel check``: what is doubtful about the records that are here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.cli.actors import AsOption, acting_as, casework_of
from openpeel.cli.options import (
    HERE,
    AsAtOption,
    FormatOption,
    RecordedByOption,
    WorkspaceOption,
    check_format,
    opened,
    vintage_of,
)
from openpeel.cli.output import busy, note, print_json, print_rows
from openpeel.errors import UserError

if TYPE_CHECKING:
    from openpeel.engine.check.doubt import Doubt
    from openpeel.engine.check.run import Checked
    from openpeel.engine.check.score import Quality
    from openpeel.engine.check.score_key import KeyScore
    from openpeel.engine.check.settings import CheckSettings
    from openpeel.engine.intake.generations import Vintage


def check(
    type_: Annotated[
        str, typer.Option("--type", metavar="T", help="One record type, such as responding.incident.")
    ] = "",
    force: Annotated[str, typer.Option("--force", metavar="F", help="One force.")] = "",
    as_at: AsAtOption = "",
    recorded_by: RecordedByOption = "",
    collection_months: Annotated[
        str,
        typer.Option(
            "--collection-months", metavar="M", help="Months that are asked for, such as 2024-04..2024-09."
        ),
    ] = "",
    score: Annotated[bool, typer.Option("--score", help="Print the data-quality scores instead.")] = False,
    settings: Annotated[bool, typer.Option("--settings", help="Print the thresholds, and stop.")] = False,
    against: Annotated[
        str, typer.Option("--against", metavar="FILE", help="Score the checks against a key of sown defects.")
    ] = "",
    raise_: Annotated[
        bool,
        typer.Option("--raise", help="Make each doubt a query to its force; those known stay as they are."),
    ] = False,
    collection: Annotated[
        str,
        typer.Option("--collection", metavar="C", help="With --raise: the collection the queries belong to."),
    ] = "",
    as_: AsOption = "",
    format_: FormatOption = "table",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Find what is doubtful about the records that are here, and say what to do.

    Ends with status 1 if a doubt is blocking or a warning.
    """
    check_format(format_)
    if settings:
        _print_settings(_thresholds(workspace), format_)
        return
    place, register = opened(workspace)
    actor = acting_as(as_) if raise_ else ""
    wanted = register.resolve(force).id if force else ""
    months = _months(collection_months)
    checked = _checked(place.root, type_, vintage_of(as_at, recorded_by), months)
    if against:
        from openpeel.engine.check.score_key import scored

        _print_against(scored(checked.doubts, checked.aside, Path(against), checked.rows), format_)
        return
    if wanted:
        checked = checked.of(wanted)
    if score:
        _print_scores(checked.scores, format_)
        return
    _print_doubts(checked, format_)
    if raise_:
        _raise(checked, workspace, actor, collection, wanted, type_, months)
    if any(d.severity != "note" for d in checked.doubts):
        raise typer.Exit(1)


def checked(workspace: Path) -> Checked:
    """Everything the checks find about what is known today."""
    return _checked(workspace, "", vintage_of("", ""), None)


def _raise(
    found: Checked,
    workspace: Path,
    actor: str,
    collection: str,
    force: str,
    type_: str,
    months: tuple[int, int] | None,
) -> None:
    """Put the doubts to their forces, and anchor the log."""
    from openpeel.catalogue import load_catalogue
    from openpeel.engine.declare.find import type_named

    casework_of(workspace)
    from openpeel.casework.log.anchors import anchor
    from openpeel.casework.queries.raise_ import Scope, raise_queries

    types = frozenset({type_named(load_catalogue(workspace).types, type_).id} if type_ else ())
    scope = Scope(frozenset({force} if force else ()), types, months=months)
    raised = raise_queries(found.doubts, actor, scope=scope, collection=collection)
    anchor()
    note(
        f"queries: {len(raised.new)} new, {len(raised.changed)} changed, {len(raised.reopened)} reopened, "
        f"{len(raised.same)} as they were, {len(raised.gone)} no longer found by the check"
    )


def _thresholds(workspace: Path) -> CheckSettings:
    from openpeel.engine.check.settings import CheckSettings, settings_from
    from openpeel.workspace import SETTINGS, is_workspace, read_settings

    if not is_workspace(workspace):
        return CheckSettings()
    return settings_from(read_settings(workspace).get("check", {}), str(workspace / SETTINGS))


def _checked(root: Path, type_: str, vintage: Vintage, months: tuple[int, int] | None) -> Checked:
    from openpeel.catalogue import load_catalogue
    from openpeel.engine.check.run import check_records
    from openpeel.engine.check.side_by_side import check_side_by_side
    from openpeel.engine.declare.find import type_named

    catalogue, thresholds = load_catalogue(root), _thresholds(root)
    only = [type_named(catalogue.types, type_).id] if type_ else []
    with busy("checking") as progress:
        if not only:
            return check_side_by_side(
                root,
                catalogue.types,
                vintage,
                thresholds,
                months=months,
                population=catalogue.population,
                progress=progress,
            )
        return check_records(
            root,
            catalogue.types,
            vintage,
            thresholds,
            only=only,
            months=months,
            population=catalogue.population,
            progress=progress,
        )


def _months(text: str) -> tuple[int, int] | None:
    from openpeel.engine.clock import parse_months

    if not text:
        return None
    try:
        return parse_months(text)
    except UserError as error:
        raise UserError(error.what, "--collection-months", error.do) from None


def _spoken(months: tuple[int, int] | None) -> str:
    from openpeel.engine.check.held import spoken

    return spoken(months) if months else ""


def _plain(doubt: Doubt) -> dict[str, object]:
    from openpeel.engine.clock import month_text

    months = [month_text(m) for m in doubt.months] if doubt.months else None
    return {"id": doubt.key, **vars(doubt), "months": months, "rows": list(doubt.rows)}


def _print_doubts(checked: Checked, format_: str) -> None:
    if format_ == "json":
        print_json([_plain(d) for d in checked.doubts])
    elif checked.doubts:
        headings = ["severity", "record type", "force", "months", "check", "of", "count", "what is doubtful"]
        rows = [
            [d.severity, d.type, d.force, _spoken(d.months), d.check, d.subject, str(d.count), d.text]
            for d in checked.doubts
        ]
        print_rows(headings, rows, format_)
    if not checked.doubts:
        note(f"nothing is doubtful about the {sum(checked.rows.values())} records that are here")
    if checked.untold:
        note(
            f"{checked.untold} set rules cannot be told: no record of the type they lead to is here for the force"
        )


def _print_scores(scores: Sequence[Quality], format_: str) -> None:
    if format_ == "json":
        print_json([q.plain() for q in scores])
        return
    names = [p.name for p in scores[0].parts] if scores else []
    rows = []
    for q in scores:
        lowest = q.lowest
        told = f"{lowest.count / lowest.of:.1%}" if lowest else "cannot tell"
        parts = [f"{p.count} of {p.of}" if p.of else "" for p in q.parts]
        rows.append([q.type, q.force, told, lowest.name if lowest else "", *parts])
    print_rows(["record type", "force", "score", "its lowest part", *names], rows, format_)
    note("the score is the lowest part: openpeel's choice, no rule of an inspectorate")


def _print_settings(settings: CheckSettings, format_: str) -> None:
    told = list(settings.told())
    if format_ == "json":
        print_json([dict(zip(("setting", "value", "default", "meaning"), t, strict=True)) for t in told])
        return
    print_rows(["setting", "value", "default", "meaning"], [list(t) for t in told], format_)
    note("each is openpeel's assumption; `[check]` in openpeel.toml replaces single ones")


def _print_against(found: KeyScore, format_: str) -> None:
    if format_ == "json":
        print_json(found.plain())
        return
    rows = [[k.kind, k.level, str(k.sown), str(k.caught), f"{k.share:.1%}"] for k in found.kinds]
    print_rows(["kind", "level", "sown", "caught", "share"], rows, format_)
    note(
        f"{found.false_rows} of {found.clean_rows} clean rows doubted: {found.false_per_1000:.2f} in 1,000; "
        f"{found.false_blocks} doubts about months that nothing was sown in"
    )
