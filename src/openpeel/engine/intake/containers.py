"""Opening what people bring: plain files, gzip and zip, with limits against bombs and cut-off files.

Nothing is ever unpacked to disk, so names inside an archive cannot lead anywhere.
"""

from __future__ import annotations

import gzip
import hashlib
import lzma
import os
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from openpeel.errors import UserError

#: A file that unpacks to more than this is refused: 2 GiB, less what the reader of CSV needs for itself.
MAX_BYTES = (2 << 30) - (1 << 20)
#: A file that unpacks to more than ``SUSPECT_BYTES`` and to more than this many times its size is a bomb.
MAX_RATIO = 100
SUSPECT_BYTES = 32 << 20
_CHUNK = 1 << 20
#: What unpacking a damaged or unusual archive can end in.
_UNPACKING = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
)


@dataclass(frozen=True)
class Member:
    """One file as supplied: where it came from, its own name, and how to read it.

    ``label`` names it for people (``archive.zip › 2019-07/…csv``); ``path`` and ``inside`` locate it
    (the entry itself, since an archive may hold two of one name).
    """

    label: str
    name: str
    path: Path
    inside: zipfile.ZipInfo | None = None

    def read(self) -> bytes:
        """The unpacked bytes.

        Raises:
            UserError: the file is cut off, not what its name says, encrypted, or a bomb.
        """
        if self.inside:
            return _read_zip_member(self, self.inside)
        try:
            if self.name.lower().endswith(".gz"):
                return _read_gzip(self)
            if self.path.stat().st_size > MAX_BYTES:
                raise UserError("is larger than 2 GiB", self.label, "split it by month")
            return self.path.read_bytes()
        except OSError as error:
            why = error.strerror or str(error)
            raise UserError(f"cannot be read ({why})", self.label, "check the file") from None


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def find(paths: list[Path]) -> Iterator[Member | UserError]:
    """The files below the paths, in the order of their names; what cannot be opened gives an error.

    Folders are walked through, hidden files left out; a zip archive yields its members.

    Raises:
        UserError: a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise UserError("there is no such file or folder", _shown(path), "check the path")
    for path in paths:
        found = False
        for file in _walk(path):
            found = True
            if isinstance(file, Path) and file.suffix.lower() == ".zip":
                yield from _members(file)
            else:
                yield file if isinstance(file, UserError) else Member(_shown(file), _shown(file.name), file)
        if not found:
            yield UserError("holds no files", _shown(path), "check the path")


def _shown(path: Path | str) -> str:
    """A path as text that can be printed, whatever bytes its name holds."""
    return os.fsencode(path).decode("utf-8", "replace")


def _walk(path: Path) -> Iterator[Path | UserError]:
    """The files of a folder and its folders, through links, too; what is no file gives an error."""
    if not path.is_dir():
        yield _file(path)
        return
    unread: list[OSError] = []
    files: list[Path] = []
    seen: set[str] = set()
    for folder, inner, names in os.walk(path, followlinks=True, onerror=unread.append):
        real = os.path.realpath(folder)
        inner[:] = [] if real in seen else [n for n in inner if not n.startswith(".")]
        if real not in seen:
            files += [Path(folder, n) for n in names if not n.startswith(".")]
        seen.add(real)
    for error in unread:
        yield UserError(
            f"cannot be looked into ({error.strerror})", _shown(error.filename), "check its access"
        )
    yield from (_file(file) for file in sorted(files))


def _file(path: Path) -> Path | UserError:
    if path.is_file():
        return path
    what = (
        "is a link that leads nowhere" if path.is_symlink() and not path.exists() else "is not a plain file"
    )
    return UserError(what, _shown(path), "save it as a file, or leave it out")


def _members(path: Path) -> Iterator[Member | UserError]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [i for i in archive.infolist() if not i.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield UserError(f"is not a whole zip archive ({error})", _shown(path), "fetch it again")
        return
    if not infos:
        yield UserError("is an archive without files", _shown(path), "fetch it again")
    bomb = _bomb(sum(i.file_size for i in infos), path.stat().st_size, limit=8 * MAX_BYTES)
    if bomb:
        yield UserError(f"{bomb}: refused as a zip bomb", _shown(path), "nothing of it was read")
        return
    for info in sorted(infos, key=lambda i: (i.filename, i.header_offset)):
        parts = info.filename.replace("\\", "/").split("/")
        hidden = any(p.startswith(".") and p.strip(".") for p in parts) or "__MACOSX" in parts
        if not hidden:
            yield Member(f"{_shown(path)} › {info.filename}", parts[-1], path, info)


def _bomb(unpacked: int, packed: int, limit: int = MAX_BYTES) -> str:
    if unpacked > limit:
        return f"unpacks to more than {round(limit / (1 << 30))} GiB"
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


def _read_zip_member(member: Member, info: zipfile.ZipInfo) -> bytes:
    bomb = _bomb(info.file_size, info.compress_size)
    if bomb:
        raise UserError(f"{bomb}: refused as a zip bomb", member.label, "nothing of it was read")
    if info.flag_bits & 0x1:
        raise UserError("is encrypted", member.label, "unpack it first")
    if member.name.lower().endswith(".gz"):
        raise UserError("is packed twice", member.label, "unpack it first")
    try:
        with zipfile.ZipFile(member.path) as archive:
            return archive.read(info)
    except _UNPACKING as error:
        raise UserError(f"cannot be unpacked ({error})", member.label, "fetch the archive again") from None
