"""An answer as at a day uses what was known on it: of records, of residents, of policies alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ask import RESIDENTS, of_group, one, put, rows, settle, totals
from openpeel.catalogue import shipped
from openpeel.engine.declare.derivations import FromPolicy
from openpeel.engine.declare.measures import Proportion
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.measure.build import answer
from openpeel.engine.measure.context import Catalogue, open_context
from openpeel.engine.measure.figure import Figure
from openpeel.engine.measure.period import parse_period

RATE = "powers.searches_per_1000"


def test_a_population_supplied_later_is_not_used_for_an_earlier_day(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(10), "--supplied", "2019-09-01")
    totals(workspace, 2018, {"kent": 50_000}, "--supplied", "2019-10-01")
    settle(workspace, {"kent": RESIDENTS}, "--supplied", "2022-11-29")
    asked = ("--force", "kent", "--period", "2019-07", "--as-at")
    before = one(workspace, RATE, *asked, "2019-09-30")
    assert (before["status"], before["value"]) == ("not-supplied", None)
    then = one(workspace, RATE, *asked, "2022-11-28")
    assert (then["value"], then["population"]) == (0.2, 50_000)
    assert "30 June 2018" in then["population_source"]
    now = one(workspace, RATE, *asked, "2022-11-29")
    assert (now["value"], now["population"]) == (0.1, 100_000)
    assert of_group(workspace, "Black", *asked, "2022-11-28")["status"] == "not-supplied"


def test_a_revised_population_answers_from_its_day_on(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(10), "--supplied", "2019-09-01")
    totals(workspace, 2018, {"kent": 50_000}, "--supplied", "2019-10-01")
    totals(workspace, 2018, {"kent": 40_000}, "--supplied", "2020-10-01")
    asked = ("--force", "kent", "--period", "2019-07", "--as-at")
    assert one(workspace, RATE, *asked, "2020-09-30")["value"] == 0.2
    assert one(workspace, RATE, *asked, "2020-10-01")["value"] == 0.25


def test_a_correction_of_records_answers_from_its_day_on(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(10), "--supplied", "2019-09-01")
    put(workspace, "kent", "2019-07", rows(7), "--supplied", "2020-09-01")
    asked = ("--force", "kent", "--period", "2019-07", "--as-at")
    values = [one(workspace, "powers.searches", *asked, d)["value"] for d in ("2020-08-31", "2020-09-01")]
    assert values == [10, 7]
    unknown = one(workspace, "powers.searches", *asked, "2019-08-31")
    assert (unknown["status"], unknown["value"]) == ("not-supplied", None)


def test_only_what_had_been_recorded(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(10), "--supplied", "2019-09-01")
    asked = ("--force", "kent", "--period", "2019-07", "--recorded-by")
    assert one(workspace, "powers.searches", *asked, "2019-09-02")["status"] == "not-supplied"
    assert one(workspace, "powers.searches", *asked, "2090-01-01")["value"] == 10


@pytest.fixture
def with_policy(workspace: Path) -> Path:
    put(workspace, "kent", "2019-07", rows(4), "--supplied", "2019-08-01")
    for name, known, value in (("first", "2019-01-01", 600), ("second", "2020-01-01", 900)):
        (workspace / "policies" / f"{name}.toml").write_text(
            f'id = "target"\ntitle = "Target"\nsource = "A paper"\nknown_from = {known}\n'
            f"[[value]]\nfrom = 2019-01-01\nvalue = {value}\n"
        )
    return workspace


def policy_figure(root: Path, as_at: date) -> Figure:
    of = shipped().types["powers.stop_search"]
    of = replace(of, derived=(*of.derived, FromPolicy("target_seconds", "target", "The target.")))
    plain = shipped().measures["powers.arrest_rate"]
    measure = Proportion(
        id="local.strict", title="t", sentence="{value}", of=of.id, unit="share", better="neutral",
        comparable="own-definition", question="q", method="m", source="s", reviewed=plain.reviewed,
        met="target_seconds <= 700",
    )  # fmt: skip
    catalogue = Catalogue({**shipped().types, of.id: of}, {measure.id: measure}, shipped().population)
    context = open_context(root, catalogue, Vintage(as_at))
    (figure,) = answer(context, [measure], ["kent"], parse_period("2019-07", None)).figures
    context.close()
    return figure


def test_a_policy_known_later_is_not_used_for_an_earlier_day(with_policy: Path) -> None:
    assert policy_figure(with_policy, date(2019, 12, 31)).value == 1.0
    assert policy_figure(with_policy, date(2020, 1, 1)).value == 0.0
    # and the cells of the one are not found for the other, in whichever order they are asked for
    assert policy_figure(with_policy, date(2019, 12, 31)).value == 1.0


def test_no_policy_in_force_is_unknown(with_policy: Path) -> None:
    for file in (with_policy / "policies").glob("*.toml"):
        file.write_text(file.read_text().replace("from = 2019-01-01", "from = 2019-08-01"))
    figure = policy_figure(with_policy, date(2020, 1, 1))
    assert (figure.status, figure.value, figure.unknown) == ("no-data", None, 4)
