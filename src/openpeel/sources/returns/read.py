"""A workbook that came back: which return it is, whether its layout is whole, and what its rows say."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from openpeel.engine.intake.mapping import normal_heading
from openpeel.engine.intake.read import Malformed
from openpeel.errors import UserError
from openpeel.sources.returns.grid import Grids, Row, SheetGrid, place
from openpeel.sources.returns.instructions import COLLECTION, EDITION, FORCE, LAYOUT, NOTES_HEADINGS, WHICH
from openpeel.sources.returns.layout import (
    ABOUT,
    HEADER_ROW,
    NOTES,
    NOTES_HEADER,
    OTHER_SHEETS,
    TEMPLATE,
    BookPlan,
    SheetPlan,
)
from openpeel.sources.returns.rows import GoodRow, read_rows

_NEW = "fill in a new one: `openpeel return template --collection C --force F --out FILE.xlsx`"
_KEEP = "fill in the workbook that the template made, and change nothing but the cells to fill"
#: A note longer than this is cut off, and says so.
_LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Note:
    """What a force wrote beside its numbers: the sheet and row it names, and the text."""

    sheet: str
    about: str
    text: str

    def line(self) -> str:
        """The note in one line."""
        return ": ".join(part for part in (self.sheet, self.about, self.text) if part)


@dataclass
class SheetRead:
    """What the rows of one sheet say.

    Attributes:
        plan: the sheet's layout.
        good: the rows that can be taken in.
        aside: the rows that cannot, with sheet and cell.
        not_known, not_applicable: numbers of cells to fill, in the good rows.
        missing: rows laid out that are not there any more.
    """

    plan: SheetPlan
    good: list[GoodRow] = field(default_factory=list)
    aside: list[Malformed] = field(default_factory=list)
    not_known: int = 0
    not_applicable: int = 0
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """The file that a return comes in: its label for people, its hash, its size in bytes."""

    label: str
    sha256: str
    size: int


@dataclass(frozen=True)
class ReturnRead:
    """A workbook that was read whole."""

    source: Source
    plan: BookPlan
    sheets: tuple[SheetRead, ...]
    notes: tuple[Note, ...]

    @property
    def force(self) -> str:
        """Whose return it is."""
        return self.plan.force


#: The layout of a collection's workbook, by ids of collection and force.
Plans = Callable[[str, str], BookPlan]


def read_return(grids: Grids, source: Source, plans: Plans) -> ReturnRead:
    """Understand the sheets of a workbook as a return.

    Args:
        grids: its sheets as they were filled in.
        source: the file they come from.
        plans: gives the layout that a collection and a force must have.

    Raises:
        UserError: it is no return, of another collection, force or edition than it says, or its layout was changed:
            sheets, headings or all rows of a sheet. Nothing of it is then taken.
    """
    label = source.label
    plan = _plan(grids, label, plans)
    wrong = [*_sheets(plan, grids)]
    for sheet in plan.sheets:
        if sheet.name in grids:
            wrong += _headings(sheet, grids[sheet.name])
    if wrong:
        raise _changed(label, wrong)
    sheets = tuple(_sheet(s, grids[s.name]) for s in plan.sheets)
    empty = [r.plan.name for r in sheets if r.plan.rows and not r.good and not r.aside]
    if empty:
        raise _changed(label, [f"sheet {name}: none of the rows laid out is there" for name in empty])
    notes = tuple(_notes(grids[NOTES])) if NOTES in grids else ()
    return ReturnRead(source, plan, sheets, notes)


def _plan(grids: Grids, label: str, plans: Plans) -> BookPlan:
    """The layout that the workbook says it has, if it has it."""
    if ABOUT not in grids:
        raise UserError(f"is no return: it has no sheet {ABOUT}", label, _NEW)
    told: dict[str, str] = {}
    for number in sorted(grids[ABOUT].rows):
        row = grids[ABOUT].row(number)
        if row.faults:
            raise UserError(f"is no return: sheet {ABOUT}, cell {row.faults[0][1]}", label, _NEW)
        told.setdefault(row.cells.get(0, "").strip(), row.cells.get(1, "").strip())
    if told.get(WHICH) != TEMPLATE:
        raise UserError(f"is no return: sheet {ABOUT} does not begin with {TEMPLATE!r}", label, _NEW)
    for name in (COLLECTION, FORCE, EDITION, LAYOUT):
        if not told.get(name):
            raise UserError(f"sheet {ABOUT} does not say `{name}`", label, _KEEP)
    try:
        plan = plans(told[COLLECTION], told[FORCE])
    except UserError as error:
        raise UserError(f"sheet {ABOUT}: {error.what}", label, error.do) from None
    if told[EDITION] != str(plan.collection.edition):
        raise UserError(
            f"is of edition {told[EDITION]} of the workbook, and {plan.collection.id} has edition "
            f"{plan.collection.edition}",
            label,
            _NEW,
        )
    if told[LAYOUT] != plan.seal():
        raise UserError(
            f"was not made for {plan.force} and {plan.collection.id} in this layout (sheet {ABOUT} was changed, or "
            "the tables were since)",
            label,
            _NEW,
        )
    return plan


def _sheets(plan: BookPlan, grids: Grids) -> Iterator[str]:
    """Sheets that are missing, and sheets with something in them that do not belong."""
    wanted = [s.name for s in plan.sheets]
    strange = [n for n, g in grids.items() if n not in (*wanted, *OTHER_SHEETS) and g.holds_something()]
    missing = [name for name in wanted if name not in grids]
    for name in missing:
        yield f"the sheet {name} is missing" + (f" (there is a sheet {strange[0]})" if strange else "")
    if not missing:
        yield from (f"the sheet {name} does not belong to the return" for name in strange)


def _headings(sheet: SheetPlan, grid: SheetGrid) -> Iterator[str]:
    """What is wrong with the row of headings."""
    row, wanted = grid.row(HEADER_ROW), sheet.headings()
    if row.faults:
        yield f"sheet {sheet.name}, cell {row.faults[0][1]} in the row of headings"
        return
    at = {normal_heading(text): column for column, text in row.cells.items()}
    elsewhere = _header_elsewhere(sheet, grid)
    if elsewhere:
        yield f"sheet {sheet.name}: the headings stand in row {elsewhere} and belong in row {HEADER_ROW}"
        return
    for column, name in enumerate(wanted):
        found = row.cells.get(column, "")
        if normal_heading(found) == normal_heading(name):
            continue
        where = f"sheet {sheet.name}, cell {place(HEADER_ROW, column)}"
        holds = f"holds `{found.strip()[:40]}`" if found.strip() else "holds nothing"
        moved = at.get(normal_heading(name))
        hint = f" (it stands in {place(HEADER_ROW, moved)})" if moved is not None else ""
        yield f"{where}: {holds} where the heading `{name}` belongs{hint}"
    for column in sorted(c for c in row.cells if c >= len(wanted)):
        cell = place(HEADER_ROW, column)
        yield f"sheet {sheet.name}, cell {cell}: the heading `{row.cells[column].strip()[:40]}` does not belong"


def _header_elsewhere(sheet: SheetPlan, grid: SheetGrid) -> int:
    wanted = [normal_heading(h) for h in sheet.headings()]
    for number, row in grid.rows.items():
        if [normal_heading(row.cells.get(c, "")) for c in range(len(wanted))] == wanted:
            return 0 if number == HEADER_ROW else number
    return 0


def _changed(label: str, wrong: list[str]) -> UserError:
    more = f" (and {len(wrong) - 3} more)" if len(wrong) > 3 else ""
    return UserError(f"its layout was changed: {'; '.join(wrong[:3])}{more}", label, _KEEP)


def _sheet(plan: SheetPlan, grid: SheetGrid) -> SheetRead:
    out = SheetRead(plan)
    out.good, out.aside = read_rows(plan, grid)
    fillable = plan.columns[len(plan.type.key) :] if plan.rows else plan.columns
    for row in out.good:
        for column in fillable:
            out.not_applicable += column.name in row.not_applicable
            out.not_known += column.name not in row.values and column.name not in row.not_applicable
    there = {row.key for row in out.good} | {key for key in (_key_of(plan, m) for m in out.aside) if key}
    out.missing = [" / ".join(key) for key in plan.rows if key not in there]
    return out


def _key_of(plan: SheetPlan, malformed: Malformed) -> tuple[str, ...]:
    """The texts of a key in a row that was set aside; a row laid out is not missing because its number is wrong."""
    cells = next(csv.reader(io.StringIO(malformed.text)), [])
    return tuple(cells[: len(plan.type.key)]) if plan.rows else ()


def _notes(grid: SheetGrid) -> Iterator[Note]:
    for row in grid.below(NOTES_HEADER):
        texts = [" ".join(row.cells.get(c, "").split()) for c in range(len(NOTES_HEADINGS))]
        texts[-1] = _whole_note(row, texts[-1])
        if any(texts):
            yield Note(*texts)


def _whole_note(row: Row, text: str) -> str:
    beyond = [c for c in row.cells if c >= len(NOTES_HEADINGS)]
    text = " ".join([text, *(row.cells[c].strip() for c in sorted(beyond))]).strip()
    return text if len(text) <= _LONGEST_NOTE else f"{text[:_LONGEST_NOTE]} … (cut off)"
