"""Tactics in tables of the use of force: which lines are parts, and whether totals are their sums."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from openpeel.sources.home_office.areas import is_area
from openpeel.sources.home_office.common import Totals, number

_OF_WHICH = re.compile(r"(.+?),? of which", re.IGNORECASE)
_TOTAL = re.compile(r"\*?total ", re.IGNORECASE)
#: Types of force that the total of all tactics leaves out.
_NOT_IN_TOTAL = ("not reported", "tactical communication")


class Line(NamedTuple):
    """One line of the table: whose, type of force, tactic."""

    force: str
    kind: str
    tactic: str


def leaves(lines: Sequence[Line]) -> dict[int, str]:
    """The lines that are parts and not totals, with the names of their tactics.

    A type of force with nothing but its total (`*Total Firearms`) is a part itself, under its own name; so is
    a line `..., of which` that nothing stands below.
    """
    blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        blocks[(line.force, line.kind)].append(place)
    out: dict[int, str] = {}
    for (_, kind), block in blocks.items():
        if _TOTAL.match(kind):
            continue
        parts = [p for p in block if not _TOTAL.match(lines[p].tactic)]
        if not parts:
            out |= dict.fromkeys(block, kind)
        for place in parts:
            if not below(lines, place, block):
                out[place] = _OF_WHICH.sub(r"\1", lines[place].tactic)
    return out


def below(lines: Sequence[Line], place: int, block: Sequence[int]) -> list[int]:
    """The lines that a line `..., of which` is the total of: those that name the same thing."""
    found = _OF_WHICH.fullmatch(lines[place].tactic)
    if not found:
        return []
    thing = found[1].lower().removesuffix(" use")
    return [p for p in block if p > place and thing in lines[p].tactic.lower()]


def hold_tactics(
    lines: Sequence[Line], names: dict[int, str], counts: Sequence[Sequence[str]], every: Sequence[str]
) -> list[str]:
    """Hold every total against its parts: of a tactic, of a type of force, of all tactics, of a line, of the nation.

    Args:
        lines: the table's lines.
        names: which of them are parts.
        counts: for each line the counts of its categories.
        every: for each line the total of its categories; empty if the table has none.

    Returns:
        what came of it, as notes.
    """
    totals = Totals()
    values = [[number(v) for v in line] for line in counts]
    for place, total in enumerate(every):
        totals.hold(" ".join(lines[place]), number(total), values[place])
    for place, parts in _parts(lines, names).items():
        for column, value in enumerate(values[place]):
            totals.hold(" ".join(lines[place]), value, [values[p][column] for p in parts])
    return totals.note()


def _parts(lines: Sequence[Line], names: dict[int, str]) -> dict[int, list[int]]:
    """For each line that is a total, the parts it is the total of."""
    by_force: dict[str, list[int]] = defaultdict(list)
    nations: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        by_force[line.force].append(place)
        if place in names and not is_area(line.force):
            nations[(line.kind, line.tactic)].append(place)
    out: dict[int, list[int]] = {}
    for place, line in enumerate(lines):
        if place not in names:
            out[place] = [p for p in _under(lines, place, by_force[line.force]) if p in names]
        elif is_area(line.force):
            out[place] = nations[(line.kind, line.tactic)]
    return out


def _under(lines: Sequence[Line], place: int, of_force: Sequence[int]) -> list[int]:
    line = lines[place]
    if _TOTAL.match(line.kind):
        return [p for p in of_force if lines[p].kind.lower() not in _NOT_IN_TOTAL]
    block = [p for p in of_force if lines[p].kind == line.kind]
    return block if _TOTAL.match(line.tactic) else below(lines, place, block)
