"""The derived layer: the columns that measures touch, supplied and derived, one file for each pack.

It is disposable. Its key hashes all its inputs: the record type, the derivations, the policies and,
where another type is looked up, that type's snapshots; so what is out of date is never found.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from openpeel.engine import clock
from openpeel.engine.declare.derivations import (
    Derivation,
    Derived,
    FromPolicy,
    Lookup,
    Rollup,
    SecondsBetween,
    Translation,
)
from openpeel.engine.declare.expressions import family_of, parse
from openpeel.engine.declare.records import STORED, RecordType
from openpeel.engine.declare.serial import digest, to_plain
from openpeel.engine.derive.names import columns_of, derivations_of, name_of
from openpeel.engine.derive.policies import Policy, in_force_sql
from openpeel.engine.intake.disk import TEMPORARY, put_made
from openpeel.engine.intake.generations import Entry, View, describe
from openpeel.engine.intake.packs import parquet_sql, rows_sql
from openpeel.engine.sql import quote, text
from openpeel.errors import UserError

#: Raised when the same derivation comes to be worked out in another way, so that no old layer is used.
METHOD = 2


@dataclass(frozen=True)
class Sources:
    """What derivations may draw on besides the row itself."""

    types: Mapping[str, RecordType] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    view: View | None = None


def layer_key(record_type: RecordType, columns: Iterable[str], sources: Sources) -> str:
    """The key of a layer: a hash of everything its content depends on but the rows themselves."""
    derivations = needed(record_type, columns)
    return digest(
        {
            "method": METHOD,
            "type": [record_type.id, [list(c) for c in record_type.stored()]],
            "columns": sorted(columns),
            "derivations": [to_plain(d) for d in derivations],
            "policies": [
                sources.policies[d.policy].plain()
                for d in derivations
                if isinstance(d, FromPolicy) and d.policy in sources.policies
            ],
            "looked up": [
                [d.of, describe(sources.view.of(d.of))]
                for d in derivations
                if isinstance(d, Lookup | Rollup) and sources.view is not None
            ],
            "removed": [list(r) for r in sources.view.removed] if sources.view is not None else [],
        }
    )


def needed(record_type: RecordType, columns: Iterable[str]) -> list[Derivation]:
    """The derivations that some columns rest on, directly or through others, in declared order."""
    wanted = set(columns)
    supplied = columns_of(record_type)
    out: list[Derivation] = []
    for derivation in reversed(derivations_of(record_type)):
        if derivation.name in wanted:
            out.append(derivation)
            wanted |= _uses(derivation, supplied, record_type)
    return out[::-1]


def _uses(derivation: Derivation, supplied: Mapping[str, Any], record_type: RecordType) -> set[str]:
    if isinstance(derivation, Translation):
        return {derivation.source}
    if isinstance(derivation, SecondsBetween):
        return {derivation.start, derivation.end}
    if isinstance(derivation, Lookup | Rollup):
        return {mine for mine, _ in derivation.on}
    if isinstance(derivation, FromPolicy):
        return {record_type.anchor_date()}
    every = set(supplied) | {d.name for d in derivations_of(record_type)}
    return {name for name in every if name in derivation.expression}


def ensure(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    record_type: RecordType,
    columns: Iterable[str],
    entries: list[Entry],
    sources: Sources,
    progress: Callable[[str], None],
) -> list[str]:
    """Make the layer's files for the packs of some entries, where they are not there yet.

    Returns:
        the files; each holds ``snapshot`` and the columns asked for, for all rows of one pack.
    """
    columns = sorted(columns)
    folder = root / "derived" / record_type.id / layer_key(record_type, columns, sources)[:32]
    folder.mkdir(parents=True, exist_ok=True)
    files: list[str] = []
    for pack in sorted({e.pack for e in entries if e.pack}):
        file = folder / Path(pack).name
        files.append(str(file))
        if file.exists():
            continue
        progress(f"deriving columns of {record_type.id}")
        mine = [e for e in entries if e.pack == pack]
        # All snapshots of the pack, so that the file serves every vintage.
        query = layer_sql(con, root, record_type, columns, mine, sources, whole_pack=pack)
        temporary = file.with_name(f"{TEMPORARY}{os.getpid()}-{file.name}")
        con.execute(f"COPY ({query}) TO {text(str(temporary))} (FORMAT parquet, COMPRESSION zstd)")
        put_made(temporary, file)
    return files


def layer_sql(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    record_type: RecordType,
    columns: Iterable[str],
    entries: list[Entry],
    sources: Sources,
    whole_pack: str = "",
) -> str:
    """SQL for ``snapshot`` and the columns asked for, over the rows of some entries."""
    if whole_pack:
        rows = f"SELECT * FROM {parquet_sql([root / 'records' / whole_pack])}"
    else:
        rows = rows_sql(root, record_type, entries)
    return derived_sql(con, record_type, columns, rows, sources, root)


def derived_sql(
    con: duckdb.DuckDBPyConnection,
    record_type: RecordType,
    columns: Iterable[str],
    rows: str,
    sources: Sources,
    root: Path | None = None,
) -> str:
    """SQL for ``snapshot`` and the columns asked for, over a query that gives the stored columns."""
    names = columns_of(record_type)
    query = rows
    for derivation in needed(record_type, columns):
        where = f"{record_type.id}: {derivation.name}"
        if isinstance(derivation, Lookup | Rollup):
            query = _joined(con, root, derivation, query, sources, where)
        else:
            value = _value(derivation, names, record_type, sources, where)
            query = f"SELECT *, {value} AS {quote(derivation.name)} FROM ({query})"
        names[derivation.name] = name_of(derivation)
    listed = ", ".join(["snapshot", *(quote(c) for c in sorted(columns))])
    return f"SELECT {listed} FROM ({query})"


def _value(
    derivation: Derivation, names: Mapping[str, Any], record_type: RecordType, sources: Sources, where: str
) -> str:
    if isinstance(derivation, Derived):
        return parse(derivation.expression, names, family_of(derivation.type), where)
    if isinstance(derivation, Translation):
        return translation_sql(derivation)
    if isinstance(derivation, SecondsBetween):
        return clock.seconds_between_sql(quote(derivation.start), quote(derivation.end))
    if isinstance(derivation, FromPolicy):
        policy = sources.policies.get(derivation.policy)
        return in_force_sql(policy, record_type.anchor_date()) if policy else "CAST(NULL AS BIGINT)"
    raise TypeError(type(derivation).__name__)


def translation_sql(translation: Translation) -> str:
    """SQL that gives a translation's value: NULL for a blank, for an unknown wording, and for *not known*."""
    cases = " ".join(
        f"WHEN {text(' '.join(wording.lower().split()))} THEN {text(value)}"
        for wording, value in translation.table.items()
        if value
    )
    return f"CASE {wording_sql(translation.source)} {cases} END" if cases else "CAST(NULL AS VARCHAR)"


def wording_sql(column: str) -> str:
    """SQL for a wording without regard to case and runs of spaces (the no-break space is one)."""
    return f"regexp_replace(lower({quote(column)}), '[\\s\\x{{00A0}}]+', ' ', 'g')"


def _joined(
    con: duckdb.DuckDBPyConnection,
    root: Path | None,
    derivation: Lookup | Rollup,
    query: str,
    sources: Sources,
    where: str,
) -> str:
    other = sources.types.get(derivation.of)
    if other is None or sources.view is None or root is None:
        raise UserError(f"there is no record type {derivation.of}", where, "check the declaration")
    keys = [quote(b) for _, b in derivation.on]
    theirs = ", ".join(["force", *keys])
    # A row without the key is joined to nothing, so it does not matter how many there are.
    known = " AND ".join(["true", *(f"{k} IS NOT NULL" for k in keys)])
    rows = f"SELECT * FROM ({rows_sql(root, other, sources.view.of(other.id))}) WHERE {known}"
    if isinstance(derivation, Lookup):
        _prove_unique(con, rows, theirs, where)
        one = f"SELECT {theirs}, {quote(derivation.take)} AS _taken FROM ({rows})"
        value = "o._taken"
    else:
        what = "count(*)" if derivation.how == "count" else f"{derivation.how}({quote(derivation.take)})"
        one = f"SELECT {theirs}, {what} AS _taken FROM ({rows}) GROUP BY ALL"
        value = "coalesce(o._taken, 0)" if derivation.how == "count" else "o._taken"
    same = " AND ".join(f"m.{quote(a)} = o.{quote(b)}" for a, b in (("force", "force"), *derivation.on))
    cast = f"CAST({value} AS {STORED[derivation.type]})"
    return f"SELECT m.*, {cast} AS {quote(derivation.name)} FROM ({query}) m LEFT JOIN ({one}) o ON {same}"


def _prove_unique(con: duckdb.DuckDBPyConnection, rows: str, keys: str, where: str) -> None:
    """A lookup by a key that is there twice would count rows twice: refuse it."""
    found = con.execute(
        f"SELECT {keys}, count(*) AS n FROM ({rows}) GROUP BY ALL HAVING count(*) > 1 LIMIT 1"
    ).fetchone()
    if found:
        raise UserError(
            f"the key {', '.join(map(str, found[:-1]))} is there {found[-1]} times", where,
            "a lookup needs a key that is unique; use a rollup",
        )  # fmt: skip
