"""An intake from accepted rows to a new generation, all or nothing."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from openpeel.engine import clock
from openpeel.engine.connection import connect, insert_rows
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake import generations, supply
from openpeel.engine.intake.compact import compact_if_needed
from openpeel.engine.intake.disk import (
    TEMPORARY,
    fsync_folder,
    json_bytes,
    make_folder,
    put_file,
    spill_folder,
    writer_lock,
)
from openpeel.engine.intake.generations import Entry, Generation
from openpeel.engine.intake.mapping import Mapping, Part
from openpeel.engine.intake.normalise import SET_ASIDE, SUPPLIED, create_tables, normalise
from openpeel.engine.intake.packs import write_pack
from openpeel.engine.intake.persons import Persons
from openpeel.engine.intake.supply import Basis, Deletion
from openpeel.errors import UserError
from openpeel.version import __version__

#: Rows typed in one go; keeps memory level on large supplies.
BATCH_ROWS = 500_000


@dataclass(frozen=True)
class FileAccount:
    """What became of the rows of one file: read = accepted + set aside."""

    file: str
    sha256: str
    size: int
    force: str
    months: str
    read: int
    accepted: int
    set_aside: dict[str, int]
    duplicates: int
    notes: list[str]


@dataclass
class Intake:
    """The result of an intake.

    ``id`` is empty when nothing new was brought in. ``refused`` are the files kept out, whole.
    ``deleted`` counts the records that deletions took out.
    """

    id: str
    scope: str
    files: list[FileAccount]
    refused: list[UserError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    snapshots: int = 0
    deleted: int = 0

    def read(self) -> int:
        """Rows read in the files that were taken."""
        return sum(f.read for f in self.files)

    def accepted(self) -> int:
        """Rows accepted."""
        return sum(f.accepted for f in self.files)


def take_in(
    root: Path,
    mapping: Mapping,
    parts: Iterable[Part],
    *,
    deletions: Sequence[Deletion] = (),
    supplied: date | None = None,
    waiting: Callable[[], None] | None = None,
    progress: Callable[[str], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> Intake:
    """Bring the rows of some parts into the workspace.

    Args:
        root: the workspace.
        mapping: the parts' mapping; its scope says what is replaced.
        parts: the files, parsed; taken one by one, so that memory stays level.
        deletions: records that are gone; only with scope ``changes``.
        supplied: day from which the records are known; the day of import if not stated.
        waiting: called once if another import is under way and this one waits.
        progress: called with what is being done.
        tell: called with a line that somebody must read: a key was made, and where it lies.

    Returns:
        the accounts, file by file. Refused parts are in it, never raised, so that good files of the
        same command are kept.

    Raises:
        UserError: the scope does not fit, the day lies in the future, or changes come in the wrong
            order.
    """
    say = progress or (lambda _text: None)
    _refuse_wrong_use(mapping, deletions, supplied)
    with spill_folder(root) as spill, closing(connect()) as con:
        con.execute("SET temp_directory = ?", [str(spill)])
        create_tables(con, mapping.type)
        supply.list_deletions(con, mapping.type, deletions)
        by_number: dict[int, Part] = {}
        persons = Persons(root, tell or say)
        _normalise_all(con, mapping, parts, by_number, persons, say)
        with writer_lock(root, waiting):
            generations.sweep(root)
            say("settling what is replaced")
            return _settle_and_write(con, root, mapping, by_number, supplied, persons, say)


def _refuse_wrong_use(mapping: Mapping, deletions: Sequence[Deletion], supplied: date | None) -> None:
    if supplied and supplied > clock.now().date():
        raise UserError(f"{supplied} lies in the future", "--supplied", "give the day it was supplied")
    if mapping.scope not in ("complete", "changes"):
        raise UserError(f"there is no scope {mapping.scope!r}", "--scope", "say complete or changes")
    if mapping.scope == "changes" and not mapping.type.key:
        raise UserError(
            f"{mapping.type.id} has no key, so changes cannot say what they replace",
            "--scope",
            "supply whole months, as complete",
        )
    if deletions and mapping.scope != "changes":
        raise UserError(
            "deletions come with changes only", "--scope", "leave the records out of a complete supply"
        )


def _normalise_all(
    con: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    parts: Iterable[Part],
    by_number: dict[int, Part],
    persons: Persons,
    say: Callable[[str], None],
) -> None:
    batch: list[tuple[int, Part]] = []
    rows = 0
    for number, part in enumerate(parts):
        batch.append((number, part))
        rows += part.read()
        if rows >= BATCH_ROWS:
            _normalise_batch(con, mapping, batch, by_number, persons, say)
            batch, rows = [], 0
    if batch:
        _normalise_batch(con, mapping, batch, by_number, persons, say)


def _normalise_batch(
    con: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    batch: list[tuple[int, Part]],
    by_number: dict[int, Part],
    persons: Persons,
    say: Callable[[str], None],
) -> None:
    say(f"checking rows of {len(by_number) + len(batch)} files")
    persons.list_keys(con, mapping, batch)
    normalise(con, mapping, batch)
    for number, part in batch:
        # The strings are typed now; only their number is still needed.
        by_number[number] = Part(
            part.label, part.sha256, part.size, part.force, part.first, part.last,
            part.table.slice(0, 0), part.rows, part.malformed, part.notes,
        )  # fmt: skip


def _settle_and_write(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    mapping: Mapping,
    parts: dict[int, Part],
    supplied: date | None,
    persons: Persons,
    say: Callable[[str], None],
) -> Intake:
    before = generations.newest(root)
    moment = before.next_moment(clock.now())
    known_from = supplied or moment.date()
    id_ = f"{moment:%Y%m%dT%H%M%S}-{before.number + 1:06d}"
    basis = Basis(root, before, id_, known_from, supplied is not None, persons.news(con, mapping))
    outcome = supply.settle(con, mapping, parts, basis)
    kept = {n: p for n, p in parts.items() if n not in outcome.refused}
    result = Intake(
        "", mapping.scope, _accounts(con, mapping.type, kept), list(outcome.refused.values()), outcome.notes
    )
    result.deleted = outcome.deleted
    if not outcome.snapshots and not outcome.gone:
        return result
    result.id = id_
    result.snapshots = len(outcome.snapshots)
    result.notes += _older_notes(before, mapping, outcome.snapshots, known_from)
    say("writing snapshots")
    pack = _write_rows(con, root, mapping, before, outcome.snapshots, result.id)
    persons.seal(con, mapping, result.id)
    keys = persons.fingerprints()
    _write_intake(con, root, result, mapping, kept, known_from, supplied, moment.isoformat(), keys)
    entries = _entries(
        before, mapping, outcome.snapshots, pack, result.id, known_from, supplied, moment.isoformat()
    )
    generations.write(
        root,
        Generation(
            before.number + 1,
            moment.isoformat(),
            generations.hash_of(root, before),
            before.entries + entries,
            before.tombstones,
            before.gone + outcome.gone,
        ),
    )
    _compact(con, root, mapping, result)
    return result


def _compact(con: duckdb.DuckDBPyConnection, root: Path, mapping: Mapping, result: Intake) -> None:
    """Tidy up; the import is in already, so that a failure here must not look like one of it."""
    try:
        if compact_if_needed(con, root, mapping.type):
            generations.sweep(root)
    except (OSError, UserError) as error:
        result.notes.append(f"the records are in; their files are brought together next time ({error})")


def _older_notes(
    before: Generation, mapping: Mapping, new: Sequence[supply.NewSnapshot], known_from: date
) -> list[str]:
    touched = {(s.force, s.month) for s in new}
    later = {
        (e.force, e.month)
        for e in before.entries
        if e.type == mapping.type.id and e.known_from > known_from.isoformat()
    }
    count = len(touched & later)
    if not count:
        return []
    return [
        f"{count} months of it are an older vintage than what is here: they answer for --as-at dates from "
        f"{known_from}, and do not change today's figures"
    ]


def _write_rows(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    mapping: Mapping,
    before: Generation,
    new: Sequence[supply.NewSnapshot],
    name: str,
) -> str:
    """Write the pack with the snapshots that no pack holds yet; empty if there are none."""
    held = {e.snapshot for e in before.entries if e.pack and e.type == mapping.type.id}
    fresh = sorted({s.snapshot for s in new if s.rows and s.snapshot not in held})
    if not fresh:
        return ""
    con.execute("CREATE OR REPLACE TEMP TABLE fresh (snapshot VARCHAR)")
    insert_rows(con, "fresh", [(s,) for s in fresh])
    # The rows are in the order of their snapshots already, and a small join keeps it.
    rows = f"SELECT * FROM {supply.NEW_ROWS} JOIN {supply.IDS} USING (force, month) SEMI JOIN fresh USING (snapshot)"
    return write_pack(con, root, mapping.type, rows, name, in_order=True)


def _entries(
    before: Generation,
    mapping: Mapping,
    new: Sequence[supply.NewSnapshot],
    pack: str,
    intake: str,
    known_from: date,
    supplied: date | None,
    recorded_at: str,
) -> tuple[Entry, ...]:
    packs = {e.snapshot: e.pack for e in before.entries if e.pack and e.type == mapping.type.id}
    return tuple(
        Entry(
            type=mapping.type.id,
            force=s.force,
            month=s.month,
            snapshot=s.snapshot,
            rows=s.rows,
            pack=packs.get(s.snapshot, pack) if s.rows else "",
            intake=intake,
            known_from=known_from.isoformat(),
            supplied=supplied is not None,
            recorded_at=recorded_at,
            scope=s.scope,
        )
        for s in new
    )


def _repeats(con: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """How many accepted rows of each part repeat another exactly."""
    return dict(
        con.execute(
            f"SELECT part, sum(n - 1) FROM (SELECT part, count(*) AS n FROM {SUPPLIED} "
            "GROUP BY part, force, month, row_hash) GROUP BY part"
        ).fetchall()
    )


def _accounts(
    con: duckdb.DuckDBPyConnection, record_type: RecordType, parts: dict[int, Part]
) -> list[FileAccount]:
    accepted = dict(con.execute(f"SELECT part, count(*) FROM {SUPPLIED} GROUP BY part").fetchall())
    aside: dict[int, dict[str, int]] = {}
    for number, reason, n in con.execute(
        f"SELECT part, reason, count(*) FROM {SET_ASIDE} GROUP BY ALL ORDER BY ALL"
    ).fetchall():
        aside.setdefault(number, {})[reason] = n
    repeated = _repeats(con) if not record_type.key or record_type.key_may_be_blank else {}
    out = []
    for number, part in parts.items():
        account = FileAccount(
            part.label, part.sha256, part.size, part.force, _range(part), part.read(),
            accepted.get(number, 0), aside.get(number, {}), int(repeated.get(number, 0)), part.notes,
        )  # fmt: skip
        if account.read != account.accepted + sum(account.set_aside.values()):
            raise RuntimeError(f"{part.label}: rows read are not rows accepted plus rows set aside")
        out.append(account)
    return out


def _range(part: Part) -> str:
    if part.first is None or part.last is None:
        return ""
    first, last = clock.month_text(part.first), clock.month_text(part.last)
    return first if first == last else f"{first}..{last}"


def _write_intake(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    result: Intake,
    mapping: Mapping,
    parts: dict[int, Part],
    known_from: date,
    supplied: date | None,
    recorded_at: str,
    keys: dict[str, str],
) -> None:
    """Write the manifest and the rows set aside, in a folder renamed into place."""
    make_folder(root / "intake")
    temporary = root / "intake" / f"{TEMPORARY}{result.id}"
    temporary.mkdir()
    put_file(temporary / "set-aside.csv.gz", _set_aside_file(con, parts))
    manifest: dict[str, Any] = {
        "intake": result.id,
        "type": mapping.type.id,
        "scope": mapping.scope,
        "known_from": known_from.isoformat(),
        "known_from_stated": supplied is not None,
        "recorded_at": recorded_at,
        "software": f"openpeel {__version__}",
        "rows": {
            "read": result.read(),
            "accepted": result.accepted(),
            "set_aside": result.read() - result.accepted(),
        },
        "deleted": result.deleted,
        "pseudonym_keys": keys,
        "files": [vars(f) for f in result.files],
        "refused": [e.line() for e in result.refused],
        "notes": result.notes,
    }
    put_file(temporary / "manifest.json", json_bytes(manifest))
    temporary.rename(root / "intake" / result.id)
    fsync_folder(root / "intake")


def _set_aside_file(con: duckdb.DuckDBPyConnection, parts: dict[int, Part]) -> bytes:
    out = io.StringIO()
    # All quoted: up to Python 3.12 a bare carriage return is not, and would break its row in two.
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["file", "row", "reason", "detail", "text"])
    for number, row, reason, detail, text in con.execute(
        f"SELECT part, row, reason, detail, text FROM {SET_ASIDE} ORDER BY part, row"
    ).fetchall():
        writer.writerow([parts[number].label, row, reason, detail, text])
    return gzip.compress(out.getvalue().encode(), mtime=0)
