"""The quick ways of reading values give what the slow one gives: the same rows, and the same reasons.

A column whose values repeat is read once for each (``distinct.py``); where all values of a column look alike,
steps that would change none of them are left out (``looks.py``), and times are read all at once
(``instants.py``). Here both ways read the same table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
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

_DAYS = (
    "2024-03-04",
    "2024-02-30",
    "0999-01-01",
    "1000-01-01",
    "1899-12-30",
    "9999-12-31",
    "0000-00-00",
    "2024-13-01",
)
_TIMES = ("00:00:00", "14:05:07", "23:59:59", "24:00:00", "01:30:00", "12:60:00", "12:00:60")


def stamps(days: Sequence[str], times: Sequence[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda day, mark, time: f"{day}{mark}{time}",
        st.sampled_from(days), st.sampled_from(" T"), st.sampled_from(times),
    )  # fmt: skip


#: What texts all of one shape look like, so that a look at them tells something.
STAMPS = stamps(("2024-03-31", "2024-10-27", *_DAYS), _TIMES)
#: Of the length and with the marks of a time, and no time.
ALMOST_STAMPS = stamps(
    ("2024-03-04", "20 4-03-04", "-024-03-04", " 024-03-04", "2024-03- 4"),
    ("10:00:00", "12:00:5 ", "12:0 :05", " 1:00:00", "12:00: 5", "12:00:0.", "aa:bb:cc", "12:00:+1"),
)
FIGURES = st.text("0123456789", min_size=1, max_size=11)
POINTS = st.sampled_from(
    [
        "1.5",
        "2.0",
        ".5",
        "5.",
        "-3",
        "-.5",
        "007",
        "-",
        ".",
        "--1",
        "1-2",
        "1.2.3",
        "-0",
        "0.49999999",
        "99999999999",
    ]
)
LONG_FIGURES = st.sampled_from(
    ["0.12345649999", "0.1234564999999", "9223372036854775807", "9223372036854775808", "999999999999.999999",
     "1000000000000", "-9223372036854775808", "12345678901.5", "0.0000005", "0.00000049999999999", "1.00000000000"]
)  # fmt: skip
LETTERS = st.sampled_from(
    ["1e5", "1e-7", "+3", "1,000", "1,00", "5 ", "0x10", "1_000", "inf", "nan", "1.0", "\u0661"]
)
CHOICES = st.sampled_from(["red", "RED", "dark  blue", "Dark blue", "Dark  Blue", "blue", "reds"])
YES_NO = st.sampled_from(["yes", "no", "ja", "NEIN", "T", "0.0", "maybe", "1"])
BLANKS = st.sampled_from(["NULL", "n/a", "", " ", "None", "nan", "a", "\u00a0b", "\ufeff", "none of it"])
LONG_OR_NOTHING = st.sampled_from(["", "North area", "South area", "east area", "West area"])
ANYTHING = st.text('aZ09.,:;-+/ \t\n\r"\\%\u00a0\ufeff\x07\x1fé😀', max_size=10)
FORMATTED = st.sampled_from(
    ["04/03/2024 10:00:00", "04/03/2024", "4/3/24", "31/02/2024", "2024-03-04 10:00:00", "04/03/0024"]
)
ZONED = st.sampled_from(
    ["2024-03-04T10:00:00Z", "2024-07-01T00:30:00+01:00", "2024-03-04T10:00:00-0330", "2024-03-04"]
)
#: The shapes that fit a column, tried more often than the others.
FITTING = {
    "instant": (STAMPS, ALMOST_STAMPS, ZONED),
    "date": (st.sampled_from(_DAYS), STAMPS),
    "integer": (FIGURES, POINTS, LONG_FIGURES, LETTERS),
    "number": (FIGURES, POINTS, LONG_FIGURES, LETTERS),
    "duration": (FIGURES, POINTS, LETTERS),
    "boolean": (YES_NO, BLANKS),
    "text": (CHOICES, BLANKS, LONG_OR_NOTHING, ANYTHING),
}
EVERY = (STAMPS, FORMATTED, POINTS, LETTERS, CHOICES, YES_NO, BLANKS, ANYTHING)


def only(column: Column) -> RecordType:
    """The type with the anchor and one column more: with all of them one bad value would hide the others."""
    # An identity is kept under a pseudonym.
    names = {"at", column.name, *(["person"] if column.personal == "identity" else [])}
    return replace(THINGS, columns=tuple(c for c in THINGS.columns if c.name in names), rules=())


def shapes_of(column: Column) -> list[st.SearchStrategy[str]]:
    """The shapes that fit a column, and all others at once."""
    fitting = FITTING["instant" if column.name == "later" else column.type]
    return [*fitting, *([FORMATTED] if column.name == "later" else []), st.one_of(EVERY)]


def part_of(texts: dict[str, list[str]], count: int, forces: Sequence[str] = (supply.FORCE,)) -> Part:
    """So many rows: each column's texts over and over; of several forces, the rows say which."""
    texts = texts | ({"force": list(forces)} if len(forces) > 1 else {})
    table = pa.table({
        name: pa.array([held[n % len(held)] for n in range(count)], pa.string()) for name, held in texts.items()
    })  # fmt: skip
    return Part(
        "made",
        "0" * 64,
        1,
        forces[0] if len(forces) == 1 else "",
        None,
        None,
        table,
        pa.array(range(1, count + 1), pa.int64()),
    )


def normalised(con: Any, mapping: Mapping, part: Part) -> dict[str, list[Any]]:
    """All that ``normalise`` makes of a part."""
    tables = [normalise.SUPPLIED, normalise.SET_ASIDE]
    for table in tables + [normalise.IDENTITIES] * bool(mapping.type.identities()):
        con.execute(f"DELETE FROM {table}")
    normalise.normalise(con, mapping, [(0, part)])
    out = {table: con.execute(f"SELECT * FROM {table} ORDER BY row").fetchall() for table in tables}
    if mapping.type.identities():
        accepted = f"{normalise.IDENTITIES} SEMI JOIN {normalise.SUPPLIED} USING (part, row)"
        out[normalise.IDENTITIES] = con.execute(f"SELECT * FROM {accepted} ORDER BY row").fetchall()
    return out


def both_ways(con: Any, mapping: Mapping, part: Part) -> dict[str, list[Any]]:
    """Hold the quick ways to the slow one."""
    quick = normalised(con, mapping, part)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distinct, "_repeats", lambda _texts: False)
        patch.setattr(distinct, "_worth_hashing_once", lambda _column, _texts: False)
        patch.setattr(normalise, "read_at_once", lambda _mapping, quick, _looks, _names: quick)
        patch.setattr(normalise, "put_in_order", lambda _con, _type, quick: quick)
        patch.setattr(normalise, "look", lambda _texts: UNKNOWN)
        slow = normalised(con, mapping, part)
    for table, wanted in slow.items():
        differ = [(q, s) for q, s in zip(quick[table], wanted, strict=False) if q != s]
        assert (differ[:1], len(quick[table])) == ([], len(wanted)), table
    return quick


def mapping_for(record_type: RecordType, zone: Zone, rules: dict[str, Rule]) -> Mapping:
    names = [c.name for c in record_type.columns]
    mine = {name: rule for name, rule in rules.items() if name in names}
    return Mapping(record_type, {n: (n,) for n in names}, (), "complete", zone, mine)


ZONES: tuple[Zone, ...] = ("local", "UTC", "offset")
settled = settings(
    derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # making a failing table smaller would take minutes
)  # fmt: skip
#: So many tables a column and shape, and so many where there is time.
HOW_MANY = pytest.mark.parametrize("examples", [4, pytest.param(60, marks=pytest.mark.long)])


def compare(column: Column, examples: int, least: int, count: int = 0) -> None:
    """Hold the two ways together for one column: its texts once each, or over and over."""
    con = supply.connection(only(column))
    for shape in shapes_of(column):

        @settings(settled, max_examples=examples)
        @given(st.data(), st.lists(shape, min_size=least, max_size=30, unique=True))
        def check(data: st.DataObject, texts: list[str]) -> None:
            forces = data.draw(st.sampled_from([(supply.FORCE,), (supply.FORCE, supply.OTHER, supply.OTHER)]))
            # A time must be told from the zone; elsewhere, all rows but those of one zone would be set aside.
            zone = data.draw(st.sampled_from(ZONES)) if column.type == "instant" else "local"
            rules = data.draw(st.sampled_from([{}, RULES]))
            beside = {"at": ["2024-03-04 10:00:00"], "person": ["N-1"]} | {column.name: texts}
            mapping = mapping_for(only(column), zone, rules)
            part = part_of({n: beside[n] for n in mapping.headings}, count or len(texts), forces)
            assert distinct._repeats(part.table[column.name]) == bool(count)
            both_ways(con, mapping, part)

        check()


@HOW_MANY
@pytest.mark.parametrize("column", THINGS.columns, ids=lambda c: c.name)
def test_looking_at_a_column_changes_nothing(column: Column, examples: int) -> None:
    """All texts differ, so that none is looked up."""
    compare(column, examples, least=2)


@HOW_MANY
@pytest.mark.parametrize("column", THINGS.columns, ids=lambda c: c.name)
def test_reading_a_text_once_changes_nothing(column: Column, examples: int) -> None:
    """Texts repeat, and are looked up."""
    compare(column, examples, least=1, count=200)


GOOD = {
    "at": ["2024-03-04 10:00:00", "2024-03-04 10:00:01"], "until": ["2024-03-04 12:00:00", "NULL", "2024-03-04"],
    "later": ["04/03/2024 10:00:00", "04/03/2024"], "day": ["2024-03-04", ""], "words": ["one", ""],
    "colour": ["red", "Dark blue"], "yes": ["ja", "no", ""], "count": ["1", "-2"], "size": ["1.5", ""],
    "took": ["9", "10"], "person": ["N-1", "N-2"], "name": ["A", "B"], "born": ["1999-01-01", ""],
    "late": ["x", ""],
}  # fmt: skip


@pytest.mark.parametrize("zone", ["local", "UTC"])
def test_a_large_table_is_the_same_both_ways(zone: Zone) -> None:
    """More rows than the sample by which repeats are told, all columns and rules at once."""
    assert distinct._SAMPLE < ROWS
    con = supply.connection(THINGS)
    found = both_ways(con, mapping_for(THINGS, zone, RULES), part_of(GOOD, ROWS))
    assert (len(found[normalise.SUPPLIED]), found[normalise.SET_ASIDE]) == (ROWS, [])
    assert len(found[normalise.IDENTITIES]) == ROWS
    odd = {
        "until": [*GOOD["until"], "", "2024-03-03 12:00:00"],
        "count": ["1", "-20", "4", "x"],
        "at": ["", *GOOD["at"]],
    }
    found = both_ways(con, mapping_for(THINGS, zone, RULES), part_of(GOOD | odd, ROWS))
    reasons = {row[2] for row in found[normalise.SET_ASIDE]}
    assert reasons == {"at is blank", "count cannot be read", "count is too small", "ended before it began",
                       "more than fit"}  # fmt: skip
