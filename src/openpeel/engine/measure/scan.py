"""Running cubes: over which rows, and on which engine."""

from __future__ import annotations

from collections import Counter
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
from openpeel.engine.measure.cubes import Cube, one_of_sql, together_sql
from openpeel.engine.sql import quote

#: Raised when the same plan is counted in another way, so that older cells are not found.
WAY = 2
#: About how many values are worked out at once, rows times columns: they are held in memory while they are counted.
_AT_ONCE = 60_000_000
#: In how many snapshots it is looked up how many values a column has.
_LOOKED_AT = 8


class Engine(Protocol):
    """What makes cubes: the same queries, wherever they run."""

    def cubes(
        self, con: duckdb.DuckDBPyConnection, asked: Mapping[str, Cube], columns: Sequence[str], scan: Scan
    ) -> None:
        """Put cubes over the records of some snapshots into temporary tables of a connection.

        The records are read, and what is derived of them is worked out, once for all the cubes.

        Args:
            con: the connection.
            asked: table -> the cube that it is to hold.
            columns: the columns that they touch.
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

    def cubes(
        self, con: duckdb.DuckDBPyConnection, asked: Mapping[str, Cube], columns: Sequence[str], scan: Scan
    ) -> None:
        """See ``Engine``."""
        begun = "CREATE OR REPLACE TEMP TABLE {} AS"
        for part in _portions(scan.entries, _AT_ONCE // (len(columns) + 1)):
            rows = layer.layer_sql(
                con, replace(scan, entries=part), columns, layer.rows_of(self.root), self._wordings
            )
            for bins in (False, True):
                mine = {table: cube for table, cube in asked.items() if (cube.bins is not None) is bins}
                if mine:
                    con.execute(f"CREATE OR REPLACE TEMP TABLE together AS {together_sql(mine, rows)}")
                for table, cube in mine.items():
                    con.execute(f"{begun.format(quote(table))} {one_of_sql(cube, table, 'together')}")
            begun = "INSERT INTO {}"
        con.execute("DROP TABLE IF EXISTS together")

    def widths(
        self, con: duckdb.DuckDBPyConnection, columns: Iterable[str], scan: Scan
    ) -> Mapping[str, float]:
        """See ``Engine``."""
        known = dict(widths(scan.type))
        stored = {n for n, _ in scan.type.stored()}
        looked_at = _largest(scan.entries)
        rows = layer.rows_of(self.root)(scan.type, looked_at)
        for column in sorted(set(columns) & stored - set(known)):
            pairs = f"SELECT DISTINCT snapshot, {quote(column)} FROM ({rows}) AS r"
            if pairs not in self._values:
                ((n,),) = con.execute(f"SELECT count(*) FROM ({pairs})").fetchall()
                self._values[pairs] = n / len(looked_at)
            known[column] = self._values[pairs]
        return known


def _largest(entries: Sequence[Entry]) -> list[Entry]:
    """Some snapshots of the force with the most records: they lie together, and tell the width of all well enough."""
    rows: Counter[str] = Counter()
    for entry in entries:
        rows[entry.force] += entry.rows
    ((force, _),) = rows.most_common(1)
    return [e for e in entries if e.force == force][:_LOOKED_AT]


def _portions(entries: Sequence[Entry], at_once: int) -> Iterator[list[Entry]]:
    """Snapshots in portions of about so many rows, each force's months one behind the other."""
    portion: list[Entry] = []
    rows = 0
    for entry in sorted(entries, key=lambda e: (e.force, e.month)):
        if portion and rows + entry.rows > at_once:
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
