"""Keys that look unlike the rest of a force's keys: 1.2E+05, lost leading zeros, another shape altogether.

A key is looked at by its shape: each letter an A, each figure a 9. What spreadsheets do to a column of
numbers (rounding them to powers of ten, dropping the zeros in front) shows in the shape alone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openpeel.engine.check.doubt import Doubt
from openpeel.engine.check.held import TABLE, Held, records
from openpeel.engine.sql import quote, texts

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FIGURES = "012345678"
_FROM, _TO = _LETTERS + _FIGURES, "A" * len(_LETTERS) + "9" * len(_FIGURES)
_LAST = re.compile(r"(9+)[^9]*$")


@dataclass(frozen=True)
class Shape:
    """How some keys look, and how many of them are here.

    Attributes:
        text: each letter an ``A``, each figure a ``9``.
        zero: whether the last number in it begins with a zero.
        power: whether it is a number written as a power of ten.
        keys: how many there are.
    """

    text: str
    zero: bool
    power: bool
    keys: int

    def outline(self) -> str:
        """The shape without the lengths of its letters and figures."""
        return re.sub(r"(.)\1+", r"\1", self.text)

    def length(self) -> int:
        """How many figures the last number in it has."""
        found = _LAST.search(self.text)
        return len(found[1]) if found else 0


def odd_keys(held: Held) -> list[Doubt]:
    """A doubt for each force and way in which some of its keys look unlike the rest."""
    out = []
    for name in _looked_at(held):
        by_force = _shapes(held, name)
        common = _common(held, by_force.values())
        odd = {
            (force, why, shape.text)
            for force, shapes in by_force.items()
            for why, found in _odd(held, shapes, common).items()
            for shape in found
        }
        for (force, why), rows in _rows(held, name, odd).items():
            told = _said(name, why, rows)
            out.append(held.told("keys.odd", "warning", force, f"{name}: {why}", rows, told))
    return out


def _common(held: Held, by_force: Iterable[list[Shape]]) -> set[str]:
    """Outlines that several forces have: numbers may hold a rank, or a letter for the second of two."""
    forces = Counter(o for shapes in by_force for o in {s.outline() for s in shapes})
    return {o for o, many in forces.items() if many >= held.settings.key_forces}


def _said(name: str, why: str, rows: list[str]) -> str:
    return (
        f"{records(len(rows))} with a {name} unlike the force's others ({why}). A spreadsheet may have changed it: "
        "export the column as text and supply the records again, or say that such numbers exist."
    )


def _looked_at(held: Held) -> list[str]:
    keys = [held.type.column(k) for k in held.type.key]
    return [
        c.name
        for c in keys
        if c.type == "text" and not c.allowed and c.personal in ("operational-reference",)
    ]


def _shape_sql(name: str) -> str:
    return f"translate({quote(name)}, '{_FROM}', '{_TO}')"


def _shapes(held: Held, name: str) -> dict[str, list[Shape]]:
    column, shape = quote(name), _shape_sql(name)
    zero = f"regexp_matches({column}, '(^|[^0-9])0[0-9]*[^0-9]*$')"
    power = f"regexp_matches({column}, '^[0-9]+([.][0-9]+)?[eE][+]?[0-9]+$')"
    out: dict[str, list[Shape]] = defaultdict(list)
    for force, *parts in held.con.execute(
        f"SELECT force, {shape}, {zero}, {power}, count(*) FROM {TABLE} WHERE {column} IS NOT NULL "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall():
        out[force].append(Shape(*parts))
    return out


def _odd(held: Held, shapes: list[Shape], common: set[str]) -> dict[str, list[Shape]]:
    """Why some shapes are odd -> those shapes."""
    total = sum(s.keys for s in shapes)
    out: dict[str, list[Shape]] = defaultdict(list)
    powers = [s for s in shapes if s.power and ("." in s.text or s.text.startswith("9A"))]
    plain = [s for s in shapes if s not in powers]
    if powers and sum(s.keys for s in powers) < total * 0.5:
        out["a number as a power of ten"] = powers
    if total < held.settings.key_records:
        return out
    outlines = Counter[str]()
    for s in plain:
        outlines[s.outline()] += s.keys
    usual, most = max(outlines.items(), key=lambda o: (o[1], o[0]), default=("", 0))
    if most < total * held.settings.key_share:
        return out
    few = max(1.0, total * held.settings.key_rare)
    rare = {o for o, n in outlines.items() if n <= few and o not in common}
    out["another shape"] = [s for s in plain if s.outline() != usual and s.outline() in rare]
    out["too few figures"] = list(_shortened(held, [s for s in plain if s.outline() == usual]))
    return {why: odd for why, odd in out.items() if odd}


def _shortened(held: Held, shapes: list[Shape]) -> Iterator[Shape]:
    """Where numbers are filled up with zeros to one length, a shorter one has lost some.

    Numbers that merely count on grow longer by themselves; none of them begins with a zero.
    """
    lengths = Counter[int]()
    for s in shapes:
        lengths[s.length()] += s.keys
    length, most = max(lengths.items(), key=lambda n: (n[1], n[0]))
    filled = any(s.zero and s.length() == length and length > 1 for s in shapes)
    if filled and most >= sum(lengths.values()) * held.settings.key_share:
        yield from (s for s in shapes if s.length() < length)


def _rows(held: Held, name: str, odd: set[tuple[str, str, str]]) -> dict[tuple[str, str], list[str]]:
    """Force and why -> the records whose key has one of some shapes: force, why, shape."""
    out: dict[tuple[str, str], list[str]] = defaultdict(list)
    if not odd:
        return out
    why = {(force, shape): why for force, why, shape in odd}
    found = held.con.execute(
        f"SELECT force, {_shape_sql(name)} AS _shape, {held.key_sql()} FROM {TABLE} WHERE {held.asked_sql()} "
        f"AND _shape IN ({texts(sorted({shape for _force, shape in why}))})"
    ).fetchall()
    for force, shape, row in found:
        if (force, shape) in why:
            out[force, why[force, shape]].append(row)
    return dict(sorted(out.items()))
