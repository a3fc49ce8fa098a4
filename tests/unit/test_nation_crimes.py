"""Crimes, suspects, arrests, bail, victims, missing people, exhibits and persons of the demo nation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from helpers import new_workspace
from openpeel.catalogue import shipped
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.mapping import Mapping, Part
from openpeel.engine.sql import quote
from openpeel.sources.demo.nation import (
    arrests,
    bail,
    build,
    contact,
    crime_records,
    crimes,
    exhibits,
    incidents,
    missing,
    outcomes,
    persons,
    suspects,
    updates,
    victims,
)
from openpeel.sources.demo.nation.days import local_day, working_days_later
from openpeel.sources.demo.nation.knobs import Knobs
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.stage import set_stage
from openpeel.sources.demo.nation.supply import sent_sql, supplies

TYPES = shipped().types
MODULES = (crimes, suspects, outcomes, crime_records, arrests, bail, victims, updates, missing, exhibits)
MINE = tuple(made for module in MODULES for made in module.TABLES)
HELD = (*contact.TABLES, *incidents.TABLES, *MINE)
PERSONS = persons.persons_of([m.name for m in HELD if m.name in persons.NAMED_IN])
RECORDS = (*(m for m in MINE if m.name in TYPES), PERSONS)
SMALL = Knobs(forces=3, months=2, scale=0.004)

#: Moments that are known before they come.
_PLANNED = {"return_at", "due_at"}


def nation(knobs: Knobs, months: Sequence[int] = ()) -> duckdb.DuckDBPyConnection:
    con = build.scratch()
    set_stage(con, knobs, months)
    for made in (*HELD, PERSONS):
        con.execute(f"CREATE TABLE {quote(made.name)} AS {made.sql}")
    return con


@pytest.fixture(scope="module")
def small() -> duckdb.DuckDBPyConnection:
    return nation(SMALL)


@pytest.fixture(scope="module")
def stonemarsh() -> duckdb.DuckDBPyConnection:
    return nation(Knobs(forces=1))


def number(con: duckdb.DuckDBPyConnection, sql: str) -> float:
    return float(con.execute(sql).fetchall()[0][0])


def forces(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [row[0] for row in con.execute("SELECT force FROM forces ORDER BY 1").fetchall()]


def supplied(con: duckdb.DuckDBPyConnection, made: Made, force: str) -> Part:
    columns = build.columns_of(con, made, TYPES[made.name])
    listed = ", ".join(map(quote, columns))
    table = con.sql(f"SELECT {listed} FROM {quote(made.name)} WHERE force = '{force}'").to_arrow_table()
    numbers = pa.array(range(1, table.num_rows + 1), pa.int64())
    return Part(made.name, "0" * 64, table.num_rows, force, None, None, table, numbers)


@pytest.mark.parametrize("made", RECORDS, ids=lambda m: m.name)
def test_every_row_is_accepted(small: duckdb.DuckDBPyConnection, made: Made, tmp_path: Path) -> None:
    record_type = TYPES[made.name]
    root = new_workspace(tmp_path / "workspace")
    headings: dict[str, tuple[str, ...]] = {c.name: (c.name,) for c in record_type.columns}
    parts = [supplied(small, made, force) for force in forces(small)]
    intake = take_in(root, Mapping(record_type, headings, (), "changes", "UTC"), parts)
    assert intake.refused == []
    assert [f.set_aside for f in intake.files if f.set_aside] == []
    assert intake.accepted() == number(small, f"SELECT count(*) FROM {quote(made.name)}") > 0


@pytest.mark.parametrize("made", RECORDS, ids=lambda m: m.name)
def test_what_is_known_after_a_month_keeps_the_rules_too(
    small: duckdb.DuckDBPyConnection, made: Made
) -> None:
    record_type = TYPES[made.name]
    columns = build.columns_of(small, made, record_type)
    held = {row[0] for row in small.execute(f"DESCRIBE {quote(made.name)}").fetchall()}
    assert {*made.later, *(c for hang in made.later.values() for c in hang)} <= held
    first = supplies(SMALL, every=1)[0]
    known = sent_sql(made, record_type, columns, first)
    for rule in record_type.rules:
        assert number(small, f"SELECT count(*) FROM ({known}) WHERE NOT ({rule.condition})") == 0, rule.id
    moments = [c.name for c in record_type.columns if c.type == "instant" and c.name in columns]
    late = {
        m
        for m in moments
        if number(small, f"SELECT count(*) FROM ({known}) WHERE {quote(m)} > '{first.until}'")
    }
    assert late - _PLANNED == set()


@pytest.mark.parametrize("made", RECORDS, ids=lambda m: m.name)
def test_references_lead_to_records(small: duckdb.DuckDBPyConnection, made: Made) -> None:
    there = {m.name for m in (*HELD, PERSONS)}
    held = build.columns_of(small, made, TYPES[made.name])
    for reference in TYPES[made.name].references:
        if reference.to not in there or not set(reference.columns) <= set(held):
            continue
        known = " AND ".join(f"{quote(c)} IS NOT NULL" for c in reference.columns)
        on = zip(reference.columns, TYPES[reference.to].key, strict=True)
        alike = " AND ".join(f"o.{quote(theirs)} = m.{quote(ours)}" for ours, theirs in on)
        lost = f"""SELECT count(*) FROM (SELECT * FROM {quote(made.name)} WHERE {known}) m
            WHERE NOT EXISTS (FROM {quote(reference.to)} o WHERE o.force = m.force AND {alike})"""
        assert number(small, lost) == 0, reference


def test_a_month_made_alone_is_the_same(small: duckdb.DuckDBPyConnection) -> None:
    alone = nation(SMALL, months=[1])
    for made in MINE:
        name = quote(made.name)
        small.register("_alone", alone.sql(f"FROM {name}").to_arrow_table())
        assert number(small, f"SELECT count(*) FROM (FROM _alone EXCEPT FROM {name})") == 0, made.name
        assert (
            0 < number(alone, f"SELECT count(*) FROM {name}") <= number(small, f"SELECT count(*) FROM {name}")
        )
        small.unregister("_alone")


#: What two records say of the same thing must agree: what is selected from, and which rows do not.
_AT_ODDS = {
    "a crime and its incident": (
        '"investigating.crime" c JOIN "responding.incident" i USING (force, incident_id)',
        """NOT i.crime_recorded OR c.local_policing_area <> i.local_policing_area OR c.location_id <> i.location_id
        OR c.reported_at <> i.reported_at"""),
    "a person victim and the incident": (
        """"victims.victim" v JOIN "investigating.crime" c USING (force, crime_id)
        JOIN "responding.incident" i USING (force, incident_id)""",
        """v.kind = 'person' AND i.person_id NOT IN
        (SELECT victim_id FROM "victims.victim" o WHERE o.force = c.force AND o.crime_id = c.crime_id)"""),
    "a crime and its last change": (
        """"investigating.crime" c JOIN (
            SELECT force, crime_id, arg_max(change, change_number) AS change,
                arg_max(to_offence_code, change_number) AS code, max(changed_at) AS last_at
            FROM "investigating.crime_change" GROUP BY ALL) h USING (force, crime_id)""",
        """(c.standing = 'recorded') <> (h.change NOT IN ('cancelled', 'transferred'))
        OR c.standing = 'recorded' AND h.code <> c.offence_code
        OR h.change <> 'reclassified' AND c.standing_at <> h.last_at"""),
    "changes out of order": (
        '"investigating.crime_change" a JOIN "investigating.crime_change" b USING (force, crime_id)',
        "a.change_number < b.change_number AND a.changed_at > b.changed_at"),
    "outcomes out of order": (
        '"investigating.crime_outcome" a JOIN "investigating.crime_outcome" b USING (force, crime_id)',
        "a.outcome_number < b.outcome_number AND a.assigned_at > b.assigned_at"),
    "an outcome of a crime not recorded, or closed": (
        '"investigating.crime_outcome" o JOIN "investigating.crime" c USING (force, crime_id)',
        "o.assigned_at < c.recorded_at OR c.closed_at < o.assigned_at OR c.standing <> 'recorded'"),
    "a suspect and the arrest": (
        '"offenders.suspect" s JOIN "powers.arrest" a USING (force, arrest_id)',
        """s.arrested_at <> a.arrested_at OR s.suspect_id <> a.person_id OR s.crime_id <> a.crime_id
        OR s.domestic_abuse <> a.domestic_abuse"""),
    "two lists of suspects": (
        '"offenders.suspect" s FULL JOIN "investigating.crime_suspect" c USING (force, crime_id, suspect_id)',
        "s._k IS NULL OR c._k IS NULL"),
    "an arrest and its bail": (
        '"powers.arrest" a JOIN "offenders.bail_period" b USING (force, bail_id)',
        """a.left_at <> b.starts_at OR a.arrested_at <> b.arrested_at OR a.custody_id <> b.custody_id
        OR (a.disposal = 'bail before charge') <> (b.kind = 'bail')"""),
    "a charge of somebody neither arrested nor interviewed": (
        '"investigating.crime_outcome" o JOIN "offenders.suspect" s USING (force, crime_id, suspect_id)',
        "o.outcome_type IN ('1', '1A') AND s.arrested_at IS NULL AND s.interviewed_at IS NULL"),
    "bail that ended otherwise than the case": (
        '"offenders.bail_period" b JOIN "investigating.crime_suspect" s USING (force, crime_id, suspect_id)',
        "b.ended_by = 'charge' AND s.status <> 'charged'"),
    "extensions and the limit": (
        """"offenders.bail_period" b JOIN (SELECT force, bail_id, max(new_limit_on) AS last
        FROM "offenders.bail_extension" GROUP BY ALL) x USING (force, bail_id)""",
        "x.last <> b.recorded_limit_on"),
    "an extension outside its period": (
        '"offenders.bail_extension" x JOIN "offenders.bail_period" b USING (force, bail_id)',
        "x.decided_at > b.ended_at OR x.decided_at < b.starts_at"),
    "a suspension outside its period": (
        '"offenders.bail_suspension" x JOIN "offenders.bail_period" b USING (force, bail_id)',
        "x.starts_at < b.starts_at OR x.ends_at > b.ended_at"),
    "a check of no condition, or after the end": (
        '"offenders.bail_condition_check" x JOIN "offenders.bail_period" b USING (force, bail_id)',
        "NOT b.conditions_set OR x.checked_at < b.starts_at OR x.checked_at::DATE > b.ended_at::DATE"),
    "a victim and the entitlements": (
        '"victims.victim_entitlement" e JOIN "victims.victim" v USING (force, crime_id, victim_id)',
        "e.recorded_at <> v.recorded_at OR e.support_withdrawn AND v.supports_investigation <> 'withdrawn'"),
    "a contract and the entitlement": (
        """"victims.victim_contract" c LEFT JOIN "victims.victim_entitlement" e
        USING (force, crime_id, victim_id)""",
        "contract_number = 1 AND e.contract_agreed_at IS DISTINCT FROM c.from_at"),
    "a victim suspected of the crime": (
        '"victims.victim" v JOIN "offenders.suspect" s USING (force, crime_id)', "v.victim_id = s.suspect_id"),
    "an exhibit and its case": (
        '"investigating.digital_exhibit" x JOIN "investigating.crime" c USING (force, crime_id)',
        """x.indecent_images_case <> c.indecent_images_of_children
        OR x.result_sent_at IS NOT NULL AND x.withdrawn_at IS NOT NULL"""),
    "who a person is": (
        '"investigating.missing_episode" m JOIN "shared.person_reference" p USING (force, person_id)',
        "abs(m.age - date_sub('year', p.birth_on, m.reported_at::DATE)) > 1 OR m.gender <> p.gender"),
}  # fmt: skip


@pytest.mark.parametrize("what", _AT_ODDS)
def test_records_of_one_thing_agree(small: duckdb.DuckDBPyConnection, what: str) -> None:
    records, odd = _AT_ODDS[what]
    assert number(small, f"SELECT count(*) FROM {records}") > 0
    assert number(small, f"SELECT count(*) FROM {records} WHERE {odd}") == 0


def test_the_same_few_people_turn_up_again(stonemarsh: duckdb.DuckDBPyConnection) -> None:
    tenth = """
        SELECT sum(n) FILTER (place <= many * 0.1) / sum(n)
        FROM (SELECT n, row_number() OVER (ORDER BY n DESC) AS place, count(*) OVER () AS many
              FROM (SELECT count(*) AS n FROM "offenders.suspect" GROUP BY suspect_id))"""
    assert number(stonemarsh, tenth) > 0.22
    pairs = """
        SELECT count(*)
        FROM (SELECT victim_id, suspect_id, count(*) AS n
              FROM "victims.victim" JOIN "offenders.suspect" USING (crime_id)
              JOIN "investigating.crime" c USING (crime_id) WHERE c.domestic_abuse GROUP BY ALL) WHERE n > 1"""
    assert number(stonemarsh, pairs) > 20


def test_two_numbers_of_one_person_are_told_as_true(stonemarsh: duckdb.DuckDBPyConnection) -> None:
    rows = 'SELECT count(*) FROM "shared.person_reference" WHERE '
    second, all_ = number(stonemarsh, rows + "person_id <> _true_person"), number(stonemarsh, rows + "true")
    assert 0.01 < second / all_ < 0.03
    assert number(stonemarsh, rows + "current_person_id NOT IN (person_id, _true_person)") == 0
    same = """
        SELECT avg((a.birth_on = b.birth_on AND a.family_name = b.family_name)::INT)
        FROM "shared.person_reference" a JOIN "shared.person_reference" b ON a._true_person = b.person_id
        WHERE a.person_id <> b.person_id AND a.birth_on IS NOT NULL AND b.birth_on IS NOT NULL"""
    assert number(stonemarsh, same) == 1


#: What the source report found in case files; the shares of all records lie near.
_REPORTED = {
    "suspects interviewed or arrested, 30 of 48": (
        "SELECT avg((arrested_at IS NOT NULL OR interviewed_at IS NOT NULL)::INT) "
        'FROM "offenders.suspect" WHERE interview_or_arrest_needed', 30 / 48, 0.03),
    "statement considered, 26 of 32": (
        'SELECT avg(statement_considered::INT) FROM "victims.victim_entitlement" WHERE statement_due', 26 / 32, 0.04),
    "reasons for withdrawing recorded, 8 of 10": (
        'SELECT avg(withdrawal_reason_recorded::INT) FROM "victims.victim_entitlement" WHERE support_withdrawn',
        0.8, 0.05),
    "contract kept, 62 of 69": ('SELECT avg(kept::INT) FROM "victims.victim_contract"', 62 / 69, 0.02),
    "devices looked at on the spot, about half": (
        'SELECT avg(triaged_at_scene::INT) FROM "investigating.digital_exhibit" '
        "WHERE indecent_images_case AND owner = 'suspect'", 0.5, 0.15),
    "crimes recorded in a day": (
        "SELECT avg((date_diff('second', reported_at, recorded_at) <= 86400)::INT) FROM \"investigating.crime\"",
        0.93, 0.07),
    "crimes recorded directly, a third of the others": (
        'SELECT count(*) FILTER (incident_id IS NULL) / count(incident_id) FROM "investigating.crime"',
        0.33, 0.12),
    "at least 20 closed with outcome type 20": (
        "SELECT least(20, count(*)) FROM \"investigating.crime_outcome\" WHERE outcome_type = '20'", 20, 0),
}  # fmt: skip


@pytest.mark.parametrize("what", _REPORTED)
def test_stonemarsh_is_near_the_report(stonemarsh: duckdb.DuckDBPyConnection, what: str) -> None:
    sql, told, near = _REPORTED[what]
    assert number(stonemarsh, sql) == pytest.approx(told, abs=near)


def test_bail_lapses_and_a_clock_that_stands_still_are_no_one_thing(
    stonemarsh: duckdb.DuckDBPyConnection,
) -> None:
    past = f"""
        SELECT count(*) FROM "offenders.bail_period" b
        WHERE kind = 'bail' AND {local_day("ended_at")} > recorded_limit_on
            AND {{}}EXISTS (FROM "offenders.bail_suspension" s
                          WHERE s.bail_id = b.bail_id AND s.starts_at::DATE <= b.recorded_limit_on)"""
    assert number(stonemarsh, past.format("")) > 0
    assert number(stonemarsh, past.format("NOT ")) > 0


def test_days_are_local_and_weekends_no_working_days() -> None:
    con = duckdb.connect()
    cases = {
        "2024-03-31 00:30:00": "2024-03-31", "2024-03-30 23:30:00": "2024-03-30", "2024-03-31 23:30:00": "2024-04-01",
        "2024-10-27 00:30:00": "2024-10-27", "2024-10-26 23:30:00": "2024-10-27", "2024-10-27 23:30:00": "2024-10-27",
    }  # fmt: skip
    for moment, day in cases.items():
        found = con.execute("SELECT " + local_day(f"TIMESTAMP '{moment}'")).fetchall()
        assert str(found[0][0]) == day
    later = {("2024-04-05", 1): "2024-04-08", ("2024-04-01", 5): "2024-04-08", ("2024-04-06", 1): "2024-04-08",
             ("2024-04-07", 5): "2024-04-12", ("2024-04-03", 2): "2024-04-05"}  # fmt: skip
    for (day, days), due in later.items():
        found = con.execute("SELECT " + working_days_later(f"DATE '{day}'", days)).fetchall()
        assert str(found[0][0]) == due
