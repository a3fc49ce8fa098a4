"""Reading a value once where it stands many times: grades, flags, places, codes.

Most columns of an extract hold few different values. Their values are looked up in a dictionary first,
each of the dictionary is typed by the same SQL as any other, and stands in its places by its number.
What comes out is what typing every row would give, in a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openpeel.engine.declare.records import STORED, Column, stored_as
from openpeel.engine.intake import values
from openpeel.engine.intake.canonical import UNIT_SEPARATOR, part_name, part_sql
from openpeel.engine.intake.mapping import Mapping, Rule
from openpeel.engine.intake.pseudonyms import KEYS, pseudonym_sql
from openpeel.engine.sql import quote, text

#: What a table holds of a column: a text to be read, or the stored values themselves (and ``_bad_…``, where
#: something stands that cannot be read), or those, and each could be read.
TEXT, TYPED, GOOD = "text", "typed", "good"
#: A column is looked up if this many rows hold at most one different text in so many rows.
_SAMPLE, _REPEATS = 20_000, 4
#: Parts of the canonical text of neighbours are put together while there are at most so many different ones.
_TOGETHER = 4_096
#: Longer dictionaries are not handed on as such.
_LONG = 20_000
_THREADS = 4
#: The types of stored columns in Arrow.
_ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "DECIMAL(18,6)": pa.decimal128(18, 6),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMP": pa.timestamp("us"),
    "DATE": pa.date32(),
}


@dataclass(frozen=True)
class Quick:
    """A table some of whose columns hold what is to be stored of them.

    Attributes:
        table: a typed column stands under the names it is stored by.
        kinds: column -> what the table holds of it.
        ready: stored column -> the column of the table that holds its part of a row's canonical text.
    """

    table: pa.Table
    kinds: dict[str, str]
    ready: dict[str, str]


@dataclass(frozen=True)
class _Once:
    """One column: its different values as they are stored, and which of them each row has.

    ``places`` is ``None`` where there is one value alone. ``parts`` are those of the canonical text.
    """

    stored: pa.Table
    wrong: pa.Array
    parts: pa.Array
    places: np.ndarray | None


def kinds(mapping: Mapping, raw: pa.Table) -> dict[str, str]:
    """Column -> what the table holds of it: ``text``, or a type that the file itself gave."""
    return {c.name: _kind(raw.schema.field(c.name).type) for c in mapping.type.columns}


def _kind(of: pa.DataType) -> str:
    if pa.types.is_boolean(of):
        return "boolean"
    if pa.types.is_integer(of):
        return "integer"
    if pa.types.is_date(of):
        return "date"
    if pa.types.is_timestamp(of):
        return "moment" if of.tz else "local"
    return TEXT


def read_once(con: duckdb.DuckDBPyConnection, mapping: Mapping, raw: pa.Table) -> Quick:
    """The table with those columns typed whose values repeat."""
    held = kinds(mapping, raw)
    forces = pc.unique(raw["force"]).to_pylist()
    force = forces[0] if len(forces) == 1 else None  # a pseudonym depends on whose number it is
    columns = [c for c in mapping.type.columns if _may(c, mapping, held[c.name], force)]
    columns = [c for c in columns if _repeats(raw[c.name]) or _worth_hashing_once(c, raw[c.name])]
    absent = {c.name for c in columns if _is_absent(raw[c.name]) and mapping.rule(c.name) == Rule()}
    once = {c.name: _nothing(c) for c in columns if c.name in absent}
    columns = [c for c in columns if c.name not in absent]
    with ThreadPoolExecutor(_THREADS) as threads:
        coded = list(threads.map(lambda c: _coded(raw[c.name]), columns))
    for column, one in zip(columns, coded, strict=True):
        once[column.name] = _typed(con, mapping, column, held[column.name], one, force or "")
    for column in mapping.type.columns:
        if column.name in once:
            raw = _put(raw, column, once[column.name])
            held[column.name] = TYPED if pc.any(once[column.name].wrong).as_py() else GOOD
    first = [c for c in mapping.type.columns if c.since == 1 and stored_as(c)]
    return Quick(*_with_parts(raw, first, once, held))


def _may(column: Column, mapping: Mapping, kind: str, force: str | None) -> bool:
    """Whether a column's value depends on what stands under its own heading alone."""
    if kind != TEXT:
        return kind not in ("local", "moment") and values.of_arrow(column, mapping, kind, "") is not None
    rule = mapping.rule(column.name)
    known = column.personal != "pseudonym" or force is not None
    return known and rule.constant is None and not rule.headings()


def _is_absent(texts: pa.ChunkedArray) -> bool:
    return bool(texts.null_count == len(texts))


def _nothing(column: Column) -> _Once:
    """What ``_typed`` would give for a column that the file does not have."""
    names = stored_as(column) or [(column.name, STORED[column.type])]
    stored = pa.table({name: pa.nulls(1, _ARROW[of]) for name, of in names})
    parts = pa.array([(UNIT_SEPARATOR + "-") * len(names)], pa.string())
    return _Once(stored, pa.array([False]), parts, None)


def _repeats(texts: pa.ChunkedArray) -> bool:
    if _is_absent(texts):
        return True
    sample = texts.slice(0, _SAMPLE)
    different: int = pc.count_distinct(sample, mode="all").as_py()
    return different * _REPEATS <= len(sample)


def _worth_hashing_once(column: Column, texts: pa.ChunkedArray) -> bool:
    """Whether numbers of persons repeat so often that not to hash them again pays; a keyed hash costs most.

    How many different ones there are is told from how few of a sample are the same.
    """
    if column.personal != "pseudonym" or len(texts) <= _SAMPLE:
        return False
    same = _SAMPLE - pc.count_distinct(texts.slice(0, _SAMPLE), mode="all").as_py()
    return bool(same * 2 * len(texts) >= _SAMPLE * _SAMPLE)


def _coded(texts: pa.ChunkedArray) -> pa.DictionaryArray:
    coded = pc.dictionary_encode(texts.combine_chunks(), null_encoding="encode")
    return coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded


def _typed(
    con: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    column: Column,
    kind: str,
    coded: pa.DictionaryArray,
    force: str,
) -> _Once:
    """One column, each of its different values typed as any other."""
    found = coded.dictionary
    con.register(
        "dictionary",
        pa.table({"_at": pa.array(range(len(found)), pa.int64()), column.name: found}),
    )
    was, said = quote("_was_" + column.name), quote("_said_" + column.name)
    typed, wrong = values.of_arrow(column, mapping, kind, said), "false"
    if typed is not None:
        sql = f"SELECT _at, {quote(column.name)} AS {said} FROM dictionary"
    else:
        sql = f"SELECT _at, {values.written(column, mapping)} AS {was} FROM dictionary"
        sql = f"SELECT _at, {values.translated(was, mapping.rule(column.name))} AS {said} FROM ({sql})"
        value = said
        if column.personal == "pseudonym":
            value = quote("_hashed_" + column.name)
            key = f"(SELECT _inner, _outer FROM {KEYS} WHERE force = {text(force)})"
            hashed = pseudonym_sql(column.stands_for, said)
            sql = f"SELECT _at, {said}, {hashed} AS {value} FROM ({sql}) LEFT JOIN {key} ON true"
        typed = values.typed(column, mapping, value)
        # A control character in a text is told by the second look; here it is just something wrong.
        control = f"coalesce(regexp_matches({said}, {text(values.CONTROL)}), false)"
        wrong = f"{said} IS NOT NULL AND {_last(column)} IS NULL" + (
            f" OR {control}" if column.type == "text" else ""
        )
    for step in (typed.read, typed.settled, typed.dated):
        sql = f"SELECT _at, {said}, {', '.join(f'{s} AS {quote(n)}' for n, s in step)} FROM ({sql})"
    names = _names(column)
    table = con.sql(
        f"SELECT {', '.join(map(quote, names))}, {wrong} AS _wrong, "
        f"concat({', '.join(map(part_sql, names))}) AS _parts FROM ({sql}) ORDER BY _at"
    ).to_arrow_table()
    con.unregister("dictionary")
    wrongs, parts = (table[name].combine_chunks() for name in ("_wrong", "_parts"))
    return _Once(table.select(names), wrongs, parts, coded.indices.to_numpy())


def _names(column: Column) -> list[str]:
    """What a column is stored as; of an identity, what the sealed store keeps."""
    return [n for n, _ in stored_as(column)] or [column.name]


def _last(column: Column) -> str:
    return quote(_names(column)[-1])


def _put(raw: pa.Table, column: Column, once: _Once) -> pa.Table:
    raw = raw.drop_columns([column.name])
    for name in once.stored.column_names:
        raw = raw.append_column(name, _spread(once.stored[name], once.places, raw.num_rows))
    if pc.any(once.wrong).as_py():
        assert once.places is not None
        raw = raw.append_column("_bad_" + column.name, once.wrong.take(pa.array(once.places)))
    return raw


def _spread(held: pa.Array | pa.ChunkedArray, places: np.ndarray | None, count: int) -> pa.Array:
    """A few values in the places of many rows."""
    one = held.combine_chunks() if isinstance(held, pa.ChunkedArray) else held
    if places is None and one.null_count:
        return pa.nulls(count, one.type)
    at = pa.array(np.zeros(count, np.int32) if places is None else places)
    return pa.DictionaryArray.from_arrays(at, one)


def spelt_out(table: pa.Table) -> pa.Table:
    """The table without dictionaries that are longer than is good: DuckDB reads one anew for every stretch."""
    with ThreadPoolExecutor(_THREADS) as threads:
        columns = list(threads.map(_spelt_out, table.columns))
    return pa.table(columns, names=table.column_names)


def _spelt_out(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_dictionary(column.type) or all(len(one.dictionary) <= _LONG for one in column.chunks):
        return column
    return pa.chunked_array([one.dictionary.take(one.indices) for one in column.chunks])


def _with_parts(
    raw: pa.Table, columns: Sequence[Column], once: dict[str, _Once], held: dict[str, str]
) -> tuple[pa.Table, dict[str, str], dict[str, str]]:
    """Beside the table, the parts of the canonical text, those of neighbours together."""
    ready: dict[str, str] = {}
    run: list[Column] = []

    def end() -> None:
        nonlocal raw
        # Of a long one the parts are sooner made where they are needed than looked up.
        if run and size <= _LONG:
            name = part_name(run[0].name)
            parts, places = _together([once[c.name] for c in run])
            raw = raw.append_column(name, _spread(parts, places, raw.num_rows))
            ready.update((n, name) for c in run for n, _ in stored_as(c))
        run.clear()

    size = 1
    for column in columns:
        if column.name not in once:
            end()
            continue
        many = len(once[column.name].parts)
        if run and size * many > min(_TOGETHER, raw.num_rows):
            end()
        size = many * (size if run else 1)
        run.append(column)
    end()
    return raw, held, ready


def _together(every: Sequence[_Once]) -> tuple[pa.Array, np.ndarray | None]:
    """The parts of some columns put together, each combination once, and which of them each row has."""
    parts, places = every[0].parts, every[0].places
    for one in every[1:]:
        before, many = len(parts), len(one.parts)
        left = parts.take(pa.array(np.repeat(np.arange(before), many)))
        right = one.parts.take(pa.array(np.tile(np.arange(many), before)))
        parts = pc.binary_join_element_wise(left, right, "")
        if places is None:
            places = one.places
        elif one.places is not None:
            places = places * np.int32(many) + one.places
    return parts, places
