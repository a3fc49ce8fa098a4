"""Quantiles and median waits as measures: hand-sized tables, the pure functions, publication."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_within import DAY, TABLE, Drawn, counted, rows_of_any_kind, split

from openpeel.engine.compare.build import Rules, compare
from openpeel.engine.declare.measures import NATIONAL
from openpeel.engine.measure.check import check_catalogue
from openpeel.engine.measure.figure import Bounds
from openpeel.engine.measure.predicates import compile_measure
from openpeel.engine.measure.quantiles import quantile
from openpeel.engine.measure.timeliness import _bounds
from openpeel.engine.measure.waiting import kaplan_meier_median, median_from_bins
from openpeel.errors import UserError
from openpeel.register import load_register
from openpeel.report.gather import Subject, gather
from openpeel.report.numbers import Style, style_of, unit_text, value_text
from openpeel.report.publish import publish
from openpeel.report.verify import verify_folder
from waits import INCIDENT, MEDIAN, WAIT, WITHIN, answers, figure, incident, months, opened, put

P90 = replace(MEDIAN, id="test.p90", p=0.9)


def test_a_quantile_by_hand(workspace: Path) -> None:
    """10, 20, 30 and 372 seconds: the median lies at 25, the 90th percentile at 30 + 0.7 × 342."""
    ends = ["12:00:10", "12:00:20", "12:00:30", "12:06:12"]
    put(workspace, *(incident(str(n), "12:00:00", end) for n, end in enumerate(ends)))
    found = figure(workspace, MEDIAN)
    assert (found.status, found.value, found.numerator, found.denominator) == ("ok", 25.0, 4, 4)
    assert (found.interval, found.bounds, found.unknown) == (None, None, 0)
    assert figure(workspace, P90).value == pytest.approx(30 + 0.7 * 342)


def test_parts_of_a_second_are_rounded_down(workspace: Path) -> None:
    put(workspace, incident("a", "12:00:00", "12:00:10.999"), incident("b", "12:00:00.999", "12:00:01"))
    assert figure(workspace, MEDIAN).value == 5.0


def test_unknown_and_negative_durations(workspace: Path) -> None:
    rows = [incident(str(n), "12:00:00", f"12:00:{n}0") for n in range(1, 6)]
    put(workspace, *rows, incident("blank", "12:00"), incident("negative", "12:00", "11:00"))
    found = figure(workspace, MEDIAN)
    assert (found.value, found.denominator, found.unknown) == (30.0, 5, 2)
    assert found.bounds == Bounds(20.0, 40.0)  # 0 0 10 20 30 40 50, and 10 20 30 40 50 ∞ ∞
    assert figure(workspace, P90).bounds == Bounds(44.0, None)


def test_no_duration_at_all(workspace: Path) -> None:
    put(workspace, incident("blank", "12:00"))
    found = figure(workspace, MEDIAN)
    assert (found.status, found.value) == ("no-data", None)
    assert found.reason == "it is not known of any of the 1 records"


def test_by_a_breakdown_and_over_months(workspace: Path) -> None:
    """Counts for each second add up over snapshots; medians would not."""
    put(workspace, *(incident(f"a{n}", "12:00:00", f"12:00:{n}0", grade="1") for n in range(1, 6)))
    february = ["2023-02-01 12:01:00", "2023-02-01 12:02:00"]
    rows = [incident(f"b{n}", "2023-02-01 12:00:00", end, grade=str(n)) for n, end in enumerate(february, 1)]
    put(workspace, *rows, month="2023-02", supplied="2023-02-28")
    found = answers(
        workspace, MEDIAN, WAIT, as_at="2023-02-28", period="2023-01..2023-02", by=["grade"]
    ).figures
    values = {(f.measure, f.breakdown.get("grade", "")): f.value for f in found}
    expected = {"": 40.0, "1": 35.0, "2": 120.0}
    assert values == {(m, g): v for m in ("test.median", "test.wait") for g, v in expected.items()}


def test_a_median_wait_by_hand(workspace: Path) -> None:
    """At risk 5: 10 s -> 4/5; one has waited 15 s; 20 s -> 8/15; 30 s -> 4/15: the median is 30 s."""
    put(
        workspace,
        incident("a", "12:00:00", "12:00:10"),
        incident("b", "23:59:45"),
        incident("c", "12:00:00", "12:00:20"),
        incident("d", "12:00:00", "12:00:30"),
        incident("e", "12:00:00"),
        incident("gone", "12:00:00", closed="12:00:05"),
        incident("not known", "12:00:00", "11:00:00"),
    )
    found = figure(workspace, WAIT)
    assert (found.status, found.value, found.numerator, found.denominator) == ("ok", 30.0, 3, 5)
    assert (found.unknown, found.interval, found.bounds) == (1, None, None)
    assert found.reason == "2 still waiting; 1 withdrawn without being served"


def test_not_reached(workspace: Path) -> None:
    rows = [incident(str(n), "12:00:00", f"12:00:{n}0") for n in range(1, 5)]
    put(workspace, *rows, *(incident(f"w{n}", "12:00:00") for n in range(6)))
    found = figure(workspace, WAIT)
    assert (found.status, found.value, found.numerator, found.denominator) == ("not-yet-due", None, 4, 10)
    assert found.reason == "not reached: fewer than half are known to have been served; 6 still waiting"
    assert figure(workspace, MEDIAN).value == 25.0  # what leaving the waiting out would say


def test_only_withdrawn_ones(workspace: Path) -> None:
    put(workspace, incident("a", "12:00", closed="12:01"), incident("b", "12:00", "11:00"))
    found = figure(workspace, WAIT)
    assert (found.status, found.unknown) == ("no-data", 1)
    assert found.reason == "1 withdrawn without being served; it is not known of the other 1"


@settings(max_examples=60, deadline=None)
@given(rows_of_any_kind)
def test_the_median_wait_is_the_pure_function(drawn: Drawn) -> None:
    sums, seconds = counted(compile_measure(WAIT, INCIDENT, as_at=DAY), drawn)
    ages, served, withdrawn, unknown, gone = split(drawn)
    truth = kaplan_meier_median(ages, served, withdrawn)
    assert median_from_bins(seconds["served"], seconds["waiting"]) == truth.median
    assert (sums["served"], sums["waiting"]) == (truth.served, truth.waiting)
    assert (sums["withdrawn"], sums["unknown"]) == (truth.withdrawn + gone, unknown)
    assert sum(seconds["served"].values()) == truth.served


@settings(max_examples=60, deadline=None)
@given(rows_of_any_kind, st.sampled_from([0.0, 0.1, 0.5, 0.9, 0.29, 1.0]))
def test_a_quantile_is_the_pure_function(drawn: Drawn, p: float) -> None:
    from openpeel.engine.measure.quantiles import quantile_from_bins

    sums, seconds = counted(compile_measure(MEDIAN, INCIDENT, as_at=DAY), drawn)
    ends = []
    for age, state, took, fault in drawn:
        if age is None or "served" not in state or fault in ("before", "day alone"):
            continue  # no duration, or a negative one
        ends.append((age + took + 1 if fault == "after the moment" else min(took, age)) // 1_000_000)
    assert sums["known"] == len(ends)
    assert sums["known"] + sums["unknown"] == len(drawn)
    if ends:
        assert quantile_from_bins(seconds["known"], p) == quantile(ends, p)


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=12),
    st.lists(st.integers(0, 10_000), min_size=1, max_size=6),
    st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]),
)
def test_the_bounds_hold_whatever_the_unknown_are(known: list[int], hidden: list[int], p: float) -> None:
    bounds = _bounds({s: known.count(s) for s in known}, p, len(hidden))
    assert bounds is not None
    truth = quantile(known + hidden, p)
    assert bounds.low <= truth
    assert bounds.high is None or truth <= bounds.high
    assert bounds.low <= quantile(known, p)  # none of them belongs


@pytest.mark.parametrize(
    ("measure", "changes", "says"),
    [
        (MEDIAN, {"p": 1.5}, "p is 1.5"),
        (MEDIAN, {"p": True}, "p is True"),
        (MEDIAN, {"of_duration": "grade"}, "`grade` is of type text"),
        (MEDIAN, {"of_duration": "target_seconds"}, "is of type integer"),
        (MEDIAN, {"unit": "minutes"}, "let its unit begin with `seconds`"),
        (WAIT, {"start": "grade"}, "`grade` is of type text"),
        (WAIT, {"unit": "share"}, "let its unit begin with `seconds`"),
    ],
)
def test_wrong_declarations(measure: Any, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(UserError, match=says):
        check_catalogue({INCIDENT.id: INCIDENT}, [replace(measure, **changes)])


# --------------------------------------------------------------------------------- compared and printed


def test_compared_by_mean_and_sd_and_no_funnel(workspace: Path) -> None:
    for force, end in (("kent", "12:00:10"), ("surrey", "12:00:20"), ("essex", "12:00:30")):
        put(workspace, incident(force, "12:00:00", end), force=force)
    rules = Rules("sample", ())
    for measure in (MEDIAN, WAIT):
        national = replace(measure, comparable=NATIONAL)
        found = answers(workspace, national, forces=["kent", "surrey", "essex"]).figures
        comparison = compare(national, found, rules, {})
        assert (comparison.versions[0].mean, comparison.versions[0].sd_sample) == (20.0, 10.0)
        assert comparison.funnel is None
        assert comparison.funnel_reason == (
            "a funnel for quantiles is not defined here; they have no interval either"
        )
    found = answers(workspace, WITHIN, forces=["kent", "surrey", "essex"]).figures
    assert compare(WITHIN, found, rules, {}).reason == "Each force sets its own target."
    funnel = compare(replace(WITHIN, comparable=NATIONAL), found, rules, {}).funnel
    assert funnel is not None and funnel.centre == 1.0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (59.96, "1 min 0.0 s"),
        (60, "1 min 0 s"),
        (372, "6 min 12 s"),
        (372.5, "6 min 12.5 s"),
        (3600, "1 h 0 min 0 s"),
        (3661, "1 h 1 min 1 s"),
        (4_000_000, "1,111 h 6 min 40 s"),
        (-65, "−1 min 5 s"),
    ],
)
def test_seconds_are_never_rounded_to_minutes(seconds: float, text: str) -> None:
    assert style_of("seconds to attendance") is Style.SECONDS
    assert value_text(seconds, "seconds to attendance") == text
    assert unit_text("seconds to attendance") == "to attendance"


# ------------------------------------------------------------------------------------------- published


def published(root: Path, out: Path) -> Path:
    context = opened(root, WITHIN, MEDIAN, P90, WAIT)
    register = load_register("england-and-wales")
    subject = Subject("kent", months(), register, Rules("sample", ()))
    publish(gather(context, subject), out, root)
    context.close()
    return out


def test_a_publication_verifies_from_records_and_from_its_own_counts(workspace: Path, tmp_path: Path) -> None:
    put(workspace, *TABLE)
    put(workspace, incident("s", "12:00", "12:01"), incident("t", "12:00"), force="surrey")
    out = published(workspace, tmp_path / "out")
    checked = verify_folder(out, workspace)
    assert (checked.problems, checked.basis) == ([], f"the records of {workspace}")
    alone = Path(shutil.copytree(out, tmp_path / "elsewhere" / "out"))
    checked = verify_folder(alone)
    assert checked.problems == []
    assert checked.basis == "the published cells alone"
    again = published(workspace, tmp_path / "again")
    assert [f.read_bytes() for f in sorted(again.iterdir())] == [
        f.read_bytes() for f in sorted(out.iterdir())
    ]


def test_an_altered_count_of_seconds_does_not_verify(workspace: Path, tmp_path: Path) -> None:
    put(workspace, *TABLE)
    out = published(workspace, tmp_path / "elsewhere" / "out")
    data = json.loads((out / "publication.json").read_text(encoding="utf-8"))
    tables = [t for t in data["stored"]["cells"] if "seconds" in t]
    assert len(tables) == 1
    for table in tables:
        for row in table["seconds"]:
            row[-1] = [[s + 60, n] for s, n in row[-1]]
    (out / "publication.json").write_text(json.dumps(data), encoding="utf-8")
    shutil.rmtree(workspace)
    problems = "\n".join(verify_folder(out).problems)
    assert "test.median of kent: value is published as" in problems
    assert "test.wait of kent: value is published as" in problems


def test_the_page_says_hours_minutes_and_seconds(workspace: Path, tmp_path: Path) -> None:
    put(workspace, *TABLE)
    found = figure(workspace, WAIT)
    assert found.value is not None
    page = (published(workspace, tmp_path / "out") / "index.html").read_text(encoding="utf-8")
    assert value_text(found.value, WAIT.unit) in page
    assert "2 due and still waiting" in page
    assert date(2023, 1, 31) == DAY
