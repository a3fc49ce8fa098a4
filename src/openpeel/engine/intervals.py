"""Intervals of full counts: proportions, rates, and the ratio of two rates.

Every interval carries the name of its method, as documented in ``docs/statistics.md``. Counts are
whole numbers; a count that is not one, or is negative, is a ``ValueError``, as is a level outside
the open range 0 to 1. Nothing here rounds.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import replace
from statistics import NormalDist

from openpeel.engine.measure.figure import Inflated, Interval

LEAST_MONTHS = 6
"""Usable months below which no dispersion is estimated. [our assumption]"""


def wilson(x: int, n: int, level: float = 0.95) -> Interval:
    """The Wilson score interval of a proportion, a fraction between 0 and 1.

    Args:
        x: records that meet the condition.
        n: records that could have met it, 1 or more.
        level: nominal coverage.

    Raises:
        ValueError: ``x`` is not between 0 and ``n``, ``n`` is less than 1, or a level outside (0, 1).

    Source: Wilson (1927), J. Am. Stat. Assoc. 22, 209-212; without continuity correction.
    """
    x, n = whole(x, "x"), whole(n, "n")
    if n < 1 or x > n:
        raise ValueError(f"a proportion needs 0 <= x <= n and n >= 1, not {x} of {n}")
    z = NormalDist().inv_cdf(1 - _tail(level))
    centre = (x + z * z / 2) / (n + z * z)
    half = z * math.sqrt(x * (n - x) / n + z * z / 4) / (n + z * z)
    low = 0.0 if x == 0 else max(0.0, centre - half)
    high = 1.0 if x == n else min(1.0, centre + half)
    return Interval(low=low, high=high, level=level, method="wilson")


def student_t(mean: float, sd: float, n: int, level: float = 0.95) -> Interval:
    """Student's interval of a mean.

    Args:
        mean: the mean.
        sd: the standard deviation of the values, with divisor n - 1; not negative.
        n: how many values, 2 or more.
        level: nominal coverage. For skewed values and small n the true one is lower.

    Raises:
        ValueError: fewer than two values, a negative deviation, or a level outside (0, 1).

    Source: Student (1908), Biometrika 6, 1-25.
    """
    from scipy.stats import t

    n = whole(n, "n")
    if n < 2 or sd < 0:
        raise ValueError(f"an interval of a mean needs 2 values or more and sd >= 0, not {n} and {sd}")
    half = float(t.ppf(1 - _tail(level), n - 1)) * sd / math.sqrt(n)
    return Interval(low=mean - half, high=mean + half, level=level, method="student-t")


def poisson_rate(count: int, exposure: float, per: float = 1000, level: float = 0.95) -> Interval:
    """The exact interval of a rate, in events per ``per`` units of exposure.

    Args:
        count: events.
        exposure: what they are counted over (residents, hours), more than 0.
        per: the unit of the rate; 1000 gives events per 1,000.
        level: nominal coverage; the true one is never lower if events are independent.

    Raises:
        ValueError: a negative count, an exposure or unit that is not a positive number, or a level
            outside (0, 1).

    Source: Garwood (1936), Biometrika 28, 437-442.
    """
    from scipy import special

    count, exposure, per = whole(count, "count"), _positive(exposure, "exposure"), _positive(per, "per")
    tail = _tail(level)
    low = float(special.gammaincinv(count, tail)) if count else 0.0
    high = float(special.gammainccinv(count + 1, tail))
    return Interval(low * per / exposure, high * per / exposure, level, "poisson-exact")


def rate_ratio(a: int, exposure_a: float, b: int, exposure_b: float, level: float = 0.95) -> Interval:
    """The exact interval of the ratio of rate a to rate b (a number without a unit).

    Given a + b, the count a is binomial; the Clopper-Pearson ends of a / (a + b) are turned into
    ratios. ``high`` is ``None`` when ``b`` is 0: no ratio is too high then.

    Args:
        a: events of the group in the numerator.
        exposure_a: its exposure, more than 0.
        b: events of the group it is compared with.
        exposure_b: its exposure, more than 0, in the same unit.
        level: nominal coverage; the true one is never lower if events are independent.

    Raises:
        ValueError: a negative count, no events at all (the ratio does not exist), an exposure that
            is not a positive number, or a level outside (0, 1).

    Source: Przyborowski and Wilenski (1940), Biometrika 31, 313-323; Clopper and Pearson (1934),
    Biometrika 26, 404-413.
    """
    a, b = whole(a, "a"), whole(b, "b")
    if a + b == 0:
        raise ValueError("no events in either group: the ratio does not exist")
    scale = _positive(exposure_b, "exposure_b") / _positive(exposure_a, "exposure_a")
    tail = _tail(level)
    low = scale * _odds(a, b + 1, tail) if a else 0.0
    high = scale / _odds(b, a + 1, tail) if b else None
    return Interval(low=low, high=high, level=level, method="exact-conditional")


def monthly_dispersion(a: Sequence[int], b: Sequence[int]) -> float | None:
    """How much more a's share of a + b varies from month to month than chance alone makes it.

    Pearson's chi-squared of the months around the common share, over its degrees of freedom
    (months less 1); never below 1. Months in which neither group has an event do not count.

    Args:
        a: events of one group, one number a month.
        b: events of the other, for the same months.

    Returns:
        The dispersion, 1 or more; ``None`` with fewer than ``LEAST_MONTHS`` usable months or a
        common share of 0 or 1, where it cannot be estimated.

    Raises:
        ValueError: series of different lengths, or a count that is negative or not whole.

    Source: McCullagh and Nelder (1989), Generalized Linear Models, section 4.5.
    """
    if len(a) != len(b):
        raise ValueError(f"both groups need the same months, not {len(a)} and {len(b)}")
    pairs = [(whole(x, "count"), whole(y, "count")) for x, y in zip(a, b, strict=True)]
    months = [(x, x + y) for x, y in pairs if x + y]
    total_a, total = sum(x for x, _ in months), sum(t for _, t in months)
    if len(months) < LEAST_MONTHS or total_a in (0, total):
        return None
    share = total_a / total
    squares = (((x - t * share) ** 2) / (t * share * (1 - share)) for x, t in months)
    return max(1.0, math.fsum(squares) / (len(months) - 1))


def inflate(interval: Interval, point: float, dispersion: float) -> Interval:
    """The interval of a rate or a ratio with its over-dispersed twin in ``inflated``.

    The distance of each end from the point, on the log scale, is multiplied by the square root of
    the dispersion. An end that lies infinitely far from the point on that scale stays there: a low
    of 0 stays 0, a high of ``None`` stays ``None``, and a point of 0 (or infinity, where the
    comparison group has no events) leaves neither end, unless the dispersion is 1. Not for
    proportions: their high end could pass 1.

    Args:
        interval: the interval as the exact method gives it; it is kept as it is.
        point: the value it is around, in the same unit.
        dispersion: 1 or more, as :func:`monthly_dispersion` gives it.

    Raises:
        ValueError: a dispersion below 1 or not finite, or a point outside the interval.

    Source: quasi-likelihood, McCullagh and Nelder (1989), section 4.5; widening an exact interval
    on the log scale is [our assumption].
    """
    top = math.inf if interval.high is None else interval.high
    if not 1 <= dispersion < math.inf:
        raise ValueError(f"a dispersion is a number of 1 or more, not {dispersion}")
    if not interval.low <= point <= top:
        raise ValueError(f"the point {point} is outside its interval")
    low, high = interval.low, interval.high
    if dispersion > 1:
        low, high = _widened(low, top, point, math.sqrt(dispersion))
    return replace(interval, inflated=Inflated(low, high, dispersion, "sqrt-dispersion-log"))


def whole(value: int, what: str) -> int:
    """The value as a whole number of 0 or more.

    Raises:
        ValueError: it is not one (a float is not, even 3.0; nor is a truth value).
    """
    if isinstance(value, bool):
        raise ValueError(f"{what} is a truth value where a count is needed")
    try:
        number = operator.index(value)
    except TypeError:
        raise ValueError(f"{what} is {value!r} where a whole number is needed") from None
    if number < 0:
        raise ValueError(f"{what} is {number}, below 0")
    return number


def _widened(low: float, high: float, point: float, factor: float) -> tuple[float, float | None]:
    if point == 0 or math.isinf(point):
        return 0.0, None
    new_low = point * (low / point) ** factor
    new_high = None if math.isinf(high) else point * (high / point) ** factor
    return new_low, new_high


def _odds(successes: int, failures: int, tail: float) -> float:
    """Odds at the lower ``tail`` of a beta distribution, without losing digits near 0 or 1."""
    from scipy import special

    share = float(special.betaincinv(successes, failures, tail))
    rest = float(special.betainccinv(failures, successes, tail))
    return share / rest


def _tail(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"a level is between 0 and 1, not {level}")
    return (1 - level) / 2


def _positive(value: float, what: str) -> float:
    if not 0 < value < math.inf:
        raise ValueError(f"{what} is {value} where a number above 0 is needed")
    return value
