"""Derived columns, worked out in the scan that counts them: SQL over the stored rows of some snapshots.

Nothing of them is kept. What a sum hangs on besides the records (derivations, policies) is hashed into the
name it is kept under, and the records it hangs on, those of other months and types among them, into its basis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
    RepeatWithin,
    Rollup,
    SecondsBetween,
    Translation,
)
from openpeel.engine.declare.expressions import family_of, parse
from openpeel.engine.declare.records import STORED, RecordType
from openpeel.engine.declare.serial import digest, to_plain
from openpeel.engine.derive import repeats
from openpeel.engine.derive.names import columns_of, derivations_of, name_of
from openpeel.engine.derive.policies import Policy, in_force_sql
from openpeel.engine.intake.generations import Entry, View
from openpeel.engine.intake.packs import rows_sql
from openpeel.engine.sql import quote, text, texts
from openpeel.errors import UserError

#: Raised when the same derivation comes to be worked out in another way, so that no old sum is used.
METHOD = 3
#: Gives SQL for the stored rows of some snapshots of a type.
RowsOf = Callable[[RecordType, Sequence[Entry]], str]
#: What each query for wordings has found: wording -> its translation; ``None`` where there are too many to list.
#: Rows of a snapshot never change, so what was found holds for ever.
Wordings = dict[str, dict[str, str] | None]
#: Most wordings of a column that are looked up in a list; more are joined.
_LISTED = 1_000


@dataclass(frozen=True)
class Sources:
    """What derivations may draw on besides the row itself."""

    types: Mapping[str, RecordType] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    view: View | None = None


@dataclass(frozen=True)
class Scan:
    """What is counted over: the records of some snapshots, and what their derivations may draw on."""

    type: RecordType
    entries: Sequence[Entry]
    sources: Sources = field(default_factory=Sources)


def inputs(record_type: RecordType, columns: Iterable[str], sources: Sources) -> list[Any]:
    """All that the values of some columns hang on besides the records, as plain data."""
    derivations = needed(record_type, columns)
    used = set(columns) | sources_of(record_type, columns)
    return [
        METHOD,
        record_type.id,
        [list(c) for c in record_type.stored() if c[0] in used],
        [to_plain(d) for d in derivations],
        # Rollups came to be counted in another way later than the rest.
        *(["0 where held"] if any(isinstance(d, Rollup) and d.how == "count" for d in derivations) else []),
        [
            sources.policies[d.policy].plain()
            for d in derivations
            if isinstance(d, FromPolicy) and d.policy in sources.policies
        ],
    ]


def looks_beyond(derivation: Derivation) -> bool:
    """Whether a derivation hangs on other records than the one it is for."""
    return isinstance(derivation, Lookup | Rollup | RepeatWithin)


def basis_of(record_type: RecordType, entry: Entry, reach: Sequence[str], sources: Sources) -> str:
    """The hash of all the records that some derived columns of one snapshot hang on.

    Args:
        record_type: the snapshot's type.
        entry: the snapshot.
        reach: names of the derivations that look beyond the record.
        sources: which other records hold.

    Returns:
        the snapshot's own id where it hangs on nothing else.
    """
    removed = _removed(sources, [entry.snapshot])
    beyond = [_beyond(record_type, d, entry, sources) for d in derivations_of(record_type) if d.name in reach]
    return digest([entry.snapshot, removed, beyond]) if removed or beyond else entry.snapshot


def _beyond(record_type: RecordType, derivation: Derivation, entry: Entry, sources: Sources) -> list[Any]:
    """The other records that one derivation of a snapshot hangs on, as plain data."""
    others = _others(derivation, entry, sources)
    months = sorted([e.month, e.snapshot] for e in others)
    return [derivation.name, digest(months), _removed(sources, [e.snapshot for e in others])]


def _others(derivation: Derivation, entry: Entry, sources: Sources) -> list[Entry]:
    """The other snapshots that one derivation of a snapshot hangs on."""
    if sources.view is None:
        return []
    if isinstance(derivation, RepeatWithin):
        return repeats.before(derivation, entry, sources.view)
    assert isinstance(derivation, Lookup | Rollup)
    return sources.view.of_force(derivation.of, entry.force)


def beyond(
    record_type: RecordType, columns: Iterable[str], entries: Iterable[Entry], sources: Sources
) -> list[Entry]:
    """The other snapshots that some columns of some snapshots hang on."""
    looking = [d for d in needed(record_type, columns) if looks_beyond(d)]
    return list(dict.fromkeys(o for e in entries for d in looking for o in _others(d, e, sources)))


def _removed(sources: Sources, snapshots: Sequence[str]) -> list[list[str]]:
    if sources.view is None or not sources.view.removed:
        return []
    wanted = set(snapshots)
    return [list(r) for r in sources.view.removed if r[0] in wanted]


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


def sources_of(record_type: RecordType, columns: Iterable[str]) -> set[str]:
    """The columns that the derivations under some columns use."""
    supplied = columns_of(record_type)
    return {n for d in needed(record_type, columns) for n in _uses(d, supplied, record_type)}


def _uses(derivation: Derivation, supplied: Mapping[str, Any], record_type: RecordType) -> set[str]:
    if isinstance(derivation, Translation):
        return {derivation.source}
    if isinstance(derivation, SecondsBetween):
        return {derivation.start, derivation.end}
    if isinstance(derivation, Lookup | Rollup):
        return {mine for mine, _ in derivation.on}
    if isinstance(derivation, FromPolicy):
        return {record_type.anchor_date()}
    if isinstance(derivation, RepeatWithin):
        return {*derivation.of, record_type.anchor, record_type.anchor_date()}
    every = set(supplied) | {d.name for d in derivations_of(record_type)}
    return {name for name in every if name in derivation.expression}


def rows_of(root: Path) -> RowsOf:
    """Stored rows as DuckDB reads them from a workspace's packs."""
    return lambda record_type, entries: f"SELECT * FROM ({rows_sql(root, record_type, entries)})"


def layer_sql(
    con: duckdb.DuckDBPyConnection,
    scan: Scan,
    columns: Iterable[str],
    rows: RowsOf,
    wordings: Wordings | None = None,
) -> str:
    """SQL for ``snapshot`` and the columns asked for, over the rows of some snapshots.

    Args:
        con: a connection on which to prove that the keys of lookups are unique.
        scan: the snapshots.
        columns: stored and derived columns.
        rows: gives SQL for the stored rows of snapshots.
        wordings: where given, wordings are looked up on the connection beforehand (and noted there), so that each is
            translated once and found again by the engine's dictionaries; else they are joined, which any engine can.

    Raises:
        UserError: a lookup's key is there twice.
    """
    columns, record_type, view = sorted(columns), scan.type, scan.sources.view
    back = [d for d in needed(record_type, columns) if isinstance(d, RepeatWithin)]
    if not back or view is None:
        return _scan_sql(con, scan, columns, rows(record_type, scan.entries), rows, wordings)
    # What looks back sees the months before as well; they are left out again once it has been worked out.
    asked = {e.snapshot for e in scan.entries}
    more = {
        e.snapshot: e for d in back for one in scan.entries for e in repeats.before(d, one, view) if e.rows
    }
    every = [*scan.entries, *(e for s, e in more.items() if s not in asked)]
    query = _scan_sql(con, scan, columns, rows(record_type, every), rows, wordings)
    if len(every) == len(scan.entries):
        return query
    return f"SELECT * FROM ({query}) AS q WHERE snapshot IN ({texts(sorted(asked))})"


def derived_sql(
    con: duckdb.DuckDBPyConnection,
    record_type: RecordType,
    columns: Iterable[str],
    source: str,
    sources: Sources | None = None,
) -> str:
    """SQL for ``snapshot`` and the columns asked for, over a query that gives the stored columns.

    Only what needs no other records can be worked out so.
    """
    return _scan_sql(con, Scan(record_type, (), sources or Sources()), columns, source, None, None)


def _scan_sql(
    con: duckdb.DuckDBPyConnection,
    scan: Scan,
    columns: Iterable[str],
    source: str,
    rows: RowsOf | None,
    wordings: Wordings | None,
) -> str:
    record_type, sources = scan.type, scan.sources
    names = columns_of(record_type)
    query = source
    for derivation in needed(record_type, columns):
        where = f"{record_type.id}: {derivation.name}"
        if isinstance(derivation, Lookup | Rollup):
            query = _joined(con, derivation, query, sources, where, rows, {e.force for e in scan.entries})
        elif isinstance(derivation, RepeatWithin):
            since = repeats.known_since(derivation, scan.entries, sources.view)
            query = repeats.repeat_sql(record_type, derivation, query, since)
        elif isinstance(derivation, Translation):
            # A query within a query within a query would grow with each translation; most are of stored columns.
            stored = derivation.source in columns_of(record_type)
            query = _translated(
                con, derivation, query, source if stored else query, wordings if stored else None
            )
        else:
            value = _value(derivation, names, record_type, sources, where)
            query = f"SELECT *, {value} AS {quote(derivation.name)} FROM ({query}) AS q"
        names[derivation.name] = name_of(derivation)
    kept = ", ".join(["snapshot", *(quote(c) for c in sorted(columns))])
    return f"SELECT {kept} FROM ({query}) AS q"


def _value(
    derivation: Derivation, names: Mapping[str, Any], record_type: RecordType, sources: Sources, where: str
) -> str:
    if isinstance(derivation, Derived):
        return parse(derivation.expression, names, family_of(derivation.type), where)
    if isinstance(derivation, SecondsBetween):
        return clock.seconds_between_sql(quote(derivation.start), quote(derivation.end))
    if isinstance(derivation, FromPolicy):
        policy = sources.policies.get(derivation.policy)
        return in_force_sql(policy, record_type.anchor_date()) if policy else "CAST(NULL AS BIGINT)"
    raise TypeError(type(derivation).__name__)


def _translated(
    con: duckdb.DuckDBPyConnection,
    translation: Translation,
    query: str,
    holds_wordings: str,
    wordings: Wordings | None,
) -> str:
    """SQL that adds a translation's column: each wording is translated once, and looked up for each row."""
    source, name = quote(translation.source), quote(translation.name)
    different = f"SELECT DISTINCT {source} FROM ({holds_wordings}) AS s"
    table = f"SELECT {source} AS _wording, {translation_sql(translation)} AS {name} FROM ({different}) AS d"
    if wordings is not None:
        if table not in wordings:
            wordings[table] = _found(con, table)
        found = wordings[table]
        if found is not None:
            return f"SELECT *, {_in_list(source, found)} AS {name} FROM ({query}) AS q"
    return f"SELECT q.*, t.{name} FROM ({query}) AS q LEFT JOIN ({table}) AS t ON t._wording = q.{source}"


def _found(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str] | None:
    """Wording -> translation, of the wordings that have one; ``None`` where there are too many wordings."""
    # Those that have none are left out here: a condition would be put under the DISTINCT, and asked of each row.
    found = con.execute(f"{table} LIMIT {_LISTED + 1}").fetchall()
    return None if len(found) > _LISTED else {w: value for w, value in found if value is not None}


def _in_list(source: str, found: Mapping[str, str]) -> str:
    """SQL for what stands in the place in a list at which the column's value stands in another."""
    if not found:
        return "CAST(NULL AS VARCHAR)"
    wordings = sorted(found)
    return (
        f"list_extract([{texts(found[w] for w in wordings)}], list_position([{texts(wordings)}], {source}))"
    )


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
    derivation: Lookup | Rollup,
    query: str,
    sources: Sources,
    where: str,
    rows_of_: RowsOf | None,
    forces: set[str],
) -> str:
    other = sources.types.get(derivation.of)
    if other is None or sources.view is None or rows_of_ is None:
        raise UserError(f"there is no record type {derivation.of}", where, "check the declaration")
    keys = [quote(b) for _, b in derivation.on]
    theirs = ", ".join([quote("force"), *keys])
    # A row without the key is joined to nothing, so it does not matter how many there are.
    known = " AND ".join(["true", *(f"{k} IS NOT NULL" for k in keys)])
    held = [e for force in sorted(forces) for e in sources.view.of_force(other.id, force)]
    theirs_ = rows_of_(other, held)
    rows = f"SELECT * FROM ({theirs_}) AS t WHERE {known}"
    none = "NULL"
    if isinstance(derivation, Lookup):
        _prove_unique(con, rows, theirs, where)
        one = f"SELECT {theirs}, {quote(derivation.take)} AS _taken FROM ({rows}) AS u"
    else:
        what = "count(*)" if derivation.how == "count" else f"{derivation.how}({quote(derivation.take)})"
        one = f"SELECT {theirs}, {what} AS _taken FROM ({rows}) AS u GROUP BY {theirs}"
        if derivation.how == "count":
            none = f"CASE WHEN {_none_is_known(derivation, held)} THEN 0 END"
    same = " AND ".join(f"m.{quote(a)} = o.{quote(b)}" for a, b in (("force", "force"), *derivation.on))
    cast = f"CAST(coalesce(o._taken, {none}) AS {STORED[derivation.type]})"
    return f"SELECT m.*, {cast} AS {quote(derivation.name)} FROM ({query}) m LEFT JOIN ({one}) o ON {same}"


def _none_is_known(rollup: Rollup, held: Sequence[Entry]) -> str:
    """SQL for whether no row of the other type means that there is none: its month is held, and the key not blank."""
    months: dict[str, list[int]] = {}
    for entry in held:
        months.setdefault(entry.force, []).append(entry.month)
    listed = " ".join(
        f"WHEN {text(force)} THEN m.month IN ({', '.join(map(str, sorted(each)))})"
        for force, each in sorted(months.items())
    )
    here = f'CASE m."force" {listed} ELSE false END' if listed else "false"
    return " AND ".join([here, *(f"m.{quote(a)} IS NOT NULL" for a, _ in rollup.on)])


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
