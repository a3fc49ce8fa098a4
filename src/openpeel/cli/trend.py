"""``openpeel trend``: a measure against its own past."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.cli.options import (
    HERE,
    AsAtOption,
    FormatOption,
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
from openpeel.errors import UserError

if TYPE_CHECKING:
    from openpeel.engine.compare.trend import Trend
    from openpeel.register import Register


def trend(
    id_: Annotated[str, typer.Argument(metavar="ID", help="A measure, as `openpeel measures` lists them.")],
    force: Annotated[list[str] | None, typer.Option(help="A force; may be given more than once.")] = None,
    period: Annotated[
        str,
        typer.Option(
            "--period",
            metavar="P",
            help="Its last month is the newest; the baseline begins with the first month held, whatever it is.",
        ),
    ] = "",
    by: Annotated[list[str] | None, typer.Option(help="A breakdown; may be given more than once.")] = None,
    standard: Annotated[
        float | None,
        typer.Option(
            help="A line to hold it against, in the unit of the series (0.9 for 90%); default: the measure's own."
        ),
    ] = None,
    as_at: AsAtOption = "",
    recorded_by: RecordedByOption = "",
    population: PopulationOption = "latest",
    format_: FormatOption = "table",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Hold a measure against its own past, month by month: a signal at the newest month, or none."""
    from openpeel.catalogue import load_catalogue
    from openpeel.engine.compare.trend import work_out
    from openpeel.engine.compare.trend_build import series_of
    from openpeel.engine.measure import ledger
    from openpeel.engine.measure.series import monthly

    check_format(format_)
    if standard is not None and not abs(standard) < float("inf"):
        raise UserError(f"{standard} is no line", "--standard", "write a number: 0.9")
    place, register = opened(workspace)
    catalogue = load_catalogue(place.root)
    (wanted,) = measures_of(catalogue, [id_])
    forces = [register.resolve(f).id for f in force] if force else list(register.ids())
    context = context_of(place, catalogue, as_at, recorded_by, population)
    with busy("working out figures"):
        answers = monthly(context, wanted, forces, period_of(context, period, [wanted]).last, by or ())
        ledger.record(context, answers)
    context.close()
    for body in [f for f in dict.fromkeys(forces) if not register.in_scope(f)]:
        note(f"{register.name_of(body)} is out of scope: not one of the forces compared")
    line = wanted.standard if standard is None else standard
    if standard is None and wanted.standard is not None:
        note(f"standard {wanted.standard:g}: {wanted.standard_source}")
    trends = [work_out(series, standard=line) for series in series_of(wanted, answers.figures)]
    print_trends(trends, register, format_)


def print_trends(trends: Sequence[Trend], register: Register, kind: str) -> None:
    """Print trends in one of the three formats."""
    from openpeel.engine.compare.trend import expected_false_alarms
    from openpeel.engine.compare.trend_rules import RULE_SET

    if kind == "json":
        expected = expected_false_alarms(trends)
        plain = [t.as_json() for t in trends]
        print_json({"rule_set": RULE_SET, "expected_false_alarms": expected, "series": plain})
    elif kind == "csv":
        print_rows(_CSV, [_csv_row(t) for t in trends], "csv")
    else:
        newest = {t.as_json()["newest"]["month"] for t in trends}
        title = (
            f"{trends[0].series.measure} ({trends[0].series.unit}), newest month {', '.join(sorted(newest))}"
        )
        print_rows(_COLUMNS, [_row(t, register) for t in trends], "table", title)
    if kind != "json":
        for line in _notes(trends, register):
            note(line)


_COLUMNS = (
    "force", "breakdown", "chart", "baseline", "centre", "limits", "newest", "signals", "variation", "standard",
)  # fmt: skip


def _row(found: Trend, register: Register) -> list[str]:
    from openpeel.report import numbers

    series, limits = found.series, found.limits()
    value = series.newest().value

    def text(number: float | None) -> str:
        return "" if number is None else numbers.value_text(number, series.unit)

    return [
        register.name_of(series.force),
        ", ".join(series.breakdown.values()),
        _chart_text(found),
        _baseline_text(found),
        text(found.chart.centre if found.chart else None),
        numbers.range_text(text(limits[0]), text(limits[1])) if limits else "",
        text(value) or numbers.STATUS_WORDS.get(series.newest().status, series.newest().status),
        "; ".join(s.words for s in found.signals),
        found.variation.word,
        found.assurance.word,
    ]


def _chart_text(found: Trend) -> str:
    from openpeel.engine.compare.trend_chart import NAMES

    if found.chart is None:
        return ""
    z = found.chart.sigma_z
    return NAMES[found.chart.name] + (f" (σz {z:.2f})" if z is not None else "")


def _baseline_text(found: Trend) -> str:
    plain = found.baseline.as_json()
    return f"{plain['first']}..{plain['last']} ({plain['points']})" if plain["points"] else ""


_CSV = (
    "measure", "force", "breakdown", "unit", "status", "reason", "chart", "sigma_z", "baseline_first",
    "baseline_last", "baseline_points", "more_needed", "centre", "month", "value", "count", "size", "low", "high",
    "signals", "variation", "assurance", "standard", "proposed_from", "false_alarm_rate", "rule_set", "figure_id",
)  # fmt: skip


def _csv_row(found: Trend) -> list[str]:
    """A series, numbers unrounded; limits and values of its newest month."""
    plain = found.as_json()
    chart, baseline, newest = plain["chart"] or {}, plain["baseline"], plain["newest"]
    values: list[object] = [
        plain["measure"], plain["force"], " ".join(f"{k}={v}" for k, v in plain["breakdown"].items()),
        plain["unit"], plain["status"], plain["reason"], chart.get("name"), chart.get("sigma_z"),
        baseline["first"], baseline["last"], baseline["points"], baseline["more_needed"], chart.get("centre"),
        newest["month"], newest["value"], newest["count"], newest["size"], newest["low"], newest["high"],
        " ".join(f"{s['rule']}:{s['direction']}" for s in plain["signals"]), plain["variation"]["code"],
        plain["assurance"]["code"], plain["standard"], (plain["proposal"] or {}).get("first_month"),
        plain["false_alarm_rate"], plain["rule_set"], newest["figure_id"],
    ]  # fmt: skip
    return ["" if v is None else str(v) for v in values]


def _notes(trends: Sequence[Trend], register: Register) -> list[str]:
    from openpeel.engine.compare.trend import expected_false_alarms
    from openpeel.engine.compare.trend_rules import RULE_SET

    out = []
    for found in trends:
        series = found.series
        who = ", ".join([register.name_of(series.force), *series.breakdown.values()])
        said = [f"no signal can be given: {found.reason}"] if found.reason else []
        said += [f"proposed: {found.proposal.words}"] if found.proposal else []
        out += [f"{who}: {text}" for text in [*said, *found.cautions]]
    able = sum(t.status == "ok" for t in trends)
    expected = expected_false_alarms(trends)
    signalled = sum(bool(t.signals) for t in trends)
    out.append(
        f"rules {RULE_SET}, at the newest month alone: {signalled} of {able} series signal; "
        f"by chance alone {expected:.1f} would"
    )
    return out
