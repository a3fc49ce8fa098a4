"""The beginning of a stranger's file: its separator and encoding, the row of its headings, its first rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from openpeel.engine.intake.containers import Member, find
from openpeel.engine.intake.mapping import normal_heading
from openpeel.engine.intake.read import Delimited
from openpeel.engine.intake.sheets import read_sheet
from openpeel.errors import UserError
from openpeel.sources.extract.tables import as_text, open_table

#: As many rows are looked at, out of at most so many bytes of delimited text.
ROWS = 50_000
_BYTES = 64 << 20
_SEPARATORS = (",", ";", "\t", "|")
#: Rows of a sheet among which its headings are looked for.
_TOP = 30
#: How the names of the files end that can be imported, beside those of delimited text.
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
PARQUET = ".parquet"
_TEXTS = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
_VALUE = re.compile(r"[-+]?[\d.,:/\- ]+")


@dataclass(frozen=True)
class Looked:
    """What was seen of a file.

    Attributes:
        headings: as they stand in the file.
        columns: the values under each, as texts.
        separator, encoding: of delimited text; blank for other files.
        header_row: number of the row of headings, where it is not the first; else 0.
        whole: whether all rows were looked at.
    """

    headings: list[str]
    columns: list[list[str]]
    separator: str = ""
    encoding: str = ""
    header_row: int = 0
    whole: bool = True

    def rows(self) -> int:
        """Number of rows looked at."""
        return len(self.columns[0]) if self.columns else 0


def look_at(path: Path, sheet: str = "", header_row: int = 0) -> Looked:
    """Look at the first rows of a file.

    Args:
        path: CSV, spreadsheet or Parquet; CSV may be packed by gzip or stand alone in a zip archive.
        sheet: of a spreadsheet, the sheet's name; blank for the only one.
        header_row: number of the row of headings (of text, its line); 0 to look for it.

    Raises:
        UserError: it cannot be read, holds no rows, or has no headings where they are looked for.
    """
    member = only_member(path)
    name = member.name.lower()
    parquet = name.endswith(PARQUET)
    if (sheet and not name.endswith(WORKBOOKS)) or (header_row and parquet):
        option = "--sheet" if sheet else "--header-row"
        raise UserError(f"{option} is not for such a file", member.label, "leave it out")
    if name.endswith(WORKBOOKS):
        looked = _sheet(member.read(), member.label, sheet, header_row)
    elif parquet:
        looked = _parquet(member)
    else:
        looked = _delimited(member, header_row)
    if not any(normal_heading(h) for h in looked.headings):
        raise UserError("has no headings", member.label, "write them into its first row")
    if not looked.rows():
        raise UserError("holds no rows under its headings", member.label, "take a file with some rows")
    return looked


def only_member(path: Path) -> Member:
    """The one file at a path, or in an archive.

    Raises:
        UserError: there is none, or there are several; or it is of no kind that can be imported.
    """
    found = list(find([path]))
    for one in found:
        if isinstance(one, UserError):
            raise one
    if path.is_dir() or len(found) != 1:
        raise UserError(f"holds {len(found)} files", str(path), "name one file, of the kind to be mapped")
    member = found[0]
    assert isinstance(member, Member)
    if not member.name.lower().endswith((*WORKBOOKS, PARQUET, *_TEXTS)):
        what = "is not a CSV file, a spreadsheet (.xlsx, .ods) or a Parquet file"
        raise UserError(what, member.label, "save it as one")
    return member


def _delimited(member: Member, header_row: int) -> Looked:
    data, whole = _beginning(member)
    if not data.strip():
        raise UserError("is empty", member.label, "fetch it again")
    encoding = _encoding(data, member.label)
    text = _decoded(data, encoding)
    if not whole:
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
    separator = _separator(text)
    rows = _rows(text, separator, ROWS + _TOP)
    line = header_row or _heading_row([(n, r) for n, r in rows[:_TOP]])
    head = next((r for n, r in rows if n == line), [])
    _refuse_values(head, member.label)
    below = [r for n, r in rows if n > line]
    kept = [r for r in below[:ROWS] if len(r) == len(head)]
    columns = [[r[place] for r in kept] for place in range(len(head))]
    whole = whole and len(below) <= ROWS and len(rows) < ROWS + _TOP
    return Looked([h.strip() for h in head], columns, separator, encoding, line if line > 1 else 0, whole)


def _beginning(member: Member) -> tuple[bytes, bool]:
    """The first bytes of a file, and whether they are all."""
    if member.inside or member.name.lower().endswith(".gz"):
        data = member.read()
        return data[:_BYTES], len(data) <= _BYTES
    try:
        with member.path.open("rb") as stream:
            data = stream.read(_BYTES + 1)
    except OSError as error:
        raise UserError(f"cannot be read ({error.strerror})", member.label, "check the file") from None
    return data[:_BYTES], len(data) <= _BYTES


def _encoding(data: bytes, label: str) -> str:
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    if b"\x00" in data[:10_000]:
        raise UserError("is no CSV, spreadsheet or Parquet file", label, "save it as one of these")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _decoded(data: bytes, encoding: str) -> str:
    # Only looked at: what cannot be read is refused by the import, with its line.
    text = data[: len(data) // 2 * 2] if encoding == "utf-16" else data
    return text.decode(encoding, "replace").removeprefix("\ufeff")


def _separator(text: str) -> str:
    """The separator by which most of the first rows have the same number of fields, the most fields of these."""
    return max(_SEPARATORS, key=lambda s: (_evenness(text, s), -_SEPARATORS.index(s)))


def _evenness(text: str, separator: str) -> tuple[float, int]:
    rows = _rows(text[:100_000], separator, 100)
    widths = Counter(len(r) for _, r in rows[:-1] or rows)
    width, times = max(widths.items(), key=lambda w: (w[1], w[0]), default=(0, 0))
    return (0.0, 0) if width < 2 else (round(times / widths.total(), 1), width)


def _rows(text: str, separator: str, most: int) -> list[tuple[int, list[str]]]:
    """The first rows that are not blank, each with the number of its line."""
    out: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begins = 1
    try:
        for row in reader:
            if row:
                out.append((begins, row))
            begins = reader.line_num + 1
            if len(out) == most:
                break
    except csv.Error:  # a field of more than 128 KiB: the rows before it are enough to look at
        pass
    return out


def _refuse_values(head: Sequence[str], label: str) -> None:
    if head and sum(1 for h in head if _VALUE.fullmatch(h.strip() or "x")) * 2 > len(head):
        raise UserError("begins with values instead of headings", label, "write headings into its first row")


def _sheet(data: bytes, label: str, sheet: str, header_row: int) -> Looked:
    if header_row:
        return _of_sheet(read_sheet(data, label, sheet, header_row), header_row)
    content, row = _topmost(lambda n: read_sheet(data, label, sheet, n))
    better = _heading_row(_top_of(content, row))
    if better != row:
        content = read_sheet(data, label, sheet, better)
    return _of_sheet(content, better)


def _topmost(read: Callable[[int], Delimited]) -> tuple[Delimited, int]:
    """The sheet as read under the first row that can hold headings: blank and merged rows cannot."""
    try:
        return read(1), 1
    except UserError as error:
        if "row 1" not in error.what and "row of headings" not in error.what:
            raise
        first = error
    for number in range(2, 11):
        try:
            return read(number), number
        except UserError:
            continue
    raise UserError(first.what, first.where, "say with --header-row in which row the headings stand")


def _top_of(content: Delimited, row: int) -> list[tuple[int, list[str]]]:
    """The first rows of a sheet, those set aside too, each with its number."""
    numbers = content.rows.slice(0, _TOP).to_pylist()
    cells = [[v or "" for v in r.values()] for r in content.table.slice(0, _TOP).to_pylist()]
    top = [(row, content.headings), *((row + n, c) for n, c in zip(numbers, cells, strict=True))]
    top += [(row + a.row, next(csv.reader([a.text]), [])) for a in content.malformed[:_TOP]]
    return sorted(top, key=lambda t: t[0])[:_TOP]


def _heading_row(top: Sequence[tuple[int, list[str]]]) -> int:
    """The first row most of whose cells are distinct texts that are no numbers, about as wide as the table."""
    filled = [(number, [c for c in cells if c.strip()]) for number, cells in top]
    widest = max((len(c) for _, c in filled), default=0)
    for number, cells in filled:
        if 2 * len(cells) > widest and _are_headings(cells):
            return number
    return top[0][0] if top else 1


def _are_headings(cells: Sequence[str]) -> bool:
    words = [c for c in cells if not _VALUE.fullmatch(c.strip() or "0")]
    # A heading that stands twice does not make the others none.
    different = len({normal_heading(w) for w in words})
    return len(words) * 3 > len(cells) * 2 and different * 3 >= len(words) * 2


def _of_sheet(content: Delimited, row: int) -> Looked:
    table = content.table.slice(0, ROWS)
    columns = [[v or "" for v in c.to_pylist()] for c in table.columns]
    return Looked(
        content.headings, columns, header_row=row if row > 1 else 0, whole=content.table.num_rows <= ROWS
    )


def _parquet(member: Member) -> Looked:
    file = open_table(member.read() if member.inside else member.path, member.label)
    batches, count = [], 0
    try:
        for batch in file.iter_batches(min(ROWS, 1 << 16)):
            batches.append(batch)
            count += batch.num_rows
            if count >= ROWS:
                break
    except (pa.ArrowException, OSError) as error:
        raise UserError(
            f"is damaged ({str(error).splitlines()[0]})", member.label, "fetch it again"
        ) from None
    table = pa.Table.from_batches(batches, file.schema_arrow).slice(0, ROWS)
    columns = [_texts(c, member.label) for c in table.columns]
    return Looked(list(table.column_names), columns, whole=file.metadata.num_rows <= ROWS)


def _texts(column: pa.ChunkedArray, label: str) -> list[str]:
    """A typed column as the texts that an extract would hold; nested values and bytes are nothing to look at."""
    of = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_nested(of) or pa.types.is_binary(of) or pa.types.is_large_binary(of):
        return [""] * len(column)
    texts = ["" if v is None else str(v) for v in as_text(column, label).to_pylist()]
    if pa.types.is_timestamp(of) and all(not t or t.endswith(" 00:00:00") for t in texts):
        return [t.removesuffix(" 00:00:00") for t in texts]
    return texts
