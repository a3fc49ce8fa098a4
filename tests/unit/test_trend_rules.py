"""The rules for a signal, baselines and moving them, and the pair of icons."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trend_fixture import CALM, FIRST, counted, series

from openpeel.engine.compare.trend import expected_false_alarms, work_out
from openpeel.engine.compare.trend_icons import assurance, undecided, variation
from openpeel.engine.compare.trend_rebase import Rebasing, baseline_of
from openpeel.engine.compare.trend_rules import (
    FALSE_ALARMS,
    FALSE_ALARMS_ALIKE,
    Placed,
    Signal,
    newest_run,
    signals,
)
from openpeel.engine.declare.measures import Better
from openpeel.errors import UserError


def placed(*values: float | None) -> list[Placed | None]:
    """Months against a centre of 0 and limits at ± 3, one standard deviation being 1."""
    return [None if v is None else Placed(i, v, 0, -3, 3, v) for i, v in enumerate(values)]


def rules(*values: float | None) -> list[str]:
    return [f"{s.rule} {s.direction}" for s in signals(placed(*values))]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([0.5, -0.5, 3.1], ["beyond-limit high"]),
        ([0.5, -0.5, 3.0], []),
        ([0.5, -0.5, -3.1], ["beyond-limit low"]),
        ([3.5, -0.5, 0.5], []),  # not at the newest month
        ([-1, 1, 0.5, 1, 0.5, 1, 0.5, 1, 0.5], ["shift high"]),
        ([1, 0.5, 1, 0.5, 1, 0.5, 1], []),  # seven
        ([1, 0.5, 1, 0.5, 1, 0, 0.5, 1, 0.5, 1, 0.5], []),  # one on the centre is on neither side
        ([-1, -2, -1, -2, -1, -2, -1, -2], ["shift low"]),
        ([-1.5, -1, -0.5, 0.1, 0.5, 1], ["trend high"]),
        ([-1.5, -1, -1, 0.1, 0.5, 1], []),  # two are equal
        ([-1, -0.5, 0.1, 0.5, 1], []),  # five
        ([1.5, 1, 0.5, 0.1, -0.5, -1], ["trend low"]),
        ([2.1, 0, 2.2], ["near-limit high"]),
        ([2.1, 2.2, 0], []),  # the newest is not one of the two
        ([2.1, -2.2, 0.1, 2.2], []),
        ([2.1, 0, 2.0], []),  # exactly two thirds is not beyond
        ([2.1, -2.2, 2.3], ["near-limit high"]),
        ([-2.1, -2.2], ["near-limit low"]),
        ([2.5, 3.5], ["beyond-limit high", "near-limit high"]),
    ],
)
def test_rules(values: list[float], found: list[str]) -> None:
    assert rules(*values) == found


@pytest.mark.parametrize(
    "values",
    [
        [1, 0.5, 1, 0.5, None, 1, 0.5, 1, 0.5],
        [-1.5, -1, -0.5, None, 0.1, 0.5, 1],
        [2.1, None, 2.2],
        [3.5, None],
        [],
    ],
)
def test_nothing_is_bridged(values: list[float | None]) -> None:
    assert rules(*values) == []


@settings(deadline=None)
@given(st.lists(st.floats(-4, 4), min_size=1, max_size=20))
def test_the_mirror_image_signals_the_other_way(values: list[float]) -> None:
    other = {"high": "low", "low": "high"}
    mirrored = [f"{s.rule} {other[s.direction]}" for s in signals(placed(*(-v for v in values)))]
    assert mirrored == rules(*values)


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(-4, 4)), max_size=12))
def test_only_months_up_to_the_newest_count(values: list[float | None]) -> None:
    run = newest_run(placed(*values))
    assert [p.value for p in run] == values[len(values) - len(run) :]
    assert rules(*values) == (rules(*(p.value for p in run)) if run else [])


def test_baseline_is_the_first_months_and_never_the_newest() -> None:
    long = baseline_of(series([*CALM, 99.0, 99.0]))
    assert (long.known, long.points[-1].month, long.needed()) == (24, FIRST + 23, 0)
    short = baseline_of(series(CALM[:20]))
    assert (short.known, short.needed()) == (19, 1)
    enough = baseline_of(series(CALM[:21]))
    assert (enough.known, enough.needed()) == (20, 0)
    assert baseline_of(series([1.0])).points == []
    with pytest.raises(ValueError, match="at least 20"):
        baseline_of(series(CALM), wanted=19)


def test_months_without_a_value_are_passed_over_and_counted() -> None:
    found = baseline_of(series([None, *CALM[:10], None, *CALM[10:], 50.0]))
    assert (found.known, len(found.points), found.points[0].month) == (24, 25, FIRST + 1)
    assert found.as_json()["missing"] == 1


def accepted(first: int, **other: str) -> Rebasing:
    given_ = {"measure": "a.b", "force": "kent", "reason": "a new system", "by": "pat"} | other
    return Rebasing(first_month=first, on=date(2026, 1, 1), **given_)


def test_an_accepted_rebasing_begins_a_new_baseline() -> None:
    values = [*CALM, *(v + 100 for v in CALM), 110.0]
    moved = work_out(series(values), [accepted(FIRST + 10), accepted(FIRST + 24)])
    assert (moved.baseline.known, moved.baseline.points[0].month) == (24, FIRST + 24)
    assert moved.chart is not None and moved.chart.centre > 100
    assert moved.signals == []
    plain = moved.as_json()
    assert plain["baseline"]["rebasing"] == {
        "first_month": "2022-01", "reason": "a new system", "by": "pat", "on": "2026-01-01",
    }  # fmt: skip
    assert plain["points"][0]["low"] is None  # of the level before, and not of these limits
    assert plain["points"][24]["low"] is not None


@pytest.mark.parametrize(
    "other", [accepted(FIRST + 90), accepted(FIRST + 24, force="surrey"), accepted(FIRST + 24, measure="a.c")]
)
def test_a_rebasing_of_something_else_does_not_count(other: Rebasing) -> None:
    assert work_out(series([*CALM, 10.0]), [other]).baseline.rebasing is None


def test_a_rebasing_of_one_category_is_not_that_of_the_whole() -> None:
    one = Rebasing("a.b", "kent", FIRST + 24, "a reason", "pat", date(2026, 1, 1), {"grade": "1"})
    assert work_out(series([*CALM, 10.0]), [one]).baseline.rebasing is None


@pytest.mark.parametrize("missing", ["reason", "by"])
def test_nobody_or_no_reason(missing: str) -> None:
    with pytest.raises(UserError, match=r"a\.b, kent"):
        accepted(FIRST, **{missing: " "})


def test_after_a_rebasing_the_months_must_come_first() -> None:
    found = work_out(series([*CALM, *CALM]), [accepted(FIRST + 40)])
    assert (found.status, found.baseline.known, found.baseline.needed()) == ("too-few-points", 7, 13)
    assert found.reason == "7 months since 2023-05 with a value before the newest: 13 more are needed"


def test_a_shift_that_lasts_is_proposed_and_not_made() -> None:
    eleven = work_out(series([*CALM, *[13.5, 13.0] * 5, 13.5]))
    assert (eleven.proposal, [s.rule for s in eleven.signals]) == (None, ["shift"])
    twelve = work_out(series([*CALM, 9.0, *[13.5, 13.0] * 7]))
    assert twelve.proposal is not None
    assert (twelve.proposal.rule, twelve.proposal.months, twelve.proposal.side) == ("run-of-12", 14, "high")
    assert twelve.proposal.first_month == FIRST + 25
    assert "2022-02" in twelve.proposal.words
    assert twelve.baseline == work_out(series([*CALM, 9.0])).baseline
    gap = work_out(series([*CALM, *[13.5] * 8, None, *[13.5] * 8]))
    assert gap.proposal is None


HIGH, LOW = Signal("shift", "high", "8 months"), Signal("beyond-limit", "low", "below")
FALLING = Signal("trend", "low", "6 months in a row")


@pytest.mark.parametrize(
    ("found", "better", "code"),
    [
        ([], "higher", "common-cause"),
        ([HIGH], "higher", "improving"),
        ([HIGH], "lower", "worsening"),
        ([LOW], "higher", "worsening"),
        ([LOW], "lower", "improving"),
        ([LOW], "neutral", "no-direction"),
        ([], "neutral", "common-cause"),
        ([FALLING], "lower", "improving"),
        ([FALLING, HIGH], "higher", "improving"),  # the level decides
    ],
)
def test_variation(found: list[Signal], better: Better, code: str) -> None:
    icon = variation(found, better)
    assert icon.code == code
    assert all(s.words in icon.text for s in found)


@pytest.mark.parametrize(
    ("better", "standard", "code"),
    [
        ("higher", 0.6, "meets"),
        ("higher", 0.7, "varies"),
        ("higher", 0.8, "varies"),
        ("higher", 0.81, "misses"),
        ("lower", 0.8, "meets"),
        ("lower", 0.6, "varies"),
        ("lower", 0.59, "misses"),
        ("neutral", 0.7, "no-direction"),
        ("higher", None, "no-standard"),
    ],
)
def test_assurance(better: Better, standard: float | None, code: str) -> None:
    assert assurance((0.6, 0.8), better, standard).code == code


def test_icons_need_no_colour() -> None:
    icons = [
        variation([], "higher"), variation([HIGH], "higher"), variation([LOW], "higher"),
        variation([LOW], "neutral"), undecided(True, "3 more are needed"), undecided(False, "gone"),
    ]  # fmt: skip
    assert len({i.code for i in icons}) == len({i.word for i in icons}) == len(icons)
    assert all(i.text.endswith(".") for i in icons)


def test_statuses_and_what_is_then_not_said() -> None:
    missing = work_out(series([*CALM, None]), standard=9.0)
    assert (missing.status, missing.limits(), missing.signals) == ("newest-missing", None, [])
    assert (missing.variation.code, missing.assurance.code) == ("cannot-say", "cannot-say")
    assert missing.reason == "2022-01 has no value: nothing"
    few = work_out(series(CALM[:10]), standard=9.0)
    assert (few.variation.code, few.assurance.code) == ("not-enough-points", "not-enough-points")
    assert work_out(series(CALM[:10])).assurance.code == "no-standard"
    small = work_out(counted([*[(50, 100), (45, 100)] * 12, (1, 4)]))
    assert (small.status, small.as_json()["newest"]["low"]) == ("newest-small", None)
    flat = work_out(series([7.0] * 30))
    assert (flat.status, flat.chart, flat.limits()) == ("no-spread", None, None)
    assert expected_false_alarms([missing, few, small, flat]) == 0
    fine = work_out(series([*CALM, 10.0]))
    assert expected_false_alarms([fine, fine, few]) == pytest.approx(2 * FALSE_ALARMS["months"][24])


def test_cautions() -> None:
    assert work_out(series([*CALM, 10.0])).cautions == []
    slow = [10.0, 11.0, 12.0, 13.0, 14.0, 13.0, 12.0, 11.0] * 4
    (seasons,) = work_out(series(slow)).cautions
    assert "autocorrelation" in seasons
    odd = [*CALM[:12], 60.0, *CALM[12:], 10.0]
    assert "moving ranges left out as extreme: 2 of 23" in work_out(series(odd)).cautions
    gap = work_out(series([*CALM[:12], None, *CALM[12:], 10.0]))
    assert "months of the baseline without a value: 1" in gap.cautions


def test_months_are_called_alike_from_two_standard_errors_on() -> None:
    threes, fours = ([10.0 + (-1) ** (i // n) for i in range(24)] for n in (3, 4))
    assert work_out(series([*threes, 10.0])).alike is None  # 0.38, of 0.41
    found = work_out(series([*fours, 10.0]))
    assert found.alike == pytest.approx(13 / 24)
    assert found.false_alarm_rate() == FALSE_ALARMS_ALIKE[0.3]


history = st.lists(
    st.one_of(st.none(), st.floats(1, 100).map(lambda v: round(v, 3))), min_size=24, max_size=40
)


@settings(deadline=None)
@given(history, st.floats(0, 1000), st.floats(0, 1000))
def test_the_newest_month_never_changes_its_own_limits(
    values: list[float | None], a: float, b: float
) -> None:
    one, other = work_out(series([*values, a])), work_out(series([*values, b]))
    assert one.chart == other.chart
    assert one.limits() == other.limits()
    assert one.baseline == other.baseline


@settings(deadline=None)
@given(history, st.floats(0.1, 10))
def test_scaled_limits(values: list[float | None], scale: float) -> None:
    one = work_out(series([*values, 50.0]))
    other = work_out(series([*(None if v is None else v * scale for v in values), 50.0 * scale]))
    if one.limits() and other.limits():
        assert other.limits() == pytest.approx([v * scale for v in one.limits() or ()], rel=1e-6, abs=1e-6)
