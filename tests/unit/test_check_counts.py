"""Checks of tables of totals: totals against parts, zeros for what was missing, numbers and months unlike others."""

from __future__ import annotations

from pathlib import Path

import pytest
from checks_fixture import MONTHS, RETURNED, Row, check, found, returned, supply

from openpeel.engine import clock
from openpeel.engine.check.doubt import Doubt

MAY = clock.month_number(2024, 5)


def _doubts(workspace: Path, rows: list[Row]) -> list[Doubt]:
    supply(workspace, RETURNED, {"kent": rows, "essex": returned(seed=2)}, scope="changes")
    return check(workspace).doubts


def _row(rows: list[Row], month: str, grade: str) -> Row:
    return next(r for r in rows if r["month_on"].startswith(month) and r["grade"] == grade)


def _total_of_may(rows: list[Row]) -> None:
    parts = [r for r in rows if r["month_on"] == "2024-05-01" and r["grade"] != "All"]
    for name in ("opened", "closed"):
        known = [r[name] for r in parts if r[name]]
        _row(rows, "2024-05", "All")[name] = str(sum(map(int, known)))


def test_a_total_that_is_not_the_sum_of_its_parts_blocks(workspace: Path) -> None:
    rows = returned()
    total = _row(rows, "2024-05", "All")
    total["opened"] = str(int(total["opened"]) + 1)
    (doubt,) = _doubts(workspace, rows)
    assert (doubt.check, doubt.severity, doubt.subject) == ("set.total", "blocking", "opened")
    assert doubt.rows == ("2024-05-01 | All",)


@pytest.mark.parametrize("grade", ["All", "low"])
def test_a_total_with_an_unknown_part_cannot_be_told(workspace: Path, grade: str) -> None:
    rows = returned()
    _row(rows, "2024-05", grade)["opened"] = ""
    assert _doubts(workspace, rows) == []


def test_a_zero_where_other_months_have_hundreds(workspace: Path) -> None:
    rows = returned()
    _row(rows, "2024-05", "low")["opened"] = "0"
    _total_of_may(rows)
    (doubt,) = _doubts(workspace, rows)
    assert (doubt.check, doubt.months, doubt.rows) == ("cells.zero", (MAY, MAY), ("2024-05-01 | low",))
    assert "leave it blank" in doubt.text


def test_a_zero_among_small_numbers_is_a_number(workspace: Path) -> None:
    rows = returned()
    for n, row in enumerate(r for r in rows if r["grade"] == "low"):
        row["opened"] = row["closed"] = str(1 + n % 3)
    _row(rows, "2024-05", "low")["opened"] = _row(rows, "2024-05", "low")["closed"] = "0"
    for month in MONTHS:
        parts = [r for r in rows if r["month_on"].startswith(clock.month_text(month)) and r["grade"] != "All"]
        for name in ("opened", "closed"):
            _row(rows, clock.month_text(month), "All")[name] = str(sum(int(r[name]) for r in parts))
    assert _doubts(workspace, rows) == []


def test_a_whole_column_of_zeros(workspace: Path) -> None:
    rows = returned()
    for row in rows:
        if row["month_on"] == "2024-05-01":
            row["closed"] = "0"
    assert ("cells.zero", "kent", "closed") in found(_doubts(workspace, rows))


def test_a_number_ten_times_too_large(workspace: Path) -> None:
    rows = returned()
    row = _row(rows, "2024-05", "low")
    row["opened"] += "0"
    _total_of_may(rows)
    doubts = _doubts(workspace, rows)
    assert {d.check for d in doubts} == {"cells.jump"}
    assert ("2024-05-01 | low",) in [d.rows for d in doubts] or "2024-05-01 | low" in doubts[0].rows


def test_a_number_a_third_larger_is_none(workspace: Path) -> None:
    rows = returned()
    row = _row(rows, "2024-05", "low")
    row["opened"] = str(int(row["opened"]) * 4 // 3)
    _total_of_may(rows)
    assert _doubts(workspace, rows) == []


def test_a_month_copied_from_the_one_before(workspace: Path) -> None:
    rows = returned()
    for grade in ("All", "high", "low", "other"):
        before = _row(rows, "2024-04", grade)
        _row(rows, "2024-05", grade).update(opened=before["opened"], closed=before["closed"])
    (doubt,) = _doubts(workspace, rows)
    assert (doubt.check, doubt.severity, doubt.months) == ("twice.month", "blocking", (MAY, MAY))


def test_a_month_with_one_number_of_its_own_is_no_copy(workspace: Path) -> None:
    rows = returned()
    for grade in ("All", "high", "low", "other"):
        before = _row(rows, "2024-04", grade)
        _row(rows, "2024-05", grade).update(opened=before["opened"], closed=before["closed"])
    _row(rows, "2024-05", "low")["closed"] = str(int(_row(rows, "2024-05", "low")["closed"]) + 1)
    _total_of_may(rows)
    assert _doubts(workspace, rows) == []


def test_the_numbers_of_another_force(workspace: Path) -> None:
    rows, other = returned(), returned(seed=2)
    for grade in ("All", "high", "low", "other"):
        theirs = _row(other, "2024-05", grade)
        _row(rows, "2024-05", grade).update(opened=theirs["opened"], closed=theirs["closed"])
    doubts = _doubts(workspace, rows)
    assert {(d.check, d.force) for d in doubts} == {("twice.month", "kent"), ("twice.month", "essex")}
    assert "of essex" in next(d.text for d in doubts if d.force == "kent")


def test_a_month_that_was_not_returned(workspace: Path) -> None:
    rows = [r for r in returned() if r["month_on"] != "2024-05-01"]
    (doubt,) = _doubts(workspace, rows)
    assert (doubt.check, doubt.months) == ("months.missing", (MAY, MAY))


def test_a_table_of_quarters_lacks_no_months(workspace: Path) -> None:
    quarters = [m for m in MONTHS if m % 3 == 0]
    supply(workspace, RETURNED, {"kent": returned(quarters), "essex": returned(quarters, seed=2)})
    assert check(workspace).doubts == []


def test_stocks_of_small_counts_that_stand_still_are_no_copies(workspace: Path) -> None:
    rows = returned()
    for row in rows:
        row["opened"] = row["closed"] = "3" if row["grade"] == "All" else "1"
    assert _doubts(workspace, rows) == []
