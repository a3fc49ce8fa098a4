"""Times that are read all at once are what the expressions read, whenever clocks change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from openpeel.engine.connection import connect
from openpeel.engine.declare.records import Column, RecordType
from openpeel.engine.intake import instants, normalise, order
from openpeel.engine.intake.distinct import Quick
from openpeel.engine.intake.mapping import Mapping, Part, Zone

THINGS = RecordType(
    id="test.thing",
    title="Things",
    kind="event",
    anchor="at",
    key=("id",),
    columns=(Column("id", "text", "Which."), Column("at", "instant", "When.", required=True)),
)
MANY = [datetime(1996, 1, 1) + timedelta(minutes=30 * n) for n in range(42 * 366 * 48)]
#: Every half hour of the years with one rule; the second is never the first of an hour's.
EVERY = [at + timedelta(seconds=at.day) for at in MANY if at.year <= 2037]
#: The half hours about the changes of clocks alone, for what is said in several ways.
CHANGES = [at for at in EVERY if at.month in (3, 10) and at.day >= 24]


def normalised(texts: pa.Array, zone: Zone, quick: bool, used: list[bool] | None = None) -> dict[str, Any]:
    """Rows accepted and set aside, with or without the quick way."""
    con = connect()
    normalise.create_tables(con, THINGS)
    mapping = Mapping(THINGS, {"id": ("id",), "at": ("at",)}, (), "complete", zone)
    ids = pa.array([f"I-{n * 7919 % len(texts):08d}" for n in range(len(texts))])
    table = pa.table({"id": ids, "at": texts})
    part = Part(
        "made", "0" * 64, 1, "kent", None, None, table, pa.array(range(1, len(texts) + 1), pa.int64())
    )
    with pytest.MonkeyPatch.context() as patch:
        if quick:
            real = instants.read_at_once

            def noted(*args: Any) -> Quick:
                out = real(*args)
                if used is not None:
                    used.append(out.kinds["at"] in ("typed", "good"))
                return out

            patch.setattr(normalise, "read_at_once", noted)
        else:
            patch.setattr(normalise, "read_at_once", lambda _mapping, quick, _looks, _names: quick)
            patch.setattr(normalise, "put_in_order", lambda _con, _type, quick: quick)
        normalise.normalise(con, mapping, [(0, part)])
    tables = (normalise.SUPPLIED, normalise.SET_ASIDE)
    out = {name: con.execute(f"SELECT * FROM {name} ORDER BY row").fetchall() for name in tables}
    con.close()
    return out


def same(texts: pa.Array, zone: Zone, at_once: bool = True) -> dict[str, Any]:
    used: list[bool] = []
    quick, slow = normalised(texts, zone, True, used), normalised(texts, zone, False)
    assert used[-1] == at_once
    for table, wanted in slow.items():
        differ = [(q, s) for q, s in zip(quick[table], wanted, strict=False) if q != s]
        assert (differ[:1], len(quick[table])) == ([], len(wanted)), table
    return quick


def written(times: Sequence[datetime], mark: str = " ") -> pa.Array:
    return pa.array([at.isoformat(mark) for at in times])


@pytest.mark.parametrize("zone", ["local", "UTC"])
def test_every_half_hour(zone: Zone) -> None:
    found = same(written(EVERY[:: 7 if zone == "UTC" else 3]), zone)
    assert bool(found[normalise.SET_ASIDE]) == (zone == "local")  # the hours that never were


@pytest.mark.parametrize("zone", ["local", "UTC"])
@pytest.mark.parametrize("mark", [" ", "T"])
def test_all_about_the_changes(zone: Zone, mark: str) -> None:
    same(written(CHANGES, mark), zone)


@pytest.mark.parametrize("zone", ["local", "UTC", "offset"])
@pytest.mark.parametrize("named", [None, "UTC"])
def test_times_that_the_file_has_typed(zone: Zone, named: str | None) -> None:
    times = [at.replace(tzinfo=UTC) if named else at for at in CHANGES]
    # Not known of some rows, and exact to less than a second.
    held = [None if n % 5 == 0 else at + timedelta(microseconds=n % 3) for n, at in enumerate(times)]
    for values in (times, held, [None if n % 5 == 0 else at for n, at in enumerate(times)]):
        same(pa.array(values, pa.timestamp("us", named)), zone, zone != "offset" or bool(named))


def test_a_missing_time_and_a_blank_one_are_unknown() -> None:
    texts = written(CHANGES).to_pylist()
    for missing in (None, ""):
        found = same(
            pa.array([missing if n % 3 == 0 else t for n, t in enumerate(texts)], pa.string()), "local"
        )
        assert {"at is blank"} < {row[2] for row in found[normalise.SET_ASIDE]}


@pytest.mark.parametrize(
    "odd",
    ["2024-02-30 10:00:00", "2023-02-29 10:00:00", "2024-13-01 10:00:00", "2024-00-10 10:00:00", "2024-01-00 10:00:00",
     "2024-01-01 24:00:00", "2024-01-01 10:60:00", "2024-01-01 10:00:60", "1995-12-31 23:59:59",
     "2038-01-01 00:00:00", "0999-01-01 00:00:00", "9999-12-31 23:59:59", "1900-01-01 00:00:00"],
)  # fmt: skip
def test_one_that_is_not_plainly_a_time_sends_all_the_long_way(odd: str) -> None:
    same(pa.array([*written(CHANGES).to_pylist()[:200], odd]), "local", at_once=False)


def test_the_last_and_first_times() -> None:
    texts = pa.array(["1996-01-01 00:00:00", "2037-12-31 23:59:59", "2024-02-29 12:00:00"] * 9)
    for zone in ("local", "UTC"):
        same(texts, zone)  # type: ignore[arg-type]


def test_a_wording_for_unknown_that_looks_like_a_time_is_none() -> None:
    con = connect()
    normalise.create_tables(con, THINGS)
    names = {"id": ("id",), "at": ("at",)}
    mapping = Mapping(THINGS, names, (), "complete", "local", blanks=("1999-09-09 00:00:00",))
    table = pa.table({"id": ["a", "b"], "at": ["1999-09-09 00:00:00", "2024-03-04 10:00:00"]})
    part = Part("made", "0" * 64, 1, "kent", None, None, table, pa.array([1, 2], pa.int64()))
    normalise.normalise(con, mapping, [(0, part)])
    assert con.execute(f"SELECT row, reason FROM {normalise.SET_ASIDE}").fetchall() == [(1, "at is blank")]


def test_rows_are_put_in_order_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "_FEW", 2)
    texts = written([at for at in CHANGES if at.month == 10])
    found = normalised(texts, "local", True)
    assert found == normalised(texts, "local", False)
    assert len(found[normalise.SUPPLIED]) == len(texts)


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([("a", 1, "x"), ("a", 1, "y"), ("a", 2, "b"), ("b", 1, "a")], True),
        ([("a", 1, "y"), ("a", 1, "x")], False),
        ([("a", 2, "x"), ("a", 1, "y")], False),
        ([("b", 1, "x"), ("a", 1, "y")], False),
        ([("a", 1, "x"), ("a", 1, "x")], False),
        ([("a", 1, "x"), ("a", 1, None)], False),
        ([("a", 1, "Z"), ("a", 1, "a"), ("a", 1, "é")], True),
    ],
)
def test_order_is_told(rows: list[tuple[str, int, str | None]], wanted: bool) -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE held (force VARCHAR, month INTEGER, id VARCHAR)")
    con.executemany("INSERT INTO held VALUES (?, ?, ?)", rows)
    assert order.are_in_order(con, THINGS, "held") == wanted
