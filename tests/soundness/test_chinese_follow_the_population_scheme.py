"""Numerator and denominator must count the same people as Asian: tables differ in where Chinese people stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from ask import CHINESE, RESIDENTS, WHITE, of_group, put, rows, settle


@pytest.mark.parametrize(
    ("scheme", "asian", "other"), [("chinese-in-other", 11, 12), ("chinese-in-asian", 23, 0)]
)
def test_groups_are_those_of_the_table(workspace: Path, scheme: str, asian: int, other: int) -> None:
    searches = [{"Self-defined ethnicity": CHINESE}] * 12
    searches += [{"Self-defined ethnicity": "Asian/Asian British - Indian"}] * 11
    searches += [{"Self-defined ethnicity": WHITE}] * 50
    put(workspace, "kent", "2019-07", searches)
    settle(workspace, {"kent": RESIDENTS}, "--scheme", scheme)
    for group, count in (("Asian", asian), ("Other", other)):
        figure = of_group(workspace, group, "--force", "kent")
        assert (figure["numerator"], figure["denominator"], figure["unknown"]) == (count, 50, 0)
        if count >= 10:
            assert figure["value"] == pytest.approx(count / RESIDENTS[group] / (50 / 90_000))
            assert scheme in figure["population_source"]
            assert figure["population"] == RESIDENTS[group]


def test_searches_are_never_sorted_without_a_table(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(30))
    figure = of_group(workspace, "Asian", "--force", "kent")
    assert (figure["status"], figure["numerator"], figure["denominator"]) == ("not-supplied", None, None)
