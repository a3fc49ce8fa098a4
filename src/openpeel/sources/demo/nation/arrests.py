"""Records of suspects: as the crime has them, as those who look for them have them, and their arrests.

Some arrests hang on no crime: warrants, recalls, breaches of the peace.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.days import local_day
from openpeel.sources.demo.nation.draws import after, chance, pick, spread, u, wait
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.nominals import (
    age_at,
    birth_on,
    ethnicity,
    gender,
    key_of_person,
    seen_ethnicity,
    suspected,
)
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import area
from openpeel.sources.demo.nation.staff import SUPERVISED, employee, staff_number, team_of
from openpeel.sources.demo.nation.streams import reference, stream

OTHER_ARRESTS = parameter("other_arrests", 2.0, 0.5, 0.5, 5.0)  # without a crime, per 1,000 a year

_RISKS: dict[str, float | str] = {"very high": 3, "high": 17, "medium": 42, "low": 33, "": 5}
_DOMESTIC_RISKS: dict[str, float | str] = {"very high": 6, "high": 36, "medium": 40, "low": 14, "": 4}
_NOT_NEEDED: dict[str, float | str] = {
    "alibi confirmed": 15, "victim does not support": 45, "not in the public interest": 15, "too young": 5,
    "dealt with by another force": 10, "": 10,
}  # fmt: skip
_NAMED_BY: dict[str, float | str] = {
    "victim": 52, "witness": 12, "police enquiry": 12, "video": 9, "forensic match": 3, "intelligence": 6, "partner agency": 4,
    "other": 2,
}  # fmt: skip
_RELATED: dict[str, float | str] = {
    "acquaintance": 38,
    "stranger": 40,
    "other relative": 6,
    "professional or carer": 3,
    "": 13,
}
_RELATION = f"""CASE WHEN victim <> 'person' THEN 'none'
    WHEN domestic_abuse AND pair AND victim_age >= 16 THEN {pick("related", {"partner": 55, "former partner": 45})}
    WHEN domestic_abuse THEN 'other relative' ELSE {pick("related", _RELATED)} END"""
_ELIMINATED = "decision = 'none' AND seen AND " + chance("eliminated", 0.08)
_GAP = "date_diff('second', wanted_since_at, arrested_at)"

#: What was done to find each suspect, worked out once for the records that say it.
SOUGHT = Made(
    "_sought",
    f"""
    SELECT * EXCLUDE (attempts), CASE WHEN attempts > 0 THEN attempts END AS attempts,
        CASE WHEN attempts > 1 THEN {after("wanted_since_at", f"coalesce({_GAP}, 864000) * 0.4 * {u('first attempt')}")}
             WHEN attempts = 1 THEN coalesce(arrested_at, {after("wanted_since_at", "80000")}) END AS first_attempt_at,
        CASE WHEN attempts > 0 THEN coalesce(arrested_at, {after("wanted_since_at", "80000 + (attempts - 1) * 300000")}) END AS last_attempt_at,
        {_RELATION} AS relationship
    FROM (SELECT s.*, {ethnicity("suspect_key")} AS ethnicity, {age_at(birth_on("victim_key"), "reported_on")} AS victim_age,
              c.officer_id, c.team, c.supervisor_id, {_ELIMINATED} AS eliminated,
              CASE WHEN s.arrested_at IS NOT NULL THEN s.arrested_at
                   WHEN wanted_since_at IS NOT NULL AND {chance("stops", 0.5)} THEN {after("wanted_since_at", "900000 + " + spread("stops", 1500000, 0.8))} END
                  AS wanted_until_at,
              CASE WHEN wanted_since_at IS NOT NULL THEN CASE WHEN s.arrested_at IS NOT NULL THEN 1 ELSE 0 END + floor({wait("attempts", 0.8)})::BIGINT END AS attempts
          FROM _suspects s JOIN (SELECT force, crime_id, officer_id, team, supervisor_id FROM _cases) c USING (force, crime_id))
    """,
)

SUSPECT = Made(
    "offenders.suspect",
    f"""
    SELECT force, _k, month, crime_id, suspect_id, identified_at,
        CASE WHEN domestic_abuse THEN {pick("risk", _DOMESTIC_RISKS)} ELSE {pick("risk", _RISKS)} END AS risk_category,
        CASE WHEN {u("risk")} < 0.95 THEN {after("identified_at", "600 + " + spread("categorised", 20000, 1.0))} END AS categorised_at,
        domestic_abuse, needed AS interview_or_arrest_needed, CASE WHEN NOT needed THEN {pick("why not", _NOT_NEEDED)} END AS not_needed_reason,
        wanted_since_at, CASE WHEN wanted_since_at IS NOT NULL AND circulated_at < coalesce(wanted_until_at, TIMESTAMP '2999-01-01') THEN circulated_at END
            AS circulated_at,
        wanted_until_at, CASE WHEN wanted_until_at IS NULL OR wanted_since_at IS NULL THEN NULL WHEN arrested_at IS NOT NULL THEN 'arrest'
            ELSE {pick("ended", {"no longer wanted": 60, "arrested by another force": 25, "died": 3, "voluntary attendance": 12})} END AS wanted_ended_by,
        CASE WHEN needed AND way = 'arrest' AND {chance("judged first", 0.8)} THEN CASE WHEN {chance("prompt", "arrest_prompt")} THEN arrested_at
            ELSE {after("identified_at", f"date_diff('second', identified_at, arrested_at) * {u('could have')}")} END END AS first_opportunity_at,
        first_attempt_at, last_attempt_at, attempts, arrested_at, CASE WHEN way = 'arrest' THEN own_arrest END AS arrest_id,
        interviewed_at, CASE WHEN interviewed_at IS NULL THEN NULL WHEN way = 'arrest' THEN 'in custody' ELSE 'voluntary attendance' END AS interview,
        CASE WHEN eliminated THEN decided_at END AS eliminated_at,
        CASE WHEN wanted_since_at IS NOT NULL AND {chance("tracked", "CASE WHEN domestic_abuse THEN 0.7 ELSE 0.3 END")}
             THEN {after("wanted_since_at", f"coalesce({_GAP}, 1000000) * {u('tracked when')}")} END AS last_tracked_at,
        officer_id, team, supervisor_id, local_policing_area
    FROM (SELECT * EXCLUDE (wanted_until_at), CASE WHEN wanted_since_at IS NOT NULL THEN wanted_until_at END AS wanted_until_at,
              CASE WHEN {chance("circulated", 0.4)} THEN {after("wanted_since_at", "1800 + " + wait("circulated", 100000))} END AS circulated_at
          FROM _sought)
    """,
    later={
        "categorised_at": ("risk_category",), "wanted_since_at": (), "circulated_at": (), "wanted_until_at": ("wanted_ended_by",),
        "first_opportunity_at": (), "first_attempt_at": (), "last_attempt_at": ("attempts",), "arrested_at": ("arrest_id",),
        "interviewed_at": ("interview",), "eliminated_at": (), "last_tracked_at": (),
    },
)  # fmt: skip

CRIME_SUSPECT = Made(
    "investigating.crime_suspect",
    f"""
    SELECT force, _k, crime_id, suspect_id, {after("greatest(recorded_at, identified_at)", wait("linked", 1500))} AS named_at,
        CASE WHEN scene AND way = 'arrest' THEN 'arrest at the scene' ELSE {pick("named by", _NAMED_BY)} END AS named_by,
        CASE WHEN eliminated THEN 'ruled out' WHEN decision = 'charge' THEN 'charged' WHEN decision = 'out of court' THEN 'otherwise dealt with'
             ELSE 'no further action' END AS status,
        CASE WHEN eliminated THEN {after("greatest(decided_at, recorded_at)", "90000")} END AS ruled_out_at, relationship,
        CASE WHEN {chance("repeat known", 0.93)} THEN {chance("repeat suspect", "CASE WHEN domestic_abuse THEN 0.34 ELSE 0.22 END")} END AS repeat_suspect,
        suspect_age AS age, gender, CASE WHEN {chance("ethnicity known", 0.86)} THEN ethnicity END AS self_defined_ethnicity,
        CASE WHEN {chance("seen known", 0.93)} THEN {seen_ethnicity("ethnicity")} END AS officer_defined_ethnicity,
        'suspected' AS _before_status, greatest(decided_at, recorded_at) AS _decided_at
    FROM _sought
    """,
    later={"ruled_out_at": (), "_decided_at": ("status",)},
)

_OFFICER = staff_number("response", "arrests")
_OTHER_REASONS: dict[str, float | str] = {
    "court warrant": 38, "breach of court bail": 12, "recall to prison": 13, "breach of an order": 14, "breach of the peace": 15,
    "other": 8,
}  # fmt: skip
_OTHER_DISPOSAL = f"""CASE reason WHEN 'court warrant' THEN 'to court on a warrant' WHEN 'breach of court bail' THEN 'charged and held'
    WHEN 'recall to prison' THEN 'to prison' WHEN 'breach of the peace' THEN 'no further action'
    ELSE {pick("disposal", {"no further action": 5, "charged and held": 3, "to hospital": 1})} END"""
_CARRIED = """arrest_id, arrested_at, person_id, person_key, people, incident_id, crime_id, o, offence_code, offence, offence_group,
    domestic_abuse, local_policing_area, arrived_at, left_at, disposal"""

ARRESTS = Made(
    "_arrests",
    f"""
    SELECT force, _k, 'suspected offence' AS reason, {_CARRIED}
    FROM (SELECT * EXCLUDE (person_id, arrived_at), own_arrest AS arrest_id, suspect_id AS person_id, suspect_key AS person_key, arrived_in AS arrived_at
          FROM _suspects WHERE way = 'arrest')
    UNION ALL
    SELECT force, _k, reason, {_CARRIED} FROM (
        SELECT *, {_OTHER_DISPOSAL} AS disposal, {after("arrived_at", "3600 + least(80000, " + spread("held", 30000, 0.5) + ")")} AS left_at
        FROM (SELECT *, {reference("AR-")} || 'W-01' AS arrest_id, moment AS arrested_at, {key_of_person("person_id")} AS person_key, NULL AS incident_id,
                  NULL AS crime_id, NULL AS o, NULL AS offence_code, NULL AS offence, NULL AS offence_group, false AS domestic_abuse,
                  {area()} AS local_policing_area, {after("moment", "300 + " + spread("drive", 2000, 0.5))} AS arrived_at,
                  {pick("reason", _OTHER_REASONS)} AS reason
              FROM (SELECT *, {suspected("arrested")} AS person_id FROM ({stream("other arrest", OTHER_ARRESTS)}))))
    WHERE {age_at(birth_on("person_key"), "arrested_at")} >= 10
    """,
)

_DETAINED = "arrived_at IS NOT NULL"
_NEEDS_ADULT = f"{_DETAINED} AND (age < 18 OR {chance('vulnerable', 0.13)})"
_NECESSITY: dict[str, float | str] = {
    "Prompt and effective investigation": 52, "Protect the victim": 24, "Prevent injury": 10, "Prevent disappearance": 12, "": 2,
}  # fmt: skip

ARREST = Made(
    "powers.arrest",
    f"""
    SELECT *, CASE WHEN {chance("force known", 0.96)} THEN handcuffed OR {chance("force", 0.12)} END AS force_used,
        CASE WHEN strip_searched THEN {employee("authoriser")} END AS strip_search_authoriser_id,
        CASE WHEN strip_searched THEN {pick("strip why", {"Drugs": 70, "Weapon": 18, "Self-harm": 12})} END AS strip_search_reason,
        CASE WHEN appropriate_adult_needed THEN {after("arrived_at", "300 + 0.2 * held * " + u("adult asked"))} END AS appropriate_adult_asked_at,
        CASE WHEN appropriate_adult_needed AND {chance("adult comes", 0.94)} THEN {after("arrived_at", "300 + held * (0.2 + 0.5 * " + u("adult came") + ")")} END
            AS appropriate_adult_came_at
    FROM (SELECT force, _k, arrest_id, arrested_at, CASE WHEN {_DETAINED} THEN replace(arrest_id, 'AR-', 'CU-') END AS custody_id, person_id,
              {employee(_OFFICER)} AS officer_id, {team_of("response", _OFFICER)} AS team, incident_id, crime_id, reason, offence_code, offence,
              offence_group, domestic_abuse, CASE WHEN reason = 'suspected offence' THEN {pick("necessity", _NECESSITY)} END AS necessity_reason,
              local_policing_area, age, {gender("person_key")} AS gender, CASE WHEN {chance("ethnicity known", 0.93)} THEN ethnicity END AS self_defined_ethnicity,
              {seen_ethnicity("ethnicity")} AS officer_defined_ethnicity, {chance("handcuffed", 0.55)} AS handcuffed, arrived_at,
              CASE WHEN {_DETAINED} THEN true END AS detention_authorised,
              CASE WHEN {_DETAINED} THEN {chance("strip", "CASE WHEN offence_group = 'Drug offences' THEN 0.24 ELSE 0.06 END")} END AS strip_searched,
              {_NEEDS_ADULT} AS appropriate_adult_needed, left_at, disposal, date_diff('second', arrived_at, left_at) - 600 AS held,
              greatest(1, {staff_number("custody", "authorises")} // {SUPERVISED} * {SUPERVISED}) AS authoriser,
              CASE WHEN disposal IN ('bail before charge', 'released under investigation') THEN replace(arrest_id, 'AR-', 'B-') END AS bail_id
          FROM (SELECT *, {ethnicity("person_key")} AS ethnicity, {age_at(birth_on("person_key"), local_day("arrested_at"))} AS age FROM _arrests))
    """,
    later={
        "arrived_at": ("custody_id", "detention_authorised", "strip_searched", "appropriate_adult_needed"), "left_at": ("disposal", "bail_id"),
        "appropriate_adult_asked_at": (), "appropriate_adult_came_at": (),
    },
)  # fmt: skip

TABLES = (SOUGHT, SUSPECT, CRIME_SUSPECT, ARRESTS, ARREST)
