"""Where the bulk of some records lies, and what most of them see: medians by weight."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

#: Months further than this from the bulk of the records may be slips of the pen.
_FAR = 3


def without_edges(months: list[tuple[int, int]], few: float) -> list[int]:
    """The months with records less those at either end that together hold next to nothing and lie far off."""
    kept = [(m, rows) for m, rows in months if rows]
    for back in (False, True):
        ordered = kept[::-1] if back else kept
        cut, held = 0, 0
        for place, ((month, rows), (after, _rows)) in enumerate(pairwise(ordered), 1):
            held += rows
            if held > max(few, 2):
                break
            if abs(after - month) > _FAR:
                cut = place
        kept = ordered[cut:][::-1] if back else ordered[cut:]
    return [m for m, _rows in kept]


def half(rows: Iterable[int]) -> int:
    """The number of records of a month such that half of all records lie in months with so many, or more."""
    ordered = sorted(rows, reverse=True)
    held = 0
    for many in ordered:
        held += many
        if held * 2 >= sum(ordered):
            return many
    return 0


def middle_of(weighed: list[tuple[float, int]]) -> float:
    """The value, of values in order with their weights, at which half of all weight is reached."""
    held, total = 0, sum(weight for _value, weight in weighed)
    for value, weight in weighed:
        held += weight
        if held * 2 >= total:
            return float(value)
    return 1.0
