"""Which rows of a supply's files count: whole files refused, rows set aside that are there twice."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from openpeel.engine.clock import month_text
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.generations import Generation
from openpeel.engine.intake.mapping import Mapping, Part
from openpeel.engine.intake.normalise import GONE, SET_ASIDE, SUPPLIED
from openpeel.engine.intake.scrub import REMOVED_TEXT
from openpeel.engine.intake.stones import key_hash_sql, suppressed
from openpeel.engine.sql import quote, text
from openpeel.errors import UserError

SAME_FILE, SAME_ROW, REMOVED = "same file", "the same row again", "lawfully removed before"
#: Reasons for which a file may have no row left and yet be a whole file.
_HARMLESS = {SAME_FILE, SAME_ROW, REMOVED, GONE}

#: Which part speaks for which forces and months, under scope ``complete``.
Claims = dict[int, set[tuple[str, int]]]


def sift(
    con: duckdb.DuckDBPyConnection, mapping: Mapping, parts: dict[int, Part], refused: dict[int, UserError]
) -> Claims:
    """Refuse whole files, set repeated rows aside, and say which file speaks for which months."""
    claims: Claims = {}
    if mapping.scope == "complete":
        claims = _claims(con, parts, refused)
    _refuse_empty_handed(con, parts, refused)
    if mapping.scope == "complete":
        _same_month_twice(con, parts, claims, refused)
    if mapping.type.key:
        if mapping.scope == "changes" or not mapping.type.key_may_be_blank:
            _set_aside_blank_keys(con, mapping.type)
        _set_aside_repeated_keys(con, mapping.type)
        _refuse_empty_handed(con, parts, refused)
    return {number: months for number, months in claims.items() if number not in refused}


def _claims(con: duckdb.DuckDBPyConnection, parts: dict[int, Part], refused: dict[int, UserError]) -> Claims:
    """The forces and months that each part says it is complete for."""
    claims: Claims = {}
    for number, part in parts.items():
        if part.first is None or part.last is None:
            refused[number] = UserError(
                "is to replace whole months and does not say which", part.label, "state its months"
            )
            continue
        forces = [part.force] if part.force else _forces(con, number)
        claims[number] = {(f, m) for f in forces for m in range(part.first, part.last + 1)}
    return claims


def _forces(con: duckdb.DuckDBPyConnection, number: int) -> list[str]:
    rows = con.execute(f"SELECT DISTINCT force FROM {SUPPLIED} WHERE part = ?", [number]).fetchall()
    return sorted(r[0] for r in rows)


def set_aside_removed(con: duckdb.DuckDBPyConnection, record_type: RecordType, before: Generation) -> None:
    """Rows that were lawfully removed stay out when another file brings them back."""
    keys, hashes = suppressed(before, record_type)
    if not keys and not hashes:
        return
    table = pa.table({"h": pa.array(sorted(keys | hashes), pa.string())})
    con.register("stones", table)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE marked AS SELECT part, row FROM {SUPPLIED} "
        f"WHERE {key_hash_sql(record_type)} IN (SELECT h FROM stones) OR row_hash IN (SELECT h FROM stones)"
    )
    con.unregister("stones")
    _set_aside(con, REMOVED, whole=REMOVED_TEXT)


def drop_part(con: duckdb.DuckDBPyConnection, number: int) -> None:
    """Take a refused part's rows out of everything."""
    con.execute(f"DELETE FROM {SUPPLIED} WHERE part = ?", [number])
    con.execute(f"DELETE FROM {SET_ASIDE} WHERE part = ?", [number])


def _refuse_empty_handed(
    con: duckdb.DuckDBPyConnection, parts: dict[int, Part], refused: dict[int, UserError]
) -> None:
    """A file none of whose rows can be taken must not count as a month without records."""
    accepted = dict(con.execute(f"SELECT part, count(*) FROM {SUPPLIED} GROUP BY part").fetchall())
    for number, part in parts.items():
        if number in refused or not part.read() or accepted.get(number):
            continue
        reasons = con.execute(
            f"SELECT reason, any_value(detail) FROM {SET_ASIDE} WHERE part = ? GROUP BY reason "
            "ORDER BY count(*) DESC, reason",
            [number],
        ).fetchall()
        if {r[0] for r in reasons} & _HARMLESS:
            continue  # another file of this command holds its rows, or they are known
        why = "; ".join(reasons[0]).strip("; ") if reasons else ""
        refused[number] = UserError(
            f"none of its {part.read()} rows can be accepted ({why})", part.label, "check file and options"
        )
    for number in refused:
        drop_part(con, number)


def _set_aside_blank_keys(con: duckdb.DuckDBPyConnection, record_type: RecordType) -> None:
    """A row that does not say which record it is can neither replace one nor be replaced."""
    blank = " OR ".join(f"{quote(k)} IS NULL" for k in record_type.key)
    con.execute(f"CREATE OR REPLACE TEMP TABLE marked AS SELECT part, row FROM {SUPPLIED} WHERE {blank}")
    _set_aside(con, "the key is blank")


def _set_aside_repeated_keys(con: duckdb.DuckDBPyConnection, record_type: RecordType) -> None:
    """One key, one row: of equal rows one stays, of different rows none (nobody can say which holds)."""
    keys = ", ".join(["force", *map(quote, record_type.key)])
    known = " AND ".join(f"{quote(k)} IS NOT NULL" for k in record_type.key)
    if not con.execute(
        f"SELECT 1 FROM {SUPPLIED} WHERE {known} GROUP BY {keys} HAVING count(*) > 1 LIMIT 1"
    ).fetchall():
        return  # by far the usual case, and told much sooner than which they are
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE repeated AS "
        f"SELECT part, row, row_number() OVER (PARTITION BY {keys} ORDER BY part, row) AS nth, "
        f"min(row_hash) OVER (PARTITION BY {keys}) = max(row_hash) OVER (PARTITION BY {keys}) AS equal "
        f"FROM {SUPPLIED} WHERE {known}"
    )
    for which, reason in (("equal AND nth > 1", SAME_ROW), ("NOT equal", "one key with different rows")):
        con.execute(f"CREATE OR REPLACE TEMP TABLE marked AS SELECT part, row FROM repeated WHERE {which}")
        _set_aside(con, reason)


def _set_aside(
    con: duckdb.DuckDBPyConnection, reason: str, detail: str = "", whole: str | None = None
) -> None:
    """Move the rows that the table ``marked`` names from those supplied to those set aside.

    ``whole`` stands in place of a row's text.
    """
    if con.execute("SELECT 1 FROM marked LIMIT 1").fetchone() is None:
        return
    columns = [r[0] for r in con.execute(f"DESCRIBE {SUPPLIED}").fetchall()]
    row = (
        text(whole)
        if whole
        else row_text_sql([c for c in columns if c not in ("part", "row", "month", "row_hash")])
    )
    con.execute(
        f"INSERT INTO {SET_ASIDE} SELECT part, row, {text(reason)}, {text(detail)}, {row} "
        f"FROM {SUPPLIED} SEMI JOIN marked USING (part, row)"
    )
    con.execute(f"DELETE FROM {SUPPLIED} WHERE (part, row) IN (SELECT (part, row) FROM marked)")


def row_text_sql(columns: Sequence[str]) -> str:
    """SQL for a typed row as text, the way a row set aside is kept."""
    fields = ", ".join(f"{text(n)}: CAST({quote(n)} AS VARCHAR)" for n in columns)
    return f"{{{fields}}}::JSON::VARCHAR"


def _same_month_twice(
    con: duckdb.DuckDBPyConnection, parts: dict[int, Part], claims: Claims, refused: dict[int, UserError]
) -> None:
    """The same force and month in two files: equal rows count once, different rows are refused."""
    shared: dict[tuple[str, int], list[int]] = {}
    for number, months in claims.items():
        for of in months if number not in refused else ():
            shared.setdefault(of, []).append(number)
    twice = {of: numbers for of, numbers in sorted(shared.items()) if len(numbers) > 1}
    for of, numbers in twice.items():
        _refuse_different(con, parts, of, numbers, refused)
    for number in refused:
        drop_part(con, number)
    for of, numbers in twice.items():
        kept = [n for n in numbers if n not in refused]
        for other in kept[1:]:
            _set_same_aside(con, of, other, parts[kept[0]].label)
            claims[other].discard(of)


def _refuse_different(
    con: duckdb.DuckDBPyConnection,
    parts: dict[int, Part],
    of: tuple[str, int],
    numbers: list[int],
    refused: dict[int, UserError],
) -> None:
    hashes = {n: _hashes(con, n, of) for n in numbers}
    for number in numbers:
        rivals = [n for n in numbers if hashes[n] != hashes[number]]
        if rivals and number not in refused:
            refused[number] = UserError(
                f"{of[0]} {month_text(of[1])} is also in {parts[rivals[0]].label}, with different rows",
                parts[number].label,
                "import only one of them",
            )


def _set_same_aside(con: duckdb.DuckDBPyConnection, of: tuple[str, int], number: int, first: str) -> None:
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE marked AS SELECT part, row FROM {SUPPLIED} "
        "WHERE part = ? AND force = ? AND month = ?",
        [number, *of],
    )
    _set_aside(con, SAME_FILE, f"same file as {first}")


def _hashes(con: duckdb.DuckDBPyConnection, number: int, of: tuple[str, int]) -> list[str]:
    rows = con.execute(
        f"SELECT row_hash FROM {SUPPLIED} WHERE part = ? AND force = ? AND month = ? ORDER BY row_hash",
        [number, *of],
    ).fetchall()
    return [r[0] for r in rows]
