"""Tombstones: what stays of lawfully removed rows, and what tells that one of them comes back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.canonical import UNIT_SEPARATOR, record_order
from openpeel.engine.intake.generations import Generation, Tombstone
from openpeel.engine.intake.packs import rows_sql
from openpeel.engine.sql import quote, text
from openpeel.errors import UserError

#: Temporary table of the rows to be removed: snapshot and row hash.
REMOVALS = "removals"


@dataclass(frozen=True)
class Removal:
    """A row to be removed from a snapshot, named by its hash (all equal rows go)."""

    snapshot: str
    row_hash: str


def key_hash(record_type: RecordType, force: str, key: Sequence[str]) -> str:
    """The hash by which a removed record is known again: of its type, force and key as texts."""
    return hashlib.sha256(UNIT_SEPARATOR.join([record_type.id, force, *key]).encode()).hexdigest()


def key_hash_sql(record_type: RecordType) -> str:
    """SQL for the same, of a row as stored; blank where it has no key."""
    if not record_type.key:
        return "''"
    known = " AND ".join(f"{quote(k)} IS NOT NULL" for k in record_type.key)
    parts = [text(record_type.id), "force", *(f"CAST({quote(k)} AS VARCHAR)" for k in record_type.key)]
    return f"CASE WHEN {known} THEN sha256(concat_ws(chr(31), {', '.join(parts)})) ELSE '' END"


def suppressed(generation: Generation, record_type: RecordType) -> tuple[set[str], set[str]]:
    """What must not come back of a type: key hashes of removed records, and row hashes of those without a key."""
    snapshots = {e.snapshot for e in generation.entries if e.type == record_type.id}
    mine = [t for t in generation.tombstones if t.snapshot in snapshots]
    return {t.key_hash for t in mine if t.key_hash}, {t.row_hash for t in mine if not t.key_hash}


def list_removals(con: duckdb.DuckDBPyConnection, removals: Sequence[Removal]) -> None:
    """Fill the table of rows to be removed."""
    pairs = sorted({(r.snapshot, r.row_hash) for r in removals})
    table = pa.table({
        "snapshot": pa.array([s for s, _ in pairs], pa.string()),
        "row_hash": pa.array([h for _, h in pairs], pa.string()),
    })  # fmt: skip
    con.register("listed", table)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {REMOVALS} AS SELECT * FROM listed")
    con.unregister("listed")


def held_sql(root: Path, record_type: RecordType, before: Generation, snapshots: set[str]) -> str:
    """SQL for all rows of some snapshots."""
    held = [e for e in before.entries if e.type == record_type.id and e.snapshot in snapshots]
    return rows_sql(root, record_type, held)


def tombstones(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    record_type: RecordType,
    before: Generation,
    why: tuple[str, str, str],
) -> tuple[Tombstone, ...]:
    """The tombstones of the rows that ``list_removals`` listed.

    Args:
        con: the connection that has the list.
        root: the workspace.
        record_type: the rows' type.
        before: the newest generation.
        why: reason, authority and moment.

    Raises:
        UserError: a row listed is not there.
    """
    snapshots = {r[0] for r in con.execute(f"SELECT DISTINCT snapshot FROM {REMOVALS}").fetchall()}
    numbered = (
        f"SELECT snapshot, row_hash, {key_hash_sql(record_type)} AS key_hash, "
        f"row_number() OVER (PARTITION BY snapshot ORDER BY {record_order(record_type)}) - 1 AS place "
        f"FROM ({held_sql(root, record_type, before, snapshots)})"
    )
    rows = con.execute(
        f"SELECT * FROM ({numbered}) SEMI JOIN {REMOVALS} USING (snapshot, row_hash) ORDER BY snapshot, place"
    ).fetchall()
    _refuse_missing(con, {(r[0], r[1]) for r in rows})
    by_snapshot: dict[str, list[tuple[str, str, int]]] = {}
    for snapshot, row_hash, hash_, place in rows:
        by_snapshot.setdefault(snapshot, []).append((row_hash, hash_, place))
    earlier: dict[str, list[int]] = {}
    for stone in before.tombstones:
        if stone.snapshot in by_snapshot:
            earlier.setdefault(stone.snapshot, []).append(stone.position)
    stones = []
    for snapshot, found in by_snapshot.items():
        places = first_places([place for _, _, place in found], sorted(earlier.get(snapshot, [])))
        for (row_hash, hash_, _), place in zip(found, places, strict=True):
            stones.append(Tombstone(snapshot, row_hash, place, *why, hash_))
    return tuple(stones)


def _refuse_missing(con: duckdb.DuckDBPyConnection, found: set[tuple[str, str]]) -> None:
    listed = set(con.execute(f"SELECT snapshot, row_hash FROM {REMOVALS}").fetchall())
    if missing := listed - found:
        snapshot, row_hash = min(missing)
        raise UserError(f"no row {row_hash} in it", f"snapshot {snapshot[:12]}", "check the row hash")


def first_places(places: Sequence[int], earlier: Sequence[int]) -> list[int]:
    """Where rows stood before any row was removed.

    Args:
        places: where they stand among the rows still there, ascending.
        earlier: where the rows removed so far stood at first, ascending.
    """
    out, passed = [], 0
    for place in places:
        while passed < len(earlier) and earlier[passed] <= place + passed:
            passed += 1
        out.append(place + passed)
    return out
