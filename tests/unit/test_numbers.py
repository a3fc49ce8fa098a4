"""How numbers are printed: units, rounding, ranges, statuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_fixture import figure

from openpeel.engine.measure.figure import Bounds, Inflated, Interval, Status
from openpeel.report.comparison_numbers import spread_text
from openpeel.report.numbers import (
    Style,
    date_text,
    fixed,
    has,
    level_text,
    printed,
    range_text,
    style_of,
    unit_text,
    value_text,
)

SHARE, RATE, RATIO, COUNT = "share of searches", "searches per 1,000 population", "times the rate", "searches"
STATUSES = [s for s in get_args(Status) if s != "ok"]


@pytest.mark.parametrize(
    ("unit", "style"),
    [
        ("searches", Style.COUNT),
        ("searches per 1,000 population in 2 months", Style.RATE),
        ("share of searches", Style.PERCENT),
        ("times the rate of White people", Style.RATIO),
    ],
)
def test_the_unit_decides_the_style(unit: str, style: Style) -> None:
    assert style_of(unit) is style


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1284, COUNT, "1,284"),
        (1234567.0, COUNT, "1,234,567"),
        (0, COUNT, "0"),
        (30.25, COUNT, "30.3"),
        (1.1352, RATE, "1.14"),
        (1234.5, RATE, "1,234.50"),
        (0.0, RATE, "0.00"),
        (0.004, RATE, "under 0.01"),
        (0.2346, SHARE, "23.5%"),
        (0.0, SHARE, "0.0%"),
        (1.0, SHARE, "100.0%"),
        (0.0004, SHARE, "under 0.1%"),
        (0.9997, SHARE, "over 99.9%"),
        (4.113, RATIO, "4.1"),
        (12.34, RATIO, "12.3"),
        (0.834, RATIO, "0.83"),
        (0.0456, RATIO, "0.046"),
        (0.996, RATIO, "1.0"),
        (0.0996, RATIO, "0.10"),
        (0.0, RATIO, "0.0"),
        (-4.656, RATE, "−4.66"),
        (-0.001, RATE, "0.00"),
    ],
)
def test_values(value: float, unit: str, text: str) -> None:
    assert value_text(value, unit) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3"), (0.125, 2, "0.13"), (2.675, 2, "2.67"), (1.005, 2, "1.00")],
)
def test_halves_go_up_on_the_exact_decimal_of_the_float(value: float, places: int, text: str) -> None:
    """2.675 and 1.005 lie below the half as floats: Decimal(2.675) is 2.67499999..."""
    assert fixed(value, places) == text


@given(st.floats(min_value=0, max_value=1e12, allow_nan=False), st.integers(0, 4))
def test_rounding_is_never_further_than_half_a_step(value: float, places: int) -> None:
    shown = Decimal(fixed(value, places).replace(",", ""))
    assert abs(shown - Decimal(value)) <= Decimal(5).scaleb(-places - 1)


@given(st.floats(min_value=1e-6, max_value=1, exclude_max=True))
def test_what_is_neither_none_nor_all_never_prints_as_such(share: float) -> None:
    assert value_text(share, SHARE) not in ("0.0%", "100.0%")


@given(st.floats(min_value=1e-9, max_value=1e6))
def test_a_ratio_has_two_significant_digits_at_least(ratio: float) -> None:
    digits = value_text(ratio, RATIO).replace(",", "").replace(".", "").lstrip("0")
    assert len(digits) >= 2


def test_an_interval() -> None:
    known = figure("m", "f", SHARE, value=0.2346, interval=Interval(0.215, 0.2541, 0.95, "wilson"))
    assert printed(known, "interval").text == "21.5% to 25.4%"
    assert printed(known, "interval").raw == "0.215 0.2541"


def test_an_interval_without_an_upper_end() -> None:
    inflated = Inflated(1.9, None, 2.312, "monthly counts")
    known = figure("m", "f", RATIO, value=4.1, interval=Interval(2.1, None, 0.95, "exact", inflated))
    assert printed(known, "interval").text == "2.1 or more"
    assert printed(known, "interval").raw == "2.1 None"
    assert printed(known, "inflated").text == "1.9 or more"
    assert printed(known, "dispersion").text == "2.3"


def test_bounds_and_counts() -> None:
    known = figure("m", "f", SHARE, value=0.2, numerator=1200, denominator=6000, bounds=Bounds(0.1, None))
    assert printed(known, "bounds").text == "10.0% or more"
    assert printed(known, "numerator").text == "1,200"
    assert printed(known, "denominator").raw == "6000"
    assert not has(known, "unknown")
    assert not has(known, "interval")
    assert not has(known, "dispersion")


def test_an_unknown_part_is_an_error() -> None:
    with pytest.raises(KeyError):
        printed(figure("m", "f", SHARE, value=0.2), "median")


@pytest.mark.parametrize("status", STATUSES)
def test_no_value_prints_as_its_status_in_words_and_never_as_a_number(status: str) -> None:
    shown = printed(figure("m", "f", COUNT, status=status, numerator=3))
    assert shown.raw == ""
    assert len(shown.text) > 5
    assert not any(c.isdigit() for c in shown.text)


def test_an_ok_figure_without_a_value_is_an_error_and_not_a_zero() -> None:
    with pytest.raises(ValueError, match="no value"):
        printed(figure("m", "f", COUNT, value=None))


def test_a_suppressed_figure_gives_no_count_away() -> None:
    secret = figure("m", "f", SHARE, status="suppressed", numerator=3, denominator=8, unknown=1)
    secret = replace(secret, interval=Interval(0.1, 0.2, 0.95, "wilson"), bounds=Bounds(0.1, 0.2))
    parts = ("numerator", "denominator", "unknown", "interval", "bounds", "dispersion")
    assert not any(has(secret, part) for part in parts)


@pytest.mark.parametrize(
    ("level", "text"), [("0.95", "95%"), ("0.998", "99.8%"), (0.95, "95%"), (0.9, "90%")]
)
def test_levels(level: float | str, text: str) -> None:
    assert level_text(level) == text


def test_units_ranges_and_dates_in_words() -> None:
    assert unit_text(SHARE) == "of searches"
    assert unit_text(RATE) == RATE
    assert range_text("1", "2") == "1 to 2"
    assert date_text(date(2026, 11, 2)) == "2 November 2026"


def test_a_spread_of_shares_is_in_points() -> None:
    assert spread_text(0.0534, SHARE) == "5.3 points"
    assert spread_text(0.604, RATE) == "0.60"
