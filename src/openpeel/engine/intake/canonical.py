"""What a row and a snapshot are, to the byte: row hashes, record ids and snapshot ids.

The text of a row is its stored columns in canonical order, each ``=`` and its value or ``-`` where
unknown, separated by the unit separator U+001F, which no accepted value may hold. The row hash is
the SHA-256 of that text. The snapshot id is the SHA-256 of the canonical schema and the row hashes
in ``record_id`` order, so it depends on the rows alone and not on how a file came to be written.
A record type may get more columns in later editions; they do not change what is there already.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from openpeel.engine.declare.records import RecordType, stored_as
from openpeel.engine.sql import quote, text

UNIT_SEPARATOR = "\x1f"


def row_hash_sql(record_type: RecordType, ready: Mapping[str, str] = MappingProxyType({})) -> str:
    """SQL for the SHA-256 (hexadecimal) of a row's canonical text.

    Args:
        record_type: the row's type.
        ready: stored column of the first edition -> the column in which its part of the text is at hand, as
            ``part_sql`` gives it; those of neighbours may stand in one column, one behind the other.
    """
    first, later = _editions(record_type)
    parts = [f"CASE WHEN {quote(first[0])} IS NULL THEN '-' ELSE '=' END, {quote(first[0])}"]
    parts += [quote(ready[n]) if n in ready else part_sql(n) for n in first[1:]]
    whole = ", ".join(dict.fromkeys(parts))
    # A column of a later edition stands with its name, and only where it is known: rows without it
    # keep the hash they had before there was such a column.
    for name in later:
        begins = text(f"{UNIT_SEPARATOR}{name}=")
        whole += f", CASE WHEN {quote(name)} IS NOT NULL THEN {begins} END, {quote(name)}"
    return f"sha256(concat({whole}))"


def part_name(column: str) -> str:
    """Name of a column that holds another one's part of the canonical text, and maybe its neighbours'."""
    return f"_part_{column}"


def part_sql(column: str) -> str:
    """What a column of the first edition adds to the canonical text of a row: arguments of ``concat``."""
    known, unknown = text(UNIT_SEPARATOR + "="), text(UNIT_SEPARATOR + "-")
    return f"CASE WHEN {quote(column)} IS NULL THEN {unknown} ELSE {known} END, {quote(column)}"


def _editions(record_type: RecordType) -> tuple[list[str], list[str]]:
    """The stored columns of a type's first edition, and those that came later."""
    later = [n for c in record_type.columns if c.since > 1 for n, _ in stored_as(c)]
    return [n for n, _ in record_type.stored() if n not in later], later


def record_order(record_type: RecordType) -> str:
    """SQL column list in which a snapshot's rows are ordered."""
    keys = [quote(k) for k in record_type.key]
    return ", ".join([*keys, "row_hash", "occurrence"])


def schema_text(record_type: RecordType) -> str:
    """The canonical schema of a record type's snapshots: that of its first edition, for good."""
    first, _ = _editions(record_type)
    return json.dumps(
        {
            "type": record_type.id,
            "key": [k for k in record_type.key if k in first],
            "columns": [(n, t) for n, t in record_type.stored() if n in first],
        },
        separators=(",", ":"),
    )


def snapshot_id(record_type: RecordType, row_hashes: bytes | memoryview | Iterable[str]) -> str:
    """The id of the snapshot whose rows, in record order, have these hashes.

    Args:
        record_type: the rows' type.
        row_hashes: in hexadecimal one by one, or as bytes one behind the other.
    """
    return id_maker(record_type)(row_hashes)


def id_maker(record_type: RecordType) -> Callable[[bytes | memoryview | Iterable[str]], str]:
    """``snapshot_id`` for many snapshots of one type: the schema's part of the hash is worked out once."""
    begun = hashlib.sha256(schema_text(record_type).encode())
    begun.update(b"\n")

    def id_of(row_hashes: bytes | memoryview | Iterable[str]) -> str:
        digest = begun.copy()
        if isinstance(row_hashes, bytes | memoryview):
            digest.update(row_hashes)
        else:
            digest.update(bytes.fromhex("".join(row_hashes)))
        return digest.hexdigest()

    return id_of
