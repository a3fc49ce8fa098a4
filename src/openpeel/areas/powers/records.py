"""Records of police powers: stop and search, and, gathered here, force, arrests and what oversees them."""

from __future__ import annotations

from dataclasses import replace

from openpeel.areas.powers.force import ARREST, USE_OF_FORCE, USE_OF_FORCE_TACTIC
from openpeel.areas.powers.oversight import COMPLAINT, PANEL_ATTENDANCE, PANEL_MEETING, PANEL_REVIEW
from openpeel.areas.powers.wordings import ETHNIC_GROUPS, LEGISLATION, OBJECTS, OUTCOMES
from openpeel.engine.declare.columns import (
    choice,
    employee,
    flag,
    free_text,
    instant,
    operational,
    person,
    whole,
    word,
)
from openpeel.engine.declare.derivations import Derived, Translation
from openpeel.engine.declare.records import Column, RecordType, Reference, RowRule

#: Columns that only a force's own record has: they came with the second edition of the type.
_FORCES_OWN = tuple(
    replace(column, since=2)
    for column in (
        operational(
            "search_id",
            "Number of the search in the force's system. Public files have none; a force's extract always.",
            "SS-2024-0777",
        ),
        instant("recorded_at", "When the record was submitted.", "2024-03-06 21:34:00"),
        employee("officer_id", "Officer who searched and wrote the grounds.", "P-5521"),
        word("team", "Team of that officer on that day.", "Response A North"),
        word("local_policing_area", "Local policing area of the place, as bounded on that day.", "North"),
        word("beat", "Beat or neighbourhood of the place.", "North 3"),
        operational(
            "incident_id", "Incident the search belongs to; blank where it has none.", "INC-2024-004711"
        ),
        operational("crime_id", "Crime the search led to or was about.", "CR-2024-001234"),
        operational("arrest_id", "Arrest that followed.", "AR-2024-0555"),
        operational(
            "authorisation_id", "Authorisation in force, for section 60 and its like.", "S60-2024-003"
        ),
        person(
            "person_id", "Nominal number of the person searched; blank where no name was given.", "N-90017"
        ),
        whole("age", "Age of the person at the search, given or estimated.", "24", "years", low=0, high=120),
        word("form_version", "Version of the form or template it was recorded on.", "Mobile form 4"),
        free_text(
            "grounds",
            "The grounds as the officer wrote them: what an audit judges, not what was later said of them.",
            "Seen passing small packets at a car window; matches a description given by a caller.",
        ),
        flag("behaviour_given", "Whether the form's own field for the person's behaviour is filled in."),
        flag("information_given", "Whether the form's own field for information received is filled in."),
        flag(
            "intelligence_given", "Whether the form's own field for police intelligence is filled in.", "no"
        ),
        flag("object_found", "Whether anything was found, the object searched for or another."),
        word("found_object", "What was found, in the force's own codes.", "Controlled drugs"),
        flag(
            "sought_object_found",
            "Whether the object searched for was found: the linked find rate counts these, out of all searches.",
        ),
        flag("record_offered", "Whether the person was given or offered a copy of the record or a receipt."),
        flag("handcuffed", "Whether handcuffs were put on.", "no"),
        flag(
            "body_worn_video_on",
            "Whether body-worn video was on for the whole search, by the officer's record.",
        ),
        word("body_worn_video_off_reason", "Recorded reason why it was off.", "not off"),
        flag(
            "strip_search",
            "Whether intimate parts were exposed. Removal of more than outer clothing alone is not that.",
        ),
        word(
            "strip_search_place",
            "Where the strip search took place, in the force's own codes.",
            "Police station",
        ),
        instant("strip_search_authorised_at", "When the strip search was authorised.", "2024-03-06 21:50:00"),
        employee("strip_search_authoriser_id", "Who authorised the strip search.", "P-3107"),
        choice(
            "strip_search_authoriser_rank",
            "Rank of whoever authorised the strip search, acting ranks as worn.",
            "inspector",
            "constable",
            "sergeant",
            "chief inspector",
            "superintendent or above",
        ),
        flag("appropriate_adult_present", "Whether an appropriate adult was there at the strip search."),
        word(
            "appropriate_adult_absent_reason",
            "Recorded reason why none was there, such as urgency or the child's wish.",
            "not absent",
        ),
        operational(
            "referral_id", "Safeguarding referral made for the person after the search.", "SR-2024-0902"
        ),
        flag(
            "supervisor_reviewed",
            "Whether a supervisor has reviewed the record; blank is not known, never no.",
        ),
        instant("supervisor_reviewed_at", "When a supervisor first reviewed it.", "2024-03-07 07:30:00"),
        employee("supervisor_id", "Supervisor who reviewed it.", "P-3107"),
        flag("grounds_accepted", "Whether the supervisor found the written grounds enough."),
        choice(
            "supervisor_response",
            "What the supervisor did after the review.",
            "none needed",
            "praise",
            "advice",
            "record returned",
            "training or development",
            "referred to professional standards",
        ),
    )
)

STOP_SEARCH = RecordType(
    id="powers.stop_search",
    title="Stop and search",
    kind="event",
    anchor="searched_at",
    key=("search_id",),
    key_may_be_blank=True,
    meaning="One search of a person, a vehicle or both under a stop and search power, as published or as "
    "the force recorded it.",
    columns=(
        Column(
            "search_type",
            "text",
            "What was searched. A vehicle-only search has no person, so gender, age and ethnicity do "
            "not apply.",
            allowed=("Person search", "Vehicle search", "Person and Vehicle search"),
            example="Person search",
        ),
        Column(
            "searched_at",
            "instant",
            "When the search took place; some forces give only the day.",
            True,
            example="2024-03-06 21:10:00",
        ),
        Column(
            "part_of_operation",
            "boolean",
            "Whether the search was part of a policing operation.",
            example="yes",
        ),
        Column("operation", "text", "Name of the operation.", example="Operation Lantern"),
        Column(
            "latitude",
            "number",
            "Approximate place, north.",
            unit="degrees",
            low=-90,
            high=90,
            example="52.823100",
        ),
        Column(
            "longitude",
            "number",
            "Approximate place, east.",
            unit="degrees",
            low=-180,
            high=180,
            example="-1.818900",
        ),
        Column(
            "gender", "text", "Gender of the person searched.", personal="special-category", example="Male"
        ),
        Column(
            "age_range",
            "text",
            "Age range of the person searched.",
            personal="special-category",
            example="18-24",
        ),
        Column(
            "self_defined_ethnicity",
            "text",
            "Ethnicity as the person defined it, in the census's categories of its time.",
            personal="special-category",
            example="White - English/Welsh/Scottish/Northern Irish/British",
        ),
        Column(
            "officer_defined_ethnicity",
            "text",
            "Ethnicity as the officer perceived it.",
            personal="special-category",
            example="White",
        ),
        Column("legislation", "text", "The power used.", example="Misuse of Drugs Act 1971 (section 23)"),
        Column("object_of_search", "text", "What was looked for.", example="Controlled drugs"),
        Column(
            "outcome", "text", "What followed. Blank is not the same as no further action.", example="Arrest"
        ),
        Column(
            "outcome_linked",
            "boolean",
            "Whether the outcome was linked to the object of the search. It does not say that the object "
            "was found, and forces fill it in in different ways.",
            example="yes",
        ),
        Column(
            "more_than_outer_clothing",
            "boolean",
            "Whether more than a jacket, outer coat or gloves was removed.",
            example="no",
        ),
        *_FORCES_OWN,
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
    rules=(
        RowRule(
            "sought-object-is-an-object",
            "not (sought_object_found and not object_found)",
            "the object searched for was found and nothing was found",
        ),
    ),
    references=(
        Reference(("incident_id",), "responding.incident"),
        Reference(("crime_id",), "investigating.crime"),
        Reference(("arrest_id",), "powers.arrest"),
        Reference(("referral_id",), "vulnerable.safeguarding_referral"),
        Reference(("person_id",), "shared.person_reference"),
        Reference(("local_policing_area",), "shared.local_policing_area"),
    ),
    systems=(
        "Public files (data.police.uk)",
        "Mobile forms (Pronto, Optik)",
        "Records management (Niche, Athena, Connect)",
    ),
    export="One row per person searched, and one per vehicle searched without a person; two people in one car are "
    "two rows. Public files need no export. From the force's system ask for the grounds text, for what was found "
    "apart from the outcome, and for records not yet reviewed or never submitted to the public files.",
)

RECORD_TYPES: tuple[RecordType, ...] = (
    STOP_SEARCH,
    USE_OF_FORCE,
    USE_OF_FORCE_TACTIC,
    ARREST,
    COMPLAINT,
    PANEL_MEETING,
    PANEL_ATTENDANCE,
    PANEL_REVIEW,
)
