"""``openpeel triangulate``: one quantity from several sources, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.cli.change import interval_text
from openpeel.cli.measure import part_text
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
    opened,
    period_of,
)
from openpeel.cli.output import busy, note, print_json, print_rows
from openpeel.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openpeel.engine.compare.triangulate import SideBySide
    from openpeel.engine.declare.triangulations import Triangulation
    from openpeel.engine.measure.context import Catalogue, Context
    from openpeel.engine.measure.period import Period
    from openpeel.register import Register


def triangulate(
    id_: Annotated[
        str, typer.Argument(metavar="[ID]", help="A triangulation; without one, they are listed.")
    ] = "",
    force: Annotated[list[str] | None, typer.Option(help="A force; may be given more than once.")] = None,
    period: PeriodOption = "",
    period_of_: Annotated[
        list[str] | None,
        typer.Option(
            "--period-of", metavar="SOURCE=P", help="Another period for one source: survey=2024-06."
        ),
    ] = None,
    as_at: AsAtOption = "",
    recorded_by: RecordedByOption = "",
    population: PopulationOption = "latest",
    format_: FormatOption = "table",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Set what several sources say of one quantity side by side; a conflict is flagged, nothing is averaged."""
    from openpeel.catalogue import load_catalogue
    from openpeel.engine.compare.triangulate import triangulate as set_side_by_side
    from openpeel.engine.measure import ledger

    check_format(format_)
    if not id_:
        _list(load_catalogue(), format_)
        return
    place, register = opened(workspace)
    catalogue = load_catalogue(place.root)
    asked = asked_of(catalogue, id_)
    forces = [register.resolve(f).id for f in force] if force else list(register.ids())
    context = context_of(place, catalogue, as_at, recorded_by, population)
    periods = periods_of(context, asked, period, period_of_ or [], note)
    with busy("working out figures"):
        found, answers = set_side_by_side(context, asked, forces, periods)
        ledger.record(context, answers)
    context.close()
    if format_ == "json":
        print_json([s.as_json() for s in found])
    elif format_ == "csv":
        print_rows(list(_CSV), [row for s in found for row in _csv_rows(s)], "csv")
    else:
        print_rows(_COLUMNS, [row for s in found for row in _rows(s, register)], "table", asked.title)
        for line in _notes(found, register):
            note(line)


_COLUMNS = ("force", "source", "period", "value", "x of y", "95% interval")
_CSV = ("triangulation", "force", "one", "other", "verdict", "difference", "interval_low", "interval_high",
        "value_one", "value_other", "figure_id_one", "figure_id_other", "reason")  # fmt: skip
_SAID = {"agree": "agree", "conflict": "CONFLICT", "cannot-tell": "cannot be told"}


def _list(catalogue: Catalogue, kind: str) -> None:
    rows = [
        [t.id, t.title, ", ".join(s.name for s in t.sources), t.method]
        for t in catalogue.triangulations.values()
    ]
    if kind == "json":
        print_json([dict(zip(("id", "title", "sources", "method"), r, strict=True)) for r in rows])
    else:
        print_rows(("id", "title", "sources", "method"), rows, kind)


def asked_of(catalogue: Catalogue, id_: str) -> Triangulation:
    """The triangulation of an id.

    Raises:
        UserError: there is none, or it cannot be asked.
    """
    from openpeel.engine.compare.triangulate import check

    if id_ not in catalogue.triangulations:
        names = " or ".join(catalogue.triangulations)
        raise UserError(f"there is no triangulation `{id_}`", do=f"there is {names}")
    check(catalogue.triangulations[id_], catalogue.measures)
    return catalogue.triangulations[id_]


def periods_of(
    context: Context, asked: Triangulation, period: str, other: Sequence[str], tell: Callable[[str], None]
) -> dict[str, Period]:
    """Source -> its period: its own where one is given, else that of all, else its newest month.

    Args:
        other: ``survey=2024-06``, for sources with a period of their own.
        tell: told the months that a named period stands for.

    Raises:
        UserError: there is no such source or period.
    """
    own: dict[str, str] = {}
    names = [s.name for s in asked.sources]
    for said in other:
        name, _, value = (part.strip() for part in said.partition("="))
        if not value or name not in names:
            raise UserError(
                f"`{said}` is not a source's period",
                "--period-of",
                f"write {names[-1]}=2024-06; sources: {', '.join(names)}",
            )
        own[name] = value
    measures = context.catalogue.measures
    return {
        s.name: period_of(context, own.get(s.name, period), [measures[s.measure]], tell)
        for s in asked.sources
    }


def _rows(one: SideBySide, register: Register) -> list[list[str]]:
    from openpeel.report import numbers

    out = []
    for place, (source, f) in enumerate(zip(one.of.sources, one.figures, strict=True)):
        counts = (
            "" if f.numerator is None or f.denominator is None else f"{f.numerator:,} of {f.denominator:,}"
        )
        name = "" if place else register.name_of(one.force)
        months = f"{f.period_start} to {f.period_end}"
        out.append([name, source.name, months, numbers.printed(f).text, counts, part_text(f, "interval")])
    return out


def _csv_rows(one: SideBySide) -> list[list[str]]:
    figures = {s.name: f for s, f in zip(one.of.sources, one.figures, strict=True)}
    out = []
    for p in one.pairs:
        interval, f, g = p.difference.interval, figures[p.one], figures[p.other]
        values: list[object] = [
            one.of.id, one.force, p.one, p.other, p.verdict, p.difference.value, interval and interval.low,
            interval and interval.high, f.value, g.value, f.figure_id, g.figure_id, p.difference.reason,
        ]  # fmt: skip
        out.append(["" if v is None else str(v) for v in values])
    return out


def _notes(found: Sequence[SideBySide], register: Register) -> list[str]:
    from openpeel.report import numbers

    out = []
    for one in found:
        for p in one.pairs:
            said = f"{register.name_of(one.force)}: {p.one} and {p.other}: {_SAID[p.verdict]}"
            apart, unit = p.difference, one.figures[0].unit
            if apart.value is not None:
                size = numbers.difference_text(apart.value, apart.form, unit)
                said += f" ({size}; {interval_text(apart, unit) or 'no interval claimed'})"
            elif apart.reason:
                said += f" ({apart.reason})"
            out.append(said)
    of = found[0].of if found else None
    if of:
        out += [f"{s.name}: {s.says}" for s in of.sources]
        out.append(
            f"apart by more than {of.tolerance:.0%} beyond chance is a conflict [our assumption]; never averaged"
        )
    return out
