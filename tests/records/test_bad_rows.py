"""For every record type: each thing that can be wrong with a row sets it aside with its reason, and only it.

What identifies somebody stands in no file of the workspace afterwards, whatever became of its row.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from helpers import new_workspace, set_aside
from openpeel.engine.declare.records import RecordType
from openpeel.engine.identity.keys import open_keyring
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.normalise import KEPT_BACK
from openpeel.engine.intake.read import Malformed
from records import model, rows, supply

pytestmark = pytest.mark.usefixtures("small_tables")

#: What the made-up numbers and names of persons begin with, and a birth date that stands nowhere else.
NUMBER, NAME, BORN = "RAWNUMBER-", "RAWNAME-", "1931-02-03"
DIFFERENT, AGAIN, OUTSIDE = (
    "one key with different rows",
    "the same row again",
    "outside the months of the file",
)


@dataclass
class File:
    """Rows as they are supplied, and the reason for which each is to be set aside; blank where it is accepted."""

    rows: list[rows.Row] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def add(self, record_type: RecordType, row: rows.Row, reason: str = "") -> None:
        """Add a row, its persons marked."""
        self.rows.append(marked(record_type, row))
        self.reasons.append(reason)


def marked(record_type: RecordType, row: rows.Row) -> rows.Row:
    """The row with its persons' numbers and names so that they are found wherever they stand."""
    out = dict(row)
    for column in record_type.columns:
        value = row[column.name]
        if model.cleaned(value) is None or column.personal not in ("pseudonym", "identity"):
            continue
        if column.type == "date" and value == column.example:
            out[column.name] = BORN
        else:
            out[column.name] = (NUMBER if column.personal == "pseudonym" else NAME) + value
    return out


def bad_file(record_type: RecordType, complete: bool) -> File:
    """Good rows, among them a row for each thing that can be wrong."""
    out = File()
    example = supply.example(record_type)
    month = rows.read(record_type, example).values["month"]
    many = rows.keyed(record_type, example, 12)
    one, other, twice, again = [r for r in many if rows.read(record_type, r).values["month"] == month][:4]
    out.add(record_type, one)
    for bad in rows.bad_rows(record_type):
        out.add(record_type, bad.row, bad.reason)
    if complete:
        out.add(record_type, rows.in_another_month(record_type, other), OUTSIDE)
    for row in (twice, rows.changed(record_type, twice)):
        out.add(record_type, row, DIFFERENT if record_type.key else "")
    for reason in ("", AGAIN if record_type.key else ""):
        out.add(record_type, again, reason)
    out.add(record_type, other)
    return out


@pytest.mark.parametrize("record_type", supply.TYPES, ids=lambda t: t.id)
def test_bad_rows_are_set_aside_with_their_reasons(record_type: RecordType, tmp_path: Path) -> None:
    root = new_workspace(tmp_path / "workspace")
    # Of a type that may do without a key, only changes ask for one.
    complete = not record_type.key_may_be_blank
    file = bad_file(record_type, complete)
    keys = open_keyring(root).keys(supply.FORCE)
    told = [model.read(record_type, row, keys) for row in file.rows]
    month = told[0].values["month"]
    part = supply.part(record_type, file.rows, (month, month) if complete else None)
    ragged = len(file.rows) + 1
    part.malformed.append(Malformed(ragged, "wrong number of fields", "has 1 field", f"{NUMBER}1, {NAME}2"))
    scope = "complete" if complete else "changes"
    intake = take_in(root, supply.mapping(record_type, scope), [part])

    assert intake.refused == []
    aside = set_aside(root)
    wanted = {n: reason for n, reason in enumerate(file.reasons, 1) if reason}
    wanted[ragged] = "wrong number of fields"
    assert {int(row["row"]): row["reason"] for row in aside} == wanted
    assert intake.read() == ragged == intake.accepted() + len(aside)
    good = [t.values for t, reason in zip(told, file.reasons, strict=True) if not reason]
    assert supply.in_order(supply.held(root, record_type)) == supply.in_order(good)
    _nobody_is_named(root, record_type, {int(row["row"]): row["text"] for row in aside}[ragged])


def _nobody_is_named(root: Path, record_type: RecordType, ragged: str) -> None:
    if not any(c.personal in ("pseudonym", "identity") for c in record_type.columns):
        assert NUMBER in ragged  # nothing in such a file can be of a person
        return
    assert ragged == KEPT_BACK
    for file in root.rglob("*"):
        for text in _contents(file) if file.is_file() else []:
            assert [mark for mark in (NUMBER, NAME, BORN) if mark.encode() in text] == [], file


def _contents(file: Path) -> list[bytes]:
    """A file's bytes, and what they unpack to."""
    out = [file.read_bytes()]
    if file.suffix == ".gz":
        out.append(gzip.decompress(out[0]))
    if file.suffix == ".parquet":
        out.append(repr(duckdb.execute("SELECT * FROM read_parquet(?)", [str(file)]).fetchall()).encode())
    return out


@pytest.mark.parametrize("record_type", [t for t in supply.TYPES if t.key_may_be_blank], ids=lambda t: t.id)
def test_rows_without_a_key_are_taken_as_those_of_a_type_without_one(
    record_type: RecordType, tmp_path: Path
) -> None:
    root = new_workspace(tmp_path / "workspace")
    row = supply.example(record_type, **dict.fromkeys(record_type.key, ""))
    told = model.read(record_type, row, open_keyring(root).keys(supply.FORCE), (24000, 24999))
    month = told.values["month"]
    part = supply.part(record_type, [row, row], (month, month))
    intake = take_in(root, supply.mapping(record_type, "complete"), [part])
    assert (intake.accepted(), intake.files[0].duplicates) == (2, 1)
    assert supply.in_order(supply.held(root, record_type)) == supply.in_order([told.values] * 2)
