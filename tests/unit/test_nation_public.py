"""The nation's records of vulnerable people, managed offenders, powers and prevention: accepted, consistent, tuned."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from helpers import new_workspace
from openpeel.catalogue import shipped
from openpeel.engine.clock import parse_month
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.mapping import Mapping, Part
from openpeel.engine.sql import quote
from openpeel.sources.demo.focus import told
from openpeel.sources.demo.nation import build as nation
from openpeel.sources.demo.nation import stage
from openpeel.sources.demo.nation.knobs import Knobs
from openpeel.sources.demo.nation.made import Made

#: In the order in which they are made; the first are other topics' on which these hang.
BEFORE = ("contact", "incidents", "crimes", "suspects", "outcomes", "arrests", "victims", "crime_records")
MODULES = (
    "abuse", "online_abuse", "referrals", "conferences", "orders", "managed", "searched", "force_used", "complaints",
    "video", "panels", "neighbourhood_time", "problem_plans", "initiatives", "engagement",
)  # fmt: skip
FIRST = parse_month("2024-04")
SMALL = Knobs(forces=3, months=3, scale=0.004)
TYPES = dict(shipped().types)


def tables_of(modules: tuple[str, ...]) -> tuple[Made, ...]:
    found = [import_module(f"openpeel.sources.demo.nation.{name}") for name in modules]
    return tuple(made for module in found for made in module.TABLES)


OWN = [made for made in tables_of(MODULES) if made.name in TYPES]


def made_with(
    knobs: Knobs, months: tuple[int, ...] = (), modules: tuple[str, ...] = BEFORE + MODULES
) -> duckdb.DuckDBPyConnection:
    tables = tables_of(modules)
    con = nation.scratch()
    stage.set_stage(con, knobs, months)
    stage.set_searched(con, knobs)
    for made in tables:
        con.execute(f"CREATE OR REPLACE TABLE {quote(made.name)} AS {made.sql}")
    return con


@pytest.fixture(scope="module")
def small() -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(made_with(SMALL)) as con:
        yield con


@pytest.fixture(scope="module")
def stonemarsh() -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(made_with(Knobs(forces=1))) as con:
        yield con


def number(con: duckdb.DuckDBPyConnection, sql: str) -> float:
    return float(con.execute(sql).fetchall()[0][0])


def share(con: duckdb.DuckDBPyConnection, condition: str, table: str, where: str = "true") -> float:
    return number(con, f'SELECT 100 * avg(({condition})::INT) FROM "{table}" WHERE {where}')


def as_text(con: duckdb.DuckDBPyConnection, made: Made, record_type: RecordType) -> dict[str, pa.Table]:
    """The rows of each force as a file would hold them."""
    written = {"TIMESTAMP": "strftime({}, '%Y-%m-%d %H:%M:%S+00:00')"}
    kinds = {row[0]: row[1] for row in con.execute(f"DESCRIBE {quote(made.name)}").fetchall()}
    names = nation.columns_of(con, made, record_type)
    listed = ", ".join(
        f"{written.get(kinds[n], '{}::VARCHAR').format(quote(n))} AS {quote(n)}" for n in names
    )
    forces = [
        row[0] for row in con.execute(f"SELECT DISTINCT force FROM {quote(made.name)} ORDER BY 1").fetchall()
    ]
    return {
        f: con.sql(f"SELECT {listed} FROM {quote(made.name)} WHERE force = '{f}'").to_arrow_table()
        for f in forces
    }


def test_every_type_of_these_topics_is_made() -> None:
    areas = {"vulnerable", "offenders", "powers", "prevention"}
    others = {"offenders.suspect", "powers.arrest", *(t for t in TYPES if t.startswith("offenders.bail_"))}
    asked = {
        t
        for t, declared in TYPES.items()
        if t.partition(".")[0] in areas and declared.kind not in ("published count", "returned count")
    }
    assert {made.name for made in OWN} == asked - others


@pytest.mark.parametrize("made", OWN, ids=lambda made: made.name)
def test_columns_are_declared_and_what_comes_later_is_there(
    small: duckdb.DuckDBPyConnection, made: Made
) -> None:
    declared = {"force", "month"} | {c.name for c in TYPES[made.name].columns}
    held = {row[0] for row in small.execute(f"DESCRIBE {quote(made.name)}").fetchall()}
    assert {n for n in held - declared if not n.startswith("_")} == set()
    assert {c.name for c in TYPES[made.name].columns if c.required} <= held
    assert set(made.later) | {c for cs in made.later.values() for c in cs} <= held


@pytest.mark.parametrize("made", OWN, ids=lambda made: made.name)
def test_every_row_is_taken_in(small: duckdb.DuckDBPyConnection, made: Made, tmp_path: Path) -> None:
    record_type, root = TYPES[made.name], new_workspace(tmp_path / "workspace", "demo")
    mapping = Mapping(record_type, {c.name: (c.name,) for c in record_type.columns}, (), "changes", "offset")
    parts = [
        Part(
            "hand-made",
            hashlib.sha256(f.encode()).hexdigest(),
            len(t),
            f,
            None,
            None,
            t,
            pa.array(range(1, len(t) + 1), pa.int64()),
        )
        for f, t in as_text(small, made, record_type).items()
    ]
    rows = sum(len(part.table) for part in parts)
    intake = take_in(root, mapping, parts)
    assert rows > 0
    assert intake.refused == []
    assert [f.set_aside for f in intake.files if f.set_aside] == []
    assert intake.accepted() == rows


@pytest.mark.parametrize("made", OWN, ids=lambda made: made.name)
def test_references_lead_somewhere(small: duckdb.DuckDBPyConnection, made: Made) -> None:
    built = {m.name for m in tables_of(BEFORE + MODULES)}
    held = {row[0] for row in small.execute(f"DESCRIBE {quote(made.name)}").fetchall()}
    for reference in TYPES[made.name].references:
        if reference.to not in built or not set(reference.columns) <= held:
            continue
        pairs = zip(("force", *reference.columns), ("force", *TYPES[reference.to].key), strict=True)
        same = " AND ".join(f"a.{quote(c)} = b.{quote(k)}" for c, k in pairs)
        known = " AND ".join(f"a.{quote(c)} IS NOT NULL" for c in reference.columns)
        found = f"SELECT 1 FROM {quote(reference.to)} b WHERE {same}"
        lost = f"SELECT count(*) FROM {quote(made.name)} a WHERE {known} AND NOT EXISTS ({found})"
        assert number(small, lost) == 0, reference


@pytest.mark.parametrize("made", OWN, ids=lambda made: made.name)
def test_a_month_is_the_same_alone(
    small: duckdb.DuckDBPyConnection, alone: duckdb.DuckDBPyConnection, made: Made
) -> None:
    if not made.monthly:
        same = f"SELECT * FROM {quote(made.name)} ORDER BY ALL"
        assert alone.execute(same).fetchall() == small.execute(same).fetchall()
        return
    held = {row[0] for row in small.execute(f"DESCRIBE {quote(made.name)}").fetchall()}
    within = set(map(repr, small.execute(f"SELECT * FROM {quote(made.name)}").fetchall()))
    own = set(map(repr, alone.execute(f"SELECT * FROM {quote(made.name)}").fetchall()))
    assert own <= within
    if "month" in held:
        of_month = small.execute(f"SELECT * FROM {quote(made.name)} WHERE month = {FIRST + 2}").fetchall()
        assert own == set(map(repr, of_month))


@pytest.fixture(scope="module")
def alone() -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(made_with(SMALL, (2,))) as con:
        yield con


WRONG = (
    """"vulnerable.risk_assessment" a JOIN "responding.incident" i USING (force, incident_id)
    WHERE a.full_account_at IS DISTINCT FROM i.full_response_at OR a.seen_at < i.arrived_at
        OR a.reported_at <> i.reported_at OR a.seen_at > a.full_account_at OR a.completed_at < a.seen_at""",
    """"vulnerable.response_step" s JOIN "vulnerable.risk_assessment" a USING (force, incident_id)
    WHERE s.taken AND (s.step = 'risk assessment completed' AND a.completed_at IS NULL
        OR s.step = 'body-worn video used' AND NOT a.body_worn_video_on)""",
    """"vulnerable.marac_action" a JOIN "vulnerable.marac_case" c USING (force, marac_case_id)
    WHERE a.agreed_on <> c.heard_on""",
    """"vulnerable.order_breach" b JOIN "vulnerable.protective_order" o USING (force, order_id)
    WHERE NOT o.breached OR b.found_at::DATE < o.starts_on""",
    """"vulnerable.order_check" c JOIN "vulnerable.order_breach" b USING (force, order_breach_id)
    WHERE c.checked_at <> b.found_at""",
    """"offenders.offender_visit" v JOIN "offenders.visit_suspension" s USING (force, offender_id)
    WHERE v.result = 'completed' AND v.visited_at::DATE BETWEEN s.starts_on AND s.ends_on""",
    """"offenders.online_abuse_case" c JOIN "vulnerable.safeguarding_referral" r USING (force, referral_id)
    WHERE c.shared_at <> r.shared_at""",
    """"powers.panel_review" r JOIN "powers.panel_meeting" m USING (force, meeting_id)
    WHERE r.looked_at AND (NOT m.held OR r.members_present <> m.members_present)""",
    """"prevention.abstraction" a JOIN "prevention.duty_hours" d ON d.force = a.force AND d.employee_id = a.employee_id
        AND a.started_at >= d.shift_started_at AND a.started_at < d.shift_ended_at
    WHERE d.absence_seconds > 0 OR a.ended_at > d.shift_ended_at""",
)


@pytest.mark.parametrize("wrong", WRONG)
def test_what_a_row_and_its_parent_say_agrees(small: duckdb.DuckDBPyConnection, wrong: str) -> None:
    assert number(small, f"SELECT count(*) FROM {wrong}") == 0


def test_searches_are_those_of_forces_that_send_their_own(small: duckdb.DuckDBPyConnection) -> None:
    found = small.execute('SELECT DISTINCT force FROM "powers.stop_search"').fetchall()
    assert found == [("stonemarsh",)]
    wider = made_with(Knobs(months=1), modules=("searched",))
    places = wider.execute(
        'SELECT DISTINCT place FROM "powers.stop_search" JOIN forces USING (force) ORDER BY 1'
    ).fetchall()
    assert {place % 5 for (place,) in places} == {0}
    assert len(places) >= 7


def test_what_the_report_prints_comes_out(stonemarsh: duckdb.DuckDBPyConnection) -> None:
    con, force = stonemarsh, told()["force"]
    seen = "victim_seen AND assessment_due AND declined IS NOT NULL"
    early, late = (
        share(con, "declined", "vulnerable.risk_assessment", f"{seen} AND month {c} {FIRST + 5}")
        for c in ("<", ">=")
    )
    assert (early, late) == pytest.approx(
        (100 * force["dash_declined_before"], 100 * force["dash_declined_after"]), abs=4
    )
    assert early > late
    assert share(con, "sought_object_found", "powers.stop_search") == pytest.approx(25.8, abs=4)
    assert share(con, "supervisor_reviewed", "powers.stop_search") == pytest.approx(90, abs=4)
    thousands = number(con, "SELECT residents / 1000.0 FROM forces")
    assert number(con, 'SELECT count(*) FROM "powers.stop_search"') == pytest.approx(6.5 * thousands, rel=0.1)
    devices = number(
        con, 'SELECT 100.0 * sum(devices_triaged) / sum(devices_found) FROM "offenders.online_abuse_case"'
    )
    assert devices == pytest.approx(50, abs=8)
    assert number(con, 'SELECT count(*) FROM "prevention.key_individual" WHERE gets_newsletter') == 450
    forms = 'SELECT sum(abstracted_seconds) FROM "prevention.abstraction" WHERE form_completed_at IS NOT NULL'
    assert 7 < number(con, f'SELECT 100 * ({forms}) / sum(worked_seconds) FROM "prevention.duty_hours"') < 10
    assert 7 <= number(con, 'SELECT count(DISTINCT adviser_id) FROM "prevention.problem_plan"') <= 10
    assert number(con, 'SELECT count(DISTINCT mobile_station) FROM "prevention.patrol"') == 3
    assert number(con, 'SELECT count(*) FROM "powers.panel_meeting"') == 4
    assert number(con, 'SELECT max(encounters_planned) FROM "powers.panel_meeting"') == 10


def test_the_hub_gets_its_backlog_down(stonemarsh: duckdb.DuckDBPyConnection) -> None:
    hours = "median(date_diff('minute', taken_in_at, graded_at)) / 60.0"
    before, after = (
        number(
            stonemarsh, f'SELECT {hours} FROM "vulnerable.safeguarding_referral" WHERE month {c} {FIRST + 5}'
        )
        for c in ("<", ">=")
    )
    assert before > 2 * after


def test_the_register_of_offenders_agrees_with_their_visits(stonemarsh: duckdb.DuckDBPyConnection) -> None:
    late = """SELECT count(*) FROM "offenders.managed_offender" o WHERE visit_due_on <= DATE '2025-03-31'"""
    made = """EXISTS (SELECT 1 FROM "offenders.offender_visit" v WHERE v.offender_id = o.offender_id
        AND v.due_on = o.visit_due_on AND v.result = 'completed' AND v.visited_at < DATE '2025-04-01')"""
    assert number(stonemarsh, late) > 0
    assert number(stonemarsh, f"{late} AND {made}") == 0
    assert share(stonemarsh, "officers >= 2", "offenders.offender_visit") > 95


def test_pairs_come_to_a_conference_again(stonemarsh: duckdb.DuckDBPyConnection) -> None:
    sql = """SELECT count(*) - count(DISTINCT victim_id || offender_id) FROM "vulnerable.marac_case" """
    assert number(stonemarsh, sql) > 0


def test_video_that_was_never_tagged_is_known_to_the_truth(stonemarsh: duckdb.DuckDBPyConnection) -> None:
    untagged = "incident_id IS NULL AND _true_incident_id IS NOT NULL"
    assert 2 < share(stonemarsh, untagged, "vulnerable.bodyworn_video") < 40


def test_a_group_is_searched_as_often_as_it_is_told() -> None:
    con = made_with(Knobs(forces=1, scale=1.0), modules=("searched",))

    def rate(group: str) -> float:
        searches = number(con, f"SELECT count(*) FROM \"powers.stop_search\" WHERE _true_group = '{group}'")
        return searches / number(con, f"SELECT above - below FROM searched WHERE grp = '{group}'")

    told_of = told()["profile"]["black_relative"]
    assert rate("Black or Black British") / rate("White") == pytest.approx(told_of, rel=0.15)


def test_searches_rise_from_year_to_year() -> None:
    con = made_with(Knobs(forces=1, months=24, scale=0.1), modules=("searched",))
    first, second = (
        number(con, f'SELECT count(*) FROM "powers.stop_search" WHERE month {c} {FIRST + 12}')
        for c in ("<", ">=")
    )
    assert second / first == pytest.approx(1 + told()["force"]["search_growth"], rel=0.05)


def test_what_is_true_of_initiatives_is_told(
    small: duckdb.DuckDBPyConnection, stonemarsh: duckdb.DuckDBPyConnection
) -> None:
    found = dict(stonemarsh.execute('SELECT title, _true_effect FROM "prevention.initiative"').fetchall())
    assert found["Right care, right person"] == pytest.approx(-55)
    assert found["Summer activities"] == 0
    assert number(small, 'SELECT count(*) FROM "prevention.initiative"') > 0
