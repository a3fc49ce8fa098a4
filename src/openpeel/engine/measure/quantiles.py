"""Quantiles of durations in whole seconds: R type 7, worked out exactly.

With n values in order, the p-quantile lies at position 1 + (n - 1)p; between two values it is
interpolated. The position is an exact fraction, p being read as the decimal number it is written
as (0.29 is 29/100, not the nearest binary number), so no answer depends on float noise.

Source: Hyndman and Fan (1996), Am. Stat. 50, 361-365, definition 7.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import accumulate


def quantile(values: Iterable[int], p: float | Fraction) -> float:
    """The p-quantile of durations, in seconds; the values need not be sorted.

    Args:
        values: whole seconds, at least one.
        p: between 0 and 1.

    Raises:
        ValueError: no values, a value that is negative or not a whole number, or a p outside 0 to 1.
    """
    ordered = sorted(seconds(value) for value in values)
    below, part = position(len(ordered), p)
    return _between(ordered[below], ordered[below + 1] if part else ordered[below], part)


def quantile_from_bins(bins: Mapping[int, int], p: float | Fraction) -> float:
    """The p-quantile from a histogram with bins of one second: the same answer as from the values.

    Args:
        bins: duration in whole seconds -> number of records; empty bins may be left out.
        p: between 0 and 1.

    Raises:
        ValueError: no records, a duration or number that is negative or not whole, or a p outside
            0 to 1.
    """
    filled = sorted((seconds(value), seconds(number)) for value, number in bins.items() if seconds(number))
    ends = list(accumulate(number for _, number in filled))
    below, part = position(ends[-1] if ends else 0, p)
    low = next(i for i, end in enumerate(ends) if end > below)
    high = low + 1 if part and ends[low] == below + 1 else low
    return _between(filled[low][0], filled[high][0], part)


def position(n: int, p: float | Fraction) -> tuple[int, Fraction]:
    """Index (from 0) of the value below the p-quantile of n values, and how far to go to the next.

    Raises:
        ValueError: n is 0, or p is outside 0 to 1.
    """
    if n < 1:
        raise ValueError("a quantile needs at least one value")
    share = p if isinstance(p, Fraction) else Fraction(str(p))
    if not 0 <= share <= 1:
        raise ValueError(f"p is between 0 and 1, not {p}")
    place = (n - 1) * share
    below = place.numerator // place.denominator
    return below, place - below


def seconds(value: int) -> int:
    """The duration as a whole number of seconds, 0 or more.

    Raises:
        ValueError: it is not one (a float is not, even 60.0: it may be minutes).
    """
    if isinstance(value, bool):
        raise ValueError("a truth value where whole seconds are needed")
    try:
        number = operator.index(value)
    except TypeError:
        raise ValueError(f"{value!r} is not a whole number") from None
    if number < 0:
        raise ValueError(f"{number} is below 0")
    return number


def _between(low: int, high: int, part: Fraction) -> float:
    return float(low + part * (high - low))
