"""The demo nation: what it rests on, and how it is sent."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import duckdb
import pytest

from openpeel.catalogue import shipped
from openpeel.engine.declare.records import RecordType
from openpeel.errors import UserError
from openpeel.sources.demo.nation import build as nation
from openpeel.sources.demo.nation.draws import chance, normal, pick, spread, u, wait, whole
from openpeel.sources.demo.nation.files import write_extracts
from openpeel.sources.demo.nation.knobs import Knobs
from openpeel.sources.demo.nation.national import deliveries
from openpeel.sources.demo.nation.supply import sent_sql, supplies

SMALL = Knobs(forces=3, months=3, scale=0.003)
#: Made month by month and read by others; a year of one force for what is tuned.
TYPES = dict(shipped().types)


@pytest.fixture(scope="module")
def small() -> duckdb.DuckDBPyConnection:
    con = nation.scratch()
    nation.build(con, SMALL)
    return con


@pytest.fixture(scope="module")
def stonemarsh() -> duckdb.DuckDBPyConnection:
    con = nation.scratch()
    nation.build(con, Knobs(forces=1, scale=0.01))
    return con


def digest(folder: Path) -> str:
    return hashlib.sha256(b"".join(f.read_bytes() for f in sorted(folder.rglob("*.csv")))).hexdigest()


def number(con: duckdb.DuckDBPyConnection, sql: str) -> float:
    return float(con.execute(sql).fetchall()[0][0])


def test_draws_are_even_and_know_nothing_of_each_other() -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE t AS SELECT hash(i) AS _k FROM range(200000) r(i)")
    found = con.execute(
        f"SELECT avg(a), stddev(a), corr(a, b), corr(n, b), avg(n), stddev(n), avg(w), median(s) FROM "
        f"(SELECT {u('a')} AS a, {u('b')} AS b, {normal('n')} AS n, {wait('w', 5)} AS w, "
        f"{spread('s', 7, 1.0)} AS s FROM t)"
    ).fetchall()[0]
    assert found == pytest.approx((0.5, 0.2887, 0, 0, 0, 1, 5, 7), abs=0.06)


def test_picks_follow_their_weights() -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE t AS SELECT hash(i) AS _k, 0.25 AS p FROM range(100000) r(i)")
    of = pick("x", {"a": 1, "b": 2, "": 1})
    found = dict(con.execute(f"SELECT {of}, count(*) / 1e5 FROM t GROUP BY 1").fetchall())
    assert found == pytest.approx({"a": 0.25, "b": 0.5, None: 0.25}, abs=0.01)
    of = pick("x", {"a": "p", "b": "p / 5", "c": "1 - p - p / 5"})
    found = dict(con.execute(f"SELECT {of}, count(*) / 1e5 FROM t GROUP BY 1").fetchall())
    assert found == pytest.approx({"a": 0.25, "b": 0.05, "c": 0.7}, abs=0.01)
    assert number(con, f"SELECT avg(({chance('y', 'p')})::INT) FROM t") == pytest.approx(0.25, abs=0.01)
    drawn = con.execute(f"SELECT DISTINCT {whole('z', 3, 5)} FROM t ORDER BY 1").fetchall()
    assert drawn == [(3,), (4,), (5,)]


@pytest.mark.parametrize(
    "wrong", [{"forces": 0}, {"forces": 44}, {"months": 0}, {"months": 61}, {"scale": 0}, {"story": "x"}]
)
def test_knobs_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UserError):
        Knobs(**wrong)  # type: ignore[arg-type]


def test_the_same_knobs_give_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    digests = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        con, knobs = nation.scratch(threads=1 if name == "b" else 2), Knobs(2, 2, 0.002, seed)
        nation.build(con, knobs)
        write_extracts(con, tmp_path / name, TYPES, supplies(knobs))
        digests.append(digest(tmp_path / name))
    assert digests[0] == digests[1] != digests[2]


def test_a_month_made_alone_is_the_month_made_with_others(small: duckdb.DuckDBPyConnection) -> None:
    con = nation.scratch()
    nation.build(con, SMALL, [1])
    for made in nation.TABLES:
        if not made.monthly or made.name not in TYPES:
            continue
        alone = con.sql(f'SELECT * FROM "{made.name}"').to_arrow_table()
        small.register("alone", alone)
        missing = small.execute(f'SELECT count(*) FROM (FROM alone EXCEPT FROM "{made.name}")').fetchall()
        assert missing == [(0,)], made.name
        small.unregister("alone")


def test_every_value_is_one_the_declaration_allows(small: duckdb.DuckDBPyConnection) -> None:
    for made in nation.TABLES:
        if made.name not in TYPES:
            continue
        record_type = TYPES[made.name]
        held = nation.columns_of(small, made, record_type)
        assert record_type.anchor in held
        for column in (record_type.column(c) for c in held):
            if column.allowed:
                found = small.execute(f'SELECT DISTINCT "{column.name}" FROM "{made.name}"').fetchall()
                assert {f[0] for f in found} <= {*column.allowed, None}, (made.name, column.name)
            if column.required:
                blank = f'SELECT count(*) FROM "{made.name}" WHERE "{column.name}" IS NULL'
                assert number(small, blank) == 0, (made.name, column.name)


def test_keys_are_unique(small: duckdb.DuckDBPyConnection) -> None:
    for made in (m for m in nation.TABLES if m.name in TYPES and TYPES[m.name].key):
        keys = ", ".join(f'"{k}"' for k in ("force", *TYPES[made.name].key))
        twice = f'SELECT count(*) FROM (SELECT {keys} FROM "{made.name}" GROUP BY ALL HAVING count(*) > 1)'
        assert number(small, twice) == 0, made.name


def test_what_had_not_happened_is_blank_and_comes_with_a_later_supply(
    small: duckdb.DuckDBPyConnection,
) -> None:
    first, second, _ = supplies(SMALL, every=1)
    made = next(m for m in nation.TABLES if m.name == "responding.incident")
    record_type = TYPES[made.name]
    columns = nation.columns_of(small, made, record_type)
    sent = [
        small.sql(sent_sql(made, record_type, columns, s)).to_arrow_table().to_pylist()
        for s in (first, second)
    ]
    until = first.until.astimezone(UTC).replace(tzinfo=None)
    assert all(r["closed_at"] is None or r["closed_at"] < until for r in sent[0])
    open_then = {(r["force"], r["incident_id"]) for r in sent[0] if r["closed_at"] is None}
    assert open_then
    closed_later = {
        (r["force"], r["incident_id"]) for r in sent[1] if r["closed_at"] and r["opened_at"] < until
    }
    assert closed_later and closed_later <= open_then | {(r["force"], r["incident_id"]) for r in sent[0]}
    assert all(r["closing_code"] is None for r in sent[0] if r["closed_at"] is None)


def test_all_supplies_together_give_what_was_known_at_the_last(small: duckdb.DuckDBPyConnection) -> None:
    run = supplies(SMALL, every=1)
    for made in (m for m in nation.TABLES if m.name in TYPES and m.monthly and TYPES[m.name].key):
        record_type = TYPES[made.name]
        columns, key = nation.columns_of(small, made, record_type), ("force", *record_type.key)
        held: dict[tuple[object, ...], object] = {}
        for supply in run:
            for row in small.sql(sent_sql(made, record_type, columns, supply)).to_arrow_table().to_pylist():
                held[tuple(row[k] for k in key)] = row
        whole_ = (
            small.sql(sent_sql(made, record_type, columns, run[-1], whole=True)).to_arrow_table().to_pylist()
        )
        assert held == {tuple(r[k] for k in key): r for r in whole_}, made.name


def test_at_national_scale_months_are_sent_one_by_one_and_give_the_same(
    small: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    con, name = duckdb.connect(), "responding.incident"
    held: dict[tuple[object, ...], object] = {}
    for delivery in deliveries(tmp_path / "n", TYPES, SMALL):
        if delivery.type == name:
            for row in con.sql(f"FROM '{delivery.file}'").to_arrow_table().to_pylist():
                held[row["FORCE"], row["INCIDENT_ID"]] = row["CLOSED_AT"]
    last = supplies(SMALL, every=1)[-1]
    made = next(m for m in nation.TABLES if m.name == name)
    sql = sent_sql(made, TYPES[name], ["incident_id", "closed_at"], last, whole=True)
    rows = small.execute(
        f"SELECT name, incident_id, closed_at FROM ({sql}) JOIN forces USING (force)"
    ).fetchall()
    assert held == {(n, i): c for n, i, c in rows}
    assert not list((tmp_path / "n").glob("*.parquet")), "a delivery is deleted before the next"


def sent_rows(
    folder: Path, types: dict[str, RecordType], stop_after: int = 0
) -> dict[tuple[object, ...], object]:
    """Incident -> when it was closed, from what is sent; ``stop_after``: broken off after so many deliveries."""
    con, held = duckdb.connect(), dict[tuple[object, ...], object]()
    run = deliveries(folder, types, SMALL)
    for nth, delivery in enumerate(run, 1):
        if delivery.type == "responding.incident":
            rows = con.sql(f"FROM '{delivery.file}'").to_arrow_table().to_pylist()
            assert len({(r["FORCE"], r["INCIDENT_ID"]) for r in rows}) == len(rows), "a row is there twice"
            held |= {(r["FORCE"], r["INCIDENT_ID"]): r["CLOSED_AT"] for r in rows}
        if nth == stop_after:
            run.close()
            break
    return held


def test_a_nation_of_one_record_type_is_the_same_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    only = {n: TYPES[n] for n in ("responding.incident", "responding.incident_unit")}
    tables = [m.name for m in nation.tables_for(only)]
    assert "_incidents" in tables and "investigating.crime" not in tables
    whole = sent_rows(tmp_path / "whole", only)
    names = [m.name for m in nation.TABLES]
    assert tables == sorted(tables, key=names.index)
    in_parts: dict[tuple[object, ...], object] = {}
    for stop_after in (1, 3, 4, 0):  # in the first month, in the second, in the third, to the end
        in_parts |= sent_rows(tmp_path / "parts", only, stop_after)
    assert in_parts == whole
    with pytest.raises(UserError, match="another nation is half made there"):
        sent_rows(tmp_path / "other", only, 1)
        next(deliveries(tmp_path / "other", only, replace(SMALL, seed=SMALL.seed + 1)))


def test_own_extracts_have_odd_headings_and_a_mapping_beside_them(
    small: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    sent = write_extracts(small, tmp_path, TYPES, supplies(SMALL))
    own = next(d for d in sent if d.file.name == "responding.incident-own.csv")
    with own.file.open(encoding="utf-8", newline="") as lines:
        row = next(csv.DictReader(lines))
    assert {"Incident Ref", "Date", "Time"} <= set(row)
    assert row["Date"][2] == "/" and row["Domestic Abuse"] in ("Yes", "No", "")
    assert 'join = ["Date", "Time"]' in own.mapping.read_text()


def test_waits_of_stonemarsh_are_about_the_reports(stonemarsh: duckdb.DuckDBPyConnection) -> None:
    hours = "date_diff('second', opened_at, arrived_at) / 3600"
    graded = "SELECT {} FROM \"responding.incident\" WHERE grade = 'Grade 2' AND arrived_at IS NOT NULL"
    assert number(stonemarsh, graded.format(f"avg({hours})")) == pytest.approx(11, abs=1.5)
    abuse = graded + " AND domestic_abuse"
    assert number(stonemarsh, abuse.format(f"avg({hours})")) == pytest.approx(22, abs=3)
    assert number(stonemarsh, abuse.format(f"avg(({hours} < 4)::INT)")) == pytest.approx(0.08, abs=0.03)
    week = "avg((date_diff('second', reported_at, full_response_at) > 7 * 86400)::INT)"
    assert number(stonemarsh, abuse.format(week)) == pytest.approx(0.41, abs=0.05)


def test_calls_of_stonemarsh_are_about_the_reports(stonemarsh: duckdb.DuckDBPyConnection) -> None:
    a_year = """SELECT 1000.0 * count(*) / any_value(residents) FROM "responding.call" JOIN facts USING (force)
                WHERE line = '999'"""
    assert number(stonemarsh, a_year) == pytest.approx(200, abs=6)
    in_ten = """SELECT avg((date_diff('second', transfer_started_at, answered_at) <= 10)::INT)
                FROM "responding.call" WHERE line = '999' AND answered_at IS NOT NULL"""
    assert number(stonemarsh, in_ten) == pytest.approx(0.849, abs=0.01)
