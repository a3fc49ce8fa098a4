"""From strings to typed rows: a value that cannot be read sets its row aside, and blank stays unknown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from openpeel.engine.connection import connect
from openpeel.engine.declare.records import Column, RecordType, RowRule
from openpeel.engine.intake.mapping import Mapping, Part, Zone, match_headings
from openpeel.engine.intake.normalise import SET_ASIDE, SUPPLIED, create_tables, normalise
from openpeel.engine.intake.read import Malformed
from openpeel.errors import UserError

LONDON = ZoneInfo("Europe/London")
THINGS = RecordType(
    id="test.things",
    title="Things",
    kind="event",
    anchor="at",
    columns=(
        Column("at", "instant", "When.", True),
        Column("colour", "text", "Which.", allowed=("Red", "Dark blue")),
        Column("words", "text", "Any words."),
        Column("yes", "boolean", "Whether."),
        Column("size", "number", "How large.", low=-10, high=10_000_000),
        Column("count", "integer", "How many."),
        Column("day", "date", "Which day."),
    ),
    rules=(RowRule("count_before_size", "count <= size", "the count is larger than the size"),),
)
HEADINGS = {c.name: (c.name.capitalize(),) for c in THINGS.columns}
AT = "2019-07-10T12:00:00Z"
COLUMNS = [c.name for c in THINGS.columns]


connection = cache(connect)  # one for all: opening it takes longer than using it


def checked(
    rows: Sequence[dict[str, str]],
    zone: Zone = "offset",
    months: tuple[int, int] | None = None,
    malformed: Sequence[Malformed] = (),
) -> tuple[list[dict[str, Any]], list[tuple[int, str, str, str]]]:
    """Accepted rows, and row number, reason, detail and text of those set aside."""
    table = pa.table({n: pa.array([r.get(n, "") for r in rows], pa.string()) for n in COLUMNS})
    first, last = months or (None, None)
    part = Part(
        "file", "0" * 64, 1, "kent", first, last, table, pa.array(range(1, len(rows) + 1), pa.int64())
    )
    part.malformed.extend(malformed)
    mapping = Mapping(THINGS, HEADINGS, ("at",), "complete", zone)
    con = connection()
    create_tables(con, THINGS)
    normalise(con, mapping, [(0, part)])
    accepted = con.sql(f"SELECT * FROM {SUPPLIED} ORDER BY row").to_arrow_table().to_pylist()
    aside = con.execute(f'SELECT row, reason, detail, "text" FROM {SET_ASIDE} ORDER BY row').fetchall()
    assert len(accepted) + len(aside) == part.read()
    return accepted, aside


def one(column: str, value: str, zone: Zone = "offset") -> Any:
    """What a value becomes, or the reason for which its row is set aside."""
    accepted, aside = checked([{"at": AT, column: value}], zone)
    return accepted[0][column] if accepted else aside[0][1]


def moment(text: str, zone: Zone = "offset") -> tuple[datetime | None, date | None] | str:
    accepted, aside = checked([{"at": text}], zone)
    return (accepted[0]["at"], accepted[0]["at_date"]) if accepted else aside[0][1]


# Times


@pytest.mark.parametrize(
    ("text", "instant", "day"),
    [
        ("2019-08-31T23:00:00Z", datetime(2019, 8, 31, 23), date(2019, 9, 1)),
        ("2019-08-31T22:59:59+00:00", datetime(2019, 8, 31, 22, 59, 59), date(2019, 8, 31)),
        ("2019-12-31T23:00:00Z", datetime(2019, 12, 31, 23), date(2019, 12, 31)),
        ("2020-01-01T00:00:00Z", datetime(2020, 1, 1), date(2020, 1, 1)),
        ("2019-07-10T12:00:00.5Z", datetime(2019, 7, 10, 12, 0, 0, 500000), date(2019, 7, 10)),
        ("2019-07-10T12:00:00.123456789Z", datetime(2019, 7, 10, 12, 0, 0, 123456), date(2019, 7, 10)),
        ("2019-08-31T22:59:59.9999999Z", datetime(2019, 8, 31, 22, 59, 59, 999999), date(2019, 8, 31)),
        ("2019-09-01T00:30:00+01:00", datetime(2019, 8, 31, 23, 30), date(2019, 9, 1)),
        ("2019-09-01T00:30:00+0200", datetime(2019, 8, 31, 22, 30), date(2019, 8, 31)),
        ("2019-08-31T18:30:00-05", datetime(2019, 8, 31, 23, 30), date(2019, 9, 1)),
        ("2019-09-01T04:29:00+05:30", datetime(2019, 8, 31, 22, 59), date(2019, 8, 31)),
        ("2019-07-10 12:00Z", datetime(2019, 7, 10, 12), date(2019, 7, 10)),
        (" 2019-07-10T12:00:00Z ", datetime(2019, 7, 10, 12), date(2019, 7, 10)),
    ],
)
def test_time_with_offset_has_its_instant_and_the_date_in_london(
    text: str, instant: datetime, day: date
) -> None:
    assert moment(text) == (instant, day)


def test_date_only_stamp_has_a_date_and_no_instant() -> None:
    assert moment("2019-07-10") == (None, date(2019, 7, 10))


@pytest.mark.parametrize(
    "text",
    [
        "2019-07-10T12:00:00",  # no offset, and nobody said which zone
        "2019-02-30",
        "2019-02-30T12:00:00Z",
        "2019-07-10T25:00:00Z",
        "2019-07-10T12:60:00Z",
        "2019-07-10T12:00:00+25:00",  # would be read as another day
        "2019-07-10T12:00:00+01:99",
        "10/07/2019",
        "07/10/2019 12:00",
        "0001-01-01T00:00:00Z",
        "20190710",
        "43656",  # a spreadsheet's day number
        "noon",
    ],
)
def test_time_that_cannot_be_read_sets_the_row_aside(text: str) -> None:
    assert moment(text) == "at cannot be read"


def test_blank_time_sets_the_row_aside_with_its_own_reason() -> None:
    accepted, aside = checked([{"at": "NA", "words": "x"}])
    assert accepted == []
    assert aside[0][1] == "at is blank"


def test_time_without_offset_in_a_source_of_utc() -> None:
    assert moment("2019-08-31T23:30:00", "UTC") == (datetime(2019, 8, 31, 23, 30), date(2019, 9, 1))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2019-10-27T00:59:59", datetime(2019, 10, 26, 23, 59, 59)),
        ("2019-10-27T01:00:00", datetime(2019, 10, 27, 0, 0)),  # happens twice: the first is meant
        ("2019-10-27T01:59:59", datetime(2019, 10, 27, 0, 59, 59)),
        ("2019-10-27T02:00:00", datetime(2019, 10, 27, 2, 0)),
        ("2019-03-31T00:59:59", datetime(2019, 3, 31, 0, 59, 59)),
        ("2019-03-31T02:00:00", datetime(2019, 3, 31, 1, 0)),
        ("2019-10-27T01:30:00Z", datetime(2019, 10, 27, 1, 30)),  # an offset says which one
    ],
)
def test_local_time_about_the_change_of_clocks(text: str, instant: datetime) -> None:
    assert moment(text, "local") == (instant, date.fromisoformat(text[:10]))


@pytest.mark.parametrize("text", ["2019-03-31T01:00:00", "2019-03-31T01:30:00", "2019-03-31T01:59:59"])
def test_local_time_in_the_hour_that_does_not_happen_sets_the_row_aside(text: str) -> None:
    assert moment(text, "local") == "at cannot be read"


def test_local_times_of_two_years_are_those_of_the_standard_library() -> None:
    start = datetime(2019, 1, 1, 0, 30)
    times = [start + timedelta(minutes=n * 97) for n in range(11000)]
    accepted, aside = checked([{"at": t.isoformat()} for t in times], "local")
    expected = [
        t.replace(tzinfo=LONDON).astimezone(UTC).replace(tzinfo=None)
        for t in times
        if t.replace(tzinfo=LONDON).astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) == t
    ]
    assert [row["at"] for row in accepted] == expected
    assert len(aside) == len(times) - len(expected)


def test_row_of_another_month_is_set_aside_and_says_which() -> None:
    july = 2019 * 12 + 6
    rows = [{"at": f"2019-{m:02d}-15T12:00:00Z"} for m in (6, 7, 8, 12)]
    accepted, aside = checked(rows, months=(july, july))
    assert [row["row"] for row in accepted] == [2]
    assert [(r[1], r[2]) for r in aside] == [
        ("outside the months of the file", f"belongs to 2019-{m}") for m in ("06", "08", "12")
    ]


# Words


@pytest.mark.parametrize("word", ["", " ", "NA", "na", "N/A", "NULL", "null", "NaN", "None", "\u00a0", "\t"])
def test_blank_is_unknown_in_every_column(word: str) -> None:
    accepted, _ = checked([{"at": AT, **dict.fromkeys(COLUMNS[1:], word)}])
    assert [accepted[0][column] for column in COLUMNS[1:]] == [None] * 6


@pytest.mark.parametrize("word", ["True", "true", "TRUE", "1", "1.0", "yes", " True "])
def test_true(word: str) -> None:
    assert one("yes", word) is True


@pytest.mark.parametrize("word", ["False", "false", "FALSE", "0", "0.0", "no"])
def test_false(word: str) -> None:
    assert one("yes", word) is False


@pytest.mark.parametrize("word", ["2", "-1", "maybe", "unknown", "0.5", "TrueFalse", "not stated"])
def test_what_is_neither_true_nor_false_is_not_made_false(word: str) -> None:
    assert one("yes", word) == "yes cannot be read"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234", Decimal(1234)),
        ("1,234,567.5", Decimal("1234567.5")),
        ("-0.1276", Decimal("-0.1276")),
        ("-.1276", Decimal("-0.1276")),
        ("5.", Decimal(5)),
        ("1e2", Decimal(100)),
        ("+7", Decimal(7)),
    ],
)
def test_number(text: str, number: Decimal) -> None:
    assert one("size", text) == number


@pytest.mark.parametrize(
    "text",
    ["1,23", "12,34,567", "1.234.567", "£5", "5%", "five", "1e999", "--1", ".", "inf", "1 234", "0x10"],
)
def test_what_is_no_number_sets_the_row_aside(text: str) -> None:
    assert one("size", text) == "size cannot be read"


def test_number_out_of_range() -> None:
    assert one("size", "10000000.1") == "size is too large"
    assert one("size", "-10.5") == "size is too small"


def test_whole_number() -> None:
    assert one("count", "1,234") == 1234
    assert one("count", "7.0") == 7
    for text in ("1.5", "1e3", "99999999999999999999"):
        assert one("count", text) == "count cannot be read"


def test_date() -> None:
    assert one("day", "2020-02-29") == date(2020, 2, 29)
    for text in ("2019-02-29", "29/02/2020", "2020-02-29T00:00:00Z"):
        assert one("day", text) == "day cannot be read"


def test_allowed_words_in_any_case_and_no_others() -> None:
    assert one("colour", "dark BLUE") == "Dark blue"
    assert one("colour", "Green") == "colour cannot be read"


def test_text_is_kept_but_for_space_at_its_ends() -> None:
    assert one("words", "  Ynys  Môn, 'x' \"y\"\n") == "Ynys  Môn, 'x' \"y\""


@pytest.mark.parametrize("character", ["\x01", "\x0b", "\x1f", "\x1b"])
def test_control_character_sets_the_row_aside(character: str) -> None:
    assert one("words", f"a{character}b") == "holds a control character"


def test_control_character_in_a_column_of_numbers_sets_the_row_aside() -> None:
    assert one("size", "1\x1f") == "holds a control character"


def test_row_of_nothing_but_na_is_the_empty_row() -> None:
    accepted, aside = checked([{"at": AT}, dict.fromkeys(COLUMNS, "NA"), {}])
    assert len(accepted) == 1
    assert [(r[0], r[1]) for r in aside] == [(2, "the row is empty"), (3, "the row is empty")]


def test_rule_of_the_record_type() -> None:
    accepted, aside = checked([{"at": AT, "count": "5", "size": "4"}, {"at": AT, "count": "5", "size": ""}])
    assert [row["row"] for row in accepted] == [2]
    assert aside[0][1] == "the count is larger than the size"


def test_first_reason_is_named_once_a_row() -> None:
    _, aside = checked([{"at": "x", "yes": "y?", "size": "z"}])
    assert len(aside) == 1
    assert aside[0][1:3] == ("at cannot be read", "at reads x")


def test_set_aside_row_keeps_what_it_said() -> None:
    _, aside = checked([{"at": "x", "words": 'a "b"'}])
    assert '"words":"a \\"b\\""' in aside[0][3]


def test_malformed_rows_are_set_aside_with_their_own_reason_and_quickly() -> None:
    many = [Malformed(n, "wrong number of fields", "has 1", "text") for n in range(2, 50_002)]
    accepted, aside = checked([{"at": AT}], malformed=many)
    assert (len(accepted), len(aside)) == (1, 50_000)
    assert aside[0] == (2, "wrong number of fields", "has 1", "text")


def test_exact_repeats_are_accepted_and_have_one_hash() -> None:
    accepted, _ = checked([{"at": AT, "words": "x"}] * 3)
    assert len({row["row_hash"] for row in accepted}) == 1
    assert len(accepted) == 3


def test_blank_and_absent_give_the_same_hash_and_a_dash_does_not() -> None:
    accepted, _ = checked([{"at": AT, "words": w} for w in ("", "NA", "-", "=")])
    hashes = [row["row_hash"] for row in accepted]
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 3


def test_values_do_not_run_into_their_neighbours() -> None:
    accepted, _ = checked(
        [{"at": AT, "colour": "Red", "words": ""}, {"at": AT, "colour": "", "words": "Red"}]
    )
    assert accepted[0]["row_hash"] != accepted[1]["row_hash"]


# Headings

MAPPING = Mapping(THINGS, {"at": ("Date", "Date and time"), "words": ("Some words",)}, ("at",), "complete")


def test_headings_in_another_order_case_and_with_spaces() -> None:
    found, unused = match_headings(MAPPING, ["x", " SOME-words ", "date_and_time"], "file")
    assert found == {"at": 2, "words": 1}
    assert unused == ["x"]


def test_missing_heading_is_missing() -> None:
    assert match_headings(MAPPING, ["Date"], "file") == ({"at": 0}, [])


@pytest.mark.parametrize("second", ["Date", "date ", "DATE"])
def test_two_columns_of_one_heading_are_refused(second: str) -> None:
    with pytest.raises(UserError, match="file: has two columns called Date"):
        match_headings(MAPPING, ["Date", "Some words", second], "file")


def test_two_columns_of_a_heading_that_is_not_used_do_not_matter() -> None:
    assert match_headings(MAPPING, ["Date", "", "", "x", "x"], "file")[0] == {"at": 0}
