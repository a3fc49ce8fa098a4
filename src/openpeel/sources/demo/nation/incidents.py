"""Incidents: graded, sent to, waited for, closed; the units that went; grades that were changed.

How long the public waits depends on what is asked of a force at the hour and on what it can send: each force's
hours run through a queue, and its backlog lengthens every wait.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import after, chance, mixed, one_of, pick, spread, u
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import area, beat, census_area, location, person, ward
from openpeel.sources.demo.nation.staff import employee, somebody, staff_number, supervisor, team_of
from openpeel.sources.demo.nation.streams import reference, stream

OFFICER_FOUND = parameter("officer_found", 16, 5, 5, 40)  # incidents found by officers, per 1,000 a year
CAPACITY = parameter("capacity", 1.35, 0.12, 1.05, 2.0)  # what can be sent an hour, against what is asked
GRADE_2_HOURS = parameter("grade_2_hours", 4.0, 2.0, 1.0, 12.0)  # mean wait, domestic abuse apart
DOMESTIC_HOURS = parameter("domestic_hours", 6.0, 3.0, 1.0, 24.0)  # mean wait of grade 2 domestic abuse
FULL_RESPONSE_DAYS = parameter("full_response_days", 2.2, 0.8, 0.5, 8.0)  # median, domestic abuse
TRIAGED = parameter("triaged", 0.96, 0.02, 0.7, 1.0)
REPEAT_CHECKED = parameter("repeat_checked", 0.93, 0.05, 0.5, 1.0)
VULNERABLE_CHECKED = parameter("vulnerable_checked", 0.95, 0.04, 0.5, 1.0)
DELAY_TOLD = parameter("delay_told", 0.55, 0.15, 0.1, 0.95)
#: Concern-for-welfare incidents declined once a force follows right care, right person; and when it begins.
DECLINED = parameter("right_care_declined", 0.45, 0.1, 0.1, 0.9)
RIGHT_CARE_MONTH = parameter("right_care_month", 5, 3, 0, 11)
#: Share of crimes that are recorded at all, by incident that shows one.
RECORDED = parameter("crime_recorded", 0.93, 0.03, 0.75, 0.99)

#: Spread of waits: with this sigma and a mean of 22 hours, 8% are under 4 hours. The second number makes a
#: median of a mean, exp(-sigma squared / 2).
_SIGMA, _MEDIAN = 0.915, 0.658
_DEPLOY = {"Grade 1": 0.93, "Grade 2": 0.72, "Grade 3": 0.28, "Grade 4": 0.04}

_SOURCES = f"""
    SELECT * EXCLUDE (_k), {mixed("incident")} AS _k FROM (
        SELECT force, month, n, _k, moment, reason, line AS source, seconds,
            {reference("INC-")} || CASE WHEN line = '999' THEN 'A' ELSE 'B' END AS incident_id, call_id,
            NULL AS contact_id FROM _calls WHERE to_incident
        UNION ALL
        SELECT force, month, n, _k, received_at, {one_of("reason", ["Theft", "Antisocial behaviour", "Other"])}, 'online',
            date_diff('second', received_at, first_reply_at), incident_id, NULL, contact_id
        FROM "responding.online_contact" WHERE incident_id IS NOT NULL
        UNION ALL
        SELECT force, month, n, _k, moment, {pick("reason", {"Road": 3, "Suspicious": 3, "Violence": 2, "Other": 1})},
            {pick("source", {"officer": 6, "partner agency": 3, "front counter": 1})}, 0, {reference("INC-")} || 'D',
            NULL, NULL FROM ({stream("officer", "officer_found")}))"""

#: Grade by what it is about: shares of Grade 1, 2, 3; the rest is Grade 4.
_GRADES = {
    "Domestic incident": (0.30, 0.55, 0.12), "Violence": (0.38, 0.38, 0.18), "Burglary": (0.22, 0.40, 0.30),
    "Road": (0.30, 0.30, 0.25), "Concern for welfare": (0.25, 0.45, 0.22), "Missing person": (0.15, 0.60, 0.22),
    "Suspicious": (0.2, 0.4, 0.3), "Antisocial behaviour": (0.04, 0.26, 0.45),
}  # fmt: skip


def _graded(name: str) -> str:
    cases = []
    for reason, shares in {**_GRADES, "": (0.04, 0.2, 0.4)}.items():
        given = pick(
            name,
            {"Grade 1": shares[0], "Grade 2": shares[1], "Grade 3": shares[2], "Grade 4": 1 - sum(shares)},
        )
        cases.append(f"WHEN reason = '{reason}' THEN {given}" if reason else f"ELSE {given}")
    return f"CASE {' '.join(cases)} END"


INCIDENTS = Made(
    "_incidents",
    f"""
    SELECT i.*, f.* EXCLUDE (force), m.i AS month_i,
        reason = 'Domestic incident' AS domestic_abuse,
        CASE WHEN deploys THEN 'deploy' WHEN {u("else")} < 0.5 THEN 'resolved without deployment'
             WHEN {u("else")} < 0.75 THEN 'appointment' WHEN {u("else")} < 0.92 THEN 'other agency' ELSE 'cancelled' END
            AS other_decision,
        CASE grade WHEN 'Grade 1' THEN 900 WHEN 'Grade 2' THEN 3600 WHEN 'Grade 3' THEN 259200 END AS target_seconds
    FROM (SELECT *, {after("moment", "greatest(20, coalesce(seconds, 0)) + " + spread("writing", 150, 0.5))} AS opened_at,
            CASE WHEN regraded THEN {pick("regrade", {"Grade 1": 0.1, "Grade 2": 0.5, "Grade 3": 0.4})} ELSE first_grade
                END AS grade,
            {u("deploys")} < CASE first_grade WHEN 'Grade 1' THEN 0.93 WHEN 'Grade 2' THEN 0.74
                WHEN 'Grade 3' THEN 0.3 ELSE 0.05 END AS deploys
          FROM (SELECT *, {_graded("grade")} AS first_grade, {chance("regraded", 0.06)} AS regraded FROM ({_SOURCES}))) i
    JOIN facts f USING (force) JOIN (SELECT month, i FROM months) m USING (month)
    """,
)

#: A queue for each force: what is asked in an hour less what can be sent, never below nothing; a month begins
#: with nobody waiting, so that months can be made one by one.
BACKLOG = Made(
    "_backlog",
    """
    SELECT force, month, hour, (ran - min(least(ran, 0)) OVER behind) / greatest(0.2, mean) AS backlog
    FROM (SELECT *, sum(asked - mean * capacity) OVER (PARTITION BY force, month ORDER BY hour) AS ran
          FROM (SELECT force, month, hour, count(*) AS asked, any_value(capacity) AS capacity,
                    sum(count(*)) OVER (PARTITION BY force, month) / 730.0 AS mean
                FROM (SELECT force, month, date_trunc('hour', opened_at) AS hour, capacity FROM _incidents WHERE deploys)
                GROUP BY force, month, hour))
    WINDOW behind AS (PARTITION BY force, month ORDER BY hour)
    """,
)

_MEAN_HOURS = """CASE WHEN grade = 'Grade 1' THEN 0.24 WHEN grade = 'Grade 2' AND domestic_abuse THEN domestic_hours
    WHEN grade = 'Grade 2' THEN grade_2_hours ELSE 30.0 END"""

#: `_true_crime`: whether a crime was committed, recorded or not.
ATTENDED = Made(
    "_attended",
    f"""
    SELECT *, CASE WHEN arrives THEN {after("dispatched_at", spread("drive", 420, 0.5))} END AS arrived_at
    FROM (SELECT *, CASE WHEN deploys THEN {after("opened_at", "greatest(30, waited - 400)")} END AS dispatched_at
          FROM (SELECT i.*, deploys AND {u("arrives")} < 0.97 AS arrives,
                    {spread("wait", f"({_MEAN_HOURS}) * 3600 * {_MEDIAN} * lift", _SIGMA)}
                        AS waited,
                    {u("crime")} < CASE WHEN reason IN ('Violence', 'Theft', 'Burglary') THEN 0.72
                        WHEN reason = 'Vehicle' THEN 0.4 WHEN domestic_abuse THEN 0.6
                        WHEN reason = 'Antisocial behaviour' THEN 0.12 ELSE 0.04 END AS _true_crime,
                    {u("recorded")} < crime_recorded AS recorded
                FROM (SELECT * EXCLUDE (busy), busy / avg(busy) OVER (PARTITION BY force, month) AS lift
                      FROM (SELECT i.*, 0.85 + 0.15 * least(4, coalesce(backlog, 0)) AS busy
                            FROM _incidents i LEFT JOIN _backlog b
                              ON b.force = i.force AND b.month = i.month AND b.hour = date_trunc('hour', i.opened_at))) i))
    """,
)

_OPENER = staff_number("contact", "opener")
_DECLINES = "reason = 'Concern for welfare' AND month_i >= right_care_month AND " + chance(
    "declined", "right_care_declined"
)

INCIDENT = Made(
    "responding.incident",
    f"""
    SELECT force, _k, month, incident_id, moment AS reported_at, opened_at, source, call_id, contact_id,
        reason AS opening_code, {employee(_OPENER)} AS opened_by_id, {team_of("contact", _OPENER)} AS contact_team,
        {person("victim")} AS person_id, {chance("triaged", "triaged")} AS triaged, 'THRIVE' AS triage_model,
        CASE WHEN {chance("triaged", "triaged")} THEN {after("opened_at", "60 + " + spread("triage", 90, 0.5))} END AS triaged_at,
        {chance("repeat checked", "repeat_checked")} AS repeat_checked,
        {chance("vulnerable checked", "vulnerable_checked")} AS vulnerability_checked,
        CASE WHEN {chance("repeat checked", "repeat_checked")} THEN {chance("repeat victim", 0.21)} END AS repeat_victim,
        {chance("repeat location", 0.17)} AS repeat_location,
        CASE WHEN {chance("vulnerable checked", "vulnerable_checked")} THEN {chance("vulnerable", 0.24)} END AS vulnerable,
        domestic_abuse, reason = 'Concern for welfare' AS concern_for_welfare,
        {u("mental health")} < CASE reason WHEN 'Concern for welfare' THEN 0.35 ELSE 0.03 END AS mental_health,
        reason = 'Antisocial behaviour' AS antisocial_behaviour, first_grade,
        {after("opened_at", "10")} AS first_graded_at, grade,
        CASE WHEN regraded THEN {after("opened_at", "200 + " + spread("regrading", 1200, 0.8))}
             ELSE {after("opened_at", "10")} END AS graded_at, target_seconds,
        CASE WHEN {_DECLINES} THEN 'other agency' ELSE other_decision END AS attendance_decision,
        {after("opened_at", "60")} AS decided_at,
        CASE WHEN {_DECLINES} THEN 'Ambulance service' END AS other_agency,
        CASE WHEN reason = 'Concern for welfare' THEN {_DECLINES} END AS declined_under_right_care,
        CASE WHEN other_decision = 'appointment' THEN {after("opened_at", spread("appointment", 170000, 0.5))} END AS appointment_at,
        CASE WHEN NOT ({_DECLINES}) THEN dispatched_at END AS dispatched_at,
        CASE WHEN NOT ({_DECLINES}) THEN arrived_at END AS arrived_at,
        CASE WHEN ({_DECLINES}) OR NOT deploys THEN false WHEN arrived_at IS NOT NULL THEN true END AS attended,
        area || ' station' AS station,
        CASE WHEN domestic_abuse AND deploys THEN
            greatest({after("arrived_at", "1800")}, {after("moment", spread("full", "full_response_days * 86400", 1.06))})
            END AS full_response_at,
        CASE WHEN waited > target_seconds THEN {chance("told", "delay_told")} END AS delay_told,
        CASE WHEN waited > target_seconds AND {chance("told", "delay_told")} THEN {after("opened_at", "target_seconds")} END
            AS delay_told_at,
        area AS local_policing_area, {beat("area")} AS beat, location_id,
        {pick("kind", {"Dwelling": 5, "Street": 3, "Shop": 1, "Public building": 1})} AS location_kind, {ward()} AS ward,
        area || ' District' AS local_authority, area || ' station' AS station_area, {census_area("location_id")} AS census_area,
        CASE WHEN area IN ('Moor', 'Vale') THEN 'rural' ELSE 'urban' END AS urban_or_rural,
        {after("coalesce(arrived_at, opened_at)", "900 + " + spread("close", "CASE WHEN domestic_abuse THEN 90000 ELSE 9000 END", 1.3))}
            AS closed_at,
        CASE WHEN _true_crime AND recorded THEN 'Crime' ELSE reason END AS closing_code,
        CASE WHEN _true_crime AND recorded THEN 'crime' WHEN reason = 'Antisocial behaviour' THEN 'antisocial behaviour'
             WHEN reason = 'Road' THEN 'transport' ELSE 'public safety and welfare' END AS closing_category,
        _true_crime AND recorded AS crime_recorded, _true_crime
    FROM (SELECT *, {area()} AS area, {location()} AS location_id FROM _attended)
    """,
    later={
        "dispatched_at": (), "arrived_at": ("attended",), "full_response_at": (), "delay_told_at": ("delay_told",),
        "closed_at": ("closing_code", "closing_category", "crime_recorded"),
    },
)  # fmt: skip

_OFFICER = staff_number("response", "sent")
UNIT = Made(
    "responding.incident_unit",
    f"""
    SELECT force, _k, incident_id, 1 AS assignment_number, left(station, 2) || (1 + _k % 30)::VARCHAR AS unit,
        'response' AS unit_kind, station, {team_of("response", _OFFICER)} AS team, 1 + (_k % 2)::BIGINT AS officers,
        {employee(_OFFICER)} AS officer_id, dispatched_at, {after("dispatched_at", "60")} AS en_route_at, arrived_at,
        {after("arrived_at", spread("stays", 3600, 0.6))} AS left_at,
        CASE WHEN arrived_at IS NULL THEN {after("dispatched_at", "600")} END AS stood_down_at,
        CASE WHEN arrived_at IS NULL THEN 'Nearer unit' END AS stood_down_reason
    FROM (SELECT i.*, f.people FROM "responding.incident" i JOIN (SELECT force, people FROM facts) f USING (force)) WHERE dispatched_at IS NOT NULL
    """,
    later={"arrived_at": (), "left_at": (), "stood_down_at": ("stood_down_reason",)},
)

GRADE_CHANGE = Made(
    "responding.incident_grade_change",
    f"""
    SELECT force, _k, incident_id, 1 AS change_number, first_graded_at AS changed_at, NULL AS from_grade,
        first_grade AS to_grade, 'first grading' AS direction, target_seconds, NULL AS change_reason,
        {somebody("contact", "changer")} AS changed_by_id, NULL AS agreed_by_id
    FROM _graded WHERE domestic_abuse OR first_grade <> grade
    UNION ALL
    SELECT force, _k, incident_id, 2, graded_at, first_grade, grade,
        CASE WHEN grade < first_grade THEN 'raised' ELSE 'lowered' END, target_seconds,
        {one_of("why", ["Threats by text", "Nobody in danger", "More information", "No unit free"])},
        {somebody("contact", "changer")}, CASE WHEN grade > first_grade THEN {supervisor("contact", "agreed")} END
    FROM _graded WHERE first_grade <> grade
    """,
)
_GRADED = Made(
    "_graded",
    'SELECT i.*, f.people FROM "responding.incident" i JOIN (SELECT force, people FROM facts) f USING (force)',
)

TRIAGE_TEAM = Made(
    "responding.street_triage_attendance",
    f"""
    SELECT force, _k, replace(incident_id, 'INC', 'ST') AS attendance_id, incident_id, opened_at AS requested_at,
        serving AS in_service_hours,
        CASE WHEN NOT serving THEN 'outside service hours' WHEN {u("goes")} < 0.6 THEN 'attended'
             WHEN {u("goes")} < 0.85 THEN 'advised by telephone' ELSE 'busy elsewhere' END AS result,
        CASE WHEN serving AND {u("goes")} < 0.6 THEN {after("opened_at", spread("comes", 1800, 0.5))} END AS attended_at,
        person_id, local_policing_area
    FROM (SELECT *, hour(opened_at) >= 16 OR hour(opened_at) < 2 AS serving FROM "responding.incident"
          WHERE mental_health AND attendance_decision = 'deploy')
    WHERE {u("asked")} < 0.6
    """,
    later={"attended_at": ("result",)},
)

TABLES = (INCIDENTS, BACKLOG, ATTENDED, INCIDENT, UNIT, _GRADED, GRADE_CHANGE, TRIAGE_TEAM)
