"""The formulas of control charts: centre, spread and limits, one small function each.

Values stand in order of time, one for each period; ``None`` is a period without a value. Nothing is put
in its place: a moving range needs two periods that follow each other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

D2 = 1.128
"""Mean range of two normally distributed values, in standard deviations (d2 for n = 2, as tabulated)."""
RANGE_LIMIT = 3.267
"""Upper limit of the chart of moving ranges, in mean moving ranges (D4 for n = 2, as tabulated)."""
SIGMAS = 3.0
"""Distance of the limits from the centre, in standard deviations."""
NOISE = 1e-12
"""Spread, relative to the largest value, below which values are equal (float noise)."""

Values = Sequence[float | None]


@dataclass(frozen=True)
class MeanRange:
    """The mean moving range.

    Attributes:
        mean: in the unit of the values.
        used: number of moving ranges in it.
        screened: number of moving ranges left out because they were extreme.
    """

    mean: float
    used: int
    screened: int

    def sigma(self) -> float:
        """The standard deviation from one value to the next, in the unit of the values: mean / d2."""
        return self.mean / D2


def moving_ranges(values: Values) -> list[float]:
    """Distances between values of periods that follow each other; over a gap there is none.

    Raises:
        ValueError: a value that is not a finite number.
    """
    for value in values:
        if value is not None and not math.isfinite(value):
            raise ValueError(f"{value} is not a finite number")
    return [abs(b - a) for a, b in pairwise(values) if a is not None and b is not None]


def mean_range(values: Values, screen: bool = True) -> MeanRange:
    """The mean moving range of some values, extreme ranges screened out once.

    With ``screen``, ranges above ``RANGE_LIMIT`` times their mean are left out and the mean is taken
    again, once, so that one odd period does not widen the limits for good. Where that would leave no
    spread at all (mostly equal values with a single jump), nothing is left out.

    Raises:
        ValueError: no two periods that follow each other have values, or a value is not finite.

    Source: Nelson (1982), J. Qual. Technol. 14, 172-173, proposed to leave out extreme moving ranges (at
    3.5 means); the limit of the range chart itself is the one in use in health care.
    """
    ranges = moving_ranges(values)
    if not ranges:
        raise ValueError("no two periods that follow each other have values")
    mean = math.fsum(ranges) / len(ranges)
    kept = [r for r in ranges if r <= RANGE_LIMIT * mean] if screen else ranges
    if not math.fsum(kept) > 0:
        kept = ranges
    return MeanRange(math.fsum(kept) / len(kept), len(kept), len(ranges) - len(kept))


def mean(values: Values) -> float:
    """The mean of the values there are: the centre of a chart of individual values.

    Raises:
        ValueError: there are none.
    """
    known = [v for v in values if v is not None]
    if not known:
        raise ValueError("a mean needs at least one value")
    return math.fsum(known) / len(known)


def pooled(counts: Sequence[tuple[int, float]]) -> float:
    """All events over all that they are counted of: the centre of a p or u chart.

    Never the mean of the periods' own values, in which a period of 3 records weighs as much as one of 3,000.

    Args:
        counts: (events, denominator or exposure above 0), one a period.

    Raises:
        ValueError: none, or one that is not above 0.

    Source: Montgomery (2013), Introduction to Statistical Quality Control, sections 7.2 and 7.3.
    """
    if not counts or min(size for _, size in counts) <= 0:
        raise ValueError("every period needs a denominator above 0")
    return sum(x for x, _ in counts) / math.fsum(size for _, size in counts)


def proportion_sigma(centre: float, n: float) -> float:
    """The standard deviation that chance alone gives a share of n records: √(p(1 − p)/n), a fraction.

    Raises:
        ValueError: n is not above 0, or the centre is not between 0 and 1.

    Source: Montgomery (2013), section 7.2 (binomial).
    """
    if not n > 0 or not 0 <= centre <= 1:
        raise ValueError(f"there is no share of {n} records around {centre}")
    return math.sqrt(centre * (1 - centre) / n)


def rate_sigma(centre: float, exposure: float) -> float:
    """The standard deviation that chance alone gives a rate: √(u/exposure), in the unit of the centre.

    Args:
        centre: events per unit of exposure, 0 or more.
        exposure: more than 0.

    Raises:
        ValueError: an exposure that is not above 0, or a centre below 0.

    Source: Montgomery (2013), section 7.3 (Poisson).
    """
    if not exposure > 0 or centre < 0:
        raise ValueError(f"there is no rate over an exposure of {exposure} around {centre}")
    return math.sqrt(centre / exposure)


def sigma_z(scores: Values, screen: bool = True) -> float:
    """How much more periods differ than chance makes them: the mean moving range of z-scores over d2.

    About 1 where chance alone is at work; above it, the limits of chance are too narrow by this factor.

    Args:
        scores: (value − centre) / standard deviation by chance, one a period, ``None`` where there is none.
        screen: as in :func:`mean_range`.

    Raises:
        ValueError: as :func:`mean_range`.

    Source: Laney (2002), Qual. Eng. 14, 531-537; Mohammed and others (2013), BMJ Qual. Saf. 22, 362-368.
    """
    return mean_range(scores, screen).sigma()


def limits(
    centre: float, sigma: float, lowest: float = 0.0, highest: float | None = None
) -> tuple[float, float]:
    """Centre ± 3 standard deviations, cut where no value can lie.

    For a chart of individual values this is the centre ± 2.66 mean moving ranges (3 / 1.128).

    Args:
        centre: in the unit of the values.
        sigma: in the unit of the values, 0 or more.
        lowest: lowest value there can be.
        highest: highest value there can be; ``None``: there is no highest.

    Source: Shewhart (1931), Economic Control of Quality of Manufactured Product.
    """
    low, high = centre - SIGMAS * sigma, centre + SIGMAS * sigma
    return max(low, lowest), high if highest is None else min(high, highest)


def autocorrelation(scores: Values) -> float | None:
    """How alike neighbouring periods are: the sum of products of neighbours over the sum of squares.

    Args:
        scores: distances from the centre, in standard deviations, one a period.

    Returns:
        about 0 for periods that do not depend on each other; ``None`` where it cannot be worked out.

    Source: Box, Jenkins and Reinsel (2008), Time Series Analysis, chapter 2 (lag 1; centre as given).
    """
    pairs = [(a, b) for a, b in pairwise(scores) if a is not None and b is not None]
    squares = math.fsum(s * s for s in scores if s is not None)
    return math.fsum(a * b for a, b in pairs) / squares if pairs and squares > 0 else None
