"""Months, local dates and the clock-change rule. All date arithmetic of the engine is here.

Instants are stored in UTC. A local date is the date in ``ZONE`` at that instant, which is never
ambiguous. The other way round it can be: a supplied local time in the hour that happens twice in
October is read as the first of the two (summer time), and a local time in the hour that does not
happen in March is not readable; the row is set aside.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from openpeel.errors import UserError

ZONE = "Europe/London"

_MONTH = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])")


def month_number(year: int, month: int) -> int:
    """Months counted from year 0, so that the next month is one more."""
    return year * 12 + month - 1


def month_of(day: date) -> int:
    """The month number of a date."""
    return month_number(day.year, day.month)


def month_text(number: int) -> str:
    """A month number as ``2019-07``."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def first_day(number: int) -> date:
    """The first day of a month."""
    return date(number // 12, number % 12 + 1, 1)


def last_day(number: int) -> date:
    """The last day of a month."""
    return date.fromordinal(first_day(number + 1).toordinal() - 1)


def parse_month(text: str) -> int:
    """The month number of ``2019-07``.

    Raises:
        UserError: it is not a month.
    """
    found = _MONTH.fullmatch(text.strip())
    if not found:
        raise UserError(f"`{text}` is not a month", do="write it as 2019-07")
    return month_number(int(found[1]), int(found[2]))


def parse_months(text: str) -> tuple[int, int]:
    """First and last month of ``2019-07`` or ``2019-07..2019-09``.

    Raises:
        UserError: it is not a month or range of months, or the range runs backwards.
    """
    first, to, last = text.partition("..")
    months = parse_month(first), parse_month(last if to else first)
    if months[0] > months[1]:
        raise UserError(f"`{text}` runs backwards", do="write the earlier month first")
    return months


def parse_day(text: str) -> date:
    """The date of ``2019-07-31``.

    Raises:
        UserError: it is not a date.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UserError(f"`{text}` is not a date", do="write it as 2019-07-31") from None


def end_of_day(day: date) -> datetime:
    """The moment in UTC at which a local day ends: midnight in ``ZONE``, which no change of clocks touches."""
    after = date.fromordinal(min(day.toordinal() + 1, date.max.toordinal()))
    return datetime.combine(after, time(), ZoneInfo(ZONE)).astimezone(UTC)


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


def month_sql(day: str) -> str:
    """SQL for the month number of a date expression."""
    return f"(year({day}) * 12 + month({day}) - 1)"


def instant_sql(instant: datetime) -> str:
    """SQL for an instant as it is stored."""
    return f"TIMESTAMP '{instant.astimezone(UTC).replace(tzinfo=None).isoformat(sep=' ')}'"


def seconds_between_sql(start: str, end: str) -> str:
    """SQL for the whole seconds from one stored instant to another; never a count of crossed minutes.

    Rounded down from exact microseconds, so that it is negative wherever the end is before the start.
    """
    return f"CAST(floor((epoch_us({end}) - epoch_us({start})) / 1000000) AS BIGINT)"


#: Between these years the clocks change on the last Sundays of March and October (tests hold it to the
#: time zone data), so that only on those days a look at the data is needed.
_STEADY = (1996, 2037)


def _by_season(stamp: str, summer: str, winter: str, else_: str) -> str:
    """SQL that takes the season from the date where that is certain, and asks the time zone data elsewhere."""
    month, day, weekday = f"month({stamp})", f"day({stamp})", f"dayofweek({stamp})"
    certain = (
        f"year({stamp}) BETWEEN {_STEADY[0]} AND {_STEADY[1]} "
        f"AND NOT ({month} IN (3, 10) AND {day} >= 25 AND {weekday} = 0)"
    )
    after = f"{day} - {weekday} >= 25"  # the last Sunday of a month of 31 days has gone by
    in_summer = f"{month} BETWEEN 4 AND 9 OR ({month} = 3 AND {after}) OR ({month} = 10 AND NOT {after})"
    return f"(CASE WHEN NOT ({certain}) THEN {else_} WHEN {in_summer} THEN {summer} ELSE {winter} END)"


def utc_of_local_sql(local: str) -> str:
    """SQL for a local time (a TIMESTAMP expression) as an instant in UTC.

    The first of two in October, NULL for the hour lost in March.
    """
    instant = f"timezone('{ZONE}', {local})"
    earlier = f"({instant} - INTERVAL 1 HOUR)"
    asked = (
        f"timezone('UTC', CASE WHEN timezone('{ZONE}', {instant}) <> {local} THEN NULL "
        f"WHEN timezone('{ZONE}', {earlier}) = {local} THEN {earlier} ELSE {instant} END)"
    )
    return _by_season(local, f"{local} - INTERVAL 1 HOUR", local, asked)


def local_date_of_utc_sql(instant: str) -> str:
    """SQL for the local date of an instant in UTC (a TIMESTAMP expression)."""
    asked = f"CAST(timezone('{ZONE}', timezone('UTC', {instant})) AS DATE)"
    return _by_season(
        instant, f"CAST({instant} + INTERVAL 1 HOUR AS DATE)", f"CAST({instant} AS DATE)", asked
    )
