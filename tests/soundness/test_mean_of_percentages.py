"""The share of two months is that of all their records, not the mean of two shares."""

from __future__ import annotations

from pathlib import Path

from ask import NFA, figures, one, put, rows


def test_pooled(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(9, Outcome="Arrest") + rows(1, Outcome=NFA))
    put(workspace, "kent", "2019-08", rows(1, Outcome="Arrest") + rows(89, Outcome=NFA))
    both = ("--force", "kent", "--period", "2019-07..2019-08")
    figure = one(workspace, "powers.arrest_rate", *both)
    assert (figure["value"], figure["numerator"], figure["denominator"]) == (0.1, 10, 100)
    shares = figures(workspace, "powers.share_by_object", *both)
    assert all(f["denominator"] == 100 for f in shares)


def test_a_force_counts_each_search_once_however_often_it_is_asked_for(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(3))
    twice = ("--force", "kent", "--force", "Kent Police", "--by", "power", "--by", "power")
    found = figures(workspace, "powers.searches", "powers.searches", *twice)
    assert [f["breakdown"] for f in found] == [{}, {"power": "Section 23 Misuse of Drugs Act"}]
    assert [f["value"] for f in found] == [3, 3]
