"""What a row and a snapshot are, to the byte: row hashes, record ids and snapshot ids.

The text of a row is its stored columns in canonical order, each ``=`` and its value or ``-`` where
unknown, separated by the unit separator U+001F, which no accepted value may hold. The row hash is
the SHA-256 of that text. The snapshot id is the SHA-256 of the canonical schema and the row hashes
in ``record_id`` order, so it depends on the rows alone and not on how a file came to be written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from openpeel.engine.declare.records import RecordType
from openpeel.engine.sql import quote

UNIT_SEPARATOR = "\x1f"


def row_hash_sql(record_type: RecordType) -> str:
    """SQL for the SHA-256 (hexadecimal) of a row's canonical text."""
    parts = [f"coalesce('=' || CAST({quote(n)} AS VARCHAR), '-')" for n, _ in record_type.stored()]
    return f"sha256(concat_ws(chr(31), {', '.join(parts)}))"


def record_order(record_type: RecordType) -> str:
    """SQL column list in which a snapshot's rows are ordered."""
    keys = [quote(k) for k in record_type.key]
    return ", ".join([*keys, "row_hash", "occurrence"])


def schema_text(record_type: RecordType) -> str:
    """The canonical schema of a record type's snapshots."""
    return json.dumps(
        {"type": record_type.id, "key": list(record_type.key), "columns": record_type.stored()},
        separators=(",", ":"),
    )


def snapshot_id(record_type: RecordType, row_hashes: Iterable[str]) -> str:
    """The id of the snapshot whose rows, in record order, have these hashes."""
    digest = hashlib.sha256(schema_text(record_type).encode())
    digest.update(b"\n")
    for row_hash in row_hashes:
        digest.update(bytes.fromhex(row_hash))
    return digest.hexdigest()
