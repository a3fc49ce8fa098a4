"""``openpeel verify`` on a workspace: whole, lawfully removed, or altered and how."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import duckdb
import pytest
from persons_fixture import catalogue

from helpers import run_here
from incidents import INCIDENT, changes, complete, incident
from openpeel.engine.intake import generations, whole
from openpeel.engine.intake.compact import Removal, everywhere, remove_rows
from openpeel.engine.intake.disk import json_bytes
from openpeel.engine.intake.generations import Generation, Tombstone
from openpeel.engine.intake.whole import Altered, WorkspaceState, check_records

WHY = ("retention period over", "records manager")


@pytest.fixture
def held(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two months, the first one corrected: three snapshots with rows, in two packs."""
    monkeypatch.setattr("openpeel.catalogue.load_catalogue", lambda _root=None: catalogue(INCIDENT))
    complete(workspace, "2023-01..2023-02", *(incident(f"i{n}", f"2023-01-{n + 1:02d}") for n in range(6)))
    changes(workspace, incident("i2", "2023-01-03", grade="1"), incident("f1", "2023-02-01"))
    return workspace


def state(root: Path) -> WorkspaceState:
    return check_records(root, {INCIDENT.id: INCIDENT})


def rewrite_pack(root: Path, query: str) -> Path:
    """Put the rows of a query in the place of the first pack's, under a name that fits the new bytes."""
    generation = generations.newest(root)
    pack = min(generation.packs())
    file = root / "records" / pack
    new = file.with_name("new")
    duckdb.execute(f"COPY ({query.format(file=file)}) TO '{new}' (FORMAT parquet)")
    import hashlib

    digest = hashlib.sha256(new.read_bytes()).hexdigest()[:32]
    renamed = file.with_name(f"{file.name.split('.')[0]}.{digest}.parquet")
    file.unlink()
    new.rename(renamed)
    name = f"{INCIDENT.id}/{renamed.name}"
    rewrite_newest(
        root,
        lambda g: replace(
            g, entries=tuple(replace(e, pack=name) if e.pack == pack else e for e in g.entries)
        ),
    )
    return renamed


def rewrite_newest(root: Path, change: Callable[[Generation], Generation]) -> None:
    generation = generations.newest(root)
    file = generations.generation_file(root, generation.number)
    file.write_bytes(json_bytes(asdict(change(generation))))


def remove(root: Path, id_: str) -> int:
    con = duckdb.connect()
    packs = [str(root / "records" / p) for p in generations.newest(root).packs()]
    found = con.execute(
        "SELECT DISTINCT row_hash FROM read_parquet(?) WHERE incident_id = ?", [packs, id_]
    ).fetchall()
    removals = [r for (row_hash,) in found for r in everywhere(root, INCIDENT, row_hash)]
    return remove_rows(root, INCIDENT, removals, *WHY)


def verify(root: Path, *more: str) -> tuple[int, str, str]:
    done = run_here("verify", root, *more, cwd=root)
    return done.returncode, done.stdout, done.stderr


def test_whole(held: Path) -> None:
    (of_type,) = state(held).types
    # January as it came and as it was corrected, February empty and with a record.
    assert (of_type.snapshots, of_type.whole, of_type.removed, of_type.altered) == (4, 4, 0, [])
    assert of_type.rows == 6 + 6 + 0 + 1
    status, out, _ = verify(held)
    assert status == 0 and "nothing altered, 4 snapshots recomputed" in out


def test_an_empty_workspace_is_whole(workspace: Path) -> None:
    assert not state(workspace).altered()
    assert verify(workspace)[0] == 0


def test_lawfully_removed_is_not_altered(held: Path) -> None:
    assert remove(held, "i1") == 2  # in both vintages of January
    (of_type,) = state(held).types
    assert (of_type.whole, of_type.removed, of_type.altered) == (2, 2, [])
    assert [vars(left) for left in of_type.left] == [{"rows": 2, "reason": WHY[0], "authority": WHY[1]}]
    status, out, err = verify(held)
    assert status == 0 and "nothing altered" in out and "lawfully removed: 2 rows" in out
    assert "ALTERED" not in out and WHY[0] in err and WHY[1] in err


def test_as_json(held: Path) -> None:
    remove(held, "i1")
    status, out, _ = verify(held, "--format", "json")
    said = json.loads(out)
    assert status == 0 and said["altered"] is False and said["chain"] == []
    (of_type,) = said["types"]
    why = [{"rows": 2, "reason": WHY[0], "authority": WHY[1]}]
    assert of_type["lawfully_removed"] == {"snapshots": 2, "rows": 2, "why": why}
    assert (of_type["type"], of_type["snapshots"], of_type["rows"]) == (INCIDENT.id, 4, 11)


def test_a_row_deleted_without_a_tombstone(held: Path) -> None:
    rewrite_pack(held, "SELECT * FROM '{file}' WHERE incident_id <> 'i3'")
    (of_type,) = state(held).types
    assert of_type.altered == [Altered("kent", "2023-01", "1 of its 6 rows are missing, without a tombstone")]
    status, out, err = verify(held)
    assert status == 1 and "ALTERED" in out
    assert "altered: test.incident kent 2023-01: 1 of its 6 rows are missing, without a tombstone" in err
    status, out, _ = verify(held, "--format", "json")
    assert status == 1 and json.loads(out)["types"][0]["altered"][0]["month"] == "2023-01"


def test_a_row_added(held: Path) -> None:
    more = "SELECT * REPLACE ('x' AS incident_id) FROM '{file}' WHERE incident_id = 'i3'"
    rewrite_pack(held, f"SELECT * FROM '{{file}}' UNION ALL {more}")
    assert [a.what for a in state(held).types[0].altered] == ["1 rows are more than the 6 that were accepted"]


def test_a_value_changed(held: Path) -> None:
    """Row hashes in the file are not believed."""
    rewrite_pack(held, "SELECT * REPLACE ('9' AS grade) FROM '{file}'")
    assert len(state(held).types[0].altered) == 1


def test_a_tombstone_for_a_row_that_is_still_there(held: Path) -> None:
    con = duckdb.connect()
    packs = [str(held / "records" / p) for p in generations.newest(held).packs()]
    snapshot, row_hash = con.execute(
        "SELECT snapshot, row_hash FROM read_parquet(?) WHERE incident_id = 'i0' LIMIT 1", [packs]
    ).fetchall()[0]
    stone = Tombstone(snapshot, row_hash, 0, *WHY, "2026-01-01T00:00:00+00:00")
    rewrite_newest(held, lambda g: replace(g, tombstones=(stone,)))
    assert [a.what for a in state(held).types[0].altered] == ["1 rows with a tombstone are still there"]


def test_a_tombstone_taken_away(held: Path) -> None:
    remove(held, "i1")
    rewrite_newest(held, lambda g: replace(g, tombstones=g.tombstones[:1]))
    altered = state(held).types[0].altered
    assert [a.what for a in altered] == ["1 of its 6 rows are missing, without a tombstone"]


def test_a_tombstone_with_another_hash(held: Path) -> None:
    remove(held, "i1")
    rewrite_newest(
        held, lambda g: replace(g, tombstones=tuple(replace(t, row_hash="0" * 64) for t in g.tombstones))
    )
    assert {a.what for a in state(held).types[0].altered} == {
        "its rows or tombstones are not those that were written"
    }


def test_a_tombstone_of_nothing(held: Path) -> None:
    stone = Tombstone("0" * 64, "0" * 64, 0, *WHY, "2026-01-01T00:00:00+00:00")
    rewrite_newest(held, lambda g: replace(g, tombstones=(stone,)))
    assert state(held).chain == ["1 tombstones are of snapshots that no entry names"]
    assert verify(held)[0] == 1


def test_a_touched_file_with_the_right_rows(held: Path) -> None:
    pack = held / "records" / min(generations.newest(held).packs())
    duckdb.execute(f"COPY (SELECT * FROM '{pack}') TO '{pack}.new' (FORMAT parquet, COMPRESSION snappy)")
    pack.with_name(f"{pack.name}.new").rename(pack)
    (of_type,) = state(held).types
    assert of_type.whole == 4 and [a.force for a in of_type.altered] == [""]
    assert "the bytes of its file" in of_type.altered[0].what and verify(held)[0] == 1


@pytest.mark.parametrize("content", [None, b"", b"PAR1 and no more"])
def test_a_file_that_is_missing_or_damaged(held: Path, content: bytes | None) -> None:
    pack = held / "records" / min(generations.newest(held).packs())
    pack.unlink()
    if content is not None:
        pack.write_bytes(content)
    altered = state(held).types[0].altered
    word = "is missing" if content is None else "cannot be read"
    assert ("kent", "2023-01") in {(a.force, a.month) for a in altered if word in a.what}
    status, _, err = verify(held)
    assert status == 1 and "Traceback" not in err


def test_an_entry_cut_out_of_the_newest_generation(held: Path) -> None:
    rewrite_newest(held, lambda g: replace(g, entries=g.entries[1:]))
    assert state(held).chain == ["generation 2 lacks something that generation 1 held"]


def test_an_older_generation_changed(held: Path) -> None:
    file = generations.generation_file(held, 1)
    file.write_text(file.read_text().replace('"rows": 6', '"rows": 5'))
    assert state(held).chain == ["generation 2 does not follow from generation 1"]
    file.unlink()
    assert state(held).chain == ["generation 1 is missing or damaged"]


def test_a_type_that_is_not_declared_any_more(held: Path) -> None:
    found = check_records(held, {})
    assert found.altered() and "not declared any more" in found.types[0].altered[0].what


def test_batches_are_of_one_file_and_bounded(held: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "BATCH_ROWS", 4)
    entries = [e for e in generations.newest(held).entries if e.type == INCIDENT.id]
    batches = list(whole._batches(entries))
    assert sorted(e.snapshot for b in batches for e in b) == sorted(e.snapshot for e in entries)
    assert all(len({e.pack for e in b}) == 1 for b in batches)
    assert all(len(b) == 1 or sum(e.rows for e in b) <= 4 for b in batches)
    assert not state(held).altered()


def test_after_many_removals_and_compactions(held: Path) -> None:
    for n in (4, 0, 2, 5):
        remove(held, f"i{n}")
        assert not state(held).altered()
    assert state(held).types[0].rows == 5
    assert {Removal(t.snapshot, t.row_hash) for t in generations.newest(held).tombstones}
