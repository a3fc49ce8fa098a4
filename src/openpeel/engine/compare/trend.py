"""A trend: a series against a frozen stretch of its own past, with signals at the newest month alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openpeel.engine import clock
from openpeel.engine.compare import trend_icons as icons
from openpeel.engine.compare import trend_rules as rules
from openpeel.engine.compare.trend_chart import LEAST_EXPECTED, Chart, NoChart, Status, draw, scores, small
from openpeel.engine.compare.trend_icons import Icon
from openpeel.engine.compare.trend_limits import autocorrelation
from openpeel.engine.compare.trend_rebase import USUAL, Baseline, Proposal, Rebasing, baseline_of, propose
from openpeel.engine.compare.trend_rules import Placed, Signal
from openpeel.engine.compare.trend_series import Point, Series


@dataclass(frozen=True)
class Trend:
    """What is said of one series.

    Attributes:
        series: its months.
        baseline: the frozen stretch.
        chart: centre and limits, where there are any.
        status, reason: ``ok``, or why nothing is said of the newest month.
        placed: the months since the baseline began against the chart.
        signals: the rules that hold at the newest month.
        variation, assurance: the pair of icons.
        standard: the line it is held against, in the unit of the series.
        proposal: a new baseline that a person may accept.
        alike: autocorrelation of neighbouring months in the baseline, where it is more than chance
            (above 2/√n); ``None`` otherwise.
        cautions: what a reader should know of this series.
    """

    series: Series
    baseline: Baseline
    chart: Chart | None
    status: Status
    reason: str | None
    placed: Sequence[Placed | None]
    signals: Sequence[Signal]
    variation: Icon
    assurance: Icon
    standard: float | None
    proposal: Proposal | None
    alike: float | None
    cautions: Sequence[str]

    def limits(self) -> tuple[float, float] | None:
        """Low and high limit of the newest month, where it has any."""
        return self.chart.limits(self.series.newest().size) if self.chart and self.status == "ok" else None

    def false_alarm_rate(self) -> float:
        """The probability that it signals though nothing has changed; 0 where it cannot signal."""
        if self.chart is None or self.status != "ok":
            return 0.0
        return rules.false_alarm_rate(self.chart.name, self.baseline.known, self.alike or 0.0)

    def as_json(self) -> dict[str, Any]:
        """The trend as plain data, numbers unrounded."""
        return {
            "measure": self.series.measure,
            "force": self.series.force,
            "breakdown": dict(self.series.breakdown),
            "unit": self.series.unit,
            "better": self.series.better,
            "status": self.status,
            "reason": self.reason,
            "chart": _chart_json(self.chart) if self.chart else None,
            "baseline": self.baseline.as_json(),
            "newest": self._point_json(self.series.newest()),
            "rule_set": rules.RULE_SET,
            "signals": [s.as_json() for s in self.signals],
            "variation": self.variation.as_json(),
            "assurance": self.assurance.as_json(),
            "standard": self.standard,
            "proposal": self.proposal.as_json() if self.proposal else None,
            "false_alarm_rate": self.false_alarm_rate(),
            "autocorrelation": self.alike,
            "cautions": list(self.cautions),
            "points": [self._point_json(p) for p in self.series.points],
        }

    def _point_json(self, point: Point) -> dict[str, Any]:
        chart = self.chart if any(p is not None and p.month == point.month for p in self.placed) else None
        low, high = _limits(chart, point) if chart else (None, None)
        return {
            "month": clock.month_text(point.month),
            "value": point.value,
            "count": point.count,
            "size": point.size,
            "status": point.status,
            "reason": point.reason,
            "in_baseline": point in self.baseline.points and point.value is not None,
            "centre": chart.centre if chart else None,
            "low": low,
            "high": high,
            "figure_id": point.figure_id,
        }


def work_out(
    series: Series,
    accepted: Iterable[Rebasing] = (),
    standard: float | None = None,
    wanted: int = USUAL,
) -> Trend:
    """Say what there is to say of a series.

    Args:
        series: its months.
        accepted: new baselines that people accepted; those of other series do not matter.
        standard: the line it is held against, in the unit of the series.
        wanted: months with a value in the baseline, at least ``trend_rebase.LEAST``.

    Raises:
        ValueError: too few months wanted.
    """
    baseline = baseline_of(series, accepted, wanted)
    drawn = _drawn(series, baseline)
    chart = drawn if isinstance(drawn, Chart) else None
    refused = drawn if isinstance(drawn, NoChart) else _newest_refused(drawn, series.newest())
    placed = rules.place(chart, _since(series, baseline)) if chart else []
    found = rules.signals(placed) if not refused else []
    few = refused is not None and refused.status == "too-few-points"
    silent = icons.undecided(few, refused.reason) if refused else None
    alike = _alike(chart, baseline) if chart else None
    return Trend(
        series=series,
        baseline=baseline,
        chart=chart,
        status=refused.status if refused else "ok",
        reason=refused.reason if refused else None,
        placed=placed,
        signals=found,
        variation=silent or icons.variation(found, series.better),
        assurance=_assured(series, chart, silent, standard),
        standard=standard,
        proposal=propose(placed) if not refused else None,
        alike=alike,
        cautions=_cautions(chart, baseline, alike),
    )


def expected_false_alarms(trends: Iterable[Trend]) -> float:
    """How many of some series signal though nothing has changed, summed over all that are looked at together."""
    return sum(t.false_alarm_rate() for t in trends)


def _drawn(series: Series, baseline: Baseline) -> Chart | NoChart:
    if not baseline.needed():
        return draw(series.kind, baseline.points)
    since = f" since {clock.month_text(baseline.rebasing.first_month)}" if baseline.rebasing else ""
    reason = (
        f"{baseline.known} months{since} with a value before the newest: {baseline.needed()} more are needed"
    )
    return NoChart("too-few-points", reason)


def _without(points: Sequence[Point]) -> str:
    """How many months have no value, by status."""
    counts = Counter(p.status for p in points if p.value is None)
    return f" (without one: {', '.join(f'{n} {status}' for status, n in counts.items())})" if counts else ""


def _newest_refused(chart: Chart, newest: Point) -> NoChart | None:
    month = clock.month_text(newest.month)
    if newest.value is None:
        return NoChart("newest-missing", f"{month} has no value: {newest.reason or newest.status}")
    expected = chart.expected(newest.size)
    if expected is not None and expected < LEAST_EXPECTED:
        return NoChart("newest-small", small(month, expected))
    return None


def _since(series: Series, baseline: Baseline) -> list[Point]:
    """The months that the baseline is about: an earlier level has limits of its own, no longer these."""
    start = baseline.rebasing.first_month if baseline.rebasing else series.points[0].month
    return [p for p in series.points if p.month >= start]


def _assured(series: Series, chart: Chart | None, silent: Icon | None, standard: float | None) -> Icon:
    if standard is None or chart is None or silent is not None:
        return silent if silent and standard is not None else icons.assurance((0, 0), series.better, None)
    return icons.assurance(chart.limits(series.newest().size), series.better, standard)


def _limits(chart: Chart, point: Point) -> tuple[float | None, float | None]:
    """A month's limits; none where so few events are to be expected that they would be wrong."""
    expected = chart.expected(point.size)
    return (None, None) if expected is not None and expected < LEAST_EXPECTED else chart.limits(point.size)


def _alike(chart: Chart, baseline: Baseline) -> float | None:
    """The autocorrelation of the baseline's months where it is above what chance gives 1 time in 40.

    Source: Bartlett (1946), J. R. Stat. Soc. Suppl. 8, 27-41 (standard error 1/√n).
    """
    found = autocorrelation(scores(chart, baseline.points))
    return found if found is not None and found > 2 / baseline.known**0.5 else None


def _cautions(chart: Chart | None, baseline: Baseline, alike: float | None) -> list[str]:
    if chart is None:
        return []
    missing = len(baseline.points) - baseline.known
    out = [f"months of the baseline without a value: {missing}"] if missing else []
    if chart.screened:
        out.append(f"moving ranges left out as extreme: {chart.screened} of {chart.ranges + chart.screened}")
    if alike is not None:
        often = rules.false_alarm_rate(chart.name, baseline.known, alike)
        out.append(
            f"neighbouring months are alike (autocorrelation {alike:.2f}; seasons, or a slow drift): such a series "
            f"signals {often:.0%} of the time though nothing has changed"
        )
    return out


def _chart_json(chart: Chart) -> dict[str, Any]:
    return {
        "name": chart.name,
        "centre": chart.centre,
        "spread": chart.spread,
        "sigma_z": chart.sigma_z,
        "moving_ranges": chart.ranges,
        "screened": chart.screened,
    }
