"""The demo nation's references: each shaped as its like, and leading to a record that has been sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import duckdb
import pytest

from openpeel.catalogue import shipped
from openpeel.engine.declare.records import Reference
from openpeel.engine.sql import quote
from openpeel.sources.demo.nation import build as nation
from openpeel.sources.demo.nation.knobs import Knobs
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.supply import Supply, sent_sql, supplies

TYPES = dict(shipped().types)
SMALL = Knobs(forces=3, months=6, scale=0.002)
RUN = supplies(SMALL, every=3)
RECORDS = [made for made in nation.TABLES if made.name in TYPES]
#: Their first day lies before the nation, whose months they were not in.
_HISTORY = ("reference", "interval", "published count")
#: Visits and plans of offenders begin with the one before the first, so that all have a last one.
_ONE_BEFORE = {"offenders.offender_visit", "offenders.risk_plan"}


@pytest.fixture(scope="module")
def built() -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(nation.scratch()) as con:
        nation.build(con, SMALL)
        con.execute("CREATE SCHEMA held")
        yield con


def number(con: duckdb.DuckDBPyConnection, sql: str) -> float:
    return float(con.execute(sql).fetchall()[0][0])


def take(con: duckdb.DuckDBPyConnection, made: Made, supply: Supply) -> None:
    """Add what a supply holds of a table to what is held: a row with a known key takes the place of the old one."""
    record_type, name = TYPES[made.name], f"held.{quote(made.name)}"
    columns = nation.columns_of(con, made, record_type)
    sent = sent_sql(made, record_type, columns, supply, not made.monthly, nation.all_columns(con, made))
    if supply is RUN[0] or not made.monthly:
        con.execute(f"CREATE OR REPLACE TABLE {name} AS {sent}")
        return
    if record_type.key:
        same = " AND ".join(f"n.{quote(k)} = {name}.{quote(k)}" for k in ("force", *record_type.key))
        con.execute(f"DELETE FROM {name} WHERE EXISTS (FROM ({sent}) n WHERE {same})")
    con.execute(f"INSERT INTO {name} {sent}")


def lost(con: duckdb.DuckDBPyConnection, name: str, reference: Reference) -> tuple[float, float]:
    """How many references of a held table there are, and how many of them lead nowhere."""
    pairs = zip(("force", *reference.columns), ("force", *TYPES[reference.to].key), strict=True)
    same = " AND ".join(f"a.{quote(mine)} = b.{quote(theirs)}" for mine, theirs in pairs)
    known = " AND ".join(f"a.{quote(c)} IS NOT NULL" for c in reference.columns)
    rows = f"SELECT count(*) FROM held.{quote(name)} a WHERE {known}"
    nowhere = f"NOT EXISTS (FROM held.{quote(reference.to)} b WHERE {same})"
    return number(con, rows), number(con, f"{rows} AND {nowhere}")


def test_references_of_what_was_sent_lead_to_what_was_sent(built: duckdb.DuckDBPyConnection) -> None:
    looked_at = 0.0
    for supply in RUN:
        sent = {m.name: m for m in RECORDS if m.monthly or supply is RUN[-1]}
        for made in sent.values():
            take(built, made, supply)
        for name, made in sent.items():
            columns = nation.columns_of(built, made, TYPES[name])
            for reference in TYPES[name].references:
                if reference.to in sent and set(reference.columns) <= set(columns):
                    there, nowhere = lost(built, name, reference)
                    looked_at += there
                    assert nowhere == 0, (supply.label, name, reference)
    assert looked_at > 20_000


@pytest.mark.parametrize("made", RECORDS, ids=lambda m: m.name)
def test_numbers_of_one_type_look_alike(built: duckdb.DuckDBPyConnection, made: Made) -> None:
    record_type = TYPES[made.name]
    numbers = [k for k in record_type.key if record_type.column(k).personal == "operational-reference"]
    for key in numbers:
        shapes = {
            re.sub(r"A+", "A", re.sub(r"[A-Za-z]", "A", re.sub(r"[0-9]", "9", text)))
            for (text,) in built.execute(f"SELECT DISTINCT {quote(key)} FROM {quote(made.name)}").fetchall()
        }
        assert len(shapes) <= 1, (key, shapes)


@pytest.mark.parametrize("made", RECORDS, ids=lambda m: m.name)
def test_keys_are_of_one_row(built: duckdb.DuckDBPyConnection, made: Made) -> None:
    if not TYPES[made.name].key or TYPES[made.name].key_may_be_blank:
        return
    key = ", ".join(map(quote, ("force", *TYPES[made.name].key)))
    twice = f"SELECT count(*) FROM (SELECT 1 FROM {quote(made.name)} GROUP BY {key} HAVING count(*) > 1)"
    assert number(built, twice) == 0


@pytest.mark.parametrize("made", RECORDS, ids=lambda m: m.name)
def test_events_lie_in_the_months_of_the_nation(built: duckdb.DuckDBPyConnection, made: Made) -> None:
    record_type = TYPES[made.name]
    if record_type.kind in _HISTORY or made.name in _ONE_BEFORE:
        return
    early = f"{quote(record_type.anchor)} < TIMESTAMP '2024-03-31 23:00:00'"
    assert number(built, f"SELECT count(*) FROM {quote(made.name)} WHERE {early}") == 0


def test_numbers_of_people_move_from_date_to_date(built: duckdb.DuckDBPyConnection) -> None:
    numbers = """
        SELECT force, counted_on, list((headcount, full_time_equivalents) ORDER BY sex, rank, worker_type) AS all_rows
        FROM "workforce.published_workforce" GROUP BY ALL"""
    still = f"({numbers}) a JOIN ({numbers}) b USING (force, all_rows) WHERE a.counted_on < b.counted_on"
    assert number(built, f"SELECT count(*) FROM {still}") == 0
