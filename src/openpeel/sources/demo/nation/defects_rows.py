"""Defects of single rows: every kind, with what it is and how it comes about, and those of rows as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from openpeel.sources.demo.nation import defects_values as values
from openpeel.sources.demo.nation.defects_extracts import Extracts
from openpeel.sources.demo.nation.defects_files import Row, Table
from openpeel.sources.demo.nation.defects_numbers import renumbered
from openpeel.sources.demo.nation.defects_sheet import record_of
from openpeel.sources.demo.nation.defects_values import Spoilt
from openpeel.sources.demo.stream import Stream

#: Spoils a row in place, in a column (blank: the row as a whole); ``None`` if it cannot be done to this row.
Spoil = Callable[[Row, str, Stream, Extracts], Spoilt | None]


@dataclass(frozen=True)
class RowKind:
    """A kind of defect of single rows.

    Attributes:
        id: its name.
        said: what it is, and how it comes about.
        columns: the columns of a table in which it can be; ``("",)`` where it is of the row as a whole.
        spoil: does it.
        kept: whether such a row becomes a record, so that it has to be found by its key.
    """

    id: str
    said: str
    columns: Callable[[Table], tuple[str, ...]]
    spoil: Spoil
    kept: bool = False


#: Names of forces that no register has: an abbreviation, a neighbour abroad, a command that was merged away.
_NO_FORCES = ("Unknown", "ZZ Constabulary", "National Unit", "Test Force")
#: Columns that must be known for two records to be told from two events by somebody who looks at them.
_ENOUGH, _MOMENTS = 8, 2


def _whole_row(_table: Table) -> tuple[str, ...]:
    return ("",)


def _keyed(table: Table) -> tuple[str, ...]:
    return ("",) if table.type.key else ()


def _same_key(row: Row, _column: str, stream: Stream, _of: Extracts) -> Spoilt | None:
    """A second row of the same key, in which one word or number differs."""
    # A word that a rule speaks of could break it, and then the row would be set aside for that.
    pool = [c.name for c in row.table.free("text", "boolean") if not row.table.is_ruled(c.name)]
    for name in stream.shuffled(c for c in pool if row.text(c)):
        others = [row.table.row(p).text(name) for p in row.table.of_force[row.place.force][:200]]
        different = [o for o in others if o and o != row.text(name)]
        if different:
            other = row.copy()
            other.put(name, different[stream.whole(len(different))])
            return Spoilt(more=(other,))
    return None


def _twice(row: Row, _column: str, stream: Stream, of: Extracts) -> Spoilt | None:
    known = row.known()
    if len(known) < _ENOUGH or sum(c.type in ("instant", "date") for c in known) < _MOMENTS:
        return None
    other = renumbered(row, of, 1 + stream.whole(5000))
    return Spoilt(more=(other,)) if other else None


def _shared(table: Table) -> tuple[str, ...]:
    return () if table.force else ("",)


def _no_force(row: Row, _column: str, stream: Stream, of: Extracts) -> Spoilt | None:
    name = _NO_FORCES[stream.whole(len(_NO_FORCES))]
    if of.register.find(name):
        return None
    row.put("force", name)
    return Spoilt()


def _shifted(row: Row, _column: str, stream: Stream, _of: Extracts) -> Spoilt | None:
    """From some field on everything stands one to the right, and at least one value is not of its column."""
    if len(row.fields) < 4:
        return None
    at = 2 + stream.whole(min(6, len(row.fields) - 3))
    row.fields[at:] = ["", *row.fields[at:-1]]
    return None if all(row.readable(c) for c in row.table.columns) else Spoilt()


def _cut(row: Row, _column: str, stream: Stream, _of: Extracts) -> Spoilt | None:
    if len(row.fields) < 5:
        return None
    return Spoilt(record=record_of(row.fields[: 2 + stream.whole(len(row.fields) - 3)]))


ROW_KINDS: tuple[RowKind, ...] = (
    RowKind("required-blank", "A value that every record must have is blank: the form let it pass.",
            values.required, values.blank),
    RowKind("no-such-day", "A day that no calendar has, such as 30 February: typed into a field of text.",
            values.moments, values.no_such_day),
    RowKind("not-in-list", "A word that is not in the list: an old code, a slip, a pointer to the notes.",
            values.lists, values.not_in_list),
    RowKind("letters-in-number", "Letters in a number: O for 0, l for 1, or a remark typed behind it.",
            values.numbers, values.letters),
    RowKind("below-range", "A number below the smallest there can be: a sign typed, or a difference taken backwards.",
            values.bounded, values.below),
    RowKind("ends-first", "It ends before it starts: two times were exchanged, or one belongs to another day.",
            values.ends, values.ends_first),
    RowKind("key-twice", "One number on two rows that differ: the export joined a table that has several rows.",
            _keyed, _same_key),
    RowKind("leads-nowhere", "A reference to a record that is not there: one figure was typed wrongly.",
            values.references, values.nowhere, kept=True),
    RowKind("future-day", "A day long after the file was sent: the year was typed wrongly.",
            values.past, values.future, kept=True),
    RowKind("century-slip", "A hundred years too early: a year of two figures was filled up wrongly.",
            values.moments, values.century, kept=True),
    RowKind("default-day", "1 January 1900: a system writes a day of its own where none was entered.",
            values.moments, values.default_day, kept=True),
    RowKind("same-event", "The same event under a second number: two operators took it, or it was sent twice.",
            values.numbered, _twice, kept=True),
    RowKind("no-such-force", "The row names a force that does not exist: a test system, or a national unit.",
            _shared, _no_force),
    RowKind("shifted", "From one field on all values stand one column to the right: a separator in a text.",
            _whole_row, _shifted),
    RowKind("cut-short", "The row ends in the middle: a line break in a text, or a write that was interrupted.",
            _whole_row, _cut),
    RowKind("mangled", "Characters of another character set: UTF-8 read as Windows text, or characters lost.",
            values.words, values.mangled, kept=True),
    RowKind("power-of-ten", "A number in scientific notation: the file was opened in a spreadsheet and saved.",
            values.named, values.power, kept=True),
)  # fmt: skip
