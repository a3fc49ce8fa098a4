"""Compaction: many small packs become one, and lawfully removed rows leave the files."""

from __future__ import annotations

import csv
import gzip
import io
import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from openpeel.engine import clock
from openpeel.engine.connection import connect
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake import generations
from openpeel.engine.intake.canonical import record_order
from openpeel.engine.intake.disk import computing_lock, put_file, writer_lock
from openpeel.engine.intake.generations import Generation, Tombstone
from openpeel.engine.intake.packs import rows_sql, write_pack
from openpeel.engine.intake.sift import row_text_sql
from openpeel.engine.sql import text
from openpeel.errors import UserError

#: A record type with more packs than this is compacted after an import.
MOST_PACKS = 24


#: What stands in the set-aside file in place of the text of a row that was removed.
REMOVED_TEXT = "(lawfully removed)"


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


def everywhere(root: Path, record_type: RecordType, row_hash: str) -> list[Removal]:
    """The removals that take a row out of every snapshot that holds it, of whatever vintage."""
    entries = [e for e in generations.newest(root).entries if e.type == record_type.id]
    with closing(connect()) as con:
        rows = con.execute(
            f"SELECT DISTINCT snapshot FROM ({rows_sql(root, record_type, entries)}) WHERE row_hash = ?",
            [row_hash],
        ).fetchall()
    return [Removal(snapshot, row_hash) for (snapshot,) in sorted(rows)]


def remove_rows(
    root: Path, record_type: RecordType, removals: Sequence[Removal], reason: str, authority: str
) -> int:
    """Remove rows lawfully: they leave every file, and a tombstone with their hash stays.

    Figures worked out from now on are without them; snapshot ids still verify, as *lawfully removed*.
    A row equal to one removed can come back only by a new import. Files that a reader of an older
    generation has in use go with the next import after it has ended.

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
    with closing(connect()) as con, writer_lock(root):
        generations.sweep(root)
        before = generations.newest(root)
        stones = _tombstones(con, root, record_type, before, removals, reason, authority)
        if not stones:
            return 0
        # Copies first: if this is killed half-way, it is done again from the start.
        _scrub_set_aside(root, _texts(con, root, record_type, before, removals))
        with computing_lock(root, wait=True):
            for folder in ("derived", "cells"):
                _empty(root / folder)
            _rewrite(con, root, record_type, before, stones, removals)
        generations.sweep(root)
    return len(stones)


def _empty(folder: Path) -> None:
    for child in folder.iterdir() if folder.is_dir() else ():
        if child.is_dir():
            shutil.rmtree(child)


def _held_sql(root: Path, record_type: RecordType, before: Generation, snapshots: set[str]) -> str:
    held = [e for e in before.entries if e.type == record_type.id and e.snapshot in snapshots]
    return rows_sql(root, record_type, held)


def _texts(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    record_type: RecordType,
    before: Generation,
    removals: Sequence[Removal],
) -> set[str]:
    """The rows to be removed as text, as a copy of one that was set aside would read."""
    row = row_text_sql([n for n, _ in record_type.stored()])
    rows = _held_sql(root, record_type, before, {r.snapshot for r in removals})
    found = con.execute(f"SELECT DISTINCT {row} FROM ({rows}) WHERE {_are_sql(removals)}").fetchall()
    return {r[0] for r in found}


def _are_sql(removals: Sequence[Removal]) -> str:
    pairs = ", ".join(f"({text(r.snapshot)}, {text(r.row_hash)})" for r in removals)
    return f"(snapshot, row_hash) IN (SELECT (a, b) FROM (VALUES {pairs}) AS v(a, b))"


def _scrub_set_aside(root: Path, texts: set[str]) -> None:
    """Blank the copies of rows among those set aside (a file imported twice, a key repeated)."""
    csv.field_size_limit(1 << 30)
    for file in sorted((root / "intake").glob("*/set-aside.csv.gz")):
        rows = list(csv.reader(io.StringIO(gzip.decompress(file.read_bytes()).decode(), newline="")))
        if not any(row[-1] in texts for row in rows):
            continue
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([*row[:-1], REMOVED_TEXT if row[-1] in texts else row[-1]] for row in rows)
        put_file(file, gzip.compress(out.getvalue().encode(), mtime=0))


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
        wanted = {r.row_hash for r in removals if r.snapshot == snapshot}
        rows = con.execute(
            f"SELECT row_hash FROM ({_held_sql(root, record_type, before, {snapshot})}) "
            f"ORDER BY {record_order(record_type)}"
        ).fetchall()
        hashes = [r[0] for r in rows]
        earlier = [t for t in before.tombstones if t.snapshot == snapshot]
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
    parent = generations.hash_of(root, before)
    # The parent's hash keeps the name from meaning two things after a workspace was restored from a copy.
    name = f"compact-{before.number + 1:08d}-{parent[:8]}"
    rows = rows_sql(root, record_type, entries)
    if removals:
        rows = f"SELECT * FROM ({rows}) WHERE NOT {_are_sql(removals)}"
    pack = write_pack(con, root, record_type, rows, name)
    moved = tuple(replace(e, pack=pack) if e.type == record_type.id and e.pack else e for e in before.entries)
    moment = before.next_moment(clock.now())
    after = replace(
        before,
        number=before.number + 1,
        recorded_at=moment.isoformat(),
        parent=parent,
        entries=moved,
        tombstones=before.tombstones + stones,
    )
    generations.write(root, after)
