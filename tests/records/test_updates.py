"""For every record type: an update of old rows leaves nothing twice and loses nothing, and the older vintage still
answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from helpers import new_workspace
from openpeel.engine.declare.records import RecordType
from openpeel.engine.identity.keyfile import ForceKeys
from openpeel.engine.identity.keys import open_keyring
from openpeel.engine.intake.commit import Intake, take_in
from openpeel.engine.intake.mapping import Part
from records import model, rows, supply

pytestmark = pytest.mark.usefixtures("small_tables")

FIRST, SECOND, THIRD = date(2025, 1, 10), date(2025, 2, 10), date(2025, 3, 10)
KEYED = [t for t in supply.TYPES if t.key]
#: Types whose rows may come as whole months without a key.
KEYLESS = [t for t in supply.TYPES if not t.key or t.key_may_be_blank]


@dataclass
class Place:
    """A workspace with records of one type."""

    root: Path
    type: RecordType
    keys: ForceKeys = field(init=False)

    def __post_init__(self) -> None:
        self.keys = open_keyring(self.root).keys(supply.FORCE)

    def take(self, scope: Any, supplied: date, *files: Part) -> Intake:
        return take_in(self.root, supply.mapping(self.type, scope), files, supplied=supplied)

    def month(self, row: rows.Row) -> int:
        return int(model.read(self.type, row, self.keys, (0, 1 << 30)).values["month"])

    def file(self, *supplied: rows.Row) -> Part:
        """A file that is complete for the month of its first row."""
        return supply.part(self.type, supplied, (self.month(supplied[0]), self.month(supplied[0])))

    def holds(self, *wanted: rows.Row, as_at: date | None = None) -> None:
        told = [model.read(self.type, row, self.keys, (0, 1 << 30)).values for row in wanted]
        assert supply.in_order(supply.held(self.root, self.type, as_at)) == supply.in_order(told)


@pytest.fixture
def place_of(tmp_path: Path) -> Callable[[RecordType], Place]:
    return lambda record_type: Place(new_workspace(tmp_path / "workspace"), record_type)


@pytest.mark.parametrize("record_type", KEYED, ids=lambda t: t.id)
def test_changes_replace_by_key(record_type: RecordType, place_of: Callable[[RecordType], Place]) -> None:
    place = place_of(record_type)
    same, mended, moves, stays, new = rows.keyed(record_type, supply.example(record_type), 5)
    place.take("changes", FIRST, supply.part(record_type, [same, mended, moves, stays]))
    mended_now = rows.changed(record_type, mended)
    # Where the anchor is part of the key, another month is another record.
    anchored = record_type.anchor in record_type.key
    moves_now = rows.changed(record_type, moves) if anchored else rows.in_another_month(record_type, moves)
    second = supply.part(record_type, [moves_now, new, same, mended_now])
    intake = place.take("changes", SECOND, second)

    assert (intake.refused, intake.read(), intake.accepted()) == ([], 4, 4)
    place.holds(same, mended_now, moves_now, stays, new)
    place.holds(same, mended, moves, stays, as_at=FIRST)


@pytest.mark.parametrize("record_type", KEYED[::9], ids=lambda t: t.id)
def test_the_same_changes_once_more_are_none(
    record_type: RecordType, place_of: Callable[[RecordType], Place]
) -> None:
    place = place_of(record_type)
    first = supply.part(record_type, rows.keyed(record_type, supply.example(record_type), 3))
    assert place.take("changes", FIRST, first).id
    assert place.take("changes", FIRST, first).id == ""


@pytest.mark.parametrize("record_type", KEYLESS, ids=lambda t: t.id)
def test_a_corrected_month_replaces_the_one_before(
    record_type: RecordType, place_of: Callable[[RecordType], Place]
) -> None:
    place = place_of(record_type)
    one = supply.example(record_type, **dict.fromkeys(record_type.key, ""))
    other = one | {record_type.columns[-1].name: ""}
    elsewhere = one | {record_type.anchor: rows.moved_text(one[record_type.anchor], 40)}
    place.take("complete", FIRST, place.file(one, one, other), place.file(elsewhere))
    intake = place.take("complete", SECOND, place.file(one, other, other))

    assert intake.refused == []
    place.holds(one, other, other, elsewhere)
    place.holds(one, one, other, elsewhere, as_at=FIRST)
    assert place.take("complete", THIRD, place.file(other, one, other)).read() == 3
    place.holds(one, other, other, elsewhere)


@pytest.mark.parametrize("record_type", KEYED[::9], ids=lambda t: t.id)
def test_a_complete_month_takes_out_what_it_does_not_hold(
    record_type: RecordType, place_of: Callable[[RecordType], Place]
) -> None:
    place = place_of(record_type)
    many = rows.keyed(record_type, supply.example(record_type), 12)
    stays, goes = [r for r in many if place.month(r) == place.month(many[0])][:2]
    elsewhere = rows.in_another_month(record_type, many[-1])
    place.take("complete", FIRST, place.file(stays, goes), place.file(elsewhere))
    place.take("complete", SECOND, place.file(rows.changed(record_type, stays)))
    place.holds(rows.changed(record_type, stays), elsewhere)
    place.holds(stays, goes, elsewhere, as_at=FIRST)
