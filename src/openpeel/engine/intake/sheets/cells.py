"""The cells of an .xlsx sheet, from the events of its XML."""

from __future__ import annotations

from openpeel.engine.intake.sheets.package import damaged
from openpeel.engine.intake.sheets.table import (
    CALCULATE,
    ERROR,
    LAST_COLUMN,
    LAST_ROW,
    MERGED,
    NO_DATE,
    NO_VALUE,
    Fault,
    Span,
    TableBuilder,
    letters,
    merged,
    reference,
)
from openpeel.engine.intake.sheets.values import Shown, iso_moment, moment_text, number_text, unescaped

_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_NAMES = (
    "c f is mergeCell numFmt r rPh row sheet sheetData si t v workbookPr calcPr xf cellXfs".split()  # noqa: SIM905
)
#: Elements by the name they come under, in the two namespaces of the format.
ELEMENTS = {f"{space} {name}": name for space in _MAIN for name in _NAMES}
COLUMNS = {letters(column): column for column in range(LAST_COLUMN)}


class Cells:
    """The handlers for one sheet: called for every tag of it, hence rather terse.

    Args:
        builder: takes the rows.
        strings: the texts that cells share.
        formats: the styles that show a number as a date or time.
        from_1904: days are counted from 1904, not from 1900.
        stale: the values of formulas are out of date.
    """

    def __init__(
        self,
        builder: TableBuilder,
        strings: list[str],
        formats: dict[str, Shown],
        from_1904: bool,
        stale: bool,
    ) -> None:
        self.texts: list[str] = []
        self.spans: list[Span] = []
        self.begun = False  # whether the rows have begun
        self.builder, self.strings, self.formats = builder, strings, formats
        self.from_1904, self.stale = from_1904, stale
        self.number, self._row_text, self._cells = 0, "0", dict[int, str]()
        self._faults: list[Fault] = []
        self._column = -1
        self._cell: dict[str, str] = {}
        self._value: str | None = None
        self._inline: list[str] = []
        self._formula: dict[str, str] | None = None
        self._reading = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take a start tag."""
        element = ELEMENTS.get(name)
        if element == "c":
            self._cell, self._value, self._formula = attributes, None, None
        elif element == "v" or element == "t":
            self.texts.clear()
        elif element == "row":
            self._start_row(attributes)
        elif element == "f":
            self._formula = attributes
        elif element == "is":
            self._inline = []
        elif element == "rPh":
            self._reading += 1
        elif element == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif element == "sheetData":
            self.begun = True

    def end(self, name: str) -> None:
        """Take an end tag."""
        element = ELEMENTS.get(name)
        if element == "c":
            self._end_cell()
        elif element == "v":
            self._value = "".join(self.texts)
        elif element == "t" and not self._reading:
            self._inline.append("".join(self.texts))
        elif element == "is":
            self._value = "".join(self._inline)
        elif element == "row":
            self.builder.add(self.number, self._cells, self._faults)
        elif element == "rPh":
            self._reading -= 1

    def _start_row(self, attributes: dict[str, str]) -> None:
        before, self.number = self.number, int(attributes.get("r", self.number + 1))
        if not before < self.number <= LAST_ROW:
            raise damaged(f"row {self.number} stands behind row {before}")
        self._row_text, self._cells, self._faults, self._column = str(self.number), {}, [], -1

    def _end_cell(self) -> None:
        place = self._cell.get("r")
        if place is None:
            self._column += 1
        else:
            column = COLUMNS.get(place.removesuffix(self._row_text))
            if column is None:
                raise damaged(f"row {self._row_text} holds a cell {place}")
            self._column = column
        value = self._value
        if self._formula is not None and (self.stale or not value):
            self._uncalculated(self._formula, value)
        elif value:
            if self._column in self._cells:
                raise damaged(f"{self._name()} is there twice")
            self._cells[self._column] = self._text(value)

    def _text(self, value: str) -> str:
        """A cell's value as text."""
        kind = self._cell.get("t", "n")
        try:
            if kind == "s":
                return self.strings[int(value)]
            if kind == "n":
                shown = self.formats.get(self._cell.get("s", "0"))
                return self._moment(value, shown) if shown else number_text(value)
            if kind == "b":
                return ("false", "true")[int(value)]
            if kind == "d":
                return iso_moment(value)
        except (ValueError, IndexError):
            raise damaged(f"{self._name()} holds {value[:40]!r}") from None
        if kind == "e":
            self._faults.append(Fault(ERROR, f"{self._name()} holds {value}"))
        elif kind not in ("str", "inlineStr"):
            raise damaged(f"{self._name()} is of no known kind")
        return unescaped(value)

    def _moment(self, value: str, shown: Shown) -> str:
        try:
            return moment_text(value, shown, self.from_1904)
        except ValueError:
            plain = number_text(value)
        detail = f"{self._name()} holds the number {plain}, shown as a {shown}"
        self._faults.append(Fault(NO_DATE, detail))
        return plain

    def _uncalculated(self, formula: dict[str, str], value: str | None) -> None:
        """A formula without a usable value; an empty text is one, where it was worked out."""
        if self._cell.get("t") == "str" and value == "" and not self.stale:
            return
        old = (
            "a formula whose stored value is out of date" if value else "a formula that was never calculated"
        )
        fault = Fault(NO_VALUE, f"{self._name()} holds {old}; {CALCULATE}")
        self._faults.append(fault)
        # A formula over a range stands in its first cell alone.
        if formula.get("t") in ("array", "dataTable") and ":" in formula.get("ref", ""):
            self.spans.append(_span(formula["ref"], fault))

    def _merge(self, ref: str) -> None:
        span = _span(ref, Fault(MERGED, merged(ref)))
        if (span.first_row, span.first_column) != (span.last_row, span.last_column):
            self.spans.append(span)

    def _name(self) -> str:
        return reference(self.number, self._column)


def _span(ref: str, fault: Fault) -> Span:
    """The range ``A1:B2``, or the cell ``A1``."""
    first, _, last = ref.replace("$", "").partition(":")
    try:
        (row, column), (last_row, last_column) = (_place(text) for text in (first, last or first))
    except (ValueError, KeyError):
        raise damaged(f"it names a range {ref[:40]!r}") from None
    return Span(row, column, last_row, last_column, fault)


def _place(text: str) -> tuple[int, int]:
    name = text.rstrip("0123456789")
    return int(text[len(name) :]), COLUMNS[name]
