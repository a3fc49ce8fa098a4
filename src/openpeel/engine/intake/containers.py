"""Opening what people bring: plain files, gzip and zip, with limits against bombs and cut-off files.

Nothing is ever unpacked to disk, so names inside an archive cannot lead anywhere.
"""

from __future__ import annotations

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from openpeel.errors import UserError

#: A file that unpacks to more than this is refused.
MAX_BYTES = 2 << 30
#: A file that unpacks to more than ``SUSPECT_BYTES`` and to more than this many times its size is a bomb.
MAX_RATIO = 100
SUSPECT_BYTES = 32 << 20
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Member:
    """One file as supplied: where it came from, its own name, and how to read it.

    ``label`` names it for people (``archive.zip › 2019-07/…csv``); ``path`` and ``inside`` locate it.
    """

    label: str
    name: str
    path: Path
    inside: str = ""

    def read(self) -> bytes:
        """The unpacked bytes.

        Raises:
            UserError: the file is cut off, not what its name says, encrypted, or a bomb.
        """
        if self.inside:
            return _read_zip_member(self)
        if self.name.lower().endswith(".gz"):
            return _read_gzip(self)
        if self.path.stat().st_size > MAX_BYTES:
            raise UserError("is larger than 2 GiB", self.label, "split it by month")
        return self.path.read_bytes()


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def find(paths: list[Path]) -> Iterator[Member | UserError]:
    """The files below the paths, in the order of their names; an archive that cannot be opened gives an error.

    Folders are walked through, hidden files left out; a zip archive yields its members.

    Raises:
        UserError: a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise UserError("there is no such file or folder", str(path), "check the path")
    for path in paths:
        for file in _walk(path):
            if file.suffix.lower() == ".zip":
                yield from _members(file)
            else:
                yield Member(str(file), file.name, file)


def _walk(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for child in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in child.relative_to(path).parts)
        if child.is_file() and not hidden:
            yield child


def _members(path: Path) -> Iterator[Member | UserError]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [i for i in archive.infolist() if not i.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        yield UserError(f"is not a whole zip archive ({error})", str(path), "fetch it again")
        return
    bomb = _bomb(sum(i.file_size for i in infos), path.stat().st_size, limit=8 * MAX_BYTES)
    if bomb:
        yield UserError(f"{bomb}: refused as a zip bomb", str(path), "nothing of it was read")
        return
    for info in sorted(infos, key=lambda i: i.filename):
        name = info.filename.replace("\\", "/").rsplit("/", 1)[-1]
        if not name.startswith(".") and "__MACOSX" not in info.filename:
            yield Member(f"{path} › {info.filename}", name, path, info.filename)


def _bomb(unpacked: int, packed: int, limit: int = MAX_BYTES) -> str:
    if unpacked > limit:
        return f"unpacks to more than {limit >> 30} GiB"
    if unpacked > SUSPECT_BYTES and unpacked > MAX_RATIO * max(packed, 1):
        return f"unpacks to more than {MAX_RATIO} times its size"
    return ""


def _read_gzip(member: Member) -> bytes:
    packed = member.path.stat().st_size
    out = bytearray()
    try:
        with gzip.open(member.path) as stream:
            while chunk := stream.read(_CHUNK):
                out += chunk
                bomb = _bomb(len(out), packed)
                if bomb:
                    raise UserError(f"{bomb}: refused as a bomb", member.label, "nothing of it was read")
    except EOFError:
        raise UserError("the gzip file is cut off", member.label, "fetch it again") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise UserError(f"is not a gzip file ({error})", member.label, "fetch it again") from None
    return bytes(out)


def _read_zip_member(member: Member) -> bytes:
    try:
        with zipfile.ZipFile(member.path) as archive:
            info = archive.getinfo(member.inside)
            bomb = _bomb(info.file_size, info.compress_size)
            if bomb:
                raise UserError(f"{bomb}: refused as a zip bomb", member.label, "nothing of it was read")
            if info.flag_bits & 0x1:
                raise UserError("is encrypted", member.label, "unpack it first")
            data = archive.read(info)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise UserError(f"cannot be unpacked ({error})", member.label, "fetch the archive again") from None
    if member.name.lower().endswith(".gz"):
        raise UserError("is packed twice", member.label, "unpack it first")
    return data
