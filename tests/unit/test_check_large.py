"""Types with millions of records are read from their files each time; the same doubts come out."""

from __future__ import annotations

from pathlib import Path

import pytest
from checks_fixture import JOB, MONTHS, RETURNED, check, found, in_month, jobs, returned, supply

from openpeel.engine.check import held


def test_what_is_found_does_not_depend_on_how_it_is_read(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = jobs()
    rows[4]["notes"] = "cafÃ©"
    rows[5]["review_on"] = "1924-01-05"
    rows[6]["closed_at"] = "2024-10-21 08:00:00"
    for row in in_month(rows, MONTHS[6]):
        row["place"] = "North"
    supply(workspace, JOB, {"kent": rows, "essex": jobs(seed=2)})
    supply(workspace, RETURNED, {"kent": returned(), "essex": returned(seed=2)})
    small = check(workspace)
    monkeypatch.setattr(held, "_COPIED", 100)  # the one of the two types that has fewer is still copied
    large = check(workspace)
    assert large.doubts == small.doubts
    assert large.scores == small.scores
    assert {c for c, _f, _s in found(small.doubts)} == {
        "columns.one-value", "text.broken", "times.ancient", "times.future",
    }  # fmt: skip
