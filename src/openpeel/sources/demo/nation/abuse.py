"""What is owed at a report of domestic abuse: the risk assessment and the steps of the force's plan.

Truth: `_true_risk` of a risk assessment is the risk the victim is really at, which the recorded grade may miss.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import after, chance, in_turn, one_of, pick, spread, u
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.staff import employee, staff_number, supervisor, team_of

DECLINED_BEFORE = parameter("dash_declined_before", 0.30, 0.07, 0.05, 0.6)
DECLINED_AFTER = parameter("dash_declined_after", 0.29, 0.07, 0.05, 0.6)
PLAN_MONTH = parameter("dash_plan_month", 5, 3, 0, 11)
VIDEO_ON = parameter("abuse_video_on", 0.82, 0.08, 0.4, 0.98)
STEP_TAKEN = parameter("abuse_step_taken", 0.82, 0.07, 0.4, 0.98)
USES_DARA = parameter("uses_dara", 0.35, 0.3, 0, 1)  # above a half a force has gone over to DARA

#: The first crime of an incident that is domestic abuse, with a victim and a suspect of it.
LINKED = Made(
    "_linked",
    """
    SELECT * FROM (SELECT force, incident_id, min(crime_id) AS crime_id, arg_min(recorded_at, crime_id) AS crime_recorded_at FROM "investigating.crime"
                   WHERE incident_id IS NOT NULL AND domestic_abuse GROUP BY ALL)
    LEFT JOIN (SELECT force, crime_id, min(victim_id) AS victim_id FROM "victims.victim" GROUP BY ALL) USING (force, crime_id)
    LEFT JOIN (SELECT force, crime_id, min(suspect_id) AS suspect_id FROM "offenders.suspect" GROUP BY ALL) USING (force, crime_id)
    """,
)


def partner(victim: str) -> str:
    """SQL for the person who is a danger to a victim: the same for the same victim, so that pairs come again."""
    return f"('N-' || lpad((1 + hash({victim}) % persons)::VARCHAR, 7, '0'))"


_SEEN = f"""CASE WHEN full_response_at IS NULL AND NOT (attendance_decision = 'appointment' AND {chance("met", 0.7)}) THEN NULL
    WHEN full_response_at IS NULL THEN {after("appointment_at", "900")}
    WHEN arrived_at IS NOT NULL AND {chance("seen", 0.85)} THEN {after("arrived_at", "120 + " + spread("seen", 300, 0.6))}
    ELSE {after("full_response_at", "-300 - 900 * " + u("seen late"))} END"""

ABUSE = Made(
    "_abuse",
    f"""
    SELECT * EXCLUDE (looked), CASE WHEN looked > full_response_at THEN {after("full_response_at", "-60")} ELSE looked END AS seen_at
    FROM (SELECT *, {_SEEN} AS looked
          FROM (SELECT i.force, i._k, i.month, m.i AS month_i, i.incident_id, i.reported_at, i.opened_at, i.arrived_at,
                    i.full_response_at, i.attendance_decision, i.appointment_at, i.repeat_victim, i.local_policing_area,
                    i.local_authority, l.crime_id, l.crime_recorded_at AS _crime_recorded_at,
                    CASE WHEN l.crime_id IS NULL THEN i.person_id ELSE l.victim_id END AS victim_id,
                    coalesce(l.suspect_id, {partner("i.person_id")}) AS suspect_id,
                    f.people, f.persons, f.dash_declined_before, f.dash_declined_after, f.dash_plan_month,
                    f.abuse_video_on, f.abuse_step_taken, f.uses_dara
                FROM "responding.incident" i JOIN facts f USING (force) JOIN (SELECT month, i FROM months) m USING (month)
                LEFT JOIN _linked l USING (force, incident_id)
                WHERE i.domestic_abuse))
    """,
)

_OFFICER = staff_number("response", "sent")  # the same draw as the unit that went
_RISKS = {"high": 0.13, "medium": 0.4, "standard": 0.47}
_LOWER = "CASE _true_risk WHEN 'high' THEN 'medium' ELSE 'standard' END"
_HIGHER = "CASE grade WHEN 'standard' THEN 'medium' ELSE 'high' END"
_DAYS_TO_CHECK = "0.7 * 86400"

ASSESSMENT = Made(
    "vulnerable.risk_assessment",
    f"""
    SELECT force, _k, month, risk_assessment_id, incident_id, crime_id, victim_id, suspect_id, reported_at, seen_at,
        full_response_at AS full_account_at,
        {pick("relationship", {"partner": 45, "former partner": 35, "other relative": 17, "": 3})} AS relationship,
        assessment_due, victim_seen, CASE WHEN known THEN offered END AS offered, CASE WHEN known THEN declined END AS declined,
        CASE WHEN declined AND known THEN {one_of("why not", ["did not want to answer", "did not want police", "afraid of reprisals", "in a hurry"])}
            END AS declined_reason,
        completed OR (declined AND {chance("form", 0.88)}) AS form_on_record,
        CASE WHEN completed OR (declined AND {chance("form", 0.88)}) THEN form END AS form, completed_at, grade,
        {chance("children", 0.42)} AS children_in_household,
        CASE WHEN victim_seen AND {chance("children", 0.42)} THEN {chance("child heard", 0.68)} END AS voice_of_child_recorded,
        repeat_victim, video AS body_worn_video_on,
        CASE WHEN NOT video THEN {pick("video off", {"victim asked for it": 4, "camera not working": 2, "": 4})} END
            AS body_worn_video_off_reason,
        {employee(_OFFICER)} AS officer_id, {team_of("response", _OFFICER)} AS team,
        CASE WHEN checked_at IS NOT NULL THEN {supervisor("response", "checks")} END AS supervisor_id,
        checked_at AS supervisor_checked_at, hub_checked_at,
        CASE WHEN hub_checked_at IS NOT NULL THEN hub_grade END AS hub_grade,
        CASE WHEN hub_checked_at IS NOT NULL THEN {pick("quality", {"good": 5, "enough": 3, "returned to the officer": 1})} END
            AS hub_quality,
        CASE WHEN hub_checked_at IS NOT NULL THEN hub_grade = 'high' OR {chance("considered", 0.06)} END AS marac_considered,
        local_policing_area, local_authority AS _local_authority, _crime_recorded_at, _true_risk
    FROM (SELECT *, replace(incident_id, 'INC', 'RA') AS risk_assessment_id,
              CASE WHEN completed AND {chance("checked", 0.86)} THEN {after("completed_at", "600 + " + spread("checks", 20000, 0.8))} END AS checked_at,
              CASE WHEN completed AND {chance("hub", 0.94)} THEN {after("completed_at", "1800 + " + spread("hub", _DAYS_TO_CHECK, 0.8))} END
                  AS hub_checked_at,
              CASE WHEN grade <> _true_risk AND {chance("corrected", 0.6)} THEN {_HIGHER} ELSE grade END AS hub_grade
          FROM (SELECT *, CASE WHEN completed THEN {after("coalesce(full_response_at, seen_at)", "300 + " + spread("writes", 1500, 0.8))} END
                    AS completed_at,
                    CASE WHEN NOT completed THEN NULL WHEN {chance("missed", 0.14)} THEN {_LOWER} ELSE _true_risk END AS grade
                FROM (SELECT *, (offered AND NOT declined AND {chance("completed", 0.97)}) OR (declined AND {chance("agrees later", 0.06)})
                          AS completed
                      FROM (SELECT *, declined OR (victim_seen AND {chance("offered", 0.94)}) AS offered
                            FROM (SELECT *, victim_seen AND assessment_due AND {in_turn("declined", "place", 0.6180339887498949)} < CASE WHEN month_i < dash_plan_month
                                      THEN dash_declined_before ELSE dash_declined_after END AS declined,
                                      CASE WHEN victim_seen AND NOT {chance("video blank", 0.04)} THEN {chance("video", "abuse_video_on")} END AS video
                                  FROM (SELECT *, row_number() OVER (PARTITION BY force, month, seen_at IS NULL OR {chance("not due", 0.03)} ORDER BY _k) AS place,
                                            seen_at IS NOT NULL AS victim_seen, NOT {chance("not due", 0.03)} AS assessment_due,
                                            NOT {chance("dash unknown", 0.015)} AS known, {pick("risk", _RISKS)} AS _true_risk,
                                            CASE WHEN uses_dara > 0.5 THEN 'DARA' ELSE 'DASH' END AS form
                                        FROM _abuse))))))
    """,
    later={
        "seen_at": ("victim_seen", "offered", "declined", "declined_reason", "body_worn_video_on",
                    "body_worn_video_off_reason", "voice_of_child_recorded"),
        "full_account_at": (), "completed_at": ("grade",),
        "supervisor_checked_at": ("supervisor_id",), "hub_checked_at": ("hub_grade", "hub_quality", "marac_considered"),
        "_crime_recorded_at": ("crime_id",),
    },
)  # fmt: skip

#: The steps of the plan, and the hours after opening within which each is due.
STEPS = (
    ("victim seen", 4), ("body-worn video used", 4), ("risk assessment completed", 12), ("children seen", 12),
    ("witnesses and neighbours asked", 24), ("positive action taken", 24), ("safeguarding plan agreed", 48),
)  # fmt: skip
_LIST = ", ".join(f"({n}, '{step}', {hours})" for n, (step, hours) in enumerate(STEPS, 1))
_MADE_AT = f"""CASE WHEN NOT taken THEN NULL WHEN n IN (1, 2) THEN seen_at WHEN n = 3 THEN completed_at
    ELSE {after("seen_at", spread("takes", "hours * 1800", 0.9))} END"""

STEP = Made(
    "vulnerable.response_step",
    f"""
    SELECT force, _k, month, incident_id, step, crime_id, {after("opened_at", "hours * 3600")} AS due_at,
        needed, CASE WHEN needed THEN taken END AS taken, {_MADE_AT} AS taken_at,
        CASE WHEN needed AND NOT taken THEN {pick("why", {"victim not reached": 3, "no time": 2, "not thought of": 2, "": 4})} END
            AS not_taken_reason,
        officer_id, team, CASE WHEN checked THEN {supervisor("response", "checks", "_i")} END AS supervisor_id,
        CASE WHEN checked THEN {after("greatest(" + after("opened_at", "hours * 3600") + ", coalesce(" + _MADE_AT + ", opened_at))", "3600 + " + spread("looks", 20000, 0.7))}
            END AS supervisor_checked_at, _crime_recorded_at
    FROM (SELECT *, needed AND seen_at IS NOT NULL AND CASE n WHEN 1 THEN true WHEN 2 THEN body_worn_video_on
                  WHEN 3 THEN completed_at IS NOT NULL ELSE {chance("taken", "abuse_step_taken")} END AS taken,
              {chance("step checked", 0.7)} AS checked
          FROM (SELECT a.* EXCLUDE (_k), a._k AS _i, s.*, hash(xor(a._k, hash(s.n))) AS _k, r.completed_at, r.body_worn_video_on, r.officer_id, r.team,
                    CASE s.n WHEN 4 THEN r.children_in_household WHEN 6 THEN a.crime_id IS NOT NULL ELSE true END AS needed
                FROM (FROM _abuse WHERE arrived_at IS NOT NULL) a
                JOIN "vulnerable.risk_assessment" r ON r.force = a.force AND r.incident_id = a.incident_id
                CROSS JOIN (VALUES {_LIST}) s(n, step, hours)) d)
    """,
    later={
        "taken_at": ("taken", "not_taken_reason"), "supervisor_checked_at": ("supervisor_id",), "_crime_recorded_at": ("crime_id",),
    },
)  # fmt: skip

TABLES = (LINKED, ABUSE, ASSESSMENT, STEP)
