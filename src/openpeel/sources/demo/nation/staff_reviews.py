"""Performance reviews as the system, the force's own audit and people themselves have them; surveys of the workforce.

The three do not agree, and are not meant to: the system marks reviews complete at the year's end with nobody doing so. Truth:
`_true_held` of a system's row says whether there was a review. Survey rows hang on nobody: their keys are made from the force
and a number alone.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import chance, mixed, one_of, pick, salt, u, whole
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.staff import employee, somebody
from openpeel.sources.demo.nation.workers import exactly, then

COMPLETED = parameter("review_completed", 0.88, 0.08, 0.5, 1.0)  # by the system
REVIEWED = parameter("review_true", 0.78, 0.08, 0.4, 0.97)  # in truth

#: Years of reviews; the second ends within the nation's time.
_YEARS = "(VALUES (DATE '2023-04-01'), (DATE '2024-04-01')) AS years(starts)"


def _late(name: str, day: str) -> str:
    """A day that a column of a past year has, blank where it lies beyond the year's end."""
    return f"CASE WHEN _true_held AND {chance(name, 0.9)} THEN {day} END"


REVIEWS = Made(
    "_reviews",
    f"""
    SELECT p.* REPLACE (hash(xor(p._k, hash(starts))) AS _k), starts, (starts + INTERVAL 1 YEAR)::DATE - 1 AS ends,
        {chance("exempt", 0.02, "hash(xor(p._k, hash(starts)))")} AS exempt, {u("held", "hash(xor(p._k, hash(starts)))")} < review_true AS _true_held,
        {u("marked", "hash(xor(p._k, hash(starts)))")} < review_completed AS marked
    FROM _people p, {_YEARS} WHERE kind = 'core' OR kind = 'leaver' AND starts < DATE '2024-01-01'
    """,
    monthly=False,
)

_SYSTEM = f"""
    SELECT force, _k, 'system' AS known_from_source, employee_id, starts AS year_starts_on, ends AS year_ends_on, ends + 30 AS due_on, exempt,
        CASE WHEN exempt THEN {one_of("why", ["Long absence", "Joined in last quarter"])} END AS exempt_because,
        CASE WHEN exempt THEN NULL WHEN marked THEN 'completed' WHEN _true_held THEN 'begun' ELSE 'not begun' END AS standing,
        CASE WHEN exempt OR NOT marked THEN NULL WHEN _true_held THEN ends + {whole("completed", -60, 28)}::INTEGER ELSE ends END AS completed_on,
        CASE WHEN marked AND NOT exempt THEN NOT _true_held END AS completed_by_system,
        CASE WHEN NOT exempt THEN marked AND (_true_held OR {chance("signed", 0.2)}) END AS agreed_by_both, {employee("supervisor_n")} AS supervisor_id,
        {_late("objectives", "starts + " + whole("objectives", 10, 90) + "::INTEGER")} AS objectives_set_on,
        {_late("midyear", "starts + " + whole("midyear", 150, 230) + "::INTEGER")} AS midyear_talk_on,
        CASE WHEN _true_held THEN {chance("development", 0.62)} END AS development_agreed,
        CASE WHEN _true_held THEN {chance("skills", 0.55)} END AS skills_updated, CASE WHEN _true_held THEN {chance("career", 0.5)} END AS career_discussed,
        CASE WHEN _true_held THEN {chance("wellbeing", 0.75)} END AS wellbeing_discussed, {chance("equality", 0.3)} AS equality_objective,
        NULL::DATE AS audited_on, NULL AS auditor_id, NULL::BOOLEAN AS meaningful, {then("r")}, NOT exempt AND _true_held AS _true_held,
        CASE WHEN NOT exempt AND marked AND _true_held THEN greatest(ends, ends + {whole("completed", -60, 28)}::INTEGER) ELSE ends END AS _ended_on
    FROM _reviews r"""
_AUDIT = f"""
    SELECT force, {mixed("audited")}, 'audit', employee_id, starts, ends, ends + 30, false, NULL,
        CASE WHEN _true_held THEN CASE WHEN {chance("found whole", 0.85)} THEN 'completed' ELSE 'begun' END
             ELSE {pick("found", {"not begun": 5, "not found": 5})} END,
        NULL, NULL, CASE WHEN _true_held THEN {chance("found signed", 0.8)} END, {employee("supervisor_n")}, NULL, NULL,
        CASE WHEN _true_held THEN {chance("found development", 0.5)} END, CASE WHEN _true_held THEN {chance("found skills", 0.4)} END,
        CASE WHEN _true_held THEN {chance("found career", 0.45)} END, CASE WHEN _true_held THEN {chance("found wellbeing", 0.7)} END,
        CASE WHEN _true_held THEN {chance("found equality", 0.25)} END, DATE '2024-06-05' + {whole("audit day", 0, 20)}::INTEGER,
        {somebody("support", "auditor")}, CASE WHEN _true_held THEN {chance("meaningful", 0.6)} ELSE false END, {then("r")}, _true_held, DATE '2024-06-04'
    FROM _reviews r WHERE starts = DATE '2023-04-01' AND NOT exempt AND kind = 'core' AND {chance("audited", 0.06)}"""

_RESULT = (
    "standing", "completed_on", "completed_by_system", "agreed_by_both", "development_agreed", "skills_updated", "career_discussed",
    "wellbeing_discussed", "equality_objective",
)  # fmt: skip
#: ``_ended_on`` is the day from which the result of a row is known: the year's end, or the audit.
REVIEW = Made(
    "workforce.performance_review",
    f"{_SYSTEM} UNION ALL {_AUDIT}",
    later={
        "_ended_on": _RESULT, "completed_on": ("completed_by_system",), "objectives_set_on": (), "midyear_talk_on": (),
        "audited_on": ("auditor_id", "meaningful"),
    },
    monthly=False,
)  # fmt: skip

#: Who answers the inspectorate's survey, and of them who is an officer.
ANSWER = parameter("survey_answers", 0.2, 0.05, 0.08, 0.45)
OFFICERS = parameter("survey_officers", 0.45, 0.07, 0.25, 0.7)
#: Statement -> parameter's middle. Of the first two, officers and others are asked apart.
_APART = {
    "work_life_balance": (parameter("survey_balance_officers", 0.58, 0.05), parameter("survey_balance_others", 0.8, 0.04)),
    "debrief_time_given": (parameter("survey_debrief_officers", 0.4, 0.05), parameter("survey_debrief_others", 0.5, 0.05)),
}  # fmt: skip
_STATEMENTS = {
    "training_sufficient": parameter("survey_training", 0.72, 0.05),
    "skills_considered": parameter("survey_skills", 0.7, 0.05),
    "feedback_trusted": parameter("survey_feedback", 0.52, 0.06),
    "ideas_heard": parameter("survey_ideas", 0.5, 0.06),
    "workload_manageable": parameter("survey_workload", 0.55, 0.06),
    "wellbeing_supported": parameter("survey_wellbeing", 0.6, 0.06),
    "supervisor_supportive": parameter("survey_supervisor", 0.78, 0.04),
    "vision_understood": parameter("survey_vision", 0.7, 0.06),
    "leaders_visible": parameter("survey_leaders", 0.5, 0.08),
    "treated_fairly": parameter("survey_fairly", 0.66, 0.05),
    "promotion_fair": parameter("survey_promotion", 0.42, 0.06),
    "wrongdoing_challenged": parameter("survey_wrongdoing", 0.68, 0.05),
}
REVIEW_IN_YEAR = parameter("survey_reviewed", 0.8, 0.06)
#: Asked only of those who had a review.
_OF_REVIEW = {
    "review_valued": parameter("survey_review_valued", 0.6, 0.06),
    "review_effective": parameter("survey_review_effective", 0.5, 0.06),
}

_AGREES = {"agree": 62, "strongly agree": 38}
_OTHERWISE = {"neither": 42, "disagree": 30, "strongly disagree": 18, "don't know": 6, "prefer not to say": 4}


def _answers(name: str, share: str, among: str) -> str:
    # Half of the turn is the person's own mood, so that somebody content is so in more than one answer.
    return f"""CASE WHEN {exactly(name, share, among).replace(u(name), f"0.5 * mood + 0.5 * {u(name)}")}
        THEN {pick(name + " yes", _AGREES)} ELSE {pick(name + " no", _OTHERWISE)} END AS {name}"""


_ASKED = ", ".join(
    (
        *(
            _answers(n, f"CASE WHEN officer THEN {a} ELSE {b} END", "force, officer")
            for n, (a, b) in _APART.items()
        ),
        *(_answers(n, share, "force") for n, share in _STATEMENTS.items()),
    )
)
_ASKED_OF_REVIEW = ", ".join(
    f"CASE WHEN review_in_year THEN {_answers(n, share, 'force, review_in_year').removesuffix(' AS ' + n)} END AS {n}"
    for n, share in _OF_REVIEW.items()
)

SURVEY = Made(
    "workforce.workforce_survey_response",
    f"""
    SELECT force, _k, 'PEEL 2024' AS survey, 'W-' || lpad(n::VARCHAR, 5, '0') AS response_id,
        DATE '2024-04-08' + floor(21 * pow({
        u("answered")
    }, 1.5))::INTEGER AS answered_on, 'inspectorate' AS run_by, 'volunteers' AS sampling,
        CASE WHEN officer THEN 'police officer' ELSE {
        pick("worker", {"police staff": 90, "PCSO": 9, "special constable": 1})
    } END AS worker_type,
        officer AND {chance("student", 0.08)} AS student_officer,
        CASE WHEN officer THEN {
        pick(
            "rank",
            {
                "constable or equal": 68,
                "sergeant or equal": 18,
                "inspector or chief inspector or equal": 8,
                "superintendent or above or equal": 2,
                "prefer not to say": 4,
            },
        )
    } ELSE
            {
        pick(
            "rank",
            {
                "constable or equal": 74,
                "sergeant or equal": 14,
                "inspector or chief inspector or equal": 5,
                "prefer not to say": 7,
            },
        )
    } END
            AS rank_group,
        CASE WHEN officer THEN {
        pick(
            "function",
            {"Response": 34, "Investigation": 22, "Neighbourhoods": 14, "Public protection": 12, "Other": 18},
        )
    }
             ELSE {
        pick("function", {"Control room": 28, "Support": 38, "Investigation": 12, "Custody": 8, "Other": 14})
    } END AS job_function,
        {
        pick(
            "service",
            {
                "2 to 5 years": 22,
                "under 2 years": 15,
                "5 to 10 years": 18,
                "over 10 years": 42,
                "prefer not to say": 3,
            },
        )
    } AS service_length,
        {_ASKED}, review_in_year, {_ASKED_OF_REVIEW}, {
        chance("leaves", "CASE WHEN mood < 0.5 THEN 0.05 ELSE 0.17 END")
    } AS intends_to_leave,
        {pick("sex", {"Female": 46, "Male": 46, "Prefer not to say": 8})} AS sex,
        {
        pick("ethnicity", {"White": 88, "Asian": 3, "Black": 1, "Mixed": 2, "Prefer not to say": 6})
    } AS ethnicity, {chance("disabled", 0.09)} AS disabled
    FROM (SELECT *, {exactly("reviewed", REVIEW_IN_YEAR, "force")} AS review_in_year, {u("mood")} AS mood
          FROM (SELECT *, {exactly("officer", OFFICERS, "force")} AS officer
                FROM (SELECT * REPLACE (hash(xor(_k, xor(hash(n), {salt("survey")}))) AS _k)
                      FROM (SELECT *, unnest(range(1, 1 + round(people * {
        ANSWER
    })::BIGINT)) AS n FROM forces))))
    """,
    monthly=False,
)

TABLES = (REVIEWS, REVIEW, SURVEY)
