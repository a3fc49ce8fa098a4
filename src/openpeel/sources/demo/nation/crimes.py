"""Crimes: what incidents turn out to be and what is reported directly, whom it happened to, when it was recorded.

`_crimes` holds what is known when a crime is recorded; `suspects` and `outcomes` go on from there, and the records
of crimes are made when the end of each is known. Truth columns: ``_true_person`` of persons (see `persons`) and
``_true_crime`` of incidents; crimes that were never recorded have no row here.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.days import local_day
from openpeel.sources.demo.nation.draws import after, chance, mixed, number, pick, spread, text_sql, u, wait
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.nominals import age_at, birth_on, gender, key_of_person
from openpeel.sources.demo.nation.offences import TABLE, drawn_offence
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import area, beat, census_area, location, person, ward
from openpeel.sources.demo.nation.streams import reference, stream

DIRECT_CRIMES = parameter("direct_crimes", 12, 2.5, 5, 25)  # recorded without an incident, per 1,000 a year
RECORDED_IN_24 = parameter("recorded_in_24", 0.93, 0.03, 0.75, 0.995)
RECLASSIFIED = parameter("reclassified", 0.05, 0.015, 0.01, 0.12)
CANCELLED = parameter("cancelled", 0.028, 0.01, 0.005, 0.08)
ACCREDITED = parameter("investigator_accredited", 0.7, 0.1, 0.3, 0.95)  # in charge of what asks for PIP 2

#: One crime an incident; a few incidents show a second one.
_SECOND = 0.04
_ROUTES = {
    "directly by telephone": 45, "online": 32, "front counter": 7, "by an officer": 10, "from a partner agency": 4,
    "from another force": 1, "other": 1,
}  # fmt: skip
_OF_INCIDENT = """incident_id, 'from an incident' AS route, reported_at, arrived_at, attended, opening_code,
    domestic_abuse, person_id, local_policing_area, beat, location_id, location_kind, ward, local_authority, census_area,
    vulnerable, repeat_victim, antisocial_behaviour"""

_SOURCES = f"""
    SELECT force, month, {mixed("crime")} AS _k, replace(incident_id, 'INC', 'CR') || '-01' AS crime_id, {_OF_INCIDENT}
    FROM "responding.incident" WHERE crime_recorded
    UNION ALL
    SELECT force, month, {mixed("second crime")}, replace(incident_id, 'INC', 'CR') || '-02', {_OF_INCIDENT}
    FROM "responding.incident" WHERE crime_recorded AND {chance("second", _SECOND)}
    UNION ALL
    SELECT force, month, _k, {reference("CR-")} || 'E-01', NULL, {pick("route", _ROUTES)}, moment, NULL, NULL, NULL,
        NULL, {person("victim")}, area, {beat("area")}, location_id, NULL, {ward()}, area || ' District',
        {census_area("location_id")}, {chance("vulnerable", 0.24)}, {chance("repeat victim", 0.18)}, false
    FROM (SELECT *, {area()} AS area, {location()} AS location_id FROM ({stream("direct crime", DIRECT_CRIMES)}))"""

#: Who was hurt decides what some offences are called.
_BY_VICTIM = """CASE
    WHEN o = 'rape of a woman' AND age < 16 THEN CASE WHEN gender = 'Male' THEN 'rape of a boy' ELSE 'rape of a girl' END
    WHEN o = 'rape of a woman' AND gender = 'Male' THEN CASE WHEN rare THEN 'rape of a man' ELSE 'injury' END
    WHEN o = 'sexual assault' AND gender = 'Male' THEN 'assault'
    WHEN o = 'cruelty' AND age >= 16 THEN 'harassment'
    WHEN o = 'assault' AND age < 14 AND opening_code = 'Domestic incident' THEN 'cruelty'
    WHEN o = 'shoplifting' AND opening_code <> 'Theft' THEN 'other theft' ELSE o END"""
_NO_HARM = "('shoplifting', 'images', 'possession of drugs', 'dealing in drugs', 'blade', 'affray')"
_ONLINE = "CASE o WHEN 'messages' THEN 0.93 WHEN 'images' THEN 0.97 WHEN 'harassment' THEN 0.3 WHEN 'stalking' THEN 0.45 WHEN 'threats' THEN 0.3 ELSE 0.01 END"
_HISTORIC = "offence_group = 'Sexual offences' AND " + chance("historic", 0.3)
_MARKED = chance("marked", 0.15)

CRIMES = Made(
    "_crimes",
    f"""
    SELECT c.*,
        {after("reported_at", f"CASE WHEN {chance('in a day', 'recorded_in_24')} THEN 120 + 86000 * pow({u('soon')}, 3) ELSE 86400 + {wait('late', 350000)} END")}
            AS recorded_at,
        {after("reported_at", f"-CASE WHEN {_HISTORIC} THEN 86400 * 365 * {wait('years', 8)} ELSE {wait('before', 7200)} END")}
            AS committed_to_at,
        CASE WHEN offence_group = 'Theft offences' THEN {wait("window", 36000)} WHEN offence_subgroup = 'Stalking and harassment'
             THEN {wait("window", 2000000)} ELSE 0 END AS window_seconds,
        CASE WHEN victim = 'business' THEN replace(location_id, 'LOC', 'B') WHEN victim = 'state' THEN 'STATE' ELSE person_id END
            AS victim_id,
        domestic AND victim = 'person' AND offence_group <> 'Theft offences' AS domestic_abuse,
        victim = 'person' AND age < 18 AND offence_group IN ('Sexual offences', 'Violence against the person') AS child_abuse,
        f.persons, f.people, f.areas, f.{ACCREDITED},
        CASE WHEN {chance("cancelled", CANCELLED)} THEN 'cancelled' WHEN {chance("transferred", 0.011)} THEN 'transferred'
             ELSE 'recorded' END AS standing,
        {chance("reclassified", RECLASSIFIED)} AS reclassified
    FROM (
        SELECT c.* EXCLUDE (o, domestic_abuse, location_kind), o.*, coalesce(c.location_kind,
                CASE WHEN o.victim = 'business' THEN 'Shop' WHEN o.o IN ('messages', 'rape of a woman', 'coercion', 'cruelty',
                     'burglary of a home', 'images') THEN 'Dwelling' ELSE 'Street' END) AS location_kind,
            coalesce(c.domestic_abuse, o.offence_group = 'Violence against the person' AND {chance("domestic", 0.22)}) AS domestic
        FROM (SELECT * EXCLUDE (o, rare), {_BY_VICTIM} AS o
              FROM (SELECT *, {drawn_offence()} AS o, {gender("victim_key")} AS gender, {chance("rare", 0.15)} AS rare,
                        {age_at(birth_on("victim_key"), local_day("reported_at"))} AS age
                    FROM (SELECT *, {key_of_person("person_id")} AS victim_key FROM ({_SOURCES})))) c
        JOIN _offences o USING (o)) c
    JOIN (SELECT force, persons, people, areas, {RECORDED_IN_24}, {CANCELLED}, {RECLASSIFIED}, {ACCREDITED} FROM facts) f USING (force)
    """,
)

#: What a crime was first taken for, where it was given another code later.
_FIRST = {
    "injury": "assault", "serious injury": "injury", "stalking": "harassment", "harassment": "messages",
    "coercion": "harassment", "robbery": "theft from a person", "burglary of a home": "other theft",
    "theft of a vehicle": "theft from a vehicle", "assault": "public fear",
}  # fmt: skip
_FIRST_CASES = " ".join(f"WHEN {text_sql(o)} THEN {text_sql(first)}" for o, first in _FIRST.items())
_REASONS = {
    "verified that no crime took place": 40, "duplicate or part of another crime": 35, "recorded in error": 20,
    "self-defence claimed and verified": 5,
}  # fmt: skip

#: What becomes of a crime's class and standing, and when.
STANDINGS = Made(
    "_standings",
    f"""
    SELECT *, CASE WHEN again THEN {after("left_at", "3600 + " + spread("again", 600000, 0.7))} END AS again_at
    FROM (SELECT c.force, c._k, c.crime_id, c.recorded_at, c.people, c.standing, c.offence_code,
        coalesce(f.offence_code, c.offence_code) AS first_code, coalesce(f.offence, c.offence) AS first_offence,
        coalesce(f.offence_group, c.offence_group) AS first_group, coalesce(f.offence_subgroup, c.offence_subgroup) AS first_subgroup,
        CASE WHEN c.first_o IS NOT NULL THEN {after("c.recorded_at", "7200 + " + spread("reclassified", 350000, 0.9, "c._k"))} END
            AS reclassified_at,
        CASE WHEN c.standing <> 'recorded' OR c.again THEN
            {after("c.recorded_at", "3600 + " + spread("standing", 400000, 0.8, "c._k"))} END AS left_at,
        c.again, CASE c.standing WHEN 'transferred' THEN 'committed in another force''s area' ELSE
            {pick("why", _REASONS, "c._k")} END AS reason
    FROM (SELECT *, CASE WHEN reclassified AND standing = 'recorded' THEN CASE o {_FIRST_CASES} END END AS first_o,
              standing = 'recorded' AND NOT reclassified AND {chance("again", 0.002)} AS again FROM _crimes) c
    LEFT JOIN _offences f ON f.o = c.first_o)
    """,
)

TABLES = (TABLE, CRIMES, STANDINGS)


#: A number of somebody who is not the person under another number.
def other_than(candidate: str, taken: str) -> str:
    """SQL for a person's reference, or for the next one where it is that of ``taken``."""
    following = number("N-", f"substr({candidate}, 3)::BIGINT % persons + 1", 7)
    return f"CASE WHEN {candidate} = {taken} THEN {following} ELSE {candidate} END"
