"""A force's own declarations: good ones work to the figure, each bad one is one clear line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers import different, run_here, write_search_file
from openpeel.catalogue import load_catalogue, shipped
from openpeel.engine.declare.local import load_local
from openpeel.errors import UserError

MEASURE = """\
[[measure]]
kind = "Proportion"
id = "local.drugs_arrest_rate"
title = "Drug searches that led to an arrest"
sentence = "{value} of drug searches led to an arrest ({x} of {y})."
of = "powers.stop_search"
where = "object = 'Controlled drugs'"
met = "outcome_group = 'Arrest'"
unit = "share of searches"
by = ["gender"]
reviewed = 2026-11-22
"""
TYPE = """\
[[record_type]]
id = "local.dog_patrol"
title = "Dog patrols"
kind = "event"
anchor = "started_at"
key = ["patrol_id"]
columns = [
  { name = "patrol_id", type = "text", meaning = "Number of the patrol", required = true },
  { name = "started_at", type = "instant", meaning = "When it began", required = true },
  { name = "ended_at", type = "instant", meaning = "When it ended" },
  { name = "place", type = "text", meaning = "Where", allowed = ["park", "station"] },
  { name = "dogs", type = "integer", meaning = "How many", low = 1, high = 4 },
]
rules = [{ id = "no-zero", condition = "dogs > 0", message = "a patrol without a dog" }]
derived = [
  { kind = "SecondsBetween", name = "seconds", start = "started_at", end = "ended_at", meaning = "How long" },
  { name = "long", type = "boolean", expression = "seconds > 3600", meaning = "More than an hour" },
  { kind = "Translation", name = "where_", source = "place", table = { park = "green" }, meaning = "Kind of place" },
]
"""


def put(workspace: Path, text: str, name: str = "own") -> Path:
    file = workspace / "local" / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_local_measure_works_end_to_end(workspace: Path, tmp_path: Path) -> None:
    """Declared, listed, counted, broken down, found again by the id that was printed."""
    put(workspace, MEASURE)
    rows = [{"Outcome": "Arrest"}, {}, {}, {"Outcome": ""}, {"Object of search": "Stolen goods"}]
    made = [{**d, **r} for d, r in zip(different(5), rows, strict=True)]
    file = write_search_file(tmp_path / "2019-07-kent-stop-and-search.csv", made)
    assert run_here("import", "police-uk", file, cwd=workspace).returncode == 0
    listed = run_here("measures", "--format", "json", cwd=workspace)
    assert "local.drugs_arrest_rate" in [m["id"] for m in json.loads(listed.stdout)]
    args = ["--force", "kent", "--period", "2019-07", "--format", "json"]
    done = run_here("measure", "local.drugs_arrest_rate", *args, "--by", "gender", cwd=workspace)
    assert done.returncode == 0, done.stderr
    whole, male = json.loads(done.stdout)
    assert (whole["numerator"], whole["denominator"], whole["unknown"], whole["status"]) == (1, 3, 1, "ok")
    assert (male["breakdown"], male["value"]) == ({"gender": "Male"}, whole["value"])
    found = run_here("figure", whole["figure_id"], cwd=workspace)
    assert "Controlled drugs" in found.stdout
    shipped_one = run_here("measure", "powers.searches", *args, cwd=workspace)
    assert json.loads(shipped_one.stdout)[0]["value"] == 5


def test_it_is_there_for_its_workspace_only(workspace: Path) -> None:
    put(workspace, MEASURE)
    assert "local.drugs_arrest_rate" in load_catalogue(workspace).measures
    assert "local.drugs_arrest_rate" not in shipped().measures
    assert load_catalogue(None).measures == shipped().measures


def test_a_record_type_of_its_own(workspace: Path) -> None:
    put(workspace, TYPE)
    made = load_catalogue(workspace).types["local.dog_patrol"]
    assert made.key == ("patrol_id",) and made.column("place").allowed == ("park", "station")
    assert [d.name for d in made.derived] == ["seconds", "long", "where_"]  # type: ignore[attr-defined]
    count = MEASURE.replace("powers.stop_search", "local.dog_patrol").replace("Proportion", "Count")
    count = count.replace("object = 'Controlled drugs'", "long and where_ = 'green'").replace(
        "gender", "place"
    )
    put(workspace, "\n".join(line for line in count.splitlines() if not line.startswith("met")), "measure")
    assert "local.drugs_arrest_rate" in load_catalogue(workspace).measures


def test_several_files_are_read_in_the_order_of_their_names(workspace: Path) -> None:
    put(workspace, TYPE, "b")
    put(workspace, MEASURE, "a")
    types, measures = load_local(workspace / "local", shipped().types, shipped().measures)
    assert (list(types), list(measures)) == (["local.dog_patrol"], ["local.drugs_arrest_rate"])


def test_python_is_never_run(workspace: Path) -> None:
    (workspace / "local" / "own.py").write_text(f"open({str(workspace / 'ran')!r}, 'w')")
    (workspace / "local" / "__init__.py").write_text(f"open({str(workspace / 'ran')!r}, 'w')")
    assert run_here("measures", cwd=workspace).returncode == 0
    assert not (workspace / "ran").exists()


BAD_MEASURES = [
    ("id = ", "is not TOML"),
    ("\ufffe[", "is not TOML"),
    ("x = " + "[" * 3000, "is not TOML"),
    (MEASURE.replace("[[measure]]", "[[measures]]"), "has a table `measures`"),
    (MEASURE.replace("[[measure]]", "[measure]"), "head each of them with [[measure]]"),
    ("measure = 5", "head each of them with [[measure]]"),
    ("measure = [1, 2]", "head each of them with [[measure]]"),
    (MEASURE.replace("local.drugs", "drugs"), "does not begin with `local.`"),
    (MEASURE.replace("local.drugs_arrest_rate", "powers.searches"), "does not begin with `local.`"),
    (MEASURE.replace("local.drugs_arrest_rate", "local."), "is not an id"),
    (MEASURE.replace("local.drugs_arrest_rate", "local.Drugs"), "is not an id"),
    (MEASURE.replace("local.drugs_arrest_rate", "local.a b"), "is not an id"),
    (MEASURE.replace("local.drugs_arrest_rate", "local.../../x"), "is not an id"),
    (MEASURE.replace('id = "local.drugs_arrest_rate"', "id = 5"), "`id` cannot be 5"),
    (MEASURE + MEASURE, "is declared twice"),
    (MEASURE.replace('"Proportion"', '"Average"'), "kind is 'Average'"),
    (MEASURE.replace('"Proportion"', "[1]"), "kind is [1]"),
    (MEASURE.replace('kind = "Proportion"\n', ""), "kind is None"),
    (MEASURE.replace("unit = ", "units = "), "`units` is not a part of it"),
    (MEASURE.replace("met = \"outcome_group = 'Arrest'\"\n", ""), "lacks"),
    (MEASURE.replace("reviewed = 2026-11-22\n", ""), "lacks"),
    (MEASURE.replace("2026-11-22", '"2026-11-22"'), "`reviewed` cannot be '2026-11-22'"),
    (MEASURE.replace("2026-11-22", "2026-11-22T10:00:00"), "`reviewed` cannot be 2026-11-22 10:00:00"),
    (MEASURE.replace('["gender"]', '"gender"'), "`by` cannot be 'gender'"),
    (MEASURE.replace('["gender"]', "[1]"), "`by` cannot be [1]"),
    (MEASURE.replace('["gender"]', '["height"]'), "no column `height`"),
    (MEASURE.replace('["gender"]', '["latitude"]'), "not a column of categories"),
    (MEASURE + 'better = "up"\n', "write one of higher, lower, neutral"),
    (MEASURE + 'comparable = "world"\n', "write one of national"),
    (MEASURE + "review_months = true\n", "write a whole number"),
    (MEASURE + "captions = 5\n", "a list in square brackets"),
    (MEASURE + 'readings = ["x"]\n', "head each of them with [[readings]]"),
    (MEASURE + 'readings = [{ id = "x", met = "true" }]\n', "lacks"),
    (MEASURE.replace('title = "Drug searches that led to an arrest"', 'title = " "'), "has no title"),
    (MEASURE.replace("{value}", "{valu}"), "unknown {…}"),
    (MEASURE.replace("powers.stop_search", "powers.stop"), "there is no record type `powers.stop`"),
    (MEASURE.replace("Controlled drugs", "Controled drugs"), "`object` is never 'Controled drugs'"),
    (MEASURE.replace("outcome_group = 'Arrest'", "outcome_group = 1"), "is compared with"),
    (MEASURE.replace("outcome_group = 'Arrest'", "outcome_group"), "gives a text where a boolean is needed"),
    (MEASURE.replace("outcome_group = 'Arrest'", "count(*) > 1"), "is not allowed"),
    (MEASURE.replace("outcome_group = 'Arrest'", "true) from x where (true"), "is not one expression"),
    (MEASURE.replace("Proportion", "Rate").replace("met = ", "per = 0 #"), "per is 0"),
]
BAD_TYPES = [
    (TYPE.replace("local.dog_patrol", "powers.stop_search"), "does not begin with `local.`"),
    (TYPE.replace("local.dog_patrol", "local.../x"), "is not an id"),
    (TYPE + TYPE, "is declared twice"),
    (TYPE.replace('"event"', '"happening"'), "write one of event, interval, reference"),
    (TYPE.replace('anchor = "started_at"', 'anchor = "began"'), "has no column `began`"),
    (TYPE.replace('anchor = "started_at"', 'anchor = "place"'), "the anchor is no date"),
    (TYPE.replace('anchor = "started_at"', 'anchor = "ended_at"'), "the anchor `ended_at` may be blank"),
    (TYPE.replace('["patrol_id"]', '["patrol"]'), "has no column `patrol`"),
    (TYPE.replace('["patrol_id"]', '["place"]'), "the key `place` may be blank"),
    (TYPE.replace('["patrol_id"]', '"patrol_id"'), "`key` cannot be 'patrol_id'"),
    (TYPE.replace('type = "integer"', 'type = "float"'), "write one of text, integer"),
    (TYPE.replace('meaning = "Where", ', ""), "lacks"),
    (TYPE.replace('name = "dogs"', 'name = "Dogs"'), "`Dogs` cannot be the name of a column"),
    (TYPE.replace('name = "dogs"', 'name = "a b"'), "`a b` cannot be the name of a column"),
    (TYPE.replace('name = "dogs"', 'name = "month"'), "`month` cannot be the name of a column"),
    (TYPE.replace('name = "dogs"', 'name = "force"'), "`force` cannot be the name of a column"),
    (TYPE.replace('name = "dogs"', 'name = "row_hash"'), "`row_hash` cannot be the name of a column"),
    (TYPE.replace('name = "dogs"', 'name = "place"'), "two columns are called `place`"),
    (TYPE.replace('name = "dogs"', 'name = "ended_at_date"'), "two columns are called `ended_at_date`"),
    (TYPE.replace('name = "long"', 'name = "place"'), "two columns are called `place`"),
    (TYPE.replace("low = 1", 'low = "one"'), "write a number"),
    (TYPE.replace("required = true", 'required = "yes"', 1), "write true or false"),
    (TYPE.replace("dogs > 0", "cats > 0"), "there is no column `cats`"),
    (TYPE.replace("dogs > 0", "dogs"), "gives a number where a boolean is needed"),
    (TYPE.replace("seconds > 3600", "minutes > 60"), "there is no column `minutes`"),
    (TYPE.replace('start = "started_at"', 'start = "place"'), "`place` is not of type instant"),
    (TYPE.replace('end = "ended_at"', 'end = "end"'), "there is no column `end`"),
    (TYPE.replace('source = "place"', 'source = "dogs"'), "`dogs` is not of type text"),
    (TYPE.replace('park = "green"', "park = 5"), "`table` cannot be"),
    (TYPE.replace('kind = "Translation"', 'kind = "Python"'), "a derivation's kind is 'Python'"),
    (TYPE.replace('kind = "Translation"', 'kind = "Lookup"'), "a derivation's kind is 'Lookup'"),
    ("[[record_type]]\nid = 'local.x'\ncolumns = 5\n", "head each of them with [[columns]]"),
    ("[[record_type]]\nid = 'local.x'\n", "lacks"),
]


@pytest.mark.parametrize(("text", "says"), BAD_MEASURES + BAD_TYPES)
def test_a_bad_declaration_is_one_clear_line(workspace: Path, text: str, says: str) -> None:
    put(workspace, text)
    with pytest.raises(UserError) as error:
        load_catalogue(workspace)
    line = error.value.line()
    assert says in line and "\n" not in line and error.value.do, line
    assert "own.toml" in line or "local." in line or "powers." in line, line


PUBLISHED = """\
[[record_type]]
id = "local.dogs_published"
title = "Dogs, as published"
kind = "published count"
anchor = "counted_on"
key = ["counted_on"]
columns = [
  { name = "counted_on", type = "date", meaning = "Day of the count", required = true },
  { name = "dogs", type = "integer", meaning = "How many" },
]
"""
NUMBERED = """\
[[record_type]]
id = "local.dog_bite"
title = "Dog bites"
kind = "event"
anchor = "bitten_on"
columns = [
  { name = "bitten_on", type = "date", meaning = "Day of the bite", required = true },
  { name = "crime_number", type = "text", meaning = "Number of the crime", personal = "operational-reference" },
  { name = "bitten", type = "text", meaning = "Who was bitten", personal = "pseudonym", stands_for = "person" },
  { name = "bitten_name", type = "text", meaning = "Name of who was bitten", personal = "identity" },
  { name = "story", type = "text", meaning = "What happened", personal = "free-text" },
  { name = "gender", type = "text", meaning = "Gender of who was bitten", personal = "special-category" },
]
derived = [
  { name = "file", type = "text", expression = "coalesce(crime_number, 'none')", meaning = "Crime or none" },
  { name = "again", type = "text", expression = "case when gender is null then file end", meaning = "Again" },
  { name = "recorded", type = "boolean", expression = "crime_number is not null", meaning = "Recorded as a crime" },
]
"""


def counted(of: str, **more: str) -> str:
    """A count of a type's records, or the share of each value of a column."""
    lines = [
        line for line in MEASURE.splitlines() if not line.startswith(("where", "met", "of", "by", "kind"))
    ]
    parts = {"kind": '"Distribution"' if "across" in more else '"Count"', "of": f'"{of}"', **more}
    return "\n".join([*lines, *(f"{name} = {value}" for name, value in parts.items())]) + "\n"


@pytest.mark.parametrize("of", ["local.dogs_published", "powers.published_arrests", "shared.area_population"])
def test_published_counts_are_never_added_up_with_records(workspace: Path, of: str) -> None:
    put(workspace, PUBLISHED + counted(of))
    with pytest.raises(UserError) as error:
        load_catalogue(workspace)
    assert error.value.line().startswith(
        "local.drugs_arrest_rate: published counts are never added up with records; let it be of"
    )


@pytest.mark.parametrize("column", ["crime_number", "bitten", "story", "file", "again"])
@pytest.mark.parametrize("part", ["by", "across"])
def test_nothing_is_counted_by_a_column_that_is_never_shown(workspace: Path, part: str, column: str) -> None:
    value = f'["{column}"]' if part == "by" else f'"{column}"'
    put(workspace, NUMBERED + counted("local.dog_bite", **{part: value}))
    with pytest.raises(UserError) as error:
        load_catalogue(workspace)
    line = error.value.line()
    assert line.startswith(f"local.drugs_arrest_rate: nothing is ever counted by `{column}`"), line
    assert "crime_number" in line or column in ("bitten", "story")


def test_nothing_is_counted_by_an_identity(workspace: Path) -> None:
    put(workspace, NUMBERED + counted("local.dog_bite", by='["bitten_name"]'))
    with pytest.raises(UserError, match="counted by `bitten_name`"):
        load_catalogue(workspace)


def test_whether_a_reference_is_known_may_be_counted_by(workspace: Path) -> None:
    put(workspace, NUMBERED + counted("local.dog_bite", by='["recorded", "gender"]'))
    assert "local.drugs_arrest_rate" in load_catalogue(workspace).measures


def test_nor_is_it_when_asked_for_on_the_command_line(workspace: Path) -> None:
    put(workspace, NUMBERED + counted("local.dog_bite"))
    asked = ["measure", "local.drugs_arrest_rate", "--period", "2019-07", "--by", "crime_number"]
    done = run_here(*asked, cwd=workspace)
    assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
    assert "nothing is ever counted by `crime_number`" in done.stderr


def test_a_file_that_is_not_text(workspace: Path) -> None:
    (workspace / "local" / "own.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="is not TOML"):
        load_catalogue(workspace)


def test_every_verb_says_it_alike(workspace: Path) -> None:
    put(workspace, MEASURE.replace("local.", "powers."))
    for verb in (["measures"], ["refresh"], ["measure", "powers.searches", "--period", "2019-07"]):
        done = run_here(*verb, cwd=workspace)
        assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
        assert "does not begin with `local.`" in done.stderr
