"""How a file's columns and words become a record type's: the mapping, and the parts of a supply."""

from __future__ import annotations

import re
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.read import Malformed
from openpeel.errors import UserError

Scope = Literal["complete", "changes"]
Zone = Literal["offset", "UTC", "local"]

BLANK_WORDS = ("", "NA", "N/A", "NULL", "NAN", "NONE")
TRUE_WORDS = ("true", "1", "1.0", "yes", "y", "t")
FALSE_WORDS = ("false", "0", "0.0", "no", "n", "f")
#: A format of dates: days counted from 30 December 1899, as spreadsheets do.
SERIAL = "serial"
#: Columns of a part that no record column is named after begin with this.
HEADING = "heading:"


@dataclass(frozen=True)
class Rule:
    """How the value of one column is made, where it is more than what stands under its heading.

    The steps, in this order: join or constant, what a blank means, words contained, translation,
    reading by type, seconds added.

    Attributes:
        join: headings whose known values are put together with ``glue``.
        constant: the same value on every row.
        blank: what a blank means here, as whoever wrote the mapping knows; else it is unknown.
        contains: a yes/no column is yes where the value holds one of these words, no where it does not.
        values: the file's wordings and ours; compared without case and runs of spaces.
        other: what becomes of a wording that is not among ``values``: kept, or unknown.
        formats: how dates and times are written, as for strptime, tried in this order; or ``serial``.
        unit: how a duration is written: seconds, or ``clock`` (H:MM:SS).
        plus_seconds: heading of whole seconds to be added to a time; unknown where they are.
    """

    join: tuple[str, ...] = ()
    glue: str = " "
    constant: str | None = None
    blank: str = ""
    contains: tuple[str, ...] = ()
    values: Table[str, str] = field(default_factory=dict)
    other: Literal["keep", "unknown"] = "keep"
    formats: tuple[str, ...] = ()
    unit: Literal["seconds", "clock"] = "seconds"
    plus_seconds: str = ""

    def headings(self) -> tuple[str, ...]:
        """The headings it needs beside the column's own."""
        return (*self.join, *((self.plus_seconds,) if self.plus_seconds else ()))


@dataclass(frozen=True)
class Condition:
    """A heading and some wordings: rows whose value is one of them."""

    heading: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Mapping:
    """From a file's columns to a record type's.

    Attributes:
        type: the record type.
        headings: column -> headings it may have; compared without case, spaces and punctuation.
        needed: columns without which the file is not of this kind.
        zone: what a time without an offset means; with ``offset`` such a time is not readable.
        scope: what an import by this mapping replaces.
        rules: column -> how its value is made, where that is more than reading it.
        blanks: wordings that mean unknown in this file, beside those that always do.
        only: rows that do not meet one of these are set aside; the mapping is for the others.
        gone: rows that meet this say that their record is gone; only with scope ``changes``.
    """

    type: RecordType
    headings: dict[str, tuple[str, ...]]
    needed: tuple[str, ...]
    scope: Scope
    zone: Zone = "offset"
    rules: Table[str, Rule] = field(default_factory=dict)
    blanks: tuple[str, ...] = ()
    only: tuple[Condition, ...] = ()
    gone: Condition | None = None

    def rule(self, column: str) -> Rule:
        """The rule of a column; one that changes nothing where none is stated."""
        return self.rules.get(column, _PLAIN)

    def others(self) -> list[str]:
        """The headings that are needed beside those of the columns themselves, each once."""
        asked = [h for rule in self.rules.values() for h in rule.headings()]
        asked += [c.heading for c in (*self.only, *((self.gone,) if self.gone else ()))]
        return list(dict.fromkeys(asked))

    def blank_words(self) -> tuple[str, ...]:
        """Every wording that means unknown, in capitals."""
        return (*BLANK_WORDS, *(b.strip().upper() for b in self.blanks))


_PLAIN = Rule()


@dataclass(frozen=True)
class Part:
    """Rows supplied for one force and a range of months: usually one file.

    ``table`` holds the file's values under the record type's column names, and under ``heading:…`` what
    the mapping's rules need besides; columns the file lacks are absent. Values are strings, or typed
    where the file has types (Parquet). ``first`` and ``last`` are month numbers; with scope ``changes``
    they may be ``None`` (any month). ``force`` is empty where the force stands in the rows.
    """

    label: str
    sha256: str
    size: int
    force: str
    first: int | None
    last: int | None
    table: pa.Table
    rows: pa.Array
    malformed: list[Malformed] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def read(self) -> int:
        """Number of rows read."""
        return len(self.rows) + len(self.malformed)


def normal_heading(text: str) -> str:
    """A heading without case, spaces and punctuation, for comparing."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def match_headings(mapping: Mapping, headings: list[str], label: str) -> tuple[dict[str, int], list[str]]:
    """Find the mapping's columns among a file's headings.

    Returns:
        column, or ``heading:…`` for what its rules need besides, -> position in the file; and the
        headings that nothing was found for.

    Raises:
        UserError: a column that is wanted is there twice, and nobody can say which one holds.
    """
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        places.setdefault(normal_heading(heading), place)
    found: dict[str, int] = {}
    wanted_of = mapping.headings | {HEADING + h: (h,) for h in mapping.others()}
    for column, names in wanted_of.items():
        for name in names:
            if normal_heading(name) in places:
                found[column] = places[normal_heading(name)]
                break
    used = set(found.values())
    wanted = {normal_heading(headings[place]): headings[place] for place in used}
    for place, heading in enumerate(headings):
        if place not in used and normal_heading(heading) in wanted:
            twice = wanted[normal_heading(heading)]
            raise UserError(f"has two columns called {twice}", label, "remove or rename one of them")
    return found, [h for place, h in enumerate(headings) if place not in used]
