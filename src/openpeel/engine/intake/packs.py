"""Packs: the Parquet files that hold the rows of snapshots, many small months in one sensible file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.canonical import record_order, row_hash_sql, snapshot_id
from openpeel.engine.intake.disk import TEMPORARY, put_made
from openpeel.engine.intake.generations import Entry, Tombstone
from openpeel.engine.sql import quote, text


def packs_folder(root: Path, record_type: str) -> Path:
    """The folder of a record type's packs."""
    return root / "records" / record_type


def rows_sql(root: Path, record_type: RecordType, entries: Iterable[Entry], columns: str = "*") -> str:
    """SQL for the rows of some entries, with ``month``, ``snapshot``, ``row_hash`` and ``occurrence``.

    Reads exactly the files the entries name, never a pattern.
    """
    held = [e for e in entries if e.pack]
    if not held:
        empty = ", ".join(f"CAST(NULL AS {t}) AS {quote(n)}" for n, t in record_type.stored())
        extra = (
            "CAST(NULL AS VARCHAR) AS snapshot, CAST(NULL AS INTEGER) AS month, "
            "CAST(NULL AS VARCHAR) AS row_hash, CAST(NULL AS BIGINT) AS occurrence"
        )
        return f"SELECT {columns} FROM (SELECT {empty}, {extra}) WHERE false"
    files = ", ".join(text(str(root / "records" / p)) for p in sorted({e.pack for e in held}))
    wanted = ", ".join(f"({text(s)})" for s in sorted({e.snapshot for e in held}))
    # A semi-join: the same snapshot in two packs must not give its rows twice, so the pack counts too.
    pairs = sorted({(e.pack, e.snapshot) for e in held})
    once: dict[str, str] = {}
    for pack, snapshot in pairs:
        once.setdefault(snapshot, pack)
    if len({*once.values()}) == 1:
        chosen = f"snapshot IN (SELECT s FROM (VALUES {wanted}) AS v(s))"
    else:
        rows = ", ".join(f"({text(s)}, {text(str(root / 'records' / p))})" for s, p in once.items())
        chosen = f"(snapshot, filename) IN (SELECT (s, f) FROM (VALUES {rows}) AS v(s, f))"
    return f"SELECT {columns} FROM read_parquet([{files}], filename = true) WHERE {chosen}"


def write_pack(
    con: duckdb.DuckDBPyConnection, root: Path, record_type: RecordType, rows: str, name: str
) -> str:
    """Write the rows a query gives into a new pack.

    Args:
        rows: SQL giving the stored columns, ``month``, ``snapshot``, ``row_hash`` and ``occurrence``.
        name: name of the pack, without folder and ending.

    Returns:
        the pack as entries name it.
    """
    folder = packs_folder(root, record_type.id)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}.parquet"
    temporary = folder / f"{TEMPORARY}{name}.parquet"
    names = ", ".join(quote(n) for n, _ in record_type.stored())
    con.execute(
        f"COPY (SELECT {names}, month, snapshot, row_hash, occurrence FROM ({rows}) "
        f"ORDER BY force, month, snapshot, {record_order(record_type)}) "
        f"TO {text(str(temporary))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
    )
    put_made(temporary, target)
    return f"{record_type.id}/{name}.parquet"


def true_ids(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    record_type: RecordType,
    entries: list[Entry],
    tombstones: Iterable[Tombstone] = (),
) -> dict[str, str]:
    """The id each snapshot really has, worked out anew from its rows.

    Row hashes are computed from the columns, not taken from the file; lawfully removed rows count
    by their tombstones.

    Returns:
        stored id -> id of the rows found. They differ if a row was altered, removed or added.
    """
    order = ", ".join([*map(quote, record_type.key), "true_hash"])
    table = con.sql(
        f"SELECT snapshot, true_hash FROM (SELECT *, {row_hash_sql(record_type)} AS true_hash "
        f"FROM ({rows_sql(root, record_type, entries)})) ORDER BY snapshot, {order}"
    ).to_arrow_table()
    found: dict[str, list[str]] = {e.snapshot: [] for e in entries}
    for snapshot, true_hash in zip(
        table["snapshot"].to_pylist(), table["true_hash"].to_pylist(), strict=True
    ):
        found[snapshot].append(true_hash)
    for stone in sorted(tombstones, key=lambda t: t.position):
        if stone.snapshot in found:
            found[stone.snapshot].insert(stone.position, stone.row_hash)
    return {snapshot: snapshot_id(record_type, hashes) for snapshot, hashes in found.items()}
