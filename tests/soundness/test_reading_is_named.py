"""A value that rests on a way to read blanks must say so wherever it stands."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from ask import LINKED, NFA, figures, one, put
from helpers import run_here

READING = "blank-after-no-further-action-is-not-linked"


@pytest.fixture
def kent(workspace: Path) -> Path:
    put(
        workspace,
        "kent",
        "2019-07",
        [{"Outcome": "Arrest", LINKED: "True"}] * 9 + [{"Outcome": NFA, LINKED: ""}] * 30,
    )
    return workspace


def test_in_every_format(kent: Path) -> None:
    assert one(kent, "powers.linked_outcome_rate", "--force", "kent")["reading"] == READING
    table = run_here("measure", "powers.linked_outcome_rate", "--force", "kent", cwd=kent).stdout
    assert READING in table.replace("\n", "").replace(" ", "")
    text = run_here(
        "measure", "powers.linked_outcome_rate", "--force", "kent", "--format", "csv", cwd=kent
    ).stdout
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["reading"] == READING


def test_on_every_category(kent: Path) -> None:
    found = figures(kent, "powers.linked_outcome_rate", "--force", "kent", "--by", "power")
    assert len(found) == 2
    assert {f["reading"] for f in found} == {READING}


def test_a_plain_value_has_none(kent: Path) -> None:
    assert one(kent, "powers.arrest_rate", "--force", "kent")["reading"] is None
