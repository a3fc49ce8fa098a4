"""Published tables: each defect that the real ones have, in a file small enough to check by eye."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from helpers import held, set_aside
from openpeel.engine.intake.commit import FileAccount, Intake, take_in
from openpeel.errors import UserError
from openpeel.register import load_register
from openpeel.sources.home_office import KINDS, periods, read_parts
from openpeel.sources.home_office.tactics import Line, leaves

REGISTER = load_register("england-and-wales")


def write(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = "\n".join([*lines, ""]).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def take(kind: str, workspace: Path, *paths: Path) -> tuple[Intake, list[str], list[str]]:
    """Import tables of a kind: the intake, the files refused by name, those skipped."""
    refused: list[UserError] = []
    skipped: list[str] = []
    parts = list(read_parts(kind, list(paths), REGISTER, refused, skipped, lambda _name: None))
    done = take_in(workspace, KINDS[kind].mapping, parts)
    return done, [e.line() for e in (*refused, *done.refused)], skipped


def one(kind: str, workspace: Path, path: Path) -> FileAccount:
    done, refused, skipped = take(kind, workspace, path)
    assert not refused and not skipped
    assert len(done.files) == 1
    return done.files[0]


def days(workspace: Path, *columns: str) -> list[tuple[str, ...]]:
    return [tuple("" if v is None else str(v) for v in row) for row in held(workspace, ", ".join(columns))]


def noted(account: FileAccount, *texts: str) -> None:
    for text in texts:
        assert any(text in note for note in account.notes), f"{text!r} is not in {account.notes}"


WORKFORCE = "date,geo_code,force_name,region,sex,rank_description,worker_type,total_headcount,total_fte"


def test_the_workforce_is_counted_at_the_end_of_march(workspace: Path, tmp_path: Path) -> None:
    file = write(
        tmp_path / "workforce.csv",
        WORKFORCE,
        "2021-03-01,E23000036,Avon & Somerset,South West,Female,Constable,police officer,7,6.6",
        "2021-03-01,E23000036,Avon & Somerset,South West,Prefer not to say,Constable,police officer,0,0",
        "2020-03-31,E23000036,Avon and Somerset,South West,Female,Constable,police officer,NA,5.5",
    )
    account = one("workforce", workspace, file)
    assert days(workspace, "force", "counted_on", "sex", "headcount", "full_time_equivalents") == [
        ("avon-and-somerset", "2020-03-31", "Female", "", "5.500000"),
        ("avon-and-somerset", "2021-03-31", "Female", "7", "6.600000"),
        ("avon-and-somerset", "2021-03-31", "Prefer not to say", "0", "0.000000"),
    ]
    noted(
        account,
        "2021-03-01 and is taken as 2021-03-31 (2 rows)",
        "sex also reads Prefer not to say (on 2021-03-31)",
        "columns not used: region",
        "headcount is blank or NA on 1 of 3 rows",
        "no rows (which is not zero) of Bedfordshire",
    )


def test_a_code_and_a_name_that_differ_set_the_row_aside(workspace: Path, tmp_path: Path) -> None:
    file = write(
        tmp_path / "workforce.csv",
        WORKFORCE,
        "2021-03-31,E23000036,Kent,South West,Female,Constable,police officer,7,6.6",
        "2021-03-31,E99999999,Kent,South West,Female,Constable,police officer,7,6.6",
        "2021-03-31,,Nowhere,South West,Female,Constable,police officer,7,6.6",
        "2021-03-31,E23000032,Kent,South East,Female,Police Support Volunteer,police support volunteer,7,6.6",
        "2020-03-31,,Kent,South East,Female,Police support volunteer,police support volunteer,9,6.6",
    )
    account = one("workforce", workspace, file)
    assert (account.read, account.accepted) == (5, 2)
    assert account.set_aside == {"the force is not known": 3}
    assert [r["detail"] for r in set_aside(workspace)] == [
        "code E23000036 is Avon and Somerset and the name is Kent",
        "`E99999999` is not the code of a force",
        "`Nowhere` is not a force of the register",
    ]
    assert {r[0] for r in days(workspace, "rank")} == {"Police Support Volunteer"}
    noted(account, "`Police support volunteer` is taken as `Police Support Volunteer`")


ARRESTS = "financial_year,force_name,offence_group,ethnic_group,age_group,sex,arrests,year_ending"


def test_blank_categories_are_written_out_and_blank_counts_are_unknown(
    workspace: Path, tmp_path: Path
) -> None:
    file = write(
        tmp_path / "arrests.csv.gz",
        ARRESTS,
        '2016/17,"London, City of",Burglary,NA,Unknown,Male,"1,204",2017-03-31',
        "2016/17,British Transport Police,Burglary,White,,Male,NA,2017-03-31",
        "2015/16,Kent,Burglary,White,Unknown,Male,3,2017-03-31",
        "2016/17,England and Wales,Burglary,White,Unknown,Male,3,2017-03-31",
        "NA,NA,NA,NA,NA,NA,NA,NA",
    )
    account = one("arrests", workspace, file)
    assert days(workspace, "force", "period_start", "ethnic_group", "age_group", "arrests") == [
        ("btp", "2016-04-01", "White", "(not given)", ""),
        ("city-of-london", "2016-04-01", "(not given)", "Unknown", "1204"),
    ]
    assert account.set_aside == {"the row is empty": 1, "two years in one row": 1}
    noted(
        account,
        "1 rows of regions and totals are left out: England and Wales",
        "they are no forces: British Transport Police (1 rows)",
        "arrests is blank or NA on 1 of 2 rows: unknown, not zero",
        "ethnic_group is blank or NA on 1 rows",
    )


def test_a_number_that_became_a_flag_is_unknown(workspace: Path, tmp_path: Path) -> None:
    head = (
        "year_ending,force_name,legislation,reason_for_search_arrest,ethnic_group_self_defined,"
        "ethnicity_self_defined,searches,resultant_arrests,weapons_arrests_s60_only,other_arrests_s60_only,"
        "persons_found_to_be_carrying_a_weapon_s60_only"
    )
    file = write(
        tmp_path / "searches.csv",
        head,
        "2018-03-31,Kent,Section 60 (CJPOA),Anticipation of violence,Mixed,Other Mixed,4,1,TRUE,NA,2",
        "2018-03-31,Kent,Section 60 (CJPOA),Anticipation of violence,Mixed,Mixed White and Asian,NA,NA,NA,NA,NA",
    )
    account = one("stop-search", workspace, file)
    counts = "searches", "arrests", "weapons_arrests", "other_arrests", "found_with_weapon"
    assert days(workspace, *counts) == [("4", "1", "", "", "2"), ("", "", "", "", "")]
    noted(account, "weapons_arrests reads `TRUE` or `FALSE` on 1 rows", "1 rows are kept without any count")


def test_outcomes_have_one_name_for_the_same_count(workspace: Path, tmp_path: Path) -> None:
    def table(name: str, count: str, year: str) -> Path:
        return write(
            tmp_path / name,
            "financial_year,financial_quarter,force_name,offence_description,offence_code,outcome_type,"
            f"{count},force_outcomes_recorded_in_quarter",
            f"{year},4,Staffordshire,Assault,8N,1,-2,7",
            f"{year},5,Staffordshire,Assault,8N,2,1,1",
            "NA,NA,NA,NA,NA,NA,NA,NA",
        )

    old = table("2017.csv", "offences", "2017/18")
    new = table("2018.csv", "force_outcomes_for_offences_recorded_in_quarter", "2018/19")
    done, refused, _ = take("outcomes", workspace, old, new)
    assert not refused
    assert days(workspace, "period_start", "period_end", "offences", "outcomes_recorded") == [
        ("2018-01-01", "2018-03-31", "-2", "7"),
        ("2019-01-01", "2019-03-31", "-2", "7"),
    ]
    for account in done.files:
        assert account.set_aside == {"the row is empty": 1, "period_start cannot be read": 1}
        noted(account, "offences is below zero on 1 rows")


def test_recorded_crime_mends_a_misprinted_date(workspace: Path, tmp_path: Path) -> None:
    file = write(
        tmp_path / "crime.csv",
        "12 months ending,PFA,Region,Offence,Rolling year total number of offences",
        "30-12-2017,Staffordshire,West Midlands,Robbery,972",
        "31-03-2018,Action Fraud,Fraud: Action Fraud,Action Fraud,10",
    )
    account = one("recorded-crime", workspace, file)
    assert days(workspace, "force", "period_start", "period_end", "offences") == [
        ("action-fraud", "2017-04-01", "2018-03-31", "10"),
        ("staffordshire", "2017-01-01", "2017-12-31", "972"),
    ]
    noted(
        account, "30-12-2017 and is taken as 2017-12-31 (1 rows)", "periods overlap", "Action Fraud (1 rows)"
    )


def test_severity_survives_line_breaks_and_regions_with_a_force_s_name(
    workspace: Path, tmp_path: Path
) -> None:
    file = write(
        tmp_path / "severity.csv",
        "offence_group,code,name,year,severity_score,year_ending",
        "Total recorded crime,K04000001,ENGLAND AND WALES,\"Apr '02 to \nMar '03...4\",15.9,2003-03-31",
        "Total recorded crime,E12000005,West Midlands,\"Apr '02 to \nMar '03...4\",14.1,2003-03-31",
        "Total recorded crime,E23000014,West Midlands,\"Apr '02 to \nMar '03...4\",16.00000049,2003-03-31",
        "Total recorded crime,E23000034,City of London,\"Apr '02 to \nMar '03...4\",:,2003-03-31",
    )
    account = one("severity", workspace, file)
    assert days(workspace, "force", "severity_score") == [
        ("city-of-london", ""),
        ("west-midlands", "16.000000"),
    ]
    noted(
        account,
        "2 rows of regions and totals are left out: ENGLAND AND WALES, West Midlands",
        "reads `:` on 1 rows",
    )


def test_breath_tests_are_not_counted_twice(workspace: Path, tmp_path: Path) -> None:
    file = write(
        tmp_path / "breath.csv",
        "year,force,quarter,month,tests,type,count",
        "2002,Kent,Q1,February,100,positive,30",
        "2002,Kent,Q1,February,100,negative,70",
        "2002,Gwent,Q1,February,88,positive,116",
        "2002,Gwent,Q1,February,88,negative,-28",
        "2002,Norfolk,Q1,February,10,positive,3",
        "2002,Norfolk,Q1,February,10,negative,6",
        "NA,NA,NA,NA,NA,positive,NA",
    )
    account = one("breath-tests", workspace, file)
    assert days(workspace, "force", "period_end", "result", "tests") == [
        ("gwent", "2002-02-28", "negative", ""),
        ("gwent", "2002-02-28", "positive", "116"),
        ("kent", "2002-02-28", "negative", "70"),
        ("kent", "2002-02-28", "positive", "30"),
        ("norfolk", "2002-02-28", "negative", "6"),
        ("norfolk", "2002-02-28", "positive", "3"),
    ]
    assert account.set_aside == {"the force is not known": 1}
    noted(
        account,
        "1 of 3 published totals are not the sums of their parts: Norfolk 2002-02-28 10 against 9",
        "tests is below zero on 1 rows and is unknown there",
    )


def test_officers_in_a_wide_table_leave_regions_out(workspace: Path, tmp_path: Path) -> None:
    file = write(
        tmp_path / "officer-fte" / "2019.csv",
        "Force/Region,September 2018,March 2019,note",
        "West Midlands,30.5,40,x",
        "Staffordshire3,10.5,15,x",
        "West Midlands,20,25,x",
        "Wales,5,6,x",
        "Gwent,5,7,x",
        "Total 43 forces,35.5,47,x",
        "British Transport Police,3,..,x",
    )
    account = one("officers", workspace, file)
    assert days(workspace, "force", "counted_on", "basis", "full_time_equivalents", "headcount") == [
        ("btp", "2018-09-30", "full-time equivalent", "3.000000", ""),
        ("gwent", "2018-09-30", "full-time equivalent", "5.000000", ""),
        ("gwent", "2019-03-31", "full-time equivalent", "7.000000", ""),
        ("staffordshire", "2018-09-30", "full-time equivalent", "10.500000", ""),
        ("staffordshire", "2019-03-31", "full-time equivalent", "15.000000", ""),
        ("west-midlands", "2018-09-30", "full-time equivalent", "20.000000", ""),
        ("west-midlands", "2019-03-31", "full-time equivalent", "25.000000", ""),
    ]
    assert account.set_aside == {"full_time_equivalents cannot be read": 1}
    noted(
        account,
        "columns not used: note",
        "6 rows of regions and totals are left out: Total 43 forces, Wales, West Midlands",
        "1 of 6 published totals are not the sums of their parts: Wales 2019-03-31 6 against 7",
    )


def test_two_editions_of_a_day_stand_side_by_side(workspace: Path, tmp_path: Path) -> None:
    head = "Force/Region,September 2018,March 2019"
    first = write(tmp_path / "fte" / "a.csv", head, "Kent,10.5,11")
    second = write(tmp_path / "fte" / "b.csv", "Force/Region,September 2018,September 2019", "Kent,10.6,12")
    people = write(tmp_path / "headcount" / "a.csv", head, "Kent,11,12")
    done, refused, _ = take("officers", workspace, first, second, people)
    assert not refused and done.accepted() == 6
    assert len(days(workspace, "counted_on", "basis", "edition")) == 6


def test_whole_numbers_of_officers_need_a_word(workspace: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "x" / "officers.csv", "year,force_name,officers", "2019,Kent,3552")
    _, refused, _ = take("officers", workspace, file)
    assert len(refused) == 1
    assert "does not say whether it counts people or full-time equivalents" in refused[0]


UOF = "Police Force,Type of force,Tactic,White,None,Not reported,Number of times tactic reported"


def tactics(force: str, *rows: str) -> list[str]:
    return [f"{force},{r}" for r in rows]


def test_only_parts_of_the_use_of_force_become_records(workspace: Path, tmp_path: Path) -> None:
    total = "Total (excluding not reported and tactical communication),*Total Tactics"
    file = write(
        tmp_path / "by-ethnicity-force" / "april2019-march2020.csv",
        UOF,
        *tactics("Total England and Wales", f"{total},10,2,1,13", "Firearms,*Total Firearms,4,0,0,4"),
        *tactics(
            "Avon & Somerset",
            f"{total},10,2,1,13",
            "Restraint,*Total Restraint,6,2,1,9",
            'Restraint,"Handcuffing, of which",5,1,1,7',
            "Restraint,Compliant handcuffing,3,,1,4",
            "Restraint,Handcuffing not stated,2,1,0,3",
            "Restraint,Ground restraint,1,1,0,2",
            "Firearms,*Total Firearms,4,0,0,5",
            "Tactical communication,Tactical communication,9,9,9,27",
        ),
    )
    account = one("use-of-force", workspace, file)
    found = days(workspace, "force_type", "tactic", "category", "uses")
    assert ("Firearms", "Firearms", "White", "4") in found
    assert ("Restraint", "Compliant handcuffing", "(none)", "") in found
    assert {f[1] for f in found} == {
        "Compliant handcuffing", "Handcuffing not stated", "Ground restraint", "Firearms", "Tactical communication",
    }  # fmt: skip
    published = sum(int(f[3] or 0) for f in found if f[0] != "Tactical communication")
    assert published == 13
    noted(
        account,
        "the period 2019-04-01 to 2020-03-31 is from the file's name",
        "published totals are not the sums of their parts: Avon & Somerset Firearms *Total Firearms 5 against 4",
        "uses is blank or NA on 1 of 15 rows",
    )


def test_a_total_with_nothing_below_is_a_part() -> None:
    lines = [
        Line("a", "Less lethal weapons", "*Total Less lethal weapons"),
        Line("a", "Less lethal weapons", "CED of which"),
        Line("a", "Other", "Dog use, of which"),
        Line("a", "Other", "Dog bite"),
        Line("a", "Not reported", "*Total Not reported"),
    ]
    assert leaves(lines) == {1: "CED", 3: "Dog bite", 4: "Not reported"}


def test_tables_of_incidents_and_devices(workspace: Path, tmp_path: Path) -> None:
    ced = write(
        tmp_path / "january-december2016-revised.csv",
        "Region,Police force,Total,Total non-discharge,Drawn,Red-dot,Total discharge,Fired,Not stated",
        "North East,*Total North East,10.0,7.0,3.0,4.0,2.0,2.0,1.0",
        "North East,Durham,10.0,6.0,3.0,4.0,2.0,2.0,1.0",
    )
    account = one("ced-uses", workspace, ced)
    assert days(workspace, "force", "period_start", "use", "discharged", "uses") == [
        ("durham", "2016-01-01", "Drawn", "non-discharge", "3"),
        ("durham", "2016-01-01", "Fired", "discharge", "2"),
        ("durham", "2016-01-01", "Not stated", "not stated", "1"),
        ("durham", "2016-01-01", "Red-dot", "non-discharge", "4"),
    ]
    noted(account, "its name says that it is revised", "Durham total non discharge 6 against 7")
    incidents = write(
        tmp_path / "april2017-march2018.csv",
        "Region,Police Force,Total",
        "England and Wales,Total England and Wales,5.0",
        "North East,Total North East ,5.0",
        "North East,Durham,5.0",
    )
    account = one("use-of-force-incidents", workspace, incidents)
    assert account.accepted == 1
    noted(account, "all 2 published totals are the sums of their parts", "England and Wales, North East")


def test_the_name_must_tell_what_the_table_does_not(workspace: Path, tmp_path: Path) -> None:
    incidents = write(tmp_path / "table12.csv", "Region,Police Force,Total", "North East,Durham,5.0")
    _, refused, _ = take("use-of-force-incidents", workspace, incidents)
    assert "its name does not tell the period" in refused[0]
    grant = write(tmp_path / "grant.csv", "force,budget_gbp", "Kent,5")
    _, refused, _ = take("funding", workspace, grant)
    assert "its name does not tell the financial year" in refused[0]
    file = write(tmp_path / "grant-2025-26.csv", "force,budget_gbp", "Kent,5")
    assert one("funding", workspace, file).accepted == 1
    assert days(workspace, "period_start", "period_end", '"grant"') == [("2025-04-01", "2026-03-31", "5")]


def test_a_breakdown_that_is_not_known_is_refused(workspace: Path, tmp_path: Path) -> None:
    file = write(
        tmp_path / "april2019-march2020.csv",
        "Police Force,Type of force,Tactic,Arrested,Hospitalised,Number of times tactic reported",
        "Kent,Other,Dog bite,1,2,3",
    )
    _, refused, _ = take("use-of-force", workspace, file)
    assert "sorts people by something that is not known (Arrested, Hospitalised)" in refused[0]


def test_other_files_are_skipped_in_a_folder_and_refused_when_named(workspace: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    grant = write(folder / "grant-2025-26.csv", "force,budget_gbp", "Kent,5")
    write(folder / "other.csv", "a,b", "1,2")
    write(folder / "table.ods", "x")
    write(folder / "notes.txt", "x")
    done, refused, skipped = take("arrests", workspace, folder)
    assert not refused and not done.files
    assert [s.rsplit("/", 1)[-1] for s in skipped] == [
        "grant-2025-26.csv: is a table of the police grant by force",
        "notes.txt: not a CSV file",
        "other.csv: is not a table of arrests by year (no column force_name, year_ending, offence_group, "
        "ethnic_group, age_group, sex, arrests)",
        "table.ods: the tables as published are not read; their CSV files are",
    ]
    _, refused, _ = take("arrests", workspace, grant)
    assert refused[0].endswith("is a table of the police grant by force; import it as funding")
    with pytest.raises(UserError, match="there is no table 'x'; use one of workforce"):
        list(read_parts("x", [folder], REGISTER, [], [], print))


def test_the_same_table_again_changes_nothing(workspace: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "grant-2025-26.csv", "force,budget_gbp", "Kent,5", "Gwent,7")
    one("funding", workspace, file)
    again, _, _ = take("funding", workspace, file)
    assert again.id == ""
    write(file, "force,budget_gbp", "Kent,6")
    one("funding", workspace, file)
    assert days(workspace, "force", '"grant"') == [("gwent", "7"), ("kent", "6")]


def test_every_kind_is_named_after_itself() -> None:
    for name, table in KINDS.items():
        assert (table.name, table.mapping.scope) == (name, "changes")
        assert table.title and table.mapping.type.kind == "published count"


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (periods.year_to("2018-03-31"), ("2017-04-01", "2018-03-31")),
        (periods.year_to("29-02-2016"), ("2015-03-01", "2016-02-29")),
        (periods.year_to("31-02-2016"), ("31-02-2016", "31-02-2016")),
        (periods.year_to("NA"), ("", "")),
        (periods.financial_year("2018/2019"), ("2018-04-01", "2019-03-31")),
        (periods.financial_year("1999/00"), ("1999-04-01", "2000-03-31")),
        (periods.financial_year("2018/18"), ("2018/18", "2018/18")),
        (periods.financial_year("2018-19-03"), ("2018-19-03", "2018-19-03")),
        (periods.financial_quarter("2018/19", "1"), ("2018-04-01", "2018-06-30")),
        (periods.financial_quarter("2018/19", "3"), ("2018-10-01", "2018-12-31")),
        (periods.financial_quarter("2018/19", "4"), ("2019-01-01", "2019-03-31")),
        (periods.financial_quarter("2018/19", "0"), ("2018/19 0", "2018/19 0")),
        (periods.month("2004", "February"), ("2004-02-01", "2004-02-29")),
        (periods.month("2004", "Feb"), ("2004 Feb", "2004 Feb")),
        (periods.from_name("x/april2018-march2019.csv"), ("2018-04-01", "2019-03-31")),
        (periods.from_name("january-march2017.csv"), ("2017-01-01", "2017-03-31")),
        (periods.from_name("apr2018 to march 2019"), None),
        (periods.from_name("march2019-april2018.csv"), None),
    ],
)
def test_periods(made: object, expected: object) -> None:
    assert made == expected
