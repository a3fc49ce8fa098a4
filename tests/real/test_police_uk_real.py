"""Every stop and search file of ``../shared/data``, imported and compared with an independent reading."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from helpers import LINKED, counts, held, manifests, new_workspace, run_here, tree

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real files (../shared/data) are not there")

LONDON = ZoneInfo("Europe/London")
FOLDERS = [
    "stop-search-2019q3",
    "stop-search-gwent-north-yorkshire-2021-2023",
    "london-2018-2020",
    "stop-search-met-single-months",
]
WALES = ["dyfed-powys", "gwent", "north-wales", "south-wales"]
WITHOUT_GWENT = 4  # August 2019: Gwent supplied no file, so the joined one has three runs
NAME = re.compile(r"(\d{4}-\d{2})-(.+)-stop-and-search\.csv(\.gz)?")

Rows = list[dict[str, str]]


def rows_of(file: Path) -> Rows:
    """The rows, read with Python's own csv module."""
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def month(row: dict[str, str]) -> str:
    """The month of a search's date in London."""
    stamp = row["Date"]
    moment = datetime.fromisoformat(stamp)
    return f"{(moment.astimezone(LONDON) if len(stamp) > 10 else moment):%Y-%m}"


def word(text: str) -> bool | None:
    return {"true": True, "1.0": True, "1": True, "false": False, "0.0": False, "0": False}.get(text.lower())


def take(workspace: Path, *args: str | Path) -> CompletedProcess[str]:
    return run_here("import", "police-uk", *args, cwd=workspace)


def add_up(workspace: Path) -> None:
    """Every account of every intake: read = accepted + set aside."""
    for manifest in manifests(workspace):
        for account in manifest["files"]:
            assert account["read"] == account["accepted"] + sum(account["set_aside"].values())
        totals = manifest["rows"]
        assert totals["read"] == sum(a["read"] for a in manifest["files"])
        assert totals["read"] == totals["accepted"] + totals["set_aside"]


@pytest.fixture(scope="module")
def files() -> dict[Path, tuple[str, str, Rows]]:
    """Force, month and rows of every file that police.uk named."""
    found = {}
    for folder in FOLDERS:
        for file in sorted((DATA / folder).rglob("*stop-and-search.csv*")):
            name = NAME.fullmatch(file.name)
            assert name, file
            found[file] = (name[2], name[1], rows_of(file))
    return found


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, CompletedProcess[str]]]:
    workspace = new_workspace(tmp_path_factory.mktemp("real") / "w")
    yield workspace, take(workspace, *(DATA / folder for folder in FOLDERS))


Files = dict[Path, tuple[str, str, Rows]]
Nation = tuple[Path, CompletedProcess[str]]


def test_counts_per_force_and_month_are_those_of_an_independent_reading(files: Files, nation: Nation) -> None:
    workspace, done = nation
    assert done.returncode == 0, done.stderr
    expected: dict[tuple[str, str], int] = {}
    for force, when, rows in files.values():
        count = sum(month(row) == when for row in rows)
        assert expected.setdefault((force, when), count) == count  # City of London is there twice
    assert counts(workspace) == expected
    assert len(expected) == 163
    assert expected[("staffordshire", "2019-07")] == 540
    assert expected[("staffordshire", "2019-08")] == 393


def test_every_row_of_every_file_is_accounted_for(files: Files, nation: Nation) -> None:
    workspace, done = nation
    add_up(workspace)
    (manifest,) = manifests(workspace)
    accounts = {Path(a["file"]): a for a in manifest["files"]}
    assert {file: a["read"] for file, a in accounts.items()} == {f: len(r) for f, (_, _, r) in files.items()}
    # Only the months of the City of London that are there twice are set aside.
    assert {reason for a in accounts.values() for reason in a["set_aside"]} == {"same file"}
    twice = [f for f, a in accounts.items() if a["set_aside"]]
    assert [f.name for f in twice] == [f"2019-0{m}-city-of-london-stop-and-search.csv" for m in (7, 8)]
    assert "street crime; import it with `openpeel import public street-crime`" in done.stderr


def test_exact_repeats_are_counted_as_the_text_of_the_files_has_them(files: Files, nation: Nation) -> None:
    (manifest,) = manifests(nation[0])
    for account in manifest["files"]:
        if account["accepted"]:
            rows = files[Path(account["file"])][2]
            assert account["duplicates"] == len(rows) - len({tuple(row.values()) for row in rows}), account


def test_blanks_truths_and_dates_are_those_of_the_files(files: Files, nation: Nation) -> None:
    expected: Counter[Any] = Counter()
    seen = set()
    for force, when, rows in files.values():
        if (force, when) not in seen:
            expected.update((force, word(row[LINKED]), row["Outcome"] or None) for row in rows)
        seen.add((force, when))
    assert Counter(held(nation[0], "force, outcome_linked, outcome")) == expected


def test_stamps_before_the_month_in_utc_are_in_the_month_in_london(files: Files, nation: Nation) -> None:
    early = sum(row["Date"].startswith("2019-06-30T23") for _, when, rows in files.values()
                if when == "2019-07" for row in rows)  # fmt: skip
    stored = held(nation[0], "searched_at, searched_at_date")
    june = [day for at, day in stored if at is not None and str(at).startswith("2019-06-30 23")]
    assert {str(day) for day in june} >= {"2019-07-01"}
    assert sum(str(day) == "2019-07-01" for day in june) in (early, early - _twice(files, "2019-07"))


def _twice(files: Files, when: str) -> int:
    """Early rows of the City of London's second copy."""
    copies = [rows for force, m, rows in files.values() if (force, m) == ("city-of-london", when)]
    return sum(row["Date"].startswith("2019-06-30T23") for row in copies[-1])


def test_importing_it_all_again_changes_nothing(nation: Nation) -> None:
    workspace, _ = nation
    before = tree(workspace)
    done = take(workspace, *(DATA / folder for folder in FOLDERS))
    assert done.returncode == 0
    assert "nothing new" in done.stdout
    assert tree(workspace) == before


def test_transport_police_is_kept_and_marked(nation: Nation) -> None:
    workspace, done = nation
    assert counts(workspace)[("btp", "2019-07")] > 0
    assert "British Transport Police is not one of the forces compared" in done.stderr


def test_greater_manchester_needs_its_months_and_is_taken_with_them(workspace: Path) -> None:
    folder = DATA / "stop-search-greater-manchester"
    before = tree(workspace)
    done = take(workspace, folder)
    assert done.returncode == 2
    assert "its name does not tell the month; state it with --month" in done.stderr
    assert tree(workspace) == before
    done = take(workspace, folder, "--month", "2016-03..2019-02")
    assert done.returncode == 0, done.stderr
    rows = rows_of(next(folder.glob("*.csv.gz")))
    expected = Counter(month(row) for row in rows)
    assert sum(expected.values()) == 9421
    assert {m: n for (f, m), n in counts(workspace).items() if n} == expected
    assert {f for f, _ in counts(workspace)} == {"greater-manchester"}
    linked = Counter(word(row[LINKED]) for row in rows)
    assert Counter(value for (value,) in held(workspace, "outcome_linked")) == linked
    add_up(workspace)


def runs_of(rows: Rows) -> list[Rows]:
    """The rows of each run of the nameless index column."""
    found: list[Rows] = []
    for row in rows:
        if row[""] == "0":
            found.append([])
        found[-1].append(row)
    return found


def month_after_april_2019(n: int) -> str:
    return f"{2019 + (n + 3) // 12}-{(n + 3) % 12 + 1:02d}"


def test_welsh_files_need_their_forces_and_are_taken_with_them(workspace: Path) -> None:
    folder = DATA / "stop-search-wales-2019-2022"
    before = tree(workspace)
    done = take(workspace, folder)
    assert done.returncode == 2
    assert done.stderr.count("its name does not tell the force; name it with --force") == 29
    for wrong in ("gwent", "gwent,south-wales", ",".join([*WALES, "kent"])):
        assert take(workspace, folder / "0.csv", "--force", wrong, "--month", "2019-04").returncode == 2
    assert tree(workspace) == before
    expected: dict[tuple[str, str], int] = {}
    places: dict[str, list[tuple[float, float]]] = {force: [] for force in WALES}
    for n in range(29):
        when = month_after_april_2019(n)
        forces = [f for f in WALES if n != WITHOUT_GWENT or f != "gwent"]
        done = take(workspace, folder / f"{n}.csv", "--force", ",".join(forces), "--month", when)
        assert done.returncode == 0, done.stderr
        for force, rows in zip(forces, runs_of(rows_of(folder / f"{n}.csv")), strict=True):
            expected[(force, when)] = sum(month(row) == when for row in rows)
            places[force] += [
                (float(row["Latitude"]), float(row["Longitude"])) for row in rows if row["Latitude"]
            ]
    assert counts(workspace) == expected
    assert sum(m["rows"]["read"] for m in manifests(workspace)) == 65_310
    add_up(workspace)
    _stand_where_they_should(places)
    yearly = {force: sum(n for (f, _), n in expected.items() if f == force) for force in WALES}
    assert max(yearly, key=lambda force: yearly[force]) == "south-wales"
    assert min(expected.values()) > 100


def test_welsh_month_without_gwent_is_not_given_to_the_wrong_forces(workspace: Path) -> None:
    file = DATA / "stop-search-wales-2019-2022" / f"{WITHOUT_GWENT}.csv"
    done = take(workspace, file, "--force", ",".join(WALES), "--month", "2019-08")
    assert done.returncode == 2
    assert "4 forces are stated, and the file's index column has 3 runs" in done.stderr
    assert manifests(workspace) == []


def _stand_where_they_should(places: dict[str, list[tuple[float, float]]]) -> None:
    """The order of the forces in the files is right: each searched in its own part of Wales."""
    middle = {
        force: tuple(sorted(axis)[len(axis) // 2] for axis in zip(*points, strict=True))
        for force, points in places.items()
        if points
    }
    assert middle["north-wales"][0] > 52.8
    assert middle["gwent"][0] < 52
    assert middle["south-wales"][0] < 51.9
    assert middle["gwent"][1] > middle["south-wales"][1]
    if "dyfed-powys" in middle:
        assert middle["dyfed-powys"][1] < middle["south-wales"][1]


def test_welsh_july_differs_from_the_other_vintage_and_both_answer(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path / "w")
    single = [DATA / "stop-search-2019q3" / "2019-07" / f"2019-07-{f}-stop-and-search.csv" for f in WALES]
    assert take(workspace, *single, "--supplied", "2019-09-20").returncode == 0
    first = sum(counts(workspace).values())
    file = DATA / "stop-search-wales-2019-2022" / "3.csv"
    done = take(workspace, file, "--force", ",".join(WALES), "--month", "2019-07", "--supplied", "2022-04-20")
    assert done.returncode == 0
    assert {first, sum(counts(workspace).values())} == {2099, 2063}
    assert "is corrected" in done.stderr


def test_street_crime_is_listed_as_skipped_and_that_is_no_error(workspace: Path) -> None:
    before = tree(workspace)
    done = take(workspace, DATA / "street-2019q3")
    assert done.returncode == 0, done.stderr
    skipped = [line for line in done.stderr.splitlines() if line.startswith("skipped ")]
    assert len(skipped) == sum(f.is_file() for f in (DATA / "street-2019q3").rglob("*"))
    assert tree(workspace) == before
