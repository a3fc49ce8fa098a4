"""Numbers of records: others of the same look, and the same event under another one."""

from __future__ import annotations

import re
from collections.abc import Callable

from openpeel.sources.demo.nation.defects_extracts import Extracts
from openpeel.sources.demo.nation.defects_files import Row, Table

_DIGITS = re.compile(r"\d+")


def other_number(text: str, taken: Callable[[str], bool], start: int) -> str:
    """A number of the same look that is not taken; blank if there is none, or no figures in it."""
    runs = list(_DIGITS.finditer(text))
    if not runs:
        return ""
    at, width = runs[-1], len(runs[-1][0])
    for step in range(50):
        number = (int(at[0]) + start + step * 7919) % 10**width
        new = f"{text[: at.start()]}{number:0{width}d}{text[at.end() :]}"
        if not taken(new):
            return new
    return ""


def number_column(table: Table) -> str:
    """The part of the key that numbers the record itself; blank where the key says whom or what it is about."""
    if not table.type.key:
        return ""
    *others, last = (table.type.column(k) for k in table.type.key)
    if others:
        return last.name if last.type == "integer" else ""
    own = last.personal == "operational-reference" and last.name not in table.refers
    return last.name if own else ""


def renumbered(row: Row, of: Extracts, start: int) -> Row | None:
    """The same event under another number of the same look; ``None`` if there is none."""
    table, name = row.table, number_column(row.table)
    held, force = of.held[table.type.id], row.place.force
    others = tuple(row.text(k) for k in table.type.key[:-1])
    if others:
        fresh = (str(n) for n in range(1, 10_000))
        new = next((n for n in fresh if (force, (*others, n)) not in held), "")
    else:
        new = other_number(row.text(name), lambda t: (force, (t,)) in held, start)
    if not new:
        return None
    out = row.copy()
    out.put(name, new)
    held.add((force, (*others, new)))
    return out
