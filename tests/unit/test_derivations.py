"""Derived columns: each kind on a few rows, and what they refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from incidents import INCIDENT, Row, complete, incident, mapping, part
from openpeel.engine.connection import connect
from openpeel.engine.declare.derivations import (
    Derivation,
    Derived,
    FromPolicy,
    Lookup,
    Rollup,
    SecondsBetween,
    Translation,
)
from openpeel.engine.declare.records import Column, RecordType
from openpeel.engine.declare.serial import digest
from openpeel.engine.derive import layer
from openpeel.engine.derive.layer import Scan, Sources, basis_of, layer_sql, needed, rows_of
from openpeel.engine.derive.policies import Policy, PolicyValue, load_policies
from openpeel.engine.intake import generations
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.generations import Vintage
from openpeel.errors import UserError

EVER = Vintage(date(2999, 1, 1))

OFFICER = RecordType(
    id="test.officer",
    title="Officers",
    kind="reference",
    anchor="since",
    key=("number", "since"),
    columns=(
        Column("number", "text", "Collar number.", True),
        Column("since", "date", "Since when.", True),
        Column("incident", "text", "Incident attended."),
        Column("minutes", "integer", "Minutes spent."),
    ),
)


def derived(
    root: Path, derivations: Sequence[Derivation], sources: Sources | None = None, name: str = "out"
) -> dict[str, object]:
    """Number of the incident -> the derived column ``out``, for all incidents there are."""
    record_type = replace(INCIDENT, derived=tuple(derivations))
    view = generations.view(generations.newest(root), EVER)
    given = sources or Sources({INCIDENT.id: INCIDENT, OFFICER.id: OFFICER}, {}, view)
    con = connect()
    columns = ["incident_id", name]
    scan = Scan(record_type, view.of(INCIDENT.id), given)
    rows = con.execute(f"{layer_sql(con, scan, columns, rows_of(root))} ORDER BY ALL").fetchall()
    listed = con.execute(f"{layer_sql(con, scan, columns, rows_of(root), {})} ORDER BY ALL").fetchall()
    con.close()
    assert listed == rows, "wordings looked up in a list and joined are not the same"
    found = {r[1]: r[2] for r in rows} if columns[0] < name else {r[2]: r[1] for r in rows}
    assert len(found) == len(rows), "a row is there twice"
    return found


def supply(root: Path, *rows: Row) -> Path:
    complete(root, "2022-01..2024-12", *rows)
    return root


# -------------------------------------------------------------------------------- one row at a time


def test_an_expression(workspace: Path) -> None:
    supply(workspace, incident("a", grade="1"), incident("b", grade="2"), incident("c"))
    urgent = Derived("out", "boolean", "grade = '1'", "")
    assert derived(workspace, [urgent]) == {"a": True, "b": False, "c": None}


def test_an_expression_on_an_earlier_derivation(workspace: Path) -> None:
    supply(workspace, incident("a", "2023-01-10", "2023-01-10 12:06:00"), incident("b"))
    chain = [
        SecondsBetween("seconds", "reported_at", "attended_at", ""),
        Derived("in_time", "boolean", "seconds <= 360", ""),
        Derived("out", "boolean", "not in_time", ""),
    ]
    assert derived(workspace, chain) == {"a": False, "b": None}
    with pytest.raises(UserError, match="there is no column `in_time`"):
        derived(workspace, [chain[0], chain[2], chain[1]])


def test_a_translation(workspace: Path) -> None:
    """Case and runs of spaces do not matter; a blank, an unknown wording and *not known* are unknown."""
    wordings = {
        "a": "Very  URGENT",
        "b": "very urgent",
        "c": "Very\u00a0urgent",
        "d": "urgent",
        "e": "",
        "f": "n/k",
    }
    supply(workspace, *(incident(i, grade=g) for i, g in wordings.items()))
    table = Translation("out", "grade", {"very Urgent": "top", "n/k": "", "low": "bottom"}, "")
    assert derived(workspace, [table]) == {
        "a": "top",
        "b": "top",
        "c": "top",
        "d": None,
        "e": None,
        "f": None,
    }
    quoted = Translation("out", "grade", {"very urgent": "it's", "urgent": "it's"}, "")
    assert set(derived(workspace, [quoted]).values()) == {"it's", None}
    nothing = Translation("out", "grade", {"n/k": ""}, "")
    assert set(derived(workspace, [nothing]).values()) == {None}


def test_a_column_of_too_many_wordings_is_joined(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    supply(workspace, *(incident(i, grade=f"grade {i}") for i in "abcd"))
    table = Translation("out", "grade", {"grade b": "two"}, "")
    monkeypatch.setattr(layer, "_LISTED", 3)
    assert derived(workspace, [table]) == {"a": None, "b": "two", "c": None, "d": None}
    monkeypatch.setattr(layer, "_LISTED", 4)
    assert derived(workspace, [table]) == {"a": None, "b": "two", "c": None, "d": None}


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2023-01-10 12:00:00", "2023-01-10 12:06:00", 360),
        ("2023-01-10 12:00:00", "2023-01-10 12:05:59", 359),
        ("2023-01-10 12:00:00", "2023-01-10 12:06:00.9", 360),  # rounded down
        ("2023-01-10 12:00:00.9", "2023-01-10 12:06:00", 359),
        (
            "2023-01-10 12:00:00.1",
            "2023-01-10 12:06:00.1",
            360,
        ),  # exactly, whatever floating point makes of .1
        ("2023-01-10 12:00:00.7", "2023-01-10 12:00:01.6", 0),
        ("2023-01-10 12:00:00", "2023-01-10 11:59:59.5", -1),  # down, not towards zero
        (
            "2023-01-10 23:59:59",
            "2023-01-11 00:00:00",
            1,
        ),  # one second, though a minute and a day are crossed
        ("2023-03-26 00:30:00", "2023-03-26 02:30:00", 3600),  # the hour that does not happen
        ("2023-10-29 00:30:00", "2023-10-29 02:30:00", 10800),  # the hour that happens twice
        ("2004-01-10 13:37:03.3", "2004-01-10 13:37:04.3", 1),
        ("2023-01-10 12:00:00", "", None),
    ],
)
def test_seconds_between(workspace: Path, start: str, end: str, seconds: int | None) -> None:
    complete(workspace, "2004-01..2023-12", incident("a", start, end))
    between = SecondsBetween("out", "reported_at", "attended_at", "")
    assert derived(workspace, [between]) == {"a": seconds}


# -------------------------------------------------------------------------------- across record types


def officers(root: Path, *rows: tuple[str, str, str, str], force: str = "kent") -> None:
    names = ["number", "since", "incident", "minutes"]
    take_in(root, mapping("complete", OFFICER), [part(rows, "2023-01..2023-12", force, columns=names)])


LOOKUP = Lookup("out", OFFICER.id, (("incident_id", "incident"),), "minutes", "integer", "")


def rollup(how: str, take: str = "minutes") -> Rollup:
    return Rollup("out", OFFICER.id, (("incident_id", "incident"),), how, take, "integer", "")  # type: ignore[arg-type]


def test_a_lookup_takes_the_one_row(workspace: Path) -> None:
    supply(workspace, incident("a"), incident("b"), incident("c"))
    officers(workspace, ("1", "2023-01-01", "a", "30"), ("2", "2023-01-01", "c", ""))
    assert derived(workspace, [LOOKUP]) == {"a": 30, "b": None, "c": None}


def test_a_lookup_by_a_key_that_is_there_twice_is_refused(workspace: Path) -> None:
    supply(workspace, incident("a"), incident("b"))
    officers(workspace, ("1", "2023-01-01", "a", "30"), ("2", "2023-01-01", "a", "30"))
    with pytest.raises(UserError, match="use a rollup") as error:
        derived(workspace, [LOOKUP])
    assert "kent, a is there 2 times" in error.value.line()


def test_a_lookup_does_not_mind_rows_without_the_key(workspace: Path) -> None:
    """They are joined to nothing, so it does not matter how many there are."""
    supply(workspace, incident("a"))
    officers(workspace, *((str(n), "2023-01-01", "", "5") for n in range(3)), ("9", "2023-01-01", "a", "7"))
    assert derived(workspace, [LOOKUP]) == {"a": 7}
    assert derived(workspace, [rollup("count")]) == {"a": 1}


def test_the_same_number_in_another_force_is_another_record(workspace: Path) -> None:
    supply(workspace, incident("a"))
    officers(workspace, ("1", "2023-01-01", "a", "30"))
    officers(workspace, ("1", "2023-01-01", "a", "99"), force="surrey")
    assert derived(workspace, [LOOKUP]) == {"a": 30}
    assert derived(workspace, [rollup("count")]) == {"a": 1}


@pytest.mark.parametrize(
    ("how", "answer"),
    [
        ("count", {"a": 3, "b": 1, "c": 0}),
        ("sum", {"a": 50, "b": 5, "c": None}),
        ("min", {"a": 20, "b": 5, "c": None}),
        ("max", {"a": 30, "b": 5, "c": None}),
    ],
)
def test_a_rollup_makes_one_row_a_key(workspace: Path, how: str, answer: dict[str, object]) -> None:
    supply(workspace, incident("a"), incident("b"), incident("c"))
    officers(
        workspace,
        ("1", "2023-01-01", "a", "20"),
        ("2", "2023-01-01", "a", "30"),
        ("3", "2023-01-01", "a", ""),
        ("4", "2023-01-01", "b", "5"),
        ("5", "2023-01-01", "gone", "5"),
    )
    assert derived(workspace, [rollup(how)]) == answer


def test_a_type_that_is_not_there_is_one_clear_error(workspace: Path) -> None:
    supply(workspace, incident("a"))
    with pytest.raises(UserError, match=r"test.incident: out: there is no record type test.none"):
        derived(workspace, [replace(LOOKUP, of="test.none")])


def test_what_is_looked_up_is_of_the_same_vintage(workspace: Path) -> None:
    supply(workspace, incident("a"))
    officers(workspace, ("1", "2023-01-01", "a", "30"))
    first = generations.view(generations.newest(workspace), EVER)
    officers(workspace, ("1", "2023-01-01", "a", "45"))
    second = generations.view(generations.newest(workspace), EVER)
    types = {INCIDENT.id: INCIDENT, OFFICER.id: OFFICER}
    assert derived(workspace, [LOOKUP], Sources(types, {}, first)) == {"a": 30}
    assert derived(workspace, [LOOKUP], Sources(types, {}, second)) == {"a": 45}
    of, entry = replace(INCIDENT, derived=(LOOKUP,)), first.of(INCIDENT.id)[0]
    assert len({basis_of(of, entry, ["out"], Sources(types, {}, v)) for v in (first, second)}) == 2
    assert len({basis_of(of, entry, [], Sources(types, {}, v)) for v in (first, second)}) == 1


# ------------------------------------------------------------------------------------------ policies


def policy(*values: tuple[str, str | None, int], known_from: str = "2020-01-01") -> Policy:
    made = tuple(
        PolicyValue(date.fromisoformat(a), date.fromisoformat(b) if b else None, v) for a, b, v in values
    )
    return Policy("p", "P", "page 4", date.fromisoformat(known_from), made)


def test_the_policy_in_force_on_the_day(workspace: Path) -> None:
    """First and last day are both in force; before, between and after there is none."""
    days = ["2022-12-31", "2023-01-01", "2023-01-31", "2023-02-01", "2023-02-10", "2024-06-01"]
    supply(workspace, *(incident(d, d) for d in days))
    known = policy(("2023-01-01", "2023-01-31", 600), ("2023-02-10", None, 900))
    sources = Sources({}, {"p": known}, None)
    found = derived(workspace, [FromPolicy("out", "p", "")], sources)
    assert [found[d] for d in days] == [None, 600, 600, None, 900, 900]
    assert set(derived(workspace, [FromPolicy("out", "none", "")], sources).values()) == {None}


def write(folder: Path, name: str, text: str) -> None:
    (folder / "policies" / f"{name}.toml").write_text(text)


GOOD = """\
id = "p"
title = "Answer within"
source = "page 4"
known_from = {known}
[[value]]
from = 2023-02-01
until = 2024-01-31
value = {value}
[[value]]
from = 2024-02-01
value = 900
"""


def test_a_policy_is_known_from_a_day(workspace: Path) -> None:
    write(workspace, "old", GOOD.format(known="2023-01-10", value=600))
    write(workspace, "new", GOOD.format(known="2023-06-10", value=300))
    values = [
        {
            i: p.values[0].value
            for i, p in load_policies(workspace / "policies", date.fromisoformat(d)).items()
        }
        for d in ("2023-01-09", "2023-01-10", "2023-06-09", "2023-06-10")
    ]
    assert values == [{}, {"p": 600}, {"p": 600}, {"p": 300}]


def test_one_policy_twice_of_one_day_is_refused(workspace: Path) -> None:
    """Else the name of a file would decide which holds."""
    write(workspace, "a", GOOD.format(known="2023-01-10", value=600))
    write(workspace, "b", GOOD.format(known="2023-01-10", value=300))
    with pytest.raises(UserError, match=r"is also in a\.toml"):
        load_policies(workspace / "policies", date(2023, 1, 1))


VALUE = GOOD.format(known="2023-01-10", value=600)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id = ", "is not TOML"),
        ("id = 'p'", "has no `title`"),
        (VALUE.replace('"p"', "5"), "`id` is not a text"),
        (VALUE.replace('"page 4"', '" "'), "`source` is not a text"),
        (VALUE.replace("2023-01-10", '"2023-01-10"'), "`known_from` is not a date"),
        (VALUE.replace("2023-01-10", "2023-01-10T12:00:00"), "`known_from` is not a date"),
        (VALUE.replace("[[value]]", "[value]", 1).split("[[value]]")[0], "not a list of tables"),
        (VALUE.split("[[value]]")[0] + "value = 5\n", "not a list of tables"),
        (VALUE.replace("2023-02-01", '"2023-02-01"'), "a date `from`"),
        (VALUE.replace("2023-02-01", "2023-02-01T00:00:00"), "a date `from`"),
        (VALUE.replace("2024-01-31", '"forever"'), "`until` is not a date"),
        (VALUE.replace("value = 600", "value = 10.5"), "whole number"),
        (VALUE.replace("value = 600", "value = true"), "whole number"),
        (VALUE.replace("value = 600", 'value = "600"'), "whole number"),
        (VALUE.replace("value = 600", "value = 9223372036854775808"), "too large"),
        (VALUE.replace("value = 600", "untill = 600"), "a value has `untill`"),
        (VALUE.replace("2024-01-31", "2022-01-31"), "before it begins"),
        (VALUE.replace("2024-01-31", "2024-02-01"), "two values are in force on 2024-02-01"),
        (VALUE.replace("until = 2024-01-31\n", ""), "two values are in force on 2024-02-01"),
    ],
)
def test_a_policy_that_makes_no_sense_is_one_clear_error(workspace: Path, text: str, says: str) -> None:
    write(workspace, "p", text)
    with pytest.raises(UserError, match=says) as error:
        load_policies(workspace / "policies", date(2999, 1, 1))
    assert "p.toml" in error.value.line() and "\n" not in error.value.line()


# ------------------------------------------------------------------------------------------ the layer


CHAIN = (
    SecondsBetween("seconds", "reported_at", "attended_at", ""),
    Derived("in_time", "boolean", "seconds <= 360", ""),
    Derived("other", "boolean", "grade = '1'", ""),
)
CHAINED = replace(INCIDENT, derived=CHAIN)


def test_only_what_is_needed_is_derived() -> None:
    assert [d.name for d in needed(CHAINED, ["in_time"])] == ["seconds", "in_time"]
    assert [d.name for d in needed(CHAINED, ["other", "grade"])] == ["other"]
    assert needed(CHAINED, ["grade"]) == []


def test_what_a_column_hangs_on() -> None:
    """Another derivation, policy or method makes another value; one that is not needed does not."""
    view = generations.View(1, EVER)
    base = Sources({}, {"p": policy(("2023-01-01", None, 600))}, view)
    with_policy = replace(CHAINED, derived=(*CHAIN, FromPolicy("target", "p", "")))

    def key(record_type: RecordType = CHAINED, column: str = "in_time", sources: Sources = base) -> str:
        return digest(layer.inputs(record_type, [column], sources))

    other = replace(CHAINED, derived=(CHAIN[0], replace(CHAIN[1], expression="seconds < 360"), CHAIN[2]))
    changed = replace(base, policies={"p": policy(("2023-01-01", None, 601))})
    assert key() == key(with_policy) == key(replace(CHAINED, derived=CHAIN[:2])) == key(sources=changed)
    assert key(with_policy, "target") != key(with_policy, "target", changed)
    assert len({key(), key(other), key(column="seconds")}) == 3
    method, layer.METHOD = layer.METHOD, layer.METHOD + 1
    try:
        new = key()
    finally:
        layer.METHOD = method
    assert new != key()
