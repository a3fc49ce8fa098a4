"""From monthly figures to series: which kind of series each kind of measure makes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from openpeel.engine import clock
from openpeel.engine.compare.trend_series import Kind, Point, Series
from openpeel.engine.declare.measures import AnyMeasure, Count, Distribution, Proportion, Rate, ShareWithin
from openpeel.engine.measure.figure import Figure

DAYS = 30
"""Counts and rates are shown per so many days, since months differ in length by a tenth."""


def series_of(measure: AnyMeasure, figures: Sequence[Figure]) -> list[Series]:
    """Monthly figures of one measure as series, one for each force and category, in the order given.

    Each begins with the first and ends with the last month among its figures; a month between them without
    a figure is a gap. Months under another reading than the newest that has a value are gaps too: they are
    of another quantity.

    Args:
        measure: the measure.
        figures: figures of one month each.

    Raises:
        ValueError: a figure of another measure or of more than a month, or a month twice.
    """
    found: dict[tuple[str, tuple[tuple[str, str], ...]], list[Figure]] = {}
    for figure in figures:
        if figure.measure != measure.id or _month(figure.period_start) != _month(figure.period_end):
            raise ValueError(f"{figure.figure_id} is not a figure of one month of {measure.id}")
        found.setdefault((figure.force, tuple(figure.breakdown.items())), []).append(figure)
    return [_series(measure, group) for group in found.values()]


def kind_of(measure: AnyMeasure) -> Kind:
    """Shares of records, events over an exposure, or (quantiles, waits, ratios) single values."""
    if isinstance(measure, Proportion | Distribution | ShareWithin):
        return "proportion"
    return "rate" if isinstance(measure, Count | Rate) else "individuals"


def unit_of(measure: AnyMeasure) -> str:
    """The unit of the series."""
    return f"{measure.unit} per {DAYS} days" if kind_of(measure) == "rate" else measure.unit


def _series(measure: AnyMeasure, figures: Sequence[Figure]) -> Series:
    by_month = {_month(f.period_start): f for f in figures}
    if len(by_month) < len(figures):
        raise ValueError(f"{measure.id} of {figures[0].force} has two figures of one month")
    months = sorted(by_month)
    reading = next((f.reading for m in reversed(months) if (f := by_month[m]).value is not None), None)
    points = [
        _point(measure, month, by_month.get(month), reading) for month in range(months[0], months[-1] + 1)
    ]
    first = figures[0]
    return Series(
        measure.id,
        first.force,
        unit_of(measure),
        measure.better,
        kind_of(measure),
        points,
        dict(first.breakdown),
    )


def _point(measure: AnyMeasure, month: int, figure: Figure | None, reading: str | None) -> Point:
    if figure is None:
        return Point(month, None, status="not-supplied", reason="nothing supplied for the month")
    if figure.status != "ok" or figure.value is None:
        return Point(month, None, status=figure.status, reason=figure.reason, figure_id=figure.figure_id)
    if figure.reading != reading:
        why = f"read as {figure.reading or 'it stands'}, the newest month as {reading or 'it stands'}"
        return Point(month, None, status="another-reading", reason=why, figure_id=figure.figure_id)
    if kind_of(measure) == "individuals":
        return Point(month, figure.value, figure_id=figure.figure_id)
    count, size = figure.numerator or 0, _size(measure, month, figure)
    return Point(month, count / size, count, size, figure_id=figure.figure_id)


def _size(measure: AnyMeasure, month: int, figure: Figure) -> float:
    """What a month's events are counted of: records; or days, and people, in the unit of the series."""
    if kind_of(measure) == "proportion":
        return float(figure.denominator or 0)
    months = clock.last_day(month).day / DAYS
    return months * (figure.population or 0) / measure.per if isinstance(measure, Rate) else months


def _month(day: date) -> int:
    return clock.month_of(day)
