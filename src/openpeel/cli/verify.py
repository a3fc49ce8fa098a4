"""``openpeel verify``: is what was published what the records say, and are the records what was accepted?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openpeel.cli.options import FormatOption, check_format
from openpeel.cli.output import busy, note, print_json, print_rows

if TYPE_CHECKING:
    from openpeel.casework.log.verify import LogState
    from openpeel.engine.intake.whole import TypeState, WorkspaceState


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A published folder, or a workspace.")],
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", metavar="DIR", help="The workspace it came from (default: looked for)."),
    ] = None,
    format_: FormatOption = "table",
) -> None:
    """Recompute every figure of a publication from its records, or every snapshot of a workspace from its rows."""
    from openpeel.workspace import is_workspace

    check_format(format_)
    if is_workspace(folder):
        _verify_workspace(folder, format_)
    else:
        _verify_publication(folder, workspace, format_)


def _verify_publication(folder: Path, workspace: Path | None, format_: str) -> None:
    from openpeel.report.verify import verify_folder

    with busy("verifying"):
        result = verify_folder(folder, workspace)
    for line in result.notes:
        note(line)
    for problem in result.problems:
        note(f"openpeel: {problem}")
    if format_ == "json":
        print_json({
            "folder": str(folder), "verified": not result.problems, "figures": result.figures,
            "basis": result.basis, "problems": result.problems, "notes": result.notes,
        })  # fmt: skip
    elif result.problems:
        typer.echo(f"{folder}: NOT verified; problems: {len(result.problems)}")
    else:
        typer.echo(f"{folder}: verified, {result.figures} figures from {result.basis}")
    if result.problems:
        raise typer.Exit(1)


def _verify_workspace(root: Path, format_: str) -> None:
    from openpeel.catalogue import load_catalogue
    from openpeel.cli.options import opened
    from openpeel.engine.intake.whole import check_records

    place, _ = opened(root)
    with busy("verifying") as progress:
        state = check_records(place.root, load_catalogue(place.root).types, progress)
    log = _log_of(place.root)
    if format_ == "json":
        told = {"events": log.events, "problems": log.problems} if log else None
        print_json(
            _as_data(root, state) | {"log": told, "altered": state.altered() or bool(log and log.problems)}
        )
    else:
        _print_state(state, format_)
    for problem in log.problems if log else ():
        note(f"openpeel: altered: log: {problem}")
    for problem in state.chain:
        note(f"openpeel: altered: {problem}")
    for type_ in state.types:
        for a in type_.altered:
            note(f"openpeel: altered: {' '.join(p for p in (type_.type, a.force, a.month) if p)}: {a.what}")
    if format_ == "table":
        typer.echo(f"{root}: {_verdict(state)}")
        if log:
            problems = f"{len(log.problems)} problems" if log.problems else "whole"
            typer.echo(f"{root}: log of {log.events} events {problems}")
    if state.altered() or (log and log.problems):
        raise typer.Exit(1)


def _log_of(root: Path) -> LogState | None:
    """What verifying the event log finds; nothing where no casework has begun."""
    from openpeel.workspace import has_casework

    if not has_casework(root):
        return None
    from openpeel.casework.log.verify import verify_log
    from openpeel.casework.setup import open_casework

    open_casework(root)
    return verify_log()


def _as_data(root: Path, state: WorkspaceState) -> dict[str, Any]:
    return {
        "workspace": str(root),
        "altered": state.altered(),
        "chain": state.chain,
        "types": [
            {
                "type": t.type,
                "snapshots": t.snapshots,
                "rows": t.rows,
                "whole": t.whole,
                "lawfully_removed": {
                    "snapshots": t.removed, "rows": _left(t), "why": [vars(left) for left in t.left],
                },
                "altered": [vars(a) for a in t.altered],
            }
            for t in state.types
        ],
    }  # fmt: skip


def _print_state(state: WorkspaceState, format_: str) -> None:
    rows = [
        [t.type, str(t.snapshots), str(t.rows), str(t.whole), str(_left(t)), str(len(t.altered))]
        for t in state.types
    ]
    print_rows(["type", "snapshots", "rows", "whole", "rows lawfully removed", "altered"], rows, format_)
    for t in state.types:
        for left in t.left:
            note(
                f"lawfully removed: {t.type}: {left.rows} rows: {left.reason} (on authority of {left.authority})"
            )


def _left(state: TypeState) -> int:
    return sum(left.rows for left in state.left)


def _verdict(state: WorkspaceState) -> str:
    removed = sum(_left(t) for t in state.types)
    snapshots = sum(t.snapshots for t in state.types)
    also = f"; lawfully removed: {removed} rows" if removed else ""
    if state.altered():
        wrong = len(state.chain) + sum(len(t.altered) for t in state.types)
        return f"ALTERED; what is not as it was written: {wrong}{also}"
    return f"nothing altered, {snapshots} snapshots recomputed{also}"
