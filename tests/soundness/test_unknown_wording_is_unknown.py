"""A wording that nobody knows yet is neither a yes nor a no, and a column full of them is not a blank one."""

from __future__ import annotations

from pathlib import Path

from ask import NFA, ask, figures, one, put, rows


def test_it_leaves_the_share(workspace: Path) -> None:
    put(
        workspace,
        "kent",
        "2019-07",
        rows(2, Outcome="Arrest") + rows(2, Outcome=NFA) + rows(1, Outcome="Fined"),
    )
    figure = one(workspace, "powers.outcome_rate", "--force", "kent")
    assert (figure["value"], figure["denominator"], figure["unknown"]) == (0.5, 4, 1)


def test_letter_case_and_blanks_within_make_no_new_wording(workspace: Path) -> None:
    put(
        workspace,
        "kent",
        "2019-07",
        rows(1, Outcome="ARREST") + rows(3, Outcome="a  no further action   disposal"),
    )
    assert one(workspace, "powers.arrest_rate", "--force", "kent")["value"] == 0.25


def test_a_new_generation_of_wording_is_not_called_a_blank_column(workspace: Path) -> None:
    put(workspace, "kent", "2024-07", rows(9, Outcome="Disposal 1", Legislation="Act of 2030"))
    figure = one(workspace, "powers.outcome_rate", "--force", "kent")
    assert (figure["status"], figure["value"]) == ("not-interpretable", None)
    assert "blank on all" not in figure["reason"]
    for share in figures(workspace, "powers.share_by_legislation", "--force", "kent"):
        assert (share["status"], share["value"]) == ("not-interpretable", None)
    (found,) = ask(workspace, "practices", "powers.outcome_rate")
    assert found["practice"] == "no wording known"


def test_an_unknown_power_is_in_no_disproportionality_and_in_its_bounds(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(4) + rows(3, Legislation="Act of 2030"))
    for figure in figures(workspace, "powers.share_by_legislation", "--force", "kent"):
        assert (figure["denominator"], figure["unknown"]) == (4, 3)
    (section60,) = [
        f for f in figures(workspace, "powers.searches", "--force", "kent", "--by", "power")
        if f["breakdown"] == {"power": "Section 23 Misuse of Drugs Act"}
    ]  # fmt: skip
    assert (section60["value"], section60["bounds"]) == (4, {"low": 4, "high": 7})
