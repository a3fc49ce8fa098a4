"""What an import replaces: from accepted rows to the snapshots that will hold.

Scope ``complete``: the supply holds all rows of its force and months, and replaces what was there.
Scope ``changes``: rows are put in or replaced by key, deletions are explicit. Under either scope the
month of a row is the local month of its anchor date; a keyed row whose anchor date was corrected
leaves the month it was in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from openpeel.engine.clock import month_text
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.canonical import record_order, row_hash_sql, snapshot_id
from openpeel.engine.intake.generations import Entry, EntryScope, View
from openpeel.engine.intake.mapping import Mapping, Part
from openpeel.engine.intake.normalise import SET_ASIDE, SUPPLIED
from openpeel.engine.intake.packs import rows_sql
from openpeel.engine.sql import quote, text
from openpeel.errors import UserError

#: Temporary table of the rows of the snapshots to be, and the table of keys to delete.
NEW_ROWS, DELETED = "new_rows", "deleted_keys"


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
    the user and kept in the manifest.
    """

    snapshots: list[NewSnapshot] = field(default_factory=list)
    refused: dict[int, UserError] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def settle(
    con: duckdb.DuckDBPyConnection, root: Path, mapping: Mapping, parts: dict[int, Part], view: View
) -> Outcome:
    """Turn the accepted rows into the snapshots that will hold, against what was known.

    Fills ``NEW_ROWS``; moves repeated keys and the same rows supplied twice to the set-aside table.

    Args:
        con: holds the ``SUPPLIED`` and ``SET_ASIDE`` tables.
        root: the workspace.
        mapping: the parts' mapping.
        parts: the parts by number.
        view: what was known before, at the day from which this supply is known.

    Returns:
        the new snapshots, those equal to what is there left out.
    """
    outcome = Outcome()
    _refuse_empty_handed(con, parts, outcome)
    if mapping.type.key:
        _set_aside_repeated_keys(con, mapping.type)
    if mapping.scope == "complete":
        _same_month_twice(con, mapping.type, parts, outcome)
        _list_claims(con, {n: p for n, p in parts.items() if n not in outcome.refused})
    _fill_new_rows(con, root, mapping, view)
    months = _months(con, mapping, parts, outcome, view)
    for (force, month), (snapshot, rows) in _snapshots(con, mapping.type, months).items():
        before = view.get(mapping.type.id, force, month)
        if before is None or before.snapshot != snapshot:
            scope = months[(force, month)]
            outcome.snapshots.append(NewSnapshot(force, month, snapshot, rows, scope))
            if before is not None and not mapping.type.key and before.rows:
                outcome.notes.append(_broken_links(con, root, mapping.type, before, snapshot))
    return outcome


def drop_part(con: duckdb.DuckDBPyConnection, number: int) -> None:
    """Take a refused part's rows out of everything."""
    con.execute(f"DELETE FROM {SUPPLIED} WHERE part = ?", [number])
    con.execute(f"DELETE FROM {SET_ASIDE} WHERE part = ?", [number])


def _refuse_empty_handed(con: duckdb.DuckDBPyConnection, parts: dict[int, Part], outcome: Outcome) -> None:
    """A file none of whose rows can be read must not count as a month without records."""
    accepted = dict(con.execute(f"SELECT part, count(*) FROM {SUPPLIED} GROUP BY part").fetchall())
    for number, part in parts.items():
        if part.read() and not accepted.get(number):
            worst = con.execute(
                f"SELECT reason, any_value(detail) FROM {SET_ASIDE} WHERE part = ? GROUP BY reason "
                "ORDER BY count(*) DESC, reason LIMIT 1",
                [number],
            ).fetchone()
            why = f"{worst[0]}; {worst[1]}" if worst and worst[1] else (worst[0] if worst else "")
            outcome.refused[number] = UserError(
                f"none of its {part.read()} rows can be accepted ({why})",
                part.label,
                "check file and options",
            )
    for number in outcome.refused:
        drop_part(con, number)


def _set_aside_repeated_keys(con: duckdb.DuckDBPyConnection, record_type: RecordType) -> None:
    """One key, one row: of equal rows one stays, of different rows none (nobody can say which holds)."""
    keys = ", ".join(["force", *map(quote, record_type.key)])
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE repeated AS "
        f"SELECT part, row, row_number() OVER (PARTITION BY {keys} ORDER BY part, row) AS nth, "
        f"min(row_hash) OVER (PARTITION BY {keys}) = max(row_hash) OVER (PARTITION BY {keys}) AS equal, "
        f"count(*) OVER (PARTITION BY {keys}) AS n FROM {SUPPLIED}"
    )
    _set_aside(con, "r.n > 1 AND r.equal AND r.nth > 1", "the same row again")
    _set_aside(con, "r.n > 1 AND NOT r.equal", "one key with different rows")


def _set_aside(con: duckdb.DuckDBPyConnection, which: str, reason: str) -> None:
    con.execute(
        f"INSERT INTO {SET_ASIDE} SELECT s.part, s.row, {text(reason)}, '', {_row_text(con)} "
        f"FROM {SUPPLIED} s JOIN repeated r USING (part, row) WHERE {which}"
    )
    con.execute(
        f"DELETE FROM {SUPPLIED} WHERE (part, row) IN (SELECT (part, row) FROM repeated r WHERE {which})"
    )


def _row_text(con: duckdb.DuckDBPyConnection) -> str:
    hidden = {"part", "row", "month", "row_hash"}
    names = [r[0] for r in con.execute(f"DESCRIBE {SUPPLIED}").fetchall() if r[0] not in hidden]
    fields = ", ".join(f"{text(n)}: CAST(s.{quote(n)} AS VARCHAR)" for n in names)
    return f"{{{fields}}}::JSON::VARCHAR"


def _same_month_twice(
    con: duckdb.DuckDBPyConnection, record_type: RecordType, parts: dict[int, Part], outcome: Outcome
) -> None:
    """The same force and month in two files: equal rows count once, different rows are refused."""
    claims: dict[tuple[str, int], list[int]] = {}
    for number, part in parts.items():
        if number not in outcome.refused and part.first is not None and part.last is not None:
            for month in range(part.first, part.last + 1):
                claims.setdefault((part.force, month), []).append(number)
    for (force, month), numbers in claims.items():
        for other in numbers[1:]:
            _compare_parts(con, record_type, parts, outcome, (force, month), (numbers[0], other))
    for number in outcome.refused:
        drop_part(con, number)


def _compare_parts(
    con: duckdb.DuckDBPyConnection,
    record_type: RecordType,
    parts: dict[int, Part],
    outcome: Outcome,
    of: tuple[str, int],
    pair: tuple[int, int],
) -> None:
    force, month = of
    first, other = (_hashes(con, number, month) for number in pair)
    if first != other:
        for number, rival in (pair, pair[::-1]):
            outcome.refused[number] = UserError(
                f"{force} {month_text(month)} is also in {parts[rival].label}, with different rows",
                parts[number].label,
                "import only one of them",
            )
        return
    reason = f"same file as {parts[pair[0]].label}"
    con.execute(
        f"INSERT INTO {SET_ASIDE} SELECT s.part, s.row, 'same file', {text(reason)}, {_row_text(con)} "
        f"FROM {SUPPLIED} s WHERE part = ? AND month = ?",
        [pair[1], month],
    )
    con.execute(f"DELETE FROM {SUPPLIED} WHERE part = ? AND month = ?", [pair[1], month])


def _hashes(con: duckdb.DuckDBPyConnection, number: int, month: int) -> list[str]:
    rows = con.execute(
        f"SELECT row_hash FROM {SUPPLIED} WHERE part = ? AND month = ? ORDER BY row_hash", [number, month]
    ).fetchall()
    return [r[0] for r in rows]


def _fill_new_rows(con: duckdb.DuckDBPyConnection, root: Path, mapping: Mapping, view: View) -> None:
    """The rows of every month the supply touches, as they will be."""
    record_type = mapping.type
    names = ", ".join(quote(n) for n, _ in record_type.stored())
    supplied = f"SELECT month, {names}, row_hash FROM {SUPPLIED}"
    if record_type.key:
        kept = _kept_rows(con, root, mapping, view, names)
        supplied = f"{supplied} UNION ALL {kept}" if kept else supplied
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {NEW_ROWS} AS SELECT *, "
        f"row_number() OVER (PARTITION BY force, month, row_hash) AS occurrence FROM ({supplied})"
    )


def _kept_rows(con: duckdb.DuckDBPyConnection, root: Path, mapping: Mapping, view: View, names: str) -> str:
    """SQL for the rows there already that stay, in the months this supply touches."""
    record_type = mapping.type
    forces = {r[0] for r in con.execute(f"SELECT DISTINCT force FROM {SUPPLIED}").fetchall()}
    if _exists(con, DELETED):
        forces |= {r[0] for r in con.execute(f"SELECT DISTINCT force FROM {DELETED}").fetchall()}
    entries = [e for e in view.of(record_type.id) if e.force in forces]
    if not any(e.pack for e in entries):
        return ""
    keys = [quote(k) for k in ("force", *record_type.key)]
    same = " AND ".join(f"b.{k} = x.{k}" for k in keys)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE base AS SELECT month, {names}, {row_hash_sql(record_type)} AS row_hash "
        f"FROM ({rows_sql(root, record_type, entries)})"
    )
    gone = f"SELECT {', '.join(keys)} FROM {SUPPLIED}"
    if _exists(con, DELETED):
        gone += f" UNION ALL SELECT {', '.join(keys)} FROM {DELETED}"
    con.execute(f"CREATE OR REPLACE TEMP TABLE gone AS SELECT DISTINCT * FROM ({gone})")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT b.force, b.month, true AS moved "
        f"FROM base b JOIN gone x ON {same} UNION SELECT DISTINCT force, month, false FROM {SUPPLIED}"
    )
    stays = f"NOT EXISTS (SELECT 1 FROM gone x WHERE {same})"
    replaced = ""
    if mapping.scope == "complete":
        replaced = " AND (b.force, b.month) NOT IN (SELECT (force, month) FROM claimed_months)"
    return (
        f"SELECT b.month, {', '.join('b.' + n for n in names.split(', '))}, b.row_hash FROM base b "
        f"WHERE (b.force, b.month) IN (SELECT (force, month) FROM touched) AND {stays}{replaced}"
    )


def _exists(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [table]).fetchone()
    return found is not None


def _list_claims(con: duckdb.DuckDBPyConnection, parts: dict[int, Part]) -> None:
    con.execute("CREATE OR REPLACE TEMP TABLE claimed_months (force VARCHAR, month INTEGER)")
    claims = {
        (p.force, m)
        for p in parts.values()
        if p.first is not None and p.last is not None
        for m in range(p.first, p.last + 1)
    }
    if claims:
        con.executemany("INSERT INTO claimed_months VALUES (?, ?)", sorted(claims))


def _months(
    con: duckdb.DuckDBPyConnection, mapping: Mapping, parts: dict[int, Part], outcome: Outcome, view: View
) -> dict[tuple[str, int], EntryScope]:
    """Every force and month the import says something of, with the scope it does so in."""
    months: dict[tuple[str, int], EntryScope] = {}
    if _exists(con, "touched"):
        for force, month, moved in con.execute("SELECT force, month, moved FROM touched").fetchall():
            if moved and view.get(mapping.type.id, force, month):
                months[(force, month)] = "moved" if mapping.scope == "complete" else "changes"
    for force, month in con.execute(f"SELECT DISTINCT force, month FROM {SUPPLIED}").fetchall():
        months[(force, month)] = mapping.scope
    if mapping.scope == "complete":
        for number, part in parts.items():
            if number not in outcome.refused and part.first is not None and part.last is not None:
                months |= {(part.force, m): "complete" for m in range(part.first, part.last + 1)}
    return months


def _snapshots(
    con: duckdb.DuckDBPyConnection, record_type: RecordType, months: dict[tuple[str, int], EntryScope]
) -> dict[tuple[str, int], tuple[str, int]]:
    """Snapshot id and number of rows for each force and month, and the ids written beside the rows."""
    con.execute(f"ALTER TABLE {NEW_ROWS} ADD COLUMN snapshot VARCHAR")
    table = con.sql(
        f"SELECT force, month, row_hash FROM {NEW_ROWS} ORDER BY force, month, {record_order(record_type)}"
    ).to_arrow_table()
    forces, numbers, hashes = (table[c].to_pylist() for c in ("force", "month", "row_hash"))
    groups: dict[tuple[str, int], list[str]] = {key: [] for key in months}
    for force, month, row_hash in zip(forces, numbers, hashes, strict=True):
        groups.setdefault((force, month), []).append(row_hash)
    out = {key: (snapshot_id(record_type, rows), len(rows)) for key, rows in sorted(groups.items())}
    con.execute("CREATE OR REPLACE TEMP TABLE ids (force VARCHAR, month INTEGER, snapshot VARCHAR)")
    if out:
        con.executemany("INSERT INTO ids VALUES (?, ?, ?)", [(*key, value[0]) for key, value in out.items()])
    con.execute(
        f"UPDATE {NEW_ROWS} SET snapshot = ids.snapshot FROM ids "
        f"WHERE ids.force = {NEW_ROWS}.force AND ids.month = {NEW_ROWS}.month"
    )
    return out


def _broken_links(
    con: duckdb.DuckDBPyConnection, root: Path, record_type: RecordType, before: Entry, snapshot: str
) -> str:
    """How many rows of a corrected keyless month keep their record id."""
    old = f"SELECT row_hash, occurrence FROM ({rows_sql(root, record_type, [before])})"
    new = f"SELECT row_hash, occurrence FROM {NEW_ROWS} WHERE snapshot = {text(snapshot)}"
    kept = con.execute(f"SELECT count(*) FROM (({old}) INTERSECT ({new}))").fetchone()
    same = kept[0] if kept else 0
    return (
        f"{before.force} {month_text(before.month)} is corrected: {same} of {before.rows} rows are as before; "
        f"links to the other {before.rows - same} no longer lead anywhere (these records have no key of their own)"
    )
