"""Compaction: many small packs become one, and lawfully removed rows leave the files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from openpeel.engine import clock
from openpeel.engine.connection import connect
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake import generations
from openpeel.engine.intake.disk import computing_lock, writer_lock
from openpeel.engine.intake.generations import Entry, Generation, Tombstone
from openpeel.engine.intake.packs import rows_sql, write_pack
from openpeel.engine.intake.scrub import REMOVED_TEXT, Copies, scrub
from openpeel.engine.intake.sift import row_text_sql
from openpeel.engine.intake.stones import (
    REMOVALS,
    Removal,
    held_sql,
    key_hash,
    key_hash_sql,
    list_removals,
    suppressed,
    tombstones,
)
from openpeel.engine.sql import quote
from openpeel.errors import UserError

__all__ = [
    "MOST_PACKS",
    "REMOVED_TEXT",
    "Plan",
    "Removal",
    "Removed",
    "compact_if_needed",
    "everywhere",
    "key_hash",
    "key_hash_sql",
    "remove_planned",
    "remove_rows",
    "suppressed",
]

#: A record type with more small packs than this is compacted after an import.
MOST_PACKS = 24

#: A pack with fewer rows is small. Larger ones stay as they are: were they brought together, too, every few imports
#: would sort and write all that was ever supplied anew.
SMALL_ROWS = 250_000


@dataclass
class Plan:
    """What a lawful removal takes out.

    Attributes:
        rows: record type and the rows of it.
        copies: rows set aside that say they are of the same record or person, beside copies of the rows.
        first: done before any row leaves, such as removing sealed identities; done again from the start if
            the removal is killed half-way, so it must be able to.
    """

    rows: list[tuple[RecordType, Sequence[Removal]]] = field(default_factory=list)
    copies: list[Copies] = field(default_factory=list)
    first: Callable[[], None] = lambda: None


@dataclass
class Removed:
    """What left: rows by record type, and the number of copies among the rows set aside."""

    rows: dict[str, int] = field(default_factory=dict)
    copies: int = 0


#: Finds what is to leave, in the newest generation.
Find = Callable[[duckdb.DuckDBPyConnection, Generation], Plan]


def compact_if_needed(con: duckdb.DuckDBPyConnection, root: Path, record_type: RecordType) -> bool:
    """Bring a type's small packs into one when there are many; only under the writer lock."""
    generation = generations.newest(root)
    packs = _small_packs(generation, record_type.id)
    if len(packs) <= MOST_PACKS:
        return False
    entries = _rewritten(con, root, record_type, generation, generation.entries, packs, "")
    _write(root, generation, entries, ())
    return True


def _small_packs(generation: Generation, type_id: str) -> set[str]:
    """The packs of a type that hold few rows."""
    held = {(e.pack, e.snapshot): e.rows for e in generation.entries if e.type == type_id and e.pack}
    rows: dict[str, int] = {}
    for (pack, _), n in held.items():
        rows[pack] = rows.get(pack, 0) + n
    return {pack for pack, n in rows.items() if n < SMALL_ROWS}


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
    """Remove some rows of one type lawfully; see ``remove_planned``.

    Returns:
        the number of rows removed.

    Raises:
        UserError: a row named is not there, or reason or authority is empty.
    """
    plan = Plan([(record_type, removals)])
    return sum(remove_planned(root, lambda _con, _generation: plan, reason, authority).rows.values())


def remove_planned(root: Path, find: Find, reason: str, authority: str) -> Removed:
    """Remove rows lawfully, of any number of types at once: they leave every file, and tombstones stay.

    Figures worked out from now on are without them; snapshot ids still verify, as *lawfully removed*.
    Files that a reader of an older generation has in use go with the next import after it has ended.

    Args:
        root: the workspace.
        find: says what is to leave; called under the writer lock, so that nothing comes in between.
        reason: why, for the tombstones.
        authority: on whose authority.

    Returns:
        what left.

    Raises:
        UserError: a row named is not there, or reason or authority is empty; then nothing has left.
    """
    if not reason.strip() or not authority.strip():
        raise UserError("a removal needs a reason and an authority", do="give both")
    with closing(connect()) as con, writer_lock(root):
        generations.sweep(root)
        before = generations.newest(root)
        plan = find(con, before)
        why = (reason, authority, clock.now().isoformat())
        stones = {t.id: _stones(con, root, t, before, removals, why) for t, removals in plan.rows}
        removed = Removed({id_: len(found) for id_, found in stones.items() if found})
        # Copies first: if this is killed half-way, it is done again from the start.
        removed.copies = scrub(root, copies_of(con, root, before, plan))
        plan.first()
        if not removed.rows:
            return removed
        with computing_lock(root, wait=True):
            for folder in ("derived", "cells"):
                _empty(root / folder)
            _rewrite(con, root, before, plan, stones)
        generations.sweep(root)
    return removed


def _stones(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    record_type: RecordType,
    before: Generation,
    removals: Sequence[Removal],
    why: tuple[str, str, str],
) -> tuple[Tombstone, ...]:
    list_removals(con, removals)
    return tombstones(con, root, record_type, before, why) if removals else ()


def _empty(folder: Path) -> None:
    for child in folder.iterdir() if folder.is_dir() else ():
        if child.is_dir():
            shutil.rmtree(child)


def copies_of(con: duckdb.DuckDBPyConnection, root: Path, before: Generation, plan: Plan) -> list[Copies]:
    """How copies of what is to leave read among the rows set aside: as whole rows, and by their keys."""
    by_type = {t.id: Copies(t.id) for t, _ in plan.rows}
    for more in plan.copies:
        mine = by_type.setdefault(more.type, Copies(more.type))
        mine.texts |= more.texts
        for (force, columns), values in more.marks.items():
            mine.add(force, columns, values)
    for record_type, removals in plan.rows:
        list_removals(con, removals)
        held = held_sql(root, record_type, before, {r.snapshot for r in removals})
        chosen = f"({held}) SEMI JOIN {REMOVALS} USING (snapshot, row_hash)"
        row = row_text_sql([n for n, _ in record_type.stored()])
        by_type[record_type.id].texts |= {
            r[0] for r in con.execute(f"SELECT DISTINCT {row} FROM {chosen}").fetchall()
        }
        _add_keys(con, record_type, chosen, by_type[record_type.id])
    return list(by_type.values())


def _add_keys(con: duckdb.DuckDBPyConnection, record_type: RecordType, chosen: str, copies: Copies) -> None:
    if not record_type.key:
        return
    keys = ", ".join(f"CAST({quote(k)} AS VARCHAR)" for k in record_type.key)
    for force, *key in con.execute(f"SELECT DISTINCT force, {keys} FROM {chosen}").fetchall():
        if None not in key:
            copies.add(force, record_type.key, [tuple(key)])


def _rewrite(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    before: Generation,
    plan: Plan,
    stones: dict[str, tuple[Tombstone, ...]],
) -> None:
    """Write anew the packs that hold removed rows, without them, as one new generation."""
    entries: Sequence[Entry] = before.entries
    for record_type, removals in plan.rows:
        list_removals(con, removals)
        snapshots = {r.snapshot for r in removals}
        packs = {e.pack for e in entries if e.type == record_type.id and e.snapshot in snapshots and e.pack}
        if packs:
            entries = _rewritten(con, root, record_type, before, entries, packs, REMOVALS)
    _write(root, before, entries, [s for found in stones.values() for s in found])


def _rewritten(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    record_type: RecordType,
    before: Generation,
    entries: Iterable[Entry],
    packs: set[str],
    without: str,
) -> tuple[Entry, ...]:
    """Write some of a type's packs into one new pack; the entries with it in their place.

    Args:
        without: table of the rows to leave out, if any.
    """
    entries = tuple(entries)
    held = [e for e in entries if e.type == record_type.id and e.pack in packs]
    # The parent's hash keeps the name from meaning two things after a workspace was restored from a copy.
    name = f"compact-{before.number + 1:08d}-{generations.hash_of(root, before)[:8]}"
    rows = rows_sql(root, record_type, held)
    if without:
        rows = f"SELECT * FROM ({rows}) ANTI JOIN {without} USING (snapshot, row_hash)"
    pack = write_pack(con, root, record_type, rows, name)
    return tuple(
        replace(e, pack=pack) if e.type == record_type.id and e.pack in packs else e for e in entries
    )


def _write(root: Path, before: Generation, entries: Iterable[Entry], stones: Iterable[Tombstone]) -> None:
    """Put the next generation in place."""
    after = replace(
        before,
        number=before.number + 1,
        recorded_at=before.next_moment(clock.now()).isoformat(),
        parent=generations.hash_of(root, before),
        entries=tuple(entries),
        tombstones=(*before.tombstones, *stones),
    )
    generations.write(root, after)
