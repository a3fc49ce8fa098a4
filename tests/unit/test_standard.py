"""A measure's own standard: what is refused, that versions without one stay, and that a trend is held to it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import waits
from ask import NFA, put, rows
from helpers import run_here
from openpeel.catalogue import shipped
from openpeel.engine.declare.serial import from_plain, to_plain
from openpeel.engine.measure.check import check_catalogue
from openpeel.engine.measure.question import version
from openpeel.errors import UserError

WITH = {"standard": 0.9, "standard_source": "the force"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"standard": 0.9}, "without a source"),
        ({"standard_source": "the force"}, "has none"),
        (WITH | {"standard": 90}, "is none of a share"),
        (WITH | {"standard": float("nan")}, "is none of a share"),
        (WITH | {"standard": "0.9"}, "standard is '0.9'"),
        (WITH | {"standard": True}, "standard is True"),
        (WITH | {"better": "neutral"}, "no better direction"),
    ],
)
def test_wrong_standards_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        check_catalogue({waits.INCIDENT.id: waits.INCIDENT}, [replace(waits.WITHIN, **changes)])


def test_a_count_has_none() -> None:
    calls = replace(shipped().measures["responding.calls"], **WITH, better="lower")  # type: ignore[arg-type]
    with pytest.raises(UserError, match="of any length"):
        check_catalogue(shipped().types, [calls])


def test_it_belongs_to_the_version_where_there_is_one() -> None:
    """Figures published before measures could have one keep their ids; who set it is prose."""
    bare = version(waits.WITHIN, waits.INCIDENT)
    held = replace(waits.WITHIN, **WITH)  # type: ignore[arg-type]
    assert version(held, waits.INCIDENT) != bare
    assert version(replace(held, standard_source="another"), waits.INCIDENT) == version(held, waits.INCIDENT)
    older = {k: v for k, v in to_plain(waits.WITHIN).items() if not k.startswith("standard")}
    assert version(from_plain(older), waits.INCIDENT) == bare


LOCAL = """
[[measure]]
kind = "Proportion"
id = "local.arrested"
title = "Arrests"
sentence = "{value}"
of = "powers.stop_search"
met = "outcome = 'Arrest'"
unit = "share of searches"
better = "higher"
comparable = "own-definition"
comparable_why = "It is ours."
question = "powers"
method = "local"
source = "ours"
standard = 0.25
standard_source = "our board"
reviewed = 2026-11-01
"""


def test_a_trend_is_held_to_it_unless_told(workspace: Path) -> None:
    for month in range(24):
        label = f"{2018 + month // 12}-{month % 12 + 1:02d}"
        put(workspace, "kent", label, rows(20 + month % 3, Outcome="Arrest") + rows(20, Outcome=NFA))
    (workspace / "local" / "own.toml").write_text(LOCAL, encoding="utf-8")
    args = ("trend", "local.arrested", "--force", "kent", "--format", "json")
    done = run_here(*args, cwd=workspace)
    assert done.returncode == 0 and "standard 0.25: our board" in done.stderr, done.stderr
    (series,) = json.loads(done.stdout)["series"]
    assert (series["standard"], series["assurance"]["code"]) == (0.25, "meets")
    told = run_here(*args, "--standard", "0.9", cwd=workspace)
    (series,) = json.loads(told.stdout)["series"]
    assert (series["standard"], series["assurance"]["code"]) == (0.9, "misses")
    assert "our board" not in told.stderr
