"""The rules for a signal, at the newest month alone, and how often they are wrong.

The set is named and versioned: a rule added, dropped or changed makes a new version. A month without a
value ends every run: nothing is bridged. A value on the centre is on neither side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from openpeel.engine.compare.trend_chart import Chart, ChartName
from openpeel.engine.compare.trend_limits import NOISE, SIGMAS
from openpeel.engine.compare.trend_series import Point
from openpeel.words import _

RULE_SET = "openpeel-spc-1"
Direction = Literal["high", "low"]

RUN = 8
"""Months in a row on one side of the centre. Source: Western Electric (1956), Statistical Quality Control Handbook."""
STEPS = 6
"""Months in a row, each above (or each below) the one before. Source: Nelson (1984), J. Qual. Technol. 16, 237-239."""
NEAR = 2 * SIGMAS / 3
"""Two thirds of a limit, in standard deviations. Source: Western Electric (1956)."""


@dataclass(frozen=True)
class Placed:
    """A month against its centre and limits, in the unit of the series.

    ``distance`` is value less centre in standard deviations.
    """

    month: int
    value: float
    centre: float
    low: float
    high: float
    distance: float


@dataclass(frozen=True)
class Signal:
    """A rule that holds at the newest month; for ``trend`` high is rising and low is falling."""

    rule: str
    direction: Direction
    words: str

    def as_json(self) -> dict[str, Any]:
        """The signal as plain data."""
        return {"rule": self.rule, "direction": self.direction, "words": self.words}


def place(chart: Chart, points: Sequence[Point]) -> list[Placed | None]:
    """Each month against the chart; ``None`` where it has no value."""
    return [_placed(chart, p, p.value) if p.value is not None else None for p in points]


def _placed(chart: Chart, point: Point, value: float) -> Placed:
    low, high = chart.limits(point.size)
    distance = (value - chart.centre) / chart.sigma(point.size)
    return Placed(point.month, value, chart.centre, low, high, distance)


def newest_run(placed: Sequence[Placed | None]) -> list[Placed]:
    """The months up to the newest with no gap between them; none where the newest has no value."""
    run: list[Placed] = []
    for point in reversed(placed):
        if point is None:
            break
        run.append(point)
    return run[::-1]


def signals(placed: Sequence[Placed | None]) -> list[Signal]:
    """The rules of ``RULE_SET`` that hold at the last of some months.

    Args:
        placed: months in order without any left out, ``None`` for one without a value; all against one
            baseline.
    """
    run = newest_run(placed)
    found = [rule(run) for rule in (_beyond, _shift, _trend, _near)] if run else []
    return [signal for signal in found if signal is not None]


def one_side(run: Sequence[Placed]) -> tuple[int, Direction | None]:
    """How many months up to the newest lie on the newest month's side of the centre, and which side."""
    sides = [_side(p) for p in reversed(run)]
    if not sides or sides[0] is None:
        return 0, None
    count = next((i for i, side in enumerate(sides) if side != sides[0]), len(sides))
    return count, sides[0]


def _side(point: Placed, reach: float = 0.0) -> Direction | None:
    """The side on which a month lies further than ``reach`` standard deviations from the centre."""
    if abs(point.value - point.centre) <= NOISE * max(abs(point.value), abs(point.centre)):
        return None
    if abs(point.distance) <= reach * (1 + NOISE):
        return None
    return "high" if point.distance > 0 else "low"


def _beyond(run: Sequence[Placed]) -> Signal | None:
    side = _side(run[-1], SIGMAS)
    words = {"high": _("above the upper limit"), "low": _("below the lower limit")}
    return Signal("beyond-limit", side, words[side]) if side else None


def _shift(run: Sequence[Placed]) -> Signal | None:
    count, side = one_side(run)
    if side is None or count < RUN:
        return None
    where = _("above the centre") if side == "high" else _("below the centre")
    return Signal("shift", side, _("%(n)s months in a row %(where)s") % {"n": count, "where": where})


def _trend(run: Sequence[Placed]) -> Signal | None:
    values = [p.value for p in run]
    rising = _steps(values, lambda a, b: b > a)
    falling = _steps(values, lambda a, b: b < a)
    if rising >= STEPS:
        return Signal(
            "trend", "high", _("%(n)s months in a row, each higher than the one before") % {"n": rising}
        )
    if falling >= STEPS:
        return Signal(
            "trend", "low", _("%(n)s months in a row, each lower than the one before") % {"n": falling}
        )
    return None


def _steps(values: Sequence[float], onward: Callable[[float, float], bool]) -> int:
    """How many values up to the last go one way."""
    count = 1
    while count < len(values) and onward(values[-count - 1], values[-count]):
        count += 1
    return count


def _near(run: Sequence[Placed]) -> Signal | None:
    sides = [_side(p, NEAR) for p in run[-3:]]
    side = sides[-1]
    if side is None or sides.count(side) < 2:
        return None
    limit = _("upper") if side == "high" else _("lower")
    return Signal(
        "near-limit", side, _("2 of 3 months beyond two thirds of the %(limit)s limit") % {"limit": limit}
    )


SIMULATED = {"seed": 20_261_125, "series": 200_000, "months after the baseline": 24}
"""How ``FALSE_ALARMS`` was worked out (tests/oracles/test_trend_false_alarms.py); standard error below 0.0005."""

FALSE_ALARMS: dict[str, dict[int, float]] = {
    "months": {20: 0.0404, 24: 0.0357, 36: 0.0277},
    "chance": {20: 0.0252, 24: 0.0230, 36: 0.0195},
}
"""Probability of any signal at the newest month of a series that does not change, by months in the baseline.

``months``: the spread is estimated from the months themselves (XmR, p′, u′). ``chance``: it is known
(p and u; given that they were chosen). Values are independent and normal; small whole counts give slightly
more, a newest month right after the baseline gives fewer.
"""


FALSE_ALARMS_ALIKE: dict[float, float] = {0.3: 0.1036, 0.6: 0.2970}
"""The same where each month depends on the one before, by autocorrelation (24 months in the baseline, XmR).

The spread from one month to the next is then smaller than that of the months altogether, and runs are longer.
"""


def false_alarm_rate(chart: ChartName, baseline: int, alike: float = 0.0) -> float:
    """The probability of a false signal at the newest month.

    Args:
        chart: which chart.
        baseline: months in the baseline; between two that were simulated the higher probability is given.
        alike: autocorrelation of neighbouring months; between two that were simulated the lower probability
            is given.

    Raises:
        ValueError: fewer months than any that were simulated.
    """
    rates = FALSE_ALARMS["chance" if chart in ("p", "u") else "months"]
    if baseline < min(rates):
        raise ValueError(f"a baseline of {baseline} months gives no signals")
    rate = rates[max(size for size in rates if size <= baseline)]
    return max([rate, *(r for at, r in FALSE_ALARMS_ALIKE.items() if alike >= at)])


def expected_false_alarms(series: int, rate: float) -> float:
    """How many of some series signal at the newest month though nothing has changed: series × rate.

    It holds whether the series depend on each other or not.

    Args:
        series: number of series that are looked at together.
        rate: probability for each, from :func:`false_alarm_rate`.

    Raises:
        ValueError: a negative number of series, or a rate that is no probability.
    """
    if series < 0 or not 0 <= rate <= 1:
        raise ValueError(f"{series} series with a probability of {rate}")
    return series * rate
