"""A sealed file: the identities one intake brought for one force, encrypted and bound to their place.

A line of text says what the file is, which key sealed it and how many rows it holds; the rows follow
in frames, each sealed by AES-256-GCM together with that line, the force, the intake and the frame's
number. A frame that is altered, missing, moved or brought from another file does not open.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openpeel.errors import UserError

FORMAT = 1
_MAGIC = b"openpeel sealed identities\n"
_LONGEST_HEADER = 1000
_NONCE = 12
_LENGTH = 4
#: Rows in a frame; keeps each far below what the cipher takes at once.
FRAME_ROWS = 100_000


@dataclass(frozen=True)
class Header:
    """What a sealed file says of itself to everybody."""

    key: str
    rows: int
    frames: int


def _header_line(header: Header) -> bytes:
    data = {"format": FORMAT, "key": header.key, "rows": header.rows, "frames": header.frames}
    return json.dumps(data).encode()


def _bound_to(line: bytes, force: str, intake: str, frame: int) -> bytes:
    return json.dumps([line.decode(), force, intake, frame]).encode()


def seal(rows: pa.Table, force: str, intake: str, key_id: str, key: bytes) -> bytes:
    """The bytes of a sealed file.

    Args:
        rows: one or more rows.
        force: whose they are.
        intake: the intake that brought them.
        key_id: the key's fingerprint.
        key: the sealing key.
    """
    starts = range(0, rows.num_rows, FRAME_ROWS)
    line = _header_line(Header(key_id, rows.num_rows, len(starts)))
    out = [_MAGIC, line, b"\n"]
    cipher = AESGCM(key)
    for number, start in enumerate(starts):
        nonce = secrets.token_bytes(_NONCE)
        plain = _to_bytes(rows.slice(start, FRAME_ROWS))
        frame = nonce + cipher.encrypt(nonce, plain, _bound_to(line, force, intake, number))
        out += [len(frame).to_bytes(_LENGTH, "big"), frame]
    return b"".join(out)


def _to_bytes(rows: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, rows.schema, options=options) as writer:
        writer.write_table(rows)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def read_header(file: Path) -> Header:
    """What a sealed file says of itself; no key is needed, so nothing of it is proven.

    Raises:
        UserError: it is not a sealed file, or of a format this openpeel does not know.
    """
    with file.open("rb") as stream:
        start = stream.read(len(_MAGIC) + _LONGEST_HEADER)
    return _split(start, file)[0]


def _split(data: bytes, file: Path) -> tuple[Header, bytes]:
    """Header and its line."""
    line = data[len(_MAGIC) : len(_MAGIC) + _LONGEST_HEADER].split(b"\n", 1)[0]
    try:
        said: Any = json.loads(line) if data.startswith(_MAGIC) else None
        header = Header(str(said["key"]), int(said["rows"]), int(said["frames"]))
        format_ = said["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UserError("is not a sealed file", str(file), "restore it from a copy") from None
    if format_ != FORMAT:
        raise UserError("is sealed in a format not known here", str(file), "install a newer openpeel")
    return header, line


def unseal(file: Path, force: str, intake: str, keys: Mapping[str, bytes]) -> pa.Table:
    """The rows of a sealed file.

    Args:
        file: the file.
        force: whose rows they must be.
        intake: the intake that must have brought them.
        keys: the sealing keys at hand, by fingerprint.

    Raises:
        UserError: it is not a sealed file, its key is not at hand, or it is damaged or foreign.
    """
    data = file.read_bytes()
    header, line = _split(data, file)
    if header.key not in keys:
        raise UserError(
            f"was sealed with key {header.key}, which is not at hand",
            str(file),
            "bring the key file back from its backup",
        )
    try:
        plain = _frames(data, line, header, AESGCM(keys[header.key]), force, intake)
        rows = pa.concat_tables([pa.ipc.open_stream(f).read_all() for f in plain])
        if rows.num_rows == header.rows:
            return rows
    except (InvalidTag, ValueError, pa.ArrowException):
        pass  # what is wrong might show a part of what is sealed
    raise UserError("is damaged, or was brought here from elsewhere", str(file), "restore it from a copy")


def _frames(data: bytes, line: bytes, header: Header, cipher: AESGCM, force: str, intake: str) -> list[bytes]:
    place = len(_MAGIC) + len(line) + 1
    out = []
    for number in range(header.frames):
        start = place + _LENGTH
        end = start + int.from_bytes(data[place:start], "big")
        if end > len(data) or end - start <= _NONCE:
            raise ValueError("cut off")
        bound = _bound_to(line, force, intake, number)
        out.append(cipher.decrypt(data[start : start + _NONCE], data[start + _NONCE : end], bound))
        place = end
    if place != len(data):
        raise ValueError("something stands behind the last frame")
    return out
