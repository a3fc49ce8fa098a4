"""Monthly figures at once, series from them, and the verb."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from helpers import run_here, write_search_file
from openpeel.catalogue import load_catalogue
from openpeel.cli.trend import print_trends
from openpeel.engine import clock
from openpeel.engine.compare.trend import work_out
from openpeel.engine.compare.trend_build import kind_of, series_of, unit_of
from openpeel.engine.declare.measures import AnyMeasure
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.measure.build import answer
from openpeel.engine.measure.context import Context, open_context
from openpeel.engine.measure.figure import Figure
from openpeel.engine.measure.period import Period
from openpeel.engine.measure.series import monthly
from openpeel.errors import UserError
from openpeel.register import load_register
from openpeel.workspace import create
from waits import MEDIAN, WITHIN, answers, incident, months, opened, put

FIRST = clock.month_number(2019, 1)
MONTHS = 30
GAP = FIRST + 5
"""Kent supplied no file for this month."""


def searches(month: int, arrests: int, others: int, **same: str) -> list[dict[str, str]]:
    """A month's searches, a minute apart."""
    outcomes = ["Arrest"] * arrests + ["A no further action disposal"] * others
    day = clock.month_text(month)
    return [
        {"Date": f"{day}-10T{12 + n // 60:02d}:{n % 60:02d}:00+00:00", "Outcome": o, **same}
        for n, o in enumerate(outcomes)
    ]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kent: 30 months with a gap, 10 of 40 searches with an arrest, none of the last. Surrey: 3 months."""
    folder = tmp_path_factory.mktemp("trend")
    root = create(folder / "w", "england-and-wales").root
    for month in range(FIRST, FIRST + MONTHS):
        name = f"{clock.month_text(month)}-kent-stop-and-search.csv"
        arrests = 10 + (-1) ** month if month < FIRST + MONTHS - 1 else 0
        rows = searches(month, arrests, 30) + searches(month, 0, 2, **{"Gender": "Female"})
        if month != GAP:
            write_search_file(folder / "in" / name, rows if month % 2 else rows[:-2])
    for month in range(FIRST + MONTHS - 3, FIRST + MONTHS):
        write_search_file(
            folder / "in" / f"{clock.month_text(month)}-surrey-stop-and-search.csv", searches(month, 1, 1)
        )
    done = run_here("import", "police-uk", folder / "in", "--supplied", "2021-07-31", cwd=root)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def context(place: Path) -> Iterator[Context]:
    opened_ = open_context(place, load_catalogue(place), Vintage(date(2026, 11, 1), None))
    yield opened_
    opened_.close()


IDS = [
    "powers.searches", "powers.searches_per_1000", "powers.arrest_rate", "powers.linked_outcome_rate",
    "powers.share_by_object", "powers.disproportionality",
]  # fmt: skip


@pytest.mark.parametrize("id_", IDS)
@pytest.mark.parametrize("by", [(), ("gender",)])
def test_monthly_figures_are_those_of_each_month_alone(
    context: Context, id_: str, by: tuple[str, ...]
) -> None:
    measure = context.catalogue.measures[id_]
    if by and id_ in IDS[-2:]:
        with pytest.raises(UserError, match="one way"):
            monthly(context, measure, ["kent"], FIRST, by)
        return
    last = FIRST + MONTHS - 1
    found = monthly(context, measure, ["kent", "surrey", "essex"], last, by)
    ours = {f.figure_id: f for f in found.figures}
    assert len(ours) == len(found.figures) == len(found.questions)
    for month in (FIRST, FIRST + 4, GAP, last - 1, last):
        for force in ("kent", *(["surrey", "essex"] if month == last else [])):
            theirs = answer(context, [measure], [force], Period(month, month), by).figures
            assert theirs
            assert [ours.get(f.figure_id) for f in theirs] == theirs


def test_each_force_begins_with_its_own_first_month(context: Context) -> None:
    measure = context.catalogue.measures["powers.searches"]
    last = FIRST + MONTHS - 1
    found = monthly(context, measure, ["kent", "surrey", "essex"], last).figures
    starts = {f: [x.period_start for x in found if x.force == f] for f in ("kent", "surrey", "essex")}
    assert {f: len(days) for f, days in starts.items()} == {"kent": MONTHS, "surrey": 3, "essex": 1}
    assert starts["surrey"][0] == clock.first_day(last - 2)


def test_a_category_that_a_month_lacks_is_a_count_of_none(context: Context) -> None:
    measure = context.catalogue.measures["powers.searches"]
    found = monthly(context, measure, ["kent"], FIRST + 10, ["gender"]).figures
    women = [f for f in found if f.breakdown == {"gender": "Female"}]
    assert [f.value for f in women] == [
        None if m == GAP else (2 if m % 2 else 0) for m in range(FIRST, FIRST + 11)
    ]


def test_counts_are_shown_per_30_days(context: Context) -> None:
    measure = context.catalogue.measures["powers.searches"]
    (one,) = series_of(measure, monthly(context, measure, ["kent"], FIRST + 2).figures)
    assert (one.kind, one.unit) == ("rate", "searches per 30 days")
    assert [(p.count, p.size) for p in one.points] == [(41, 31 / 30), (41, 28 / 30), (41, 31 / 30)]
    assert one.points[1].value == pytest.approx(41 * 30 / 28)


def figure(month: int, **other: Any) -> Figure:
    given: dict[str, Any] = {
        "measure": WITHIN.id, "force": "kent", "breakdown": {}, "status": "ok", "unit": "share of incidents",
        "as_at": date(2026, 1, 1), "figure_id": f"fig-{month}", "value": 0.5, "numerator": 1, "denominator": 2,
        "period_start": clock.first_day(month), "period_end": clock.last_day(month),
    }  # fmt: skip
    return Figure(**(given | other))


def test_months_under_another_reading_are_gaps() -> None:
    figures = [
        figure(FIRST + 5, reading="old"),
        figure(FIRST + 6, reading="new"),
        figure(FIRST + 7, status="no-data", value=None),
    ]
    (one,) = series_of(WITHIN, figures)
    assert [(p.month, p.value, p.status) for p in one.points] == [
        (FIRST + 5, None, "another-reading"), (FIRST + 6, 0.5, "ok"), (FIRST + 7, None, "no-data"),
    ]  # fmt: skip
    assert one.points[0].reason == "read as old, the newest month as new"


def test_a_month_without_a_figure_is_a_gap() -> None:
    (one,) = series_of(WITHIN, [figure(FIRST + 5), figure(FIRST + 8)])
    assert [p.status for p in one.points] == ["ok", "not-supplied", "not-supplied", "ok"]


def test_what_makes_no_series() -> None:
    with pytest.raises(ValueError, match="two figures"):
        series_of(WITHIN, [figure(FIRST + 5), figure(FIRST + 5)])
    with pytest.raises(ValueError, match="one month"):
        series_of(WITHIN, [figure(FIRST + 5, period_end=clock.last_day(FIRST + 6))])
    with pytest.raises(ValueError, match="one month"):
        series_of(WITHIN, [figure(FIRST + 5, measure="a.b")])
    assert series_of(WITHIN, []) == []


def test_kinds() -> None:
    assert (kind_of(WITHIN), kind_of(MEDIAN)) == ("proportion", "individuals")
    assert unit_of(MEDIAN) == "seconds to attendance"


def test_rates_rest_on_days_and_people(context: Context) -> None:
    measure = context.catalogue.measures["powers.searches_per_1000"]
    about = {"measure": measure.id, "unit": measure.unit}
    (one,) = series_of(
        measure, [figure(FIRST, **about, numerator=31, denominator=2000, population=2000, value=15.5)]
    )
    assert one.points[0].value == pytest.approx(15.0)
    assert one.unit == "searches per 1,000 population per 30 days"


def ask(place: Path, *args: str) -> Any:
    done = run_trend(place, *args, "--format", "json")
    return json.loads(done[0])


def run_trend(place: Path, *args: str) -> tuple[str, str]:
    """What the verb prints, on stdout and stderr."""
    import contextlib

    import typer

    from openpeel.cli.trend import trend

    app = typer.Typer()
    app.command()(trend)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        app([*args, "--workspace", str(place)], standalone_mode=False)
    return out.getvalue(), err.getvalue()


def test_the_verb_as_json(place: Path) -> None:
    found = ask(place, "powers.arrest_rate", "--force", "kent", "--force", "surrey", "--standard", "0.2")
    assert found["rule_set"] == "openpeel-spc-1"
    kent, surrey = found["series"]
    assert (kent["status"], kent["chart"]["name"], kent["newest"]["month"]) == ("ok", "p", "2021-06")
    assert [s["rule"] for s in kent["signals"]] == ["beyond-limit"]
    assert kent["variation"]["code"] == "no-direction"  # more arrests are not declared to be better or worse
    assert kent["assurance"]["code"] == "no-direction"
    assert kent["baseline"]["points"] == 24
    assert (kent["baseline"]["first"], kent["baseline"]["missing"]) == ("2019-01", 1)
    pooled = [p for p in kent["points"] if p["in_baseline"]]
    assert kent["chart"]["centre"] == sum(p["count"] for p in pooled) / sum(p["size"] for p in pooled)
    assert (surrey["status"], surrey["baseline"]["more_needed"]) == ("too-few-points", 18)
    assert found["expected_false_alarms"] == kent["false_alarm_rate"]


def test_the_verb_as_table_and_csv(place: Path) -> None:
    out, err = run_trend(place, "powers.arrest_rate", "--force", "kent", "--force", "surrey")
    assert "Kent" in out and "below the lower limit" in out and "no standard" in out
    assert (
        "Surrey: no signal can be given: 2 months with a value before the newest: 18 more are needed" in err
    )
    assert "1 of 1 series signal; by chance alone 0.0 would" in err
    out, _ = run_trend(place, "powers.searches", "--force", "kent", "--by", "gender", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [r["breakdown"] for r in rows] == ["", "gender=Female", "gender=Male"]
    assert rows[1]["status"] == "small-counts"
    assert (rows[0]["chart"], rows[0]["variation"], rows[0]["count"]) == ("u", "common-cause", "32")


def test_the_period_says_which_month_is_newest_and_moves_no_baseline(place: Path) -> None:
    (whole,) = ask(place, "powers.arrest_rate", "--force", "kent")["series"]
    (before,) = ask(place, "powers.arrest_rate", "--force", "kent", "--period", "2021-03..2021-05")["series"]
    assert (before["newest"]["month"], before["signals"]) == ("2021-05", [])
    assert before["baseline"] == whole["baseline"]
    assert before["chart"] == whole["chart"]


def test_the_newest_month_not_supplied(place: Path) -> None:
    (found,) = ask(place, "powers.arrest_rate", "--force", "kent", "--period", "2021-07")["series"]
    assert (found["status"], found["newest"]["value"]) == ("newest-missing", None)
    (nothing,) = ask(place, "powers.arrest_rate", "--force", "essex")["series"]
    assert (nothing["status"], nothing["baseline"]["more_needed"]) == ("too-few-points", 20)


def test_wrong_use(place: Path) -> None:
    for args, why in (
        (("powers.nothing",), "no measure"),
        (("powers.searches", "--standard", "nan"), "no line"),
        (("powers.searches", "--by", "nothing"), "no column"),
        (("powers.searches", "--period", "ye-2019"), "not a month"),
    ):
        with pytest.raises(UserError, match=why):
            run_trend(place, *args)


def test_a_proposal_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    from trend_fixture import CALM, series

    found = work_out(series([*CALM, *[13.5, 13.0] * 7]))
    print_trends([found], load_register("england-and-wales"), "table")
    assert "Kent: proposed: 14 months in a row above the centre" in capsys.readouterr().err


@pytest.mark.parametrize("measure", [WITHIN, MEDIAN])
def test_measures_of_time_month_by_month(workspace: Path, measure: AnyMeasure) -> None:
    for month in ("2022-11", "2022-12"):
        ends = [f"{month}-05 12:0{n}" for n in (3, 5, 8)]
        rows = [incident(f"{month}{n}", f"{month}-05 12:00", end) for n, end in enumerate(ends)]
        put(workspace, *rows, month=month)
    with closing(opened(workspace, measure)) as context:
        found = monthly(context, measure, ["kent"], months("2022-12").last).figures
    assert found == [
        *answers(workspace, measure, period="2022-11").figures,
        *answers(workspace, measure, period="2022-12").figures,
    ]
    (one,) = series_of(measure, found)
    assert [p.value for p in one.points] == ([2 / 3] * 2 if measure is WITHIN else [300.0] * 2)
