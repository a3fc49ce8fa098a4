"""``openpeel report``: one force's report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openpeel.cli.options import (
    HERE,
    AsAtOption,
    PeriodOption,
    PopulationOption,
    RecordedByOption,
    WorkspaceOption,
    context_of,
    opened,
    period_of,
)
from openpeel.cli.output import busy


def report(
    force: Annotated[str, typer.Argument(metavar="FORCE", help="The force.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to publish into.")],
    period: PeriodOption = "",
    as_at: AsAtOption = "",
    recorded_by: RecordedByOption = "",
    population: PopulationOption = "latest",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Publish a report on one force: a page that needs nothing else, and what `verify` needs to check it."""
    from openpeel.catalogue import load_catalogue
    from openpeel.engine.compare.build import Rules
    from openpeel.report.gather import Subject, gather
    from openpeel.report.publish import publish

    place, register = opened(workspace)
    subject = register.resolve(force)
    catalogue = load_catalogue(place.root)
    context = context_of(place, catalogue, as_at, recorded_by, population)
    leave_out = register.few_residents() if place.settings.leave_out_few_residents else ()
    with busy("working out figures") as progress:
        about = Subject(
            force=subject.id,
            period=period_of(context, period),
            register=register,
            rules=Rules(place.settings.sd, leave_out),
        )
        publication = gather(context, about)
        progress("drawing the page")
        page = publish(publication, out, place.root)
    context.close()
    typer.echo(f"published {page}; check it with: openpeel verify {out}")
