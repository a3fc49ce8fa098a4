"""Every published table of ``../shared/data``, imported and compared with an independent reading by ``csv``."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from helpers import held
from openpeel.engine.intake.commit import Intake, take_in
from openpeel.errors import UserError
from openpeel.register import load_register
from openpeel.sources.home_office import KINDS, read_parts

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real files (../shared/data) are not there")

OPEN = DATA / "home-office-ons-open-data"
FORCE = DATA / "use-of-force-2017-2020"
REGISTER = load_register("england-and-wales")

Rows = list[dict[str, str]]


def rows_of(file: Path) -> Rows:
    """The rows, read with Python's own csv module."""
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def total(rows: Rows, count: str, key: Callable[[dict[str, str]], Any]) -> dict[Any, Decimal]:
    """Sums of a count by a key, rows with NA or blank left out."""
    out: Counter[Any] = Counter()
    for row in rows:
        if row[count] not in ("NA", "", "TRUE", ":"):
            out[key(row)] += Decimal(row[count])
    return dict(out)


def summed(workspace: Path, *columns: str) -> dict[Any, Decimal]:
    """Sums of the last column by the others, over what the workspace holds."""
    out: Counter[Any] = Counter()
    for *key, count in held(workspace, ", ".join(columns)):
        if count is not None:
            out[tuple(map(str, key)) if len(key) > 1 else str(key[0])] += count
    return dict(out)


def take(kind: str, workspace: Path, *paths: Path) -> Intake:
    """Import tables, none of them refused; every account adds up."""
    refused: list[UserError] = []
    parts = list(read_parts(kind, list(paths), REGISTER, refused, [], lambda _name: None))
    done = take_in(workspace, KINDS[kind].mapping, parts)
    assert not refused and not done.refused
    for account in done.files:
        assert account.read == account.accepted + sum(account.set_aside.values())
    return done


def notes(done: Intake) -> str:
    return "\n".join(n for f in done.files for n in f.notes)


def identity(name: str) -> str:
    entry = REGISTER.find(name)
    assert entry, name
    return entry.id


def test_workforce(workspace: Path) -> None:
    file = OPEN / "workforce-open-data-by-force-rank-2007-2022.csv.gz"
    done = take("workforce", workspace, file)
    assert (done.read(), done.accepted()) == (21_758, 21_758)
    rows = rows_of(file)
    people = total(
        rows, "total_headcount", lambda r: (r["date"][:8] + "31", r["rank_description"].capitalize())
    )
    assert people == {
        (day, rank.capitalize()): n
        for (day, rank), n in summed(workspace, "counted_on", "rank", "headcount").items()
    }
    fte = total(rows, "total_fte", lambda r: r["date"][:8] + "31")
    mine = summed(workspace, "counted_on", "full_time_equivalents")
    assert mine.keys() == fte.keys()
    assert all(abs(mine[d] - fte[d]) < Decimal("0.01") for d in fte)
    assert "Prefer to self-describe (on 2021-03-31)" in notes(done)


def test_officers(workspace: Path) -> None:
    done = take(
        "officers", workspace, DATA / "workforce-2015-2019", OPEN / "officer-fte-by-force-2007-2019.csv"
    )
    assert (done.read(), done.accepted()) == (559 + 5 * 135 + 90, 559 + 5 * 135 + 89)
    mine = {
        (str(day), basis, edition): n
        for (day, basis, edition), n in summed(
            workspace, "counted_on", "basis", "edition", "full_time_equivalents"
        ).items()
    }
    # As printed under `Total`, or for the forces alone, plus secondments and British Transport Police.
    fte = "full-time equivalent"
    assert round(mine["2015-09-30", fte, "2014-09-30 to 2015-09-30"], 2) == Decimal("128597.42")
    assert round(mine["2019-09-30", fte, "2018-09-30 to 2019-09-30"], 2) == Decimal("128149.03")
    # The same day in two editions, eleven officers apart.
    first = mine["2018-09-30", fte, "2017-09-30 to 2018-09-30"]
    second = mine["2018-09-30", fte, "2018-09-30 to 2019-09-30"]
    assert second - first == 11
    by_year = total(rows_of(OPEN / "officer-fte-by-force-2007-2019.csv"), "officers", lambda r: r["year"])
    for year, officers in by_year.items():
        assert abs(mine[f"{year}-03-31", fte, "2007-03-31 to 2019-03-31"] - officers) < Decimal("0.001")
    assert notes(done).count("published totals are the sums of their parts") == 6
    assert "are not the sums" not in notes(done)


def test_arrests(workspace: Path) -> None:
    file = OPEN / "arrests-open-data-by-force-2007-2018.csv.gz"
    done = take("arrests", workspace, file)
    assert (done.read(), done.accepted()) == (260_700, 260_700)
    mine = summed(workspace, "period_end", "arrests")
    assert mine == total(rows_of(file), "arrests", lambda r: r["year_ending"])
    assert mine["2017-03-31"] == 781_250
    assert sum(mine.values()) == 13_085_475
    assert "arrests is 0 on 151,194 of 260,700 rows" in notes(done)


def test_stop_and_search(workspace: Path) -> None:
    file = OPEN / "stop-search-open-data-by-force-2007-2019.csv.gz"
    done = take("stop-search", workspace, file)
    assert (done.read(), done.accepted()) == (85_071, 85_071)
    rows = rows_of(file)
    mine = summed(workspace, "period_end", "searches")
    assert mine == total(rows, "searches", lambda r: r["year_ending"])
    assert mine["2018-03-31"] == 282_380
    by_force = total(rows, "resultant_arrests", lambda r: identity(r["force_name"]))
    assert summed(workspace, "force", "arrests") == by_force
    assert "searches is blank or NA on 34,343 of 85,071 rows" in notes(done)
    assert "weapons_arrests reads `TRUE` or `FALSE` on 226 rows" in notes(done)
    assert "33,819" not in notes(done), "rows with a TRUE only have no count either"
    assert held(workspace, "count(*) FILTER (searches IS NULL), count(*) FILTER (searches = 0)") == [
        (34_343, 0)
    ]


def test_outcomes(workspace: Path) -> None:
    old = OPEN / "outcomes-open-data-by-force-2017-18.csv.gz"
    new = OPEN / "outcomes-open-data-by-force-2018-19.csv.gz"
    done = take("outcomes", workspace, old, new)
    assert [(f.read, f.set_aside) for f in done.files] == [(450_913, {"the row is empty": 1}), (132_529, {})]
    expected = total(rows_of(old), "offences", lambda r: ("2017", identity(r["force_name"])))
    column = "force_outcomes_for_offences_recorded_in_quarter"
    expected |= total(rows_of(new), column, lambda r: ("2018", identity(r["force_name"])))
    year = "if(period_end < '2018-04-01', '2017', '2018')"
    mine = summed(workspace, year, "force", "offences")
    assert mine == expected
    assert mine["2017", "staffordshire"] == 83_768
    recorded = total(rows_of(new), "force_outcomes_recorded_in_quarter", lambda r: r["outcome_type"])
    late = summed(workspace, year, "outcome_type", "outcomes_recorded")
    assert {kind: n for (y, kind), n in late.items() if y == "2018"} == recorded
    assert "outcomes_recorded is blank or NA on 11,467 of 132,529 rows" in notes(done)


def test_recorded_crime(workspace: Path) -> None:
    file = DATA / "recorded-crime-by-force-2003-2018" / "rec-crime-pfa.csv.gz"
    done = take("recorded-crime", workspace, file)
    assert (done.read(), done.accepted()) == (46_469, 46_469)

    def end(row: dict[str, str]) -> str:
        text = "-".join(reversed(row["12 months ending"].split("-")))
        return "2017-12-31" if text == "2017-12-30" else text

    rows = rows_of(file)
    expected = total(rows, "Rolling year total number of offences", lambda r: (end(r), identity(r["PFA"])))
    mine = summed(workspace, "period_end", "force", "offences")
    assert mine == expected
    assert len({day for day, _ in mine}) == 52
    assert mine["2018-12-31", "staffordshire"] == 84_765
    assert "30-12-2017 and is taken as 2017-12-31 (927 rows)" in notes(done)
    assert {"action-fraud", "cifas", "uk-finance", "btp"} <= {force for _, force in mine}


def test_severity(workspace: Path) -> None:
    file = OPEN / "crime-severity-score-by-force-2003-2022.csv"
    done = take("severity", workspace, file)
    assert (done.read(), done.accepted()) == (6_020, 6_020)
    rows = [r for r in rows_of(file) if r["code"][:3] in ("E23", "W15")]
    expected = total(
        rows, "severity_score", lambda r: (r["year_ending"], identity(r["code"]), r["offence_group"])
    )
    mine = summed(workspace, "period_end", "force", "offence_group", "severity_score")
    assert mine.keys() == expected.keys() and len(mine) == 6_020 - 140
    assert all(abs(mine[k] - expected[k]) <= Decimal("0.000001") for k in mine)
    assert "1,680 rows of regions and totals are left out" in notes(done)


def test_breath_tests(workspace: Path) -> None:
    file = OPEN / "breath-tests-by-force-month.csv"
    done = take("breath-tests", workspace, file)
    assert (done.read(), done.accepted()) == (17_546, 17_544)
    rows = [r for r in rows_of(file) if not r["count"].startswith("-")]
    expected = total(rows, "count", lambda r: (r["year"], identity(r["force"]), r["type"]))
    assert summed(workspace, "year(period_end)", "force", "result", "tests") == expected
    assert "tests is below zero on 25 rows and is unknown there" in notes(done)
    assert "all 8,712 published totals are the sums of their parts" in notes(done)


@pytest.mark.parametrize(
    ("folder", "year", "published"),
    [
        ("by-ethnicity-force", "april2018-march2019", 630_793),
        ("by-age-force", "april2018-march2019", 630_793),
        ("by-disability-force", "april2018-march2019", 630_793),
        ("by-ethnicity-force", "april2019-march2020", 715_276),
    ],
)
def test_use_of_force(workspace: Path, folder: str, year: str, published: int) -> None:
    file = FORCE / folder / f"{year}.csv"
    done = take("use-of-force", workspace, file)
    assert done.read() == done.accepted() > 0
    rows = [r for r in rows_of(file) if r["Tactic"] == "*Total Tactics"]
    column = "Number of times tactic reported"
    expected = total(
        [r for r in rows if not r["Police Force"].startswith("Total")], column, lambda r: r["Police Force"]
    )
    counted = "force_type NOT IN ('Not reported', 'Tactical communication')"
    mine = summed(workspace, "force", f"CASE WHEN {counted} THEN uses END")
    assert mine == {identity(name): n for name, n in expected.items()}
    assert sum(mine.values()) == published
    assert "published totals are the sums of their parts" in notes(done)


def test_all_breakdowns_stand_side_by_side(workspace: Path) -> None:
    done = take("use-of-force", workspace, FORCE)
    assert (len(done.files), done.accepted()) == (4, 7_525 + 5_375 + 8_600 + 6_966)
    by = summed(workspace, "breakdown", "period_end", "uses")
    assert len({n for (_, day), n in by.items() if day == "2019-03-31"}) == 1
    assert "uses is blank or NA on 222 of 6,966 rows" in notes(done)


def test_devices_and_incidents(workspace: Path, tmp_path: Path) -> None:
    done = take("ced-uses", workspace, FORCE)
    assert (len(done.files), done.accepted()) == (4, 4 * 43 * 8)
    assert summed(workspace, "period_start", "uses") == {
        "2016-01-01": 11_303,
        "2017-01-01": 2_906,
        "2017-04-01": 16_913,
        "2018-04-01": 23_451,
    }
    assert "are not the sums" not in notes(done)


def test_incidents(workspace: Path) -> None:
    done = take("use-of-force-incidents", workspace, FORCE)
    assert (len(done.files), done.accepted()) == (3, 3 * 43)
    files = sorted((FORCE / "incidents").glob("*.csv"))
    printed = [Decimal(rows_of(f)[0]["Total"]) for f in files]
    assert list(summed(workspace, "period_end", "incidents").values()) == printed
    assert printed[0] == 313_137


def test_funding(workspace: Path) -> None:
    done = take("funding", workspace, DATA / "force-funding")
    assert done.accepted() == 43
    assert held(workspace, 'sum("grant")') == [(9_806_553_487,)]
