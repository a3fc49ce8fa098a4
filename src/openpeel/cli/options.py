"""Options that several verbs share, and how they become a workspace, a vintage and a list of forces."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.cli.output import note
from openpeel.errors import UserError

if TYPE_CHECKING:
    from openpeel.engine.declare.measures import AnyMeasure
    from openpeel.engine.intake.generations import Vintage
    from openpeel.engine.measure.context import Catalogue, Context
    from openpeel.engine.measure.period import Period
    from openpeel.engine.measure.scan import Engine
    from openpeel.register import Register
    from openpeel.workspace import Workspace

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", help="The workspace (default: the current folder).", metavar="DIR")
]
FormatOption = Annotated[str, typer.Option("--format", help="table, csv or json.")]
PeriodOption = Annotated[
    str,
    typer.Option(
        "--period",
        help="2019-07, 2019-07..2019-09, 2019, 2019-q3, ye-2023-03, fy-2023, fytd, fytd-2024-06, r12, "
        "r12-2024-06; year-before-P is the same months a year earlier.",
        metavar="P",
    ),
]
AsAtOption = Annotated[
    str, typer.Option("--as-at", help="Answer from what was known on this day or earlier.", metavar="DATE")
]
RecordedByOption = Annotated[
    str,
    typer.Option("--recorded-by", help="Only what had been imported by this day or moment.", metavar="DATE"),
]
PopulationOption = Annotated[str, typer.Option("--population", help="latest (the default) or matching-year.")]
HERE = Path()


def check_format(text: str) -> str:
    """The format, if it is one."""
    if text not in ("table", "csv", "json"):
        raise UserError(f"there is no format {text!r}", "--format", "use table, csv or json")
    return text


def opened(workspace: Path) -> tuple[Workspace, Register]:
    """The workspace and its register of forces; synthetic ones are said to be so, whatever is asked of them."""
    from openpeel.register import load_register
    from openpeel.workspace import open_workspace

    found = open_workspace(workspace)
    register = load_register(found.settings.register)
    if register.synthetic:
        note("synthetic data: these forces do not exist")
    return found, register


def context_of(
    workspace: Workspace, catalogue: Catalogue, as_at: str, recorded_by: str, population: str
) -> Context:
    """The workspace's records at the vintage that the options name."""
    from openpeel.cli.output import progress
    from openpeel.engine.measure.context import open_context
    from openpeel.engine.measure.population import CHOICES

    choice = next((c for c in CHOICES if c == population), None)
    if choice is None:
        raise UserError(f"there is no rule {population!r}", "--population", f"use {' or '.join(CHOICES)}")
    vintage = vintage_of(as_at, recorded_by)
    return open_context(workspace.root, catalogue, vintage, choice, progress, _engine(workspace))


def _engine(workspace: Workspace) -> Engine | None:
    """The engine that the workspace's settings name; ``None`` for the usual one."""
    said = workspace.settings
    if said.engine == "duckdb":
        return None
    from openpeel.engine.measure.spark import Spark

    return Spark(workspace.root, said.spark_master, said.spark)


def vintage_of(as_at: str, recorded_by: str) -> Vintage:
    """The knowledge that the options name."""
    from openpeel.engine.clock import now, parse_day
    from openpeel.engine.intake.generations import Vintage

    try:
        day = parse_day(as_at) if as_at else now().date()
    except UserError as error:
        raise UserError(error.what, "--as-at", error.do) from None
    return Vintage(day, _moment(recorded_by) if recorded_by else None)


def _moment(text: str) -> datetime:
    """A day (to its end, UTC) or a moment."""
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UserError(
            f"`{text}` is not a date or moment", "--recorded-by", "write 2019-07-31 or 2019-07-31T12:00:00Z"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def measures_of(catalogue: Catalogue, ids: list[str]) -> list[AnyMeasure]:
    """The measures of some ids; near matches are named for one that does not exist."""
    import difflib

    out = []
    for id_ in ids:
        if id_ not in catalogue.measures:
            near = difflib.get_close_matches(id_, catalogue.measures, 3, 0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else "`openpeel measures` lists them"
            raise UserError(f"there is no measure `{id_}`", do=hint)
        out.append(catalogue.measures[id_])
    return out


def period_of(
    context: Context, text: str, measures: Iterable[AnyMeasure] = (), tell: Callable[[str], None] = note
) -> Period:
    """The period of an option; without one, the last month for which records of the measures are here.

    Of a period that is named (``fytd``), ``tell`` is told the months it stands for.
    """
    from openpeel.engine.measure.period import Period, is_named, months_label, parse_period

    types = {m.of for m in measures} or set(context.catalogue.types) - {context.catalogue.population.id}
    months = [e.month for e in context.view.current.values() if e.type in types]
    latest = max(months, default=None)
    if text:
        period = parse_period(text, latest)
        if is_named(text):
            tell(f"period {text.strip()}: {months_label(period)}")
        return period
    if latest is None:
        raise UserError(
            "no records are here, so there is no last month", "--period", "import some, or name a period"
        )
    return Period(latest, latest)


def breakdown_of(text: str) -> dict[str, str]:
    """``ethnic_group=Black`` as a breakdown."""
    if not text:
        return {}
    name, mark, value = text.partition("=")
    if not mark or not name or not value:
        raise UserError(f"`{text}` is not a breakdown", "--breakdown", "write ethnic_group=Black")
    return {name.strip(): value.strip()}
