"""Street crime and outcomes of ``../shared/data``, imported and compared with an independent reading."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from helpers import counts, held, manifests, new_workspace
from openpeel.engine.intake.commit import Intake, take_in
from openpeel.engine.intake.mapping import Mapping, Part
from openpeel.errors import UserError
from openpeel.register import load_register
from openpeel.sources.police_uk.street import OUTCOME_FILES, STREET_FILES, join, read_outcomes, read_street

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real files (../shared/data) are not there")

REGISTER = load_register("england-and-wales")
Kind = tuple[Path, Intake, dict[Path, Counter[str]]]


def crime_ids(file: Path) -> Counter[str]:
    """How often each crime id stands in a file, the blank one too; read with Python's own csv module."""
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert next(rows)[0] == "Crime ID"
    return Counter(row[0] for row in rows)


def take(
    folder: Path, kind: str, where: Path, mapping: Mapping, reader: Callable[..., Iterator[Part]]
) -> Kind:
    workspace = new_workspace(where)
    refused: list[UserError] = []
    intake = take_in(workspace, mapping, reader([folder], REGISTER, refused, [], lambda _: None))
    assert not refused and not intake.refused
    return workspace, intake, {f: crime_ids(f) for f in sorted(folder.rglob(f"*-{kind}.csv*"))}


@pytest.fixture(scope="module")
def crimes(tmp_path_factory: pytest.TempPathFactory) -> Kind:
    where = tmp_path_factory.mktemp("street") / "w"
    return take(DATA / "street-2019q3", "street", where, STREET_FILES, read_street)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Kind:
    where = tmp_path_factory.mktemp("outcomes") / "w"
    return take(DATA / "outcomes-2019q3", "outcomes", where, OUTCOME_FILES, read_outcomes)


@pytest.mark.parametrize(("kind", "total"), [("crimes", 503_266), ("outcomes", 365_311)])
def test_every_row_is_there_by_an_independent_reading(
    kind: str, total: int, request: pytest.FixtureRequest
) -> None:
    workspace, intake, files = request.getfixturevalue(kind)
    assert {Path(f.file): f.accepted for f in intake.files} == {f: ids.total() for f, ids in files.items()}
    assert sum(counts(workspace).values()) == sum(ids.total() for ids in files.values()) == total
    assert len(counts(workspace)) == 52
    assert {reason for f in intake.files for reason in f.set_aside} == set()
    for account in manifests(workspace)[0]["files"]:
        assert account["read"] == account["accepted"] + sum(account["set_aside"].values())


def repeats(files: dict[Path, Counter[str]], name: str = "") -> int:
    """Rows that repeat a crime id within their file."""
    return sum(
        count - 1 for file, ids in files.items() if name in file.name for crime, count in ids.items() if crime
    )


def test_repeated_crime_ids_are_said_file_by_file(outcomes: Kind) -> None:
    _, intake, files = outcomes
    assert repeats(files) == 11_918
    assert repeats(files, "2019-07-dorset") == 2_316
    for account in intake.files:
        count = repeats(files, Path(account.file).name)
        said = [n for n in account.notes if "repeat the crime id" in n]
        assert said == ([f"{count} rows repeat the crime id of a row above (all are kept)"] if count else [])


def test_rows_without_crime_id_are_unknown_and_never_joined(crimes: Kind) -> None:
    workspace, intake, files = crimes
    blank = sum(ids[""] for ids in files.values())
    assert Counter(held(workspace, "crime_id IS NULL"))[(True,)] == blank
    notes = {Path(f.file).name: "; ".join(f.notes) for f in intake.files}
    assert notes["2019-07-btp-street.csv"] == "blank on every row: Crime ID, Last outcome category"
    assert "Last outcome category, LSOA code" in notes["2019-07-northern-ireland-street.csv.gz"]


def test_exact_repeats_are_kept_and_counted(crimes: Kind) -> None:
    assert sum(f.duplicates for f in crimes[1].files) == 41_540


def ids_of(workspace: Path, month: str) -> pa.Array:
    rows = held(workspace, "force, CAST(month_on AS VARCHAR), crime_id")
    return pa.array([r[2] for r in rows if r[:2] == ("staffordshire", month)], pa.string())


def test_outcomes_of_staffordshire_join_to_its_crimes(crimes: Kind, outcomes: Kind) -> None:
    joined = join(ids_of(crimes[0], "2019-07-01"), ids_of(outcomes[0], "2019-07-01"))
    theirs = {f.name.split("-street")[0]: set(ids) - {""} for f, ids in crimes[2].items()}
    ours = next(ids for f, ids in outcomes[2].items() if f.name.startswith("2019-07-staffordshire"))
    matched = sum(n for crime, n in ours.items() if crime in theirs["2019-07-staffordshire"])
    assert (joined.outcomes, joined.matched, joined.unmatched) == (6_941, 5_091, 1_850)
    assert joined.matched == matched
    assert joined.repeated_outcomes == ours.total() - len(ours) == 290


def test_files_of_2025_have_the_same_columns(tmp_path: Path) -> None:
    folder = DATA / "street-2025" / "2025-06"
    workspace, intake, files = take(folder, "street", tmp_path / "w", STREET_FILES, read_street)
    assert sum(counts(workspace).values()) == sum(ids.total() for ids in files.values())
    assert all(f.read == f.accepted for f in intake.files)
    assert not any("columns not" in note for f in intake.files for note in f.notes)
    assert any(r[0] and "\u0177" in r[0] for r in held(workspace, "location"))  # Welsh names whole


def test_two_vintages_of_one_month_are_a_correction(workspace: Path) -> None:
    """City of London, July 2019, is there twice: other last outcomes in the later download."""
    for folder in ("street-2019q3", "london-2018-2020"):
        file = next((DATA / folder).rglob("2019-07-city-of-london-street.csv*"))
        intake = take_in(workspace, STREET_FILES, read_street([file], REGISTER, [], [], lambda _: None))
    (note,) = intake.notes
    assert note.startswith("city-of-london 2019-07 is corrected: 522 rows are as before, 344 are gone")
    assert counts(workspace)[("city-of-london", "2019-07")] == 866
