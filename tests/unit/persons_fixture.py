"""Records of persons for tests: two types that carry pseudonyms, one of them identities as well.

The rows are put in with their pseudonyms made already, through a twin of the type whose columns are plain:
what these tests are about is what happens to records once they are in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from incidents import mapping, part
from openpeel.areas.shared.records import POPULATION
from openpeel.engine.declare.columns import day, employee, identity, person, word
from openpeel.engine.declare.records import RecordType
from openpeel.engine.identity.keys import open_keyring, pseudonym
from openpeel.engine.identity.store import SealedStore
from openpeel.engine.intake import generations
from openpeel.engine.intake.commit import Intake, take_in
from openpeel.engine.measure.context import Catalogue

PERSON = RecordType(
    id="test.person",
    title="Persons",
    kind="reference",
    anchor="recorded_on",
    key=("person_id",),
    columns=(
        person("person_id", "Number.", "N-1", required=True),
        day("recorded_on", "Day.", "2023-01-02", required=True),
        identity("family_name", "Family name.", "Example"),
        identity("given_name", "Given name.", "Alex"),
        identity("birth_on", "Date of birth.", "1991-07-23", type="date"),
        word("area", "Area.", "North"),
    ),
)
BAIL = RecordType(
    id="test.bail",
    title="Bail",
    kind="event",
    anchor="started_on",
    key=("bail_id",),
    columns=(
        word("bail_id", "Number.", "B-1", required=True),
        day("started_on", "Day.", "2023-01-02", required=True),
        person("suspect_id", "Suspect.", "N-1"),
        person("surety_id", "Surety.", "N-2"),
        employee("officer_id", "Officer.", "P-1"),
    ),
)
NAMES = ("family_name", "given_name", "birth_on")


def catalogue(*types: RecordType) -> Catalogue:
    return Catalogue({t.id: t for t in (*types, POPULATION)}, {}, POPULATION)


def plain(record_type: RecordType) -> RecordType:
    """The type as it is stored, every column plain: the same schema, so the same snapshots."""
    columns = tuple(
        replace(c, personal="none", stands_for="") for c in record_type.columns if c.personal != "identity"
    )
    return replace(record_type, columns=columns)


def hashed(root: Path, number: str, stands_for: str = "person", force: str = "kent") -> str:
    return pseudonym(open_keyring(root).keys(force), stands_for, number) if number else ""


def put(
    root: Path, record_type: RecordType, months: str, *rows: Sequence[str], force: str = "kent"
) -> Intake:
    """Bring rows in under scope ``complete``, numbers replaced by pseudonyms."""
    twin = plain(record_type)
    kept = [c for c in record_type.columns if c.personal != "identity"]
    done = [
        [hashed(root, v, c.stands_for, force) if c.stands_for else v for c, v in zip(kept, row, strict=True)]
        for row in rows
    ]
    taken = part(done, months, force, columns=[c.name for c in kept])
    intake = take_in(root, mapping("complete", twin), [taken])
    assert intake.id and not intake.refused
    return intake


def names(root: Path, *rows: Sequence[str | None], force: str = "kent", type_: str = PERSON.id) -> pa.Table:
    """Rows to be sealed: number, family name, given name, birth date."""
    return pa.table({
        "type": pa.array([type_] * len(rows), pa.string()),
        "pseudonym": pa.array([hashed(root, r[0] or "", force=force) for r in rows], pa.string()),
        **{n: pa.array([r[i + 1] for r in rows], pa.string()) for i, n in enumerate(NAMES)},
    })  # fmt: skip


def store_of(root: Path) -> SealedStore:
    return SealedStore(root, open_keyring(root))


def sealed_files(root: Path) -> list[str]:
    return sorted(str(f.relative_to(root)) for f in (root / "identities").rglob("*.sealed"))


def newest_intake(root: Path) -> str:
    return generations.newest(root).entries[-1].intake


def keyring_at(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Keys of their own for a test, never those of whoever runs it."""
    monkeypatch.setenv("OPENPEEL_KEYS", str(folder))
    return folder
