"""Measures of what is open: backlogs, flows and ages, from arrivals and departures counted by the day.

A record that is known begins on a day and ends on a later one, on the same, or not yet. Counted are how many begin
and how many end on each day; what is open at the end of a day is all that began by then less all that ended by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from openpeel.engine.declare.expressions import Name
from openpeel.engine.declare.measures import FLOWS, AgeOfBacklog, AnyMeasure, Backlog, Flow
from openpeel.engine.declare.records import date_of
from openpeel.engine.measure.ages import ANY_DAY
from openpeel.engine.measure.figure import Bounds
from openpeel.engine.measure.kinds import Fields, Tally
from openpeel.engine.measure.quantiles import quantile_from_bins
from openpeel.engine.sql import quote
from openpeel.errors import UserError

#: Days are counted from this one.
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Days:
    """What is counted -> SQL condition; what is kept day by day -> SQL for the day's number, or NULL."""

    counts: dict[str, str] = field(default_factory=dict)
    bins: dict[str, str] = field(default_factory=dict)


def is_stock(measure: AnyMeasure) -> bool:
    """Whether a measure needs the records of all the months before, too."""
    return isinstance(measure, Backlog | Flow | AgeOfBacklog)


def by_day(
    measure: Backlog | Flow | AgeOfBacklog, where: str, names: Mapping[str, Name], as_at: date | None
) -> Days:
    """The conditions of a measure of what is open.

    Args:
        measure: the measure.
        where: its own condition, as SQL.
        names: the columns it may use.
        as_at: the as-at day; ``None`` where the measure itself is meant and no records are counted.

    Raises:
        UserError: a column is not there, or is no date or instant.
    """
    start, end = (_day(measure, part, names) for part in ("start", "end"))
    known = f"({start} IS NOT NULL AND ({end} IS NULL OR {end} >= {start}))"
    counts = {
        "known": f"({where}) AND {known}",
        "unknown": f"({where}) AND NOT {known}",
    }
    if isinstance(measure, AgeOfBacklog):
        day = f"DATE '{as_at or ANY_DAY}'"
        is_open = f"({where}) AND {known} AND {start} <= {day} AND ({end} IS NULL OR {end} > {day})"
        age = f"CASE WHEN {is_open} THEN CAST({_number(day)} - {_number(start)} AS BIGINT) END"
        return Days(counts | {"open": is_open}, {"age": age})
    ended = f"({where}) AND {known} AND {end} IS NOT NULL"
    return Days(
        counts,
        {
            "began": f"CASE WHEN ({where}) AND {known} THEN {_number(start)} END",
            "ended": f"CASE WHEN {ended} THEN {_number(end)} END",
        },
    )


def _number(day: str) -> str:
    return f"CAST(date_diff('day', DATE '{_EPOCH}', {day}) AS BIGINT)"


def _day(measure: AnyMeasure, part: str, names: Mapping[str, Name]) -> str:
    column, where = getattr(measure, part), f"{measure.id}: {part}"
    if column not in names:
        raise UserError(f"there is no column `{column}`", where, f"columns: {', '.join(sorted(names))}")
    if names[column].type not in ("date", "instant"):
        raise UserError(f"`{column}` is of type {names[column].type}", where, "name a date or an instant")
    return quote(date_of(column) if names[column].type == "instant" else column)


def backlog(tally: Tally, cut: tuple[str, str], day: date, said: str) -> Fields:
    """How many are open at the end of a day.

    Args:
        tally: counts over all the months held up to the day's.
        cut: dimension and category.
        day: the day.
        said: what the reader must know of the records.
    """
    value = _open(tally, cut, day)
    return _number_of(tally, cut, value, said)


def flow(tally: Tally, which: str, first: date, last: date, said: str) -> Fields:
    """One of the four figures of a flow from the first day to the last."""
    before, after = _open(tally, ("", ""), first - timedelta(days=1)), _open(tally, ("", ""), last)
    came, went = (_between(tally.bins(what, "", ""), first, last) for what in ("began", "ended"))
    return _number_of(
        tally, ("", ""), dict(zip(FLOWS, (before, came, went, after), strict=True))[which], said
    )


def age_of_backlog(measure: AgeOfBacklog, tally: Tally, cut: tuple[str, str], said: str) -> Fields:
    """A quantile of the ages in days of what is open; numerator and denominator are how many that are."""
    n, unknown, unsure = tally.at("open", cut), tally.at("unknown", cut), tally.unsure(cut)
    fields: Fields = {
        "numerator": n,
        "denominator": n,
        "unknown": unknown,
        "unknown_eligibility": unsure,
        "reason": said,
    }
    if not n:
        return fields | {"status": "no-data", "reason": f"nothing is open; {said}"}
    return fields | {"status": "ok", "value": quantile_from_bins(tally.bins("age", *cut), measure.p)}


def _number_of(tally: Tally, cut: tuple[str, str], value: int, said: str) -> Fields:
    """A number of records; those of which it is not known whether they count widen it to bounds."""
    unknown, unsure = tally.at("unknown", cut), tally.unsure(cut)
    return {
        "status": "ok",
        "value": float(value),
        "numerator": value,
        "denominator": value,
        "unknown": unknown,
        "unknown_eligibility": unsure,
        "bounds": Bounds(value, value + unknown + unsure) if unknown + unsure else None,
        "reason": said,
    }


def _open(tally: Tally, cut: tuple[str, str], day: date) -> int:
    began, ended = (tally.bins(what, *cut) for what in ("began", "ended"))
    return _between(began, None, day) - _between(ended, None, day)


def _between(days: Mapping[int, int], first: date | None, last: date) -> int:
    low = (first - _EPOCH).days if first else None
    high = (last - _EPOCH).days
    return sum(n for day, n in days.items() if day <= high and (low is None or day >= low))
