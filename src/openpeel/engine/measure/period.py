"""Periods: whole months, written out or by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from openpeel.engine import clock
from openpeel.errors import UserError

#: The period a year before another one: ``year-before-`` and that period.
YEAR_BEFORE = "year-before-"
#: What can be written, for errors and help.
WORDS = (
    "2019-07, 2019-07..2019-09, 2019, 2019-q3, ye-2023-03, fy-2023, fytd, fytd-2024-06, r12, r12-2024-06, "
    "or year-before- and one of these"
)

_YEAR = re.compile(r"[12][0-9]{3}")
_QUARTER = re.compile(r"([12][0-9]{3})-q([1-4])")


@dataclass(frozen=True)
class Period:
    """Whole months from ``first`` to ``last`` (month numbers, inclusive)."""

    first: int
    last: int

    def start(self) -> date:
        """The first day."""
        return clock.first_day(self.first)

    def end(self) -> date:
        """The last day."""
        return clock.last_day(self.last)

    def months(self) -> range:
        """The month numbers."""
        return range(self.first, self.last + 1)

    def length(self) -> int:
        """How many months."""
        return self.last - self.first + 1

    def text(self) -> str:
        """The period as it is written on the command line."""
        first, last = clock.month_text(self.first), clock.month_text(self.last)
        return first if first == last else f"{first}..{last}"

    def year_before(self) -> Period:
        """The same months of the year before."""
        return Period(self.first - 12, self.last - 12)


def parse_period(text: str, latest: int | None) -> Period:
    """The period that a text names.

    Args:
        text: months written out (``2019-07``, ``2019-07..2019-09``) or a name:

            * ``2019`` a calendar year, ``2019-q3`` a quarter of it (July to September);
            * ``ye-2023-03`` the year ending with a month;
            * ``fy-2023`` the financial year that begins in April 2023;
            * ``fytd-2024-06`` the financial year to date, from April to a month; ``fytd`` to the last month held;
            * ``r12-2024-06`` the rolling twelve months to a month; ``r12`` to the last month held;
            * ``year-before-`` and any of these: the same months of the year before.
        latest: the last month for which records are here; ``fytd`` and ``r12`` end with it.

    Raises:
        UserError: it is none of these, or needs records where there are none.
    """
    text = text.strip()
    if text.startswith(YEAR_BEFORE):
        base = text.removeprefix(YEAR_BEFORE)
        if base.startswith(YEAR_BEFORE):
            raise UserError(f"`{text}` goes back twice", "--period", "name the earlier period itself")
        return _known(parse_period(base, latest).year_before(), text)
    return _known(_named(text, latest) or Period(*_months(text)), text)


def is_named(text: str) -> bool:
    """Whether a text names a period without writing its months out."""
    try:
        clock.parse_months(text)
    except UserError:
        return bool(text.strip())
    return False


def _named(text: str, latest: int | None) -> Period | None:
    """The period of a name; nothing where the text is no name."""
    if _YEAR.fullmatch(text):
        january = clock.month_number(int(text), 1)
        return Period(january, january + 11)
    if quarter := _QUARTER.fullmatch(text):
        first = clock.month_number(int(quarter[1]), 3 * int(quarter[2]) - 2)
        return Period(first, first + 2)
    word, _, rest = text.partition("-")
    if word == "ye":
        last = _month(rest, text, "ye-2023-03")
        return Period(last - 11, last)
    if word == "fy":
        if not _YEAR.fullmatch(rest):
            raise UserError(
                f"`{text}` is not a financial year", "--period", "write fy- and the year it begins: fy-2023"
            )
        april = clock.month_number(int(rest), 4)
        return Period(april, april + 11)
    if word in ("fytd", "r12"):
        last = _month(rest, text, f"{word}-2024-06") if rest or text != word else _latest(text, latest)
        return Period(last - 11 if word == "r12" else last - (last - 3) % 12, last)
    return None


def _latest(text: str, latest: int | None) -> int:
    if latest is None:
        raise UserError(f"`{text}` ends with the last month held, and no records are here", "--period")
    return latest


def _month(month: str, text: str, example: str) -> int:
    """The month that a name ends with."""
    if ".." in month:
        raise UserError(f"`{text}` names two months", "--period", f"write the last month alone: {example}")
    try:
        return clock.parse_month(month)
    except UserError:
        what = f"`{month}` is not a month" if month else f"`{text}` names no month"
        raise UserError(what, "--period", f"write {example}") from None


def _months(text: str) -> tuple[int, int]:
    try:
        return clock.parse_months(text)
    except UserError as error:
        raise UserError(error.what, "--period", f"write {WORDS}") from None


def _known(period: Period, text: str) -> Period:
    """A period that does not run out of the years there are."""
    if period.first < clock.month_number(1000, 1):
        raise UserError(f"`{text}` begins before the year 1000", "--period", "name a later period")
    return period


def period_label(period: Period) -> str:
    """The period in words: ``July 2019``, ``July to August 2019``, ``year ending March 2020``."""
    end = clock.first_day(period.last)
    return f"year ending {end:%B %Y}" if period.length() == 12 else months_label(period)


def months_label(period: Period) -> str:
    """The months of a period written out: ``July 2019``, ``April 2019 to March 2020``."""
    start, end = period.start(), clock.first_day(period.last)
    if period.length() == 1:
        return f"{start:%B %Y}"
    return f"{start:%B} to {end:%B %Y}" if start.year == end.year else f"{start:%B %Y} to {end:%B %Y}"
