"""Generations: what a workspace holds after each intake, and what was known on a day.

A generation file lists every snapshot the workspace has ever held: which type, force and month it
is of, from when it was known and when it was recorded. The newest generation is the workspace.
``view`` answers from that list: of the snapshots known on a day, the one known last holds.

A file may list only what was added to the generation before it (``extends``); every few generations it lists
everything, so that a reader has few files to open. Each names its parent's hash, so that the newest vouches for all.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Literal

from openpeel.engine.identity.place import sweep as sweep_sealed
from openpeel.engine.intake.disk import TEMPORARY, computing_lock, put_file, sweep_spills
from openpeel.errors import UserError

#: Every so many generations a file lists everything.
LISTED_WHOLE = 50
#: Generations read last, by file: a file never changes once it is in place. Few are kept.
_READ: dict[Path, tuple[tuple[int, ...], Generation]] = {}
_REMEMBERED = 3

EntryScope = Literal["complete", "changes", "moved"]


@dataclass(frozen=True)
class Entry:
    """One snapshot as one intake brought it in.

    Attributes:
        type, force, month: what it holds; ``month`` is a month number.
        snapshot: its id.
        rows: how many rows it has (0: supplied, and there were none).
        pack: file under ``records/`` that holds the rows; empty when there are none.
        intake: the intake that brought it.
        known_from: day from which it was known, an ISO date.
        supplied: whether that day was stated (else it is the day of import).
        recorded_at: moment of import, ISO, UTC.
        scope: ``complete``, ``changes``, or ``moved`` (rows left for another month).
    """

    type: str
    force: str
    month: int
    snapshot: str
    rows: int
    pack: str
    intake: str
    known_from: str
    supplied: bool
    recorded_at: str
    scope: EntryScope


@dataclass(frozen=True)
class Tombstone:
    """A lawfully removed row: its hash stays, at its place, so that the snapshot id still verifies.

    ``key_hash`` is the hash of its type, force and key, so that the record is known if it comes back;
    blank for rows without a key, and for rows removed before there was such a hash.
    """

    snapshot: str
    row_hash: str
    position: int
    reason: str
    authority: str
    removed_at: str
    key_hash: str = ""


@dataclass(frozen=True)
class Gone:
    """A record that a supply of changes said is gone; ``key`` is the parts of its key as text.

    It is kept even if no such record was here, since one may yet come in by an older supply.
    """

    type: str
    force: str
    key: tuple[str, ...]
    intake: str
    known_from: str


@dataclass(frozen=True)
class Vintage:
    """Which knowledge to answer from: known on ``as_at`` or earlier, recorded by ``recorded_by``.

    ``recorded_by`` is a moment (inclusive) in UTC or ``None`` for everything recorded so far.
    """

    as_at: date
    recorded_by: datetime | None = None


@dataclass(frozen=True)
class Generation:
    """The state of a workspace after an intake."""

    number: int
    recorded_at: str
    parent: str
    entries: tuple[Entry, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    gone: tuple[Gone, ...] = ()

    def next_moment(self, moment: datetime) -> datetime:
        """``moment``, or just after this generation if the clock has gone back."""
        if not self.recorded_at:
            return moment
        return max(moment, datetime.fromisoformat(self.recorded_at) + timedelta(microseconds=1))

    def packs(self) -> set[str]:
        """The files it needs."""
        return {e.pack for e in self.entries if e.pack}

    def intakes(self) -> set[str]:
        """The intakes it was made of."""
        return {e.intake for e in self.entries} | {g.intake for g in self.gone}


@dataclass(frozen=True)
class View:
    """The snapshots that hold for one vintage, keyed by type, force and month.

    ``removed`` are (snapshot, row hash) of the rows lawfully removed: without them a snapshot's rows
    are not those it had when something was worked out from it.
    """

    generation: int
    vintage: Vintage
    current: dict[tuple[str, str, int], Entry] = field(default_factory=dict)
    removed: tuple[tuple[str, str], ...] = ()

    @cached_property
    def _by_type(self) -> dict[str, dict[str, list[Entry]]]:
        """Type -> force -> entries: asked for many times over, for each snapshot that is counted."""
        out: dict[str, dict[str, list[Entry]]] = {}
        for (type_id, force, _), entry in self.current.items():
            out.setdefault(type_id, {}).setdefault(force, []).append(entry)
        return out

    def of(self, record_type: str) -> list[Entry]:
        """The entries of one record type."""
        return [e for entries in self._by_type.get(record_type, {}).values() for e in entries]

    def of_force(self, record_type: str, force: str) -> list[Entry]:
        """The entries of one record type and force."""
        return list(self._by_type.get(record_type, {}).get(force, ()))

    def get(self, record_type: str, force: str, month: int) -> Entry | None:
        """The entry of one type, force and month; ``None`` means nothing was supplied."""
        return self.current.get((record_type, force, month))


def view(generation: Generation, vintage: Vintage) -> View:
    """What was known at a vintage."""
    current: dict[tuple[str, str, int], Entry] = {}
    as_at = vintage.as_at.isoformat()
    for entry in generation.entries:  # in the order of recording
        if entry.known_from > as_at:
            continue
        if vintage.recorded_by and datetime.fromisoformat(entry.recorded_at) > vintage.recorded_by:
            continue
        key = (entry.type, entry.force, entry.month)
        if key not in current or entry.known_from >= current[key].known_from:
            current[key] = entry
    removed = tuple(sorted({(t.snapshot, t.row_hash) for t in generation.tombstones}))
    return View(generation.number, vintage, current, removed)


def generation_file(root: Path, number: int) -> Path:
    """Where a generation is kept."""
    return root / "generations" / f"{number:08d}.json"


def newest(root: Path) -> Generation:
    """The newest generation (number 0, empty, in a new workspace).

    Raises:
        UserError: the generation file cannot be read.
    """
    numbers = _numbers(root)
    return read(root, numbers[-1]) if numbers else Generation(0, "", "")


def _numbers(root: Path) -> list[int]:
    folder = root / "generations"
    if not folder.is_dir():
        raise UserError("the workspace has no generations folder", str(root), "restore it from a copy")
    return sorted(int(f.stem) for f in folder.glob("*.json") if f.stem.isascii() and f.stem.isdigit())


def read(root: Path, number: int) -> Generation:
    """Read one generation.

    Raises:
        UserError: it, or one that it extends, is missing or damaged.
    """
    file = generation_file(root, number)
    known = _READ.get(file)
    if known and known[0] == _standing(file):
        return known[1]
    generation = _read(root, file, number)
    _remember(file, generation)
    return generation


def _read(root: Path, file: Path, number: int) -> Generation:
    try:
        data = json.loads(file.read_bytes())
        if not isinstance(data, dict):
            raise TypeError("it is no table")
        before = read(root, number - 1).entries if data.get("extends") else ()
        generation = _from_data(data, before)
    except FileNotFoundError:
        raise UserError("the generation is missing", str(file), "restore it from a copy") from None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UserError(f"the generation is damaged ({error})", str(file), "restore it from a copy") from None
    if generation.number != number:
        raise UserError(f"the file holds generation {generation.number}", str(file), "restore it from a copy")
    return generation


def _standing(file: Path) -> tuple[int, ...]:
    """What tells that a file is still the one that was read; nothing where there is none."""
    try:
        told = file.stat()
    except FileNotFoundError:
        return ()
    return told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns


def _remember(file: Path, generation: Generation) -> None:
    while len(_READ) >= _REMEMBERED:
        _READ.pop(next(iter(_READ)), None)
    _READ[file] = (_standing(file), generation)


def _from_data(data: dict[str, Any], before: tuple[Entry, ...]) -> Generation:
    added = tuple(Entry(**e) for e in data["entries"])
    if before and data["extends"] != len(before):
        raise ValueError(f"it extends {data['extends']} entries, and there are {len(before)}")
    generation = Generation(
        number=int(data["number"]),
        recorded_at=str(data["recorded_at"]),
        parent=str(data["parent"]),
        entries=before + added,
        tombstones=tuple(Tombstone(**t) for t in data["tombstones"]),
        gone=tuple(Gone(**(g | {"key": tuple(g["key"])})) for g in data.get("gone", [])),
    )
    datetime.fromisoformat(generation.recorded_at)
    for e in added:
        date.fromisoformat(e.known_from)
        datetime.fromisoformat(e.recorded_at)
        if not isinstance(e.month, int) or not isinstance(e.rows, int) or ".." in e.pack:
            raise ValueError(f"entry of {e.force}")
    return generation


def hash_of(root: Path, generation: Generation) -> str:
    """The SHA-256 of a generation's file; empty for a workspace without any."""
    if not generation.number:
        return ""
    return hashlib.sha256(generation_file(root, generation.number).read_bytes()).hexdigest()


def write(root: Path, generation: Generation) -> None:
    """Put a generation in place: from this moment on the intake exists."""
    held = _extended(root, generation)
    data = {
        "number": generation.number,
        "recorded_at": generation.recorded_at,
        "parent": generation.parent,
        "extends": held,
        "entries": [vars(e) for e in generation.entries[held:]],
        "tombstones": [vars(t) for t in generation.tombstones],
        "gone": [vars(g) for g in generation.gone],
    }
    file = generation_file(root, generation.number)
    # In one line: written so by the C library, many times as quick as with line breaks.
    put_file(file, (json.dumps(data, ensure_ascii=False, sort_keys=True) + "\n").encode())
    _remember(file, generation)


def _extended(root: Path, generation: Generation) -> int:
    """How many entries it shares with its parent and need not list; none if it is to list everything."""
    if generation.number % LISTED_WHOLE == 0 or not generation.parent:
        return 0
    before = read(root, generation.number - 1).entries
    return len(before) if generation.entries[: len(before)] == before else 0


class Pin:
    """Keeps a generation's files from being swept while somebody reads them.

    The pin is a shared lock on the generation file, so it goes with the process.
    """

    def __init__(self, root: Path, number: int) -> None:
        self._handle: IO[bytes] | None = None
        if number:
            self._handle = generation_file(root, number).open("rb")
            fcntl.flock(self._handle, fcntl.LOCK_SH)

    def close(self) -> None:
        """Let the generation go."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None


def open_newest(root: Path) -> tuple[Generation, Pin]:
    """The newest generation, pinned."""
    while True:
        generation = newest(root)
        pin = Pin(root, generation.number)
        # A compaction may have come between reading and pinning.
        if _numbers(root)[-1:] in ([generation.number], []):
            return generation, pin
        pin.close()


def sweep(root: Path) -> None:
    """Remove what no generation in use needs; only under the writer lock.

    That is: temporary files, packs and intakes of imports that were killed, and packs that a
    compaction has replaced with what was derived from them, once nobody reads an older generation.
    """
    current = newest(root)
    needed = set(current.packs())
    for number in _numbers(root)[:-1]:
        if _pinned(generation_file(root, number)):
            needed |= read(root, number).packs()
    _sweep_packs(root / "records", needed)
    intakes = current.intakes()
    for folder in (root / "intake").glob("*"):
        if folder.name not in intakes:
            _remove(folder)
    for file in [*root.glob(f"{TEMPORARY}*.toml"), *_temporaries(root, "generations", "ledger", "policies")]:
        file.unlink(missing_ok=True)
    sweep_sealed(root, intakes)
    sweep_spills(root)
    with computing_lock(root, wait=False) as held:
        if held:  # else somebody computes just now, and the next sweep will do
            _sweep_computed(root)


def _sweep_packs(records: Path, needed: set[str]) -> None:
    for file in list(records.rglob("*")):
        if not file.is_dir() and str(file.relative_to(records)) not in needed:
            file.unlink()


def _sweep_computed(root: Path) -> None:
    for file in _temporaries(root, "cells"):
        file.unlink(missing_ok=True)
    # Derived columns were kept there before (docs/decisions/0020); nothing reads them any more.
    _remove(root / "derived")


def _temporaries(root: Path, *folders: str) -> list[Path]:
    return [file for folder in folders for file in (root / folder).rglob(f"{TEMPORARY}*")]


def _pinned(file: Path) -> bool:
    with file.open("rb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def describe(entries: Iterable[Entry]) -> list[str]:
    """The snapshot ids of some entries, sorted and without repeats."""
    return sorted({e.snapshot for e in entries})
