"""Periods: what each name stands for, shown with its months written out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import openpeel
from helpers import run_here, write_search_file
from openpeel.engine import clock
from openpeel.engine.measure.period import Period, is_named, months_label, parse_period, period_label
from openpeel.errors import UserError

JUNE_2024 = clock.parse_month("2024-06")


@pytest.mark.parametrize(
    ("text", "months", "label"),
    [
        ("2024-06", "2024-06", "June 2024"),
        ("2024-02..2024-04", "2024-02..2024-04", "February to April 2024"),
        ("2024", "2024-01..2024-12", "January to December 2024"),
        ("2024-q1", "2024-01..2024-03", "January to March 2024"),
        ("2024-q4", "2024-10..2024-12", "October to December 2024"),
        ("ye-2024-03", "2023-04..2024-03", "April 2023 to March 2024"),
        ("fy-2023", "2023-04..2024-03", "April 2023 to March 2024"),
        ("fytd", "2024-04..2024-06", "April to June 2024"),
        ("fytd-2024-03", "2023-04..2024-03", "April 2023 to March 2024"),
        ("fytd-2024-04", "2024-04", "April 2024"),
        ("r12", "2023-07..2024-06", "July 2023 to June 2024"),
        ("r12-2024-06", "2023-07..2024-06", "July 2023 to June 2024"),
        ("year-before-2024-06", "2023-06", "June 2023"),
        ("year-before-fytd", "2023-04..2023-06", "April to June 2023"),
        ("year-before-2024-q1", "2023-01..2023-03", "January to March 2023"),
        ("year-before-ye-2024-03", "2022-04..2023-03", "April 2022 to March 2023"),
        (" fy-2023 ", "2023-04..2024-03", "April 2023 to March 2024"),
    ],
)
def test_each_name_stands_for_its_months(text: str, months: str, label: str) -> None:
    period = parse_period(text, JUNE_2024)
    assert (period.text(), months_label(period)) == (months, label)
    assert is_named(text) is (text[:4] != "2024" or text in ("2024", "2024-q1", "2024-q4"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fy-2023-04", "not a financial year"),
        ("fy", "not a financial year"),
        ("fytd-", "names no month"),
        ("fytd-2024-04..2024-06", "two months"),
        ("r12-2024", "`2024` is not a month"),
        ("2024-q5", "not a month"),
        ("24", "not a month"),
        ("year-before-", "not a month"),
        ("year-before-year-before-2024", "twice"),
        ("year-before-1000", "before the year 1000"),
        ("same", "year-before-"),
    ],
)
def test_what_is_no_period_is_said_in_one_line(text: str, said: str) -> None:
    with pytest.raises(UserError) as told:
        parse_period(text, JUNE_2024)
    assert said in told.value.line() and told.value.line().startswith("--period: ")


@pytest.mark.parametrize("text", ["fytd", "r12", "year-before-fytd"])
def test_what_ends_with_the_last_month_needs_records(text: str) -> None:
    with pytest.raises(UserError, match="no records are here"):
        parse_period(text, None)


@given(st.integers(clock.month_number(1002, 1), clock.month_number(2999, 12)))
def test_names_agree_with_each_other(month: int) -> None:
    said = clock.month_text(month)
    to_date = parse_period(f"fytd-{said}", None)
    assert to_date.start().month == 4 and to_date.last == month and 1 <= to_date.length() <= 12
    assert parse_period(f"fytd-{said}", None) == parse_period("fytd", month)
    assert parse_period(f"r12-{said}", None) == parse_period(f"ye-{said}", None) == parse_period("r12", month)
    year = f"{said[:4]}-q{(int(said[5:]) + 2) // 3}"
    assert month in parse_period(year, None).months() and parse_period(year, None).length() == 3
    before = parse_period(f"year-before-{said}", None)
    assert before == Period(month - 12, month - 12)


def test_a_name_is_shown_with_its_months_and_python_takes_the_same(workspace: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / "2019-07-kent-stop-and-search.csv")
    assert run_here("import", "police-uk", file, cwd=workspace).returncode == 0
    asked = ("measure", "powers.searches", "--force", "kent", "--period")
    told = run_here(*asked, "fytd", cwd=workspace)
    assert "period fytd: April to July 2019" in told.stderr and told.returncode == 0
    assert "nothing supplied for 2019-04" in told.stderr
    assert "period" not in run_here(*asked, "2019-07", cwd=workspace).stderr
    with openpeel.open(workspace) as inspection:
        (figure,) = inspection.measure("powers.searches", force="kent", period="year-before-2020-q3")
    assert (str(figure.period_start), str(figure.period_end)) == ("2019-07-01", "2019-09-30")


def test_a_year_is_labelled_by_its_end() -> None:
    assert period_label(parse_period("fy-2023", None)) == "year ending March 2024"


def test_the_page_says_what_each_name_stands_for() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "asking.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| ([A-Z][a-z]+ [^:;|]*)", page, re.MULTILINE)
    assert len(rows) == 9
    for text, label in rows:
        assert months_label(parse_period(text, None)) == label.strip()
