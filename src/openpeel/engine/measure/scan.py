"""Running cubes: over which rows, and on which engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import duckdb

from openpeel.engine.declare.records import RecordType
from openpeel.engine.derive import layer
from openpeel.engine.derive.layer import Scan, Wordings
from openpeel.engine.derive.names import all_names
from openpeel.engine.intake.generations import Entry
from openpeel.engine.measure.cubes import Cube, cube_sql
from openpeel.engine.sql import quote

#: Raised when the same plan is counted in another way, so that older cells are not found.
WAY = 2
#: About how many rows are grouped at once: what is held in memory while that is done grows with the snapshots.
_AT_ONCE = 8_000_000


class Engine(Protocol):
    """What makes cubes: the same query, wherever it runs."""

    def cube(
        self, con: duckdb.DuckDBPyConnection, table: str, cube: Cube, columns: Sequence[str], scan: Scan
    ) -> None:
        """Put a cube over the records of some snapshots into a temporary table of a connection.

        Args:
            con: the connection.
            table: the table.
            cube: the cube.
            columns: the columns that it touches.
            scan: the snapshots.
        """
        ...

    def widths(
        self, con: duckdb.DuckDBPyConnection, columns: Iterable[str], scan: Scan
    ) -> Mapping[str, float]:
        """Column -> how many values a snapshot has of it, as far as that is declared or quickly found."""
        ...


class DuckDB:
    """Cubes made where the cells are kept."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._wordings: Wordings = {}
        self._values: dict[str, float] = {}

    def cube(
        self, con: duckdb.DuckDBPyConnection, table: str, cube: Cube, columns: Sequence[str], scan: Scan
    ) -> None:
        """See ``Engine``."""
        begun = f"CREATE OR REPLACE TEMP TABLE {quote(table)} AS"
        for part in _portions(scan.entries):
            rows = layer.layer_sql(
                con, replace(scan, entries=part), columns, layer.rows_of(self.root), self._wordings
            )
            con.execute(f"{begun} {cube_sql(cube, rows)}")
            begun = f"INSERT INTO {quote(table)}"

    def widths(
        self, con: duckdb.DuckDBPyConnection, columns: Iterable[str], scan: Scan
    ) -> Mapping[str, float]:
        """See ``Engine``."""
        known = dict(widths(scan.type))
        stored = {n for n, _ in scan.type.stored()}
        rows = layer.rows_of(self.root)(scan.type, scan.entries)
        for column in sorted(set(columns) & stored - set(known)):
            pairs = f"SELECT DISTINCT snapshot, {quote(column)} FROM ({rows}) AS r"
            if pairs not in self._values:
                ((n,),) = con.execute(f"SELECT count(*) FROM ({pairs})").fetchall()
                self._values[pairs] = n / len(scan.entries)
            known[column] = self._values[pairs]
        return known


def _portions(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Snapshots in portions of some millions of rows, each force's months one behind the other."""
    portion: list[Entry] = []
    rows = 0
    for entry in sorted(entries, key=lambda e: (e.force, e.month)):
        if portion and rows + entry.rows > _AT_ONCE:
            yield portion
            portion, rows = [], 0
        portion.append(entry)
        rows += entry.rows
    yield portion


def widths(record_type: RecordType) -> Mapping[str, float]:
    """Column -> how many values it can take, of those for which that is declared."""
    names = all_names(record_type)
    declared = {n: len(name.allowed) for n, name in names.items() if name.allowed}
    return declared | {n: 2 for n, name in names.items() if name.type == "boolean"}
