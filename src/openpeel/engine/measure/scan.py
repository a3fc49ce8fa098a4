"""Running cubes: over which rows, and on which engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import duckdb

from openpeel.engine.declare.records import RecordType
from openpeel.engine.derive import layer
from openpeel.engine.derive.layer import Sources
from openpeel.engine.derive.names import all_names
from openpeel.engine.intake.generations import Entry
from openpeel.engine.measure.cubes import Cube, cube_sql
from openpeel.engine.sql import quote

#: Raised when the same plan is counted in another way, so that older cells are not found.
WAY = 2


class Engine(Protocol):
    """What makes cubes: the same query, wherever it runs."""

    def cube(
        self,
        con: duckdb.DuckDBPyConnection,
        table: str,
        cube: Cube,
        record_type: RecordType,
        columns: Sequence[str],
        entries: Sequence[Entry],
        sources: Sources,
    ) -> None:
        """Put a cube over the records of some snapshots into a temporary table of a connection."""
        ...


class DuckDB:
    """Cubes made where the cells are kept."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def cube(
        self,
        con: duckdb.DuckDBPyConnection,
        table: str,
        cube: Cube,
        record_type: RecordType,
        columns: Sequence[str],
        entries: Sequence[Entry],
        sources: Sources,
    ) -> None:
        """See ``Engine``."""
        rows = layer.layer_sql(con, record_type, columns, entries, sources, layer.rows_of(self.root))
        con.execute(f"CREATE OR REPLACE TEMP TABLE {quote(table)} AS {cube_sql(cube, rows)}")


def widths(record_type: RecordType) -> Mapping[str, int]:
    """Column -> how many values it can take, of those for which that is declared."""
    names = all_names(record_type)
    declared = {n: len(name.allowed) for n, name in names.items() if name.allowed}
    return declared | {n: 2 for n, name in names.items() if name.type == "boolean"}
