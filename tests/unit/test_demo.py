"""The demo world: reproducible, shaped like data.police.uk, with the practices it says it has sown."""

import csv
import hashlib
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from openpeel.errors import UserError
from openpeel.register import load_register
from openpeel.sources.demo import World, write_world
from openpeel.sources.demo.practice import Clock, Linked
from openpeel.sources.demo.profile import profile_of
from openpeel.sources.demo.wording import COLUMNS, GROUPS, NO_FURTHER_ACTION
from openpeel.sources.demo.world import line_up

Row = dict[str, str]
KNOWN = "f5a64ba65776e5fe46470ec196abdcc0a157a760b17269e3662e2c248edc3ee5"
LINKED = "Outcome linked to object of search"
POLICE_UK = (
    "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,"
    "Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,"
    "Outcome linked to object of search,Removal of more than just outer clothing"
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return write_world(tmp_path_factory.mktemp("world"), months=12, scale=0.02)


@pytest.fixture(scope="module")
def rows(world: World) -> dict[str, list[Row]]:
    return {force: [row for file in files_of(world, force) for row in read(file)] for force in world.forces}


def files_of(world: World, force: str) -> list[Path]:
    return sorted(world.searches.glob(f"*/*-{force}-stop-and-search.csv"))


def read(file: Path) -> list[Row]:
    with file.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def digest(folder: Path) -> str:
    found = hashlib.sha256()
    for file in sorted(folder.rglob("*.*")):
        found.update(str(file.relative_to(folder)).encode() + file.read_bytes())
    return found.hexdigest()


def with_linked(world: World, linked: Linked) -> list[str]:
    return [name for name, force in world.forces.items() if force.practice.linked is linked]


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in [("a", 7), ("b", 7), ("c", 8)]:
        write_world(tmp_path / name, months=2, scale=0.01, seed=seed)
    assert digest(tmp_path / "a") == digest(tmp_path / "b") != digest(tmp_path / "c")


def test_the_bytes_of_a_known_world_do_not_drift(tmp_path: Path) -> None:
    write_world(tmp_path, forces=3, months=1, scale=0.01)
    assert digest(tmp_path / "stop-search") == KNOWN, "the demo world has changed: is that meant?"


def test_a_file_does_not_depend_on_which_others_are_written(world: World, tmp_path: Path) -> None:
    small = write_world(tmp_path, forces=4, months=3, scale=0.02)
    for file in small.searches.rglob("*.csv"):
        assert file.read_bytes() == (world.searches / file.relative_to(small.searches)).read_bytes()


def test_all_forces_have_a_file_each_month_but_the_missing_ones(world: World) -> None:
    assert tuple(world.forces) == load_register("demo").ids()
    assert world.months[0] == "2024-04"
    assert world.months[-1] == "2025-03"
    for name, force in world.forces.items():
        months = [file.parent.name for file in files_of(world, name)]
        assert months == [month for month in world.months if month not in force.missing] == list(force.rows)
    assert sum(bool(force.missing) for force in world.forces.values()) == 4
    assert world.files == 43 * 12 - 5 == len(list(world.searches.rglob("*.csv")))


def test_files_have_the_columns_of_police_uk_and_plain_line_ends(world: World) -> None:
    for file in world.searches.rglob("*.csv"):
        content = file.read_bytes()
        assert content.startswith(f"{POLICE_UK}\n".encode())
        assert b"\r" not in content
        assert content.endswith(b"\n")
    assert ",".join(COLUMNS) == POLICE_UK


def test_a_files_month_is_the_local_month_of_its_rows(world: World) -> None:
    london, day_before = ZoneInfo("Europe/London"), 0
    for file in world.searches.rglob("*.csv"):
        stamps = [row["Date"] for row in read(file)]
        assert all(stamp.endswith("+00:00") for stamp in stamps)
        local = {f"{datetime.fromisoformat(stamp).astimezone(london):%Y-%m}" for stamp in stamps}
        assert local <= {file.parent.name}  # a small force may have searched nobody that month
        assert stamps == sorted(stamps)
        day_before += sum(stamp[:7] != file.parent.name for stamp in stamps)
    assert day_before > 0


def test_the_world_counts_its_rows(world: World, rows: dict[str, list[Row]]) -> None:
    assert world.rows == sum(len(found) for found in rows.values())
    assert all(sum(world.forces[name].rows.values()) == len(found) for name, found in rows.items())


def test_outcome_linked_is_filled_by_the_habit_of_each_force(
    world: World, rows: dict[str, list[Row]]
) -> None:
    assert [len(with_linked(world, linked)) for linked in Linked] == [15, 21, 5, 2]
    for name in with_linked(world, Linked.NEVER):
        assert {row[LINKED] for row in rows[name]} == {""}
    for name in with_linked(world, Linked.WITH_OUTCOME):
        assert all(
            (row[LINKED] != "") == (row["Outcome"] not in ("", NO_FURTHER_ACTION)) for row in rows[name]
        )
    for name in with_linked(world, Linked.EVERY_ROW):
        assert {row[LINKED] for row in rows[name]} == {"True", "False"}
        assert share_linked_of_no_further_action(rows[name]) < 0.2
    for name in with_linked(world, Linked.NONSENSE):
        assert share_linked_of_no_further_action(rows[name]) > 0.7


def share_linked_of_no_further_action(found: list[Row]) -> float:
    linked = [row[LINKED] == "True" for row in found if row["Outcome"] == NO_FURTHER_ACTION]
    return sum(linked) / len(linked)


def test_columns_a_force_never_fills_are_blank_and_others_are_not(
    world: World, rows: dict[str, list[Row]]
) -> None:
    columns = {
        "Gender",
        "Age range",
        "Officer-defined ethnicity",
        "Latitude",
        "Legislation",
        "Part of a policing operation",
    }
    sown = set()
    for name, force in world.forces.items():
        blank = {column for column in columns if not any(row[column] for row in rows[name])}
        assert blank == force.practice.blank & columns
        sown |= blank
    assert sown == columns


def test_removal_of_clothing_is_filled_by_some_and_blank_by_others(rows: dict[str, list[Row]]) -> None:
    column = "Removal of more than just outer clothing"
    filled = [any(row[column] for row in found) for found in rows.values()]
    assert (filled.count(True), filled.count(False)) == (37, 6)


def test_exact_duplicates_are_as_many_as_sown_or_a_few_more(world: World, rows: dict[str, list[Row]]) -> None:
    sown = sum(force.duplicates for force in world.forces.values())
    found = sum(len(rows[name]) - len({tuple(row.values()) for row in rows[name]}) for name in rows)
    assert 0 < sown <= found < sown + 10


def test_vehicle_searches_have_no_person(world: World, rows: dict[str, list[Row]]) -> None:
    for name, force in world.forces.items():
        genders = {row["Gender"] for row in rows[name] if row["Type"] == "Vehicle search"}
        assert genders <= ({"Other"} if force.practice.names_vehicles else {""})
    person = ("Age range", "Self-defined ethnicity", "Officer-defined ethnicity")
    vehicles = [row for found in rows.values() for row in found if row["Type"] == "Vehicle search"]
    assert vehicles
    assert not any(row[column] for row in vehicles for column in person)


def test_times_are_written_as_exactly_as_the_force_writes_them(
    world: World, rows: dict[str, list[Row]]
) -> None:
    for name, force in world.forces.items():
        stamps = [row["Date"] for row in rows[name]]
        assert any("." in stamp for stamp in stamps) == (force.practice.clock is Clock.FRACTION)
        if force.practice.clock is Clock.DATE:
            assert {stamp[11:19] for stamp in stamps} == {"00:00:00", "23:00:00"}


def test_objects_fit_powers_and_section_60_comes_in_operations(
    world: World, rows: dict[str, list[Row]]
) -> None:
    found = [row for name in rows for row in rows[name]]
    drugs = Counter(row["Object of search"] for row in found if row["Legislation"].startswith("Misuse"))
    assert drugs["Controlled drugs"] > 0.9 * drugs.total()
    section_60 = [row for row in found if row["Legislation"].endswith("(section 60)")]
    assert section_60
    assert {row["Part of a policing operation"] for row in section_60} <= {"True", ""}
    assert sum(force.section_60 for force in world.forces.values()) >= len(section_60) * 0.9


def test_the_population_table_has_the_layout_of_the_real_one(world: World) -> None:
    text = world.population.read_text(encoding="utf-8")
    table = read(world.population)
    assert text.startswith("Census Year,Geocode,Police Force Area,Self-defined ethnicity,Population\n")
    assert ',"1' in text or ',"2' in text
    assert len(table) == 43 * 5
    assert {row["Census Year"] for row in table} == {"2021"}
    register = load_register("demo")
    for row in table:
        force = register.resolve(row["Geocode"])
        assert force is register.resolve(row["Police Force Area"])
        residents = world.forces[force.id].residents[row["Self-defined ethnicity"]]
        assert int(row["Population"].replace(",", "")) == residents > 0


def test_forces_are_of_the_sizes_and_rates_they_should_be() -> None:
    for place, force in enumerate(line_up(3)):
        profile = profile_of(force, place, 1.0, 3)
        residents = sum(profile.residents.values())
        assert set(profile.residents) == set(GROUPS)
        assert 1.5 <= profile.relative["Black or Black British"] <= 6
        if force.resident_rates:
            assert 349_999 <= residents <= 2_900_001
            assert 1.99 <= 1000 * profile.searches_a_year / residents <= 12.01
        else:
            assert residents < 10_000
            assert 1000 * profile.searches_a_year / residents > 100


def test_more_black_people_are_searched_than_chance_would_have(
    world: World, rows: dict[str, list[Row]]
) -> None:
    def a_resident(words: str, group: str) -> float:
        searched = sum(
            row["Self-defined ethnicity"].startswith(words) for found in rows.values() for row in found
        )
        return searched / sum(force.residents[group] for force in world.forces.values())

    assert 1.5 < a_resident("Black", "Black or Black British") / a_resident("White", "White") < 6


def test_a_story_changes_the_force_it_is_about_from_its_month_on(world: World, tmp_path: Path) -> None:
    surge = write_world(tmp_path, forces=3, months=8, scale=0.02, story="surge")
    for name, force in surge.forces.items():
        before = {month: rows for month, rows in world.forces[name].rows.items() if month in force.rows}
        assert (force.rows == before) == (name != "stonemarsh")
    surged, plain = surge.forces["stonemarsh"].rows, world.forces["stonemarsh"].rows
    assert surged["2024-09"] == plain["2024-09"]
    assert surged["2024-10"] > 1.3 * plain["2024-10"]


def test_the_folder_says_that_everything_is_synthetic(world: World) -> None:
    assert (world.folder / "README.txt").read_text().startswith("Everything in this folder is synthetic")


def test_progress_is_told_a_line_a_force(tmp_path: Path) -> None:
    lines: list[str] = []
    write_world(tmp_path / "new", forces=2, months=1, scale=0.01, progress=lines.append)
    assert [line.split(":")[0] for line in lines] == ["City of Kingsquay", "Stonemarsh"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"forces": 0}, "forces: a demo world has from 1 to 43 forces, not 0"),
        ({"forces": 44}, "from 1 to 43"),
        ({"months": 0}, "at least 1 month"),
        ({"scale": 0}, "above 0"),
        ({"story": "comedy"}, 'no demo story called "comedy"; there are: plain, surge'),
    ],
)
def test_wrong_use_is_refused_before_anything_is_written(
    tmp_path: Path, wrong: dict[str, int], says: str
) -> None:
    with pytest.raises(UserError, match=says):
        write_world(tmp_path / "new", **wrong)  # type: ignore[arg-type]
    assert not (tmp_path / "new").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="name a new or an empty folder"):
        write_world(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]
