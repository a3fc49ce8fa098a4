"""Training places, and skills as two systems show them: the learning system and the duty system do not quite agree.

`_courses` holds leadership courses and examinations of the nation's first year; their places are made with the month in
which they begin. Courses that everybody goes to are drawn by person and month. Truth: `_true_held` says whether the person holds
the skill, whatever a system shows.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import chance, mixed, pick, u, whole
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.staff_health import PERSON_MONTHS
from openpeel.sources.demo.nation.workers import exactly, then

#: Of sergeants: on the sergeants' development course, on the inspiring leadership programme; of staff supervisors on it.
SERGEANTS_DEVELOPED = parameter("sergeants_developed", 0.5, 0.12, 0.1, 0.95)
SERGEANTS_LED = parameter("sergeants_led", 0.4, 0.12, 0.1, 0.95)
STAFF_LED = parameter("staff_led", 0.4, 0.1, 0.1, 0.95)
#: Constables: who sat the sergeants' examination of October, and of them who passed.
EXAM_SAT = parameter("exam_sat", 0.035, 0.01, 0.01, 0.08)
EXAM_PASSED = parameter("exam_passed", 0.55, 0.07, 0.3, 0.8)
#: People on the last sergeants' course who were not sergeants yet, of constables.
ASPIRING = parameter("aspiring", 0.006, 0.002, 0.001, 0.02)
ATTENDS = parameter("attends", 0.86, 0.05, 0.6, 0.98)
SKILLS_AGREE = parameter("skills_agree", 0.93, 0.03, 0.75, 0.99)

_DEVELOPMENT, _LEADERSHIP, _EXAM = "Sergeants' development", "Inspiring leadership", "Sergeants' examination"
#: People on one run of a course, and on the last.
_RUN, _LAST = 24, 21


def _on_course(course: str, code: str, kind: str, who: str, chosen: str) -> str:
    text = course.replace("'", "''")
    return f"""
        SELECT * EXCLUDE (chosen), row_number() OVER (PARTITION BY force ORDER BY {u(f"turn of {code}")}, _k) AS turn
        FROM (SELECT *, '{text}' AS course, '{code}' AS code, '{kind}' AS kind_of_course, {chosen} AS chosen FROM _people WHERE {who})
        WHERE chosen"""


_CORE = "kind = 'core'"
#: The last run is in March 2025; each run before it a month earlier, and again from March where there are more than a
#: year has months. Those who aspire to be sergeants are on the last.
COURSES = Made(
    "_courses",
    f"""
    SELECT *, CASE course WHEN '{_EXAM.replace("'", "''")}' THEN DATE '2024-10-07' ELSE
            (DATE '2025-03-03' - to_months(CASE WHEN aspires THEN 0 ELSE run_back % 12 END::INTEGER))::DATE END AS starts_on,
        'TRN-' || strftime(starts_on, '%Y%m') || '-' || code || '-' || lpad(n::VARCHAR, 5, '0') AS training_id
    FROM (SELECT *, false AS aspires, CASE WHEN turn <= {_LAST} THEN 0 ELSE 1 + (turn - {_LAST} - 1) // {_RUN} END AS run_back
          FROM ({_on_course(_DEVELOPMENT, "LD-104", "leadership", f"rank = 'sergeant' AND {_CORE}", exactly("developed", SERGEANTS_DEVELOPED, "force"))})
          UNION ALL BY NAME
          SELECT *, true AS aspires, 0 AS run_back
          FROM ({_on_course(_DEVELOPMENT, "LD-104", "leadership", f"rank = 'constable' AND worker_type = 'police officer' AND NOT student AND {_CORE}", exactly("aspires", ASPIRING, "force"))})
          UNION ALL BY NAME
          SELECT *, false AS aspires, turn // {_RUN} AS run_back
          FROM ({_on_course(_LEADERSHIP, "LD-201", "leadership", f"rank = 'sergeant' AND {_CORE}", exactly("led", SERGEANTS_LED, "force"))})
          UNION ALL BY NAME
          SELECT *, false AS aspires, turn // {_RUN} AS run_back
          FROM ({_on_course(_LEADERSHIP, "LD-201", "leadership", f"first_line AND rank IS NULL AND {_CORE}", exactly("led", STAFF_LED, "force"))})
          UNION ALL BY NAME
          SELECT *, true AS aspires, 0 AS run_back
          FROM ({_on_course(_EXAM, "EX-104", "promotion examination", f"rank = 'constable' AND worker_type = 'police officer' AND NOT student AND {_CORE}", exactly("sat", EXAM_SAT, "force"))}))
    """,
    monthly=False,
)

#: Course -> its code, kind, who goes to it, chance of a place in a month, skill it gives, days.
_REGULAR = {
    "Personal safety": ("PS-001", "personal safety and first aid", "rank IS NOT NULL", 0.075, "Personal safety", 2),
    "Taser refresher": ("TA-010", "stop or force", "role IN ('response', 'operations') AND rank IS NOT NULL AND n % 3 = 0", 0.08, "Taser", 1),
    "Response driving refresher": ("DR-020", "driving", "role = 'response' AND NOT student", 0.012, "Response driving", 5),
    "Stop and search": ("SS-003", "stop or force", "role IN ('response', 'neighbourhood') AND rank IS NOT NULL", 0.03, "", 1),
    "Problem solving": ("PB-005", "neighbourhood policing", "role = 'neighbourhood'", 0.04, "Problem solving", 2),
    "Domestic abuse matters": ("DA-006", "public protection", "role IN ('response', 'contact', 'public protection')", 0.03, "", 1),
    "Detective course": ("DC-002", "investigation", "role IN ('investigation', 'public protection') AND rank = 'constable'", 0.015, "", 20),
    "Inclusion": ("EQ-001", "equality and inclusion", "true", 0.05, "", 1),
    "Looking after yourself": ("WB-001", "wellbeing", "true", 0.03, "", 1),
}  # fmt: skip


def _regular() -> str:
    rows = []
    for name, (code, kind, who, share, skill, days) in _REGULAR.items():
        kind = "stop and search or use of force" if kind == "stop or force" else kind
        rows.append(
            f"SELECT *, '{name}' AS course, '{code}' AS code, '{kind}' AS kind_of_course, '{skill}' AS skill, {days} AS lasts, "
            f"{mixed(code)} AS _own FROM _person_months WHERE ({who}) AND {chance(code, share)}"
        )
    return " UNION ALL ".join(rows)


PERSONS = Made("_person_months", f"SELECT * FROM {PERSON_MONTHS} WHERE worker_type <> 'volunteer'")

_SUPERVISES = "t.first_line AS first_line_supervisor"
TRAINING_EVENT = Made(
    "workforce.training_event",
    f"""
    SELECT t.force, t._k, m.month, training_id, employee_id, course, code AS course_code,
        code || '-' || strftime(starts_on, '%y%m') AS course_run_id, kind_of_course AS course_kind,
        CASE kind_of_course WHEN 'leadership' THEN 'in person' ELSE 'examination' END AS taught, false AS mandatory,
        starts_on - {whole("asked", 30, 200)}::INTEGER AS asked_for_on, 'new rank or role' AS asked_for_because,
        starts_on - {whole("offered", 10, 29)}::INTEGER AS offered_on, starts_on,
        starts_on + CASE kind_of_course WHEN 'leadership' THEN 4 ELSE 0 END AS ends_on, 'attended' AS attendance,
        NULL::DATE AS cancelled_on, NULL AS not_attended_because,
        CASE WHEN kind_of_course = 'promotion examination' THEN CASE WHEN {exactly("passes", EXAM_PASSED, "t.force, kind_of_course").replace("_k)", "t._k)")}
            THEN 'passed' ELSE 'failed' END ELSE 'not assessed' END AS result,
        CASE kind_of_course WHEN 'leadership' THEN 135000 ELSE 10800 END::BIGINT AS training_seconds,
        CASE WHEN kind_of_course = 'leadership' THEN 'First-line leadership' END AS leads_to_skill, NULL::DATE AS skill_expected_on,
        'Own training school' AS provider, {then("t")}, {_SUPERVISES}, CASE WHEN rank IS NOT NULL THEN {chance("acts", 0.05)} END AS rank_acting,
        aspires AS aspiring_supervisor
    FROM _courses t JOIN (SELECT month FROM months) m ON m.month = year(starts_on) * 12 + month(starts_on) - 1
    UNION ALL
    SELECT force, _k, month, training_id, employee_id, course, code, run, kind_of_course,
        CASE WHEN code IN ('EQ-001', 'WB-001') THEN 'online' ELSE 'in person' END, code IN ('PS-001', 'EQ-001', 'SS-003'),
        starts_on - {whole("asked", 40, 150)}::INTEGER, CASE WHEN code IN ('PS-001', 'EQ-001', 'SS-003') THEN 'requirement' ELSE
            {pick("because", {"expiry": 30, "gap in the skills matrix": 20, "performance review": 20, "own wish": 20, "other": 10})} END,
        starts_on - {whole("offered", 8, 39)}::INTEGER, starts_on, starts_on + lasts - 1, attendance,
        CASE WHEN attendance = 'cancelled' THEN starts_on - {whole("cancelled", 0, 7)}::INTEGER END,
        CASE WHEN attendance IN ('cancelled', 'did not attend') THEN
            {pick("why not", {"staffing too low": 45, "court or operation": 18, "sickness": 16, "leave": 6, "trainer or course cancelled": 6, "not known": 9})} END,
        CASE WHEN attendance = 'attended' AND skill <> '' THEN CASE WHEN {chance("passes", 0.96)} THEN 'passed' ELSE 'failed' END
             WHEN attendance = 'attended' THEN 'not assessed' END,
        (lasts * 27000)::BIGINT, nullif(skill, ''), CASE WHEN skill <> '' THEN starts_on + lasts - 1 END,
        'Own training school', worker_type, rank, team, area, first_line, CASE WHEN rank IS NOT NULL THEN {chance("acts", 0.04)} END, false
    FROM (SELECT * REPLACE (_own AS _k), first + {whole("starts", 0, "days - 1", "_own")}::INTEGER AS starts_on,
              'TRN-' || strftime(first, '%Y%m') || '-' || code || '-' || lpad(n::VARCHAR, 5, '0') AS training_id,
              code || '-' || strftime(first, '%y%m') AS run,
              CASE WHEN {chance("attends", "attends", "_own")} THEN 'attended'
                   ELSE {pick("missed", {"did not attend": 45, "cancelled": 45, "attended in part": 10}, "_own")} END AS attendance
          FROM ({_regular()}))
    """,
    later={"ends_on": ("result",)},
)

_LEARNING, _DUTIES = "Learning system", "Duty system"
#: Skill -> kind, who holds it, share who do, years it lasts (0: does not expire), matrix.
_HELD = {
    "Personal safety": ("personal safety and first aid", "p.rank IS NOT NULL", 0.93, 1, "Operational"),
    "Taser": ("taser or firearms", "p.role IN ('response', 'operations') AND p.rank IS NOT NULL AND p.n % 3 = 0", 0.85, 1, "Operational"),
    "Response driving": ("driving", "p.role = 'response' AND NOT p.student", 0.72, 5, "Operational"),
    "Public order level 2": ("public order", "p.role IN ('response', 'neighbourhood', 'operations') AND p.rank IS NOT NULL", 0.14, 1, "Operational"),
    "Search": ("search", "p.role = 'operations' AND p.rank IS NOT NULL", 0.5, 3, "Operational"),
    "Problem solving": ("problem solving", "p.role = 'neighbourhood'", 0.55, 0, "Local policing"),
    "British Sign Language": ("language", "true", 0.01, 0, ""),
}  # fmt: skip
_POST_SKILLS = {
    "PIP 2": ("investigation", "q.holder_level = 'PIP 2' OR q.holder_training_for = 'PIP 2'", "q.holder_level <> 'PIP 2'", "q.level_needed = 'PIP 2'"),
    "SSAIDP": ("public protection", "q.holder_sexual_offences_accredited", "false", "q.sexual_offences_accreditation_needed"),
    "SCAIDP": ("public protection", "q.holder_child_abuse_accredited", "false", "q.child_abuse_accreditation_needed"),
}  # fmt: skip
_HELD_FROM = f"greatest(p.joined_on, DATE '2024-03-25' - {whole('held from', 20, 1500, '_own')}::INTEGER)"


def _skills() -> str:
    rows = []
    for skill, (kind, who, share, years, matrix) in _HELD.items():
        rows.append(
            f"SELECT p.*, '{skill}' AS skill, '{kind}' AS skill_kind, {years} AS years, nullif('{matrix}', '') AS matrix, "
            f"false AS learning, {share} > 0.5 AS needed, NULL::DATE AS expected, NULL AS training_id, NULL::DATE AS course_ended_on, {mixed(skill, 'p._k')} AS _own "
            f"FROM _people p WHERE kind = 'core' AND ({who}) AND {chance('holds ' + skill, share, 'p._k')}"
        )
    for skill, (kind, who, learning, needed) in _POST_SKILLS.items():
        rows.append(
            f"SELECT p.*, '{skill}', '{kind}', 0, 'Investigation', {learning}, {needed}, "
            f"CASE WHEN {learning} THEN q.holder_accreditation_expected_on END, NULL, NULL, {mixed(skill, 'p._k')} "
            f'FROM _people p JOIN "investigating.post" q ON q.force = p.force AND q.employee_id = p.employee_id WHERE {who}'
        )
    leads = "SELECT * FROM _courses WHERE kind_of_course = 'leadership' AND NOT aspires QUALIFY row_number() OVER (PARTITION BY force, n ORDER BY code) = 1"
    rows.append(
        "SELECT p.*, 'First-line leadership', 'leadership', 0, 'Leadership', false, true, NULL, c.training_id, c.starts_on + 4, "
        f"{mixed('First-line leadership', 'p._k')} FROM _people p JOIN ({leads}) c ON c.force = p.force AND c.n = p.n"
    )
    return " UNION ALL ".join(rows)


SKILLS = Made(
    "_skills",
    f"""
    SELECT *, CASE WHEN years > 0 THEN (held_from_on + (years * 365) * ceil(greatest(1, date_diff('day', held_from_on, DATE '2024-04-01')) / (years * 365.0)
            - CASE WHEN {chance("lapsed", 0.05, "_own")} THEN 1 ELSE 0 END)::INTEGER) END AS expires
    FROM (SELECT *, CASE WHEN course_ended_on IS NOT NULL THEN course_ended_on WHEN learning THEN greatest(joined_on, least({_HELD_FROM}, DATE '2024-03-25')) ELSE {_HELD_FROM} END AS held_from_on
          FROM ({_skills()}) p)
    """,
    monthly=False,
)

SKILL_HELD = Made(
    "workforce.skill_held",
    f"""
    SELECT force, _k, source_system, employee_id, skill, held_from_on, skill_kind,
        upper(left(replace(skill, ' ', ''), 6)) AS skill_code, standing,
        CASE WHEN years > 0 AND expires_on - years * 365 > held_from_on THEN expires_on - years * 365 END AS renewed_on, expires_on,
        CASE WHEN learning AND standing = 'in training' THEN expected END AS expected_on, needed AS needed_for_post,
        {pick("evidence", {"certificate": 40, "course result": 40, "supervisor": 8, "own word": 4, "none": 3, "": 5})} AS evidence,
        CASE WHEN source_system = '{_LEARNING}' THEN training_id END AS training_id,
        greatest(held_from_on, DATE '2024-03-25' - {whole("updated", 0, 400)}::INTEGER) AS system_updated_on, matrix,
        worker_type, rank, team, area AS local_policing_area, NOT learning AND (expires IS NULL OR expires >= DATE '2024-04-01') AS _true_held
    FROM (SELECT *, CASE WHEN stale AND years > 0 THEN greatest(held_from_on, expires - years * 365) ELSE expires END AS expires_on,
              CASE WHEN learning AND NOT (stale AND source_system = '{_DUTIES}') THEN 'in training'
                   WHEN expires < DATE '2024-04-01' AND NOT stale THEN 'expired' ELSE 'held' END AS standing
          FROM (SELECT s.* REPLACE (hash(xor(_own, hash(source_system))) AS _k), source_system,
                    source_system = '{_DUTIES}' AND NOT {chance("agree", "skills_agree", "_own")} AS stale
                FROM _skills s, (VALUES ('{_LEARNING}'), ('{_DUTIES}')) sources(source_system))
          WHERE source_system = '{_LEARNING}' OR {chance("in duty system", 0.96, "_own")})
    """,
    monthly=False,
)

TABLES = (COURSES, PERSONS, TRAINING_EVENT, SKILLS, SKILL_HELD)
