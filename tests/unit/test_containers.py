"""Opening plain files, gzip and zip: nothing is unpacked to disk, and what cannot be opened is named."""

from __future__ import annotations

import gzip
import os
import struct
import zipfile
from pathlib import Path

import pytest

from openpeel.engine.intake import containers
from openpeel.engine.intake.containers import Member, find
from openpeel.errors import UserError

TEXT = b"a,b\n1,2\n"


def found(*paths: Path) -> tuple[dict[str, bytes], list[str]]:
    """Content by name, and the errors."""
    good: dict[str, bytes] = {}
    bad: list[str] = []
    for member in find(list(paths)):
        try:
            if isinstance(member, UserError):
                raise member
            good[member.name] = member.read()
        except UserError as error:
            bad.append(error.line())
    return good, bad


def zipped(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def only_error(path: Path) -> str:
    good, bad = found(path)
    assert good == {}
    assert len(bad) == 1
    assert "\n" not in bad[0]
    assert path.name in bad[0]
    return bad[0]


def test_plain_and_gzip_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_bytes(TEXT)
    (tmp_path / "two.csv.gz").write_bytes(gzip.compress(TEXT))
    assert found(tmp_path) == ({"one.csv": TEXT, "two.csv.gz": TEXT}, [])


def test_gzip_of_several_pieces_is_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "f.csv.gz").write_bytes(gzip.compress(TEXT) + gzip.compress(b"3,4\n"))
    assert found(tmp_path)[0] == {"f.csv.gz": TEXT + b"3,4\n"}


@pytest.mark.parametrize("keep", [5, 20, -9, -1])
def test_gzip_cut_off_anywhere(tmp_path: Path, keep: int) -> None:
    file = tmp_path / "f.csv.gz"
    file.write_bytes(gzip.compress(TEXT * 1000)[:keep])
    assert "cut off" in only_error(file)


def test_gzip_with_a_flipped_byte(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(TEXT * 1000))
    data[-6] ^= 0xFF  # in the checksum
    file = tmp_path / "f.csv.gz"
    file.write_bytes(data)
    assert "is not a gzip file" in only_error(file)


def test_plain_text_named_gz(tmp_path: Path) -> None:
    file = tmp_path / "f.csv.gz"
    file.write_bytes(TEXT)
    assert "is not a gzip file" in only_error(file)


def test_gzip_bomb(tmp_path: Path) -> None:
    file = tmp_path / "f.csv.gz"
    file.write_bytes(gzip.compress(b"0" * (80 << 20), 1))
    assert "refused as a bomb" in only_error(file)


def test_file_over_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_BYTES", 7)
    file = tmp_path / "f.csv"
    file.write_bytes(TEXT)
    assert "larger than" in only_error(file)


def test_limit_is_what_the_csv_reader_can_take() -> None:
    assert containers.MAX_BYTES + 1025 < 2**31


def test_zip_with_nested_folders_in_order(tmp_path: Path) -> None:
    zipped(tmp_path / "archive.zip", {"2019-08/b.csv": b"2", "2019-07/a.csv": b"1", "2019-07/c.csv": b"3"})
    members = list(find([tmp_path]))
    assert [m.name for m in members if isinstance(m, Member)] == ["a.csv", "c.csv", "b.csv"]
    assert found(tmp_path)[0] == {"a.csv": b"1", "b.csv": b"2", "c.csv": b"3"}
    assert isinstance(members[0], Member)
    assert members[0].label.endswith("archive.zip › 2019-07/a.csv")


def test_zip_that_holds_two_members_of_one_name_gives_both(tmp_path: Path) -> None:
    file = tmp_path / "archive.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.csv", b"first")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.csv", b"second")
    contents = [m.read() for m in find([file]) if isinstance(m, Member)]
    assert contents == [b"first", b"second"]


def test_names_inside_a_zip_lead_nowhere(tmp_path: Path) -> None:
    names = ["../../evil.csv", "/etc/evil2.csv", "..\\..\\evil3.csv", "C:\\evil4.csv"]
    inside = tmp_path / "in"
    inside.mkdir()
    zipped(inside / "archive.zip", dict.fromkeys(names, TEXT))
    before = sorted(tmp_path.rglob("*"))
    good, bad = found(inside)
    assert set(good) == {"evil.csv", "evil2.csv", "evil3.csv", "evil4.csv"}
    assert bad == []
    assert sorted(tmp_path.rglob("*")) == before


def test_zip_bomb_overall(tmp_path: Path) -> None:
    file = zipped(tmp_path / "bomb.zip", {f"{n}.csv": b"0" * (10 << 20) for n in range(5)})
    assert "zip bomb" in only_error(file)


def test_zip_bomb_of_one_member_leaves_the_others(tmp_path: Path) -> None:
    ballast = os.urandom(1 << 20)
    file = zipped(
        tmp_path / "bomb.zip", {"bomb.csv": b"0" * (40 << 20), "good.csv": TEXT, "ballast.bin": ballast}
    )
    good, bad = found(file)
    assert good["good.csv"] == TEXT
    assert len(bad) == 1
    assert "bomb.csv" in bad[0]
    assert "zip bomb" in bad[0]


def test_zip_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    file = zipped(tmp_path / "liar.zip", {"f.csv": b"0" * (5 << 20)})
    data = bytearray(file.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + offset
        data[at : at + 4] = struct.pack("<I", 1000)
    file.write_bytes(data)
    assert "cannot be unpacked" in only_error(file)


def test_zip_cut_off(tmp_path: Path) -> None:
    file = zipped(tmp_path / "cut.zip", {"f.csv": TEXT * 1000})
    file.write_bytes(file.read_bytes()[:-30])
    assert "is not a whole zip archive" in only_error(file)


def test_zip_with_a_damaged_member_leaves_the_others(tmp_path: Path) -> None:
    file = zipped(tmp_path / "hurt.zip", {"bad.csv": os.urandom(5000), "good.csv": TEXT})
    data = bytearray(file.read_bytes())
    data[1000] ^= 0xFF
    file.write_bytes(data)
    good, bad = found(file)
    assert good == {"good.csv": TEXT}
    assert len(bad) == 1
    assert "bad.csv" in bad[0]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_zip_with_a_damaged_member_of_another_method(tmp_path: Path, method: int) -> None:
    file = zipped(tmp_path / "hurt.zip", {"bad.csv": os.urandom(5000)}, method)
    data = bytearray(file.read_bytes())
    data[100:200] = bytes(100)
    file.write_bytes(data)
    assert "cannot be unpacked" in only_error(file)


def test_zip_of_a_version_nobody_knows(tmp_path: Path) -> None:
    file = zipped(tmp_path / "new.zip", {"f.csv": TEXT})
    data = bytearray(file.read_bytes())
    data[data.index(b"PK\x01\x02") + 6] = 255
    file.write_bytes(data)
    assert "is not a whole zip archive" in only_error(file)


def test_zip_with_a_method_nobody_knows(tmp_path: Path) -> None:
    file = zipped(tmp_path / "odd.zip", {"f.csv": TEXT})
    data = bytearray(file.read_bytes())
    data[data.index(b"PK\x03\x04") + 8] = data[data.index(b"PK\x01\x02") + 10] = 97
    file.write_bytes(data)
    assert "cannot be unpacked" in only_error(file)


def test_encrypted_zip(tmp_path: Path) -> None:
    file = zipped(tmp_path / "locked.zip", {"f.csv": TEXT})
    data = bytearray(file.read_bytes())
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    file.write_bytes(data)
    assert "is encrypted" in only_error(file)


def test_member_packed_twice(tmp_path: Path) -> None:
    file = zipped(tmp_path / "twice.zip", {"f.csv.gz": gzip.compress(TEXT)})
    assert "packed twice" in only_error(file)


def test_empty_zip_and_no_zip(tmp_path: Path) -> None:
    assert "without files" in only_error(zipped(tmp_path / "empty.zip", {}))
    (tmp_path / "no.zip").write_bytes(TEXT)
    assert "is not a whole zip archive" in only_error(tmp_path / "no.zip")


def test_leavings_of_macintosh_and_hidden_files_are_left_out(tmp_path: Path) -> None:
    zipped(
        tmp_path / "mac.zip", {"__MACOSX/._a.csv": b"x", ".git/b.csv": b"x", ".c.csv": b"x", "d.csv": TEXT}
    )
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "e.csv").write_bytes(b"x")
    (tmp_path / "._f.csv").write_bytes(b"x")
    assert found(tmp_path) == ({"d.csv": TEXT}, [])


def test_folder_inside_a_hidden_folder_is_walked_when_named(tmp_path: Path) -> None:
    folder = tmp_path / ".cache" / "files"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_bytes(TEXT)
    assert found(folder)[0] == {"a.csv": TEXT}


def test_linked_folder_is_walked_and_a_circle_ends(tmp_path: Path) -> None:
    real, named = tmp_path / "real", tmp_path / "named"
    real.mkdir()
    named.mkdir()
    (real / "a.csv").write_bytes(TEXT)
    (real / "back").symlink_to(named)
    (named / "there").symlink_to(real)
    members = [m.name for m in find([named]) if isinstance(m, Member)]
    assert members == ["a.csv"]


def test_link_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(TEXT)
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nothing.csv")
    good, bad = found(tmp_path)
    assert good == {"a.csv": TEXT}
    assert len(bad) == 1
    assert "gone.csv" in bad[0]


def test_pipe_is_named_and_does_not_hang(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    assert "is not a plain file" in only_error(pipe)


def test_empty_folder_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "nothing"
    folder.mkdir()
    assert "holds no files" in only_error(folder)


def test_folder_that_cannot_be_looked_into_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    (tmp_path / "a.csv").write_bytes(TEXT)
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    good, bad = found(tmp_path)
    assert good == {"a.csv": TEXT}
    assert len(bad) == 1
    assert "locked: cannot be looked into" in bad[0]


def test_file_that_cannot_be_read_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_bytes(TEXT)
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "a.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    good, bad = found(tmp_path)
    assert good == {"b.csv": TEXT}
    assert len(bad) == 1
    assert "a.csv: cannot be read (Permission denied)" in bad[0]


def test_wrong_path_is_named_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(TEXT)
    with pytest.raises(UserError, match=r"nothing.csv: there is no such file or folder"):
        next(find([tmp_path / "a.csv", tmp_path / "nothing.csv"]))
