"""Records of police powers: stop and search."""

from __future__ import annotations

from openpeel.areas.powers.wordings import ETHNIC_GROUPS, LEGISLATION, OBJECTS, OUTCOMES
from openpeel.engine.declare.derivations import Derived, Translation
from openpeel.engine.declare.records import Column, RecordType

STOP_SEARCH = RecordType(
    id="powers.stop_search",
    title="Stop and search",
    kind="event",
    anchor="searched_at",
    key=(),
    meaning="One search of a person, a vehicle or both under a stop and search power, as published.",
    columns=(
        Column(
            "search_type",
            "text",
            "What was searched. A vehicle-only search has no person, so gender, age and ethnicity do "
            "not apply.",
            allowed=("Person search", "Vehicle search", "Person and Vehicle search"),
        ),
        Column("searched_at", "instant", "When the search took place; some forces give only the day.", True),
        Column("part_of_operation", "boolean", "Whether the search was part of a policing operation."),
        Column("operation", "text", "Name of the operation."),
        Column("latitude", "number", "Approximate place, north.", unit="degrees", low=-90, high=90),
        Column("longitude", "number", "Approximate place, east.", unit="degrees", low=-180, high=180),
        Column("gender", "text", "Gender of the person searched.", personal="special-category"),
        Column("age_range", "text", "Age range of the person searched.", personal="special-category"),
        Column(
            "self_defined_ethnicity",
            "text",
            "Ethnicity as the person defined it, in the census's categories of its time.",
            personal="special-category",
        ),
        Column(
            "officer_defined_ethnicity",
            "text",
            "Ethnicity as the officer perceived it.",
            personal="special-category",
        ),
        Column("legislation", "text", "The power used."),
        Column("object_of_search", "text", "What was looked for."),
        Column("outcome", "text", "What followed. Blank is not the same as no further action."),
        Column(
            "outcome_linked",
            "boolean",
            "Whether the outcome was linked to the object of the search. It does not say that the object "
            "was found, and forces fill it in in different ways.",
        ),
        Column(
            "more_than_outer_clothing",
            "boolean",
            "Whether more than a jacket, outer coat or gloves was removed.",
        ),
    ),
    derived=(
        Derived(
            "has_person",
            "boolean",
            "search_type in ('Person search', 'Person and Vehicle search')",
            "Whether a person was searched.",
        ),
        Derived(
            "person_gender",
            "text",
            "case when has_person then gender when not has_person then 'No person' end",
            "Gender of the person searched; No person for a vehicle-only search, whatever is written there.",
        ),
        Derived(
            "person_age_range",
            "text",
            "case when has_person then age_range when not has_person then 'No person' end",
            "Age range of the person searched; No person for a vehicle-only search, whatever is "
            "written there.",
        ),
        Translation("outcome_group", "outcome", OUTCOMES, "The outcome in one generation of wording."),
        Derived(
            "no_further_action",
            "boolean",
            "outcome_group = 'No further action'",
            "Whether nothing followed; unknown where the outcome is blank or its wording not known.",
        ),
        Translation(
            "ethnicity_chinese_in_other",
            "self_defined_ethnicity",
            {k: v[0] for k, v in ETHNIC_GROUPS.items()},
            "Self-defined ethnicity in five groups, Chinese under Other.",
        ),
        Translation(
            "ethnicity_chinese_in_asian",
            "self_defined_ethnicity",
            {k: v[1] for k, v in ETHNIC_GROUPS.items()},
            "Self-defined ethnicity in five groups, Chinese under Asian.",
        ),
        Translation("power", "legislation", LEGISLATION, "The power, in short."),
        Translation("object", "object_of_search", OBJECTS, "What was looked for."),
    ),
)

RECORD_TYPES: tuple[RecordType, ...] = (STOP_SEARCH,)
