"""Backlogs, flows and ages: hand-sized tables, and the plain way of asking day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import new_workspace
from openpeel.engine.clock import parse_month
from openpeel.engine.declare.measures import LOWER, NEUTRAL, AgeOfBacklog, Backlog, Flow
from openpeel.engine.measure.figure import Figure
from openpeel.engine.measure.series import monthly
from waits import ABOUT, answers, figure, incident, opened, put

SPAN: dict[str, Any] = {"start": "received_at", "end": "closed_at"}
OPEN = Backlog(id="test.open", unit="incidents", better=LOWER, by=("grade",), **ABOUT, **SPAN)
FLOW = Flow(id="test.flow", unit="incidents", better=NEUTRAL, **ABOUT, **SPAN)
AGE = AgeOfBacklog(id="test.age", unit="days", better=LOWER, p=0.5, **ABOUT, **SPAN)
LATER = "2023-12-31"


def at(id_: str, began: str, ended: str = "", grade: str = "") -> Any:
    return incident(id_, f"{began} 12:00:00", "", f"{ended} 12:00:00" if ended else "", grade)


def three_months(root: Path) -> Path:
    put(root, at("a", "2023-01-05", "2023-01-20"), at("b", "2023-01-10", "2023-02-10"), month="2023-01")
    put(root, at("c", "2023-02-01", grade="1"), at("d", "2023-02-02", "2023-03-31", "2"), month="2023-02")
    put(root, at("e", "2023-03-31", grade="1"), at("f", "2023-03-01", "2023-03-01"), month="2023-03")
    return root


def flows(root: Path, period: str, as_at: str = LATER) -> list[float | None]:
    found = answers(root, FLOW, as_at=as_at, period=period).figures
    assert [f.breakdown["flow"] for f in found] == ["open before", "in", "out", "open after"]
    return [f.value for f in found]


def test_what_is_open_at_the_end_of_each_month(workspace: Path) -> None:
    three_months(workspace)
    values = [figure(workspace, OPEN, as_at=LATER, period=f"2023-0{m}").value for m in (1, 2, 3)]
    assert values == [1, 2, 2]
    found = figure(workspace, OPEN, as_at=LATER, period="2023-02..2023-03")
    assert found.reason == "of records that began in 2023-01 or later, as supplied on 2023-01-31"
    assert len(found.snapshots) == 3  # those of the months before the period among them


def test_what_flows(workspace: Path) -> None:
    three_months(workspace)
    assert flows(workspace, "2023-02") == [1, 2, 1, 2]
    assert flows(workspace, "2023-01..2023-03") == [0, 6, 4, 2]


def test_by_a_category(workspace: Path) -> None:
    three_months(workspace)
    found = answers(workspace, OPEN, as_at=LATER, period="2023-02", by=("grade",)).figures
    assert {f.breakdown.get("grade", ""): f.value for f in found} == {"": 2, "1": 1, "2": 1, "not known": 0}


def test_the_age_of_what_is_open(workspace: Path) -> None:
    three_months(workspace)
    found = figure(workspace, AGE, as_at="2023-04-02", period="2023-01..2023-03")
    assert (found.value, found.numerator) == ((60 + 2) / 2, 2)
    none = figure(workspace, AGE, as_at="2023-04-02", period="2023-01")
    assert (none.status, none.value) == ("no-data", None)


def test_a_month_that_is_missing_gives_no_stock(workspace: Path) -> None:
    put(workspace, at("a", "2023-01-05"), month="2023-01")
    put(workspace, at("c", "2023-03-01"), month="2023-03")
    found = figure(workspace, OPEN, as_at=LATER, period="2023-03")
    assert (found.status, found.value, found.reason) == ("not-supplied", None, "nothing supplied for 2023-02")


def test_a_period_that_is_not_over_has_no_stock_yet(workspace: Path) -> None:
    three_months(workspace)
    assert figure(workspace, OPEN, as_at="2023-03-30", period="2023-03").status == "not-yet-due"


def test_an_end_before_the_start_is_not_known(workspace: Path) -> None:
    put(workspace, at("a", "2023-01-05", "2023-01-02"), at("b", "2023-01-05"))
    found = figure(workspace, OPEN, as_at=LATER)
    assert (found.value, found.unknown) == (1, 1)
    assert found.bounds is not None and (found.bounds.low, found.bounds.high) == (1, 2)


DAY = st.integers(0, 58).map(lambda n: date(2023, 1, 1) + timedelta(days=n))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(DAY, st.none() | DAY), max_size=12))
def test_it_is_asking_day_by_day(tmp_path_factory: Any, spans: list[tuple[date, date | None]]) -> None:
    root = new_workspace(tmp_path_factory.mktemp("stock") / "w")
    spans = [(a, b if b is None or b >= a else None) for a, b in spans]
    for month in (1, 2):
        mine = [(n, a, b) for n, (a, b) in enumerate(spans) if a.month == month]
        put(root, *(at(str(n), str(a), str(b or "")) for n, a, b in mine), month=f"2023-0{month}")
    for month, last in ((1, date(2023, 1, 31)), (2, date(2023, 2, 28))):
        is_open = sum(a <= last and (b is None or b > last) for a, b in spans)
        assert value_of(root, f"2023-0{month}") == is_open


def value_of(root: Path, period: str) -> float | None:
    found: Figure = answers(root, replace(OPEN, by=()), as_at=LATER, period=period).figures[0]
    return found.value


def test_month_by_month_each_stock_rests_on_all_the_months_before(workspace: Path) -> None:
    three_months(workspace)
    context = opened(workspace, OPEN, as_at=LATER)
    found = monthly(context, OPEN, ["kent"], parse_month("2023-03")).figures
    context.close()
    assert [f.value for f in found] == [1, 2, 2]
    assert found == [figure(workspace, OPEN, as_at=LATER, period=f"2023-0{m}") for m in (1, 2, 3)]
