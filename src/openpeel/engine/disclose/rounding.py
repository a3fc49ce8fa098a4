"""Rounding of counts: one rule, the range that a reader is left with, and the rules of what may be shown at all.

A count is rounded to the nearest multiple of the base; one that lies exactly between two, which an odd base
does not have, goes up. The same count always gives the same rounded one, in every table, so that publishing
it twice says no more than publishing it once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from openpeel.engine.intervals import whole
from openpeel.words import _


@dataclass(frozen=True)
class Rules:
    """What may be shown of records that are not public. All of these numbers are [our assumption].

    They are held against rounded counts, so that which figures are withheld says no more than the
    rounded counts would.

    Attributes:
        base: counts are rounded to multiples of it.
        least_for_share: fewest records, rounded, for a share of them to be shown.
        least_for_average: fewest records, rounded, for a mean, a quantile or each side of a ratio.
        least_beyond: fewest records that must lie on either side of a quantile.
    """

    base: int = 5
    least_for_share: int = 25
    least_for_average: int = 10
    least_beyond: int = 5

    def __post_init__(self) -> None:
        if self.base < 1:
            raise ValueError(f"counts are rounded to a multiple of 1 or more, not {self.base}")
        for name in ("least_for_share", "least_for_average", "least_beyond"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is a number of records, 1 or more")


def round_count(n: int, base: int = 5) -> int:
    """The count rounded to the nearest multiple of the base; halfway goes up.

    A result of 0 stands for every count that rounds to it (0 to 2 with the base 5), and never says
    that there was none: print it with :func:`count_text`.

    Raises:
        ValueError: ``n`` is not a whole number of 0 or more, or a base below 1.
    """
    n, base = whole(n, "a count"), _base(base)
    return (2 * n + base) // (2 * base) * base


def count_range(rounded: int, base: int = 5) -> tuple[int, int]:
    """Lowest and highest count that round to this one: what a reader is left with.

    Raises:
        ValueError: ``rounded`` is not a multiple of the base.
    """
    rounded, base = whole(rounded, "a rounded count"), _base(base)
    if rounded % base:
        raise ValueError(f"{rounded} is not rounded to {base}")
    return max(0, rounded - base // 2), rounded + (base - 1) // 2


def count_text(rounded: int, base: int = 5) -> str:
    """A rounded count as text; what rounds to 0 is a range, since it need not be none."""
    low, high = count_range(rounded, base)
    return f"{rounded:,}" if rounded or low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def coarse(value: float, n: int) -> float:
    """A mean or quantile of n records to so many significant figures as n bears.

    The step it is rounded to is at least the nth part of the value, which is what one ordinary record
    weighs in a mean: 1 figure for 10 to 99 records, 2 for 100 to 999, and so on. Halfway goes up.

    Raises:
        ValueError: fewer than 10 records, which bear no figure at all, or a value that is not finite.
    """
    figures = len(str(whole(n, "a number of records"))) - 1
    if not figures or not math.isfinite(value):
        raise ValueError(f"{value} of {n} records cannot be rounded")
    exact = Decimal(value)
    if not exact:
        return 0.0
    return float(exact.quantize(Decimal(1).scaleb(exact.adjusted() - figures + 1), rounding=ROUND_HALF_UP))


def _base(base: int) -> int:
    if isinstance(base, bool) or base < 1:
        raise ValueError(f"counts are rounded to a multiple of 1 or more, not {base}")
    return base
