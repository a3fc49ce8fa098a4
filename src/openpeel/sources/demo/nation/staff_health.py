"""Assaults on officers, debriefs after trauma, absences, occupational health: each may lead to the next.

Assaults and traumas hang on the units sent to incidents. Absences are drawn by person and month, so that no two of one person
overlap: who has long ones has nothing else, short ones end within their month, and who is off after assaults is drawn for
nothing else.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import after, chance, mixed, pick, salt, spread, u, whole
from openpeel.sources.demo.nation.force_places import DAYS, FIRST
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import person
from openpeel.sources.demo.nation.staff import employee, somebody
from openpeel.sources.demo.nation.streams import YEAR_MONTH
from openpeel.sources.demo.nation.workers import then

OCCUPATIONAL_WAIT = parameter("occupational_wait", 21.0, 6.0, 6.0, 45.0)  # mean days to the first appointment
ABSENT = parameter("absent", 0.11, 0.02, 0.05, 0.2)  # share of people who begin a short absence in a month
PLAN_FOLLOWED = parameter("plan_followed", 0.82, 0.08, 0.4, 0.99)
DEBRIEFED = parameter("debriefed", 0.62, 0.1, 0.3, 0.95)
TIME_TO_DEBRIEF = parameter("time_to_debrief", 0.45, 0.12, 0.1, 0.9)

#: Who may be off after an assault, and who has long and middling absences: by number, one in twelve each.
_AFTER_ASSAULT, _LONG, _MIDDLING, _OFTEN = 9, 11, (3, 7), 5

_KEPT = """p.force, p.people, p.n, p.kind, p.employee_id, p.role, p.rank, p.worker_type, p.team, p.area, p.home, p.student, p.first_line, p.female,
    p.joined_on, p.left_on, p.absent, p.attends, p.occupational_wait, p.supported, p.even_chance, p.minority_staff"""
#: A person's row for a month has the key of both.
PERSON_MONTHS = f"""(SELECT {_KEPT}, hash(xor(p._k, xor(hash(m.month), {salt("person and month")}))) AS _k, m.month, {FIRST} AS first,
    {DAYS}::INTEGER AS days FROM _people p, (SELECT month FROM months) m
    WHERE kind = 'core' OR kind = 'joiner' AND joined_on < {FIRST} OR kind = 'leaver' AND left_on > last_day({FIRST}))"""

ASSAULTS = Made(
    "_assaults",
    f"""
    SELECT p.* EXCLUDE (_k), o._k, o.incident_id, o.month, replace(o.incident_id, 'INC', 'AOS') AS assault_id,
        {after("o.arrived_at", f"60 + floor({u('struck', 'o._k')} * 1500)")} AS assaulted_at,
        {pick("kind", {"without injury": 62, "with injury": 28, "serious injury": 2, "sexual": 1, "attempt or threat": 7}, "o._k")}
            AS assault_kind, {u("followed", "o._k")} < plan_followed AS followed
    FROM (SELECT i.force, i.month, i.incident_id, i.reason, v.officer_id, v.arrived_at, {mixed("assault", "v._k")} AS _k
          FROM (SELECT force, month, incident_id, opening_code AS reason FROM "responding.incident") i
          JOIN (SELECT force, incident_id, officer_id, arrived_at, _k FROM "responding.incident_unit"
                WHERE assignment_number = 1 AND arrived_at IS NOT NULL) v USING (force, incident_id)) o
    JOIN _people p ON p.force = o.force AND p.employee_id = o.officer_id
    WHERE {u("assaulted", "o._k")} < CASE reason WHEN 'Violence' THEN 0.03 WHEN 'Domestic incident' THEN 0.016 ELSE 0.006 END
    """,
)

_INJURED = "assault_kind IN ('with injury', 'serious injury')"


def _step(name: str) -> str:
    """A step of the plan: done or not, or nobody noted it."""
    return f"CASE WHEN followed THEN {chance(name, 0.97)} WHEN {chance(name + ' noted', 0.75)} THEN {chance(name, 0.55)} END"


ASSAULT = Made(
    "workforce.assault_on_staff",
    f"""
    SELECT *, CASE WHEN plan_started_at IS NOT NULL THEN 7 END::BIGINT AS steps_due,
        CASE WHEN plan_started_at IS NOT NULL THEN coalesce(treated_as_victim, false)::BIGINT + coalesce(investigated_by_another, false)::BIGINT
            + coalesce(best_evidence_sought, false)::BIGINT + coalesce(personal_statement_offered, false)::BIGINT
            + (supervisor_seen_at IS NOT NULL)::BIGINT + (senior_contact_at IS NOT NULL)::BIGINT
            + coalesce(support_offered, false)::BIGINT END AS steps_done,
        CASE WHEN plan_started_at IS NOT NULL AND {chance("closed", 0.8)} THEN assaulted_at::DATE + {whole("closing", 10, 120)}::INTEGER END
            AS plan_closed_on
    FROM (SELECT a.force, a._k, a.month, assault_id, employee_id, assaulted_at, reported_at,
              incident_id, CASE WHEN {chance('suspect known', 0.9)} THEN {person('assaults staff')} END AS suspect_id, assault_kind, {chance("spat", 0.14)} AS spat_or_bitten, {chance("weapon", 0.06)} AS weapon_used,
              {chance("hate", 0.05)} AS hate_motivated, {_INJURED} AS injured,
              assault_kind = 'serious injury' OR {_INJURED} AND {chance("hospital", 0.12)} AS hospital_treatment,
              {pick("place", {"dwelling": 45, "street": 35, "hospital": 6, "vehicle": 6, "other": 5, "": 3})} AS place_kind,
              {chance("alone", 0.42)} AS single_crewed, CASE WHEN {chance("video known", 0.95)} THEN {chance("video", 0.78)} END AS body_worn_video_on,
              {then("a")}, {employee("supervisor_n")} AS supervisor_id,
              CASE WHEN followed OR {chance("begun", 0.4)} THEN {after("reported_at", spread("begun", 12000, 0.8))} END AS plan_started_at,
              {_step("victim")} AS treated_as_victim, {_step("another")} AS investigated_by_another, {_step("evidence")} AS best_evidence_sought,
              {_step("statement")} AS personal_statement_offered,
              CASE WHEN followed OR {chance("seen", 0.6)} THEN {after("assaulted_at", spread("seen", 7000, 0.8))} END AS supervisor_seen_at,
              CASE WHEN followed OR {chance("senior", 0.3)} THEN {after("assaulted_at", spread("senior", 90000, 0.7))} END AS senior_contact_at,
              {_step("support")} AS support_offered, {_step("informed")} AS kept_informed, {chance("chief", 0.25)} AS chief_contact
          FROM (SELECT *, {after("assaulted_at", spread("report", 4000, 0.8))} AS reported_at FROM _assaults) a)
    """,
    later={
        "reported_at": (), "plan_started_at": ("steps_due", "steps_done"), "supervisor_seen_at": (), "senior_contact_at": (),
        "plan_closed_on": (),
    },
)  # fmt: skip

_SICK = {
    "psychological": 24, "musculo-skeletal": 14, "respiratory": 22, "digestive": 14, "infection": 9, "injury": 5, "nervous system": 3,
    "ear, nose, eye or skin": 4, "other": 4, "not given": 1,
}  # fmt: skip
_LONG_SICK = {
    "psychological": 52, "musculo-skeletal": 24, "injury": 8, "heart and circulation": 5, "nervous system": 4, "other": 7,
}  # fmt: skip

#: What a person begins in a month, if anything: days of it.
ABSENCES = Made(
    "_absences",
    f"""
    SELECT *, least(started_on + length - 1, coalesce(left_on, DATE '9999-12-31')) AS ended_on, 'ABS-' || strftime(first, '%Y%m') || '-' || lpad(n::VARCHAR, 5, '0') AS absence_id,
        NULL::VARCHAR AS assault_id
    FROM (SELECT *, first + floor({u("day")} * CASE WHEN group_of = {_LONG} OR group_of IN {_MIDDLING} THEN days ELSE 12 END)::INTEGER
                  AS started_on,
              CASE WHEN group_of = {_LONG} THEN {whole("long", 60, 330)} WHEN group_of IN {_MIDDLING} THEN {whole("middling", 10, 85)}
                   ELSE least(days - 13, 1 + floor(-3.2 * ln(1 - {u("length")})))::BIGINT END::INTEGER AS length
          FROM (SELECT *, n % 12 AS group_of FROM {PERSON_MONTHS})
          WHERE CASE WHEN group_of = {_LONG} THEN (month + n) % 13 = 0 AND {u("absent")} < 0.45
                     WHEN group_of IN {_MIDDLING} THEN (month + n) % 4 = 0 AND {u("absent")} < 0.3
                     WHEN group_of = {_OFTEN} THEN {u("absent")} < 3 * absent
                     WHEN group_of = {_AFTER_ASSAULT} THEN false ELSE {u("absent")} < absent END)
    UNION ALL BY NAME
    SELECT a.*, 'injury' AS reason, a.assaulted_at::DATE + 1 AS started_on, {whole("off", 1, 14)}::INTEGER AS length,
        a.assaulted_at::DATE + {whole("off", 1, 14)}::INTEGER AS ended_on, 'ABS-' || {YEAR_MONTH} || '-' || lpad(n::VARCHAR, 5, '0') AS absence_id
    FROM _assaults a WHERE {_INJURED} AND n % 12 = {_AFTER_ASSAULT} AND {chance("off", 0.6)}
    QUALIFY row_number() OVER (PARTITION BY force, n, month ORDER BY assaulted_at) = 1
    """,
)

_IS_SICK = "absence_kind = 'sickness'"
ABSENCE = Made(
    "workforce.absence",
    f"""
    SELECT * EXCLUDE (length), CASE WHEN {_IS_SICK} THEN greatest(started_on + 1, ended_on + {whole('guessed', -3, 5)}::INTEGER) END AS expected_back_on,
        CASE WHEN length > 7 AND {_IS_SICK} THEN true WHEN {_IS_SICK} THEN false END AS certified,
        greatest(1, round(length * 5 / 7.0))::DECIMAL(9,1) AS working_days_lost,
        (greatest(1, round(length * 5 / 7.0)) * 8 * 3600)::BIGINT AS lost_seconds,
        CASE WHEN {_IS_SICK} THEN {chance("caused", "CASE sickness_reason WHEN 'psychological' THEN 0.4 WHEN 'injury' THEN 0.5 ELSE 0.03 END")}
            OR assault_id IS NOT NULL END AS work_related,
        CASE WHEN {_IS_SICK} THEN assault_id IS NOT NULL OR sickness_reason = 'injury' AND {chance("on duty", 0.3)} END AS injury_on_duty,
        CASE WHEN {chance("talked", 0.85)} THEN least(ended_on, started_on + {whole("talked", 0, 5)}::INTEGER) END AS contact_on,
        CASE WHEN {_IS_SICK} AND {chance("return", 0.8)} THEN ended_on + {whole("return", 1, 6)}::INTEGER END AS return_talk_on,
        CASE WHEN length > 28 THEN {chance("phased", 0.6)} WHEN {_IS_SICK} THEN false END AS phased_return
    FROM (SELECT force, _k, month, absence_id, employee_id, started_on, ended_on, length, assault_id,
              CASE WHEN assault_id IS NOT NULL THEN 'sickness'
                   WHEN group_of = {_LONG} THEN {pick("kind", {"sickness": 62, "parental leave": 30, "career break": 5, "suspension": 3})}
                   WHEN length > 9 THEN 'sickness' ELSE {pick("kind", {"sickness": 90, "special leave": 8, "unpaid leave": 1, "other": 1})} END
                  AS absence_kind,
              CASE WHEN reason IS NOT NULL THEN reason WHEN group_of = {_LONG} AND {pick("kind", {"sickness": 62, "x": 38})} <> 'sickness' THEN NULL
                   WHEN length <= 9 AND {pick("kind", {"sickness": 90, "x": 10})} <> 'sickness' THEN NULL
                   WHEN length > 9 THEN {pick("reason", _LONG_SICK)} ELSE {pick("reason", _SICK)} END AS sickness_reason,
              {then("a")}, 1.0::DECIMAL(4,2) AS full_time_equivalent FROM _absences a)
    """,
    later={
        "ended_on": ("working_days_lost", "lost_seconds", "phased_return"), "contact_on": (), "return_talk_on": (),
    },
)  # fmt: skip

#: People exposed to a trauma. A colleague of the first officer was often there too.
TRAUMAS = Made(
    "_traumas",
    f"""
    SELECT p.* EXCLUDE (_k), o.* EXCLUDE (force, officer_id)
    FROM (SELECT * EXCLUDE (people), unnest(CASE WHEN colleague <> officer_id THEN [officer_id, colleague] ELSE [officer_id] END) AS employee,
              hash(xor(_k, hash(unnest(CASE WHEN colleague <> officer_id THEN [1, 2] ELSE [1] END)))) AS _k_own
          FROM (SELECT i.force, i.month, i.incident_id, v.officer_id, v.arrived_at AS happened_at, f.people, {mixed("trauma", "v._k")} AS _k,
                    CASE i.reason WHEN 'Road' THEN 'fatal collision' WHEN 'Violence' THEN 'firearms or use of force'
                        WHEN 'Missing person' THEN 'suicide' ELSE 'sudden death' END AS trauma_kind,
                    {somebody("response", "colleague", mixed("trauma", "v._k"))} AS colleague
                FROM (SELECT force, month, incident_id, opening_code AS reason FROM "responding.incident") i
                JOIN (SELECT force, incident_id, officer_id, arrived_at, _k FROM "responding.incident_unit"
                      WHERE assignment_number = 1 AND arrived_at IS NOT NULL) v USING (force, incident_id)
                JOIN (SELECT force, people FROM forces) f USING (force)
                WHERE {u("trauma", "v._k")} < CASE reason WHEN 'Concern for welfare' THEN 0.05 WHEN 'Missing person' THEN 0.02
                    WHEN 'Road' THEN 0.02 WHEN 'Violence' THEN 0.006 ELSE 0 END)) o
    JOIN _people p ON p.force = o.force AND p.employee_id = o.employee
    """,
)

#: A person's debriefs of a month are numbered; 10 and 20 are referrals for other reasons.
_TURN = "(30 + row_number() OVER (PARTITION BY force, month, employee_id ORDER BY happened_at, _k))::VARCHAR"

DEBRIEF = Made(
    "workforce.trauma_debrief",
    f"""
    SELECT * EXCLUDE (debriefed), CASE WHEN debriefed_at IS NULL THEN CASE WHEN offered_at IS NULL THEN 'not offered' WHEN NOT accepted THEN 'declined'
             ELSE {pick("why", {"no time given": 55, "no practitioner": 20, "person away": 15, "other": 10})} END END AS not_held_because,
        CASE WHEN debriefed_at IS NOT NULL THEN round({spread("length", 2400, 0.4)})::BIGINT END AS debrief_seconds,
        CASE WHEN debriefed_at IS NOT NULL AND {chance("again", 0.6)} THEN {after("debriefed_at", "86400 * " + whole("again", 24, 40))} END
            AS follow_up_at,
        CASE WHEN debriefed_at IS NOT NULL AND {chance("referred", 0.12)} THEN 'OH-' || {YEAR_MONTH} || '-' || right(employee_id, 5) || '-' || {_TURN} END
            AS occupational_health_id
    FROM (SELECT *, CASE WHEN accepted AND {chance("held", "debriefed")} THEN planned_at END AS debriefed_at
          FROM (SELECT *, CASE WHEN accepted THEN {after("offered_at", spread("planned", 170000, 0.6))} END AS planned_at,
                    CASE WHEN accepted THEN {chance("time", "_time")} END AS duty_time_given
                FROM (SELECT t.force, t._k_own AS _k, t.month, replace(incident_id, 'INC', 'TRM') AS debrief_id, employee_id, happened_at, incident_id,
                          trauma_kind, {pick("kind", {"TRiM assessment": 45, "debrief at end of duty": 25, "team debrief": 22, "psychological debrief": 8}, "t._k")}
                              AS debrief_kind,
                          CASE WHEN {chance("offered", 0.85, "_k_own")} THEN {after("happened_at", spread("offered", 60000, 0.8, "_k_own"))} END AS offered_at,
                          CASE WHEN {chance("offered", 0.85, "_k_own")} THEN {chance("accepts", 0.8, "_k_own")} END AS accepted,
                          {somebody("support", "practitioner")} AS practitioner_id, {then("t")}, debriefed, time_to_debrief AS _time
                      FROM _traumas t)))
    """,
    later={
        "offered_at": ("accepted",), "planned_at": (), "debriefed_at": ("debrief_seconds", "duty_time_given", "occupational_health_id"),
        "follow_up_at": (),
    },
)  # fmt: skip

#: Mean over median of the wait with this spread.
_SPREAD, _MEDIAN = 0.55, 0.86
_REFERRALS = f"""
    SELECT force, {mixed("referred after absence")} AS _k, employee_id, replace(absence_id, 'ABS', 'OH') || '-10' AS occupational_health_id,
        started_on + least(length - 1, {whole("referred", 5, 24)})::INTEGER AS referred_on, 'manager' AS referred_by,
        CASE WHEN length < 30 THEN 'other physical health' ELSE {pick("reason", {"mental health": 55, "musculo-skeletal": 30, "injury": 15})} END
            AS health_reason, absence_id, assault_id, occupational_wait, {then("a")}
    FROM _absences a WHERE length > 9 AND {chance("referred", 0.5)}
    UNION ALL
    SELECT force, {mixed("referred")}, employee_id, 'OH-' || strftime(first, '%Y%m') || '-' || lpad(n::VARCHAR, 5, '0') || '-20',
        first + floor({u("referral day")} * days)::INTEGER, {pick("by", {"manager": 55, "self": 25, "screening of a high-risk role": 14, "other": 6})},
        {pick("reason", {"mental health": 40, "musculo-skeletal": 30, "other physical health": 14, "fitness for role": 10, "other": 6})},
        NULL, NULL, occupational_wait, {then("m")}
    FROM {PERSON_MONTHS} m WHERE {chance("referral", 0.008)}
    UNION ALL
    SELECT d.force, {mixed("referred after trauma", "d._k")}, d.employee_id, d.occupational_health_id, d.debriefed_at::DATE + 1, 'after trauma',
        'mental health', NULL, NULL, f.occupational_wait, d.worker_type, d.rank, d.team, d.local_policing_area
    FROM "workforce.trauma_debrief" d JOIN (SELECT force, occupational_wait FROM forces) f USING (force)
    WHERE d.occupational_health_id IS NOT NULL"""

OCCUPATIONAL_HEALTH = Made(
    "workforce.occupational_health_referral",
    f"""
    SELECT * EXCLUDE (kept), CASE WHEN kept AND {chance("nurse known", 0.97)} THEN
            CASE WHEN health_reason = 'mental health' AND {chance("counsels", 0.6)} THEN 'counsellor' WHEN health_reason = 'musculo-skeletal' THEN 'physiotherapist'
                 ELSE {pick("with", {"nurse": 6, "doctor": 4})} END END AS appointment_with,
        CASE WHEN kept AND {chance("treated", 0.45)} THEN first_appointment_on + {whole("treatment", 0, 30)}::INTEGER END AS treatment_started_on,
        CASE WHEN kept AND referred_by <> 'self' THEN first_appointment_on + {whole("advice", 0, 6)}::INTEGER END AS reported_back_on,
        CASE WHEN kept AND {chance("closed", 0.9)} THEN first_appointment_on + {whole("closing", 5, 120)}::INTEGER
             WHEN NOT kept THEN referred_on + {whole("withdrawn", 10, 60)}::INTEGER END AS closed_on,
        CASE WHEN kept AND {chance("closed", 0.9)} THEN {pick("closing", {"discharged": 9, "passed on": 1})}
             WHEN NOT kept THEN {pick("closing", {"withdrawn": 6, "not attended": 4})} END AS closed_by
    FROM (SELECT * EXCLUDE (occupational_wait, waits, missed), referred_on + least(waits, {whole("accepted", 0, 4)})::INTEGER AS accepted_on,
              {chance("urgent", 0.12)} AS urgent, referred_on + waits - CASE WHEN missed THEN least(waits, 6) ELSE 0 END AS first_offered_on,
              CASE WHEN kept THEN referred_on + waits END AS first_appointment_on, (missed AND kept)::BIGINT AS missed_appointments
          FROM (SELECT *, round({spread("wait", f"occupational_wait * {_MEDIAN}", _SPREAD)})::INTEGER AS waits, {chance("missed", 0.09)} AS missed,
                    {chance("kept", 0.95)} AS kept FROM ({_REFERRALS})))
    """,
    later={
        "accepted_on": (), "first_offered_on": (), "first_appointment_on": ("appointment_with", "missed_appointments"),
        "treatment_started_on": (), "reported_back_on": (), "closed_on": ("closed_by",),
    },
)  # fmt: skip

TABLES = (ASSAULTS, ASSAULT, ABSENCES, ABSENCE, TRAUMAS, DEBRIEF, OCCUPATIONAL_HEALTH)
