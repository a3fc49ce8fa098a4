"""Missing people: an episode an incident, except for adults found before anybody wrote a record."""

from __future__ import annotations

from openpeel.sources.demo.nation.days import local_day
from openpeel.sources.demo.nation.draws import after, chance, pick, spread, wait
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.nominals import age_at, birth_on, ethnicity, gender, key_of_person
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import location
from openpeel.sources.demo.nation.staff import SUPERVISED, employee, staff_number, team_of

RETURN_INTERVIEW = parameter("return_interview", 0.7, 0.12, 0.2, 0.97)  # held, of those offered to children
RETURN_HOURS = parameter("return_interview_hours", 50, 14, 20, 120)  # median

#: Of adults reported missing, so many have a record of their own.
_ADULTS = 0.35
_RISKS: dict[str, float | str] = {"medium": 60, "high": 14, "low": 20, "no apparent risk": 6}
_KINDS_CHILD: dict[str, float | str] = {
    "own home": 48,
    "school": 6,
    "public place": 12,
    "hospital": 2,
    "other": 4,
}
_KINDS_CARE: dict[str, float | str] = {"children's home": 62, "foster home": 28, "supported living": 10}
_KINDS_ADULT: dict[str, float | str] = {
    "own home": 48, "hospital": 19, "mental health unit": 12, "supported living": 8, "public place": 10, "other": 3,
}  # fmt: skip
_FOUND_KINDS: dict[str, float | str] = {
    "own home": 38,
    "public place": 34,
    "hospital": 7,
    "other": 16,
    "children's home": 3,
    "": 2,
}
_HOURS = spread("away", "CASE risk WHEN 'high' THEN 5 WHEN 'medium' THEN 9 ELSE 13 END", 1.1)
_HELD = f"found_at IS NOT NULL AND offered AND NOT {chance('declines', 0.16)} AND {chance('held', RETURN_INTERVIEW)}"
_INTERVIEW = f"3600 * {spread('interview', RETURN_HOURS, 0.6)}"
_OFFICER = staff_number("response", "searches")

EPISODE = Made(
    "investigating.missing_episode",
    f"""
    SELECT *, CASE WHEN found_at IS NOT NULL THEN {pick("found by", {"came back": 46, "police": 24, "family": 15, "care provider": 8, "partner agency": 4, "other": 3})} END
            AS found_by,
        CASE WHEN found_at IS NOT NULL THEN {location("hash(_k)")} END AS found_location_id,
        CASE WHEN found_at IS NOT NULL THEN {pick("found where", _FOUND_KINDS)} END AS found_location_kind,
        CASE WHEN found_at IS NOT NULL THEN {chance("harmed", 0.035)} END AS harmed,
        CASE WHEN found_at IS NOT NULL AND {chance("safe and well", 0.85)} THEN {after("found_at", wait("safe and well when", 9000))} END AS prevention_interview_at,
        CASE WHEN offered THEN {chance("declines", 0.16)} END AS return_interview_declined,
        CASE WHEN {_HELD} THEN {after("found_at", _INTERVIEW)} END AS return_interview_at,
        CASE WHEN {_HELD} THEN local_authority || ' children''s services' END AS return_interview_by,
        CASE WHEN {_HELD} AND {chance("shared", 0.8)} THEN {after("found_at", _INTERVIEW + " + " + spread("shared when", 250000, 0.8))} END AS return_interview_shared_at,
        offered AS return_interview_offered,
        CASE WHEN found_at IS NOT NULL THEN {after("found_at", spread("closed", 180000, 0.8))} END AS closed_at
    FROM (SELECT *, CASE WHEN {chance("found", 0.985)} THEN {after("reported_at", f"900 + 3600 * {_HOURS}")} END AS found_at,
              CASE WHEN child THEN {chance("offered", 0.91)} WHEN {chance("known offered", 0.7)} THEN {chance("offered", 0.15)} END AS offered,
              {after("reported_at", "1800 + " + spread("reviewed", 8000, 0.9))} AS supervisor_reviewed_at
          FROM (SELECT force, _k, month, replace(incident_id, 'INC', 'MP') AS episode_id, person_id, incident_id, reported_at, persons, return_interview, {RETURN_HOURS},
                    {after("reported_at", "-300 - " + spread("unseen", 12000, 1.0))} AS last_seen_at,
                    CASE WHEN in_care THEN 'care provider' ELSE {pick("reporter", {"family": 58, "hospital": 14, "school": 4, "partner agency": 10, "police": 3, "other": 11})} END
                        AS reported_by,
                    CASE WHEN age < 18 THEN 'child' ELSE 'adult' END AS child_or_adult, age < 18 AS child, age, {gender("person_key")} AS gender,
                    CASE WHEN {chance("ethnicity known", 0.85)} THEN {ethnicity("person_key")} END AS self_defined_ethnicity, in_care,
                    CASE WHEN in_care THEN CASE WHEN {chance("far", 0.25)} THEN 'Another authority' ELSE local_authority END END AS placing_authority,
                    first_risk, CASE WHEN {chance("risk changes", 0.12)} THEN {pick("new risk", {"high": 45, "medium": 35, "low": 20})} ELSE first_risk END AS risk,
                    {after("reported_at", "600 + " + spread("graded", 3000, 0.8))} AS graded_at,
                    CASE WHEN age < 18 THEN {chance("exploited", "CASE WHEN in_care THEN 0.3 ELSE 0.12 END")} ELSE {chance("exploited", 0.02)} END AS exploitation_suspected,
                    mental_health OR {chance("unwell", 0.22)} AS mental_health,
                    CASE WHEN {chance("repeat known", 0.95)} THEN {chance("repeat missing", "CASE WHEN in_care THEN 0.62 ELSE 0.25 END", "person_key")} END AS repeat_missing,
                    location_id, CASE WHEN in_care THEN {pick("place", _KINDS_CARE, "hash(location_id)")} WHEN age < 18 THEN {pick("place", _KINDS_CHILD)}
                        ELSE {pick("place", _KINDS_ADULT)} END AS location_kind, local_policing_area, local_authority,
                    {employee(_OFFICER)} AS officer_id, {team_of("response", _OFFICER)} AS team,
                    {employee(f"greatest(1, {_OFFICER} // {SUPERVISED} * {SUPERVISED})")} AS supervisor_id, {chance("plan", 0.5)} AS prevention_plan
                FROM (SELECT *, age < 18 AND {chance("in care", 0.42, "person_key")} AS in_care, {pick("risk", _RISKS)} AS first_risk
                      FROM (SELECT i.*, f.persons, f.people, f.{RETURN_INTERVIEW}, f.{RETURN_HOURS}, {key_of_person("person_id")} AS person_key,
                                {age_at(birth_on(key_of_person("person_id")), local_day("reported_at"))} AS age
                            FROM "responding.incident" i JOIN (SELECT force, persons, people, {RETURN_INTERVIEW}, {RETURN_HOURS} FROM facts) f USING (force)
                            WHERE opening_code = 'Missing person' AND person_id IS NOT NULL))
                WHERE age < 18 OR {chance("recorded", _ADULTS)}))
    """,
    later={
        "found_at": ("found_by", "found_location_id", "found_location_kind", "harmed", "return_interview_offered", "return_interview_declined"),
        "graded_at": ("risk",), "supervisor_reviewed_at": (), "prevention_interview_at": (), "return_interview_at": ("return_interview_by",),
        "return_interview_shared_at": (), "closed_at": (),
    },
)  # fmt: skip

TABLES = (EPISODE,)
