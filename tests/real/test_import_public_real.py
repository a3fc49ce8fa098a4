"""All public tables of ``../shared/data`` by the command, as a user types it, into one workspace."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from decimal import Decimal
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from helpers import all_entries, manifests, new_workspace, run_here
from openpeel.sources.public import PUBLIC_KINDS

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real files (../shared/data) are not there")

OPEN = DATA / "home-office-ons-open-data"
FORCE = DATA / "use-of-force-2017-2020"
CENSUS_2011 = DATA / "population-lad-census-2011"
#: Kind -> its paths, and the rows read and accepted. Folders hold tables of other kinds, too.
QUICK: dict[str, tuple[list[Path], int, int]] = {
    "area-lookup": ([DATA / "lookups", CENSUS_2011], 72_241, 72_108),
    "area-population": (
        [DATA / "population-census-2021", CENSUS_2011 / "la-ethnic-groups.csv",
         OPEN / "population-by-area-2001-2020.csv"],
        239_341, 231_066,
    ),
    "deprivation": ([DATA / "deprivation"], 549_973, 549_973),
    "workforce": ([OPEN], 21_758, 21_758),
    "officers": ([OPEN, DATA / "workforce-2015-2019"], 1_324, 1_323),
    "arrests": ([OPEN], 260_700, 260_700),
    "stop-search": ([OPEN], 85_071, 85_071),
    "recorded-crime": ([DATA / "recorded-crime-by-force-2003-2018"], 46_469, 46_469),
    "severity": ([OPEN], 6_020, 6_020),
    "use-of-force": ([FORCE], 28_466, 28_466),
    "ced-uses": ([FORCE], 1_376, 1_376),
    "use-of-force-incidents": ([FORCE], 129, 129),
    "funding": ([DATA / "force-funding"], 43, 43),
}  # fmt: skip
LONG: dict[str, tuple[list[Path], int, int]] = {
    "breath-tests": ([OPEN], 17_546, 17_544),
    "outcomes": ([OPEN], 583_442, 583_441),
    "street-crime": ([DATA / "street-2019q3"], 503_266, 503_266),
    "street-outcomes": ([DATA / "outcomes-2019q3"], 365_311, 365_311),
}

Taken = dict[str, CompletedProcess[str]]


def take(workspace: Path, kinds: dict[str, tuple[list[Path], int, int]]) -> Taken:
    return {
        kind: run_here("import", "public", kind, "--brief", *paths, cwd=workspace)
        for kind, (paths, _, _) in kinds.items()
    }


def held(workspace: Path, kind: str, columns: str) -> list[tuple[Any, ...]]:
    """The rows of a kind's type in the newest generation, read past openpeel."""
    import duckdb

    type_ = PUBLIC_KINDS[kind].mapping.type.id
    entries = {(e["force"], e["month"]): e for e in all_entries(workspace) if e["type"] == type_}
    packs = sorted({str(workspace / "records" / e["pack"]) for e in entries.values() if e["pack"]})
    return duckdb.execute(
        f"SELECT {columns} FROM read_parquet($packs) WHERE snapshot IN (SELECT unnest($wanted)) ORDER BY ALL",
        {"packs": packs, "wanted": [e["snapshot"] for e in entries.values()]},
    ).fetchall()


def check(workspace: Path, taken: Taken, kinds: dict[str, tuple[list[Path], int, int]]) -> None:
    """Every table is in whole: what was read is accepted or set aside, and what is held is what was accepted."""
    accounts = {m["type"]: m["rows"] for m in manifests(workspace)}
    for kind, (_, read, accepted) in kinds.items():
        done = taken[kind]
        assert done.returncode == 0, (kind, done.stderr)
        line = f"{read} rows read = {accepted} accepted + {read - accepted} set aside"
        assert line in done.stdout, (kind, done.stdout)
        account = accounts[PUBLIC_KINDS[kind].mapping.type.id]
        assert account == {"read": read, "accepted": accepted, "set_aside": read - accepted}
        assert held(workspace, kind, "count(*)") == [(accepted,)]


def rows_of(file: Path) -> list[dict[str, str]]:
    """The rows, read with Python's own csv module."""
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Taken]:
    workspace = new_workspace(tmp_path_factory.mktemp("public") / "w")
    return workspace, take(workspace, QUICK)


def test_tables_come_in_whole(quick: tuple[Path, Taken]) -> None:
    check(*quick, QUICK)


def test_no_type_disturbs_another(quick: tuple[Path, Taken]) -> None:
    """Their totals are those of an independent reading, with all of them in one workspace."""
    workspace = quick[0]
    arrests = sum(int(r["arrests"]) for r in rows_of(OPEN / "arrests-open-data-by-force-2007-2018.csv.gz"))
    assert held(workspace, "arrests", "sum(arrests)") == [(arrests,)] == [(13_085_475,)]
    grants = sum(int(r["budget_gbp"]) for r in rows_of(DATA / "force-funding" / "police-grant-2025-26.csv"))
    assert held(workspace, "funding", 'sum("grant")') == [(grants,)]
    by_group = rows_of(DATA / "population-census-2021" / "ethnicity-by-lsoa21.csv.gz")
    count = next(c for c in ("value", "n", "residents", "population") if c in by_group[0])
    residents = sum(Decimal(r[count]) for r in by_group)
    columns = "sum(residents) FILTER (area_kind = 'LSOA21' AND subtotal IS NULL)"
    assert held(workspace, "area-population", columns) == [(residents,)]


def test_their_known_defects_are_said(quick: tuple[Path, Taken]) -> None:
    taken = quick[1]
    for kind, words in {
        "area-lookup": "7 areas (LAD) have 2 to 4 community safety partnerships: 14 rows more than areas",
        "area-population": "percent rows left out: 6289",
        "deprivation": "rank 1 stands in decile 1 in every domain",
        "workforce": "counted_on reads 2007-03-01 and is taken as 2007-03-31",
        "officers": "36 rows of regions and totals are left out",
        "arrests": "arrests is 0 on 151,194 of 260,700 rows",
        "stop-search": "searches is blank or NA on 34,343 of 85,071 rows: unknown, not zero",
        "recorded-crime": "ending reads 30-12-2017 and is taken as 2017-12-31",
        "severity": "severity_score reads `:` on 140 rows",
        "use-of-force": "uses is blank or NA on 222 of 6,966 rows",
        "ced-uses": "its name says that it is revised",
        "use-of-force-incidents": "all 11 published totals are the sums of their parts",
        "funding": "what council tax brings is not in it",
    }.items():
        assert words in taken[kind].stderr, (kind, taken[kind].stderr)


def test_the_same_again_brings_nothing_new(quick: tuple[Path, Taken]) -> None:
    workspace = quick[0]
    for kind in ("area-lookup", "severity", "funding"):
        done = run_here("import", "public", kind, "--brief", *QUICK[kind][0], cwd=workspace)
        assert done.returncode == 0 and "nothing new" in done.stdout, (kind, done.stdout, done.stderr)


@pytest.mark.long
def test_large_tables_come_in_whole_and_join(quick: tuple[Path, Taken]) -> None:
    workspace = quick[0]
    taken = take(workspace, LONG)
    check(workspace, taken, LONG)
    printed = taken["street-outcomes"].stdout
    outcomes, matched = joined_independently()
    line = f"{outcomes} outcomes = {matched} matched to a crime of the same month's file"
    assert f"{line} + {outcomes - matched} unmatched" in printed
    assert "only outcomes are in the workspace" in taken["street-outcomes"].stderr


def joined_independently() -> tuple[int, int]:
    """Outcomes of the forces and months that have both files, and those that find a crime there."""
    every = matched = 0
    for file in sorted((DATA / "outcomes-2019q3").rglob("*-outcomes.csv*")):
        name = file.name.split("-outcomes")[0]
        crimes = list((DATA / "street-2019q3").rglob(f"{name}-street.csv*"))
        if not crimes:
            continue
        ids = {r["Crime ID"] for r in rows_of(crimes[0])} - {""}
        found = Counter(r["Crime ID"] in ids for r in rows_of(file))
        every, matched = every + found.total(), matched + found[True]
    return every, matched
