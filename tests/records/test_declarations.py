"""Every record type says what a reader needs, and its examples make a row that is accepted."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from openpeel.catalogue import shipped
from openpeel.engine.declare.check import check_types
from openpeel.engine.declare.derivations import Derived
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.normalise import SET_ASIDE, SUPPLIED, normalise
from openpeel.errors import UserError
from records import supply


def test_the_types_fit_together() -> None:
    check_types(shipped().types)


@pytest.mark.parametrize("record_type", [t for t in supply.TYPES if t.derived], ids=lambda t: t.id)
def test_a_derived_column_of_a_name_in_use_is_refused(record_type: RecordType) -> None:
    twice = replace(record_type, derived=(*record_type.derived, record_type.derived[0]))
    with pytest.raises(UserError, match="two columns are called"):
        check_types({**shipped().types, record_type.id: twice})
    supplied = Derived(record_type.columns[0].name, "boolean", "true", "Of a name in use.")
    with pytest.raises(UserError, match=f"two columns are called `{supplied.name}"):
        check_types({**shipped().types, record_type.id: replace(record_type, derived=(supplied,))})


@pytest.mark.parametrize("record_type", supply.TYPES, ids=lambda t: t.id)
def test_a_type_says_what_it_is(record_type: RecordType) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z_0-9]+", record_type.id)
    assert record_type.title and record_type.meaning.endswith(".") and record_type.export.endswith(".")
    assert record_type.systems, "no kind of system that holds such records"
    names = [c.name for c in record_type.columns]
    assert len(set(names)) == len(names)
    for column in record_type.columns:
        assert re.fullmatch("[a-z][a-z0-9_]*", column.name)
        assert column.meaning.endswith("."), column.name
        assert column.example, f"{column.name} has no example"
        assert column.type not in ("integer", "number", "duration") or column.unit, (
            f"{column.name} has no unit"
        )
        assert not column.allowed or column.example in column.allowed
    for rule in record_type.rules:
        assert re.fullmatch("[a-z][a-z0-9-]*", rule.id) and rule.message


@pytest.mark.usefixtures("small_tables")
@pytest.mark.parametrize("record_type", supply.TYPES, ids=lambda t: t.id)
def test_its_examples_make_a_good_row(record_type: RecordType) -> None:
    con = supply.connection(record_type)
    normalise(
        con, supply.mapping(record_type), [(0, supply.part(record_type, [supply.example(record_type)]))]
    )
    aside = con.execute(f"SELECT reason, detail FROM {SET_ASIDE}").fetchall()
    assert aside == []
    assert con.execute(f"SELECT count(*) FROM {SUPPLIED}").fetchall() == [(1,)]
