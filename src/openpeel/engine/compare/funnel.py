"""The funnel: each unit against the pooled value, with limits that narrow as the unit grows.

Two sets of limits. The *plain* ones say what chance alone allows: they are exact quantiles of the
Poisson or binomial distribution at the pooled value, so that a unit is outside only where a result
as extreme has a probability of at most half of (1 - level) (the prediction limits of Seaton and
Manktelow 2012, BMC Med. Res. Methodol. 12, 98, whose published probabilities they reproduce). They
are not interpolated as in Spiegelhalter (2005): that places the upper limit below the quantile
itself, and so puts more than half of (1 - level) above it. The *adjusted* ones allow for the usual
differences between units as well, estimated from the units themselves after their most extreme
tenth at either end is pulled in (winsorised).

Both work on scales on which chance has the same size everywhere: the square root for counts, the
arcsine of the square root for proportions (Spiegelhalter and others 2012, J. R. Stat. Soc. A 175,
1-47). There limits stay above 0 and below 1 and a very low unit can be seen; on the plain scale,
where over-dispersion is heavy, the low limit is 0 for many units and no unit can fall below it.

Winsorising is not corrected for, as published: of units that differ from each other in an ordinary
(normal) way it leaves about two thirds of φ, so that about 1 in 10 of them, not 1 in 20, lie outside
the adjusted 95% limits and 1 to 2 in 100 outside the 99.8% ones. ``expected_by_chance`` is about the
plain limits.

Adjusted limits are never narrower than plain ones, and equal to them where no over-dispersion is
found. A point is named by the strictest level it exceeds: ``high 0.998``, ``low 0.95`` or ``None``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from statistics import NormalDist

from openpeel.engine.compare.comparison import Funnel, FunnelPoint
from openpeel.engine.intervals import whole
from openpeel.engine.measure.quantiles import position

LEVELS = ("0.95", "0.998")
"""Levels of the limits, mildest first (about 2 and 3 standard deviations)."""
WINSORISED = Fraction(1, 10)
"""Share of the units pulled in at either end before over-dispersion is estimated."""
FEWEST_POINTS = 3
"""Units below which over-dispersion is not estimated. [our assumption]"""

Limits = dict[str, tuple[float, float]]


def rate_funnel(
    points: Mapping[str, tuple[int, int]], per: float = 1000, excluded: Sequence[str] = ()
) -> Funnel:
    """The funnel of a rate: exact Poisson limits, multiplicative over-dispersion.

    z = 2(√count - √expected); φ is the mean square of the winsorised z, never below 1; adjusted
    limits are (√expected ± z_level √φ / 2)², as a rate.

    Args:
        points: unit -> (count, population).
        per: the unit of the rate; 1000 gives events per 1,000 people.
        excluded: units left out of everything by a declared rule.

    Raises:
        ValueError: no unit left, a population of 0, a count that is negative or not whole, or a
            ``per`` that is not a positive number.

    Source: Spiegelhalter (2005), Stat. Med. 24, 1185-1202, section on over-dispersion and appendix.
    """
    if not 0 < per < math.inf:
        raise ValueError(f"per is {per} where a number above 0 is needed")
    kept = _kept(points, excluded)
    centre = _pooled(kept)
    z = {name: 2 * (math.sqrt(x) - math.sqrt(centre * n)) for name, (x, n) in kept.items()}
    phi = max(1.0, _dispersion(list(z.values())))

    def value(count: float, size: int) -> float:
        return per * count / size

    def plain(size: int, level: str) -> tuple[float, float]:
        low, high = _poisson_limits(centre * size, _tail(level))
        return value(low, size), value(high, size)

    def adjusted(size: int, level: str) -> tuple[float, float]:
        root, reach = math.sqrt(centre * size), _z(level) * math.sqrt(phi) / 2
        return value(max(0.0, root - reach) ** 2, size), value((root + reach) ** 2, size)

    wider = adjusted if phi > 1 else plain
    scaled = {name: score / math.sqrt(phi) for name, score in z.items()}
    found = _points(kept, value, value(centre, 1), plain, wider, z, scaled)
    return _funnel(found, value(centre, 1), "people", phi, None, excluded)


def proportion_funnel(points: Mapping[str, tuple[int, int]], excluded: Sequence[str] = ()) -> Funnel:
    """The funnel of a proportion (a fraction): exact binomial limits, additive over-dispersion.

    On the scale y = arcsin √p the standard error is 1 / (2√n) whatever p is. τ², the variance between
    units, is the moment estimate of DerSimonian and Laird from the winsorised z around the pooled
    value, never below 0; adjusted limits are sin²(y0 ± z_level √(1/(4n) + τ²)). ``dispersion`` is the
    winsorised φ, never below 1; ``tau_squared`` is on the arcsine scale (radians²) and decides: as
    published it can be slightly above 0 where φ lies between (units - 1) / units and 1.

    Args:
        points: unit -> (x, n).
        excluded: units left out of everything by a declared rule.

    Raises:
        ValueError: no unit left, an n of 0, an x above n, or a number that is negative or not whole.

    Source: Spiegelhalter (2005), Qual. Saf. Health Care 14, 347-351; DerSimonian and Laird (1986),
    Control. Clin. Trials 7, 177-188; arcsine scale as in Spiegelhalter and others (2012).
    """
    kept = _kept(points, excluded)
    for name, (x, n) in kept.items():
        if x > n:
            raise ValueError(f"{name} has {x} of {n}: a part above its whole")
    centre = _pooled(kept)
    angle = math.asin(math.sqrt(centre))
    z = {name: 2 * math.sqrt(n) * (math.asin(math.sqrt(x / n)) - angle) for name, (x, n) in kept.items()}
    phi = _dispersion(list(z.values()))
    tau2 = _tau_squared(phi, [4 * n for _, n in kept.values()])

    def value(count: float, size: int) -> float:
        return count / size

    def plain(size: int, level: str) -> tuple[float, float]:
        low, high = _binomial_limits(size, centre, _tail(level))
        return value(low, size), value(high, size)

    def adjusted(size: int, level: str) -> tuple[float, float]:
        reach = _z(level) * math.sqrt(1 / (4 * size) + tau2)
        low, high = max(0.0, angle - reach), min(math.pi / 2, angle + reach)
        return math.sin(low) ** 2, math.sin(high) ** 2

    wider = adjusted if tau2 > 0 else plain
    scaled = {name: z[name] / math.sqrt(1 + 4 * n * tau2) for name, (_, n) in kept.items()}
    found = _points(kept, value, centre, plain, wider, z, scaled)
    return _funnel(found, centre, "records", max(1.0, phi), tau2, excluded)


def _kept(points: Mapping[str, tuple[int, int]], excluded: Sequence[str]) -> dict[str, tuple[int, int]]:
    kept = {name: (whole(x, name), whole(n, name)) for name, (x, n) in points.items() if name not in excluded}
    if not kept:
        raise ValueError("a funnel needs at least one point")
    for name, (_, n) in kept.items():
        if n == 0:
            raise ValueError(f"{name} has a denominator of 0")
    return kept


def _pooled(kept: Mapping[str, tuple[int, int]]) -> float:
    return sum(x for x, _ in kept.values()) / sum(n for _, n in kept.values())


def _dispersion(z: Sequence[float]) -> float:
    """Mean square of the winsorised z (φ before its floor); 1 with too few points to say."""
    if len(z) < FEWEST_POINTS:
        return 1.0
    return math.fsum(score * score for score in winsorised(z)) / len(z)


def winsorised(z: Sequence[float]) -> list[float]:
    """The scores, those beyond the 10% and 90% quantiles (type 7) replaced by these quantiles."""
    low, high = _quantile(z, WINSORISED), _quantile(z, 1 - WINSORISED)
    return [min(max(score, low), high) for score in z]


def _quantile(z: Sequence[float], p: Fraction) -> float:
    ordered = sorted(z)
    below, part = position(len(ordered), p)
    if not part:
        return ordered[below]
    return ordered[below] + float(part) * (ordered[below + 1] - ordered[below])


def _tau_squared(phi: float, weights: Sequence[int]) -> float:
    """Variance between units, from φ before its floor and the weights 1 / (standard error)²."""
    count = len(weights)
    if count < FEWEST_POINTS:
        return 0.0
    total = sum(weights)
    spread = total - sum(w * w for w in weights) / total
    return max(0.0, (count * phi - (count - 1)) / spread)


def _points(
    kept: Mapping[str, tuple[int, int]],
    value: Callable[[float, int], float],
    centre: float,
    plain: Callable[[int, str], tuple[float, float]],
    wider: Callable[[int, str], tuple[float, float]],
    z: Mapping[str, float],
    z_adjusted: Mapping[str, float],
) -> list[FunnelPoint]:
    out = []
    for name, (x, n) in kept.items():
        inner = {level: _around(plain(n, level), (centre, centre)) for level in LEVELS}
        outer = {level: _around(wider(n, level), inner[level]) for level in LEVELS}
        found = value(x, n)
        out.append(
            FunnelPoint(
                force=name,
                value=found,
                size=n,
                plain=inner,
                adjusted=outer,
                z=z[name],
                z_adjusted=z_adjusted[name],
                outside_plain=_outside(found, inner),
                outside_adjusted=_outside(found, outer),
            )
        )
    return out


def _around(limits: tuple[float, float], inner: tuple[float, float]) -> tuple[float, float]:
    """The limits, moved out where needed so that they hold the inner ones."""
    return min(limits[0], inner[0]), max(limits[1], inner[1])


def _outside(value: float, limits: Limits) -> str | None:
    for level in reversed(LEVELS):
        low, high = limits[level]
        if value > high:
            return f"high {level}"
        if value < low:
            return f"low {level}"
    return None


def _funnel(
    points: list[FunnelPoint],
    centre: float,
    size_unit: str,
    phi: float,
    tau2: float | None,
    excluded: Sequence[str],
) -> Funnel:
    chance = {level: float(len(points) * (1 - Fraction(level))) for level in LEVELS}
    return Funnel(
        centre=centre,
        size_unit=size_unit,
        dispersion=phi,
        tau_squared=tau2 or 0.0,
        model="multiplicative" if tau2 is None else "additive",
        points=points,
        outside_plain=_counts([(p.value, p.plain) for p in points]),
        outside_adjusted=_counts([(p.value, p.adjusted) for p in points]),
        expected_by_chance=chance,
        excluded=list(dict.fromkeys(excluded)),
    )


def _counts(points: Sequence[tuple[float, Limits]]) -> dict[str, int]:
    """Level -> number of points outside its limits (a point outside 0.998 is outside 0.95 too)."""
    return {
        level: sum(not limits[level][0] <= value <= limits[level][1] for value, limits in points)
        for level in LEVELS
    }


def _tail(level: str) -> float:
    return float((1 - Fraction(level)) / 2)


def _z(level: str) -> float:
    return NormalDist().inv_cdf(1 - _tail(level))


def _poisson_limits(mean: float, tail: float) -> tuple[int, int]:
    """Lowest and highest count that are not in either tail of a Poisson distribution.

    A count x is in the low tail when P(X <= x) < tail, in the high tail when P(X >= x) <= tail.
    """
    from scipy import special

    if mean == 0:
        return 0, 0
    top = 1
    while special.pdtrc(top, mean) > tail:
        top *= 2
    low = _first(lambda k: bool(special.pdtr(k, mean) >= tail), top)
    high = _first(lambda k: bool(special.pdtrc(k, mean) <= tail), top)
    return low, high


def _binomial_limits(n: int, share: float, tail: float) -> tuple[int, int]:
    """Lowest and highest count that are not in either tail of a binomial distribution."""
    from scipy import special

    if share in (0, 1):
        return (0, 0) if share == 0 else (n, n)
    low = _first(lambda k: bool(special.bdtr(k, n, share) >= tail), n)
    high = _first(lambda k: bool(special.bdtrc(k, n, share) <= tail), n)
    return low, high


def _first(holds: Callable[[int], bool], top: int) -> int:
    """The smallest number from 0 to ``top`` for which a condition holds that once true stays true."""
    low, high = 0, top
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
