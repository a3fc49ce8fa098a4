"""The quick ways of reading values give what the slow one gives: the same rows, and the same reasons.

A column whose values repeat is read once for each (``distinct.py``); where all values of a column look alike,
steps that would change none of them are left out (``looks.py``). Here both ways read the same table.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openpeel.engine.declare.records import Column, RecordType, RowRule
from openpeel.engine.intake import distinct, normalise
from openpeel.engine.intake.looks import UNKNOWN
from openpeel.engine.intake.mapping import Mapping, Part, Rule, Zone
from records import supply

#: A column of each sort, some of them twice: with and without what a mapping can say of them.
THINGS = RecordType(
    id="test.thing",
    title="Things",
    kind="event",
    anchor="at",
    columns=(
        Column("at", "instant", "When.", required=True),
        Column("until", "instant", "Until when."),
        Column("later", "instant", "In another writing."),
        Column("day", "date", "Which day."),
        Column("words", "text", "Any words."),
        Column("colour", "text", "Which.", allowed=("Red", "Dark blue")),
        Column("yes", "boolean", "Whether."),
        Column("count", "integer", "How many.", low=-10, high=1_000_000, unit="things"),
        Column("size", "number", "How large.", low=-10, unit="metres"),
        Column("took", "duration", "How long.", low=0, unit="seconds"),
        Column("person", "text", "Who.", personal="pseudonym", stands_for="person"),
        Column("name", "text", "Their name.", personal="identity"),
        Column("born", "date", "Their birth date.", personal="identity"),
        Column("late", "text", "A column of a later edition.", since=2),
    ),
    rules=(
        RowRule("in-order", "until >= at", "ended before it began"),
        RowRule("fits", "count <= size", "more than fit"),
    ),
)
RULES = {
    "later": Rule(formats=("%d/%m/%Y %H:%M:%S", "%d/%m/%Y")),
    "yes": Rule(values={"ja": "yes", "nein": "no"}),
    "words": Rule(blank="said nothing"),
}
#: A table of at least so many rows takes the short cuts that need many.
ROWS = 30_000

_DAYS = [
    "2024-03-04", "2024-02-30", "2024-12-31", "0999-01-01", "1000-01-01", "1899-12-30", "9999-12-31", "0000-00-00",
    "2024-3-004", "2024-13-01", "20 4-03-04", "-024-03-04", "+024-03-04",
]  # fmt: skip
_TIMES = [
    "00:00:00", "14:05:07", "23:59:59", "24:00:00", "01:30:00", "12:60:00", "12:00:60", "1:05:00 ", "12:00:5 ",
    " 1:00:00", "12:00: 5", "aa:bb:cc", "12:00:0.", "12:00:+1",
]  # fmt: skip
#: Texts all of one shape, so that a look at them tells something; odd ones of the same shape among them.
STAMPS = st.builds(
    lambda day, mark, time: f"{day}{mark}{time}",
    st.sampled_from([*_DAYS, "2024-03-31", "2024-10-27"]), st.sampled_from(" T"), st.sampled_from(_TIMES),
)  # fmt: skip
FIGURES = st.text("0123456789", min_size=1, max_size=20) | st.text("0123456789-.", min_size=1, max_size=12)
SHORT_FIGURES = st.text("0123456789", min_size=1, max_size=7) | st.text("0159-.", min_size=1, max_size=5)
ANYTHING = st.text('aZ09.,:;-+/ \t\n\r"\\%\u00a0\ufeff\x07\x1fé😀', max_size=10)
WORDS = st.sampled_from(
    [
        "red",
        "RED",
        "dark  blue",
        "Dark blue",
        "yes",
        "no",
        "ja",
        "NEIN",
        "NULL",
        "n/a",
        "",
        " ",
        "None",
        "nan",
    ]
)
SHAPES = [
    STAMPS, STAMPS.filter(lambda t: " " not in t), st.sampled_from(_DAYS), FIGURES, SHORT_FIGURES,
    SHORT_FIGURES | st.just(""), WORDS, ANYTHING,
    st.sampled_from(["04/03/2024 10:00:00", "04/03/2024", "4/3/24", "31/02/2024", "2024-03-04 10:00:00"]),
    st.sampled_from(["2024-03-04T10:00:00Z", "2024-07-01T00:30:00+01:00", "2024-03-04T10:00:00-0330"]),
]  # fmt: skip
FITTING = {"instant": STAMPS, "date": st.sampled_from(_DAYS), "integer": SHORT_FIGURES, "number": FIGURES,
           "duration": SHORT_FIGURES, "boolean": WORDS, "text": WORDS}  # fmt: skip


def tables(least: int, most: int) -> st.SearchStrategy[dict[str, list[str]]]:
    """A few texts for each column, in each column all of one shape; column lengths differ."""
    columns = {}
    for column in THINGS.columns:
        fitting = FITTING[column.type]
        shape = st.one_of(st.just(fitting), st.just(fitting), st.sampled_from(SHAPES))
        # Of a required column most rows must have something that can be read.
        plain = st.just("2024-03-04 10:00:00") if column.name == "at" else st.nothing()
        columns[column.name] = shape.flatmap(
            lambda s, plain=plain: st.lists(s | plain, min_size=least, max_size=most, unique=least > 5)
        )
    return st.fixed_dictionaries(columns)


def part_of(texts: dict[str, list[str]], count: int) -> Part:
    """So many rows: each column's texts over and over, so that they meet in ever other ways."""
    table = pa.table({
        name: pa.array([held[n % len(held)] for n in range(count)], pa.string()) for name, held in texts.items()
    })  # fmt: skip
    return Part(
        "made", "0" * 64, 1, supply.FORCE, None, None, table, pa.array(range(1, count + 1), pa.int64())
    )


def normalised(con: Any, mapping: Mapping, part: Part) -> dict[str, list[Any]]:
    """All that ``normalise`` makes of a part."""
    out = {}
    for table in (normalise.SUPPLIED, normalise.SET_ASIDE, normalise.IDENTITIES):
        con.execute(f"DELETE FROM {table}")
    normalise.normalise(con, mapping, [(0, part)])
    for table in (normalise.SUPPLIED, normalise.SET_ASIDE):
        out[table] = con.execute(f"SELECT * FROM {table} ORDER BY row").fetchall()
    accepted = f"{normalise.IDENTITIES} SEMI JOIN {normalise.SUPPLIED} USING (part, row)"
    out[normalise.IDENTITIES] = con.execute(f"SELECT * FROM {accepted} ORDER BY row").fetchall()
    return out


def both_ways(con: Any, mapping: Mapping, part: Part) -> dict[str, list[Any]]:
    """Hold the quick ways to the slow one."""
    quick = normalised(con, mapping, part)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distinct, "_repeats", lambda _texts: False)
        patch.setattr(normalise, "look", lambda _texts: UNKNOWN)
        slow = normalised(con, mapping, part)
    for table, wanted in slow.items():
        differ = [(q, s) for q, s in zip(quick[table], wanted, strict=False) if q != s]
        assert (differ[:1], len(quick[table])) == ([], len(wanted)), table
    return quick


def mapping_for(zone: Zone, rules: dict[str, Rule]) -> Mapping:
    return Mapping(THINGS, {c.name: (c.name,) for c in THINGS.columns}, (), "complete", zone, rules)


@pytest.fixture(scope="module")
def con() -> Any:
    return supply.connection(THINGS)


settled = settings(
    derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck), max_examples=30
)
zones = st.sampled_from(["local", "UTC", "offset"])
rules_of = st.sampled_from([{}, RULES])


@settled
@given(texts=tables(6, 40), zone=zones, rules=rules_of)
def test_looking_at_a_column_changes_nothing(
    con: Any, texts: dict[str, list[str]], zone: Zone, rules: dict[str, Rule]
) -> None:
    """All values differ, so that none is looked up."""
    count = min(len(held) for held in texts.values())
    part = part_of(texts, count)
    assert not any(distinct._repeats(part.table[c.name]) for c in THINGS.columns)
    both_ways(con, mapping_for(zone, rules), part)


@settings(settled, max_examples=6)
@given(texts=tables(2, 5) | tables(6, 40), zone=zones, rules=rules_of)
def test_reading_a_value_once_changes_nothing(
    con: Any, texts: dict[str, list[str]], zone: Zone, rules: dict[str, Rule]
) -> None:
    """Values repeat, over more rows than the sample that tells so."""
    assert distinct._SAMPLE < ROWS
    part = part_of(texts, ROWS)
    assert all(distinct._repeats(part.table[c.name]) for c in THINGS.columns)
    both_ways(con, mapping_for(zone, rules), part)


def test_both_ways_are_tried_on_rows_that_are_taken(con: Any) -> None:
    """The tables above are no use if nothing in them can be read."""
    good = {"at": ["2024-03-04 10:00:00", "2024-03-04 10:00:01"], "until": ["2024-03-04 12:00:00", "NULL"],
            "later": ["04/03/2024 10:00:00", "04/03/2024"], "day": ["2024-03-04", ""], "words": ["one", ""],
            "colour": ["red", "Dark blue"], "yes": ["ja", "no"], "count": ["1", "-2"], "size": ["1.5", ""],
            "took": ["9", "10"], "person": ["N-1", "N-2"], "name": ["A", "B"], "born": ["1999-01-01", ""],
            "late": ["x", ""]}  # fmt: skip
    found = both_ways(con, mapping_for("local", RULES), part_of(good, ROWS))
    assert (len(found[normalise.SUPPLIED]), found[normalise.SET_ASIDE]) == (ROWS, [])
    assert len(found[normalise.IDENTITIES]) == ROWS
