"""Most similar groups: the user's own list, dated, with its source, and never the default."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest

import openpeel
from helpers import different, run_here, write_search_file
from openpeel.engine.compare.similar import Group, find_file, group_of, load_groups
from openpeel.engine.measure.period import parse_period
from openpeel.errors import UserError
from openpeel.register import load_register

REGISTER = load_register("england-and-wales")
GROUPS = """\
source = "A made-up study of forces, table 2"

[[group]]
name = "Kent's most similar group"
of = "kent"
forces = ["Kent Police", "essex", "surrey"]
valid_from = 2018-04-01
valid_to = 2020-03-31

[[group]]
of = "kent"
forces = ["kent", "sussex"]
valid_from = 2020-04-01
source = "The same, second edition"
"""
LINES = """\
group,of,force,valid_from,valid_to,source
Rural,,kent,2018-04-01,,A made-up study
Rural,,norfolk,2018-04-01,,A made-up study
Urban,,essex,2018-04-01,,A made-up study
Urban,,surrey,2018-04-01,,A made-up study
"""


def resolve(text: str) -> str:
    return REGISTER.resolve(text).id


def load(tmp_path: Path, text: str, name: str = "similar-groups.toml") -> list[Group]:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return load_groups(file, resolve)


def test_a_group_is_read_with_its_validity_and_source(tmp_path: Path) -> None:
    first, second = load(tmp_path, GROUPS)
    assert (
        first.forces == ("kent", "essex", "surrey") and first.source == "A made-up study of forces, table 2"
    )
    assert first.validity() == "1 April 2018 to 31 March 2020"
    assert (second.name, second.valid_to, second.source) == (
        "group of kent", None, "The same, second edition",
    )  # fmt: skip
    assert second.validity() == "from 1 April 2020 on"


def test_lines_of_a_csv_are_groups(tmp_path: Path) -> None:
    rural, urban = load(tmp_path, LINES, "groups.csv")
    assert (rural.name, rural.forces, urban.forces) == ("Rural", ("kent", "norfolk"), ("essex", "surrey"))
    assert group_of([rural, urban], "surrey", parse_period("2019-07", None)) is urban


def test_the_group_that_holds_for_the_whole_period(tmp_path: Path) -> None:
    groups = load(tmp_path, GROUPS)
    assert group_of(groups, "kent", parse_period("fy-2019", None)) is groups[0]
    assert group_of(groups, "kent", parse_period("2024-07", None)) is groups[1]
    for period in ("2020-03..2020-04", "2017"):
        with pytest.raises(UserError) as told:
            group_of(groups, "kent", parse_period(period, None))
        line = told.value.line()
        assert "does not lie within one validity" in line and "1 April 2018 to 31 March 2020" in line
    with pytest.raises(UserError, match="no group is that of essex"):
        group_of(groups, "essex", parse_period("2019-07", None))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"essex"', '"Esex"', 'no force called "Esex"'),
        (
            'of = "kent"\nforces = ["Kent Police", ',
            'of = "kent"\nforces = ["norfolk", ',
            "does not have it among",
        ),
        ('"essex"', '"kent"', "kent twice"),
        ("valid_from = 2018-04-01", "", "no valid_from"),
        ("2020-03-31", '"soon"', "no day"),
        ("2020-03-31", "2017-03-31", "ends before it begins"),
        ("2020-03-31", "2020-04-01", "two groups on one day"),
        ('source = "A made-up study of forces, table 2"', "", "has no source"),
        ("[[group]]", "[[groups]]", "`groups` is not known"),
        ("name =", "title =", "`title` is not known"),
        ('["kent", "sussex"]', '["kent"]', "at least two forces"),
        ('["kent", "sussex"]', '"kent"', "at least two forces"),
        ("name = ", "name ", "cannot be read"),
    ],
)
def test_a_list_that_does_not_do_is_one_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GROUPS
    with pytest.raises(UserError) as told:
        load(tmp_path, GROUPS.replace(old, new))
    assert said in told.value.line() and "similar-groups.toml" in told.value.line()


def test_a_csv_without_a_column_and_an_empty_list(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no column `source`"):
        load(tmp_path, LINES.replace(",source", ",said_by"), "groups.csv")
    with pytest.raises(UserError, match="lists no group"):
        load(tmp_path, 'source = "x"\n')


def test_where_the_list_is(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no list of most similar groups"):
        find_file(tmp_path, None)
    (tmp_path / "similar-groups.toml").write_text(GROUPS)
    assert find_file(tmp_path, None) == tmp_path / "similar-groups.toml"
    (tmp_path / "similar-groups.csv").write_text(LINES)
    with pytest.raises(UserError, match="two lists"):
        find_file(tmp_path, None)
    assert find_file(tmp_path, tmp_path / "other.toml") == tmp_path / "other.toml"


@pytest.fixture
def held(workspace: Path, tmp_path: Path) -> Path:
    """Searches of four forces, three of which are alike by the list."""
    for force, n in (("kent", 10), ("essex", 4), ("surrey", 6), ("sussex", 40)):
        rows = different(n, Outcome="Arrest")[: n // 2] + different(n)[n // 2 :]
        file = write_search_file(tmp_path / f"2019-07-{force}-stop-and-search.csv", rows)
        assert (
            run_here("import", "police-uk", file, "--supplied", "2020-01-01", cwd=workspace).returncode == 0
        )
    (workspace / "similar-groups.toml").write_text(GROUPS, encoding="utf-8")
    return workspace


def test_a_comparison_within_a_group_says_which(held: Path) -> None:
    asked = ("compare", "powers.outcome_rate", "--period", "2019-07", "--similar-to", "Kent")
    told = run_here(*asked, cwd=held)
    assert told.returncode == 0, told.stderr
    assert "most similar group of Kent" in " ".join(told.stdout.split()) and "Sussex" not in told.stdout
    assert (
        "compared within Kent's most similar group, 3 forces, valid 1 April 2018 to 31 March 2020"
        in told.stderr
    )
    assert "source: A made-up study of forces, table 2" in told.stderr
    found = json.loads(run_here(*asked, "--format", "json", cwd=held).stdout)
    assert (found["similar_to"], found["group"]["valid_to"]) == ("kent", "2020-03-31")
    assert (
        {f["force"] for f in found["figures"]} == {"kent", "essex", "surrey"} == set(found["group"]["forces"])
    )
    assert found["versions"][0]["n"] == 3 and found["missing"] == []
    lines = run_here(*asked, "--format", "csv", cwd=held).stdout.splitlines()
    assert len(list(csv.DictReader(lines))) == 3


def test_no_group_is_the_default(held: Path) -> None:
    found = json.loads(
        run_here("compare", "powers.outcome_rate", "--period", "2019-07", "--format", "json", cwd=held).stdout
    )
    assert len(found["figures"]) == 43 and "group" not in found


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--similar-to", "essex"), "no group is that of essex"),
        (("--similar-to", "nowhere"), 'no force called "nowhere"'),
        (("--similar-to", "kent", "--period", "ye-2020-04"), "does not lie within one validity"),
        (("--similar-to", "kent", "--groups", "none.toml"), "none.toml"),
        (("--groups", "similar-groups.toml"), "--similar-to"),
    ],
)
def test_what_does_not_do_is_one_line(held: Path, args: tuple[str, ...], said: str) -> None:
    period = () if "--period" in args else ("--period", "2019-07")
    done = run_here("compare", "powers.outcome_rate", *args, *period, cwd=held)
    assert done.returncode == 2 and said in done.stderr and len(done.stderr.splitlines()) <= 2


def test_a_body_that_is_not_compared_cannot_be_in_a_group(held: Path) -> None:
    text = GROUPS.replace('"essex"', '"british-transport-police"')
    (held / "similar-groups.toml").write_text(text, encoding="utf-8")
    done = run_here("compare", "powers.outcome_rate", "--period", "2019-07", "--similar-to", "kent", cwd=held)
    assert done.returncode == 2 and (
        "not one of the forces" in done.stderr or "no force called" in done.stderr
    )


def test_from_python(held: Path) -> None:
    with openpeel.open(held, as_at="2026-01-01") as opened:
        found = opened.compare("powers.outcome_rate", period="2019-07", similar_to="kent")
        assert {f.force for f in found.figures} == {"kent", "essex", "surrey"}
        assert found.as_json()["group"]["valid_from"] == str(date(2018, 4, 1))
        assert "group" not in opened.compare("powers.outcome_rate", period="2019-07").as_json()


def test_the_list_on_the_page_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "asking.md").read_text(encoding="utf-8")
    (group,) = load(tmp_path, page.split("```toml\n")[1].split("```")[0])
    assert (group.of, len(group.forces)) == ("kent", 3)
