"""What the rules look at, of the records of some forces: read once, in one query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from openpeel.engine import clock
from openpeel.engine.declare.expressions import parse
from openpeel.engine.declare.measures import (
    AnyMeasure,
    Count,
    Distribution,
    Proportion,
    Rate,
    Reading,
    ShareWithin,
)
from openpeel.engine.declare.records import RecordType, date_of
from openpeel.engine.derive import layer
from openpeel.engine.derive.names import all_names
from openpeel.engine.intake.generations import Entry
from openpeel.engine.measure.context import Context
from openpeel.engine.measure.cubes import NOT_KNOWN
from openpeel.engine.measure.predicates import compile_measure, touched
from openpeel.engine.measure.shown import refuse_hidden
from openpeel.engine.reconcile.conditions import Condition, conditions_of
from openpeel.engine.reconcile.rules import Seen
from openpeel.engine.sql import quote, text
from openpeel.errors import UserError

#: The measures whose records can be held against others one by one.
Held = Count | Rate | Proportion | Distribution | ShareWithin
#: Stands for the anchor date as a moment in UTC.
UTC = "utc"
#: A date by which a period could be taken is known of at least so many of a force's records.
_KNOWN = 0.5


@dataclass(frozen=True)
class Flags:
    """How a measure's records are told apart.

    Attributes:
        measure, type: what is counted, and of which records.
        conditions: the parts of ``where`` that must all hold.
        answers: reading -> SQL for the answer.
        dates: name -> SQL for a local date by which a period could be taken; blank is the anchor date.
        breakdowns: columns whose categories are told.
    """

    measure: Held
    type: RecordType
    conditions: tuple[Condition, ...]
    answers: Mapping[str, str]
    dates: Mapping[str, str]
    breakdowns: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = field(default=())

    def reading(self, named: str | None) -> str:
        """The reading under which a figure stands; blank where it takes the measure's own answers."""
        return named if named in self.answers and named else ""

    def columns(self) -> list[str]:
        """The columns that have to be at hand, but for those by which a record is named."""
        names = all_names(self.type)
        expressions = [*(c.sql for c in self.conditions), *self.answers.values(), *self.dates.values()]
        # All that was supplied but the key: two records alike in these are copies.
        supplied = {n for n, _ in self.type.stored() if n not in self.type.key}
        return sorted({*touched(expressions, names), *self.breakdowns, *supplied})


def flags_of(context: Context, measure: AnyMeasure, breakdowns: Iterable[str] = ()) -> Flags:
    """How a measure's records are told apart.

    Raises:
        UserError: the measure is of a kind whose records cannot be held against others one by one, or nothing is
            ever counted by a breakdown.
    """
    if not isinstance(measure, Held):
        raise UserError(
            "is no count, rate or share of records, and only these can be held against others so far",
            measure.id, "hold the count or share behind it against theirs",
        )  # fmt: skip
    record_type = context.catalogue.types[measure.of]
    names = all_names(record_type)
    cuts = list(
        dict.fromkeys([*breakdowns, *([measure.across] if isinstance(measure, Distribution) else [])])
    )
    for cut in cuts:
        refuse_hidden(record_type, cut, measure.id)
    where = parse(measure.where, names, "boolean", f"{measure.id}: where") if measure.where else ""
    bare = compile_measure(replace(measure, where=""), record_type, as_at=context.view.vintage.as_at)
    readings = measure.readings if isinstance(measure, Proportion) else ()
    suffixes = {"": "", **{r.id: f":{r.id}" for r in readings}}
    answers = {reading: _answer(bare.counts, suffix) for reading, suffix in suffixes.items()}
    return Flags(
        measure, record_type, conditions_of(where), answers, _dates(record_type), tuple(cuts), readings
    )


def _answer(counted: Mapping[str, str], suffix: str) -> str:
    if f"met{suffix}" not in counted:
        return "'yes'"
    said = {"yes": "met", "no": "known", "unknown": "unknown"}
    cases = " ".join(f"WHEN {counted[what + suffix]} THEN {text(a)}" for a, what in said.items())
    return f"CASE {cases} ELSE 'none' END"


def _dates(record_type: RecordType) -> dict[str, str]:
    """The dates by which somebody could take the period: the anchor's, its day in UTC, and every other one."""
    out = {"": quote(record_type.anchor_date())}
    if record_type.column(record_type.anchor).type == "instant":
        anchor = quote(record_type.anchor)
        # A day alone has no moment, and is the same day by every clock.
        out[UTC] = f"coalesce(CAST({anchor} AS DATE), {out['']})"
    for column in record_type.columns:
        if column.name != record_type.anchor and column.type in ("date", "instant"):
            out[column.name] = quote(date_of(column.name) if column.type == "instant" else column.name)
    return {n: sql for n, sql in out.items() if n in ("", UTC) or _may_date(record_type, n)}


def _may_date(record_type: RecordType, name: str) -> bool:
    return record_type.column(name).personal == "none"


class Rows:
    """The records of some snapshots with their flags, in a temporary table.

    Args:
        context: the opened workspace.
        flags: what is told of them.
        entries: the snapshots.
        keys: SQL by which records are named besides, name -> expression over supplied columns.
        table: the table's name.
    """

    def __init__(
        self,
        context: Context,
        flags: Flags,
        entries: Sequence[Entry],
        keys: Mapping[str, str] | None = None,
        table: str = "reconciled",
    ) -> None:
        self.con, self.flags, self.table, self.keys = context.con, flags, table, dict(keys or {})
        own = [n for n, _ in flags.type.stored()]
        wanted = {*flags.columns(), *flags.type.key, *touched(self.keys.values(), own)}
        wanted |= {"force", "month", "row_hash", "occurrence"}
        scan = layer.Scan(flags.type, [e for e in entries if e.rows], context.sources())
        rows = layer.layer_sql(self.con, scan, wanted, layer.rows_of(context.root))
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {quote(table)} AS {self._flagged(rows)}")

    def _flagged(self, rows: str) -> str:
        flags, own = self.flags, [quote(n) for n, _ in self.flags.type.stored()]
        alike = ", ".join(c for c in own if c not in map(quote, flags.type.key))
        parts = [
            "force AS _force", "month AS _month", "row_hash || '#' || occurrence AS _id",
            *(f"CAST({sql} AS DATE) AS {quote('d_' + n)}" for n, sql in flags.dates.items()),
            *(f"({c.sql}) AS {quote(f'c_{place}')}" for place, c in enumerate(flags.conditions)),
            *(f"{sql} AS {quote('a_' + n)}" for n, sql in flags.answers.items()),
            *(f"coalesce(CAST({quote(b)} AS VARCHAR), {text(NOT_KNOWN)}) AS {quote('b_' + b)}"
              for b in flags.breakdowns),
            *(f"{sql} AS {quote('k_' + n)}" for n, sql in self.keys.items()),
            f"row_number() OVER (PARTITION BY {alike} ORDER BY month, row_hash, occurrence) > 1 AS _copy",
        ]  # fmt: skip
        return f"WITH r AS MATERIALIZED ({rows}) SELECT {', '.join(parts)} FROM r"

    def dated_by(self) -> list[str]:
        """The dates that are known of enough records to be what a period is taken by; the anchor's first."""
        names = list(self.flags.dates)
        counted = ", ".join(f"count({quote('d_' + n)})" for n in names)
        found = self.con.execute(f"SELECT count(*), {counted} FROM {quote(self.table)}").fetchone() or ()
        total, known = found[0], dict(zip(names, found[1:], strict=True))
        return [n for n in names if n in ("", UTC) or (total and known[n] >= _KNOWN * total)]

    def cells(self, dates: Sequence[str]) -> dict[str, Counter[Seen]]:
        """Force -> what is seen -> how many records are alike in it."""
        months = [clock.month_sql(quote("d_" + n)) for n in dates]
        named = [f"{sql} AS {quote('m_' + n)}" for n, sql in zip(dates, months, strict=True)]
        out: dict[str, Counter[Seen]] = {}
        told = ", ".join(["_force", *named, *self._told()])
        found = self.con.execute(f"SELECT {told}, count(*) AS n FROM {quote(self.table)} GROUP BY ALL")
        names = [d[0] for d in found.description or []]
        for row in found.fetchall():
            given = dict(zip(names, row, strict=True))
            out.setdefault(given["_force"], Counter())[self.seen(given, dates)] += given["n"]
        return out

    def rows(self, dates: Sequence[str], where: str = "true") -> Iterable[dict[str, Any]]:
        """Each record with all that is told of it; ``seen`` is what the rules look at."""
        named = [f"{clock.month_sql(quote('d_' + n))} AS {quote('m_' + n)}" for n in dates]
        found = self.con.execute(
            f"SELECT {', '.join([*named, '*'])} FROM {quote(self.table)} WHERE {where} ORDER BY _month, _id"
        )
        names = [d[0] for d in found.description or []]
        while row := found.fetchone():
            given = dict(zip(names, row, strict=True))
            yield given | {"seen": self.seen(given, dates)}

    def within(self, dates: Sequence[str], months: tuple[int, int]) -> str:
        """A condition for the records that fall into some months by one of the dates."""
        first, last = clock.first_day(months[0]), clock.last_day(months[1])
        return " OR ".join(f"{quote('d_' + n)} BETWEEN DATE '{first}' AND DATE '{last}'" for n in dates)

    def _told(self) -> list[str]:
        flags = self.flags
        told = [
            *(f"c_{place}" for place, _ in enumerate(flags.conditions)),
            *("a_" + n for n in flags.answers),
        ]
        return [quote(n) for n in (*told, *("b_" + b for b in flags.breakdowns), "_copy")]

    def seen(self, given: Mapping[str, Any], dates: Sequence[str]) -> Seen:
        """What the rules look at."""
        flags = self.flags
        return Seen(
            months=_Frozen({n: given["m_" + n] for n in dates}),
            conditions=tuple(given[f"c_{place}"] for place, _ in enumerate(flags.conditions)),
            answers=_Frozen({n: given["a_" + n] for n in flags.answers}),
            categories=_Frozen({b: given["b_" + b] for b in flags.breakdowns}),
            copy=given["_copy"],
        )


class _Frozen(dict[str, Any]):
    """A small table that is never changed, and can be counted by."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))
