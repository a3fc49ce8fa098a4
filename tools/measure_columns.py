"""Which supplied columns each measure rests on, straight or through derivations; for the reference pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from openpeel.catalogue import shipped
from openpeel.engine.declare.derivations import (
    Derivation,
    Derived,
    FromPolicy,
    Lookup,
    RepeatWithin,
    SecondsBetween,
    Translation,
)
from openpeel.engine.declare.expressions import family_of, parse
from openpeel.engine.declare.measures import AnyMeasure, Rate, RatioOfRates
from openpeel.engine.declare.records import RecordType, date_of
from openpeel.engine.derive.names import all_names, derivations_of
from openpeel.engine.measure.context import Catalogue
from openpeel.engine.measure.predicates import compile_measure, own_groups

#: A record type's id and one of its supplied columns.
Place = tuple[str, str]


@dataclass(frozen=True)
class Needs:
    """The supplied columns of a measure.

    Attributes:
        columns: those without which there is no figure, those of the population among them.
        breakdowns: those by which it is shown besides.
    """

    columns: frozenset[Place]
    breakdowns: frozenset[Place]

    def of(self, record_type: str) -> set[str]:
        """Its columns of one record type."""
        return {name for type_, name in self.columns | self.breakdowns if type_ == record_type}


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return shipped()


@cache
def needs(measure: AnyMeasure) -> Needs:
    """What a measure needs."""
    record_type = catalogue().types[measure.of]
    alone = compile_measure(measure, record_type, declared=False, as_at=date(2024, 1, 1))
    used = {*alone.columns, *own_groups(measure), record_type.anchor_date()}
    columns = frozenset(supplied(record_type, used) | _residents(measure))
    return Needs(columns, frozenset(supplied(record_type, set(measure.by)) - columns))


def _residents(measure: AnyMeasure) -> set[Place]:
    """What a measure of rates needs of the population."""
    if not isinstance(measure, Rate | RatioOfRates):
        return set()
    named = ["basis", "reference_date", "residents"]
    named += ["scheme", "ethnic_group"] if isinstance(measure, RatioOfRates) else []
    return {(catalogue().population.id, name) for name in named}


def supplied(record_type: RecordType, names: set[str]) -> set[Place]:
    """The supplied columns that some columns of a type come from."""
    derived = {d.name: d for d in derivations_of(record_type)}
    own = {c.name: c.name for c in record_type.columns}
    own |= {date_of(c.name): c.name for c in record_type.columns if c.type == "instant"}
    out: set[Place] = set()
    for name in names:
        out |= {(record_type.id, own[name])} if name in own else rests_on(derived[name], record_type)
    return out


def rests_on(derivation: Derivation, record_type: RecordType) -> set[Place]:
    """The supplied columns that a derivation comes from, those of another type among them."""
    if isinstance(derivation, Translation):
        return supplied(record_type, {derivation.source})
    if isinstance(derivation, SecondsBetween):
        return supplied(record_type, {derivation.start, derivation.end})
    if isinstance(derivation, FromPolicy):
        return supplied(record_type, {record_type.anchor_date()})
    if isinstance(derivation, Derived):
        return supplied(record_type, _named(derivation, record_type))
    if isinstance(derivation, RepeatWithin):
        return supplied(record_type, {*derivation.of, record_type.anchor_date()})
    # A rollup that counts takes nothing but that there is a row.
    taken = {derivation.take} if isinstance(derivation, Lookup) or derivation.how != "count" else set()
    mine, theirs = {a for a, _ in derivation.on}, {b for _, b in derivation.on}
    return supplied(record_type, mine) | supplied(catalogue().types[derivation.of], theirs | taken)


def _named(derivation: Derived, record_type: RecordType) -> set[str]:
    """The columns that an expression names."""
    names = all_names(record_type)
    sql = parse(derivation.expression, names, family_of(derivation.type), derivation.name)
    return {name for name in names if f'"{name}"' in sql}
