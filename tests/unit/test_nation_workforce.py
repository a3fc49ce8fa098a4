"""The demo nation: its workforce, money, boards and places, and the published counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from helpers import new_workspace
from openpeel.catalogue import shipped
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.mapping import Mapping, Part, Scope
from openpeel.sources.demo.nation import (
    areas_listed,
    arrests,
    crime_records,
    crimes,
    force_boards,
    force_money,
    force_places,
    force_used,
    outcomes,
    published_counts,
    searched,
    staff_careers,
    staff_health,
    staff_posts,
    staff_reviews,
    staff_skills,
    street,
    suspects,
    workers,
)
from openpeel.sources.demo.nation import build as nation
from openpeel.sources.demo.nation.knobs import Knobs
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.stage import set_searched
from openpeel.sources.demo.nation.supply import sent_sql, supplies

TYPES = dict(shipped().types)
OTHERS = (crimes, suspects, outcomes, crime_records, arrests, searched, force_used)
MINE: tuple[Made, ...] = (
    *workers.TABLES,
    *staff_posts.TABLES,
    *workers.AFTER_POSTS,
    *(
        made
        for module in (
            force_places,
            areas_listed,
            staff_health,
            staff_skills,
            staff_reviews,
            staff_careers,
            force_money,
        )
        for made in module.TABLES
    ),
    *force_boards.TABLES,
    *published_counts.TABLES,
    *street.TABLES,
)
RECORDS = [made for made in MINE if made.name in TYPES]
SMALL, YEAR = Knobs(forces=3, months=2, scale=0.002), Knobs(forces=1, scale=0.004)


def made_with(knobs: Knobs) -> duckdb.DuckDBPyConnection:
    con = nation.scratch()
    nation.build(con, knobs)
    set_searched(con, knobs)
    there = {made.name for made in nation.TABLES}
    for made in (*(m for module in OTHERS for m in module.TABLES), *MINE):
        if made.name not in there:
            con.execute(f'CREATE OR REPLACE TABLE "{made.name}" AS {made.sql}')
    return con


@pytest.fixture(scope="module")
def small() -> Iterator[duckdb.DuckDBPyConnection]:
    with made_with(SMALL) as con:
        yield con


@pytest.fixture(scope="module")
def year() -> Iterator[duckdb.DuckDBPyConnection]:
    with made_with(YEAR) as con:
        yield con


def one(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[object, ...]:
    return tuple(con.execute(sql).fetchall()[0])


def number(con: duckdb.DuckDBPyConnection, sql: str) -> float:
    return float(con.execute(sql).fetchall()[0][0])


def parts(con: duckdb.DuckDBPyConnection, made: Made, record_type: RecordType) -> Iterator[Part]:
    """The rows of a table; those of a type without a key force by force, for all its months."""
    columns = nation.columns_of(con, made, record_type)
    listed = ", ".join(f'"{c}"::VARCHAR AS "{c}"' for c in columns)
    forces = [f for (f,) in con.execute("SELECT force FROM forces ORDER BY 1").fetchall()]
    for force in [""] if record_type.key else forces:
        where = f"WHERE force = '{force}'" if force else ""
        table = con.sql(f'SELECT force, {listed} FROM "{made.name}" {where}').to_arrow_table()
        months: tuple[int | None, int | None] = (None, None)
        if force:
            at = f'year("{record_type.anchor}") * 12 + month("{record_type.anchor}") - 1'
            found = con.execute(f'SELECT min({at}), max({at}) FROM "{made.name}" {where}').fetchall()[0]
            months = (found[0], found[1])
        if len(table):
            numbers = pa.array(range(1, len(table) + 1), pa.int64())
            yield Part("made", "0" * 64, len(table), force, *months, table, numbers)


@pytest.mark.parametrize("made", RECORDS, ids=lambda m: m.name)
def test_every_row_is_taken_in(made: Made, year: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    record_type = TYPES[made.name]
    scope: Scope = "changes" if record_type.key else "complete"
    mapping = Mapping(record_type, {c.name: (c.name,) for c in record_type.columns}, (), scope, "UTC")
    intake = take_in(
        new_workspace(tmp_path / "w", "demo"),
        mapping,
        parts(year, made, record_type),
        tell=lambda _text: None,
    )
    assert intake.refused == []
    assert [f.set_aside for f in intake.files if f.set_aside] == []
    assert intake.accepted() == number(year, f'SELECT count(*) FROM "{made.name}"') > 0


@pytest.mark.parametrize("made", RECORDS, ids=lambda m: m.name)
def test_references_lead_somewhere(made: Made, small: duckdb.DuckDBPyConnection) -> None:
    # A skill is held from its course on. That may lie in a month which this nation does not have: then no row is sent.
    end = supplies(SMALL)[-1].until.astimezone(UTC)
    known_by = (
        f"{TYPES[made.name].anchor} < TIMESTAMP '{end:%Y-%m-%d %H:%M:%S}'"
        if made.name == "workforce.skill_held"
        else "true"
    )
    held = set(nation.columns_of(small, made, TYPES[made.name]))
    there = {name for (name,) in small.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    for reference in TYPES[made.name].references:
        if not held >= set(reference.columns) or reference.to not in there:
            continue
        pairs = list(zip(reference.columns, TYPES[reference.to].key, strict=True))
        same = " AND ".join(f'a."{mine}" = b."{theirs}"' for mine, theirs in pairs)
        known = " AND ".join(f'a."{mine}" IS NOT NULL' for mine, _ in pairs)
        lost = f"""SELECT count(*) FROM "{made.name}" a WHERE {known} AND {known_by} AND NOT EXISTS
                   (SELECT 1 FROM "{reference.to}" b WHERE a.force = b.force AND {same})"""
        assert number(small, lost) == 0, reference


def test_every_number_that_others_draw_is_an_employee(small: duckdb.DuckDBPyConnection) -> None:
    missing = """SELECT count(*) FROM (SELECT force, unnest(range(1, people + 1)) AS n FROM forces) w
                 WHERE NOT EXISTS (SELECT 1 FROM "workforce.employee" e WHERE e.force = w.force
                                   AND e.employee_id = 'P-' || lpad(n::VARCHAR, 5, '0') AND left_on IS NULL
                                   AND joined_on < DATE '2024-04-01')"""
    assert number(small, missing) == 0
    drawn = """SELECT count(*) FROM "responding.call"
               WHERE call_handler_id NOT IN (SELECT employee_id FROM "workforce.employee")"""
    assert number(small, drawn) == 0


def test_teams_in_events_are_those_of_the_list(small: duckdb.DuckDBPyConnection) -> None:
    other = """SELECT count(*) FROM "responding.call" c JOIN "workforce.employee" e
               ON e.force = c.force AND e.employee_id = c.call_handler_id WHERE e.team <> c.team"""
    assert number(small, other) == 0


def test_a_month_made_alone_is_the_month_made_with_others(small: duckdb.DuckDBPyConnection) -> None:
    con = nation.scratch()
    nation.build(con, SMALL, [1])
    set_searched(con, SMALL)
    there = {made.name for made in nation.TABLES}
    for made in (*(m for module in OTHERS for m in module.TABLES), *MINE):
        if made.name not in there:
            con.execute(f'CREATE OR REPLACE TABLE "{made.name}" AS {made.sql}')
    for made in RECORDS:
        small.register("alone", con.sql(f'SELECT * FROM "{made.name}"').to_arrow_table())
        missing = small.execute(f'SELECT count(*) FROM (FROM alone EXCEPT FROM "{made.name}")').fetchall()
        small.unregister("alone")
        assert missing == [(0,)], made.name


def test_supplies_add_up_to_what_was_known_at_the_last(small: duckdb.DuckDBPyConnection) -> None:
    run = supplies(SMALL, every=1)
    for made in (m for m in RECORDS if m.monthly and TYPES[m.name].key):
        columns, key = nation.columns_of(small, made, TYPES[made.name]), ("force", *TYPES[made.name].key)
        held: dict[tuple[object, ...], object] = {}
        for supply in run:
            for row in (
                small.sql(sent_sql(made, TYPES[made.name], columns, supply)).to_arrow_table().to_pylist()
            ):
                held[tuple(row[k] for k in key)] = row
        last = sent_sql(made, TYPES[made.name], columns, run[-1], whole=True)
        whole = small.sql(last).to_arrow_table().to_pylist()
        assert held == {tuple(r[k] for k in key): r for r in whole}, made.name


def test_residents_of_a_force_are_those_of_its_areas(small: duckdb.DuckDBPyConnection) -> None:
    for kind in ("LAD", "LSOA21"):
        theirs = f"""SELECT sum(residents) FROM "shared.area_population" a
                     WHERE a.force = f.force AND area_kind = '{kind}'"""
        other = f"SELECT count(*) FROM forces f WHERE abs(residents - ({theirs})) > 4"
        assert number(small, other) == 0, kind


def test_absences_of_one_person_do_not_overlap(year: duckdb.DuckDBPyConnection) -> None:
    twice = """SELECT count(*) FROM "workforce.absence" a JOIN "workforce.absence" b USING (force, employee_id)
               WHERE a.absence_id < b.absence_id AND a.started_on <= b.ended_on AND b.started_on <= a.ended_on"""
    assert number(year, twice) == 0
    assert number(year, 'SELECT count(*) FROM "workforce.absence"') > 3000


def test_the_survey_of_stonemarsh_has_the_counts_of_the_report(year: duckdb.DuckDBPyConnection) -> None:
    def agreed(*columns: str) -> str:
        return ", ".join(f"count(*) FILTER ({c} IN ('agree', 'strongly agree'))" for c in columns)

    answers = 'FROM "workforce.workforce_survey_response"'
    asked = (
        "work_life_balance",
        "training_sufficient",
        "skills_considered",
        "feedback_trusted",
        "ideas_heard",
    )
    assert one(year, f"SELECT count(*), {agreed(*asked)} {answers}") == (748, 542, 587, 571, 429, 399)
    both = agreed("work_life_balance", "debrief_time_given")
    officers = f"SELECT count(*), {both} {answers} WHERE worker_type = 'police officer'"
    assert one(year, officers) == (294, 167, 109)
    reviewed = (
        f"SELECT count(*), {agreed('review_valued', 'review_effective')} {answers} WHERE review_in_year"
    )
    assert one(year, reviewed) == (661, 449, 374)
    assert number(year, f"SELECT count(review_valued) {answers}") == 661


def test_posts_of_stonemarsh_are_those_of_the_report(year: duckdb.DuckDBPyConnection) -> None:
    counted = """SELECT count(*), count(*) FILTER (holder_level = 'PIP 2'), count(*) FILTER (holder_level = 'PIP 1'),
                 count(*) FILTER (vacant) FROM "investigating.post" WHERE level_needed = 'PIP 2' AND rank = '{}'"""
    assert one(year, counted.format("constable")) == (307, 127, 115, 65)
    for rank, percent in (("sergeant", 69), ("inspector", 85)):
        posts, held, *_ = one(year, counted.format(rank))
        assert round(100 * held / posts) == percent  # type: ignore[operator]


def test_courses_of_stonemarsh_are_those_of_the_report(year: duckdb.DuckDBPyConnection) -> None:
    went = """SELECT count(DISTINCT employee_id) FROM "workforce.training_event"
              WHERE attendance = 'attended' AND course = '{}' AND {}"""
    developed = number(year, went.format("Sergeants'' development", "rank = 'sergeant'"))
    led = number(year, went.format("Inspiring leadership", "rank = 'sergeant'"))
    staff = number(year, went.format("Inspiring leadership", "rank IS NULL AND first_line_supervisor"))
    assert (developed, led, staff) == (94, 67, 246)
    in_rank = 'SELECT count(*) FROM "workforce.employee" WHERE {}'
    sergeants = number(year, in_rank.format("rank = 'sergeant'"))
    supervisors = number(year, in_rank.format("first_line_supervisor AND rank IS NULL"))
    shares = (developed / sergeants, led / sergeants, staff / supervisors)
    assert [round(100 * share) for share in shares] == [29, 20, 39]
    last = """SELECT count(*), count(*) FILTER (aspiring_supervisor) FROM "workforce.training_event"
              WHERE course = 'Sergeants'' development' AND starts_on = DATE '2025-03-03'"""
    assert one(year, last) == (32, 11)
    passed = """SELECT round(100 * avg((result = 'passed')::INT)) FROM "workforce.training_event"
                WHERE course_kind = 'promotion examination'"""
    assert number(year, passed) == 73


def test_reviews_are_complete_by_the_system_and_not_by_the_audit(year: duckdb.DuckDBPyConnection) -> None:
    done = """SELECT avg((standing = 'completed')::INT) FROM "workforce.performance_review"
              WHERE known_from_source = '{}' AND NOT exempt"""
    assert number(year, done.format("system")) == 1
    assert number(year, done.format("audit")) == pytest.approx(0.75, abs=0.1)
    truly = 'SELECT avg(_true_held::INT) FROM "workforce.performance_review" WHERE NOT exempt'
    assert number(year, truly) == pytest.approx(0.884, abs=0.02)


def test_occupational_health_of_stonemarsh_takes_as_long_as_in_the_report(
    year: duckdb.DuckDBPyConnection,
) -> None:
    waited = (
        """SELECT avg(first_appointment_on - referred_on) FROM "workforce.occupational_health_referral" """
    )
    assert number(year, waited) == pytest.approx(18.4, abs=1)


def test_money_of_stonemarsh_is_in_scale_with_its_residents(year: duckdb.DuckDBPyConnection) -> None:
    lines = """FROM "leadership.finance_line" JOIN (SELECT force, residents, event_scale FROM forces) USING (force)
               WHERE year_starts_on = DATE '2022-04-01'"""
    funding = "funding_stream IN ('council tax precept', 'core grant', 'council tax support grant', 'specific grant')"
    total = number(year, f"SELECT sum(outturn) {lines} AND {funding}")
    assert total / number(year, "SELECT residents / 1000 FROM forces") == pytest.approx(215_342, rel=1e-4)
    assert total / number(year, "SELECT event_scale FROM forces") == pytest.approx(247e6, rel=0.002)
    precept = number(year, f"SELECT sum(outturn) {lines} AND funding_stream = 'council tax precept'")
    assert precept / total == pytest.approx(0.361, abs=5e-4)
    reserve = number(
        year, f"SELECT sum(closing_balance) / any_value(event_scale) {lines} AND reserve_kind = 'general'"
    )
    assert reserve == pytest.approx(9.7e6, rel=0.01)


def test_published_counts_agree_with_the_records(year: duckdb.DuckDBPyConnection) -> None:
    answered = "SELECT count(*) FROM \"responding.call\" WHERE line = '999' AND answered_at IS NOT NULL"
    assert number(year, 'SELECT sum(calls) FROM "responding.published_answer_times"') == number(
        year, answered
    )
    share = 'SELECT sum(within_10_seconds) / sum(calls) FROM "responding.published_answer_times"'
    assert number(year, share) == pytest.approx(0.849, abs=0.03)
    people = """SELECT count(*) FROM "workforce.employee" WHERE joined_on <= DATE '2025-03-31'
                AND (left_on IS NULL OR left_on > DATE '2025-03-31')"""
    published = (
        """SELECT sum(headcount) FROM "workforce.published_workforce" WHERE counted_on = DATE '2025-03-31'"""
    )
    assert number(year, published) == number(year, people)
    recorded = """SELECT count(*) FROM "investigating.crime" WHERE standing = 'recorded'
                  AND recorded_at < TIMESTAMP '2025-04-01 00:00:00'"""
    offences = (
        "SELECT sum(offences) FROM \"investigating.published_crime\" WHERE period_end = DATE '2025-03-31'"
    )
    assert number(year, offences) == number(year, recorded)
    grouped = """SELECT sum(offences) FROM "investigating.published_outcomes" """
    assert number(year, grouped) == number(year, recorded)


def test_a_nation_of_some_months_has_no_published_years(small: duckdb.DuckDBPyConnection) -> None:
    assert number(small, 'SELECT count(*) FROM "investigating.published_crime"') == 0
    assert number(small, 'SELECT count(*) FROM "powers.published_tactics"') == 0
    assert number(small, 'SELECT count(*) FROM "powers.published_breath_tests"') == 2 * 2 * 3
