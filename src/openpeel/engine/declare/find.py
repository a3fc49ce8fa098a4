"""Finding a record type by what people call it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from openpeel.engine.declare.records import RecordType
from openpeel.errors import UserError


def type_named(types: Mapping[str, RecordType], name: str, where: str = "--type") -> RecordType:
    """The record type of an id, or of the end of one if no other type ends so (``incident``).

    Raises:
        UserError: there is none, or there are several; near matches are named.
    """
    if name in types:
        return types[name]
    ending = [id_ for id_ in sorted(types) if name and id_.endswith(f".{name}")]
    if len(ending) == 1:
        return types[ending[0]]
    near = ending or difflib.get_close_matches(name, [*types, *(t.split(".")[-1] for t in types)], 3, 0.6)
    what = f"`{name}` is several record types" if ending else f"there is no record type `{name}`"
    raise UserError(what, where, f"did you mean {' or '.join(near)}?" if near else "see docs/records")
