"""Nothing supplied is not nothing wrong: the months that a collection asks for are doubted where they are not here."""

from __future__ import annotations

from pathlib import Path

from checks_fixture import JOB, MONTHS, check, jobs, supply


def test_months_that_were_never_supplied(workspace: Path) -> None:
    supply(workspace, JOB, {"kent": jobs(months=MONTHS[:6])})
    checked = check(workspace, months=(MONTHS[6], MONTHS[11]))
    (doubt,) = checked.doubts
    assert (doubt.check, doubt.severity, doubt.count) == ("months.missing", "blocking", 6)
    months = next(p for p in checked.scores[0].parts if p.name == "months")
    assert (months.count, months.of) == (0, 6)


def test_a_score_is_no_better_than_its_worst_part(workspace: Path) -> None:
    supply(workspace, JOB, {"kent": jobs(months=MONTHS[:9])})
    (score,) = check(workspace, months=(MONTHS[6], MONTHS[11])).scores
    assert score.plain()["score"] == 0.5
