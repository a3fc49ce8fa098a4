"""What became of returns that were brought in: by workbook and by table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openpeel.errors import UserError
from openpeel.sources.returns.collections import Collection
from openpeel.sources.returns.read import Note


@dataclass(frozen=True)
class TableTaken:
    """What became of one table of a return.

    Attributes:
        sheet, type: the sheet, and the record type.
        intake: id of the intake; blank where nothing of it was new, or it was refused.
        read, accepted: numbers of rows.
        set_aside: how many rows were set aside for which reason.
        not_known, not_applicable: numbers of cells to fill in the rows that could be read.
        missing: rows laid out that are not there any more.
        faults: what is wrong with rows set aside, by sheet and cell.
        refused: why the whole table was refused, if it was.
    """

    sheet: str
    type: str
    intake: str
    read: int
    accepted: int
    set_aside: Mapping[str, int]
    not_known: int
    not_applicable: int
    missing: tuple[str, ...]
    faults: tuple[str, ...]
    refused: UserError | None = None


@dataclass(frozen=True)
class ReturnTaken:
    """One force's return of one collection, taken in: what a receipt is made out for."""

    force: str
    collection: Collection
    file: str
    sha256: str
    size: int
    tables: tuple[TableTaken, ...]
    notes: tuple[Note, ...]

    @property
    def intakes(self) -> dict[str, str]:
        """Record type -> id of the intake that brought something new of it in."""
        return {t.type: t.intake for t in self.tables if t.intake}


@dataclass
class Taken:
    """What became of the workbooks of a command: those taken in, those refused whole, files passed over."""

    returns: list[ReturnTaken] = field(default_factory=list)
    refused: list[UserError] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
