"""``openpeel check`` as a user sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers import run_here, write_search_file
from openpeel.engine.check.settings import CheckSettings, settings_from
from openpeel.errors import UserError


def _searches(workspace: Path, *rows: dict[str, str]) -> None:
    file = write_search_file(workspace.parent / "2019-07-kent-stop-and-search.csv", [{}, *rows])
    done = run_here("import", "police-uk", file, cwd=workspace)
    assert done.returncode == 0, done.stderr


def test_nothing_doubtful_ends_with_0(workspace: Path) -> None:
    _searches(workspace)
    done = run_here("check", cwd=workspace)
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing is doubtful about the 1 records" in done.stderr


def test_a_warning_ends_with_1_and_json_lists_it(workspace: Path) -> None:
    _searches(workspace, {"Object of search": "CafÃ© stolen"})
    done = run_here("check", "--force", "Kent Police", "--format", "json", cwd=workspace)
    (doubt,) = json.loads(done.stdout)
    assert done.returncode == 1
    assert (doubt["check"], doubt["force"], doubt["count"], doubt["months"]) == (
        "text.broken",
        "kent",
        1,
        None,
    )
    assert len(doubt["id"]) == 16
    assert run_here("check", "--force", "essex", cwd=workspace).returncode == 0


def test_the_thresholds_are_printed_and_can_be_set(workspace: Path) -> None:
    with (workspace / "openpeel.toml").open("a") as out:
        out.write("\n[check]\nlate_days = 14\n")
    done = run_here("check", "--settings", "--format", "json", cwd=workspace)
    told = {s["setting"]: s for s in json.loads(done.stdout)}
    assert (told["late_days"]["value"], told["late_days"]["default"]) == ("14", "31")
    assert all(s["meaning"] for s in told.values())


def test_the_settings_need_no_workspace(tmp_path: Path) -> None:
    assert "openpeel's assumption" in run_here("check", "--settings", cwd=tmp_path).stderr


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"late_day": 3}, "there is no setting check.late_day"),
        ({"late_days": "3"}, "check.late_days is '3'"),
        ({"late_days": 3.5}, "check.late_days is 3.5"),
        ({"late_days": True}, "check.late_days is True"),
        ({"gap_p": -1}, "check.gap_p is -1"),
        ({"unit_factors": 60}, "check.unit_factors is 60"),
        ({"planned_words": [3]}, "check.planned_words is [3]"),
        ({"sentinel_days": ["1900"]}, "check.sentinel_days"),
        ({"unit_factors": []}, "check.unit_factors"),
        (3, "check is not a table"),
    ],
)
def test_wrong_settings_are_one_clear_line(data: object, said: str) -> None:
    with pytest.raises(UserError) as error:
        settings_from(data, "openpeel.toml")  # type: ignore[arg-type]
    assert said in error.value.line()


def test_settings_are_read_by_their_kind() -> None:
    got = settings_from({"late_days": 7, "unit_factors": [60, 1000], "planned_words": ["due"]}, "x")
    assert got == CheckSettings(late_days=7, unit_factors=(60.0, 1000.0), planned_words=("due",))


def test_months_that_are_none_are_wrong_use(workspace: Path) -> None:
    done = run_here("check", "--collection-months", "spring", cwd=workspace)
    assert done.returncode == 2
    assert "--collection-months" in done.stderr


def test_scores_are_printed_with_their_parts(workspace: Path) -> None:
    _searches(workspace)
    (score,) = json.loads(run_here("check", "--score", "--format", "json", cwd=workspace).stdout)
    assert score["type"] == "powers.stop_search"
    assert {p["part"] for p in score["parts"]} == {"months", "accepted", "known", "set rules", "on time"}
    assert "the lowest part" in run_here("check", "--score", cwd=workspace).stderr


def test_a_key_of_sown_defects(workspace: Path, tmp_path: Path) -> None:
    _searches(workspace, {"Object of search": "CafÃ© stolen"})
    key = tmp_path / "key.csv"
    key.write_text(
        "defect,kind,level,force,type,month,column,key,file,row\n1,month,block,kent,powers.stop_search,2019-07,,,,\n"
    )
    done = run_here("check", "--against", key, "--format", "json", cwd=workspace)
    told = json.loads(done.stdout)
    assert told["kinds"][0]["share"] == 0.0
    assert told["false_rows"] == 1
