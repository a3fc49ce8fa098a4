"""Compaction: many small packs become one, and lawfully removed rows leave the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from openpeel.engine import clock
from openpeel.engine.connection import connect
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake import generations
from openpeel.engine.intake.canonical import record_order
from openpeel.engine.intake.containers import sha256
from openpeel.engine.intake.disk import writer_lock
from openpeel.engine.intake.generations import Generation, Tombstone
from openpeel.engine.intake.packs import rows_sql, write_pack
from openpeel.engine.sql import text
from openpeel.errors import UserError

#: A record type with more packs than this is compacted after an import.
MOST_PACKS = 24


@dataclass(frozen=True)
class Removal:
    """A row to be removed from a snapshot, named by its hash (all equal rows go)."""

    snapshot: str
    row_hash: str


def compact_if_needed(con: duckdb.DuckDBPyConnection, root: Path, record_type: RecordType) -> bool:
    """Bring a type's packs into one when there are many; only under the writer lock."""
    generation = generations.newest(root)
    packs = {e.pack for e in generation.entries if e.type == record_type.id and e.pack}
    if len(packs) <= MOST_PACKS:
        return False
    _rewrite(con, root, record_type, generation, (), ())
    return True


def remove_rows(
    root: Path, record_type: RecordType, removals: Sequence[Removal], reason: str, authority: str
) -> int:
    """Remove rows lawfully: they leave every file, and a tombstone with their hash stays.

    Figures worked out from now on are without them; snapshot ids still verify, as *lawfully removed*.

    Args:
        root: the workspace.
        record_type: the rows' type.
        removals: which rows.
        reason: why, for the tombstone.
        authority: on whose authority.

    Returns:
        the number of rows removed.

    Raises:
        UserError: a row named is not there, or reason or authority is empty.
    """
    if not reason.strip() or not authority.strip():
        raise UserError("a removal needs a reason and an authority", do="give both")
    con = connect()
    with writer_lock(root):
        generations.sweep(root)
        before = generations.newest(root)
        stones = _tombstones(con, root, record_type, before, removals, reason, authority)
        _rewrite(con, root, record_type, before, stones, removals)
        # Set-aside copies hold no accepted row, so the packs were the only place.
        generations.sweep(root)
    con.close()
    return len(stones)


def _tombstones(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    record_type: RecordType,
    before: Generation,
    removals: Sequence[Removal],
    reason: str,
    authority: str,
) -> tuple[Tombstone, ...]:
    moment = clock.now().isoformat()
    stones: list[Tombstone] = []
    for snapshot in sorted({r.snapshot for r in removals}):
        entries = [
            e for e in before.entries if e.type == record_type.id and e.snapshot == snapshot and e.pack
        ]
        wanted = {r.row_hash for r in removals if r.snapshot == snapshot}
        rows = con.execute(
            f"SELECT row_hash FROM ({rows_sql(root, record_type, entries)}) ORDER BY {record_order(record_type)}"
        ).fetchall()
        earlier = [t for t in before.tombstones if t.snapshot == snapshot]
        hashes = [r[0] for r in rows]
        for stone in sorted(earlier, key=lambda t: t.position):
            hashes.insert(stone.position, "")
        if missing := wanted - set(hashes):
            raise UserError(f"no row {min(missing)} in it", f"snapshot {snapshot[:12]}", "check the row hash")
        stones += [
            Tombstone(snapshot, h, i, reason, authority, moment) for i, h in enumerate(hashes) if h in wanted
        ]
    return tuple(stones)


def _rewrite(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    record_type: RecordType,
    before: Generation,
    stones: tuple[Tombstone, ...],
    removals: Sequence[Removal],
) -> None:
    """Write all the type's snapshots into one new pack, without the removed rows, as a new generation."""
    entries = [e for e in before.entries if e.type == record_type.id and e.pack]
    name = f"compact-{before.number + 1:08d}"
    rows = rows_sql(root, record_type, entries)
    if removals:
        pairs = ", ".join(f"({text(r.snapshot)}, {text(r.row_hash)})" for r in removals)
        rows = f"SELECT * FROM ({rows}) WHERE (snapshot, row_hash) NOT IN (SELECT (a, b) FROM (VALUES {pairs}) AS v(a, b))"
    pack = write_pack(con, root, record_type, rows, name)
    moved = tuple(replace(e, pack=pack) if e.type == record_type.id and e.pack else e for e in before.entries)
    parent = generations.generation_file(root, before.number).read_bytes()
    moment = before.next_moment(clock.now())
    generations.write(
        root,
        Generation(before.number + 1, moment.isoformat(), sha256(parent), moved, before.tombstones + stones),
    )
