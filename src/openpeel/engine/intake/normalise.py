"""From a file's values to typed rows: every row is either accepted or set aside with a reason.

Blank is unknown; a value that cannot be read is not made blank, it sets its row aside. A value that
stands in a column many times is read once (``distinct.py``); rows with something wrong are looked at
a second time, for the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Mapping_
from concurrent.futures import ThreadPoolExecutor

import duckdb
import numpy as np
import pyarrow as pa

from openpeel.engine import clock
from openpeel.engine.declare.expressions import parse
from openpeel.engine.declare.records import STORED, Column, RecordType, date_of
from openpeel.engine.derive.names import columns_of
from openpeel.engine.intake import distinct, values
from openpeel.engine.intake.canonical import row_hash_sql
from openpeel.engine.intake.instants import read_at_once
from openpeel.engine.intake.looks import UNKNOWN, Look, look
from openpeel.engine.intake.mapping import HEADING, Condition, Mapping, Part
from openpeel.engine.intake.order import put_in_order
from openpeel.engine.intake.pseudonyms import KEYS, pseudonym_sql
from openpeel.engine.sql import quote, text, texts

#: Temporary tables this module fills: typed rows of all parts, and the rows set aside.
SUPPLIED, SET_ASIDE = "supplied", "set_aside"
#: Temporary tables of the keys of records to delete, and of what is to be sealed of accepted rows.
DELETED, IDENTITIES = "deleted_keys", "identities_supplied"
#: Reason of rows that say their record is gone: the deletion is done, the row itself is no record.
GONE = "says that the record is gone"
#: What stands in place of a text that may hold what is kept in the sealed store alone.
KEPT_BACK = "(kept back: it may identify somebody; see the row in the file)"
#: What need not be typed any more.
_READY = (distinct.TYPED, distinct.GOOD)
_THREADS = 2
#: Columns that every row has of its own while it is checked.
_OWN = ("_part", "_row", "_first", "_last", "force")


def create_tables(con: duckdb.DuckDBPyConnection, record_type: RecordType) -> None:
    """Make the two empty tables that ``normalise`` fills, and an empty one for the keys of pseudonyms."""
    columns = ", ".join(f"{quote(n)} {t}" for n, t in record_type.stored())
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {SUPPLIED} "
        f"(part INTEGER, row BIGINT, month INTEGER, {columns}, row_hash VARCHAR)"
    )
    if record_type.identities():
        held = ", ".join(f"{quote(c.name)} {t}" for c, t in _sealed_with(record_type))
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {IDENTITIES} (part INTEGER, row BIGINT, force VARCHAR, {held})"
        )
    con.execute(f"CREATE OR REPLACE TEMP TABLE {KEYS} (force VARCHAR, _inner BLOB, _outer BLOB)")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {SET_ASIDE} "
        "(part INTEGER, row BIGINT, reason VARCHAR, detail VARCHAR, text VARCHAR)"
    )


def normalise(con: duckdb.DuckDBPyConnection, mapping: Mapping, parts: Sequence[tuple[int, Part]]) -> None:
    """Type and check the rows of some parts, appending to the two tables.

    Args:
        con: a connection on which ``create_tables`` has run and, where the parts hold pseudonyms, the
            table of keys is there.
        mapping: the parts' mapping.
        parts: part number and part; parts in one call have columns of the same types.
    """
    raw = pa.concat_tables(
        [_raw_table(mapping, number, part) for number, part in parts], promote_options="default"
    )
    quick, looks = _made_quick(con, mapping, raw)
    kinds = quick.kinds
    con.register("raw_rows", distinct.spelt_out(quick.table))
    names = [n for n, _ in mapping.type.stored()]
    # Pushed down, the condition would have every value worked out a second time; and to make a join of each
    # list of words takes seconds of planning for a wide type, however few the rows.
    con.execute("SET disabled_optimizers = 'filter_pushdown,in_clause'")
    taken = con.execute(
        f"INSERT INTO {SUPPLIED} SELECT _part, _row, month, {', '.join(map(quote, names))}, "
        f"{row_hash_sql(mapping.type, quick.ready)} FROM ({_ruled_sql(mapping, kinds, looks)}) "
        f"WHERE NOT ({_wrong(mapping, kinds, looks)})"
    ).fetchall()[0][0]
    con.execute("RESET disabled_optimizers")
    if mapping.type.identities():
        listed = ", ".join(quote(c.name) for c, _ in _sealed_with(mapping.type))
        con.execute(
            f"INSERT INTO {IDENTITIES} SELECT _part, _row, force, {listed} "
            f"FROM ({_ruled_sql(mapping, kinds, looks)})"
        )
    con.unregister("raw_rows")
    if taken < raw.num_rows:
        _set_aside_wrong(con, mapping, raw, [number for number, _ in parts])
    _set_aside_malformed(con, mapping, parts)


def _made_quick(
    con: duckdb.DuckDBPyConnection, mapping: Mapping, raw: pa.Table
) -> tuple[distinct.Quick, dict[str, Look]]:
    """The table with what a short way is known for typed, in order if that is sooner, and how its texts look."""
    quick = distinct.read_once(con, mapping, raw)
    looks = _looks(quick)
    anchor = mapping.type.anchor
    others = [c.name for c in mapping.type.columns if c.name != anchor]
    # The anchor first, by which rows are put in order: what is made of the other times is longer than they are.
    quick = put_in_order(con, mapping.type, read_at_once(mapping, quick, looks, [anchor]))
    return read_at_once(mapping, quick, looks, others), looks


def _looks(quick: distinct.Quick) -> dict[str, Look]:
    """What the texts of each column look like that is still to be read."""
    texts = [name for name, kind in quick.kinds.items() if kind == distinct.TEXT]
    with ThreadPoolExecutor(_THREADS) as threads:
        return dict(zip(texts, threads.map(lambda name: look(quick.table[name]), texts), strict=True))


def _set_aside_wrong(
    con: duckdb.DuckDBPyConnection, mapping: Mapping, raw: pa.Table, numbers: list[int]
) -> None:
    """Look at the rows that were not taken a second time: for the reason, and for the row as text."""
    con.register("looked_at", raw.take(_left(con, raw, numbers)))
    con.execute("SET disabled_optimizers = 'in_clause'")
    kinds = distinct.kinds(mapping, raw)
    if mapping.gone:
        keys = ", ".join(map(quote, ("force", *mapping.type.key)))
        con.execute(
            f"INSERT INTO {DELETED} SELECT DISTINCT {keys} "
            f"FROM ({_ruled_sql(mapping, kinds, {}, 'looked_at')}) WHERE {_gone(mapping)}"
        )
    reason = f"coalesce({_reason(mapping, kinds)}, ['cannot be read', ''])"
    con.execute(
        f"INSERT INTO {SET_ASIDE} SELECT _part, _row, reason[1], reason[2], _text FROM "
        f"(SELECT _part, _row, _text, {reason} AS reason FROM ({_ruled_sql(mapping, kinds, {}, 'looked_at', True)}))"
    )
    con.execute("RESET disabled_optimizers")
    con.unregister("looked_at")


def _left(con: duckdb.DuckDBPyConnection, raw: pa.Table, numbers: list[int]) -> pa.Array:
    """The places of the rows of some parts that were not taken."""
    parts, rows = (raw[name].to_numpy() for name in ("_part", "_row"))
    left = np.ones(raw.num_rows, bool)
    for number in numbers:
        at = np.flatnonzero(parts == number)
        taken = con.sql(f"SELECT row FROM {SUPPLIED} WHERE part = {number}").to_arrow_table()
        left[at] = ~np.isin(rows[at], taken["row"].to_numpy(), kind="table")
    return pa.array(np.flatnonzero(left))


def _set_aside_malformed(
    con: duckdb.DuckDBPyConnection, mapping: Mapping, parts: Sequence[tuple[int, Part]]
) -> None:
    hidden = any(c.personal in ("identity", "pseudonym") for c in mapping.type.columns)
    rows = [
        {
            "part": number,
            "row": m.row,
            "reason": m.reason,
            "detail": m.detail,
            "text": KEPT_BACK if hidden and _has_persons(mapping, part) else m.text,
        }
        for number, part in parts
        for m in part.malformed
    ]
    if rows:
        con.register("malformed_rows", pa.Table.from_pylist(rows))
        con.execute(f"INSERT INTO {SET_ASIDE} SELECT part, row, reason, detail, text FROM malformed_rows")
        con.unregister("malformed_rows")


def _has_persons(mapping: Mapping, part: Part) -> bool:
    """Whether a part holds numbers or names of persons."""
    personal = [c.name for c in mapping.type.columns if c.personal in ("identity", "pseudonym")]
    return any(name in part.table.column_names or mapping.rule(name).join for name in personal)


def _sealed_with(record_type: RecordType) -> list[tuple[Column, str]]:
    """The pseudonyms of a type and its identities, with their SQL types."""
    return [(c, STORED[c.type]) for c in record_type.columns if c.personal in ("identity", "pseudonym")]


def _raw_table(mapping: Mapping, number: int, part: Part) -> pa.Table:
    """The part's values with its number, row numbers, force and months beside them."""
    count = part.table.num_rows
    have = part.table.column_names
    columns: dict[str, pa.Array] = {
        "_part": pa.repeat(pa.scalar(number, pa.int32()), count),
        "_row": part.rows,
        "_first": pa.repeat(pa.scalar(part.first, pa.int32()), count),
        "_last": pa.repeat(pa.scalar(part.last, pa.int32()), count),
        "force": part.table["force"] if "force" in have else pa.repeat(pa.scalar(part.force), count),
    }
    wanted = [*(c.name for c in mapping.type.columns), *(HEADING + h for h in mapping.others())]
    for name in wanted:
        columns[name] = part.table[name] if name in have else pa.nulls(count, pa.string())
    return pa.table(columns)


class _Steps:
    """A query in steps, each of which may use the names of those before it."""

    def __init__(self, source: str) -> None:
        self.sql, self._made = f"SELECT * FROM {source}", set[str]()

    def add(self, new: Iterable[tuple[str, str]], instead: Iterable[str] = ()) -> None:
        """Another step: more columns, some of them in place of older ones."""
        columns = list(new)
        if not columns:
            return
        gone = sorted(({n for n, _ in columns} & self._made) | set(instead))
        all_but = f"* EXCLUDE ({', '.join(map(quote, gone))})" if gone else "*"
        listed = ", ".join(f"{sql} AS {quote(name)}" for name, sql in columns)
        self.sql = f"SELECT {all_but}, {listed} FROM ({self.sql})"
        self._made |= {n for n, _ in columns}


def _ruled_sql(
    mapping: Mapping,
    kinds: Mapping_[str, str],
    looks: Mapping_[str, Look],
    source: str = "raw_rows",
    explain: bool = False,
) -> str:
    """Rows of ``source`` cleaned, translated and typed, with their month and what the row rules say.

    Args:
        mapping: the parts' mapping.
        kinds: column -> what the source holds of it, as ``distinct.kinds`` says.
        looks: column -> what its texts look like, where that was looked at.
        source: a table.
        explain: whether to add the row as text.
    """

    def at(column: Column) -> Look:
        plain = not (mapping.rule(column.name).join or mapping.rule(column.name).constant)
        return looks.get(column.name, UNKNOWN) if plain else UNKNOWN

    columns = [c for c in mapping.type.columns if kinds[c.name] not in _READY]
    steps = _Steps(source)
    steps.add((f"_bad_{name}", "false") for name, kind in kinds.items() if kind == distinct.GOOD)
    if explain:
        steps.add([("_text", _as_text(mapping))])
    as_texts = [c for c in columns if values.of_arrow(c, mapping, kinds[c.name], "") is None]
    steps.add((f"_was_{c.name}", values.written(c, mapping, at(c))) for c in as_texts)
    steps.add((f"_said_{c.name}", _said(c, mapping)) for c in as_texts)
    typed = [_typed(c, mapping, kinds[c.name], at(c)) for c in columns]
    if any(c.personal == "pseudonym" for c in as_texts):
        steps.sql = f"SELECT * FROM ({steps.sql}) LEFT JOIN {KEYS} USING (force)"
    steps.add((t for one in typed for t in one.read), [c.name for c in columns])
    steps.add(t for one in typed for t in one.settled)
    steps.add(t for one in typed for t in one.dated)
    rules = [(f"_rule_{i}", sql) for i, sql in enumerate(_rules(mapping.type))]
    bad = [(f"_bad_{c.name}", _bad(c, mapping, kinds[c.name])) for c in columns]
    steps.add([("month", clock.month_sql(quote(mapping.type.anchor_date()))), *rules, *bad])
    return steps.sql


def _said(column: Column, mapping: Mapping) -> str:
    return values.translated(quote("_was_" + column.name), mapping.rule(column.name))


def _typed(column: Column, mapping: Mapping, kind: str, look: Look) -> values.Typed:
    held = values.of_arrow(column, mapping, kind, quote(column.name))
    if held is not None:
        return held
    said = quote("_said_" + column.name)
    if column.personal == "pseudonym":
        said = pseudonym_sql(column.stands_for, said)
    return values.typed(column, mapping, said, look)


def _held(column: Column) -> str:
    """What is looked at to see whether a value could be read: of an instant, at least its day is known."""
    return quote(date_of(column.name) if column.type == "instant" else column.name)


def _bad(column: Column, mapping: Mapping, kind: str) -> str:
    """SQL for: something stands there, and it cannot be read."""
    if values.of_arrow(column, mapping, kind, "") is not None:
        # Typed by the file: only a time without a zone can be lost, where none was stated or it never was.
        lost = f"{quote('_given_' + column.name)} IS NOT NULL AND {_held(column)} IS NULL"
        return lost if column.type == "instant" else "false"
    rule = mapping.rule(column.name)
    written = f"{quote('_said_' + column.name)} IS NOT NULL"
    if rule.plus_seconds:
        added = values.clean(quote(HEADING + rule.plus_seconds), mapping)
        written = f"{written} AND {added} IS NOT NULL"
    return f"CASE WHEN {_held(column)} IS NOT NULL THEN false ELSE {written} END"


def _control(columns: Sequence[Column]) -> str:
    """SQL for: a text of these columns holds a control character.

    Only free texts can hold one unnoticed; what is read as anything else cannot be read with it.
    """
    tests = [
        f"coalesce(regexp_matches({quote('_was_' + c.name)}, {text(values.CONTROL)}), false)" for c in columns
    ]
    return " OR ".join(tests) or "false"


def _as_text(mapping: Mapping) -> str:
    """SQL for a row as text, as it was supplied; what may identify somebody is kept back."""
    columns = mapping.type.columns
    fields = ", ".join(f"{text(c.name)}: {_shown(c)}" for c in columns)
    return f"{{{fields}}}::JSON::VARCHAR"


def _shown(column: Column) -> str:
    name = f"CAST({quote(column.name)} AS VARCHAR)"
    hidden = column.personal in ("identity", "pseudonym")
    return f"CASE WHEN {name} IS NOT NULL THEN {text(KEPT_BACK)} END" if hidden else name


def _rules(record_type: RecordType) -> list[str]:
    names = columns_of(record_type)
    return [
        parse(rule.condition, names, "boolean", f"{record_type.id}: rule {rule.id}")
        for rule in record_type.rules
    ]


def _faults(
    mapping: Mapping, kinds: Mapping_[str, str], free: Sequence[Column]
) -> list[tuple[str, str, str]]:
    """Everything that can be wrong with a row, the first that holds being told: (SQL, reason, SQL of detail).

    ``free`` are the columns that are looked through for control characters.
    """
    columns = mapping.type.columns
    stored = [_held(c) for c in columns]
    bad = [quote("_bad_" + c.name) for c in columns]
    empty = " AND ".join([*(f"{s} IS NULL" for s in stored), *(f"NOT {b}" for b in bad)])
    faults = [(empty, "the row is empty", "''")]
    faults += [(_not(c, mapping), "left out by the mapping", text(c.heading)) for c in mapping.only]
    if mapping.gone:
        faults.append((_gone(mapping), GONE, "''"))
    faults.append((_control(free), "holds a control character", "''"))
    for column in columns:
        faults += _faults_of(column, mapping, kinds[column.name])
    for i, rule in enumerate(mapping.type.rules):
        faults.append((f"NOT {quote(f'_rule_{i}')}", rule.message, text(rule.id)))
    faults.append(("force IS NULL OR force = ''", "the force is not known", "''"))
    faults.append(("month IS NULL", "the date is not known", "''"))
    belongs = "'belongs to ' || (month // 12) || '-' || lpad(CAST(month % 12 + 1 AS VARCHAR), 2, '0')"
    faults.append(("month < _first OR month > _last", "outside the months of the file", belongs))
    return faults


def _faults_of(column: Column, mapping: Mapping, kind: str) -> list[tuple[str, str, str]]:
    is_, name = _held(column), column.name
    hidden = column.personal in ("identity", "pseudonym")
    as_text = values.of_arrow(column, mapping, kind, "") is None
    was = quote("_was_" + name) if as_text and kind not in _READY else f"CAST({is_} AS VARCHAR)"
    shown = "''" if hidden else f"{text(name + ' reads ')} || left(coalesce({was}, ''), 60)"
    faults = [(quote("_bad_" + name), f"{name} cannot be read", shown)]
    if column.required:
        faults.append((f"{is_} IS NULL", f"{name} is blank", "''"))
    if column.low is not None:
        faults.append((f"{is_} < {column.low}", f"{name} is too small", shown))
    if column.high is not None:
        faults.append((f"{is_} > {column.high}", f"{name} is too large", shown))
    return faults


def _meets(condition: Condition, mapping: Mapping) -> str:
    value = values.clean(quote(HEADING + condition.heading), mapping)
    words = texts(" ".join(w.lower().split()) for w in condition.words)
    return f"coalesce(lower(regexp_replace({value}, '\\s+', ' ', 'g')) IN ({words}), false)"


def _gone(mapping: Mapping) -> str:
    """SQL for: the row says that its record is gone, and which record that is."""
    assert mapping.gone is not None
    known = "".join(f" AND {quote(k)} IS NOT NULL" for k in mapping.type.key)
    return f"{_meets(mapping.gone, mapping)} AND force <> ''{known}"


def _not(condition: Condition, mapping: Mapping) -> str:
    return f"NOT {_meets(condition, mapping)}"


def _wrong(mapping: Mapping, kinds: Mapping_[str, str], looks: Mapping_[str, Look]) -> str:
    """SQL for: something is wrong with the row."""
    free = [
        c
        for c in mapping.type.columns
        if kinds[c.name] == distinct.TEXT and c.type == "text" and not c.allowed and looks[c.name].control
    ]
    return " OR ".join(f"coalesce({sql}, false)" for sql, _, _ in _faults(mapping, kinds, free))


def _reason(mapping: Mapping, kinds: Mapping_[str, str]) -> str:
    """SQL for [reason, detail] of the first thing wrong with a row, or NULL."""
    faults = _faults(mapping, kinds, [c for c in mapping.type.columns if kinds[c.name] == distinct.TEXT])
    cases = " ".join(f"WHEN {sql} THEN [{text(reason)}, {detail}]" for sql, reason, detail in faults)
    return f"CASE {cases} END"
