"""The zip archive that a workbook is: opened, looked over and streamed, with limits against bombs.

Nothing of it is ever written to disk or run, no address in it is followed, and no entity in its XML is
resolved: a document type declaration, without which there are none, is refused.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, Protocol
from xml.parsers import expat

from openpeel.errors import UserError

#: What helps whenever a workbook cannot be read.
AS_CSV = "save the sheet as CSV and import that"
AS_XLSX = "save it as .xlsx"
#: A part that unpacks to more than this is refused; a full sheet of 20 columns has about 0.8 GiB.
MAX_BYTES = 2 << 30
#: A part that unpacks to more than ``SUSPECT_BYTES`` and more than this many times its size is a bomb;
#: sheets of real rows unpack to 5 to 30 times their size.
MAX_RATIO = 100
SUSPECT_BYTES = 32 << 20
#: More parts than a workbook has.
MAX_PARTS = 10_000
_CHUNK = 1 << 18
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError)

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Before(Protocol):
    """Something that stands before the parser."""

    def take(self, chunk: bytes, parse: Callable[[bytes], object]) -> None:
        """Take the next bytes."""

    def finish(self, parse: Callable[[bytes], object]) -> None:
        """There are no more bytes."""


class Enough(Exception):  # noqa: N818
    """Raised by a handler that has seen what it wanted."""


def refuse_by_first_bytes(data: bytes) -> None:
    """Refuse what is no .xlsx or .ods file by its first bytes.

    Raises:
        UserError: it is empty, protected by a password, an old .xls file, or something else.
    """
    if not data:
        raise UserError("is empty", "", "fetch it again")
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise UserError("is protected by a password", "", "save it without one")
        raise UserError("is a file of the old kind (.xls)", "", AS_XLSX)
    if not data.startswith(b"PK"):
        raise UserError("is not an .xlsx or .ods file", "", AS_XLSX)


def damaged(why: str) -> UserError:
    """The error for a workbook that cannot be read as one."""
    return UserError(f"is cut off or damaged ({why})", "", f"fetch it again, or {AS_CSV}")


class Package:
    """The parts of a workbook.

    Args:
        data: the workbook's bytes.

    Raises:
        UserError: it is no whole workbook, holds macros, is encrypted, or is a bomb.
    """

    def __init__(self, data: bytes) -> None:
        refuse_by_first_bytes(data)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGED as error:
            raise damaged(str(error)) from None
        infos = self._archive.infolist()
        if len(infos) > MAX_PARTS:
            raise UserError(f"holds more than {MAX_PARTS} parts", "", AS_CSV)
        # Names of parts are compared without case, as spreadsheet programs do.
        self._parts = {info.filename.casefold(): info for info in infos}
        if len(self._parts) < len(infos):
            raise damaged("it holds two parts of one name")
        for info in infos:
            _refuse_bomb(info)
        self._refuse_macros()

    def _refuse_macros(self) -> None:
        for name in self._parts:
            if name.endswith("vbaproject.bin") or name.startswith(("basic/", "scripts/", "xl/macrosheets/")):
                raise UserError("holds macros", "", AS_XLSX)

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._parts

    def parse(
        self,
        name: str,
        start: Start,
        end: End | None = None,
        text: Text | None = None,
        before: Before | None = None,
    ) -> None:
        """Stream one part's XML through handlers; names come as ``namespace local-name``.

        Args:
            name: the part.
            start: called for each start tag.
            end: called for each end tag.
            text: called for each piece of text.
            before: takes the bytes first, and hands on those that the parser shall see.

        Raises:
            UserError: the part is missing, damaged, or declares a document type.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = start
        if end:
            parser.EndElementHandler = end
        if text:
            parser.CharacterDataHandler = text
        try:
            self._feed(name, parser, before)
        except Enough:
            return
        except expat.ExpatError as error:
            raise damaged(f"{name}: {error}") from None

    def _feed(self, name: str, parser: expat.XMLParserType, before: Before | None) -> None:
        info = self._parts.get(name.casefold())
        if info is None:
            raise damaged(f"it lacks {name}")
        try:
            stream = self._archive.open(info)
        except _DAMAGED as error:
            raise damaged(str(error)) from None
        with stream:
            # No more than the declared size is ever unpacked: zipfile stops there, and the sum differs.
            while chunk := _read(stream):
                if before:
                    before.take(chunk, parser.Parse)
                else:
                    parser.Parse(chunk)
        if before:
            before.finish(parser.Parse)
        parser.Parse(b"", True)


def _read(stream: IO[bytes]) -> bytes:
    try:
        return stream.read(_CHUNK)
    except _DAMAGED as error:
        raise damaged(str(error)) from None


def _refuse_doctype(*_: object) -> None:
    what = "declares a document type in its XML, which no spreadsheet needs"
    raise UserError(what, "", f"refused; {AS_CSV}")


def _refuse_bomb(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 0x1:
        raise UserError("is encrypted", "", "save it without a password")
    if info.file_size > MAX_BYTES:
        what = f"unpacks to more than {MAX_BYTES >> 30} GiB"
    elif info.file_size > SUSPECT_BYTES and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        what = f"unpacks to more than {MAX_RATIO} times its size"
    else:
        return
    raise UserError(f"{what}: refused as a zip bomb", "", f"nothing of it was read; {AS_CSV}")
