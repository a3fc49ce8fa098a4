"""Writing the workbook that a force fills in: laid out so that only numbers are missing.

The same plan gives the same bytes: dates inside the file are fixed. The layout is protected without a password,
against slips and not against anybody.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from openpeel.engine.declare.records import Column
from openpeel.sources.returns.instructions import NOTES_HEADINGS, NOTES_SAY, about_lines, instruction_lines
from openpeel.sources.returns.layout import (
    ABOUT,
    COLUMN_ROW,
    EXPORT_ROW,
    HEADER_ROW,
    INSTRUCTIONS,
    LISTS,
    MEANING_ROW,
    NOTES,
    NOTES_HEADER,
    NOTES_LINES,
    TITLE_ROW,
    BookPlan,
    SheetPlan,
)

_MADE = datetime(2000, 1, 1)
_EDGE = {"border": 1, "border_color": "#8A8F94"}
_KEY = _EDGE | {"bg_color": "#E8EBEE", "align": "left"}
#: A list that takes more than this cannot stand in a cell's rule; it gets a column of the sheet of lists.
_LONGEST_LIST = 255
_INPUT = _EDGE | {"locked": 0, "bg_color": "#FFFBE6", "valign": "top"}
_FORMATS: dict[str, dict[str, Any]] = {
    "plain": {"text_wrap": 1, "valign": "top"},
    "title": {"bold": 1, "font_size": 14, "valign": "top"},
    "heading": {"bold": 1, "text_wrap": 1, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "border": 1,
                "valign": "top"},
    "meaning": {"text_wrap": 1, "italic": 1, "font_size": 9, "valign": "top", "font_color": "#444444"},
    "key": _KEY,
    "month": _KEY | {"num_format": "mmmm yyyy"},
    "day": _KEY | {"num_format": "dd/mm/yyyy"},
    "input": _INPUT,
    "whole": _INPUT | {"num_format": "0"},
    "words": _INPUT | {"text_wrap": 1},
    "date": _INPUT | {"num_format": "dd/mm/yyyy", "align": "left"},
    "instant": _INPUT | {"num_format": "dd/mm/yyyy hh:mm:ss", "align": "left"},
}  # fmt: skip
_DAYS = {
    "date": (date(1900, 3, 1), date(2100, 12, 31)),
    "instant": (datetime(1900, 3, 1), datetime(2100, 12, 31)),
}


#: What a workbook is filled in with: sheet -> rows, each of them column -> value. A value is a number, a text (which
#: may be *not applicable*) or a date; a column that is not there, or is ``None``, stays blank.
Answers = Mapping[str, Sequence[Mapping[str, object]]]


def write_workbook(plan: BookPlan, force_name: str, answers: Answers | None = None) -> bytes:
    """The workbook of a plan, as the bytes of an .xlsx file.

    Args:
        plan: its layout.
        force_name: the force's name in words.
        answers: what to fill it in with, as a force's own program or the demo does; none for a template. Rows of a
            sheet that is laid out are found by their key, dates of it as dates or ISO text.

    Raises:
        ValueError: the answers hold a sheet, row or column that the plan does not have.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({
        "title": f"{plan.collection.title}: {force_name}",
        "subject": "Return of counted rows",
        "author": "openpeel",
        "created": _MADE,
    })  # fmt: skip
    _Writer(book, plan, force_name, answers or {}).write()
    book.close()
    return out.getvalue()


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook, plan: BookPlan, force_name: str, answers: Answers) -> None:
        self.book, self.plan, self.force_name = book, plan, force_name
        self.answers = answers_by_row(plan, answers)
        self.formats: dict[str, Format] = {}
        bold = {name: told | {"bold": 1} for name, told in _FORMATS.items()}
        for name, told in [*_FORMATS.items(), *((f"{n} total", t) for n, t in bold.items())]:
            self.formats[name] = book.add_format(told)
        self.lists: dict[tuple[str, ...], str] = {}

    def write(self) -> None:
        """Write every sheet."""
        self._instructions()
        for sheet in self.plan.sheets:
            self._table(sheet)
        self._notes()
        if self.lists:
            self._lists()
        self._about()

    def _sheet(self, name: str) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&F  &A&RPage &P of &N")
        return sheet

    def _instructions(self) -> None:
        sheet = self._sheet(INSTRUCTIONS)
        sheet.set_portrait()
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 84)
        for row, (label, text) in enumerate(instruction_lines(self.plan, self.force_name)):
            if not text:
                sheet.write_string(row, 0, label, self.formats["title"])
                continue
            sheet.write_string(row, 0, label, self.formats["plain total"])
            sheet.write_string(row, 1, text, self.formats["plain"])
            sheet.set_row(row, _height(text, 84, 15))

    def _table(self, plan: SheetPlan) -> None:
        sheet = self._sheet(plan.name)
        record_type, keys = plan.type, len(plan.type.key)
        sheet.write_string(TITLE_ROW - 1, 0, record_type.title, self.formats["title"])
        for row, text in ((MEANING_ROW, record_type.meaning), (EXPORT_ROW, record_type.export)):
            sheet.write_string(row - 1, 0, text)
        for place, column in enumerate(plan.columns):
            sheet.set_column(place, place, _width(column))
            told = column.unit and column.unit not in column.meaning.lower()
            meaning = column.meaning + (f" In {column.unit}." if told else "")
            sheet.write_string(COLUMN_ROW - 1, place, meaning, self.formats["meaning"])
            sheet.write_string(HEADER_ROW - 1, place, plan.headings()[place], self.formats["heading"])
        tallest = max(_height(f"{c.meaning} {c.unit}", _width(c) * 1.1, 12.5) for c in plan.columns)
        sheet.set_row(COLUMN_ROW - 1, tallest + 13)
        sheet.set_row(HEADER_ROW - 1, 32)
        for place, key in enumerate(plan.rows):
            self._laid_out(sheet, plan, HEADER_ROW + place, key)
        if not plan.rows:
            self._empty(sheet, plan)
        last = HEADER_ROW + (len(plan.rows) or plan.asked.lines) - 1
        for place, column in enumerate(plan.columns):
            if not plan.rows or place >= keys:
                self._rule(sheet, column, HEADER_ROW, place, last)
        sheet.freeze_panes(HEADER_ROW, keys if plan.rows else 1)
        sheet.repeat_rows(HEADER_ROW - 1)

    def _laid_out(self, sheet: Worksheet, plan: SheetPlan, row: int, key: tuple[str, ...]) -> None:
        """A row with its key written and its numbers missing."""
        total = " total" if plan.is_total(key) else ""
        for place, (column, text) in enumerate(zip(plan.columns, key, strict=False)):
            if column.type == "date":
                kind = "month" if plan.type.anchor_known_to == "month" else "day"
                sheet.write_datetime(row, place, datetime.fromisoformat(text), self.formats[kind + total])
            else:
                sheet.write_string(row, place, text, self.formats["key" + total])
        for place in range(len(key), len(plan.columns)):
            self._cell(sheet, plan, row, place, total)

    def _empty(self, sheet: Worksheet, plan: SheetPlan) -> None:
        for row in range(HEADER_ROW, HEADER_ROW + plan.asked.lines):
            for place in range(len(plan.columns)):
                self._cell(sheet, plan, row, place)

    def _cell(self, sheet: Worksheet, plan: SheetPlan, row: int, place: int, total: str = "") -> None:
        """A cell to fill: blank, or with what is to stand in it."""
        column = plan.columns[place]
        shape = self.formats[_input(column) + total]
        value = self.answers.get((plan.name, row - HEADER_ROW), {}).get(column.name)
        if value is None:
            sheet.write_blank(row, place, None, shape)
        elif isinstance(value, date):
            sheet.write_datetime(row, place, value, shape)
        elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            sheet.write_number(row, place, value, shape)
        else:
            said = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
            sheet.write_string(row, place, said, shape)

    def _rule(self, sheet: Worksheet, column: Column, row: int, place: int, last: int) -> None:
        """What may be typed into a column's cells."""
        rule = self._rule_of(column, f"{_letters(place)}{row + 1}")
        if rule:
            sheet.data_validation(row, place, last, place, rule | {"ignore_blank": True})

    def _rule_of(self, column: Column, cell: str) -> dict[str, Any]:
        if column.allowed or column.type == "boolean":
            return self._choices(column.allowed or ("yes", "no"))
        if column.type in _DAYS:
            low, high = _DAYS[column.type]
            said = "A date, as 30/09/2024."
            return {"validate": "date", "criteria": "between", "minimum": low, "maximum": high,
                    "error_title": "Not a date", "error_message": said}  # fmt: skip
        if column.type == "text":
            return {}
        whole = column.type != "number"
        tests = [f"ISNUMBER({cell})"]
        tests += [f"{cell}>={column.low:g}"] if column.low is not None else []
        tests += [f"{cell}<={column.high:g}"] if column.high is not None else []
        tests += [f"{cell}=INT({cell})"] if whole else []
        # Excel works out every argument of AND, and a word compared with a number is an error there.
        sense = f'IF(ISNUMBER({cell}),AND({",".join(tests[1:]) or "TRUE"}),LOWER({cell})="not applicable")'
        said = f"A {'whole ' if whole else ''}number. Blank: not known. 0: none. Or write: not applicable."
        return {"validate": "custom", "value": f"={sense}", "error_title": "Not a number", "error_message": said,
                "input_message": said}  # fmt: skip

    def _choices(self, allowed: tuple[str, ...]) -> dict[str, Any]:
        source: Any = list(allowed)
        if len(",".join(allowed)) > _LONGEST_LIST or any("," in a for a in allowed):
            if allowed not in self.lists:
                column = _letters(len(self.lists))
                self.lists[allowed] = f"='{LISTS}'!${column}$2:${column}${len(allowed) + 1}"
            source = self.lists[allowed]
        return {"validate": "list", "source": source, "error_title": "Not in the list",
                "error_message": "Choose one from the list, or leave the cell blank if it is not known."}  # fmt: skip

    def _notes(self) -> None:
        sheet = self._sheet(NOTES)
        sheet.write_string(0, 0, "Notes", self.formats["title"])
        sheet.write_string(1, 0, NOTES_SAY)
        for place, (text, width) in enumerate(NOTES_HEADINGS):
            sheet.set_column(place, place, width)
            sheet.write_string(NOTES_HEADER - 1, place, text, self.formats["heading"])
        for row in range(NOTES_HEADER, NOTES_HEADER + NOTES_LINES):
            for place in range(len(NOTES_HEADINGS)):
                sheet.write_blank(row, place, None, self.formats["words"])
        sheets = tuple(s.name for s in self.plan.sheets)
        sheet.data_validation(
            NOTES_HEADER, 0, NOTES_HEADER + NOTES_LINES - 1, 0, self._choices(sheets) | {"ignore_blank": True}
        )
        sheet.freeze_panes(NOTES_HEADER, 0)

    def _lists(self) -> None:
        sheet = self._sheet(LISTS)
        for place, allowed in enumerate(self.lists):
            sheet.set_column(place, place, 30)
            sheet.write_string(0, place, f"List {place + 1}", self.formats["heading"])
            for row, text in enumerate(allowed, 1):
                sheet.write_string(row, place, text)

    def _about(self) -> None:
        sheet = self._sheet(ABOUT)
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 60)
        for row, (label, text) in enumerate(about_lines(self.plan, self.force_name)):
            sheet.write_string(row, 0, label, self.formats["plain total"])
            sheet.write_string(row, 1, text, self.formats["plain"])


def answers_by_row(plan: BookPlan, answers: Answers) -> dict[tuple[str, int], Mapping[str, object]]:
    """The answers by sheet and place of the row in it.

    Raises:
        ValueError: there is no such sheet, row or column.
    """
    sheets = {s.name: s for s in plan.sheets}
    out: dict[tuple[str, int], Mapping[str, object]] = {}
    for name, rows in answers.items():
        if name not in sheets:
            raise ValueError(f"no sheet {name}")
        sheet = sheets[name]
        known = {c.name for c in sheet.columns}
        places = {key: at for at, key in enumerate(sheet.rows)}
        for at, row in enumerate(rows):
            if not set(row) <= known:
                raise ValueError(f"{name}: no column {min(set(row) - known)}")
            key = tuple(str(row.get(k)) for k in sheet.type.key)
            place = places.get(key, -1) if sheet.rows else at
            if not 0 <= place < (len(sheet.rows) or sheet.asked.lines):
                raise ValueError(f"{name}: no row for {' / '.join(key)}")
            out[name, place] = row
    return out


def _input(column: Column) -> str:
    if column.type in ("date", "instant"):
        return column.type
    if column.type in ("integer", "duration"):
        return "whole"
    return "input" if column.type == "number" else "words"


def _width(column: Column) -> int:
    """Characters that a column takes."""
    if column.allowed:
        return min(44, max(18, *(len(a) + 2 for a in column.allowed)))
    return 24 if column.type == "text" else 20


def _height(text: str, width: float, line: float) -> float:
    """Points that a wrapped text takes, on the generous side."""
    return line * (1 + int(len(text) / (width * 0.95)))


def _letters(place: int) -> str:
    """The letters of a column that counts from 0."""
    first, second = divmod(place, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)
