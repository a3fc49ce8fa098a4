"""The sealed store: encrypted, bound to its place, and silent about what it holds."""

from __future__ import annotations

import traceback
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from persons_fixture import (
    BAIL,
    PERSON,
    hashed,
    keyring_at,
    names,
    newest_intake,
    plain,
    put,
    sealed_files,
    store_of,
)

from incidents import mapping, part
from openpeel.engine.identity import sealed
from openpeel.engine.identity.keyfile import replace_keys
from openpeel.engine.identity.keys import open_keyring
from openpeel.engine.identity.place import sweep
from openpeel.engine.identity.store import SealedStore, sealed_rows_sql, subject
from openpeel.engine.intake import generations
from openpeel.engine.intake.commit import take_in
from openpeel.errors import UserError

SECRETS = ("Quxworth", "Ermintrude", "1931-05-06")


@pytest.fixture
def store(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SealedStore:
    keyring_at(monkeypatch, tmp_path / "keys")
    return store_of(workspace)


def intake(
    store: SealedStore, *rows: tuple[str | None, ...], day: str = "2023-01-02", month: str = "2023-01"
) -> str:
    """An intake that brought persons and their identities."""
    put(store.root, PERSON, month, *[(r[0] or "", day, "North") for r in rows])
    id_ = newest_intake(store.root)
    store.write("kent", id_, names(store.root, *rows))
    return id_


def said(store: SealedStore, force: str = "kent") -> dict[str, tuple[str, ...]]:
    table = store.read(force)
    return {r["pseudonym"]: (r["family_name"], r["given_name"], r["birth_on"]) for r in table.to_pylist()}


def the_file(store: SealedStore) -> Path:
    (name,) = sealed_files(store.root)
    return store.root / name


def test_what_goes_in_comes_out(store: SealedStore) -> None:
    intake(store, ("N-1", *SECRETS), ("N-2", "Two", None, None))
    one, two = hashed(store.root, "N-1"), hashed(store.root, "N-2")
    assert said(store) == {one: SECRETS, two: ("Two", None, None)}
    assert store.forces() == ["kent"] and store.counts("kent") == type(store.counts("kent"))(1, 2)
    assert store.read("essex").num_rows == 0


def test_nothing_of_it_can_be_read_without_the_key(store: SealedStore) -> None:
    intake(store, ("N-1", *SECRETS))
    held = b"".join(f.read_bytes() for f in store.root.rglob("*") if f.is_file())
    for secret in (*SECRETS, "N-1"):
        assert secret.encode() not in held


def test_rows_of_which_nothing_is_known_are_not_sealed(store: SealedStore) -> None:
    assert store.write("kent", "x", names(store.root, ("N-1", None, None, None))) == 0
    assert sealed_files(store.root) == []
    rows = names(store.root, ("N-1", "One", None, None), ("N-2", None, None, None))
    blank = pa.table({"type": ["t"], "pseudonym": pa.array([None], pa.string()), "family_name": ["Nobody"]})
    assert store.write("kent", "x", pa.concat_tables([rows, blank], promote_options="default")) == 1


def test_many_rows_come_in_frames(store: SealedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "FRAME_ROWS", 3)
    rows = [(f"N-{n}", f"Family{n}", "Alex", "1990-01-01") for n in range(10)]
    intake(store, *rows)
    assert sealed.read_header(the_file(store)).frames == 4
    assert len(said(store)) == 10


def test_the_newest_intake_holds_column_by_column(store: SealedStore) -> None:
    intake(store, ("N-1", "Old", "Alex", "1990-01-01"))
    intake(store, ("N-1", "New", None, None), day="2023-01-03")
    assert said(store) == {hashed(store.root, "N-1"): ("New", "Alex", "1990-01-01")}


def test_an_older_vintage_does_not_take_its_place(store: SealedStore) -> None:
    """What was known from an earlier day, brought in later, is the older word."""
    intake(store, ("N-1", "New", "Alex", "1990-01-01"))
    twin = plain(PERSON)
    rows = [(hashed(store.root, "N-2"), "2022-05-05", "South")]
    old = part(rows, "2022-05", columns=[c.name for c in twin.columns])
    taken = take_in(store.root, mapping("complete", twin), [old], supplied=date(2022, 6, 1))
    store.write("kent", taken.id, names(store.root, ("N-1", "Old", "Alex", "1990-01-01")))
    assert said(store)[hashed(store.root, "N-1")][0] == "New"


def test_intakes_that_no_generation_knows_are_not_read_and_swept(store: SealedStore) -> None:
    """Killed after the sealed file was written and before the generation was."""
    intake(store, ("N-1", *SECRETS))
    store.write("kent", "20990101T000000-000099", names(store.root, ("N-2", "Ghost", None, None)))
    assert len(sealed_files(store.root)) == 2 and len(said(store)) == 1
    (store.root / "identities" / "kent" / ".tmp-1-x.sealed").write_bytes(b"half")
    sweep(store.root, generations.newest(store.root).intakes())
    assert len(sealed_files(store.root)) == 1 and len(said(store)) == 1
    assert open_keyring(store.root).forces()


def test_news(store: SealedStore) -> None:
    """A supply in which an address alone is new leaves the snapshots as they were, and must not be lost."""
    intake(store, ("N-1", "One", "Alex", "1990-01-01"))
    root = store.root
    assert not store.has_news("kent", names(root, ("N-1", "One", "Alex", "1990-01-01")))
    assert not store.has_news("kent", names(root, ("N-1", "One", None, None), ("N-2", None, None, None)))
    assert store.has_news("kent", names(root, ("N-1", "Other", "Alex", "1990-01-01")))
    assert store.has_news("kent", names(root, ("N-2", "Two", None, None)))
    assert store.has_news("kent", names(root, ("N-1", "One", None, None), type_="test.other"))
    more = names(root, ("N-1", "One", "Alex", "1990-01-01")).append_column("address", pa.array(["1 Street"]))
    assert store.has_news("kent", more)
    assert store.has_news("essex", names(root, ("N-1", "One", None, None)))


def test_removed_persons_are_in_no_file(store: SealedStore) -> None:
    intake(store, ("N-1", *SECRETS), ("N-2", "Two", "Bo", "1990-01-01"))
    intake(store, ("N-1", "Newer", None, None), day="2023-01-03")
    one, two = hashed(store.root, "N-1"), hashed(store.root, "N-2")
    assert store.held("kent", [one]) == 2
    assert store.remove("kent", [one]) == 2
    assert set(said(store)) == {two}
    assert len(sealed_files(store.root)) == 1  # nothing was left in the other
    assert store.remove("kent", [one]) == 0
    assert store.remove("kent", [two], "test.other") == 0 and store.remove("kent", [two], PERSON.id) == 1
    assert sealed_files(store.root) == []


@pytest.mark.parametrize("place", [0, 30, 60, 90, -1, -20])
def test_a_changed_byte_is_noticed(store: SealedStore, place: int) -> None:
    intake(store, ("N-1", *SECRETS), ("N-2", "Two", "Bo", "1990-01-01"))
    file = the_file(store)
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(bytes(data))
    refused(store)


@pytest.mark.parametrize("how", ["cut", "longer", "empty", "text", "fewer frames"])
def test_a_damaged_file_gives_one_line(store: SealedStore, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "FRAME_ROWS", 1)
    intake(store, ("N-1", *SECRETS), ("N-2", "Two", "Bo", "1990-01-01"))
    file = the_file(store)
    data = file.read_bytes()
    fewer = data.replace(b'"frames": 2', b'"frames": 1').replace(b'"rows": 2', b'"rows": 1')
    damaged = {
        "cut": data[:-5],
        "longer": data + b"x",
        "empty": b"",
        "text": b"name\n",
        "fewer frames": fewer,
    }
    file.write_bytes(damaged[how])
    refused(store)


def refused(store: SealedStore) -> None:
    """One line, and nothing of an identity in it or in anything behind it."""
    with pytest.raises(UserError, match=r"damaged|not a sealed file|not at hand|not known here") as caught:
        store.read("kent")
    shown = "".join(traceback.format_exception(caught.value))
    assert not any(s in shown for s in SECRETS)
    assert "\n" not in caught.value.line()


def test_a_file_of_another_force_or_intake_is_foreign(store: SealedStore) -> None:
    id_ = intake(store, ("N-1", *SECRETS))
    other = intake(store, ("N-1", "Newer", None, None), day="2023-01-03")
    folder = store.root / "identities" / "kent"
    (folder / f"{other}.sealed").write_bytes((folder / f"{id_}.sealed").read_bytes())
    with pytest.raises(UserError, match="brought here from elsewhere"):
        store.read("kent")
    ring = store.keyring
    ring.keys("essex")
    # Even under the very same key, a file does not open in another force's folder.
    replace_keys(ring.file("essex"), replace(ring.keys("essex"), sealing_key=ring.keys("kent").sealing_key))
    (store.root / "identities" / "essex").mkdir()
    (store.root / "identities" / "essex" / f"{id_}.sealed").write_bytes(
        (folder / f"{id_}.sealed").read_bytes()
    )
    with pytest.raises(UserError, match="brought here from elsewhere"):
        store.read("essex")


def test_without_the_key_nothing_opens_but_is_counted(store: SealedStore) -> None:
    intake(store, ("N-1", *SECRETS))
    store.keyring.file("kent").unlink()
    assert store.counts("kent").rows == 1
    for use in (store.read, lambda f: store.remove(f, ["x"]), store.reseal):
        with pytest.raises(UserError, match="the key of kent is not there"):
            use("kent")
    assert len(sealed_files(store.root)) == 1


def test_resealed_with_a_new_key(store: SealedStore) -> None:
    intake(store, ("N-1", *SECRETS))
    intake(store, ("N-1", "Newer", None, None), ("N-2", "Two", None, None), day="2023-01-03")
    before, old = said(store), store.keyring.keys("kent")
    assert store.reseal("kent") == 2
    new = store.keyring.keys("kent")
    assert said(store) == before and new.pseudonym_key == old.pseudonym_key
    assert set(new.sealing_keys()) == {new.sealing_id} != {old.sealing_id}
    assert {sealed.read_header(store.root / f).key for f in sealed_files(store.root)} == {new.sealing_id}


def test_killed_half_way_through_resealing(store: SealedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    first = intake(store, ("N-1", *SECRETS))
    intake(store, ("N-1", "Newer", None, None), ("N-2", "Two", None, None), day="2023-01-03")
    before = said(store)
    store.keyring.renew_sealing_key("kent")  # the new key is there, no file uses it yet
    assert said(store) == before
    file = store.root / "identities" / "kent" / f"{first}.sealed"
    store._replace("kent", first, file, store._open("kent", first, file))  # one file done
    keys = {sealed.read_header(store.root / f).key for f in sealed_files(store.root)}
    assert len(keys) == 2 and said(store) == before
    assert store.reseal("kent") == 2  # again from the start, with another new key
    assert said(store) == before and len(store.keyring.keys("kent").sealing_keys()) == 1
    # All files done, the older key not yet forgotten.
    store.keyring.renew_sealing_key("kent")
    store.reseal_older("kent")
    assert said(store) == before and len(store.keyring.keys("kent").sealing_keys()) == 2


def test_a_damaged_file_stops_resealing_before_it_begins(store: SealedStore) -> None:
    intake(store, ("N-1", *SECRETS))
    file = the_file(store)
    file.write_bytes(file.read_bytes()[:-1])
    old = store.keyring.keys("kent")
    with pytest.raises(UserError, match="damaged"):
        store.reseal("kent")
    assert store.keyring.keys("kent") == old


def test_identities_are_kept_under_the_key() -> None:
    assert subject(PERSON).name == "person_id" and subject(BAIL).name == "suspect_id"
    with pytest.raises(UserError, match="no pseudonym"):
        subject(type(PERSON)("t.x", "x", "event", "d", ()))


def test_rows_to_be_sealed_come_from_typed_rows(store: SealedStore) -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE r (person_id VARCHAR, family_name VARCHAR, given_name VARCHAR, birth_on DATE)")
    con.execute(
        "INSERT INTO r VALUES ('p1', 'A', NULL, DATE '1990-01-02'), ('p2', NULL, NULL, NULL), (NULL, 'B', NULL, NULL)"
    )
    table = con.sql(sealed_rows_sql(PERSON, "r")).to_arrow_table()
    assert table.to_pylist() == [
        {
            "type": "test.person",
            "pseudonym": "p1",
            "family_name": "A",
            "given_name": None,
            "birth_on": "1990-01-02",
        }
    ]
    assert store.write("kent", "i", table) == 1
