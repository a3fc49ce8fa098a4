"""How dates and times are written in a column, told from its values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from openpeel.engine.intake.mapping import SERIAL

Written = Literal["", "date", "time", "stamp"]

_MONTH = r"(?P<month>[A-Za-z]{3,9})"
_DATE = re.compile(
    r"(?P<week>(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? )?"
    r"(?:(?P<iso>\d{4})(?P<s1>[-/.])(?P<m1>\d{1,2})(?P=s1)(?P<d1>\d{1,2})"
    r"|(?P<a>\d{1,2})(?P<s2>[-/.])(?P<b>\d{1,2})(?P=s2)(?P<y2>\d{4}|\d{2})"
    rf"|(?P<d3>\d{{1,2}})(?P<s3>[-/. ]){_MONTH}(?P=s3)(?P<y3>\d{{4}}|\d{{2}})"
    r"|(?P<plain>(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])))(?!\d)"
)
_TIME = re.compile(
    r"(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<sec>\d{2})(?:\.(?P<frac>\d{1,9}))?)?(?P<half> ?[AaPp][Mm])?"
)
_OFFSET = re.compile(r"Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?")
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?")
_SHORT = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
         "november", "december")  # fmt: skip
#: So many different times without a second among them are known to the minute only.
_MANY = 20
#: Stands in a format for a pair of figures of which one is the day and the other the month.
_FIRST, _SECOND = "\x01", "\x02"


@dataclass(frozen=True)
class Dates:
    """How the values of a column are written, as far as they are dates or times.

    Attributes:
        kind: date, time of day, or both; blank where most values are neither.
        formats: as for strptime, the most frequent first.
        iso: every value can be read without a format.
        undecided: nothing tells whether the day or the month stands first.
        month_first: which of the two it is, where the values tell.
        years: some years have two figures.
        minutes: times are known to the minute only.
        midnight: every time is midnight.
        offsets: share of the values that say their offset from UTC.
        odd: share of the values that are written in no such way.
    """

    kind: Written = ""
    formats: tuple[str, ...] = ()
    iso: bool = False
    undecided: bool = False
    month_first: bool | None = None
    years: bool = False
    minutes: bool = False
    midnight: bool = False
    offsets: float = 0.0
    odd: float = 0.0


@dataclass
class _Seen:
    """What has been seen of the values of one column."""

    formats: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    days: int = 0
    months: int = 0
    times: int = 0
    to_the_second: bool = False
    not_on_the_minute: bool = False
    not_midnight: bool = False
    offsets: int = 0
    iso: bool = True


def dates_of(values: Mapping[str, int], month_first: bool = False) -> Dates:
    """How dates and times are written among some values.

    Args:
        values: value -> number of times it occurs.
        month_first: whether the month is taken to stand first where no value tells.
    """
    total = sum(values.values())
    some = list(values.items())[:200]
    if not total or sum(1 for v, _ in some if _parts(v)) < 0.8 * len(some):
        return Dates()
    seen, fits = _Seen(), 0
    for value, times in values.items():
        parts = _parts(value)
        if parts:
            fits += times
            _count(seen, parts, times)
    kind = seen.kinds.most_common(1)[0][0]
    if fits < 0.9 * total or kind not in ("date", "time", "stamp"):
        return Dates()
    return _dates(seen, "stamp" if seen.kinds["stamp"] else kind, total, fits, month_first)  # type: ignore[arg-type]


def _dates(seen: _Seen, kind: Written, total: int, fits: int, month_first: bool) -> Dates:
    told = (seen.days > 0) != (seen.months > 0)
    month_first = seen.months > 0 if told else month_first
    pair = ("%m", "%d") if month_first else ("%d", "%m")
    formats: dict[str, None] = {}
    for raw, _ in sorted(seen.formats.items(), key=lambda f: (-f[1], f[0])):
        formats.setdefault(raw.replace(_FIRST, pair[0]).replace(_SECOND, pair[1]))
    return Dates(
        kind,
        tuple(formats),
        seen.iso,
        undecided=not told and any(_FIRST in f for f in seen.formats),
        month_first=month_first if told else None,
        years=any("%y" in f for f in formats),
        minutes=seen.times > 0 and _to_the_minute(seen),
        midnight=seen.times > 0 and not seen.not_midnight,
        offsets=seen.offsets / total,
        odd=1 - fits / total,
    )


def _to_the_minute(seen: _Seen) -> bool:
    """Whether seconds are not written, or are nothing but zeros in many different values."""
    return not seen.to_the_second or (seen.times >= _MANY and not seen.not_on_the_minute)


def serials_of(values: Mapping[str, int]) -> Dates:
    """The values as days counted the way spreadsheets do, if all of them can be."""
    if not values or not all(_SERIAL.fullmatch(v) for v in values):
        return Dates()
    whole = not any("." in v for v in values)
    return Dates("date" if whole else "stamp", (SERIAL,))


@dataclass(frozen=True)
class _Parts:
    format: str
    kind: Written
    time: re.Match[str] | None
    date: re.Match[str] | None
    offset: bool
    iso: bool


def _parts(value: str) -> _Parts | None:
    """One value taken apart; ``None`` if it is no date and no time."""
    if not 4 <= len(value) <= 40:
        return None
    date = _DATE.match(value)
    rest = value[date.end() :] if date else value
    format_ = _date_format(date) if date else ""
    if format_ and date and date["week"]:
        format_ = _week_format(date["week"]) + format_
    if date and not format_:
        return None
    if date and not rest:
        iso = bool(date["iso"] and date["s1"] == "-" and len(value) == 10)
        return _Parts(format_, "date", None, date, False, iso)
    between = _between(rest) if date else ""
    time = _TIME.match(rest, len(between))
    if not time or int(time["h"]) > 23 or int(time["min"]) > 59 or (date and not between):
        return None
    after = rest[time.end() :].strip()
    if after and not _OFFSET.fullmatch(after):
        return None
    iso = len(time["h"]) == 2 and not time["half"]
    if date:
        iso = (
            iso
            and bool(date["iso"])
            and date["s1"] == "-"
            and len(date.group()) == 10
            and between in (" ", "T")
        )
    return _Parts(
        format_ + between + _time_format(time), "stamp" if date else "time", time, date, bool(after), iso
    )


def _between(rest: str) -> str:
    for mark in ("T", ", ", " - ", " "):
        if rest.startswith(mark):
            return mark
    return ""


def _week_format(day: str) -> str:
    return ("%A" if "day" in day else "%a") + (", " if "," in day else " ")


def _date_format(date: re.Match[str]) -> str:
    """The format of a date, or blank where it is none; the day and the month may be left open."""
    if date["plain"]:
        return "%Y%m%d"
    if date["iso"]:
        return f"%Y{date['s1']}%m{date['s1']}%d" if int(date["m1"]) <= 12 and int(date["d1"]) <= 31 else ""
    if date["month"]:
        name = date["month"].lower()
        word = "%b" if name in _SHORT else "%B" if name in _LONG else ""
        year = "%Y" if len(date["y3"]) == 4 else "%y"
        return f"%d{date['s3']}{word}{date['s3']}{year}" if word else ""
    a, b = int(date["a"]), int(date["b"])
    if max(a, b) > 31 or min(a, b) > 12 or min(a, b) < 1:
        return ""
    year = "%Y" if len(date["y2"]) == 4 else "%y"
    return f"{_FIRST}{date['s2']}{_SECOND}{date['s2']}{year}"


def _time_format(time: re.Match[str]) -> str:
    half = time["half"]
    out = ("%I" if half else "%H") + ":%M" + (":%S" if time["sec"] else "")
    if time["frac"]:
        out += ".%n" if len(time["frac"]) > 6 else ".%f"
    return out + (" %p" if half and half.startswith(" ") else "%p" if half else "")


def _count(seen: _Seen, parts: _Parts, times: int) -> None:
    seen.formats[parts.format] += times
    seen.kinds[parts.kind] += times
    seen.iso = seen.iso and parts.iso
    seen.offsets += times if parts.offset else 0
    if parts.date and parts.date["a"]:
        seen.days += int(parts.date["a"]) > 12
        seen.months += int(parts.date["b"]) > 12
    if parts.time:
        seen.times += 1
        seen.to_the_second |= bool(parts.time["sec"])
        seen.not_on_the_minute |= int(parts.time["sec"] or 0) > 0
        zero = (int(parts.time["h"]), int(parts.time["min"]), int(parts.time["sec"] or 0)) == (0, 0, 0)
        seen.not_midnight = seen.not_midnight or not zero
