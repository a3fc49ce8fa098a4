"""The reference rows of persons: one for each number that any table of the nation names, with identities made up.

Truth column ``_true_person``: the number under which the person truly stands. A few people have two numbers; of
some of these the names are spelt otherwise under the second, and some were merged. Businesses and the state stand
among the persons by the numbers that crimes give them as victims.
"""

from __future__ import annotations

from collections.abc import Sequence

from openpeel.sources.demo.nation.draws import chance, one_of, pick, text_sql, u
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.nominals import (
    birth_on,
    ethnicity_code,
    gender,
    key_of_person,
    second_number,
    seen_ethnicity,
    true_person,
)
from openpeel.sources.demo.nation.places import area

#: Tables that name members of the public, and the columns in which any of them does.
NAMED_IN = (
    "investigating.crime_outcome", "investigating.crime_suspect", "investigating.digital_exhibit", "investigating.missing_episode",
    "offenders.bail_period", "offenders.managed_offender", "offenders.notification_breach", "offenders.offender_visit",
    "offenders.online_abuse_case", "offenders.risk_plan", "offenders.suspect", "offenders.visit_suspension", "powers.arrest",
    "powers.complaint", "powers.panel_attendance", "powers.stop_search", "powers.use_of_force", "prevention.key_individual",
    "prevention.problem_plan", "responding.call", "responding.incident", "responding.online_contact",
    "responding.street_triage_attendance", "victims.victim", "victims.victim_contract", "victims.victim_entitlement",
    "victims.victim_update", "vulnerable.disclosure_request", "vulnerable.marac_case", "vulnerable.protective_order",
    "vulnerable.risk_assessment", "vulnerable.safeguarding_referral", "workforce.assault_on_staff",
)  # fmt: skip
_COLUMNS = ("caller_id", "member_id", "offender_id", "person_id", "sender_id", "suspect_id", "victim_id")

_FAMILY = (
    "Ashdown", "Barrow", "Birch", "Blackwood", "Bramley", "Brook", "Carter", "Chandler", "Clay", "Cooper", "Croft", "Dale",
    "Dawson", "Dyer", "Eastwood", "Elmer", "Farrow", "Fenwick", "Fletcher", "Fuller", "Garland", "Glover", "Grange", "Hale",
    "Harcourt", "Hawthorn", "Heath", "Holloway", "Hooper", "Hurst", "Iqbal", "Jarvis", "Kaur", "Kendal", "Khan", "Kowalska",
    "Lambert", "Langley", "Lea", "Marlow", "Marsh", "Mason", "Mistry", "Moss", "Nash", "Northcote", "Nowak", "Oakley", "Okafor",
    "Osei", "Palmer", "Patel", "Pike", "Quarry", "Reeve", "Ridley", "Rowan", "Sawyer", "Shah", "Shepherd", "Singh", "Slater",
    "Stone", "Tanner", "Thatcher", "Thorne", "Turner", "Underhill", "Vale", "Wainwright", "Walker", "Weaver", "Webb", "Whitfield",
    "Winter", "Wood", "Wright", "Yardley", "Yeoman", "York",
)  # fmt: skip
_WOMEN = (
    "Abigail", "Aisha", "Alice", "Amelia", "Anna", "Beth", "Carol", "Chloe", "Diane", "Ella", "Emma", "Fatima", "Freya", "Grace",
    "Hannah", "Helen", "Isla", "Jane", "Karen", "Laura", "Leah", "Lucy", "Maria", "Megan", "Nadia", "Olivia", "Priya", "Rachel",
    "Ruth", "Sarah", "Sophie", "Susan", "Tracey", "Zara",
)  # fmt: skip
_MEN = (
    "Adam", "Ahmed", "Alan", "Andrew", "Ben", "Brian", "Callum", "Charlie", "Craig", "Daniel", "David", "Ethan", "Gary", "George",
    "Harry", "Imran", "Jack", "James", "Joe", "John", "Josh", "Kevin", "Kyle", "Liam", "Mark", "Mohammed", "Nathan", "Oliver",
    "Paul", "Peter", "Ryan", "Sam", "Steven", "Tom",
)  # fmt: skip
_STREETS = (
    "High Street",
    "Mill Lane",
    "Church Road",
    "Station Road",
    "Orchard Close",
    "Quarry Hill",
    "Weir Walk",
    "Park View",
)
_ETHNICITY = ethnicity_code("_true_k")
#: Systems were filled from older ones on one day; later numbers have days of their own.
_MOVED, _UNTIL = "DATE '2018-10-01'", "DATE '2024-03-28'"


def persons_of(tables: Sequence[str]) -> Made:
    """The reference rows of all persons that these tables name; made after them."""
    wanted = ", ".join(text_sql(c) for c in ("force", *_COLUMNS))
    none = ", ".join(f"NULL::VARCHAR AS {c}" for c in ("force", *_COLUMNS))
    held = " UNION ALL BY NAME ".join(f'SELECT COLUMNS(lambda c: c IN ({wanted})) FROM "{t}"' for t in tables)
    return Made(
        "shared.person_reference",
        f"""
        WITH named AS (
            SELECT DISTINCT force, person_id FROM (
                SELECT force, unnest([{", ".join(_COLUMNS)}]) AS person_id
                FROM (SELECT {none} WHERE false UNION ALL BY NAME {held})) WHERE person_id IS NOT NULL),
        keyed AS (
            SELECT *, hash(person_id || force) AS _k, person_id LIKE 'N-%' AS human,
                CASE WHEN person_id LIKE 'N-%' THEN {true_person("person_id")} ELSE person_id END AS _true_person,
                CASE WHEN person_id LIKE 'N-%' THEN {second_number("person_id")} ELSE false END AS second FROM named),
        merged AS (SELECT *, second AND {chance("merged", 0.3)} AS gone FROM keyed),
        everybody AS (
            SELECT force, person_id, _k, human, _true_person, second, gone FROM merged
            UNION ALL
            SELECT force, _true_person, hash(_true_person || force), true, _true_person, false, false
            FROM (SELECT DISTINCT force, _true_person FROM merged WHERE gone)
            WHERE (force, _true_person) NOT IN (SELECT (force, person_id) FROM named)),
        truly AS (
            SELECT e.*, CASE WHEN human THEN {key_of_person("person_id")} ELSE _k END AS _true_k, f.areas
            FROM everybody e JOIN (SELECT force, areas FROM facts) f USING (force))
        SELECT force, _k, person_id,
            CASE WHEN {chance("moved", 0.88)} THEN {_MOVED} ELSE {_UNTIL} - floor({u("opened")} * 360)::INTEGER END AS recorded_on,
            CASE WHEN gone THEN _true_person ELSE person_id END AS current_person_id,
            CASE WHEN NOT human THEN 'Business ' || person_id ELSE {one_of("family", _FAMILY, "_true_k")} END AS family_name,
            CASE WHEN NOT human THEN NULL WHEN second AND {chance("spelt otherwise", 0.3)} THEN left(given, 3) ELSE given END AS given_name,
            CASE WHEN human AND {chance("birth known", 0.97)} THEN born END AS birth_on,
            CASE WHEN human AND {chance("address known", 0.94)} THEN {_address("_true_k")} END AS address,
            CASE WHEN human AND {chance("address known", 0.94)} THEN 'ZZ' || (1 + {_number_of("district", 60)})::VARCHAR || ' ' || (1 + {_number_of("sector", 9)})::VARCHAR || {one_of("unit", ("AB", "CD", "EF", "GH", "JK"), "_true_k")} END
                AS postcode,
            CASE WHEN human AND {chance("lives here", 0.93, "_true_k")} THEN {area("_true_k")} END AS local_policing_area,
            CASE WHEN human THEN gender END AS gender, CASE WHEN human AND {chance("ethnicity known", 0.8)} THEN {_ETHNICITY} END AS self_defined_ethnicity,
            CASE WHEN human AND {chance("ethnicity seen", 0.6)} THEN {seen_ethnicity("ethnicity_words")} END AS officer_defined_ethnicity,
            CASE WHEN human AND {chance("disability known", 0.55)} THEN {chance("disability", 0.12, "_true_k")} END AS disabled,
            CASE WHEN human THEN {pick("language", {"English": 97, "Polish": 1, "Urdu": 1, "Romanian": 1}, "_true_k")} END AS first_language, _true_person
        FROM (SELECT *, {gender("_true_k")} AS gender, {birth_on("_true_k")} AS born, {_words()} AS ethnicity_words,
                  CASE WHEN {gender("_true_k")} = 'Female' THEN {one_of("given", _WOMEN, "_true_k")} ELSE {one_of("given", _MEN, "_true_k")} END AS given
              FROM truly)
        """,
    )


def _words() -> str:
    """SQL for the first word of an ethnicity, from its code."""
    return f"CASE left({_ETHNICITY}, 1) WHEN 'W' THEN 'White' WHEN 'A' THEN 'Asian' WHEN 'B' THEN 'Black' WHEN 'M' THEN 'Mixed' WHEN 'N' THEN 'Not stated' ELSE 'Other' END"


def _number_of(name: str, below: int) -> str:
    return f"floor({u(name, '_true_k')} * {below})::INTEGER"


def _address(key: str) -> str:
    return f"(1 + {_number_of('house', 180)})::VARCHAR || ' ' || {one_of('street', _STREETS, key)}"


PERSONS = persons_of(NAMED_IN)
TABLES = (PERSONS,)
