"""The records of one type as the checks see them: brought together once, then asked many things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

import duckdb

from openpeel.engine import clock
from openpeel.engine.check.doubt import Doubt, Severity
from openpeel.engine.check.rhythm import half, middle_of, without_edges
from openpeel.engine.check.settings import CheckSettings
from openpeel.engine.declare.records import COUNTS, Column, RecordType
from openpeel.engine.intake.generations import Entry, Generation, View, Vintage
from openpeel.engine.intake.packs import rows_sql
from openpeel.engine.sql import quote, text

#: Where the records of the type at hand are, and the keys that others refer to.
TABLE, _COPY = "checked", "copied"
#: Up to so many records are copied into memory; more are read from their files each time.
_COPIED = 3_000_000
#: A share of all records that is next to none.
_FEW = 0.02
#: Records have begun with the month that holds this share of one of those in which half of them lie.
_BEGUN = 0.4
#: With less than this share of their ordinary records all other forces have next to none.
_FULL = 0.25
#: Records a month of all other forces from which on a month without any of them says something.
_TELLS = 3
#: What stands between the parts of a key that has several.
BETWEEN = " | "


@dataclass(frozen=True)
class Supplied:
    """When the records of a force and month first came: the day, and whether it was stated."""

    day: str
    stated: bool


@dataclass(frozen=True)
class Store:
    """What all checks share: the workspace, the records that hold, and the settings.

    ``months`` are the first and last month of the collection, if the check is of one.
    """

    con: duckdb.DuckDBPyConnection
    root: Path
    types: Mapping[str, RecordType]
    view: View
    generation: Generation
    settings: CheckSettings
    months: tuple[int, int] | None = None
    made: set[str] = field(default_factory=set)

    def hold(self, record_type: RecordType) -> Held:
        """Bring the records of a type together, in place of those of the one before."""
        entries = self.entries_of(record_type.id)
        rows = rows_sql(self.root, record_type, entries)
        copied = sum(e.rows for e in entries) <= _COPIED
        # Handing a few thousand rows from thread to thread takes longer than going through them.
        self.con.execute("SET threads = 1" if copied else "RESET threads")
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {_COPY} AS {rows if copied else 'SELECT 1'}")
        source = f"SELECT * FROM {_COPY}" if copied else rows
        self.con.execute(f"CREATE OR REPLACE TEMP VIEW {TABLE} AS {source}")
        return Held(self, record_type, entries, copied)

    def keys_of(self, record_type: RecordType) -> str:
        """Name of a table of the keys of a type, one row each with its force; made at the first call."""
        name = quote(f"keys of {record_type.id}")
        if record_type.id not in self.made:
            keys = ", ".join(["force", *map(quote, record_type.key)])
            rows = rows_sql(self.root, record_type, self.entries_of(record_type.id), keys)
            self.con.execute(f"CREATE TEMP TABLE {name} AS SELECT DISTINCT {keys} FROM ({rows})")
            self.made.add(record_type.id)
        return name

    @cached_property
    def _entries(self) -> dict[str, list[Entry]]:
        out: dict[str, list[Entry]] = {}
        for entry in self.view.current.values():
            out.setdefault(entry.type, []).append(entry)
        return out

    def entries_of(self, record_type: str) -> list[Entry]:
        """The entries of one record type."""
        return self._entries.get(record_type, [])

    @cached_property
    def first_supplied(self) -> dict[str, dict[tuple[str, int], Supplied]]:
        """Record type -> force and month -> when records of it first came."""
        out: dict[str, dict[tuple[str, int], Supplied]] = {}
        for entry in self.generation.entries:
            if known_at(entry, self.view.vintage):
                places = out.setdefault(entry.type, {})
                before = places.get((entry.force, entry.month))
                if before is None or entry.known_from < before.day:
                    places[entry.force, entry.month] = Supplied(entry.known_from, entry.supplied)
        return out

    def forces_of(self, record_type: str) -> set[str]:
        """The forces of which records of a type are here."""
        return {e.force for e in self.entries_of(record_type) if e.rows}


@dataclass(frozen=True)
class Held:
    """The records of one type, in the table ``checked``; ``copied`` unless there are millions of them."""

    store: Store
    type: RecordType
    entries: list[Entry]
    copied: bool = True

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """The connection that holds them."""
        return self.store.con

    @property
    def settings(self) -> CheckSettings:
        """The thresholds."""
        return self.store.settings

    @property
    def is_count(self) -> bool:
        """Whether its rows are totals, and not single events or things."""
        return self.type.kind in COUNTS

    @cached_property
    def counts(self) -> dict[str, dict[int, int]]:
        """Force -> month -> number of records, for every month that was supplied."""
        out: dict[str, dict[int, int]] = {}
        for entry in sorted(self.entries, key=lambda e: (e.force, e.month)):
            out.setdefault(entry.force, {})[entry.month] = entry.rows
        return out

    @cached_property
    def bulk(self) -> tuple[int, int] | None:
        """First and last month in which the bulk of the records of all forces lies.

        A slip of the pen puts a record into 1924; the months between are not missing for that. Nor are the
        records of earlier years all of that time, where a supply holds those alone that were still open.
        """
        total = self.totals
        bulk = without_edges(sorted(total.items()), sum(total.values()) * _FEW)
        if not bulk:
            return None
        full = _BEGUN * half(total[m] for m in bulk)
        return next(m for m in bulk if total[m] >= full), bulk[-1]

    @cached_property
    def totals(self) -> dict[int, int]:
        """Month -> number of records of all forces."""
        out: dict[int, int] = {}
        for months in self.counts.values():
            for month, rows in months.items():
                out[month] = out.get(month, 0) + rows
        return out

    @cached_property
    def at_once(self) -> float:
        """How many records of a month lead to the same event, as a record sees it: the most of all references.

        The steps of an incident, and the exhibits of a crime, are not so many independent records. It is what half
        of the records see at most in their months, so that one spoilt month does not say it.
        """
        out = 1.0
        for reference in self.type.references:
            if self.store.types[reference.to].kind == "event" and reference.to != self.type.id:
                one = quote(reference.columns[-1])
                named = ", ".join(map(quote, reference.columns))
                found = self.con.execute(
                    f"SELECT sum(CASE WHEN {one} IS NULL THEN n ELSE n * n END) / sum(n), sum(n) FROM (SELECT force, "
                    f"month, {named}, count(*) AS n FROM {TABLE} GROUP BY ALL) GROUP BY force, month ORDER BY 1"
                ).fetchall()
                out = max(out, middle_of(found))
        return out

    def common_gap(self, force: str, month: int) -> bool:
        """Whether the other forces, all together, have hardly a record in a month either: it is the type's rhythm."""
        first, last = self.looked_at
        months = range(first, last + 1)
        own = self.counts.get(force, {})
        others = [self.totals.get(m, 0) - own.get(m, 0) for m in months]
        now = self.totals.get(month, 0) - own.get(month, 0)
        usual = sum(others) / max(1, len(others))
        enough = usual >= _TELLS or len(self.counts) > self.settings.month_peers
        return enough and now < _FULL * usual

    @property
    def window(self) -> tuple[int, int] | None:
        """First and last month in which records are expected: the collection's, else the bulk."""
        return self.store.months or self.bulk

    @cached_property
    def looked_at(self) -> tuple[int, int]:
        """First and last month that are looked at, the earlier ones to hold the others against."""
        spans = [s for s in (self.bulk, self.store.months) if s]
        return (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else (0, -1)

    @cached_property
    def first_supplied(self) -> dict[tuple[str, int], Supplied]:
        """Force and month -> when records of it first came."""
        return self.store.first_supplied.get(self.type.id, {})

    def series(self, force: str) -> dict[int, int]:
        """Month -> number of records of a force, within the months looked at."""
        return self._series.get(force, {})

    @cached_property
    def _series(self) -> dict[str, dict[int, int]]:
        first, last = self.looked_at
        return {f: {m: n for m, n in c.items() if first <= m <= last} for f, c in self.counts.items()}

    @cached_property
    def lasts(self) -> list[int]:
        """The last month with a record of each force, in order."""
        return sorted(max((m for m, n in s.items() if n), default=0) for s in self._series.values())

    @cached_property
    def scopes(self) -> set[str]:
        """What the supplies that hold stood for."""
        return {e.scope for e in self.entries}

    def asked(self, month: int) -> bool:
        """Whether a doubt about a month is asked for: it is one of the collection's, if there is one."""
        return self.store.months is None or self.store.months[0] <= month <= self.store.months[1]

    def asked_sql(self) -> str:
        """The same as a condition."""
        months = self.store.months
        return f"month BETWEEN {months[0]} AND {months[1]}" if months else "true"

    def key_sql(self, prefix: str = "") -> str:
        """SQL for the text by which a record is named: its key, else row hash and running number."""
        own = f"{prefix}row_hash || '#' || {prefix}occurrence"
        if not self.type.key:
            return own
        parts = ", ".join(f"CAST({prefix}{quote(k)} AS VARCHAR)" for k in self.type.key)
        named = f"concat_ws({text(BETWEEN)}, {parts})"
        if not self.type.key_may_be_blank:
            return named
        return f"CASE WHEN {prefix}{quote(self.type.key[0])} IS NULL THEN {own} ELSE {named} END"

    def kept(self) -> list[Column]:
        """The columns that a snapshot holds."""
        return [c for c in self.type.columns if c.personal != "identity"]

    def told(
        self, check: str, severity: Severity, force: str, subject: str, rows: Iterable[str], text_: str
    ) -> Doubt:
        """A doubt about single records."""
        found = tuple(sorted(set(rows)))
        return Doubt(
            check, force, self.type.id, self.store.months, severity, subject, len(found), found, text_
        )

    def told_months(
        self,
        check: str,
        severity: Severity,
        force: str,
        months: tuple[int, int],
        subject: str,
        text_: str,
        count: int = 1,
        rows: Iterable[str] = (),
    ) -> Doubt:
        """A doubt about the whole of some months."""
        return Doubt(
            check, force, self.type.id, months, severity, subject, count, tuple(sorted(set(rows))), text_
        )


def known_at(entry: Entry, vintage: Vintage) -> bool:
    """Whether a snapshot was known at a vintage, whatever has taken its place since."""
    if entry.known_from > vintage.as_at.isoformat():
        return False
    return vintage.recorded_by is None or datetime.fromisoformat(entry.recorded_at) <= vintage.recorded_by


def records(count: int) -> str:
    """So many records, for people."""
    return "1 record" if count == 1 else f"{count} records"


def runs(months: Iterable[int]) -> list[tuple[int, int]]:
    """Months that follow each other, as first and last."""
    out: list[tuple[int, int]] = []
    for month in sorted(months):
        if out and out[-1][1] == month - 1:
            out[-1] = (out[-1][0], month)
        else:
            out.append((month, month))
    return out


def spoken(months: tuple[int, int]) -> str:
    """Months for people: ``2024-04`` or ``2024-04 to 2024-06``."""
    first, last = map(clock.month_text, months)
    return first if first == last else f"{first} to {last}"
