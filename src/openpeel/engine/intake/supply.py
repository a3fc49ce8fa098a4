"""What an import replaces: from accepted rows to the snapshots that will hold.

Scope ``complete``: the supply holds all rows of its force and months, and replaces what was there.
Scope ``changes``: rows are put in or replaced by key, deletions are explicit. Under either scope the
month of a row is the local month of its anchor date; a keyed row whose anchor date was corrected
leaves the month it was in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from openpeel.engine.clock import month_sql, month_text
from openpeel.engine.connection import insert_rows
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.canonical import id_maker, record_order, row_hash_sql
from openpeel.engine.intake.generations import (
    Entry,
    EntryScope,
    Generation,
    Gone,
    Tombstone,
    View,
    Vintage,
    view,
)
from openpeel.engine.intake.mapping import Mapping, Part
from openpeel.engine.intake.normalise import DELETED, SUPPLIED
from openpeel.engine.intake.order import are_in_order
from openpeel.engine.intake.packs import rows_sql
from openpeel.engine.intake.sift import Claims, drop_part, set_aside_removed, sift
from openpeel.engine.sql import quote, text
from openpeel.errors import UserError

#: The rows of the snapshots to be, in their order (a view that gives them as they lie), and the ids of these.
NEW_ROWS, IDS = "new_rows", "new_snapshots"


@dataclass(frozen=True)
class Deletion:
    """A record that a supply of changes says is gone; ``key`` in the order of the type's key."""

    force: str
    key: tuple[Any, ...]


@dataclass(frozen=True)
class Basis:
    """What a supply is settled against: what was here, and the day from which the supply is known."""

    root: Path
    before: Generation
    intake: str
    known_from: date
    stated: bool
    news: frozenset[str] = frozenset()  # forces of whose persons something new is to be sealed

    def stones(self, snapshot: str) -> list[Tombstone]:
        """The tombstones of a snapshot, in the order of their places."""
        mine = [t for t in self.before.tombstones if t.snapshot == snapshot]
        return sorted(mine, key=lambda t: t.position)

    def view(self) -> View:
        """What was known on the day."""
        return view(self.before, Vintage(self.known_from))

    def later(self, record_type: RecordType) -> list[Entry]:
        """What was known only after the day."""
        day = self.known_from.isoformat()
        return [e for e in self.before.entries if e.type == record_type.id and e.known_from > day]

    def gone_later(self, record_type: RecordType) -> list[Gone]:
        """The records said to be gone only after the day."""
        day = self.known_from.isoformat()
        return [g for g in self.before.gone if g.type == record_type.id and g.known_from > day]


@dataclass(frozen=True)
class NewSnapshot:
    """A snapshot that the import brings about. ``rows`` may be 0: supplied, and there were none."""

    force: str
    month: int
    snapshot: str
    rows: int
    scope: EntryScope


@dataclass
class Outcome:
    """What became of a supply, before anything is written.

    ``refused`` maps part numbers to the error that keeps the whole part out. ``notes`` are told to
    the user and kept in the manifest. ``gone`` are deletions not heard of before; ``deleted`` counts
    the records that deletions took out.
    """

    snapshots: list[NewSnapshot] = field(default_factory=list)
    refused: dict[int, UserError] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    gone: tuple[Gone, ...] = ()
    deleted: int = 0


def list_deletions(
    con: duckdb.DuckDBPyConnection, record_type: RecordType, deletions: Iterable[Deletion]
) -> None:
    """Fill the table of keys to delete.

    Raises:
        UserError: a key has a blank, too few or too many parts, or a part that cannot be read.
    """
    stored = dict(record_type.stored())
    columns = [("force", "VARCHAR"), *((k, stored[k]) for k in record_type.key)]
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {DELETED} ({', '.join(f'{quote(n)} {t}' for n, t in columns)})"
    )
    marks = ", ".join("?" for _ in columns)
    for deletion in deletions:
        values = (deletion.force, *deletion.key)
        where = f"deletion of {'/'.join(map(str, values))}"
        if len(values) != len(columns) or any(v is None or v == "" for v in values):
            raise UserError(f"the key is {', '.join(record_type.key)}", where, "give every part of it")
        try:
            con.execute(f"INSERT INTO {DELETED} VALUES ({marks})", values)
        except duckdb.ConversionException:
            raise UserError("the key cannot be read", where, "write it as in the records") from None


def settle(con: duckdb.DuckDBPyConnection, mapping: Mapping, parts: dict[int, Part], basis: Basis) -> Outcome:
    """Turn the accepted rows into the snapshots that will hold, against what was known.

    Fills ``NEW_ROWS``; moves repeated keys and the same rows supplied twice to the set-aside table.

    Args:
        con: holds the ``SUPPLIED``, ``SET_ASIDE`` and ``DELETED`` tables.
        mapping: the parts' mapping.
        parts: the parts by number.
        basis: what was here before.

    Returns:
        the new snapshots, those equal to what is there left out.

    Raises:
        UserError: the supply is older than changes that build on what was known without it, or a
            deletion names a record that is supplied as well.
    """
    outcome, before = Outcome(), basis.view()
    _refuse_emptying(mapping, parts, before, outcome)
    set_aside_removed(con, mapping.type, basis.before)
    claims = sift(con, mapping, parts, outcome.refused)
    keyed = _holds_keys(con, mapping.type)
    if keyed:
        _refuse_slid_under(con, mapping.type, basis)
    else:
        _refuse_losing_keys(con, mapping.type, parts, basis, before, claims, outcome)
    _fill_new_rows(con, mapping, basis, before, claims, outcome, keyed)
    months = _months(con, mapping, claims, before, keyed)
    _refuse_out_of_order(
        mapping.type, basis, _add_snapshots(con, mapping.type, basis, months, before, outcome)
    )
    return outcome


def _holds_keys(con: duckdb.DuckDBPyConnection, record_type: RecordType) -> bool:
    """Whether the supply names records by their keys."""
    if not record_type.key or not record_type.key_may_be_blank:
        return bool(record_type.key)
    known = " AND ".join(f"{quote(k)} IS NOT NULL" for k in record_type.key)
    sql = f"SELECT 1 FROM {SUPPLIED} WHERE {known} UNION ALL SELECT 1 FROM {DELETED} LIMIT 1"
    return bool(con.execute(sql).fetchall())


def _refuse_losing_keys(
    con: duckdb.DuckDBPyConnection,
    record_type: RecordType,
    parts: dict[int, Part],
    basis: Basis,
    before: View,
    claims: Claims,
    outcome: Outcome,
) -> None:
    """A public file without references must not take the place of records that have them."""
    if not record_type.key:
        return
    known = " AND ".join(f"{quote(k)} IS NOT NULL" for k in record_type.key)
    for number, months in list(claims.items()):
        held = [e for e in (before.get(record_type.id, *of) for of in sorted(months)) if e and e.pack]
        rows = rows_sql(basis.root, record_type, held)
        if held and con.execute(f"SELECT 1 FROM ({rows}) WHERE {known} LIMIT 1").fetchall():
            outcome.refused[number] = UserError(
                f"has no {' and '.join(record_type.key)}, and records that have it are here for the same months",
                parts[number].label,
                "keep the two in workspaces of their own",
            )
            del claims[number]
            drop_part(con, number)


def _refuse_emptying(mapping: Mapping, parts: dict[int, Part], before: View, outcome: Outcome) -> None:
    """A public file with a heading and no rows may be a month without records; it never takes records away.

    Only where records need no key: an extract with keys may say that a month is empty.
    """
    for number, part in parts.items():
        if (
            (mapping.type.key and not mapping.type.key_may_be_blank)
            or part.read()
            or mapping.scope != "complete"
            or part.first is None
            or part.last is None
        ):
            continue
        held = [before.get(mapping.type.id, part.force, m) for m in range(part.first, part.last + 1)]
        rows = sum(e.rows for e in held if e is not None)
        if rows:
            outcome.refused[number] = UserError(
                f"holds a heading and no rows, where {rows} rows are here already",
                part.label,
                "fetch it again",
            )
        else:
            outcome.notes.append(f"{part.label} holds no rows: its month counts as supplied, with none")


def _refuse_slid_under(con: duckdb.DuckDBPyConnection, record_type: RecordType, basis: Basis) -> None:
    """A record that a later supply has in another month, or says is gone, must not come in underneath."""
    later = [e for e in basis.later(record_type) if e.pack]
    supplied = f"SELECT {', '.join(_keys(record_type))}, month FROM {SUPPLIED}"
    found: list[tuple[Any, ...]] = []
    if later:
        month = month_sql(quote(record_type.anchor_date()))
        rows = f"SELECT *, {month} AS _month FROM ({rows_sql(basis.root, record_type, later)})"
        found = con.execute(
            f"SELECT s.* FROM ({supplied}) s JOIN ({rows}) x ON {_same('s', 'x', record_type)} "
            "WHERE s.month <> x._month LIMIT 1"
        ).fetchall()
    gone = {(g.force, *g.key) for g in basis.gone_later(record_type)}
    if gone and not found:
        texts = ", ".join(f"CAST({k} AS VARCHAR)" for k in _keys(record_type))
        found = [
            r for r in con.execute(f"SELECT {texts}, month FROM {SUPPLIED}").fetchall() if r[:-1] in gone
        ]
    if found:
        raise UserError(
            f"the record {'/'.join(map(str, found[0][:-1]))} is moved or deleted by a supply known after "
            f"{basis.known_from}, which is here already",
            "--supplied",
            "import supplies with such records in the order in which they were supplied",
        )


def _same(one: str, other: str, record_type: RecordType) -> str:
    return " AND ".join(f"{one}.{k} = {other}.{k}" for k in _keys(record_type))


def _keys(record_type: RecordType) -> list[str]:
    return [quote(k) for k in ("force", *record_type.key)]


def _fill_new_rows(
    con: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    basis: Basis,
    before: View,
    claims: Claims,
    outcome: Outcome,
    keyed: bool,
) -> None:
    """The rows of every month the supply touches, as they will be, in the order of their snapshots."""
    names = ", ".join(quote(n) for n, _ in mapping.type.stored())
    rows = f"SELECT month, {names}, row_hash FROM {SUPPLIED}"
    if keyed:
        _list_base(con, mapping.type, basis, before, names, claims)
        _check_deletions(con, mapping.type, basis, outcome)
        stays = "FROM base SEMI JOIN touched USING (force, month) ANTI JOIN gone USING (" + ", ".join(
            _keys(mapping.type)
        )
        rows += f" UNION ALL SELECT month, {names}, row_hash {stays}) WHERE NOT claimed"
    nth, order = "CAST(1 AS BIGINT)", ", ".join(map(quote, mapping.type.key))
    once = bool(mapping.type.key) and not mapping.type.key_may_be_blank
    if not once:
        nth = "row_number() OVER (PARTITION BY force, month, row_hash)"
        order = record_order(mapping.type)
    held = SUPPLIED
    if not once or _holds_rows(con, "base") or not are_in_order(con, mapping.type, SUPPLIED):
        held = "sorted_rows"
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {held} AS SELECT *, {nth} AS occurrence FROM ({rows}) "
            f"ORDER BY force, month, {order}"  # a key that is there once needs no hash beside it to be sorted by
        )
        nth = "occurrence"
    con.execute(
        f"CREATE OR REPLACE TEMP VIEW {NEW_ROWS} AS "
        f"SELECT month, {names}, row_hash, {nth} AS occurrence FROM {held}"
    )


def _holds_rows(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    return con.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None


def _list_base(
    con: duckdb.DuckDBPyConnection,
    record_type: RecordType,
    basis: Basis,
    before: View,
    names: str,
    claims: Claims,
) -> None:
    """The rows there already, those that go, and the months that the supply touches."""
    forces = {
        r[0]
        for table in (SUPPLIED, DELETED)
        for r in con.execute(f"SELECT DISTINCT force FROM {table}").fetchall()
    }
    entries = [e for e in before.of(record_type.id) if e.force in forces]
    con.execute("CREATE OR REPLACE TEMP TABLE claimed_months (force VARCHAR, month INTEGER)")
    insert_rows(con, "claimed_months", sorted(set().union(*claims.values())))
    month = month_sql(quote(record_type.anchor_date()))
    nothing = "" if entries else " WHERE false"  # nothing can be replaced where nothing is
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE base AS SELECT {names}, {month} AS month, "
        f"{row_hash_sql(record_type)} AS row_hash, "
        f"(force, {month}) IN (SELECT (force, month) FROM claimed_months) AS claimed "
        f"FROM ({rows_sql(basis.root, record_type, entries)})"
    )
    keys = ", ".join(_keys(record_type))
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE gone AS SELECT {keys} FROM {SUPPLIED}{nothing} "
        f"UNION SELECT {keys} FROM {DELETED}"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE touched AS SELECT force, month, bool_or(moved) AS moved FROM ("
        f"SELECT force, month, true AS moved FROM base SEMI JOIN gone USING ({keys}) "
        f"UNION ALL SELECT force, month, false FROM {SUPPLIED}) GROUP BY force, month"
    )


def _check_deletions(
    con: duckdb.DuckDBPyConnection, record_type: RecordType, basis: Basis, outcome: Outcome
) -> None:
    """Count what deletions take out, and keep what they name."""
    keys = ", ".join(_keys(record_type))
    both = con.execute(f"SELECT {keys} FROM {SUPPLIED} SEMI JOIN {DELETED} USING ({keys}) LIMIT 1").fetchone()
    if both:
        raise UserError(
            "is both supplied and deleted", "/".join(map(str, both)), "say which, and import it again"
        )
    texts = ", ".join(f"CAST({k} AS VARCHAR)" for k in _keys(record_type))
    rows = con.execute(f"SELECT DISTINCT {texts} FROM {DELETED} ORDER BY ALL").fetchall()
    found = con.execute(f"SELECT count(*) FROM base SEMI JOIN {DELETED} USING ({keys})").fetchall()
    outcome.deleted = found[0][0]
    if outcome.deleted < len(rows):
        absent = len(rows) - outcome.deleted
        outcome.notes.append(f"{absent} of {len(rows)} deletions name records that are not here")
    day = basis.known_from.isoformat()
    heard = {(g.type, g.force, g.key) for g in basis.before.gone if not basis.stated or g.known_from >= day}
    named = [Gone(record_type.id, force, tuple(key), basis.intake, day) for force, *key in rows]
    outcome.gone = tuple(g for g in named if (g.type, g.force, g.key) not in heard)


def _months(
    con: duckdb.DuckDBPyConnection, mapping: Mapping, claims: Claims, before: View, keyed: bool
) -> dict[tuple[str, int], EntryScope]:
    """Every force and month the import says something of, with the scope it does so in."""
    months: dict[tuple[str, int], EntryScope] = {}
    if keyed:
        for force, month, moved in con.execute("SELECT force, month, moved FROM touched").fetchall():
            if moved and before.get(mapping.type.id, force, month):
                months[(force, month)] = "moved" if mapping.scope == "complete" else "changes"
    for force, month in con.execute(f"SELECT DISTINCT force, month FROM {SUPPLIED}").fetchall():
        months[(force, month)] = mapping.scope
    return months | dict.fromkeys(set().union(*claims.values()), mapping.scope)


def _add_snapshots(
    con: duckdb.DuckDBPyConnection,
    record_type: RecordType,
    basis: Basis,
    months: dict[tuple[str, int], EntryScope],
    before: View,
    outcome: Outcome,
) -> list[NewSnapshot]:
    """Note what is new: other rows than before, or the same ones stated to have held on a later day."""
    confirmed = 0
    for (force, month), (snapshot, rows) in _snapshots(con, record_type, months, basis, before).items():
        held = before.get(record_type.id, force, month)
        same = held is not None and held.snapshot == snapshot
        later = basis.stated and held is not None and held.known_from < basis.known_from.isoformat()
        if same and not later and force not in basis.news:
            continue
        confirmed += same and later
        outcome.snapshots.append(NewSnapshot(force, month, snapshot, rows, months[(force, month)]))
        if held and not same and held.rows and (not record_type.key or record_type.key_may_be_blank):
            outcome.notes.append(_broken_links(con, basis.root, record_type, held, snapshot))
    if confirmed:
        outcome.notes.append(
            f"{confirmed} months are as they were; that they still held on {basis.known_from} is noted"
        )
    return outcome.snapshots


def _refuse_out_of_order(record_type: RecordType, basis: Basis, new: Sequence[NewSnapshot]) -> None:
    """Changes build on what was known before them, so nothing may be slid in underneath."""
    touched = {(s.force, s.month) for s in new}
    for entry in basis.later(record_type):
        if entry.scope != "complete" and (entry.force, entry.month) in touched:
            raise UserError(
                f"changes known from {entry.known_from} are already in for {entry.force} "
                f"{month_text(entry.month)}, and these are known from {basis.known_from}",
                "--supplied",
                "import changes in the order in which they were supplied",
            )


def _snapshots(
    con: duckdb.DuckDBPyConnection,
    record_type: RecordType,
    months: dict[tuple[str, int], EntryScope],
    basis: Basis,
    before: View,
) -> dict[tuple[str, int], tuple[str, int]]:
    """Snapshot id and number of rows for each force and month; fills the table of ids."""
    counts = con.execute(
        f"SELECT force, month, count(*) FROM {NEW_ROWS} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    hashes = _in_order(con)
    id_of = id_maker(record_type)
    out = dict.fromkeys(months, (id_of(b""), 0))
    begins = 0
    for force, month, count in counts:
        rows = hashes[begins * 32 : (begins + count) * 32]
        held = before.get(record_type.id, force, month)
        out[(force, month)] = _id_of(id_of, rows, basis, held), count
        begins += count
    con.execute(f"CREATE OR REPLACE TEMP TABLE {IDS} (force VARCHAR, month INTEGER, snapshot VARCHAR)")
    insert_rows(con, IDS, [(*key, value[0]) for key, value in out.items()])
    return dict(sorted(out.items()))


def _id_of(
    id_of: Callable[[bytes | memoryview], str], rows: memoryview, basis: Basis, held: Entry | None
) -> str:
    """The id of some rows; that of what is held where they differ only by what was lawfully removed from it."""
    stones = basis.stones(held.snapshot) if held else []
    if held and stones:
        hashes = [bytes(rows[n : n + 32]) for n in range(0, len(rows), 32)]
        for stone in stones:
            hashes.insert(stone.position, bytes.fromhex(stone.row_hash))
        if id_of(b"".join(hashes)) == held.snapshot:
            return held.snapshot
    return id_of(rows)


def _in_order(con: duckdb.DuckDBPyConnection) -> memoryview:
    """The row hashes of the new rows, one behind the other, in the order in which the table was made."""
    table = con.sql(f"SELECT row_hash FROM {NEW_ROWS}").to_arrow_table()
    hashes = bytearray()
    for chunk in table["row_hash"].chunks:
        texts = chunk.buffers()[2]
        begins = chunk.offset * 64
        hashes += bytes.fromhex(str(memoryview(texts)[begins : begins + len(chunk) * 64], "ascii"))
    return memoryview(bytes(hashes))


def _broken_links(
    con: duckdb.DuckDBPyConnection, root: Path, record_type: RecordType, before: Entry, snapshot: str
) -> str:
    """How many rows of a corrected keyless month keep their record id."""
    old = f"SELECT row_hash, occurrence FROM ({rows_sql(root, record_type, [before])})"
    new = (
        f"SELECT row_hash, occurrence FROM {NEW_ROWS} JOIN {IDS} USING (force, month) "
        f"WHERE snapshot = {text(snapshot)}"
    )
    kept = con.execute(f"SELECT count(*) FROM (({old}) INTERSECT ({new}))").fetchone()
    same = kept[0] if kept else 0
    count = con.execute(f"SELECT count(*) FROM ({new})").fetchone()
    now = count[0] if count else 0
    gone = before.rows - same
    note = (
        f"{before.force} {month_text(before.month)} is corrected: {same} rows are as before, {gone} are gone, "
        f"{now - same} are new"
    )
    if gone:
        note += "; links to those gone lead nowhere now (these records have no key of their own)"
    if 2 * now < before.rows:
        note += f"; the file has {now} rows where {before.rows} were held: check that it is whole"
    return note
