"""Conferences on victims at high risk: cases, who was at the table, the actions agreed, disclosures that follow."""

from __future__ import annotations

from openpeel.sources.demo.nation.abuse import partner
from openpeel.sources.demo.nation.draws import after, chance, mixed, number, pick, spread, u, whole
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import area, person
from openpeel.sources.demo.nation.staff import somebody
from openpeel.sources.demo.nation.streams import reference, stream

BY_AGENCIES = parameter("marac_by_agencies", 0.35, 0.1, 0.1, 0.8)  # referrals by others, per 1,000 a year
REFERRED = parameter("marac_referred", 0.8, 0.1, 0.3, 0.98)  # of assessments of high risk
PRESENT = parameter("marac_present", 0.8, 0.08, 0.4, 0.98)  # of agencies, at a hearing
ACTION_DONE = parameter("marac_action_done", 0.86, 0.07, 0.5, 0.99)
ASKED = parameter("disclosures_asked", 1.1, 0.3, 0.3, 2.5)  # right to ask, per 1,000 a year
DISCLOSURE_DAYS = parameter("disclosure_days", 24, 6, 8, 60)  # median days to the decision

_OTHERS = {
    "domestic abuse service": 40, "health": 18, "children's social care": 14, "housing": 9, "mental health service": 6,
    "probation": 5, "adult social care": 4, "education": 3, "other": 1,
}  # fmt: skip
_FORTNIGHTS = "DATE '2024-01-03'"  # a Wednesday on which conferences met
_SIX_DAYS_ON = "(referred_at::DATE + 6)"

#: Victims whom agencies refer come from few: about one in five comes again within a year.
_AGAIN = number(
    "N-",
    f"1 + (17 * floor({u('marac victim')} * greatest(2, residents * {BY_AGENCIES} / 1000 * 2.5))::BIGINT) % persons",
    7,
)
CASES = Made(
    "_marac",
    f"""
    SELECT *, decision = 'accepted' AS heard,
        CASE WHEN decision = 'accepted' THEN {_SIX_DAYS_ON} + ((14 - ({_SIX_DAYS_ON} - {_FORTNIGHTS}) % 14) % 14)::INTEGER END AS heard_on
    FROM (SELECT *, {pick("decision", {"accepted": 92, "below threshold": 5, "withdrawn": 3})} AS decision
          FROM (SELECT a.force, {mixed("marac", "a._k")} AS _k, a.month, replace(a.incident_id, 'INC', 'MC') AS marac_case_id, a.victim_id,
                    a.suspect_id AS offender_id, a.incident_id, a.crime_id, a._crime_recorded_at, a.reported_at AS incident_at,
                    {after("coalesce(a.hub_checked_at, a.completed_at)", "1200 + " + spread("refers", 50000, 0.9, "a._k"))} AS referred_at,
                    'police' AS referred_by, a.children_in_household, a._local_authority AS local_authority, a.local_policing_area, f.people, f.persons, f.{PRESENT}, f.{ACTION_DONE}
                FROM "vulnerable.risk_assessment" a JOIN facts f USING (force)
                WHERE coalesce(a.hub_grade, a.grade) = 'high' AND {u("refers", "a._k")} < f.{REFERRED}
                UNION ALL
                SELECT force, _k, month, {reference("MC-")} || 'P', victim_id, {partner("victim_id")}, NULL, NULL, NULL, NULL, moment,
                    {pick("referred by", _OTHERS)}, {chance("children", 0.45)}, area || ' District', area, people, persons, {PRESENT}, {ACTION_DONE}
                FROM (SELECT *, {_AGAIN} AS victim_id, {area()} AS area FROM ({stream("marac", BY_AGENCIES)}))))
    """,
)


def _present(agency: str, factor: float) -> str:
    return (
        f"CASE WHEN heard AND NOT {chance(agency + ' unsaid', 0.03)} THEN {chance(agency, f'least(0.99, {PRESENT} * {factor})')} END "
        f"AS {agency}_present"
    )


_AGENCIES = {
    "police": 1.2, "idva": 1.18, "childrens_social_care": 1.08, "adult_social_care": 0.8, "health": 1.05, "mental_health": 0.8,
    "housing": 0.9, "probation": 1.0, "education": 0.6, "substance_misuse_service": 0.7,
}  # fmt: skip

CASE = Made(
    "vulnerable.marac_case",
    f"""
    SELECT force, _k, month, marac_case_id, victim_id, offender_id, incident_id, crime_id, incident_at, referred_at, referred_by,
        {pick("criterion", {"visible high risk": 50, "professional judgment": 28, "escalation": 14, "repeat": 8})} AS criterion,
        {u("repeat")} < CASE {pick("criterion", {"visible high risk": 50, "professional judgment": 28, "escalation": 14, "repeat": 8})}
            WHEN 'repeat' THEN 1.0 ELSE 0.2 END AS repeat_case,
        decision, local_policing_area || ' MARAC' AS conference, heard_on, {", ".join(_present(a, f) for a, f in _AGENCIES.items())},
        CASE WHEN heard THEN {chance("disclosure", 0.6)} END AS disclosure_considered, CASE WHEN heard THEN {chance("order", 0.55)} END AS order_considered,
        children_in_household, CASE WHEN heard THEN {somebody("public protection", "speaks")} END AS police_representative_id,
        local_authority, local_policing_area, _crime_recorded_at
    FROM _marac
    """,
    later={
        "heard_on": ("decision", *(f"{a}_present" for a in _AGENCIES), "disclosure_considered", "order_considered",
                     "police_representative_id"),
        "_crime_recorded_at": ("crime_id",),
    },
)  # fmt: skip

_OWNERS = {
    "police": 38, "domestic abuse service": 20, "children's social care": 13, "housing": 9, "health": 8, "probation": 5,
    "mental health service": 3, "adult social care": 2, "education": 2,
}  # fmt: skip
_BY_POLICE = {
    "disclosure to the victim": 22, "protective order": 16, "marker on the address": 26, "arrest or enforcement": 14,
    "information sharing": 14, "safety device": 8,
}  # fmt: skip
_BY_OTHERS = {
    "safety plan": 30,
    "referral to a service": 30,
    "information sharing": 20,
    "rehousing": 12,
    "other": 8,
}

ACTION = Made(
    "vulnerable.marac_action",
    f"""
    SELECT force, _k, month, replace(marac_case_id, 'MC', 'MA') || '-' || number::VARCHAR AS marac_action_id, marac_case_id,
        heard_on AS agreed_on, owner, CASE WHEN owner = 'police' THEN {somebody("public protection", "does")} END AS officer_id,
        CASE WHEN owner = 'police' THEN {pick("action", _BY_POLICE)} ELSE {pick("action", _BY_OTHERS)} END AS action, heard_on + due AS due_on,
        CASE WHEN {u("done")} < {ACTION_DONE} THEN heard_on + greatest(1, round({spread("days", "due * 0.6", 0.6)}))::INTEGER END AS done_on,
        CASE WHEN {u("done")} > 0.97 THEN heard_on + due END AS cancelled_on,
        CASE WHEN {u("done")} > 0.97 THEN 'no longer needed' END AS cancelled_reason
    FROM (SELECT *, {pick("owner", _OWNERS)} AS owner, CASE WHEN {chance("soon", 0.4)} THEN 7 ELSE 14 END AS due
          FROM (SELECT * EXCLUDE (_k), hash(xor(_k, hash(number))) AS _k
                FROM (SELECT *, unnest(range(1, 2 + {whole("actions", 0, 4)})) AS number FROM _marac WHERE heard)))
    """,
    later={"done_on": (), "cancelled_on": ("cancelled_reason",)},
)

_DECISIONS = {"disclose": 44, "nothing to disclose": 36, "disclosure not needed": 16, "waiting": 4}
DISCLOSURE = Made(
    "vulnerable.disclosure_request",
    f"""
    SELECT force, _k, month, disclosure_request_id, scheme, entitlement, requested_by, requested_at, person_id, offender_id, incident_id,
        marac_case_id, {after("requested_at", "3600 + " + spread("checks", 90000, 0.7))} AS checked_at,
        CASE WHEN entitlement = 'right to ask' THEN {after("requested_at", "90000 + " + spread("meets", 4 * 86400, 0.6))} END AS met_at,
        requested_at::DATE + 28 AS recorded_limit_on, CASE WHEN decision <> 'waiting' THEN decided_at END AS decided_at, decision,
        CASE WHEN decision = 'disclose' AND NOT gone THEN {after("decided_at", "3600 + " + spread("tells", 3 * 86400, 0.8))} END AS disclosed_at,
        CASE WHEN decision = 'disclose' AND NOT gone THEN CASE WHEN scheme = 'child sex offender' THEN 'parent or carer' ELSE 'person at risk' END END
            AS disclosed_to,
        CASE WHEN decision = 'disclose' AND NOT gone THEN {chance("plan", 0.88)} END AS safety_plan_given,
        CASE WHEN gone THEN {after("decided_at", "3600 + " + spread("goes", 5 * 86400, 0.5))} END AS withdrawn_at,
        CASE WHEN gone THEN {pick("why gone", {"applicant not reached": 6, "applicant withdrew": 3, "": 1})} END AS withdrawn_reason,
        {somebody("public protection", "discloses")} AS handler_id, 'Public Protection ' || local_policing_area AS team, local_policing_area
    FROM (SELECT *, {after("requested_at", "86400 + " + spread("decides", f"{DISCLOSURE_DAYS} * 86400", 0.5))} AS decided_at,
              {pick("decision", _DECISIONS)} AS decision, {chance("gone", 0.1)} AS gone
          FROM (SELECT d.*, f.people, f.persons, f.{DISCLOSURE_DAYS}
                FROM (SELECT force, _k, month, {reference("DR-")} || 'ZR' AS disclosure_request_id,
                          CASE WHEN {chance("child scheme", 0.13)} THEN 'child sex offender' ELSE 'domestic violence' END AS scheme,
                          'right to ask' AS entitlement, {pick("asked by", {"person at risk": 66, "relative or friend": 16, "parent or carer": 12, "other agency": 6})}
                          AS requested_by, moment AS requested_at, {person("at risk")} AS person_id, {person("asked about")} AS offender_id,
                          NULL AS incident_id, NULL AS marac_case_id, {area()} AS local_policing_area
                      FROM ({stream("disclosure", ASKED)})
                      UNION ALL
                      SELECT force, {mixed("disclosure")}, month, replace(marac_case_id, 'MC', 'DR') || 'K', 'domestic violence', 'right to know',
                          'MARAC', heard_on::TIMESTAMP + INTERVAL 11 HOUR, victim_id, offender_id, incident_id, marac_case_id, local_policing_area
                      FROM "vulnerable.marac_case" WHERE disclosure_considered AND {chance("know", 0.7)}) d
                JOIN facts f USING (force)))
    """,
    later={
        "checked_at": (), "met_at": (), "decided_at": ("decision",), "disclosed_at": ("disclosed_to", "safety_plan_given"),
        "withdrawn_at": ("withdrawn_reason",),
    },
)  # fmt: skip

TABLES = (CASES, CASE, ACTION, DISCLOSURE)
