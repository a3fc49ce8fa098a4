"""What was imported behind some figures: the accounts of intakes, and the wordings that nobody knows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpeel.engine.declare.derivations import Translation
from openpeel.engine.declare.records import RecordType
from openpeel.engine.derive.layer import wording_sql
from openpeel.engine.derive.names import derivations_of
from openpeel.engine.intake.generations import Entry
from openpeel.engine.intake.packs import rows_sql
from openpeel.engine.measure.context import Context
from openpeel.engine.sql import text


@dataclass(frozen=True)
class Account:
    """One intake that figures rest on, with its files; file names are without folders."""

    intake: str
    type: str
    known_from: str
    known_from_stated: bool
    recorded_at: str
    scope: str
    files: list[dict[str, Any]]


@dataclass(frozen=True)
class Wording:
    """A wording of a column that no translation knows; its rows count as unknown."""

    column: str
    wording: str
    force: str
    rows: int


def entries_of(context: Context, type_id: str, forces: Iterable[str], months: range) -> list[Entry]:
    """The entries of a type that hold for some forces and months."""
    found = (context.view.get(type_id, force, month) for force in forces for month in months)
    return [e for e in found if e is not None]


def accounts(context: Context, entries: Iterable[Entry]) -> list[Account]:
    """The intakes that brought some entries, oldest first."""
    out = []
    for intake in sorted({e.intake for e in entries}):
        file = context.root / "intake" / intake / "manifest.json"
        data: dict[str, Any] = json.loads(file.read_bytes())
        files = [{**f, "file": Path(f["file"].replace("›", "/")).name.strip()} for f in data["files"]]
        out.append(
            Account(
                intake=intake,
                type=data["type"],
                known_from=data["known_from"],
                known_from_stated=data["known_from_stated"],
                recorded_at=data["recorded_at"],
                scope=data["scope"],
                files=files,
            )
        )
    return out


def unknown_wordings(context: Context, record_type: RecordType, entries: list[Entry]) -> list[Wording]:
    """Wordings in the rows of some entries that a translation does not know."""
    out = []
    seen: set[str] = set()
    for derivation in derivations_of(record_type):
        if not isinstance(derivation, Translation) or derivation.source in seen:
            continue
        seen.add(derivation.source)
        known = ", ".join(text(" ".join(w.lower().split())) for w in derivation.table)
        rows = context.con.execute(
            f"SELECT {wording_sql(derivation.source)} AS w, force, count(*) "
            f"FROM ({rows_sql(context.root, record_type, entries)}) "
            f"WHERE w IS NOT NULL AND w NOT IN ({known}) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        out += [Wording(derivation.source, w, force, n) for w, force, n in rows]
    return out
