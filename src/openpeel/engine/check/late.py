"""Supplies that came late: after the end of the collection's months, or long after the other forces' did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from statistics import median

from openpeel.engine import clock
from openpeel.engine.check.doubt import Doubt
from openpeel.engine.check.held import Held, runs, spoken

#: Month -> the last day, as an ordinal, on which its records are not late.
Lines = Mapping[int, float]


def lines_of(held: Held) -> Lines:
    """The day that each month is held to; none where there is neither a collection nor enough other forces."""
    days, months = held.settings.late_days, held.store.months
    came: dict[int, list[int]] = defaultdict(list)
    for (_force, month), supplied in held.first_supplied.items():
        if supplied.stated:
            came[month].append(date.fromisoformat(supplied.day).toordinal())
    if months:
        return dict.fromkeys(came, clock.last_day(months[1]).toordinal() + days)
    return {
        month: max(median(others), clock.last_day(month).toordinal()) + days
        for month, others in came.items()
        if len(others) >= held.settings.month_peers
    }


def is_late(held: Held, lines: Lines, force: str, month: int) -> bool | None:
    """Whether a month came late; ``None`` where the day of supply was not stated or there is no line to hold it to."""
    supplied = held.first_supplied.get((force, month))
    if supplied is None or not supplied.stated or month not in lines:
        return None
    return date.fromisoformat(supplied.day).toordinal() > lines[month]


def late(held: Held, lines: Lines) -> Iterator[Doubt]:
    """A doubt for each force and run of months that came late."""
    for force in held.counts if lines else ():
        months = [m for m in held.series(force) if held.asked(m) and is_late(held, lines, force, m)]
        for span in runs(months):
            many = span[1] - span[0] + 1
            day = max(held.first_supplied[force, m].day for m in range(span[0], span[1] + 1))
            told = (
                f"{spoken(span)} was supplied on {day}, more than {held.settings.late_days} days after "
                f"{'the end of the collection' if held.store.months else 'most other forces'}. Figures as at an "
                "earlier day do not hold it."
            )
            yield held.told_months("supply.late", "warning", force, span, "all rows", told, many)
