"""People behind references: who they are hangs on the reference alone, so that every table says the same of them.

A few people stand under two numbers, an even one and the odd one before it: `true_person` is the number they all
truly are. What a record says of age, gender and ethnicity is worked out from that number.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import number, pick, u

#: Share of even numbers that are a second number of the person under the number before.
_TWICE = 0.04
#: So many people are suspected of so many crimes.
_PROLIFIC, _PROLIFIC_CRIMES = 0.006, 0.45
_GROUPS: dict[str, float | str] = {
    "White - English/Welsh/Scottish/Northern Irish/British": 79, "White - Any other White background": 5,
    "Asian/Asian British - Pakistani": 4, "Asian/Asian British - Indian": 2.5,
    "Asian/Asian British - Any other Asian background": 1.5, "Black/African/Caribbean/Black British - African": 2.2,
    "Black/African/Caribbean/Black British - Caribbean": 1.6, "Mixed/Multiple ethnic groups - White and Black Caribbean": 1.6,
    "Other ethnic group - Any other ethnic group": 1.2, "Other ethnic group - Not stated": 1.4,
}  # fmt: skip
_CODES = ("W1", "W9", "A2", "A1", "A9", "B1", "B2", "M1", "O9", "NS")


def _number(person_id: str) -> str:
    return f"substr({person_id}, 3)::BIGINT"


def _own_key(person_id: str, force: str) -> str:
    return f"hash({person_id} || {force})"


def second_number(person_id: str, force: str = "force") -> str:
    """SQL: whether a number is the second one of somebody."""
    return f"({_number(person_id)} % 2 = 0 AND {u('second number', _own_key(person_id, force))} < {_TWICE})"


def true_person(person_id: str, force: str = "force") -> str:
    """SQL for the number under which a person truly stands; the same number for almost all."""
    first = number("N-", f"{_number(person_id)} - 1", 7)
    return f"CASE WHEN {second_number(person_id, force)} THEN {first} ELSE {person_id} END"


def key_of_person(person_id: str, force: str = "force") -> str:
    """SQL for the key of a person, to be kept in a column: all that is said of the person is drawn by it."""
    return _own_key(f"({true_person(person_id, force)})", force)


def suspected(name: str, key: str = "_k") -> str:
    """SQL for the reference of somebody who is suspected of crimes; a few turn up in many. Needs ``persons``."""
    among = f"CASE WHEN {u(f'{name} again', key)} < {_PROLIFIC_CRIMES} THEN {u(name, key)} * {_PROLIFIC} ELSE pow({u(name, key)}, 1.4) END"
    return number("N-", f"1 + floor(({among}) * persons)::BIGINT", 7)


def gender(key: str) -> str:
    """SQL for a person's gender; blank for a few."""
    return pick("gender", {"Male": 51, "Female": 48.4, "Other": 0.2, "": 0.4}, key)


def ethnicity(key: str) -> str:
    """SQL for a person's ethnicity, in the person's own words."""
    return pick("ethnicity", _GROUPS, key)


def ethnicity_code(key: str) -> str:
    """SQL for the same ethnicity as one of the 18+1 codes."""
    return pick("ethnicity", dict(zip(_CODES, _GROUPS.values(), strict=True)), key)


def seen_ethnicity(stated: str) -> str:
    """SQL for an officer's view of an ethnicity stated in a column."""
    return f"""CASE WHEN {stated} LIKE 'White%' OR {stated} LIKE '%Not stated' THEN 'White' WHEN {stated} LIKE 'Asian%' THEN 'Asian'
        WHEN {stated} LIKE 'Black%' OR {stated} LIKE 'Mixed%' THEN 'Black' WHEN {stated} IS NOT NULL THEN 'Other' END"""


def birth_on(key: str) -> str:
    """SQL for a person's date of birth: a sixth are children, few are old."""
    part = u("age", key)
    years = f"""CASE WHEN {part} < 0.16 THEN 4 + {part} / 0.16 * 14 WHEN {part} < 0.62 THEN 18 + ({part} - 0.16) / 0.46 * 22
        WHEN {part} < 0.91 THEN 40 + ({part} - 0.62) / 0.29 * 25 ELSE 65 + ({part} - 0.91) / 0.09 * 25 END"""
    return f"(DATE '2024-03-31' - floor(({years}) * 365.2425)::INTEGER)"


def age_at(birth: str, day: str) -> str:
    """SQL for whole years from a date of birth to a day."""
    return f"date_sub('year', {birth}, ({day})::DATE)"
