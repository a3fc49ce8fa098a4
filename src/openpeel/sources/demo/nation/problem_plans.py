"""Problem-solving plans: by the stages they have reached, who looked at them, how it was judged whether they worked."""

from __future__ import annotations

from openpeel.sources.demo.nation.days import local_day
from openpeel.sources.demo.nation.draws import chance, one_of, pick, spread, u, whole
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.neighbourhood_time import home_area
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import location, person, ward
from openpeel.sources.demo.nation.staff import among_first, employee, staff_number, supervisor, team_of
from openpeel.sources.demo.nation.streams import reference, stream

PLANS = parameter("problem_plans", 0.9, 0.3, 0.3, 2.0)  # per 1,000 residents a year
ADVISERS = parameter("problem_advisers", 5, 3, 1, 20)
REVIEWED = parameter("plans_reviewed", 0.8, 0.1, 0.3, 0.98)
EVALUATED = parameter("plans_evaluated", 0.4, 0.15, 0.05, 0.9)

_OFFICER = staff_number("neighbourhood", "owns")
_THEMES = {
    "Antisocial behaviour": 38, "Burglary": 10, "Vehicle crime": 9, "Domestic abuse": 8, "Drugs": 12, "Retail theft": 9,
    "Road danger": 8, "Exploitation": 6,
}  # fmt: skip
_ADVISER = employee(among_first("neighbourhood", "adviser", f"round({ADVISERS})"))

PLAN = Made(
    "prevention.problem_plan",
    f"""
    SELECT force, _k, month, plan_id, opened_on, theme, about, CASE WHEN about = 'place' THEN {location()} END AS location_id,
        CASE WHEN about = 'person' THEN {person("about")} END AS person_id, area AS local_policing_area, {ward()} AS ward, {employee("officer")} AS owner_id,
        {team_of("neighbourhood", "officer")} AS team, {supervisor("neighbourhood", "supervises")} AS supervisor_id, CASE WHEN advised THEN {_ADVISER} END AS adviser_id,
        CASE WHEN advised THEN opened_on + {whole("advice", 1, 20)}::INTEGER END AS adviser_consulted_on,
        CASE reached WHEN 1 THEN 'scanning' WHEN 2 THEN 'analysis' WHEN 3 THEN 'response' WHEN 4 THEN 'assessment' ELSE 'closed' END AS stage,
        CASE WHEN reached > 1 THEN opened_on + s1 END AS scanning_done_on, CASE WHEN reached > 2 THEN opened_on + s2 END AS analysis_done_on,
        CASE WHEN reached > 2 THEN opened_on + s2 + 2 END AS response_started_on, CASE WHEN reached > 3 THEN opened_on + s3 END AS response_done_on,
        CASE WHEN reached > 4 AND evaluated THEN opened_on + s4 END AS assessment_done_on, {one_of("partners", ["Council; Housing", "Council", "Housing; Health", "Schools; Youth service"])} AS partners,
        CASE WHEN reached > 2 AND {chance("powers", 0.4)} THEN {one_of("power", ["Community protection notice", "Dispersal", "Closure order"])} END AS powers_used,
        opened_on + 14 AS first_review_due_on, CASE WHEN reviewed THEN opened_on + first END AS first_reviewed_on,
        CASE WHEN reviewed THEN opened_on + first + (reviews - 1) * 28 END AS last_reviewed_on,
        CASE WHEN reached < 5 THEN opened_on + first + CASE WHEN reviewed THEN reviews * 28 ELSE 0 END END AS next_review_due_on,
        CASE WHEN reviewed THEN reviews ELSE 0 END AS supervisor_reviews, CASE WHEN reviewed THEN {chance("adds", 0.45)} END AS supervisor_added_actions,
        CASE WHEN {chance("measure", 0.66)} THEN {one_of("success", ["Incidents at the place", "Repeat calls", "Offences in the ward"])} END AS success_measure,
        CASE WHEN reached > 4 THEN CASE WHEN NOT evaluated THEN 'not evaluated' ELSE
            {pick("method", {"before and after": 52, "opinion of the owner": 28, "views of residents": 12, "before and after with a comparison": 8})} END END AS evaluation_method,
        CASE WHEN reached > 4 AND evaluated THEN opened_on + s4 END AS evaluated_on,
        CASE WHEN reached > 4 AND evaluated THEN CASE WHEN {chance("by adviser", 0.3)} THEN {_ADVISER} ELSE {employee("officer")} END END AS evaluated_by_id,
        CASE WHEN reached > 4 AND evaluated THEN {pick("result", {"achieved": 38, "achieved in part": 40, "not achieved": 14, "too early to say": 8})} END AS evaluation_result,
        CASE WHEN reached > 4 THEN {chance("residents", 0.35)} END AS residents_asked, CASE WHEN reached > 4 THEN {chance("moved", 0.2)} END AS displacement_checked,
        CASE WHEN reached > 4 THEN opened_on + s4 + 3 END AS closed_on,
        CASE WHEN reached > 4 THEN {pick("because", {"reduced": 42, "solved": 30, "passed to a partner": 14, "given up": 8, "merged with another plan": 4, "opened in error": 2})} END
            AS closed_because,
        CASE WHEN banked THEN opened_on + s4 + 8 END AS practice_bank_on, CASE WHEN banked THEN lower(theme) || '; ' || about END AS practice_keywords,
        CASE WHEN banked THEN {one_of("summary", ["Repeat calls from one block; locks and lights changed; calls fell", "Young people gathered at a shop; youth work moved there; fewer reports"])} END
            AS practice_summary
    FROM (SELECT *, reached > 4 AND evaluated AND {chance("banked", 0.25)} AS banked
          FROM (SELECT *, s1 + (3 + round({spread("s2", 16, 0.6)}))::INTEGER AS s2, s1 + (20 + round({spread("s2", 16, 0.6)}) + round({spread("s3", 60, 0.6)}))::INTEGER AS s3,
                    s1 + (40 + round({spread("s2", 16, 0.6)}) + round({spread("s3", 60, 0.6)}) + round({spread("s4", 30, 0.6)}))::INTEGER AS s4
                FROM (SELECT *, {local_day("moment")} AS opened_on, {reference("PSP-", 4)} AS plan_id, {_OFFICER} AS officer, {home_area(_OFFICER)} AS area, {pick("theme", _THEMES)} AS theme,
                          {pick("about", {"place": 60, "person": 18, "theme": 12, "group": 10})} AS about, {chance("advised", 0.25)} AS advised,
                          (2 + round({spread("s1", 9, 0.7)}))::INTEGER AS s1, CASE WHEN {u("reach")} < 0.06 THEN 1 WHEN {u("reach")} < 0.12 THEN 2 WHEN {u("reach")} < 0.24 THEN 3
                              WHEN {u("reach")} < 0.3 THEN 4 ELSE 5 END AS reached,
                          {u("reviewed")} < {REVIEWED} AS reviewed, (6 + round({spread("first", 7, 0.6)}))::INTEGER AS first, {whole("reviews", 1, 5)}::INTEGER AS reviews,
                          {u("evaluated")} < {EVALUATED} AS evaluated
                      FROM ({stream("problem plan", PLANS)}))))
    """,
    later={
        "scanning_done_on": ("stage",), "analysis_done_on": (), "response_started_on": ("powers_used",), "response_done_on": (), "assessment_done_on": (),
        "first_reviewed_on": (), "last_reviewed_on": ("next_review_due_on", "supervisor_reviews", "supervisor_added_actions"),
        "evaluated_on": ("evaluated_by_id", "evaluation_result", "evaluation_method"), "adviser_consulted_on": ("adviser_id",),
        "closed_on": ("closed_because", "residents_asked", "displacement_checked"),
        "practice_bank_on": ("practice_keywords", "practice_summary"),
    },
)  # fmt: skip

TABLES = (PLAN,)
