"""Lookups, residents by area and deprivation of ``../shared/data`` against an independent reading."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpers import held, new_workspace, set_aside
from openpeel.engine.intake.commit import Intake, take_in
from openpeel.engine.intake.mapping import Mapping, Part
from openpeel.errors import UserError
from openpeel.register import Force, load_register
from openpeel.sources.ons import area_population, areas, deprivation
from openpeel.sources.ons.layouts import PERCENT

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real files (../shared/data) are not there")

REGISTER = load_register("england-and-wales")
TO_FORCES = DATA / "lookups" / "lookup-lad24-csp24-pfa24.csv"
CENSUS_2021 = DATA / "population-census-2021"
BY_YEAR = DATA / "home-office-ons-open-data" / "population-by-area-2001-2020.csv"
CENSUS_2011 = DATA / "population-lad-census-2011" / "la-ethnic-groups.csv"
BY_FORCE = DATA / "population-by-force-census-2011-2021"

Rows = list[dict[str, str]]
Supply = tuple[Path, Intake, list[UserError]]


def rows_of(file: Path) -> Rows:
    """The rows, read with Python's own csv module."""
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def take(
    workspace: Path, mapping: Mapping, reader: Callable[..., Iterator[Part]], paths: list[Path], *more: object
) -> Supply:
    refused: list[UserError] = []
    intake = take_in(workspace, mapping, reader(paths, REGISTER, refused, [], lambda _: None, *more))
    return workspace, intake, [*refused, *intake.refused]


@pytest.fixture(scope="module")
def lookups(tmp_path_factory: pytest.TempPathFactory) -> Supply:
    workspace = new_workspace(tmp_path_factory.mktemp("lookups") / "w")
    paths = [DATA / "lookups", DATA / "population-lad-census-2011"]
    return take(workspace, areas.AREA_LOOKUP_TABLES, areas.read_parts, paths)


@pytest.fixture(scope="module")
def residents(lookups: Supply, tmp_path_factory: pytest.TempPathFactory) -> Supply:
    workspace = new_workspace(tmp_path_factory.mktemp("residents") / "w")
    known = areas.lookup_of(lookups[0])
    paths = [CENSUS_2021, CENSUS_2011, BY_YEAR]
    reader = area_population.read_parts
    return take(workspace, area_population.AREA_POPULATION_TABLES, reader, paths, known)


@pytest.fixture(scope="module")
def deprived(lookups: Supply, tmp_path_factory: pytest.TempPathFactory) -> Supply:
    workspace = new_workspace(tmp_path_factory.mktemp("deprived") / "w")
    known = areas.lookup_of(lookups[0])
    paths = [DATA / "deprivation"]
    return take(workspace, deprivation.DEPRIVATION_TABLES, deprivation.read_parts, paths, known)


def test_every_district_of_2024_is_one_area_of_the_right_force(lookups: Supply) -> None:
    workspace, intake, refused = lookups
    assert not refused
    expected = {r["ltla24_code"]: r["pfa24_code"] for r in rows_of(TO_FORCES)}
    rows = held(workspace, "area_kind, vintage, area_code, force")
    found = {code: force for kind, vintage, code, force in rows if (kind, vintage) == ("LAD", "2024")}
    codes = {f.id: f.code for f in REGISTER.forces if isinstance(f, Force)}
    assert {code: codes[force] for code, force in found.items()} == expected
    assert len(found) == 318
    account = next(f for f in intake.files if Path(f.file) == TO_FORCES)
    assert "7 areas (LAD) have 2 to 4 community safety partnerships: 14 rows more" in account.notes[1]


def test_every_area_of_england_and_wales_has_a_force(lookups: Supply) -> None:
    workspace, intake, _ = lookups
    kinds = Counter(held(workspace, "area_kind, vintage"))
    assert kinds == {
        ("LAD", "2016"): 348,
        ("LAD", "2022"): 331,
        ("LAD", "2023"): 318,
        ("LAD", "2024"): 318,
        ("LAD", "ever"): 368,
        ("LSOA11", "2011"): 34_753,
        ("LSOA21", "2021"): 35_672,
    }
    # Only what lies in Scotland and Northern Ireland is set aside.
    assert {r["detail"][0] for r in set_aside(workspace)} == {"S", "N"}
    assert intake.read() - intake.accepted() == 43 + 43 + 47


def test_codes_of_2016_lead_to_the_force_that_the_table_of_2016_names(lookups: Supply) -> None:
    """The later tables alone, against a table they have not seen."""
    known = areas.read_lookup([DATA / "lookups"], REGISTER, [], [], lambda _: None)
    file = next((DATA / "population-lad-census-2011").glob("Local_Authority_District*.csv"))
    for row in rows_of(file):
        owner = REGISTER.find(row["PFA16CD"])
        assert owner and known.force_of("LAD", row["LAD16CD"]) == owner.id


def total(workspace: Path, where: dict[str, str], leaves: bool = True) -> int:
    names = list(where)
    rows = held(workspace, ", ".join([*(f"CAST({n} AS VARCHAR)" for n in names), "subtotal", "residents"]))
    wanted = tuple(where.values())
    return sum(r[-1] for r in rows if r[:-2] == wanted and (r[-2] is None) == leaves)


def test_census_2021_by_ethnic_group(residents: Supply) -> None:
    workspace, intake, refused = residents
    assert not refused
    source = rows_of(CENSUS_2021 / "ethnicity-by-lad21.csv.gz")
    numbers = [r for r in source if r["ethnic_group"].endswith("(number)")]
    where = {"basis": "Census", "reference_date": "2021-03-21", "divided_by": "ethnic group"}
    assert total(workspace, where) == sum(int(float(r["value"])) for r in numbers) == 59_597_578
    account = next(f for f in intake.files if "ethnicity-by-lad21" in f.file)
    assert account.set_aside == {PERCENT: len(source) - len(numbers)}


def test_census_2021_by_small_area(residents: Supply) -> None:
    source = rows_of(CENSUS_2021 / "ethnicity-by-lsoa21.csv.gz")
    once = {r["lsoa21_code"]: int(r["total_residents"]) for r in source}
    found = total(residents[0], {"divided_by": "five ethnic groups"})
    assert found == sum(int(r["n"]) for r in source) == sum(once.values()) == 59_597_576


def test_census_2021_by_sex_does_not_rest_on_bands_that_leave_people_out(residents: Supply) -> None:
    workspace, intake, _ = residents
    source = rows_of(CENSUS_2021 / "age-sex-by-lad21.csv")
    everybody = sum(int(r["total_population"]) for r in source)
    assert total(workspace, {"divided_by": "age and sex"}) == everybody == 59_597_529
    assert total(workspace, {"divided_by": "age and sex"}, leaves=False) == everybody
    account = next(f for f in intake.files if "age-sex" in f.file)
    assert sum(account.set_aside.values()) == 6 * len(source)


def test_single_years_of_age(residents: Supply) -> None:
    source = rows_of(CENSUS_2021 / "mid-2020-single-year-age-by-lad21.csv")
    ages = [h for h in source[0] if re.fullmatch(r"\d+\+?", h)]
    leaves = total(residents[0], {"divided_by": "single year of age"})
    assert leaves == sum(int(r[age]) for r in source for age in ages)
    assert leaves == sum(int(r["total_population"]) for r in source) == 59_719_724


def test_census_2011_leaves_and_totals_agree(residents: Supply) -> None:
    source = rows_of(CENSUS_2011)
    groups = [h for h in source[0] if h.startswith("Ethnic Group: ")]
    leaves = [h for h in groups[1:] if h.count(": ") > 2]
    everybody = sum(int(r[groups[0]]) for r in source)
    assert len(leaves) == 18
    where = {"basis": "Census", "reference_date": "2011-03-27"}
    assert total(residents[0], where) == sum(int(r[h]) for r in source for h in leaves) == everybody
    # All categories, and the five groups of groups: everybody twice more.
    assert total(residents[0], where, leaves=False) == 2 * everybody == 2 * 56_075_912


def test_estimates_by_year(residents: Supply) -> None:
    expected: dict[str, int] = defaultdict(int)
    for row in rows_of(BY_YEAR):
        expected[row["year"]] += int(row["population"])
    for year in ("2001", "2019", "2020"):
        where = {"divided_by": "nothing", "reference_date": f"{year}-06-30"}
        assert total(residents[0], where) == expected[year]


def test_residents_of_each_force_agree_with_the_table_by_force(residents: Supply) -> None:
    """Districts put together by force against a table that is by force: within one per cent."""
    found: Counter[str] = Counter()
    for force, kind, residents_ in held(residents[0], "force, divided_by, residents"):
        if kind == "five ethnic groups":
            found[force] += residents_
    expected: Counter[str] = Counter()
    for file in BY_FORCE.glob("*.csv"):
        for row in rows_of(file):
            owner = REGISTER.find(row["Geocode"])
            if owner and row["Census Year"] == "2021":
                expected[owner.id] += int(row["Population"].replace(",", ""))
    assert len(found) == len(expected) == 43
    for force, count in expected.items():
        assert found[force] == pytest.approx(count, rel=0.01)


def test_deprivation_is_whole_and_the_right_way_round(deprived: Supply) -> None:
    workspace, intake, refused = deprived
    assert not refused and intake.read() == intake.accepted()
    rows = held(workspace, "index_name, domain, area_code, rank, decile")
    found = {r[:3]: r[3:] for r in rows}
    assert len(found) == len(rows)
    for name, file in {
        "IMD 2019 England": "imd2019-england-lsoa11.csv.gz",
        "IMD 2025 England": "imd2025-england-lsoa21.csv.gz",
        "WIMD 2019 Wales": "wimd2019-wales-lsoa11.csv",
    }.items():
        source = rows_of(DATA / "deprivation" / file)
        for short, domain in (("IMD", "Overall"), ("Crime", "Crime"), ("Income", "Income")):
            for row in source:
                code = row["lsoa11_code"] if "lsoa11_code" in row else row["lsoa21_code"]
                expected = (int(row[f"{short}_rank"]), int(row[f"{short}_decile"]))
                assert found[(name, domain, code)] == expected
        assert sum(key[0] == name for key in found) == len(source) * sum("_rank" in h for h in source[0])
