"""Days without records where there should be some, months that stop half way, and days with far too many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from openpeel.engine import clock
from openpeel.engine.check.chance import poisson_none, poisson_tail
from openpeel.engine.check.doubt import Doubt, Severity
from openpeel.engine.check.held import TABLE, Held
from openpeel.engine.sql import quote

#: Where weekends hold less than this share of a working day's records, offices are closed on holidays, too.
_OFFICE = 0.3
#: With fewer records in every month no run of days within one can be all but impossible.
_FEWEST = 12
#: A day needs so many records before there can be too many of them.
_SPIKE_LEAST = 8
#: Days that are looked at together to learn how they spread, and records they need for it.
_STRETCH, _TELLS = 28, 4
#: With so many records expected of all other forces on some days, hardly any is their doing as well.
_OTHERS = 3
#: Days that must be without a record at the end of a month before it is said to stop half way.
_END = 7


@dataclass(frozen=True)
class Days:
    """One force's records by day, from the first day with one to the last.

    ``first`` is the ordinal of the first day.
    """

    force: str
    first: int
    counts: npt.NDArray[np.int64]

    @cached_property
    def weekdays(self) -> npt.NDArray[np.int64]:
        """The day of the week of every day, Monday being 0."""
        return (self.first - 1 + np.arange(len(self.counts))) % 7

    @cached_property
    def usual(self) -> npt.NDArray[np.float64]:
        """How many records each day of the week ordinarily holds: the mean of the middle half of them."""
        return np.array([_middle(self.counts[self.weekdays == d]) for d in range(7)])

    def expected(self, day: int) -> float:
        """How many records a day of its kind ordinarily holds."""
        return float(self.usual[(day - 1) % 7])

    def count(self, day: int) -> int:
        """How many records a day holds."""
        place = day - self.first
        return int(self.counts[place]) if 0 <= place < len(self.counts) else 0

    @cached_property
    def clustering(self) -> float:
        """How many records ordinarily come at once, at least 1: by how much days spread more than chance has it.

        Four steps of one incident, or all the lines of a quarter, are no four or forty events. Three in four
        months spread less, so that one spoilt month does not hide itself.
        """
        found = _ratios(self)
        return max(1.0, float(np.quantile(found, 0.75))) if found else 1.0

    @cached_property
    def office(self) -> bool:
        """Whether hardly anything is recorded at weekends."""
        return bool(self.usual[5:].mean() < _OFFICE * self.usual[:5].mean())


def _ratios(days: Days) -> list[float]:
    """The variance of daily counts over their mean, for each stretch of four weeks with enough records."""
    by_weekday = days.usual
    if by_weekday.mean() < days.counts.mean() / 2:  # on most days nothing is recorded at all
        by_weekday = np.ones(7)
    out = []
    for at in range(0, len(days.counts) - _STRETCH + 1, _STRETCH):
        counts = days.counts[at : at + _STRETCH]
        shape = by_weekday[days.weekdays[at : at + _STRETCH]]
        if counts.sum() < _TELLS:
            continue
        expected = shape * counts.sum() / shape.sum()
        some = expected > 0
        out.append(float(((counts - expected)[some] ** 2 / expected[some]).sum() / (_STRETCH - 7)))
    return out


def _middle(values: npt.NDArray[np.int64]) -> float:
    quarter = len(values) // 4
    return float(np.sort(values)[quarter : len(values) - quarter].mean()) if len(values) else 0.0


def doubts_of_days(held: Held) -> list[Doubt]:
    """Doubts about the number of records by day."""
    if (
        held.is_count
        or held.type.kind == "reference"
        or held.type.anchor_known_to != "day"
        or not held.window
    ):
        return []
    # A force with a handful of records a month has no day that could be missed.
    enough = [f for f in held.counts if max(held.series(f).values(), default=0) >= _SPIKE_LEAST]
    all_days = _days(held) if enough else []
    every = [d for d in all_days if d.force in enough]
    common = max(held.at_once, float(np.median([d.clustering for d in every])) if every else 1.0)
    rest = _Rest(all_days)
    closed = _closed(every, held.settings.month_peers)
    out = list[Doubt]()
    for days in every:
        if max(held.series(days.force).values()) >= _FEWEST:
            out += _empty(held, days, closed, rest, max(common, days.clustering))
        out += _spikes(held, days, rest, max(common, days.clustering))
    return out


def _days(held: Held) -> list[Days]:
    """The days of every force; the small ones say together what no one of them can."""
    first, last = held.looked_at
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    found = held.con.execute(
        f"SELECT force, {quote(held.type.anchor_date())} - DATE '0001-01-01' + 1, count(*) FROM {TABLE} "
        f"WHERE month BETWEEN {first} AND {last} GROUP BY ALL"
    ).fetchall()
    for force, day, count in found:
        counts[force][day] = count
    return [_laid_out(force, counts[force]) for force in sorted(counts)]


def _laid_out(force: str, counts: dict[int, int]) -> Days:
    first = min(counts)
    out = np.zeros(max(counts) - first + 1, np.int64)
    out[np.fromiter(counts, np.int64) - first] = np.fromiter(counts.values(), np.int64)
    return Days(force, first, out)


def _closed(every: list[Days], peers: int) -> set[int]:
    """Days without a record with most forces that ordinarily have some: a holiday, or no force was open."""
    open_, none = defaultdict[int, int](int), defaultdict[int, int](int)
    for days in every:
        if days.usual.max() < 2:
            continue
        usual = days.usual[days.weekdays] >= 2
        for place in np.flatnonzero(usual):
            open_[days.first + int(place)] += 1
        for place in np.flatnonzero(usual & (days.counts == 0)):
            none[days.first + int(place)] += 1
    return {d for d, n in none.items() if open_[d] >= peers and n > open_[d] / 2}


class _Rest:
    """All forces' records by day, to be asked of the forces but one."""

    def __init__(self, every: list[Days]) -> None:
        self.first = min((d.first for d in every), default=0)
        end = max((d.first + len(d.counts) for d in every), default=0)
        self.counts = np.zeros(end - self.first, np.int64)
        for days in every:
            at = days.first - self.first
            self.counts[at : at + len(days.counts)] += days.counts
        self._without = dict[str, Days]()

    def _others(self, days: Days) -> Days:
        """The days of all forces but one, laid together: asked of few forces, so worked out when it is."""
        if days.force not in self._without:
            counts, at = self.counts.copy(), days.first - self.first
            counts[at : at + len(days.counts)] -= days.counts
            self._without[days.force] = Days("", self.first, counts)
        return self._without[days.force]

    def hardly_any(self, days: Days, first: int, last: int) -> bool:
        """Whether on some days the other forces together have next to nothing either."""
        others, span = self._others(days), range(first, last + 1)
        usual = sum(map(others.expected, span))
        return usual >= _OTHERS and sum(map(others.count, span)) < usual / 4

    def as_many(self, days: Days, day: int, times: float) -> bool:
        """Whether the other forces together have so many times their ordinary records on a day as well."""
        others = self._others(days)
        return others.count(day) >= max(_SPIKE_LEAST, times * others.expected(day))


def _empty(held: Held, days: Days, closed: set[int], rest: _Rest, clustering: float) -> Iterator[Doubt]:
    s = held.settings
    for month, rows in held.series(days.force).items():
        if not rows or not held.asked(month):
            continue
        end = clock.last_day(month).toordinal()
        found = []
        for first, last in _runs(held, days, closed, month):
            expected = [days.expected(d) for d in range(first, last + 1)]
            if days.office and sum(e > 0 for e in expected) < 3:
                continue
            # A month that stops half way is one question a month; any run of days is one a day.
            stops = last == end and last - first + 1 >= _END
            unlikely = poisson_none(sum(expected) / clustering) < (s.gap_p if stops else s.day_p)
            if unlikely and not rest.hardly_any(days, first, last):
                found.append((first, last))
        if found:
            yield _told_empty(held, days, month, found)


def _told_empty(held: Held, days: Days, month: int, found: list[tuple[int, int]]) -> Doubt:
    every = [d for first, last in found for d in range(first, last + 1)]
    usual = sum(map(days.expected, every)) / len(every)
    listed = ", ".join(_spoken(first, last) for first, last in found)
    told = (
        f"No record of {listed}, where days like these ordinarily hold {usual:.1f}. Supply them, or say why "
        "there were none."
    )
    return held.told_months(
        "days.missing", "warning", days.force, (month, month), "all rows", told, len(every)
    )


def _spoken(first: int, last: int) -> str:
    begins, ends = date.fromordinal(first), date.fromordinal(last)
    return f"{begins}" if first == last else f"{begins} to {ends}"


def _runs(held: Held, days: Days, closed: set[int], month: int) -> Iterator[tuple[int, int]]:
    """Days of a month without a record that follow each other."""
    known = held.first_supplied.get((days.force, month))
    end = clock.last_day(month).toordinal()
    if known:  # a supply within the month holds no day to come
        end = min(end, date.fromisoformat(known.day).toordinal() - 1)
    begun = None
    for day in range(clock.first_day(month).toordinal(), end + 1):
        if days.count(day) or day in closed:
            if begun is not None:
                yield begun, day - 1
            begun = None
        elif begun is None:
            begun = day
    if begun is not None:
        yield begun, end


def _spikes(held: Held, days: Days, rest: _Rest, clustering: float) -> Iterator[Doubt]:
    s = held.settings
    ordinary = max(float(np.median(days.usual)), 0.2)
    found: dict[tuple[int, bool], list[int]] = defaultdict(list)
    for place in np.flatnonzero(days.counts >= max(_SPIKE_LEAST, s.spike_times * ordinary)):
        day, count = days.first + int(place), int(days.counts[place])
        month = clock.month_of(date.fromordinal(day))
        expected = max(days.expected(day), ordinary)
        # Days spread more than chance alone would have it: half as many again are nothing unusual.
        if (
            held.asked(month)
            and count >= s.spike_times * expected
            and poisson_tail(round(count / clustering), 1.5 * expected / clustering) < s.spike_p
        ):
            found[month, rest.as_many(days, day, s.spike_times)].append(day)
    for (month, shared), listed in sorted(found.items()):
        named = ", ".join(f"{date.fromordinal(d)} ({days.count(d)})" for d in listed)
        told = (
            f"Far more records than on other days on {named}; ordinary are {ordinary:.1f}. A system may have "
            "written one day where none was known, or a batch came in: say which."
        )
        # With the other forces together, too, it is what happened on that day, or how all of them record.
        told += " The other forces have far more on it, too." if shared else ""
        severity: Severity = "note" if shared else "warning"
        many = sum(map(days.count, listed))
        yield held.told_months("days.spike", severity, days.force, (month, month), "all rows", told, many)
