"""Measures of time as conditions: where each record stands at the as-at moment, and since how many seconds.

The as-at moment is the end of the as-at day in Europe/London. It stands in the conditions as a literal,
so that the cells counted with it are found again for that day alone; ``seconds`` give the exact counts
for each second that quantiles are made of.

A record whose times cannot be true is unknown, never within: a start or an end after the as-at moment,
an end before the start, a day of being served without its time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from openpeel.engine import clock
from openpeel.engine.declare.expressions import Name
from openpeel.engine.declare.measures import AgeOfBacklog, AnyMeasure, MedianWait, Quantile, ShareWithin
from openpeel.engine.declare.records import ColumnType, RecordType, date_of
from openpeel.engine.sql import quote, texts
from openpeel.errors import UserError

#: Stands for the as-at day where the measure itself is meant: in its version, and when it is checked.
ANY_DAY = date(2000, 1, 1)

#: What is counted -> the state of the records it counts. ``known`` are those due, whatever came of them.
_SHARE = {
    "met": ("within",),
    "known": ("within", "late", "waiting"),
    "unknown": ("unknown",),
    "not_yet_due": ("not yet due",),
    "waiting": ("waiting",),
    "withdrawn": ("withdrawn",),
}
_MEDIAN = {
    "served": ("served",),
    "waiting": ("waiting",),
    "unknown": ("unknown",),
    "withdrawn": ("withdrawn",),
}


@dataclass(frozen=True)
class Timed:
    """What is counted -> SQL condition; what is kept second by second -> SQL for the seconds, or NULL."""

    counts: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, str] = field(default_factory=dict)


def is_aged(measure: AnyMeasure) -> bool:
    """Whether a measure's counts depend on the as-at day itself, and not just on what was known on it."""
    return isinstance(measure, ShareWithin | MedianWait | AgeOfBacklog)


def timed(
    measure: ShareWithin | Quantile | MedianWait,
    where: str,
    names: Mapping[str, Name],
    record_type: RecordType,
    as_at: date | None,
) -> Timed:
    """The conditions of a measure of time.

    Args:
        measure: the measure.
        where: its own condition, as SQL.
        names: the columns it may use.
        record_type: the type it is of.
        as_at: the as-at day; ``None`` where the measure itself is meant and no records are counted.

    Raises:
        UserError: a column is not there or of another type, or there is not exactly one limit.
    """
    if isinstance(measure, Quantile):
        return _quantile(measure, where, names)
    for part in ("start", "served", "withdrawn"):
        if getattr(measure, part) or part != "withdrawn":
            _needs(measure, part, ("instant",), names)
    moment = clock.instant_sql(clock.end_of_day(as_at or ANY_DAY))
    limit = _limit(measure, names) if isinstance(measure, ShareWithin) else ""
    state = _state(measure, limit, moment, {c.name for c in record_type.columns})
    wanted = _SHARE if limit else _MEDIAN
    counts = {what: f"({where}) AND {_is(state, states)}" for what, states in wanted.items()}
    if limit:
        return Timed(counts)
    start = quote(measure.start)
    took = clock.seconds_between_sql(start, quote(measure.served))
    age = clock.seconds_between_sql(start, moment)
    kept = {"served": took, "waiting": age}
    return Timed(counts, {what: f"CASE WHEN {counts[what]} THEN {took} END" for what, took in kept.items()})


def _quantile(measure: Quantile, where: str, names: Mapping[str, Name]) -> Timed:
    _needs(measure, "of_duration", ("duration",), names)
    if not 0 <= measure.p <= 1:
        raise UserError(f"p is {measure.p}", measure.id, "write a number from 0 to 1; 0.5 is the median")
    took = quote(measure.of_duration)
    known = f"({where}) AND {took} >= 0"
    unknown = f"({where}) AND ({took} IS NULL OR {took} < 0)"
    return Timed({"known": known, "unknown": unknown}, {"known": f"CASE WHEN {known} THEN {took} END"})


def _state(measure: ShareWithin | MedianWait, limit: str, moment: str, supplied: set[str]) -> str:
    """SQL for where a record stands at the as-at moment.

    A supplied instant may be known by its day alone, which stands beside it: served on that day means
    served, at a time that is not known.
    """
    start, served = quote(measure.start), quote(measure.served)
    gone = quote(measure.withdrawn) if measure.withdrawn else "CAST(NULL AS TIMESTAMP)"
    left = f"{gone} IS NOT NULL"
    impossible = [
        f"{start} > {moment}",
        f"{served} > {moment}",
        f"{served} < {start}",
        f"({served} IS NULL AND ({gone} > {moment} OR {gone} < {start}))",
    ]
    if measure.served in supplied:
        impossible.append(f"({served} IS NULL AND {quote(date_of(measure.served))} IS NOT NULL)")
    if measure.withdrawn in supplied:
        left = f"({left} OR {quote(date_of(measure.withdrawn))} IS NOT NULL)"
    lacking = f"{start} IS NULL OR {limit} IS NULL OR {limit} < 0" if limit else f"{start} IS NULL"
    if limit:
        age, took = (clock.seconds_between_sql(start, end) for end in (moment, served))
        known = (
            f"WHEN {age} < {limit} THEN 'not yet due' WHEN {served} IS NULL THEN 'waiting' "
            f"WHEN {took} <= {limit} THEN 'within' ELSE 'late'"
        )
    else:
        known = f"WHEN {served} IS NULL THEN 'waiting' ELSE 'served'"
    return (
        f"CASE WHEN {' OR '.join(impossible)} THEN 'unknown' "
        f"WHEN {served} IS NULL AND {left} THEN 'withdrawn' "
        f"WHEN {lacking} THEN 'unknown' {known} END"
    )


def _is(state: str, states: tuple[str, ...]) -> str:
    return f"({state}) IN ({texts(states)})"


def _limit(measure: ShareWithin, names: Mapping[str, Name]) -> str:
    if (measure.limit_seconds is None) == (not measure.limit):
        raise UserError("needs one limit", measure.id, "declare limit_seconds, or limit with a column's name")
    if measure.limit_seconds is not None:
        return str(int(measure.limit_seconds))
    _needs(measure, "limit", ("integer", "duration"), names)
    return quote(measure.limit)


def _needs(measure: AnyMeasure, part: str, types: tuple[ColumnType, ...], names: Mapping[str, Name]) -> None:
    column = getattr(measure, part)
    where = f"{measure.id}: {part}"
    if column not in names:
        raise UserError(f"there is no column `{column}`", where, f"columns: {', '.join(sorted(names))}")
    if names[column].type not in types:
        found = names[column].type
        raise UserError(
            f"`{column}` is of type {found}", where, f"name a column of type {' or '.join(types)}"
        )
