"""``openpeel practices``: how each force fills in the columns that measures rest on."""

from __future__ import annotations

from typing import Annotated

import typer

from openpeel.cli.options import (
    HERE,
    AsAtOption,
    FormatOption,
    PeriodOption,
    RecordedByOption,
    WorkspaceOption,
    check_format,
    context_of,
    measures_of,
    opened,
    period_of,
)
from openpeel.cli.output import print_json, print_rows


def practices(
    id_: Annotated[str, typer.Argument(metavar="ID", help="A measure.")] = "powers.linked_outcome_rate",
    period: PeriodOption = "",
    as_at: AsAtOption = "",
    recorded_by: RecordedByOption = "",
    format_: FormatOption = "table",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Show the recording practice behind a measure: worked out from each force's rows, with the counts."""
    from openpeel.catalogue import load_catalogue
    from openpeel.engine.measure.build import answer
    from openpeel.errors import UserError

    check_format(format_)
    place, register = opened(workspace)
    catalogue = load_catalogue(place.root)
    (wanted,) = measures_of(catalogue, [id_])
    if wanted.practice is None:
        raise UserError(f"{id_} rests on no column whose recording differs", do="see `openpeel measures`")
    context = context_of(place, catalogue, as_at, recorded_by, "latest")
    answers = answer(context, [wanted], register.ids(), period_of(context, period, [wanted]))
    context.close()
    found = answers.practices[wanted.practice.id]
    rows = [
        {"force": force, "practice": f.rule.id, "says": f.rule.says, "reading": f.rule.reading,
         "status": f.rule.status or "ok", "counts": f.counts}
        for force, f in sorted(found.items())
    ]  # fmt: skip
    if format_ == "json":
        print_json(rows)
        return
    names = [name for name, _ in wanted.practice.counts]
    print_rows(
        ["force", "practice", "reading", "status", *names],
        [
            [register.name_of(str(r["force"])), str(r["practice"]), str(r["reading"]), str(r["status"])]
            + [str(found[str(r["force"])].counts[n]) for n in names]
            for r in rows
        ],
        format_,
        wanted.practice.title,
    )
