"""Street crime and outcomes of police.uk: whole months come in, defects are said, joins count nothing twice."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from helpers import counts, held, set_aside
from openpeel.engine.intake.commit import Intake, take_in
from openpeel.engine.intake.mapping import Part
from openpeel.errors import UserError
from openpeel.register import load_register
from openpeel.sources.police_uk.street import (
    OUTCOME_FILES,
    STREET_FILES,
    Joined,
    join,
    read_outcomes,
    read_street,
)

REGISTER = load_register("england-and-wales")
CRIME = {
    "Crime ID": "a" * 64,
    "Month": "2019-07",
    "Reported by": "Kent Police",
    "Falls within": "Kent Police",
    "Longitude": "0.872000",
    "Latitude": "51.148000",
    "Location": "On or near Park Road",
    "LSOA code": "E01024007",
    "LSOA name": "Ashford 001A",
    "Crime type": "Burglary",
    "Last outcome category": "Unable to prosecute suspect",
    "Context": "",
}
OUTCOME = {k: CRIME[k] for k in list(CRIME)[:9]} | {"Outcome type": "Suspect charged"}

Row = Mapping[str, str]
Reader = Callable[..., Iterator[Part]]


def write(path: Path, rows: Sequence[Row], defaults: Row = CRIME) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(defaults), lineterminator="\n")
        writer.writeheader()
        writer.writerows([{**defaults, **row} for row in rows])
    return path


def take(workspace: Path, *paths: Path, outcomes: bool = False) -> tuple[Intake, list[UserError], list[str]]:
    reader: Reader = read_outcomes if outcomes else read_street
    refused: list[UserError] = []
    skipped: list[str] = []
    parts = reader(list(paths), REGISTER, refused, skipped, lambda _: None)
    intake = take_in(workspace, OUTCOME_FILES if outcomes else STREET_FILES, parts)
    return intake, [*refused, *intake.refused], skipped


def test_a_good_file_of_crimes_comes_in(workspace: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "2019-07-kent-street.csv", [{}, {"Crime ID": "b" * 64, "Crime type": "Drugs"}])
    intake, refused, _ = take(workspace, file)
    assert not refused
    assert (intake.read(), intake.accepted(), intake.files[0].notes) == (2, 2, [])
    assert [str(r[0]) for r in held(workspace, "month_on")] == ["2019-07-01", "2019-07-01"]
    assert held(workspace, "crime_type, lsoa_code, context") == [
        ("Burglary", "E01024007", None),
        ("Drugs", "E01024007", None),
    ]
    assert counts(workspace) == {("kent", "2019-07"): 2}


def test_a_good_file_of_outcomes_comes_in(workspace: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "2019-07-kent-outcomes.csv", [{}, {"Outcome type": "Local resolution"}], OUTCOME)
    intake, refused, _ = take(workspace, file, outcomes=True)
    assert not refused
    assert held(workspace, "outcome_type") == [("Local resolution",), ("Suspect charged",)]
    assert intake.files[0].notes == ["1 rows repeat the crime id of a row above (all are kept)"]


def test_the_file_is_complete_for_its_month_and_a_corrected_one_replaces_it(
    workspace: Path, tmp_path: Path
) -> None:
    take(workspace, write(tmp_path / "a" / "2019-07-kent-street.csv", [{}, {"Crime type": "Drugs"}]))
    take(workspace, write(tmp_path / "b" / "2019-07-kent-street.csv", [{"Last outcome category": "Charged"}]))
    assert held(workspace, "last_outcome") == [("Charged",)]


def test_rows_of_another_month_and_months_that_are_none_are_set_aside(
    workspace: Path, tmp_path: Path
) -> None:
    file = write(
        tmp_path / "2019-07-kent-street.csv",
        [{}, {"Month": "2019-08"}, {"Month": "July 2019"}, {"Month": ""}, {"Latitude": "north"}],
    )
    intake, _, _ = take(workspace, file)
    assert (intake.read(), intake.accepted()) == (5, 1)
    assert {r["row"]: r["reason"] for r in set_aside(workspace)} == {
        "2": "outside the months of the file",
        "3": "month_on cannot be read",
        "4": "month_on is blank",
        "5": "latitude cannot be read",
    }


def test_repeats_blanks_and_rows_without_id_are_said_and_kept(workspace: Path, tmp_path: Path) -> None:
    rows = [
        {},
        {},
        {"Crime ID": "", "Crime type": "Anti-social behaviour", "Last outcome category": ""},
        {"Crime ID": "", "Crime type": "Anti-social behaviour", "Last outcome category": ""},
    ]
    intake, _, _ = take(workspace, write(tmp_path / "2019-07-kent-street.csv", rows))
    (account,) = intake.files
    assert (account.accepted, account.duplicates) == (4, 2)
    assert account.notes == [
        "2 rows have no crime id and join to nothing; "
        "1 rows repeat the crime id of a row above (all are kept)"
    ]


def test_whole_blank_columns_are_unknown_and_said(workspace: Path, tmp_path: Path) -> None:
    rows = [{"Crime ID": "", "Last outcome category": "", "Falls within": "British Transport Police"}]
    intake, refused, _ = take(workspace, write(tmp_path / "2019-07-btp-street.csv", rows))
    assert not refused
    assert intake.files[0].notes == ["blank on every row: Crime ID, Last outcome category"]
    assert held(workspace, "crime_id, last_outcome") == [(None, None)]
    assert not REGISTER.in_scope(intake.files[0].force)  # kept, and out of scope


def test_northern_ireland_is_a_body_and_is_kept(workspace: Path, tmp_path: Path) -> None:
    row = {"Falls within": "Police Service of Northern Ireland"}
    intake, refused, _ = take(workspace, write(tmp_path / "2019-07-northern-ireland-street.csv", [row]))
    assert not refused and intake.accepted() == 1
    assert not REGISTER.in_scope(intake.files[0].force)


def test_rows_that_fall_within_another_force_are_said(workspace: Path, tmp_path: Path) -> None:
    rows = [{}, {"Falls within": "Surrey Police"}, {"Falls within": "Nowhere"}]
    intake, _, _ = take(workspace, write(tmp_path / "2019-07-kent-street.csv", rows))
    assert intake.files[0].notes[0].endswith("1 rows fall within Surrey, and are taken for the file's force")


def test_other_kinds_are_skipped_with_a_line(workspace: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write(folder / "2019-07-kent-street.csv", [{}])
    write(folder / "2019-07-kent-outcomes.csv", [{}], OUTCOME)
    write(
        folder / "2019-07-kent-stop-and-search.csv", [{}], {"Type": "Person search", "Object of search": ""}
    )
    (folder / "readme.txt").write_text("about")
    intake, refused, skipped = take(workspace, folder)
    assert not refused and len(intake.files) == 1
    assert [line.removeprefix(f"{folder}/") for line in skipped] == [
        "2019-07-kent-outcomes.csv: crime outcomes is another kind of file",
        "2019-07-kent-stop-and-search.csv: stop and search is another kind of file",
        "readme.txt: not a CSV file",
    ]
    intake, refused, skipped = take(workspace, folder, outcomes=True)
    assert not refused and [f.force for f in intake.files] == ["kent"]
    assert any("street crime is another kind" in line for line in skipped)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("street.csv", "its name does not tell force and month"),
        ("2019-07-atlantis-street.csv", 'no force called "atlantis"'),
        ("2999-07-kent-street.csv", "2999-07 lies in the future"),
    ],
)
def test_a_name_that_does_not_tell_is_refused(workspace: Path, tmp_path: Path, name: str, what: str) -> None:
    intake, refused, _ = take(workspace, write(tmp_path / name, [{}]))
    assert [e.what for e in refused] == [what]
    assert not intake.id


def test_a_file_without_the_columns_is_refused(workspace: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "2019-07-kent-street.csv", [{}], {"Month": "2019-07", "Location": "x"})
    _, refused, _ = take(workspace, file)
    assert [e.what for e in refused] == ["is not a street crime file (no column Crime type)"]


def test_a_text_file_that_was_named_is_refused(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("notes")
    _, refused, _ = take(workspace, file)
    assert [e.what for e in refused] == ["is not a CSV file"]


def test_a_join_counts_every_outcome_once() -> None:
    crimes = pa.array(["a", "a", "b", None, ""])
    outcomes = pa.array(["a", "a", "b", "c"])
    joined = join(crimes, outcomes)
    assert joined == Joined(
        outcomes=4, matched=3, repeated_outcomes=1, crimes=5, without_id=2, repeated_crimes=1
    )
    assert joined.unmatched == 1


def test_a_join_of_nothing() -> None:
    nothing = pa.array([], pa.string())
    assert join(nothing, nothing) == Joined(0, 0, 0, 0, 0, 0)
