"""Checking record types against each other when a catalogue is loaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from openpeel.engine.declare.expressions import parse
from openpeel.engine.declare.records import OWN_COLUMNS, Column, RecordType, Reference, Total
from openpeel.engine.derive.names import columns_of
from openpeel.errors import UserError


def check_types(types: Mapping[str, RecordType]) -> None:
    """Refuse record types that would fail later, or whose set rules cannot be answered.

    Raises:
        UserError: names the type, what is wrong with it and what to do.
    """
    for record_type in types.values():
        _check_columns(record_type)
        for rule in record_type.rules:
            parse(rule.condition, columns_of(record_type), "boolean", f"{record_type.id}: rule {rule.id}")
        for reference in record_type.references:
            _check_reference(record_type, reference, types)
        for unique in record_type.unique:
            for name in unique.columns:
                _column(record_type, name)
        for total in record_type.totals:
            _check_total(record_type, total)


def refuse_names_used_twice(record_type: RecordType, where: str) -> None:
    """Refuse two columns of one name, supplied or derived: the later would silently stand for both.

    Raises:
        UserError: names the column.
    """
    supplied = [c.name for c in record_type.columns]
    stored = [n for n, _ in record_type.stored() if n != "force"]
    stored += [str(getattr(d, "name", "")) for d in record_type.derived]
    twice = sorted(n for names in (supplied, stored) for n, times in Counter(names).items() if times > 1)
    if twice:
        raise UserError(f"two columns are called `{twice[0]}`", where, "rename one of them")


def _check_columns(record_type: RecordType) -> None:
    where = record_type.id
    refuse_names_used_twice(record_type, where)
    anchor = _column(record_type, record_type.anchor)
    if anchor.type not in ("date", "instant") or not anchor.required:
        raise UserError(f"the anchor `{anchor.name}` is no required date", where, "make it one")
    for name in record_type.key:
        if not _column(record_type, name).required and not record_type.key_may_be_blank:
            raise UserError(f"the key `{name}` may be blank", where, "add required=True to its column")
        if _column(record_type, name).personal == "identity":
            raise UserError(f"the key `{name}` is an identity", where, "use a pseudonym or a reference")
    for column in record_type.columns:
        if column.name in OWN_COLUMNS:
            raise UserError(f"`{column.name}` cannot be the name of a column", where, "rename it")
        if (column.personal == "pseudonym") != bool(column.stands_for):
            raise UserError(
                f"`{column.name}` does not say what it stands for",
                where,
                "declare stands_for with a pseudonym",
            )
        if column.personal == "pseudonym" and (column.type != "text" or column.allowed):
            raise UserError(f"the pseudonym `{column.name}` is no free text", where, "declare a plain text")
    if record_type.identities() and not any(c.personal == "pseudonym" for c in record_type.columns):
        raise UserError("has identities and no pseudonym to keep them under", where, "add a pseudonym")


def _check_reference(record_type: RecordType, reference: Reference, types: Mapping[str, RecordType]) -> None:
    where = f"{record_type.id}: reference to {reference.to}"
    if reference.to not in types:
        raise UserError(f"there is no record type `{reference.to}`", where, "check `to`")
    other = types[reference.to]
    if not other.key or len(other.key) != len(reference.columns):
        raise UserError(
            f"its key is {', '.join(other.key) or 'blank'}", where, "name one column for each part of it"
        )
    for name, theirs in zip(reference.columns, other.key, strict=True):
        mine, its = _column(record_type, name), _column(other, theirs)
        if (mine.type, mine.stands_for) != (its.type, its.stands_for):
            raise UserError(f"`{name}` is not of the kind of `{theirs}`", where, "declare both alike")


def _check_total(record_type: RecordType, total: Total) -> None:
    where = f"{record_type.id}: total {total.word}"
    column = _column(record_type, total.column)
    if total.column not in record_type.key:
        raise UserError(f"`{total.column}` is no part of the key", where, "name a column of the key")
    if column.allowed and total.word not in column.allowed:
        raise UserError(f"`{total.column}` cannot be {total.word}", where, "allow that value")
    if not total.of:
        raise UserError("adds nothing up", where, "name its columns in `of`")
    for name in total.of:
        if _column(record_type, name).type not in ("integer", "number", "duration"):
            raise UserError(f"`{name}` is no number", where, "add up columns of numbers")


def _column(record_type: RecordType, name: str) -> Column:
    try:
        return record_type.column(name)
    except KeyError:
        raise UserError(f"has no column `{name}`", record_type.id, "declare it among its columns") from None
