"""Drafts of mappings: what headings and values are taken for, what is marked, and that the drafts work."""

from __future__ import annotations

import csv
import datetime
import io
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from helpers import run_here
from openpeel.catalogue import shipped
from openpeel.engine.declare.find import type_named
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.normalise import SET_ASIDE, SUPPLIED, normalise
from openpeel.errors import UserError
from openpeel.register import load_register
from openpeel.sources.extract.files import Found, Stated, read_parts
from openpeel.sources.extract.mapping_file import parse_mapping
from openpeel.sources.extract.propose_dates import dates_of
from openpeel.sources.extract.propose_words import of_somebody
from openpeel.sources.extract.suggest import Draft, suggest
from records import supply
from sheets import written

TYPES = shipped().types
REGISTER = load_register("england-and-wales")
EVER = (0, 12 * 9000)

Table = Sequence[Sequence[str]]


def text_of(rows: Table, separator: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    return out.getvalue()


def file_of(folder: Path, rows: Table) -> Path:
    file = folder / "extract.csv"
    file.write_text(text_of(rows), encoding="utf-8")
    return file


def draft_of(folder: Path, rows: Table, type_: str = "incident") -> Draft:
    return suggest(file_of(folder, rows), type_named(TYPES, type_), REGISTER)


def said(draft: Draft) -> dict[str, Any]:
    return tomllib.loads(draft.text)


def line_of(draft: Draft, column: str) -> str:
    start = (f"{column} = ", f"[columns.{column}]")
    return next(line for line in draft.text.splitlines() if line.startswith(start))


def taken(draft: Draft, file: Path) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows that a draft gives of a file, and those it has set aside, by the import's own steps."""
    said_ = parse_mapping(draft.text, "draft.toml", TYPES)
    found = Found()
    force = "" if said_.names_forces() else "kent"
    parts = list(read_parts([file], said_, Stated(force, EVER), REGISTER, found, lambda _: None))
    assert not found.refused
    con = supply.connection(said_.mapping.type)
    normalise(con, said_.mapping, list(enumerate(parts)))
    return (
        con.execute(f"SELECT * EXCLUDE (part) FROM {SUPPLIED} ORDER BY row").fetchall(),
        con.execute(f"SELECT row, reason, detail FROM {SET_ASIDE} ORDER BY row").fetchall(),
    )


def titled(name: str) -> str:
    return name.replace("_", " ").title()


@pytest.mark.parametrize("record_type", supply.TYPES, ids=lambda t: t.id)
def test_the_examples_of_every_type_come_in_as_they_are(record_type: RecordType, tmp_path: Path) -> None:
    row = supply.example(record_type)
    file = file_of(tmp_path, [[titled(n) for n in row], list(row.values())])
    draft = suggest(file, record_type, REGISTER)
    assert draft.needed == ()
    assert set(draft.filled) == set(row)
    con = supply.connection(record_type)
    normalise(con, supply.mapping(record_type), [(0, supply.part(record_type, [row]))])
    plain = con.execute(f"SELECT * EXCLUDE (part) FROM {SUPPLIED}").fetchall()
    assert len(plain) == 1
    assert taken(draft, file) == (plain, [])


LOG = [
    ["Log No", "Date of Call", "Time of Call", "Pri", "Time At Scene", "DA", "Beat Code", "Caller Name"],
    ["L-1", "13/02/2024", "10:00:05", "1", "10:09:00", "Y", "N3", "Ann Example"],
    ["L-2", "14/02/2024", "11:30:10", "2", "", "N", "N4", "Bob Example"],
]


def test_a_log_is_mapped_and_comes_in(tmp_path: Path) -> None:
    draft = draft_of(tmp_path, LOG)
    columns = said(draft)["columns"]
    formats = ["%d/%m/%Y %H:%M:%S"]
    assert columns["incident_id"] == "Log No"
    assert columns["opened_at"] == {"join": ["Date of Call", "Time of Call"], "formats": formats}
    assert columns["arrived_at"] == {
        "join": ["Date of Call", "Time At Scene"],
        "formats": [*formats, "%d/%m/%Y"],
    }
    assert (columns["grade"], columns["domestic_abuse"], columns["beat"]) == ("Pri", "DA", "Beat Code")
    assert "after midnight" in line_of(draft, "arrived_at")
    rows, aside = taken(draft, tmp_path / "extract.csv")
    assert (len(rows), aside) == (2, [])


def test_the_same_file_gives_the_same_draft(tmp_path: Path) -> None:
    assert draft_of(tmp_path, LOG) == draft_of(tmp_path, LOG)


def test_names_are_not_taken_and_no_value_of_theirs_is_shown(tmp_path: Path) -> None:
    draft = draft_of(tmp_path, LOG)
    assert '"Caller Name"' in draft.text and "looks like somebody's name" in draft.text
    assert "Example" not in draft.text


def test_a_number_goes_before_a_name(tmp_path: Path) -> None:
    rows = [["Crime No", "Recorded", "OIC", "OIC Collar"]]
    rows += [["C-1", "2024-02-13 10:00:05", "PC 123 Quill", "123"]]
    assert said(draft_of(tmp_path, rows, "crime"))["columns"]["officer_id"] == "OIC Collar"


def test_identities_are_taken_where_the_type_has_them_alone(tmp_path: Path) -> None:
    rows = [
        ["Nominal No", "Recorded", "Surname", "Forename", "DOB"],
        ["N-1", "2024-02-01", "Quill", "Ann", "13/02/1980"],
    ]
    draft = draft_of(tmp_path, rows, "person_reference")
    columns = said(draft)["columns"]
    assert columns["person_id"] == "Nominal No"
    assert (columns["family_name"], columns["given_name"]) == ("Surname", "Forename")
    assert columns["birth_on"] == {"from": "DOB", "formats": ["%d/%m/%Y"]}
    assert "Quill" not in draft.text and "1980" not in draft.text


@pytest.mark.parametrize(
    "heading",
    ["Victim Name", "surname", "DOB", "Date of Birth", "HomeAddress", "Post Code", "Name", "E-mail"],
)
def test_headings_of_somebody(heading: str) -> None:
    assert of_somebody(heading)


@pytest.mark.parametrize("heading", ["Ward Name", "Station Name", "Force Name", "Event Type", "Officer Id"])
def test_headings_of_nobody(heading: str) -> None:
    assert not of_somebody(heading)


@pytest.mark.parametrize(
    ("values", "kind", "formats"),
    [
        (["13/02/2024"], "date", ("%d/%m/%Y",)),
        (["02/13/2024"], "date", ("%m/%d/%Y",)),
        (["01/02/24"], "date", ("%d/%m/%y",)),
        (["01.02.2024 10:05"], "stamp", ("%d.%m.%Y %H:%M",)),
        (["13-Feb-2024 10:05:09.250"], "stamp", ("%d-%b-%Y %H:%M:%S.%f",)),
        (["13 February 2024"], "date", ("%d %B %Y",)),
        (["13/02/2024 1:05 PM"], "stamp", ("%d/%m/%Y %I:%M %p",)),
        (["20240213"], "date", ("%Y%m%d",)),
        (["Tue 13/02/2024 10:05:09"], "stamp", ("%a %d/%m/%Y %H:%M:%S",)),
        (["Tuesday, 13 February 2024"], "date", ("%A, %d %B %Y",)),
        (["10:05:09"], "time", ("%H:%M:%S",)),
        (["red", "10:05:09"], "", ()),
        (["2024-02-31x"], "", ()),
        (["45/13/2024"], "", ()),
    ],
)
def test_how_dates_are_written(values: list[str], kind: str, formats: tuple[str, ...]) -> None:
    dates = dates_of(dict.fromkeys(values, 1))
    assert (dates.kind, dates.formats) == (kind, formats)


def test_day_or_month_first_is_told_by_a_day_above_twelve() -> None:
    assert dates_of({"01/02/2024": 1, "02/03/2024": 1}).undecided
    assert not dates_of({"01/02/2024": 1, "25/03/2024": 1}).undecided
    assert dates_of({"01/25/2024": 1, "02/03/2024": 1}).formats == ("%m/%d/%Y",)


def test_the_order_of_day_and_month_is_that_of_the_file_s_other_dates(tmp_path: Path) -> None:
    rows = [["Log No", "Opened", "Closed"], ["L-1", "02/25/2024 10:00:05", "02/03/2024 10:00:05"]]
    closed = line_of(draft_of(tmp_path, rows), "closed_at")
    assert "%m/%d/%Y" in closed and "month first" in closed


def test_a_time_is_not_joined_with_the_date_of_something_else(tmp_path: Path) -> None:
    rows = [["Crime No", "Recorded", "Outcome Date", "Reported Time"]]
    rows += [["C-1", "2024-02-13 10:00:05", "2024-04-13", "09:15:00"]]
    assert "reported_at" not in said(draft_of(tmp_path, rows, "crime"))["columns"]


def test_iso_needs_no_format() -> None:
    assert dates_of({"2024-02-13 10:05:09": 1}).iso
    assert dates_of({"2024-02-13T10:05:09+00:00": 1}).offsets == 1
    assert not dates_of({"2024/02/13": 1}).iso


def test_times_to_the_minute_and_at_midnight_are_seen() -> None:
    assert dates_of({"13/02/2024 10:05": 1}).minutes
    assert dates_of({f"13/02/2024 10:{m:02}:00": 1 for m in range(30)}).minutes
    assert not dates_of({"13/02/2024 10:05:00": 1}).minutes
    assert dates_of({"13/02/2024 00:00:00": 1, "14/02/2024 00:00:00": 1}).midnight


def incidents(heading: str, *values: str, opened: str = "2024-02-13 10:00:05") -> list[list[str]]:
    rows = [[f"L-{n}", opened, value] for n, value in enumerate(values)]
    return [["Incident Id", "Opened At", heading], *rows]


@pytest.mark.parametrize(
    ("value", "mark"),
    [
        ("05/06/2024 10:05:09", "day or month first"),
        ("25/06/2024 10:05", "known to the minute only"),
        ("25/06/2024", "known to the day only"),
        ("25/06/24 10:05:09", "two figures"),
        ("45400.5", "a spreadsheet counts"),
    ],
)
def test_doubts_of_times_are_marked_and_the_draft_comes_in(value: str, mark: str, tmp_path: Path) -> None:
    draft = draft_of(tmp_path, incidents("Closed", value))
    assert mark in line_of(draft, "closed_at").partition("# unsure: ")[2]
    rows, aside = taken(draft, tmp_path / "extract.csv")
    assert (len(rows), aside) == (1, [])


def test_midnight_alone_is_marked(tmp_path: Path) -> None:
    draft = draft_of(tmp_path, incidents("Closed", "2024-02-14 00:00:00", "2024-02-15 00:00:00"))
    assert "every time is midnight" in line_of(draft, "closed_at")


def test_a_date_with_midnight_behind_it_is_joined_with_its_time(tmp_path: Path) -> None:
    rows = [
        ["Log No", "Call Date", "Call Time"],
        ["L-1", "2024-02-13 00:00:00", "10:00:05"],
        ["L-2", "2024-02-14 00:00:00", "10:00:05"],
    ]
    draft = draft_of(tmp_path, rows)
    assert said(draft)["columns"]["opened_at"]["formats"] == ["%Y-%m-%d 00:00:00 %H:%M:%S"]
    assert len(taken(draft, tmp_path / "extract.csv")[0]) == 2


def test_elapsed_seconds_are_added_to_the_start(tmp_path: Path) -> None:
    draft = draft_of(tmp_path, incidents("Attendance Time (secs)", "300", "NULL", "412"))
    assert said(draft)["columns"]["arrived_at"] == {
        "from": "Opened At",
        "plus_seconds": "Attendance Time (secs)",
    }
    assert "# unsure" in line_of(draft, "arrived_at")
    assert len(taken(draft, tmp_path / "extract.csv")[0]) == 3


def test_elapsed_minutes_are_not_added(tmp_path: Path) -> None:
    draft = draft_of(tmp_path, incidents("Attendance Time (mins)", "5", "7"))
    assert "arrived_at" not in said(draft)["columns"]


def test_the_zone_is_told_by_offsets_and_else_marked(tmp_path: Path) -> None:
    assert said(draft_of(tmp_path, incidents("x", "1", opened="2024-02-13T10:00:05Z")))["zone"] == "offset"
    draft = draft_of(tmp_path, incidents("x", "1"))
    assert said(draft)["zone"] == "local" and 'zone = "local"  # unsure' in draft.text


def test_the_scope_is_a_question(tmp_path: Path) -> None:
    assert 'scope = "changes"  # unsure' in draft_of(tmp_path, LOG).text


def test_wordings_of_a_choice_are_translated_where_they_are_clear(tmp_path: Path) -> None:
    words = ["999", "Front Counter", "Partner", "Walk in to a van", "999"]
    draft = draft_of(tmp_path, incidents("Source", *words))
    values = said(draft)["columns"]["source"]["values"]
    assert values == {
        "999": "999",
        "Front Counter": "front counter",
        "Partner": "partner agency",
        "Walk in to a van": "",
    }
    assert '"Walk in to a van" = ""  # unsure' in draft.text
    assert len(taken(draft, tmp_path / "extract.csv")[0]) == 5


def test_wordings_of_yes_and_no(tmp_path: Path) -> None:
    draft = draft_of(tmp_path, incidents("DA Flag", "Yes - child present", "No", "Maybe"))
    assert said(draft)["columns"]["domestic_abuse"]["values"] == {
        "Yes - child present": "yes",
        "No": "no",
        "Maybe": "",
    }


def test_what_a_blank_means_is_asked_and_not_guessed(tmp_path: Path) -> None:
    draft = draft_of(tmp_path, incidents("DA Flag", "Y", "", "Y"))
    assert said(draft)["columns"]["domestic_abuse"] == "DA Flag"
    assert "a blank is unknown" in line_of(draft, "domestic_abuse")


def test_not_sought_is_not_sought_by(tmp_path: Path) -> None:
    rows = [["Order Id", "Order Type", "Raised On", "Sought"]]
    rows += [
        ["O-1", "other", "2024-02-01", "Not sought by us"],
        ["O-2", "other", "2024-02-01", "Never sought"],
    ]
    values = said(draft_of(tmp_path, rows, "protective_order"))["columns"]["sought"]["values"]
    assert values == {"Not sought by us": "not sought", "Never sought": ""}


def test_texts_that_nobody_chose_are_no_wordings(tmp_path: Path) -> None:
    draft = draft_of(tmp_path, incidents("Source", *(f"Told by Mr Quill, call {n}" for n in range(70))))
    assert "Quill" not in draft.text


def test_words_for_unknown_are_declared_unless_they_are_ours(tmp_path: Path) -> None:
    assert said(draft_of(tmp_path, incidents("Beat", "-", "Unknown", "N3")))["blank"] == ["-", "Unknown"]
    rows = [["Offender Id", "Managed From On", "Category", "Whereabouts", "Mappa Level"]]
    rows += [["O-1", "2024-02-13", "violent offender", "Not known", "2"]]
    rows += [["O-2", "2024-02-13", "violent offender", "in custody", "Not known"]]
    draft = draft_of(tmp_path, rows, "managed_offender")
    columns = said(draft)["columns"]
    assert "blank" not in said(draft)
    assert columns["whereabouts"] == "Whereabouts"
    assert columns["mappa_level"]["values"] == {"Not known": ""}
    assert taken(draft, tmp_path / "extract.csv")[1] == []


def test_codes_in_a_column_of_markers(tmp_path: Path) -> None:
    draft = draft_of(tmp_path, incidents("Qualifiers", "DA;MH", "ASB", "TRAF"))
    columns = said(draft)["columns"]
    assert columns["domestic_abuse"] == {"from": "Qualifiers", "contains": ["DA"]}
    assert columns["mental_health"] == {"from": "Qualifiers", "contains": ["MH"]}
    assert len(taken(draft, tmp_path / "extract.csv")[0]) == 3


def test_what_is_needed_and_not_there_is_said(tmp_path: Path) -> None:
    draft = draft_of(tmp_path, [["Beat", "Ward"], ["N3", "Castle"]])
    assert draft.needed == ("incident_id", "opened_at")
    assert '# NEEDED: incident_id = "..."' in draft.text
    with pytest.raises(UserError, match="incident_id"):
        parse_mapping(draft.text, "draft.toml", TYPES)


def test_forces_named_in_the_rows_are_used(tmp_path: Path) -> None:
    rows = [["Force", *LOG[0]], ["Kent Police", *LOG[1]], ["Surrey", *LOG[2]]]
    draft = draft_of(tmp_path, rows)
    assert said(draft)["force_column"] == "Force"
    rows_, aside = taken(draft, tmp_path / "extract.csv")
    assert aside == []
    assert [("kent" in r, "surrey" in r) for r in rows_] == [(True, False), (False, True)]


def test_a_heading_that_stands_twice_is_not_taken(tmp_path: Path) -> None:
    rows = [["Log No", "Opened", "Beat", "BEAT"], ["L-1", "2024-02-13 10:00:05", "N3", "N4"]]
    draft = draft_of(tmp_path, rows)
    assert "beat" not in said(draft)["columns"] and "stands twice" in draft.text


@pytest.mark.parametrize(
    ("separator", "encoding"), [(";", "cp1252"), ("\t", "utf-8"), ("|", "utf-16"), (",", "utf-8-sig")]
)
def test_separator_and_encoding_are_seen(separator: str, encoding: str, tmp_path: Path) -> None:
    rows = [[*LOG[0], "Ward"], *([*r, "Café"] for r in LOG[1:])]
    file = tmp_path / "extract.csv"
    file.write_bytes(text_of(rows, separator).encode(encoding))
    draft = suggest(file, TYPES["responding.incident"], REGISTER)
    assert said(draft).get("separator", ",") == separator
    assert said(draft).get("encoding", "utf-8") == encoding.removesuffix("-sig")
    assert (len(taken(draft, file)[0]), taken(draft, file)[1]) == (2, [])


def test_titles_above_the_headings_of_a_text(tmp_path: Path) -> None:
    file = tmp_path / "extract.csv"
    file.write_text("Extract of incidents\n\n" + text_of(LOG))
    draft = suggest(file, TYPES["responding.incident"], REGISTER)
    assert said(draft)["header_row"] == 3
    assert len(taken(draft, file)[0]) == 2


def test_titles_above_the_headings_of_a_sheet(tmp_path: Path) -> None:
    file = tmp_path / "extract.xlsx"
    moment = datetime.datetime(2024, 2, 13, 10, 0, 5)
    head = ["Log No", "Opened", "Pri"]
    file.write_bytes(written(["Incidents of the week"], [], head, ["L-1", moment, 1], ["L-2", moment, 2]))
    draft = suggest(file, TYPES["responding.incident"], REGISTER)
    assert said(draft)["header_row"] == 3
    assert said(draft)["columns"] == {"incident_id": "Log No", "opened_at": "Opened", "grade": "Pri"}
    assert len(taken(draft, file)[0]) == 2


def test_a_sheet_is_named_where_there_are_several(tmp_path: Path) -> None:
    file = tmp_path / "extract.xlsx"
    file.write_bytes(written(["Notes"], Data=[["Log No", "Opened"], ["L-1", "2024-02-13 10:00:05"]]))
    with pytest.raises(UserError, match="several sheets"):
        suggest(file, TYPES["responding.incident"], REGISTER)
    draft = suggest(file, TYPES["responding.incident"], REGISTER, sheet="Data")
    assert said(draft)["sheet"] == "Data"
    assert len(taken(draft, file)[0]) == 1


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    file = tmp_path / "extract.parquet"
    moment = datetime.datetime(2024, 2, 13, 10, 0, 5)
    columns = {"LogNo": [1, 2], "Opened": [moment, moment], "DA": [True, None], "Easting": [412300.0, 1.5]}
    pq.write_table(pa.table(columns), file)
    draft = suggest(file, TYPES["responding.incident"], REGISTER)
    assert set(said(draft)["columns"]) == {"incident_id", "opened_at", "domestic_abuse", "easting"}
    rows, aside = taken(draft, file)
    assert (len(rows), aside) == (2, [])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"Log No,Opened\n", "no rows"),
        (b"1,2,3\n4,5,6\n", "begins with values"),
        (b"Colour,Shape\nred,round\n", "no heading is like"),
        (b"\x00\x01\x02\x03", "no CSV"),
    ],
)
def test_files_that_cannot_be_drafted_for(content: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "extract.csv"
    file.write_bytes(content)
    with pytest.raises(UserError, match=message):
        suggest(file, TYPES["responding.incident"], REGISTER)


def test_the_command_writes_a_new_file_and_never_over_one(tmp_path: Path) -> None:
    file_of(tmp_path, LOG)
    args = ("mapping", "suggest", "--type", "incident", "extract.csv", "--out", "m.toml")
    done = run_here(*args, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "marked unsure" in done.stderr
    before = (tmp_path / "m.toml").read_text()
    again = run_here(*args, cwd=tmp_path)
    assert again.returncode == 2 and "is there already" in again.stderr
    assert (tmp_path / "m.toml").read_text() == before
    printed = run_here(*args[:-2], cwd=tmp_path)
    assert printed.stdout == before


MAPPING = """
type = "incident"
scope = "changes"
zone = "local"

[columns]
incident_id = ["Incident Ref", "Log No"]
opened_at = { join = ["Date of Call", "Time of Call"], formats = ["%d/%m/%Y %H:%M:%S"] }
opened_by_id = "Caller Name"
beat = "Beat Code"
other_agency = { value = "none other" }
"""


def checked(folder: Path, *files: str, mapping: str = MAPPING) -> Any:
    (folder / "m.toml").write_text(mapping)
    return run_here("mapping", "check", "m.toml", *files, cwd=folder)


def test_a_check_shows_headings_and_values_but_nobody(tmp_path: Path) -> None:
    file_of(tmp_path, [*LOG, ["L-3", "2024-02-15", "10:00:05", "1", "", "Y", "N5", "Cy Example"]])
    done = checked(tmp_path, "extract.csv")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert "Log No" in next(x for x in lines if "incident_id" in x)
    assert "13/02/2024 10:00:05 | 14/02/2024 11:30:10" in next(x for x in lines if "opened_at" in x)
    assert "N3 | N4 | N5" in next(x for x in lines if " beat" in x)
    assert "always none other" in next(x for x in lines if "other_agency" in x)
    assert "Example" not in done.stdout + done.stderr
    assert "of the first 3 rows 2 would be accepted, 1 set aside: 1 opened_at cannot be read" in done.stderr
    assert "columns not used: Pri, Time At Scene, DA" in done.stderr


def test_a_check_without_a_file(tmp_path: Path) -> None:
    done = checked(tmp_path)
    assert done.returncode == 0
    assert "Date of Call and Time of Call" in done.stdout and "Incident Ref or Log No" in done.stdout


def test_a_check_says_what_is_wrong(tmp_path: Path) -> None:
    file_of(tmp_path, LOG)
    wrong = checked(tmp_path, mapping=MAPPING.replace("beat =", "beet ="))
    assert wrong.returncode == 2 and "beet" in wrong.stderr and "Traceback" not in wrong.stderr
    absent = checked(tmp_path, "extract.csv", mapping=MAPPING.replace("Beat Code", "Beet"))
    assert absent.returncode == 2 and "Beet" in absent.stderr


def test_a_check_ends_badly_where_no_row_would_come_in(tmp_path: Path) -> None:
    file_of(tmp_path, LOG)
    done = checked(tmp_path, "extract.csv", mapping=MAPPING.replace("%d/%m/%Y", "%m/%d/%y"))
    assert done.returncode == 1 and "0 would be accepted" in done.stderr
