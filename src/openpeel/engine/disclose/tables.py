"""What a publication says, as plain data: counts as they are shown, what adds up to what, and ratios beside them.

A count is known by its key, such as ``("searches", "kent", "2026-01", "all")``. The same key in two tables is
the same count, and that is what links tables: give a count one key wherever it is printed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Literal

from openpeel.engine.disclose.rounding import count_range
from openpeel.errors import UserError

Key = tuple[str, ...]
#: *shown* with a number; *public*: known to everybody anyway, and protected by nobody; *suppressed*: a place in
#: the table without its number; *unprinted*: no place of its own, such as the rest of a total beside its parts.
State = Literal["shown", "public", "suppressed", "unprinted"]
REST = "the rest of"


@dataclass(frozen=True)
class Cell:
    """One count as a table shows it.

    Attributes:
        key: what is counted.
        low, high: lowest and highest count that what is printed here allows by itself; ``None``: no limit.
        state: see ``State``.
        true: the count itself, where the audit is made by those who know it. Never part of what an
            audit says.
    """

    key: Key
    low: int = 0
    high: int | None = None
    state: State = "shown"
    true: int | None = None


def exact(key: Key, n: int, true: int | None = None) -> Cell:
    """A count printed as it is; ``true`` is that count unless it is said to be another."""
    return Cell(key, n, n, "shown", n if true is None else true)


def public(key: Key, n: int) -> Cell:
    """A count that is known to everybody anyway: residents, or what another body has published."""
    return Cell(key, n, n, "public", n)


def rounded(key: Key, shown: int, base: int = 5, true: int | None = None) -> Cell:
    """A count printed rounded.

    Raises:
        ValueError: ``shown`` is not rounded to the base.
    """
    return Cell(key, *count_range(shown, base), "shown", true)


def suppressed(key: Key, true: int | None = None, low: int = 0, high: int | None = None) -> Cell:
    """A withheld count; ``low`` and ``high`` are what the reason given allows ("fewer than 5 but not none": 1, 4)."""
    return Cell(key, low, high, "suppressed", true)


@dataclass(frozen=True)
class Sum:
    """A total and its parts, which overlap nowhere.

    Attributes:
        total: key of the total.
        parts: keys of the parts.
        complete: the parts are all there is. If not, the rest is a count of its own that nobody printed,
            and is audited as well: it is found by subtraction.
    """

    total: Key
    parts: tuple[Key, ...]
    complete: bool = True

    def rest(self) -> Key:
        """Key of what the parts leave of the total; the same in every table that shows the same parts."""
        named = hashlib.sha256(repr(sorted(self.parts)).encode()).hexdigest()[:8]
        return (REST, *self.total, f"beside {len(self.parts)} shown", named)


@dataclass(frozen=True)
class Ratio:
    """A number printed that is one count over another: a percentage, a rate, a mean (the sum over the count).

    ``low`` and ``high`` are what the printed number allows for numerator / denominator.
    """

    numerator: Key
    denominator: Key
    low: Fraction
    high: Fraction


def printed_ratio(numerator: Key, denominator: Key, text: str, per: int = 1) -> Ratio:
    """A ratio printed in decimals ("14.3" with ``per`` 100), rounded in its last place.

    Raises:
        ValueError: ``text`` is not a plain decimal number.
    """
    half = Fraction(1, 2 * 10 ** len(text.partition(".")[2]))
    value = Fraction(text)
    return Ratio(numerator, denominator, max(Fraction(0), value - half) / per, (value + half) / per)


def float_ratio(numerator: Key, denominator: Key, value: float, per: int = 1) -> Ratio:
    """A ratio published with all digits of a float, as data files have it."""
    middle = Fraction(value) / per
    noise = abs(middle) / 2**50
    return Ratio(numerator, denominator, max(Fraction(0), middle - noise), middle + noise)


@dataclass(frozen=True)
class Table:
    """A table of a publication.

    Attributes:
        id: its name, by which the audit speaks of it.
        cells: its counts, each key once.
        sums: which of them add up to which.
        ratios: what else it prints that rests on its counts.
    """

    id: str
    cells: tuple[Cell, ...]
    sums: tuple[Sum, ...] = ()
    ratios: tuple[Ratio, ...] = ()

    def __post_init__(self) -> None:
        keys = {c.key for c in self.cells}
        if len(keys) < len(self.cells):
            raise UserError("a count stands in the table twice", self.id, "give each count a key of its own")
        for wanted in self._used():
            if wanted not in keys:
                raise UserError(
                    f"{name_of(wanted)} is added up, and is no count of the table",
                    self.id,
                    "add it as `suppressed` where nothing of it is printed",
                )
        for each in self.sums:
            if each.total in each.parts or len(set(each.parts)) < len(each.parts):
                raise UserError(f"{name_of(each.total)} has a part twice, or itself", self.id)
            if not each.parts:
                raise UserError(f"{name_of(each.total)} has no parts", self.id)

    def _used(self) -> Iterable[Key]:
        for each in self.sums:
            yield from (each.total, *each.parts)
        for ratio in self.ratios:
            yield from (ratio.numerator, ratio.denominator)

    def all_cells(self) -> list[Cell]:
        """Its counts, and the rests of incomplete totals, which nobody printed."""
        by_key = {c.key: c for c in self.cells}
        rests = {s.rest(): _rest(s, by_key) for s in self.sums if not s.complete}
        return [*self.cells, *rests.values()]

    def all_sums(self) -> list[tuple[Key, tuple[Key, ...]]]:
        """Totals and parts; with their rest, parts are always all there is."""
        return [(s.total, s.parts if s.complete else (*s.parts, s.rest())) for s in self.sums]


def _rest(each: Sum, cells: Mapping[Key, Cell]) -> Cell:
    total, parts = cells[each.total].true, [cells[p].true for p in each.parts]
    known = [p for p in parts if p is not None]
    true = total - sum(known) if total is not None and len(known) == len(parts) else None
    if true is not None and true < 0:
        raise UserError(
            f"the parts of {name_of(each.total)} are more than it", do="add up what belongs together"
        )
    return Cell(each.rest(), state="unprinted", true=true)


def name_of(key: Key) -> str:
    """A count in words."""
    return ", ".join(part for part in key if part)


def cross_table(
    table_id: str,
    dimensions: Sequence[Sequence[str]],
    totals: Sequence[str],
    cells: Mapping[Key, Cell],
    complete: bool = True,
) -> Table:
    """A table of one or more dimensions whose lines add up in each of them.

    Args:
        table_id: its name.
        dimensions: for each dimension its members, the total not among them.
        totals: for each dimension the word of its total.
        cells: coordinates -> count. Lines whose total is not there are not added up.
        complete: whether the members shown are all there is.

    Raises:
        UserError: a line has a total and a part that is not there at all; a withheld count is
            ``suppressed``, not left out.
    """
    sums = []
    for axis, members in enumerate(dimensions):
        lines = [[*d, t] for d, t in zip(dimensions, totals, strict=True)]
        for other in product(*(lines[:axis] + lines[axis + 1 :])):
            at = [(*other[:axis], m, *other[axis:]) for m in (totals[axis], *members)]
            if at[0] not in cells:
                continue
            lacking = [c for c in at if c not in cells]
            if lacking:
                raise UserError(
                    f"{name_of(lacking[0])} is not there, but the total of its line is",
                    table_id,
                    "add it as `suppressed`",
                )
            sums.append(Sum(cells[at[0]].key, tuple(cells[c].key for c in at[1:]), complete))
    return Table(table_id, tuple(cells.values()), tuple(sums))
