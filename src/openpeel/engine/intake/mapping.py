"""How a file's columns and words become a record type's: the mapping, and the parts of a supply."""

from __future__ import annotations

import re
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


@dataclass(frozen=True)
class Mapping:
    """From a file's columns to a record type's.

    Attributes:
        type: the record type.
        headings: column -> headings it may have; compared without case, spaces and punctuation.
        needed: columns without which the file is not of this kind.
        zone: what a time without an offset means; with ``offset`` such a time is not readable.
        scope: what an import by this mapping replaces.
    """

    type: RecordType
    headings: dict[str, tuple[str, ...]]
    needed: tuple[str, ...]
    scope: Scope
    zone: Zone = "offset"


@dataclass(frozen=True)
class Part:
    """Rows supplied for one force and a range of months: usually one file.

    ``table`` holds strings under the record type's column names; columns the file lacks are absent.
    ``first`` and ``last`` are month numbers; with scope ``changes`` they may be ``None`` (any month).
    ``force_column`` is set where the force stands in the rows, and ``force`` is then empty.
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
        column -> position in the file, and the headings that nothing was found for.

    Raises:
        UserError: a column that is wanted is there twice, and nobody can say which one holds.
    """
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        places.setdefault(normal_heading(heading), place)
    found: dict[str, int] = {}
    for column, names in mapping.headings.items():
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
