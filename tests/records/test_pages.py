"""``docs/records`` is what the declarations say: a page for each record type, with nothing left out."""

from __future__ import annotations

import importlib
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from openpeel.catalogue import shipped
from openpeel.engine.declare.columns import instant, operational, word
from openpeel.engine.declare.derivations import (
    Derivation,
    Derived,
    FromPolicy,
    Lookup,
    Rollup,
    SecondsBetween,
)
from openpeel.engine.declare.records import RecordType
from records import supply

ROOT = Path(__file__).resolve().parents[2]
TOOLS = str(ROOT / "tools")


@cache
def tool(name: str) -> ModuleType:
    """A module of ``tools``, which is no package."""
    if TOOLS not in sys.path:
        sys.path.append(TOOLS)
    return importlib.import_module(name)


@cache
def pages() -> dict[str, str]:
    made: dict[str, str] = tool("records_docs").pages()
    return made


def test_the_pages_are_those_of_the_declarations() -> None:
    folder = ROOT / "docs" / "records"
    there = {f.name: f.read_text(encoding="utf-8") for f in folder.glob("*.md")}
    wrong = sorted(name for name in there.keys() | pages().keys() if there.get(name) != pages().get(name))
    assert wrong == [], "run: python tools/records_docs.py"


@pytest.mark.parametrize("record_type", supply.TYPES, ids=lambda t: t.id)
def test_a_page_names_all_there_is(record_type: RecordType) -> None:
    page = pages()[f"{record_type.id}.md"]
    told = [record_type.id, record_type.title, record_type.meaning, record_type.export, *record_type.systems]
    for column in record_type.columns:
        told += [f"| `{column.name}` | {column.meaning} |", column.example, column.unit, *column.allowed]
    for rule in record_type.rules:
        told += [f"`{rule.condition}`", rule.message]
    told += [f"({reference.to}.md)" for reference in record_type.references]
    assert [text for text in told if text not in page] == []


def test_every_row_of_a_table_has_the_cells_of_its_heading() -> None:
    for name, page in pages().items():
        width = 0
        for line in page.split("\n"):
            cells = line.replace("\\|", "").count("|")
            assert not line.startswith("|") or cells == width or not width, (name, line)
            width = cells if line.startswith("|") else 0


def test_the_index_lists_every_type_by_area_and_by_system() -> None:
    by_area, by_system = pages()["index.md"].split("## By kind of system")
    for record_type in supply.TYPES:
        assert f"({record_type.id}.md)" in by_area
        assert by_system.count(f"({record_type.id}.md)") == len(record_type.systems)


def test_every_measure_stands_on_the_page_of_its_type() -> None:
    for measure in shipped().measures.values():
        assert f"`{measure.id}`" in pages()[f"{measure.of}.md"]


def test_what_a_measure_needs_is_told_from_what_it_is_broken_down_by() -> None:
    needs = tool("measure_columns").needs(shipped().measures["powers.outcome_rate"])
    assert needs.columns == {("powers.stop_search", "outcome"), ("powers.stop_search", "searched_at")}
    assert ("powers.stop_search", "gender") in needs.breakdowns


JOBS = RecordType(
    "test.job", "Jobs", "event", "began_at",
    (operational("job_id", "Number.", "1", required=True), instant("began_at", "Start.", "2024-03-04 10:00:00",
     required=True), instant("over_at", "End.", "2024-03-04 11:00:00"), word("place", "Where.", "North")),
    key=("job_id",),
)  # fmt: skip
STEPS = RecordType(
    "test.step", "Steps", "event", "done_at",
    (operational("job_id", "Job.", "1"), instant("done_at", "When.", "2024-03-04 10:00:00", required=True)),
    derived=(
        SecondsBetween("took", "done_at", "done_at", "How long."),
        Lookup("place", "test.job", (("job_id", "job_id"),), "place", "text", "Where."),
        Derived("north", "boolean", "place = 'North' and took > 0", "Whether in the north."),
        Rollup("jobs", "test.job", (("job_id", "job_id"),), "count", "", "integer", "How many."),
        Rollup("last", "test.job", (("job_id", "job_id"),), "max", "over_at", "instant", "Latest."),
        FromPolicy("target", "test.policy", "Target."),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("took", {"test.step.done_at"}),
        ("place", {"test.step.job_id", "test.job.job_id", "test.job.place"}),
        ("north", {"test.step.job_id", "test.job.job_id", "test.job.place", "test.step.done_at"}),
        ("jobs", {"test.step.job_id", "test.job.job_id"}),
        ("last", {"test.step.job_id", "test.job.job_id", "test.job.over_at"}),
        ("target", {"test.step.done_at"}),
    ],
)
def test_columns_are_found_through_derivations(
    name: str, wanted: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = tool("measure_columns")
    catalogue = type(shipped())({t.id: t for t in (JOBS, STEPS)}, {}, JOBS)
    monkeypatch.setattr(columns, "catalogue", lambda: catalogue)
    derivation: Derivation = next(d for d in STEPS.derived if d.name == name)  # type: ignore[attr-defined]
    assert {f"{t}.{n}" for t, n in columns.rests_on(derivation, STEPS)} == wanted
