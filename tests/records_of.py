"""Tables of any record type for specifications: what a table does not name is alike on every row, or blank.

The records lie in January 2024 and the three months before it, all of which count as supplied. In a column of
moments ``9 10:00:05`` is the 9th of January by the clock on the wall, ``12-09 10:00`` the 9th of December before it;
in a column of days the same without the time. Numbers of records that a table does not give are counted from 1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from openpeel.catalogue import shipped
from openpeel.engine.clock import month_number
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.mapping import Mapping as IntakeMapping
from openpeel.engine.intake.mapping import Part

#: The month that figures are asked for, and how many before it are supplied, too.
MONTH, BEFORE = month_number(2024, 1), 3
#: The day they are supplied, and the day as at which they are asked: the 29th of February.
SUPPLIED, AS_AT = date(2024, 2, 10), date(2024, 2, 29)
_MOMENT = re.compile(r"(?:(\d\d)-)?(\d\d?)(?: (\d\d:\d\d)(:\d\d)?)?")


@dataclass(frozen=True)
class Records:
    """A table of one record type, the records of one force.

    Attributes:
        of: the record type.
        text: a heading and a line a record, columns between bars.
        alike: column -> what stands in it on every row; columns that the table names come first.
        beside: tables of other types, of the same force.
    """

    of: str
    text: str
    alike: Mapping[str, str] = field(default_factory=dict)
    beside: tuple[Records, ...] = ()

    def rows(self) -> list[dict[str, str]]:
        """The lines as they stand: heading -> word."""
        out = lines_of(self.text)
        columns = {c.name for c in self.type().columns}
        assert {*out[0], *self.alike} <= {*columns, "times"}, {*out[0], *self.alike} - columns
        return out

    def type(self) -> RecordType:
        """The record type."""
        return shipped().types[self.of]

    def bring(self, root: Path, force: str) -> None:
        """Take the records in as those of a force."""
        record_type = self.type()
        names = {c.name: c.type for c in record_type.columns}
        filled = []
        for row in self.rows():
            for _ in range(int(row.get("times", "1"))):
                full = {**self.alike, **{k: v for k, v in row.items() if k in names}}
                numbered = {k: f"{len(filled) + 1}" for k in record_type.key if k not in full}
                filled.append(
                    {
                        k: moment(v) if names[k] in ("instant", "date") else v
                        for k, v in (numbered | full).items()
                    }
                )
        columns = [c for c in names if any(c in row for row in filled)]
        table = pa.table({c: pa.array([row.get(c, "") for row in filled], pa.string()) for c in columns})
        part = Part(
            f"{self.of} of {force}", "0" * 64, len(filled), force, MONTH - BEFORE, MONTH, table,
            pa.array(range(1, len(filled) + 1), pa.int64()),
        )  # fmt: skip
        mapping = IntakeMapping(record_type, {c: (c,) for c in columns}, (), "complete", "local")
        done = take_in(root, mapping, [part], supplied=SUPPLIED)
        assert done.accepted() == len(filled), (self.of, done.read(), done.accepted(), done.refused)
        for other in self.beside:
            other.bring(root, force)


def moment(word: str) -> str:
    """A moment or day as a file holds it."""
    if not word:
        return ""
    found = _MOMENT.fullmatch(word)
    assert found, word
    month, day, time, seconds = found.groups()
    on = f"{'2024' if (month or '01') < '10' else '2023'}-{month or '01'}-{int(day):02d}"
    return f"{on} {time}{seconds or ':00'}" if time else on


def lines_of(table: str) -> list[dict[str, str]]:
    """The lines of a table: heading -> word."""
    lines = [line.strip() for line in table.strip().splitlines()]
    headings = [h.strip() for h in lines[0].split("|")]
    out = []
    for line in lines[1:]:
        words = [w.strip() for w in line.split("|")]
        assert len(words) == len(headings), line
        out.append(dict(zip(headings, words, strict=True)))
    return out
