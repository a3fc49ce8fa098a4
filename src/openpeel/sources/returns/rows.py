"""The rows of a table's sheet: those that can be taken in, and those set aside with sheet, cell and reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from openpeel.engine.clock import month_of, month_text, parse_day
from openpeel.engine.intake.read import Malformed
from openpeel.sources.returns.cells import CellError, read_cell
from openpeel.sources.returns.grid import Row, SheetGrid, place
from openpeel.sources.returns.layout import HEADER_ROW, SheetPlan

NOT_LAID_OUT = "not a row of the template"
SAME_ROW, SAME_KEY = "the same row again", "several rows with one key"
OUTSIDE = "outside the months of the file"
TOO_WIDE = "wrong number of fields"


@dataclass(frozen=True)
class GoodRow:
    """A row that can be taken in: its number in the sheet, key, known values, columns that do not apply, and itself."""

    number: int
    key: tuple[str, ...]
    values: dict[str, str]
    not_applicable: tuple[str, ...]
    row: Row


def read_rows(plan: SheetPlan, grid: SheetGrid) -> tuple[list[GoodRow], list[Malformed]]:
    """The rows of a sheet that can be taken in, and those set aside, each in its order."""
    good: list[GoodRow] = []
    aside: list[Malformed] = []
    for row in grid.below(HEADER_ROW):
        try:
            good.append(_row(plan, row))
        except CellError as error:
            aside.append(Malformed(row.number - HEADER_ROW, error.reason, error.detail, _text(plan, row)))
    good, twice = _without_repeats(plan, good)
    return good, sorted([*aside, *twice], key=lambda m: m.row)


def _row(plan: SheetPlan, row: Row) -> GoodRow:
    """One row.

    Raises:
        CellError: something is wrong with a cell; the first three of all such cells are named.
    """
    wrong = list(_wrong(plan, row))
    values: dict[str, str] = {}
    not_applicable = []
    for at, column in enumerate(plan.columns):
        try:
            answer = read_cell(column, row.cells.get(at, ""))
        except CellError as error:
            wrong.append(CellError(error.reason, _at(plan, row, at, error.detail)))
            continue
        if answer.kind == "value":
            values[column.name] = answer.text
        elif column.required:
            said = "does not apply" if answer.kind == "not applicable" else "is blank"
            wrong.append(CellError(f"{column.name} is blank", _at(plan, row, at, f"{said}, and is needed")))
        elif answer.kind == "not applicable":
            not_applicable.append(column.name)
    if not wrong:
        wrong += _misplaced(plan, row, values)
    if wrong:
        more = f" (and {len(wrong) - 3} more)" if len(wrong) > 3 else ""
        raise CellError(wrong[0].reason, "; ".join(w.detail for w in wrong[:3]) + more)
    key = tuple(values[name] for name in plan.type.key)
    return GoodRow(row.number, key, values, tuple(not_applicable), row)


def _wrong(plan: SheetPlan, row: Row) -> Iterator[CellError]:
    """What the reader of the sheet found wrong, and values where no column is."""
    for reason, detail in row.faults:
        yield CellError(reason, f"sheet {plan.name}, cell {detail}")
    beyond = sorted(column for column in row.cells if column >= len(plan.columns))
    if beyond:
        last = place(HEADER_ROW, len(plan.columns) - 1)
        yield CellError(
            TOO_WIDE, _at(plan, row, beyond[0], f"holds a value, and the last heading stands in {last}")
        )


def _misplaced(plan: SheetPlan, row: Row, values: dict[str, str]) -> Iterator[CellError]:
    """A row that is not one of those laid out, or lies outside the months that the table is complete for."""
    if plan.rows:
        key = tuple(values[name] for name in plan.type.key)
        if key not in plan.rows:
            detail = f"{' / '.join(key)} is no row of this table; fill in the rows laid out, and add none"
            yield CellError(NOT_LAID_OUT, _at(plan, row, 0, detail))
        return
    month = month_of(parse_day(values[plan.type.anchor][:10]))
    if not plan.months[0] <= month <= plan.months[1]:
        first, last = (month_text(m) for m in plan.months)
        within = f"is not {first}" if first == last else f"does not lie within {first}..{last}"
        at = [c.name for c in plan.columns].index(plan.type.anchor)
        yield CellError(OUTSIDE, _at(plan, row, at, f"{month_text(month)} {within}"))


def _at(plan: SheetPlan, row: Row, column: int, said: str) -> str:
    return f"sheet {plan.name}, cell {place(row.number, column)}: {said}"


def _without_repeats(plan: SheetPlan, good: list[GoodRow]) -> tuple[list[GoodRow], list[Malformed]]:
    """Of equal rows one is taken; of different rows with one key none, since nobody can say which one holds."""
    by_key: dict[tuple[str, ...], list[GoodRow]] = {}
    for row in good:
        by_key.setdefault(row.key, []).append(row)
    kept, aside = [], []
    for key, rows in by_key.items():
        first, *others = rows
        alike = all((o.values, o.not_applicable) == (first.values, first.not_applicable) for o in others)
        if alike:
            kept.append(first)
        for row in others if alike else rows:
            named = ", ".join(str(r.number) for r in rows)
            detail = f"sheet {plan.name}, row {row.number}: {' / '.join(key)} stands in rows {named}"
            reason = SAME_ROW if alike else SAME_KEY
            aside.append(Malformed(row.number - HEADER_ROW, reason, detail, _text(plan, row.row)))
    return sorted(kept, key=lambda r: r.number), aside


def _text(plan: SheetPlan, row: Row) -> str:
    """A row as a line of CSV, for looking at."""
    out = io.StringIO(newline="")
    width = max([len(plan.columns) - 1, *row.cells]) + 1
    csv.writer(out, lineterminator="").writerow(row.cells.get(c, "").strip() for c in range(width))
    return out.getvalue()
