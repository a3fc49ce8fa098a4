"""Cells: the additive parts of figures, for each snapshot and category, kept until an input changes.

One scan of a record type's derived layer counts every condition of every measure on it, by snapshot
and by each breakdown (grouping sets); a measure is never in the key, it is a few summed columns. A
snapshot is one force and month, so a new month costs that month, and a corrected one its own.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from openpeel.engine.declare.records import RecordType
from openpeel.engine.declare.serial import digest
from openpeel.engine.derive import layer
from openpeel.engine.derive.layer import Sources
from openpeel.engine.intake.disk import computing_lock
from openpeel.engine.intake.generations import Entry
from openpeel.engine.intake.packs import parquet_sql
from openpeel.engine.measure.predicates import Compiled, cell_column, seconds_column
from openpeel.engine.sql import quote, text
from openpeel.errors import UserError

#: The category of records whose value for a breakdown is blank.
NOT_KNOWN = "not known"

#: Raised when the same plan is counted in another way, so that older cells are not found.
_WAY = 1


@dataclass(frozen=True)
class Plan:
    """What is counted of one record type in one scan.

    Attributes:
        type: the record type.
        columns: columns of the derived layer that are touched.
        dimensions: one-way breakdowns.
        conditions: cell column -> SQL condition.
        key: hash of the layer and of all of the above and below.
        seconds: cell column -> SQL for the seconds whose exact counts it holds.
    """

    type: RecordType
    columns: tuple[str, ...]
    dimensions: tuple[str, ...]
    conditions: dict[str, str]
    key: str
    seconds: dict[str, str] = field(default_factory=dict)


@dataclass
class Cells:
    """Sums by snapshot, breakdown and category: ``sums[snapshot, dimension, value][cell column]``.

    The whole of a snapshot stands under the dimension ``""`` and the value ``""``. ``seconds`` holds the
    exact counts of durations by the same keys: cell column -> whole seconds -> number of records.
    """

    sums: dict[tuple[str, str, str], dict[str, int]] = field(default_factory=dict)
    seconds: dict[tuple[str, str, str], dict[str, dict[int, int]]] = field(default_factory=dict)

    def total(self, snapshots: Iterable[str], column: str, dimension: str = "", value: str = "") -> int:
        """The sum of one count over some snapshots."""
        return sum(self.sums.get((s, dimension, value), {}).get(column, 0) for s in snapshots)

    def durations(
        self, snapshots: Iterable[str], column: str, dimension: str = "", value: str = ""
    ) -> Counter[int]:
        """Whole seconds -> number of records, over some snapshots."""
        out: Counter[int] = Counter()
        for snapshot in snapshots:
            out.update(self.seconds.get((snapshot, dimension, value), {}).get(column, {}))
        return out

    def values(self, snapshots: Iterable[str], dimension: str) -> set[str]:
        """The categories that occur in some snapshots."""
        wanted = set(snapshots)
        return {v for s, d, v in self.sums if d == dimension and s in wanted}


def plan(record_type: RecordType, compiled: Sequence[Compiled], sources: Sources) -> Plan:
    """One plan for all the measures on a record type."""
    columns = tuple(sorted({c for m in compiled for c in m.columns}))
    dimensions = tuple(sorted({d for m in compiled for d in m.dimensions}))
    conditions = {cell_column(c): c for m in compiled for c in m.counts.values()}
    conditions = dict(sorted(conditions.items()))
    seconds = dict(sorted((seconds_column(s), s) for m in compiled for s in m.seconds.values()))
    parts = [layer.layer_key(record_type, columns, sources), list(dimensions), conditions]
    key = digest([_WAY, *parts, *([seconds] if seconds else [])])
    return Plan(record_type, columns, dimensions, conditions, key, seconds)


def compute(
    con: duckdb.DuckDBPyConnection, root: Path, plan_: Plan, entries: list[Entry], sources: Sources
) -> Cells:
    """Cells straight from the snapshots, past everything that is kept; what ``verify`` uses."""
    query = layer.layer_sql(con, root, plan_.type, plan_.columns, entries, sources)
    return _read(con, f"({cube_sql(plan_, f'({query})')})", plan_, [e.snapshot for e in entries])


def fetch(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    plan_: Plan,
    entries: list[Entry],
    sources: Sources,
    progress: Callable[[str], None],
) -> Cells:
    """Cells of some snapshots, from what is kept where it is there, else computed and kept."""
    refresh(con, root, plan_, entries, sources, progress)
    try:
        return _kept(con, root, plan_, entries)
    except duckdb.Error:
        # Cells are disposable: somebody may have deleted them since they were counted. Once more.
        refresh(con, root, plan_, entries, sources, progress)
        return _kept(con, root, plan_, entries)


def _kept(con: duckdb.DuckDBPyConnection, root: Path, plan_: Plan, entries: list[Entry]) -> Cells:
    files = _files(_folder(root, plan_))
    if not files:
        return Cells()
    return _read(con, parquet_sql(files), plan_, [e.snapshot for e in entries])


def refresh(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    plan_: Plan,
    entries: list[Entry],
    sources: Sources,
    progress: Callable[[str], None],
) -> int:
    """Compute and keep the cells of the snapshots that have none.

    Returns:
        the number of snapshots computed.
    """
    folder = _folder(root, plan_)
    folder.mkdir(parents=True, exist_ok=True)
    # Two processes must not both keep the cells of one snapshot.
    with computing_lock(root, wait=True):
        todo = missing(con, root, plan_, entries)
        if not todo:
            return 0
        progress(f"counting {len(todo)} snapshots of {plan_.type.id}")
        files = layer.ensure(con, root, plan_.type, plan_.columns, todo, sources, progress)
        try:
            _keep(con, folder, plan_, files, todo)
        except duckdb.Error:
            # The derived layer may be damaged; it is disposable, so it is made anew, once.
            for file in files:
                Path(file).unlink(missing_ok=True)
            files = layer.ensure(con, root, plan_.type, plan_.columns, todo, sources, progress)
            _keep(con, folder, plan_, files, todo)
        return len(todo)


def _keep(
    con: duckdb.DuckDBPyConnection, folder: Path, plan_: Plan, files: Sequence[str], todo: Sequence[Entry]
) -> None:
    """Count some snapshots from the derived layer, and keep the cells."""
    name = digest(sorted({e.snapshot for e in todo}))[:32]
    temporary = folder / f".tmp-{os.getpid()}-{name}.parquet"
    query = cube_sql(plan_, _layer_rows(files, todo))
    con.execute(f"COPY ({query}) TO {text(str(temporary))} (FORMAT parquet, COMPRESSION zstd)")
    temporary.rename(folder / f"{name}.parquet")


def _layer_rows(files: Sequence[str], entries: Sequence[Entry]) -> str:
    """SQL for the derived rows of some snapshots, each from one pack's file even if two hold it."""
    by_name = {Path(f).name: f for f in files}
    once: dict[str, str] = {}
    for entry in sorted(entries, key=lambda e: e.pack):
        once.setdefault(entry.snapshot, by_name[Path(entry.pack).name])
    pairs = ", ".join(f"({text(s)}, {text(f)})" for s, f in sorted(once.items()))
    return (
        f"(SELECT * EXCLUDE (_file) FROM {parquet_sql(map(Path, files), '_file')} "
        f"WHERE (snapshot, _file) IN (SELECT (s, f) FROM (VALUES {pairs}) AS v(s, f)))"
    )


def missing(con: duckdb.DuckDBPyConnection, root: Path, plan_: Plan, entries: list[Entry]) -> list[Entry]:
    """The entries whose snapshots have no cells yet."""
    done = _done(con, _folder(root, plan_))
    return [e for e in entries if e.rows and e.snapshot not in done]


def cube_sql(plan_: Plan, rows: str) -> str:
    """The one query that counts everything: a row for each snapshot, and for each of its categories."""
    sums = ", ".join(
        f"CAST(sum(CASE WHEN {condition} THEN 1 ELSE 0 END) AS BIGINT) AS {column}"
        for column, condition in plan_.conditions.items()
    )
    columns = ", ".join(
        f"coalesce(CAST({quote(d)} AS VARCHAR), {text(NOT_KNOWN)}) AS {quote('by_' + d)}"
        for d in plan_.dimensions
    )
    sets = ", ".join(["(snapshot)", *(f"(snapshot, {quote('by_' + d)})" for d in plan_.dimensions)])
    inner = f"SELECT *{', ' + columns if columns else ''} FROM {rows}"
    cube = f"SELECT snapshot, {_dimension(plan_)}, {sums} FROM ({inner}) GROUP BY GROUPING SETS ({sets})"
    return _with_seconds(plan_, cube, inner) if plan_.seconds else cube


def _with_seconds(plan_: Plan, cube: str, inner: str) -> str:
    """The cube with the exact counts for each second as a map in each of its rows.

    Counted first and put into maps then: a sixth of the time of an aggregate that makes the map itself.
    """
    sets = ", ".join(["(snapshot, _s)", *(f"(snapshot, {quote('by_' + d)}, _s)" for d in plan_.dimensions)])
    joins = ""
    for column, seconds in plan_.seconds.items():
        counted = (
            f"SELECT snapshot, {_dimension(plan_)}, _s, count(*) AS _n "
            f"FROM (SELECT *, {seconds} AS _s FROM ({inner})) WHERE _s IS NOT NULL "
            f"GROUP BY GROUPING SETS ({sets})"
        )
        maps = (
            f"SELECT snapshot, dimension, value, map(list(_s ORDER BY _s), list(_n ORDER BY _s)) AS {column} "
            f"FROM ({counted}) GROUP BY ALL"
        )
        joins += f" LEFT JOIN ({maps}) USING (snapshot, dimension, value)"
    return f"SELECT * FROM ({cube}){joins}"


def _dimension(plan_: Plan) -> str:
    if not plan_.dimensions:
        return "'' AS dimension, '' AS value"
    which = " ".join(f"WHEN grouping({quote('by_' + d)}) = 0 THEN {text(d)}" for d in plan_.dimensions)
    value = " ".join(
        f"WHEN grouping({quote('by_' + d)}) = 0 THEN {quote('by_' + d)}" for d in plan_.dimensions
    )
    return f"CASE {which} ELSE '' END AS dimension, CASE {value} ELSE '' END AS value"


def _read(con: duckdb.DuckDBPyConnection, source: str, plan_: Plan, snapshots: list[str]) -> Cells:
    if not snapshots:
        return Cells()
    wanted = ", ".join(f"({text(s)})" for s in sorted(set(snapshots)))
    columns, timed = list(plan_.conditions), list(plan_.seconds)
    rows = con.execute(
        f"SELECT snapshot, dimension, value, {', '.join(columns + timed)} FROM {source} "
        f"WHERE snapshot IN (SELECT s FROM (VALUES {wanted}) AS v(s))"
    ).fetchall()
    cells = Cells()
    for snapshot, dimension, value, *sums in rows:
        key = (snapshot, dimension, value)
        if key in cells.sums:
            raise UserError(
                f"counts of snapshot {snapshot[:12]} are kept twice", "cells/", "delete that folder"
            )
        cells.sums[key] = dict(zip(columns, sums[: len(columns)], strict=True))
        maps = dict(zip(timed, sums[len(columns) :], strict=True))
        if any(maps.values()):
            cells.seconds[key] = {column: counts for column, counts in maps.items() if counts}
    return cells


def _folder(root: Path, plan_: Plan) -> Path:
    return root / "cells" / plan_.type.id / plan_.key[:32]


def _files(folder: Path) -> list[Path]:
    # Every file here is of this plan, complete (renamed in), and covers snapshots no other one does.
    return sorted(f for f in folder.glob("*.parquet") if not f.name.startswith("."))


def _done(con: duckdb.DuckDBPyConnection, folder: Path) -> set[str]:
    found: set[str] = set()
    for file in _files(folder):
        try:
            rows = con.execute(f"SELECT DISTINCT snapshot FROM {parquet_sql([file])}").fetchall()
        except duckdb.Error:
            file.unlink()  # damaged: counted anew, like anything else that is not there
            continue
        found |= {r[0] for r in rows}
    return found
