"""Engagement: contacts with communities, the list of key individuals, the survey of the public twice a year."""

from __future__ import annotations

from openpeel.sources.demo.focus import FOCUS
from openpeel.sources.demo.nation.days import local_day
from openpeel.sources.demo.nation.draws import chance, number, one_of, pick, salt, spread, u, whole
from openpeel.sources.demo.nation.initiatives import STATION_AREA, STATIONS_FROM, VISIBILITY_GAIN
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.neighbourhood_time import home_area
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import area, census_area, location, ward
from openpeel.sources.demo.nation.staff import employee, staff_number, team_of
from openpeel.sources.demo.nation.streams import reference, stream

CONTACTS = parameter("engagement_contacts", 5.5, 1.8, 1.5, 14)  # per 1,000 residents a year
NEWSLETTER = parameter("newsletter", 320, 100, 60, 900)  # people on its list
ANSWERS = parameter("public_survey_answers", 1500, 500, 300, 4000)  # a round
SATISFIED = parameter("public_satisfied", 0.46, 0.07, 0.2, 0.8)  # with how visible police are
VOLUNTEERS = parameter("public_volunteers", 0.3, 0.35, 0, 1)  # above a half people come of themselves

#: Lists of people: Stonemarsh has them at full size, as its staff.
_SIZE = f"CASE WHEN force = '{FOCUS}' THEN 1 ELSE event_scale END"
_ORGANISATIONS = {
    "residents' group": 20, "council": 16, "school or college": 14, "business": 14, "charity": 10, "faith group": 9, "housing": 6,
    "health or care": 5, "parliament": 1, "media": 2, "none": 3,
}  # fmt: skip
_KEEPER = staff_number("neighbourhood", "keeps in touch")

KEY_INDIVIDUAL = Made(
    "prevention.key_individual",
    f"""
    SELECT force, _k, {number("KIN-", "n", 4)} AS key_individual_id, CASE WHEN {chance("nominal", 0.2)} THEN {number("N-", f"1 + floor({u('who')} * persons)::BIGINT", 7)} END
            AS person_id,
        listed_on, CASE WHEN n > letters AND {chance("removed", 0.5)} THEN greatest(listed_on + 30, DATE '2024-04-01' + {whole("removed on", 1, 330)}::INTEGER) END AS removed_on,
        {home_area(_KEEPER)} AS local_policing_area, {ward()} AS ward, {pick("organisation", _ORGANISATIONS)} AS organisation_kind,
        {one_of("role", ["Chair", "Head teacher", "Manager", "Councillor", "Volunteer"])} AS role,
        {pick("community", {"Young people": 14, "Older people": 16, "Faith": 10, "Business": 14, "": 46})} AS community, n <= letters OR {chance("agreed", 0.9)} AS agreed,
        n <= letters AS gets_newsletter, {chance("alerts", 0.55)} AS gets_alerts, {chance("advisory", 0.04)} AS independent_advisory_group,
        {employee(_KEEPER)} AS officer_id, {team_of("neighbourhood", _KEEPER)} AS team,
        CASE WHEN {chance("contacted", 0.9)} THEN greatest(listed_on, DATE '2025-03-25' - round({spread("contact", 70, 1.0)})::INTEGER) END AS last_contact_on,
        CASE WHEN {chance("checked", 0.7)} THEN greatest(listed_on, DATE '2025-03-20' - round({spread("checks", 200, 0.7)})::INTEGER) END AS details_checked_on
    FROM (SELECT * EXCLUDE (_k), hash(xor(_k, xor(hash(n), {salt("key individual")}))) AS _k, DATE '2024-03-20' - {whole("listed", 5, 1500, f"hash(xor(_k, xor(hash(n), {salt('key individual')})))")}::INTEGER
              AS listed_on
          FROM (SELECT *, unnest(range(1, 1 + ceil(letters * 1.12)::BIGINT)) AS n
                FROM (SELECT *, greatest(4, round({NEWSLETTER} * {_SIZE})) AS letters FROM forces)))
    """,
    later={"removed_on": (), "last_contact_on": (), "details_checked_on": ()},
    monthly=False,
)

_OFFICER = staff_number("neighbourhood", "engages")
_KINDS = {
    "visit": 22, "conversation in the street": 25, "meeting": 16, "event or stall": 8, "talk in a school": 8, "surgery": 7, "online meeting": 3,
    "social media": 6, "alert message": 5,
}  # fmt: skip
_PURPOSES = {
    "ask about priorities": 18, "give advice": 26, "reassure after an incident": 16, "ask for information": 8, "tell what was done": 8,
    "follow up a plan": 8, "build trust": 14, "": 2,
}  # fmt: skip
_FOLLOW = {
    "nothing needed": 42, "answered on the spot": 28, "task for the team": 14, "passed to a partner": 8, "intelligence submitted": 5,
    "problem-solving plan opened": 1, "incident or crime recorded": 2,
}  # fmt: skip
ENGAGEMENT = Made(
    "prevention.engagement",
    f"""
    SELECT force, _k, month, {reference("CCR-")} AS engagement_id, engaged_on, kind AS engagement_kind, {pick("purpose", _PURPOSES)} AS purpose,
        {pick("topic", {"Antisocial behaviour": 34, "Speeding": 22, "Burglary": 12, "Drugs": 12, "Scams": 8, "": 12})} AS topic, planned,
        CASE WHEN planned THEN 'EP-' || area || '-2024' END AS engagement_plan_id, area AS local_policing_area, {ward()} AS ward, {census_area("location_id")} AS census_area, location_id,
        CASE WHEN kind IN ('online meeting', 'social media', 'alert message') THEN 'online' WHEN kind = 'conversation in the street' THEN 'street' WHEN kind = 'talk in a school' THEN
            'school or college' ELSE {pick("place", {"community centre": 36, "shop or business": 22, "home": 20, "faith centre": 10, "health or care": 6, "other": 6})} END AS place_kind,
        {pick("community", {"Young people": 20, "Older people": 14, "Faith": 7, "Business": 14, "": 45})} AS community, reached AS people_reached,
        CASE WHEN {chance("key individual", 0.13)} THEN {number("KIN-", f"1 + floor({u('which')} * letters)::BIGINT", 4)} END AS key_individual_id,
        {employee("officer")} AS officer_id, {team_of("neighbourhood", "officer")} AS team, 600 * {whole("time", 1, 12)} AS seconds_spent,
        {one_of("text", ["Lights are out in the alley", "Cars too fast by the school", "Pleased to see officers", "Asked about the burglaries", "Noise at night by the shops"])} AS contact_text,
        {pick("concern", {"Speeding": 20, "Poor lighting": 8, "Noise": 14, "Drugs": 12, "Parking": 12, "": 34})} AS concern, follow AS follow_up,
        CASE WHEN follow = 'task for the team' THEN engaged_on + 14 END AS action_due_on, CASE WHEN done THEN engaged_on + days END AS action_done_on,
        CASE WHEN done AND {chance("fed back", 0.6)} THEN engaged_on + days + {whole("tells", 1, 20)}::INTEGER END AS fed_back_on
    FROM (SELECT *, {local_day("moment")} AS engaged_on, {_OFFICER} AS officer, {home_area(_OFFICER)} AS area, {location()} AS location_id, {pick("kind", _KINDS)} AS kind, {chance("planned", 0.42)} AS planned,
              {pick("follow", _FOLLOW)} AS follow, (2 + round({spread("days", 10, 0.7)}))::INTEGER AS days,
              CASE WHEN {pick("kind", _KINDS)} IN ('social media', 'alert message') THEN {whole("many", 80, 900)} ELSE {whole("few", 1, 18)} END AS reached,
              {pick("follow", _FOLLOW)} = 'task for the team' AND {chance("done", 0.8)} AS done, greatest(4, round({NEWSLETTER} * {_SIZE})) AS letters
          FROM ({stream("engagement", CONTACTS)}))
    """,
    later={"action_done_on": (), "fed_back_on": ()},
)


def _answer(name: str, words: tuple[str, str, str, str, str], good: str) -> str:
    """SQL for an answer on a scale of five: ``good`` is the share of the two good ones."""
    draw = u(name)
    best, better, neither, worse, worst = words
    return (
        f"CASE WHEN {u(name + ' knows')} < 0.04 THEN 'don''t know' WHEN {draw} < 0.25 * ({good}) THEN '{best}' WHEN {draw} < ({good}) THEN '{better}' "
        f"WHEN {draw} < ({good}) + 0.5 * (1 - ({good})) THEN '{neither}' WHEN {draw} < ({good}) + 0.85 * (1 - ({good})) THEN '{worse}' ELSE '{worst}' END"
    )


_SATISFIED = ("very satisfied", "satisfied", "neither", "dissatisfied", "very dissatisfied")
_AGREE = ("strongly agree", "agree", "neither", "disagree", "strongly disagree")


def _safe(name: str, good: float) -> str:
    return pick(
        name,
        {
            "very safe": good * 0.4,
            "fairly safe": good * 0.6,
            "a bit unsafe": (1 - good) * 0.65,
            "very unsafe": (1 - good) * 0.3,
            "don't know": (1 - good) * 0.05,
        },
    )


_VISIBLE = f"{SATISFIED} * CASE WHEN area = '{STATION_AREA}' AND i >= {STATIONS_FROM} THEN 1 + {VISIBILITY_GAIN} ELSE 1 END"
_LIKED = f"(0.5 * {SATISFIED} + 0.3 * ({u('mood')} - 0.5))"
SURVEY = Made(
    "prevention.perception_survey_response",
    f"""
    SELECT force, _k, month, CASE WHEN month % 12 < 6 THEN 'Spring ' ELSE 'Autumn ' END || (month // 12)::VARCHAR AS survey, {reference("R-")} AS response_id, {local_day("moment")} AS answered_on,
        CASE WHEN {VOLUNTEERS} > 0.5 THEN 'volunteers' ELSE {pick("sampling", {"random sample": 5, "quota sample": 3, "panel": 2}, "hash(force)")} END AS sampling,
        {pick("through", {"online": 62, "telephone": 24, "post": 10, "face to face": 4})} AS answered_through,
        CASE WHEN {VOLUNTEERS} <= 0.5 THEN round({spread("weight", 1.0, 0.25)}, 2) END AS weight, area AS local_policing_area, {ward()} AS ward,
        {pick("sees", {"at least weekly": 14, "at least monthly": 24, "less often": 34, "never": 22, "don't know": 6})} AS sees_police,
        {_answer("visibility", _SATISFIED, _VISIBLE)} AS satisfied_visibility, {_answer("overall", _SATISFIED, f"0.1 + {_LIKED} + 0.25")} AS satisfied_overall,
        {_safe("day", 0.88)} AS safe_by_day, {_safe("night", 0.62)} AS safe_after_dark, {_answer("job", _AGREE, f"0.25 + {_LIKED}")} AS good_job,
        {_answer("fair", _AGREE, f"0.32 + {_LIKED}")} AS treat_fairly, {_answer("concerns", _AGREE, f"0.2 + {_LIKED}")} AS understand_concerns,
        {_answer("informed", _AGREE, f"0.15 + {_LIKED}")} AS informed,
        {pick("main", {"Speeding": 26, "Antisocial behaviour": 24, "Burglary": 16, "Drugs": 14, "Violence": 12, "": 8})} AS main_concern, contact AS had_contact,
        CASE WHEN contact THEN {_answer("contact", _SATISFIED, "0.62")} END AS satisfied_contact, {chance("victim", 0.16)} AS victim_in_year,
        {pick("age", {"16-24": 8, "25-34": 14, "35-44": 17, "45-54": 18, "55-64": 20, "65 and over": 21, "": 2})} AS age_range,
        {pick("gender", {"Female": 51, "Male": 46, "Other": 1, "": 2})} AS gender, {pick("ethnicity", {"White": 86, "Asian": 6, "Black": 3, "Mixed": 2, "": 3})} AS ethnicity,
        {chance("disabled", 0.17)} AS disabled
    FROM (SELECT *, {area()} AS area, {chance("contact", 0.31)} AS contact
          FROM ({stream("survey", f"CASE WHEN i % 6 = 1 THEN 12 / season * greatest(8, {ANSWERS} * event_scale) ELSE 0 END", "1.0")}))
    """,
)

TABLES = (KEY_INDIVIDUAL, ENGAGEMENT, SURVEY)
