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


def local_date_sql(instant_with_zone: str) -> str:
    """SQL for the local date of an instant (a TIMESTAMPTZ expression)."""
    return f"CAST(timezone('{ZONE}', {instant_with_zone}) AS DATE)"
