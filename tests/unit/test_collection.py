"""A whole collection, walked through as its people would: 43 returns, 3 of them late, 2 never sent, one corrected.

docs/collection.md tells the same walk in words.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from helpers import run_here, write_search_file
from openpeel.catalogue import load_catalogue
from openpeel.register import load_register
from openpeel.sources.returns.collections import collection_named
from openpeel.sources.returns.layout import plan_of
from openpeel.sources.returns.workbook import write_workbook

OWN = """
id = "walk"
title = "A walk through a collection"
months = "2024-04..2024-06"
due = 2024-07-31
tables = ["Incidents", "Calls"]
"""
FORCES = [f.id for f in load_register("demo").forces]
LATE, MISSING = FORCES[3:6], FORCES[10:12]
#: Its parts do not sum to its total in one month, until it is corrected.
WRONG = "stonemarsh"
GRADES = {
    "emergency": 20,
    "priority": 40,
    "scheduled": 30,
    "without attendance": 10,
    "not graded": 0,
    "All": 100,
}


def answers(place: int, wrong: bool) -> dict[str, list[dict[str, Any]]]:
    """What a force writes into its workbook."""
    size = 10 + place
    incidents: list[dict[str, Any]] = []
    calls: list[dict[str, Any]] = []
    for month in ("2024-04-01", "2024-05-01", "2024-06-01"):
        for grade, share in GRADES.items():
            opened = size * share + (7 if wrong and month == "2024-05-01" and grade == "All" else 0)
            attended = 0 if grade in ("without attendance", "not graded") else size * share // 2
            if grade == "All":
                attended = sum(size * GRADES[g] // 2 for g in ("emergency", "priority", "scheduled"))
            counted = {"incidents_opened": opened, "incidents_attended": attended, "attended_in_target": 0}
            incidents.append({"month_on": month, "grade": grade, **counted})
        answered = {
            "calls_answered": size * 80,
            "answered_within_10_seconds": size * 70,
            "calls_abandoned": size * 5,
        }
        calls += [
            {"month_on": month, "line": line, "calls_received": size * 90, **answered}
            for line in ("999", "101")
        ]
    return {"Incidents": incidents, "Calls": calls}


def workbook(root: Path, folder: Path, force: str, wrong: bool = False) -> Path:
    plan = plan_of(collection_named("walk", root), force, load_catalogue(root).types)
    name = load_register("demo").name_of(force)
    file = folder / f"{force}.xlsx"
    folder.mkdir(exist_ok=True)
    file.write_bytes(write_workbook(plan, name, answers(FORCES.index(force), wrong)))
    return file


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("collection") / "inspection"
    assert run_here("new", str(root), "--register", "demo", cwd=root.parent).returncode == 0
    (root / "collections").mkdir()
    (root / "collections" / "walk.toml").write_text(OWN)
    return root


def done(root: Path, *words: str, status: int = 0) -> str:
    found = run_here(*words, cwd=root)
    assert found.returncode == status, (words, found.stdout, found.stderr)
    return str(found.stdout if status == 0 or found.stdout else found.stderr)


def data(root: Path, *words: str, status: int = 0) -> Any:
    return json.loads(done(root, *words, "--format", "json", status=status))


def standing(root: Path, day: str) -> dict[str, str]:
    return {row["force"]: row["state"] for row in data(root, "return", "status", "walk", "--on", day)}


def of_totals(root: Path, as_at: str) -> list[dict[str, Any]]:
    checked = run_here("check", "--as-at", as_at, "--format", "json", cwd=root)
    return [d for d in json.loads(checked.stdout) if d["severity"] == "blocking"]


def test_a_collection_from_its_templates_to_its_sign_off(root: Path, tmp_path: Path) -> None:
    for handle, role, more in (
        ("ada", "administrator", ()), ("anna", "analyst", ("--as", "ada")), ("abel", "analyst", ("--as", "ada")),
        ("kay", "force", ("--force", WRONG, "--as", "ada")),
    ):  # fmt: skip
        done(root, "actors", "add", handle, "--role", role, "--name", handle.title(), *more)
    done(root, "return", "expect", "walk", "--as", "anna")
    assert set(standing(root, "2024-07-01").values()) == {"expected"} and len(FORCES) == 43

    # 38 come in time, one of them with a total that is not the sum of its parts.
    in_time = [f for f in FORCES if f not in (*LATE, *MISSING)]
    books = [str(workbook(root, tmp_path / "in-time", f, wrong=f == WRONG)) for f in in_time]
    done(root, "import", "return", *books, "--supplied", "2024-07-20", "--as", "anna", "--brief")
    late = [str(workbook(root, tmp_path / "late", f)) for f in LATE]
    done(root, "import", "return", *late, "--supplied", "2024-08-09", "--as", "anna", "--brief")
    states = standing(root, "2024-08-10")
    assert {f for f, s in states.items() if s == "late"} == set(LATE)
    assert {f for f, s in states.items() if s == "missing"} == set(MISSING)
    assert sum(s == "received" for s in states.values()) == 38

    # A search file comes beside it, with a row too many.
    rows = [{"Date": f"2024-05-0{n}T10:00:00+00:00"} for n in (1, 2, 3)]
    write_search_file(tmp_path / f"2024-05-{WRONG}-stop-and-search.csv", rows)
    done(
        root,
        "import",
        "police-uk",
        str(tmp_path / f"2024-05-{WRONG}-stop-and-search.csv"),
        "--supplied",
        "2024-07-20",
    )

    # The check puts its doubts to the forces; again, they are the same queries.
    done(root, "check", "--raise", "--as", "anna", "--collection", "walk", status=1)
    queries = data(root, "queries", "--severity", "blocking")
    assert len(queries) == 1 and queries[0]["force"] == WRONG
    query = queries[0]["id"]
    done(root, "check", "--raise", "--as", "anna", "--collection", "walk", status=1)
    assert [q["id"] for q in data(root, "queries", "--severity", "blocking")] == [query]
    assert standing(root, "2024-08-10")[WRONG] == "under query"

    # Signing off is refused, and the refusal names the query.
    refused = run_here("return", "sign-off", WRONG, "--collection", "walk", "--as", "anna", cwd=root)
    assert refused.returncode == 2 and query in refused.stderr and refused.stderr.count("openpeel:") == 1

    # The force corrects: a new workbook and a new file, known from later; nothing is overwritten.
    corrected = workbook(root, tmp_path / "corrected", WRONG)
    done(root, "import", "return", str(corrected), "--supplied", "2024-08-20", "--as", "kay", "--brief")
    again = tmp_path / "again" / f"2024-05-{WRONG}-stop-and-search.csv"
    again.parent.mkdir()
    write_search_file(again, rows[:2])
    done(root, "import", "police-uk", str(again), "--supplied", "2024-08-20")
    done(
        root,
        "queries",
        "answer",
        query,
        "--kind",
        "corrected",
        "--text",
        "A late incident; see the new return",
        "--as",
        "kay",
    )
    done(root, "queries", "close", query, "--as", "kay", status=2)
    done(root, "queries", "close", query, "--as", "abel")
    run_here("check", "--raise", "--as", "anna", "--collection", "walk", cwd=root)
    assert data(root, "queries", "show", query)["state"] == "accepted"

    # What was known before and after can both be asked for.
    assert [d["type"] for d in of_totals(root, "2024-08-10")] == ["responding.returned_incidents"]
    assert of_totals(root, "2024-08-25") == []
    asked = ("measure", "powers.searches", "--force", WRONG, "--period", "2024-05")
    before, after = (data(root, *asked, "--as-at", day)[0]["value"] for day in ("2024-08-10", "2024-08-25"))
    assert (before, after) == (3, 2)

    # Now it can be signed off; the log is whole, and the anchor that was written holds.
    done(root, "return", "sign-off", WRONG, "--collection", "walk", "--as", "anna")
    assert standing(root, "2024-08-31")[WRONG] == "signed off"
    done(root, "log", "check")
    told = done(root, "verify", ".")
    assert "log" in told
