"""The centre of a chart of shares is all events over all records, never the mean of monthly percentages."""

from __future__ import annotations

import pytest

from openpeel.engine.compare.trend import work_out
from openpeel.engine.compare.trend_series import Point, Series


def test_a_month_of_few_records_does_not_weigh_as_much_as_one_of_many() -> None:
    # In turn 900 of 1,000 and 1 of 10: the mean of the percentages is 50%, of the records 89.2%.
    counts = [(900, 1000.0), (1, 10.0)] * 12 + [(900, 1000.0)]
    points = [Point(i, x / n, x, n) for i, (x, n) in enumerate(counts)]
    found = work_out(Series("a.b", "kent", "share of records", "higher", "proportion", points))
    assert found.chart is not None
    assert found.chart.centre == pytest.approx(901 / 1010)
    assert found.chart.centre != pytest.approx(0.5, abs=0.3)


def test_nor_of_monthly_rates() -> None:
    counts = [(90, 10.0), (1, 0.5)] * 12 + [(90, 10.0)]
    points = [Point(i, x / n, x, n) for i, (x, n) in enumerate(counts)]
    found = work_out(Series("a.b", "kent", "searches per 30 days", "lower", "rate", points))
    assert found.chart is not None
    assert found.chart.centre == pytest.approx(91 / 10.5)
