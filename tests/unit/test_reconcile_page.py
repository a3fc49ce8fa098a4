"""docs/reconcile.md runs as it stands, and the command prints what the page says."""

from __future__ import annotations

import csv
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

import openpeel
from helpers import run_here, write_search_file

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reconcile.md"
DRUGS, WEAPONS, GOODS = "Controlled drugs", "Offensive weapons", "Stolen goods"


@pytest.fixture
def inspection(workspace: Path, tmp_path: Path) -> Path:
    """Two months of Kent: a pair of searches that look alike, and one in the first hour of July."""
    held = {
        "2019-07": [
            ("2019-07-10T11:00:00+00:00", DRUGS),
            ("2019-07-10T11:00:00+00:00", DRUGS),
            ("2019-07-10T12:00:00+00:00", WEAPONS),
            ("2019-07-11T08:15:00+00:00", GOODS),
            ("2019-06-30T23:20:00+00:00", GOODS),
            ("2019-07-20T21:00:00+00:00", DRUGS),
            ("2019-07-30T21:00:00+00:00", WEAPONS),
        ],
        "2019-08": [("2019-08-03T09:00:00+00:00", DRUGS), ("2019-08-04T09:00:00+00:00", DRUGS)],
        "2019-06": [("2019-06-30T22:50:00+00:00", DRUGS)],
    }
    for month, searches in held.items():
        rows = [{"Date": at, "Object of search": what} for at, what in searches]
        file = write_search_file(tmp_path / f"{month}-kent-stop-and-search.csv", rows)
        done = run_here("import", "police-uk", file, "--supplied", "2020-01-01", cwd=workspace)
        assert done.returncode == 0, done.stderr
    for name, text in re.findall(r"```csv (\S+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        (workspace / name).write_text(text, encoding="utf-8")
    return workspace


def commands() -> list[tuple[str, str]]:
    """Each command of the page, and what it prints."""
    blocks = re.findall(r"```console\n\$ (.*?)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    return blocks


def printed(command: str, root: Path) -> str:
    done = run_here(*shlex.split(command)[1:], cwd=root)
    assert done.returncode == 0, done.stderr
    lines = (done.stdout + done.stderr).splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines if line.strip())


@pytest.mark.parametrize("which", [0, 1])
def test_the_page_runs_as_it_stands(inspection: Path, which: int) -> None:
    command, said = commands()[which]
    assert printed(command, inspection) == said


def told(root: Path, *args: str | Path) -> Any:
    done = run_here("reconcile", "powers.searches", "--as-at", "2026-01-01", *args, cwd=root)
    assert done.returncode == 0, done.stderr
    return done


def test_json_adds_up_and_is_alone_on_stdout(inspection: Path) -> None:
    found = json.loads(told(inspection, "--against", "figures.csv", "--format", "json").stdout)
    assert set(found) == {"measure", "against", "kind", "rules", "alternatives", "tried", "lines", "notes"}
    july, august = found["lines"]
    assert (july["ours"], july["theirs"], july["difference"], july["rest"]) == (
        {"count": 7}, {"count": 6}, {"count": -1}, {"count": 0},
    )  # fmt: skip
    assert sum(p["change"]["count"] for p in july["parts"]) == -1
    assert (july["verdict"], august["verdict"], found["rules"]) == ("explained", "agrees", ["period-by-utc"])
    figure = run_here("figure", july["figure_id"], cwd=inspection)
    assert figure.returncode == 0  # it is in the ledger


def test_csv_has_a_row_a_step(inspection: Path) -> None:
    out = told(inspection, "--against", "figures.csv", "--format", "csv").stdout.splitlines()
    rows = list(csv.DictReader(out))
    assert [(r["step"], r["number"]) for r in rows[:3]] == [("ours", "7"), ("part", "-1"), ("theirs", "6")]


def test_rows_are_written_once_and_name_nobody(inspection: Path) -> None:
    more = ["--match", "Date of search=searched_at", "--match", "Object=object_of_search"]
    asked = ["--against", "list.csv", "--force", "kent", "--period", "2019-07", *more, "--rows", "out.csv"]
    assert "5 rows in out.csv" in told(inspection, *asked).stderr
    rows = list(csv.DictReader((inspection / "out.csv").open(encoding="utf-8")))
    assert list(rows[0]) == ["side", "rule", "says", "force", "month", "record_id", "their_line"]
    assert DRUGS not in (inspection / "out.csv").read_text()
    assert [r["their_line"] for r in rows if r["side"] == "theirs"] == ["6", "7"]
    again = run_here("reconcile", "powers.searches", *asked, cwd=inspection)
    assert (again.returncode, "is there already" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--against", "none.csv"), "cannot be read"),
        (("--against", "list.csv", "--which", "both"), "--which"),
        (("--against", "list.csv", "--match", "x"), "--match"),
        (("--against", "list.csv", "--force", "kent"), "--period"),
        (("--against", "figures.csv", "--date", "month"), "for a list of records"),
        (("--against", "hidden.csv", "--force", "kent", "--period", "2019-07"), "nothing is ever counted by"),
    ],
)
def test_wrong_use_is_one_line(inspection: Path, args: tuple[str, ...], said: str) -> None:
    (inspection / "hidden.csv").write_text("person_id,count\nx,1\n", encoding="utf-8")
    done = run_here("reconcile", "powers.searches", *args, cwd=inspection)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr


def test_a_rate_by_residents_of_another_year(inspection: Path) -> None:
    lines = ["Year,Police Force Area,Population", "2018,Kent,50000", "2019,Kent,40000"]
    (inspection / "people.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    done = run_here("import", "population", "people.csv", "--supplied", "2020-01-01", cwd=inspection)
    assert done.returncode == 0, done.stderr
    (inspection / "rate.csv").write_text("force,month,value\nKent,2019-07,0.14\n", encoding="utf-8")
    with openpeel.open(inspection, as_at="2026-01-01") as opened:
        found = opened.reconcile("powers.searches_per_1000", inspection / "rate.csv")
    (line,) = found.lines
    assert line.verdict == "explained" and "30 June 2018" in line.parts[0].says
    assert float(line.ours["value"]) == 0.175


def test_from_python(inspection: Path) -> None:
    with openpeel.open(inspection, as_at="2026-01-01") as opened:
        match = {"Date of search": "searched_at", "Object": "object_of_search"}
        found = opened.reconcile(
            "powers.searches", inspection / "list.csv", force="Kent", period="2019-07", match=match
        )
        with pytest.raises(openpeel.UserError, match="which"):
            opened.reconcile("powers.searches", inspection / "list.csv", which="both")
    assert found.lines[0].as_json()["theirs"] == {"count": 6} and len(found.rows) == 5


LINKED = "Outcome linked to object of search"


@pytest.mark.parametrize("blank", ["", "False"])
def test_blanks_that_they_read_otherwise(workspace: Path, tmp_path: Path, blank: str) -> None:
    searches = [
        *({"Outcome": "Arrest", LINKED: "True"} for _ in range(3)),
        {"Outcome": "Arrest", LINKED: "False"},
        *({"Outcome": "A no further action disposal", LINKED: blank} for _ in range(10)),
    ]
    rows = [{"Date": f"2019-07-10T11:{n:02d}:00+00:00", **s} for n, s in enumerate(searches)]
    file = write_search_file(tmp_path / "2019-07-kent-stop-and-search.csv", rows)
    assert run_here("import", "police-uk", file, "--supplied", "2020-01-01", cwd=workspace).returncode == 0
    theirs, both = workspace / "theirs.csv", workspace / "both.csv"
    theirs.write_text("force,month,numerator,denominator\nKent,2019-07,3,4\n", encoding="utf-8")
    both.write_text(theirs.read_text() + "Kent,2019-07,3,14\n", encoding="utf-8")
    with openpeel.open(workspace, as_at="2026-01-01") as opened:
        found = opened.reconcile("powers.linked_outcome_rate", theirs)
        torn = opened.reconcile("powers.linked_outcome_rate", both)
    assert found.lines[0].ours == {"numerator": 3, "denominator": 14}
    # Where the column is filled in on every row, no reading of blanks gives another number.
    assert found.rules == ([] if blank else ["reading-none"])
    assert found.lines[0].verdict == ("not-explained" if blank else "explained")
    # A file that counts two ways is not explained by one; what each rule gives by itself is told all the same.
    assert (torn.rules, [line.verdict for line in torn.lines]) == ([], ["not-explained", "agrees"])
    assert [t.rule for t in torn.lines[0].tries if t.fits] == ([] if blank else ["reading-none"])


def test_a_practice_that_makes_no_sense_has_no_figure_to_hold_against(
    workspace: Path, tmp_path: Path
) -> None:
    rows = [{"Date": f"2019-07-10T11:{n:02d}:00+00:00", LINKED: ""} for n in range(10)]
    file = write_search_file(tmp_path / "2019-07-kent-stop-and-search.csv", rows)
    assert run_here("import", "police-uk", file, "--supplied", "2020-01-01", cwd=workspace).returncode == 0
    figures, listed = workspace / "figures.csv", workspace / "list.csv"
    figures.write_text("force,month,numerator,denominator\nKent,2019-07,3,4\n", encoding="utf-8")
    listed.write_text("searched_at\n2019-07-10T11:00:00+00:00\n", encoding="utf-8")
    with openpeel.open(workspace, as_at="2026-01-01") as opened:
        for theirs in (figures, listed):
            (line,) = opened.reconcile(
                "powers.linked_outcome_rate", theirs, force="kent", period="2019-07"
            ).lines
            assert (line.verdict, line.ours) == ("no-figure", {}) and line.reason
