"""The periods of published tables: first and last day, from the ways in which they are written.

What cannot be read is handed on as it stands, so that intake sets the row aside and shows it.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from openpeel.engine.intake.mapping import BLANK_WORDS

#: First and last day as text; both the unreadable text itself where nothing could be read.
Period = tuple[str, str]

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DAY_FIRST = re.compile(r"(\d{2})[-/](\d{2})[-/](\d{4})")
_FINANCIAL = re.compile(r"(?<!\d)(\d{4})[/-](?:\d{2})?(\d{2})(?!\d|-\d)")
_NAMED = re.compile(r"([a-z]+)[ _-]?(\d{4})?[ _-]+(?:to[ _-]+)?([a-z]+)[ _-]?(\d{4})", re.IGNORECASE)


def _unread(*texts: str) -> Period:
    """What stands there in place of a period; nothing where nothing stands there."""
    text = " ".join(t for t in texts if t.upper() not in BLANK_WORDS)
    return text, text


def day_of(text: str) -> date | None:
    """A date written year first or day first, or nothing."""
    iso, day_first = _ISO.fullmatch(text), _DAY_FIRST.fullmatch(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if day_first:
            return date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
    except ValueError:
        return None
    return None


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def whole_month_end(day: date) -> date:
    """The last day of the month that a date lies in."""
    return month_end(day.year, day.month)


def year_to(text: str) -> Period:
    """The twelve months that end with the month of a date: tables count whole months, and misprint days."""
    day = day_of(text)
    if day is None:
        return _unread(text)
    end = whole_month_end(day)
    start = end + timedelta(days=1)
    return start.replace(year=start.year - 1).isoformat(), end.isoformat()


def financial_year(text: str) -> Period:
    """``2018/19`` or ``2018-19``: April to March."""
    found = _FINANCIAL.search(text)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        return _unread(text)
    first = int(found[1])
    return f"{first}-04-01", f"{first + 1}-03-31"


def financial_quarter(year: str, quarter: str) -> Period:
    """A quarter of a financial year; the first is April to June."""
    start, end = financial_year(year)
    if start == end or quarter not in ("1", "2", "3", "4"):
        return _unread(year, quarter)
    first = int(start[:4]) + (quarter == "4")
    month = (int(quarter) * 3) % 12 + 1
    return date(first, month, 1).isoformat(), month_end(first, month + 2).isoformat()


def month(year: str, name: str) -> Period:
    """A month by its name."""
    number = _MONTHS.get(name.lower())
    if number is None or not re.fullmatch(r"[1-9]\d{3}", year):
        return _unread(year, name)
    return date(int(year), number, 1).isoformat(), month_end(int(year), number).isoformat()


def from_name(name: str) -> Period | None:
    """The months a file's name tells: ``april2018-march2019``, ``january-march2017``."""
    for found in _NAMED.finditer(name):
        first, last = _MONTHS.get(found[1].lower()), _MONTHS.get(found[3].lower())
        if first and last:
            start = date(int(found[2] or found[4]), first, 1)
            end = month_end(int(found[4]), last)
            return (start.isoformat(), end.isoformat()) if start < end else None
    return None
