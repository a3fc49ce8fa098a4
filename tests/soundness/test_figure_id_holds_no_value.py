"""A figure id is a hash of the question: with a value in it, trying out small numbers would reveal a hidden one."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from ask import RESIDENTS, figures, of_group, one, put, rows, settle, totals
from openpeel.catalogue import shipped
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.measure.build import answer
from openpeel.engine.measure.context import open_context
from openpeel.engine.measure.figure import Figure
from openpeel.engine.measure.period import parse_period
from openpeel.engine.measure.question import Question

DAY = "2026-06-30"
QUESTION = Question(
    "m", "v", "kent", "2019-07", "2019-07", (("power", "Section 60"),), "g", DAY, None, "latest", "p"
)  # fmt: skip


def ids(root: Path, generation: str) -> dict[str, Figure]:
    """Every figure of July 2019, as if the generation had this hash."""
    context = replace(open_context(root, shipped(), Vintage(date(2030, 1, 1))), generation_hash=generation)
    measures = list(shipped().measures.values())
    found = answer(context, measures, ["kent"], parse_period("2019-07", None), []).figures
    context.close()
    return {f.figure_id: f for f in found}


def test_other_records_under_the_same_question_give_the_same_ids(tmp_path: Path) -> None:
    from helpers import new_workspace

    seen = []
    for count in (3, 4):
        root = new_workspace(tmp_path / str(count) / "w")
        put(root, "kent", "2019-07", rows(count, Outcome="Arrest") + rows(30))
        settle(root, {"kent": RESIDENTS})
        seen.append(ids(root, "the same"))
    one_, other = seen
    assert list(one_) == list(other)
    assert [f.value for f in one_.values()] != [f.value for f in other.values()]


def test_a_question_holds_nothing_of_the_answer() -> None:
    parts = {f.name for f in fields(Question)}
    answer_parts = {f.name for f in fields(Figure)} - {"measure", "force", "breakdown", "as_at", "population"}
    assert not parts & answer_parts


def test_every_part_of_the_question_counts() -> None:
    for part in fields(Question):
        changed: Any = (("power", "Firearms Act"),) if part.name == "breakdown" else "something else"
        assert replace(QUESTION, **{part.name: changed}).id() != QUESTION.id(), part.name


def test_the_id_differs_with_vintage_population_breakdown_and_generation(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(20), "--supplied", "2019-09-01")
    settle(workspace, {"kent": RESIDENTS}, "--supplied", "2019-09-01")
    asked = ("--force", "kent", "--period", "2019-07")
    rate = "powers.searches_per_1000"
    every = [
        one(workspace, rate, *asked, "--as-at", "2020-01-01"),
        one(workspace, rate, *asked, "--as-at", "2020-01-02"),
        one(workspace, rate, *asked, "--as-at", "2020-01-01", "--recorded-by", "2090-01-01"),
        one(workspace, rate, *asked, "--as-at", "2020-01-01", "--population", "matching-year"),
        *figures(workspace, rate, *asked, "--as-at", "2020-01-01", "--by", "power")[1:],
    ]
    totals(workspace, 2018, {"kent": 5})
    every.append(one(workspace, rate, *asked, "--as-at", "2020-01-01"))
    assert len({f["figure_id"] for f in every}) == len(every)
    again = one(workspace, rate, *asked, "--as-at", "2020-01-01")
    assert again["figure_id"] == every[-1]["figure_id"]


def test_a_value_not_given_leaves_no_trace_in_the_figure(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", [{"Outcome linked to object of search": "True"}] * 9)
    figure = one(workspace, "powers.linked_outcome_rate", "--force", "kent")
    assert figure["status"] == "not-interpretable"
    assert [figure[k] for k in ("value", "numerator", "denominator", "interval", "bounds")] == [None] * 5
    settle(workspace, {"kent": RESIDENTS})
    few = of_group(workspace, "Black", "--force", "kent")
    assert (few["status"], few["value"], few["interval"], few["bounds"]) == ("too-few", None, None, None)


def test_the_definition_of_an_undeclared_breakdown_is_part_of_the_id(workspace: Path) -> None:
    """Two definitions of a column must not give two values under one id."""
    from openpeel.engine.declare.derivations import Derived

    put(workspace, "kent", "2019-07", rows(3, Gender="Male") + rows(2, Gender="Female"))
    seen = {}
    for kept in ("Male", "Female"):
        of = shipped().types["powers.stop_search"]
        mine = Derived("mine", "boolean", f"gender = '{kept}'", "An example.")
        types = {**shipped().types, of.id: replace(of, derived=(*of.derived, mine))}
        context = open_context(workspace, replace(shipped(), types=types), Vintage(date(2090, 1, 1)))
        measure = shipped().measures["powers.searches"]
        found = answer(context, [measure], ["kent"], parse_period("2019-07", None), ["mine"]).figures
        context.close()
        seen[kept] = {f.breakdown.get("mine"): f for f in found}
    assert (seen["Male"]["true"].value, seen["Female"]["true"].value) == (3, 2)
    assert seen["Male"]["true"].figure_id != seen["Female"]["true"].figure_id
    assert seen["Male"][None].figure_id == seen["Female"][None].figure_id
