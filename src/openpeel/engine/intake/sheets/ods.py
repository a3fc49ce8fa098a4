"""Reading .ods as a stream: the OpenDocument counterpart of ``xlsx.py``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from openpeel.engine.intake.sheets.package import Package, damaged
from openpeel.engine.intake.sheets.table import (
    CALCULATE,
    ERROR,
    LAST_COLUMN,
    LAST_ROW,
    MERGED,
    NO_VALUE,
    Fault,
    Span,
    TableBuilder,
    merged,
    reference,
)
from openpeel.engine.intake.sheets.values import iso_moment, iso_period, number_text
from openpeel.errors import UserError

_SPACES = {
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
    "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0": "manifest",
}
_CELLS = ("table:table-cell", "table:covered-table-cell")
_NUMBERS = ("float", "percentage", "currency")
#: How spreadsheet programs write what went wrong in a formula.
_ERRORS = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "Err:")
_BLANKS = re.compile(r"[ \t\r\n]+")
_WHITE = {"text:tab": "\t", "text:line-break": "\n"}
#: Contents of a cell that are no part of its text: notes, drawings.
_BESIDE = ("office:annotation", "draw", "table:shapes", "table:detective")


def _short(name: str) -> str:
    """A name with its usual prefix."""
    space, _, local = name.rpartition(" ")
    prefix = _SPACES.get(space) or ("draw" if space.endswith(":drawing:1.0") else "")
    return prefix if prefix == "draw" else f"{prefix}:{local}"


class _Names(dict[str, str]):
    """Short names, worked out once each."""

    def __missing__(self, name: str) -> str:
        self[name] = _short(name)
        return self[name]


@dataclass
class Sheet:
    """A sheet of a workbook, and whether it holds anything."""

    name: str
    visible: bool
    place: int
    filled: bool = False


class Workbook:
    """An .ods workbook.

    Raises:
        UserError: it is damaged or protected by a password.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        if "META-INF/manifest.xml" in package:
            package.parse("META-INF/manifest.xml", _refuse_encrypted)
        overview = _Overview()
        package.parse("content.xml", overview.start, overview.end)
        self.sheets = overview.sheets

    def holds_values(self, sheet: Sheet) -> bool:
        """Whether any cell of a sheet holds something."""
        return sheet.filled

    def read(self, sheet: Sheet, builder: TableBuilder) -> list[Span]:
        """Hand a sheet's rows to the builder.

        Returns:
            the merged ranges, and the ranges of formulas without values.

        Raises:
            UserError: the sheet is damaged.
        """
        cells = _Cells(builder, sheet.place)
        self._package.parse("content.xml", cells.start, cells.end, cells.character)
        return cells.spans


def _refuse_encrypted(name: str, _: dict[str, str]) -> None:
    if _short(name) == "manifest:encryption-data":
        raise UserError("is protected by a password", "", "save it without one")


class _Overview:
    """A first pass: the sheets, which are hidden, which hold anything."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self._hidden: set[str] = set()
        self._style = ""
        self._depth = 0
        self._names = _Names()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = self._names[name]
        if element == "table:table":
            self._depth += 1
            if self._depth == 1:
                own = {self._names[key]: value for key, value in attributes.items()}
                visible = own.get("table:style-name", "") not in self._hidden
                self.sheets.append(Sheet(own.get("table:name", ""), visible, len(self.sheets)))
        elif element in _CELLS and self._depth == 1:
            own_names = {self._names[key] for key in attributes}
            if own_names & {"office:value-type", "table:formula"}:
                self.sheets[-1].filled = True
        elif element == "style:style":
            self._style = attributes.get(next((k for k in attributes if k.endswith(" name")), ""), "")
        elif element == "style:table-properties" and "false" in (
            v for k, v in attributes.items() if self._names[k] == "table:display"
        ):
            self._hidden.add(self._style)

    def end(self, name: str) -> None:
        if self._names[name] == "table:table":
            self._depth -= 1


class _Cells:
    """The cells of one sheet."""

    def __init__(self, builder: TableBuilder, place: int) -> None:
        self.spans: list[Span] = []
        self._builder, self._place = builder, place
        self._names = _Names()
        self._tables = self._depth = self._beside = 0
        self._row, self._column, self._times = 0, 0, 1
        self._cells: dict[int, str] = {}
        self._faults: list[Fault] = []
        self._cell: dict[str, str] | None = None
        self._lines: list[str] = []

    def _inside(self) -> bool:
        """Whether this is the sheet that is wanted; a table inside a cell is none."""
        return self._tables == self._place + 1 and self._depth == 1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = self._names[name]
        if element == "table:table":
            self._depth += 1
            self._tables += self._depth == 1
        elif not self._inside():
            return
        elif element in _BESIDE or self._beside:
            self._beside += 1
        elif element == "table:table-row":
            self._times = self._count(attributes, "table:number-rows-repeated")
            self._cells, self._faults, self._column = {}, [], 0
        elif element in _CELLS:
            self._cell = {self._names[key]: value for key, value in attributes.items()}
            self._lines = []
        elif self._cell is not None:
            self._start_text(element, attributes)

    def _start_text(self, element: str, attributes: dict[str, str]) -> None:
        if element == "text:p":
            self._lines.append("")
        elif self._lines and element == "text:s":
            self._lines[-1] += " " * self._count(attributes, "text:c")
        elif self._lines and element in _WHITE:
            self._lines[-1] += _WHITE[element]

    def _count(self, attributes: dict[str, str], wanted: str) -> int:
        """How often something is repeated: once, where nothing is said."""
        text = next((v for k, v in attributes.items() if self._names[k] == wanted), "1")
        if not (text.isascii() and text.isdigit() and len(text) < 8):
            raise damaged(f"{wanted} is {text[:40]!r}")
        return int(text)

    def character(self, text: str) -> None:
        """Take a piece of text."""
        if self._lines and self._cell is not None and not self._beside:
            # As OpenDocument has it: blanks that count are elements of their own.
            self._lines[-1] += _BLANKS.sub(" ", text)

    def end(self, name: str) -> None:
        element = self._names[name]
        if element == "table:table":
            self._depth -= 1
        elif not self._inside():
            return
        elif self._beside:
            self._beside -= 1
        elif element in _CELLS and self._cell is not None:
            self._end_cell(self._cell, covered=element == _CELLS[1])
            self._cell = None
        elif element == "table:table-row":
            self._end_row()

    def _end_row(self) -> None:
        if self._cells or self._faults:
            last = self._row + self._times
            if last > LAST_ROW:
                raise damaged(f"it has more than {LAST_ROW} rows")
            for number in range(self._row + 1, last + 1):
                self._builder.add(number, self._cells, self._faults)
        self._row += self._times

    def _end_cell(self, cell: dict[str, str], covered: bool) -> None:
        repeated = int(cell.get("table:number-columns-repeated", "1"))
        text = self._text(cell)
        if text:
            if self._column + repeated > LAST_COLUMN:
                raise damaged(f"row {self._row + 1} has more than {LAST_COLUMN} cells")
            for column in range(self._column, self._column + repeated):
                self._cells[column] = text
        if not covered:
            self._merge(cell)
        self._column += repeated

    def _text(self, cell: dict[str, str]) -> str:
        """A cell's value as text."""
        kind = cell.get("office:value-type", "")
        shown = "\n".join(self._lines)
        try:
            if cell.get("calcext:value-type") == "error" or (
                "table:formula" in cell and shown.startswith(_ERRORS)
            ):
                self._faults.append(Fault(ERROR, f"{self._name()} holds {shown}"))
                return shown
            if kind == "":
                return self._without_value(cell)
            return _value(kind, cell, shown)
        except (ValueError, KeyError):
            raise damaged(f"{self._name()} holds no {kind}") from None

    def _without_value(self, cell: dict[str, str]) -> str:
        if "table:formula" in cell:
            what = f"{self._name()} holds a formula that was never calculated; {CALCULATE}"
            fault = Fault(NO_VALUE, what)
            self._faults.append(fault)
            self._spread(cell, "table:number-matrix-{}-spanned", lambda _: fault)
        return ""

    def _merge(self, cell: dict[str, str]) -> None:
        self._spread(cell, "table:number-{}-spanned", lambda ref: Fault(MERGED, merged(ref)))

    def _spread(self, cell: dict[str, str], attribute: str, fault: Callable[[str], Fault]) -> None:
        """Note a cell that stands for a range, by the attributes that say how far it goes."""
        columns = int(cell.get(attribute.format("columns"), "1"))
        rows = int(cell.get(attribute.format("rows"), "1"))
        if (columns, rows) != (1, 1):
            row, column = self._row + rows, self._column + columns - 1
            span = f"{self._name()}:{reference(row, column)}"
            self.spans.append(Span(self._row + 1, self._column, row, column, fault(span)))

    def _name(self) -> str:
        return reference(self._row + 1, self._column)


def _value(kind: str, cell: dict[str, str], shown: str) -> str:
    """The value of a cell of one kind, as text.

    Raises:
        KeyError, ValueError: it is not there, or not of its kind.
    """
    if kind == "string":
        return cell.get("office:string-value", shown)
    if kind in _NUMBERS:
        return number_text(cell["office:value"])
    if kind == "date":
        return iso_moment(cell["office:date-value"])
    if kind == "time":
        return iso_period(cell["office:time-value"])
    if kind == "boolean" and cell["office:boolean-value"] in ("true", "false"):
        return cell["office:boolean-value"]
    raise ValueError(kind)
