"""``import public`` end to end: every kind by its name, small hand-made files, and one clear line where it fails."""

from __future__ import annotations

from pathlib import Path
from subprocess import CompletedProcess

import pytest

from helpers import held, manifests, run_here, set_aside, tree
from openpeel.catalogue import shipped
from openpeel.sources import home_office
from openpeel.sources.public import PUBLIC_KINDS

STREET = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type"
OUTCOMES = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type"
)
PLACE = "2019-07,Kent Police,Kent Police,0.872,51.148,On or near Park Road,E01024007,Ashford 001A"
TO_FORCES = "ltla24_code,ltla24_name,csp24_code,csp24_name,pfa24_code,pfa24_name"
ASHFORD = "E07000105,Ashford,E22000180,Ashford,E23000032,Kent"


def write(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def public(workspace: Path, *args: str | Path) -> CompletedProcess[str]:
    done = run_here("import", "public", *args, cwd=workspace)
    assert done.returncode == 0, done.stderr
    return done


def refused(workspace: Path, *args: str | Path) -> str:
    """The one line of a refusal; nothing of the import may be there."""
    before = tree(workspace)
    done = run_here("import", "public", *args, cwd=workspace)
    assert done.returncode == 2, done.stdout + done.stderr
    assert tree(workspace) == before
    (line,) = [x for x in done.stderr.splitlines() if x.startswith("openpeel: ")]
    return line


def street(folder: Path, *ids: str, month: str = "2019-07", force: str = "kent") -> Path:
    place = PLACE.replace("2019-07", month)
    return write(folder / f"{month}-{force}-street.csv", STREET, *(f"{i},{place},Burglary" for i in ids))


def outcomes(folder: Path, *ids: str, month: str = "2019-07", force: str = "kent") -> Path:
    place = PLACE.replace("2019-07", month)
    rows = (f"{i},{place},Suspect charged" for i in ids)
    return write(folder / f"{month}-{force}-outcomes.csv", OUTCOMES, *rows)


# The list of kinds


@pytest.mark.parametrize("args", [[], ["--list"], ["street-crime", "--list"]])
def test_the_list_names_every_kind(tmp_path: Path, args: list[str]) -> None:
    done = public(tmp_path, *args)  # no workspace is needed
    lines = done.stdout.splitlines()
    for kind in PUBLIC_KINDS.values():
        (line,) = [x for x in lines if x.split()[:1] == [kind.name]]
        assert kind.title in line and kind.mapping.type.id in line
    assert not done.stderr


def test_there_are_eighteen_kinds_of_types_in_the_catalogue() -> None:
    own = ["street-crime", "street-outcomes", "answer-times", "area-lookup", "area-population", "deprivation"]
    assert list(PUBLIC_KINDS) == [*own, *home_office.KINDS]
    assert len({k.mapping.type.id for k in PUBLIC_KINDS.values()}) == len(PUBLIC_KINDS) == 18
    for kind in PUBLIC_KINDS.values():
        assert shipped().types[kind.mapping.type.id] is kind.mapping.type
        assert kind.title and kind.title == kind.title.strip()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("stret-crime", "did you mean street-crime"),
        ("arrest", "did you mean arrests"),
        ("xyzzy", "`openpeel import public --list` lists the kinds"),
    ],
)
def test_an_unknown_kind_names_near_ones(workspace: Path, tmp_path: Path, name: str, hint: str) -> None:
    line = refused(workspace, name, street(tmp_path / "in", "a"))
    assert f"there is no kind of public table `{name}`" in line and hint in line


def test_a_kind_without_a_file(workspace: Path) -> None:
    assert "no file is named" in refused(workspace, "arrests")


def test_a_path_that_is_not_there(workspace: Path, tmp_path: Path) -> None:
    assert "there is no such file or folder" in refused(workspace, "arrests", tmp_path / "none.csv")


# Street crime and outcomes


def test_street_crime_and_outcomes_come_in_and_join(workspace: Path, tmp_path: Path) -> None:
    done = public(workspace, "street-crime", street(tmp_path, "a", "b", "b", ""))
    assert "4 rows read = 4 accepted + 0 set aside" in done.stdout
    assert "no join by crime id" in done.stderr and "Kent 2019-07" in done.stderr
    assert "Join" not in done.stdout
    done = public(workspace, "street-outcomes", outcomes(tmp_path, "a", "a", "b", "c"))
    (row,) = [x for x in done.stdout.splitlines() if x.split()[:2] == ["Kent", "2019-07"]]
    # outcomes, matched, unmatched, ids on several rows; crimes, without id, ids on several rows
    assert row.split()[2:] == ["4", "3", "1", "1", "4", "1", "1"]
    assert "4 outcomes = 3 matched to a crime of the same month's file + 1 unmatched" in done.stdout
    assert [m["type"] for m in manifests(workspace)] == [
        "investigating.street_crime",
        "investigating.street_outcome",
    ]


def test_the_join_is_that_of_each_force_and_month(workspace: Path, tmp_path: Path) -> None:
    for month, force in (("2019-07", "kent"), ("2019-08", "kent"), ("2019-07", "essex")):
        street(tmp_path / "in", f"{force}{month}", month=month, force=force)
    outcomes(tmp_path / "in", "kent2019-07", "kent2019-08", "essex2019-07")
    outcomes(tmp_path / "in", "essex2019-07", month="2019-08", force="essex")
    public(workspace, "street-crime", tmp_path / "in")
    done = public(workspace, "street-outcomes", "--brief", tmp_path / "in")
    # Kent in July has both; its crime of August and Essex's are not in the same file. Essex has no crimes of August.
    assert "3 outcomes = 1 matched to a crime of the same month's file + 2 unmatched" in done.stdout
    assert done.stderr.splitlines()[-1].endswith("in the workspace: Essex 2019-08")
    assert "Kent" not in done.stdout  # brief


def test_crimes_that_come_after_their_outcomes_join_too_and_a_corrected_file_counts_once(
    workspace: Path, tmp_path: Path
) -> None:
    public(workspace, "street-outcomes", outcomes(tmp_path, "a", "b"))
    done = public(workspace, "street-crime", "--brief", street(tmp_path, "a"))
    assert "2 outcomes = 1 matched" in done.stdout
    done = public(workspace, "street-crime", "--brief", street(tmp_path, "a", "b"))
    assert "2 outcomes = 2 matched" in done.stdout
    done = public(workspace, "street-crime", "--brief", street(tmp_path, "a", "b"))
    assert "nothing new" in done.stdout and "2 outcomes = 2 matched" in done.stdout


def test_a_body_that_is_no_force_is_said_and_kept(workspace: Path, tmp_path: Path) -> None:
    done = public(workspace, "street-crime", street(tmp_path, "a", force="northern-ireland"))
    assert "is not one of the forces compared: kept" in done.stderr
    assert held(workspace, "force") == [("northern-ireland",)]


def test_good_files_come_in_and_bad_ones_are_named(workspace: Path, tmp_path: Path) -> None:
    street(tmp_path / "in", "a")
    write(tmp_path / "in" / "2019-07-atlantis-street.csv", STREET, f"a,{PLACE},Burglary")
    write(tmp_path / "in" / "notes.txt", "hello")
    outcomes(tmp_path / "in", "a")
    done = run_here("import", "public", "street-crime", tmp_path / "in", cwd=workspace)
    assert done.returncode == 2
    assert "1 rows read = 1 accepted" in done.stdout
    assert sum(x.startswith("openpeel: refused ") for x in done.stderr.splitlines()) == 1
    assert sum(x.startswith("skipped ") for x in done.stderr.splitlines()) == 2
    assert len(held(workspace, "crime_id")) == 1


# Areas


def test_areas_need_the_lookup_first(workspace: Path, tmp_path: Path) -> None:
    residents = write(
        tmp_path / "mid-2020-by-lad21.csv",
        "ltla21_code,ltla21_name,Total Population,0",
        "E07000105,Ashford,9,9",
    )
    deprived = write(
        tmp_path / "imd2019.csv", "lsoa11_code,IMD_rank,IMD_decile", "E01024007,1,1", "E01024008,2,1"
    )
    for kind, file in (("area-population", residents), ("deprivation", deprived)):
        line = refused(workspace, kind, file)
        assert "import the area lookup first: `openpeel import public area-lookup" in line
    public(workspace, "area-lookup", write(tmp_path / "lookup.csv", TO_FORCES, ASHFORD))
    done = public(workspace, "area-population", residents)
    assert "2 rows read = 2 accepted" in done.stdout
    assert [m["type"] for m in manifests(workspace)] == ["shared.area_lookup", "shared.area_population"]
    assert "import the lookup tables of these areas first" in refused(workspace, "deprivation", deprived)


def test_a_table_of_areas_without_forces_rests_on_what_is_known(workspace: Path, tmp_path: Path) -> None:
    small = write(
        tmp_path / "small.csv", "lsoa11_code,lsoa21_code,ltla22_code", "E01024007,E01024007,E07000105"
    )
    assert "says which force its areas belong to" in refused(workspace, "area-lookup", small)
    public(workspace, "area-lookup", write(tmp_path / "lookup.csv", TO_FORCES, ASHFORD))
    done = public(workspace, "area-lookup", small)
    assert "2 rows read = 2 accepted" in done.stdout
    deprived = write(tmp_path / "imd2019.csv", "lsoa11_code,IMD_rank,IMD_decile", "E01024007,1,1")
    public(workspace, "deprivation", deprived)
    assert "nothing new" in public(workspace, "deprivation", deprived).stdout


# Published counts


def test_published_counts_come_in_with_their_notes(workspace: Path, tmp_path: Path) -> None:
    workforce = write(
        tmp_path / "workforce.csv",
        "date,geo_code,force_name,sex,rank_description,worker_type,total_headcount,total_fte",
        "2021-03-01,E23000032,Kent,Female,Constable,police officer,7,6.6",
        "2021-03-01,E23000099,Atlantis,Female,Constable,police officer,7,6.6",
    )
    done = public(workspace, "workforce", "--supplied", "2021-08-01", workforce)
    assert "2 rows read = 1 accepted + 1 set aside" in done.stdout
    assert "note: workforce.csv: counted_on reads 2021-03-01 and is taken as 2021-03-31" in done.stderr
    assert [r["reason"] for r in set_aside(workspace)] == ["the force is not known"]
    assert manifests(workspace)[0]["known_from"] == "2021-08-01"
    assert held(workspace, "force, headcount") == [("kent", 7)]


def test_a_table_of_another_kind_is_named(workspace: Path, tmp_path: Path) -> None:
    arrests = write(
        tmp_path / "arrests.csv",
        "force_name,year_ending,offence_group,ethnic_group,age_group,sex,arrests",
        "Kent,2017-03-31,Burglary,White,10 - 17 years,Male,3",
    )
    assert "import it as arrests" in refused(workspace, "workforce", arrests)
    public(workspace, "arrests", arrests)
    assert [m["type"] for m in manifests(workspace)] == ["powers.published_arrests"]


def test_answer_times(workspace: Path, tmp_path: Path) -> None:
    table = write(
        tmp_path / "answer-times.csv",
        "Force,Month,Calls,Under 10 seconds,10 to under 60 seconds,60 seconds or more,Mean seconds",
        "Kent Police,2021-11,4200,3600,500,100,9.4",
    )
    public(workspace, "answer-times", table)
    assert held(workspace, "force, calls") == [("kent", 4200)]
    assert "percentages without counts" in refused(
        workspace,
        "answer-times",
        write(tmp_path / "shares.csv", "Force,Month,Percent under 10 seconds", "Kent,2021-11,90"),
    )


def test_published_counts_are_in_no_measure(workspace: Path) -> None:
    published = {t.id for t in shipped().types.values() if t.kind == "published count"}
    assert len(published) > 12
    assert not published & {m.of for m in shipped().measures.values()}


@pytest.mark.parametrize("day", ["2199-01-01", "July"])
def test_a_day_that_cannot_be(workspace: Path, tmp_path: Path, day: str) -> None:
    refused(workspace, "street-crime", "--supplied", day, street(tmp_path / "in", "a"))


def test_without_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    line = refused(tmp_path / "empty", "street-crime", street(tmp_path / "in", "a"))
    assert "is not an openpeel workspace" in line
