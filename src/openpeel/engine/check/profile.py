"""What force and month hold in each column, as tables of counts: one row a force, one column a month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from openpeel.engine.check.frame import Codes, Flags, Frame, Values
from openpeel.engine.check.held import Held
from openpeel.engine.declare.records import date_of

Table = npt.NDArray[np.int64]
#: Where a day's second half begins on a clock of twelve hours, and the months of summer time in the main (0: January).
_NOON, _SUMMER = 13 * 3600, (3, 4, 5, 6, 7, 8, 9)
#: A column of more different values than this is one of numbers or names; of these so many are looked at.
_WORDS, _OFTEN = 300, 20


@dataclass(frozen=True)
class Tally:
    """How many records of each force and month have something, of those of which it can be said."""

    subject: str
    hits: Table
    of: Table


@dataclass(frozen=True)
class Quarters:
    """The quartiles of a quantity above zero by force and month; not a number where there is none.

    ``known`` is how many values there are.
    """

    subject: str
    known: Table
    low: Values
    middle: Values
    high: Values


@dataclass(frozen=True)
class Profile:
    """The counts of a record type, by force and month."""

    held: Held
    frame: Frame

    @property
    def forces(self) -> list[str]:
        """The forces, a row each."""
        return self.frame.forces

    @cached_property
    def first(self) -> int:
        """The month of the first column."""
        return self.held.looked_at[0]

    @cached_property
    def shape(self) -> tuple[int, int]:
        """How many forces, and how many months."""
        first, last = self.held.looked_at
        return len(self.forces), max(0, last - first + 1)

    @cached_property
    def asked(self) -> Flags:
        """The months of which doubts are asked for."""
        return np.array([self.held.asked(self.first + m) for m in range(self.shape[1])], bool)

    @cached_property
    def _inside(self) -> Flags:
        first, last = self.held.looked_at
        return np.asarray((self.frame.month >= first) & (self.frame.month <= last))

    @cached_property
    def _groups(self) -> Codes:
        """Of each record within the months looked at, the place of its force and month."""
        inside = self._inside
        return self.frame.force[inside] * self.shape[1] + self.frame.month[inside] - self.first

    def place(self, force: str, month: int) -> tuple[int, int]:
        """The row and the column of a force and month."""
        return self.forces.index(force), month - self.first

    @cached_property
    def rows(self) -> Table:
        """How many records there are."""
        return self._count(None)

    def _count(self, which: Flags | None) -> Table:
        groups = self._groups if which is None else self._groups[which]
        return np.bincount(groups, minlength=self.shape[0] * self.shape[1]).reshape(self.shape)

    def tally(self, subject: str, hits: Flags, known: Flags) -> Tally:
        """Counts of what is true of the known values of a quantity."""
        return Tally(subject, self._count(hits & known), self._count(known))

    def places(self, which: Flags) -> tuple[Codes, Codes]:
        """Of some of the records within the months looked at, the row and the column of their force and month."""
        groups = self._groups[which]
        return groups // self.shape[1], groups % self.shape[1]

    def blanks(self) -> Iterator[Tally]:
        """Of each column that may be blank, how many records do not have it."""
        for name, blank in self.frame.blank.items():
            if blank.any():
                yield Tally(name, self._count(blank[self._inside]), self.rows)

    def midnights(self) -> Iterator[Tally]:
        """Of each column of times, how many of its values are midnight, or days without a time.

        In summer 01:00:00 to the second is taken for midnight as well, which is rare and adds nothing to a share.
        """
        for column in self.held.kept():
            if column.type == "instant":
                seconds = self.frame.numbers[column.name][self._inside]
                days = self.frame.numbers[date_of(column.name)][self._inside]
                apart = _midnight(days) - seconds
                yield self.tally(
                    column.name, (apart == 0) | (apart == 3600) | np.isnan(seconds), ~np.isnan(days)
                )

    def clocks(self) -> Iterator[tuple[Tally, Tally]]:
        """Of each column of times, how many lie in the first half of the day, and how many on the full hour."""
        for column in self.held.kept():
            if column.type == "instant":
                seconds = self.frame.numbers[column.name][self._inside]
                apart = seconds - _midnight(self.frame.numbers[date_of(column.name)][self._inside])
                # In summer the clock is an hour ahead of UTC, so that the first hour of a day lies before it.
                summer = np.isin(self.frame.month[self._inside] % 12, _SUMMER)
                local, known = apart + np.where(summer, 3600, 0), ~np.isnan(seconds)
                yield (
                    self.tally(column.name, known & (local < _NOON), known),
                    self.tally(column.name, known & (np.mod(apart, 3600) == 0), known),
                )

    @cached_property
    def quantities(self) -> list[tuple[str, Values]]:
        """Numbers, durations, and the seconds from the anchor to other times of a row; one value a record."""
        held, numbers, inside = self.held, self.frame.numbers, self._inside
        out = []
        for c in held.kept():
            if c.name in held.type.key or (c.type == "number" and c.personal != "none"):
                continue
            if c.type in ("integer", "number", "duration"):
                out.append((c.name, numbers[c.name][inside]))
            elif c.type == "instant" and c.name != self.start:
                out.append((f"{self.start} to {c.name}", self.apart(self.start, c.name)))
        return out

    @cached_property
    def start(self) -> str:
        """The column of times from which others are counted: the anchor, else the first; blank if there is none."""
        moments = [c.name for c in self.held.kept() if c.type == "instant"]
        return self.held.type.anchor if self.held.type.anchor in moments else next(iter(moments), "")

    def apart(self, first: str, second: str) -> Values:
        """The whole seconds from one column of times to another, of the records within the months looked at."""
        numbers, inside = self.frame.numbers, self._inside
        return np.asarray(np.floor(numbers[second][inside] - numbers[first][inside]))

    def words(self) -> Iterator[tuple[str, list[str], npt.NDArray[np.int64]]]:
        """Column, some of its values, and how often each stands, by force and month (the last axis is the value).

        Of a column of very many values, such as numbers of places, only those are told that stand often.
        """
        size = self.shape[0] * self.shape[1]
        for name, codes in self.frame.words.items():
            inside, values = codes[self._inside], self.frame.values[name]
            known = inside >= 0
            if len(values) > _WORDS:
                often = np.argsort(np.bincount(inside[known], minlength=len(values)))[-_OFTEN:]
                rank = np.full(len(values), len(often))
                rank[often] = np.arange(len(often))
                inside, values = np.where(known, rank[inside], -1), [*(values[n] for n in often), ""]
            if values:
                places = self._groups[known] * len(values) + inside[known]
                counts = np.bincount(places, minlength=size * len(values))
                yield name, values, counts.reshape((*self.shape, len(values)))

    def quarters(self, subject: str, values: Values) -> Quarters:
        """The quartiles of the values above zero."""
        good = values > 0
        held, where = values[good], self._groups[good]
        held = held[np.lexsort((held, where))]
        counts = np.bincount(where, minlength=self.shape[0] * self.shape[1])
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
        low, middle, high = (self._at(held, starts, counts, share) for share in (0.25, 0.5, 0.75))
        return Quarters(subject, counts.reshape(self.shape), low, middle, high)

    def _at(self, held: Values, starts: Table, counts: Table, share: float) -> Values:
        out = np.full(len(counts), np.nan)
        some = counts > 0
        out[some] = held[(starts + np.floor((counts - 1) * share + 0.5).astype(np.int64))[some]]
        return out.reshape(self.shape)


def _midnight(days: Values) -> Values:
    """The seconds at which days begin, as if they were days of UTC."""
    return (days - 719163) * 86400
