"""A force that never records gender did not search no women."""

from __future__ import annotations

from pathlib import Path

from ask import figures, put, rows


def test_categories_are_bounded_by_what_is_blank(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(6, Gender=""))
    put(workspace, "essex", "2019-07", rows(2, Gender="Female") + rows(1, Gender="Male") + rows(1, Gender=""))
    found = figures(
        workspace, "powers.searches", "--force", "kent", "--force", "essex", "--by", "person_gender"
    )
    women = {f["force"]: f for f in found if f["breakdown"] == {"person_gender": "Female"}}
    assert women["kent"]["bounds"] == {"low": 0, "high": 6}
    assert women["essex"]["bounds"] == {"low": 2, "high": 3}
    assert women["kent"]["unknown_eligibility"] == 6


def test_a_share_within_a_category_is_bounded_too(workspace: Path) -> None:
    put(
        workspace,
        "kent",
        "2019-07",
        rows(1, Gender="Female", Outcome="Arrest")
        + rows(1, Gender="Female")
        + rows(2, Gender="", Outcome="Arrest"),
    )
    found = figures(workspace, "powers.arrest_rate", "--force", "kent", "--by", "person_gender")
    (women,) = [f for f in found if f["breakdown"] == {"person_gender": "Female"}]
    assert (women["value"], women["bounds"]) == (0.5, {"low": 0.25, "high": 0.75})
    (blank,) = [f for f in found if f["breakdown"] == {"person_gender": "not known"}]
    assert (blank["value"], blank["bounds"]) == (1.0, None)
