"""Derivations: declared columns worked out from supplied ones, a policy or another record type.

Only these kinds exist. Across types there are just two: ``Lookup`` takes one value of the one row
that a key names, ``Rollup`` first makes one row a key; neither can multiply rows. Across months there is
``RepeatWithin``, which looks back from each record to the one before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from openpeel.engine.declare.records import ColumnType


@dataclass(frozen=True)
class Translation:
    """A text column reduced to the named few, by a table of known wordings.

    Wordings are compared without regard to case and runs of spaces. A wording that is not in the
    table, like a blank, gives an unknown; the *about the data* part lists such wordings.
    """

    name: str
    source: str
    table: dict[str, str]
    meaning: str

    type: ColumnType = "text"

    def values(self) -> list[str]:
        """The values the derived column can take, in the order of the table."""
        return list(dict.fromkeys(self.table.values()))


@dataclass(frozen=True)
class Derived:
    """A column given by one expression over supplied and earlier derived columns."""

    name: str
    type: ColumnType
    expression: str
    meaning: str
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class SecondsBetween:
    """Whole seconds from one instant to another (a duration); unknown if either is unknown."""

    name: str
    start: str
    end: str
    meaning: str

    type: ColumnType = "duration"


@dataclass(frozen=True)
class FromPolicy:
    """The value of a policy in force on the row's anchor date; unknown where none was in force."""

    name: str
    policy: str
    meaning: str

    type: ColumnType = "integer"


@dataclass(frozen=True)
class Lookup:
    """One value from the one row of another type that a key names (many to one).

    ``on`` maps columns of this type to the other type's columns; together with the force they must
    be unique there, and the engine proves it before it joins.
    """

    name: str
    of: str
    on: tuple[tuple[str, str], ...]
    take: str
    type: ColumnType
    meaning: str


@dataclass(frozen=True)
class Rollup:
    """Rows of another type brought to one row a key, then joined.

    Where there is no such row, ``count`` is 0 if the other type is held for the force and the record's own month,
    and unknown otherwise, as it is where the record's key is blank; the other ways are unknown.
    """

    name: str
    of: str
    on: tuple[tuple[str, str], ...]
    how: Literal["count", "sum", "min", "max"]
    take: str
    type: ColumnType
    meaning: str


@dataclass(frozen=True)
class RepeatWithin:
    """Whether the force has an earlier record with the same values in ``of`` at most ``days`` days before.

    Days are those of the anchor's local date. Unknown where one of ``of`` is blank, and, where no earlier
    record is found, where not all months of the ``days`` before are held.
    """

    name: str
    of: tuple[str, ...]
    days: int
    meaning: str

    type: ColumnType = "boolean"


Derivation = Translation | Derived | SecondsBetween | FromPolicy | Lookup | Rollup | RepeatWithin
