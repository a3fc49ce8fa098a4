"""For every record type: a good file comes in whole, and reads back as what went in."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import new_workspace
from openpeel.engine.declare.records import RecordType
from openpeel.engine.identity.keys import open_keyring
from openpeel.engine.identity.store import SealedStore, subject
from openpeel.engine.intake.commit import take_in
from records import model, rows, supply

pytestmark = pytest.mark.usefixtures("small_tables")

IDENTIFIED = [t for t in supply.TYPES if t.identities()]


def good_file(record_type: RecordType) -> list[rows.Row]:
    """The examples, the same with all optional columns blank, and a row for each value that a column can have."""
    example = supply.example(record_type)
    optional = [c.name for c in record_type.columns if not c.required and c.name not in record_type.key]
    made = [(example, ""), (example | dict.fromkeys(optional, ""), "")]
    for column in record_type.columns:
        made += [(value, column.name) for value in of_each_value(record_type, column.name)]
    return rows.with_keys(record_type, [row for row, _ in made], [keep for _, keep in made])


def of_each_value(record_type: RecordType, name: str) -> list[rows.Row]:
    """A row for each allowed value of a column, or for some values of its type; each column has others of them.

    Other columns are left blank where a rule asks for it.
    """
    example, column = supply.example(record_type), record_type.column(name)
    values = rows.good_values(column)
    if not column.allowed:
        turn = record_type.columns.index(column)
        values = tuple(values[(turn + n) % len(values)] for n in range(2))
    ruled = {n.removesuffix("_date") for r in record_type.rules for n in model.columns_of_rule(r.condition)}
    others = [c.name for c in record_type.columns if c.name in ruled - {name} and not c.required]
    out = []
    for value in values:
        row = example | {name: value}
        row = row if rows.is_good(record_type, row) else row | dict.fromkeys(others, "")
        faults = rows.read(record_type, row).faults
        if not faults:
            out.append(row)
        elif column.allowed:
            raise AssertionError(f"{record_type.id}: {name} cannot be {value} ({faults})")
    return out


@pytest.mark.parametrize("record_type", supply.TYPES, ids=lambda t: t.id)
def test_a_good_file_reads_back_as_what_went_in(record_type: RecordType, tmp_path: Path) -> None:
    root = new_workspace(tmp_path / "workspace")
    supplied = good_file(record_type)
    keys = open_keyring(root).keys(supply.FORCE)
    told = [model.read(record_type, row, keys) for row in supplied]
    assert [t.faults for t in told if t.faults] == []
    scope = "changes" if record_type.key else "complete"
    months = [t.values["month"] for t in told]
    # Only what is complete says which months it is of.
    given = None if record_type.key else (min(months), max(months))
    intake = take_in(root, supply.mapping(record_type, scope), [supply.part(record_type, supplied, given)])
    assert intake.refused == []
    assert (intake.read(), intake.accepted(), intake.files[0].set_aside) == (len(supplied), len(supplied), {})
    assert supply.in_order(supply.held(root, record_type)) == supply.in_order(t.values for t in told)


@pytest.mark.parametrize("record_type", IDENTIFIED, ids=lambda t: t.id)
def test_identities_are_in_the_sealed_store_and_nowhere_else(record_type: RecordType, tmp_path: Path) -> None:
    root = new_workspace(tmp_path / "workspace")
    supplied = rows.keyed(record_type, supply.example(record_type), 3)
    take_in(root, supply.mapping(record_type), [supply.part(record_type, supplied)])
    ring = open_keyring(root)
    keys = ring.keys(supply.FORCE)
    sealed = SealedStore(root, ring).read(supply.FORCE).to_pylist()
    wanted = []
    for row in supplied:
        told = model.read(record_type, row, keys)
        values = {n: None if v is None else str(v) for n, v in told.sealed.items()}
        wanted.append(values | {"type": record_type.id, "pseudonym": told.values[subject(record_type).name]})
    assert supply.in_order(sealed) == supply.in_order(wanted)
    names = {c.name for c in record_type.identities()}
    assert not names & set(supply.held(root, record_type)[0])
