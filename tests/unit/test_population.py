"""``import population``: two layouts of table, residents put in or replaced by key, nothing guessed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from helpers import all_entries, held, manifests, run_here, set_aside, tree

LONG = "Census Year,Geocode,Police Force Area,Self-defined ethnicity,Population"
GROUPS = (
    "Asian or Asian British",
    "Black or Black British",
    "Mixed",
    "Other ethnic group",
    "White",
)
COLUMNS = "force, basis, scheme, reference_date, ethnic_group, residents"
DAY = date(2021, 3, 21)


def take(workspace: Path, *args: str | Path) -> CompletedProcess[str]:
    return run_here("import", "population", *args, cwd=workspace)


def accepted(workspace: Path, *args: str | Path) -> CompletedProcess[str]:
    done = take(workspace, *args)
    assert done.returncode == 0, done.stderr
    return done


def refused(workspace: Path, *args: str | Path) -> str:
    before = tree(workspace)
    done = take(workspace, *args)
    assert done.returncode == 2, done.stdout + done.stderr
    assert tree(workspace) == before
    lines = [line for line in done.stderr.splitlines() if line.startswith("openpeel: ")]
    assert len(lines) == 1, done.stderr
    return lines[0]


def table(path: Path, *lines: str, heading: str = LONG) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([heading, *lines, ""]), encoding="utf-8")
    return path


def census(path: Path, numbers: Sequence[str], area: str = "E23000015,Staffordshire") -> Path:
    return table(path, *(f'2021,{area},{g},"{n}"' for g, n in zip(GROUPS, numbers, strict=True)))


def now(workspace: Path) -> list[tuple[object, ...]]:
    """What today's view holds, past openpeel's own reading."""
    return held(workspace, COLUMNS)


def test_census_table_with_thousands_separators(workspace: Path, tmp_path: Path) -> None:
    done = accepted(workspace, census(tmp_path / "t.csv", ["41,981", "7", "1,234,567", "0", "900"]))
    rows = now(workspace)
    assert {(r[4], r[5]) for r in rows} == {
        ("Asian", 41_981), ("Black", 7), ("Mixed", 1_234_567), ("Other", 0), ("White", 900),
    }  # fmt: skip
    assert {r[:4] for r in rows} == {("staffordshire", "Census", "chinese-in-other", DAY)}
    assert "sorted by the scheme chinese-in-other" in done.stderr
    assert "shared.population" in manifests(workspace)[0]["type"]


def test_mid_year_table_with_one_column_a_force(workspace: Path, tmp_path: Path) -> None:
    file = table(
        tmp_path / "t.csv",
        '2018,"1,021,000",400000',
        "2019,1030000,",
        "NA,NA,NA",
        heading="year,Cheshire,Devon & Cornwall",
    )
    accepted(workspace, file)
    basis = ("Mid-year estimate", "total-only")
    assert now(workspace) == [
        ("cheshire", *basis, date(2018, 6, 30), "All", 1_021_000),
        ("cheshire", *basis, date(2019, 6, 30), "All", 1_030_000),
        ("devon-and-cornwall", *basis, date(2018, 6, 30), "All", 400_000),
    ]
    assert manifests(workspace)[0]["rows"] == {"read": 6, "accepted": 3, "set_aside": 3}
    assert [r["reason"] for r in set_aside(workspace)].count("residents is blank") == 1


def test_mid_year_table_with_a_column_nobody_knows_is_refused(workspace: Path, tmp_path: Path) -> None:
    file = table(tmp_path / "t.csv", "2019,1,2", heading="year,Cheshire,North West")
    assert "column `North West` is not a force" in refused(workspace, file)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("E23000015", "Staffordshire"),
        ("", "Staffordshire Police"),
        ("E23000015", ""),
        ("E23000015", "a name that nobody knows"),
        ("NA", "Staffordshire"),
    ],
)
def test_force_by_code_and_by_name(workspace: Path, tmp_path: Path, code: str, name: str) -> None:
    accepted(workspace, census(tmp_path / "t.csv", "12345", f"{code},{name}"))
    assert {r[0] for r in now(workspace)} == {"staffordshire"}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("E23000015", "Kent"),  # two forces
        ("E10000007", "Derbyshire"),  # the county, which is less than the force's area
        ("E12000005", "West Midlands"),  # the region, which is more
        ("K04000001", "England and Wales"),
        ("", "Atlantis"),
        ("", ""),
    ],
)
def test_area_that_is_not_sure_is_set_aside(workspace: Path, tmp_path: Path, code: str, name: str) -> None:
    good = [f"2021,E23000015,Staffordshire,{g},1" for g in GROUPS]
    accepted(workspace, table(tmp_path / "t.csv", *good, f"2021,{code},{name},White,5"))
    assert len(now(workspace)) == 5
    assert [(r["row"], r["reason"]) for r in set_aside(workspace)] == [("6", "the area is not sure")]


def test_body_out_of_scope_is_kept(workspace: Path, tmp_path: Path) -> None:
    accepted(workspace, census(tmp_path / "t.csv", "12345", ",British Transport Police"))
    assert {r[0] for r in now(workspace)} == {"btp"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2021,E23000015,Staffordshire,Martian,5", "the ethnic group is not one of the five"),
        ("2021,E23000015,Staffordshire,Chinese,5", "the ethnic group is not one of the five"),
        ("2020,E23000015,Staffordshire,White,5", "reference_date cannot be read"),
        ("2021,E23000015,Staffordshire,White,-5", "residents is too small"),
        ("2021,E23000015,Staffordshire,White,5.5", "residents cannot be read"),
        ("2021,E23000015,Staffordshire,White,12%", "residents cannot be read"),
        ("2021,E23000015,Staffordshire,White,", "residents is blank"),
        ("2021,E23000015,Staffordshire,White", "wrong number of fields"),
        ('2021,E23000015,Staffordshire,White,"1,23"', "residents cannot be read"),
        ("NA,NA,NA,NA,NA", "the area is not sure"),
        (",,,,", "the row is empty"),
    ],
)
def test_row_that_cannot_be_used_is_set_aside_with_its_reason(
    workspace: Path, tmp_path: Path, line: str, reason: str
) -> None:
    accepted(workspace, table(tmp_path / "t.csv", "2021,E23000015,Staffordshire,Black,7", line))
    assert [r[5] for r in now(workspace)] == [7]
    assert [r["reason"] for r in set_aside(workspace)] == [reason]


def test_same_key_twice_with_different_numbers_takes_neither(workspace: Path, tmp_path: Path) -> None:
    rows = ["2021,E23000015,Staffordshire,White,5", "2021,E23000015,Staffordshire,White,6"]
    accepted(workspace, table(tmp_path / "t.csv", *rows, "2021,E23000015,Staffordshire,Black,7"))
    assert [(r[4], r[5]) for r in now(workspace)] == [("Black", 7)]
    assert [r["reason"] for r in set_aside(workspace)] == ["one key with different rows"] * 2


def test_same_row_twice_counts_once(workspace: Path, tmp_path: Path) -> None:
    accepted(workspace, table(tmp_path / "t.csv", *["2021,E23000015,Staffordshire,White,5"] * 2))
    assert [r[5] for r in now(workspace)] == [5]


def test_scheme_option(workspace: Path, tmp_path: Path) -> None:
    file = census(tmp_path / "t.csv", "12345")
    done = accepted(workspace, file, "--scheme", "chinese-in-asian")
    assert {r[2] for r in now(workspace)} == {"chinese-in-asian"}
    assert "chinese-in-asian" in done.stderr
    assert "--scheme: there is no scheme 'chinese'" in refused(workspace, file, "--scheme", "chinese")


def test_importing_again_changes_nothing(workspace: Path, tmp_path: Path) -> None:
    file = census(tmp_path / "t.csv", "12345")
    accepted(workspace, file)
    before = tree(workspace)
    assert "nothing new" in accepted(workspace, file).stdout
    assert tree(workspace) == before


def test_corrected_table_replaces_by_key_and_keeps_the_rest(workspace: Path, tmp_path: Path) -> None:
    accepted(workspace, census(tmp_path / "a.csv", "12345"), "--supplied", "2022-01-01")
    correction = table(tmp_path / "b.csv", "2021,E23000015,Staffordshire,White,99")
    accepted(workspace, correction, "--supplied", "2022-06-01")
    assert [e["rows"] for e in all_entries(workspace)] == [5, 5]
    assert {(r[4], r[5]) for r in now(workspace)} == {
        ("Asian", 1), ("Black", 2), ("Mixed", 3), ("Other", 4), ("White", 99),
    }  # fmt: skip


def test_corrected_table_answers_by_what_was_known(workspace: Path, tmp_path: Path) -> None:
    from helpers import write_search_file

    search = write_search_file(tmp_path / "2021-07-staffordshire-stop-and-search.csv",
                               [{"Date": "2021-07-10T12:00:00Z"}])  # fmt: skip
    run_here("import", "police-uk", search, "--supplied", "2021-09-01", cwd=workspace)
    accepted(workspace, census(tmp_path / "a.csv", ["0", "0", "0", "0", "1,000"]), "--supplied", "2022-01-01")
    correction = table(tmp_path / "b.csv", "2021,E23000015,Staffordshire,White,500")
    accepted(workspace, correction, "--supplied", "2022-06-01")
    values = {}
    for day in ("2021-12-31", "2022-05-31", "2022-06-01"):
        done = run_here("measure", "powers.searches_per_1000", "--force", "staffordshire", "--period",
                        "2021-07", "--as-at", day, "--format", "json", cwd=workspace)  # fmt: skip
        assert done.returncode == 0, done.stderr
        values[day] = json.loads(done.stdout)[0]["value"]
    assert values == {"2021-12-31": None, "2022-05-31": pytest.approx(1), "2022-06-01": pytest.approx(2)}


@pytest.mark.parametrize(
    ("heading", "what"),
    [
        ("Type,Date,Outcome", "is not a population table"),
        ("Year,Area,Population", "column `Area` is not a force"),  # any area may call itself that
        ("Year", "is not a population table"),
        (LONG.replace("Geocode", "Population"), "two columns called Population"),
    ],
)
def test_what_is_no_population_table_is_refused(
    workspace: Path, tmp_path: Path, heading: str, what: str
) -> None:
    assert what in refused(workspace, table(tmp_path / "t.csv", heading=heading))


def test_table_none_of_whose_rows_can_be_used_is_refused(workspace: Path, tmp_path: Path) -> None:
    assert "none of its 1 rows can be accepted" in refused(
        workspace, table(tmp_path / "t.csv", "2021,,Atlantis,White,5")
    )


def test_good_tables_are_imported_and_bad_ones_named(workspace: Path, tmp_path: Path) -> None:
    census(tmp_path / "in" / "a.csv", "12345")
    (tmp_path / "in" / "b.csv").write_text("hello\n")
    done = take(workspace, tmp_path / "in")
    assert done.returncode == 2
    assert len(now(workspace)) == 5
    assert "b.csv" in done.stderr
