"""The categories of a breakdown are the whole: none twice, none lost, for each measure of records of any type."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openpeel.catalogue import shipped
from openpeel.engine.declare.measures import Count, Mean, Proportion, ShareWithin
from records_of import Records
from spec import Case, Spec, World, all_specs

CASES = [
    (spec, case, by)
    for spec in all_specs()
    if isinstance(measure := shipped().measures[spec.measure], Count | Mean | Proportion | ShareWithin)
    for case in spec.cases
    if isinstance(case.table, Records)
    for by in (b if isinstance(b, str) else ",".join(b) for b in measure.by)
]


def test_there_are_many() -> None:
    assert len(CASES) > 60


@pytest.mark.parametrize(("spec", "case", "by"), CASES, ids=[f"{s.measure}-{b}" for s, _, b in CASES])
def test_categories_add_up(world: World, spec: Spec, case: Case, by: str) -> None:
    found = world.figures(spec, replace(case, by=by))
    whole = next(f for f in found if not f.breakdown)
    parts = [f for f in found if f.breakdown]
    assert parts and len({str(f.breakdown) for f in parts}) == len(parts)
    for count in ("numerator", "denominator", "unknown"):
        assert sum(getattr(f, count) for f in parts) == getattr(whole, count), count
