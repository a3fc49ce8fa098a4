"""Reading .xlsx as a stream, in one pass and without holding the sheet.

A pass of our own, and not a library's, because what libraries leave out is what matters here: a formula
without a value, an error, a merged range and the dates before March 1900 all look like something else.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from openpeel.engine.intake.sheets.cells import ELEMENTS, Cells
from openpeel.engine.intake.sheets.package import AS_XLSX, Enough, Package
from openpeel.engine.intake.sheets.quick import QuickRows
from openpeel.engine.intake.sheets.table import Span, TableBuilder
from openpeel.engine.intake.sheets.values import Shown, shown_as, unescaped
from openpeel.errors import UserError

_LINKS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_YES = ("1", "true")


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook, and where it stands in it."""

    name: str
    visible: bool
    part: str


class Workbook:
    """An .xlsx workbook.

    Raises:
        UserError: it is damaged, of another kind, or holds macros.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        if "xl/workbook.xml" not in package:
            raise UserError("is not an .xlsx or .ods file", "", AS_XLSX)
        self._from_1904 = self._stale = False
        self._links = self._relations()
        self._found: list[tuple[str, bool, str]] = []
        package.parse("xl/workbook.xml", self._workbook)
        self.sheets = [
            Sheet(name, visible, self._links[link][1])
            for name, visible, link in self._found
            if self._links.get(link, ("", ""))[0] == "worksheet"
        ]

    def _relations(self) -> dict[str, tuple[str, str]]:
        """The parts by the id under which the workbook names them: their kind and name."""
        found = {}

        def start(_: str, attributes: dict[str, str]) -> None:
            if "Target" in attributes:
                kind = attributes.get("Type", "").rsplit("/", 1)[-1]
                target = attributes["Target"]
                name = target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")
                # A part outside the workbook is never looked for.
                if attributes.get("TargetMode") != "External":
                    found[attributes.get("Id", "")] = kind, name

        self._package.parse("xl/_rels/workbook.xml.rels", start)
        return found

    def _workbook(self, name: str, attributes: dict[str, str]) -> None:
        element = ELEMENTS.get(name)
        if element == "sheet":
            link = next((attributes[f"{s} id"] for s in _LINKS if f"{s} id" in attributes), "")
            visible = attributes.get("state", "visible") == "visible"
            self._found.append((attributes.get("name", ""), visible, link))
        elif element == "workbookPr":
            self._from_1904 = attributes.get("date1904") in _YES
        elif element == "calcPr":
            # Set by programs that write formulas without calculating them; the values are placeholders.
            self._stale = attributes.get("fullCalcOnLoad") in _YES

    def holds_values(self, sheet: Sheet) -> bool:
        """Whether any cell of a sheet holds something."""
        found = False

        def start(name: str, _: dict[str, str]) -> None:
            nonlocal found
            if ELEMENTS.get(name) in ("v", "is", "f"):
                found = True
                raise Enough

        self._package.parse(sheet.part, start)
        return found

    def read(self, sheet: Sheet, builder: TableBuilder) -> list[Span]:
        """Hand a sheet's rows to the builder.

        Returns:
            the merged ranges, and the ranges of formulas without values.

        Raises:
            UserError: the sheet is damaged.
        """
        cells = Cells(builder, self._strings(), self._formats(), self._from_1904, self._stale)
        quick = QuickRows(cells)
        self._package.parse(sheet.part, cells.start, cells.end, cells.texts.append, quick)
        return cells.spans

    def _part(self, kind: str) -> str:
        return next((part for found, part in self._links.values() if found == kind), "")

    def _strings(self) -> list[str]:
        part = self._part("sharedStrings")
        if part not in self._package:
            return []
        strings = _Strings()
        self._package.parse(part, strings.start, strings.end, strings.texts.append)
        return strings.found

    def _formats(self) -> dict[str, Shown]:
        """The styles that show a number as a date or time, by their place among the cell formats."""
        part = self._part("styles")
        codes: dict[int, str] = {}
        styles: list[int] = []
        inside = False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal inside
            element = ELEMENTS.get(name)
            if element == "numFmt":
                codes[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
            elif element == "cellXfs":
                inside = True
            elif element == "xf" and inside:
                styles.append(int(attributes.get("numFmtId", "0")))

        def end(name: str) -> None:
            nonlocal inside
            inside = inside and ELEMENTS.get(name) != "cellXfs"

        if part in self._package:
            self._package.parse(part, start, end)
        shown = {number: shown_as(number, codes.get(number)) for number in set(styles)}
        return {str(place): found for place, number in enumerate(styles) if (found := shown[number])}


class _Strings:
    """The texts that cells share."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.texts: list[str] = []
        self._string: list[str] = []
        self._reading = 0  # how the text is said, in another script, is no part of it

    def start(self, name: str, _: dict[str, str]) -> None:
        element = ELEMENTS.get(name)
        if element == "si":
            self._string.clear()
        elif element == "rPh":
            self._reading += 1
        elif element == "t":
            self.texts.clear()

    def end(self, name: str) -> None:
        element = ELEMENTS.get(name)
        if element == "t" and not self._reading:
            self._string.append("".join(self.texts))
        elif element == "rPh":
            self._reading -= 1
        elif element == "si":
            self.found.append(unescaped("".join(self._string)))
