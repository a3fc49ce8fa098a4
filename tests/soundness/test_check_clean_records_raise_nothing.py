"""A check that cries wolf is read by nobody: clean records, whatever their number, raise no doubt of any weight."""

from __future__ import annotations

import tempfile
from pathlib import Path

from checks_fixture import JOB, MONTHS, RETURNED, check, jobs, returned, supply
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import new_workspace


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10_000),
    per_month=st.sampled_from([6, 25, 90]),
    months=st.integers(1, len(MONTHS)),
    forces=st.integers(1, 3),
)
def test_clean_records(seed: int, per_month: int, months: int, forces: int) -> None:
    names = ("kent", "essex", "surrey")[:forces]
    with tempfile.TemporaryDirectory() as folder:
        root = new_workspace(Path(folder) / "w")
        supply(root, JOB, {f: jobs(per_month, MONTHS[:months], seed + n) for n, f in enumerate(names)})
        supply(root, RETURNED, {f: returned(MONTHS[:months], seed + n) for n, f in enumerate(names)})
        assert [d.text for d in check(root).doubts if d.severity != "note"] == []
