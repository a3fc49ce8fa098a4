"""Record types: the declared shape of one kind of row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ColumnType = Literal["text", "integer", "number", "boolean", "date", "instant", "duration"]
Kind = Literal["event", "interval", "reference"]
PersonalData = Literal["none", "operational-reference", "pseudonym", "special-category", "free-text"]

#: How each declared type is stored. ``instant`` is a UTC time with a local date beside it (see
#: ``date_of``); ``duration`` is whole seconds; ``number`` is a decimal, so that its text never varies.
STORED: dict[ColumnType, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DECIMAL(18,6)",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "instant": "TIMESTAMP",
    "duration": "BIGINT",
}


def date_of(instant: str) -> str:
    """Name of the column that holds the local date of an ``instant`` column."""
    return f"{instant}_date"


@dataclass(frozen=True)
class Column:
    """One column of a record type.

    Attributes:
        name: lower-case identifier.
        type: declared type; decides how it is read and stored.
        meaning: what the column says, in the field's words.
        required: rows without it are set aside.
        unit: unit of a number.
        allowed: the only values a text column may hold; others set the row aside.
        low, high: smallest and largest value of a number, integer or duration.
        personal: class of personal data.
    """

    name: str
    type: ColumnType
    meaning: str
    required: bool = False
    unit: str = ""
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    personal: PersonalData = "none"


@dataclass(frozen=True)
class RowRule:
    """A condition each row must meet; rows that break it are set aside with ``message``.

    A rule whose condition is unknown (a column is blank) is not broken.
    """

    id: str
    condition: str
    message: str


@dataclass(frozen=True)
class RecordType:
    """The declared shape of one kind of row.

    Every type has a column ``force`` of its own, which is not declared. ``key`` names the columns
    that identify a record; a keyless type gets its ``record_id`` from the row hash and an
    occurrence number. ``anchor`` names the ``date`` or ``instant`` column that decides the month a
    row belongs to.
    """

    id: str
    title: str
    kind: Kind
    anchor: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    rules: tuple[RowRule, ...] = ()
    meaning: str = ""
    derived: tuple[object, ...] = field(default=(), compare=False)

    def column(self, name: str) -> Column:
        """The declared column of that name (KeyError if there is none)."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def stored(self) -> list[tuple[str, str]]:
        """Names and SQL types of the columns of a snapshot, in their canonical order."""
        out = [("force", "VARCHAR")]
        for column in self.columns:
            out.append((column.name, STORED[column.type]))
            if column.type == "instant":
                out.append((date_of(column.name), "DATE"))
        return out

    def anchor_date(self) -> str:
        """Name of the stored column that holds the local date of the anchor."""
        return date_of(self.anchor) if self.column(self.anchor).type == "instant" else self.anchor
