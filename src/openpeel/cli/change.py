"""``openpeel change``: a measure against an earlier period of its own."""

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
    from collections.abc import Sequence

    from openpeel.engine.compare.change import Change
    from openpeel.engine.compare.difference import Difference
    from openpeel.register import Register


def change(
    id_: Annotated[str, typer.Argument(metavar="ID", help="A measure, as `openpeel measures` lists them.")],
    force: Annotated[list[str] | None, typer.Option(help="A force; may be given more than once.")] = None,
    period: PeriodOption = "",
    against: Annotated[
        str, typer.Option(metavar="P", help="The earlier period (default: the same months a year before).")
    ] = "",
    by: Annotated[list[str] | None, typer.Option(help="A breakdown; may be given more than once.")] = None,
    as_at: AsAtOption = "",
    recorded_by: RecordedByOption = "",
    population: PopulationOption = "latest",
    format_: FormatOption = "table",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Hold a measure against an earlier period: the difference, with its interval, and whether it is clear."""
    from openpeel.catalogue import load_catalogue
    from openpeel.engine.compare.change import change as hold_against
    from openpeel.engine.measure import ledger

    check_format(format_)
    place, register = opened(workspace)
    catalogue = load_catalogue(place.root)
    (wanted,) = measures_of(catalogue, [id_])
    forces = [register.resolve(f).id for f in force] if force else list(register.ids())
    context = context_of(place, catalogue, as_at, recorded_by, population)
    now = period_of(context, period, [wanted])
    before = period_of(context, against, [wanted]) if against else now.year_before()
    with busy("working out figures"):
        changes, answers = hold_against(context, wanted, forces, now, before, by or ())
        ledger.record(context, answers)
    context.close()
    held = {f.figure_id for c in changes for f in (c.now, c.before)}
    if alone := [f for f in answers.figures if f.figure_id not in held]:
        names = ", ".join(dict.fromkeys(" ".join(f.breakdown.values()) for f in alone))
        note(f"in one of the two periods alone, so without a change: {names}")
    if format_ == "json":
        print_json([c.as_json() for c in changes])
    elif format_ == "csv":
        print_rows(list(_CSV), [_csv_row(c) for c in changes], "csv")
    else:
        title = f"{wanted.id}, {now.text()} against {before.text()}"
        print_rows(_COLUMNS, [_row(c, register) for c in changes], "table", title)
        for line in _notes(changes, register):
            note(line)


_COLUMNS = ("force", "breakdown", "before", "now", "difference", "95% interval", "bounds", "in a word")
_CSV = (
    "measure", "force", "breakdown", "verdict", "form", "status", "difference", "interval_low", "interval_high",
    "method", "inflated_low", "inflated_high", "bounds_low", "bounds_high", "intervals_overlap", "now", "before",
    "figure_id_now", "figure_id_before", "reason",
)  # fmt: skip

WORDS = {
    "improved": "improved",
    "worsened": "worsened",
    "higher": "higher",
    "lower": "lower",
    "no-clear-change": "no clear change",
    "cannot-say": "cannot say",
}


def _row(one: Change, register: Register) -> list[str]:
    from openpeel.report import numbers

    unit, apart = one.now.unit, one.difference
    return [
        register.name_of(one.now.force),
        ", ".join(one.now.breakdown.values()),
        numbers.printed(one.before).text,
        numbers.printed(one.now).text,
        "" if apart.value is None else numbers.difference_text(apart.value, apart.form, unit),
        interval_text(apart, unit),
        _bounds_text(apart, unit),
        WORDS[one.verdict],
    ]


def interval_text(apart: Difference, unit: str) -> str:
    """The interval of a difference as printed: the widened one where there is one."""
    from openpeel.report import numbers

    if apart.interval is None:
        return ""
    wide = apart.interval.inflated or apart.interval
    low = numbers.difference_text(wide.low, apart.form, unit)
    high = None if wide.high is None else numbers.difference_text(wide.high, apart.form, unit)
    return numbers.range_text(low, high)


def _bounds_text(apart: Difference, unit: str) -> str:
    from openpeel.report import numbers

    if apart.bounds is None:
        return ""
    high = apart.bounds.high
    top = None if high is None else numbers.difference_text(high, apart.form, unit)
    return numbers.range_text(numbers.difference_text(apart.bounds.low, apart.form, unit), top)


def _csv_row(one: Change) -> list[str]:
    apart, interval, bounds = one.difference, one.difference.interval, one.difference.bounds
    wide = interval.inflated if interval else None
    values: list[object] = [
        one.now.measure, one.now.force, ", ".join(f"{k}={v}" for k, v in one.now.breakdown.items()), one.verdict,
        apart.form, apart.status, apart.value, interval and interval.low, interval and interval.high,
        interval and interval.method, wide and wide.low, wide and wide.high, bounds and bounds.low,
        bounds and bounds.high, apart.overlap, one.now.value, one.before.value, one.now.figure_id,
        one.before.figure_id, apart.reason,
    ]  # fmt: skip
    return ["" if v is None else str(v) for v in values]


def _notes(changes: Sequence[Change], register: Register) -> list[str]:
    """What the reader of the table must know: the method, chance, and why there is no value."""
    out = []
    intervals = [c.difference.interval for c in changes if c.difference.interval]
    methods = {i.method for i in intervals}
    for method, whose in (("newcombe", "Newcombe's"), ("welch-t", "Welch's")):
        if method in methods:
            out.append(
                f"intervals of differences: {whose}; a change is clear where its interval does not hold 0"
            )
    if "exact-conditional" in methods:
        plain = sum(i.inflated is None for i in intervals)
        how = "widened by how counts vary from month to month" if plain < len(intervals) else "not widened"
        less = f"; {plain} not widened, for want of months" if plain else ""
        out.append(f"counts are related by the day; intervals: exact, given the total, {how}{less}")
    told = sum(c.verdict != "cannot-say" for c in changes)
    if told > 1:
        out.append(f"of {told} changes, chance alone makes some {told * 0.05:.1f} look clear")
    if any(c.difference.status == "ok" and c.difference.interval is None for c in changes):
        out.append("no interval is claimed for medians, quantiles and what is open: no word is given")
    reasons = [
        f"{register.name_of(c.now.force)}: {c.difference.reason}" for c in changes if c.difference.reason
    ]
    return out + list(dict.fromkeys(reasons))
