"""Impossible: a blank counted as False, or one word for blank counted as something else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers import LINKED, different, held, run_here, write_search_file

CLOTHING = "Removal of more than just outer clothing"


@pytest.mark.parametrize("blank", ["", "NA", "NULL", " ", "nan"])
def test_blank_boolean_is_unknown_in_the_records(workspace: Path, tmp_path: Path, blank: str) -> None:
    rows = [*different(1, **{LINKED: blank}), {LINKED: "False"}, {LINKED: "0.0"}, {LINKED: "1"}]
    run_here(
        "import", "police-uk", write_search_file(tmp_path / "2019-07-kent-stop-and-search.csv", rows),
        cwd=workspace,
    )  # fmt: skip
    assert sorted(map(str, held(workspace, "outcome_linked"))) == [
        "(False,)",
        "(False,)",
        "(None,)",
        "(True,)",
    ]


def test_blank_is_in_no_denominator(workspace: Path, tmp_path: Path) -> None:
    rows = [
        *different(6, **{CLOTHING: "True"}),
        *different(2, **{CLOTHING: "False"}),
        *different(4, **{CLOTHING: ""}),
    ]
    file = write_search_file(tmp_path / "2019-07-kent-stop-and-search.csv", rows)
    run_here("import", "police-uk", file, cwd=workspace)
    done = run_here(
        "measure", "powers.more_than_outer_clothing", "--force", "kent", "--period", "2019-07",
        "--format", "json", cwd=workspace,
    )  # fmt: skip
    figure = json.loads(done.stdout)[0]
    assert figure["unknown"] == 4
    assert (figure["numerator"], figure["denominator"]) in [(6, 8), (None, None)]
    assert figure["value"] in (pytest.approx(0.75), None)
