"""A blank outcome read as "nothing followed" would lower every rate of the forces that record worst."""

from __future__ import annotations

from pathlib import Path

from ask import NFA, ask, one, put, rows


def test_blank_is_unknown(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(2, Outcome="Arrest") + rows(2, Outcome=NFA) + rows(4, Outcome=""))
    for measure in ("powers.outcome_rate", "powers.arrest_rate"):
        figure = one(workspace, measure, "--force", "kent")
        assert (figure["value"], figure["numerator"], figure["denominator"]) == (0.5, 2, 4)
        assert figure["unknown"] == 4
        assert figure["bounds"] == {"low": 2 / 8, "high": 6 / 8}


def test_blank_outcome_is_no_evidence_of_a_practice(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(2, Outcome="Arrest") + rows(2, Outcome=NFA) + rows(4, Outcome=""))
    (found,) = ask(workspace, "practices")
    assert found["counts"]["nfa"] == 2
    assert found["counts"]["outcome_blank"] == 4


def test_an_article_found_without_its_outcome_is_no_answer_about_arrests(workspace: Path) -> None:
    found = "Article found - Detailed outcome unavailable"
    put(workspace, "kent", "2017-07", rows(1, Outcome="Suspect arrested") + rows(3, Outcome=found))
    arrests = one(workspace, "powers.arrest_rate", "--force", "kent")
    assert (arrests["value"], arrests["denominator"], arrests["unknown"]) == (1.0, 1, 3)
    assert one(workspace, "powers.outcome_rate", "--force", "kent")["denominator"] == 4
