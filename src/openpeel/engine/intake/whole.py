"""Whether a workspace's records are what was accepted: every snapshot's id worked out from its rows anew.

Three answers for each snapshot: *whole*, *lawfully removed* (rows left, and their tombstones account for
every one), or *altered*. Lawful removal alone is no alteration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from openpeel.engine.clock import month_text
from openpeel.engine.connection import connect
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake import generations
from openpeel.engine.intake.canonical import row_hash_sql
from openpeel.engine.intake.generations import Entry, Generation, Tombstone
from openpeel.engine.intake.packs import is_whole, rows_sql, true_ids
from openpeel.errors import UserError

#: Rows whose ids are worked out in one go; keeps memory level.
BATCH_ROWS = 200_000


@dataclass(frozen=True)
class Altered:
    """Something that is not as it was written; force and month are blank for a whole file."""

    force: str
    month: str
    what: str


@dataclass(frozen=True)
class Left:
    """Rows that were lawfully removed for one reason, on one authority."""

    rows: int
    reason: str
    authority: str


@dataclass
class TypeState:
    """What was found of one record type.

    Attributes:
        type: its id.
        snapshots: how many there are, of whatever vintage.
        rows: rows they hold now.
        whole: snapshots that hold exactly the rows accepted.
        removed: snapshots that rows have lawfully left, and which hold exactly the others.
        left: the rows that have.
        altered: the snapshots that are something else, and the files that were touched.
    """

    type: str
    snapshots: int = 0
    rows: int = 0
    whole: int = 0
    removed: int = 0
    left: list[Left] = field(default_factory=list)
    altered: list[Altered] = field(default_factory=list)


@dataclass
class WorkspaceState:
    """What was found: type by type, and what is wrong with the chain of generations."""

    types: list[TypeState] = field(default_factory=list)
    chain: list[str] = field(default_factory=list)

    def altered(self) -> bool:
        """Whether anything is not as it was written."""
        return bool(self.chain) or any(t.altered for t in self.types)


def check_records(
    root: Path, types: Mapping[str, RecordType], progress: Callable[[str], None] | None = None
) -> WorkspaceState:
    """Recompute every snapshot of every entry of a workspace.

    Args:
        root: the workspace.
        types: every declared record type.
        progress: called with what is being done.

    Raises:
        UserError: the newest generation cannot be read.
    """
    say = progress or (lambda _text: None)
    generation, pin = generations.open_newest(root)
    try:
        state = WorkspaceState(chain=_chain(root, generation))
        with closing(connect()) as con:
            for id_ in sorted({e.type for e in generation.entries}):
                say(f"working out the snapshots of {id_}")
                state.types.append(_type_state(con, root, id_, types.get(id_), generation))
    finally:
        pin.close()
    return state


def _chain(root: Path, newest: Generation) -> list[str]:
    """What is wrong with the generations: each names the hash of the one before, and only ever adds to it."""
    problems = []
    before: Generation | None = Generation(0, "", "")
    for number in range(1, newest.number + 1):
        try:
            this = generations.read(root, number)
        except UserError:
            problems.append(f"generation {number} is missing or damaged")
            before = None
            continue
        if before is not None and this.parent != generations.hash_of(root, before):
            problems.append(f"generation {number} does not follow from generation {before.number}")
        elif before is not None and not _adds_to(before, this):
            problems.append(f"generation {number} lacks something that generation {before.number} held")
        before = this
    known = {e.snapshot for e in newest.entries}
    if lost := sum(1 for t in newest.tombstones if t.snapshot not in known):
        problems.append(f"{lost} tombstones are of snapshots that no entry names")
    return problems


def _adds_to(before: Generation, after: Generation) -> bool:
    """Whether everything of a generation is in the next one; a compaction changes the packs alone."""
    entries = [replace(e, pack="") for e in after.entries[: len(before.entries)]]
    return (
        entries == [replace(e, pack="") for e in before.entries]
        and after.tombstones[: len(before.tombstones)] == before.tombstones
        and after.gone[: len(before.gone)] == before.gone
    )


def _type_state(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    id_: str,
    record_type: RecordType | None,
    generation: Generation,
) -> TypeState:
    entries = list({(e.snapshot, e.pack): e for e in generation.entries if e.type == id_}.values())
    snapshots = {e.snapshot: e for e in entries}
    stones: dict[str, list[Tombstone]] = {}
    for stone in generation.tombstones:
        if stone.snapshot in snapshots:
            stones.setdefault(stone.snapshot, []).append(stone)
    state = TypeState(id_, len(snapshots), left=_left(stones))
    state.rows = sum(e.rows - len(stones.get(s, ())) for s, e in snapshots.items())
    wrong = _wrong(con, root, record_type, entries, stones)
    state.altered += [
        Altered("", "", f"the bytes of its file {p} are not those that were written")
        for p in sorted({e.pack for e in entries if e.pack})
        if _touched(root, p)
    ]
    for snapshot, entry in sorted(snapshots.items(), key=lambda i: (i[1].force, i[1].month, i[0])):
        if snapshot in wrong:
            state.altered.append(Altered(entry.force, month_text(entry.month), wrong[snapshot]))
        elif snapshot in stones:
            state.removed += 1
        else:
            state.whole += 1
    return state


def _left(stones: Mapping[str, Sequence[Tombstone]]) -> list[Left]:
    why: dict[tuple[str, str], int] = {}
    for stone in (s for found in stones.values() for s in found):
        why[stone.reason, stone.authority] = why.get((stone.reason, stone.authority), 0) + 1
    return [Left(rows, *words) for words, rows in sorted(why.items())]


def _wrong(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    record_type: RecordType | None,
    entries: Sequence[Entry],
    stones: Mapping[str, Sequence[Tombstone]],
) -> dict[str, str]:
    """Snapshot -> what is wrong with it."""
    if record_type is None:
        return {
            e.snapshot: "its record type is not declared any more, so it cannot be recomputed"
            for e in entries
        }
    wrong = {e.snapshot: f"its file {e.pack} is missing" for e in entries if _missing(root, e.pack)}
    for batch in _batches([e for e in entries if e.snapshot not in wrong]):
        try:
            mine = [s for e in batch for s in stones.get(e.snapshot, ())]
            ids = true_ids(con, root, record_type, batch, mine)
            for entry in (e for e in batch if ids[e.snapshot] != e.snapshot):
                wrong[entry.snapshot] = _what(con, root, record_type, entry, stones.get(entry.snapshot, ()))
        except duckdb.Error:
            # Not the database's own words: they may hold a value of a record.
            wrong |= {e.snapshot: f"its file {e.pack} cannot be read" for e in batch}
    return wrong


def _missing(root: Path, pack: str) -> bool:
    return bool(pack) and not (root / "records" / pack).is_file()


def _touched(root: Path, pack: str) -> bool:
    return not _missing(root, pack) and not is_whole(root, pack)


def _batches(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Entries of one file, so many at once that their rows fit into memory."""
    batch: list[Entry] = []
    rows = 0
    for entry in sorted(entries, key=lambda e: (e.pack, e.force, e.month)):
        if batch and (rows + entry.rows > BATCH_ROWS or entry.pack != batch[0].pack):
            yield batch
            batch, rows = [], 0
        batch.append(entry)
        rows += entry.rows
    if batch:
        yield batch


def _what(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    record_type: RecordType,
    entry: Entry,
    stones: Sequence[Tombstone],
) -> str:
    """In which way a snapshot's rows are not those that were accepted."""
    rows = rows_sql(root, record_type, [entry])
    hashes = [r[0] for r in con.execute(f"SELECT {row_hash_sql(record_type)} FROM ({rows})").fetchall()]
    if still := len({s.row_hash for s in stones} & set(hashes)):
        return f"{still} rows with a tombstone are still there"
    missing = entry.rows - len(stones) - len(hashes)
    if missing > 0:
        return f"{missing} of its {entry.rows} rows are missing, without a tombstone"
    if missing < 0:
        return f"{-missing} rows are more than the {entry.rows} that were accepted"
    return "its rows or tombstones are not those that were written"
