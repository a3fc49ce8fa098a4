"""Control limits against published examples."""

from __future__ import annotations

import pytest

from openpeel.engine.compare import trend_limits as formulas
from openpeel.engine.compare.trend_chart import Chart, draw
from openpeel.engine.compare.trend_series import Point

FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
"""NIST/SEMATECH e-Handbook of Statistical Methods, section 6.3.2.2: flow rates of ten batches."""
CANS = [
    12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22,
    8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6,
]  # fmt: skip
"""Montgomery, Introduction to Statistical Quality Control, section 7.2: faulty cans in 30 samples of 50."""
WITHIN_4_HOURS = [
    266501, 264225, 276532, 281461, 269071, 261215, 270409, 279778, 270483, 270320,
    267923, 271478, 255353, 256820, 261835, 259144, 255910, 260863, 264465, 260989,
]  # fmt: skip
ATTENDANCES = [
    280443, 276823, 291681, 296155, 282343, 275888, 283867, 295251, 284468, 282529,
    279618, 283932, 266629, 268091, 276803, 271578, 266005, 273520, 278574, 273772,
]  # fmt: skip
"""Mohammed and others (2013), BMJ Qual. Saf. 22, 362-368: patients seen within 4 hours, twenty weeks."""


def shares(counts: list[int], sizes: list[int]) -> list[Point]:
    return [Point(i, x / n, x, float(n)) for i, (x, n) in enumerate(zip(counts, sizes, strict=True))]


def test_individuals_of_the_nist_handbook() -> None:
    """Mean moving range 1.8778, centre 50.81, limits 45.8159 and 55.8041."""
    found = formulas.mean_range(FLOW)
    assert (round(found.mean, 4), found.used, found.screened) == (1.8778, 9, 0)
    centre = formulas.mean(FLOW)
    assert centre == pytest.approx(50.81)
    low, high = formulas.limits(centre, found.sigma())
    assert (round(low, 4), round(high, 4)) == (45.8159, 55.8041)


def test_p_chart_of_montgomery() -> None:
    """Centre 0.2313, trial limits 0.0524 and 0.4102; samples 15 and 23 lie above."""
    centre = formulas.pooled([(x, 50) for x in CANS])
    assert centre == 347 / 1500
    low, high = formulas.limits(centre, formulas.proportion_sigma(centre, 50), 0, 1)
    assert (round(low, 4), round(high, 3)) == (0.0524, 0.410)
    assert [i for i, x in enumerate(CANS, 1) if not low <= x / 50 <= high] == [15, 23]


def test_laneys_p_prime_chart_of_attendances() -> None:
    """The p′ chart of these weeks as qicharts2 publishes it: centre 95.290%, last limits 93.997 and 96.582%.

    The limits of an ordinary p chart are a tenth as wide, and most weeks lie outside them.
    """
    found = draw("proportion", shares(WITHIN_4_HOURS, ATTENDANCES))
    assert isinstance(found, Chart)
    assert (found.name, found.screened) == ("p-prime", 0)
    low, high = found.limits(ATTENDANCES[-1])
    assert [round(100 * v, 3) for v in (low, found.centre, high)] == [93.997, 95.290, 96.582]
    assert found.sigma_z == pytest.approx(10.64, abs=0.005)
    plain = [formulas.proportion_sigma(found.centre, n) for n in ATTENDANCES]
    outside = [
        abs(x / n - found.centre) > 3 * s for x, n, s in zip(WITHIN_4_HOURS, ATTENDANCES, plain, strict=True)
    ]
    assert sum(outside) > 10


def test_u_chart_by_hand() -> None:
    """8 events over 4 units: u = 2; a unit of 2 has σ = 1, limits 2 ± 3 cut at 0."""
    centre = formulas.pooled([(3, 1.0), (5, 3.0)])
    assert centre == 2
    assert formulas.limits(centre, formulas.rate_sigma(centre, 2)) == (0, 5)
