"""``return template`` and ``import return`` as verbs: what they print, and how they end."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer
from return_fixture import declare, filled
from typer.testing import CliRunner

from openpeel.cli.import_return import return_
from openpeel.cli.return_template import template
from openpeel.errors import UserError

app = typer.Typer()
app.command("template")(template)
app.command("import")(return_)


@pytest.fixture
def trial(workspace: Path) -> Path:
    declare(workspace)
    return workspace


def run(*args: str | Path) -> Any:
    return CliRunner().invoke(app, [str(a) for a in args])


def error(*args: str | Path) -> str:
    """The one line of an error."""
    done = run(*args)
    assert isinstance(done.exception, UserError), done
    return done.exception.line()


def test_from_the_template_to_the_account(trial: Path, tmp_path: Path) -> None:
    file = tmp_path / "kent.xlsx"
    done = run(
        "template", "--collection", "trial", "--force", "Kent Police", "--out", file, "--workspace", trial
    )
    assert done.exit_code == 0, done
    assert done.stdout == f"{file}: Kent, trial (1 April 2024 to 31 May 2024), 4 tables, due 2024-06-30\n"
    cells = {"Calls": {"C6": 10, "D6": "abc", "E7": "not applicable"}, "Notes": {"C4": "All is estimated"}}
    file.write_bytes(filled(file.read_bytes(), cells))
    done = run("import", file, "--workspace", trial, "--supplied", "2024-07-01", "--force", "kent")
    assert done.exit_code == 0, done
    assert "1 return: 7 rows read = 6 accepted + 1 set aside" in done.stdout
    assert "kent, trial (1 April 2024 to 31 May 2024): kent.xlsx" in done.stdout
    assert re.search(r"Calls +4 +3 +1 +1 calls_answered cannot be read +11 +1 +\d{8}T", done.stdout)
    assert re.search(r"Finance +0 +0 +0 .* not supplied", done.stdout)
    assert "set aside: kent.xlsx: sheet Calls, cell D6: `abc` cannot be read" in done.stderr
    assert "note: kent.xlsx: the force's note: All is estimated" in done.stderr
    brief = run("import", file, "--workspace", trial, "--supplied", "2024-07-01", "--brief")
    assert brief.exit_code == 0 and "nothing new: all of it is already here" in brief.stdout
    assert "Calls" not in brief.stdout


def test_a_refused_workbook_ends_with_status_2(trial: Path, tmp_path: Path) -> None:
    (tmp_path / "other.xlsx").write_bytes(b"no workbook")
    done = run("import", tmp_path / "other.xlsx", "--workspace", trial)
    assert done.exit_code == 2 and "0 returns: 0 rows read" in done.stdout
    assert "openpeel: refused" in done.stderr and "is not an .xlsx or .ods file" in done.stderr
    assert "there is no such file" in error("import", tmp_path / "none.xlsx", "--workspace", trial)
    assert "no force called" in error("import", tmp_path, "--workspace", trial, "--force", "ruritania")


def test_a_template_needs_no_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(
        "template",
        "--collection",
        "2024-autumn",
        "--force",
        "stonemarsh",
        "--register",
        "demo",
        "--out",
        "s.xlsx",
    )
    assert done.exit_code == 0, done
    about = openpyxl.load_workbook(io.BytesIO((tmp_path / "s.xlsx").read_bytes()))["Template"]
    assert [about[f"B{n}"].value for n in range(1, 5)] == [
        "openpeel return",
        "2024-autumn",
        "stonemarsh",
        "1",
    ]


def test_what_is_missing_or_wrong_is_said_in_a_line(trial: Path, tmp_path: Path) -> None:
    at = ("--workspace", trial)
    assert error("template", *at).startswith("--collection: is missing")
    assert error("template", "--collection", "trial", *at).startswith("--force: is missing")
    assert error("template", "--collection", "trial", "--force", "kent", *at).startswith("--out: is missing")
    whole = ("template", "--force", "kent", *at)
    assert "is not called .xlsx" in error(*whole, "--collection", "trial", "--out", tmp_path / "a.xls")
    (tmp_path / "a.xlsx").write_bytes(b"filled in by somebody")
    there = error(*whole, "--collection", "trial", "--out", tmp_path / "a.xlsx")
    assert "is there already, and is another workbook" in there
    assert "did you mean trial" in error(*whole, "--collection", "trail", "--out", tmp_path / "a.xlsx")


def test_the_list_of_collections(trial: Path) -> None:
    done = run("template", "--list", "--workspace", trial)
    assert done.exit_code == 0 and "trial" in done.stdout and "-autumn" in done.stdout
