"""Periods: whole months, written out or by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openpeel.engine import clock
from openpeel.errors import UserError


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


def parse_period(text: str, latest: int | None) -> Period:
    """The period that a text names.

    Args:
        text: ``2019-07``, ``2019-07..2019-09``, ``ye-2023-03`` (year ending), ``fytd`` (financial
            year to date), ``r12`` (rolling twelve months).
        latest: the last month for which records are here; ``fytd`` and ``r12`` end with it.

    Raises:
        UserError: it is none of these, or needs records where there are none.
    """
    text = text.strip()
    if text.startswith("ye-"):
        first, last = _months(text[3:])
        if first != last:
            raise UserError(
                f"`{text}` names two months", "--period", "write ye- and the last month: ye-2023-03"
            )
        return Period(last - 11, last)
    if text in ("fytd", "r12"):
        if latest is None:
            raise UserError(f"`{text}` ends with the last month held, and no records are here", "--period")
        if text == "r12":
            return Period(latest - 11, latest)
        return Period(latest - (latest - 3) % 12, latest)
    return Period(*_months(text))


def _months(text: str) -> tuple[int, int]:
    try:
        return clock.parse_months(text)
    except UserError as error:
        raise UserError(
            error.what, "--period", "write 2019-07, 2019-07..2019-09, ye-2023-03, fytd or r12"
        ) from None


def period_label(period: Period) -> str:
    """The period in words: ``July 2019``, ``July to August 2019``."""
    start, end = period.start(), clock.first_day(period.last)
    if period.length() == 1:
        return f"{start:%B %Y}"
    if period.length() == 12:
        return f"year ending {end:%B %Y}"
    return f"{start:%B} to {end:%B %Y}" if start.year == end.year else f"{start:%B %Y} to {end:%B %Y}"
