"""One quantity from several sources: conflict, agreement, neither; and the verb."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ask import ask
from helpers import run_here
from openpeel.catalogue import shipped
from openpeel.engine.compare.triangulate import check, side_by_side
from openpeel.engine.declare.triangulations import Source, Triangulation
from openpeel.engine.intervals import wilson
from openpeel.engine.measure.figure import Figure
from openpeel.errors import UserError
from records_of import Records

MEASURES = shipped().measures
SAID = """
    review_in_year | times
    yes            | 45
    no             | 15
"""
REVIEWS = shipped().triangulations["workforce.review_completion"]


def share(x: int, n: int) -> Figure:
    value, interval = (x / n, wilson(x, n)) if n else (None, None)
    status: Any = "ok" if n else "no-data"
    days = (date(2023, 4, 1), date(2023, 4, 30))
    return Figure(
        "m", "kent", *days, {}, status, "share", date(2024, 6, 1), "fig", value, x, n, interval=interval,
        reason=None if n else "there were no such records in the period",
    )  # fmt: skip


def verdicts(*figures: Figure) -> list[str]:
    return [p.verdict for p in side_by_side(REVIEWS, MEASURES, "kent", figures).pairs]


def test_the_source_reports_conflict() -> None:
    """Completion 100% by the system and 88.4% by the survey cannot both be; what the audit adds is told apart."""
    found = side_by_side(REVIEWS, MEASURES, "kent", (share(2495, 2495), share(150, 170), share(661, 748)))
    assert [(p.one, p.other, p.verdict) for p in found.pairs] == [
        ("system", "audit", "conflict"),
        ("system", "survey", "conflict"),
        ("audit", "survey", "cannot-tell"),
    ]
    assert found.verdict == "conflict"


def test_agreement_needs_evidence() -> None:
    """Alike in a few records is not agreement; alike in many is."""
    assert verdicts(share(9, 10), share(9, 10), share(9, 10)) == ["cannot-tell"] * 3
    assert verdicts(share(9000, 10_000), share(9010, 10_000), share(9020, 10_000)) == ["agree"] * 3


def test_clear_but_small_is_no_conflict() -> None:
    """Two points apart beyond chance, within the tolerance: they agree."""
    found = side_by_side(
        REVIEWS, MEASURES, "kent", (share(9000, 10_000), share(9200, 10_000), share(9100, 10_000))
    )
    assert {p.verdict for p in found.pairs} == {"agree"} and found.verdict == "agree"


def test_a_source_without_figures_agrees_with_nobody() -> None:
    found = side_by_side(REVIEWS, MEASURES, "kent", (share(900, 1000), share(0, 0), share(900, 1000)))
    assert [p.verdict for p in found.pairs] == ["cannot-tell", "agree", "cannot-tell"]
    assert found.verdict == "cannot-tell"


def test_nothing_is_averaged() -> None:
    """What is given holds the sources' own figures and differences between them, and no third value."""
    found = side_by_side(
        REVIEWS, MEASURES, "kent", (share(100, 100), share(80, 100), share(50, 100))
    ).as_json()
    assert set(found) == {"triangulation", "force", "verdict", "tolerance", "sources", "pairs"}
    assert [s["figure"]["value"] for s in found["sources"]] == [1.0, 0.8, 0.5]


def test_shipped_ones_can_be_asked() -> None:
    for one in shipped().triangulations.values():
        check(one, MEASURES)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sources": REVIEWS.sources[:1]}, "two sources"),
        ({"sources": (REVIEWS.sources[0], replace(REVIEWS.sources[1], name="system"))}, "name of its own"),
        ({"sources": (*REVIEWS.sources, Source("x", "workforce.none", ""))}, "there is no measure"),
        ({"sources": (*REVIEWS.sources, Source("x", "responding.calls", ""))}, "several kinds"),
        ({"sources": (Source("x", "powers.disproportionality", ""), *REVIEWS.sources)}, "several kinds"),
        ({"id": "responding.calls"}, "id of a measure"),
        ({"tolerance": 0.0}, "not above 0"),
    ],
)
def test_wrong_declarations_are_refused(changes: dict[str, Any], message: str) -> None:
    wrong: Triangulation = replace(REVIEWS, **changes)
    with pytest.raises(UserError, match=message):
        check(wrong, MEASURES)


SYSTEM_AND_AUDIT = Records(
    "workforce.performance_review",
    """
    known_from_source | standing  | times
    system            | completed | 60
    audit             | completed | 30
    audit             | not found | 30
    """,
    {"year_starts_on": "1", "exempt": "no"},
    (Records("workforce.workforce_survey_response", SAID, {"answered_on": "12-10", "survey": "S"}),),
)


@pytest.fixture
def reviewed(workspace: Path) -> Path:
    SYSTEM_AND_AUDIT.bring(workspace, "kent")
    return workspace


def test_each_source_has_a_period_of_its_own(reviewed: Path) -> None:
    """A survey of December about the year before is set beside the reviews of the year that starts in January."""
    periods = ("--period", "2024-01", "--period-of", "survey=2023-12")
    (found,) = ask(reviewed, "triangulate", REVIEWS.id, "--force", "kent", *periods)
    figures = {s["name"]: s["figure"] for s in found["sources"]}
    assert {n: (f["numerator"], f["denominator"]) for n, f in figures.items()} == {
        "system": (60, 60), "audit": (30, 60), "survey": (45, 60),
    }  # fmt: skip
    assert figures["survey"]["period_start"] == "2023-12-01"
    assert found["verdict"] == "conflict"
    for figure in figures.values():
        assert run_here("figure", figure["figure_id"], cwd=reviewed).returncode == 0


def test_table_csv_and_list(reviewed: Path) -> None:
    args = ("triangulate", REVIEWS.id, "--force", "kent", "--period", "2024-01")
    table = run_here(*args, cwd=reviewed)
    assert "50.0%" in table.stdout and "system and audit: CONFLICT (+50.0 points" in table.stderr
    assert "never averaged" in table.stderr and "[our assumption]" in table.stderr
    assert len(run_here(*args, "--format", "csv", cwd=reviewed).stdout.splitlines()) == 1 + 3
    assert REVIEWS.id in run_here("triangulate", cwd=reviewed).stdout


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("workforce.none",), "there is no triangulation"),
        ((REVIEWS.id, "--period-of", "census=2024-01"), "is not a source's period"),
        ((REVIEWS.id, "--period-of", "survey"), "is not a source's period"),
    ],
)
def test_wrong_questions_have_one_line(reviewed: Path, args: tuple[str, ...], message: str) -> None:
    done = run_here("triangulate", *args, cwd=reviewed)
    assert done.returncode == 2 and message in done.stderr and len(done.stderr.splitlines()) == 1
