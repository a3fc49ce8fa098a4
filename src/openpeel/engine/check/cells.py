"""Totals by month: numbers far from the same number in other months, zeros for what was missing, months copied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log, log2, sqrt
from statistics import median

from openpeel.engine.check.chance import poisson_none, poisson_tail, smoothed
from openpeel.engine.check.doubt import Doubt
from openpeel.engine.check.held import TABLE, Held, spoken
from openpeel.engine.sql import quote

_MAD = 1.4826
_LEAST_SPREAD = 0.08
#: Numbers that two months must have in common, none of them zero, before one may be a copy of the other.
_COPIED = 5

Cells = dict[tuple[str, ...], dict[int, tuple[float, str]]]


@dataclass(frozen=True)
class Odd:
    """A number unlike the same number of other months."""

    force: str
    month: int
    key: str
    value: float
    usual: float


def doubts_of_counts(held: Held) -> list[Doubt]:
    """Doubts about single numbers of a table of totals, and about months that repeat another."""
    if not held.is_count or held.looked_at[1] <= held.looked_at[0]:
        return []
    out = list[Doubt]()
    by_month: dict[tuple[str, int], list[tuple[tuple[str, ...], str, float]]] = defaultdict(list)
    for column in held.type.columns:
        if column.type not in ("integer", "number", "duration") or column.name in held.type.key:
            continue
        cells = _cells(held, column.name)
        for (force, *rest), months in cells.items():
            for month, (value, _key) in months.items():
                by_month[force, month].append((tuple(rest), column.name, value))
        out += _odd_cells(held, column.name, cells)
    return [*out, *_copies(held, by_month)]


def _cells(held: Held, name: str) -> Cells:
    """Force and the words of the key -> month -> value and the text of the row's key."""
    days = [c.name for c in held.type.columns if c.type in ("date", "instant")]
    words = [f"coalesce(CAST({quote(k)} AS VARCHAR), '')" for k in held.type.key if k not in days]
    first, last = held.looked_at
    found = held.con.execute(
        f"SELECT force, [{', '.join(words)}]::VARCHAR[], month, CAST({quote(name)} AS DOUBLE), {held.key_sql()} "
        f"FROM {TABLE} WHERE {quote(name)} IS NOT NULL AND month BETWEEN {first} AND {last}"
    ).fetchall()
    out: Cells = defaultdict(dict)
    for force, parts, month, value, key in found:
        out[(force, *parts)][month] = (value, key)
    return out


def _odd_cells(held: Held, name: str, cells: Cells) -> Iterator[Doubt]:
    typical = _typical_spread(held, cells)
    zero, jump = defaultdict[tuple[str, int], list[Odd]](list), defaultdict[tuple[str, int], list[Odd]](list)
    for (force, *_rest), months in cells.items():
        if len(months) < held.settings.months_least:
            continue
        middle = median(v for v, _key in months.values())
        for month, (value, key) in months.items():
            if not held.asked(month) or (middle > 0 and 0.8 * middle < value < 1.25 * middle):
                continue
            others = [v for m, (v, _k) in months.items() if m != month]
            odd = Odd(force, month, key, value, median(others))
            if value == 0 and min(others) > 0 and poisson_none(odd.usual / 2) < held.settings.gap_p:
                zero[force, month].append(odd)
            elif value > 0 and _jumped(held, value, others, typical):
                jump[force, month].append(odd)
    yield from _told(held, "cells.zero", name, zero, _SAID_ZERO)
    yield from _told(held, "cells.jump", name, jump, _SAID_JUMP)


def _typical_spread(held: Held, cells: Cells) -> float:
    """How far numbers lie from their own median, ordinarily (log): a few months alone cannot say it."""
    spreads = []
    for months in cells.values():
        logs = [log(v) for v, _key in months.values() if v > 0]
        if len(logs) >= held.settings.months_least:
            middle = median(logs)
            spreads.append(_MAD * median(abs(x - middle) for x in logs))
    return max(median(spreads) if spreads else 0.0, _LEAST_SPREAD)


def _jumped(held: Held, value: float, others: list[float], typical: float) -> bool:
    s, usual = held.settings, median(others)
    above = [log(v) for v in others if v > 0]
    if usual <= 0 or len(above) < 3:
        return False
    apart = log(value / usual)
    middle = median(above)
    spread = max(_MAD * median(abs(x - middle) for x in above), typical)
    if abs(apart) < max(log(s.jump_ratio), s.jump_spread * sqrt(spread**2 + 1 / max(usual, 1))):
        return False
    return value < 1 or poisson_tail(round(value), usual) < s.gap_p


_SAID_ZERO = "is zero, where other months have about {usual:g}. If it was not counted, leave it blank"
_SAID_JUMP = (
    "is {value:g}, where other months have about {usual:g}. Check it against the source, its unit as well"
)


def _told(
    held: Held, check: str, name: str, found: Mapping[tuple[str, int], list[Odd]], said: str
) -> Iterator[Doubt]:
    for (force, month), odd in sorted(found.items()):
        first = said.format(value=odd[0].value, usual=odd[0].usual)
        more = f" ({len(odd)} numbers of the month are such)" if len(odd) > 1 else ""
        told = f"{name} in {spoken((month, month))} {first}, or say why it is so{more}."
        rows = [o.key for o in odd]
        yield held.told_months(check, "warning", force, (month, month), name, told, len(odd), rows)


def _copies(
    held: Held, by_month: Mapping[tuple[str, int], list[tuple[tuple[str, ...], str, float]]]
) -> Iterator[Doubt]:
    """Months in which every number is the same as in an earlier one."""
    seen: dict[tuple[tuple[tuple[str, ...], str, float], ...], list[tuple[str, int]]] = defaultdict(list)
    still = _standing_still(by_month)
    for place, numbers in sorted(by_month.items()):
        if sum(v != 0 for _rest, _name, v in numbers) >= _COPIED:
            seen[tuple(sorted(numbers))].append(place)
    for numbers_, places in seen.items():
        # The chance that none of them moved, were each free to; those of small counts often do not.
        chance = sum(log(still[_size(v)]) for _rest, _name, v in numbers_ if v)
        if len(places) < 2 or chance > log(held.settings.column_p):
            continue
        for force, month in places:
            others = [(f, m) for f, m in places if f != force or m < month]
            if others and held.asked(month):
                said = _said_copy(force, month, *others[0])
                span = (month, month)
                yield held.told_months(
                    "twice.month", "blocking", force, span, "all rows", said, len(numbers_)
                )


def _standing_still(
    by_month: Mapping[tuple[str, int], list[tuple[tuple[str, ...], str, float]]],
) -> dict[int, float]:
    """Size of a number -> the share of numbers of that size that are the same in the next month, with all forces."""
    same, of = defaultdict[int, int](int), defaultdict[int, int](int)
    before: tuple[str, dict[tuple[tuple[str, ...], str], float]] = "", {}
    for (force, _month), numbers in sorted(by_month.items()):
        now = {(rest, name): v for rest, name, v in numbers}
        for what, v in before[1].items() if before[0] == force else ():
            if v and what in now:
                of[_size(v)] += 1
                same[_size(v)] += now[what] == v
        before = force, now
    sizes = {_size(v) for numbers in by_month.values() for _rest, _name, v in numbers if v}
    return {size: smoothed(same[size], of[size]) for size in sizes}


def _size(value: float) -> int:
    return int(log2(abs(value))) if value else 0


def _said_copy(force: str, month: int, whose: str, before: int) -> str:
    other = spoken((before, before)) + ("" if whose == force else f" of {whose}")
    return (
        f"Every number of {spoken((month, month))} is that of {other}, as if it had been copied. Supply the month's "
        "own numbers, or confirm them."
    )
