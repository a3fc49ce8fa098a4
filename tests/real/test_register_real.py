"""The register of England and Wales understands every force name in the real files of ``../shared/data``."""

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from openpeel.register import Force, Register, load_register

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real files (../shared/data) are not there")

COLUMNS = [
    ("crime-outcomes-by-force-2012-2016/outcomes_by_force.csv", "Force"),
    ("crime-outcomes-by-force-2012-2016/crime-outcomes-*.csv.gz", "reported_by"),
    ("drugs-knife-workforce-by-force-2009-2019/seizures/*.csv", "Police Force"),
    ("force-funding/*.csv", "force"),
    ("force-names/forces.csv", "id"),
    ("force-names/forces.csv", "Label"),
    ("home-office-ons-open-data/*-by-force-*.csv*", "force_name"),
    ("home-office-ons-open-data/breath-tests-*.csv", "force"),
    ("home-office-ons-open-data/crime-severity-*.csv", "name"),
    ("lookups/lookup-lad24-csp24-pfa24.csv", "pfa24_name"),
    ("lookups/lookup-lad24-csp24-pfa24.csv", "pfa24_code"),
    ("population-by-force-census-2011-2021/*.csv", "Geocode"),
    ("population-by-force-census-2011-2021/*.csv", "Police Force Area"),
    ("population-lad-census-2011/Local*.csv", "PFA16CD"),
    ("population-lad-census-2011/Local*.csv", "PFA16NM"),
    ("population-lad-census-2011/by-force/*.csv", "PFA16NM"),
    ("population-lad-census-2011/by-force/police-*.csv", "Police force"),
    ("recorded-crime-by-force-2003-2018/*.csv.gz", "PFA"),
    ("use-of-force-2017-2020/*/*.csv", "Police Force"),
    ("workforce-2015-2019/*/*.csv", "Force/Region"),
]
HEADERS = [
    "drugs-knife-workforce-by-force-2009-2019/workforce/workforce_mean.csv",
    "drugs-knife-workforce-by-force-2009-2019/knifecrime/knifecrime_polices.csv",
    "population-by-force-2009-2019/population_policeforces.csv",
]
NOT_FORCES = re.compile(  # regions and totals; and a county that stands in for its force in one file
    r"\*?total.*|england( and wales)?|wales|london|east(ern)?|(north|south) (east|west)|east midlands"
    r"|yorkshire and the humber|na|year|northumberland|",
    re.IGNORECASE,
)


@pytest.fixture
def register() -> Register:
    return load_register("england-and-wales")


def table(file: Path) -> Iterator[list[str]]:
    """Rows of a CSV file, whatever its line ends are and whether it is packed."""
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    text = content.decode("utf-8-sig", "replace")
    return csv.reader(io.StringIO(text if "\n" in text else text.replace("\r", "\n"), newline=""))


def values(pattern: str, column: str) -> set[str]:
    """What stands in a column of that name in all files of the pattern."""
    found: set[str] = set()
    for file in DATA.glob(pattern):
        rows = table(file)
        places = [
            place for place, name in enumerate(next(rows)) if name.strip().casefold() == column.casefold()
        ]
        if places:
            found.update(row[places[0]] for row in rows if len(row) > places[0])
    return found


@pytest.mark.parametrize(("pattern", "column"), COLUMNS)
def test_every_name_in_a_column_of_forces_is_understood(
    register: Register, pattern: str, column: str
) -> None:
    names = {name.strip() for name in values(pattern, column)}
    assert len(names) >= 38
    unknown = {name for name in names if register.find(name) is None}
    assert {name for name in unknown if not NOT_FORCES.fullmatch(name)} == set()


@pytest.mark.parametrize("file", HEADERS)
def test_every_name_in_a_header_of_forces_is_understood(register: Register, file: str) -> None:
    unknown = {name for name in next(table(DATA / file)) if register.find(name) is None}
    assert {name for name in unknown if not NOT_FORCES.fullmatch(name)} == set()


def test_names_of_police_uk_files_and_in_their_rows_are_the_same_force(register: Register) -> None:
    for file in DATA.glob("*/*/*-street.csv*"):
        id = re.sub(r"^\d{4}-\d\d-(.+)-street\.csv(\.gz)?$", r"\1", file.name)
        packed = file.suffix == ".gz"
        with gzip.open(file, "rt", encoding="utf-8") if packed else file.open(encoding="utf-8") as lines:
            row = next(csv.DictReader(lines))
        assert register.resolve(row["Reported by"]).id == register.resolve(row["Falls within"]).id == id


def test_names_of_search_and_outcome_files_are_ids(register: Register) -> None:
    ids = {
        re.sub(r"^\d{4}-\d\d-|-(stop-and-search|outcomes)\.csv(\.gz)?$", "", f.name)
        for f in DATA.glob("*/????-??/*")
    }
    ids = {id for id in ids if "street" not in id}
    assert len(ids) > 40
    assert {id for id in ids if register.resolve(id).id != id} == set()


def test_codes_and_names_agree_with_the_boundaries(register: Register) -> None:
    shapes = json.loads((DATA / "boundaries" / "pfa-dec-2020-england-wales.geojson").read_text())["features"]
    found = {register.resolve(shape["properties"]["PFA20CD"]) for shape in shapes}
    assert (
        found
        == {register.resolve(shape["properties"]["PFA20NM"]) for shape in shapes}
        == set(register.forces)
    )


def test_codes_and_names_agree_with_the_census_table(register: Register) -> None:
    rows = table(next(DATA.glob("population-by-force-census-2011-2021/*.csv")))
    next(rows)
    for _, code, name, *_ in rows:
        force = register.resolve(code)
        assert isinstance(force, Force)
        assert force is register.resolve(name)
