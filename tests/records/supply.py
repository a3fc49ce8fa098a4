"""Any record type's rows, made from its declaration: examples, and what a file of them looks like."""

from __future__ import annotations

from collections.abc import Mapping as Table
from collections.abc import Sequence

import duckdb
import pyarrow as pa

from openpeel.catalogue import shipped
from openpeel.engine.connection import connect
from openpeel.engine.declare.records import RecordType
from openpeel.engine.identity.keyfile import ForceKeys
from openpeel.engine.identity.keys import list_keys
from openpeel.engine.intake.mapping import Mapping, Part, Scope
from openpeel.engine.intake.normalise import create_tables

TYPES = list(shipped().types.values())
FORCE = "kent"

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


def connection(record_type: RecordType) -> duckdb.DuckDBPyConnection:
    """A connection on which rows of a type can be normalised, with a made-up key for the force."""
    con = connect()
    create_tables(con, record_type)
    list_keys(con, [ForceKeys(FORCE, "2024-01-01T00:00:00+00:00", b"p" * 32, b"s" * 32)])
    return con
