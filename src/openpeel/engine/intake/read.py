"""Reading delimited text into a table of strings, so that every row is accounted for.

pyarrow's reader does the work: it takes LF, CRLF and bare CR, quoted line breaks and a byte-order
mark, and hands over the rows whose number of fields is wrong. What it would do silently, letting a
quotation mark that is never closed swallow the rows behind it, is looked for here: one that stays
open is refused, and a field that runs over lines which look like rows of their own is set aside.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from openpeel.errors import UserError

#: What may stand between the fields of a row.
SEPARATORS = (",", ";", "\t", "|")
_BREAK = re.compile(r"\r\n|\r|\n")
_BOM = b"\xef\xbb\xbf"
_CHUNK = 1 << 20
#: More columns than a table has; those beyond would be given a type by what they hold.
_COLUMNS = 512


@dataclass(frozen=True)
class _Marks:
    """How quoted fields are told apart where fields are separated by this character."""

    separator: str
    quoted: re.Pattern[bytes]
    opened: re.Pattern[bytes]
    edge: np.ndarray


@cache
def _marks(separator: str) -> _Marks:
    edge = re.escape(separator).encode() + rb"\r\n"
    return _Marks(
        separator,
        re.compile(rb'(^|[%b])"[^"]*(?:""[^"]*)*"(?=[%b]|\Z)' % (edge, edge)),
        re.compile(rb'(?:^|[%b])"' % edge),
        np.isin(np.arange(256), list(separator.encode() + b"\r\n")),
    )


@dataclass(frozen=True)
class Malformed:
    """A row of which no fields can be had, so that it is set aside as it stands."""

    row: int
    reason: str
    detail: str
    text: str


@dataclass(frozen=True)
class Delimited:
    """A delimited file: its headings as written, its rows as strings, and the rows that did not fit.

    ``rows`` are the numbers of the table's rows in the file, the first row under the heading being 1;
    blank lines are not rows.
    """

    headings: list[str]
    table: pa.Table
    rows: pa.Array
    malformed: list[Malformed]

    def read(self) -> int:
        """Number of rows in the file."""
        return len(self.rows) + len(self.malformed)


def read_delimited(data: bytes, label: str, separator: str = ",") -> Delimited:
    """Read text whose fields are separated by commas, or by another character.

    Args:
        data: the file's bytes.
        label: its name, for errors.
        separator: one of ``SEPARATORS``.

    Raises:
        UserError: it is empty, not text, not UTF-8, cut off, or a quotation mark is not closed.
    """
    marks = _marks(separator)
    if data.startswith(_BOM):
        data = data[len(_BOM) :]
    _refuse_what_is_not_text(data, label)
    _refuse_open_quotes(data, label, marks)
    malformed: list[Malformed] = []
    table = _parse_even(data, separator) or _parse(data, label, malformed, separator)
    if table.num_columns > _COLUMNS:
        raise UserError(f"has more than {_COLUMNS} columns", label, "check what the file is")
    headings = [str(c[0].as_py()).strip() for c in table.columns]
    if len(headings) == 1 and any(s in headings[0] for s in SEPARATORS if s != separator):
        raise _not_separated(label, separator)
    missing = {m.row for m in malformed}
    _refuse_cut_off(data, table.num_rows - 1 + len(missing), len(headings) - 1, malformed, label, separator)
    total = table.num_rows - 1 + len(missing)
    numbers = np.arange(1, total + 1)
    rows = numbers[~np.isin(numbers, list(missing))] if missing else numbers
    content = Delimited(headings, table.slice(1), pa.array(rows, pa.int64()), malformed)
    # Only quoted fields hold line breaks; where there are as many lines as rows, none does.
    if b'"' not in data or _line_breaks(data) + (not data.endswith((b"\n", b"\r"))) == total + 1:
        return content
    return _even_breaks(_without_swallowed(content, separator))


def _not_separated(label: str, separator: str) -> UserError:
    if separator == ",":
        return UserError("is not separated by commas", label, "save it as CSV UTF-8 with commas")
    return UserError(f"is not separated by {separator!r}", label, "mend `separator` in the mapping")


def _refuse_cut_off(
    data: bytes, total: int, breaks: int, malformed: list[Malformed], label: str, separator: str
) -> None:
    """A last row with too few fields and no line end behind it: the file was cut off in the middle of it."""
    # A DOS end-of-file mark alone is no row that was begun.
    last = malformed[-1] if malformed and malformed[-1].text.strip("\x1a \t") else None
    if (
        last
        and last.row == total
        and not data.endswith((b"\n", b"\r"))
        and last.text.count(separator) < breaks
    ):
        raise UserError("is cut off: it ends in the middle of a row", label, "fetch it again")


def _parse_even(data: bytes, separator: str) -> pa.Table | None:
    """The table if every row is of the heading's length: read on all cores, by far the usual case."""
    try:
        return _read_csv(data, True, 8 << 20, lambda _row: "error", separator)
    except pa.ArrowInvalid:
        return None


def _parse(data: bytes, label: str, malformed: list[Malformed], separator: str) -> pa.Table:
    """The table, its first row the headings; rows of another length go to ``malformed``."""

    def wrong_length(row: pv.InvalidRow) -> str:
        malformed.extend(_ragged(row, separator))
        return "skip"

    try:
        return _read_csv(data, False, len(data) + 1024, wrong_length, separator)
    except pa.ArrowInvalid as error:
        raise UserError(f"cannot be read as CSV ({str(error).splitlines()[0]})", label, "check it") from None


def _read_csv(
    data: bytes, threads: bool, block: int, wrong_length: Callable[[pv.InvalidRow], str], separator: str
) -> pa.Table:
    # A heading without a line end would be taken for no heading.
    source = pa.BufferReader(data if data.endswith((b"\n", b"\r")) else data + b"\n")
    return pv.read_csv(
        source,
        read_options=pv.ReadOptions(use_threads=threads, autogenerate_column_names=True, block_size=block),
        parse_options=pv.ParseOptions(
            delimiter=separator, newlines_in_values=b'"' in data, invalid_row_handler=wrong_length
        ),
        convert_options=pv.ConvertOptions(
            column_types={f"f{i}": pa.string() for i in range(_COLUMNS)},
            strings_can_be_null=False,
            null_values=[],
        ),
    )


def _ragged(row: pv.InvalidRow, separator: str) -> list[Malformed]:
    lines = _BREAK.split(row.text)
    if len(lines) > 1 and any(line.count(separator) == row.expected_columns - 1 for line in lines):
        return _swallowed(row.number - 1, lines)
    detail = f"has {row.actual_columns} fields where the heading has {row.expected_columns}"
    return [Malformed(row.number - 1, "wrong number of fields", detail, row.text)]


def _swallowed(number: int, lines: list[str]) -> list[Malformed]:
    """The lines of a row that may be rows; each counts as one, since nobody can say that it is none."""
    detail = "a quotation mark runs over lines that look like rows of their own"
    return [Malformed(number, "rows inside quotation marks", detail, line) for line in lines]


def _refuse_what_is_not_text(data: bytes, label: str) -> None:
    if not data[:_CHUNK].strip() and not data.strip():
        raise UserError("is empty", label, "fetch it again")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UserError("is UTF-16 text", label, "save it as CSV UTF-8")
    if b"\x00" in data:
        raise UserError("is not a CSV file (it holds binary data)", label, "check the file")
    if data.isascii():
        return
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), _CHUNK):
        try:
            decoder.decode(data[start : start + _CHUNK], final=start + _CHUNK >= len(data))
        except UnicodeDecodeError as error:
            line = _line_breaks(data[: start + error.start]) + 1
            raise UserError(f"is not UTF-8 text about line {line}", label, "save it as CSV UTF-8") from None


def _refuse_open_quotes(data: bytes, label: str, marks: _Marks) -> None:
    if b'"' not in data or _quotes_pair(data, marks.edge):
        return
    # What remains once well-formed quoted fields are gone must not open a quoted field.
    rest = marks.quoted.sub(lambda m: m.group(1) + b"\n" * _line_breaks(m.group(0)), data)
    opened = marks.opened.search(rest)
    if opened:
        line = _line_breaks(rest[: opened.end()]) + 1
        raise UserError(
            f"a quotation mark opened about line {line} is not closed as CSV requires", label, "mend the file"
        )


def _quotes_pair(data: bytes, edge: np.ndarray) -> bool:
    """Whether every quotation mark opens or closes a field, or is one of two inside it, as CSV requires.

    Counting from the start, those at even places open a field (or are the second of two inside one) and
    those at odd places close it (or are the first of two); it is enough to look at their neighbours.
    """
    held = np.frombuffer(data, np.uint8)
    # Stretch by stretch: what fits into the processor's cache is gone through in half the time.
    starts = range(0, len(held), _CHUNK)
    at = np.concatenate([np.flatnonzero(held[n : n + _CHUNK] == ord('"')) + n for n in starts])
    if len(at) % 2:
        return False
    opening, closing = at[0::2], at[1::2]
    before = np.where(opening > 0, held[opening - 1], ord("\n"))
    after = np.where(closing < len(held) - 1, held[np.minimum(closing + 1, len(held) - 1)], ord("\n"))
    twice = np.concatenate([[False], opening[1:] - 1 == closing[:-1]])
    begins = edge[before] | twice
    ends = edge[after] | np.concatenate([twice[1:], [False]])
    return bool(begins.all() and ends.all())


def _line_breaks(data: bytes) -> int:
    if b"\r" not in data:
        return data.count(b"\n")
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def _without_swallowed(content: Delimited, separator: str) -> Delimited:
    """Set aside the rows whose fields hold rows: two stray quotation marks with rows between them."""
    swallowed = {}
    broken = _places_with_breaks(content.table)
    picked = [column.to_pylist() for column in content.table.take(pa.array(broken, pa.int64())).columns]
    for at, fields in zip(broken, zip(*picked, strict=True), strict=True):
        if _holds_rows(fields, separator):
            swallowed[at] = _BREAK.split(separator.join(fields))
    if not swallowed:
        return content
    numbers = content.rows.to_pylist()
    found = [row for at, lines in swallowed.items() for row in _swallowed(numbers[at], lines)]
    kept = pa.array([at not in swallowed for at in range(content.table.num_rows)], pa.bool_())
    table, rows = content.table.filter(kept), content.rows.filter(kept)
    return Delimited(content.headings, table, rows, content.malformed + found)


def _places_with_breaks(table: pa.Table) -> list[int]:
    """The rows of a table in which a field holds a line break."""
    places: set[int] = set()
    for column in table.columns:
        broken = pc.or_(pc.match_substring(column, "\n"), pc.match_substring(column, "\r"))
        places.update(pc.indices_nonzero(broken).to_pylist())
    return sorted(places)


def _holds_rows(fields: Sequence[str], separator: str) -> bool:
    """Whether every line of a row, or of one of its fields, has as many fields as the row itself."""
    breaks = len(fields) - 1
    if breaks and all(line.count(separator) == breaks for line in _BREAK.split(separator.join(fields))):
        return True
    for place, field in enumerate(fields if breaks else []):
        first, *between = (line.count(separator) for line in _BREAK.split(field))
        if between and first == breaks - place and between[-1] == place and set(between[:-1]) <= {breaks}:
            return True
    return False


def _even_breaks(content: Delimited) -> Delimited:
    """Line breaks inside fields as LF, so that a file's line ends do not change its rows."""
    columns = content.table.columns
    for place, column in enumerate(columns):
        if pc.any(pc.match_substring(column, "\r")).as_py():
            columns[place] = pc.replace_substring_regex(column, "\r\n?", "\n")
    table = pa.table(columns, names=content.table.column_names)
    return Delimited(content.headings, table, content.rows, content.malformed)
