"""A series: one measure of one force over equal periods (months), gaps left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from openpeel.engine.declare.measures import Better

Kind = Literal["individuals", "proportion", "rate"]


@dataclass(frozen=True)
class Point:
    """One month.

    Attributes:
        month: month number.
        value: in the unit of the series; ``None`` is a gap, never zero.
        count: events, for a proportion or a rate.
        size: what they are counted of: records, or exposure in the unit that ``value`` is per; above 0.
        status: the figure's status, or ``another-reading``.
        reason: why there is no value.
        figure_id: of the month's figure.
    """

    month: int
    value: float | None
    count: int | None = None
    size: float | None = None
    status: str = "ok"
    reason: str | None = None
    figure_id: str = ""


@dataclass(frozen=True)
class Series:
    """Months in order without any left out; the last is the newest, with a value or without.

    ``kind`` decides the chart: single values, shares of records, or events over an exposure.

    Raises:
        ValueError: no points, a month left out or twice, or a value without the counts that its kind needs.
    """

    measure: str
    force: str
    unit: str
    better: Better
    kind: Kind
    points: Sequence[Point]
    breakdown: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.points:
            raise ValueError("a series has at least one month")
        first = self.points[0].month
        if [p.month for p in self.points] != list(range(first, first + len(self.points))):
            raise ValueError(
                "the months of a series follow each other; a missing one is a point without value"
            )
        for point in self.points:
            _check(point, self.kind)

    def newest(self) -> Point:
        """The last month, the only one at which there can be a signal."""
        return self.points[-1]


def _check(point: Point, kind: Kind) -> None:
    if point.value is None or kind == "individuals":
        return
    if point.count is None or point.size is None or not point.size > 0:
        raise ValueError(f"month {point.month} has a value without the counts that it is made of")
    if kind == "proportion" and point.count > point.size:
        raise ValueError(f"month {point.month} has {point.count} of {point.size}: a part above its whole")
