"""``openpeel reconcile``: our figure beside somebody else's, and the difference split by rule."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
from openpeel.errors import UserError

if TYPE_CHECKING:
    from fractions import Fraction

    from openpeel.engine.reconcile.result import Line, Reconciliation, Row
    from openpeel.register import Register


def reconcile(
    id_: Annotated[str, typer.Argument(metavar="ID", help="A measure, as `openpeel measures` lists them.")],
    against: Annotated[
        Path, typer.Option(metavar="FILE", help="A CSV of theirs: figures, or a list of records.")
    ],
    force: Annotated[str, typer.Option(help="The force, where their file does not say.")] = "",
    period: PeriodOption = "",
    which: Annotated[
        str, typer.Option(help="What a list of theirs holds: the denominator (the default) or the numerator.")
    ] = "denominator",
    match: Annotated[
        list[str] | None,
        typer.Option(
            metavar="THEIRS=OURS", help="A column of a list to match rows by; may be given more than once."
        ),
    ] = None,
    date: Annotated[str, typer.Option(help="The column of a list that holds their day.")] = "",
    rows: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Write the rows behind each part to this CSV file.")
    ] = None,
    as_at: AsAtOption = "",
    recorded_by: RecordedByOption = "",
    population: PopulationOption = "latest",
    format_: FormatOption = "table",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Put our figure beside somebody else's, and split the difference by rule."""
    from openpeel.catalogue import load_catalogue
    from openpeel.engine.measure import ledger
    from openpeel.engine.reconcile.ask import Wanted, checked_which, reconcile_with

    check_format(format_)
    place, register = opened(workspace)
    catalogue = load_catalogue(place.root)
    (measure,) = measures_of(catalogue, [id_])
    context = context_of(place, catalogue, as_at, recorded_by, population)
    months = period_of(context, period, [measure]) if period else None
    owner = register.resolve(force).id if force else ""
    wanted = Wanted(against, owner, months, checked_which(which), _named(match or []), date, rows is not None)
    with busy("holding theirs against ours"):
        found = reconcile_with(
            context, measure, wanted, lambda f: register.resolve(f).id, lambda a: ledger.record(context, a)
        )
    context.close()
    if rows is not None:
        _write_rows(rows, found.rows)
    if format_ == "json":
        print_json(found.as_json())
    else:
        _print(found, register, format_)
    for text in found.notes:
        note(text)


def _named(match: list[str]) -> dict[str, str]:
    out = {}
    for text in match:
        theirs, mark, ours = text.rpartition("=")
        if not mark or not theirs.strip() or not ours.strip():
            raise UserError(
                f"`{text}` does not say which is which", "--match", 'write "Their heading=our_column"'
            )
        out[theirs.strip()] = ours.strip()
    return out


_CSV = (
    "force", "period_start", "period_end", "breakdown", "amount", "step", "rule", "says", "number", "rows",
    "verdict", "figure_id",
)  # fmt: skip


def _print(found: Reconciliation, register: Register, kind: str) -> None:
    if kind == "csv":
        print_rows(_CSV, [row for line in found.lines for row in _csv_rows(line)], "csv")
        return
    for line in found.lines:
        category = "".join(f", {k}={v}" for k, v in line.breakdown.items())
        title = (
            f"{found.measure}: {register.name_of(line.force)}, {line.period[0]} to {line.period[1]}{category}: "
            f"{_VERDICTS[line.verdict]}"
        )
        names = list(line.theirs)
        print(title)  # not the table's: that would be broken to the width of what stands under it
        print_rows(["step", *names, "rows"], [_shown(s, names) for s in _steps(line)], "table")
        if line.reason:
            note(f"{register.name_of(line.force)}: {line.reason}")
        for one in line.tries if line.verdict == "not-explained" else ():
            note(
                f"{line.period[0]} to {line.period[1]}: ours would be {_amounts(one.comes_out)} if {one.says}"
            )


_VERDICTS = {
    "agrees": "agrees",
    "explained": "explained",
    "not-explained": "not explained in full",
    "no-figure": "ours has no figure",
}


def _steps(line: Line) -> list[tuple[str, str, str, Any, int | None]]:
    """Step, rule, words, amounts and rows, from ours to theirs."""
    out: list[tuple[str, str, str, Any, int | None]] = [("ours", "", "ours", line.ours, None)]
    out += [("part", p.rule, p.says, p.change, p.rows) for p in line.parts if p.explains]
    rest = {n: r for n, r in line.rest.items() if r}
    if rest:
        out.append(("rest", "", "rest, which no rule explains", line.rest, None))
        out += [("of the rest", p.rule, p.says, p.change, p.rows) for p in line.parts if not p.explains]
    return [*out, ("theirs", "", "theirs", line.theirs, None)]


def _shown(step: tuple[str, str, str, Any, int | None], names: list[str]) -> list[str]:
    kind, _, says, amounts, rows = step
    signed = kind not in ("ours", "theirs")
    indent = "  " if kind == "of the rest" else ""
    cells = [_number(amounts[n], signed) if n in amounts else "" for n in names]
    return [indent + says, *cells, "" if rows is None else f"{rows:,}"]


def _number(amount: Fraction, signed: bool) -> str:
    sign = "+" if signed else ""
    if amount.denominator == 1:
        return format(int(amount), f"{sign},d").replace("-", "−")
    return format(float(amount), f"{sign}.6g").replace("-", "−")


def _amounts(amounts: Any) -> str:
    return ", ".join(f"{n} {_number(a, signed=False)}" for n, a in amounts.items())


def _csv_rows(line: Line) -> list[list[str]]:
    out = []
    cut = " ".join(f"{k}={v}" for k, v in line.breakdown.items())
    for name in line.theirs:
        for kind, rule, says, amounts, rows in _steps(line):
            if name in amounts:
                exact = amounts[name]
                number = str(exact if exact.denominator == 1 else float(exact))
                counted = "" if rows is None else str(rows)
                out.append([
                    line.force, *line.period, cut, name, kind, rule, says, number, counted, line.verdict,
                    line.figure_id,
                ])  # fmt: skip
    return out


def _write_rows(out: Path, rows: Any) -> None:
    """No column of the records themselves: ours are named by ``record_id``, theirs by their line."""
    try:
        with out.open("x", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["side", "rule", "says", "force", "month", "record_id", "their_line"])
            writer.writerows(_row(row) for row in rows)
    except FileExistsError:
        raise UserError("is there already", str(out), "choose another name") from None
    except OSError as error:
        raise UserError(f"cannot be written ({error.strerror})", str(out), "choose another place") from None
    note(f"{len(rows)} rows in {out}")


def _row(row: Row) -> list[str]:
    line = "" if row.their_line is None else str(row.their_line)
    return [row.side, row.rule, row.says, row.force, row.month, row.record_id, line]
