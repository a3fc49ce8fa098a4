"""The values of a type's records as arrays, fetched once, so that many things can be asked of them cheaply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openpeel.engine.check.held import TABLE, Held
from openpeel.engine.declare.records import Column, date_of
from openpeel.engine.sql import quote

Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Values = npt.NDArray[np.float64]

#: Of a type with more records than are copied, so many are drawn, the same ones each time.
SAMPLE = 2_000_000
_NUMBERS = ("integer", "number", "duration")


@dataclass(frozen=True)
class Frame:
    """The values of a type's records, in one order.

    Attributes:
        force: of each record the place of its force among ``forces``.
        forces: the forces, in order.
        month: of each record its month.
        numbers: numbers and durations; days as ordinals, times as seconds, under their stored names.
        words: texts of few words and yes/no: for each record the place of its value, -1 where unknown.
        values: the values that ``words`` speaks of.
        blank: of each column that may be blank, whether it is.
    """

    force: Codes
    forces: list[str]
    month: Codes
    numbers: dict[str, Values]
    words: dict[str, Codes]
    values: dict[str, list[str]]
    blank: dict[str, Flags]


def frame_of(held: Held) -> Frame:
    """Fetch the values of the type at hand; a sample of them where there are millions."""
    asked = {"force": "force", "month": "month", **_numbers(held), **_words(held), **_others(held)}
    listed = ", ".join(f"{sql} AS {quote(f'c{n}')}" for n, sql in enumerate(asked.values()))
    drawn = "" if held.copied else f" USING SAMPLE reservoir({SAMPLE} ROWS) REPEATABLE (1)"
    table: pa.Table = held.con.sql(f"SELECT {listed} FROM {TABLE}{drawn}").to_arrow_table()
    columns = dict(zip(asked, table.columns, strict=True))
    codes, forces = _coded(columns.pop("force"))
    order = sorted(range(len(forces)), key=forces.__getitem__)
    rank = np.empty(len(forces), np.int64)
    rank[order] = np.arange(len(forces))
    month = columns.pop("month").to_numpy().astype(np.int64)
    coded = {n: _coded(columns[n]) for n in _words(held)}
    return Frame(
        rank[codes],
        [forces[n] for n in order],
        month,
        {n: _floats(columns[n]) for n in _numbers(held)},
        {n: c for n, (c, _v) in coded.items()},
        {n: v for n, (_c, v) in coded.items()},
        {c.name: _is_null(columns[_told_by(c)]) for c in _may_be_blank(held)},
    )


def named_by_words(held: Held) -> list[Column]:
    """The columns of texts and of yes and no: no key, nothing written freely."""
    return [
        c
        for c in held.kept()
        if c.type in ("text", "boolean") and c.personal != "free-text" and c.name not in held.type.key
    ]


def _told_by(column: Column) -> str:
    """The stored column that is blank where nothing was supplied: of a day without a time, the time is unknown."""
    return date_of(column.name) if column.type == "instant" else column.name


def _may_be_blank(held: Held) -> list[Column]:
    return [c for c in held.kept() if not c.required and c.name not in held.type.key]


def _numbers(held: Held) -> dict[str, str]:
    out = {}
    for c in held.kept():
        name = quote(c.name)
        if c.type in _NUMBERS:
            out[c.name] = f"CAST({name} AS DOUBLE)"
        elif c.type == "date":
            out[c.name] = f"CAST({name} - DATE '0001-01-01' + 1 AS DOUBLE)"
        elif c.type == "instant":
            day = date_of(c.name)
            out[day] = f"CAST({quote(day)} - DATE '0001-01-01' + 1 AS DOUBLE)"
            out[c.name] = f"CAST(epoch_us({name}) AS DOUBLE) / 1e6"
    return out


def _words(held: Held) -> dict[str, str]:
    return {
        c.name: f"CAST({quote(c.name)} AS VARCHAR)" if c.type == "boolean" else quote(c.name)
        for c in named_by_words(held)
    }


def _others(held: Held) -> dict[str, str]:
    """Columns of which it matters alone whether they are blank."""
    told = {*_numbers(held), *_words(held)}
    return {
        c.name: f"nullif({quote(c.name)} IS NULL, true)" for c in _may_be_blank(held) if c.name not in told
    }


def _coded(column: pa.ChunkedArray) -> tuple[Codes, list[str]]:
    encoded = column.combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, encoded.dictionary.to_pylist()


def _floats(column: pa.ChunkedArray) -> Values:
    found: Any = column.to_numpy()
    return np.asarray(found, np.float64)


def _is_null(column: pa.ChunkedArray) -> Flags:
    found: Any = column.is_null().to_numpy()
    return np.asarray(found, np.bool_)


def spread_of(values: Values, shares: Iterable[float]) -> list[float]:
    """The values at some shares of the known ones, in order; empty where none is known."""
    known = np.sort(values[~np.isnan(values)])
    return [float(known[int((len(known) - 1) * s)]) for s in shares] if len(known) else []
