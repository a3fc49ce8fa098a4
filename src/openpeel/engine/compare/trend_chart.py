"""Which chart a series gets, and its limits: from the frozen baseline alone.

Single values: XmR. Shares: p, or p′ where months differ by more than chance makes them. Events over an
exposure: u, or u′. What no limits can be drawn from has none, and a reason.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from openpeel.engine.compare import trend_limits as formulas
from openpeel.engine.compare.trend_series import Kind, Point

ChartName = Literal["xmr", "p", "p-prime", "u", "u-prime"]
Status = Literal[
    "ok", "too-few-points", "too-few-ranges", "small-counts", "no-spread", "newest-small", "newest-missing"
]

PRIME_FROM = 1.1
"""σz from which the prime chart is drawn. [our assumption]

By simulation (24 months of baseline): always taking the prime chart would save about 0.1 false alarms in
100 series; a bar of 1.35 costs up to 1.3 more, where months differ beyond chance as much as by chance.
"""
LEAST_EXPECTED = 5.0
"""Events (and, for shares, non-events) a month below which limits of ± 3 σ are wrong. [our assumption]"""
LEAST_RANGES = 15
"""Moving ranges below which the spread from month to month is not estimated. [our assumption]"""

NAMES: dict[ChartName, str] = {"xmr": "XmR", "p": "p", "p-prime": "p′", "u": "u", "u-prime": "u′"}


@dataclass(frozen=True)
class NoChart:
    """Why there are no limits."""

    status: Status
    reason: str


@dataclass(frozen=True)
class Chart:
    """A chart: centre and what its limits are made of.

    Attributes:
        name: which chart.
        centre: in the unit of the series.
        spread: ``xmr``: the standard deviation in the unit of the series; otherwise the factor on the
            standard deviation by chance: σz for prime charts, 1 for the others.
        sigma_z: for shares and rates, how much more months differ than chance makes them.
        ranges: moving ranges that the spread is estimated from.
        screened: moving ranges left out of it.
    """

    name: ChartName
    centre: float
    spread: float
    sigma_z: float | None
    ranges: int
    screened: int

    def sigma(self, size: float | None) -> float:
        """The standard deviation of a month with that denominator or exposure, in the unit of the series.

        Raises:
            ValueError: a share or a rate without a size above 0.
        """
        if self.name == "xmr":
            return self.spread
        chance = formulas.proportion_sigma if self.name.startswith("p") else formulas.rate_sigma
        return self.spread * chance(self.centre, size or 0.0)

    def limits(self, size: float | None) -> tuple[float, float]:
        """Low and high limit of a month, within the values that are possible."""
        highest = 1.0 if self.name.startswith("p") else None
        return formulas.limits(self.centre, self.sigma(size), 0.0, highest)

    def expected(self, size: float | None) -> float | None:
        """Events (for shares the rarer of events and non-events) expected in a month; ``None`` for XmR."""
        if self.name == "xmr" or size is None:
            return None
        share = min(self.centre, 1 - self.centre) if self.name.startswith("p") else self.centre
        return share * size


def draw(kind: Kind, points: Sequence[Point]) -> Chart | NoChart:
    """The chart of a baseline.

    Args:
        kind: single values, shares or rates.
        points: the months of the baseline in order, those without a value among them.

    Returns:
        the chart, or why there is none.
    """
    if len(formulas.moving_ranges([p.value for p in points])) < LEAST_RANGES:
        return NoChart(
            "too-few-ranges",
            f"fewer than {LEAST_RANGES} months of the baseline follow another with a value: "
            "the spread from month to month cannot be estimated",
        )
    return _individuals(points) if kind == "individuals" else _counted(kind, points)


def _individuals(points: Sequence[Point]) -> Chart | NoChart:
    """XmR: the mean ± 3 σ, with σ from the moving ranges."""
    values = [p.value for p in points]
    found = formulas.mean_range(values)
    largest = max(abs(v) for v in values if v is not None)
    if found.mean <= formulas.NOISE * largest:
        return NoChart("no-spread", "every month of the baseline has the same value: no limits can be drawn")
    return Chart("xmr", formulas.mean(values), found.sigma(), None, found.used, found.screened)


def _counted(kind: Kind, points: Sequence[Point]) -> Chart | NoChart:
    """p or u: the pooled centre ± 3 σ by chance, times σz where that is large enough to matter."""
    counts = [(p.count or 0, p.size or 0.0) for p in points if p.value is not None]
    centre = formulas.pooled(counts)
    if centre == 0 or (kind == "proportion" and centre == 1):
        return NoChart(
            "no-spread",
            f"{'none' if centre == 0 else 'all'} in every month of the baseline: no limits by chance",
        )
    plain = Chart("p" if kind == "proportion" else "u", centre, 1.0, None, 0, 0)
    usual = plain.expected(math.fsum(size for _, size in counts) / len(counts)) or 0.0
    if usual < LEAST_EXPECTED:
        return NoChart("small-counts", small("an ordinary month of the baseline", usual))
    found = formulas.mean_range(scores(plain, points))
    chart = replace(plain, sigma_z=found.sigma(), ranges=found.used, screened=found.screened)
    if found.sigma() < PRIME_FROM:
        return chart
    return replace(chart, name="p-prime" if kind == "proportion" else "u-prime", spread=found.sigma())


def small(what: str, expected: float) -> str:
    """The reason for no limits where events are few."""
    return (
        f"{what} has {expected:.1f} events (or non-events) to be expected, fewer than {LEAST_EXPECTED:.0f}: "
        "limits of ± 3 standard deviations would be wrong"
    )


def scores(chart: Chart, points: Sequence[Point]) -> list[float | None]:
    """Each month's distance from the centre in the chart's standard deviations; ``None`` for gaps."""
    return [None if p.value is None else (p.value - chart.centre) / chart.sigma(p.size) for p in points]
