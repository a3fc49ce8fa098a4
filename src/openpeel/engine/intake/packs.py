"""Packs: the Parquet files that hold the rows of snapshots, many small months in one sensible file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import duckdb

from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.canonical import id_maker, record_order, row_hash_sql
from openpeel.engine.intake.disk import TEMPORARY, make_folder, put_made
from openpeel.engine.intake.generations import Entry, Tombstone
from openpeel.engine.sql import quote, text, texts
from openpeel.errors import UserError

#: What a pack holds beside the stored columns.
_BESIDE = {"month": "INTEGER", "snapshot": "VARCHAR", "row_hash": "VARCHAR", "occurrence": "BIGINT"}


def packs_folder(root: Path, record_type: str) -> Path:
    """The folder of a record type's packs."""
    return root / "records" / record_type


def parquet_sql(files: Iterable[Path], path_column: str = "") -> str:
    """SQL that reads exactly these files.

    DuckDB takes a file's path for a pattern, and a folder called ``force=kent`` above it for the value
    of a column; a workspace may lie in any folder, so both are turned off.

    Args:
        files: the files.
        path_column: name of a column to be added with each row's file.
    """
    listed = texts("".join(f"[{c}]" if c in "*?[" else c for c in str(file)) for file in files)
    path = f", filename = {text(path_column)}" if path_column else ""
    return f"read_parquet([{listed}], hive_partitioning = false{path})"


def rows_sql(root: Path, record_type: RecordType, entries: Iterable[Entry], columns: str = "*") -> str:
    """SQL for the rows of some entries, with ``month``, ``snapshot``, ``row_hash`` and ``occurrence``.

    Reads exactly the files the entries name, never a pattern.
    """
    # One pack a snapshot: the same snapshot in two packs must not give its rows twice.
    held = [e for e in sorted(entries, key=lambda e: e.pack) if e.pack]
    packs = {e.snapshot: e.pack for e in held}
    if not packs:
        return f"SELECT {columns} FROM ({_no_rows(record_type)}) WHERE false"
    files = {pack: root / "records" / pack for pack in sorted(set(packs.values()))}
    place = {pack: n for n, pack in enumerate(files, 1)}
    # Looked up in lists: an engine does that once for each value of a file's dictionary. A join does it for each
    # row, and undoes the dictionaries of all other columns as well.
    at = f"list_position([{texts(packs)}], snapshot)"
    # Rows lie in the order of force and month: an engine leaves out what these say is of no use.
    months, forces = [e.month for e in held], [e.force for e in held]
    within = (
        f"month BETWEEN {min(months)} AND {max(months)} "
        f"AND force BETWEEN {text(min(forces))} AND {text(max(forces))}"
    )
    if len(files) == 1:
        return f"SELECT {columns} FROM {_packs_sql(record_type, files.values())} WHERE {within} AND {at} IS NOT NULL"
    mine = f"list_extract({[place[p] for p in packs.values()]}, {at})"
    chosen = f"{within} AND {mine} = list_position([{texts(str(f) for f in files.values())}], _pack)"
    listed = ", ".join([*(quote(n) for n, _ in record_type.stored()), *_BESIDE])
    source = f"SELECT {listed} FROM {_packs_sql(record_type, files.values(), '_pack')} WHERE {chosen}"
    return f"SELECT {columns} FROM ({source})"


def _packs_sql(record_type: RecordType, files: Iterable[Path], path_column: str = "") -> str:
    """SQL that reads packs; columns of later editions than a pack's own are unknown in it."""
    sql = parquet_sql(files, path_column)
    if all(c.since == 1 for c in record_type.columns):
        return sql
    by_name = sql.replace("hive_partitioning = false", "hive_partitioning = false, union_by_name = true")
    return f"(({_no_rows(record_type)} WHERE false) UNION ALL BY NAME SELECT * FROM {by_name})"


def _no_rows(record_type: RecordType) -> str:
    columns = [*record_type.stored(), *_BESIDE.items()]
    return "SELECT " + ", ".join(f"CAST(NULL AS {t}) AS {quote(n)}" for n, t in columns)


def write_pack(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    record_type: RecordType,
    rows: str,
    name: str,
    in_order: bool = False,
) -> str:
    """Write the rows a query gives into a new pack.

    Args:
        rows: SQL giving the stored columns, ``month``, ``snapshot``, ``row_hash`` and ``occurrence``.
        in_order: whether the rows come in the order of their snapshots.
        name: beginning of the pack's name; the hash of its bytes and the ending are added.

    Returns:
        the pack as entries name it.

    Raises:
        UserError: the disk is full or cannot be written to.
    """
    folder = packs_folder(root, record_type.id)
    make_folder(folder)
    temporary = folder / f"{TEMPORARY}{name}.parquet"
    names = ", ".join(quote(n) for n, _ in record_type.stored())
    query = f"SELECT {names}, {', '.join(_BESIDE)} FROM ({rows})"
    if not in_order:
        query += f" ORDER BY force, month, snapshot, {record_order(record_type)}"
    # The second edition of the format packs columns of all different values, as the hashes are, far better.
    options = (
        "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880"
    )
    try:
        con.execute(f"COPY ({query}) TO {text(str(temporary))} ({options})")
    except duckdb.IOException as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"cannot be written ({reason})", str(folder), "make room on the disk") from None
    target = folder / f"{name}.{_file_hash(temporary)}.parquet"
    put_made(temporary, target)
    return f"{record_type.id}/{target.name}"


def is_whole(root: Path, pack: str) -> bool:
    """Whether a pack's bytes are those that were written: its name holds their hash.

    The snapshot ids say whether the rows are right; this says whether the file was touched.
    """
    file = root / "records" / pack
    return file.is_file() and file.name.split(".")[-2] == _file_hash(file)


def _file_hash(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:32]


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
    id_of = id_maker(record_type)
    return {snapshot: id_of(hashes) for snapshot, hashes in found.items()}
