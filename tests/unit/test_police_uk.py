"""``import police-uk``: which files are taken, for whom, and what becomes of every row of them."""

from __future__ import annotations

import gzip
import os
import shutil
import zipfile
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from helpers import (
    HEADINGS,
    LINKED,
    counts,
    different,
    entries,
    held,
    manifests,
    new_workspace,
    run,
    run_here,
    search_text,
    set_aside,
    tree,
    write_search_file,
)
from openpeel.engine import clock

STAFFORDSHIRE = "2019-07-staffordshire-stop-and-search.csv"
JULY = ("staffordshire", "2019-07")
STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type\n"
)
OUTCOMES = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,Outcome type\n"


def take(workspace: Path, *args: str | Path) -> CompletedProcess[str]:
    return run_here("import", "police-uk", *args, cwd=workspace)


def accepted(workspace: Path, *args: str | Path) -> CompletedProcess[str]:
    done = take(workspace, *args)
    assert done.returncode == 0, done.stderr
    return done


def refused(workspace: Path, *args: str | Path) -> str:
    """The refusal's line; nothing of the import may be there."""
    before = tree(workspace)
    done = take(workspace, *args)
    assert done.returncode == 2, done.stdout + done.stderr
    assert tree(workspace) == before
    lines = [line for line in done.stderr.splitlines() if line.startswith("openpeel: ")]
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


# Names and headings


@pytest.mark.parametrize(
    ("name", "force"),
    [
        ("staffordshire", "staffordshire"),
        ("Staffordshire-Police", "staffordshire"),
        ("devon-and-cornwall", "devon-and-cornwall"),
        ("Devon & Cornwall Police", "devon-and-cornwall"),
        ("city-of-london", "city-of-london"),
        ("London, City of", "city-of-london"),
        ("metropolitan", "metropolitan"),
        ("metropolitan-police-service", "metropolitan"),
        ("btp", "btp"),
    ],
)
def test_force_names_that_vary(workspace: Path, tmp_path: Path, name: str, force: str) -> None:
    accepted(workspace, write_search_file(tmp_path / f"2019-07-{name}-stop-and-search.csv"))
    assert counts(workspace) == {(force, "2019-07"): 1}


@pytest.mark.parametrize("suffix", [".csv", ".CSV", ".csv.gz"])
def test_endings(workspace: Path, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"2019-07-staffordshire-stop-and-search{suffix}"
    accepted(workspace, write_search_file(file))
    assert counts(workspace) == {JULY: 1}


def test_headings_in_another_order_case_and_spacing_give_the_same_snapshot(tmp_path: Path) -> None:
    ids = []
    for n, change in enumerate((str, str.upper, lambda h: f" {h.lower()} ", lambda h: h.replace(" ", "_"))):
        workspace = new_workspace(tmp_path / f"w{n}")
        headings = HEADINGS if n == 0 else HEADINGS[::-1]
        lines = search_text(different(3), headings).split("\n", 1)
        file = tmp_path / STAFFORDSHIRE
        file.write_text(",".join(change(h) for h in headings) + "\n" + lines[1])
        accepted(workspace, file)
        ids.append(entries(workspace)[JULY]["snapshot"])
    assert len(set(ids)) == 1


def test_two_columns_of_one_heading_are_refused(workspace: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / STAFFORDSHIRE)
    file.write_text("Outcome," + "\nArrest,".join(file.read_text().splitlines()))
    assert "two columns called Outcome" in refused(workspace, file)


def test_missing_optional_columns_are_unknown_and_said(workspace: Path, tmp_path: Path) -> None:
    headings = [h for h in HEADINGS if h not in (LINKED, "Gender")]
    file = write_search_file(tmp_path / STAFFORDSHIRE, headings=headings)
    done = accepted(workspace, file)
    assert f"columns not in the file, unknown on every row: Gender, {LINKED}" in done.stderr
    assert held(workspace, "gender, outcome_linked") == [(None, None)]


def test_missing_needed_column_is_refused(workspace: Path, tmp_path: Path) -> None:
    headings = [h for h in HEADINGS if h != "Outcome"]
    file = write_search_file(tmp_path / STAFFORDSHIRE, headings=headings)
    assert "no column Outcome" in refused(workspace, file)


def test_extra_columns_are_said_and_left_out(workspace: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / STAFFORDSHIRE, headings=[*HEADINGS, "postcode"])
    assert "columns not used: postcode" in accepted(workspace, file).stderr


def test_nameless_index_column_in_front(workspace: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / STAFFORDSHIRE, [{"": "0"}, {"": "1"}], ["", *HEADINGS])
    accepted(workspace, file)
    assert counts(workspace) == {JULY: 2}


def test_month_in_the_future_is_refused(workspace: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / "2199-07-staffordshire-stop-and-search.csv", [])
    assert "lies in the future" in refused(workspace, file)


def test_month_that_is_none_is_refused_with_the_files_name(workspace: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / "2019-13-staffordshire-stop-and-search.csv")
    assert f"{file}: `2019-13` is not a month" in refused(workspace, file)


# Bodies and files of other kinds


def test_body_out_of_scope_is_kept_and_marked(workspace: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / "2019-07-btp-stop-and-search.csv", different(3))
    done = accepted(workspace, file)
    assert counts(workspace) == {("btp", "2019-07"): 3}
    assert "British Transport Police is not one of the forces compared: kept, out of scope" in done.stderr


def test_street_crime_and_outcomes_are_listed_as_skipped_and_that_is_no_error(
    workspace: Path, tmp_path: Path
) -> None:
    (tmp_path / "2019-07-staffordshire-street.csv").write_text(STREET)
    (tmp_path / "2019-07-staffordshire-outcomes.csv").write_text(OUTCOMES)
    (tmp_path / "crimes.csv").write_text(STREET)  # known by its headings
    done = accepted(workspace, *sorted(tmp_path.glob("*.csv")))
    skipped = [line for line in done.stderr.splitlines() if line.startswith("skipped ")]
    assert len(skipped) == 3
    ends = sorted(line.rsplit("import it with ", 1)[1] for line in skipped)
    assert ends == ["`openpeel import public street-crime`"] * 2 + [
        "`openpeel import public street-outcomes`"
    ]
    assert manifests(workspace) == []


@pytest.mark.parametrize("name", ["downing-street.csv", "street.csv", "2019-07-outcomes.csv"])
def test_search_file_with_a_misleading_name_is_not_skipped(
    workspace: Path, tmp_path: Path, name: str
) -> None:
    file = write_search_file(tmp_path / "in" / name)
    assert "its name does not tell" in refused(workspace, file.parent)
    accepted(workspace, file, "--force", "staffordshire", "--month", "2019-07")
    assert counts(workspace) == {JULY: 1}


def test_no_csv_named_on_the_command_line_is_refused_and_lying_in_a_folder_skipped(
    workspace: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    write_search_file(folder / STAFFORDSHIRE)
    other = folder / "notes.txt"
    other.write_text("hello")
    assert "notes.txt: is not a CSV file" in refused(workspace, other)
    done = accepted(workspace, folder)
    assert "notes.txt: not a CSV file" in done.stderr
    assert counts(workspace) == {JULY: 1}


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "is not UTF-8 text"),
        (b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\n", "is not a stop and search file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        (b"PK\x03\x04\x14\x00\x00\x00", "binary"),
        (b"<!DOCTYPE html>\n<html lang=\"en\"><p>Not found, sorry</p></html>\n", "not a stop and search file"),
        (search_text([{}]).encode("utf-16"), "UTF-16"),
        (search_text([{"Policing operation": "Môn"}]).encode("latin-1"), "UTF-8"),
        (search_text([{}]).replace(",", ";").encode(), "not separated by commas"),
        (b"Type\nPerson search\n", "no column Date, Legislation, Outcome"),
        (search_text([{}]).encode() + b'Person search,"2019-07-10T12:00:00Z,,\n', "quotation mark"),
    ],
)  # fmt: skip
def test_what_is_no_search_file_is_refused_in_one_line(
    workspace: Path, tmp_path: Path, data: bytes, what: str
) -> None:
    file = tmp_path / STAFFORDSHIRE
    file.write_bytes(data)
    assert what in refused(workspace, file)


def test_cut_off_gzip_and_bombs_are_refused(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / f"{STAFFORDSHIRE}.gz"
    file.write_bytes(gzip.compress(search_text(different(500)).encode())[:-20])
    assert "cut off" in refused(workspace, file)
    file.write_bytes(gzip.compress(search_text([{}]).encode() + b"\n" * (64 << 20), 1))
    assert "bomb" in refused(workspace, file)


def test_archive_as_police_uk_serves_it(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "latest.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for month in ("2019-07", "2019-08"):
            row = {"Date": f"{month}-10T12:00:00+00:00"}
            archive.writestr(f"{month}/{month}-staffordshire-stop-and-search.csv", search_text([row]))
            archive.writestr(f"{month}/{month}-staffordshire-street.csv", STREET)
            archive.writestr(f"{month}/{month}-staffordshire-outcomes.csv", OUTCOMES)
    done = accepted(workspace, file)
    assert counts(workspace) == {JULY: 1, ("staffordshire", "2019-08"): 1}
    assert done.stderr.count("import it with `openpeel import public street-") == 4


def test_file_whose_name_is_no_text_is_taken_and_named(workspace: Path, tmp_path: Path) -> None:
    name = os.fsdecode(b"2019-07-kent\xff-stop-and-search.csv")
    write_search_file(tmp_path / "in" / name)
    done = run("import", "police-uk", tmp_path / "in", cwd=workspace)
    assert (done.returncode, done.stderr) == (0, "")
    assert counts(workspace) == {("kent", "2019-07"): 1}
    assert "2019-07-kent\ufffd-stop-and-search.csv" in manifests(workspace)[0]["files"][0]["file"]


def test_archive_with_names_that_climb_writes_nowhere_else(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "in" / "climb.zip"
    file.parent.mkdir()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"../../../{STAFFORDSHIRE}", search_text([{}]))
    accepted(workspace, file)
    assert counts(workspace) == {JULY: 1}
    assert not list(tmp_path.parent.glob("*.csv")) + list(tmp_path.glob("*.csv"))


# Force and month


def test_file_that_lacks_force_or_month(workspace: Path, tmp_path: Path) -> None:
    no_force = write_search_file(tmp_path / "2019-07-stop-and-search.csv")
    no_month = write_search_file(tmp_path / "kent-stop-and-search.csv")
    neither = write_search_file(tmp_path / "0.csv")
    assert "does not tell the force; name it with --force" in refused(workspace, no_force)
    assert "does not tell the month; state it with --month" in refused(workspace, no_month)
    assert "does not tell the force" in refused(workspace, neither)
    assert "does not tell the month" in refused(workspace, neither, "--force", "gwent")
    accepted(workspace, no_force, "--force", "staffordshire")
    accepted(workspace, no_month, "--month", "2019-07")
    accepted(workspace, neither, "--force", "Gwent Police", "--month", "2019-07")
    assert counts(workspace) == {JULY: 1, ("kent", "2019-07"): 1, ("gwent", "2019-07"): 1}


def test_name_and_option_that_contradict(workspace: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / STAFFORDSHIRE)
    assert "--force says kent" in refused(workspace, file, "--force", "kent")
    assert "--month says otherwise" in refused(workspace, file, "--month", "2019-08")
    assert "--month says otherwise" in refused(workspace, file, "--month", "2019-07..2019-08")
    accepted(workspace, file, "--force", "Staffordshire Police", "--month", "2019-07")


def test_unknown_force_names_near_ones(workspace: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / "2019-07-stafordshire-stop-and-search.csv")
    line = refused(workspace, file)
    assert "did you mean staffordshire?" in line
    assert file.name in line
    assert "did you mean staffordshire?" in refused(workspace, file, "--force", "stafordshire")


@pytest.mark.parametrize("month", ["2019-7", "July", "2019-08..2019-07", "2019-07..", "0000-01"])
def test_month_option_that_is_no_month(workspace: Path, tmp_path: Path, month: str) -> None:
    refused(workspace, write_search_file(tmp_path / "0.csv"), "--force", "kent", "--month", month)


def test_range_of_months_claims_every_month_and_sets_others_aside(workspace: Path, tmp_path: Path) -> None:
    rows = [{"Date": f"2019-{m}-10T12:00:00Z"} for m in ("05", "06", "08", "09")]
    file = write_search_file(tmp_path / "kent-stop-and-search.csv", rows)
    accepted(workspace, file, "--month", "2019-06..2019-08")
    assert counts(workspace) == {("kent", "2019-06"): 1, ("kent", "2019-07"): 0, ("kent", "2019-08"): 1}
    assert [row["detail"] for row in set_aside(workspace)] == ["belongs to 2019-05", "belongs to 2019-09"]


# A file joined from several


def joined(path: Path, *runs: int, index: str = "") -> Path:
    rows = [{index: str(n), "Outcome": f"run {run}"} for run, size in enumerate(runs) for n in range(size)]
    return write_search_file(path, rows, [index, *HEADINGS])


FOUR = ("--force", "dyfed-powys,gwent,north-wales,south-wales", "--month", "2019-07")


def test_file_joined_from_four_forces(workspace: Path, tmp_path: Path) -> None:
    accepted(workspace, joined(tmp_path / "0.csv", 3, 1, 4, 2), *FOUR)
    forces = ["dyfed-powys", "gwent", "north-wales", "south-wales"]
    assert [counts(workspace)[(f, "2019-07")] for f in forces] == [3, 1, 4, 2]
    assert sorted(set(held(workspace, "force, outcome"))) == [(f, f"run {n}") for n, f in enumerate(forces)]


def test_index_column_that_a_program_named(workspace: Path, tmp_path: Path) -> None:
    accepted(workspace, joined(tmp_path / "0.csv", 3, 1, 4, 2, index="Unnamed: 0"), *FOUR)
    assert sum(counts(workspace).values()) == 10


@pytest.mark.parametrize("runs", [(3, 1, 4), (3, 1, 4, 2, 1), (10,)])
def test_joined_file_with_another_number_of_runs_is_refused(
    workspace: Path, tmp_path: Path, runs: tuple[int, ...]
) -> None:
    assert "4 forces are stated" in refused(workspace, joined(tmp_path / "0.csv", *runs), *FOUR)


def test_joined_file_without_an_index_is_refused(workspace: Path, tmp_path: Path) -> None:
    assert "4 forces are stated" in refused(workspace, write_search_file(tmp_path / "0.csv", [{}] * 4), *FOUR)


@pytest.mark.parametrize(
    "index",
    [
        ["5", "6", "0", "1", "0", "0", "0"],  # rows before the first run must not vanish
        ["0", "1", "0", "1", "0", "1", "5", "0"],  # a run that goes on
        ["0", "1", "0", "1", "2", "1", "0", "0"],  # a run that turns round
        ["0", "", "0", "0", "0"],
        ["0", "x", "0", "0", "0"],
    ],
)
def test_joined_file_whose_index_is_no_index_loses_no_row(
    workspace: Path, tmp_path: Path, index: list[str]
) -> None:
    rows = [{"": n} for n in index]
    file = write_search_file(tmp_path / "0.csv", rows, ["", *HEADINGS])
    done = take(workspace, file, *FOUR)
    if done.returncode == 0:
        assert sum(counts(workspace).values()) == len(index)
    else:
        assert "4 forces are stated" in done.stderr


def test_joined_file_with_a_ragged_row_is_refused(workspace: Path, tmp_path: Path) -> None:
    file = joined(tmp_path / "0.csv", 3, 1, 4, 2)
    file.write_text(file.read_text() + "2,Person search\n")
    assert "mend the joined file" in refused(workspace, file, *FOUR)


def test_joined_file_with_one_force_stated_is_refused(workspace: Path, tmp_path: Path) -> None:
    file = joined(tmp_path / "0.csv", 3, 1, 4, 2)
    line = refused(workspace, file, "--force", "gwent", "--month", "2019-07")
    assert "joined from 4 files, and one force is stated" in line


def test_months_of_one_force_joined_are_taken_and_said(workspace: Path, tmp_path: Path) -> None:
    rows = [{"": str(n), "Date": f"2019-{month}-10T12:00:00Z"} for month in ("07", "08") for n in range(2)]
    file = write_search_file(tmp_path / "0.csv", rows, ["", *HEADINGS])
    done = accepted(workspace, file, "--force", "gwent", "--month", "2019-07..2019-08")
    assert counts(workspace) == {("gwent", "2019-07"): 2, ("gwent", "2019-08"): 2}
    assert "all rows are taken as gwent, as stated" in done.stderr


# Several files in one command


def test_good_files_are_imported_and_bad_ones_named(workspace: Path, tmp_path: Path) -> None:
    good = [
        write_search_file(tmp_path / "in" / f"2019-07-{f}-stop-and-search.csv", different(2))
        for f in ("kent", "surrey")
    ]
    bad = tmp_path / "in" / "2019-07-essex-stop-and-search.csv"
    bad.write_text("hello\n")
    unknown = write_search_file(tmp_path / "in" / "2019-07-atlantis-stop-and-search.csv")
    done = take(workspace, tmp_path / "in")
    assert done.returncode == 2
    assert counts(workspace) == {("kent", "2019-07"): 2, ("surrey", "2019-07"): 2}
    named = [line for line in done.stderr.splitlines() if line.startswith("openpeel: refused")]
    assert len(named) == 2
    assert {file.name for file in (bad, unknown)} == {
        name for name in (bad.name, unknown.name) if any(name in line for line in named)
    }
    assert [Path(f["file"]).name for f in manifests(workspace)[0]["files"]] == [f.name for f in good]


def test_same_force_and_month_twice_with_the_same_rows_counts_once(workspace: Path, tmp_path: Path) -> None:
    one = write_search_file(tmp_path / "a" / STAFFORDSHIRE, different(5))
    other = write_search_file(tmp_path / "b" / f"{STAFFORDSHIRE}.gz", different(5)[::-1], end="\r\n")
    done = accepted(workspace, one, other)
    assert counts(workspace) == {JULY: 5}
    assert {row["reason"] for row in set_aside(workspace)} == {"same file"}
    assert len(set_aside(workspace)) == 5
    assert "2 files: 10 rows read = 5 accepted + 5 set aside" in done.stdout


def test_same_file_reached_by_two_paths_counts_once(workspace: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / "in" / STAFFORDSHIRE, different(5))
    accepted(workspace, file, file.parent)
    assert counts(workspace) == {JULY: 5}


def test_same_force_and_month_twice_with_different_rows_refuses_both(workspace: Path, tmp_path: Path) -> None:
    one = write_search_file(tmp_path / "a" / STAFFORDSHIRE, different(5))
    other = write_search_file(tmp_path / "b" / STAFFORDSHIRE, different(6))
    good = write_search_file(tmp_path / "c" / "2019-07-kent-stop-and-search.csv")
    done = take(workspace, one, other, good)
    assert done.returncode == 2
    assert counts(workspace) == {("kent", "2019-07"): 1}
    lines = [line for line in done.stderr.splitlines() if "refused" in line]
    assert len(lines) == 2
    assert all(str(one) in line and str(other) in line for line in lines)


@pytest.mark.parametrize("sizes", [(5, 5, 6), (5, 6, 5), (6, 5, 5), (0, 5, 5), (5, 0, 5)])
def test_two_alike_and_one_other_take_none_and_leave_no_empty_month(
    workspace: Path, tmp_path: Path, sizes: tuple[int, ...]
) -> None:
    files = [write_search_file(tmp_path / f"{i}" / STAFFORDSHIRE, different(n)) for i, n in enumerate(sizes)]
    done = take(workspace, *files)
    assert done.returncode == 2
    assert manifests(workspace) == []
    assert len([line for line in done.stderr.splitlines() if "with different rows" in line]) == 3


def test_two_files_of_one_name_are_told_apart(workspace: Path, tmp_path: Path) -> None:
    files = [write_search_file(tmp_path / i / STAFFORDSHIRE, different(2)) for i in "ab"]
    done = accepted(workspace, *files)
    assert all(f"/{i}/{STAFFORDSHIRE}" in done.stdout for i in "ab")


def test_file_of_which_little_can_be_used_is_pointed_out(workspace: Path, tmp_path: Path) -> None:
    rows = [*different(1), *different(9, Date="2019-08-10T12:00:00Z")]
    done = accepted(workspace, write_search_file(tmp_path / STAFFORDSHIRE, rows))
    assert f"note: {STAFFORDSHIRE}: only 1 of 10 rows were accepted" in done.stderr


def test_repeats_inside_a_file_are_no_same_file(workspace: Path, tmp_path: Path) -> None:
    one = write_search_file(tmp_path / "a" / STAFFORDSHIRE, [{}, {}])
    other = write_search_file(tmp_path / "b" / STAFFORDSHIRE, [{}])
    done = take(workspace, one, other)
    assert done.returncode == 2
    assert "with different rows" in done.stderr


# Again and corrected


def test_importing_again_changes_nothing(workspace: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / STAFFORDSHIRE, [*different(5), {}, {}])
    accepted(workspace, file)
    before = tree(workspace)
    done = accepted(workspace, file)
    assert tree(workspace) == before
    assert "nothing new" in done.stdout
    copied = tmp_path / "copy" / STAFFORDSHIRE
    copied.parent.mkdir()
    shutil.copy(file, copied)
    accepted(workspace, copied, "--supplied", clock.now().date().isoformat())
    assert tree(workspace) == before


def rows_as_at(workspace: Path, *vintage: str) -> float | None:
    import json

    done = run_here(
        "measure", "powers.searches", "--force", "staffordshire", "--period", "2019-07",
        "--format", "json", *vintage, cwd=workspace,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figure = json.loads(done.stdout)[0]
    assert (figure["value"] is None) == (figure["status"] != "ok")
    value = figure["value"]
    return None if value is None else float(value)


def test_corrected_file_makes_a_generation_and_the_old_one_still_answers(
    workspace: Path, tmp_path: Path
) -> None:
    first = write_search_file(tmp_path / "a" / STAFFORDSHIRE, different(5))
    second = write_search_file(tmp_path / "b" / STAFFORDSHIRE, [*different(4), {}, {}, {}])
    accepted(workspace, first, "--supplied", "2019-09-01")
    moment = manifests(workspace)[0]["recorded_at"]
    done = accepted(workspace, second, "--supplied", "2019-10-01")
    assert "staffordshire 2019-07 is corrected: 4 rows are as before, 1 are gone, 3 are new" in done.stderr
    assert len(list((workspace / "generations").glob("*.json"))) == 2
    assert rows_as_at(workspace) == 7
    assert rows_as_at(workspace, "--as-at", "2019-10-01") == 7
    assert rows_as_at(workspace, "--as-at", "2019-09-30") == 5
    assert rows_as_at(workspace, "--as-at", "2019-08-31") is None
    assert rows_as_at(workspace, "--recorded-by", moment) == 5


def test_correction_that_is_taken_back_holds(workspace: Path, tmp_path: Path) -> None:
    for n in (5, 6, 5):
        accepted(workspace, write_search_file(tmp_path / f"{n}" / STAFFORDSHIRE, different(n)))
    assert counts(workspace) == {JULY: 5}
    assert rows_as_at(workspace) == 5


def test_older_vintage_brought_later_does_not_change_today(workspace: Path, tmp_path: Path) -> None:
    new = write_search_file(tmp_path / "a" / STAFFORDSHIRE, different(5))
    old = write_search_file(tmp_path / "b" / STAFFORDSHIRE, different(3))
    accepted(workspace, new, "--supplied", "2019-10-01")
    accepted(workspace, old, "--supplied", "2019-09-01")
    assert rows_as_at(workspace) == 5
    assert rows_as_at(workspace, "--as-at", "2019-09-15") == 3


def test_supplied_in_the_future_or_no_date_is_refused(workspace: Path, tmp_path: Path) -> None:
    file = write_search_file(tmp_path / STAFFORDSHIRE)
    assert "lies in the future" in refused(workspace, file, "--supplied", "2999-01-01")
    assert "is not a date" in refused(workspace, file, "--supplied", "last week")


def test_month_without_searches_is_supplied_and_zero(workspace: Path, tmp_path: Path) -> None:
    accepted(workspace, write_search_file(tmp_path / STAFFORDSHIRE, []))
    assert counts(workspace) == {JULY: 0}
    assert rows_as_at(workspace) == 0


# In a process of its own


def test_errors_are_one_line_without_a_traceback(workspace: Path, tmp_path: Path) -> None:
    good = write_search_file(tmp_path / STAFFORDSHIRE)
    bad = tmp_path / "2019-07-kent-stop-and-search.csv"
    bad.write_bytes(b"Type,Date\n\xff\n")
    for args, where in (
        ((tmp_path / "nothing.csv",), workspace),
        ((bad,), workspace),
        ((good, "--force", "atlantis"), workspace),
        ((good,), tmp_path),  # no workspace
        ((), workspace),
        ((good, "--wrong"), workspace),
    ):
        done = run("import", "police-uk", *args, cwd=where)
        assert done.returncode == 2, args
        lines = done.stderr.splitlines()
        assert len(lines) == 1, done.stderr
        assert lines[0].startswith("openpeel: ")
    assert manifests(workspace) == []


def test_heading_alone_takes_no_records_away(workspace: Path, tmp_path: Path) -> None:
    name = "2019-07-staffordshire-stop-and-search.csv"
    accepted(workspace, write_search_file(tmp_path / "whole" / name, different(5)))
    before = tree(workspace)
    line = refused(workspace, write_search_file(tmp_path / "empty" / name, []))
    assert "holds a heading and no rows, where 5 rows are here already" in line
    assert tree(workspace) == before


def test_forces_of_a_joined_file_may_be_given_one_by_one(workspace: Path, tmp_path: Path) -> None:
    file = joined(tmp_path / "0.csv", 3, 1)
    done = run(
        "import",
        "police-uk",
        file,
        "--force",
        "gwent",
        "--force",
        "kent",
        "--month",
        "2019-07",
        cwd=workspace,
    )
    assert done.returncode == 0, done.stderr
