"""Record types: the declared shape of one kind of row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ColumnType = Literal["text", "integer", "number", "boolean", "date", "instant", "duration"]
#: What a record stands for. A *published count* is somebody's total as it was published, a *returned count* the
#: force's own as it stands in a return; neither is ever added up with records.
Kind = Literal["event", "interval", "reference", "published count", "returned count"]
#: The kinds that are totals of something, and no records of single events or things.
COUNTS: tuple[Kind, ...] = ("published count", "returned count")
#: Classes of personal data. An *operational reference* is kept as it is and shown to nobody without need; a
#: *pseudonym* is replaced by a keyed hash before it is kept; an *identity* goes to the sealed store alone.
PersonalData = Literal[
    "none", "operational-reference", "pseudonym", "identity", "special-category", "free-text"
]
#: Columns that every table of records has of its own; no declared column may be called so.
OWN_COLUMNS = ("force", "month", "snapshot", "row_hash", "occurrence", "part", "row")
#: Of these nothing is ever counted by, printed in a table of figures, or published.
NEVER_SHOWN: tuple[PersonalData, ...] = ("operational-reference", "pseudonym", "identity", "free-text")

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


def stored_as(column: Column) -> list[tuple[str, str]]:
    """Names and SQL types of what a snapshot holds of one column; nothing of an identity."""
    if column.personal == "identity":
        return []
    out = [(column.name, STORED[column.type])]
    if column.type == "instant":
        out.append((date_of(column.name), "DATE"))
    return out


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
        example: a made-up value as a file would hold it, for the manual and for tests.
        stands_for: for a pseudonym, what it stands for, such as ``person`` or ``employee``: equal values get
            equal pseudonyms within a force only where they stand for the same.
        since: edition of its type that brought the column. Columns of a later edition than the first count
            in a row's hash only where they are known, so that older snapshots keep their ids.
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
    example: str = ""
    stands_for: str = ""
    since: int = 1


@dataclass(frozen=True)
class RowRule:
    """A condition each row must meet; rows that break it are set aside with ``message``.

    A rule whose condition is unknown (a column is blank) is not broken.
    """

    id: str
    condition: str
    message: str


@dataclass(frozen=True)
class Reference:
    """A set rule: columns whose values name a record of another type, by that type's key and the force.

    A row whose reference leads nowhere is kept and counted: the other record may come with a later
    supply. ``columns`` stand in the order of the other type's key; a blank refers to nothing.
    """

    columns: tuple[str, ...]
    to: str


@dataclass(frozen=True)
class Unique:
    """A set rule: no two records of a force have the same known values in these columns.

    Rows that break it are kept and counted; only a repeated key sets rows aside.
    """

    columns: tuple[str, ...]


@dataclass(frozen=True)
class Total:
    """A set rule: among the rows that are alike in the other columns of the key, one is the total of the rest.

    The row in which ``column`` holds ``word`` has in each column of ``of`` the sum of the other rows. Where one
    of them is not known, or a column does not apply, the rule cannot be answered and is not broken. Rows that
    break it are kept and counted.
    """

    column: str
    word: str
    of: tuple[str, ...]


@dataclass(frozen=True)
class RecordType:
    """The declared shape of one kind of row.

    Every type has a column ``force`` of its own, which is not declared. ``key`` names the columns
    that identify a record; a keyless type gets its ``record_id`` from the row hash and an
    occurrence number. ``anchor`` names the ``date`` or ``instant`` column that decides the month a
    row belongs to.

    Attributes:
        id: area and name, ``responding.call``.
        title: its name in words, in the plural.
        kind: what a row stands for.
        anchor: see above.
        columns: its columns, in canonical order.
        key: see above.
        rules: conditions each row must meet.
        meaning: what one row is.
        derived: columns worked out from these.
        anchor_known_to: ``month`` where the source gives no day; the anchor is then its first day.
        key_may_be_blank: rows without a key are taken as those of a keyless type (scope ``complete``
            only): the same kind of record comes with references from a force and without from the public.
        references, unique, totals: the set rules.
        systems: kinds of system that hold such records, with names of products seen there.
        export: what to export, and what to watch for.
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
    anchor_known_to: Literal["day", "month"] = "day"
    key_may_be_blank: bool = False
    references: tuple[Reference, ...] = ()
    unique: tuple[Unique, ...] = ()
    systems: tuple[str, ...] = ()
    export: str = ""
    totals: tuple[Total, ...] = ()

    def column(self, name: str) -> Column:
        """The declared column of that name (KeyError if there is none)."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def stored(self) -> list[tuple[str, str]]:
        """Names and SQL types of the columns of a snapshot, in their canonical order.

        Identities are not among them: they never get into a snapshot.
        """
        return [("force", "VARCHAR"), *(part for c in self.columns for part in stored_as(c))]

    def identities(self) -> tuple[Column, ...]:
        """The columns that go to the sealed store alone."""
        return tuple(c for c in self.columns if c.personal == "identity")

    def anchor_date(self) -> str:
        """Name of the stored column that holds the local date of the anchor."""
        return date_of(self.anchor) if self.column(self.anchor).type == "instant" else self.anchor
