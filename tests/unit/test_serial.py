"""Declarations as plain data and back: a publication carries them and must understand its own."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from openpeel.catalogue import shipped
from openpeel.engine.declare import derivations, measures, records
from openpeel.engine.declare.derivations import (
    Derived,
    FromPolicy,
    Lookup,
    Rollup,
    SecondsBetween,
    Translation,
)
from openpeel.engine.declare.measures import AnyMeasure
from openpeel.engine.declare.records import RecordType
from openpeel.engine.declare.serial import digest, from_plain, to_plain
from openpeel.errors import UserError

TYPES, MEASURES = shipped().types, shipped().measures


def there_and_back(value: Any) -> Any:
    return from_plain(json.loads(json.dumps(to_plain(value))))


def same(one: Any, other: Any) -> bool:
    """Equal in every field, also in those that comparing leaves out (a type's derivations)."""
    if is_dataclass(one):
        names = [f.name for f in fields(one)]
        return type(one) is type(other) and all(same(getattr(one, n), getattr(other, n)) for n in names)
    if isinstance(one, tuple):
        return isinstance(other, tuple) and len(one) == len(other) and all(map(same, one, other))
    return bool(one == other) and type(one) is type(other)


@pytest.mark.parametrize("id_", TYPES)
def test_every_shipped_type(id_: str) -> None:
    back = there_and_back(TYPES[id_])
    assert isinstance(back, RecordType) and same(TYPES[id_], back)
    assert back.stored() == TYPES[id_].stored()


@pytest.mark.parametrize("id_", MEASURES)
def test_every_shipped_measure(id_: str) -> None:
    back: AnyMeasure = there_and_back(MEASURES[id_])
    assert same(MEASURES[id_], back)
    assert digest(to_plain(back)) == digest(to_plain(MEASURES[id_]))


@pytest.mark.parametrize(
    "derivation",
    [
        Translation("a", "b", {"No further action": "nothing", "x": ""}, "m"),
        Derived("a", "text", "b = 'c'", "m", ("1", "2")),
        SecondsBetween("a", "b", "c", "m"),
        FromPolicy("a", "p", "m"),
        Lookup("a", "t", (("x", "y"),), "z", "text", "m"),
        Rollup("a", "t", (("x", "y"),), "count", "", "integer", "m"),
    ],
)
def test_every_derivation(derivation: object) -> None:
    assert same(derivation, there_and_back(derivation))


def test_every_kind_of_declaration_is_known() -> None:
    """A class that is added to the words of declaration must be readable again."""
    for module in (records, derivations, measures):
        for name in dir(module):
            found = getattr(module, name)
            abstract = name == "Measure"
            if (
                isinstance(found, type)
                and is_dataclass(found)
                and found.__module__ == module.__name__
                and not abstract
            ):
                with pytest.raises(UserError, match="does not fit"):
                    from_plain({"is": name, "nonsense": 1})


@pytest.mark.parametrize(
    "plain",
    [
        {"is": "Unheard"},
        {"is": None},
        {"is": ["list"]},
        {},
        {"a": 1},
        {"is": "date"},
        {"is": "date", "day": "soon"},
        {"is": "date", "day": 5},
        {"is": "table"},
        {"is": "table", "rows": [1]},
        {"is": "Count", "id": "x"},
        {"is": "RecordType", "id": "x", "columns": [{"is": "Column"}]},
        {"is": "os.system", "command": "true"},
    ],
)
def test_what_is_no_declaration_is_one_clear_error(plain: Any) -> None:
    with pytest.raises(UserError, match="openpeel"):
        from_plain(plain)


def test_a_digest_does_not_depend_on_the_order_of_fields() -> None:
    assert (
        digest({"a": 1, "b": [1, "ü"]}) == digest({"b": [1, "ü"], "a": 1}) != digest({"a": 1, "b": ["ü", 1]})
    )
