"""Writing the returns of the nation's forces: workbooks of the template, filled in from the nation's own records.

A return is sent with the delivery of the records of its months, and counts what they held by then. Numbers that the
records do not give stay blank, which is not known; totals are the sums of the rows above them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from openpeel.engine.clock import last_day, month_number
from openpeel.engine.declare.records import RecordType
from openpeel.sources.demo.focus import FOCUS
from openpeel.sources.demo.nation.build import TABLES, all_columns, columns_of
from openpeel.sources.demo.nation.returned_counts import COUNTED_TYPES, ON, Count, Counted, known
from openpeel.sources.demo.nation.returned_counts import TABLES as COUNTED
from openpeel.sources.demo.nation.supply import Supply, sent_sql
from openpeel.sources.returns.collections import Collection, collections_of
from openpeel.sources.returns.layout import SheetPlan, plan_of
from openpeel.sources.returns.workbook import write_workbook

#: So many forces send returns: Stonemarsh, and then the largest, whose counts are not the smallest numbers alone. Two
#: collections of all 43 would take 13 of the 90 seconds that the whole demo may; these take about 4.
FORCES_WITH_RETURNS = 6

Row = dict[str, object]
#: Force and key -> numbers by column.
_Numbers = dict[tuple[str, ...], Row]


@dataclass(frozen=True)
class SentReturns:
    """The returns of one collection, to be imported by one command.

    Attributes:
        collection: its id.
        folder: where the workbooks lie, each called after its force.
        sent: the day they are known from.
        forces: whose they are.
    """

    collection: str
    folder: Path
    sent: date
    forces: tuple[str, ...]


def write_returns(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    types: Mapping[str, RecordType],
    run: Sequence[Supply],
    progress: Callable[[str], None] = lambda _text: None,
) -> list[SentReturns]:
    """Write the workbooks of every collection that falls inside the nation's months; the same nation gives the same
    bytes.

    Args:
        con: the database in which the nation is built.
        folder: where to; gets a folder for each collection.
        types: the declared record types.
        run: the deliveries of the records.
        progress: called with what is being written.
    """
    first = f"ORDER BY force <> '{FOCUS}', residents DESC, force LIMIT {FORCES_WITH_RETURNS}"
    senders = con.execute(f"SELECT force, name FROM forces {first}").fetchall()
    out = []
    for supply, collection in _inside(run):
        progress(f"returns of {collection.id}")
        _know(con, types, supply, [force for force, _ in senders])
        plans = {force: plan_of(collection, force, types) for force, _ in senders}
        filled = {
            s.name: _filled(con, s, collection) for s in plans[senders[0][0]].sheets if s.type.id in COUNTED
        }
        (folder / collection.id).mkdir(parents=True, exist_ok=True)
        for force, name in senders:
            answers = {sheet: list(rows(force)) for sheet, rows in filled.items()}
            book = write_workbook(plans[force], name, answers)
            (folder / collection.id / f"{force}.xlsx").write_bytes(book)
        forces = tuple(force for force, _ in senders)
        out.append(SentReturns(collection.id, folder / collection.id, supply.sent, forces))
    return out


def _inside(run: Sequence[Supply]) -> Iterator[tuple[Supply, Collection]]:
    """The collections whose months all lie in the nation, each with the delivery that brings their last one."""
    first = month_number(run[0].first.year, run[0].first.number)
    years = range(run[0].first.year - 1, run[-1].last.year + 1)
    for supply in run:
        last = month_number(supply.last.year, supply.last.number)
        yield from ((supply, c) for c in collections_of(years) if first <= c.first and c.last == last)


def _know(
    con: duckdb.DuckDBPyConnection, types: Mapping[str, RecordType], supply: Supply, forces: Sequence[str]
) -> None:
    """Make the views that are counted: all that some forces know at a delivery, whatever they sent when."""
    con.execute("CREATE OR REPLACE TEMP TABLE senders AS SELECT unnest($1::VARCHAR[]) AS force", [forces])
    made = {m.name: m for m in TABLES}
    for id_ in COUNTED_TYPES:
        columns, before = columns_of(con, made[id_], types[id_]), all_columns(con, made[id_])
        sql = sent_sql(made[id_], types[id_], columns, supply, True, before)
        con.execute(
            f"CREATE OR REPLACE TEMP VIEW {known(id_)} AS SELECT * FROM ({sql}) SEMI JOIN senders USING (force)"
        )


def _filled(
    con: duckdb.DuckDBPyConnection, sheet: SheetPlan, collection: Collection
) -> Callable[[str], Iterator[Row]]:
    """A function that gives a force's rows of a sheet."""
    table = COUNTED[sheet.type.id]
    counted = [(c, *_counted(con, c, sheet, last_day(collection.last))) for c in table.counts]

    def rows(force: str) -> Iterator[Row]:
        parts: list[Row] = []
        for key in sheet.rows:
            row: Row = dict(zip(sheet.type.key, key, strict=True))
            if sheet.is_total(key):
                row |= _total(sheet, parts, key)
            else:
                for count, names, numbers, holders in counted:
                    none = {n: count.none.get(n, 0) for n in names} if force in holders else {}
                    row |= numbers.get((force, *key), none)
                row |= _said(table, key)
                parts.append(row)
            yield row

    return rows


def _counted(
    con: duckdb.DuckDBPyConnection, count: Count, sheet: SheetPlan, on: date
) -> tuple[list[str], _Numbers, set[str]]:
    """The names of the columns counted, the numbers, and the forces that have such records at all."""
    found = con.execute(count.sql.replace(ON, f"DATE '{on}'"))
    names = [str(d[0]) for d in found.description or ()]
    key = ["force", *sheet.type.key]
    numbers: _Numbers = {}
    for values in found.fetchall():
        row: dict[str, Any] = dict(zip(names, values, strict=True))
        numbers[tuple(str(row.pop(k)) for k in key)] = row
    holders = con.execute(f"SELECT DISTINCT force FROM {known(count.of)}").fetchall()
    return [n for n in names if n not in key], numbers, {str(r[0]) for r in holders}


def _said(table: Counted, key: tuple[str, ...]) -> Row:
    return {name: value for word in key for name, value in table.said.get(word, {}).items()}


def _total(sheet: SheetPlan, parts: Sequence[Row], key: tuple[str, ...]) -> Row:
    """The sums of the rows that are alike but for the word of the total; one that is not known leaves none."""
    at = {t.column for t in sheet.type.totals}
    others = {n: text for n, text in zip(sheet.type.key, key, strict=True) if n not in at}
    alike = [p for p in parts if all(p[n] == text for n, text in others.items())]
    return {c.name: _sum([p.get(c.name) for p in alike]) for c in sheet.columns[len(key) :]}


def _sum(values: Sequence[object]) -> int | Decimal | None:
    """The sum of numbers; of what does not apply there is nothing to add, and of what is not known nothing to say."""
    numbers = [v for v in values if not isinstance(v, str)]
    if any(v is None for v in numbers):
        return None
    return sum(v for v in numbers if isinstance(v, int | Decimal))
