"""``openpeel measure``: figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.cli.options import (
    HERE,
    AsAtOption,
    FormatOption,
    PeriodOption,
    PopulationOption,
    RecordedByOption,
    WorkspaceOption,
    check_format,
    context_of,
    measures_of,
    opened,
    period_of,
)
from openpeel.cli.output import busy, note, print_json, print_rows

if TYPE_CHECKING:
    from openpeel.engine.measure.figure import Figure
    from openpeel.register import Register


def measure(
    ids: Annotated[
        list[str], typer.Argument(metavar="ID...", help="Measures, as `openpeel measures` lists them.")
    ],
    force: Annotated[list[str] | None, typer.Option(help="A force; may be given more than once.")] = None,
    period: PeriodOption = "",
    by: Annotated[
        list[str] | None, typer.Option(help="A breakdown, or two crossed: grade,source; may be given again.")
    ] = None,
    as_at: AsAtOption = "",
    recorded_by: RecordedByOption = "",
    population: PopulationOption = "latest",
    format_: FormatOption = "table",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Work out figures. A period without data gives a status, not an error."""
    from openpeel.catalogue import load_catalogue
    from openpeel.engine.measure import ledger
    from openpeel.engine.measure.build import answer

    check_format(format_)
    place, register = opened(workspace)
    catalogue = load_catalogue(place.root)
    wanted = measures_of(catalogue, ids)
    forces = [register.resolve(f).id for f in force] if force else list(register.ids())
    context = context_of(place, catalogue, as_at, recorded_by, population)
    with busy("working out figures"):
        answers = answer(context, wanted, forces, period_of(context, period, wanted), by or ())
        ledger.record(context, answers)
    context.close()
    for body in [f for f in dict.fromkeys(forces) if not register.in_scope(f)]:
        note(f"{register.name_of(body)} is out of scope: not one of the forces compared")
    print_figures(answers.figures, register, format_)


def print_figures(figures: list[Figure], register: Register, kind: str) -> None:
    """Print figures in one of the three formats."""
    if kind == "json":
        print_json([f.as_json() for f in figures])
    elif kind == "csv":
        rows = [f.as_row() for f in figures]
        print_rows(list(figures[0].as_row()) if figures else [], [list(r.values()) for r in rows], "csv")
    else:
        columns = [
            "measure",
            "force",
            "breakdown",
            "value",
            "95% interval",
            "bounds",
            "x of y",
            "unknown",
            "status",
        ]
        print_rows(columns, [_row(f, register) for f in figures], "table", _title(figures))
        for text in dict.fromkeys(_why(f, register) for f in figures if f.reason):
            note(text)


def _why(figure: Figure, register: Register) -> str:
    """Whose figure has no value, and why; a reason of the whole force is said once, not for each category."""
    category = f", {', '.join(figure.breakdown.values())}" if figure.status == "too-few" else ""
    return f"{register.name_of(figure.force)}{category}: {figure.reason}"


def _title(figures: list[Figure]) -> str:
    if not figures:
        return ""
    f = figures[0]
    return f"{f.period_start} to {f.period_end}, as at {f.as_at}"


def _row(figure: Figure, register: Register) -> list[str]:
    from openpeel.report import numbers

    status = figure.status if not figure.reading else f"{figure.status} ({figure.reading})"
    return [
        figure.measure,
        register.name_of(figure.force),
        ", ".join(figure.breakdown.values()),
        numbers.printed(figure).text,
        part_text(figure, "interval"),
        part_text(figure, "bounds"),
        _counts(figure),
        "" if figure.unknown is None else str(figure.unknown + (figure.unknown_eligibility or 0)),
        status,
    ]


def _counts(figure: Figure) -> str:
    from openpeel.report.numbers import Style, style_of

    if figure.numerator is None:
        return ""
    if figure.denominator is None or style_of(figure.unit) is Style.COUNT:
        return f"{figure.numerator:,}"
    word = "against" if style_of(figure.unit) is Style.RATIO else "of"
    return f"{figure.numerator:,} {word} {figure.denominator:,}"


def part_text(figure: Figure, part: str) -> str:
    """A part of a figure as printed, or nothing where it has none."""
    from openpeel.report import numbers

    try:
        return numbers.printed(figure, part).text
    except KeyError:
        return ""
