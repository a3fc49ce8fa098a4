"""A repeat is told by the months before as well; where these are not held it is not known, never no."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import waits
from openpeel.engine.declare.derivations import RepeatWithin
from openpeel.engine.declare.measures import NEUTRAL, Proportion
from openpeel.engine.measure.build import whole_plan
from openpeel.engine.measure.cells import tasks
from waits import ABOUT, answers, figure, incident, opened, put

REPEAT = RepeatWithin(
    "repeated", ("grade",), 60, "Whether there was one of the same grade in the 60 days before."
)
AGAIN = Proportion(id="test.again", met="repeated", unit="share of incidents", better=NEUTRAL, **ABOUT)


@pytest.fixture(autouse=True)
def _looks_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waits, "INCIDENT", replace(waits.INCIDENT, derived=(*waits.INCIDENT.derived, REPEAT)))


def at(id_: str, day: str, who: str) -> Any:
    return incident(id_, f"{day} 12:00:00", grade=who)


def months(root: Path) -> None:
    put(root, at("a", "2022-11-02", "p"), month="2022-11")
    put(root, at("b", "2022-12-20", "p"), at("c", "2022-12-21", "q"), month="2022-12")
    put(
        root,
        at("d", "2023-01-25", "p"),
        at("e", "2023-01-25", "r"),
        at("f", "2023-01-26", ""),
        month="2023-01",
    )


def told(root: Path, period: str = "2023-01") -> tuple[int | None, int | None, int | None]:
    found = figure(root, AGAIN, as_at="2023-12-31", period=period)
    return found.numerator, found.denominator, found.unknown


def test_the_month_before_counts(workspace: Path) -> None:
    months(workspace)
    assert told(workspace) == (1, 2, 1)  # p again, r not; without a name it is not known


def test_what_lies_before_the_first_month_is_not_known(workspace: Path) -> None:
    months(workspace)
    assert told(workspace, "2022-11") == (0, 0, 1)
    assert told(workspace, "2022-12") == (1, 1, 1)  # p was there on 2 November; of q nobody knows October


def test_a_gap_is_not_known_either(workspace: Path) -> None:
    put(workspace, at("a", "2022-11-30", "p"), month="2022-11")
    put(workspace, at("d", "2023-01-25", "p"), at("e", "2023-01-25", "r"), month="2023-01")
    assert told(workspace) == (1, 1, 1)


def test_the_order_of_the_file_does_not_matter(workspace: Path, tmp_path: Path) -> None:
    from helpers import new_workspace

    rows = [at("a", "2023-01-05", "p"), at("b", "2023-01-05", "p"), at("c", "2023-01-06", "p")]
    put(workspace, month="2022-12")
    put(workspace, month="2022-11")
    put(workspace, *rows)
    other = new_workspace(tmp_path / "other")
    put(other, month="2022-12")
    put(other, month="2022-11")
    put(other, *rows[::-1])
    assert told(workspace) == told(other) == (2, 3, 0)


def test_a_late_record_touches_what_looks_back_on_it_and_nothing_else(workspace: Path) -> None:
    months(workspace)
    put(workspace, at("g", "2023-04-01", "q"), month="2023-04")
    answers(workspace, AGAIN, as_at="2023-12-31", period="2022-11..2023-01")
    answers(workspace, AGAIN, as_at="2023-12-31", period="2023-04")
    put(workspace, at("b", "2022-12-20", "other"), at("c", "2022-12-21", "q"), month="2022-12")
    context = opened(workspace, AGAIN, as_at="2023-12-31")
    plan = whole_plan(context, context.catalogue.types["test.incident"])
    todo = tasks(workspace, plan, context.view.of("test.incident"), context.sources())
    touched = {
        (e.month % 12 + 1, reach)
        for t in todo
        for e in t.entries.values()
        for reach in [t.plan.sums[0].reach]
    }
    context.close()
    assert touched == {(12, ()), (12, ("repeated",)), (1, ("repeated",))}
    assert told(workspace) == (0, 2, 1)  # p was last there on 2 November: 84 days before
