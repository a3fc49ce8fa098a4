"""The order of a snapshot's rows, made early: values still in few bytes are sooner put in order than rows.

Nothing relies on it. Whether the rows supplied are in the order of their snapshots is looked at once they are
all there (``are_in_order``); where they are not, they are sorted then.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openpeel.engine.clock import month_sql
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.distinct import Quick
from openpeel.engine.sql import quote

#: Fewer rows are sorted in no time; columns of more bytes do not fit into one array.
_FEW, _LARGE = 20_000, 1 << 30
#: DuckDB stores so many rows together, and reads as many at a time in one thread.
_STRETCH = 122_880
_THREADS = 4


def put_in_order(con: duckdb.DuckDBPyConnection, record_type: RecordType, quick: Quick) -> Quick:
    """The table's rows by force, month and key, where these are known already; else as it is.

    Args:
        con: a connection.
        record_type: the rows' type.
        quick: the table.
    """
    table, day = quick.table, record_type.anchor_date()
    names = ["force", day, *record_type.key]
    if (
        not record_type.key
        or table.num_rows < _FEW
        or any(n not in table.column_names for n in names)
        or any(column.nbytes > _LARGE for column in table.columns)
    ):
        return quick
    keys = table.select(list(dict.fromkeys(names)))
    con.register(
        "keys_supplied", keys.append_column("_at", pa.array(np.arange(keys.num_rows, dtype=np.int32)))
    )
    forces = ["force"] if len(pc.unique(keys["force"])) > 1 else []
    order = ", ".join([*forces, month_sql(quote(day)), *map(quote, record_type.key)])
    places = con.sql(f"SELECT _at FROM keys_supplied ORDER BY {order}").to_arrow_table()
    con.unregister("keys_supplied")
    at = places["_at"].combine_chunks()
    with ThreadPoolExecutor(_THREADS) as threads:
        columns = list(threads.map(lambda column: _taken(column, at), table.columns))
    made = pa.table(columns, names=table.column_names)
    stretches = pa.concat_tables([made.slice(n, _STRETCH) for n in range(0, made.num_rows, _STRETCH)])
    return Quick(stretches, quick.kinds, quick.ready)


def _taken(column: pa.ChunkedArray, at: pa.Array) -> pa.Array:
    one = column.combine_chunks()
    one = one.combine_chunks() if isinstance(one, pa.ChunkedArray) else one
    return one if one.null_count == len(one) else one.take(at)


def are_in_order(con: duckdb.DuckDBPyConnection, record_type: RecordType, rows: str) -> bool:
    """Whether a table's rows stand by force, month and key, each with a key and none with that of another.

    Args:
        con: holds the table.
        record_type: the rows' type, which has a key.
        rows: the table; it has the column ``month``.
    """
    names = ["force", "month", *record_type.key]
    table = con.sql(f"SELECT {', '.join(map(quote, names))} FROM {rows}").to_arrow_table()
    if table.num_rows < 2:
        return False
    before, after = table.slice(0, table.num_rows - 1), table.slice(1)
    rises = pa.scalar(False)
    for name in reversed(names):
        same = pc.and_(pc.equal(before[name], after[name]), rises)
        rises = pc.or_(pc.less(before[name], after[name]), same)
    return bool(pc.all(rises, skip_nulls=False).as_py())
