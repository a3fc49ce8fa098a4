"""The delivered files as the sower of defects sees them: tables of rows, read by the mapping that will read them."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from openpeel.engine.clock import month_of
from openpeel.engine.declare.records import Column, RecordType
from openpeel.engine.intake.mapping import FALSE_WORDS, HEADING, TRUE_WORDS, Mapping, match_headings
from openpeel.sources.demo.months import UK
from openpeel.sources.demo.nation.defects_sheet import Sheet, fields_of

#: What stands between the parts of a key, as the checks write it.
BETWEEN = " | "
_PLAIN = {"instant": "%Y-%m-%d %H:%M:%S", "date": "%Y-%m-%d"}
_ISO = frozenset(_PLAIN.values())


class Place(NamedTuple):
    """A row of the files: where it stands, whose it is, the local month of its anchor, and its key as written."""

    sheet: int
    at: int
    force: str
    month: int
    key: tuple[str, ...]


@dataclass
class Table:
    """All files that one mapping reads: versions of the same records, in the order in which they were sent.

    Attributes:
        type: their record type.
        mapping: what reads them.
        force: whose they are; blank where each row says it.
        sheets: the files.
        places: all their rows.
    """

    type: RecordType
    mapping: Mapping
    force: str
    sheets: list[Sheet]
    places: list[Place] = field(default_factory=list)

    @cached_property
    def at(self) -> dict[str, int]:
        """Where each column stands; all files of a mapping have the same headings."""
        return match_headings(self.mapping, self.sheets[0].headings, str(self.sheets[0].file))[0]

    def has(self, column: str) -> bool:
        """Whether the files hold a column."""
        return column in self.at or bool(self.mapping.rule(column).join)

    @cached_property
    def columns(self) -> list[Column]:
        """The declared columns that the files hold."""
        return [c for c in self.type.columns if self.has(c.name)]

    @cached_property
    def formats(self) -> dict[str, str]:
        """How days and times are written in each column of them."""
        dated = [c for c in self.columns if c.type in _PLAIN]
        return {c.name: (*self.mapping.rule(c.name).formats, _PLAIN[c.type])[0] for c in dated}

    @cached_property
    def of_utc(self) -> set[str]:
        """The columns of times that are written in UTC; others are local."""
        return {c.name for c in self.columns if c.type == "instant" and self.mapping.zone == "UTC"}

    @cached_property
    def refers(self) -> set[str]:
        """The columns that lead to other records."""
        return {c for r in self.type.references for c in r.columns}

    def free(self, *kinds: str) -> list[Column]:
        """The columns of these kinds that neither name the record nor an identity."""
        return [
            c
            for c in self.columns
            if c.type in kinds and c.name not in self.type.key and c.personal != "identity"
        ]

    def is_ruled(self, column: str) -> bool:
        """Whether a rule of the type speaks of a column."""
        return any(column in re.findall(r"\w+", rule.condition) for rule in self.type.rules)

    @cached_property
    def of_force(self) -> dict[str, list[Place]]:
        """The rows of each force, forces in order of their ids."""
        out: dict[str, list[Place]] = defaultdict(list)
        for place in self.places:
            out[place.force].append(place)
        return dict(sorted(out.items()))

    @cached_property
    def of_month(self) -> dict[tuple[str, int], list[Place]]:
        """The rows of each force and month."""
        out: dict[tuple[str, int], list[Place]] = defaultdict(list)
        for place in self.places:
            out[place.force, place.month].append(place)
        return dict(sorted(out.items()))

    @cached_property
    def months(self) -> dict[str, dict[int, int]]:
        """Force -> month -> how many rows."""
        out: dict[str, dict[int, int]] = defaultdict(dict)
        for (force, month), places in self.of_month.items():
            out[force][month] = len(places)
        return out

    @cached_property
    def versions(self) -> dict[tuple[str, tuple[str, ...]], int]:
        """Force and key -> how often the record stands in the files."""
        out: dict[tuple[str, tuple[str, ...]], int] = defaultdict(int)
        for place in self.places:
            out[place.force, place.key] += 1
        return out

    def row(self, place: Place) -> Row:
        """The row that stands somewhere."""
        return Row(self, place, fields_of(self.sheets[place.sheet].records[place.at]))

    def survey(self, owner: Callable[[str], str], named: Sequence[str]) -> tuple[list[str], list[list[str]]]:
        """Look through the files once, noting where every row stands whose force and month are known.

        Args:
            owner: the id of a force by its name; blank if there is no such force.
            named: some columns.

        Returns:
            The force of each of these rows, and of each named column what is written in it.
        """
        forces, values = list[str](), [list[str]() for _ in named]
        whose, keys = self._reader("force"), [self._reader(k) for k in self.type.key]
        readers = list(zip(values, map(self._reader, named), strict=True))
        month_of_row = self._months()
        for number, sheet in enumerate(self.sheets):
            for at, fields in enumerate(csv.reader(sheet.records)):
                if len(fields) != len(sheet.headings):
                    continue  # spoilt before
                force, month = self.force or owner(whose(fields)), month_of_row(fields)
                if month and force:
                    forces.append(force)
                    for into, reader in readers:
                        into.append(reader(fields))
                    key = tuple([reader(fields) for reader in keys])
                    self.places.append(Place(number, at, force, month, key))
        return forces, values

    def _reader(self, column: str) -> Callable[[list[str]], str]:
        """What gives the text of a column from a row's fields."""
        at = self.at.get(column)
        if at is not None:
            return itemgetter(at)
        nowhere = Place(0, 0, "", 0, ())
        return lambda fields: Row(self, nowhere, fields).text(column)

    def _months(self) -> Callable[[list[str]], int]:
        """What gives the local month of the anchor from a row's fields; 0 if there is none that can be read."""
        anchor, known, nowhere = self._reader(self.type.anchor), dict[str, int](), Place(0, 0, "", 0, ())

        def month(fields: list[str]) -> int:
            text = anchor(fields)
            # Within an hour the month does not change, however the times are written.
            hour = text[:-6] if text[-6:-5] == ":" == text[-3:-2] else text
            if hour not in known:
                day = Row(self, nowhere, fields).day(self.type.anchor)
                known[hour] = month_of(day) if day else 0
            return known[hour]

        return month


@dataclass
class Row:
    """One row, by the columns of its record type."""

    table: Table
    place: Place
    fields: list[str]

    def copy(self) -> Row:
        """The same once more."""
        return Row(self.table, self.place, list(self.fields))

    def text(self, column: str) -> str:
        """What is written in a column; blank where the files do not hold it."""
        at = self.table.at.get(column)
        if at is not None:
            return self.fields[at]
        return " ".join(t for t in (self.fields[p] for p in self._joined(column)) if t)

    def put(self, column: str, text: str) -> None:
        """Write into a column; of one that is written as day and time, into both."""
        joined = self._joined(column) if self.table.mapping.rule(column).join else [self.table.at[column]]
        parts = text.split(" ", len(joined) - 1)
        for n, at in enumerate(joined):
            self.fields[at] = parts[n] if n < len(parts) else ""

    def _joined(self, column: str) -> list[int]:
        return [self.table.at[HEADING + h] for h in self.table.mapping.rule(column).join]

    def format(self, column: str) -> str:
        """How days and times are written in a column."""
        return self.table.formats[column]

    def moment(self, column: str) -> datetime | None:
        """The day or time in a column, as written; ``None`` if there is none that can be read."""
        text = self.text(column)
        try:
            how = self.table.formats[column]
            return datetime.fromisoformat(text) if how in _ISO else datetime.strptime(text, how)
        except ValueError:
            return None

    def put_moment(self, column: str, moment: datetime) -> None:
        """Write a day or time the way the column has it."""
        # Not every platform fills up a year before 1000, nor does strftime promise it.
        self.put(column, moment.strftime(self.format(column).replace("%Y", f"{moment.year:04d}")))

    def day(self, column: str) -> date | None:
        """The local day of what is written in a column."""
        moment = self.moment(column)
        if moment is None:
            return None
        return (
            moment.replace(tzinfo=UTC).astimezone(UK).date() if column in self.table.of_utc else moment.date()
        )

    def known(self) -> list[Column]:
        """The columns that hold something."""
        return [c for c in self.table.columns if self.text(c.name)]

    def readable(self, column: Column) -> bool:
        """Whether what is written in a column can be read as the column's type; a blank can."""
        text = self.text(column.name)
        if not text:
            return True
        if column.type in ("instant", "date"):
            return self.moment(column.name) is not None
        if column.type == "boolean":
            return text.lower() in (*TRUE_WORDS, *FALSE_WORDS)
        if column.type == "text":
            return not column.allowed or text in column.allowed
        return text.lstrip("-").replace(".", "", 1).isdigit()

    def key(self) -> str:
        """The text by which checks name the record; pseudonyms are left out, since they are replaced."""
        parts = (
            self._as_stored(self.table.type.column(k))
            for k in self.table.type.key
            if self.table.type.column(k).personal != "pseudonym"
        )
        return BETWEEN.join(p for p in parts if p)

    def _as_stored(self, column: Column) -> str:
        if column.type in ("instant", "date"):
            moment = self.moment(column.name)
            return moment.strftime(_PLAIN[column.type]) if moment else ""
        return self.text(column.name).strip()
