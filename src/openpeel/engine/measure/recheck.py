"""Working published figures out again, from their own declarations and the snapshots they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from openpeel.engine import clock
from openpeel.engine.connection import connect
from openpeel.engine.declare.derivations import Lookup, Rollup
from openpeel.engine.declare.measures import AnyMeasure
from openpeel.engine.declare.records import RecordType
from openpeel.engine.declare.serial import from_plain
from openpeel.engine.derive.policies import from_data
from openpeel.engine.intake import generations
from openpeel.engine.intake.generations import Entry, Generation, View, Vintage
from openpeel.engine.intake.packs import is_whole, true_ids
from openpeel.engine.measure import build, population
from openpeel.engine.measure.cells import Cells
from openpeel.engine.measure.context import Catalogue, Context
from openpeel.engine.measure.maker import Answers
from openpeel.engine.measure.period import Period
from openpeel.engine.measure.scan import DuckDB
from openpeel.errors import UserError


@dataclass(frozen=True)
class Stored:
    """What a publication carries of the way its figures were worked out, as plain data.

    Attributes:
        types: record type id -> declaration.
        measures: measure id -> declaration, in the order of the page.
        population_type: id of the type that holds residents.
        generation: number and SHA-256 of the generation, and the entries that held.
        as_at, recorded_by, population: the vintage and the population rule.
        populations, policies: those known at the vintage.
        cells: the published cells, for readers without records.
        forces, first, last: whom and when the figures are of.
        methods: the engine's methods at the time.
    """

    types: Mapping[str, Any]
    measures: Mapping[str, Any]
    population_type: str
    generation: Mapping[str, Any]
    as_at: str
    recorded_by: str | None
    population: str
    populations: Sequence[Mapping[str, Any]]
    policies: Sequence[Mapping[str, Any]]
    cells: Sequence[Mapping[str, Any]]
    forces: Sequence[str]
    first: str
    last: str
    methods: Mapping[str, str]


@dataclass
class Recheck:
    """The figures worked out again, and the snapshots that are not what they were.

    ``altered`` maps a snapshot id to what is wrong with it; ``removed`` counts lawfully removed rows.
    """

    answers: Answers
    altered: dict[str, str] = field(default_factory=dict)
    removed: int = 0


def store(
    context: Context, measures: Sequence[AnyMeasure], forces: Sequence[str], period: Period
) -> dict[str, Any]:
    """What a publication has to carry so that ``recheck`` can work its figures out again."""
    from openpeel.engine.declare.serial import to_plain
    from openpeel.engine.measure.question import METHODS

    catalogue = context.catalogue
    types = {m.of for m in measures} | {catalogue.population.id}
    mine = [e for e in context.view.current.values() if e.type == catalogue.population.id]
    for type_id in types - {catalogue.population.id}:
        mine += build.entries_of(context, type_id, measures, forces, period)
    beyond = build.looked_up(context, measures, mine)
    types |= _rested_on(catalogue, types)
    entries = list(dict.fromkeys([*mine, *beyond]))
    vintage = context.view.vintage
    return {
        "types": {t: to_plain(catalogue.types[t]) for t in sorted(types)},
        "measures": {m.id: to_plain(m) for m in measures},
        "population_type": catalogue.population.id,
        "generation": {
            "number": context.generation.number,
            "sha256": context.generation_hash,
            "entries": [_plain_entry(e) for e in sorted(entries, key=lambda e: (e.type, e.force, e.month))],
        },
        "as_at": vintage.as_at.isoformat(),
        "recorded_by": vintage.recorded_by.isoformat() if vintage.recorded_by else None,
        "population": context.populations.choice,
        "populations": context.populations.plain(),
        "policies": [p.plain() for _, p in sorted(context.policies.items())],
        "cells": _plain_cells(context, measures, forces, period),
        "forces": list(forces),
        "first": clock.month_text(period.first),
        "last": clock.month_text(period.last),
        "methods": dict(METHODS),
    }


def _rested_on(catalogue: Catalogue, types: Set[str]) -> set[str]:
    """The types that columns of these are looked up in or rolled up from, and so on, with records or without.

    A type without a record needs its declaration as much: that there is none is what was counted.
    """
    found: set[str] = set()
    left = set(types)
    while left:
        derived = catalogue.types[left.pop()].derived
        new = {d.of for d in derived if isinstance(d, Lookup | Rollup)} - found - types
        found |= new
        left |= new
    return found


def _plain_entry(entry: Entry) -> dict[str, Any]:
    return {
        "type": entry.type,
        "force": entry.force,
        "month": clock.month_text(entry.month),
        "snapshot": entry.snapshot,
        "rows": entry.rows,
        "known_from": entry.known_from,
    }


def _plain_cells(
    context: Context, measures: Sequence[AnyMeasure], forces: Sequence[str], period: Period
) -> list[dict[str, Any]]:
    """The cells behind the figures, a table for each record type; snapshots by their place in a list."""
    out: list[dict[str, Any]] = []
    for type_id in dict.fromkeys(m.of for m in measures):
        counted = build.cells_of(replace(context, fresh=True), type_id, measures, forces, period)
        snapshots = sorted({key[0] for key in counted.sums})
        columns = sorted({c for sums in counted.sums.values() for c in sums})
        places = {snapshot: place for place, snapshot in enumerate(snapshots)}
        rows = [
            [places[snapshot], dimension, value, *(_plain_sum(sums.get(c)) for c in columns)]
            for (snapshot, dimension, value), sums in sorted(counted.sums.items())
        ]
        seconds = [
            [places[snapshot], dimension, value, column, sorted(counts.items())]
            for (snapshot, dimension, value), maps in sorted(counted.bins.items())
            for column, counts in sorted(maps.items())
        ]
        by = {dimension: sorted(names) for dimension, names in sorted(counted.counted.items())}
        table = {"type": type_id, "snapshots": snapshots, "columns": columns, "rows": rows, "counted": by}
        out.append(table | ({"seconds": seconds} if seconds else {}))
    return out


def _plain_sum(value: Any) -> Any:
    """A sum as JSON holds it: whole numbers as such, decimals as texts, so that no figure of them is lost."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    return value


def _cells(tables: Sequence[Mapping[str, Any]]) -> Cells:
    """The cells that ``_plain_cells`` made these tables of."""
    cells = Cells(counted=defaultdict(set))
    for table in tables:
        for place, dimension, value, *sums in table["rows"]:
            key = (table["snapshots"][place], dimension, value)
            given = zip(table["columns"], sums, strict=True)
            cells.put(
                key, None, {c: Decimal(n) if isinstance(n, str) else n for c, n in given if n is not None}
            )
        for place, dimension, value, column, counts in table.get("seconds", ()):
            key = (table["snapshots"][place], dimension, value)
            cells.bins.setdefault(key, {})[column] = dict(counts)
        for dimension, names in _counted(table).items():
            cells.counted[dimension] |= set(names)
    return cells


def _counted(table: Mapping[str, Any]) -> Mapping[str, Iterable[str]]:
    """Dimension -> what was counted by it; publications of earlier versions counted everything by each."""
    if "counted" in table:
        return dict(table["counted"])
    seconds = {row[3] for row in table.get("seconds", ())}
    dimensions = {"", *(row[1] for row in table["rows"])}
    return {dimension: {*table["columns"], *seconds} for dimension in dimensions}


def recheck(stored: Stored, root: Path | None) -> Recheck:
    """Work the figures out again.

    Args:
        stored: what the publication carries.
        root: the workspace with the records; ``None``: from the published cells.

    Raises:
        UserError: the declarations cannot be read.
    """
    catalogue = _catalogue(stored)
    entries = [_entry(e) for e in stored.generation["entries"]]
    altered: dict[str, str] = {}
    removed = 0
    con = connect()
    try:
        if root is not None:
            newest = generations.newest(root)
            entries = _with_packs(entries, newest, altered)
            removed = _check_snapshots(con, root, catalogue, entries, newest, altered)
        context = _context(con, root, stored, catalogue, entries, altered)
        measures = list(catalogue.measures.values())
        period = Period(clock.parse_month(stored.first), clock.parse_month(stored.last))
        answers = build.answer(context, measures, stored.forces, period)
    finally:
        con.close()
    return Recheck(answers, altered, removed)


def _catalogue(stored: Stored) -> Catalogue:
    types: dict[str, RecordType] = {k: from_plain(v) for k, v in stored.types.items()}
    measures: dict[str, AnyMeasure] = {k: from_plain(v) for k, v in stored.measures.items()}
    return Catalogue(types, measures, types[stored.population_type])


def _entry(plain: Mapping[str, Any]) -> Entry:
    return Entry(
        type=plain["type"],
        force=plain["force"],
        month=clock.parse_month(plain["month"]),
        snapshot=plain["snapshot"],
        rows=plain["rows"],
        pack="",
        intake="",
        known_from=plain["known_from"],
        supplied=True,
        recorded_at="",
        scope="complete",
    )


def _with_packs(entries: list[Entry], newest: Generation, altered: dict[str, str]) -> list[Entry]:
    """Find the files that hold the published snapshots today (a compaction moves them)."""
    packs = {(e.type, e.snapshot): e.pack for e in newest.entries}
    out = []
    for entry in entries:
        pack = packs.get((entry.type, entry.snapshot))
        if pack is None:
            altered[entry.snapshot] = "is no longer in the workspace"
        out.append(replace(entry, pack=pack or ""))
    return out


def _check_snapshots(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    catalogue: Catalogue,
    entries: list[Entry],
    newest: Generation,
    altered: dict[str, str],
) -> int:
    """Work out every snapshot's id anew; altered ones are named. Returns the lawfully removed rows."""
    for type_id in sorted({e.type for e in entries}):
        mine = [e for e in entries if e.type == type_id and e.snapshot not in altered]
        for pack in sorted({e.pack for e in mine}):
            held = [e for e in mine if e.pack == pack]
            if pack and not is_whole(root, pack):
                altered |= {e.snapshot: f"is in {pack}, which is not the file that was written" for e in held}
                continue
            try:
                ids = true_ids(con, root, catalogue.types[type_id], held, newest.tombstones)
            except duckdb.Error as error:
                altered |= {
                    e.snapshot: f"cannot be read ({str(error).splitlines()[0]})" for e in held if e.pack
                }
                continue
            altered |= {
                snapshot: "does not hold the rows it was made of"
                for snapshot, id_ in ids.items()
                if id_ != snapshot
            }
    published = {e.snapshot for e in entries}
    return sum(1 for t in newest.tombstones if t.snapshot in published)


def _context(
    con: duckdb.DuckDBPyConnection,
    root: Path | None,
    stored: Stored,
    catalogue: Catalogue,
    entries: list[Entry],
    altered: Mapping[str, str],
) -> Context:
    recorded_by = datetime.fromisoformat(stored.recorded_by) if stored.recorded_by else None
    vintage = Vintage(date.fromisoformat(stored.as_at), recorded_by)
    sound = {(e.type, e.force, e.month): e for e in entries}
    view = View(int(stored.generation["number"]), vintage, sound)
    choice = next((c for c in population.CHOICES if c == stored.population), None)
    if choice is None:
        raise UserError(f"there is no population rule {stored.population!r}", "publication.json")
    readable = root is not None and not altered
    if readable and root is not None:
        populations = population.load(con, root, catalogue.population, view, choice)
        given = None
    else:
        # Without sound records the published parts stand in, so that what is wrong can be named.
        populations = population.from_plain(stored.populations, choice)  # type: ignore[arg-type]
        given = _cells(stored.cells)
    policies = {p["id"]: from_data(dict(p)) for p in stored.policies}
    return Context(
        con=con,
        root=root or Path(),
        catalogue=catalogue,
        generation=Generation(int(stored.generation["number"]), "", ""),
        generation_hash=str(stored.generation["sha256"]),
        view=view,
        populations=populations,
        policies=policies,
        progress=lambda _text: None,
        engine=DuckDB(root or Path()),
        fresh=True,
        given=given,
        methods=dict(stored.methods),
    )
