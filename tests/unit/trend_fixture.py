"""Series for tests of trends, as short as can be."""

from __future__ import annotations

from collections.abc import Sequence

from openpeel.engine.compare.trend_series import Kind, Point, Series
from openpeel.engine.declare.measures import Better

FIRST = 2020 * 12
"""January 2020."""
CALM = [10.0, 12.0, 9.0, 11.0, 13.0, 8.0, 10.0, 12.0, 11.0, 9.0, 13.0, 10.0] * 2
"""24 months without a signal: mean 10.67, mean moving range 2.35."""


def series(
    values: Sequence[float | None],
    better: Better = "lower",
    first: int = FIRST,
    unit: str = "seconds",
) -> Series:
    """Single values (XmR); ``None`` is a month that is not supplied."""
    points = [
        Point(first + i, v)
        if v is not None
        else Point(first + i, None, status="not-supplied", reason="nothing")
        for i, v in enumerate(values)
    ]
    return Series("a.b", "kent", unit, better, "individuals", points)


def counted(
    counts: Sequence[tuple[int, float] | None], kind: Kind = "proportion", better: Better = "higher"
) -> Series:
    """Shares (p) or events over an exposure (u)."""
    points = [
        Point(FIRST + i, c[0] / c[1], c[0], float(c[1]))
        if c is not None
        else Point(FIRST + i, None, status="no-data", reason="there were no such records")
        for i, c in enumerate(counts)
    ]
    return Series("a.b", "kent", "share of records", better, kind, points)
