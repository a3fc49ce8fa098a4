"""The categories of a breakdown, not known among them, are the whole: none twice, none lost."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from ask import NFA, figures, put
from helpers import run_here
from openpeel.catalogue import shipped
from openpeel.engine.declare.measures import Count, Distribution, Proportion

CASES = [
    (m.id, by)
    for m in shipped().measures.values()
    if m.of == "powers.stop_search" and isinstance(m, Count | Proportion)
    for by in dict.fromkeys([*m.by, "self_defined_ethnicity", "has_person", "part_of_operation"])
]


@pytest.fixture(scope="module")
def forces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from helpers import new_workspace

    root = new_workspace(tmp_path_factory.mktemp("add") / "w")
    types = ("Person search", "Vehicle search", "Person and Vehicle search", "")
    outcomes = ("Arrest", NFA, "", "odd")
    genders = ("Male", "Female", "")
    powers = ("Misuse of Drugs Act 1971 (section 23)", "", "Act of 2030")
    searches = [
        {"Type": t, "Outcome": o, "Gender": g, "Legislation": p, "Part of a policing operation": x}
        for t, o, g, p, x in itertools.product(types, outcomes, genders, powers, ("True", ""))
    ]
    put(root, "kent", "2019-07", searches)
    put(root, "kent", "2019-08", searches[::3])
    return root


@pytest.mark.parametrize(("measure", "by"), CASES)
def test_categories_add_up(forces: Path, measure: str, by: str) -> None:
    found = figures(forces, measure, "--force", "kent", "--period", "2019-07..2019-08", "--by", by)
    whole = next(f for f in found if not f["breakdown"])
    parts = [f for f in found if f["breakdown"]]
    assert len({str(f["breakdown"]) for f in parts}) == len(parts)
    for count in ("numerator", "denominator", "unknown"):
        if whole[count] is not None:
            assert sum(f[count] for f in parts) == whole[count], count


def test_distributions_add_up_to_one(forces: Path) -> None:
    mine = [m for m in shipped().measures.values() if m.of == "powers.stop_search"]
    for measure in (m.id for m in mine if isinstance(m, Distribution)):
        found = figures(forces, measure, "--force", "kent", "--period", "2019-07..2019-08")
        if found[0]["value"] is not None:
            assert sum(f["value"] for f in found) == pytest.approx(1)
        assert len({(f["denominator"], f["unknown"]) for f in found}) == 1


@pytest.mark.parametrize("measure", ["powers.share_by_age", "powers.disproportionality"])
def test_a_second_breakdown_is_refused_not_dropped(forces: Path, measure: str) -> None:
    done = run_here("measure", measure, "--force", "kent", "--by", "power", cwd=forces)
    assert (done.returncode, done.stdout) == (2, "")
    assert "already broken down" in done.stderr
