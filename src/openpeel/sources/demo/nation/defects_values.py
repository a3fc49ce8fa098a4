"""Defects of single values: each a small function that spoils one column of a row, beside the columns it is for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from openpeel.sources.demo.nation.defects_extracts import Extracts
from openpeel.sources.demo.nation.defects_files import Row, Table
from openpeel.sources.demo.nation.defects_numbers import number_column, other_number
from openpeel.sources.demo.stream import Stream


@dataclass(frozen=True)
class Spoilt:
    """What became of a row.

    Attributes:
        record: the row as text, where it no longer is one of the file's fields.
        more: rows that stand behind it.
    """

    record: str = ""
    more: tuple[Row, ...] = ()


_LETTERS = re.compile(r"[A-Za-z]{4}")
_DIGITS = re.compile(r"\d+")
_PAIR = re.compile(r"(\w+) >=? (\w+)")
_NUMBERS = ("integer", "number", "duration")
#: Words in a column's name by which it speaks of what is to come: a later day in it need be no defect.
_PLANS = {
    "appointment", "deadline", "due", "ends", "expected", "expires", "expiry", "limit", "next", "planned", "review",
    "target", "to", "until",
}  # fmt: skip


def required(table: Table) -> tuple[str, ...]:
    """The columns that every row must fill in; a key that may be blank is none."""
    keys = table.type.key if table.type.key_may_be_blank else ()
    return tuple(c.name for c in table.columns if c.required and c.name not in keys)


def blank(row: Row, column: str, _stream: Stream, _of: Extracts) -> Spoilt:
    """Leave it blank."""
    row.put(column, "")
    return Spoilt()


def moments(table: Table) -> tuple[str, ...]:
    """The columns of days and times outside the key."""
    return tuple(c.name for c in table.free("instant", "date"))


def no_such_day(row: Row, column: str, stream: Stream, _of: Extracts) -> Spoilt | None:
    """Write a day that no calendar has."""
    moment = row.moment(column)
    if moment is None:
        return None
    day, month = [("30", "02"), ("31", "04"), ("31", "06"), ("31", "11"), ("00", "05")][stream.whole(5)]
    row.put(column, moment.strftime(row.format(column).replace("%d", day).replace("%m", month)))
    return Spoilt()


def lists(table: Table) -> tuple[str, ...]:
    """The columns that hold words of a list."""
    return tuple(c.name for c in table.free("text") if c.allowed)


def not_in_list(row: Row, column: str, stream: Stream, _of: Extracts) -> Spoilt | None:
    """Write a word that is not in the list."""
    word = row.text(column)
    if len(word) < 3:
        return None
    allowed = row.table.type.column(column).allowed
    tried = ["see notes", f"{word} (old)", word[:1] + word[2:], f"{1 + stream.whole(9):02d}"]
    new = tried[stream.whole(len(tried))]
    row.put(column, new if new.lower() not in {a.lower() for a in allowed} else tried[0])
    return Spoilt()


def numbers(table: Table) -> tuple[str, ...]:
    """The columns of numbers outside the key."""
    return tuple(c.name for c in table.free(*_NUMBERS))


def letters(row: Row, column: str, _stream: Stream, _of: Extracts) -> Spoilt | None:
    """Write letters in place of figures."""
    number = row.text(column)
    if not number:
        return None
    typed = number.replace("0", "O").replace("1", "l")
    row.put(column, typed if typed != number else f"{number} approx")
    return Spoilt()


def bounded(table: Table) -> tuple[str, ...]:
    """The columns of numbers that have a smallest one."""
    return tuple(c.name for c in table.free(*_NUMBERS) if c.low is not None)


def below(row: Row, column: str, stream: Stream, _of: Extracts) -> Spoilt | None:
    """Write a number below the smallest."""
    low = row.table.type.column(column).low
    if low is None or not row.text(column):
        return None
    row.put(column, str(int(low) - 1 - stream.whole(90)))
    return Spoilt()


def _pairs(table: Table) -> dict[str, str]:
    """Columns that by a rule of the type may not lie before another one."""
    moments = {c.name for c in table.columns if c.type in ("instant", "date")}
    found = (_PAIR.fullmatch(rule.condition) for rule in table.type.rules)
    return {m[1]: m[2] for m in found if m and {m[1], m[2]} <= moments and m[1] not in table.type.key}


def ends(table: Table) -> tuple[str, ...]:
    """The columns of ends that by a rule may not lie before a beginning."""
    return tuple(_pairs(table))


def ends_first(row: Row, column: str, stream: Stream, _of: Extracts) -> Spoilt | None:
    """Let it end before it begins."""
    begun = row.moment(_pairs(row.table)[column])
    if begun is None or row.moment(column) is None:
        return None
    row.put_moment(column, begun - timedelta(days=1 + stream.whole(20), seconds=stream.whole(3600)))
    return Spoilt()


def references(table: Table) -> tuple[str, ...]:
    """The columns that alone lead to another record, by a number of the force's own."""
    return tuple(
        r.columns[-1]
        for r in table.type.references
        if len(r.columns) == 1 and table.type.column(r.columns[0]).personal == "operational-reference"
    )


def nowhere(row: Row, column: str, stream: Stream, of: Extracts) -> Spoilt | None:
    """Write the number of a record that is not there."""
    to = next(r.to for r in row.table.type.references if r.columns == (column,))
    force, text = row.place.force, row.text(column)
    if not text or force not in of.forces_with(to):
        return None  # nothing of the kind is there, so nobody can tell
    new = other_number(text, lambda t: (force, (t,)) in of.held[to], 300000 + stream.whole(600000))
    if not new:
        return None
    row.put(column, new)
    return Spoilt()


def past(table: Table) -> tuple[str, ...]:
    """Columns of days and times that, by what stands in them, speak of what has happened."""
    out = [c for c in moments(table) if not _PLANS & set(c.split("_"))]
    for place in table.places[:: max(1, len(table.places) // 500)]:
        row, sent = table.row(place), table.sheets[place.sheet].sent
        out = [c for c in out if (day := row.day(c)) is None or day <= sent]
    return tuple(out)


def future(row: Row, column: str, stream: Stream, _of: Extracts) -> Spoilt | None:
    """Write a day long after the file was sent."""
    moment = row.moment(column)
    if moment is None:
        return None
    days = 400 + stream.whole(3000)
    row.put_moment(column, moment.replace(year=row.table.sheets[-1].sent.year, day=1) + timedelta(days=days))
    return Spoilt()


def century(row: Row, column: str, _stream: Stream, _of: Extracts) -> Spoilt | None:
    """Write a year a hundred years earlier."""
    moment = row.moment(column)
    if moment is None or moment.year < 2000:
        return None
    row.put_moment(column, moment.replace(year=moment.year - 100, day=min(moment.day, 28)))
    return Spoilt()


def default_day(row: Row, column: str, _stream: Stream, _of: Extracts) -> Spoilt | None:
    """Write the day that some systems write where none is known."""
    if row.moment(column) is None:
        return None
    row.put_moment(column, datetime(1900, 1, 1))
    return Spoilt()


def words(table: Table) -> tuple[str, ...]:
    """The columns of words of no list."""
    kinds = ("none", "free-text", "special-category")
    return tuple(
        c.name
        for c in table.free("text")
        if not c.allowed and c.personal in kinds and c.name not in table.refers
    )


def mangled(row: Row, column: str, stream: Stream, _of: Extracts) -> Spoilt | None:
    """Put in characters of another character set."""
    text = row.text(column)
    if not _LETTERS.search(text):
        return None
    ways = ("\u00e2\u20ac\u2122s", "\u00c3\u00a9", "\u00ef\u00bf\u00bd", "\ufffd", "\u00c2\u00a3")
    at = 1 + stream.whole(len(text))
    row.put(column, text[:at] + ways[stream.whole(len(ways))] + text[at:])
    return Spoilt()


def numbered(table: Table) -> tuple[str, ...]:
    """The column by which the record itself is numbered."""
    name = number_column(table)
    return (name,) if name else ()


def named(table: Table) -> tuple[str, ...]:
    """The number of the record itself, where nothing else is its key, and the numbers of others."""
    own = numbered(table) if len(table.type.key) == 1 else ()
    return (*own, *(c for c in references(table) if c not in own))


def power(row: Row, column: str, _stream: Stream, of: Extracts) -> Spoilt | None:
    """Write the figures of a number in scientific notation."""
    digits = "".join(_DIGITS.findall(row.text(column)))
    if len(digits) < 5 or not int(digits):
        return None
    new = f"{int(digits):.5E}"
    if column in row.table.type.key:
        held, named = of.held[row.table.type.id], (row.place.force, (new,))
        if named in held:
            return None
        held.add(named)
    row.put(column, new)
    return Spoilt()
