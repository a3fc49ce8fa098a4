"""``openpeel remove`` and ``openpeel identities``, as somebody at the command line meets them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import duckdb
import pytest
import typer
from persons_fixture import (
    BAIL,
    PERSON,
    catalogue,
    hashed,
    keyring_at,
    names,
    newest_intake,
    put,
    sealed_files,
    store_of,
)

from helpers import run_here
from incidents import INCIDENT, changes, complete, incident, mapping, part
from openpeel.cli import identities, main
from openpeel.cli import remove as remove_verb
from openpeel.engine.declare.find import type_named
from openpeel.engine.declare.records import Column, RecordType
from openpeel.engine.intake import generations
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.compact import key_hash, suppressed
from openpeel.errors import UserError

WHY = ("--reason", "retention period over", "--authority", "records manager")
KEYLESS = RecordType(
    "test.note", "Notes", "event", "written_on",
    (Column("written_on", "date", "Day.", True), Column("about", "text", "What.")),
)  # fmt: skip
DATED = RecordType(
    "local.duty", "Duties", "event", "on_day",
    (Column("on_day", "date", "Day.", True), Column("seat", "integer", "Seat.", True)),
    key=("on_day", "seat"),
)  # fmt: skip


@pytest.fixture
def place(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace that knows the test types, and the two verbs at the command line."""
    keyring_at(monkeypatch, tmp_path / "keys")
    types = catalogue(INCIDENT, PERSON, BAIL, KEYLESS, DATED)
    monkeypatch.setattr("openpeel.catalogue.load_catalogue", lambda _root=None: types)
    if not any(c.name == "remove" for c in main.app.registered_commands):
        app = typer.Typer()
        app.registered_commands = list(main.app.registered_commands)
        app.registered_groups = list(main.app.registered_groups)
        app.command("remove")(remove_verb.remove)
        app.add_typer(identities.app, name="identities")
        monkeypatch.setattr(main, "app", app)
    return workspace


def remove(root: Path, *args: str, force: str = "kent") -> tuple[int, str, str]:
    done = run_here("remove", "--force", force, *WHY, *args, cwd=root)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def rows(root: Path, record_type: RecordType, where: str = "true") -> int:
    """Rows of every vintage."""
    packs = {e.pack for e in generations.newest(root).entries if e.type == record_type.id and e.pack}
    files = [str(root / "records" / p) for p in packs]
    found = (
        duckdb.execute(f"SELECT count(*) FROM read_parquet(?) WHERE {where}", [files]).fetchall()
        if files
        else [(0,)]
    )
    return int(found[0][0])


def verified(root: Path) -> None:
    done = run_here("verify", root, cwd=root)
    assert done.returncode == 0 and "ALTERED" not in done.stdout, done.stderr


def set_aside_texts(root: Path) -> str:
    return "".join(
        gzip.decompress(f.read_bytes()).decode() for f in (root / "intake").glob("*/set-aside.csv.gz")
    )


@pytest.fixture
def two_vintages(place: Path) -> Path:
    """The record i1 reads differently in January as first supplied and as changed later."""
    complete(place, "2023-01", *(incident(f"i{n}", f"2023-01-0{n + 1}", grade="old") for n in range(4)))
    changes(place, incident("i1", "2023-01-02", grade="new"))
    return place


def test_a_record_leaves_every_vintage(two_vintages: Path) -> None:
    assert rows(two_vintages, INCIDENT, "incident_id = 'i1'") == 2
    status, out, _ = remove(two_vintages, "--type", "test.incident", "--key", "i1")
    assert status == 0
    assert "test.incident: 2 rows removed, of every vintage" in out and "2 tombstones stay" in out
    assert rows(two_vintages, INCIDENT, "incident_id = 'i1'") == 0 and rows(two_vintages, INCIDENT) == 6
    verified(two_vintages)
    status, out, _ = remove(two_vintages, "--type", "incident", "--key", "i1")
    assert status == 1 and "nothing found" in out


def test_a_dry_run_changes_nothing(two_vintages: Path) -> None:
    number = generations.newest(two_vintages).number
    status, out, _ = remove(two_vintages, "--type", "incident", "--key", " i1 ", "--dry-run")
    assert status == 0 and "2 rows would leave" in out and "dry run" in out
    assert generations.newest(two_vintages).number == number
    assert rows(two_vintages, INCIDENT, "incident_id = 'i1'") == 2


def test_only_the_force_named(place: Path) -> None:
    for force in ("kent", "essex"):
        complete(place, "2023-01", incident("i1"), force=force)
    assert remove(place, "--type", "incident", "--key", "i1", force="Essex Police")[0] == 0
    assert rows(place, INCIDENT, "force = 'kent'") == 1 and rows(place, INCIDENT, "force = 'essex'") == 0
    verified(place)


def test_what_is_removed_can_be_known_again(two_vintages: Path) -> None:
    remove(two_vintages, "--type", "incident", "--key", "i1")
    keys, hashes = suppressed(generations.newest(two_vintages), INCIDENT)
    assert keys == {key_hash(INCIDENT, "kent", ["i1"])} and hashes == set()
    assert suppressed(generations.newest(two_vintages), BAIL) == (set(), set())


def test_copies_among_the_rows_set_aside_go_as_well(place: Path) -> None:
    """Of one key with different rows neither is taken: both still say what the record says."""
    complete(place, "2023-01", incident("i1", grade="kept"), incident("i2"))
    clash = [incident("i1", grade="secret-a"), incident("i1", grade="secret-b"), incident("i3", grade="stays-c"),
             incident("i3", grade="stays-d"), incident("i4")]  # fmt: skip
    take_in(place, mapping("changes"), [part(clash)])
    assert "secret-a" in set_aside_texts(place)
    status, out, _ = remove(place, "--type", "incident", "--key", "i1")
    assert status == 0 and "2 copies blanked" in out
    left = set_aside_texts(place)
    assert "secret" not in left and "stays-c" in left and "(lawfully removed)" in left


def test_a_record_that_was_only_ever_set_aside(place: Path) -> None:
    clash = [incident("i1", grade="secret-a"), incident("i1", grade="secret-b"), incident("i4")]
    take_in(place, mapping("changes"), [part(clash)])
    assert remove(place, "--type", "incident", "--key", "i1")[0] == 0
    assert "secret" not in set_aside_texts(place)
    verified(place)


def test_parts_of_a_key_are_read_by_their_types(place: Path) -> None:
    taken = part([("2023-01-02", "1"), ("2023-01-02", "2")], "2023-01", columns=["on_day", "seat"])
    take_in(place, mapping("complete", DATED), [taken])
    assert remove(place, "--type", "duty", "--key", "2023-01-02", "--key", "02")[0] == 0
    assert rows(place, DATED) == 1 and rows(place, DATED, "seat = 1") == 1
    assert suppressed(generations.newest(place), DATED)[0] == {key_hash(DATED, "kent", ["2023-01-02", "2"])}
    for bad in (("--key", "2023-01-02"), ("--key", "x", "--key", "1"), ("--key", "2023-01-02", "--key", " ")):
        assert remove(place, "--type", "duty", *bad)[0] == 2


def test_a_row_without_a_key(place: Path) -> None:
    columns = ["written_on", "about"]
    taken = part([("2023-01-02", "a"), ("2023-01-02", "a"), ("2023-01-03", "b")], "2023-01", columns=columns)
    take_in(place, mapping("complete", KEYLESS), [taken])
    pack = place / "records" / next(iter(generations.newest(place).packs()))
    (row_hash,) = duckdb.execute(f"SELECT DISTINCT row_hash FROM '{pack}' WHERE about = 'a'").fetchall()[0]
    assert "has no key" in remove(place, "--type", "note", "--key", "a")[2]
    assert "2 rows would leave" in remove(place, "--type", "note", "--row-hash", row_hash, "--dry-run")[1]
    assert "2 rows removed" in remove(place, "--type", "note", "--row-hash", row_hash)[1]
    assert suppressed(generations.newest(place), KEYLESS) == (set(), {row_hash})
    assert remove(place, "--type", "note", "--row-hash", row_hash)[0] == 1
    assert remove(place, "--type", "note", "--row-hash", "abc")[0] == 2
    verified(place)


def test_a_keyed_row_is_named_by_its_key(two_vintages: Path) -> None:
    pack = two_vintages / "records" / min(generations.newest(two_vintages).packs())
    (row_hash,) = duckdb.execute(f"SELECT row_hash FROM '{pack}' WHERE incident_id = 'i1'").fetchall()[0]
    status, _, err = remove(two_vintages, "--type", "incident", "--row-hash", row_hash)
    assert status == 2 and "--key" in err


@pytest.fixture
def persons(place: Path) -> Path:
    """Two persons, three bail records, two vintages of the persons; identities sealed."""
    put(place, PERSON, "2023-01", ("N-1", "2023-01-02", "North"), ("N-2", "2023-01-02", "South"))
    store_of(place).write(
        "kent", newest_intake(place),
        names(place, ("N-1", "Quxworth", "Alex", "1990-01-01"), ("N-2", "Quxworth", "Alex", "1990-01-01")),
    )  # fmt: skip
    put(place, PERSON, "2023-01", ("N-1", "2023-01-02", "East"), ("N-2", "2023-01-02", "South"))
    store_of(place).write("kent", newest_intake(place), names(place, ("N-1", "Quxworth", "Alexa", None)))
    put(place, BAIL, "2023-02", ("B-1", "2023-02-01", "N-1", "", "N-1"), ("B-2", "2023-02-01", "N-2", "N-1", "P-1"),
        ("B-3", "2023-02-01", "N-2", "", "P-1"))  # fmt: skip
    return place


def test_everything_of_a_person(persons: Path) -> None:
    status, out, _ = remove(persons, "--person", "N-1", "--dry-run")
    assert status == 0
    assert "test.bail: 2 rows would leave" in out and "test.person: 2 rows would leave" in out
    assert "sealed identities: 2 rows would leave" in out
    assert store_of(persons).read("kent").num_rows == 2
    number = generations.newest(persons).number
    status, out, _ = remove(persons, "--person", " N-1")
    assert status == 0 and "test.bail: 2 rows removed" in out and "test.person: 2 rows removed" in out
    assert "sealed identities: 2 rows removed" in out and "4 tombstones stay" in out
    assert generations.newest(persons).number == number + 1  # all of it in one step
    assert rows(persons, PERSON) == 2 and rows(persons, BAIL) == 1
    one = hashed(persons, "N-1")
    assert store_of(persons).read("kent")["pseudonym"].to_pylist() == [hashed(persons, "N-2")]
    for file in (persons / "records").rglob("*.parquet"):
        assert one not in str(duckdb.execute("SELECT * FROM read_parquet(?)", [str(file)]).fetchall())
    verified(persons)
    status, out, _ = remove(persons, "--person", "N-1")
    assert status == 1 and "nothing found" in out


def test_an_officer_of_the_same_number_is_another_person(persons: Path) -> None:
    """B-1 is N-1's by the suspect alone; an officer called N-1 is somebody else."""
    assert remove(persons, "--type", "bail", "--key", "B-1")[0] == 0
    status, out, _ = remove(persons, "--person", "P-1")
    assert status == 1 and "nothing found" in out


def test_a_person_record_takes_its_identities_along(persons: Path) -> None:
    status, out, _ = remove(persons, "--type", "person", "--key", "N-2")
    assert status == 0 and "test.person: 2 rows removed" in out and "sealed identities: 1 row removed" in out
    assert rows(persons, BAIL) == 3
    verified(persons)


def test_killed_after_the_identities_left(persons: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same command finishes it."""
    from openpeel.engine.intake import compact

    def killed(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(compact, "_rewrite", killed)
        assert remove(persons, "--person", "N-1")[0] == 2
    assert store_of(persons).read("kent").num_rows == 1 and rows(persons, PERSON) == 4
    status, out, _ = remove(persons, "--person", "N-1")
    assert status == 0 and "test.person: 2 rows removed" in out and "sealed" not in out
    verified(persons)


def test_without_the_key_nothing_leaves(persons: Path) -> None:
    number = generations.newest(persons).number
    store_of(persons).keyring.file("kent").unlink()
    for args in (("--person", "N-1"), ("--type", "person", "--key", "N-1")):
        status, _, err = remove(persons, *args)
        assert status == 2 and "the key of kent is not there" in err
    assert generations.newest(persons).number == number


def test_a_damaged_sealed_file_stops_everything(persons: Path) -> None:
    number = generations.newest(persons).number
    file = persons / sealed_files(persons)[0]
    file.write_bytes(file.read_bytes()[:-1])
    status, _, err = remove(persons, "--person", "N-1")
    assert status == 2 and "is damaged" in err and "Quxworth" not in err
    assert generations.newest(persons).number == number and rows(persons, PERSON) == 4


def test_a_force_that_never_had_a_key_holds_nobody(place: Path) -> None:
    complete(place, "2023-01", incident("i1"))
    assert remove(place, "--person", "N-1")[0] == 1
    assert not (place / "identities").exists()


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "does not say what to remove"),
        (("--type", "incident"), "does not say what to remove"),
        (("--type", "nonsense", "--key", "i1"), "no record type `nonsense`"),
        (("--key", "i1"), "no record type ``"),
        (("--type", "incident", "--key", "i1", "--key", "i2"), "its key is incident_id"),
        (("--type", "incident", "--key", "i1", "--row-hash", "a"), "do not go together"),
        (("--type", "incident", "--person", "N-1"), "leave --type out"),
        (("--person", " "), "is blank"),
    ],
)
def test_wrong_use_is_one_line(place: Path, args: tuple[str, ...], says: str) -> None:
    status, _, err = remove(place, *args)
    assert status == 2 and says in err and len(err.strip().splitlines()) == 1


def test_it_needs_force_reason_and_authority(place: Path) -> None:
    assert remove(place, "--type", "incident", "--key", "i1", force="nowhere")[0] == 2
    for words in (("--reason", " ", "--authority", "x"), ("--reason", "x"), ("--authority", "x")):
        done = run_here("remove", "--force", "kent", "--type", "incident", "--key", "i", *words, cwd=place)
        assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1


def test_short_names_of_types() -> None:
    other = RecordType("other.incident", "x", "event", "d", ())
    types = {t.id: t for t in (INCIDENT, other, BAIL)}
    assert type_named(types, "bail") is BAIL and type_named(types, "test.incident") is INCIDENT
    with pytest.raises(UserError, match=r"several.*other.incident or test.incident"):
        type_named(types, "incident")
    with pytest.raises(UserError, match="did you mean"):
        type_named(types, "bial")


def identities_of(root: Path, *args: str) -> tuple[int, str, str]:
    done = run_here("identities", *args, cwd=root)
    assert "Traceback" not in done.stderr and "Quxworth" not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


def test_status(persons: Path) -> None:
    status, out, _ = identities_of(persons, "status", "--format", "json")
    key = store_of(persons).keyring.keys("kent").id
    assert status == 0
    assert json.loads(out) == [
        {"force": "kent", "key": key, "records": 2, "at_hand": True, "why": "", "files": 2}
    ]
    store_of(persons).keyring.file("kent").unlink()
    status, out, _ = identities_of(persons, "status", "--format", "json")
    (said,) = json.loads(out)
    assert status == 0 and said["records"] is None and not said["at_hand"] and "not there" in said["why"]
    assert "kent" in identities_of(persons, "status")[1]


def test_status_of_nothing(place: Path) -> None:
    assert json.loads(identities_of(place, "status", "--format", "json")[1]) == []


def test_reseal(persons: Path) -> None:
    status, out, err = identities_of(persons, "reseal")
    assert status == 0 and "kent: 2 files sealed with a new key" in out and "back the key files up" in err
    assert store_of(persons).read("kent").num_rows == 2
    assert identities_of(persons, "reseal", "--force", "nowhere")[0] == 2


def test_nothing_to_reseal(place: Path) -> None:
    assert identities_of(place, "reseal")[0] == 1


def test_match(persons: Path) -> None:
    status, out, _ = identities_of(persons, "match", "--format", "json")
    assert status == 0 and json.loads(out) == []  # the newer given name of N-1 is another one
    store_of(persons).write("kent", newest_intake(persons), names(persons, ("N-1", "QUXWORTH", "alex", None)))
    put(persons, PERSON, "2023-01", ("N-1", "2023-01-02", "West"), ("N-2", "2023-01-02", "South"))
    store_of(persons).write("kent", newest_intake(persons), names(persons, ("N-1", "QUXWORTH", "alex", None)))
    (pair,) = json.loads(identities_of(persons, "match", "--format", "json")[1])
    assert {pair["pseudonym"], pair["other_pseudonym"]} == {hashed(persons, "N-1"), hashed(persons, "N-2")}
    assert identities_of(persons, "match", "--rule", "alike")[0] == 2
