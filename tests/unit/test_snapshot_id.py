"""The id of a snapshot: of the rows alone, unambiguous, and telling whatever is altered."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers import different, run_here, write_search_file
from incidents import complete, incident, snapshots, untrue
from openpeel.areas.powers.records import STOP_SEARCH
from openpeel.engine.connection import connect
from openpeel.engine.declare.records import Column, RecordType
from openpeel.engine.intake import generations
from openpeel.engine.intake.canonical import record_order, row_hash_sql, schema_text, snapshot_id
from openpeel.engine.intake.generations import Entry
from openpeel.engine.intake.packs import is_whole, true_ids, write_pack

WIDE = RecordType(
    id="test.wide",
    title="Wide",
    kind="event",
    anchor="day",
    columns=(
        Column("a", "text", ""),
        Column("b", "text", ""),
        Column("n", "integer", ""),
        Column("x", "number", ""),
        Column("yes", "boolean", ""),
        Column("day", "date", ""),
    ),
)
NAMES = [n for n, _ in WIDE.stored()]

#: What could be taken for something else: marks of the canonical text, blanks, words of other types.
TEXTS = st.one_of(
    st.none(),
    st.sampled_from(["", "-", "=", "==", "=-", "-=", "None", "NULL", "null", "1", "true", " ", "=\t=", "\n"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x1f"), max_size=4),
)
ROWS = st.tuples(
    TEXTS,
    TEXTS,
    TEXTS,
    st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.integers(-2, 2)),
    st.one_of(st.none(), st.decimals(-99999, 99999, places=6), st.sampled_from([Decimal(0), Decimal(1)])),
    st.one_of(st.none(), st.booleans()),
    st.one_of(st.none(), st.dates()),
)
CON = connect()


def hash_of(row: tuple[Any, ...], record_type: RecordType = WIDE) -> str:
    values = ", ".join(f"CAST(? AS {t}) AS {n}" for n, t in record_type.stored())
    found = CON.execute(f"SELECT {row_hash_sql(record_type)} FROM (SELECT {values})", list(row)).fetchone()
    assert found is not None
    return str(found[0])


@settings(max_examples=400, deadline=None)
@given(ROWS, ROWS)
def test_different_rows_never_have_the_same_hash(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    assume(one != other)
    assert hash_of(one) != hash_of(other)


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from([(0, 1), (0, 2), (1, 2)]))
def test_a_value_moved_to_another_column_is_another_row(one: Any, other: Any, at: tuple[int, int]) -> None:
    """Neighbouring texts, a text and a blank: nothing slides across the border between columns."""
    assume(one != other)
    rows = []
    for pair in ((one, other), (other, one)):
        row: list[Any] = ["x", "x", "x", 1, Decimal(1), True, None]
        row[at[0]], row[at[1]] = pair
        rows.append(tuple(row))
    assert hash_of(rows[0]) != hash_of(rows[1])


def test_the_canonical_text_is_what_is_written_down() -> None:
    """Fixed for good: a change of these bytes would make every snapshot of every workspace untrue."""
    import datetime

    row = ("kent", "a", None, -5, Decimal("0.5"), True, datetime.date(2019, 7, 1))
    text = "\x1f".join(["=kent", "=a", "-", "=-5", "=0.500000", "=true", "=2019-07-01"])
    assert hash_of(row) == hashlib.sha256(text.encode()).hexdigest()
    assert schema_text(WIDE).startswith('{"type":"test.wide","key":[],"columns":[["force","VARCHAR"],["a",')
    digest = hashlib.sha256(schema_text(WIDE).encode() + b"\n" + bytes.fromhex(hash_of(row)))
    assert snapshot_id(WIDE, [hash_of(row)]) == digest.hexdigest()


def test_times_are_written_alike_whatever_their_fraction() -> None:
    at = RecordType("t", "t", "event", "at", (Column("at", "instant", ""),))
    for stamp in ("2019-07-01 12:00:00", "2019-07-01 12:00:00.5", "1999-12-31 23:59:59.000001"):
        text = f"=kent\x1f={stamp}\x1f=2019-07-01"
        assert hash_of(("kent", stamp, "2019-07-01"), at) == hashlib.sha256(text.encode()).hexdigest()


def test_the_schema_is_part_of_it() -> None:
    row = ["ab" * 32]
    ids = {
        snapshot_id(WIDE, row),
        snapshot_id(replace(WIDE, id="test.other"), row),
        snapshot_id(replace(WIDE, key=("a",)), row),
        snapshot_id(replace(WIDE, columns=WIDE.columns[::-1]), row),
        snapshot_id(replace(WIDE, columns=(replace(WIDE.columns[0], type="date"), *WIDE.columns[1:])), row),
        snapshot_id(WIDE, []),
        snapshot_id(WIDE, row * 2),
    }
    assert len(ids) == 7


def test_words_around_a_type_are_no_part_of_it() -> None:
    other = replace(
        WIDE, title="x", meaning="y", columns=tuple(replace(c, meaning="z") for c in WIDE.columns)
    )
    assert snapshot_id(other, []) == snapshot_id(WIDE, [])


@pytest.mark.parametrize("order", ["row_hash", "row_hash DESC", "random()"])
def test_the_order_of_writing_is_no_part_of_it(tmp_path: Path, order: str) -> None:
    """The same rows in another order, in another file, twice among them: the same id."""
    rows = (
        "SELECT 'kent' AS force, 'a' || i // 2 AS a, NULL AS b, i // 3 AS n, CAST(0.5 AS DECIMAL(18,6)) AS x, "
        "true AS yes, DATE '2023-01-01' + CAST(i % 2 AS INTEGER) AS day FROM range(40) r(i)"
    )
    con = connect()
    con.execute(f"CREATE TABLE rows AS SELECT *, {row_hash_sql(WIDE)} AS row_hash FROM ({rows})")
    con.execute(
        "CREATE TABLE numbered AS SELECT *, 24276 AS month, 's' AS snapshot, "
        f"row_number() OVER (PARTITION BY row_hash) AS occurrence FROM rows ORDER BY {order}"
    )
    query = f"SELECT row_hash FROM numbered ORDER BY {record_order(WIDE)}"
    expected = snapshot_id(WIDE, [r[0] for r in con.execute(query).fetchall()])
    pack = write_pack(con, tmp_path, WIDE, "SELECT * FROM numbered", "p")
    entry = Entry("test.wide", "kent", 24276, "s", 40, pack, "i", "", True, "", "complete")
    assert true_ids(con, tmp_path, WIDE, [entry]) == {"s": expected}
    file = tmp_path / "records" / pack
    con.execute(f"COPY (SELECT * FROM numbered ORDER BY {order}) TO '{file}' (FORMAT parquet)")
    assert true_ids(con, tmp_path, WIDE, [entry]) == {"s": expected}


def test_the_order_of_a_file_is_no_part_of_it(workspace: Path, tmp_path: Path) -> None:
    rows = [*different(9), *different(2)]
    ids = set()
    for n, ordered in enumerate([rows, rows[::-1]]):
        root = workspace.with_name(f"w{n}")
        run_here("new", root, cwd=tmp_path)
        file = write_search_file(tmp_path / str(n) / "2019-07-kent-stop-and-search.csv", ordered)
        run_here("import", "police-uk", file, cwd=root)
        ids |= set(snapshots(root).values())
    assert len(ids) == 1


# ----------------------------------------------------------------------------------- altered packs

ALTERATIONS = {
    "a value": "SELECT * REPLACE (CASE WHEN incident_id = 'b' THEN '2' ELSE grade END AS grade) FROM old",
    "a blank": "SELECT * REPLACE (CASE WHEN incident_id = 'b' THEN NULL ELSE grade END AS grade) FROM old",
    "a blank filled": "SELECT * REPLACE (coalesce(attended_at, reported_at) AS attended_at) FROM old",
    "another force": "SELECT * REPLACE (CASE WHEN incident_id = 'b' THEN 'surrey' ELSE force END AS force) FROM old",
    "a row less": "SELECT * FROM old WHERE incident_id <> 'b'",
    "a row more": "SELECT * FROM old UNION ALL SELECT * REPLACE ('z' AS incident_id) FROM old WHERE incident_id = 'b'",
    "a row twice": "SELECT * FROM old UNION ALL SELECT * FROM old WHERE incident_id = 'b'",
    "two keys swapped": (
        "SELECT * REPLACE (CASE incident_id WHEN 'a' THEN 'b' WHEN 'b' THEN 'a' ELSE incident_id END "
        "AS incident_id) FROM old"
    ),
    "none left": "SELECT * FROM old WHERE false",
}


@pytest.mark.parametrize("what", ALTERATIONS)
def test_an_altered_pack_is_found_out(workspace: Path, what: str) -> None:
    """The stored hashes beside the rows are as they were: they are not believed."""
    complete(workspace, "2023-01", *(incident(i, grade=f"grade {i}") for i in "abc"))
    complete(workspace, "2023-02", incident("d", "2023-02-02"))
    old = workspace / "records" / generations.newest(workspace).entries[0].pack
    assert untrue(workspace) == [] and is_whole(workspace, generations.newest(workspace).entries[0].pack)
    con = duckdb.connect()
    con.execute(f"CREATE TABLE old AS SELECT * FROM '{old}'")
    con.execute(f"COPY ({ALTERATIONS[what]}) TO '{old}' (FORMAT parquet)")
    entry = generations.newest(workspace).entries[0]
    assert untrue(workspace) == [entry.snapshot]
    assert not is_whole(workspace, entry.pack)


def test_the_same_rows_written_anew_are_the_same_snapshot(workspace: Path) -> None:
    """Other compression, other order, other bytes."""
    complete(workspace, "2023-01", *(incident(i, grade="1") for i in "abc"))
    old = workspace / "records" / generations.newest(workspace).entries[0].pack
    con = duckdb.connect()
    con.execute(f"CREATE TABLE old AS SELECT * FROM '{old}'")
    con.execute(
        f"COPY (SELECT * FROM old ORDER BY incident_id DESC) TO '{old}' (FORMAT parquet, COMPRESSION gzip)"
    )
    assert untrue(workspace) == []
    assert not is_whole(workspace, generations.newest(workspace).entries[0].pack)  # but somebody was at it


def test_shipped_types_keep_their_schema() -> None:
    """A change here makes what workspaces hold another type; it needs a migration."""
    digest = hashlib.sha256(schema_text(STOP_SEARCH).encode()).hexdigest()
    assert digest[:16] == "39db7c7ec046ffe8"
