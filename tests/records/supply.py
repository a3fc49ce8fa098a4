"""Any record type's rows, made from its declaration: examples, and what a file of them looks like."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Table
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from helpers import all_entries
from openpeel.catalogue import shipped
from openpeel.engine.connection import connect
from openpeel.engine.declare.records import RecordType
from openpeel.engine.identity.keyfile import ForceKeys
from openpeel.engine.identity.keys import list_keys
from openpeel.engine.intake.mapping import Mapping, Part, Scope
from openpeel.engine.intake.normalise import create_tables

TYPES = list(shipped().types.values())
FORCE, OTHER = "kent", "essex"

Row = Table[str, str]


def example(record_type: RecordType, **other: str) -> dict[str, str]:
    """The row of a type's examples; ``other`` replaces some of them."""
    return {c.name: c.example for c in record_type.columns} | other


def mapping(record_type: RecordType, scope: Scope = "changes") -> Mapping:
    """A mapping for files whose headings are the columns' own names, with local times."""
    return Mapping(record_type, {c.name: (c.name,) for c in record_type.columns}, (), scope, "local")


def part(record_type: RecordType, rows: Sequence[Row], months: tuple[int, int] | None = None) -> Part:
    """A file of some rows; ``months`` are needed for scope ``complete``."""
    first, last = months or (None, None)
    table = pa.table({c.name: pa.array([r[c.name] for r in rows], pa.string()) for c in record_type.columns})
    numbers = pa.array(range(1, len(rows) + 1), pa.int64())
    return Part("hand-made", "0" * 64, len(rows), FORCE, first, last, table, numbers)


def connection(record_type: RecordType) -> Any:
    """A connection on which rows of a type can be normalised, with made-up keys for two forces."""
    con = connect()
    create_tables(con, record_type)
    keys = {FORCE: b"p" * 32, OTHER: b"q" * 32}
    list_keys(con, [ForceKeys(f, "2024-01-01T00:00:00+00:00", key, b"s" * 32) for f, key in keys.items()])
    return con


def held(root: Path, record_type: RecordType, as_at: date | None = None) -> list[dict[str, Any]]:
    """The rows of a type that hold in a workspace, with their month; as known on a day, if one is given.

    Reads the Parquet files that the newest generation names, past openpeel.
    """
    current: dict[tuple[str, int], dict[str, Any]] = {}
    for entry in all_entries(root):
        known = date.fromisoformat(entry["known_from"])
        if entry["type"] == record_type.id and (as_at is None or known <= as_at):
            before = current.get((entry["force"], entry["month"]))
            if before is None or before["known_from"] <= entry["known_from"]:
                current[entry["force"], entry["month"]] = entry
    wanted = {e["snapshot"] for e in current.values()}
    packs = sorted({str(root / "records" / e["pack"]) for e in current.values() if e["pack"]})
    if not packs:
        return []
    names = ["month", *(n for n, _ in record_type.stored())]
    listed = ", ".join(f'"{n}"' for n in names)
    found = duckdb.execute(
        f"SELECT {listed} FROM read_parquet($packs) WHERE snapshot IN (SELECT unnest($wanted))",
        {"packs": packs, "wanted": sorted(wanted)},
    ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in found]


def in_order(rows: Iterable[Table[str, Any]]) -> list[list[tuple[str, str]]]:
    """Rows in an order of their own, so that two lists of them can be held against each other."""
    return sorted([(n, repr(row[n])) for n in sorted(row)] for row in rows)
