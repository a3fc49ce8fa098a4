"""The little language of declarations: what is allowed, what is refused, and what it becomes."""

from __future__ import annotations

import pytest

from openpeel.engine.connection import connect
from openpeel.engine.declare.expressions import Family, Name, parse
from openpeel.errors import UserError

NAMES = {
    "seconds": Name("duration"),
    "age": Name("integer"),
    "share": Name("number"),
    "grade": Name("text", ("1", "2", "3")),
    "note": Name("text"),
    "armed": Name("boolean"),
    "closed": Name("boolean"),
    "day": Name("date"),
    "due": Name("date"),
    "start": Name("instant"),
    "end": Name("instant"),
    "order": Name("integer"),
    "select": Name("text"),
}
ROW = (
    "SELECT 400 AS seconds, 20 AS age, 0.5::DECIMAL(18,6) AS share, '1' AS grade, 'x' AS note, true AS armed, "
    "NULL::BOOLEAN AS closed, DATE '2023-01-01' AS day, DATE '2023-01-02' AS due, TIMESTAMP '2023-01-01 12:00:00' "
    'AS start, TIMESTAMP \'2023-01-01 12:10:00\' AS "end", 1 AS "order", \'y\' AS "select"'
)
CON = connect()


def ask(source: str, needs: Family = "boolean") -> object:
    """What an expression gives on the row above, run by DuckDB."""
    found = CON.execute(f"SELECT {parse(source, NAMES, needs)} FROM ({ROW})").fetchone()
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("armed", True),
        ("not armed", False),
        ("closed", None),
        ("closed is null", True),
        ("closed is not null", False),
        ("armed is true", True),
        ("closed is not true", True),
        ("grade = '1'", True),
        ("grade <> '1'", False),
        ("grade != '1'", False),
        ("grade in ('1', '3')", True),
        ("grade not in ('1', '3')", False),
        ("note = 'it''s; -- no comment'", False),
        ("seconds <= 360", False),
        ("seconds between 360 and 400", True),
        ("seconds not between 360 and 400", False),
        ("seconds > age * 10 + 2 - -1", True),
        ("- -age = 20", True),
        ("share = 0.5", True),
        ("age < 1e3", True),
        ("day < due", True),
        ("start < end", True),
        ("coalesce(closed, false)", False),
        ("coalesce(grade, 'none') = 'none'", False),
        ("case when armed then seconds > 1 else false end", True),
        ("case grade when '1' then true when '2' then false end", True),
        ("armed and closed", None),
        ("armed or closed", True),
        ("not (armed and grade = '2') or closed", True),
        ("(armed) = (grade = '1')", True),
        ("armed = closed is null", True),  # (armed = closed) is null: sqlglot puts the brackets
        ("order = 1", True),
        ("\"select\" = 'y'", True),
        ("true", True),
        ("null", None),
        ("armed -- said once", True),
        ("armed /* said\ntwice */ and true", True),
        ("\n  armed\n", True),
    ],
)
def test_what_is_allowed_runs(source: str, answer: object) -> None:
    assert ask(source) == answer


@pytest.mark.parametrize(("source", "answer"), [("seconds + 1", 401), ("- age", -20), ("share * 2", 1)])
def test_numbers(source: str, answer: object) -> None:
    assert ask(source, "number") == answer


NOT_LISTED = [
    "age in (select 1)", "exists (select 1)", "(select 1) = 1", "age = any(select 1)", "age = all([1])",
    "count(*) > 1", "sum(age) > 1", "row_number() over () = 1", "max(age) over (order by age) = 1",
    "cast(age as text) = '1'", "age::text = '1'", "try_cast(age as text) is null", "DATE '2020-01-01' < day",
    "now() > start", "current_date > day", "extract(year from day) = 2020", "date_diff('minute', start, \"end\") < 6",
    "start + interval 6 minute > end", "random() < 0.5", "abs(age) = 1", "@age = 1", "greatest(age, 1) = 1",
    "lower(note) = 'x'", "note || 'x' = 'xx'", "note like 'x%'", "note ilike 'X'", "note ~ 'x'", "note glob 'x*'",
    "note similar to 'x'", "note collate nocase = 'X'", "if(armed, true, false)", "age / 2 = 1", "age // 2 = 1",
    "age % 2 = 0", "age ** 2 = 4", "age & 1 = 1", "~age = 1", "age is distinct from 1", "[1] = [1]",
    "{'a': 1} is null", "(age, 1) = (1, 1)", "note[1] = 'x'", "note in note", "x -> x", "*", "columns(*)", "? = age",
    "$1 = age", ":x = age", "age = 1 as x", "note = e'x'", "note = $$x$$", "read_text('/etc/passwd') = note",
    "getenv('HOME') = note", "unnest([1]) = 1",
]  # fmt: skip


@pytest.mark.parametrize("source", NOT_LISTED)
def test_what_is_not_listed_is_refused(source: str) -> None:
    with pytest.raises(UserError) as error:
        parse(source, NAMES, "boolean", "test.measure: where")
    assert error.value.line().startswith("test.measure: where: ")
    assert "\n" not in error.value.line()


@pytest.mark.parametrize(
    "source",
    [
        "armed) from x where (armed",
        "armed), (armed",
        "armed) or (armed",
        "armed); drop table cells; select (armed",
        "armed) union select (true",
        "armed) as x, (armed",
        "armed) limit (1",
        "armed) group by (1",
        "armed) -- ",
        "armed /*",
        "'",
        "armed '",
        '"',
        ")",
        "(",
        "",
        "   ",
        "-- nothing",
        "armed; armed",
        "select true",
        "update cells set x = 1",
        "attach '/tmp/x'",
        "armed armed",
        "armed and",
        "distinct armed",
        "armed filter (where armed)",
        "armed limit 1",
    ],
)
def test_nothing_can_be_slipped_in(source: str) -> None:
    with pytest.raises(UserError):
        parse(source, NAMES, "boolean")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("force = 'kent'", "force"),
        ("nothing = 1", "there is no column `nothing`"),
        ("Armed", "there is no column `Armed`"),
        ("x.armed", "there is no column `x.armed`"),
        ("snapshot = 'x'", "there is no column"),
        ("age = '20'", "(number) is compared with `'20'` (text)"),
        ("grade = 1", "(text) is compared with `1` (number)"),
        ("armed = 'true'", "(boolean) is compared with"),
        ("armed = 1", "(boolean) is compared with"),
        ("day > '2020-01-01'", "(date) is compared with"),
        ("day > start", "(date) is compared with `start` (instant)"),
        ("age between 1 and '3'", "is compared with"),
        ("age in (1, 'x')", "is compared with"),
        ("age < 3 < 4", "is compared with"),
        ("age is true", "where a boolean is needed"),
        ("not age", "where a boolean is needed"),
        ("age and armed", "where a boolean is needed"),
        ("-note = 'x'", "where a number is needed"),
        ("armed + 1 = 2", "where a number is needed"),
        ("case when age then true end", "where a boolean is needed"),
        ("case when armed then 1 else 'x' end = 1", "number and text are mixed"),
        ("coalesce(note, 1) = 'x'", "number and text are mixed"),
        ("age", "gives a number where a boolean is needed"),
        ("note", "gives a text where a boolean is needed"),
        ("grade = '4'", "`grade` is never '4'"),
        ("(grade) = ('4')", "`grade` is never '4'"),
        ("'4' = grade", "`grade` is never '4'"),
        ("grade in ('1', '4')", "`grade` is never '4'"),
        ("grade not in ('4')", "`grade` is never '4'"),
        ("case grade when '4' then true end", "`grade` is never '4'"),
        ("coalesce(grade, 'none') = '4'", "`grade` is never '4'"),
        ("grade = null", "write `is null`"),
        ("grade = (null)", "write `is null`"),
        ("null = null", "write `is null`"),
        ("grade in ('1', null)", "write `is null`"),
        ("age between 1 and null", "write `is null`"),
        ("armed = true = closed", "put brackets round it"),
        ("age = 1e400", "not a number that can be worked with"),
        ("age = 99999999999999999999999", "not a number that can be worked with"),
        ("(" * 5000 + "armed" + ")" * 5000, "nested too deeply"),
        ("not " * 5000 + "armed", "nested too deeply"),
    ],
)
def test_what_makes_no_sense_is_refused(source: str, says: str) -> None:
    with pytest.raises(UserError) as error:
        parse(source, NAMES, "boolean", "where")
    assert says in error.value.line()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("armed AND seconds<=360", "armed   and\n seconds <= 360"),
        ("grade IN ('1','2')", "grade in ( '1', '2' )"),
        ('"armed"', "armed"),
        ("armed -- why", "armed"),
        ("grade != '1'", "grade <> '1'"),
    ],
)
def test_the_normal_form(one: str, other: str) -> None:
    """Two ways of writing the same thing are one measure version; every name is quoted."""
    assert parse(one, NAMES, "boolean") == parse(other, NAMES, "boolean")


def test_every_name_is_quoted() -> None:
    assert parse("armed and order = 1", NAMES, "boolean") == '"armed" AND "order" = 1'


def test_the_normal_form_is_its_own_normal_form() -> None:
    for source in (
        "armed and not closed or grade in ('1')",
        "- -age = 1",
        "coalesce(seconds, 0) between 1 and 2",
    ):
        once = parse(source, NAMES, "boolean")
        assert parse(once, NAMES, "boolean") == once
