"""A keyed record type for tests, and hand-made supplies of it: what ``import extract`` will bring later.

A row is ``id: (reported, attended, grade)``: local times as text; attended and grade may be blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from openpeel.engine import clock
from openpeel.engine.connection import connect
from openpeel.engine.declare.derivations import SecondsBetween
from openpeel.engine.declare.records import Column, RecordType
from openpeel.engine.intake import generations
from openpeel.engine.intake.commit import Intake, take_in
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.intake.mapping import Mapping, Part, Scope
from openpeel.engine.intake.packs import rows_sql, true_ids
from openpeel.engine.intake.supply import Deletion

INCIDENT = RecordType(
    id="test.incident",
    title="Incidents",
    kind="event",
    anchor="reported_at",
    key=("incident_id",),
    columns=(
        Column("incident_id", "text", "Number of the incident.", True),
        Column("reported_at", "instant", "When it was reported.", True),
        Column("attended_at", "instant", "When somebody was there."),
        Column("grade", "text", "How urgent it was."),
    ),
    derived=(SecondsBetween("seconds_to_attend", "reported_at", "attended_at", "Time to attend."),),
)
COLUMNS = ["incident_id", "reported_at", "attended_at", "grade"]
FORCE = "kent"

Row = tuple[str, str, str, str]


def mapping(scope: Scope, record_type: RecordType = INCIDENT) -> Mapping:
    return Mapping(record_type, {c.name: (c.name,) for c in record_type.columns}, (), scope, "local")


def incident(id_: str, reported: str = "2023-01-10", attended: str = "", grade: str = "") -> Row:
    """One row; a day stands for noon on it."""
    at = f"{reported} 12:00:00" if len(reported) == 10 else reported
    return (id_, at, attended, grade)


def part(
    rows: Sequence[Sequence[str]],
    months: str = "",
    force: str = FORCE,
    label: str = "hand-made",
    columns: Sequence[str] = COLUMNS,
) -> Part:
    """A file of some rows; ``months`` as ``2023-01`` or ``2023-01..2023-03``, blank for any."""
    first, last = clock.parse_months(months) if months else (None, None)
    table = pa.table({c: pa.array([r[i] for r in rows], pa.string()) for i, c in enumerate(columns)})
    numbers = pa.array(range(1, len(rows) + 1), pa.int64())
    return Part(label, "0" * 64, len(rows), force, first, last, table, numbers)


def complete(root: Path, months: str, *rows: Row, supplied: str = "", force: str = FORCE) -> Intake:
    """Supply all incidents of some months."""
    day = date.fromisoformat(supplied) if supplied else None
    return take_in(root, mapping("complete"), [part(rows, months, force)], supplied=day)


def changes(
    root: Path, *rows: Row, supplied: str = "", gone: Sequence[str] = (), force: str = FORCE
) -> Intake:
    """Supply incidents that are new or changed, and numbers of those that are gone."""
    day = date.fromisoformat(supplied) if supplied else None
    deletions = [Deletion(force, (g,)) for g in gone]
    parts = [part(rows, "", force)] if rows else []
    return take_in(root, mapping("changes"), parts, deletions=deletions, supplied=day)


def known(
    root: Path, as_at: str = "2999-01-01", record_type: RecordType = INCIDENT
) -> dict[str, tuple[str, str]]:
    """What was known on a day: number of the incident -> month and grade. Fails if one is there twice."""
    view = generations.view(generations.newest(root), Vintage(date.fromisoformat(as_at)))
    con = connect()
    rows = con.execute(
        f"SELECT incident_id, month, coalesce(grade, '') FROM ({rows_sql(root, record_type, view.of(record_type.id))})"
    ).fetchall()
    con.close()
    out = {id_: (clock.month_text(month), grade) for id_, month, grade in rows}
    assert len(out) == len(rows), "an incident is there twice"
    return out


def months_held(root: Path, record_type: RecordType = INCIDENT) -> dict[str, int]:
    """Month -> rows, by the entries that hold now."""
    view = generations.view(generations.newest(root), Vintage(date(2999, 1, 1)))
    return {clock.month_text(e.month): e.rows for e in sorted(view.of(record_type.id), key=lambda e: e.month)}


def snapshots(root: Path) -> dict[tuple[str, str, str], str]:
    """Type, force and month -> snapshot that holds now."""
    view = generations.view(generations.newest(root), Vintage(date(2999, 1, 1)))
    return {(t, f, clock.month_text(m)): e.snapshot for (t, f, m), e in sorted(view.current.items())}


def untrue(root: Path, record_type: RecordType = INCIDENT) -> list[str]:
    """The snapshots of a workspace whose rows are not those of their id: should be none, ever."""
    generation = generations.newest(root)
    entries = [e for e in generation.entries if e.type == record_type.id]
    con = connect()
    ids = true_ids(con, root, record_type, entries, generation.tombstones)
    con.close()
    return [stored for stored, true in ids.items() if stored != true]


def leftovers(root: Path) -> list[str]:
    """Files that no generation needs, and temporary ones."""
    newest = generations.newest(root)
    packs, intakes = newest.packs(), newest.intakes()
    files = [f for f in root.rglob("*") if f.is_file()]
    stray = [f for f in files if ".tmp-" in str(f.relative_to(root))]
    stray += [
        f for f in (root / "records").rglob("*.parquet") if str(f.relative_to(root / "records")) not in packs
    ]
    stray += [f for f in (root / "intake").iterdir() if f.name not in intakes]
    return sorted({str(f.relative_to(root)) for f in stray})


def unchained(root: Path) -> list[int]:
    """The generations whose parent is not the one before them: should be none."""
    numbers = sorted(int(f.stem) for f in (root / "generations").glob("[0-9]*.json"))
    wrong = []
    for number in numbers:
        before = generations.read(root, number - 1) if number > 1 else generations.Generation(0, "", "")
        if generations.read(root, number).parent != generations.hash_of(root, before):
            wrong.append(number)
    return wrong


def with_key(*key: str) -> RecordType:
    """The type with another key."""
    return replace(INCIDENT, key=key)
