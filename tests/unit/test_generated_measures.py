"""Measures of every kind over drawn record types and tables, held against a slow, plain reference."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import new_workspace
from reference.draws import ByHypothesis
from reference.hold import case, hold

PLAYS = settings(deadline=None, suppress_health_check=list(HealthCheck))


def held(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert hold(new_workspace(Path(folder) / "w"), case(ByHypothesis(data))), (
            "no figure was held to anything"
        )


@settings(PLAYS, max_examples=8, derandomize=True)
@given(st.data())
def test_the_engine_counts_what_the_reference_counts(data: st.DataObject) -> None:
    held(data)


@pytest.mark.long
@settings(PLAYS, max_examples=300)
@given(st.data())
def test_it_does_so_in_many_cases(data: st.DataObject) -> None:
    held(data)
