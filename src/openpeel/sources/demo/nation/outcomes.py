"""How crimes end: who has the case, which outcome is assigned when, what replaces it, who looked at it.

`_cases` holds a row for each crime with its officer and its first outcome; crimes that leave the counts have none.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import after, chance, one_of, pick, spread, u, wait
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.staff import SUPERVISED, employee, staff_number, team_of

RATIONALE = parameter("outcome_rationale", 0.86, 0.06, 0.5, 0.99)
VIEW_ASKED = parameter("victim_view_asked", 0.8, 0.08, 0.4, 0.98)
#: Share of crimes without a suspect that nobody is given.
SCREENED_OUT = parameter("filed_at_once", 0.5, 0.12, 0.1, 0.85)

_ROLES = ("public protection", "investigation", "response")
_ROLE = """CASE WHEN special <> 'none' OR o IN ('coercion', 'images') OR domestic_abuse AND level = 'PIP 2' THEN 'public protection'
    WHEN level = 'PIP 2' THEN 'investigation' ELSE 'response' END"""
_NUMBER = " ".join(f"WHEN '{role}' THEN {staff_number(role, 'officer')}" for role in _ROLES)
_TEAM = " ".join(f"WHEN '{role}' THEN {team_of(role, 'officer_number')}" for role in _ROLES)
#: Whether an officer is accredited hangs on the officer.
_OFFICER_KEY = "hash(officer_number::VARCHAR || force)"

_NO_SUSPECT: dict[str, float | str] = {"18": 83, "21": 2, "14": 12, "20": 3}
_NO_VICTIM: dict[str, float | str] = {"18": 94, "21": 6}
_DOMESTIC: dict[str, float | str] = {
    "16": 58,
    "15": 32,
    "20": 2.5,
    "10": 1.5,
    "21": 3,
    "12": 1,
    "17": 1.5,
    "13": 0.5,
}
_OTHERS: dict[str, float | str] = {
    "15": 44, "16": 30, "21": 7, "10": 5, "20": 5.5, "12": 1.5, "9": 2, "17": 3, "13": 0.7, "5": 0.8, "11": 0.5,
}  # fmt: skip
_STATE: dict[str, float | str] = {"15": 60, "21": 18, "10": 12, "9": 4, "17": 3, "20": 3}
_CHILD: dict[str, float | str] = {"15": 46, "16": 20, "20": 22, "21": 4, "10": 6, "12": 2}
_OUT_OF_COURT: dict[str, float | str] = {"8": 48, "22": 30, "3": 16, "6": 6}

_FIRST = f"""CASE
    WHEN decision = 'charge' THEN {pick("charge", {"1": 98, "1A": 2})}
    WHEN disposal = 'caution' THEN CASE WHEN under_18 THEN '2' ELSE '3' END
    WHEN disposal = 'community resolution' THEN '8'
    WHEN decision = 'out of court' AND o = 'possession of drugs' THEN {pick("drugs", {"7": 30, "8": 50, "22": 20})}
    WHEN decision = 'out of court' AND under_18 THEN {pick("youth", {"8": 45, "22": 40, "2": 15})}
    WHEN decision = 'out of court' THEN {pick("out of court", _OUT_OF_COURT)}
    WHEN decision IS NULL AND victim = 'person' THEN {pick("no suspect", _NO_SUSPECT)}
    WHEN decision IS NULL THEN {pick("no suspect", _NO_VICTIM)}
    WHEN victim = 'state' THEN {pick("nothing", _STATE)} WHEN child_abuse THEN {pick("nothing", _CHILD)}
    WHEN domestic_abuse THEN {pick("nothing", _DOMESTIC)} ELSE {pick("nothing", _OTHERS)} END"""

CASES = Made(
    "_cases",
    f"""
    SELECT *, CASE role {_TEAM} END AS team, {employee("officer_number")} AS officer_id,
        {employee(f"greatest(1, officer_number // {SUPERVISED} * {SUPERVISED})")} AS supervisor_id,
        CASE WHEN ends THEN {_FIRST} END AS outcome_type,
        CASE WHEN ends THEN CASE WHEN decided_at IS NULL
                 THEN {after("recorded_at", f"CASE WHEN screened_out THEN {spread('filed', 150000, 0.9)} ELSE pace_of_cases * {spread('worked', 1500000, 0.9)} END")}
                 WHEN decision = 'charge' THEN {after("greatest(decided_at, recorded_at)", wait("written", 7200))}
                 ELSE {after("greatest(decided_at, recorded_at)", wait("written", 150000))} END END AS assigned_at
    FROM (SELECT *, CASE role {_NUMBER} END AS officer_number,
              standing = 'recorded' AND {chance("ends", 0.985)} AS ends,
              decision IS NULL AND level = 'PIP 1' AND victim <> 'state' AND NOT domestic_abuse
                  AND {chance("screened", SCREENED_OUT)} AS screened_out
          FROM (SELECT c.*, f.{SCREENED_OUT}, f.{RATIONALE}, f.{VIEW_ASKED}, f.pace_of_cases, {_ROLE} AS role,
                    s.suspect_id, s.decision, s.decided_at, s.disposal, s.way, s.suspect_age < 18 AS under_18
                FROM _crimes c JOIN (SELECT force, {SCREENED_OUT}, {RATIONALE}, {VIEW_ASKED}, pace_of_cases FROM facts) f USING (force)
                LEFT JOIN (SELECT force, crime_id, suspect_id, decision, decided_at, disposal, way, suspect_age
                           FROM _suspects WHERE place = 1) s USING (force, crime_id)))
    """,
)

_SHORT = """force, crime_id, domestic_abuse, victim, team, officer_id, supervisor_id, outcome_rationale, victim_view_asked, child_abuse"""
#: First outcomes, those of second suspects who are charged as well, and those that take another's place.
ALL = Made(
    "_outcomes",
    f"""
    SELECT *, row_number() OVER (PARTITION BY force, crime_id ORDER BY assigned_at, turn) AS outcome_number,
        max(assigned_at) OVER (PARTITION BY force, crime_id) AS last_at
    FROM (SELECT {_SHORT}, _k, suspect_id, outcome_type, assigned_at, 1 AS turn, replaced_at, decision FROM _replaced WHERE ends
          UNION ALL
          SELECT {_SHORT}, hash(_k), suspect_id, CASE WHEN outcome_type IN ('1', '1A') THEN {pick("discontinued", {"15": 6, "16": 3, "9": 1})}
              WHEN outcome_type = '18' THEN '14' ELSE '18' END, replaced_at, 2, NULL, 'none' FROM _replaced WHERE replaced_at IS NOT NULL
          UNION ALL
          SELECT {", ".join("c." + name.strip() for name in _SHORT.split(","))}, s._k, s.suspect_id, '1', {after("greatest(s.decided_at, c.recorded_at)", "600")}, 3,
              NULL, 'charge'
          FROM _cases c JOIN _suspects s USING (force, crime_id)
          WHERE s.place = 2 AND s.decision = 'charge' AND c.ends)
    """,
)
REPLACED = Made(
    "_replaced",
    f"""
    SELECT *, CASE WHEN outcome_type IN ('1', '1A') AND {chance("discontinued", 0.05)}
                     OR outcome_type IN ('14', '18') AND victim = 'person' AND decision IS NULL AND {chance("another", 0.012)}
                   THEN {after("assigned_at", "86400 + " + spread("replaced", 4000000, 0.7))} END AS replaced_at
    FROM _cases
    """,
)

_RATIONALES = {
    "charge": ["Full code test met on the statements and the video.", "Prosecutor authorised a charge after the interview."],
    "suspect": ["Suspect denies it; no independent evidence. Supervisor consulted.",
                "Victim does not want to go on; reasons in the statement.", "Evidence reviewed, full code test not met."],
    "none": ["No witness, no video, no forensic chance. All lines closed.", "Enquiries completed, nobody identified."],
}  # fmt: skip
_WHY = f"""CASE WHEN outcome_type IN ('1', '1A') THEN {one_of("rationale", _RATIONALES["charge"])}
    WHEN outcome_type IN ('14', '18') THEN {one_of("rationale", _RATIONALES["none"])} ELSE {one_of("rationale", _RATIONALES["suspect"])} END"""
_BODIES: dict[str, float | str] = {
    "Children's services": 5,
    "Mental health service": 3,
    "Another police force": 2,
    "Local authority": 2,
    "School": 2,
}
_ASKS = "victim = 'person' AND outcome_type NOT IN ('18', '5')"

OUTCOME = Made(
    "investigating.crime_outcome",
    f"""
    SELECT *, outcome_type || ' - ' || CASE WHEN outcome_type IN ('1', '1A') THEN 'charged' WHEN outcome_type = '18' THEN 'no suspect'
            WHEN outcome_type IN ('14', '16') THEN 'no support' WHEN outcome_type = '20' THEN 'other body' ELSE 'other' END AS force_code,
        CASE WHEN rationale_recorded THEN {_WHY} END AS rationale,
        CASE WHEN supervised_at IS NOT NULL THEN {chance("agrees", 0.94)} END AS supervisor_agreed,
        CASE WHEN victim <> 'person' THEN 'no victim to ask' WHEN NOT victim_asked THEN 'not asked'
             WHEN outcome_type IN ('14', '16') THEN {pick("view", {"agreed": 80, "no view": 10, "not reached": 10})}
             WHEN victim_asked THEN {pick("view", {"agreed": 58, "disagreed": 17, "no view": 13, "not reached": 12})} END AS victim_view,
        CASE WHEN victim = 'person' AND victim_asked THEN CASE WHEN outcome_type IN ('14', '16')
             THEN {pick("kept", {"signed statement": 34, "signed notebook entry": 18, "video or audio": 14, "message from the victim": 10, "officer's note": 18, "nothing": 6})}
             ELSE {pick("kept", {"officer's note": 60, "message from the victim": 15, "nothing": 20, "signed statement": 5})} END END AS victim_view_kept_as,
        CASE WHEN victim <> 'state' AND victim_told THEN {after("assigned_at", wait("told", 170000))} END AS victim_told_at,
        CASE WHEN outcome_type = '20' THEN {pick("body", _BODIES)} END AS other_body,
        CASE WHEN outcome_type = '20' THEN {chance("confirmed", 0.72)} END AS other_body_confirmed,
        CASE WHEN replaced_at IS NOT NULL THEN CASE WHEN outcome_type IN ('1', '1A') THEN 'charge discontinued' ELSE 'wrong outcome' END END
            AS replaced_reason
    FROM (SELECT force, _k, crime_id, outcome_number, assigned_at, outcome_type,
              CASE WHEN outcome_type NOT IN ('14', '18') THEN suspect_id END AS suspect_id, replaced_at, victim,
              {chance("rationale", "CASE WHEN outcome_type IN ('1', '1A') THEN 0.98 WHEN outcome_type = '18' THEN 0.9 ELSE outcome_rationale END")}
                  AS rationale_recorded, officer_id AS assigned_by_id, team,
              CASE WHEN {u("looked")} < 0.9 THEN supervisor_id END AS supervisor_id,
              CASE WHEN {u("looked")} < 0.9 THEN {after("assigned_at", wait("looks", 60000))} END AS supervised_at,
              CASE WHEN outcome_type IN ('1', '1A', '9') THEN {chance("prosecutor", 0.8)} ELSE {chance("prosecutor", 0.08)} END AS prosecutor_consulted,
              CASE WHEN {_ASKS} THEN {chance("asked", "CASE WHEN outcome_type IN ('14', '16', '8', '22') THEN 0.95 ELSE victim_view_asked END")}
                   WHEN victim = 'person' THEN {chance("asked", 0.3)} END AS victim_asked,
              CASE WHEN victim <> 'state' AND {chance("known told", 0.97)} THEN {chance("victim told", 0.89)} END AS victim_told
          FROM _outcomes)
    """,
    later={
        "supervised_at": ("supervisor_agreed", "supervisor_id"), "victim_told_at": ("victim_told",),
        "replaced_at": ("replaced_reason",),
    },
)  # fmt: skip

TABLES = (CASES, REPLACED, ALL, OUTCOME)
