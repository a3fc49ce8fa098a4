"""Every shipped measure has a specification, and ``docs/spec`` is what the specifications say."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from openpeel.catalogue import shipped
from spec import all_specs

ROOT = Path(__file__).resolve().parents[2]


def tool() -> ModuleType:
    found = importlib.util.spec_from_file_location("spec_docs", ROOT / "tools" / "spec_docs.py")
    assert found and found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_every_measure_has_a_specification() -> None:
    assert [s.measure for s in all_specs()] == list(shipped().measures)


def test_the_pages_are_those_of_the_specifications() -> None:
    folder = ROOT / "docs" / "spec"
    there = {f.name: f.read_text(encoding="utf-8") for f in folder.glob("*.md")}
    assert there == tool().pages(), "run: python tools/spec_docs.py"


def test_no_table_is_larger_than_a_person_checks() -> None:
    for spec in all_specs():
        for case in spec.cases:
            assert len(case.rows()) <= 20, (spec.measure, case.title)
