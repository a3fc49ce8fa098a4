"""Tables by area: every area gets its force whatever the year of its code, and nobody counts twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from helpers import held, set_aside
from openpeel.engine.intake.commit import Intake, take_in
from openpeel.engine.intake.mapping import Mapping, Part
from openpeel.errors import UserError
from openpeel.register import load_register
from openpeel.sources.ons import area_population, areas, deprivation
from openpeel.sources.ons.areas import AreaLookup

REGISTER = load_register("england-and-wales")
KENT, SURREY = "E23000032", "E23000031"
TO_FORCES = "ltla24_code,ltla24_name,csp24_code,csp24_name,pfa24_code,pfa24_name"
LOOKUP = AreaLookup(
    {
        "LAD": {"E07000001": "kent", "E07000002": "surrey"},
        "LSOA21": {"E01000001": "kent", "E01000002": "surrey"},
        "LSOA11": {"E01000001": "kent", "E01000002": "surrey", "W01000001": "gwent"},
    }
)
Taken = tuple[Intake, list[UserError], list[str]]


def table(path: Path, heading: str, *rows: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
    return path


def take(workspace: Path, mapping: Mapping, reader: Callable[..., Iterator[Part]], *paths: Path) -> Taken:
    refused: list[UserError] = []
    skipped: list[str] = []
    known = AreaLookup() if mapping is areas.AREA_LOOKUP_TABLES else LOOKUP
    parts = reader(list(paths), REGISTER, refused, skipped, lambda _: None, known)
    intake = take_in(workspace, mapping, parts)
    return intake, [*refused, *intake.refused], skipped


def lookups(workspace: Path, *paths: Path) -> Taken:
    return take(workspace, areas.AREA_LOOKUP_TABLES, areas.read_parts, *paths)


def residents(workspace: Path, *paths: Path) -> Taken:
    return take(workspace, area_population.AREA_POPULATION_TABLES, area_population.read_parts, *paths)


def deprived(workspace: Path, *paths: Path) -> Taken:
    return take(workspace, deprivation.DEPRIVATION_TABLES, deprivation.read_parts, *paths)


def to_forces(folder: Path) -> Path:
    return table(
        folder / "to-forces.csv",
        TO_FORCES,
        f"E07000001,One,E22000001,North,{KENT},Kent",
        f"E07000001,One,E22000002,South,{KENT},Kent",
        f"E06000002,Two,E22000003,Two,{SURREY},Surrey",
    )


def test_a_district_with_two_partnerships_is_one_area(workspace: Path, tmp_path: Path) -> None:
    intake, refused, _ = lookups(workspace, to_forces(tmp_path))
    assert not refused
    assert held(workspace, "force, area_kind, vintage, area_code, csp_code, effective_on") == [
        ("kent", "LAD", "2024", "E07000001", "E22000001 E22000002", date(2024, 12, 31)),
        ("surrey", "LAD", "2024", "E06000002", "E22000003", date(2024, 12, 31)),
    ]
    notes = intake.files[0].notes
    assert notes[1] == (
        "1 areas (LAD) have 2 community safety partnerships: 1 rows more than areas, none counted twice"
    )


def test_codes_of_other_years_are_followed_to_a_force(workspace: Path, tmp_path: Path) -> None:
    years = table(
        tmp_path / "years.csv",
        "ltla22_code,ltla22_name,ltla23_code,ltla23_name",
        "E07000001,One,E07000001,One",
        "E07000008,Old,E06000002,Two",
        "S12000005,Scots,S12000005,Scots",
    )
    small = table(
        tmp_path / "small.csv",
        "lsoa11_name,lsoa11_code,change_code,lsoa21_name,lsoa21_code,ltla22_name,ltla22_code",
        "A,E01000001,U,A,E01000001,One,E07000001",
        "B,E01000002,S,B1,E01000003,Old,E07000008",
        "B,E01000002,S,B2,E01000004,Old,E07000008",
    )
    ever = table(
        tmp_path / "ever.csv",
        "LADCD,LADNM,LADCD_ACTIVE,LADNM_ACTIVE",
        "E07000001,One,E08000009,One",
        "E08000009,One,E08000009,One",
    )
    intake, refused, _ = lookups(workspace, to_forces(tmp_path), years, small, ever)
    assert not refused
    rows = {
        r[:3]: r[3:]
        for r in held(workspace, "area_kind, vintage, area_code, force, parent_code, becomes_code")
    }
    assert rows[("LAD", "2022", "E07000008")] == ("surrey", None, "E06000002")
    assert rows[("LSOA11", "2011", "E01000002")] == ("surrey", "E07000008", "E01000003 E01000004")
    assert rows[("LSOA21", "2021", "E01000004")] == ("surrey", "E07000008", None)
    assert rows[("LAD", "ever", "E08000009")] == ("kent", None, "E08000009")
    notes = {Path(f.file).name: f.notes for f in intake.files}
    assert any("placed by the codes that replaced them (E07000008)" in n for n in notes["years.csv"])
    assert any("placed by the codes that they replaced (E08000009)" in n for n in notes["ever.csv"])
    assert {(r["reason"], r["detail"]) for r in set_aside(workspace)} == {(areas.NO_FORCE, "S12000005")}
    assert intake.read() == intake.accepted() + 2  # the Scottish code, in the lists of two years

    known = areas.lookup_of(workspace)
    assert known.force_of("LSOA21", "E01000004") == "surrey"
    assert known.force_of("LAD", "E08000009") == "kent"
    assert known.force_of("LAD", "E01000001") is None
    assert known.forces_of("LAD", pa.array(["E07000001", "x"])).to_pylist() == ["kent", None]


def test_a_table_without_forces_uses_what_is_known_and_is_refused_alone(
    workspace: Path, tmp_path: Path
) -> None:
    years = table(tmp_path / "y.csv", "LAD22CD,LAD23CD", "E07000002,E06000002")
    _, refused, _ = lookups(workspace, years)
    assert [e.what for e in refused] == ["no table here says which force its areas belong to"]
    lookups(workspace, to_forces(tmp_path))
    found = areas.read_lookup([years], REGISTER, [], [], lambda _: None, areas.lookup_of(workspace))
    assert found.force_of("LAD", "E07000002") == "surrey"


def test_the_later_vintage_of_a_code_holds() -> None:
    rows = [("kent", "LAD", "2024", "E1"), ("surrey", "LAD", "2016", "E1")]
    assert AreaLookup.from_rows(rows).force_of("LAD", "E1") == "kent"


def test_an_empty_workspace_has_an_empty_lookup(workspace: Path) -> None:
    assert areas.lookup_of(workspace) == AreaLookup()


def test_other_files_are_skipped_in_a_folder_and_refused_by_name(workspace: Path, tmp_path: Path) -> None:
    other = table(tmp_path / "in" / "other.csv", "a,b", "1,2")
    for reader, what in (
        (lookups, "not a lookup table of areas"),
        (residents, "not a table of residents by area"),
        (deprived, "not a table of deprivation"),
    ):
        _, refused, skipped = reader(workspace, tmp_path / "in")
        assert (refused, skipped) == ([], [f"{other}: {what}"])
        _, refused, skipped = reader(workspace, other)
        assert [e.what for e in refused] == [f"is {what}"] and not skipped


def test_counts_by_ethnic_group_come_in_and_percentages_do_not(workspace: Path, tmp_path: Path) -> None:
    file = table(
        tmp_path / "eth.csv",
        "ltla21_code,ltla21_name,ethnic_group,value",
        "E07000001,One,White: Irish (number),10.0",
        "E07000001,One,White: Irish (percent),1.5",
        'E07000001,One,"Asian, Asian British or Asian Welsh: Chinese (number)",5.0',
        "E07000001,One,Martian (number),5.0",
        "E07000009,Nowhere,White: Irish (number),5.0",
    )
    intake, refused, _ = residents(workspace, file)
    assert not refused and (intake.read(), intake.accepted()) == (5, 2)
    assert held(workspace, "ethnic_group, ethnic_group_five, scheme, divided_by, subtotal, residents") == [
        (
            "Asian, Asian British or Asian Welsh: Chinese",
            "Asian",
            "chinese-in-asian",
            "ethnic group",
            None,
            5,
        ),
        ("White: Irish", "White", "chinese-in-asian", "ethnic group", None, 10),
    ]
    assert {r["row"]: r["reason"] for r in set_aside(workspace)} == {
        "2": "a percentage: it is worked out from the counts",
        "4": "ethnic_group_five cannot be read",
        "5": areas.NO_FORCE,
    }
    assert "percent rows left out: 1" in intake.files[0].notes


@pytest.mark.parametrize(("total", "says"), [("15", "in all 1 areas"), ("16", "in 1 of 1 areas")])
def test_groups_of_small_areas_are_held_against_their_total(
    workspace: Path, tmp_path: Path, total: str, says: str
) -> None:
    file = table(
        tmp_path / "lsoa.csv",
        "lsoa21_code,total_residents,ethnic_group,n,prop",
        f"E01000001,{total},White,10,0.6",
        f"E01000001,{total},Other ethnic group,5,0.4",
    )
    intake, _, _ = residents(workspace, file)
    assert held(workspace, "area_kind, divided_by, sum(residents) OVER ()")[0] == (
        "LSOA21",
        "five ethnic groups",
        15,
    )
    assert says in intake.files[0].notes[-1]


def test_totals_by_age_are_marked(workspace: Path, tmp_path: Path) -> None:
    file = table(
        tmp_path / "mid-2020-ages.csv",
        "ltla21_code,ltla21_name,total_population,0,1,90+",
        "E07000001,One,6,1,2,3",
    )
    residents(workspace, file)
    assert held(workspace, "basis, reference_date, age_band, subtotal, residents") == [
        ("Mid-year estimate", date(2020, 6, 30), "0", None, 1),
        ("Mid-year estimate", date(2020, 6, 30), "1", None, 2),
        ("Mid-year estimate", date(2020, 6, 30), "90+", None, 3),
        ("Mid-year estimate", date(2020, 6, 30), "All", "all residents", 6),
    ]
    nameless = table(tmp_path / "ages.csv", "ltla21_code,total_population,0", "E07000001,6,6")
    _, refused, _ = residents(workspace, nameless)
    assert refused[0].what == "neither headings nor name tell the year"


SEXES = (
    "ltla21_code,total_population,total_females,total_males,younger_females,working_age_females,"
    "older_females,younger_males,working_age_males,older_males"
)


def test_age_bands_that_leave_residents_out_are_set_aside(workspace: Path, tmp_path: Path) -> None:
    intake, _, _ = residents(workspace, table(tmp_path / "s.csv", SEXES, "E07000001,20,12,8,3,4,4,2,3,3"))
    assert held(workspace, "sex, age_band, subtotal, residents") == [
        ("All", "All", "all residents", 20),
        ("Female", "All", None, 12),
        ("Male", "All", None, 8),
    ]
    assert {r["reason"] for r in set_aside(workspace)} == {
        "an age band of a table whose bands leave residents out"
    }
    assert any("hold 19 of 20 residents" in n for n in intake.files[0].notes)


def test_age_bands_that_add_up_are_kept_below_their_totals(workspace: Path, tmp_path: Path) -> None:
    intake, _, _ = residents(workspace, table(tmp_path / "s.csv", SEXES, "E07000001,20,12,8,4,4,4,2,3,3"))
    assert intake.accepted() == 9
    leaves = [r for r in held(workspace, "sex, age_band, subtotal, residents") if r[2] is None]
    assert sum(r[3] for r in leaves) == 20 and len(leaves) == 6


def test_estimates_by_year_with_padded_codes(workspace: Path, tmp_path: Path) -> None:
    file = table(
        tmp_path / "years.csv",
        "code,name,year,population",
        "E07000001\xa0,One\xa0,2020,6",
        "E07000001,One,19,5",
        "E07000001,One,2019,lots",
    )
    intake, _, _ = residents(workspace, file)
    assert held(workspace, "area_code, area_name, reference_date, residents") == [
        ("E07000001", "One", date(2020, 6, 30), 6)
    ]
    assert {r["row"]: r["reason"] for r in set_aside(workspace)} == {
        "2": "reference_date cannot be read",
        "3": "residents cannot be read",
    }
    assert "1 rows have a space behind the area code, which was taken off" in intake.files[0].notes


def test_census_2011_totals_and_parts_do_not_count_twice(workspace: Path, tmp_path: Path) -> None:
    groups = (
        "All categories: Ethnic group",
        "White",
        "White: Irish",
        "White: Other White",
        "Other",
        "Other: Arab",
    )
    heading = "date,geography,geography code,Rural Urban," + ",".join(
        f'"Ethnic Group: {g}; measures: Value"' for g in groups
    )
    file = table(
        tmp_path / "c.csv",
        heading,
        "2011,One,E07000001,Total,10,7,3,4,3,3",
        "2011,One,E07000001,Rural,5,4,2,2,1,1",
    )
    intake, _, _ = residents(workspace, file)
    rows = held(workspace, "ethnic_group, ethnic_group_five, subtotal, residents")
    assert sum(r[3] for r in rows if r[2] is None) == 10
    assert ("White", "White", "one of five ethnic groups", 7) in rows
    assert ("All", "All", "all residents", 10) in rows
    assert {r["reason"] for r in set_aside(workspace)} == {"a part of the area, which is there as a whole"}
    assert intake.read() == 12
    # The part's rows would make parts differ from totals only if they did not add up themselves.
    assert any("the ethnic groups add up" in n for n in intake.files[0].notes)


def test_residents_without_any_known_area_are_refused(workspace: Path, tmp_path: Path) -> None:
    file = table(tmp_path / "y.csv", "code,year,population", "S12000005,2020,6")
    _, refused, _ = residents(workspace, file)
    assert refused[0].what == "none of its areas (LAD) is known"


IMD = "lsoa11_code,IMD_decile,Crime_decile,IMD_rank,Crime_rank"


def test_deprivation_is_one_record_for_each_area_and_domain(workspace: Path, tmp_path: Path) -> None:
    file = table(
        tmp_path / "imd2019.csv", IMD, "E01000001,1,10,1,2", "E01000002,10,1,2,1", "E01000009,5,5,2,2"
    )
    intake, refused, _ = deprived(workspace, file)
    assert not refused and (intake.read(), intake.accepted()) == (6, 4)
    columns = "force, index_name, domain, area_kind, area_code, rank, decile, score, published_on"
    assert held(workspace, columns)[0] == (
        "kent", "IMD 2019 England", "Crime", "LSOA11", "E01000001", 2, 10, None, date(2019, 9, 26),
    )  # fmt: skip
    assert {(r["reason"], r["detail"]) for r in set_aside(workspace)} == {(areas.NO_FORCE, "E01000009")}


def test_scores_of_wales(workspace: Path, tmp_path: Path) -> None:
    file = table(
        tmp_path / "wimd2019-wales.csv",
        "lsoa11_code,IMD_decile,IMD_rank,IMD_score",
        "W01000001,1,1,86.6313573",
    )
    intake, _, _ = deprived(workspace, file)
    assert held(workspace, "force, index_name, score") == [
        ("gwent", "WIMD 2019 Wales", Decimal("86.631357")),
    ]
    assert any("not comparable" in n for n in intake.files[0].notes)


@pytest.mark.parametrize(
    ("name", "rows", "what"),
    [
        (
            "imd2019.csv",
            ("E01000001,10,1,1,1", "E01000002,1,2,2,2"),
            "decile 1 is not the most deprived (Overall",
        ),
        ("imd2019.csv", ("E01000001,1,2,1,3", "E01000002,2,1,2,1"), ""),
        ("imd2019.csv", ("E01000001,1,1,1,1", "E01000002,,5,2,2", "E01000002,1,4,3,3"), "decile 1 is not"),
        ("imd2019.csv", ("E01000001,1,1,5,5",), "has no area of rank 1"),
        ("imd2019.csv", ("W01000001,1,1,1,1",), "1 of its areas are not of the country of IMD 2019 England"),
        ("imd2025.csv", ("E01000001,1,1,1,1",), "IMD 2025 England ranks areas of LSOA21"),
        ("imd2015.csv", ("E01000001,1,1,1,1",), "its name does not tell an index that is understood"),
    ],
)
def test_deciles_turned_round_and_files_misnamed_are_refused(
    workspace: Path, tmp_path: Path, name: str, rows: tuple[str, ...], what: str
) -> None:
    _, refused, _ = deprived(workspace, table(tmp_path / name, IMD, *rows))
    if not what:
        assert not refused
    else:
        assert len(refused) == 1 and refused[0].what.startswith(what)
