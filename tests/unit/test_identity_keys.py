"""Keys outside the workspace, and the pseudonyms made with them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import multiprocessing
import stat
import string
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.engine.connection import connect
from openpeel.engine.identity import keyfile
from openpeel.engine.identity.keyfile import ForceKeys, new_keys
from openpeel.engine.identity.keys import Keyring, forget_keys, list_keys, open_keyring, padded, pseudonym
from openpeel.engine.intake.pseudonyms import KEYS, pseudonym_sql
from openpeel.errors import UserError

#: RFC 4231, test cases 1 to 4: key, data, HMAC-SHA-256. Its longer keys are more than one block.
RFC_4231 = [
    (b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (b"Jefe", b"what do ya want for nothing?",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    (b"\xaa" * 20, b"\xdd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (bytes(range(1, 26)), b"\xcd" * 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
]  # fmt: skip


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OPENPEEL_KEYS", str(tmp_path / "keys"))
    return tmp_path / "keys"


def key_files(keys: Path) -> list[Path]:
    return sorted(keys.rglob("*.key"))


def in_sql(con: duckdb.DuckDBPyConnection, force: str, stands_for: str, value: str | None) -> str | None:
    row = con.execute(
        f"SELECT {pseudonym_sql(stands_for, 'v')} FROM (SELECT ? AS force, CAST(? AS VARCHAR) AS v) "
        f"LEFT JOIN {KEYS} USING (force)",
        [force, value],
    ).fetchone()
    assert row is not None
    found: str | None = row[0]
    return found


@pytest.mark.parametrize(("key", "data", "expected"), RFC_4231)
def test_the_two_blocks_make_an_hmac(key: bytes, data: bytes, expected: str) -> None:
    inner, outer = padded(key)
    con = connect()
    row = con.execute("SELECT sha256(?::BLOB || unhex(sha256(?::BLOB || ?::BLOB)))", [outer, inner, data])
    assert row.fetchall() == [(expected,)]
    assert hmac.new(key, data, hashlib.sha256).hexdigest() == expected
    con.close()


@pytest.mark.parametrize(
    "value", ["N-88213", "0", "é", "n-88213", "a\x1fb", "'; DROP TABLE x; --", "x" * 300]
)
def test_python_and_sql_make_the_same_pseudonym(value: str) -> None:
    keys = new_keys("kent")
    con = connect()
    list_keys(con, [keys, new_keys("essex")])
    whole = hmac.new(keys.pseudonym_key, f"person\x1f{value}".encode(), "sha256").hexdigest()
    assert pseudonym(keys, "person", value) == in_sql(con, "kent", "person", value) == whole[:32]
    con.close()


@settings(deadline=None)
@given(st.text(string.printable + "éßØ日本\u00a0", min_size=1), st.sampled_from(["person", "employee"]))
def test_they_agree_on_any_text(value: str, stands_for: str) -> None:
    keys = ForceKeys("kent", "", b"k" * 32, b"s" * 32)
    con = duckdb.connect()
    list_keys(con, [keys])
    cleaned = value.strip(" \t\n\r\u00a0\ufeff")
    assert pseudonym(keys, stands_for, value) == in_sql(con, "kent", stands_for, cleaned)
    con.close()


def test_blank_stays_blank_and_nothing_is_hashed_without_a_key() -> None:
    con = connect()
    list_keys(con, [new_keys("kent")])
    assert in_sql(con, "kent", "person", None) is None
    assert in_sql(con, "essex", "person", "N-1") is None
    forget_keys(con)
    with pytest.raises(duckdb.Error):
        con.execute(f"SELECT * FROM {KEYS}")
    con.close()


def test_one_number_two_meanings_and_two_forces() -> None:
    kent, essex = new_keys("kent"), new_keys("essex")
    made = {
        pseudonym(k, s, n)
        for k in (kent, essex)
        for s in ("person", "employee")
        for n in ("7", "8", "a", "A")
    }
    assert len(made) == 16
    assert pseudonym(kent, "person", " 7\n") == pseudonym(kent, "person", "7")
    assert all(len(p) == 32 and set(p) <= set("0123456789abcdef") for p in made)


def test_a_key_is_made_once_and_told(workspace: Path, keys: Path) -> None:
    told: list[str] = []
    first = open_keyring(workspace, told.append).keys("kent")
    again = open_keyring(workspace, told.append).keys("kent")
    assert first == again and len(told) == 1
    (file,) = key_files(keys)
    assert str(file) in told[0] and "back it up" in told[0]
    assert file.stem == "kent" and first.id not in told[0]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [f.name for f in file.parent.iterdir()] == ["kent.key"]


def test_the_workspace_holds_no_key(workspace: Path, keys: Path) -> None:
    made = open_keyring(workspace).keys("kent")
    held = b"".join(f.read_bytes() for f in workspace.rglob("*") if f.is_file())
    for key in (made.pseudonym_key, made.sealing_key):
        assert key not in held and base64.b64encode(key) not in held and key.hex().encode() not in held
    assert made.id.encode() in held
    assert "key" not in repr(made).replace("pseudonym", "").replace("older_sealing_keys", "")


def test_each_workspace_has_a_keyring_of_its_own(tmp_path: Path, keys: Path) -> None:
    one, two = (tmp_path / n for n in ("one", "two"))
    for root in (one, two):
        root.mkdir()
    assert open_keyring(one).keys("kent").id != open_keyring(two).keys("kent").id
    assert len({f.parent for f in key_files(keys)}) == 2


def make_in_child(root: str, keys: str, start: object, out: object) -> None:
    import os

    os.environ["OPENPEEL_KEYS"] = keys
    start.wait()  # type: ignore[attr-defined]
    out.put(open_keyring(Path(root)).keys("kent").pseudonym_key)  # type: ignore[attr-defined]


def test_two_processes_at_once_end_with_one_key(workspace: Path, keys: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start, out = context.Barrier(2), context.Queue()
    args = (str(workspace), str(keys), start, out)
    children = [context.Process(target=make_in_child, args=args) for _ in range(2)]
    for child in children:
        child.start()
    made = {out.get(timeout=60) for _ in children}
    for child in children:
        child.join()
    assert len(made) == 1 and len(key_files(keys)) == 1


def test_a_key_that_somebody_made_meanwhile_is_used(workspace: Path, keys: Path) -> None:
    """Two copies of a workspace share a keyring, and no lock: the first key written holds."""
    file = keys / "ring" / "kent.key"
    first = new_keys("kent")
    assert keyfile.add_keys(file, first) and not keyfile.add_keys(file, new_keys("kent"))
    assert keyfile.read_keys(file, "kent") == first


def test_killed_before_the_key_was_noted(workspace: Path, keys: Path) -> None:
    """The key is there and the workspace does not know it yet: it is found, not made again."""
    ring = open_keyring(workspace)
    made = ring.keys("kent")
    note = workspace / "identities" / "keyring.json"
    said = json.loads(note.read_text())
    note.write_text(json.dumps(said | {"forces": {}}))
    assert open_keyring(workspace).keys("kent") == made
    assert json.loads(note.read_text()) == said


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_open_to_others_is_refused(workspace: Path, keys: Path, mode: int) -> None:
    open_keyring(workspace).keys("kent")
    key_files(keys)[0].chmod(mode)
    with pytest.raises(UserError, match="chmod 600"):
        open_keyring(workspace).keys("kent")


def test_another_key_is_refused(workspace: Path, keys: Path) -> None:
    """It would make two persons of each."""
    made = open_keyring(workspace).keys("kent")
    other = new_keys("kent")
    keyfile.replace_keys(key_files(keys)[0], other)
    with pytest.raises(UserError, match=f"is key {other.id}; .* were made with {made.id}"):
        open_keyring(workspace).keys("kent")


def test_a_lost_key_is_not_made_anew(workspace: Path, keys: Path) -> None:
    open_keyring(workspace).keys("kent")
    key_files(keys)[0].unlink()
    for make in (True, False):
        with pytest.raises(UserError, match=r"the key of kent is not there.*backup"):
            open_keyring(workspace).keys("kent", make)
    assert key_files(keys) == []


def test_without_making_there_is_none(workspace: Path, keys: Path) -> None:
    with pytest.raises(UserError, match="no key of kent"):
        open_keyring(workspace).keys("kent", make=False)
    assert not keys.exists() and not (workspace / "identities").exists()


def test_the_key_of_another_force_is_refused(workspace: Path, keys: Path) -> None:
    ring = open_keyring(workspace)
    ring.keys("kent"), ring.keys("essex")
    ring.file("kent").write_bytes(ring.file("essex").read_bytes())
    with pytest.raises(UserError, match="not the key of kent"):
        ring.keys("kent")


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "{", '{"force": "kent", "made_at": "", "pseudonym_key": "AAAA"}', "\x00"]
)
def test_a_damaged_key_gives_one_line(workspace: Path, keys: Path, content: str) -> None:
    open_keyring(workspace).keys("kent")
    key_files(keys)[0].write_text(content)
    with pytest.raises(UserError, match="the key file is damaged"):
        open_keyring(workspace).keys("kent")


def test_an_altered_key_is_noticed_and_not_shown(workspace: Path, keys: Path) -> None:
    open_keyring(workspace).keys("kent")
    (file,) = key_files(keys)
    data = json.loads(file.read_text())
    data["pseudonym_key"] = base64.b64encode(b"z" * 32).decode()
    file.write_text(json.dumps(data))
    with pytest.raises(UserError, match="damaged") as caught:
        open_keyring(workspace).keys("kent")
    assert data["sealing_key"] not in str(caught.value) and data["pseudonym_key"] not in str(caught.value)


@pytest.mark.parametrize("below", ["", "keys", "identities/keys", "outputs/../keys"])
def test_a_keyring_inside_the_workspace_is_refused(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    monkeypatch.setenv("OPENPEEL_KEYS", str(workspace / below))
    with pytest.raises(UserError, match="inside the workspace"):
        open_keyring(workspace)


def test_nor_by_a_link(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").symlink_to(workspace / "outputs")
    monkeypatch.setenv("OPENPEEL_KEYS", str(tmp_path / "elsewhere" / "keys"))
    with pytest.raises(UserError, match="inside the workspace"):
        open_keyring(workspace)


def test_a_relative_folder_is_refused(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENPEEL_KEYS", "keys")
    with pytest.raises(UserError, match="OPENPEEL_KEYS"):
        open_keyring(workspace)


def test_the_usual_places(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENPEEL_KEYS", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "somebody"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert open_keyring(workspace).base == tmp_path / "somebody" / ".config" / "openpeel" / "keys"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    assert open_keyring(workspace).base == tmp_path / "settings" / "openpeel" / "keys"


@pytest.mark.parametrize("force", ["", "../kent", "a/b", ".kent", "kent\n"])
def test_a_force_that_no_file_can_be_named_after(workspace: Path, keys: Path, force: str) -> None:
    with pytest.raises(UserError, match="no key can be kept"):
        open_keyring(workspace).keys(force)
    assert key_files(keys) == []


def test_a_lost_note_of_the_keyring_is_noticed(workspace: Path, keys: Path) -> None:
    """With a new keyring, every person would be a new one."""
    open_keyring(workspace).keys("kent")
    (workspace / "intake" / "20260101T000000-000001").mkdir()
    manifest = workspace / "intake" / "20260101T000000-000001" / "manifest.json"
    manifest.write_text(json.dumps({"pseudonym_keys": {"kent": "12345678"}}))
    (workspace / "identities" / "keyring.json").unlink()
    with pytest.raises(UserError, match="is missing, and intake 20260101T000000-000001 made pseudonyms"):
        open_keyring(workspace)
    manifest.write_text(json.dumps({"pseudonym_keys": {}}))
    open_keyring(workspace)


@pytest.mark.parametrize("content", ["", "[]", '{"keyring": "../x", "forces": {}}', '{"keyring": "a"}'])
def test_a_damaged_note_of_the_keyring(workspace: Path, keys: Path, content: str) -> None:
    (workspace / "identities").mkdir()
    (workspace / "identities" / "keyring.json").write_text(content)
    with pytest.raises(UserError, match="is damaged"):
        open_keyring(workspace)


def test_a_folder_that_cannot_be_written(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("OPENPEEL_KEYS", str(tmp_path / "file" / "keys"))
    with pytest.raises(UserError, match="cannot be written"):
        Keyring(workspace, tmp_path / "file" / "keys").keys("kent")


def test_a_new_sealing_key_leaves_the_pseudonyms(workspace: Path, keys: Path) -> None:
    ring = open_keyring(workspace)
    before = ring.keys("kent")
    after = ring.renew_sealing_key("kent")
    assert ring.keys("kent") == after and after.pseudonym_key == before.pseudonym_key
    assert set(after.sealing_keys()) == {before.sealing_id, after.sealing_id}
    ring.drop_older_keys("kent")
    assert set(ring.keys("kent").sealing_keys()) == {after.sealing_id}
    assert stat.S_IMODE(ring.file("kent").stat().st_mode) == 0o600
