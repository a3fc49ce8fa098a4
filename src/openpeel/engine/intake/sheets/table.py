"""From a sheet's rows to a table of strings under its headings, and the rows that are set aside."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from openpeel.engine.intake.sheets.package import AS_CSV
from openpeel.errors import UserError

#: As in CSV: more columns than a table has.
MAX_COLUMNS = 512
#: What a sheet can have.
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_BATCH = 8192

MERGED = "merged cells"
NO_VALUE = "a formula without a value"
ERROR = "an error in a cell"
NO_DATE = "a date that does not exist"
TOO_WIDE = "wrong number of fields"
CALCULATE = "open the file in the spreadsheet program, save it and import it again"


@dataclass(frozen=True)
class Fault:
    """Something in a cell because of which its row is set aside."""

    reason: str
    detail: str


@dataclass(frozen=True)
class Span:
    """A range of cells whose rows are set aside; rows and columns count from 1 and 0, ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int
    fault: Fault


@dataclass(frozen=True)
class Content:
    """A sheet's table. ``rows`` and the numbers of ``aside`` count from the row under the headings."""

    headings: list[str]
    table: pa.Table
    rows: pa.Array
    aside: list[tuple[int, str, str, str]]

    def aside_table(self) -> pa.Table:
        """The rows set aside as a table: their number, reason, detail and text."""
        kinds = (pa.int64(), pa.string(), pa.string(), pa.string())
        columns = list(zip(*self.aside, strict=True)) or [()] * len(kinds)
        arrays = [pa.array(c, kind) for c, kind in zip(columns, kinds, strict=True)]
        return pa.table(arrays, names=["row", "reason", "detail", "text"])


def letters(column: int) -> str:
    """The letters of a column that counts from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def reference(row: int, column: int) -> str:
    """The name of a cell: ``B7``."""
    return f"{letters(column)}{row}"


def merged(ref: str) -> str:
    """What is wrong with a merged range."""
    return f"{ref} is merged into one cell: the value stands in the first, the others look blank"


@dataclass
class TableBuilder:
    """Takes a sheet's rows from the top down and makes the table of them.

    Args:
        header_row: number of the row with the headings; rows above it are passed over.
    """

    header_row: int
    _headings: list[str] = field(default_factory=list)
    _waiting: list[list[str]] = field(default_factory=list)
    _batches: list[list[pa.Array]] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=list)
    _aside: list[tuple[int, str, str, str]] = field(default_factory=list)
    _used: set[int] = field(default_factory=set)

    def add(self, number: int, cells: Mapping[int, str], faults: Sequence[Fault] = ()) -> None:
        """Take one row: text by column, and what is wrong with it.

        Raises:
            UserError: the row of headings has something wrong, or is blank.
        """
        if number < self.header_row:
            return
        if number == self.header_row:
            self._head(cells, faults)
            return
        if not self._headings:
            if faults or any(cells.values()):
                raise _no_headings(self.header_row)
            return
        fields = [""] * len(self._headings)
        try:
            for column, text in cells.items():
                fields[column] = text
        except IndexError:
            faults = [*faults, *self._too_wide(number, cells)]
            fields[:] = [cells.get(column, "") for column in range(len(fields))]
        if faults:
            self._set_aside(number, faults[0].reason, _joined(faults), _line(cells))
        elif any(fields):
            self._numbers.append(number)
            self._waiting.append(fields)
            if len(self._waiting) == _BATCH:
                self._flush()

    def _head(self, cells: Mapping[int, str], faults: Sequence[Fault]) -> None:
        if faults:
            raise UserError(f"{_joined(faults)} in the row of headings", "", "mend the headings")
        named = {column: text.strip() for column, text in cells.items() if text.strip()}
        if not named:
            raise _no_headings(self.header_row)
        if max(named) >= MAX_COLUMNS:
            raise UserError(f"has headings beyond {MAX_COLUMNS} columns", "", "check what the sheet is")
        self._headings = [named.get(column, "") for column in range(max(named) + 1)]
        self._used = set(named)

    def _too_wide(self, number: int, cells: Mapping[int, str]) -> list[Fault]:
        beyond = [column for column, text in cells.items() if text and column >= len(self._headings)]
        if not beyond:
            return []
        last = letters(len(self._headings) - 1)
        detail = f"{reference(number, beyond[0])} holds a value, and the last heading stands in column {last}"
        return [Fault(TOO_WIDE, detail)]

    def _set_aside(self, number: int, reason: str, detail: str, text: str) -> None:
        self._aside.append((number - self.header_row, reason, detail, text))

    def _flush(self) -> None:
        columns = list(zip(*self._waiting, strict=True))
        self._used.update(at for at, column in enumerate(columns) if at not in self._used and any(column))
        self._batches.append([pa.array(column, pa.string()) for column in columns])
        self._waiting.clear()

    def finish(self, spans: Sequence[Span] = ()) -> Content:
        """The table, without the rows that ``spans`` cover.

        Raises:
            UserError: there were no headings, or a span covers them.
        """
        if not self._headings:
            raise _no_headings(self.header_row)
        if self._waiting:
            self._flush()
        covered = self._covered(spans)
        kept = sorted(self._used)
        names = [f"f{place}" for place in range(len(kept))]
        chunks = [[batch[column] for batch in self._batches] for column in kept]
        table = pa.table([pa.chunked_array(c, pa.string()) for c in chunks], names=names)
        rows = pa.array([number - self.header_row for number in self._numbers], pa.int64())
        if covered:
            self._set_covered_aside(covered, table)
            mask = pa.array([at not in covered for at in range(len(rows))], pa.bool_())
            table, rows = table.filter(mask), rows.filter(mask)
        return Content([self._headings[c] for c in kept], table, rows, sorted(self._aside))

    def _covered(self, spans: Sequence[Span]) -> dict[int, Span]:
        """Places of the rows that a span covers in a column in use, with the first such span."""
        wanted = [span for span in spans if span.last_row >= self.header_row and self._touches(span)]
        wanted.sort(key=lambda span: span.first_row)
        for span in wanted:
            if span.first_row <= self.header_row:
                raise UserError(f"{span.fault.detail} in the row of headings", "", f"mend them, or {AS_CSV}")
        found: dict[int, Span] = {}
        reaching: Span | None = None
        coming = iter([*wanted, None])
        following = next(coming)
        for at, number in enumerate(self._numbers if wanted else []):
            while following and following.first_row <= number:
                if not reaching or following.last_row > reaching.last_row:
                    reaching = following
                following = next(coming)
            if reaching and reaching.last_row >= number:
                found[at] = reaching
        return found

    def _touches(self, span: Span) -> bool:
        return any(span.first_column <= column <= span.last_column for column in self._used)

    def _set_covered_aside(self, covered: Mapping[int, Span], table: pa.Table) -> None:
        picked = table.take(pa.array(list(covered), pa.int64())).to_pylist()
        for (at, span), fields in zip(covered.items(), picked, strict=True):
            text = _line(dict(enumerate(fields.values())))
            self._set_aside(self._numbers[at], span.fault.reason, span.fault.detail, text)


def _no_headings(row: int) -> UserError:
    return UserError(f"has no headings in row {row}", "", "say in which row the headings stand")


def _joined(faults: Iterable[Fault]) -> str:
    details = list(dict.fromkeys(fault.detail for fault in faults))
    more = f" (and {len(details) - 3} more)" if len(details) > 3 else ""
    return "; ".join(details[:3]) + more


def _line(cells: Mapping[int, str]) -> str:
    """A row as a line of CSV, for looking at."""
    out = io.StringIO(newline="")
    last = max((column for column, text in cells.items() if text), default=-1)
    csv.writer(out, lineterminator="").writerow(cells.get(column, "") for column in range(last + 1))
    return out.getvalue()
