"""openpeel from Python: what docs/python.md says is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import openpeel
from helpers import run_here, write_search_file

PAGE = Path(__file__).resolve().parents[2] / "docs" / "python.md"


@pytest.fixture
def inspection(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two months of one force, under the name that the page uses."""
    july = [
        ("Arrest", "Male"),
        ("A no further action disposal", "Male"),
        ("A no further action disposal", "Female"),
    ]
    for month, searches in (("2019-07", july), ("2019-08", july[:2])):
        rows = [
            {"Date": f"{month}-10T00:{n:02d}:00+00:00", "Outcome": outcome, "Gender": gender}
            for n, (outcome, gender) in enumerate(searches)
        ]
        file = write_search_file(tmp_path / f"{month}-kent-stop-and-search.csv", rows)
        assert (
            run_here("import", "police-uk", file, "--supplied", "2020-01-01", cwd=workspace).returncode == 0
        )
    root = workspace.rename(workspace.parent / "my-inspection")
    monkeypatch.chdir(root.parent)
    return root


def test_the_page_runs_as_it_stands(inspection: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```(python)?\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    codes = [(code, said) for (kind, code), (_, said) in zip(blocks[::2], blocks[1::2], strict=True) if kind]
    assert len(codes) == 3
    for code, said in codes:
        exec(compile(code, str(PAGE), "exec"), {"openpeel": openpeel})
        assert capsys.readouterr().out == said


def test_figures_are_those_of_the_command_line(inspection: Path) -> None:
    with openpeel.open(inspection, as_at="2026-01-01") as opened:
        found = opened.measure("powers.searches", force="Kent", period="2019-07")
        assert "powers.searches" in opened.measures() and "kent" in opened.forces() and not opened.synthetic
    asked = ("powers.searches", "--force", "kent", "--period", "2019-07", "--as-at", "2026-01-01")
    told = run_here("measure", *asked, "--format", "csv", cwd=inspection)
    assert found[0].figure_id in told.stdout
    assert found.to_list()[0]["value"] == 3
    assert run_here("figure", found[0].figure_id, cwd=inspection).returncode == 0  # it is in the ledger


def test_a_table_keeps_what_is_not_there_apart_from_zero(inspection: Path) -> None:
    with openpeel.open(inspection, as_at="2026-01-01") as opened:
        rows = (
            opened.measure("powers.searches", force=("kent", "essex"), period="2019-07")
            .to_arrow()
            .to_pylist()
        )
    assert [(r["force"], r["value"], r["status"]) for r in rows] == [
        ("kent", 3.0, "ok"),
        ("essex", None, "not-supplied"),
    ]


def test_forces_are_compared(inspection: Path) -> None:
    with openpeel.open(inspection, as_at="2026-01-01") as opened:
        found = opened.compare("powers.outcome_rate", period="2019-07")
        assert {f.force for f in found.figures} == set(opened.forces())
        with pytest.raises(openpeel.UserError, match="several figures"):
            opened.compare("powers.share_by_gender", period="2019-07")


def test_what_is_not_there_is_said_in_one_line(inspection: Path) -> None:
    with openpeel.open(inspection) as opened, pytest.raises(openpeel.UserError):
        opened.measure("powers.searches", force="nowhere")
    with pytest.raises(openpeel.UserError):
        openpeel.open(inspection.parent / "none")
    with pytest.raises(AttributeError):
        openpeel.nothing  # noqa: B018


def test_changes_and_sources_side_by_side(inspection: Path) -> None:
    with openpeel.open(inspection, as_at="2026-01-01") as opened:
        (found,) = opened.change("powers.searches", force="kent", period="2019-08", against="2019-07")
        assert (found.now.value, found.before.value, found.verdict) == (2, 3, "no-clear-change")
        (told,) = opened.triangulate(
            "workforce.review_completion",
            force="kent",
            period="2019-08",
            period_of_source={"survey": "2019-07"},
        )
        assert told.verdict == "cannot-tell" and {f.status for f in told.figures} == {"not-supplied"}
        with pytest.raises(openpeel.UserError, match="no triangulation"):
            opened.triangulate("workforce.none", period="2019-08")
