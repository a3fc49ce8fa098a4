"""The layout of a return's workbook: sheets, headings and the rows that are laid out, before anything is written."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from openpeel.areas.shared.returned import NOT_APPLICABLE
from openpeel.engine.clock import first_day, last_day
from openpeel.engine.declare.records import Column, RecordType
from openpeel.errors import UserError
from openpeel.sources.returns.collections import AskedTable, Collection

#: What the sheet that names the workbook says first.
TEMPLATE = "openpeel return"
#: The sheets beside those of the tables.
INSTRUCTIONS, NOTES, LISTS, ABOUT = "Read me first", "Notes", "Lists", "Template"
OTHER_SHEETS = (INSTRUCTIONS, NOTES, LISTS, ABOUT)
#: Rows of a table's sheet, counted from 1: title, what a row is, what to count, meanings of columns, headings.
TITLE_ROW, MEANING_ROW, EXPORT_ROW, COLUMN_ROW, HEADER_ROW = 1, 2, 3, 4, 5
#: In the sheet of notes the headings stand in this row.
NOTES_HEADER, NOTES_LINES = 3, 60
_MAX_ROWS = 5000


@dataclass(frozen=True)
class SheetPlan:
    """One table's sheet.

    Attributes:
        asked: the table of the collection.
        type: its record type.
        columns: its columns, those of the key first.
        rows: for each row laid out the texts of its key; none where the rows are empty ones.
        months: the months for which it is complete.
    """

    asked: AskedTable
    type: RecordType
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    months: tuple[int, int]

    @property
    def name(self) -> str:
        """Name of the sheet."""
        return self.asked.sheet

    def headings(self) -> list[str]:
        """The headings of its columns."""
        return [heading(c) for c in self.columns]

    def is_total(self, key: tuple[str, ...]) -> bool:
        """Whether a row laid out is the total of others."""
        words = {(t.column, t.word) for t in self.type.totals}
        return any(pair in words for pair in zip(self.type.key, key, strict=True))

    def keeps_not_applicable(self) -> bool:
        """Whether the record type keeps what does not apply apart from what is not known."""
        return any(c.name == NOT_APPLICABLE for c in self.type.columns)


@dataclass(frozen=True)
class BookPlan:
    """A force's workbook of a collection."""

    collection: Collection
    force: str
    sheets: tuple[SheetPlan, ...]

    def seal(self) -> str:
        """A hash of the layout: another force, collection, edition or set of columns has another."""
        layout = {
            "template": TEMPLATE,
            "collection": self.collection.id,
            "months": [self.collection.first, self.collection.last],
            "edition": self.collection.edition,
            "force": self.force,
            "sheets": [
                [
                    s.name,
                    s.type.id,
                    HEADER_ROW,
                    [[c.name, c.type, c.allowed] for c in s.columns],
                    s.rows,
                    s.months,
                ]
                for s in self.sheets
            ],
        }
        return hashlib.sha256(json.dumps(layout).encode()).hexdigest()[:32]


def plan_of(collection: Collection, force: str, types: Mapping[str, RecordType]) -> BookPlan:
    """The layout of a force's workbook of a collection.

    Args:
        collection: what is asked for.
        force: id of the force.
        types: the record types by id.

    Raises:
        UserError: the collection asks for a table that cannot be laid out.
    """
    return BookPlan(collection, force, tuple(_sheet(collection, t, types) for t in collection.tables))


def heading(column: Column) -> str:
    """The heading of a column."""
    words = column.name.replace("_", " ")
    return (words.removesuffix(" on") if words == "month on" else words).capitalize()


def _sheet(collection: Collection, asked: AskedTable, types: Mapping[str, RecordType]) -> SheetPlan:
    where = f"collection {collection.id}, table {asked.sheet}"
    if asked.sheet in OTHER_SHEETS:
        raise UserError(f"a table cannot be called {asked.sheet}", where, "choose another name")
    if asked.type not in types:
        raise UserError(f"there is no record type `{asked.type}`", where, "check `type`")
    record_type = types[asked.type]
    if any(c.personal in ("identity", "pseudonym") for c in record_type.columns):
        raise UserError("a return holds no names or numbers of persons", where, "ask for another record type")
    if not record_type.key:
        raise UserError(
            f"{record_type.id} has no key to tell its rows by", where, "ask for another record type"
        )
    columns = _columns(record_type, asked, where)
    rows = _rows(collection, record_type, asked, where) if asked.rows != "open" else ()
    return SheetPlan(asked, record_type, columns, rows, collection.months_of(asked))


def _columns(record_type: RecordType, asked: AskedTable, where: str) -> tuple[Column, ...]:
    names = [c.name for c in record_type.columns]
    for name in asked.columns:
        if name not in names:
            raise UserError(f"{record_type.id} has no column `{name}`", where, "check `columns`")
    needed = {*record_type.key, record_type.anchor, *(c.name for c in record_type.columns if c.required)}
    wanted = {*asked.columns, *needed} if asked.columns else set(names) - {NOT_APPLICABLE}
    key = [record_type.column(name) for name in record_type.key]
    return (*key, *(c for c in record_type.columns if c.name in wanted and c not in key))


def _rows(
    collection: Collection, record_type: RecordType, asked: AskedTable, where: str
) -> tuple[tuple[str, ...], ...]:
    """The keys of all rows: each date with each combination of what else the key can be."""
    if record_type.anchor not in record_type.key or record_type.column(record_type.anchor).type != "date":
        raise UserError(f"{record_type.id} has no date in its key", where, 'write rows = "open"')
    values = [
        _dates(collection, asked) if name == record_type.anchor else _allowed(record_type.column(name), where)
        for name in record_type.key
    ]
    rows = tuple(itertools.product(*values))
    if len(rows) > _MAX_ROWS:
        raise UserError(f"has {len(rows)} rows", where, f"ask for {_MAX_ROWS} at most")
    return rows


def _dates(collection: Collection, asked: AskedTable) -> tuple[str, ...]:
    days: list[date] = [last_day(collection.last)]
    if asked.rows == "monthly":
        days = [first_day(month) for month in range(collection.first, collection.last + 1)]
    return tuple(day.isoformat() for day in days)


def _allowed(column: Column, where: str) -> tuple[str, ...]:
    if not column.allowed:
        raise UserError(f"`{column.name}` has no list of values to lay out", where, 'write rows = "open"')
    return column.allowed
