"""Which columns are never shown, so that nothing is counted by them: references, people, what somebody wrote."""

from __future__ import annotations

from openpeel.engine.declare.derivations import Derived
from openpeel.engine.declare.expressions import parse
from openpeel.engine.declare.records import NEVER_SHOWN, RecordType
from openpeel.engine.derive.names import columns_of, derivations_of, name_of
from openpeel.errors import UserError


def refuse_hidden(record_type: RecordType, dimension: str, where: str) -> None:
    """Refuse to break records down by a column whose values are shown to nobody.

    Args:
        record_type: the type.
        dimension: one of its columns, supplied or derived.
        where: the measure that is broken down.

    Raises:
        UserError: the column, or one that its values are made of, is of a class that is never shown.
    """
    own = {c.name: c.name for c in record_type.columns if c.personal in NEVER_SHOWN}
    derived = dimension not in {c.name for c in record_type.columns}
    source = (_made_of(record_type, own) if derived and own else own).get(dimension)
    if source is None:
        return
    personal = record_type.column(source).personal.replace("-", " ")
    made_of = "" if source == dimension else f" made of `{source}`,"
    raise UserError(
        f"nothing is ever counted by `{dimension}`:{made_of} a column of the class {personal}",
        where,
        "break down by a column of categories, or by a yes/no column that says whether it is known",
    )


def _made_of(record_type: RecordType, own: dict[str, str]) -> dict[str, str]:
    """Column that is never shown, those derived among them -> the supplied column that makes it so.

    A yes/no column, a duration and a translation say no more than their own few values.
    """
    hidden, names = dict(own), columns_of(record_type)
    for derivation in derivations_of(record_type):
        if isinstance(derivation, Derived) and derivation.type == "text":
            label = f"{record_type.id}: {derivation.name}"
            made = parse(derivation.expression, names, "text", label)
            source = next((hidden[h] for h in hidden if f'"{h}"' in made), None)
            if source:
                hidden[derivation.name] = source
        names[derivation.name] = name_of(derivation)
    return hidden
