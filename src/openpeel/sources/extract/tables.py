"""Parquet files: their columns as texts, or typed as they are where the intake can take them so.

A value becomes the text that a CSV file of the same rows would hold, so that both give the same records.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from openpeel.engine.declare.records import Column
from openpeel.engine.intake.mapping import Mapping, Rule
from openpeel.engine.intake.read import Malformed
from openpeel.errors import UserError

#: Rows of one part of a supply, so that memory stays level.
PART_ROWS = 1_000_000
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_LARGEST = (1 << 63) - 1
_AS_CSV = "save it as CSV and import that"
#: Whole numbers up to this are exact in a floating-point number.
_EXACT = 1 << 53


@dataclass(frozen=True)
class Rows:
    """Some rows of a file: their values under the names asked for, their numbers, and those set aside."""

    table: pa.Table
    rows: pa.Array
    malformed: list[Malformed]


def open_table(source: Path | bytes, label: str) -> pq.ParquetFile:
    """Open a Parquet file.

    Raises:
        UserError: it is no whole Parquet file.
    """
    try:
        return pq.ParquetFile(source if isinstance(source, Path) else pa.BufferReader(source))
    except (pa.ArrowException, OSError) as error:
        raise _damaged(label, error) from None


def _damaged(label: str, error: Exception) -> UserError:
    why = str(error).splitlines()[0] if str(error) else type(error).__name__
    return UserError(f"is not a whole Parquet file ({why})", label, "fetch it again")


def typed_in_all(
    schemas: Sequence[pa.Schema], mapping: Mapping, found: Sequence[Table[str, int]]
) -> frozenset[str]:
    """The columns that stay typed: of the same type in every file of a supply, and taken so by the intake.

    Args:
        schemas: of the files.
        mapping: their mapping; a column that it does more with than reading becomes text.
        found: for each file, column -> its place.
    """
    out = set()
    for column in mapping.type.columns if schemas else ():
        if mapping.rule(column.name) != Rule() or not all(column.name in places for places in found):
            continue
        kept = {
            _kept(column, schema.field(places[column.name]).type)
            for schema, places in zip(schemas, found, strict=True)
        }
        if len(kept) == 1 and None not in kept:
            out.add(column.name)
    return frozenset(out)


def _kept(column: Column, of: pa.DataType) -> pa.DataType | None:
    """The type a column is handed on in, if it need not become text."""
    if column.type == "boolean" and pa.types.is_boolean(of):
        return pa.bool_()
    if column.type in ("integer", "duration") and pa.types.is_integer(of):
        return pa.int64()
    if column.type == "date" and pa.types.is_date(of):
        return pa.date32()
    if column.type == "instant" and pa.types.is_timestamp(of):
        return pa.timestamp("us", "UTC" if of.tz else None)
    return None


def read_rows(
    file: pq.ParquetFile,
    places: Table[str, int],
    mapping: Mapping,
    typed: frozenset[str],
    label: str,
    at_once: bool = False,
) -> Iterator[Rows]:
    """The rows of a Parquet file.

    Args:
        file: the file.
        places: name -> place of the column that is to stand under it.
        mapping: their mapping.
        typed: the columns that stay typed.
        label: the file's name, for errors.
        at_once: whether to give them in one piece.

    Raises:
        UserError: a column holds lists, tables or bytes, or the file is damaged.
    """
    columns = {c.name: c for c in mapping.type.columns}
    for name, place in places.items():
        _refuse_nested(file.schema_arrow.field(place), label)
        if name in typed:
            assert _kept(columns[name], file.schema_arrow.field(place).type) is not None
    begins = 1
    for batches in _pieces(file, places, label, at_once):
        table = pa.Table.from_batches(batches)
        yield _rows(table, places, file.schema_arrow, columns, typed, begins, label)
        begins += table.num_rows


def _refuse_nested(field: pa.Field, label: str) -> None:
    of = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if pa.types.is_nested(of):
        raise UserError(f"the column {field.name} holds lists or tables", label, "write one value a row")
    if pa.types.is_binary(of) or pa.types.is_large_binary(of) or pa.types.is_fixed_size_binary(of):
        raise UserError(f"the column {field.name} holds bytes, no text", label, "write it as text")


def _pieces(
    file: pq.ParquetFile, places: Table[str, int], label: str, at_once: bool
) -> Iterator[list[pa.RecordBatch]]:
    """Batches that make up one part each; one part without rows for a file without any."""
    names = list(dict.fromkeys(file.schema_arrow.field(place).name for place in places.values()))
    held: list[pa.RecordBatch] = []
    count = 0
    try:
        for batch in file.iter_batches(min(PART_ROWS, 1 << 16), columns=names):
            held.append(batch)
            count += batch.num_rows
            if count >= PART_ROWS and not at_once:
                yield held
                held, count = [], 0
    except (pa.ArrowException, OSError) as error:
        raise _damaged(label, error) from None
    if held or not file.metadata.num_rows:
        empty = pa.RecordBatch.from_pylist([], schema=pa.schema([file.schema_arrow.field(n) for n in names]))
        yield held or [empty]


def _rows(
    table: pa.Table,
    places: Table[str, int],
    schema: pa.Schema,
    columns: Table[str, Column],
    typed: frozenset[str],
    begins: int,
    label: str,
) -> Rows:
    out: dict[str, pa.ChunkedArray] = {}
    rows = pa.array(range(begins, begins + table.num_rows), pa.int64())
    wrong: dict[int, Malformed] = {}
    for name, place in places.items():
        values, column = table[schema.field(place).name], columns.get(name)
        if name in typed and column is not None:
            for at in _unreadable(values):
                text = str(as_text(values.slice(at, 1), label)[0])
                wrong.setdefault(
                    at,
                    Malformed(
                        begins + at, f"{name} cannot be read", "the file's own type goes further", text
                    ),
                )
            kept = _kept(column, values.type)
            out[name] = _cast(values, kept, wrong)
        else:
            out[name] = as_text(values, label, column is not None and column.type == "date")
    made = pa.table(out)
    if wrong:
        good = pa.array([at not in wrong for at in range(table.num_rows)], pa.bool_())
        made, rows = made.filter(good), rows.filter(good)
    return Rows(made, rows, [wrong[at] for at in sorted(wrong)])


def _unreadable(values: pa.ChunkedArray) -> list[int]:
    """Places of values that a file may hold typed and no text is read as: years 1 to 999, say."""
    of = values.type
    if pa.types.is_uint64(of):
        wrong = pc.greater(values, pa.scalar(_LARGEST, pa.uint64()))
    elif pa.types.is_date(of) or pa.types.is_timestamp(of):
        years = pc.year(values)
        wrong = pc.or_(pc.less(years, 1000), pc.greater(years, 9999))
    else:
        return []
    return [int(at) for at in pc.indices_nonzero(pc.fill_null(wrong, False)).to_pylist()]


def _cast(values: pa.ChunkedArray, to: pa.DataType | None, wrong: Table[int, Malformed]) -> pa.ChunkedArray:
    if wrong:
        good = pa.array([at not in wrong for at in range(len(values))], pa.bool_())
        values = pc.if_else(good, values, pa.scalar(None, values.type))
    # Below a microsecond nothing is kept, of texts neither.
    finer = pa.types.is_timestamp(values.type) and values.type.unit == "ns"
    return values.cast(to, safe=not finer)


def as_text(values: pa.ChunkedArray, label: str, of_date: bool = False) -> pa.ChunkedArray:
    """The values of a column as texts.

    Args:
        values: the column.
        label: the file's name, for errors.
        of_date: whether a time of midnight is no more than a way to write a day.

    Raises:
        UserError: it holds something that has no text.
    """
    of = values.type
    if pa.types.is_dictionary(of):
        return as_text(values.cast(of.value_type), label, of_date)
    if pa.types.is_floating(of):
        return _by_value(_as_doubles(values), _float_text)
    if pa.types.is_decimal(of):
        return _by_value(values, lambda number: format(number, "f"))
    if pa.types.is_timestamp(of):
        return _stamps(values, of_date)
    if pa.types.is_duration(of):
        per = _PER_SECOND[of.unit]
        return _by_value(values.cast(pa.int64()), lambda n: _float_text_of(n, per))
    if pa.types.is_date64(of):
        values = values.cast(pa.date32())
    try:
        text = values.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise UserError(f"holds a column of type {of}", label, _AS_CSV) from None
    return _without_zeros(text) if pa.types.is_time(of) else text


def _by_value(values: pa.ChunkedArray, text_of: Callable[[Any], str | None]) -> pa.ChunkedArray:
    """The texts of some values, each different one worked out once."""
    coded = values.combine_chunks()
    coded = (coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded).dictionary_encode()
    texts = [None if v is None else text_of(v) for v in coded.dictionary.to_pylist()]
    return pa.chunked_array([pa.array(texts, pa.string()).take(coded.indices)])


def _as_doubles(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Shorter floating-point numbers by their shortest text: 0.1, not 0.10000000149011612."""
    if pa.types.is_float64(values.type):
        return values
    return values.cast(pa.float32()).cast(pa.string()).cast(pa.float64())


def _float_text(number: float) -> str | None:
    if math.isnan(number):
        return None
    if abs(number) <= _EXACT and number == int(number):
        return str(int(number))
    return repr(number)


def _float_text_of(count: int, per: int) -> str:
    """So many parts of a second as seconds."""
    return str(count // per) if count % per == 0 else format(Decimal(count) / per, "f")


def _stamps(values: pa.ChunkedArray, of_date: bool) -> pa.ChunkedArray:
    """Times in ISO; with an offset where the file has a zone."""
    of = values.type
    zoned = of.tz is not None
    plain = values.cast(pa.timestamp(of.unit, "UTC")).cast(pa.timestamp(of.unit)) if zoned else values
    text = _without_zeros(plain.cast(pa.string()))
    if zoned:
        return pc.binary_join_element_wise(text, "+00:00", "")
    return pc.replace_substring_regex(text, " 00:00:00$", "") if of_date else text


def _without_zeros(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """Times without the zeros of a fraction that is none."""
    short = pc.replace_substring_regex(text, r"(\.\d*?)0+$", r"\1")
    return pc.replace_substring_regex(short, r"\.$", "")
