"""Keys that look unlike the rest of a force's keys: 1.2E+05, lost leading zeros, another shape altogether.

A key is looked at by its shape: each letter an A, each figure a 9. What spreadsheets do to a column of
numbers (rounding them to powers of ten, dropping the zeros in front) shows in the shape alone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from openpeel.engine.check.doubt import Doubt
from openpeel.engine.check.held import TABLE, Held, records
from openpeel.engine.sql import quote, texts

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FIGURES = "012345678"
_FROM, _TO = _LETTERS + _FIGURES, "A" * len(_LETTERS) + "9" * len(_FIGURES)
#: The same, byte by byte.
_SHAPE_OF = np.arange(256, dtype=np.uint8)
_SHAPE_OF[np.frombuffer(_FROM.encode(), np.uint8)] = np.frombuffer(_TO.encode(), np.uint8)
_LAST = re.compile(r"(9+)[^9]*$")
_MAYBE_POWER = re.compile(r"^9+([.]9+)?A[+]?9+$")
_POWER = re.compile(r"^[0-9]+([.][0-9]+)?[eE][+]?[0-9]+$")


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
    """Force -> the shapes of its keys."""
    column = quote(name)
    known = f"SELECT force, {column} AS key FROM {TABLE} WHERE {column} IS NOT NULL"
    counts = Counter[tuple[str, str, bool, bool]]()
    for batch in held.con.sql(known).to_arrow_table().to_batches():
        counts.update(_counted(batch["force"], batch["key"]))
    out: dict[str, list[Shape]] = defaultdict(list)
    for (force, shape, zero, power), many in sorted(counts.items()):
        out[force].append(Shape(shape, zero, power, many))
    return out


def _counted(forces: pa.StringArray, keys: pa.StringArray) -> dict[tuple[str, str, bool, bool], int]:
    """Force, shape, whether it begins with a zero, whether it is a power of ten -> how many keys."""
    shaped, coded = _shaped(keys).dictionary_encode(), forces.dictionary_encode()
    shapes, codes, names = (
        shaped.dictionary.to_pylist(),
        shaped.indices.to_numpy(),
        coded.dictionary.to_pylist(),
    )
    flags = _begins_with_zero(keys, codes, shapes) * 2 + _powers(keys, codes, shapes)
    each = (coded.indices.to_numpy().astype(np.int64) * len(shapes) + codes) * 4 + flags
    return {
        (names[one // 4 // len(shapes)], shapes[one // 4 % len(shapes)], one % 4 >= 2, one % 2 == 1): many
        for one, many in zip(*(of.tolist() for of in np.unique(each, return_counts=True)), strict=True)
    }


def _shaped(keys: pa.StringArray) -> pa.StringArray:
    """Each letter an A, each figure a 9: byte by byte, since ``translate`` takes twenty times as long."""
    validity, begins, data = keys.buffers()
    changed = _SHAPE_OF[np.frombuffer(data, np.uint8)] if data else np.zeros(0, np.uint8)
    return pa.StringArray.from_buffers(len(keys), begins, pa.py_buffer(changed), validity, offset=keys.offset)


def _begins_with_zero(keys: pa.StringArray, codes: np.ndarray, shapes: list[str]) -> np.ndarray:
    """Whether the last number in each key begins with a zero."""
    found = [_LAST.search(s) for s in shapes]
    last = np.array([len(s[: m.start()].encode()) if m else -1 for s, m in zip(shapes, found, strict=True)])
    out = np.zeros(len(keys), np.int64)
    has = np.flatnonzero(last[codes] >= 0)
    if len(has):
        data = np.frombuffer(keys.buffers()[2], np.uint8)
        begins = np.frombuffer(keys.buffers()[1], np.int32)[keys.offset :][: len(keys)]
        out[has] = data[begins[has] + last[codes[has]]] == ord("0")
    return out


def _powers(keys: pa.StringArray, codes: np.ndarray, shapes: list[str]) -> np.ndarray:
    """Whether each key is a number written as a power of ten."""
    may = np.array([bool(_MAYBE_POWER.search(s)) for s in shapes], np.bool_)
    out = np.zeros(len(keys), np.int64)
    at = np.flatnonzero(may[codes])
    out[at] = [bool(_POWER.search(k)) for k in keys.take(pa.array(at)).to_pylist()]
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
