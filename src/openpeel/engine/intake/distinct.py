"""Reading a value once where it stands many times: grades, flags, places, codes.

Most columns of an extract hold few different values. Their texts are looked up in a dictionary first,
each text of the dictionary is typed by the same SQL as any other, and the typed values are put in the
places of the texts. What comes out is what typing every row would give, in a fraction of the time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from openpeel.engine.declare.records import STORED, Column, stored_as
from openpeel.engine.intake import values
from openpeel.engine.intake.canonical import UNIT_SEPARATOR, part_name, part_sql
from openpeel.engine.intake.mapping import Mapping, Rule
from openpeel.engine.intake.pseudonyms import KEYS, pseudonym_sql
from openpeel.engine.sql import quote, text

#: What a table holds of a column: a text to be read, or the stored values themselves.
TEXT, TYPED = "text", "typed"
#: A column is looked up if this many rows hold at most one different text in so many rows.
_SAMPLE, _REPEATS = 20_000, 4
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


def read_once(
    con: duckdb.DuckDBPyConnection, mapping: Mapping, raw: pa.Table
) -> tuple[pa.Table, dict[str, str]]:
    """The table with those columns typed whose values repeat.

    Returns:
        the table, and column -> what it holds of it. A typed column stands under the names it is
        stored by, with ``_bad_…`` where something is written that cannot be read.
    """
    held = kinds(mapping, raw)
    forces = pc.unique(raw["force"]).to_pylist()
    force = forces[0] if len(forces) == 1 else None  # a pseudonym depends on whose number it is
    columns = [
        c
        for c in mapping.type.columns
        if held[c.name] == TEXT and _may(c, mapping, force) and _repeats(raw[c.name])
    ]
    absent = [c for c in columns if _is_absent(raw[c.name]) and mapping.rule(c.name) == Rule()]
    columns = [c for c in columns if c not in absent]
    for column in absent:
        raw = _put(raw, column, _nothing(column, raw.num_rows))
        held[column.name] = TYPED
    with ThreadPoolExecutor(_THREADS) as threads:
        coded = list(threads.map(lambda c: _coded(raw[c.name]), columns))
        pairs = zip(columns, coded, strict=True)
        typed = [_typed(con, mapping, c, one.dictionary, force or "") for c, one in pairs]
        every = list(threads.map(lambda t, c: t.take(c.indices), typed, coded))
    for column, table in zip(columns, every, strict=True):
        raw = _put(raw, column, table)
        held[column.name] = TYPED
    return raw, held


def _may(column: Column, mapping: Mapping, force: str | None) -> bool:
    """Whether a column's value depends on the text under its own heading alone."""
    rule = mapping.rule(column.name)
    known = column.personal != "pseudonym" or force is not None
    return known and rule.constant is None and not rule.headings()


def _is_absent(texts: pa.ChunkedArray) -> bool:
    return bool(texts.null_count == len(texts))


def _nothing(column: Column, count: int) -> pa.Table:
    """What ``_typed`` would give, row by row, for a column that the file does not have."""
    names = stored_as(column) or [(column.name, STORED[column.type])]
    nulls = {name: pa.nulls(count, _ARROW[stored]) for name, stored in names}
    ready = {part_name(n): pa.repeat(UNIT_SEPARATOR + "-", count) for n in nulls if column.since == 1}
    false = pa.repeat(pa.scalar(False), count)
    return pa.table({**nulls, **ready, "bad": false, "control": false})


def _repeats(texts: pa.ChunkedArray) -> bool:
    if _is_absent(texts):
        return True
    sample = texts.slice(0, _SAMPLE)
    different: int = pc.count_distinct(sample, mode="all").as_py()
    return different * _REPEATS <= len(sample)


def _coded(texts: pa.ChunkedArray) -> pa.DictionaryArray:
    coded = pc.dictionary_encode(texts.combine_chunks(), null_encoding="encode")
    return coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded


def _typed(
    con: duckdb.DuckDBPyConnection, mapping: Mapping, column: Column, texts: pa.Array, force: str
) -> pa.Table:
    """The stored columns of one column for some texts, and whether each of these cannot be read."""
    con.register(
        "dictionary",
        pa.table({"_at": pa.array(range(len(texts)), pa.int64()), column.name: texts}),
    )
    was, said = quote("_was_" + column.name), quote("_said_" + column.name)
    sql = f"SELECT _at, {values.written(column, mapping)} AS {was} FROM dictionary"
    sql = f"SELECT _at, {values.translated(was, mapping.rule(column.name))} AS {said} FROM ({sql})"
    value = said
    if column.personal == "pseudonym":
        value = quote("_hashed_" + column.name)
        key = f"(SELECT _inner, _outer FROM {KEYS} WHERE force = {text(force)})"
        hashed = pseudonym_sql(column.stands_for, said)
        sql = f"SELECT _at, {said}, {hashed} AS {value} FROM ({sql}) LEFT JOIN {key} ON true"
    typed = values.typed(column, mapping, value)
    for step in (typed.read, typed.settled, typed.dated):
        sql = f"SELECT _at, {said}, {', '.join(f'{s} AS {quote(n)}' for n, s in step)} FROM ({sql})"
    names = [n for n, _ in stored_as(column)] or [column.name]
    control = (
        f"coalesce(regexp_matches({said}, {text(values.CONTROL)}), false)"
        if column.type == "text"
        else "false"
    )
    ready = [f"concat({part_sql(n)}) AS {quote(part_name(n))}" for n in names if column.since == 1]
    table = con.sql(
        f"SELECT {', '.join([*map(quote, names), *ready])}, "
        f"({said} IS NOT NULL AND {quote(names[-1])} IS NULL) AS bad, {control} AS control FROM ({sql}) ORDER BY _at"
    ).to_arrow_table()
    con.unregister("dictionary")
    return table


def _put(raw: pa.Table, column: Column, typed: pa.Table) -> pa.Table:
    raw = raw.drop_columns([column.name])
    for name in typed.column_names[:-2]:
        raw = raw.append_column(name, typed[name])
    # A control character in a text is told by the second look; here it is just something wrong.
    bad = pc.or_(typed["bad"], typed["control"])
    return raw.append_column("_bad_" + column.name, bad)
