"""The national 999 answer-time table: counts by band come in, percentages alone never."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from helpers import held, set_aside
from openpeel.engine.intake.commit import Intake, take_in
from openpeel.errors import UserError
from openpeel.register import load_register
from openpeel.sources.bt.answer_times import ANSWER_TIME_TABLES, read_parts

REGISTER = load_register("england-and-wales")
HEADING = "Force,Month,Calls,Under 10 seconds,10 to under 60 seconds,60 seconds or more,Mean seconds"
PERCENTS = HEADING + ",Percent under 10 seconds,% 10 to under 60 seconds,60 seconds or more (percent)"
COLUMNS = "force, month_on, calls, within_10_seconds, from_10_to_60_seconds, over_60_seconds, mean_seconds"
GOOD = 'Kent Police,2021-11,"4,200","3,600",500,100,9.4'


def take(
    workspace: Path, tmp_path: Path, *rows: str, heading: str = HEADING
) -> tuple[Intake, list[UserError]]:
    file = tmp_path / "answer-times.csv"
    file.write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
    refused: list[UserError] = []
    parts = read_parts([file], REGISTER, refused, [], lambda _: None)
    intake = take_in(workspace, ANSWER_TIME_TABLES, parts)
    return intake, [*refused, *intake.refused]


def reasons(workspace: Path) -> dict[str, str]:
    return {r["row"]: r["reason"] for r in set_aside(workspace)}


def test_a_good_table(workspace: Path, tmp_path: Path) -> None:
    intake, refused = take(workspace, tmp_path, GOOD, "E23000015,2021-12-01,10,10,0,0,")
    assert not refused and intake.files[0].notes == []
    assert held(workspace, COLUMNS) == [
        ("kent", date(2021, 11, 1), 4200, 3600, 500, 100, Decimal("9.4")),
        ("staffordshire", date(2021, 12, 1), 10, 10, 0, 0, None),
    ]


def test_a_later_table_replaces_by_force_and_month(workspace: Path, tmp_path: Path) -> None:
    take(workspace, tmp_path, GOOD, "Surrey,2021-11,5,5,0,0,3")
    take(workspace, tmp_path, "Kent,2021-11,4200,3500,600,100,9.9")
    assert held(workspace, "force, within_10_seconds") == [("kent", 3500), ("surrey", 5)]


def test_bad_rows_are_set_aside_with_their_reasons(workspace: Path, tmp_path: Path) -> None:
    intake, _ = take(
        workspace,
        tmp_path,
        GOOD,
        "Kent,2021-12,4200,3600,500,99,9.4",
        "England and Wales,2021-11,10,10,0,0,1",
        "Kent,Jan 2022,10,10,0,0,1",
        "Kent,2999-01,10,10,0,0,1",
        "Kent,2022-02,10,10,,0,1",
        "Kent,2022-03,-1,-1,0,0,1",
        ",2022-04,10,10,0,0,1",
        ",,,,,,",
        "Kent,2022-05,10,ten,0,0,1",
    )
    assert (intake.read(), intake.accepted()) == (10, 1)
    assert reasons(workspace) == {
        "2": "the bands do not add up to the calls",
        "3": "the force is not one of the register",
        "4": "month_on cannot be read",
        "5": "the month lies in the future",
        "6": "from_10_to_60_seconds is blank",
        "7": "calls is too small",
        "8": "the force is not known",
        "9": "the row is empty",
        "10": "within_10_seconds cannot be read",
    }


def test_percentages_are_held_against_the_counts(workspace: Path, tmp_path: Path) -> None:
    intake, _ = take(
        workspace,
        tmp_path,
        GOOD + ",85.7,11.9%,2",
        "Kent,2021-12,1000,900,80,20,9,90.1,8.0,2.0",
        "Kent,2022-01,1000,900,80,20,9,about 90,8,2",
        "Kent,2022-02,1000,900,80,20,9,,NA,2",
        "Kent,2022-03,0,0,0,0,,0,0,0",
        heading=PERCENTS,
    )
    assert intake.accepted() == 3
    assert reasons(workspace) == {
        "2": "a percentage is not that of the counts",
        "3": "a percentage cannot be read",
    }
    (note,) = intake.files[0].notes
    assert note.startswith("percentages were held against the counts")


@pytest.mark.parametrize(
    "heading",
    [
        "Force,Month,% under 10 seconds,Mean seconds,x",
        "Force,Month,Calls,Percent under 10 seconds,x",
        "Force,Month,% under 10 seconds,% 10 to under 60 seconds,% 60 seconds or more",
    ],
)
def test_percentages_alone_are_refused_with_the_reason(workspace: Path, tmp_path: Path, heading: str) -> None:
    intake, refused = take(workspace, tmp_path, "Kent,2021-11,85.7,9.4,1", heading=heading)
    assert len(refused) == 1 and "holds percentages without counts" in refused[0].what
    assert "never averaged" in refused[0].what
    assert not intake.id


def test_another_table_is_refused(workspace: Path, tmp_path: Path) -> None:
    _, refused = take(workspace, tmp_path, "1,2", heading="a,b")
    assert refused[0].what.startswith("is not a table of 999 answer times")


def test_columns_too_many_and_missing_are_said(workspace: Path, tmp_path: Path) -> None:
    intake, _ = take(
        workspace, tmp_path, "Kent,2021-11,1,1,0,0,x", heading=HEADING.replace("Mean seconds", "Remarks")
    )
    assert intake.files[0].notes == [
        "columns not used: Remarks",
        "columns not in the file, unknown on every row: Mean seconds",
    ]


def test_the_same_force_and_month_twice_with_other_numbers_is_nobodys(
    workspace: Path, tmp_path: Path
) -> None:
    take(workspace, tmp_path, GOOD, "Kent,2021-11,1,1,0,0,1", "Surrey,2021-11,1,1,0,0,1")
    assert set(reasons(workspace).values()) == {"one key with different rows"}
    assert held(workspace, "force") == [("surrey",)]
