"""Which tables give a count away together, and what would help: both tried out, not guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from openpeel.engine.disclose.blocks import blocks
from openpeel.engine.disclose.problem import merge
from openpeel.engine.disclose.programs import LARGE
from openpeel.engine.disclose.protection import Protection
from openpeel.engine.disclose.rounding import count_range, round_count
from openpeel.engine.disclose.settle import draw_in
from openpeel.engine.disclose.tables import Cell, Key, Table
from openpeel.engine.disclose.tighten import tighten
from openpeel.engine.disclose.walk import nothing_seen
from openpeel.words import _


@dataclass(frozen=True)
class Source:
    """The tables that give a count away; ``least``: without any one of them it would not be given away."""

    tables: tuple[str, ...]
    least: bool
    advice: str


def given_away_by(tables: Sequence[Table], key: Key, protection: Protection) -> Source:
    """Find the tables behind a disclosed count, and what to do.

    Args:
        tables: all of the publication.
        key: a count that they disclose together.
        protection: the settings.
    """
    needed = _needed(tables, key, protection)
    if needed is None:
        standing = tuple(t.id for t in tables if any(c.key == key for c in t.all_cells()))
        return Source(standing, False, _general(standing))
    ids = tuple(t.id for t in needed)
    return Source(ids, True, _advice(needed, key, protection))


def not_traced(standing: Iterable[str]) -> Source:
    """For a count whose tables were not looked for."""
    ids = tuple(standing)
    return Source(ids, False, _general(ids))


def disclosed(tables: Sequence[Table], key: Key, protection: Protection) -> bool:
    """Whether these tables alone are shown to disclose a count."""
    problem = merge(tables)
    if key not in problem.keys:
        return False
    tighten(problem)
    j = problem.keys.index(key)
    if problem.width(j) < protection.width:
        return True
    block = next(b for b in blocks(problem) if j in b.counts)
    if len(block.counts) > LARGE:
        return False
    at = int(np.flatnonzero(block.counts == j)[0])
    draw_in(block, at, nothing_seen(block), protection)
    return bool(block.high[at] - block.low[at] < protection.width)


def _needed(tables: Sequence[Table], key: Key, protection: Protection) -> list[Table] | None:
    """Tables of which none can be left out; ``None`` where they are not found among the nearest."""
    chosen: list[Table] = []
    for table, near in _by_distance(tables, key):
        if len(chosen) == protection.tables:
            return None
        chosen.append(table)
        if not near and disclosed(chosen, key, protection):
            break
    else:
        if not disclosed(chosen, key, protection):
            return None
    for table in list(reversed(chosen)):
        others = [t for t in chosen if t is not table]
        if others and disclosed(others, key, protection):
            chosen = others
    return chosen


def _by_distance(tables: Sequence[Table], key: Key) -> Iterable[tuple[Table, bool]]:
    """The tables that hang together with a count, the nearest first; whether the next one has the count as well."""
    keys = {t.id: {c.key for c in t.all_cells()} for t in tables}
    reached, left = {key}, list(tables)
    while True:
        ring = [t for t in left if keys[t.id] & reached]
        if not ring:
            return
        for place, table in enumerate(ring):
            yield table, reached == {key} and place + 1 < len(ring)
        left = [t for t in left if t not in ring]
        reached = reached.union(*(keys[t.id] for t in ring))


def _advice(tables: Sequence[Table], key: Key, protection: Protection) -> str:
    """The first remedy, of those that take least away, which was tried out and helps."""
    named = ", ".join(t.id for t in tables)
    remedies: list[tuple[Callable[[Table], Table], str]] = [
        (
            _without_ratios,
            _("work out every percentage, rate and mean in %(tables)s from rounded counts, or leave it away"),
        ),
        (_rounded, _("round every count in %(tables)s to 5")),
        (
            lambda t: _rounded(_without_ratios(t)),
            _("round every count in %(tables)s to 5, and work out everything else from the rounded counts"),
        ),
    ]
    for change, words in remedies:
        changed = [change(t) for t in tables]
        if list(tables) != changed and not disclosed(changed, key, protection):
            return words % {"tables": named}
    own = [c for t in tables for c in t.all_cells() if c.key == key]
    if all(c.state == "suppressed" for c in own):
        more = _("withhold at least one more count in every line of %(tables)s that this one stands in")
        return more % {"tables": named}
    return _general([t.id for t in tables])


def _general(tables: Sequence[str]) -> str:
    named = ", ".join(tables)
    if len(tables) > 1:
        return _("leave out one of %(tables)s, or put its category together with a larger one") % {
            "tables": named
        }
    return _("put its category in %(tables)s together with a larger one, or leave the table out") % {
        "tables": named
    }


def _without_ratios(table: Table) -> Table:
    return replace(table, ratios=())


def _rounded(table: Table) -> Table:
    return replace(table, cells=tuple(_rounded_cell(c) for c in table.cells))


def _rounded_cell(cell: Cell) -> Cell:
    if cell.state != "shown" or cell.high != cell.low:
        return cell
    low, high = count_range(round_count(cell.low))
    return replace(cell, low=low, high=high)
