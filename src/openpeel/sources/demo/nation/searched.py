"""Stop and search as a force records it itself: Stonemarsh and every fifth force after it.

The other forces send public files, which `sources.demo.searches` writes. Groups of residents, powers, objects and
outcomes are drawn from the same wordings and weights. Truth: ``_true_sought_object_found`` and
``_true_object_found`` say what was found, which the record leaves out now and then; ``_true_reasonable`` whether the
grounds were reasonable, whatever a supervisor said; ``_true_group`` which group of residents the person belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping

from openpeel.sources.demo.nation.days import local_day
from openpeel.sources.demo.nation.draws import after, chance, in_turn, one_of, pick, spread, text_sql, u
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.nominals import age_at, birth_on, ethnicity, gender, key_of_person
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import area, beat, person
from openpeel.sources.demo.nation.staff import employee, staff_number, supervisor, team_of
from openpeel.sources.demo.nation.streams import reference, stream
from openpeel.sources.demo.stream import Choice
from openpeel.sources.demo.wording import (
    AGE,
    DONE,
    DRUGS,
    FIREARMS,
    GENDER,
    NO_FURTHER_ACTION,
    NOT_STATED,
    OBJECT,
    OFFICER_DEFINED,
    PACE,
    SCHOOL,
    SELF_DEFINED,
    TYPE,
    VEHICLE,
)

FOUND = parameter("linked_find", 0.22, 0.03, 0.08, 0.45)  # of all searches, as recorded
GROWTH = parameter("search_growth", 0.0, 0.08, -0.3, 0.5)  # searches in a year
REVIEWED = parameter("search_reviewed", 0.87, 0.08, 0.4, 1.0)
REASONABLE = parameter("grounds_reasonable", 0.83, 0.06, 0.5, 0.98)
VIDEO = parameter("search_video_on", 0.92, 0.04, 0.6, 1.0)
#: One force in this many, by its place in the line, sends its own records.
OWN_RECORDS = 5
#: Share of finds that the record does not tell, and of searches of which it tells nothing of finds.
_MISSED, _BLANK = 0.02, 0.015

_STRONG = (
    "Seen passing small packets at a car window; matches the description a caller gave ten minutes before.",
    "Smell of cannabis from the car, and the driver pushed a bag under the seat when stopped.",
    "Handed a small bag to a second person for money, seen on the town's cameras, and walked off fast.",
)
_STRONG_OTHER = (
    "Reported by a shop's staff as hiding goods under the coat; ran off when called, caught after a short chase.",
    "Named in this morning's intelligence as carrying a knife; put a hand to the waistband on seeing officers.",
    "Tried the doors of three parked cars while watched; a screwdriver could be seen in the pocket.",
)
_WEAK = (
    "Area known for crime.",
    "Acting suspiciously and known to police.",
    "Wearing a hood, nervous when spoken to.",
    "Would not say where he was going.",
    "Known offender, out late.",
)


def _drawn(name: str, choice: Choice[str]) -> str:
    """SQL for one of the wordings, by its weight."""
    low, weights = 0.0, {}
    for value, high in zip(choice.values, choice.cumulated, strict=True):
        weights[value], low = high - low, high
    return pick(name, weights)


def _by(column: str, name: str, choices: Mapping[str, Choice[str]]) -> str:
    cases = " ".join(f"WHEN {text_sql(key)} THEN {_drawn(name, choice)}" for key, choice in choices.items())
    return f"CASE {column} {cases} END"


def own_records(place: str = "place") -> str:
    """SQL: whether the force at this place in the line sends its own records of searches."""
    return f"({place} % {OWN_RECORDS} = 0)"


_POWERS = {DRUGS: "drugs", PACE: "0.985 - drugs", FIREARMS: "0.013", SCHOOL: "0.002"}
_A_YEAR = (
    f"coalesce((SELECT max(searches_a_year) FROM searched WHERE of_force = force AND {own_records('searched.place')}), 0)"
    f" * pow(1 + {GROWTH}, (i - 5.5) / 12.0)"
)
#: Groups and finds are taken in turn, not by lot: a small force's few searches keep its rates.
_TURN = in_turn("turn", "n", 0.6180339887498949)
_FOUND, _REVIEWED = in_turn("found", "n", 0.4142135623730951), in_turn("reviewed", "n", 0.7320508075688772)

SEARCHES = Made(
    "_searches",
    f"""
    SELECT s.*, g.grp, g.quiet, g.linked, {reference("SS-")} AS search_id, {pick("power", _POWERS)} AS power, {_drawn("type", TYPE)} AS search_type,
        {_drawn("gender", GENDER)} AS seen_gender, {_drawn("age", AGE)} AS seen_age
    FROM (SELECT *, {_TURN} AS turn FROM ({stream("own search", _A_YEAR, "1.0")})) s
    JOIN searched g ON g.of_force = s.force AND s.turn >= g.low AND s.turn < g.high
    """,
)

_GROUP = """CASE WHEN stated LIKE '%Not stated' THEN NULL WHEN stated LIKE 'White%' THEN 'White' WHEN stated LIKE 'Asian%' THEN 'Asian or Asian British'
    WHEN stated LIKE 'Black%' THEN 'Black or Black British' WHEN stated LIKE 'Mixed%' THEN 'Mixed' ELSE 'Other Ethnic Group' END"""
_AGE_RANGE = "CASE WHEN years < 10 THEN 'under 10' WHEN years < 18 THEN '10-17' WHEN years < 25 THEN '18-24' WHEN years < 35 THEN '25-34' ELSE 'over 34' END"
_TRIES = 40

#: Somebody of the numbered people who is such a person, of the same age if there is one; where none is found the search
#: keeps no name.
NAMED = Made(
    "_named",
    f"""
    SELECT force, search_id, arg_min(person_id, place) AS person_id, arg_min(stated, place) AS stated, arg_min(years, place) AS years
    FROM (SELECT *, try + CASE WHEN {_AGE_RANGE} = seen_age THEN 0 ELSE {_TRIES} END AS place
          FROM (SELECT *, {ethnicity("person_key")} AS stated, {gender("person_key")} AS their_gender,
                    {age_at(birth_on("person_key"), local_day("moment"))} AS years
                FROM (SELECT *, {key_of_person("person_id")} AS person_key
                      FROM (SELECT *, {person("searched", "hash(xor(_k, hash(try)))", 1.3)} AS person_id
                            FROM (SELECT force, search_id, _k, moment, grp, seen_gender, seen_age, persons, unnest(range({_TRIES})) AS try FROM _searches
                                  WHERE search_type <> {text_sql(VEHICLE)} AND {chance("named", 0.88)}))))
          WHERE their_gender = seen_gender AND {_GROUP} = grp AND years BETWEEN 10 AND 70)
    GROUP BY ALL
    """,
)

_OFFICER = staff_number("response", "searches")
_PERSON = "search_type <> " + text_sql(VEHICLE)


def _personal(sql: str, name: str) -> str:
    return f"CASE WHEN {_PERSON} AND NOT {chance(name + ' blank', 0.02)} THEN {sql} END"


_AGED = """CASE age_range WHEN '10-17' THEN 12 + floor(6 * pow({0}, 0.7)) WHEN '18-24' THEN 18 + floor(7 * {0}) WHEN '25-34' THEN 25 + floor(10 * {0})
    WHEN 'over 34' THEN 35 + floor(25 * {0}) WHEN 'under 10' THEN 9 END::BIGINT""".format(u("aged"))

SEARCH = Made(
    "powers.stop_search",
    f"""
    SELECT force, _k, month, search_type, searched_at, {chance("operation", 0.05)} AS part_of_operation, gender, age_range,
        {_personal(f"CASE WHEN {chance('not stated', 0.12)} THEN {text_sql(NOT_STATED)} ELSE coalesce(stated, {_by('grp', 'own', SELF_DEFINED)}) END", "own")}
            AS self_defined_ethnicity,
        {_personal(_by("grp", "seen", OFFICER_DEFINED), "seen")} AS officer_defined_ethnicity, power AS legislation,
        {_by("power", "object", OBJECT)} AS object_of_search, outcome,
        CASE WHEN outcome IS NOT NULL THEN outcome <> {text_sql(NO_FURTHER_ACTION)} AND sought END AS outcome_linked,
        {chance("stripped", 0.03)} AS more_than_outer_clothing, search_id, {after("searched_at", "600 + " + spread("records", 4000, 0.9))} AS recorded_at,
        {employee(_OFFICER)} AS officer_id, {team_of("response", _OFFICER)} AS team, area AS local_policing_area, {beat("area")} AS beat,
        person_id, CASE WHEN {_PERSON} THEN coalesce(years, {_AGED}) END AS age,
        CASE WHEN month_i < 6 THEN 'Mobile form 3' ELSE 'Mobile form 4' END AS form_version,
        CASE WHEN _true_reasonable THEN CASE WHEN power = {text_sql(DRUGS)} THEN {one_of("strong", _STRONG)} ELSE {one_of("strong", _STRONG_OTHER)} END ELSE {one_of("weak", _WEAK)} END AS grounds,
        CASE WHEN _true_reasonable THEN {chance("behaviour", 0.9)} ELSE {chance("behaviour", 0.45)} END AS behaviour_given,
        {chance("information", "CASE WHEN _true_reasonable THEN 0.6 ELSE 0.2 END")} AS information_given,
        {chance("intelligence", "CASE WHEN _true_reasonable THEN 0.35 ELSE 0.25 END")} AS intelligence_given,
        CASE WHEN known THEN sought OR other END AS object_found,
        CASE WHEN known AND sought THEN {_by("power", "object", OBJECT)} WHEN known AND other THEN 'Other article' END AS found_object,
        CASE WHEN known THEN sought END AS sought_object_found, {chance("offered", 0.95)} AS record_offered, {chance("cuffed", 0.22)} AS handcuffed,
        CASE WHEN {chance("video known", 0.97)} THEN {chance("video", VIDEO)} END AS body_worn_video_on,
        CASE WHEN {chance("video known", 0.97)} AND NOT {chance("video", VIDEO)} THEN {pick("off", {"camera not working": 4, "forgotten": 3, "": 3})} END
            AS body_worn_video_off_reason,
        {chance("stripped", 0.03)} AND {chance("intimate", 0.4)} AS strip_search,
        CASE WHEN {chance("stripped", 0.03)} AND {chance("intimate", 0.4)} THEN 'Police station' END AS strip_search_place,
        CASE WHEN {chance("review known", 0.98)} THEN reviewed END AS supervisor_reviewed, CASE WHEN {chance("review known", 0.98)} THEN reviewed_at END AS supervisor_reviewed_at,
        CASE WHEN reviewed AND {chance("review known", 0.98)} THEN {supervisor("response", "reviews")} END AS supervisor_id,
        CASE WHEN reviewed AND {chance("review known", 0.98)} THEN accepted END AS grounds_accepted,
        CASE WHEN reviewed AND {chance("review known", 0.98)} THEN CASE WHEN accepted THEN {pick("said", {"none needed": 9, "praise": 1})}
             ELSE {pick("said", {"advice": 5, "record returned": 4, "training or development": 1})} END END AS supervisor_response,
        sought OR missed AS _true_sought_object_found, sought OR missed OR other AS _true_object_found, _true_reasonable, grp AS _true_group
    FROM (SELECT *, CASE WHEN reviewed THEN {after("searched_at", "4000 + " + spread("reviewing", 90000, 0.9))} END AS reviewed_at,
              {u("accepts")} < CASE WHEN _true_reasonable THEN 0.985 ELSE 0.72 END AS accepted,
              CASE WHEN {chance("no outcome", 0.02)} THEN NULL
                   WHEN {u("done")} < CASE WHEN sought OR missed THEN 0.93 - quiet WHEN other THEN 0.8 - quiet ELSE 0.05 END THEN {_by("power", "outcome", DONE)}
                   ELSE {text_sql(NO_FURTHER_ACTION)} END AS outcome
          FROM (SELECT *, moment AS searched_at, i AS month_i, {area()} AS area, NOT {chance("finds blank", _BLANK)} AS known,
                    {_personal("seen_gender", "gender")} AS gender, {_personal(f"CASE WHEN years IS NULL THEN seen_age ELSE {_AGE_RANGE} END", "age")} AS age_range,
                    {_FOUND} < {FOUND} AS sought, {_FOUND} >= {FOUND} AND {_FOUND} < {FOUND} + {_MISSED} AS missed,
                    {_FOUND} > 0.965 AS other, {_REVIEWED} < {REVIEWED} AS reviewed, {u("reasonable")} < {REASONABLE} AS _true_reasonable
                FROM _searches LEFT JOIN _named USING (force, search_id)))
    """,
    later={
        "recorded_at": (),
        "supervisor_reviewed_at": ("supervisor_reviewed", "supervisor_id", "grounds_accepted", "supervisor_response"),
    },
)  # fmt: skip

TABLES = (SEARCHES, NAMED, SEARCH)
