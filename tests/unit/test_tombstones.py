"""Lawful removal: the row leaves every file, its hash stays, and the snapshot still verifies."""

from __future__ import annotations

import dataclasses
import gzip
import json
import random
from pathlib import Path

import duckdb
import pytest

from helpers import different, run_here, write_search_file
from incidents import (
    INCIDENT,
    complete,
    incident,
    known,
    leftovers,
    mapping,
    months_held,
    part,
    snapshots,
    unchained,
    untrue,
)
from openpeel.areas.powers.records import STOP_SEARCH
from openpeel.engine.connection import connect
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake import generations
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.compact import (
    Plan,
    Removal,
    everywhere,
    key_hash,
    remove_planned,
    remove_rows,
    suppressed,
)
from openpeel.engine.intake.packs import rows_sql
from openpeel.engine.intake.stones import first_places
from openpeel.errors import UserError

WHY = ("retention period over", "records manager")


def hashes(root: Path, record_type: RecordType, where: str = "true") -> list[tuple[str, str]]:
    """Snapshot and hash of the rows of every vintage."""
    entries = [e for e in generations.newest(root).entries if e.type == record_type.id]
    con = connect()
    rows = con.execute(
        f"SELECT snapshot, row_hash FROM ({rows_sql(root, record_type, entries)}) WHERE {where} ORDER BY ALL"
    ).fetchall()
    con.close()
    return rows


def remove(root: Path, record_type: RecordType, *rows: tuple[str, str]) -> int:
    return remove_rows(root, record_type, [Removal(*r) for r in rows], *WHY)


def files_holding(root: Path, text: str) -> list[str]:
    """The files in which some text stands: unpacked, and read as a table where it is one."""
    found = []
    for file in (f for f in root.rglob("*") if f.is_file()):
        if file.suffix == ".parquet":
            content = str(duckdb.execute("SELECT * FROM read_parquet(?)", [str(file)]).fetchall())
        elif file.suffix == ".gz":
            content = gzip.decompress(file.read_bytes()).decode()
        else:
            content = file.read_bytes().decode(errors="replace")
        if text in content:
            found.append(str(file.relative_to(root)))
    return found


@pytest.fixture
def incidents(workspace: Path) -> Path:
    rows = [incident(f"i{n:02d}", f"2023-01-{n + 1:02d}", grade=f"secret{n:02d}") for n in range(20)]
    complete(workspace, "2023-01..2023-02", *rows, supplied="2023-03-01")
    return workspace


def test_ids_still_verify(incidents: Path) -> None:
    rows = hashes(incidents, INCIDENT)
    before = snapshots(incidents)
    assert remove(incidents, INCIDENT, rows[7]) == 1
    assert not untrue(incidents) and not leftovers(incidents) and not unchained(incidents)
    assert snapshots(incidents) == before
    assert len(known(incidents)) == 19
    stone = generations.newest(incidents).tombstones[0]
    assert (stone.snapshot, stone.row_hash, stone.reason, stone.authority) == (*rows[7], *WHY)


@pytest.mark.parametrize("seed", range(6))
def test_several_removals_in_any_order(incidents: Path, seed: int) -> None:
    """First, last, neighbours, some at once, some later: each stone stands where its row stood."""
    chance = random.Random(seed)
    rows = hashes(incidents, INCIDENT)
    chance.shuffle(rows)
    while len(rows) > 2:
        some = [rows.pop() for _ in range(min(len(rows), chance.randint(1, 6)))]
        assert remove(incidents, INCIDENT, *some) == len(some)
        assert not untrue(incidents)
        assert sorted(hashes(incidents, INCIDENT)) == sorted(rows)
    remove(incidents, INCIDENT, *rows)
    assert not untrue(incidents) and known(incidents) == {}


def test_equal_rows_of_a_keyless_type_all_go(workspace: Path, tmp_path: Path) -> None:
    twins = [*different(4), *different(1), *different(1)]
    file = write_search_file(tmp_path / "2019-07-kent-stop-and-search.csv", twins)
    assert run_here("import", "police-uk", file, cwd=workspace).returncode == 0
    rows = hashes(workspace, STOP_SEARCH)
    twin = next(r for r in rows if rows.count(r) == 3)
    assert remove(workspace, STOP_SEARCH, twin) == 3
    assert not untrue(workspace, STOP_SEARCH)
    assert len(hashes(workspace, STOP_SEARCH)) == 3
    remove(workspace, STOP_SEARCH, hashes(workspace, STOP_SEARCH)[0])
    assert not untrue(workspace, STOP_SEARCH)


def test_a_removed_row_that_was_altered_shows(incidents: Path) -> None:
    """A tombstone is no excuse: other rows must still be what they were."""
    remove(incidents, INCIDENT, hashes(incidents, INCIDENT)[3])
    pack = incidents / "records" / next(iter(generations.newest(incidents).packs()))
    altered = (
        f"SELECT * REPLACE (CASE WHEN incident_id = 'i09' THEN 'x' ELSE grade END AS grade) FROM '{pack}'"
    )
    duckdb.execute(f"COPY (SELECT * FROM ({altered})) TO '{pack}.new' (FORMAT parquet)")
    pack.with_name(f"{pack.name}.new").rename(pack)
    assert len(untrue(incidents)) == 1


def test_the_row_is_in_no_file_any_more(incidents: Path) -> None:
    assert files_holding(incidents, "secret05")
    remove(incidents, INCIDENT, *hashes(incidents, INCIDENT, "incident_id = 'i05'"))
    assert files_holding(incidents, "secret05") == []
    assert files_holding(incidents, "secret06")


def test_nor_among_the_rows_set_aside(workspace: Path) -> None:
    """A file given twice leaves a copy of its rows among those set aside: it goes as well."""
    rows = [incident("a", grade="secret-a"), incident("b", grade="kept-b")]
    twice = [part(rows, "2023-01", label=n) for n in ("one", "two")]
    take_in(workspace, mapping("complete"), twice)
    take_in(workspace, mapping("changes"), [part([*rows, rows[0], incident("c")])])
    assert any("set-aside" in f for f in files_holding(workspace, "secret-a"))
    remove(workspace, INCIDENT, *hashes(workspace, INCIDENT, "incident_id = 'a'"))
    assert files_holding(workspace, "secret-a") == []
    assert any("set-aside" in f for f in files_holding(workspace, "kept-b"))


def test_nor_in_what_was_counted(workspace: Path, tmp_path: Path) -> None:
    rows = [*different(3), {"Outcome": "Arrest", "Object of search": "Stolen goods"}]
    file = write_search_file(tmp_path / "2019-07-kent-stop-and-search.csv", rows)
    run_here("import", "police-uk", file, cwd=workspace)
    run_here("refresh", cwd=workspace)
    assert list((workspace / "cells").rglob("*.parquet"))
    remove(workspace, STOP_SEARCH, *hashes(workspace, STOP_SEARCH, "outcome = 'Arrest'"))
    assert files_holding(workspace, "Stolen goods") == []
    assert not list((workspace / "cells").rglob("*.parquet"))
    assert not [f for f in files_holding(workspace, "Arrest") if not f.startswith("ledger/")]


def test_figures_are_without_it(workspace: Path, tmp_path: Path) -> None:
    """Cells computed with the row must not be used again, though the snapshot keeps its id."""

    def searches() -> float:
        done = run_here(
            "measure", "powers.searches", "--force", "kent", "--period", "2019-07", "--format", "json",
            cwd=workspace,
        )  # fmt: skip
        value: float = json.loads(done.stdout)[0]["value"]
        return value

    file = write_search_file(tmp_path / "2019-07-kent-stop-and-search.csv", different(5))
    run_here("import", "police-uk", file, cwd=workspace)
    assert searches() == 5
    remove(workspace, STOP_SEARCH, hashes(workspace, STOP_SEARCH)[0])
    assert searches() == 4
    run_here("refresh", cwd=workspace)
    assert searches() == 4
    assert "nothing new" in run_here("import", "police-uk", file, cwd=workspace).stdout
    assert searches() == 4


def test_out_of_every_vintage(incidents: Path) -> None:
    """A corrected month holds a copy of the row: ``everywhere`` names them all."""
    first = [incident(f"i{n:02d}", f"2023-01-{n + 1:02d}", grade=f"secret{n:02d}") for n in range(19)]
    complete(incidents, "2023-01", *first)
    row_hash = hashes(incidents, INCIDENT, "incident_id = 'i05'")[0][1]
    removals = everywhere(incidents, INCIDENT, row_hash)
    assert len(removals) == 2
    assert remove_rows(incidents, INCIDENT, removals, *WHY) == 2
    assert files_holding(incidents, "secret05") == []
    assert not untrue(incidents)
    assert everywhere(incidents, INCIDENT, row_hash) == []


def test_a_reader_of_an_older_generation_keeps_its_file(incidents: Path) -> None:
    generation, pin = generations.open_newest(incidents)
    remove(incidents, INCIDENT, *hashes(incidents, INCIDENT, "incident_id = 'i05'"))
    assert all((incidents / "records" / p).is_file() for p in generation.packs())
    pin.close()
    complete(incidents, "2023-05", incident("later", "2023-05-05"))
    assert not any((incidents / "records" / p).is_file() for p in generation.packs())
    assert files_holding(incidents, "secret05") == []


def test_what_is_not_there_is_refused(incidents: Path) -> None:
    snapshot, row_hash = hashes(incidents, INCIDENT)[0]
    number = generations.newest(incidents).number
    for wrong in (Removal(snapshot, "0" * 64), Removal("0" * 64, row_hash)):
        with pytest.raises(UserError, match="check the row hash"):
            remove_rows(incidents, INCIDENT, [Removal(snapshot, row_hash), wrong], *WHY)
    for words in (("", "who"), ("why", " ")):
        with pytest.raises(UserError, match="a reason and an authority"):
            remove_rows(incidents, INCIDENT, [Removal(snapshot, row_hash)], *words)
    assert generations.newest(incidents).number == number
    remove(incidents, INCIDENT, (snapshot, row_hash))
    with pytest.raises(UserError, match="no row"):
        remove(incidents, INCIDENT, (snapshot, row_hash))


def test_nothing_named_changes_nothing(incidents: Path) -> None:
    number = generations.newest(incidents).number
    assert remove(incidents, INCIDENT) == 0
    assert generations.newest(incidents).number == number


def test_other_records_and_months_stay(incidents: Path) -> None:
    complete(incidents, "2023-03", incident("other", "2023-03-03"))
    remove(incidents, INCIDENT, hashes(incidents, INCIDENT, "incident_id = 'i05'")[0])
    # The entry still says how many rows were supplied; the tombstone says which one is gone.
    assert months_held(incidents) == {"2023-01": 20, "2023-02": 0, "2023-03": 1}
    assert "other" in known(incidents) and "i05" not in known(incidents)


def test_a_removed_record_is_known_by_its_key(incidents: Path) -> None:
    """So that it can be kept out if it comes back in another wording."""
    remove(incidents, INCIDENT, *hashes(incidents, INCIDENT, "incident_id = 'i05'"))
    generation = generations.newest(incidents)
    expected = key_hash(INCIDENT, "kent", ["i05"])
    assert [t.key_hash for t in generation.tombstones] == [expected]
    assert suppressed(generation, INCIDENT) == ({expected}, set())
    assert suppressed(generation, STOP_SEARCH) == (set(), set())
    assert key_hash(INCIDENT, "essex", ["i05"]) != expected != key_hash(STOP_SEARCH, "kent", ["i05"])


def test_tombstones_of_before_there_were_key_hashes(incidents: Path) -> None:
    row = hashes(incidents, INCIDENT)[0]
    remove(incidents, INCIDENT, row)
    file = generations.generation_file(incidents, generations.newest(incidents).number)
    data = json.loads(file.read_text())
    for stone in data["tombstones"]:
        del stone["key_hash"]
    file.write_text(json.dumps(data))
    assert suppressed(generations.newest(incidents), INCIDENT) == (set(), {row[1]})
    assert not untrue(incidents)


@pytest.mark.parametrize("seed", range(20))
def test_where_a_row_stood_at_first(seed: int) -> None:
    chance = random.Random(seed)
    whole = list(range(chance.randint(1, 30)))
    earlier = sorted(chance.sample(whole, chance.randint(0, len(whole))))
    left = [n for n in whole if n not in earlier]
    wanted = sorted(chance.sample(range(len(left)), chance.randint(0, len(left))))
    assert first_places(wanted, earlier) == [left[place] for place in wanted]


def test_many_rows_at_once(workspace: Path) -> None:
    rows = [incident(f"i{n:05d}", f"2023-01-{n % 28 + 1:02d}") for n in range(6000)]
    complete(workspace, "2023-01", *rows)
    gone = hashes(workspace, INCIDENT, "incident_id < 'i05000'")
    assert remove(workspace, INCIDENT, *gone) == 5000
    assert not untrue(workspace) and len(known(workspace)) == 1000
    assert generations.newest(workspace).number == 2


def test_several_types_leave_in_one_step(incidents: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / "2019-07-kent-stop-and-search.csv", different(3))
    run_here("import", "police-uk", file, cwd=incidents)
    number = generations.newest(incidents).number
    chosen = {t: [Removal(*r) for r in hashes(incidents, t)[:2]] for t in (INCIDENT, STOP_SEARCH)}
    done: list[str] = []
    plan = Plan(list(chosen.items()), first=lambda: done.append("first"))
    removed = remove_planned(incidents, lambda _con, _generation: plan, *WHY)
    assert removed.rows == {INCIDENT.id: 2, STOP_SEARCH.id: 2} and done == ["first"]
    assert generations.newest(incidents).number == number + 1
    assert not untrue(incidents) and not untrue(incidents, STOP_SEARCH) and not leftovers(incidents)


def test_of_several_types_none_leaves_if_one_row_is_not_there(incidents: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / "2019-07-kent-stop-and-search.csv", different(3))
    run_here("import", "police-uk", file, cwd=incidents)
    number = generations.newest(incidents).number
    here, wrong = Removal(*hashes(incidents, INCIDENT)[0]), Removal("0" * 64, "0" * 64)
    plan = Plan([(INCIDENT, [here]), (STOP_SEARCH, [wrong])])
    with pytest.raises(UserError, match="check the row hash"):
        remove_planned(incidents, lambda _con, _generation: plan, *WHY)
    assert generations.newest(incidents).number == number and len(known(incidents)) == 20


def test_files_without_a_removed_row_stay(incidents: Path) -> None:
    complete(incidents, "2023-05", incident("later", "2023-05-05"))
    other = generations.newest(incidents).entries[-1].pack
    remove(incidents, INCIDENT, *hashes(incidents, INCIDENT, "incident_id = 'i05'"))
    assert (
        generations.newest(incidents).entries[-1].pack == other and (incidents / "records" / other).is_file()
    )
    assert files_holding(incidents, "secret05") == [] and not untrue(incidents) and not leftovers(incidents)


def test_a_row_that_could_not_be_told_into_fields_goes_as_well(incidents: Path) -> None:
    """It is known by the words that stand in it."""
    from openpeel.engine.intake.read import Malformed

    good = part([incident("i60")])
    lines = ["i05,2023-01-06 12:00:00,,half,too,much", "i055,2023-01-06 12:00:00,,other,too,much"]
    malformed = [Malformed(n + 2, "too many fields", "", line) for n, line in enumerate(lines)]
    taken = take_in(incidents, mapping("changes"), [dataclasses.replace(good, malformed=malformed)])
    assert taken.files[0].read == 3
    remove(incidents, INCIDENT, *hashes(incidents, INCIDENT, "incident_id = 'i05'"))
    assert files_holding(incidents, "half,too") == [] and files_holding(incidents, "other,too")
