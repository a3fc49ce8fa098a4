"""Where a record of theirs is that the force's records at hand do not hold: removed, elsewhere, set aside, replaced."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openpeel.engine.check.aside import rows_aside
from openpeel.engine.check.held import known_at
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.generations import Entry
from openpeel.engine.intake.packs import rows_sql
from openpeel.engine.intake.stones import key_hash
from openpeel.engine.measure.context import Context
from openpeel.engine.reconcile.match import THEIR_KEYS, Key, Matching, joined, list_keys

#: Rule and words.
Why = tuple[str, str]


class Elsewhere:
    """Looks for records of one force among all that the workspace knows besides those that hold for it."""

    def __init__(self, context: Context, record_type: RecordType, matching: Matching, force: str) -> None:
        self.context, self.type, self.matching, self.force = context, record_type, matching, force

    def look(self, wanted: Mapping[Key, Key]) -> dict[Key, Why]:
        """Why each record is not held, of those of which that is known.

        Args:
            wanted: what a record is known by -> the same as it stands in their list.
        """
        out: dict[Key, Why] = {}
        for find in (self._removed, self._other_force, self._aside, self._gone, self._replaced):
            left = {k: raw for k, raw in wanted.items() if k not in out}
            if left:
                out |= find(left)
        return out

    def _removed(self, wanted: Mapping[Key, Key]) -> dict[Key, Why]:
        stones = {t.key_hash: t for t in self.context.generation.tombstones if t.key_hash}
        if not stones or not self.matching.is_key:
            return {}
        hashes = {
            k: {key_hash(self.type, self.force, form) for form in (k, raw)} for k, raw in wanted.items()
        }
        return {k: ("lawfully-removed", "lawfully removed") for k, h in hashes.items() if h & stones.keys()}

    def _other_force(self, wanted: Mapping[Key, Key]) -> dict[Key, Why]:
        others = [e for e in self.context.view.of(self.type.id) if e.force != self.force]
        found = self._in_snapshots(wanted, others)
        return {k: ("other-force", f"a record of another force: {force}") for k, force in found}

    def _aside(self, wanted: Mapping[Key, Key]) -> dict[Key, Why]:
        out: dict[Key, Why] = {}
        raws = {raw: k for k, raw in wanted.items()}
        lowered = {tuple(p.lower() for p in raw): k for raw, k in raws.items()}
        for row in rows_aside(self.context.root, self.context.generation, self.context.view):
            if row.type != self.type.id or row.force not in ("", self.force):
                continue
            key = self._named(row.text)
            if key in wanted or key in lowered:
                found = key if key in wanted else lowered[key]
                out.setdefault(found, ("set-aside", f"set aside when it came in: {row.reason}"))
        return out

    def _named(self, text: str) -> Key:
        """What a row that was set aside would be known by, as far as it could be told into columns."""
        try:
            row: Any = json.loads(text)
        except (ValueError, RecursionError):
            return ()
        if not isinstance(row, dict):
            return ()
        return tuple(str(row.get(c) or "").strip().lower() for c in self.matching.columns())

    def _gone(self, wanted: Mapping[Key, Key]) -> dict[Key, Why]:
        if not self.matching.is_key:
            return {}
        as_at = self.context.view.vintage.as_at.isoformat()
        mine = [g for g in self.context.generation.gone if (g.type, g.force) == (self.type.id, self.force)]
        gone = {tuple(p.lower() for p in g.key): g.known_from for g in mine if g.known_from <= as_at}
        return {
            k: ("gone", f"gone, by the force's own supply known from {gone[k]}") for k in wanted if k in gone
        }

    def _replaced(self, wanted: Mapping[Key, Key]) -> dict[Key, Why]:
        view = self.context.view
        current = {e.snapshot for e in view.of(self.type.id) if e.force == self.force}
        rest = [
            e for e in self.context.generation.entries
            if e.type == self.type.id and e.force == self.force and e.snapshot not in current
        ]  # fmt: skip
        before = [e for e in rest if known_at(e, view.vintage)]
        out: dict[Key, Why] = {
            k: ("replaced", "in an earlier supply, which another has taken the place of")
            for k, _ in self._in_snapshots(wanted, before)
        }
        after = [e for e in rest if not known_at(e, view.vintage)]
        later = {
            k: ("known-later", "it came after the day whose knowledge is asked for")
            for k, _ in self._in_snapshots(wanted, after)
        }
        return later | out

    def _in_snapshots(self, wanted: Iterable[Key], entries: Iterable[Entry]) -> Iterator[tuple[Key, str]]:
        held = [e for e in entries if e.rows]
        if not held:
            return
        con = self.context.con
        list_keys(con, wanted)
        key = joined([b.sql for b in self.matching.by])
        rows = rows_sql(self.context.root, self.type, held)
        for found, force in con.execute(
            f"SELECT DISTINCT {key} AS k, force FROM ({rows}) AS r WHERE k IN (SELECT k FROM {THEIR_KEYS}) ORDER BY ALL"
        ).fetchall():
            yield tuple(found.split("\x1f")), force
