"""Shares within a limit: hand-sized tables, wrong declarations, and the pure function on random rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.engine import clock, intervals
from openpeel.engine.connection import connect
from openpeel.engine.declare.measures import AnyMeasure, Count, ShareWithin
from openpeel.engine.declare.serial import from_plain, to_plain
from openpeel.engine.derive.layer import Sources, derived_sql
from openpeel.engine.measure import cells
from openpeel.engine.measure.build import whole_plan
from openpeel.engine.measure.check import check_catalogue
from openpeel.engine.measure.figure import Bounds, figure_from_json
from openpeel.engine.measure.predicates import Compiled, bins_column, cell_column, compile_measure
from openpeel.engine.measure.question import version
from openpeel.engine.measure.waiting import share_within
from openpeel.errors import UserError
from waits import (
    ABOUT,
    INCIDENT,
    MEDIAN,
    SHARE,
    WAIT,
    WITHIN,
    WITHIN_TARGET,
    answers,
    figure,
    incident,
    opened,
    policy,
    put,
)

# As at 31 January 2023 (the moment is midnight); the limit is 6 minutes.
TABLE = (
    incident("within", "12:00:00", "12:05:59"),
    incident("at the limit", "12:00:00", "12:06:00"),
    incident("a second late", "12:00:00", "12:06:01"),
    incident("late", "12:00:00", "14:00:00"),
    incident("still waiting", "12:00:00"),
    incident("exactly as old as the limit", "23:54:00"),
    incident("a second younger", "23:54:01"),
    incident("young and attended", "23:58:00", "23:59:00"),
    incident("cancelled", "12:00:00", closed="12:30:00"),
    incident("cancelled late at night", "23:58:00", closed="23:59:00"),
    incident("attended, then closed", "12:00:00", "12:03:00", "13:00:00"),
    incident("attended before it was received", "12:00:00", "11:59:59"),
)


def test_a_table_by_hand(workspace: Path) -> None:
    put(workspace, *TABLE)
    found = figure(workspace, WITHIN)
    # Due: within, at the limit, a second late, late, still waiting, as old as the limit, attended then closed.
    assert (found.status, found.numerator, found.denominator) == ("ok", 3, 7)
    assert found.value == 3 / 7
    assert found.unknown == 1
    assert found.interval == intervals.wilson(3, 7)
    assert found.bounds == Bounds(3 / 8, 4 / 8)
    assert found.reason == "2 not yet due; 2 due and still waiting; 2 withdrawn without being served"
    assert figure_from_json(found.as_json()) == found


def test_by_a_breakdown(workspace: Path) -> None:
    rows = [
        incident("a", "12:00", "12:01", grade="1"),
        incident("b", "12:00", "12:30", grade="1"),
        incident("c", "12:00", closed="12:30", grade="2"),
        incident("d", "23:58", grade="3"),
        incident("e", "12:00", "12:01"),
    ]
    put(workspace, *rows)
    found = answers(workspace, WITHIN, by=["grade"]).figures
    by_grade = {f.breakdown.get("grade", ""): f for f in found}
    assert {g: (f.status, f.numerator, f.denominator) for g, f in by_grade.items()} == {
        "": ("ok", 2, 3),
        "1": ("ok", 1, 2),
        "2": ("no-data", 0, 0),
        "3": ("not-yet-due", 0, 0),
        "not known": ("ok", 1, 1),
    }
    assert by_grade["2"].reason == "1 withdrawn without being served; there were no others"
    assert by_grade["3"].reason == "nothing is due yet: 1 not yet due"
    assert by_grade["3"].value is None


def test_a_limit_of_each_record(workspace: Path) -> None:
    """The target in force on the day of the incident; before it there was none, which is unknown."""
    policy(workspace, 600, since="2023-01-15")
    rows = [
        incident("a", "2023-01-20 12:00", "2023-01-20 12:10"),
        incident("b", "2023-01-20 12:00", "2023-01-20 12:11"),
        incident("c", "2023-01-10 12:00", "2023-01-10 12:01"),
        incident("gone all the same", "2023-01-10 12:00", closed="2023-01-10 12:01"),
    ]
    put(workspace, *rows)
    found = figure(workspace, WITHIN_TARGET)
    assert (found.numerator, found.denominator, found.unknown) == (1, 2, 1)
    assert found.reason == "1 withdrawn without being served"


def test_without_a_policy_it_is_not_known(workspace: Path) -> None:
    put(workspace, *TABLE[:3])
    found = figure(workspace, WITHIN_TARGET)
    assert (found.status, found.value, found.unknown) == ("no-data", None, 3)
    assert found.reason == "it is not known of any of the 3 records"


def test_a_limit_below_nothing_is_not_known(workspace: Path) -> None:
    policy(workspace, -1)
    put(workspace, *TABLE[:3])
    assert figure(workspace, WITHIN_TARGET).unknown == 3


def test_a_policy_known_later_moves_the_limit_from_then_on(workspace: Path) -> None:
    put(workspace, *TABLE[:4])
    policy(workspace, 360)
    policy(workspace, 361, known_from="2023-02-10")
    assert figure(workspace, WITHIN_TARGET).numerator == 2
    assert figure(workspace, WITHIN_TARGET, as_at="2023-02-10").numerator == 3


def test_without_a_column_for_the_withdrawn(workspace: Path) -> None:
    put(workspace, *TABLE[8:9])
    found = figure(workspace, replace(WITHIN, withdrawn=""))
    assert (found.numerator, found.denominator, found.reason) == (0, 1, "1 due and still waiting")


def test_a_condition_that_is_not_known(workspace: Path) -> None:
    put(workspace, incident("a", "12:00", "12:01", grade="1"), incident("b", "12:00", "12:01"))
    found = figure(workspace, replace(WITHIN, where="grade = '1'"))
    assert (found.numerator, found.denominator, found.unknown_eligibility) == (1, 1, 1)
    assert found.bounds == Bounds(0.5, 1.0)


def test_an_empty_month_has_no_share(workspace: Path) -> None:
    put(workspace)
    found = figure(workspace, WITHIN)
    assert (found.status, found.value, found.reason) == (
        "no-data",
        None,
        "there were no such records in the period",
    )
    assert figure(workspace, WITHIN, period="2022-12").status == "not-supplied"


def test_who_still_waits_is_said_as_supplied(workspace: Path) -> None:
    """Asked weeks later, the records still say what was known when they were supplied."""
    put(workspace, incident("a", "12:00"), incident("b", "12:00", "12:01"))
    assert figure(workspace, WITHIN, as_at="2023-01-31").reason == "1 due and still waiting"
    later = figure(workspace, WITHIN, as_at="2023-03-01")
    assert later.reason == "1 due and still waiting, as supplied on 2023-01-31"


# --------------------------------------------------------------------------------- cells and versions


def test_ages_do_not_spoil_the_cells_of_others(workspace: Path) -> None:
    """Two as-at days: the plan with ages is another one, the plan without is the same."""
    number = Count(id="test.incidents", unit="incidents", better="neutral", **ABOUT)
    measures = (number, MEDIAN, WITHIN, WAIT)
    put(workspace, *TABLE)
    todo = []
    for day in ("2023-01-31", "2023-02-01"):
        context = opened(workspace, *measures, as_at=day)
        plan, entries = whole_plan(context, INCIDENT), context.view.of(INCIDENT.id)
        todo.append([len(t.plan.names()) for t in cells.tasks(workspace, plan, entries, context.sources())])
        ages = {n for m in (WITHIN, WAIT) for n in _own(m, day)} - {
            n for m in (number, MEDIAN) for n in _own(m, day)
        }
        context.close()
        answers(workspace, *measures, as_at=day)
    assert todo[0] == [len(plan.names())]
    assert todo[1] and todo[1][0] <= len(ages) < len(plan.names())


def _own(measure: AnyMeasure, day: str) -> set[str]:
    compiled = compile_measure(measure, INCIDENT, as_at=date.fromisoformat(day))
    return {c.name for c in compiled.counted()}


def test_refresh_counts_both_plans(workspace: Path) -> None:
    from openpeel.engine.measure.refresh import outline, refresh_all

    put(workspace, *TABLE)
    context = opened(workspace, MEDIAN, WITHIN)
    assert refresh_all(context) == [
        "test.incident, ages on 2023-01-31: 1 snapshots counted, 0 reused",
    ]
    assert all("0 of 1 snapshots to count" in line for line in outline(context))
    context.close()
    later = opened(workspace, MEDIAN, WITHIN, as_at="2023-02-01")
    assert "counted before without these" in outline(later)[1]
    assert ["1 snapshots counted" in line for line in refresh_all(later)] == [True]
    later.close()


def test_the_figures_come_in_the_order_asked_for(workspace: Path) -> None:
    put(workspace, *TABLE)
    found = answers(workspace, WITHIN, MEDIAN, WAIT).figures
    assert [f.measure for f in found] == ["test.within", "test.median", "test.wait"]


def test_the_version_is_of_the_declaration_alone(workspace: Path) -> None:
    put(workspace, *TABLE)
    versions = set()
    for day in ("2023-01-31", "2023-02-01"):
        versions |= {q.version for q in answers(workspace, WITHIN, as_at=day).questions.values()}
    assert versions == {version(WITHIN, INCIDENT)}
    assert version(replace(WITHIN, limit_seconds=361), INCIDENT) not in versions
    assert version(replace(WITHIN, withdrawn=""), INCIDENT) not in versions
    assert version(replace(WITHIN, title="Other words"), INCIDENT) in versions


@pytest.mark.parametrize("measure", [WITHIN, WITHIN_TARGET, MEDIAN, WAIT])
def test_as_plain_data_and_back(measure: Any) -> None:
    assert from_plain(to_plain(measure)) == measure


def test_a_declaration_is_run_when_the_catalogue_loads() -> None:
    check_catalogue({INCIDENT.id: INCIDENT}, [WITHIN, WITHIN_TARGET, MEDIAN, WAIT])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"limit": "target_seconds"}, "needs one limit"),
        ({"limit_seconds": None}, "needs one limit"),
        ({"limit_seconds": 0}, "limit_seconds is 0"),
        ({"limit_seconds": 360.0}, "limit_seconds is 360.0"),
        ({"limit_seconds": None, "limit": "grade"}, "`grade` is of type text"),
        ({"limit_seconds": None, "limit": "soon"}, "no column `soon`"),
        ({"start": "received_at_date"}, "`received_at_date` is of type date"),
        ({"served": ""}, "no column ``"),
        ({"withdrawn": "seconds_to_attend"}, "is of type duration"),
        ({"unit": "incidents"}, "let its unit begin with `share`"),
    ],
)
def test_wrong_declarations(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(UserError, match=says):
        check_catalogue({INCIDENT.id: INCIDENT}, [replace(WITHIN, **changes)])


# ------------------------------------------------------------------------- the pure function is the truth

DAY = date(2023, 1, 31)
MOMENT = clock.end_of_day(DAY)
CON = connect()
MICRO = 1_000_000

# (age in microseconds, or None: only the day is known), what became of it, and after how many of the age's parts
rows_of_any_kind = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 900 * MICRO), st.integers(0, 900).map(lambda s: s * MICRO)),
        st.sampled_from(["served", "waiting", "withdrawn", "served and closed"]),
        st.integers(0, 900 * MICRO),
        st.sampled_from(["", "before", "after the moment", "day alone"]),
    ),
    max_size=40,
)
Drawn = list[tuple[int | None, str, int, str]]


def as_rows(drawn: Drawn) -> str:
    """The drawn records as a query that gives the stored columns."""

    def stamp(moment: datetime | None) -> str:
        return clock.instant_sql(moment) if moment else "CAST(NULL AS TIMESTAMP)"

    parts = ["SELECT 's' AS snapshot, * FROM (SELECT " + nothing_sql() + ") WHERE false"]
    for age, state, took, fault in drawn:
        start = MOMENT - timedelta(microseconds=age) if age is not None else None
        end = ended(age, took, fault)
        served = end if "served" in state and fault != "day alone" else None
        closed = end if state == "withdrawn" else MOMENT if state == "served and closed" else None
        day = "DATE '2023-01-31'" if "served" in state else "CAST(NULL AS DATE)"
        gone_day = "DATE '2023-01-31'" if closed else "CAST(NULL AS DATE)"
        parts.append(
            f"SELECT 's', 'kent', 'i', {stamp(start)}, DATE '2023-01-31', {stamp(served)}, {day}, "
            f"{stamp(closed)}, {gone_day}, 'g'"
        )
    return " UNION ALL ".join(parts)


def nothing_sql() -> str:
    return ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in INCIDENT.stored())


def ended(age: int | None, took: int, fault: str) -> datetime:
    if fault == "after the moment":
        return MOMENT + timedelta(microseconds=took + 1)
    if age is None:
        return MOMENT - timedelta(microseconds=took)
    if fault == "before":
        return MOMENT - timedelta(microseconds=age + took + 1)
    return MOMENT - timedelta(microseconds=age - min(took, age))


def split(drawn: Drawn) -> tuple[list[int], list[int | None], list[int | None], int, int]:
    """Ages, served and withdrawn in whole seconds; how many are unknown; withdrawn without a known start."""
    ages: list[int] = []
    served: list[int | None] = []
    withdrawn: list[int | None] = []
    unknown = gone = 0
    for age, state, took, fault in drawn:
        ends = state != "waiting"
        untrue = fault == "after the moment" or (fault == "before" and age is not None)
        if (ends and untrue) or ("served" in state and fault == "day alone"):
            unknown += 1
        elif age is None:
            gone += state == "withdrawn"
            unknown += state != "withdrawn"
        else:
            seconds = min(took, age) // MICRO
            ages.append(age // MICRO)
            served.append(seconds if "served" in state else None)
            withdrawn.append(seconds if state == "withdrawn" else None)
    return ages, served, withdrawn, unknown, gone


def counted(compiled: Compiled, drawn: Drawn) -> tuple[Counter[str], dict[str, Counter[int]]]:
    """What a compiled measure counts in the drawn records."""
    plan = cells.plan(INCIDENT, [compiled], Sources())
    layer = derived_sql(CON, INCIDENT, plan.columns(), as_rows(drawn), Sources())
    found = cells.count_rows(CON, plan, layer)
    sums = Counter({what: found.total(["s"], cell_column(c)) for what, c in compiled.counts.items()})
    seconds = {what: found.durations(["s"], bins_column(s)) for what, s in compiled.bins.items()}
    return sums, seconds


@settings(max_examples=60, deadline=None)
@given(rows_of_any_kind, st.integers(1, 900))
def test_it_is_the_pure_function(drawn: Drawn, limit: int) -> None:
    measure = ShareWithin(id="test.any", limit_seconds=limit, **SHARE)
    sums, _ = counted(compile_measure(measure, INCIDENT, as_at=DAY), drawn)
    ages, served, withdrawn, unknown, gone = split(drawn)
    truth = share_within(limit, ages, served, withdrawn)
    assert (sums["met"], sums["known"], sums["not_yet_due"]) == (
        truth.served_within,
        truth.due,
        truth.not_yet_due,
    )
    assert (sums["withdrawn"], sums["unknown"]) == (truth.withdrawn + gone, unknown)
    assert sums["n"] == len(drawn) == sum(sums[w] for w in ("known", "not_yet_due", "withdrawn", "unknown"))
    still = [a for a, s, w in zip(ages, served, withdrawn, strict=True) if s is None and w is None]
    assert sums["waiting"] == sum(a >= limit for a in still)


def test_the_moment_is_midnight_in_london() -> None:
    assert clock.end_of_day(date(2023, 1, 31)) == datetime(2023, 2, 1, tzinfo=UTC)
    assert clock.end_of_day(date(2023, 7, 31)) == datetime(2023, 7, 31, 23, tzinfo=UTC)
    assert clock.end_of_day(date(2023, 3, 26)) == datetime(2023, 3, 26, 23, tzinfo=UTC)  # clocks go forward
    assert clock.end_of_day(date.max).year == 9999
