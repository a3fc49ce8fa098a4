"""``openpeel demo``: a synthetic world, and the whole path over it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from openpeel.cli.output import busy, note

FORCE = "stonemarsh"


def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to build it.")] = Path("demo"),
    again: Annotated[bool, typer.Option("--again", help="Replace a demo world that is there.")] = False,
    seed: Annotated[int, typer.Option(help="Which world: same seed, same world.")] = 1,
    scale: Annotated[float, typer.Option(help="Factor on residents and searches.")] = 1.0,
    months: Annotated[int, typer.Option(help="How many months.")] = 12,
    story: Annotated[str, typer.Option(help="What happens in it: plain or surge.")] = "plain",
) -> None:
    """Build a small synthetic world and take it the whole way, from files to a verified report."""
    from openpeel.sources.demo import write_world
    from openpeel.workspace import create

    _make_room(folder, again)
    workspace = create(folder, register="demo").root
    with busy("making up a world") as progress:
        world = write_world(
            folder / "files", months=months, scale=scale, seed=seed, story=story, progress=progress
        )
    note(f"made up {world.rows} searches of {len(world.forces)} forces that do not exist")
    out = _whole_path(workspace, world.population, world.searches, months)
    typer.echo(f"report: {out / 'index.html'}")


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


def _whole_path(workspace: Path, population: Path, searches: Path, months: int) -> Path:
    from openpeel.cli import compare, import_, report, verify
    from openpeel.engine.clock import month_text, parse_month

    first = min(p.name for p in searches.iterdir() if p.is_dir())
    period = f"{first}..{month_text(parse_month(first) + months - 1)}"
    note("importing population and searches")
    import_.population([population], brief=True, workspace=workspace)
    import_.police_uk([searches], brief=True, workspace=workspace)
    note("comparing forces")
    compare.compare("powers.searches_per_1000", period=period, workspace=workspace)
    note("publishing")
    out = workspace / "outputs" / FORCE
    report.report(FORCE, out, period=period, workspace=workspace)
    verify.verify(out, workspace)
    return out
