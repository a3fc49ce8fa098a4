"""The command line is a contract: shapes, streams, exit statuses, and one line for every error."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers import different, new_workspace, run, run_here, write_search_file
from openpeel.catalogue import shipped
from openpeel.workspace import LAYOUT

FIGURE = {
    "measure", "force", "period_start", "period_end", "breakdown", "value", "unit", "numerator", "denominator",
    "unknown", "unknown_eligibility", "population", "population_source", "interval", "bounds", "reading",
    "reason", "status", "as_at", "figure_id", "snapshots",
}  # fmt: skip
STATUSES = {
    "ok", "suppressed", "too-few", "not-interpretable", "not-supplied", "no-data", "not-yet-due", "not-applicable",
}  # fmt: skip
CATALOGUE = [
    "id", "title", "unit", "better", "method", "source", "comparable", "checked_by", "reviewed", "review_due",
]  # fmt: skip
GROUPS = {"White": 90_000, "Asian": 5_000, "Black": 2_000, "Mixed": 2_000, "Other": 1_000}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with July 2019 of Kent and Essex and their residents; nothing in it changes."""
    folder = tmp_path_factory.mktemp("cli")
    root = new_workspace(folder / "w")
    for force, count in (("kent", 4), ("essex", 8)):
        searches = [{**s, "Outcome": "Arrest" if n % 4 == 0 else ""} for n, s in enumerate(different(count))]
        write_search_file(folder / "files" / f"2019-07-{force}-stop-and-search.csv", searches)
    assert run_here("import", "police-uk", folder / "files", cwd=root).returncode == 0
    lines = [f"2021,{f},{g},{n}" for f in ("kent", "essex") for g, n in GROUPS.items()]
    table = folder / "population.csv"
    table.write_text("Census Year,Police Force Area,Self-defined ethnicity,Population\n" + "\n".join(lines))
    assert run_here("import", "population", table, cwd=root).returncode == 0
    return root


def asked(root: Path, *args: str) -> Any:
    done = run_here(*args, "--format", "json", cwd=root)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused(root: Path, *args: str | Path) -> str:
    """The one line in which a command is refused."""
    done = run_here(*args, cwd=root)
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("openpeel: ")
    return lines[0]


# ------------------------------------------------------------------------------------------ shapes


def test_measure_prints_a_list_of_figures(held: Path) -> None:
    found = asked(held, "measure", *shipped().measures, "--force", "kent")
    assert isinstance(found, list)
    for figure in found:
        assert set(figure) == FIGURE
        assert figure["status"] in STATUSES
        assert (figure["value"] is not None) == (figure["status"] == "ok")
        assert figure["figure_id"].startswith("fig-")
        if figure["interval"]:
            assert {"low", "high", "level", "method"} <= set(figure["interval"])
        if figure["bounds"]:
            assert set(figure["bounds"]) == {"low", "high"}
    assert {f["measure"] for f in found} == set(shipped().measures)
    (searches,) = [f for f in found if f["measure"] == "powers.searches"]
    assert (searches["period_start"], searches["period_end"]) == ("2019-07-01", "2019-07-31")
    assert (searches["breakdown"], searches["value"], searches["unit"]) == ({}, 4, "searches")
    assert len(searches["snapshots"]) == 1


def test_one_figure_is_a_list_too(held: Path) -> None:
    assert len(asked(held, "measure", "powers.searches", "--force", "kent")) == 1


def test_without_a_force_all_of_the_register_answer(held: Path) -> None:
    found = asked(held, "measure", "powers.searches")
    assert len(found) == 43
    assert sum(f["status"] == "ok" for f in found) == 2


def test_shares_are_fractions_and_unrounded(held: Path) -> None:
    (figure,) = asked(held, "measure", "powers.searches_per_1000", "--force", "essex")
    assert figure["value"] == 8 * 1000 / 100_000
    (share,) = asked(held, "measure", "powers.arrest_rate", "--force", "kent")
    assert share["bounds"] is None or 0 <= share["bounds"]["low"] <= share["bounds"]["high"] <= 1


def test_compare(held: Path) -> None:
    found = asked(held, "compare", "powers.searches_per_1000", "--period", "2019-07")
    assert {"measure", "figures", "versions", "funnel", "missing"} <= set(found)
    assert all(set(f) == FIGURE for f in found["figures"])
    for version in found["versions"]:
        assert {"excluded", "mean", "sd_population", "sd_sample", "bands"} <= set(version)
        assert set(version["bands"].values()) <= {"above", "normal", "below"}
    assert found["versions"][0]["mean"] == pytest.approx(0.06)
    assert isinstance(found["funnel"], dict)
    assert len(found["missing"]) == 41
    assert "kent" not in found["missing"]


def test_compare_what_is_not_compared(held: Path) -> None:
    found = asked(held, "compare", "powers.searches", "--period", "2019-07")
    assert (found["versions"], set(found["funnel"])) == ([], {"reason"})
    assert len(found["figures"]) == 43


def test_compare_one_category(held: Path) -> None:
    found = asked(held, "compare", "powers.disproportionality", "--breakdown", "ethnic_group=Black")
    assert found["breakdown"] == {"ethnic_group": "Black"}
    assert len(found["figures"]) == 43
    other = asked(held, "compare", "powers.searches", "--breakdown", "part_of_operation=false")
    assert {f["value"] for f in other["figures"] if f["status"] == "ok"} == {4, 8}
    line = refused(held, "compare", "powers.disproportionality")
    assert "ethnic_group=Asian" in line
    assert "no figure for gender=Purple" in refused(
        held, "compare", "powers.searches", "--breakdown", "gender=Purple"
    )
    assert "write ethnic_group=Black" in refused(held, "compare", "powers.searches", "--breakdown", "gender")


def test_measures_lists_everything_and_leaves_nothing_empty(tmp_path: Path) -> None:
    found = asked(tmp_path, "measures")  # no workspace here
    assert [m["id"] for m in found] == list(shipped().measures)
    for measure in found:
        assert list(measure) == CATALOGUE
        assert all(isinstance(v, str) and v.strip() for v in measure.values()), measure
        assert measure["checked_by"] == "nobody yet"
        assert measure["better"] in ("higher", "lower", "neutral")
        assert (Path(__file__).resolve().parents[2] / measure["method"]).is_file(), measure["method"]


@pytest.mark.parametrize("args", [("measure", "powers.arrest_rate"), ("compare", "powers.arrest_rate"), ("measures",),
                                  ("practices",)])  # fmt: skip
def test_json_alone_on_stdout_and_notes_on_stderr(held: Path, args: tuple[str, ...]) -> None:
    done = run_here(*args, "--format", "json", cwd=held)
    json.loads(done.stdout)
    table = run_here(*args, "--format", "table", cwd=held)
    assert (table.returncode, bool(table.stdout)) == (0, True)
    text = run_here(*args, "--format", "csv", cwd=held)
    rows = list(csv.reader(io.StringIO(text.stdout)))
    assert len({len(r) for r in rows}) == 1
    assert len(rows) >= 2


def test_csv_is_unrounded_and_says_what_json_says(held: Path) -> None:
    args = ("measure", "powers.searches_per_1000", "powers.arrest_rate")
    rows = list(csv.DictReader(io.StringIO(run_here(*args, "--format", "csv", cwd=held).stdout)))
    found = asked(held, *args)
    assert len(rows) == len(found)
    for row, figure in zip(rows, found, strict=True):
        assert row["figure_id"] == figure["figure_id"]
        for part in ("value", "numerator", "population", "status", "reason"):
            assert row[part] == ("" if figure[part] is None else str(figure[part]))
        assert row["interval_low"] == ("" if not figure["interval"] else str(figure["interval"]["low"]))
        assert row["interval_method"] == ("" if not figure["interval"] else figure["interval"]["method"])
    text = run_here("compare", "powers.searches_per_1000", "--format", "csv", cwd=held).stdout
    kent = next(r for r in csv.DictReader(io.StringIO(text)) if r["force"] == "kent")
    assert (kent["value"], kent["band"], kent["in_mean"]) == ("0.04", "normal", "True")


def test_practices(held: Path) -> None:
    found = asked(held, "practices")
    assert [r["force"] for r in found] == ["essex", "kent"]
    assert all({"practice", "reading", "status", "counts"} <= set(r) for r in found)
    assert "rests on no column" in refused(held, "practices", "powers.searches")


# ------------------------------------------------------------------------------- periods and vintages


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("2019-07", "2019-07-01", "2019-07-31"),
        ("2019-01..2020-02", "2019-01-01", "2020-02-29"),
        ("ye-2020-03", "2019-04-01", "2020-03-31"),
        ("fytd", "2019-04-01", "2019-07-31"),
        ("r12", "2018-08-01", "2019-07-31"),
        ("2019", "2019-01-01", "2019-12-31"),
        ("year-before-fytd", "2018-04-01", "2018-07-31"),
    ],
)
def test_periods(held: Path, period: str, start: str, end: str) -> None:
    (figure,) = asked(held, "measure", "powers.searches", "--force", "kent", "--period", period)
    assert (figure["period_start"], figure["period_end"]) == (start, end)
    assert figure["status"] == ("ok" if period == "2019-07" else "not-supplied")


@pytest.mark.parametrize(
    "period", ["2019-13", "2019-7", "19", "2019-07..", "2019-08..2019-07", "ye-2019", "ye-2019-03..2019-05",
               "0000-01", "9999-12", "july", "2019-07..2019-08..2019-09"],
)  # fmt: skip
def test_a_bad_period_is_one_line(held: Path, period: str) -> None:
    assert "--period" in refused(held, "measure", "powers.searches", "--period", period)


@pytest.mark.parametrize("measure", list(shipped().measures))
def test_a_period_without_data_is_a_status(held: Path, measure: str) -> None:
    found = asked(held, "measure", measure, "--force", "kent", "--period", "2016-01")
    assert found
    assert {(f["status"], f["value"]) for f in found} == {("not-supplied", None)}


def test_comparing_a_period_without_data_is_no_error(held: Path) -> None:
    for args in (("powers.searches_per_1000",), ("powers.share_by_age", "--breakdown", "age_range=18-24")):
        found = asked(held, "compare", *args, "--period", "2016-01")
        assert len(found["figures"]) == len(found["missing"]) == 43
        assert [v["mean"] for v in found["versions"]] == [None]


def test_as_at_before_anything_was_known(held: Path) -> None:
    (figure,) = asked(
        held, "measure", "powers.searches", "--force", "kent", "--as-at", "2019-01-01", "--period", "2019-07"
    )
    assert (figure["status"], figure["as_at"]) == ("not-supplied", "2019-01-01")
    assert "no last month" in refused(held, "measure", "powers.searches", "--as-at", "2019-01-01")


@pytest.mark.parametrize("day", ["2019-02-30", "yesterday", "2019-07"])
def test_a_bad_day_is_one_line(held: Path, day: str) -> None:
    assert "--as-at" in refused(held, "measure", "powers.searches", "--as-at", day)


def test_a_bad_moment_and_a_bad_rule_are_one_line(held: Path) -> None:
    assert "--recorded-by" in refused(held, "measure", "powers.searches", "--recorded-by", "noon")
    assert "matching-year" in refused(held, "measure", "powers.searches", "--population", "newest")
    assert "csv" in refused(held, "measure", "powers.searches", "--format", "xml")


# ------------------------------------------------------------------------------------- breakdowns


def test_by_a_declared_breakdown_gives_the_whole_first(held: Path) -> None:
    found = asked(held, "measure", "powers.searches", "--force", "kent", "--by", "power")
    assert [f["breakdown"] for f in found] == [{}, {"power": "Section 23 Misuse of Drugs Act"}]


def test_by_an_undeclared_breakdown(held: Path) -> None:
    found = asked(held, "measure", "powers.searches_per_1000", "--force", "kent", "--by", "gender")
    assert [(f["breakdown"], f["numerator"]) for f in found] == [({}, 4), ({"gender": "Male"}, 4)]


def test_by_something_that_cannot_be_one(held: Path) -> None:
    assert "person_gender" in refused(held, "measure", "powers.searches", "--by", "sex")
    assert "not a column of categories" in refused(held, "measure", "powers.searches", "--by", "latitude")
    assert "already broken down" in refused(held, "measure", "powers.share_by_age", "--by", "gender")


# ------------------------------------------------------------------------------------------ errors


def test_unknown_names_are_met_with_near_ones(held: Path) -> None:
    assert "did you mean powers.searches" in refused(held, "measure", "powers.serches")
    assert "did you mean staffordshire" in refused(
        held, "measure", "powers.searches", "--force", "stafordshire"
    )
    assert "`openpeel measures` lists them" in refused(held, "measure", "zzz")
    assert "there is no measure" in refused(held, "compare", "powers.nothing")


def test_any_spelling_of_a_force_will_do(held: Path) -> None:
    for spelling in ("kent", "Kent", "Kent Police", "E23000032"):
        assert asked(held, "measure", "powers.searches", "--force", spelling)[0]["force"] == "kent"


@pytest.mark.parametrize(
    "args", [("nonverb",), ("measure",), ("measure", "powers.searches", "--nonoption"), ("compare",),
             ("compare", "powers.searches", "powers.arrest_rate"), ("import",), ("new",), ("figure",)],
)  # fmt: skip
def test_wrong_use_is_exit_2_without_a_traceback(tmp_path: Path, args: tuple[str, ...]) -> None:
    done = run(*args, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    if args != ("import",):
        assert len(done.stderr.splitlines()) == 1
        assert "--help" in done.stderr


def test_no_verb_shows_what_there_is(tmp_path: Path) -> None:
    done = run(cwd=tmp_path)
    assert done.returncode == 2
    assert "measures" in done.stderr


def test_not_a_workspace(tmp_path: Path) -> None:
    for args in (("measure", "powers.searches"), ("refresh",), ("figure", "fig-1"), ("practices",),
                 ("compare", "powers.searches"), ("import", "police-uk", ".")):  # fmt: skip
        assert "openpeel new" in refused(tmp_path, *args)
    assert "openpeel new" in refused(tmp_path, "measures", "--workspace", tmp_path / "nowhere")


def test_a_workspace_of_a_newer_layout(tmp_path: Path) -> None:
    root = new_workspace(tmp_path / "w")
    settings = root / "openpeel.toml"
    settings.write_text(settings.read_text().replace(f"layout = {LAYOUT}", f"layout = {LAYOUT + 1}"))
    assert "newer openpeel" in refused(root, "measure", "powers.searches")
    assert "newer openpeel" in refused(root, "measures")


def test_settings_that_cannot_be_read(tmp_path: Path) -> None:
    root = new_workspace(tmp_path / "w")
    good = (root / "openpeel.toml").read_text()
    for bad in ("layout = [", "", good.replace('"sample"', '"both"'), good.replace("true", '"yes"')):
        (root / "openpeel.toml").write_text(bad)
        assert "openpeel.toml" in refused(root, "measure", "powers.searches")


def test_new_does_not_write_over_anything(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    assert "not an empty folder" in refused(tmp_path, "new", "full")
    assert "register" in refused(tmp_path, "new", "w", "--register", "atlantis")
    assert not (tmp_path / "w").exists()


LOCAL = """
[[measure]]
kind = "Proportion"
id = "local.x"
title = "T"
sentence = "{value}"
of = "powers.stop_search"
met = "outcome_linked"
unit = "share of searches"
reviewed = 2026-11-22
"""


@pytest.mark.parametrize(
    "text",
    [
        "nonsense [",
        "measure = 5",
        "measure = [5]",
        '[measure]\nid = "local.x"',
        LOCAL.replace("2026-11-22", '"2026-11-22"'),
        LOCAL.replace('"T"', "5"),
        LOCAL.replace('"Proportion"', '"Sum"'),
        LOCAL.replace("local.x", "powers.searches"),
        LOCAL.replace('"outcome_linked"', '"outcome_linkd"'),
        LOCAL.replace('"outcome_linked"', '"(select 1) = 1"'),
        LOCAL.replace('"outcome_linked"', "5"),
        LOCAL + 'by = "gender"\n',
        LOCAL + "where = 5\n",
        LOCAL + 'better = "sideways"\n',
        LOCAL + 'review_months = "x"\n',
        LOCAL + 'practice = { id = "x" }\n',
        LOCAL + 'readings = ["x"]\n',
        LOCAL.replace("Proportion", "Rate").replace('met = "outcome_linked"', 'per = "1000"'),
        LOCAL.replace("Proportion", "Rate").replace('met = "outcome_linked"', "per = 0"),
        LOCAL.replace("Proportion", "Distribution").replace('met = "outcome_linked"', "across = 'latitude'"),
        '[[record_type]]\nid = "local.t"\ntitle = "t"\nkind = "event"\nanchor = "d"\ncolumns = 5',
    ],
)
def test_a_broken_declaration_of_a_force_s_own_is_one_line(tmp_path: Path, text: str) -> None:
    root = new_workspace(tmp_path / "w")
    (root / "local" / "mine.toml").write_text(text)
    line = refused(root, "measures")
    assert "local" in line


def test_a_force_s_own_measure_stands_beside_the_shipped_ones(held: Path, tmp_path: Path) -> None:
    root = new_workspace(tmp_path / "w")
    (root / "local" / "mine.toml").write_text(LOCAL)
    found = {m["id"]: m for m in asked(root, "measures")}
    assert set(found) == {*shipped().measures, "local.x"}
    assert all(found["local.x"].values())


# ------------------------------------------------------------------------------- figure and refresh


def test_a_figure_leads_back_to_declaration_records_and_files(held: Path) -> None:
    (figure,) = asked(held, "measure", "powers.arrest_rate", "--force", "kent")
    done = run_here("figure", figure["figure_id"], cwd=held)
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert found["snapshots"] == figure["snapshots"]
    assert found["question"]["id"] == figure["figure_id"]
    assert found["declaration"]["measure"]["id"] == "powers.arrest_rate"
    assert "outcome_group" in json.dumps(found["declaration"]["type"])
    (origin,) = found["origins"]
    assert (origin["force"], origin["month"], origin["rows"]) == ("kent", "2019-07", 4)
    (file,) = origin["files"]
    assert file["file"].endswith("2019-07-kent-stop-and-search.csv")
    assert len(file["sha256"]) == 64


def test_a_rate_leads_back_to_its_population_table_too(held: Path) -> None:
    (figure,) = asked(held, "measure", "powers.searches_per_1000", "--force", "kent")
    found = json.loads(run_here("figure", figure["figure_id"], cwd=held).stdout)
    assert {o["type"] for o in found["origins"]} == {"powers.stop_search", "shared.population"}


def test_a_figure_that_was_never_printed(held: Path) -> None:
    assert "no figure of that id" in refused(held, "figure", "fig-0000")


def test_a_damaged_ledger_is_one_line(tmp_path: Path) -> None:
    root = new_workspace(tmp_path / "w")
    (root / "ledger" / "figures").mkdir()
    (root / "ledger" / "figures" / "a.json").write_text("[")
    assert "ledger is damaged" in refused(root, "figure", "fig-0000")


def test_refresh_says_what_it_would_do_and_does_it(tmp_path: Path) -> None:
    root = new_workspace(tmp_path / "w")
    for month in ("2019-07", "2019-08"):
        file = write_search_file(
            tmp_path / f"{month}-kent-stop-and-search.csv", [{"Date": f"{month}-10T12:00:00Z"}]
        )
        assert run_here("import", "police-uk", file, cwd=root).returncode == 0
    assert "2 of 2 snapshots to count (2 rows), 0 reused" in run_here("refresh", "--explain", cwd=root).stdout
    assert not list((root / "cells").rglob("*.parquet"))
    assert "2 snapshots counted, 0 reused" in run_here("refresh", cwd=root).stdout
    assert "0 of 2 snapshots to count (0 rows), 2 reused" in run_here("refresh", "--explain", cwd=root).stdout
    corrected = write_search_file(
        tmp_path / "2019-08-kent-stop-and-search.csv", [{"Date": "2019-08-10T13:00:00Z"}]
    )
    assert run_here("import", "police-uk", corrected, cwd=root).returncode == 0
    assert "1 of 2 snapshots to count (1 rows), 1 reused" in run_here("refresh", "--explain", cwd=root).stdout


def test_records_that_cannot_be_read_are_one_line(tmp_path: Path) -> None:
    root = new_workspace(tmp_path / "w")
    file = write_search_file(tmp_path / "2019-07-kent-stop-and-search.csv")
    assert run_here("import", "police-uk", file, cwd=root).returncode == 0
    pack = next((root / "records").rglob("*.parquet"))
    pack.write_bytes(b"not parquet")
    assert "cannot be read" in refused(root, "measure", "powers.searches", "--force", "kent")
    pack.unlink()
    refused(root, "measure", "powers.searches", "--force", "kent")


# --------------------------------------------------------------------------------------- start-up

#: What takes time to load and is needed for no help text.
HEAVY = ("duckdb", "pyarrow", "scipy", "sqlglot", "vl_convert", "jinja2")


@pytest.mark.parametrize("args", ["--help", "--version", "measure --help", "import --help", "report --help"])
def test_help_loads_no_engine(args: str) -> None:
    code = (
        "import sys\n"
        f"sys.argv = ['openpeel', *{args.split()!r}]\n"
        "from openpeel.cli.main import run\n"
        "try:\n    run()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        f"loaded = sorted({{m.split('.')[0] for m in sys.modules}} & set({HEAVY!r}))\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_help_is_quick(tmp_path: Path) -> None:
    def seconds() -> Iterator[float]:
        for _ in range(3):
            begin = time.perf_counter()
            assert run("--help", cwd=tmp_path).returncode == 0
            yield time.perf_counter() - begin

    assert min(seconds()) < 1.5  # 0.3 s on an idle machine; test machines are not idle


def test_the_command_needs_nothing_that_is_only_in_the_tests_lock() -> None:
    """Whoever installs openpeel alone has typer, and not the click that the test tools bring along."""
    code = (
        "import sys\nsys.modules['click'] = None\nsys.argv = ['openpeel', 'nonverb']\n"
        "from openpeel.cli.main import run\nrun()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
