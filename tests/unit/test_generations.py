"""What was known when: vintages, their order, and the chain of generations."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import different, run_here, write_search_file
from incidents import changes, complete, incident, known, unchained
from openpeel.engine import clock
from openpeel.engine.intake import generations
from openpeel.engine.intake.generations import Entry, Generation, Vintage, newest, view
from openpeel.errors import UserError
from openpeel.workspace import open_workspace

MONTH = 2023 * 12


def entry(snapshot: str, known_from: str, recorded: int = 0, month: int = MONTH) -> Entry:
    moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=recorded)
    return Entry("t", "kent", month, snapshot, 1, "p", "i", known_from, True, moment.isoformat(), "complete")


def held(entries: list[Entry], as_at: str, recorded_by: datetime | None = None) -> str | None:
    found = view(Generation(1, "", "", tuple(entries)), Vintage(date.fromisoformat(as_at), recorded_by))
    entry_ = found.get("t", "kent", MONTH)
    return entry_.snapshot if entry_ else None


def test_the_one_known_last_holds() -> None:
    both = [entry("a", "2023-02-01"), entry("b", "2023-03-01", 1)]
    assert held(both, "2023-01-31") is None
    assert [held(both, d) for d in ("2023-02-01", "2023-02-28", "2023-03-01")] == ["a", "a", "b"]


def test_an_older_vintage_recorded_later_does_not_hold_today() -> None:
    both = [entry("new", "2023-03-01"), entry("old", "2023-02-01", 1)]
    assert [held(both, d) for d in ("2023-02-15", "2023-03-15")] == ["old", "new"]


def test_of_one_day_the_one_recorded_last_holds() -> None:
    assert held([entry("a", "2023-02-01"), entry("b", "2023-02-01", 1)], "2023-02-01") == "b"


def test_recorded_by_is_the_other_question() -> None:
    """What did this workspace hold then; a moment counts, inclusive."""
    both = [entry("a", "2023-02-01", 0), entry("b", "2023-02-01", 5)]
    at = datetime(2024, 1, 6, tzinfo=UTC)
    assert held(both, "2023-12-31", at) == "b"
    assert held(both, "2023-12-31", at - timedelta(microseconds=1)) == "a"
    assert held(both, "2023-12-31", datetime(2023, 12, 31, tzinfo=UTC)) is None


ENTRIES = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), max_size=8)


@settings(max_examples=200, deadline=None)
@given(ENTRIES, st.integers(0, 10), st.integers(-1, 10))
def test_a_view_is_the_last_known_of_those_recorded(made: list[tuple[int, int]], day: int, by: int) -> None:
    """Against the definition, for any entries: known by the day, recorded by the moment, the last of them."""
    recorded = sorted(r for _, r in made)
    entries = [
        entry(str(n), f"2023-02-{k:02d}", r) for n, ((k, _), r) in enumerate(zip(made, recorded, strict=True))
    ]
    moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=by)
    fitting = [
        (k, n) for n, ((k, _), r) in enumerate(zip(made, recorded, strict=True)) if k <= day and r <= by
    ]
    expected = str(max(fitting)[1]) if fitting else None
    as_at = f"2023-02-{day:02d}" if day else "2023-01-31"
    assert held(entries, as_at, moment) == expected


# ---------------------------------------------------------------------------- through the command


def bring(workspace: Path, tmp_path: Path, rows: int, *options: str) -> str:
    file = write_search_file(tmp_path / f"{rows}" / "2019-07-kent-stop-and-search.csv", different(rows))
    done = run_here("import", "police-uk", file, *options, cwd=workspace)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def searches(workspace: Path, *options: str) -> float | None:
    done = run_here(
        "measure", "powers.searches", "--force", "kent", "--period", "2019-07", "--format", "json", *options,
        cwd=workspace,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    value: float | None = json.loads(done.stdout)[0]["value"]
    return value


def test_vintages_imported_out_of_order(workspace: Path, tmp_path: Path) -> None:
    bring(workspace, tmp_path, 5, "--supplied", "2020-03-01")
    said = bring(workspace, tmp_path, 3, "--supplied", "2020-01-01")
    assert "an older vintage than what is here" in said and "do not change today's figures" in said
    assert searches(workspace) == 5
    assert searches(workspace, "--as-at", "2020-02-01") == 3
    assert searches(workspace, "--as-at", "2019-12-31") is None


def test_recorded_by_through_the_command(workspace: Path, tmp_path: Path) -> None:
    bring(workspace, tmp_path, 5)
    first = newest(workspace).recorded_at
    bring(workspace, tmp_path, 3)
    assert searches(workspace) == 3
    assert searches(workspace, "--recorded-by", first) == 5
    assert searches(workspace, "--recorded-by", "2020-01-01") is None


def test_importing_again_adds_nothing(workspace: Path, tmp_path: Path) -> None:
    for options in ([], ["--supplied", "2020-01-01"]):
        bring(workspace, tmp_path, 5, *options)
        number = newest(workspace).number
        assert "nothing new" in bring(workspace, tmp_path, 5, *options)
        assert newest(workspace).number == number


def test_going_back_to_an_earlier_version_needs_no_new_pack(workspace: Path, tmp_path: Path) -> None:
    for rows in (5, 3, 5):
        bring(workspace, tmp_path, rows)
    first, second, third = newest(workspace).entries
    assert (first.snapshot, first.pack) == (third.snapshot, third.pack) != (second.snapshot, second.pack)
    assert len(list((workspace / "records").rglob("*.parquet"))) == 2
    assert searches(workspace) == 5


def test_a_later_day_for_the_same_rows_is_kept(workspace: Path, tmp_path: Path) -> None:
    """A in January, A still in March, and B (of February) imported last: today's answer stays A's."""
    for rows, day in ((5, "2020-01-01"), (5, "2020-03-01"), (3, "2020-02-01")):
        bring(workspace, tmp_path, rows, "--supplied", day)
    assert searches(workspace) == 5
    assert searches(workspace, "--as-at", "2020-02-15") == 3


# ---------------------------------------------------------------------------------- the chain


def test_each_generation_names_the_hash_of_its_parent(workspace: Path) -> None:
    for n in range(4):
        changes(workspace, incident(str(n)))
    assert newest(workspace).number == 4 and not unchained(workspace)
    file = generations.generation_file(workspace, 2)
    file.write_text(file.read_text().replace('"rows": 2', '"rows": 3'))
    assert unchained(workspace) == [3]


@pytest.mark.parametrize(
    "damage",
    [
        lambda b: b"",
        lambda b: b[: len(b) // 2],
        lambda b: b"\xff" + b,
        lambda b: b"[]",
        lambda b: b"null",
        lambda b: b"{}",
        lambda b: b"[" * 100_000,
        lambda b: b.replace(b'"entries": [', b'"entries": 5, "x": ['),
        lambda b: b.replace(b'"force"', b'"farce"'),
        lambda b: b.replace(b'"month": 24276', b'"month": "24276"'),
        lambda b: b.replace(b'"number": 1', b'"number": 7'),
        lambda b: b.replace(b'"known_from": "', b'"known_from": "soon '),
        lambda b: b.replace(b'"recorded_at": "', b'"recorded_at": "x'),
        lambda b: b.replace(b'"pack": "', b'"pack": "../../'),
    ],
)
def test_a_damaged_generation_is_one_clear_error(workspace: Path, damage: Callable[[bytes], bytes]) -> None:
    changes(workspace, incident("a"))
    file = generations.generation_file(workspace, 1)
    broken = damage(file.read_bytes())
    assert broken != file.read_bytes()
    file.write_bytes(broken)
    with pytest.raises(UserError, match="restore it from a copy"):
        newest(workspace)
    for verb in (["refresh"], ["measure", "powers.searches", "--period", "2019-07"]):
        done = run_here(*verb, cwd=workspace)
        assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
        assert "00000001.json" in done.stderr and "restore it from a copy" in done.stderr


def test_other_files_among_the_generations(workspace: Path) -> None:
    changes(workspace, incident("a"))
    for name in ("notes.json", "00000009.json.bak", "².json", ".tmp-1-00000002.json"):
        (workspace / "generations" / name).write_text("x")
    assert newest(workspace).number == 1


def test_a_missing_folder_is_not_an_empty_workspace(workspace: Path) -> None:
    changes(workspace, incident("a"))
    (workspace / "generations").rename(workspace / "elsewhere")
    with pytest.raises(UserError, match="no generations folder"):
        newest(workspace)


# ---------------------------------------------------------------------------------- the clock


def at(moment: datetime) -> Any:
    return patch.object(clock, "now", lambda: moment)


def test_a_clock_that_goes_back(workspace: Path) -> None:
    """Imports keep their order, so the correction holds, though its clock says it came first."""
    noon = datetime(2024, 5, 1, 0, 0, 5, tzinfo=UTC)
    with at(noon):
        changes(workspace, incident("a", grade="wrong"))
    with at(noon - timedelta(minutes=10)):
        changes(workspace, incident("a", grade="right"))
        changes(workspace, incident("b"))
    moments = [e.recorded_at for e in newest(workspace).entries]
    assert moments == sorted(set(moments))
    assert known(workspace, "2024-05-01")["a"] == ("2023-01", "right")


def test_two_imports_in_one_moment(workspace: Path) -> None:
    with at(datetime(2024, 5, 1, tzinfo=UTC)):
        complete(workspace, "2023-01", incident("a"))
        complete(workspace, "2023-01", incident("b"))
    first, second = newest(workspace).entries
    assert first.recorded_at < second.recorded_at and first.intake != second.intake
    assert sorted(known(workspace)) == ["b"]


# ---------------------------------------------------------------------------------- the layout


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("layout = 2", "install a newer openpeel"),
        ("layout = 0", "openpeel migrate"),
        ("layout = true", "no layout number"),
        ('layout = "1"', "no layout number"),
        ("", "no layout number"),
        ("layout = ", "mend the settings"),
    ],
)
def test_a_workspace_of_another_layout_is_refused(workspace: Path, line: str, says: str) -> None:
    settings_ = workspace / "openpeel.toml"
    settings_.write_text(settings_.read_text().replace("layout = 1", line))
    with pytest.raises(UserError, match=says):
        open_workspace(workspace)
    done = run_here("refresh", cwd=workspace)
    assert done.returncode == 2 and says in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("comparison = 5", "not a table"),
        ("register = 5", "register is 5"),
        ('[comparison]\nsd = "mean"', "comparison.sd"),
        ("[comparison]\nsd = [1]", "comparison.sd"),
        ('[comparison]\nleave_out_few_residents = "no"', "true or false"),
        ('engine = "spark"', "no engine"),
    ],
)
def test_settings_that_make_no_sense(workspace: Path, line: str, says: str) -> None:
    (workspace / "openpeel.toml").write_text(f"layout = 1\n{line}\n")
    with pytest.raises(UserError, match=says):
        open_workspace(workspace)


# ---------------------------------------------------------------------------------- what a file lists


def test_a_generation_lists_what_it_adds_and_every_fiftieth_everything(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "LISTED_WHOLE", 3)
    for n in range(5):
        changes(workspace, incident(str(n)))
    whole = newest(workspace).entries
    files = [json.loads(f.read_text()) for f in sorted((workspace / "generations").glob("*.json"))]
    assert [f["extends"] for f in files] == [0, 1, 0, 3, 4]
    assert [len(f["entries"]) for f in files] == [1, 1, 3, 1, 1]
    monkeypatch.setattr(generations, "_READ", {})
    assert newest(workspace).entries == whole and len(whole) == 5


def test_a_generation_that_extends_what_is_not_there_is_an_error(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(2):
        changes(workspace, incident(str(n)))
    file = generations.generation_file(workspace, 2)
    file.write_text(file.read_text().replace('"extends": 1', '"extends": 7'))
    with pytest.raises(UserError, match="extends 7 entries, and there are 1"):
        newest(workspace)
    generations.generation_file(workspace, 1).unlink()
    monkeypatch.setattr(generations, "_READ", {})
    with pytest.raises(UserError, match="generation is missing"):
        newest(workspace)
