"""A vehicle-only search has no gender, age or ethnicity, even where its row says "Male"."""

from __future__ import annotations

from pathlib import Path

import pytest

from ask import BLACK, RESIDENTS, WHITE, figures, one, put, settle


@pytest.fixture
def kent(workspace: Path) -> Path:
    persons = [{**r, "Self-defined ethnicity": WHITE if n < 6 else BLACK} for n, r in enumerate(
        [{"Gender": "Female", "Age range": "10-17"}] * 12)]  # fmt: skip
    vehicles = [{"Type": "Vehicle search", "Gender": "Male", "Age range": "over 34",
                 "Self-defined ethnicity": BLACK, "Removal of more than just outer clothing": "True"}] * 9  # fmt: skip
    blank = [{"Type": "Vehicle search", "Gender": "", "Age range": "", "Self-defined ethnicity": "",
              "Removal of more than just outer clothing": ""}] * 9  # fmt: skip
    put(workspace, "kent", "2019-07", persons + vehicles + blank)
    settle(workspace, {"kent": RESIDENTS})
    return workspace


def test_shares_are_of_people(kent: Path) -> None:
    (gender,) = [f for f in figures(kent, "powers.share_by_gender", "--force", "kent") if f["numerator"]]
    assert (gender["breakdown"], gender["value"], gender["denominator"]) == ({"gender": "Female"}, 1.0, 12)
    (age,) = [f for f in figures(kent, "powers.share_by_age", "--force", "kent") if f["numerator"]]
    assert (age["breakdown"], age["value"], age["unknown"]) == ({"age_range": "10-17"}, 1.0, 0)


def test_ethnicity_and_clothing_are_of_people(kent: Path) -> None:
    (black,) = [
        f for f in figures(kent, "powers.disproportionality", "--force", "kent")
        if f["breakdown"] == {"ethnic_group": "Black"}
    ]  # fmt: skip
    assert (black["numerator"], black["denominator"], black["unknown"]) == (6, 6, 0)
    assert one(kent, "powers.ethnicity_not_stated", "--force", "kent")["denominator"] == 12
    clothing = one(kent, "powers.more_than_outer_clothing", "--force", "kent")
    assert (clothing["numerator"], clothing["denominator"]) == (0, 12)


def test_a_breakdown_by_gender_sets_vehicles_apart(kent: Path) -> None:
    found = figures(kent, "powers.outcome_rate", "--force", "kent", "--by", "person_gender")
    assert {f["breakdown"].get("person_gender"): f["denominator"] for f in found} == {
        None: 30, "Female": 12, "No person": 18,
    }  # fmt: skip


def test_they_count_as_searches(kent: Path) -> None:
    assert one(kent, "powers.searches", "--force", "kent")["value"] == 30
