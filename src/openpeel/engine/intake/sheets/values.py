"""What stands in a spreadsheet's cell, as exact text: numbers, dates, times, durations.

A spreadsheet stores a date as a number and says only by the cell's number format that it is one.
"""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Literal

#: What a number format makes of a number.
Shown = Literal["date", "time", "datetime", "duration"]

_BUILT_IN: dict[int, Shown] = {
    **dict.fromkeys((14, 15, 16, 17), "date"),
    **dict.fromkeys((18, 19, 20, 21, 45, 47), "time"),
    22: "datetime",
    46: "duration",
    # Of East Asian versions, where no code is written beside the number.
    **dict.fromkeys((27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "date"),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), "time"),
}
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.I)
#: Parts of a format code that stand for themselves: quoted, escaped, filling, brackets, AM and PM.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|am/pm|a/p', re.I)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DAY_MS = 86_400_000
_LAST_DAY = 2_958_465  # 31 December 9999


def shown_as(number: int, code: str | None) -> Shown | None:
    """Whether a number format shows a number as a date or time, and which; ``None``: as a number.

    Args:
        number: the format's number, which decides where no code is written.
        code: its code, such as ``dd/mm/yyyy``.
    """
    if code is None:
        return _BUILT_IN.get(number)
    section = code.split(";")[0]
    if _ELAPSED.search(re.sub(r'"[^"]*"|\\.', "", section)):
        return "duration"
    letters = _LITERAL.sub("", section).lower()
    if "general" in letters:
        return None
    time = "h" in letters or "s" in letters
    day = "y" in letters or "d" in letters or ("m" in letters and not time)
    if day:
        return "datetime" if time else "date"
    return "time" if time else None


def number_text(raw: str) -> str:
    """A number as the shortest text that says exactly it; whole numbers without a fraction.

    Raises:
        ValueError: it is not a finite number.
    """
    if raw.isascii() and raw.isdigit() and (raw[0] != "0" or raw == "0"):
        return raw
    value = _float(raw)
    # Above this a double's digits say more than it holds.
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    return repr(value)


def _float(raw: str) -> float:
    value = float(raw)
    if not math.isfinite(value) or "_" in raw:
        raise ValueError(raw)
    return value


def moment_text(raw: str, shown: Shown, from_1904: bool) -> str:
    """A serial number as the date, time or duration that it stands for, to the nearest millisecond.

    A whole day under a format of dates is a date; under a format with hours it keeps its midnight. A
    number below 1 is a time of day where days are counted from 1900. What is there but not shown (the
    hours under a format of dates) is kept.

    Raises:
        ValueError: no such date exists, or it is no number.
    """
    value = _float(raw)
    if abs(value) > _LAST_DAY + 1:
        raise ValueError(raw)
    total = round(value * _DAY_MS)
    if shown == "duration":
        return _clock(abs(total), sign="-" if total < 0 else "", hours=1)
    days, rest = divmod(total, _DAY_MS)
    if days > 0 and shown == "datetime" and not rest % 1000:  # nearly all, and short for speed
        return f"{_day(days, from_1904)} {_seconds(rest // 1000, 2)}"
    if shown == "time" and 0 <= value < 1:
        return _clock(rest)
    if shown != "date" and 0 < value < 1 and not from_1904:
        return _clock(rest)
    day = _day(days, from_1904)
    return day if shown == "date" and not rest else f"{day} {_clock(rest)}"


@cache
def _day(days: int, from_1904: bool) -> str:
    """The date of a day number.

    Raises:
        ValueError: there is none. Day 60 from 1900 is 29 February 1900, which never was.
    """
    if from_1904:
        days += 1462
    elif days == 60 or days < 1:
        raise ValueError(days)
    elif days < 60:
        days += 1
    if not 0 < days <= _LAST_DAY:
        raise ValueError(days)
    return (date(1899, 12, 30) + timedelta(days)).isoformat()


def _clock(total: int, sign: str = "", hours: int = 2) -> str:
    """Milliseconds as ``HH:MM:SS``, with a fraction where there is one."""
    seconds, rest = divmod(total, 1000)
    fraction = f".{rest:03}" if rest else ""
    return sign + _seconds(seconds, hours) + fraction


@lru_cache(100_000)  # the seconds of a day
def _seconds(seconds: int, hours: int) -> str:
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:0{hours}}:{minute:02}:{second:02}"


def iso_moment(raw: str) -> str:
    """An ISO date or time as it is written in a cell's XML: a blank for the T, milliseconds at most.

    Raises:
        ValueError: it is no ISO date or time.
    """
    day, _, clock = raw.partition("T")
    date.fromisoformat(day)
    if not clock:
        return day
    hour, minute, second = clock.removesuffix("Z").split(":")
    total = (int(hour) * 60 + int(minute)) * 60_000 + round(float(second) * 1000)
    if not 0 <= total <= _DAY_MS:
        raise ValueError(raw)
    if total == _DAY_MS:
        day, total = (date.fromisoformat(day) + timedelta(1)).isoformat(), 0
    return f"{day} {_clock(total)}"


_PERIOD = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?")


def iso_period(raw: str) -> str:
    """An ISO duration such as ``PT14H05M00S`` as ``14:05:00``; hours may pass 24.

    Raises:
        ValueError: it is no such duration.
    """
    match = _PERIOD.fullmatch(raw)
    if not match:
        raise ValueError(raw)
    sign, days, hours, minutes, seconds = match.groups("0")
    total = ((int(days) * 24 + int(hours)) * 60 + int(minutes)) * 60_000
    return _clock(total + round(float(seconds.replace(",", ".")) * 1000), sign if sign == "-" else "")


def unescaped(text: str) -> str:
    """Text with the control characters that its XML had to write as ``_x000D_``.

    What cannot stand in text (halves of characters, the zero character) is left as written.
    """
    return _ESCAPE.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match.group(1), 16)
    return match.group(0) if code == 0 or 0xD800 <= code <= 0xDFFF or code >= 0xFFFE else chr(code)
