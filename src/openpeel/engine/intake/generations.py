"""Generations: what a workspace holds after each intake, and what was known on a day.

A generation file lists every snapshot the workspace has ever held: which type, force and month it
is of, from when it was known and when it was recorded. The newest generation is the workspace.
``view`` answers from that list: of the snapshots known on a day, the one known last holds.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Literal

from openpeel.engine.intake.disk import TEMPORARY, json_bytes, put_file
from openpeel.errors import UserError


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
    """A lawfully removed row: its hash stays, at its place, so that the snapshot id still verifies."""

    snapshot: str
    row_hash: str
    position: int
    reason: str
    authority: str
    removed_at: str


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

    def next_moment(self, moment: datetime) -> datetime:
        """``moment``, or just after this generation if the clock has gone back."""
        if not self.recorded_at:
            return moment
        return max(moment, datetime.fromisoformat(self.recorded_at) + timedelta(microseconds=1))

    def packs(self) -> set[str]:
        """The files it needs."""
        return {e.pack for e in self.entries if e.pack}


@dataclass(frozen=True)
class View:
    """The snapshots that hold for one vintage, keyed by type, force and month."""

    generation: int
    vintage: Vintage
    current: dict[tuple[str, str, int], Entry] = field(default_factory=dict)

    def of(self, record_type: str) -> list[Entry]:
        """The entries of one record type."""
        return [e for e in self.current.values() if e.type == record_type]

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
    return View(generation.number, vintage, current)


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
    return sorted(int(f.stem) for f in folder.glob("*.json") if f.stem.isdigit())


def read(root: Path, number: int) -> Generation:
    """Read one generation.

    Raises:
        UserError: it is missing or damaged.
    """
    file = generation_file(root, number)
    try:
        data: dict[str, Any] = json.loads(file.read_bytes())
        return Generation(
            number=int(data["number"]),
            recorded_at=str(data["recorded_at"]),
            parent=str(data["parent"]),
            entries=tuple(Entry(**e) for e in data["entries"]),
            tombstones=tuple(Tombstone(**t) for t in data["tombstones"]),
        )
    except FileNotFoundError:
        raise UserError("the generation is missing", str(file), "restore it from a copy") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"the generation is damaged ({error})", str(file), "restore it from a copy") from None


def write(root: Path, generation: Generation) -> None:
    """Put a generation in place: from this moment on the intake exists."""
    put_file(generation_file(root, generation.number), json_bytes(asdict(generation)))


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
    compaction has replaced, once nobody reads an older generation.
    """
    current = newest(root)
    needed = set(current.packs())
    for number in _numbers(root)[:-1]:
        if _pinned(generation_file(root, number)):
            needed |= read(root, number).packs()
    for file in (root / "records").rglob("*"):
        if file.is_file() and str(file.relative_to(root / "records")) not in needed:
            file.unlink()
    intakes = {e.intake for e in current.entries}
    for folder in (root / "intake").iterdir():
        if folder.name not in intakes:
            _remove_folder(folder)
    for folder_name in ("generations", "ledger", "policies"):
        for file in (root / folder_name).rglob(f"{TEMPORARY}*"):
            file.unlink()


def _pinned(file: Path) -> bool:
    with file.open("rb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _remove_folder(folder: Path) -> None:
    if folder.is_file():
        folder.unlink()
        return
    for file in folder.iterdir():
        file.unlink()
    with contextlib.suppress(OSError):
        folder.rmdir()


def describe(entries: Iterable[Entry]) -> list[str]:
    """The snapshot ids of some entries, sorted and without repeats."""
    return sorted({e.snapshot for e in entries})
