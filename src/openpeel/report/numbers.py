"""How a number is printed: one place decides, for pages, charts, tables and for ``verify``.

Rounding is half up on the exact decimal value of the float, so that two machines print the same. A
figure without a value is printed as its status in words, never as 0 and never as a blank.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from openpeel.engine.measure.figure import Figure
from openpeel.words import _


class Style(Enum):
    """The ways a value is printed; the measure's unit decides."""

    COUNT = "count"
    RATE = "rate"
    PERCENT = "percent"
    RATIO = "ratio"
    SECONDS = "seconds"


def style_of(unit: str) -> Style:
    """How values in this unit are printed."""
    if unit.startswith("share"):
        return Style.PERCENT
    if unit.startswith("times"):
        return Style.RATIO
    if unit.startswith("seconds"):
        return Style.SECONDS
    return Style.RATE if "per 1,000" in unit else Style.COUNT


@dataclass(frozen=True)
class Printed:
    """A number as it stands on the page: the text people read, and the unrounded value behind it."""

    raw: str
    text: str


STATUS_WORDS = {
    "suppressed": "withheld so that nobody can be identified",
    "too-few": "too few to say",
    "not-interpretable": "cannot be interpreted",
    "not-supplied": "not supplied",
    "no-data": "no data",
    "not-yet-due": "not yet due",
    "not-applicable": "does not apply",
}


def status_text(status: str) -> str:
    """A status in words."""
    return _(STATUS_WORDS[status])


def rounded(value: float, places: int) -> Decimal:
    """The value rounded half up on its exact decimal."""
    result = Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def fixed(value: float, places: int) -> str:
    """The value with thousands separators and a fixed number of decimals; a true minus sign."""
    return f"{rounded(value, places):,f}".replace("-", "−")


def value_text(value: float, unit: str) -> str:
    """A value as printed in its unit, the unit's own words left out."""
    style = style_of(unit)
    if style is Style.PERCENT:
        return percent_text(value)
    if style is Style.RATIO:
        return ratio_text(value)
    if style is Style.SECONDS:
        return seconds_text(value)
    if style is Style.RATE:
        return small_text(value, 2)
    return fixed(value, 0 if Decimal(value) == Decimal(value).to_integral_value() else 1)


def difference_text(value: float, form: str, unit: str) -> str:
    """A difference with its sign: "+3.2 points", "−12.5%", "+1 h 4 min 0 s"."""
    if form == "amount":
        size, words = value_text(abs(value), unit), ""
    else:
        size, words = fixed(abs(value) * 100, 1), _(" points") if form == "points" else "%"
    sign = "" if value == 0 else "+" if value > 0 else "−"
    return f"{sign}{size}{words}"


def percent_text(share: float) -> str:
    """A share as a percent with one decimal; what rounds to all or nothing without being it says so."""
    exact = Decimal(share) * 100
    shown = exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if shown == 0 < exact:
        return _("under 0.1%")
    if exact < 100 <= shown:
        return _("over 99.9%")
    return f"{shown if shown else abs(shown):,f}%".replace("-", "−")


def small_text(value: float, places: int) -> str:
    """A value with fixed decimals; what rounds to nothing without being nothing says so."""
    if value > 0 and rounded(value, places) == 0:
        return _("under %(least)s") % {"least": f"{Decimal(1).scaleb(-places):f}"}
    return fixed(value, places)


def ratio_text(ratio: float) -> str:
    """A ratio with one decimal, below 1 with two significant digits."""
    exact = abs(Decimal(ratio))
    if exact == 0 or exact >= 1:
        return fixed(ratio, 1)
    places = 1 - exact.adjusted()
    if exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP).adjusted() > exact.adjusted():
        places -= 1
    return fixed(ratio, max(places, 1))


def seconds_text(seconds: float) -> str:
    """A duration in hours, minutes and seconds: "1 h 6 min 12 s"; never rounded to minutes.

    Parts of a second, which quantiles between two durations have, are printed as one decimal.
    """
    whole = Decimal(seconds) == Decimal(seconds).to_integral_value()
    total = rounded(seconds, 0 if whole else 1)
    rest = abs(total) % 60
    hours, minutes = divmod(int(abs(total) // 60), 60)
    parts = [_("%(n)s h") % {"n": f"{hours:,d}"}] if hours else []
    parts += [_("%(n)s min") % {"n": minutes}] if hours or minutes else []
    parts.append(_("%(n)s s") % {"n": rest})
    return ("−" if total < 0 else "") + " ".join(parts)


def level_text(level: float | str) -> str:
    """A level of coverage ("0.998", 0.95) as a percent without needless decimals."""
    percent = (Decimal(str(level)) * 100).normalize()
    return f"{percent:f}%"


def range_text(low: str, high: str | None) -> str:
    """Two ends of a range, already printed; without an upper end "or more"."""
    if high is None:
        return _("%(low)s or more") % {"low": low}
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def unit_text(unit: str) -> str:
    """The words that follow a value in this unit: "of searches", "times the rate of White people"."""
    return unit.removeprefix("share").removeprefix("seconds").strip()


def date_text(day: date) -> str:
    """A date in words: 2 November 2026."""
    return f"{day.day} {_(MONTHS[day.month - 1])} {day.year}"


MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

COUNT_PARTS = ("numerator", "denominator", "unknown", "unknown_eligibility", "population")


def printed(figure: Figure, part: str = "value") -> Printed:
    """One number of a figure, or the two ends of a range, as printed.

    Args:
        figure: the figure.
        part: ``value``; ``numerator``, ``denominator``, ``unknown``, ``unknown_eligibility`` or
            ``population``; ``interval``, ``inflated`` (the widened interval) or ``bounds``, whose raw
            value is the two ends with a blank between; ``dispersion`` of the widened interval.

    Raises:
        KeyError: the figure has no such part.
    """
    if part == "value":
        return _printed_value(figure)
    if figure.status == "suppressed":
        raise KeyError(part)
    if part in COUNT_PARTS:
        return _printed_count(figure, part)
    if part == "dispersion":
        return _printed_dispersion(figure)
    low, high = ends(figure, part)
    high_text = None if high is None else value_text(high, figure.unit)
    return Printed(f"{low!r} {high!r}", range_text(value_text(low, figure.unit), high_text))


def _printed_value(figure: Figure) -> Printed:
    if figure.status != "ok":
        return Printed("", status_text(figure.status))
    if figure.value is None:
        raise ValueError(f"figure {figure.figure_id} is ok and has no value")
    return Printed(repr(figure.value), value_text(figure.value, figure.unit))


def _printed_count(figure: Figure, part: str) -> Printed:
    count = getattr(figure, part)
    if count is None:
        raise KeyError(part)
    return Printed(repr(count), fixed(count, 0))


def _printed_dispersion(figure: Figure) -> Printed:
    inflated = figure.interval.inflated if figure.interval else None
    if inflated is None:
        raise KeyError("dispersion")
    return Printed(repr(inflated.dispersion), ratio_text(inflated.dispersion))


def ends(figure: Figure, part: str) -> tuple[float, float | None]:
    """The two ends of ``interval``, ``inflated`` or ``bounds``; ``KeyError`` where there is none."""
    interval = figure.interval
    found = {"interval": interval, "inflated": interval and interval.inflated, "bounds": figure.bounds}[part]
    if found is None:
        raise KeyError(part)
    return found.low, found.high


def has(figure: Figure, part: str) -> bool:
    """Whether a figure has this part to print."""
    try:
        printed(figure, part)
    except KeyError:
        return False
    return True
