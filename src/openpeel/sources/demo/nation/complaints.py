"""Complaints: allegations about incidents, arrests, uses of force and searches."""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import chance, pick, spread, u
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter

RATE = parameter("complaint_rate", 1.0, 0.2, 0.4, 2.0)  # against what is usual
DAYS = parameter("complaint_days", 75, 25, 20, 250)  # median, from received to concluded


def _from(table: str, id_of: str, letter: str, moment: str, share: float, about: str, columns: str) -> str:
    key = f"hash(xor(hash(c.force || {id_of}), 31))"
    return f"""
    SELECT c.force, {key} AS _k, 'CO-' || substr({id_of}, instr({id_of}, '-') + 1) || '{letter}' AS complaint_id, {moment} AS happened_at,
        {about} AS about, {columns}, c.local_policing_area, f.people, f.{DAYS}
    FROM "{table}" c JOIN facts f USING (force) WHERE {u("complains", key)} < {share} * f.{RATE}"""


COMPLAINTS = Made(
    "_complaints",
    " UNION ALL ".join(
        (
            _from("responding.incident", "c.incident_id", "-00I", "c.opened_at", 0.008, "'response to a call'",
                  "c.person_id, NULL AS officer_id, NULL AS team, NULL AS search_id, NULL AS use_of_force_id, NULL AS arrest_id, c.incident_id, NULL AS crime_id"),
            _from("investigating.crime", "c.crime_id", "C", "c.recorded_at + INTERVAL 9 DAY", 0.006, "'investigation'",
                  "NULL, NULL, NULL, NULL, NULL, NULL, c.incident_id, c.crime_id"),
            _from("powers.arrest", "c.arrest_id", "A", "c.arrested_at", 0.018, f"CASE WHEN {chance('custody', 0.4, 'c._k')} THEN 'custody' ELSE 'arrest' END",
                  "c.person_id, c.officer_id, c.team, NULL, NULL, c.arrest_id, c.incident_id, c.crime_id"),
            _from("powers.use_of_force", "c.use_of_force_id", "F", "c.used_at", 0.02, "'use of force'",
                  "c.person_id, c.officer_id, c.team, c.search_id, c.use_of_force_id, c.arrest_id, c.incident_id, c.crime_id"),
            _from("powers.stop_search", "c.search_id", "S-01S", "c.searched_at", 0.015, "CASE WHEN c.strip_search THEN 'strip search' ELSE 'stop and search' END",
                  "c.person_id, c.officer_id, c.team, c.search_id, NULL, NULL, NULL, NULL"),
        )
    ),
)  # fmt: skip

_SERVICE = {
    "delivery of duties and service": 62, "individual behaviours": 14, "police powers, policies and procedures": 15,
    "access to or disclosure of information": 4, "discriminatory behaviour": 3, "handling of or damage to property": 2,
}  # fmt: skip
_POWERS = {
    "police powers, policies and procedures": 58, "individual behaviours": 20, "discriminatory behaviour": 9,
    "delivery of duties and service": 7, "handling of or damage to property": 5, "use of police vehicles": 1,
}  # fmt: skip
_RESULTS = {
    "service acceptable": 52, "service not acceptable": 12, "resolved": 14, "no case to answer": 8, "case to answer": 1,
    "not possible to tell": 7, "withdrawn": 6,
}  # fmt: skip
_GIVEN = """CASE category WHEN 'delivery of duties and service' THEN 'Level of service' WHEN 'individual behaviours' THEN 'Impolite language'
    WHEN 'police powers, policies and procedures' THEN CASE about WHEN 'stop and search' THEN 'Stops, and stop and search' WHEN 'use of force' THEN 'Use of force'
        WHEN 'custody' THEN 'Detention in police custody' ELSE 'Power to arrest and detain' END END"""

COMPLAINT = Made(
    "powers.complaint",
    f"""
    SELECT force, _k, complaint_id, number AS allegation_number, received_on, happened_on,
        received_on + (1 + round({spread("contacted", 4, 0.9)}))::INTEGER AS contacted_on, formal AS formally_recorded, category, {_GIVEN} AS subcategory, about,
        CASE about WHEN 'stop and search' THEN {pick("theme", {"Manner of the search": 4, "Grounds": 5, "": 1})} END AS theme,
        category = 'discriminatory behaviour' OR {chance("alleged", 0.02)} AS discrimination_alleged,
        CASE WHEN category = 'discriminatory behaviour' THEN {pick("ground", {"Race": 62, "Disability": 16, "Sex": 10, "Age": 5, "": 7})} END AS discrimination_ground,
        person_id, officer_id, team, local_policing_area, search_id, use_of_force_id, arrest_id, incident_id, crime_id,
        CASE WHEN NOT formal THEN 'settled outside Schedule 3' ELSE
            {pick("handling", {"otherwise than by investigation": 78, "local investigation": 21, "investigation by the independent office": 1})} END AS handling,
        concluded_on, CASE WHEN concluded_on IS NOT NULL THEN CASE WHEN formal THEN {pick("result", _RESULTS)}
            ELSE {pick("settled", {"resolved": 88, "not resolved": 12})} END END AS result,
        CASE WHEN concluded_on IS NOT NULL THEN {pick("action", {"none": 55, "apology or explanation": 27, "learning for the officer": 9, "reflective practice": 5, "learning for the force": 3.6, "misconduct proceedings": 0.4})}
            END AS action,
        CASE WHEN concluded_on IS NOT NULL THEN formal AND {chance("review", 0.12)} END AS review_asked,
        CASE WHEN concluded_on IS NOT NULL AND formal AND {chance("review", 0.12)} THEN {pick("review result", {"not upheld": 70, "upheld": 18, "not yet decided": 12})}
             WHEN concluded_on IS NOT NULL THEN 'no review' END AS review_result
    FROM (SELECT *, CASE WHEN about IN ('response to a call', 'investigation') THEN {pick("category", _SERVICE)} ELSE {pick("category", _POWERS)} END AS category,
              CASE WHEN {chance("concluded", 0.96)} THEN received_on + (5 + round({spread("concludes", f"CASE WHEN formal THEN {DAYS} ELSE 9 END", 0.6)}))::INTEGER END
                  AS concluded_on
          FROM (SELECT * EXCLUDE (_k), hash(xor(_k, hash(number))) AS _k
                FROM (SELECT *, happened_at::DATE AS happened_on, (happened_at::DATE + (1 + round({spread("received", 9, 1.1)}))::INTEGER)::DATE AS received_on,
                          {chance("formal", 0.55)} AS formal,
                          unnest(range(1, 2 + CASE WHEN {chance("one allegation", 0.66)} THEN 0 WHEN {chance("two", 0.75)} THEN 1 ELSE 2 END)) AS number
                      FROM _complaints)))
    """,
    later={
        "contacted_on": ("formally_recorded", "handling"),
        "concluded_on": ("result", "action", "review_asked", "review_result"),
    },
)

TABLES = (COMPLAINTS, COMPLAINT)
