"""A column of times that holds days alone looks filled in; nothing can be counted from it, and the check says so."""

from __future__ import annotations

from pathlib import Path

from checks_fixture import JOB, MONTHS, check, found, in_month, jobs, supply


def test_days_alone_are_doubted_and_lower_the_score(workspace: Path) -> None:
    rows = jobs()
    for month in MONTHS[:3]:
        for row in in_month(rows, month):
            row["opened_at"] = row["opened_at"][:10]
    supply(workspace, JOB, {"kent": rows})
    checked = check(workspace)
    assert found(checked.doubts) == {("times.midnight", "kent", "opened_at")}
    assert [d.months for d in checked.doubts] == [(MONTHS[0], MONTHS[2])]
    known = next(p for p in checked.scores[0].parts if p.name == "known")
    assert known.count < known.of
