"""Reading delimited text into a table of strings, so that every row is accounted for.

pyarrow's reader does the work: it takes LF, CRLF and bare CR, quoted line breaks and a byte-order
mark, and hands over the rows whose number of fields is wrong. What it would do silently, letting a
quotation mark that is never closed swallow the rows behind it, is looked for here first.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.csv as pv

from openpeel.errors import UserError

_QUOTED = re.compile(rb'(^|[,\r\n])"(?:[^"]|"")*"(?=[,\r\n]|\Z)')
_OPENED = re.compile(rb'(?:^|[,\r\n])"')
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Malformed:
    """A row whose number of fields is not that of the heading."""

    row: int
    reason: str
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


def read_delimited(data: bytes, label: str) -> Delimited:
    """Read comma-separated text.

    Args:
        data: the file's bytes.
        label: its name, for errors.

    Raises:
        UserError: it is empty, not text, not UTF-8, or a quotation mark is not closed.
    """
    if data.startswith(_BOM):
        data = data[len(_BOM) :]
    _refuse_what_is_not_text(data, label)
    _refuse_open_quotes(data, label)
    malformed: list[Malformed] = []

    def wrong_length(row: pv.InvalidRow) -> str:
        malformed.append(
            Malformed(
                row.number - 1,
                f"has {row.actual_columns} fields where the heading has {row.expected_columns}",
                row.text,
            )
        )
        return "skip"

    table = _parse(data, label, wrong_length)
    headings = [str(c[0].as_py()).strip() for c in table.columns]
    missing = {m.row for m in malformed}
    total = table.num_rows - 1 + len(malformed)
    rows = [n for n in range(1, total + 1) if n not in missing] if missing else range(1, total + 1)
    return Delimited(headings, table.slice(1), pa.array(rows, pa.int64()), malformed)


def _parse(data: bytes, label: str, wrong_length: object) -> pa.Table:
    width = data.split(b"\n", 1)[0].split(b"\r", 1)[0].count(b",") + 1
    try:
        return pv.read_csv(
            io.BytesIO(data),
            read_options=pv.ReadOptions(
                use_threads=False, autogenerate_column_names=True, block_size=len(data) + 1024
            ),
            parse_options=pv.ParseOptions(newlines_in_values=True, invalid_row_handler=wrong_length),
            convert_options=pv.ConvertOptions(
                column_types={f"f{i}": pa.string() for i in range(width + 64)},
                strings_can_be_null=False,
                null_values=[],
            ),
        )
    except pa.ArrowInvalid as error:
        text = str(error)
        if "UTF8" in text:
            row = re.search(r"Row #(\d+)", text)
            at = f" at row {int(row.group(1)) - 1}" if row else ""
            raise UserError(f"is not UTF-8 text{at}", label, "save it as CSV UTF-8") from None
        raise UserError(f"cannot be read as CSV ({text.splitlines()[0]})", label, "check the file") from None


def _refuse_what_is_not_text(data: bytes, label: str) -> None:
    if not data.strip():
        raise UserError("is empty", label, "fetch it again")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UserError("is UTF-16 text", label, "save it as CSV UTF-8")
    if b"\x00" in data[:65536] or b"\x00" in data:
        raise UserError("is not a CSV file (it holds binary data)", label, "check the file")


def _refuse_open_quotes(data: bytes, label: str) -> None:
    if b'"' not in data:
        return
    # What remains once well-formed quoted fields are gone must not open a quoted field.
    rest = _QUOTED.sub(lambda m: m.group(1) + b"\n" * _line_breaks(m.group(0)), data)
    opened = _OPENED.search(rest)
    if opened:
        line = _line_breaks(rest[: opened.end()]) + 1
        raise UserError(
            f"a quotation mark opened about line {line} is not closed as CSV requires", label, "mend the file"
        )


def _line_breaks(data: bytes) -> int:
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
