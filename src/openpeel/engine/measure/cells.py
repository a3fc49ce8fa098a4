"""Cells: the additive parts of figures, for each snapshot and category, kept until an input changes.

A few cubes of a record type count every condition of every measure on it, by snapshot and by each
breakdown; a measure is never in the key, it is a few summed columns. A snapshot is one force and month,
so a new month costs that month, and a corrected one its own. What has been counted under the same
declaration, policies and records is not counted again (``store``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from openpeel.engine.declare.records import RecordType
from openpeel.engine.declare.serial import digest
from openpeel.engine.derive import layer
from openpeel.engine.derive.layer import Scan, Sources
from openpeel.engine.derive.names import all_names
from openpeel.engine.intake.disk import computing_lock
from openpeel.engine.intake.generations import Entry
from openpeel.engine.measure import store
from openpeel.engine.measure.cubes import (
    NOT_KNOWN,
    WIDEST,
    Breakdown,
    Counted,
    Cube,
    cube_sql,
    cubes_of,
    dimension_of,
    marginals_sql,
)
from openpeel.engine.measure.predicates import Compiled, touched
from openpeel.engine.measure.scan import WAY, Engine, widths
from openpeel.engine.sql import text
from openpeel.errors import UserError

__all__ = ["NOT_KNOWN", "Cells", "Plan", "compute", "count_rows", "fetch", "plan", "refresh"]

#: How many records a cell of a cube should stand for, on the whole.
_RECORDS_A_CELL = 4
#: The derivations that some sums hang on and that look beyond the record itself.
Reach = tuple[str, ...]


@dataclass(frozen=True)
class Sum:
    """One thing that is counted by one breakdown.

    Attributes:
        breakdown: the columns by which it is broken down.
        counted: the condition or number.
        columns: every column that it touches.
        dimension, name: the names under which it is kept: hashes of all it hangs on besides the records.
        reach: see ``Reach``.
    """

    breakdown: Breakdown
    counted: Counted
    columns: frozenset[str]
    dimension: str
    name: str
    reach: Reach


@dataclass(frozen=True)
class Plan:
    """What is counted of one record type."""

    type: RecordType
    sums: tuple[Sum, ...]

    def columns(self) -> list[str]:
        """Every column that is touched."""
        return sorted({c for s in self.sums for c in s.columns})

    def breakdowns(self) -> list[Breakdown]:
        """The breakdowns, without the whole."""
        return sorted({s.breakdown for s in self.sums if s.breakdown})

    def names(self) -> list[str]:
        """Everything that is counted, once."""
        return sorted({s.counted.name for s in self.sums})

    def key(self) -> str:
        """A hash of all that is counted, by which people tell plans apart."""
        return digest(sorted([s.dimension, s.name] for s in self.sums))

    def by_reach(self) -> dict[Reach, Plan]:
        """Its parts: what hangs on the records of the snapshot alone, and what looks further."""
        parts: dict[Reach, list[Sum]] = {}
        for one in self.sums:
            parts.setdefault(one.reach, []).append(one)
        return {reach: Plan(self.type, tuple(sums)) for reach, sums in sorted(parts.items())}

    def wanted(self) -> dict[str, frozenset[str]]:
        """Dimension as kept -> the names under which sums by it are kept."""
        out: dict[str, set[str]] = {}
        for one in self.sums:
            out.setdefault(one.dimension, set()).add(one.name)
        return {d: frozenset(names) for d, names in out.items()}

    def only(self, wanted: Mapping[str, frozenset[str]]) -> Plan:
        """The part of it that some names stand for."""
        return Plan(self.type, tuple(s for s in self.sums if s.name in wanted.get(s.dimension, ())))

    def cubes(self, values: Mapping[str, float] | None = None, widest: float = WIDEST) -> list[Cube]:
        """The scans that give it.

        Args:
            values: column -> how many values a snapshot has of it; ``None``: what is declared.
            widest: most cells of a snapshot in one scan.
        """
        by: dict[Breakdown, list[Counted]] = {}
        for one in self.sums:
            by.setdefault(one.breakdown, []).append(one.counted)
        return cubes_of(by, widths(self.type) if values is None else values, widest)

    def touched_by(self, cubes: Iterable[Cube]) -> list[str]:
        """The columns that some cubes need."""
        mine = {(b, c.name) for cube in cubes for b, cs in cube.wanted.items() for c in cs}
        return sorted({c for s in self.sums if (s.breakdown, s.counted.name) in mine for c in s.columns})


@dataclass
class Cells:
    """Sums by snapshot, breakdown and category: ``sums[snapshot, dimension, value][name]``.

    The whole of a snapshot stands under the dimension ``""`` and the value ``""``. ``bins`` holds the
    exact counts of whole numbers by the same keys: name -> number -> how many records have it.
    ``counted`` says what was counted by which dimension; anything else is not zero, it is not there.
    """

    sums: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    bins: dict[tuple[str, str, str], dict[str, dict[int, int]]] = field(default_factory=dict)
    counted: dict[str, set[str]] = field(default_factory=dict)

    def total(self, snapshots: Iterable[str], column: str, dimension: str = "", value: str = "") -> Any:
        """The sum of one column over some snapshots.

        Raises:
            KeyError: it was not counted by that dimension.
        """
        self._must_be_there(column, dimension)
        return sum(self.sums.get((s, dimension, value), {}).get(column) or 0 for s in snapshots)

    def durations(
        self, snapshots: Iterable[str], column: str, dimension: str = "", value: str = ""
    ) -> Counter[int]:
        """Whole number -> how many records have it, over some snapshots.

        Raises:
            KeyError: it was not counted by that dimension.
        """
        self._must_be_there(column, dimension)
        out: Counter[int] = Counter()
        for snapshot in snapshots:
            out.update(self.bins.get((snapshot, dimension, value), {}).get(column, {}))
        return out

    def _must_be_there(self, column: str, dimension: str) -> None:
        if column not in self.counted.get(dimension, ()):
            raise KeyError(f"{column} was not counted by {dimension!r}")

    def values(self, snapshots: Iterable[str], dimension: str) -> set[str]:
        """The categories that occur in some snapshots."""
        wanted = set(snapshots)
        return {v for s, d, v in self.sums if d == dimension and s in wanted}

    def put(self, key: tuple[str, str, str], at: int | None, given: Mapping[str, Any]) -> None:
        """Note some sums of one key, or how many records have the number ``at``."""
        for column, n in given.items():
            if at is None:
                held = self.sums.setdefault(key, {}).setdefault(column, n)
            else:
                held = self.bins.setdefault(key, {}).setdefault(column, {}).setdefault(at, n)
            if held != n:
                raise UserError(
                    f"counts of snapshot {key[0][:12]} are kept twice and differ",
                    "cells/",
                    "delete that folder",
                )


def plan(record_type: RecordType, compiled: Sequence[Compiled], sources: Sources) -> Plan:
    """One plan for some measures on a record type."""
    wanted: dict[tuple[Breakdown, str], Counted] = {}
    for one in compiled:
        for breakdown in ((), *one.breakdowns):
            wanted |= {(breakdown, c.name): c for c in one.counted()}
    names = all_names(record_type)
    uses = {c.name: frozenset(touched([c.sql], names)) for c in wanted.values()}
    # Many sums rest on the same columns: what these hang on is worked out once.
    inputs = {columns: layer.inputs(record_type, columns, sources) for columns in set(uses.values())}
    kept = {c.name: _kept_as(c, inputs[uses[c.name]]) for c in wanted.values()}
    dimensions = {b: _dimension(record_type, b, sources) for b in {b for b, _ in wanted}}
    together = {(b, uses[name]): uses[name] | set(b) for b, name in wanted}
    reaches = {columns: _reach(record_type, columns) for columns in set(together.values())}
    sums = []
    for (breakdown, name), counted in sorted(wanted.items()):
        columns = together[breakdown, uses[name]]
        sums.append(Sum(breakdown, counted, columns, dimensions[breakdown], kept[name], reaches[columns]))
    return Plan(record_type, tuple(sums))


def _reach(record_type: RecordType, columns: frozenset[str]) -> Reach:
    return tuple(sorted(d.name for d in layer.needed(record_type, columns) if layer.looks_beyond(d)))


def _kept_as(counted: Counted, inputs: list[Any]) -> str:
    """The name of a sum in what is kept: its kind and a hash of all it hangs on besides the records."""
    return counted.name[:2] + digest([WAY, counted.sql, counted.kind, inputs])[:20]


def _dimension(record_type: RecordType, breakdown: Breakdown, sources: Sources) -> str:
    """The name of a breakdown in what is kept; where it rests on derivations, with a hash of them."""
    if not layer.needed(record_type, breakdown):
        return dimension_of(breakdown)
    return f"{dimension_of(breakdown)} {digest(layer.inputs(record_type, breakdown, sources))[:20]}"


def compute(
    con: duckdb.DuckDBPyConnection, plan_: Plan, entries: Sequence[Entry], sources: Sources, engine: Engine
) -> Cells:
    """Cells straight from the snapshots, past everything that is kept; what ``verify`` uses."""
    held = [e for e in entries if e.rows]
    cells = _nothing_yet(plan_)
    for part in plan_.by_reach().values() if held else ():
        scan = Scan(part.type, held, sources)
        cubes = {f"cube_{n}": cube for n, cube in enumerate(scans_of(con, part, scan, engine))}
        engine.cubes(con, cubes, part.touched_by(cubes.values()), scan)
        for table, cube in cubes.items():
            _take(con, table, cube, cells)
    return cells


def scans_of(con: duckdb.DuckDBPyConnection, plan_: Plan, scan: Scan, engine: Engine) -> list[Cube]:
    """The cubes of a plan over some snapshots, as narrow as their records call for."""
    columns = {c for b in plan_.breakdowns() for c in b}
    # Where there are about as many cells as records, nothing has been gained by making a cube of them.
    rows = sum(e.rows for e in scan.entries) / len(scan.entries)
    return plan_.cubes(engine.widths(con, columns, scan), min(WIDEST, rows / _RECORDS_A_CELL))


def count_rows(con: duckdb.DuckDBPyConnection, plan_: Plan, rows: str) -> Cells:
    """Cells of rows that a query gives: ``snapshot`` and the columns that the plan touches."""
    cells = _nothing_yet(plan_)
    con.execute(f"CREATE OR REPLACE TEMP TABLE worked_out AS {rows}")
    for cube in plan_.cubes():
        con.execute(f"CREATE OR REPLACE TEMP TABLE cube AS {cube_sql(cube, 'worked_out')}")
        _take(con, "cube", cube, cells)
    con.execute("DROP TABLE worked_out")
    return cells


def _nothing_yet(plan_: Plan) -> Cells:
    counted: dict[str, set[str]] = {}
    for one in plan_.sums:
        counted.setdefault(dimension_of(one.breakdown), set()).add(one.counted.name)
    return Cells(counted=counted)


def _take(con: duckdb.DuckDBPyConnection, table: str, cube: Cube, cells: Cells) -> None:
    """Put the marginals of the cube that a table holds into cells."""
    found = con.execute(marginals_sql(cube, table))
    names = [d[0] for d in found.description or []]
    for row in found.fetchall():
        given = dict(zip(names, row, strict=True))
        key = (given.pop("snapshot"), given.pop("dimension"), given.pop("value"))
        at = given.pop("bin", None)
        there = cells.counted[key[1]]
        cells.put(key, at, {c: n for c, n in given.items() if c in there and n is not None})


def fetch(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    plan_: Plan,
    entries: list[Entry],
    sources: Sources,
    engine: Engine,
    progress: Callable[[str], None],
) -> Cells:
    """Cells of some snapshots, from what is kept where it is there, else computed and kept."""
    while True:
        refresh(con, root, plan_, entries, sources, engine, progress)
        cells = _kept(con, root, plan_, entries, sources)
        if cells is not None:
            return cells
        # Cells are disposable: somebody has deleted or spoilt some since they were counted. Counted once more.


def _kept(
    con: duckdb.DuckDBPyConnection, root: Path, plan_: Plan, entries: Sequence[Entry], sources: Sources
) -> Cells | None:
    """The cells that are kept; ``None`` where any is missing or cannot be read, which must not pass for zero."""
    cells = _nothing_yet(plan_)
    files = store.kept(store.folder_of(root, plan_.type.id))
    for reach, part in plan_.by_reach().items():
        wanted, by_basis = part.wanted(), _bases(part, reach, entries, sources)
        if any(store.lacking(files, wanted, basis) for basis in by_basis):
            return None
        shown = {(s.dimension, s.name): (dimension_of(s.breakdown), s.counted.name) for s in part.sums}
        for file in files:
            try:
                found = list(store.rows(con, file, wanted, by_basis))
            except duckdb.Error:
                store.forget(file.file)
                return None
            for basis, dimension, value, at, given in found:
                for kept_as, n in given.items():
                    named, name = shown[dimension, kept_as]
                    if n is not None:
                        cells.put((by_basis[basis], named, value), at, {name: n})
    return cells


def _bases(plan_: Plan, reach: Reach, entries: Iterable[Entry], sources: Sources) -> dict[str, str]:
    """Basis -> snapshot, of the snapshots that have rows."""
    return {layer.basis_of(plan_.type, e, reach, sources): e.snapshot for e in entries if e.rows}


@dataclass(frozen=True)
class Task:
    """What is to be counted together: a part of a plan for the snapshots that lack just that.

    Attributes:
        plan: the part.
        entries: basis -> snapshot.
        again: whether something of the snapshots has been counted already.
    """

    plan: Plan
    entries: Mapping[str, Entry]
    again: bool

    def rows(self) -> int:
        """How many records the snapshots hold."""
        return sum(e.rows for e in self.entries.values())


def tasks(root: Path, plan_: Plan, entries: Sequence[Entry], sources: Sources) -> list[Task]:
    """What has to be counted so that all of a plan is there for some snapshots."""
    files = store.kept(store.folder_of(root, plan_.type.id))
    out = []
    for reach, part in plan_.by_reach().items():
        wanted = part.wanted()
        groups: dict[str, tuple[dict[str, frozenset[str]], dict[str, Entry]]] = {}
        for entry in (e for e in entries if e.rows):
            basis = layer.basis_of(part.type, entry, reach, sources)
            lack = store.lacking(files, wanted, basis)
            if lack:
                shape = digest(sorted([d, sorted(names)] for d, names in lack.items()))
                groups.setdefault(shape, (lack, {}))[1][basis] = entry
        out += [Task(part.only(lack), held, lack != wanted) for lack, held in groups.values()]
    return out


def refresh(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    plan_: Plan,
    entries: list[Entry],
    sources: Sources,
    engine: Engine,
    progress: Callable[[str], None],
) -> int:
    """Compute and keep the cells of the snapshots that have none, or not all of them.

    Returns:
        the number of snapshots of which something was computed.
    """
    # Looked at without the lock first: figures of what is there need not wait for somebody who computes.
    if not tasks(root, plan_, entries, sources):
        return 0
    folder = store.folder_of(root, plan_.type.id)
    with computing_lock(root, wait=True):  # two processes must not both count the same
        todo = tasks(root, plan_, entries, sources)
        for task in todo:
            progress(f"counting {len(task.entries)} snapshots of {plan_.type.id}")
            _count(con, folder, task, sources, engine)
        store.tidy(con, folder)
    return len({e.snapshot for task in todo for e in task.entries.values()})


def _count(
    con: duckdb.DuckDBPyConnection, folder: Path, task: Task, sources: Sources, engine: Engine
) -> None:
    """Count one task and keep what comes of it: the sums in one file, exact counts in another."""
    con.execute("CREATE OR REPLACE TEMP TABLE bases (basis VARCHAR, snapshot VARCHAR)")
    listed = ", ".join(f"({text(b)}, {text(e.snapshot)})" for b, e in task.entries.items())
    con.execute(f"INSERT INTO bases VALUES {listed}")
    names = {s.counted.name: s.name for s in task.plan.sums}
    dimensions = {s.breakdown: s.dimension for s in task.plan.sums}
    queries: dict[bool, list[str]] = {}
    scan = Scan(task.plan.type, list(task.entries.values()), sources)
    cubes = {f"cube_{n}": cube for n, cube in enumerate(scans_of(con, task.plan, scan, engine))}
    engine.cubes(con, cubes, task.plan.touched_by(cubes.values()), scan)
    for table, cube in cubes.items():
        marginals = marginals_sql(cube, table, names, dimensions)
        queries.setdefault(cube.bins is not None, []).append(f"({marginals})")
    for bins, parts in queries.items():
        together = " UNION ALL BY NAME ".join(parts)
        query = f"SELECT basis, m.* EXCLUDE (snapshot) FROM ({together}) AS m JOIN bases USING (snapshot)"
        store.keep(con, folder, query, _held(task.plan, bins), task.entries, bins)
    for table in cubes:
        con.execute(f"DROP TABLE {table}")


def _held(plan_: Plan, bins: bool) -> dict[str, set[str]]:
    """Dimension -> names, as they are kept, of the sums or of the exact counts."""
    out: dict[str, set[str]] = {}
    for one in plan_.sums:
        if (one.counted.kind == "bins") is bins:
            out.setdefault(one.dimension, set()).add(one.name)
    return out
