"""Measures and comparisons of the real files against a reading of them by nothing but Python's own modules."""

from __future__ import annotations

import csv
import io
import json
import statistics
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from helpers import new_workspace, run_here

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SEARCHES = DATA / "stop-search-2019q3"
POPULATION = DATA / "population-by-force-census-2011-2021" / "population-by-force-by-ethnicity.csv"
pytestmark = pytest.mark.skipif(
    not SEARCHES.is_dir(), reason="the real files (../shared/data/stop-search-2019q3) are not there"
)

LONDON = ZoneInfo("Europe/London")
NFA = "A no further action disposal"
JULY, AUGUST, BOTH = ("2019-07",), ("2019-08",), ("2019-07", "2019-08")

Row = dict[str, str]
Months = tuple[str, ...]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real")
    root = new_workspace(folder / "w")
    assert run_here("import", "population", POPULATION, cwd=root).returncode == 0
    assert run_here("import", "police-uk", SEARCHES, cwd=root).returncode == 0
    return root


def ask(root: Path, *args: str) -> Any:
    done = run_here(*args, "--format", "json", cwd=root)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def period(months: Months) -> str:
    return f"{months[0]}..{months[-1]}"


# ------------------------------------------------------------------- the same by another way


@cache
def raw() -> dict[tuple[str, str], list[Row]]:
    """(force, local month) -> rows, told by their own stamps; every file must hold its own month alone."""
    out: dict[tuple[str, str], list[Row]] = {}
    for file in sorted(SEARCHES.rglob("*-stop-and-search.csv")):
        month, force = file.name[:7], file.name[8 : -len("-stop-and-search.csv")]
        rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
        for row in rows:
            local = datetime.fromisoformat(row["Date"]).astimezone(LONDON)
            assert f"{local:%Y-%m}" == month, (file.name, row["Date"])
        out[(force, month)] = rows
    return out


def rows_of(force: str, months: Months) -> list[Row] | None:
    """A force's rows, if every month is here."""
    if any((force, m) not in raw() for m in months):
        return None
    return [row for m in months for row in raw()[(force, m)]]


@cache
def residents() -> dict[tuple[str, str], int]:
    """(name of the area, group) -> residents at the Census of 2021."""
    out = {}
    with POPULATION.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["Census Year"] == "2021":
                key = (row["Police Force Area"], row["Self-defined ethnicity"])
                out[key] = int(row["Population"].replace(",", ""))
    return out


def people_of(name: str) -> int:
    return sum(n for (area, _), n in residents().items() if area == name)


def group_of(ethnicity: str) -> str:
    """Five groups by the start of the wording, Chinese among Other; a second way to the same end."""
    if not ethnicity or "not stated" in ethnicity.lower():
        return ""
    if "Chinese" in ethnicity:
        return "Other"
    return {"W": "White", "B": "Black", "A": "Asian", "M": "Mixed", "O": "Other"}[ethnicity[0]]


# ------------------------------------------------------------------------------------ figures


@pytest.mark.parametrize(("months", "searches"), [(JULY, 540), (AUGUST, 393), (BOTH, 933)])
def test_staffordshire(world: Path, months: Months, searches: int) -> None:
    rows = rows_of("staffordshire", months)
    assert rows is not None
    assert len(rows) == searches
    found = ask(
        world, "measure", "powers.searches", "powers.searches_per_1000", "powers.outcome_rate", "powers.arrest_rate",
        "powers.linked_outcome_rate", "powers.ethnicity_not_stated", "powers.more_than_outer_clothing",
        "--force", "staffordshire", "--period", period(months),
    )  # fmt: skip
    figures = {f["measure"].split(".")[1]: f for f in found}
    assert figures["searches"]["value"] == searches
    people = people_of("Staffordshire")
    assert figures["searches_per_1000"]["population"] == people
    assert figures["searches_per_1000"]["value"] == pytest.approx(searches * 1000 / people)
    outcomes = Counter(r["Outcome"] for r in rows)
    known = searches - outcomes[""]
    assert figures["outcome_rate"]["value"] == pytest.approx((known - outcomes[NFA]) / known)
    assert figures["outcome_rate"]["unknown"] == outcomes[""]
    assert figures["arrest_rate"]["value"] == pytest.approx(outcomes["Arrest"] / known)
    linked = [r for r in rows if r["Outcome linked to object of search"] == "True"]
    column = "Outcome linked to object of search"
    read = [r for r in rows if r[column] or r["Outcome"] == NFA]
    assert figures["linked_outcome_rate"]["value"] == pytest.approx(len(linked) / len(read))
    assert figures["linked_outcome_rate"]["reading"] == "blank-after-no-further-action-is-not-linked"
    blank = sum(1 for r in rows if not r[column])
    assert figures["linked_outcome_rate"]["bounds"]["low"] == pytest.approx(len(linked) / searches)
    assert figures["linked_outcome_rate"]["bounds"]["high"] == pytest.approx((len(linked) + blank) / searches)
    persons = [r for r in rows if r["Type"] != "Vehicle search"]
    stated = [r["Self-defined ethnicity"] for r in persons if r["Self-defined ethnicity"]]
    not_stated = sum(1 for e in stated if not group_of(e))
    assert figures["ethnicity_not_stated"]["value"] == pytest.approx(not_stated / len(stated))
    clothing = Counter(r["Removal of more than just outer clothing"] for r in persons)
    assert figures["more_than_outer_clothing"]["numerator"] == clothing["True"]
    assert figures["more_than_outer_clothing"]["denominator"] == clothing["True"] + clothing["False"]


def test_every_force_and_month(world: Path) -> None:
    found = {}
    for month in BOTH:
        forces = [word for f, m in raw() if m == month for word in ("--force", f)]
        for figure in ask(world, "measure", "powers.searches", *forces, "--period", month):
            found[(figure["force"], month)] = figure["value"]
    assert found == {key: len(rows) for key, rows in raw().items()}


def test_shares_of_every_force(world: Path) -> None:
    for measure, column, name in (
        ("powers.share_by_age", "Age range", "age_range"),
        ("powers.share_by_gender", "Gender", "gender"),
    ):
        found = ask(world, "measure", measure, "--period", "2019-07")
        for figure in (f for f in found if f["status"] == "ok"):
            rows = rows_of(figure["force"], JULY) or []
            values = [r[column] for r in rows if r["Type"] != "Vehicle search" and r[column]]
            assert figure["numerator"] == values.count(figure["breakdown"][name])
            assert figure["denominator"] == len(values)


# ---------------------------------------------------------------------------- recording practice


def practice(rows: list[Row]) -> str:
    """The practice, by a second reading of docs/methods/stop-and-search.md."""
    column = "Outcome linked to object of search"
    nfa = [r[column] for r in rows if r["Outcome"] == NFA]
    acted = [r[column] for r in rows if r["Outcome"] not in ("", NFA)]
    filled = sum(1 for r in rows if r[column])
    if not filled:
        return "never"
    if nfa.count("True") / max(len(nfa), 1) > 0.25:
        return "no further action marked as linked"
    if nfa and acted and nfa.count("True") / len(nfa) > acted.count("True") / len(acted):
        return "linked where nothing followed"
    if filled / len(rows) >= 0.75:
        return "every row" if filled / len(rows) >= 0.95 else "most rows"
    where = 1 - acted.count("") / len(acted) >= 0.75 if acted else False
    if where and (not nfa or nfa.count("") / len(nfa) >= 0.75):
        return "only where something followed"
    return "patchy"


@pytest.mark.parametrize("months", [JULY, AUGUST, BOTH])
def test_recording_practice_of_every_force(world: Path, months: Months) -> None:
    found = {r["force"]: r for r in ask(world, "practices", "--period", period(months))}
    expected = {}
    for force in {f for f, _ in raw()} - {"btp"}:
        rows = rows_of(force, months)
        if rows is not None:
            expected[force] = practice(rows)
            alone = {practice(one) for m in months if len(one := rows_of(force, (m,)) or []) >= 30}
            senseless = {"no further action marked as linked", "linked where nothing followed"}
            if expected[force] in ("every row", "most rows", "only where something followed"):
                against = senseless | ({"never"} if expected[force].startswith("only") else set())
                if len(months) > 1 and alone & against:
                    expected[force] = "differs between months"
    assert {f: r["practice"] for f, r in found.items()} == expected
    assert {expected[f] for f in ("west-mercia", "derbyshire")} == {"no further action marked as linked"}
    assert {expected[f] for f in ("humberside", "lancashire")} == {"never"}


def test_a_linked_outcome_rate_is_given_only_where_the_practice_supports_it(world: Path) -> None:
    for figure in ask(world, "measure", "powers.linked_outcome_rate", "--period", "2019-07"):
        rows = rows_of(figure["force"], JULY)
        what = practice(rows) if rows else "no file"
        good = what in ("every row", "most rows", "only where something followed")
        assert (figure["status"] == "ok") == good, figure["force"]
        assert (figure["reading"] is not None) == good


# ------------------------------------------------------------------------------------ comparison


def test_searches_per_1000_with_and_without_the_city_of_london(world: Path) -> None:
    found = ask(world, "compare", "powers.searches_per_1000", "--period", "2019-07..2019-07")
    names = {"city-of-london": "London, City of"}
    by_name = {area.lower(): area for area, _ in residents()}
    values = {}
    for force, month in raw():
        if month == "2019-07" and force != "btp":
            name = by_name.get(force.replace("-", " "), by_name.get(force, names.get(force, "")))
            values[force] = len(raw()[(force, month)]) * 1000 / people_of(name)
    assert {f["force"]: f["value"] for f in found["figures"] if f["status"] == "ok"} == pytest.approx(values)
    without, with_ = found["versions"]
    assert (without["excluded"], with_["excluded"]) == (["city-of-london"], [])
    for version, out in ((without, {"city-of-london"}), (with_, set())):
        kept = [v for f, v in values.items() if f not in out]
        mean, sd = statistics.mean(kept), statistics.stdev(kept)
        assert version["mean"] == pytest.approx(mean)
        assert version["sd_sample"] == pytest.approx(sd)
        assert version["sd_population"] == pytest.approx(statistics.pstdev(kept))
        bands = {
            f: "above" if v > mean + sd else "below" if v < mean - sd else "normal"
            for f, v in values.items()
            if f not in out
        }
        assert version["bands"] == bands
    assert (round(with_["mean"], 2), round(with_["sd_sample"], 2)) == (0.98, 3.54)
    assert (round(without["mean"], 2), round(without["sd_sample"], 2)) == (0.41, 0.37)
    assert set(found["missing"]) == {
        "devon-and-cornwall", "greater-manchester", "hampshire", "lincolnshire", "metropolitan",
    }  # fmt: skip


def test_mean_of_arrest_rates(world: Path) -> None:
    found = ask(world, "compare", "powers.arrest_rate", "--period", period(BOTH))
    values = []
    for force in {f for f, _ in raw()} - {"btp"}:
        rows = rows_of(force, BOTH)
        outcomes = [r["Outcome"] for r in rows or [] if r["Outcome"]]
        if rows and 2 * len(outcomes) >= len(rows):
            values.append(outcomes.count("Arrest") / len(outcomes))
    (version,) = found["versions"]
    assert version["n"] == len(values)
    assert version["mean"] == pytest.approx(statistics.mean(values))


@pytest.mark.parametrize(
    ("force", "name"),
    [("staffordshire", "Staffordshire"), ("west-midlands", "West Midlands"), ("merseyside", "Merseyside")],
)
def test_disproportionality(world: Path, force: str, name: str) -> None:
    powers = ("Police and Criminal Evidence Act 1984 (section 1)", "Misuse of Drugs Act 1971 (section 23)")
    rows = [
        r for r in rows_of(force, BOTH) or [] if r["Type"] != "Vehicle search" and r["Legislation"] in powers
    ]
    counts = Counter(group_of(r["Self-defined ethnicity"]) for r in rows)
    areas = {g: n for (area, g), n in residents().items() if area == name}
    people = {"White": 0, "Black": 0, "Asian": 0, "Mixed": 0, "Other": 0}
    for wording, n in areas.items():
        people[next(g for g in people if g in wording)] += n
    found = ask(world, "measure", "powers.disproportionality", "--force", force, "--period", period(BOTH))
    for figure in found:
        group = figure["breakdown"]["ethnic_group"]
        assert (figure["numerator"], figure["denominator"]) == (counts[group], counts["White"])
        assert figure["unknown"] == counts[""]
        assert figure["population"] == people[group]
        if counts[group] >= 10:
            ratio = (counts[group] / people[group]) / (counts["White"] / people["White"])
            assert figure["value"] == pytest.approx(ratio)
            assert figure["interval"]["low"] < ratio < figure["interval"]["high"]
            low = (counts[group] / people[group]) / ((counts["White"] + counts[""]) / people["White"])
            assert (
                figure["bounds"]["low"] == pytest.approx(low) if not figure["unknown_eligibility"] else True
            )
        else:
            assert (figure["status"], figure["value"]) == ("too-few", None)


# ------------------------------------------------------------------------------------- the pages


DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_how_a_number_is_made_says_what_comes_out(world: Path) -> None:
    page = (DOCS / "how-a-number-is-made.md").read_text(encoding="utf-8")
    asked = ("powers.linked_outcome_rate", "--force", "staffordshire", "--period", "2019-07")
    (figure,) = ask(world, "measure", *asked)
    for part in ("value", "numerator", "denominator", "unknown"):
        assert f'"{part}": {figure[part]},' in page, part
    assert json.dumps(figure["interval"]) in page
    assert json.dumps(figure["bounds"]) in page
    assert figure["reading"] in page
    done = run_here("practices", asked[0], "--period", "2019-07", "--format", "csv", cwd=world)
    head, *lines = done.stdout.splitlines()
    assert head in page
    assert next(line for line in lines if line.startswith("Staffordshire")) in page
    derbyshire = next(
        line for line in csv.DictReader(io.StringIO(done.stdout)) if line["force"] == "Derbyshire"
    )
    assert f"{derbyshire['nfa_linked']} of its {derbyshire['nfa']} searches" in page
    (origin,) = json.loads(run_here("figure", figure["figure_id"], cwd=world).stdout)["origins"]
    assert origin["snapshot"] in page
    assert origin["files"][0]["sha256"] in page
    assert f"{len(raw())} files: {sum(len(r) for r in raw().values())} rows read" in page


def test_the_method_pages_say_what_the_files_hold() -> None:
    rows = [r for (f, m), rs in raw().items() if m == "2019-07" and f != "btp" for r in rs]
    groups = [group_of(r["Self-defined ethnicity"]) for r in rows]
    chinese = sum("Chinese" in r["Self-defined ethnicity"] for r in rows)
    page = (DOCS / "methods" / "disproportionality.md").read_text(encoding="utf-8")
    assert f"hold {groups.count('Other')} searches" in page
    assert f"it, and {groups.count('Other') - chinese} without" in page
