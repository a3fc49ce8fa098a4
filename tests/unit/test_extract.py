"""``import extract``: strangers' files of every layout, and one clear line where one cannot be taken in."""

from __future__ import annotations

import codecs
import datetime as dt
import gzip
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from extracts import HEADINGS, MAPPING, TYPED, A, B, extract, line, parquet, put, refused, text
from helpers import counts, held, manifests, set_aside
from sheets import written


def test_an_awkward_csv_of_a_stranger(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(
        (
            "Report of all logs;;;\nprinted 1 March 2023;;;\n"
            "log no.;Date;Time;Flags;Place;Force;Delay (s)\n"
            'A1;05/01/2023;10:00;"DA; repeat";"Café, Rue";Kent Police;90\n'
            "A2;5/7/2023;09:30;;-;kent;\n"
            "A3;31/02/2023;09:30;;x;kent;5\n"
            "A4;06/01/2023;09:30;RDA;x;Ruritania;5\n"
        ).encode("cp1252")
    )
    done = extract(
        workspace,
        tmp_path / "log.csv",
        mapping="""
type = "incident"
scope = "changes"
zone = "local"
force_column = "Force"
encoding = "cp1252"
separator = ";"
header_row = 3
blank = ["-"]
[columns]
incident_id = "Log No"
opened_at = { join = ["Date", "Time"], formats = ["%d/%m/%Y %H:%M"] }
arrived_at = { join = ["Date", "Time"], formats = ["%d/%m/%Y %H:%M"], plus_seconds = "Delay s" }
ward = "Place"
domestic_abuse = { from = "Flags", contains = ["DA"], blank = "no" }
station = { value = "North" }
""",
    )
    assert done.returncode == 0, done.stderr
    assert "1 file: 4 rows read = 2 accepted + 2 set aside" in done.stdout
    assert held(workspace, "incident_id, opened_at, arrived_at, ward, domestic_abuse, station, force") == [
        ("A1", dt.datetime(2023, 1, 5, 10), dt.datetime(2023, 1, 5, 10, 1, 30), "Café, Rue", True, "North", "kent"),
        ("A2", dt.datetime(2023, 7, 5, 8, 30), None, None, False, "North", "kent"),
    ]  # fmt: skip
    assert [(r["row"], r["reason"]) for r in set_aside(workspace)] == [
        ("3", "opened_at cannot be read"),
        ("4", "the force is not known"),
    ]
    assert "not in the register of forces: Ruritania" in done.stderr
    assert "note: by the mapping a blank in domestic_abuse means no" in done.stderr
    assert "note: by the mapping these mean unknown, too: -" in done.stderr


def test_what_an_import_says_and_keeps(workspace: Path, tmp_path: Path) -> None:
    files = [
        put(tmp_path, A, name="a.csv"),
        put(tmp_path, (*B, "x"), name="b.csv", headings=[*HEADINGS, "Odd"]),
    ]
    done = extract(workspace, *files)
    said = "responding.incident, scope changes; times without an offset are local times"
    assert done.stderr.count(said) == 1, "said once, however many files there are"
    assert "columns that the mapping does not fill, unknown on every row: reported_at, " in done.stderr
    assert "note: b.csv: columns not used: Odd" in done.stderr
    assert "intake " in done.stdout and "scope changes" in done.stdout
    (manifest,) = manifests(workspace)
    assert [said in f["notes"] for f in manifest["files"]] == [True, True], "kept with every file"
    brief = extract(workspace, *files, "--brief")
    assert "rows read = 2 accepted" in brief.stdout and "a.csv" not in brief.stdout
    assert "nothing new: all of it is already here" in brief.stdout


def test_rows_are_put_in_and_replaced_by_key(workspace: Path, tmp_path: Path) -> None:
    rows = [(str(n), f"2023-0{n % 3 + 1}-10 10:00:00", "1") for n in range(30)]
    assert extract(workspace, put(tmp_path, *rows), "--supplied", "2023-04-01").returncode == 0
    later = [
        (*rows[4][:2], "2"),
        (rows[7][0], "2023-03-11 09:00:00", "1"),
        ("new", "2023-02-01 09:00:00", "3"),
    ]
    assert extract(workspace, put(tmp_path, *later), "--supplied", "2023-04-02").returncode == 0
    now = {r[0]: r[1:] for r in held(workspace, "incident_id, CAST(opened_at AS VARCHAR), grade")}
    assert now == {r[0]: r[1:] for r in [*rows, *later]}, "nothing twice, nothing lost"
    assert counts(workspace) == {("kent", "2023-01"): 10, ("kent", "2023-02"): 10, ("kent", "2023-03"): 11}


def test_complete_replaces_whole_months(workspace: Path, tmp_path: Path) -> None:
    whole = ["--scope", "complete", "--month", "2023-01..2023-02"]
    assert extract(workspace, put(tmp_path, A, B), *whole).returncode == 0
    done = extract(workspace, put(tmp_path, B, ("3", "2023-03-01 00:00:00", "1")), *whole)
    assert "1 outside the months of the file" in done.stdout
    assert counts(workspace) == {("kent", "2023-01"): 1, ("kent", "2023-02"): 0}


def test_months_limit_changes_too_where_they_are_stated(workspace: Path, tmp_path: Path) -> None:
    done = extract(workspace, put(tmp_path, A, ("3", "2023-03-01 00:00:00", "1")), "--month", "2023-01")
    assert "1 outside the months of the file" in done.stdout


def test_only_some_rows_are_meant(workspace: Path, tmp_path: Path) -> None:
    mapping = MAPPING.replace("changes", "changes") + '[only]\n"Pri" = ["1", "3"]\n'
    done = extract(workspace, put(tmp_path, A, B), mapping=mapping)
    assert "1 left out by the mapping" in done.stdout
    assert [r[0] for r in held(workspace, "incident_id")] == ["1"]


def test_a_stated_force_overrides_that_of_the_mapping(workspace: Path, tmp_path: Path) -> None:
    assert extract(workspace, put(tmp_path, A), "--force", "Essex Police").returncode == 0
    assert list(counts(workspace)) == [("essex", "2023-01")]


def test_a_body_is_kept_out_of_scope(workspace: Path, tmp_path: Path) -> None:
    done = extract(workspace, put(tmp_path, A), "--force", "btp")
    assert done.returncode == 0 and "is not one of the forces compared" in done.stderr


def test_one_file_may_hold_several_forces(workspace: Path, tmp_path: Path) -> None:
    mapping = MAPPING.replace('force = "kent"', 'force_column = ["Force", "PFA"]')
    rows = [(*A, "Kent"), (*B, " E23000028 "), ("3", A[1], "", "")]
    done = extract(workspace, put(tmp_path, *rows, headings=[*HEADINGS, "PFA"]), mapping=mapping)
    assert counts(workspace) == {("kent", "2023-01"): 1, ("essex", "2023-01"): 1}, done.stderr
    assert "1 the force is not known" in done.stdout
    assert "register of forces" not in done.stderr, "a blank is no name"


def test_a_forces_own_type(workspace: Path, tmp_path: Path) -> None:
    (workspace / "local").mkdir(exist_ok=True)
    (workspace / "local" / "dogs.toml").write_text(
        '[[record_type]]\nid = "local.patrol"\ntitle = "Dog patrols"\nkind = "event"\nanchor = "on_day"\n'
        'key = ["patrol_id"]\ncolumns = [\n'
        ' { name = "patrol_id", type = "text", meaning = "Number", required = true },\n'
        ' { name = "on_day", type = "date", meaning = "Day", required = true },\n]\n'
    )
    mapping = (
        'scope = "changes"\nforce = "kent"\n[columns]\npatrol_id = "No"\n'
        'on_day = { from = "Day", formats = ["%d %b %Y"] }\n'
    )
    file = put(tmp_path, ("7", "5 Jan 2023"), headings=["No", "Day"])
    assert extract(workspace, file, "--type", "local.patrol", mapping=mapping).returncode == 0
    assert held(workspace, "patrol_id, on_day") == [("7", dt.date(2023, 1, 5))]


# Files of other kinds


def test_a_sheet_with_titles_above_its_headings(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "log.xlsx"
    when = dt.datetime(2023, 1, 5, 10)
    file.write_bytes(
        written(["Logs of Kent"], [], HEADINGS, ["1", when, 1], ["2", when, None], Other=[["x"]])
    )
    mapping = MAPPING.replace("[columns]", 'sheet = "Rows"\nheader_row = 3\n[columns]')
    assert extract(workspace, file, mapping=mapping).returncode == 0
    assert held(workspace, "incident_id, opened_at, grade") == [("1", when, "1"), ("2", when, None)]


def test_a_sheet_that_is_not_there(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "log.xlsx"
    file.write_bytes(written(HEADINGS, A))
    done = extract(workspace, file, mapping=MAPPING.replace("[columns]", 'sheet = "Data"\n[columns]'))
    assert "Data" in refused(done)


def test_packed_files_and_files_in_archives(workspace: Path, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "a.csv.gz").write_bytes(gzip.compress(text(A).encode()))
    with zipfile.ZipFile(files / "b.zip", "w") as archive:
        archive.writestr("in/b.csv", text(B))
        archive.writestr(
            "in/c.parquet", parquet(tmp_path / "c.parquet", {"Log No": ["3"], **TYPED}).read_bytes()
        )
        archive.writestr("in/notes.pdf", "x")
    (files / "readme.txt").write_text("about these files")
    done = extract(workspace, files)
    assert done.returncode == 0, done.stderr
    assert [r[0] for r in held(workspace, "incident_id")] == ["1", "2", "3"]
    assert done.stderr.count("skipped") == 2 and "readme.txt: not a CSV file, a spreadsheet" in done.stderr


def test_good_files_are_imported_and_bad_ones_named(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.pdf").write_text("x")
    (tmp_path / "bad.parquet").write_text("PAR1")
    other = put(tmp_path, ("1",), name="other.csv", headings=["Log number"])
    done = extract(workspace, put(tmp_path, A), tmp_path / "odd.pdf", tmp_path / "bad.parquet", other)
    assert done.returncode == 2 and "1 file: 1 rows read = 1 accepted" in done.stdout
    lines = [s.split(": ", 1)[1] for s in done.stderr.splitlines() if "openpeel: refused" in s]
    assert len(lines) == 3
    assert any("is not a CSV file, a spreadsheet (.xlsx, .ods) or a Parquet file" in s for s in lines)
    assert any("is not a whole Parquet file" in s for s in lines)
    assert any("has no column `Log No`; did you mean `Log number`?" in s for s in lines)


@pytest.mark.parametrize(
    ("data", "layout", "says"),
    [
        (text(A).encode(), 'separator = ";"', "is not separated by ';'; mend `separator` in the mapping"),
        (text(A, separator=";").encode(), "", "is not separated by commas"),
        (
            text(("Café", *A[1:])).encode(),
            'encoding = "cp1252"',
            "is UTF-8 text, and the mapping says cp1252",
        ),
        (text(("Café", *A[1:])).encode("cp1252"), "", "is not UTF-8 text about line 2"),
        (b"Log No,Opened,Pri\n1,\x81,1\n", 'encoding = "cp1252"', "is not cp1252 text about line 2"),
        (text(A).encode(), 'encoding = "utf-16"', "is not UTF-16 text"),
        (codecs.BOM_UTF16_LE + b"a", 'encoding = "utf-16"', "is not utf-16 text about line 1"),
        (text(A).encode(), "header_row = 9", "has no line 9; mend `header_row` in the mapping"),
        (
            text(A, headings=("A", "Opened", "Pri")).encode(),
            "",
            "mend mapping or file: its headings are A, Op",
        ),
        (text((*A, "2"), headings=(*HEADINGS, "PRI")).encode(), "", "has two columns called Pri"),
        (b"", "", "is empty"),
        (text(A).encode() + b'3,"2023', "", "is not closed as CSV requires"),
    ],
)
def test_a_file_that_is_laid_out_otherwise(
    workspace: Path, tmp_path: Path, data: bytes, layout: str, says: str
) -> None:
    (tmp_path / "log.csv").write_bytes(data)
    done = extract(
        workspace, tmp_path / "log.csv", mapping=MAPPING.replace("[columns]", layout + "\n[columns]")
    )
    assert says in refused(done)


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_rows_are_the_same_however_they_are_written(
    workspace: Path, tmp_path: Path, separator: str, encoding: str
) -> None:
    rows = [(f'a "quoted" {separator} é', A[1], "x,y"), ("two\nlines", B[1], "")]
    (tmp_path / "log.csv").write_bytes(text(*rows, separator=separator).encode(encoding))
    said = encoding.removesuffix("-sig")
    layout = f'separator = "{separator}"\nencoding = "{said}"\n[columns]'.replace("\t", "\\t")
    done = extract(workspace, tmp_path / "log.csv", mapping=MAPPING.replace("[columns]", layout))
    assert done.returncode == 0, done.stderr
    assert held(workspace, "incident_id, grade") == [(r[0].strip(), r[2] or None) for r in rows]


def test_a_mark_that_is_never_closed_swallows_nothing_where_fields_are_separated_otherwise(
    workspace: Path, tmp_path: Path
) -> None:
    ends = {"1": '"a', "2": "b", "3": 'c"', "4": "d"}
    data = "Log No;Opened;Pri\n" + "".join(f"{n};{A[1]};{end}\n" for n, end in ends.items())
    (tmp_path / "log.csv").write_text(data)
    done = extract(
        workspace, tmp_path / "log.csv", mapping=MAPPING.replace("[columns]", 'separator = ";"\n[columns]')
    )
    assert "4 rows read = 1 accepted + 3 set aside" in done.stdout


# Wrong use


@pytest.mark.parametrize(
    ("mapping", "args", "says"),
    [
        (MAPPING, [], "openpeel: PATH: no file is named; name the files to import"),
        (MAPPING, ["log.csv", "--scope", "all"], "--scope: there is no scope `all`"),
        (MAPPING, ["log.csv", "--scope", "complete"], "is to replace whole months and does not say which"),
        (MAPPING, ["log.csv", "--month", "2999-01"], "--month: 2999-01 lies in the future"),
        (MAPPING, ["log.csv", "--month", "January"], "--month: `January` is not a month"),
        (MAPPING, ["log.csv", "--type", "call"], "is for responding.incident, and --type says responding.call"),
        (MAPPING, ["log.csv", "--type", "cal"], "--type: there is no record type `cal`"),
        (MAPPING, ["log.csv", "--force", "Ruritania"], '--force: no force called "Ruritania"'),
        (MAPPING, ["log.csv", "--supplied", "2999-01-01"], "lies in the future"),
        (MAPPING, ["nowhere.csv"], "there is no such file or folder"),
        (MAPPING.replace("kent", "Ruritania"), ["log.csv"], 'm.toml: no force called "Ruritania"'),
        (MAPPING.replace('force = "kent"', ""), ["log.csv"], "does not say whose records these are"),
        (MAPPING.replace('force = "kent"', 'force_column = "F"'), ["log.csv", "--force", "kent"], "from the rows"),
        (MAPPING.replace('scope = "changes"', ""), ["log.csv"], "does not say what its files replace"),
    ],
)  # fmt: skip
def test_wrong_use_is_one_line(
    workspace: Path, tmp_path: Path, mapping: str, args: Sequence[str], says: str
) -> None:
    put(tmp_path, A)
    assert says in line(extract(workspace, *args, mapping=mapping))
