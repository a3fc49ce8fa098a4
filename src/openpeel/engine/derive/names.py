"""Which columns a declaration may use: those supplied, and those derived before it."""

from __future__ import annotations

from openpeel.engine.declare.derivations import Derivation, Derived, Translation
from openpeel.engine.declare.expressions import Name
from openpeel.engine.declare.records import RecordType, date_of


def columns_of(record_type: RecordType) -> dict[str, Name]:
    """The supplied columns, as an expression sees them (the force is not among them)."""
    names: dict[str, Name] = {}
    for column in record_type.columns:
        names[column.name] = Name(column.type, column.allowed)
        if column.type == "instant":
            names[date_of(column.name)] = Name("date")
    return names


def all_names(record_type: RecordType) -> dict[str, Name]:
    """Supplied and derived columns."""
    names = columns_of(record_type)
    for derivation in derivations_of(record_type):
        names[derivation.name] = name_of(derivation)
    return names


def derivations_of(record_type: RecordType) -> tuple[Derivation, ...]:
    """The declared derivations of a type, in order."""
    return tuple(d for d in record_type.derived if isinstance(d, Derivation))


def name_of(derivation: Derivation) -> Name:
    """What a derived column is for an expression."""
    if isinstance(derivation, Translation):
        return Name("text", tuple(v for v in derivation.values() if v))
    allowed = derivation.allowed if isinstance(derivation, Derived) else ()
    return Name(derivation.type, allowed)
