"""Editions of a record type: more columns change nothing of what is there; rows with and without a key."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from helpers import run_here, write_search_file
from incidents import INCIDENT, complete, incident, mapping, part, snapshots, untrue
from openpeel.areas.powers.records import STOP_SEARCH
from openpeel.engine.connection import connect
from openpeel.engine.declare.columns import flag, instant, word
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake import generations
from openpeel.engine.intake.canonical import row_hash_sql, schema_text
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.intake.packs import rows_sql

NEWER = replace(
    INCIDENT,
    columns=(
        *INCIDENT.columns,
        word("closing_code", "How it ended.", "C1", since=2),
        instant("closed_at", "When.", "2023-01-11 12:00:00", since=2),
        flag("repeat", "Whether.", since=3),
    ),
)
COLUMNS = [c.name for c in NEWER.columns]


def newer(root: Path, months: str, *rows: tuple[str, ...]) -> None:
    take_in(root, mapping("complete", NEWER), [part(rows, months, columns=COLUMNS)])


def known(root: Path, record_type: RecordType = NEWER) -> list[tuple[object, ...]]:
    view = generations.view(generations.newest(root), Vintage(date(2999, 1, 1)))
    con = connect()
    columns = "incident_id, closing_code, closed_at IS NULL, repeat"
    rows = con.execute(
        f"SELECT {columns} FROM ({rows_sql(root, record_type, view.of(record_type.id))}) ORDER BY ALL"
    )
    return rows.fetchall()


def test_what_is_there_keeps_its_id_and_reads_with_the_new_columns_unknown(workspace: Path) -> None:
    complete(workspace, "2023-01", incident("1"), incident("2"))
    assert untrue(workspace, NEWER) == []
    assert known(workspace) == [("1", None, True, None), ("2", None, True, None)]


def test_the_same_rows_by_the_newer_type_are_nothing_new(workspace: Path) -> None:
    complete(workspace, "2023-01", incident("1"))
    before = snapshots(workspace)
    newer(workspace, "2023-01", (*incident("1"), "", "", ""))
    assert snapshots(workspace) == before
    assert generations.newest(workspace).number == 1


def test_a_known_value_of_a_newer_column_is_another_row(workspace: Path) -> None:
    complete(workspace, "2023-01", incident("1"))
    before = snapshots(workspace)
    newer(workspace, "2023-01", (*incident("1"), "C1", "", ""))
    newer(workspace, "2023-02", (*incident("2", "2023-02-10"), "", "2023-02-11 12:00:00", "yes"))
    assert snapshots(workspace).items() & before.items() == set()
    assert untrue(workspace, NEWER) == []
    assert known(workspace) == [("1", "C1", True, None), ("2", None, False, True)]


def test_packs_of_both_editions_are_read_together_and_compacted(workspace: Path) -> None:
    complete(workspace, "2022-12", incident("0", "2022-12-10"))
    for month in range(1, 13):
        for _ in range(2):
            newer(
                workspace, f"2023-{month:02d}", (*incident(str(month), f"2023-{month:02d}-10"), "C", "", "")
            )
            newer(
                workspace, f"2023-{month:02d}", (*incident(str(month), f"2023-{month:02d}-10"), "D", "", "")
            )
    assert len(known(workspace)) == 13 and ("0", None, True, None) in known(workspace)
    assert untrue(workspace, NEWER) == []


def test_values_cannot_slide_from_one_newer_column_to_another() -> None:
    """They stand with their names in the text that is hashed."""
    con = connect()

    def hash_of(**values: str) -> str:
        listed = ", ".join(
            f"CAST({values.get(name, 'NULL')} AS {stored}) AS {name}" for name, stored in NEWER.stored()
        )
        return str(con.execute(f"SELECT {row_hash_sql(NEWER)} FROM (SELECT {listed})").fetchall())

    seen = {
        hash_of(),
        hash_of(closing_code="'true'"),
        hash_of(repeat="true"),
        hash_of(grade="'true'"),
        hash_of(closing_code="'x' || chr(31) || 'repeat=true'"),
    }
    assert len(seen) == 5
    assert schema_text(NEWER) == schema_text(INCIDENT)


PUBLIC = "2019-07-kent-stop-and-search.csv"


def own(root: Path, *rows: tuple[str, str, str], months: str = "2019-07", scope: str = "complete") -> object:
    """A force's own searches: number, time, outcome."""
    columns = ("search_id", "searched_at", "outcome")
    made = part(rows, months if scope == "complete" else "", columns=columns)
    return take_in(root, mapping(scope, STOP_SEARCH), [made])  # type: ignore[arg-type]


def searches(root: Path) -> list[tuple[object, ...]]:
    view = generations.view(generations.newest(root), Vintage(date(2999, 1, 1)))
    rows = rows_sql(root, STOP_SEARCH, view.of(STOP_SEARCH.id))
    return duckdb.execute(f"SELECT search_id, outcome FROM ({rows}) ORDER BY ALL").fetchall()


def test_rows_without_a_key_are_all_kept_even_if_alike(workspace: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / PUBLIC, [{}, {}, {}])
    done = run_here("import", "police-uk", file, cwd=workspace)
    assert done.returncode == 0 and "3 accepted" in done.stdout, done.stderr
    assert len(searches(workspace)) == 3 and untrue(workspace, STOP_SEARCH) == []


def test_a_forces_own_are_put_in_or_replaced_by_their_key(workspace: Path) -> None:
    own(workspace, ("S1", "2019-07-10 12:00:00", "Arrest"), ("S2", "2019-07-11 12:00:00", ""))
    own(
        workspace, ("S2", "2019-07-11 12:00:00", "Arrest"), ("S3", "2019-08-01 12:00:00", ""), scope="changes"
    )
    assert searches(workspace) == [("S1", "Arrest"), ("S2", "Arrest"), ("S3", None)]


def test_changes_without_a_key_are_set_aside(workspace: Path) -> None:
    result = own(
        workspace, ("S1", "2019-07-10 12:00:00", ""), ("", "2019-07-10 12:00:00", ""), scope="changes"
    )
    assert result.files[0].set_aside == {"the key is blank": 1}  # type: ignore[attr-defined]


def test_one_key_with_different_rows_is_set_aside_and_blank_keys_are_not(workspace: Path) -> None:
    at = "2019-07-10 12:00:00"
    result = own(workspace, ("S1", at, "Arrest"), ("S1", at, ""), ("", at, ""), ("", at, ""))
    assert result.files[0].set_aside == {"one key with different rows": 2}  # type: ignore[attr-defined]
    assert searches(workspace) == [(None, None), (None, None)]


def test_a_public_file_never_takes_the_place_of_records_with_references(
    workspace: Path, tmp_path: Path
) -> None:
    own(workspace, ("S1", "2019-07-10 12:00:00", "Arrest"))
    done = run_here("import", "police-uk", write_search_file(tmp_path / PUBLIC, [{}]), cwd=workspace)
    assert done.returncode == 2
    assert "has no search_id, and records that have it are here for the same months" in done.stderr
    assert searches(workspace) == [("S1", "Arrest")]
