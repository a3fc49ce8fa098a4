"""Finding what a lawful removal takes out: a record by its key or row, or everything of one person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from openpeel.engine.connection import connect
from openpeel.engine.declare.records import RecordType
from openpeel.engine.identity.keys import Keyring, pseudonym
from openpeel.engine.identity.store import SealedStore, subject
from openpeel.engine.intake import generations
from openpeel.engine.intake.compact import Plan, Removal, copies_of, remove_planned
from openpeel.engine.intake.generations import Entry, Generation
from openpeel.engine.intake.packs import rows_sql
from openpeel.engine.intake.scrub import Copies, scrub
from openpeel.engine.sql import quote
from openpeel.errors import UserError


@dataclass
class Outcome:
    """What left, or would leave.

    Attributes:
        rows: record type -> rows, of every vintage.
        copies: copies among the rows set aside.
        sealed: rows of sealed identities.
    """

    rows: dict[str, int] = field(default_factory=dict)
    copies: int = 0
    sealed: int = 0

    def nothing(self) -> bool:
        """Whether nothing was found."""
        return not (any(self.rows.values()) or self.copies or self.sealed)


@dataclass
class Found:
    """What is to leave: the plan for rows, and whose sealed identities, of which type (blank: of any)."""

    plan: Plan
    sealed: list[tuple[str, set[str]]] = field(default_factory=list)


#: Finds what is to leave in a generation.
Finder = Callable[[duckdb.DuckDBPyConnection, Generation], Found]


class Removals:
    """Lawful removal of what one force holds.

    Args:
        root: the workspace.
        force: the force.
        keyring: the workspace's keys.
    """

    def __init__(self, root: Path, force: str, keyring: Keyring) -> None:
        self.root, self.force, self.keyring = root, force, keyring
        self.store = SealedStore(root, keyring)

    def by_key(self, record_type: RecordType, key: Sequence[str]) -> Finder:
        """Everything of the record with this key, of whatever vintage.

        Args:
            record_type: its type.
            key: the parts of its key, in the type's order, as the force writes them; a number that
                pseudonyms stand for is hashed.

        Raises:
            UserError: the type has no key, a part is missing or blank, or the key of the force is not at hand.
        """
        names = ", ".join(record_type.key)
        if not record_type.key:
            raise UserError("has no key", record_type.id, "name its row with --row-hash")
        if len(key) != len(record_type.key) or not all(k.strip() for k in key):
            raise UserError(f"its key is {names}", record_type.id, "give each part with --key, in this order")
        parts = [self._as_kept(record_type, n, k.strip()) for n, k in zip(record_type.key, key, strict=True)]
        stored = dict(record_type.stored())

        def find(con: duckdb.DuckDBPyConnection, before: Generation) -> Found:
            typed = [
                _typed(con, record_type.id, n, stored[n], p)
                for n, p in zip(record_type.key, parts, strict=True)
            ]
            where = " AND ".join(f"{quote(n)} = ?" for n in record_type.key)
            rows = self._rows(con, record_type, before, where, typed)
            copies = Copies(record_type.id)
            texts = con.execute(f"SELECT {', '.join('CAST(? AS VARCHAR)' for _ in typed)}", typed).fetchall()
            copies.add(self.force, record_type.key, texts)
            return self._found(con, before, [(record_type, rows)], [copies])

        return find

    def by_row(self, record_type: RecordType, row_hash: str) -> Finder:
        """Every row with this hash, of whatever vintage; for rows without a key.

        Raises:
            UserError: it is no row hash.
        """
        if len(row_hash) != 64 or not set(row_hash) <= set("0123456789abcdef"):
            raise UserError("is not a row hash", "--row-hash", "give all 64 figures of it")

        def find(con: duckdb.DuckDBPyConnection, before: Generation) -> Found:
            rows = self._rows(con, record_type, before, "row_hash = ?", [row_hash])
            if rows and record_type.key and self._keyed(con, record_type, before, rows):
                raise UserError(
                    f"the row has a key ({', '.join(record_type.key)})",
                    record_type.id,
                    "name the record with --key, so that every vintage of it leaves",
                )
            return self._found(con, before, [(record_type, rows)], [])

        return find

    def by_person(self, types: Mapping[str, RecordType], number: str, stands_for: str = "person") -> Finder:
        """Everything the force holds under one person's pseudonym: rows of every type, sealed identities.

        Args:
            types: every declared record type.
            number: the person's number, as the force writes it.
            stands_for: what the columns looked at stand for.

        Raises:
            UserError: the number is blank, or the key of the force is not at hand.
        """
        if not number.strip():
            raise UserError(
                "the number is blank", "--person", "give the number the force knows the person by"
            )
        hashed = self._pseudonym(stands_for, number)

        def find(con: duckdb.DuckDBPyConnection, before: Generation) -> Found:
            rows, copies = [], []
            for record_type in _declared(types, before, self.force):
                columns = [
                    c.name
                    for c in record_type.columns
                    if c.personal == "pseudonym" and c.stands_for == stands_for
                ]
                if not columns:
                    continue
                where = " OR ".join(f"{quote(c)} = ?" for c in columns)
                rows.append(
                    (record_type, self._rows(con, record_type, before, where, [hashed] * len(columns)))
                )
                mine = Copies(record_type.id)
                for column in columns:
                    mine.add(self.force, (column,), [(hashed,)])
                copies.append(mine)
            found = self._found(con, before, rows, copies)
            found.sealed.append(("", {hashed}))
            return found

        return find

    def look(self, find: Finder) -> Outcome:
        """What would leave."""
        before, pin = generations.open_newest(self.root)
        try:
            with closing(connect()) as con:
                found = find(con, before)
                outcome = Outcome({t.id: self._count(con, before, t, r) for t, r in found.plan.rows if r})
                outcome.copies = scrub(self.root, copies_of(con, self.root, before, found.plan), write=False)
                outcome.sealed = self._sealed(found, self.store.held)
        finally:
            pin.close()
        return outcome

    def remove(self, find: Finder, reason: str, authority: str) -> Outcome:
        """Remove it, all or nothing.

        Raises:
            UserError: reason or authority is empty, or a sealed file cannot be opened; nothing has left then.
        """
        outcome = Outcome()

        def plan(con: duckdb.DuckDBPyConnection, before: Generation) -> Plan:
            found = find(con, before)
            self._sealed(
                found, self.store.held
            )  # a file that cannot be opened is seen before anything leaves

            def first() -> None:
                outcome.sealed = self._sealed(found, self.store.remove)

            found.plan.first = first
            return found.plan

        removed = remove_planned(self.root, plan, reason, authority)
        outcome.rows, outcome.copies = removed.rows, removed.copies
        return outcome

    def _sealed(self, found: Found, do: Callable[[str, set[str], str], int]) -> int:
        of_any_type = {p for type_, pseudonyms in found.sealed if not type_ for p in pseudonyms}
        total = do(self.force, of_any_type, "")
        for type_, pseudonyms in found.sealed:
            if type_:
                total += do(self.force, pseudonyms - of_any_type, type_)
        return total

    def _as_kept(self, record_type: RecordType, name: str, value: str) -> str:
        column = record_type.column(name)
        return self._pseudonym(column.stands_for, value) if column.personal == "pseudonym" else value

    def _pseudonym(self, stands_for: str, number: str) -> str:
        if self.force not in self.keyring.forces():
            return "-"  # nothing of the force carries a pseudonym, so nothing is found
        return pseudonym(self.keyring.keys(self.force, make=False), stands_for, number)

    def _entries(self, record_type: RecordType, before: Generation) -> list[Entry]:
        return [e for e in before.entries if e.type == record_type.id and e.force == self.force]

    def _rows(
        self,
        con: duckdb.DuckDBPyConnection,
        record_type: RecordType,
        before: Generation,
        where: str,
        values: Sequence[Any],
    ) -> list[Removal]:
        rows = rows_sql(self.root, record_type, self._entries(record_type, before))
        found = con.execute(
            f"SELECT DISTINCT snapshot, row_hash FROM ({rows}) WHERE force = ? AND ({where}) ORDER BY ALL",
            [self.force, *values],
        ).fetchall()
        return [Removal(*r) for r in found]

    def _keyed(
        self, con: duckdb.DuckDBPyConnection, record_type: RecordType, before: Generation, rows: list[Removal]
    ) -> bool:
        known = " AND ".join(f"{quote(k)} IS NOT NULL" for k in record_type.key)
        return bool(self._rows(con, record_type, before, f"row_hash = ? AND {known}", [rows[0].row_hash]))

    def _count(
        self,
        con: duckdb.DuckDBPyConnection,
        before: Generation,
        record_type: RecordType,
        rows: Sequence[Removal],
    ) -> int:
        """How many rows some removals are: equal rows of a keyless type have one hash."""
        source = rows_sql(self.root, record_type, self._entries(record_type, before))
        pairs = [[r.snapshot for r in rows], [r.row_hash for r in rows]]
        found = con.execute(
            f"SELECT count(*) FROM ({source}) WHERE (snapshot, row_hash) IN (SELECT (unnest(?), unnest(?)))",
            pairs,
        ).fetchall()
        return int(found[0][0])

    def _found(
        self,
        con: duckdb.DuckDBPyConnection,
        before: Generation,
        rows: list[tuple[RecordType, list[Removal]]],
        copies: list[Copies],
    ) -> Found:
        """The plan, and the sealed identities of the rows that leave."""
        found = Found(Plan([(t, r) for t, r in rows], copies))
        for record_type, removals in rows:
            if removals and record_type.identities():
                column = quote(subject(record_type).name)
                source = rows_sql(self.root, record_type, self._entries(record_type, before))
                hashes = sorted({r.row_hash for r in removals})
                whose = con.execute(
                    f"SELECT DISTINCT {column} FROM ({source}) "
                    f"WHERE row_hash IN (SELECT unnest(?)) AND {column} IS NOT NULL",
                    [hashes],
                ).fetchall()
                found.sealed.append((record_type.id, {w for (w,) in whose}))
        return found


def _declared(types: Mapping[str, RecordType], before: Generation, force: str) -> list[RecordType]:
    """The types a force holds records of; one whose declaration is gone cannot be looked through."""
    held = sorted({e.type for e in before.entries if e.force == force})
    if lost := [t for t in held if t not in types]:
        raise UserError(
            "records of it are here and its declaration is not",
            lost[0],
            "bring the declaration back to local/",
        )
    return [types[t] for t in held]


def _typed(con: duckdb.DuckDBPyConnection, where: str, name: str, stored: str, value: str) -> Any:
    """A part of a key as it is stored."""
    row = con.execute(f"SELECT TRY_CAST(? AS {stored})", [value]).fetchone()
    if row is None or row[0] is None:
        raise UserError(f"--key: {name} cannot be read", where, "write it as in the records")
    return row[0]
