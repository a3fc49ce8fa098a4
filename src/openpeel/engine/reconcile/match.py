"""By what a row of theirs is known again among our records: a key, or some columns that both have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from openpeel.engine import clock
from openpeel.engine.declare.records import Column, RecordType, date_of
from openpeel.engine.reconcile.theirs import TheirFile, plain_heading
from openpeel.engine.sql import quote
from openpeel.errors import UserError

#: The values a row is known by, as text without regard to case; empty where it has none.
Key = tuple[str, ...]
#: Temporary table of their keys.
THEIR_KEYS = "their_keys"

_YES, _NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")
_DAY_FIRST = ("%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S")


@dataclass(frozen=True)
class By:
    """One column to match by: their heading, ours, and how both are written to be compared."""

    heading: str
    column: str
    sql: str
    write: Callable[[str], str]


@dataclass(frozen=True)
class Matching:
    """How rows are known again, and which of their headings hold the day and the force.

    ``is_key`` says whether the columns are the record type's key, in its order: then a row that lacks a part
    of it cannot be known.
    """

    by: tuple[By, ...]
    is_key: bool
    date: str = ""
    force: str = ""

    def columns(self) -> list[str]:
        """Our columns to match by."""
        return [b.column for b in self.by]

    def raw_of(self, row: Mapping[str, str]) -> Key:
        """The values as they stand in a row of theirs."""
        return tuple(row[b.heading].strip() for b in self.by)

    def key_of(self, row: Mapping[str, str], where: str) -> Key:
        """What a row of theirs is known by.

        Raises:
            UserError: a value cannot be read as what our column holds.
        """
        try:
            key = tuple(b.write(row[b.heading].strip()) if row[b.heading].strip() else "" for b in self.by)
        except (ValueError, InvalidOperation):
            raise UserError(
                "holds a value that cannot be matched by", where,
                f"write {', '.join(f'{b.heading} as {b.column}' for b in self.by)} would be written",
            ) from None  # fmt: skip
        lacking = not all(key) if self.is_key else not any(key)
        return () if lacking else key

    def ours_sql(self, _type: RecordType) -> dict[str, str]:
        """Name -> SQL of the same for a record of ours."""
        return {str(place): b.sql for place, b in enumerate(self.by)}

    def held_key(self, given: Mapping[str, Any]) -> Key:
        """What a record of ours is known by, as ``flags.Rows`` gives it."""
        return tuple(given[f"k_{place}"] for place, _ in enumerate(self.by))

    def among_sql(self, con: duckdb.DuckDBPyConnection, keys: Iterable[Key]) -> str:
        """A condition for the records of ours, as ``flags.Rows`` holds them, that some keys name."""
        list_keys(con, keys)
        named = [quote(f"k_{place}") for place, _ in enumerate(self.by)]
        return f"{joined(named)} IN (SELECT k FROM {THEIR_KEYS})"


def list_keys(con: duckdb.DuckDBPyConnection, keys: Iterable[Key]) -> None:
    """Put keys of theirs where queries find them."""
    listed = sorted("\x1f".join(k) for k in keys if k)
    con.register("their_keys_listed", pa.table({"k": pa.array(listed, pa.string())}))
    con.execute(f"CREATE OR REPLACE TEMP TABLE {THEIR_KEYS} AS SELECT * FROM their_keys_listed")
    con.unregister("their_keys_listed")


def joined(expressions: Sequence[str]) -> str:
    """SQL for several texts in one."""
    return f"concat_ws(chr(31), {', '.join(expressions)})"


def matching_of(
    record_type: RecordType,
    file: TheirFile,
    named: Mapping[str, str],
    day: str,
    hashed: Callable[[str, str], str],
) -> Matching:
    """How the rows of a list are matched.

    Without ``named``, by the record type's key if their headings have it, else by every heading that is a
    column of the type.

    Args:
        record_type: the records' type.
        file: the list.
        named: their heading -> our column, as the user said.
        day: their heading that holds the day; blank: a heading ``date``, or the anchor's, if there is one.
        hashed: gives the pseudonym of a number, of what the column stands for.

    Raises:
        UserError: a heading or column is not there, or there is nothing to match by.
    """
    where = str(file.path)
    columns = {c.name: c for c in record_type.columns if c.personal not in ("identity", "free-text")}
    headings = {plain_heading(h): h for h in file.headings}
    pairs = {_heading(file, h): _column(record_type, columns, c) for h, c in named.items()}
    keyed = bool(record_type.key) and all(k in headings for k in record_type.key)
    if not pairs and keyed:
        pairs = {headings[k]: columns[k] for k in record_type.key}
    elif not pairs:
        pairs = {headings[n]: c for n, c in columns.items() if n in headings}
    if not pairs:
        raise UserError(
            "has no column of ours to match by", where,
            f"say which is which with --match THEIRS=OURS; ours are {', '.join(record_type.key or columns)}",
        )  # fmt: skip
    date_heading = _heading(file, day) if day else _date_heading(record_type, headings)
    by = tuple(_by(heading, column, file, hashed) for heading, column in pairs.items())
    is_key = bool(record_type.key) and {b.column for b in by} == set(record_type.key)
    if is_key:
        by = tuple(sorted(by, key=lambda b: record_type.key.index(b.column)))
    return Matching(by, is_key, date_heading, headings.get("force", ""))


def _heading(file: TheirFile, heading: str) -> str:
    if heading not in file.headings:
        raise UserError(
            f"has no column `{heading}`", str(file.path), f"its columns are {', '.join(file.headings)}"
        )
    return heading


def _column(record_type: RecordType, columns: Mapping[str, Column], name: str) -> Column:
    if name not in columns:
        raise UserError(
            f"{record_type.id} has no column `{name}` to match by", "--match", f"use {', '.join(columns)}"
        )
    return columns[name]


def _date_heading(record_type: RecordType, headings: Mapping[str, str]) -> str:
    return next((headings[n] for n in (record_type.anchor, "date") if n in headings), "")


def _by(heading: str, column: Column, file: TheirFile, hashed: Callable[[str, str], str]) -> By:
    own = quote(column.name)
    if column.type == "instant":
        return _by_instant(heading, column, [r[heading] for r in file.rows if r[heading]])
    if column.personal == "pseudonym":
        stands_for = column.stands_for
        return By(heading, column.name, f"coalesce({own}, '')", lambda v: hashed(stands_for, v))
    writes: dict[str, Callable[[str], str]] = {
        "text": lambda v: v.strip().lower(),
        "boolean": _yes_or_no,
        "date": lambda v: _moment(v).date().isoformat(),
        "number": lambda v: f"{Decimal(v):.6f}",
    }
    sql = f"lower(trim({own}))" if column.type == "text" else f"CAST({own} AS VARCHAR)"
    return By(heading, column.name, f"coalesce({sql}, '')", writes.get(column.type, lambda v: str(int(v))))


def _by_instant(heading: str, column: Column, values: Sequence[str]) -> By:
    """As exactly as all of their values are written: by the day, the minute or the second."""
    if all(len(v.strip()) <= len("2024-03-06") for v in values):
        own = quote(date_of(column.name))
        return By(
            heading, column.name, f"coalesce(CAST({own} AS VARCHAR), '')", lambda v: str(_moment(v).date())
        )
    seconds = any(_bare(v).count(":") > 1 for v in values)
    form = "%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M"
    sql = f"coalesce(strftime({quote(column.name)}, '{form}'), '')"
    return By(heading, column.name, sql, lambda v: _utc(_moment(v)).strftime(form))


def _bare(text: str) -> str:
    """A moment without its offset from UTC."""
    day, mark, time = text.partition("T") if "T" in text else text.partition(" ")
    return day + mark + time.split("+")[0].split("-")[0]


def _utc(moment: datetime) -> datetime:
    local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(clock.ZONE))
    return local.astimezone(UTC)


def _yes_or_no(text: str) -> str:
    said = text.strip().lower()
    if said not in (*_YES, *_NO):
        raise ValueError(text)
    return "true" if said in _YES else "false"


def _moment(text: str) -> datetime:
    """A day or moment, year first or, as is usual here, day first."""
    said = text.strip()
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        for form in _DAY_FIRST:
            try:
                return datetime.strptime(said, form)
            except ValueError:
                continue
        raise


def day_of(text: str, where: str) -> date | None:
    """The day that a row of theirs names; blank is not known. A moment with an offset is taken as it is written.

    Raises:
        UserError: it is no day.
    """
    if not text.strip():
        return None
    try:
        return _moment(text).date()
    except ValueError:
        raise UserError(f"`{text}` is not a day", where, "write 2024-03-06 or 06/03/2024") from None
