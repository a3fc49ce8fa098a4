"""Columns of times read all at once: the common case, in which every one of them is plainly a time.

Most systems write a time as ``2024-03-04 14:05:00``, or Parquet has it typed. Where each value of a column is
such a time of the years in which the clocks change by one rule, the instant, the local date and their part of
the canonical text are had by looking up days and seconds in tables. A column with any other value is left as
it is, for the expressions of ``values.py``; so what comes out is what they would give.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from openpeel.engine import clock
from openpeel.engine.declare.records import Column, date_of
from openpeel.engine.intake.canonical import UNIT_SEPARATOR, part_name
from openpeel.engine.intake.distinct import GOOD, TEXT, TYPED, Quick
from openpeel.engine.intake.looks import STAMP_LENGTH, Look
from openpeel.engine.intake.mapping import Mapping, Rule

#: Years in which clocks change at 01:00 UTC on one day in spring and one in autumn.
_FIRST, _LAST = 1996, 2037
_DAY, _HOUR, _MICROS = 86_400, 3_600, 1_000_000
#: Rows worked on at a time: what fits into a processor's cache.
_STRETCH = 1 << 15
_THREADS = 2
_TYPES = (pa.string(), pa.timestamp("us"), pa.timestamp("us", "UTC"))
_PARTS = np.dtype(
    [("a", "S2"), ("day", "V10"), ("b", "S1"), ("time", "V8"), ("c", "S2"), ("date", "V10")]
)  # fmt: skip
#: What is read of some rows: seconds since the first day, which are known (``None``: all), parts of a second.
_Read = tuple[np.ndarray, "np.ndarray | None", "np.ndarray | None"]
#: What is made of it: microseconds, local dates, which are known, which cannot be read, parts of the text.
_Made = tuple[np.ndarray, np.ndarray, "np.ndarray | None", "np.ndarray | None", "pa.Array | None"]
_UNKNOWN = (UNIT_SEPARATOR + "-") * 2


@dataclass(frozen=True)
class _Days:
    """Tables of the days from the first to the last of the years looked at.

    ``summer`` tells whether a day begins in summer time; ``spring`` and ``autumn`` whether clocks change on it.
    """

    first: int
    count: int
    texts: np.ndarray
    summer: np.ndarray
    spring: np.ndarray
    autumn: np.ndarray
    months: np.ndarray
    lengths: np.ndarray


@cache
def _days() -> _Days:
    days = np.arange(f"{_FIRST}-01-01", f"{_LAST + 1}-01-01", dtype="datetime64[D]")
    changed = {True: np.zeros(len(days), bool), False: np.zeros(len(days), bool)}
    for year in range(_FIRST, _LAST + 1):
        for month, to_summer in ((3, True), (10, False)):
            changed[to_summer][_change(year, month) - days[0].astype(object).toordinal()] = True
    turns = changed[True].astype(np.int8) - changed[False].astype(np.int8)
    summer = np.concatenate([[0], np.cumsum(turns)[:-1]]).astype(bool)
    months = np.arange(f"{_FIRST}-01", f"{_LAST + 1}-02", dtype="datetime64[M]").astype("datetime64[D]")
    starts = months.astype(np.int64)
    texts = np.datetime_as_string(days).astype("S10").view("V10")
    first = int(days[0].astype(np.int64))
    return _Days(
        first, len(days), texts, summer, changed[True], changed[False], (starts - first)[:-1], np.diff(starts),
    )  # fmt: skip


def _change(year: int, month: int) -> int:
    """The day of a month on which clocks change, by the time zone data."""
    zone, last = ZoneInfo(clock.ZONE), datetime(year, month, 31, tzinfo=UTC)
    after = (last + timedelta(days=1)).astimezone(zone).utcoffset()
    while last.astimezone(zone).utcoffset() == after:
        last -= timedelta(days=1)
    return last.toordinal()


@cache
def _times() -> np.ndarray:
    """The text of every second of a day."""
    seconds = np.arange(_DAY)
    pairs = [seconds // _HOUR, seconds // 60 % 60, seconds % 60]
    out = np.full((_DAY, 8), ord(":"), np.uint8)
    for at, number in zip((0, 3, 6), pairs, strict=True):
        out[:, at], out[:, at + 1] = number // 10 + ord("0"), number % 10 + ord("0")
    texts: np.ndarray = out.view("V8").reshape(_DAY)
    return texts


def read_at_once(mapping: Mapping, quick: Quick, looks: dict[str, Look], names: Sequence[str]) -> Quick:
    """The table with those columns of times typed all of whose values are plainly times.

    Args:
        mapping: the mapping.
        quick: the table.
        looks: column -> what its texts look like.
        names: the columns to be looked at.
    """
    of_type = [mapping.type.column(name) for name in names]
    columns = [
        c
        for c in of_type
        if _may(c, mapping, quick.kinds[c.name], looks) and quick.table[c.name].type in _TYPES
    ]
    with ThreadPoolExecutor(_THREADS) as threads:
        found = list(threads.map(lambda c: _read(c, mapping, quick), columns))
    table, kinds, ready = quick.table, dict(quick.kinds), dict(quick.ready)
    for column, made in zip(columns, found, strict=True):
        if made is None:
            continue
        table = table.drop_columns([column.name])
        for name in made.column_names:
            table = table.append_column(name, made[name])
        kinds[column.name] = TYPED if "_bad_" + column.name in made.column_names else GOOD
        if part_name(column.name) in made.column_names:
            ready |= dict.fromkeys((column.name, date_of(column.name)), part_name(column.name))
    return Quick(table, kinds, ready)


def _may(column: Column, mapping: Mapping, kind: str, looks: dict[str, Look]) -> bool:
    if column.type != "instant" or column.since > 1 or mapping.rule(column.name) != Rule():
        return False
    if kind == "moment":
        return True
    if mapping.zone == "offset":
        return False
    if kind == "local":
        return True
    # A wording for unknown that looks like a time (1900-01-01 00:00:00, say) is none.
    words = any(len(w.encode()) == STAMP_LENGTH for w in mapping.blank_words())
    return kind == TEXT and looks[column.name].stamps and not words


def _read(column: Column, mapping: Mapping, quick: Quick) -> pa.Table | None:
    """What is stored of a column, or ``None`` where any value needs a closer look."""
    kind = quick.kinds[column.name]
    local = kind != "moment" and mapping.zone == "local"
    pieces = []
    for chunk in quick.table[column.name].chunks:
        for begins in range(0, len(chunk), _STRETCH):
            piece = chunk.slice(begins, _STRETCH)
            known = piece.is_valid().to_numpy(zero_copy_only=False) if piece.null_count else None
            read = _of_texts(piece, known) if kind == TEXT else _of_times(piece, known)
            made = _stored(read, local) if read else None
            if made is None:
                return None
            pieces.append(made)
    return _joined(column.name, pieces) if pieces else None


def _of_times(piece: pa.Array, known: np.ndarray | None) -> _Read:
    """What typed times say."""
    counts = np.frombuffer(piece.buffers()[1], np.int64, len(piece), piece.offset * 8)
    if known is not None:
        counts = np.where(known, counts, _days().first * _DAY * _MICROS)
    seconds = counts // _MICROS
    return seconds - _days().first * _DAY, known, counts - seconds * _MICROS


def _of_texts(piece: pa.Array, known: np.ndarray | None) -> _Read | None:
    """What texts say, each of which has the shape of a time or is empty; ``None`` where one is not in the calendar."""
    _, ends, data = piece.buffers()
    offsets = np.frombuffer(ends, np.int32, len(piece) + 1, piece.offset * 4)
    full = np.diff(offsets) > 0
    if known is not None and (full & ~known).any():
        return None  # a missing text over some bytes
    count = int(full.sum())
    if not count:
        return np.zeros(len(piece), np.int64), full, None
    texts = np.frombuffer(data, np.uint8, count * STAMP_LENGTH, offsets[0]).reshape(count, STAMP_LENGTH)
    seconds = _seconds(np.ascontiguousarray(texts.T))
    if seconds is None or count == len(piece):
        return None if seconds is None else (seconds, None, None)
    out = np.zeros(len(piece), np.int64)
    out[full] = seconds
    return out, full, None


def _seconds(figures: np.ndarray) -> np.ndarray | None:
    """Seconds since the first day of texts given as rows of their first, second … characters."""

    def number(*at: int) -> np.ndarray:
        out: np.ndarray = figures[at[0]].astype(np.int32) - ord("0")
        for n in at[1:]:
            out *= 10
            out += figures[n]
            out -= ord("0")
        return out

    year, month, day = number(0, 1, 2, 3), number(5, 6), number(8, 9)
    hour, minute, second = number(11, 12), number(14, 15), number(17, 18)
    if year.min() < _FIRST or year.max() > _LAST or month.min() < 1 or month.max() > 12:
        return None
    if hour.max() > 23 or minute.max() > 59 or second.max() > 59:
        return None
    months = (year - _FIRST) * 12 + month - 1
    if day.min() < 1 or (day > _days().lengths[months]).any():
        return None
    days = _days().months[months] + (day - 1)
    seconds: np.ndarray = days * _DAY + (hour * _HOUR + minute * 60 + second)
    return seconds


def _stored(read: _Read, local: bool) -> _Made | None:
    """Instants in microseconds, local dates, which are known, which cannot be read, and the parts."""
    seconds, known, beyond = read
    days, time = np.divmod(seconds, _DAY)
    if days.min() < 0 or days.max() >= _days().count:
        return None
    wrong = None
    if local:
        summer, lost = _in_summer_local(days, time)
        dates = days
        seconds = seconds - summer * np.int64(_HOUR)
        if lost is not None:
            wrong = lost if known is None else lost & known
            known = ~wrong if known is None else known & ~wrong
        days, time = np.divmod(seconds, _DAY)
        if days.min() < 0:
            return None
    else:
        dates = (seconds + _in_summer_utc(days, time) * np.int64(_HOUR)) // _DAY
    parts = None
    if beyond is None or not beyond.any():
        parts = _parts_of(days, time, dates, known)
    micros = (seconds + _days().first * _DAY) * _MICROS
    if beyond is not None:
        micros += beyond
    return micros, (dates + _days().first).astype(np.int32), known, wrong, parts


def _in_summer_local(days: np.ndarray, time: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Whether local times are of summer, and which never were; of the hour that is there twice, the first counts."""
    of = _days()
    summer = of.summer[days]
    lost = None
    spring = np.flatnonzero(of.spring[days])
    if len(spring):
        after = time[spring]
        summer[spring] = after >= 2 * _HOUR
        missing = (after >= _HOUR) & (after < 2 * _HOUR)
        if missing.any():
            lost = np.zeros(len(days), bool)
            lost[spring[missing]] = True
    autumn = np.flatnonzero(of.autumn[days])
    summer[autumn] = time[autumn] < 2 * _HOUR
    return summer, lost


def _in_summer_utc(days: np.ndarray, time: np.ndarray) -> np.ndarray:
    of = _days()
    summer: np.ndarray = of.summer[days]
    for change, begins in ((of.spring, True), (of.autumn, False)):
        at = np.flatnonzero(change[days])
        summer[at] = (time[at] >= _HOUR) == begins
    return summer


def _parts_of(
    days: np.ndarray, time: np.ndarray, dates: np.ndarray, known: np.ndarray | None
) -> pa.Array | None:
    """The parts of the canonical text of instant and date, one behind the other."""
    if dates.max() >= _days().count:
        return None
    if known is not None:
        days, time, dates = days[known], time[known], dates[known]
    out = np.empty(len(days), _PARTS)
    out["a"] = out["c"] = (UNIT_SEPARATOR + "=").encode()
    out["b"] = b" "
    out["day"], out["time"], out["date"] = _days().texts[days], _times()[time], _days().texts[dates]
    if known is None:
        offsets = np.arange(len(out) + 1, dtype=np.int32) * np.int32(_PARTS.itemsize)
        return pa.StringArray.from_buffers(len(out), pa.py_buffer(offsets), pa.py_buffer(out))
    offsets = np.zeros(len(known) + 1, np.int32)
    np.cumsum(known * np.int32(_PARTS.itemsize), out=offsets[1:])
    held = pa.array(known).buffers()[1]
    return pa.StringArray.from_buffers(len(known), pa.py_buffer(offsets), pa.py_buffer(out), held).fill_null(
        _UNKNOWN
    )


def _joined(name: str, pieces: list[_Made]) -> pa.Table:
    """The stretches of a column as one."""
    micros, dates = (np.concatenate([one[n] for one in pieces]) for n in (0, 1))
    unknown = None
    if any(one[2] is not None for one in pieces):
        unknown = np.concatenate(
            [np.zeros(len(one[0]), bool) if one[2] is None else ~one[2] for one in pieces]
        )
    out = {
        name: pa.array(micros, pa.int64(), mask=unknown).cast(pa.timestamp("us")),
        date_of(name): pa.array(dates, pa.int32(), mask=unknown).cast(pa.date32()),
    }
    if any(one[3] is not None for one in pieces):
        out["_bad_" + name] = pa.array(
            np.concatenate([np.zeros(len(one[0]), bool) if one[3] is None else one[3] for one in pieces])
        )
    if all(one[4] is not None for one in pieces):
        out[part_name(name)] = pa.chunked_array([one[4] for one in pieces])
    return pa.table(out)
