"""``openpeel demo``: a synthetic nation, and the whole path over it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.cli.output import busy, note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpeel.engine.declare.records import RecordType
    from openpeel.sources.demo.nation.knobs import Knobs
    from openpeel.sources.demo.nation.returned import SentReturns

FORCE = "stonemarsh"
NATIONAL = "national"


def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to build it.")] = Path("demo"),
    again: Annotated[bool, typer.Option("--again", help="Replace a demo world that is there.")] = False,
    forces: Annotated[int, typer.Option(help="How many forces, up to 43.")] = 43,
    months: Annotated[int, typer.Option(help="How many months (default: 12; national: 30).")] = 0,
    scale: Annotated[
        str, typer.Option(help="Size against a real nation, such as 0.01 (default: 0.004), or: national.")
    ] = "",
    seed: Annotated[int, typer.Option(help="Which nation: same seed, same bytes.")] = 1,
    story: Annotated[str, typer.Option(help="What happens in it: plain or surge.")] = "plain",
    defects: Annotated[
        bool, typer.Option("--defects", help="Sow defects into the records; their key lies in DIR-truth.")
    ] = False,
    types: Annotated[
        list[str] | None,
        typer.Option(
            "--type", metavar="TYPE", help="National scale: only this record type (may be repeated)."
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="National scale: go on with the nation that is half made there.")
    ] = False,
) -> None:
    """Build a synthetic nation and take it the whole way, from files to a verified report.

    At national scale it is made and taken in month by month, and goes on where it was broken off with --resume.

    What is true and stands in no record is written beside the workspace, to DIR-truth.
    """
    from openpeel.workspace import create

    knobs = _knobs(forces, months, scale, seed, story)
    wanted = _wanted(types or [], scale, resume)
    if resume:
        _national(_half_made(folder), knobs, wanted)
        return
    _make_room(folder, again)
    workspace = create(folder, register="demo").root
    truth = folder.with_name(f"{folder.resolve().name}-truth")
    if scale == NATIONAL:
        _national(workspace, knobs, wanted)
        return
    _whole_path(workspace, truth, knobs, defects)


def _knobs(forces: int, months: int, scale: str, seed: int, story: str) -> Knobs:
    from openpeel.errors import UserError
    from openpeel.sources.demo.nation.knobs import DEMO_SCALE, Knobs
    from openpeel.sources.demo.nation.national import national_knobs

    if scale == NATIONAL:
        return national_knobs(seed, story, forces, **({"months": months} if months else {}))
    try:
        size = float(scale) if scale else DEMO_SCALE
    except ValueError:
        raise UserError(
            f"the scale is {scale!r}", "--scale", f"give a number such as 0.01, or {NATIONAL}"
        ) from None
    return Knobs(forces, months or 12, size, seed, story)


def _make_room(folder: Path, again: bool) -> None:
    from openpeel.errors import UserError
    from openpeel.workspace import is_workspace, read_settings

    if not folder.exists() or not any(folder.iterdir()):
        return
    ours = is_workspace(folder) and read_settings(folder).get("register") == "demo"
    if not (ours and again):
        raise UserError(
            "is already there", str(folder), "name another folder" + (", or add --again" if ours else "")
        )
    shutil.rmtree(folder)


def _wanted(asked: Sequence[str], scale: str, resume: bool) -> dict[str, RecordType]:
    """The record types of a nation: those asked for, else all."""
    from openpeel.catalogue import shipped
    from openpeel.engine.declare.find import type_named
    from openpeel.errors import UserError

    if scale != NATIONAL and (asked or resume):
        option = "--type" if asked else "--resume"
        raise UserError(f"{option} is for a nation at national scale", option, f"add --scale {NATIONAL}")
    types = dict(shipped().types)
    chosen = [type_named(types, name) for name in asked]
    return {t.id: t for t in chosen} if chosen else types


def _half_made(folder: Path) -> Path:
    """The workspace of a nation that was broken off."""
    from openpeel.errors import UserError

    if not (folder / "files" / "scratch.duckdb").is_file():
        raise UserError("no nation is half made there", str(folder), "leave --resume out")
    return folder


def _national(workspace: Path, knobs: Knobs, types: dict[str, RecordType]) -> None:
    from openpeel.cli.demo_imports import take_extracts
    from openpeel.sources.demo.nation.national import deliveries

    files = workspace / "files"
    with busy("making a nation") as progress:
        sent = deliveries(files, types, knobs, progress=progress)
        read, accepted = take_extracts(workspace, sent, progress)
    shutil.rmtree(files)
    typer.echo(f"{accepted:,} of {read:,} rows are in")


def _check(workspace: Path) -> None:
    """Say in a line what the checks find; `openpeel check` tells the rest."""
    from collections import Counter

    from openpeel.cli.check import checked

    with busy("checking"):
        found = Counter(d.severity for d in checked(workspace).doubts)
    told = ", ".join(f"{found[s]} {s}" for s in ("blocking", "warning", "note") if found[s]) or "none"
    note(f"doubts about the records: {told} (openpeel check --workspace {workspace} lists them)")


def _returns(sent: Sequence[SentReturns]) -> str:
    """The returns in words, and whose they are; nothing where no collection falls inside the nation's months."""
    if not sent:
        return ""
    books, forces = sum(len(s.forces) for s in sent), len(sent[0].forces)
    return (
        f" and {books} returns (workbooks of {forces} forces for {' and '.join(s.collection for s in sent)})"
    )


def _whole_path(workspace: Path, truth: Path, knobs: Knobs, defects: bool) -> None:
    from openpeel.catalogue import shipped
    from openpeel.cli import compare, import_, report, verify
    from openpeel.cli.demo_imports import take_all
    from openpeel.engine.clock import month_text, parse_month
    from openpeel.sources.demo.nation.write import write_nation

    shutil.rmtree(truth, ignore_errors=True)
    with busy("making up a nation") as progress:
        nation = write_nation(workspace / "files", truth, dict(shipped().types), knobs, defects, progress)
    note(f"made up {nation.rows:,} rows of {knobs.forces} forces that do not exist")
    note("importing population and searches")
    import_.population([nation.world.population], brief=True, workspace=workspace)
    if nation.world.searches.is_dir():  # not where every force sends its own records of them
        import_.police_uk([nation.world.searches], brief=True, workspace=workspace)
    note(f"importing {len(nation.deliveries)} extracts{_returns(nation.returns)}")
    with busy("importing") as progress:
        read, accepted = take_all(workspace, nation.deliveries, nation.returns, progress)
    note(f"{accepted:,} of {read:,} rows accepted")
    _check(workspace)
    first = nation.world.months[0]
    period = f"{first}..{month_text(parse_month(first) + knobs.months - 1)}"
    note("comparing forces")
    compare.compare("powers.searches_per_1000", period=period, workspace=workspace)
    note("publishing")
    out = workspace / "outputs" / FORCE
    report.report(FORCE, out, period=period, workspace=workspace)
    verify.verify(out, workspace)
    typer.echo(f"report: {out / 'index.html'}")
