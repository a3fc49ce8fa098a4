"""What the tables by area share: finding the files, and cells as records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from openpeel.engine.intake.containers import Member, sha256
from openpeel.engine.intake.mapping import Part
from openpeel.engine.intake.read import Delimited, Malformed, read_delimited
from openpeel.errors import UserError
from openpeel.sources.members import is_csv, members_of


@dataclass(frozen=True)
class Content:
    """One CSV file as read; ``meant`` if it was named and not come across in a folder or an archive."""

    member: Member
    meant: bool
    delimited: Delimited
    sha256: str
    size: int

    @property
    def label(self) -> str:
        """The file's name for people."""
        return self.member.label

    def column(self, place: int) -> pa.Array:
        """A column without spaces around its values; some codes end in a no-break space."""
        return pc.utf8_trim_whitespace(self.delimited.table.column(place)).combine_chunks()


def read_contents(
    paths: list[Path], refused: list[UserError], skipped: list[str], progress: Callable[[str], None]
) -> Iterator[Content]:
    """The CSV files below some paths.

    Args:
        paths: files, folders, archives.
        refused: errors of files that cannot be read are added here.
        skipped: a line for each file of another format is added here.
        progress: called with each file's name.

    Raises:
        UserError: a path does not exist.
    """
    for member, meant in members_of(paths, refused, progress):
        if not is_csv(member.name):
            pass_over(member.label, meant, "not a CSV file", refused, skipped)
            continue
        try:
            data = member.read()
            content = read_delimited(data, member.label)
        except UserError as error:
            refused.append(error)
            continue
        yield Content(member, meant, content, sha256(data), len(data))


def parts_by_area(
    contents: Iterator[Content],
    part_of: Callable[[Content], Part | None],
    other: str,
    refused: list[UserError],
    skipped: list[str],
) -> Iterator[Part]:
    """The parts of a supply that files make one by one.

    Args:
        contents: the files.
        part_of: makes one file's part; nothing if the file is of another kind.
        other: what to say of a file of another kind.
        refused: errors of files that cannot be used are added here.
        skipped: a line for each file of another kind is added here.
    """
    for content in contents:
        try:
            part = part_of(content)
        except UserError as error:
            refused.append(error)
            continue
        if part:
            yield part
        else:
            pass_over(content.label, content.meant, other, refused, skipped)


def pass_over(label: str, meant: bool, why: str, refused: list[UserError], skipped: list[str]) -> None:
    """Refuse a file that was named, skip one that only lies beside those that were meant."""
    if meant:
        refused.append(UserError(f"is {why}", label, "check what the file is"))
    else:
        skipped.append(f"{label}: {why}")


@dataclass
class Records:
    """Records made of a file: strings by column, their numbers, and what is set aside already."""

    table: pa.Table
    rows: pa.Array
    malformed: list[Malformed] = field(default_factory=list)

    def set_aside(self, which: pa.Array, reason: str, detail: str) -> Records:
        """The records without some, which are set aside for a reason; ``detail`` is the column that says more."""
        gone = self.table.filter(which).to_pylist()
        numbers = self.rows.filter(which).to_pylist()
        for number, row in zip(numbers, gone, strict=True):
            text = ", ".join(v for v in row.values() if v)
            self.malformed.append(Malformed(number, reason, row[detail] or "", text))
        kept = pc.invert(which)
        return Records(self.table.filter(kept), self.rows.filter(kept), self.malformed)

    def part(self, content: Content, notes: list[str]) -> Part:
        """The part of a supply that these records are; the force stands in the rows."""
        return Part(
            label=content.label,
            sha256=content.sha256,
            size=content.size,
            force="",
            first=None,
            last=None,
            table=self.table,
            rows=self.rows,
            malformed=self.malformed,
            notes=notes,
        )


@dataclass(frozen=True)
class Cell:
    """The record that one cell of each row makes, or some cells together.

    ``places`` are columns of the record and where they stand in the file, ``constants`` columns that are
    the same on every row; ``None`` is not known.
    """

    places: dict[str, int]
    constants: dict[str, str | None]


def records_of(content: Content, kept: dict[str, pa.Array], cells: Sequence[Cell]) -> Records:
    """One record for each row and cell.

    A row that makes several records gives each a number of its own, counted cell by cell along the rows.

    Args:
        content: the file.
        kept: columns that all records of a row share.
        cells: what each row holds; all of them with the same columns.
    """
    rows = content.delimited.rows
    tables, numbers = [], []
    for nth, cell in enumerate(cells):
        columns = dict(kept)
        columns |= {name: content.column(place) for name, place in cell.places.items()}
        columns |= {n: pa.repeat(pa.scalar(v, pa.string()), len(rows)) for n, v in cell.constants.items()}
        tables.append(pa.table(columns))
        numbers.append(pc.add(pc.multiply(pc.subtract(rows, 1), len(cells)), nth + 1))
    # Rows that did not fit keep their number, out of reach of the numbers of cells.
    reach = len(rows) * len(cells) if len(cells) > 1 else 0
    malformed = [Malformed(reach + m.row, m.reason, m.detail, m.text) for m in content.delimited.malformed]
    return Records(pa.concat_tables(tables), pa.concat_arrays(numbers), malformed)


def cells_note(cells: Sequence[Cell]) -> list[str]:
    """What to say where a row makes several records."""
    if len(cells) == 1:
        return []
    return [f"each row makes {len(cells)} records; row numbers count them along the rows"]


def number(column: pa.Array) -> pa.Array:
    """A column as numbers; null where a value is none."""
    plain = pc.replace_substring(column, ",", "")
    fits = pc.match_substring_regex(plain, r"^-?[0-9]+(\.[0-9]*)?$")
    return pc.if_else(fits, plain, pa.scalar(None, pa.string())).cast(pa.float64())
