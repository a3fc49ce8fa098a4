"""A month that was not supplied is no zero: it lowers no centre, makes no moving range and ends every run."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from ask import put, rows
from openpeel.catalogue import load_catalogue
from openpeel.engine.clock import parse_month
from openpeel.engine.compare.trend import Trend, work_out
from openpeel.engine.compare.trend_build import series_of
from openpeel.engine.compare.trend_series import Point, Series
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.measure.context import open_context
from openpeel.engine.measure.series import monthly

CALM = [10.0, 12.0, 9.0, 11.0, 13.0, 8.0] * 4


def trend(*values: float | None) -> Trend:
    points = [Point(i, v, status="ok" if v is not None else "not-supplied") for i, v in enumerate(values)]
    return work_out(Series("a.b", "kent", "seconds", "lower", "individuals", points))


def test_it_moves_neither_centre_nor_spread() -> None:
    whole, gap = trend(*CALM, 10.0), trend(*CALM[:12], None, *CALM[12:], 10.0)
    assert whole.chart is not None and gap.chart is not None
    assert gap.chart.centre == whole.chart.centre == pytest.approx(sum(CALM) / 24)
    assert gap.chart.ranges == whole.chart.ranges - 1  # none over the gap
    assert gap.baseline.known == whole.baseline.known


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ([13.0, 12.5] * 4, "shift"),
        ([6.0, 7.0, 9.0, 11.0, 13.0, 14.0], "trend"),
        ([15.8, 15.8], "near-limit"),
    ],
)
def test_a_run_ends_at_it(values: list[float], rule: str) -> None:
    calm = [*CALM, 9.0]
    assert rule in [s.rule for s in trend(*calm, *values).signals]
    half = len(values) // 2
    assert trend(*calm, *values[:half], None, *values[half:]).signals == []


def test_a_missing_newest_month_is_no_fall_to_nothing() -> None:
    found = trend(*CALM, None)
    assert (found.status, found.signals, found.variation.code) == ("newest-missing", [], "cannot-say")


def test_from_records(workspace: Path) -> None:
    for month in ("2019-07", "2019-09"):
        put(workspace, "kent", month, rows(3), "--supplied", "2019-10-01")
    catalogue = load_catalogue(workspace)
    measure = catalogue.measures["powers.searches"]
    with closing(open_context(workspace, catalogue, Vintage(date(2019, 11, 1), None))) as context:
        (series,) = series_of(measure, monthly(context, measure, ["kent"], parse_month("2019-09")).figures)
    assert [(p.value is None, p.count, p.status) for p in series.points] == [
        (False, 3, "ok"),
        (True, None, "not-supplied"),
        (False, 3, "ok"),
    ]
