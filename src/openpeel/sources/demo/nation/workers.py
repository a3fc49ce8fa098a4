"""Officers, staff, specials and volunteers: who they are, where they work, who leaves.

The numbers 1 to ``people`` of a force are those that every other table draws (`staff`): they serve throughout.
Numbers above are people whom no other table names: those who leave in the nation's time or join in it, special
constables and volunteers. `_people` holds one row a person, with what other tables say of them.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import chance, one_of, pick, salt, u, whole
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import AREAS
from openpeel.sources.demo.nation.staff import ROLES, SUPERVISED, TEAM, employee

LEAVE = parameter("leave", 0.065, 0.015, 0.02, 0.12)  # share of people who leave, and who join, in a year
MINORITY_STAFF = parameter("minority_staff", 0.05, 0.03, 0.01, 0.2)
STAFF_SUPERVISORS = parameter("staff_supervisors", 0.2, 0.04, 0.1, 0.7)  # of staff, first-line

#: Leavers and joiners are made for so many months from April 2024.
MONTHS_OF_LEAVING = 30
#: One in this many is an inspector; of these no one is a sergeant. Both are supervisors' numbers.
_INSPECTORS = SUPERVISED * 12
_OFFICERS = ("response", "neighbourhood", "investigation", "public protection", "offender management", "operations",
             "command")  # fmt: skip
#: Roles whose teams serve one local policing area.
_LOCAL = ("response", "neighbourhood", "investigation")
#: Number of the officer in command: the first of the role.
COMMAND = f"(1 + floor(people * {sum(list(ROLES.values())[:6]):.4f}))::BIGINT"


def exactly(name: str, share: str, among: str) -> str:
    """SQL, for tables made once: true in this share of the rows alike in ``among``, to the nearest whole row."""
    window = f"OVER (PARTITION BY {among} ORDER BY {u(name)}, _k)"
    return f"(row_number() {window} <= round(({share}) * count(*) OVER (PARTITION BY {among})))"


def then(person: str = "p") -> str:
    """SQL for the columns that say what somebody of ``_people`` was at the time."""
    return f"{person}.worker_type, {person}.rank, {person}.team, {person}.area AS local_policing_area"


def _roles() -> str:
    low, rows = 0.0, []
    for place, (role, share) in enumerate(ROLES.items()):
        local, officer = str(role in _LOCAL).lower(), str(role in _OFFICERS).lower()
        rows.append(f"({place}, '{role}', {low:.4f}, {low + share:.4f}, {local}, {officer})")
        low += share
    return f"(VALUES {', '.join(rows)}) AS roles(place_of_role, role, low, high, is_local, of_officers)"


#: Columns of the forces that tables made from people need: `_people` keeps these and no others, or it grows wide.
_OF_FORCES = (
    "force", "_k", "areas", "people", "persons", LEAVE, MINORITY_STAFF, STAFF_SUPERVISORS, "pip2_posts", "pip2_sergeants", "pip2_inspectors",
    "pip2_held", "pip2_vacant", "pip2_sergeants_held", "pip2_inspectors_held", "plan_followed", "absent", "occupational_wait", "debriefed",
    "time_to_debrief", "sergeants_developed", "sergeants_led", "staff_led", "exam_sat", "exam_passed", "aspiring", "attends", "skills_agree",
    "review_completed", "review_true", "supported", "even_chance", "schemes", "mentoring", "elevate",
)  # fmt: skip
_FORCES = f"(SELECT {', '.join(_OF_FORCES)} FROM forces)"


def _extra(kind: str, first: str, count: str) -> str:
    return f"SELECT *, unnest(range({first} + 1, {first} + 1 + ({count})::BIGINT)) AS n, '{kind}' AS kind FROM {_FORCES}"


_COUNT = f"greatest(8, floor(people * leave * {MONTHS_OF_LEAVING} / 12))"
#: When each of them joins or leaves, from 0 up to 1: one after another, so that no half-year passes without any.
_IN_TURN = f"(((n - people - 1) % {_COUNT} + {{}}) / {_COUNT})"
_SPECIALS, _VOLUNTEERS = "floor(people * 0.03)", "floor(people * 0.015)"
_ALL = " UNION ALL ".join(
    (
        _extra("core", "0", "people"),
        _extra("leaver", "people", _COUNT),
        _extra("joiner", f"people + {_COUNT}::BIGINT", _COUNT),
        _extra("special", f"people + 2 * {_COUNT}::BIGINT", _SPECIALS),
        _extra("volunteer", f"people + 2 * {_COUNT}::BIGINT + {_SPECIALS}::BIGINT", _VOLUNTEERS),
    )
)
_ROLE_OF_EXTRA = f"""CASE kind WHEN 'special' THEN 'response' WHEN 'volunteer' THEN 'support' WHEN 'leaver' THEN
    {pick("role", {"response": 40, "neighbourhood": 10, "investigation": 10, "contact": 20, "support": 20})}
    ELSE {pick("role", {"response": 55, "contact": 25, "support": 20})} END"""

_RANK = f"""CASE
    WHEN kind = 'core' AND role = 'command' THEN CASE WHEN within < 0.08 THEN 'chief officer'
        WHEN within < 0.2 THEN 'chief superintendent' WHEN within < 0.45 THEN 'superintendent'
        WHEN within < 0.75 THEN 'chief inspector' ELSE 'inspector' END
    WHEN kind = 'volunteer' OR NOT (of_officers OR (kind = 'core' AND role = 'custody' AND n % {SUPERVISED} = 0)) THEN NULL
    WHEN kind = 'special' THEN 'constable'
    WHEN kind = 'core' AND n % {_INSPECTORS} = 0 THEN 'inspector'
    WHEN kind = 'core' AND (n % {SUPERVISED} = 0 OR n = 1) THEN 'sergeant'
    ELSE 'constable' END"""

#: Days served when the nation begins, at least and at most.
_SERVED = """CASE rank WHEN 'constable' THEN 750 WHEN 'sergeant' THEN 1900 WHEN 'inspector' THEN 3650 ELSE
    CASE WHEN rank IS NULL THEN 60 ELSE 5500 END END"""

PEOPLE = Made(
    "_people",
    f"""
    SELECT *, {employee("n")} AS employee_id, initcap_role || ' ' || (1 + home // {TEAM})::VARCHAR AS team,
        CASE WHEN is_local THEN list_extract({list(AREAS)!r}, (1 + (home // {TEAM}) % areas)::INTEGER) END AS area,
        kind = 'core' AND worker_type = 'police staff' AND {exactly("first line", STAFF_SUPERVISORS, "force, worker_type, kind")}
            OR rank = 'sergeant' AS first_line,
        CASE WHEN kind = 'core' AND n = {COMMAND} THEN NULL
             WHEN kind = 'core' AND (n % {SUPERVISED} = 0 OR n = 1) THEN
                CASE WHEN n > {_INSPECTORS} AND n % {_INSPECTORS} > 0 THEN n // {_INSPECTORS} * {_INSPECTORS} ELSE {COMMAND} END
             WHEN role = 'command' THEN {COMMAND}
             ELSE greatest(1, home // {SUPERVISED} * {SUPERVISED}) END AS supervisor_n,
        CASE WHEN kind = 'joiner' THEN DATE '2024-04-01' + floor({_IN_TURN.format(u("joins"))} * {MONTHS_OF_LEAVING} * 30.4)::INTEGER
             WHEN student THEN DATE '2024-03-25' - {whole("served", 30, 700)}::INTEGER
             ELSE DATE '2024-03-25' - ({_SERVED} + floor(pow({u("served")}, 1.6) * 7000))::INTEGER END AS joined_on,
        CASE WHEN kind = 'leaver' THEN DATE '2024-04-01' + floor({_IN_TURN.format(u("leaves"))} * {MONTHS_OF_LEAVING} * 30.4)::INTEGER END AS left_on
    FROM (
        SELECT *, upper(role[1]) || role[2:] AS initcap_role,
            CASE WHEN kind = 'special' THEN 'special constable' WHEN kind = 'volunteer' THEN 'volunteer'
                 WHEN role = 'neighbourhood' AND home % 7 IN (3, 5) THEN 'PCSO'
                 WHEN rank IS NULL THEN 'police staff' ELSE 'police officer' END AS worker_type,
            kind = 'joiner' AND rank = 'constable' OR rank = 'constable' AND role = 'response' AND kind IN ('core', 'leaver')
                AND {u("student")} < CASE kind WHEN 'leaver' THEN 0.5 ELSE 0.28 END AS student,
            {u("sex")} < CASE WHEN rank IS NULL THEN 0.6 ELSE 0.36 END AS female
        FROM (
            SELECT * EXCLUDE (rank), CASE WHEN role = 'neighbourhood' AND kind <> 'special' AND home % 7 IN (3, 5) THEN NULL
                ELSE rank END AS rank
            FROM (
                SELECT *, {_RANK} AS rank
                FROM (
                    SELECT e.*, roles.* EXCLUDE (low, high), e.n AS home,
                        (e.n - 1 - floor(people * low)) / greatest(1, floor(people * high) - floor(people * low)) AS within
                    FROM (SELECT * REPLACE (hash(xor(_k, xor(hash(n), {salt("people")}))) AS _k) FROM ({_ALL})
                          WHERE kind = 'core') e
                    JOIN {_roles()} ON e.n - 1 >= floor(people * low) AND e.n - 1 < floor(people * high)
                    UNION ALL
                    SELECT e.* EXCLUDE (wanted), roles.* EXCLUDE (low, high),
                        (1 + floor(people * low) + floor({u("home")} * greatest(1, floor(people * (high - low)))))::BIGINT, 0
                    FROM (SELECT *, {_ROLE_OF_EXTRA} AS wanted
                          FROM (SELECT * REPLACE (hash(xor(_k, xor(hash(n), {salt("people")}))) AS _k) FROM ({_ALL})
                                WHERE kind <> 'core')) e
                    JOIN {_roles()} ON wanted = role))))
    """,
    monthly=False,
)

_ROUTES = {
    "police constable entry programme": 30, "degree apprenticeship": 25, "degree holder entry": 20, "Police Now": 4,
    "professional policing degree": 6, "transfer from another force": 8, "detective entry": 4, "other": 3,
}  # fmt: skip
#: 18+1 codes of people who are not White British, and of those who are or do not say.
_MINORITY = {
    "A1": 14,
    "A2": 18,
    "A3": 5,
    "A4": 3,
    "A9": 6,
    "B1": 12,
    "B2": 8,
    "B9": 3,
    "M1": 12,
    "M3": 9,
    "O9": 6,
}
_OTHERS = {"W1": 91, "W2": 2, "W9": 4, "NS": 2, "": 1}
_DUTIES = {
    "full duties": 88,
    "recuperative duties": 4,
    "adjusted duties": 5,
    "management restricted duties": 1,
    "": 2,
}
DEPARTMENT = """CASE WHEN e.role IN ('response', 'neighbourhood') THEN 'Local policing' WHEN e.role = 'investigation' THEN
    'Criminal investigation' WHEN e.role IN ('public protection', 'offender management') THEN 'Public protection'
    WHEN e.role IN ('contact', 'custody') THEN 'Contact and custody' ELSE 'Support' END"""
_HIGH_RISK = "e.role IN ('digital forensics', 'public protection', 'offender management')"
ETHNICITY = f"CASE WHEN {chance('minority', MINORITY_STAFF)} THEN {pick('ethnicity', _MINORITY)} ELSE {pick('ethnicity', _OTHERS)} END"
SEX = f"CASE WHEN {chance('sex unknown', 0.01)} THEN NULL WHEN female THEN 'Female' ELSE 'Male' END"
DISABLED = f"CASE WHEN {chance('says disabled', 0.8)} THEN {chance('disabled', 0.06)} END"
#: Who has changed hours since the nation began, and when; before it the hours were others.
_HOURS_CHANGED = f"CASE WHEN e.kind = 'core' AND {chance('hours change', 0.2)} THEN DATE '2024-04-01' + floor({u('hours changed')} * {MONTHS_OF_LEAVING} * 30.4)::INTEGER END"
_ADJUSTED = f"{chance('adjustment', 0.04)} AND kind = 'core'"
_ASKED = f"(DATE '2023-06-01' + floor({u('asked')} * 640)::INTEGER)"

EMPLOYEE = Made(
    "workforce.employee",
    f"""
    SELECT e.force, e._k, e.employee_id, joined_on, left_on, e.worker_type, e.rank,
        CASE WHEN e.rank IS NOT NULL THEN {pick("held as", {"substantive": 88, "temporary": 6, "acting": 4, "": 2})} END AS rank_held_as,
        CASE WHEN e.rank IS NOT NULL THEN greatest(joined_on, DATE '2024-03-20' - floor({u("rank since")} * 2500)::INTEGER) END
            AS rank_since_on,
        CASE WHEN e.rank IS NULL AND e.worker_type <> 'volunteer' THEN {one_of("grade", list("CDEFGH"))} END AS grade,
        CASE WHEN e.rank IS NOT NULL AND joined_on >= DATE '2015-01-01' THEN {pick("route", _ROUTES)} END AS entry_route,
        student AS student_officer, CASE WHEN student THEN joined_on + 730 END AS confirmed_on,
        CASE WHEN e.worker_type = 'PCSO' THEN 'PCSO' WHEN e.rank IS NULL THEN initcap_role || ' assistant'
             ELSE initcap_role || ' ' || CASE e.rank WHEN 'constable' THEN 'officer' ELSE e.rank END END AS role,
        CASE e.role WHEN 'response' THEN 'Incident response' WHEN 'contact' THEN 'Control room'
             WHEN 'command' THEN 'Local command team' ELSE initcap_role END AS job_function,
        {DEPARTMENT} AS department, e.team, e.area AS local_policing_area, q.post_id,
        {employee("supervisor_n")} AS supervisor_id, first_line AS first_line_supervisor,
        CASE WHEN e.worker_type IN ('volunteer', 'special constable') THEN 0.1::DECIMAL(4,2)
             ELSE ({pick("part time", {"1.00": 86, "0.80": 7, "0.60": 5, "0.50": 2})})::DECIMAL(4,2) END AS full_time_equivalent,
        CASE WHEN left_on IS NOT NULL THEN 'left' ELSE {pick("status", {"in post": 985, "": 15})} END AS status,
        {pick("duties", _DUTIES)} AS deployable, {_HIGH_RISK} AS high_risk_role,
        CASE WHEN kind = 'joiner' AND e.rank = 'constable' AND {chance("detective", 0.15)} THEN 'Detective constable' END AS expected_role,
        CASE WHEN kind = 'joiner' AND e.rank = 'constable' AND {chance("detective", 0.15)} THEN joined_on + 700 END AS expected_in_role_on,
        CASE WHEN date_diff('day', joined_on, DATE '2024-04-01') < 1500 THEN {pick("young", {"18-25": 35, "26-35": 50, "36-45": 15})}
             ELSE {pick("age", {"26-35": 25, "36-45": 40, "46-55": 28, "56-65": 7})} END AS age_range,
        {SEX} AS sex, {ETHNICITY} AS ethnicity,
        {pick("orientation", {"Heterosexual": 70, "Gay or lesbian": 4, "Bisexual": 2, "Not stated": 24})} AS sexual_orientation,
        {pick("religion", {"Christian": 38, "None": 36, "Muslim": 2, "Sikh": 1, "Hindu": 1, "Not stated": 22})} AS religion,
        {DISABLED} AS disabled, CASE WHEN {chance("says minds", 0.7)} THEN {chance("neurodivergent", 0.05)} END AS neurodivergent,
        CASE WHEN {_ADJUSTED} THEN {_ASKED} END AS adjustment_asked_on,
        CASE WHEN {_ADJUSTED} AND {chance("adjusted", 0.8)} THEN {_ASKED} + {whole("adjusting", 5, 120)}::INTEGER END AS adjustment_made_on,
        CASE WHEN {_ADJUSTED} THEN {chance("passport", 0.4)} END AS adjustment_passport,
        {_HOURS_CHANGED} AS _hours_changed_on, (CASE full_time_equivalent WHEN 1 THEN 0.8 ELSE 1 END)::DECIMAL(4,2) AS _before_full_time_equivalent
    FROM _people e LEFT JOIN (SELECT force, holder, post_id FROM _posts WHERE holder IS NOT NULL) q
        ON q.force = e.force AND q.holder = e.n
    """,
    later={
        "left_on": ("status",),
        "adjustment_asked_on": ("adjustment_passport",),
        "adjustment_made_on": (),
        "_hours_changed_on": ("full_time_equivalent",),
    },
    monthly=False,
)

_KINDS = {
    "resignation": 46, "retirement": 30, "transfer to another force": 8, "ill-health retirement": 4, "dismissal": 4,
    "end of contract": 5, "redundancy": 1, "death": 1, "other": 1,
}  # fmt: skip
_YOUNG_KINDS = {
    "resignation": 72, "services dispensed with in probation": 12, "transfer to another force": 8, "dismissal": 5,
    "other": 3,
}  # fmt: skip
_REASONS = {
    "work-life balance": 18, "workload": 15, "pay": 11, "supervision": 8, "career elsewhere": 16, "unlike expected": 8,
    "health": 6, "family or move": 10, "how treated at work": 4, "other": 4,
}  # fmt: skip

#: Reasons come from an interview or a questionnaire, if there was one.
_ASKED_WHY = f"leaving_kind NOT IN ('death', 'dismissal') AND (exit_interview_offered AND {chance('interview', 0.45)} OR questionnaire_sent AND {chance('returned', 0.38)})"

LEAVER = Made(
    "workforce.leaver",
    f"""
    SELECT *, CASE WHEN leaving_kind NOT IN ('death', 'dismissal') AND exit_interview_offered AND {chance("interview", 0.45)} THEN left_on - {whole("interview day", 1, 20)}::INTEGER END
            AS exit_interview_on,
        CASE WHEN leaving_kind NOT IN ('death', 'dismissal') AND questionnaire_sent AND {chance("returned", 0.38)} THEN left_on + {whole("returned day", -10, 25)}::INTEGER END
            AS questionnaire_returned_on,
        CASE WHEN {_ASKED_WHY} THEN CASE WHEN student_officer AND {chance("course", 0.3)} THEN 'training or university work'
             ELSE {pick("reason", _REASONS)} END END AS main_reason,
        CASE WHEN retention_offer THEN {one_of("offer", ["Move to another team", "Move to another station", "Other hours"])} END
            AS retention_offer_kind,
        CASE WHEN {_ASKED_WHY} THEN {chance("return", 0.3)} END AS would_return
    FROM (SELECT *, CASE leaving_kind WHEN 'retirement' THEN 'R01 Retired' WHEN 'resignation' THEN
                 {one_of("code", ["R04 Personal", "R05 New job", "R09 Not said"])} END AS reason_code,
              leaving_kind IN ('resignation', 'transfer to another force') AND {chance("kept", 0.12)} AS retention_offer
          FROM (SELECT p.force, p._k, p.employee_id, p.left_on, p.left_on - {whole("notice", 7, 90)}::INTEGER AS notice_given_on,
              p.joined_on, {then()}, p.student AS student_officer,
              ({pick("part time", {"1.00": 86, "0.80": 7, "0.60": 5, "0.50": 2})})::DECIMAL(4,2) AS full_time_equivalent,
              CASE WHEN p.student THEN {pick("kind", _YOUNG_KINDS)}
                   WHEN p.joined_on < DATE '2004-01-01' THEN 'retirement' ELSE {pick("kind", _KINDS)} END AS leaving_kind,
              {chance("offered", 0.85)} AS exit_interview_offered, {chance("sent", 0.9)} AS questionnaire_sent
          FROM _people p WHERE p.left_on IS NOT NULL))
    """,
    later={"questionnaire_returned_on": (), "exit_interview_on": ()},
    monthly=False,
)

TABLES = (PEOPLE,)
AFTER_POSTS = (EMPLOYEE, LEAVER)
