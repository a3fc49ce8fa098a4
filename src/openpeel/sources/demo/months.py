"""Months as data.police.uk cuts them: by local UK time, with the stamps in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from openpeel.sources.demo.stream import Choice

UK: Final = ZoneInfo("Europe/London")
FIRST: Final = (2024, 4)

_BY_HOUR: Final = (9, 7, 5, 3, 2, 2, 2, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 12, 12, 12, 12, 12, 11, 10)
_BY_WEEKDAY: Final = (0.9, 0.95, 1.0, 1.05, 1.15, 1.1, 0.85)
_SEASON: Final = (0.98, 0.96, 1.04, 1.02, 1.08, 1.03, 1.05, 1.02, 0.98, 1.04, 1.0, 0.8)


@dataclass(frozen=True)
class Hour:
    """One hour: the UTC stamp up to the minutes, and the stamp of the local midnight before it."""

    stamp: str
    midnight: str


@dataclass(frozen=True)
class Month:
    """A local month; 0 is the first of the world."""

    index: int
    year: int
    number: int

    @property
    def label(self) -> str:
        """As in file names: ``2024-04``."""
        return f"{self.year}-{self.number:02d}"

    @property
    def season(self) -> float:
        """How busy this month of the year is, against the average month."""
        return _SEASON[self.number - 1]

    @cached_property
    def hours(self) -> Choice[Hour]:
        """Every hour of the local month, busier in the evening and at the end of the week."""
        after = Month(self.index + 1, self.year + self.number // 12, self.number % 12 + 1)
        hour, end = _start(self), _start(after)
        weights: list[tuple[Hour, float]] = []
        while hour < end:
            weights.append(_weighted(hour))
            hour += timedelta(hours=1)
        return Choice(weights)


def months_of_world(count: int) -> list[Month]:
    """This many months from the first one on."""
    year, number = FIRST
    steps = [number - 1 + index for index in range(count)]
    return [Month(index, year + step // 12, step % 12 + 1) for index, step in enumerate(steps)]


def _start(month: Month) -> datetime:
    return datetime(month.year, month.number, 1, tzinfo=UK).astimezone(UTC)


def _weighted(hour: datetime) -> tuple[Hour, float]:
    local = hour.astimezone(UK)
    midnight = local.replace(hour=0, fold=0).astimezone(UTC)
    weight = _BY_HOUR[local.hour] * _BY_WEEKDAY[local.weekday()]
    return Hour(f"{hour:%Y-%m-%dT%H}:", f"{midnight:%Y-%m-%dT%H}:00:00+00:00"), weight
