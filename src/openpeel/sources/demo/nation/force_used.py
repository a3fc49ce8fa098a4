"""Uses of force and their tactics: what officers report of arrests, searches and people in crisis.

Not every use is reported: the arrest record says that force was used and no report follows.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import after, chance, one_of, pick, spread, u, whole
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.nominals import (
    age_at,
    birth_on,
    ethnicity,
    gender,
    key_of_person,
    seen_ethnicity,
)
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.staff import employee, staff_number, supervisor, team_of
from openpeel.sources.demo.nation.streams import further

REPORTED = parameter("force_reported", 0.88, 0.06, 0.5, 0.99)
REVIEWED = parameter("force_reviewed", 0.86, 0.08, 0.4, 1.0)
VIDEO = parameter("force_video_on", 0.9, 0.05, 0.5, 1.0)


def _key(reference: str, salt: int) -> str:
    return f"hash(xor(hash(a.force || a.{reference}), {salt}))"


#: The month an arrest was made with, from its reference; the arrest itself may lie in the next one.
_MONTH = "(substr(arrest_id, 4, 4)::BIGINT * 12 + substr(arrest_id, 8, 2)::BIGINT - 1)"
_ANOTHER = _key("arrest_id", 2)
_OFFICER, _SENT = staff_number("response", "uses force", _ANOTHER), staff_number("response", "sent", "a._k")

USES = Made(
    "_uses",
    f"""
    SELECT force, {_key("arrest_id", 1)} AS _k, {_MONTH} AS month, replace(arrest_id, 'AR', 'UOF') AS use_of_force_id, arrested_at AS used_at, officer_id, team,
        local_policing_area, incident_id, crime_id, arrest_id, custody_id, NULL AS search_id, person_id, age, gender, officer_defined_ethnicity, handcuffed,
        'arrest' AS setting
    FROM "powers.arrest" a WHERE force_used
    UNION ALL
    SELECT force, {_ANOTHER}, {_MONTH}, {further("replace(arrest_id, 'AR', 'UOF')", 40)}, arrested_at + INTERVAL 20 SECOND, {employee(_OFFICER)}, {team_of("response", _OFFICER)},
        local_policing_area, incident_id, crime_id, arrest_id, custody_id, NULL, person_id, age, gender, officer_defined_ethnicity, false, 'arrest'
    FROM "powers.arrest" a JOIN facts f USING (force) WHERE force_used AND {u("second", _ANOTHER)} < 0.34
    UNION ALL
    SELECT force, {_key("search_id", 3)}, month, replace(search_id, 'SS', 'UOF') || 'S-01', searched_at, officer_id, team, local_policing_area, NULL, NULL, NULL,
        NULL, search_id, person_id, age, gender, officer_defined_ethnicity, true, 'search'
    FROM "powers.stop_search" a WHERE handcuffed
    UNION ALL
    SELECT force, {_key("incident_id", 4)}, month, replace(incident_id, 'INC', 'UOF') || '-90', arrived_at + INTERVAL 15 MINUTE, {employee(_SENT)}, {team_of("response", _SENT)},
        local_policing_area, incident_id, NULL, NULL, NULL, NULL, person_id, {age_at(birth_on("person_key"), "arrived_at")}, {gender("person_key")},
        {seen_ethnicity("stated")}, true, 'crisis'
    FROM (SELECT *, {ethnicity("person_key")} AS stated
          FROM (SELECT *, {key_of_person("person_id")} AS person_key FROM "responding.incident"
                WHERE mental_health AND arrived_at IS NOT NULL AND {u("restrained")} < 0.08)) a
    JOIN facts f USING (force)
    """,
)

_PLACES = {
    "Street or highway": 45,
    "Dwelling": 30,
    "Police station": 10,
    "Licensed premises": 5,
    "Retail premises": 6,
    "Hospital": 3,
    "": 1,
}
_INJURY = {"none": 93, "minor": 6.4, "severe": 0.5, "": 0.1}

USE = Made(
    "powers.use_of_force",
    f"""
    SELECT force, _k, month, use_of_force_id, used_at, recorded_at, officer_id, team,
        {pick("duty", {"Response patrol": 74, "Neighbourhood": 10, "Custody": 5, "Public order": 6, "": 5})} AS duty, {chance("alone", 0.3)} AS single_crewed,
        local_policing_area, {pick("place", _PLACES)} AS location_kind, incident_id, crime_id, arrest_id, custody_id, search_id, person_id, age,
        CASE WHEN age < 11 THEN '0-10' WHEN age < 18 THEN '11-17' WHEN age < 35 THEN '18-34' WHEN age < 50 THEN '35-49' WHEN age < 65 THEN '50-64' ELSE '65 and over' END
            AS age_range,
        gender, officer_defined_ethnicity, setting = 'crisis' OR {chance("mental", 0.16)} AS mental_health,
        CASE WHEN {chance("disability known", 0.95)} THEN {chance("disability", 0.05)} END AS disability, {chance("drink", 0.42)} AS alcohol_or_drugs,
        CASE setting WHEN 'arrest' THEN {pick("why", {"Effect arrest": 70, "Prevent escape": 12, "Protect self": 14, "Protect other officers": 4})}
             WHEN 'search' THEN 'Effect search' ELSE 'Protect subject' END AS reason,
        {chance("talked", 0.88)} AS talked_first, {chance("assaulted", 0.09)} AS person_assaulted_officer, {chance("weapon", 0.05)} AS person_had_weapon,
        {pick("hurt", _INJURY)} AS person_injury,
        CASE WHEN {chance("assaulted", 0.09)} THEN {pick("officer hurt", {"none": 48, "minor": 50, "severe": 2})} ELSE {pick("officer hurt", {"none": 985, "minor": 15})} END
            AS officer_injury,
        {chance("assaulted", 0.09)} AND {chance("on purpose", 0.7)} AND {u("officer hurt")} > 0.48 AS officer_injured_on_purpose,
        {chance("help offered", 0.55)} AS medical_help_offered, {chance("help offered", 0.55)} AND {chance("helped", 0.3)} AS medical_help_given,
        CASE setting WHEN 'arrest' THEN 'arrested' WHEN 'crisis' THEN CASE WHEN {chance("detained", 0.6)} THEN 'detained under the Mental Health Act' ELSE 'taken to hospital' END
             ELSE {pick("then", {"let go": 70, "other disposal": 28, "made off": 2})} END AS outcome,
        CASE WHEN {chance("video known", 0.97)} THEN {chance("video", VIDEO)} END AS body_worn_video_on,
        CASE WHEN {chance("review known", 0.98)} THEN reviewed END AS supervisor_reviewed, CASE WHEN reviewed AND {chance("review known", 0.98)} THEN
            {after("recorded_at", spread("reviews", 90000, 0.9))} END AS supervisor_reviewed_at,
        CASE WHEN reviewed AND {chance("review known", 0.98)} THEN {supervisor("response", "reviews")} END AS supervisor_id,
        CASE WHEN reviewed AND {chance("review known", 0.98)} THEN {pick("said", {"none needed": 86, "praise": 4, "advice": 6, "record returned": 3, "training or development": 1})} END
            AS supervisor_response
    FROM (SELECT x.*, f.people, f.{VIDEO}, {after("used_at", "1800 + " + spread("reports", 20000, 1.0, "x._k"))} AS recorded_at, {u("reviewed", "x._k")} < f.{REVIEWED} AS reviewed
          FROM _uses x JOIN facts f USING (force) WHERE {u("reported", "x._k")} < f.{REPORTED})
    """,
    later={"recorded_at": (), "supervisor_reviewed_at": ("supervisor_reviewed", "supervisor_id", "supervisor_response")},
)  # fmt: skip

_FURTHER = {
    "unarmed skills": 34, "ground restraint": 16, "tactical communication": 26, "limb or body restraints": 6, "conducted energy device": 6,
    "irritant spray": 4, "spit and bite guard": 3, "baton": 1.5, "dog": 1, "shield": 1, "firearm aimed": 0.5, "other": 1,
}  # fmt: skip
TACTIC = Made(
    "powers.use_of_force_tactic",
    f"""
    SELECT force, _k, use_of_force_id, number AS tactic_number, used_at, tactic,
        CASE tactic WHEN 'conducted energy device' THEN {one_of("device", ["drawn", "aimed", "red-dotted", "red-dotted", "arced", "fired", "drive-stunned"])}
             WHEN 'irritant spray' THEN {pick("spray", {"used": 7, "drawn": 3})} WHEN 'baton' THEN {pick("baton", {"used": 5, "drawn": 5})} ELSE 'used' END AS stage,
        CASE WHEN {chance("effect known", 0.95)} THEN {chance("effective", 0.84)} END AS effective
    FROM (SELECT *, CASE WHEN number > 1 OR NOT cuffed THEN {pick("tactic", _FURTHER)}
                  WHEN {chance("resists", 0.42)} THEN 'non-compliant handcuffing' ELSE 'compliant handcuffing' END AS tactic
          FROM (SELECT * EXCLUDE (_k), hash(xor(_k, hash(number))) AS _k
                FROM (SELECT u.force, u._k, u.use_of_force_id, u.used_at, x.handcuffed AS cuffed,
                          unnest(range(1, 2 + CASE WHEN {chance("one tactic", 0.5, "u._k")} THEN 0 ELSE {whole("tactics", 1, 3, "u._k")} END)) AS number
                      FROM "powers.use_of_force" u JOIN _uses x USING (force, use_of_force_id))))
    """,
)

TABLES = (USES, USE, TACTIC)
