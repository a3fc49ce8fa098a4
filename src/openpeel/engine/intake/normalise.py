"""From strings to typed rows: every row is either accepted or set aside with a reason.

Blank is unknown; a value that cannot be read is not made blank, it sets its row aside.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from openpeel.engine import clock
from openpeel.engine.declare.expressions import Name, parse
from openpeel.engine.declare.records import Column, RecordType, date_of
from openpeel.engine.intake.canonical import row_hash_sql
from openpeel.engine.intake.mapping import BLANK_WORDS, FALSE_WORDS, TRUE_WORDS, Mapping, Part
from openpeel.engine.sql import quote, text, texts

#: Temporary tables this module fills: typed rows of all parts, and the rows set aside.
SUPPLIED, SET_ASIDE = "supplied", "set_aside"

_DAY = r"^[1-9]\d{3}-\d{2}-\d{2}$"
_STAMP = _DAY[:-1] + r"[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?"
_OFFSET = r"(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)$"
_NUMBER = r"^[+-]?((\d+|\d{1,3}(,\d{3})+)(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
_WHOLE = r"^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.0+)?$"
_SPACE = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279)"


def create_tables(con: duckdb.DuckDBPyConnection, record_type: RecordType) -> None:
    """Make the two empty tables that ``normalise`` fills."""
    columns = ", ".join(f"{quote(n)} {t}" for n, t in record_type.stored())
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {SUPPLIED} "
        f"(part INTEGER, row BIGINT, month INTEGER, {columns}, row_hash VARCHAR)"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {SET_ASIDE} "
        "(part INTEGER, row BIGINT, reason VARCHAR, detail VARCHAR, text VARCHAR)"
    )


def normalise(con: duckdb.DuckDBPyConnection, mapping: Mapping, parts: Sequence[tuple[int, Part]]) -> None:
    """Type and check the rows of some parts, appending to the two tables.

    Args:
        con: a connection on which ``create_tables`` has run.
        mapping: the parts' mapping.
        parts: part number and part.
    """
    raw = pa.concat_tables([_raw_table(mapping, number, part) for number, part in parts])
    con.register("raw_rows", raw)
    con.execute(f"CREATE OR REPLACE TEMP TABLE checked AS {_checked_sql(mapping)}")
    con.unregister("raw_rows")
    names = [n for n, _ in mapping.type.stored()]
    con.execute(
        f"INSERT INTO {SUPPLIED} SELECT part, row, month, {', '.join(map(quote, names))}, "
        f"{row_hash_sql(mapping.type)} FROM checked WHERE reason IS NULL"
    )
    con.execute(
        f"INSERT INTO {SET_ASIDE} SELECT part, row, reason[1], reason[2], text "
        "FROM checked WHERE reason IS NOT NULL"
    )
    con.execute("DROP TABLE checked")
    _set_aside_malformed(con, parts)


def _set_aside_malformed(con: duckdb.DuckDBPyConnection, parts: Sequence[tuple[int, Part]]) -> None:
    rows = [
        {"part": number, "row": m.row, "reason": m.reason, "detail": m.detail, "text": m.text}
        for number, part in parts
        for m in part.malformed
    ]
    if rows:
        con.register("malformed_rows", pa.Table.from_pylist(rows))
        con.execute(f"INSERT INTO {SET_ASIDE} SELECT part, row, reason, detail, text FROM malformed_rows")
        con.unregister("malformed_rows")


def _raw_table(mapping: Mapping, number: int, part: Part) -> pa.Table:
    """The part's strings with its number, row numbers, force and months beside them."""
    count = part.table.num_rows
    columns: dict[str, pa.Array] = {
        "_part": pa.repeat(pa.scalar(number, pa.int32()), count),
        "_row": part.rows,
        "_first": pa.repeat(pa.scalar(part.first, pa.int32()), count),
        "_last": pa.repeat(pa.scalar(part.last, pa.int32()), count),
    }
    if "force" in part.table.column_names:
        columns["force"] = part.table["force"]
    else:
        columns["force"] = pa.repeat(pa.scalar(part.force, pa.string()), count)
    for column in mapping.type.columns:
        if column.name in part.table.column_names:
            columns[column.name] = part.table[column.name]
        else:
            columns[column.name] = pa.nulls(count, pa.string())
    return pa.table(columns)


def _checked_sql(mapping: Mapping) -> str:
    """One query: clean the strings, type them, and name the first reason against each row."""
    record_type = mapping.type
    columns = record_type.columns
    clean = ", ".join(f"{_clean(quote(c.name))} AS {quote(c.name)}" for c in columns)
    typed = ", ".join(part for c in columns for part in _typed(c, mapping))
    rules = ", ".join(f"{sql} AS {quote('_rule_' + str(i))}" for i, sql in enumerate(_rules(record_type)))
    month = clock.month_sql(quote(record_type.anchor_date()))
    return f"""
        WITH cleaned AS (
            SELECT _part, _row, _first, _last, force, {clean},
                   {_holds_control(record_type)} AS _control, {_as_text(record_type)} AS _text
            FROM raw_rows
        ), typed AS (
            SELECT _part, _row, _first, _last, force, _control, _text,
                   {", ".join(f"{quote(c.name)} AS {quote('_was_' + c.name)}" for c in columns)},
                   {typed}
            FROM cleaned
        ), ruled AS (
            SELECT *, {month} AS month{", " + rules if rules else ""} FROM typed
        )
        SELECT _part AS part, _row AS row, month, force,
               {", ".join(quote(n) for n, _ in record_type.stored() if n != "force")},
               _text AS text, {_reason(record_type)} AS reason
        FROM ruled
    """


def _clean(column: str) -> str:
    trimmed = f"trim({column}, {_SPACE})"
    return f"CASE WHEN upper({trimmed}) IN ({texts(BLANK_WORDS)}) THEN NULL ELSE {trimmed} END"


def _holds_control(record_type: RecordType) -> str:
    every = ", ".join(f"coalesce({quote(c.name)}, '')" for c in record_type.columns)
    return f"regexp_matches(concat({every}), '[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]')"


def _as_text(record_type: RecordType) -> str:
    fields = ", ".join(f"{text(c.name)}: {quote(c.name)}" for c in record_type.columns)
    return f"{{{fields}}}::JSON::VARCHAR"


def _typed(column: Column, mapping: Mapping) -> list[str]:
    """SQL that types one cleaned column; an unreadable value gives NULL (and is noticed later)."""
    name = quote(column.name)
    if column.type == "instant":
        return _typed_instant(column, mapping)
    if column.type == "text" and column.allowed:
        cases = " ".join(f"WHEN {text(a.lower())} THEN {text(a)}" for a in column.allowed)
        return [f"CASE lower({name}) {cases} END AS {name}"]
    if column.type == "text":
        return [f"{name} AS {name}"]
    if column.type == "boolean":
        yes, no = (f"WHEN lower({name}) IN ({texts(words)})" for words in (TRUE_WORDS, FALSE_WORDS))
        return [f"CASE {yes} THEN true {no} THEN false END AS {name}"]
    if column.type == "date":
        return [f"CASE WHEN regexp_matches({name}, '{_DAY}') THEN try_cast({name} AS DATE) END AS {name}"]
    pattern, stored = (_NUMBER, "DECIMAL(18,6)") if column.type == "number" else (_WHOLE, "BIGINT")
    digits = f"replace({name}, ',', '')"
    value = f"try_cast(try_cast({digits} AS DECIMAL(38,10)) AS {stored})"
    return [f"CASE WHEN regexp_matches({name}, '{pattern}') THEN {value} END AS {name}"]


def _typed_instant(column: Column, mapping: Mapping) -> list[str]:
    name = quote(column.name)
    with_offset = (
        f"CASE WHEN regexp_matches({name}, '{_STAMP}{_OFFSET}') THEN try_cast({name} AS TIMESTAMPTZ)"
    )
    plain = f"regexp_matches({name}, '{_STAMP}$')"
    if mapping.zone == "UTC":
        with_offset += f" WHEN {plain} THEN timezone('UTC', try_cast({name} AS TIMESTAMP))"
    elif mapping.zone == "local":
        with_offset += f" WHEN {plain} THEN {_local_instant(name)}"
    instant = f"({with_offset} END)"
    day = f"CASE WHEN regexp_matches({name}, '{_DAY}') THEN try_cast({name} AS DATE) END"
    return [
        f"timezone('UTC', {instant}) AS {name}",
        f"coalesce({clock.local_date_sql(instant)}, {day}) AS {quote(date_of(column.name))}",
    ]


def _local_instant(name: str) -> str:
    """A local time as an instant: the first of two in October, none for the hour lost in March."""
    local = f"try_cast({name} AS TIMESTAMP)"
    instant = f"timezone('{clock.ZONE}', {local})"
    earlier = f"({instant} - INTERVAL 1 HOUR)"
    return (
        f"(CASE WHEN timezone('{clock.ZONE}', {instant}) <> {local} THEN NULL "
        f"WHEN timezone('{clock.ZONE}', {earlier}) = {local} THEN {earlier} ELSE {instant} END)"
    )


def _rules(record_type: RecordType) -> list[str]:
    names = {c.name: Name(c.type, c.allowed) for c in record_type.columns}
    return [
        parse(rule.condition, names, "boolean", f"{record_type.id}: rule {rule.id}")
        for rule in record_type.rules
    ]


def _reason(record_type: RecordType) -> str:
    """SQL for [reason, detail] of the first thing wrong with a row, or NULL."""
    was_all_blank = " AND ".join(f"{quote('_was_' + c.name)} IS NULL" for c in record_type.columns)
    cases = [
        f"WHEN {was_all_blank} THEN ['the row is empty', '']",
        "WHEN _control THEN ['holds a control character', '']",
    ]
    for c in record_type.columns:
        was, is_ = quote("_was_" + c.name), quote(date_of(c.name) if c.type == "instant" else c.name)
        shown = f"{text(c.name + ' reads ')} || left({was}, 60)"
        cases.append(f"WHEN {was} IS NOT NULL AND {is_} IS NULL THEN ['{c.name} cannot be read', {shown}]")
        if c.required:
            cases.append(f"WHEN {is_} IS NULL THEN ['{c.name} is blank', '']")
        if c.low is not None:
            cases.append(f"WHEN {is_} < {c.low} THEN ['{c.name} is too small', {shown}]")
        if c.high is not None:
            cases.append(f"WHEN {is_} > {c.high} THEN ['{c.name} is too large', {shown}]")
    for i, rule in enumerate(record_type.rules):
        cases.append(f"WHEN NOT {quote('_rule_' + str(i))} THEN [{text(rule.message)}, {text(rule.id)}]")
    cases.append("WHEN force IS NULL OR force = '' THEN ['the force is not known', '']")
    cases.append("WHEN month IS NULL THEN ['the date is not known', '']")
    cases.append(
        "WHEN month < _first OR month > _last THEN ['outside the months of the file', "
        "'belongs to ' || (month // 12) || '-' || lpad(CAST(month % 12 + 1 AS VARCHAR), 2, '0')]"
    )
    return f"CASE {' '.join(cases)} END"
