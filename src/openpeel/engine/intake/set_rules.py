"""Set rules: whether references of records lead somewhere, and whether what should be unique is.

Nothing is set aside by them: the other record may come with a later supply, and a number that two records
share may be the source's own doing. They are counted, by force, so that somebody can ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from openpeel.engine.connection import connect
from openpeel.engine.declare.records import RecordType, Reference, Unique
from openpeel.engine.intake import generations
from openpeel.engine.intake.generations import Entry, View, Vintage
from openpeel.engine.intake.packs import rows_sql
from openpeel.engine.sql import quote


@dataclass(frozen=True)
class SetRuleCount:
    """How one set rule stands for one force.

    Attributes:
        type, force: whose records.
        rule: the rule in words.
        records: how many records it speaks of: those whose columns are known.
        broken: how many of them break it; ``None`` where it cannot be told, since no record of the other
            type is here for the force.
    """

    type: str
    force: str
    rule: str
    records: int
    broken: int | None


def count_set_rules(
    root: Path,
    types: Mapping[str, RecordType],
    vintage: Vintage,
    only: Iterable[str] = (),
    progress: Callable[[str], None] = lambda _text: None,
) -> list[SetRuleCount]:
    """How every set rule stands, for records as known at a vintage.

    Args:
        root: the workspace.
        types: the record types declared.
        vintage: which knowledge to answer from.
        only: record types to look at; all of them if empty.
        progress: called with each type's title.

    Raises:
        UserError: a generation file cannot be read.
    """
    generation, pin = generations.open_newest(root)
    wanted, out = set(only), list[SetRuleCount]()
    try:
        view = generations.view(generation, vintage)
        with closing(connect()) as con:
            for id_ in sorted({e.type for e in view.current.values()} & set(types)):
                if wanted and id_ not in wanted:
                    continue
                progress(types[id_].title)
                out += _of_type(con, root, types, types[id_], view)
    finally:
        pin.close()
    return out


def _of_type(
    con: duckdb.DuckDBPyConnection,
    root: Path,
    types: Mapping[str, RecordType],
    record_type: RecordType,
    view: View,
) -> list[SetRuleCount]:
    mine = rows_sql(root, record_type, view.of(record_type.id))
    out = []
    for reference in record_type.references:
        entries = view.of(reference.to)
        other = types[reference.to]
        theirs = rows_sql(root, other, entries)
        rule = f"{_words(reference.columns)} leads to {reference.to}"
        found = con.execute(_references_sql(mine, reference, theirs, other)).fetchall()
        out += _counts(record_type.id, rule, found, _forces(entries))
    for unique in record_type.unique:
        rule = f"{_words(unique.columns)} stands on one record"
        out += _counts(record_type.id, rule, con.execute(_unique_sql(mine, unique)).fetchall(), None)
    return out


def _words(columns: Iterable[str]) -> str:
    return " and ".join(columns)


def _forces(entries: Iterable[Entry]) -> set[str]:
    return {e.force for e in entries if e.rows}


def _counts(
    type_: str, rule: str, found: list[tuple[str, int, int]], told: set[str] | None
) -> list[SetRuleCount]:
    """``told`` are the forces of which records of the other type are here; ``None`` if none is needed."""
    return [
        SetRuleCount(type_, force, rule, records, broken if told is None or force in told else None)
        for force, records, broken in found
    ]


def _references_sql(mine: str, reference: Reference, theirs: str, other: RecordType) -> str:
    pairs = zip(reference.columns, other.key, strict=True)
    same = " AND ".join(["m.force = t.force", *(f"m.{quote(a)} = t.{quote(b)}" for a, b in pairs)])
    known = " AND ".join(f"{quote(c)} IS NOT NULL" for c in reference.columns)
    keys = ", ".join(["force", *map(quote, other.key)])
    return (
        f"SELECT m.force, count(*), count(*) FILTER (WHERE t.force IS NULL) "
        f"FROM (SELECT * FROM ({mine}) WHERE {known}) m "
        f"LEFT JOIN (SELECT DISTINCT {keys} FROM ({theirs})) t ON {same} GROUP BY m.force ORDER BY m.force"
    )


def _unique_sql(mine: str, unique: Unique) -> str:
    columns = ", ".join(["force", *map(quote, unique.columns)])
    known = " AND ".join(f"{quote(c)} IS NOT NULL" for c in unique.columns)
    return (
        "SELECT force, CAST(sum(n) AS BIGINT), CAST(sum(n - 1) AS BIGINT) FROM "
        f"(SELECT {columns}, count(*) AS n FROM ({mine}) WHERE {known} GROUP BY {columns}) "
        "GROUP BY force ORDER BY force"
    )
