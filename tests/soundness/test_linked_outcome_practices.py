"""Forces fill "outcome linked" in in different ways; each way must be seen for what it is, with its counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ask import LINKED, NFA, ask, one, put

Groups = list[tuple[int, str, str]]
"""How many searches, their outcome, and what the column says."""

CASES: dict[str, tuple[Groups, dict[str, Any]]] = {
    "every row": (
        [(10, "Arrest", "True"), (10, NFA, "False")],
        {"status": "ok", "reading": "as-recorded", "known": 20, "nfa": 10, "nfa_linked": 0, "acted_linked": 10},
    ),
    "most rows": (
        [(10, "Arrest", "True"), (6, NFA, "False"), (4, NFA, "")],
        {"status": "ok", "reading": "as-recorded", "known": 16, "nfa_blank": 4},
    ),
    "only where something followed": (
        [(8, "Arrest", "True"), (2, "Arrest", ""), (30, NFA, ""), (5, "", "")],
        {"status": "ok", "reading": "blank-after-no-further-action-is-not-linked", "known": 8, "nfa": 30,
         "nfa_blank": 30, "acted": 10, "acted_blank": 2, "outcome_blank": 5},
    ),
    "never": (
        [(10, "Arrest", ""), (30, NFA, "")],
        {"status": "not-supplied", "reading": "", "known": 0, "nfa": 30, "acted": 10},
    ),
    "no further action marked as linked": (
        [(10, "Arrest", "True"), (29, NFA, "True"), (1, NFA, "False")],
        {"status": "not-interpretable", "reading": "", "nfa": 30, "nfa_linked": 29},
    ),
    "linked where nothing followed": (
        [(10, "Arrest", "False"), (2, NFA, "True"), (18, NFA, "False")],
        {"status": "not-interpretable", "reading": "", "nfa_linked": 2, "acted_linked": 0},
    ),
    "patchy": (
        [(2, "Arrest", "True"), (8, "Arrest", ""), (30, NFA, "")],
        {"status": "not-interpretable", "reading": "", "known": 2, "acted_blank": 8},
    ),
}  # fmt: skip


@pytest.mark.parametrize("practice", CASES)
def test_practice(workspace: Path, practice: str) -> None:
    groups, expected = CASES[practice]
    put(workspace, "kent", "2019-07", [{"Outcome": o, LINKED: x} for n, o, x in groups for _ in range(n)])
    (found,) = ask(workspace, "practices")
    assert found["practice"] == practice
    counts = {k: v for k, v in expected.items() if k not in ("status", "reading")}
    assert {k: found["counts"][k] for k in counts} == counts
    assert (found["status"], found["reading"]) == (expected["status"], expected["reading"])
    figure = one(workspace, "powers.linked_outcome_rate", "--force", "kent")
    assert figure["status"] == expected["status"]
    assert (figure["value"] is not None) == (figure["status"] == "ok")
    assert figure["reading"] == (expected["reading"] or None)
    assert bool(figure["reason"]) == (figure["status"] != "ok")


def test_a_blank_is_read_as_not_linked_only_after_no_further_action(workspace: Path) -> None:
    groups, _ = CASES["only where something followed"]
    put(workspace, "kent", "2019-07", [{"Outcome": o, LINKED: x} for n, o, x in groups for _ in range(n)])
    figure = one(workspace, "powers.linked_outcome_rate", "--force", "kent")
    # 8 linked; known: 8 + the 30 blanks after no further action; the 2 + 5 other blanks stay unknown.
    assert (figure["numerator"], figure["denominator"], figure["unknown"]) == (8, 38, 7)
    assert figure["bounds"] == {"low": 8 / 45, "high": 1.0}


def test_it_is_never_compared(workspace: Path) -> None:
    groups, _ = CASES["every row"]
    for force in ("kent", "essex", "surrey"):
        put(workspace, force, "2019-07", [{"Outcome": o, LINKED: x} for n, o, x in groups for _ in range(n)])
    found = ask(workspace, "compare", "powers.linked_outcome_rate", "--period", "2019-07")
    assert (found["versions"], list(found["funnel"])) == ([], ["reason"])
    assert found["reason"]
