"""Delimited text of any layout that a mapping file can state."""

from __future__ import annotations

import codecs
import re

from openpeel.engine.intake.read import Delimited, read_delimited
from openpeel.errors import UserError
from openpeel.sources.extract.mapping_file import Layout

_LINE_END = re.compile(rb"\r\n|\r|\n")
_CHUNK = 1 << 20


def read_text(data: bytes, label: str, layout: Layout) -> Delimited:
    """Delimited text of any layout that a mapping file can state.

    Raises:
        UserError: it cannot be read so; see ``read_delimited``.
    """
    text = _decoded(data, label, layout.encoding)
    return read_delimited(_from_row(text, layout.header_row, label), label, layout.separator)


def _decoded(data: bytes, label: str, encoding: str) -> bytes:
    """The text as UTF-8."""
    if encoding == "utf-8":
        return data
    utf8 = _is_utf8(data)
    if encoding == "cp1252" and utf8 and not data.isascii():
        raise UserError("is UTF-8 text, and the mapping says cp1252", label, "mend `encoding` in the mapping")
    marked = data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    if encoding == "utf-16" and not marked:
        raise UserError("is not UTF-16 text", label, "mend `encoding` in the mapping")
    try:
        return data.decode(encoding).encode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UserError(f"is not {encoding} text about line {line}", label, "mend file or mapping") from None


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _CHUNK):
            decoder.decode(data[start : start + _CHUNK], final=start + _CHUNK >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _from_row(data: bytes, row: int, label: str) -> bytes:
    """The text from the line with the headings on."""
    at = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    for _ in range(row - 1):
        found = _LINE_END.search(data, at)
        if not found:
            raise UserError(f"has no line {row}", label, "mend `header_row` in the mapping")
        at = found.end()
    return data[at:]
