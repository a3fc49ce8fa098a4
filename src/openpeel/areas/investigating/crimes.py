"""Records of crimes: the crime, changes of its class or standing, outcomes, suspects, supervision."""

from __future__ import annotations

from openpeel.engine.declare.columns import (
    choice,
    decimal,
    employee,
    flag,
    free_text,
    instant,
    operational,
    person,
    special,
    whole,
    word,
)
from openpeel.engine.declare.records import RecordType, Reference, RowRule

_CRIME = "Crime recording and investigation (Niche, Athena, Connect)"
#: Levels of the programme for professionalising investigations, and none of them.
LEVELS = ("PIP 1", "PIP 2", "PIP 3", "PIP 4", "none")
#: The national outcome types, with the variants of the first three.
OUTCOME_TYPES = ("1", "1A", "2", "2A", "3", "3A", *(str(n) for n in range(4, 23)))

_REPORT = (
    operational("crime_id", "Number of the crime.", "CR-2024-001234", required=True),
    operational("incident_id", "First incident it came from; blank where it was recorded without one.",
                "INC-2024-004711"),
    instant("reported_at", "When it was first reported to the force, as a crime or not: the 24 hours to record it "
            "start here.", "2024-03-04 14:02:10"),
    instant("recorded_at", "When it was recorded as a crime: stops the 24 hours, and decides the month it counts in.",
            "2024-03-04 16:40:00", required=True),
    choice(
        "route",
        "How it came to be recorded.",
        "from an incident",
        "directly by telephone",
        "online",
        "front counter",
        "by an officer",
        "from a partner agency",
        "from another force",
        "other",
    ),
    instant("committed_from_at", "When it happened, or the first time it can have.", "2024-03-04 13:40:00"),
    instant("committed_to_at", "The last time it can have happened.", "2024-03-04 14:02:00"),
)  # fmt: skip

_CLASS = (
    word("offence_code", "Home Office code it is classed under now.", "8N"),
    word("offence", "That offence in words.", "Assault with injury"),
    word("offence_group", "Group of offences by the Home Office's table.", "Violence against the person"),
    word("offence_subgroup", "Subgroup of offences by that table.", "Violence with injury"),
    word("first_offence_code", "Home Office code it was first recorded under.", "105A"),
    instant("reclassified_at", "When it was last given another code; blank if never.", "2024-03-11 09:30:00"),
    word("reclassified_reason", "Reason for that, in the force's own codes.", "Injury confirmed"),
    choice(
        "standing",
        "What it counts as now. Cancelled and transferred crimes leave the counts and their denominators.",
        "recorded",
        "cancelled",
        "transferred",
    ),
    instant("standing_at", "When it came to count as that: when recorded, cancelled or transferred.",
            "2024-03-04 16:40:00"),
    word("standing_reason", "Reason for cancelling or transferring it; the first recording has its own word.",
         "first recording"),
    word("transferred_to", "Force it was transferred to.", "not transferred"),
)  # fmt: skip

_MARKERS = (
    flag("domestic_abuse", "Whether it is marked as domestic abuse."),
    flag("child_abuse", "Whether it is marked as abuse of a child.", "no"),
    flag("child_exploitation", "Whether it is marked as sexual or criminal exploitation of a child.", "no"),
    flag("indecent_images_of_children", "Whether it is about indecent images of children.", "no"),
    flag("rape_or_serious_sexual_offence", "Whether it is handled as a rape or serious sexual offence.", "no"),
    flag("stalking_or_harassment", "Whether it is marked as stalking or harassment.", "no"),
    flag("honour_based_abuse", "Whether it is marked as honour-based abuse.", "no", personal="special-category"),
    flag("hate_crime", "Whether it is marked as a hate crime.", "no"),
    special("hate_strand", "Characteristic the hostility was about, several joined by a comma.", "none"),
    flag("knife_or_blade", "Whether a knife or blade was used or threatened.", "no"),
    flag("firearm", "Whether a firearm was used or threatened.", "no"),
    flag("online", "Whether it was committed online, in full or in part.", "no"),
    flag("antisocial_behaviour", "Whether it is marked as part of antisocial behaviour.", "no"),
    flag("gang_related", "Whether it is marked as linked to a gang or county line.", "no"),
    word("operation", "Operation or series it is linked to.", "Operation Lantern"),
)  # fmt: skip

_PLACE = (
    word("local_policing_area", "Local policing area of the place, as bounded on that day.", "North"),
    word("beat", "Beat or neighbourhood of the place.", "North 3"),
    operational("location_id", "Number of the place in the force's gazetteer: equal for equal addresses.",
                "LOC-0048213"),
    word("location_kind", "What sort of place it was.", "Dwelling"),
    word("ward", "Electoral ward or named place, larger than a street.", "Castle"),
    word("local_authority", "Local authority of the place.", "Northshire"),
    word("census_area", "Census code of the small area (LSOA) the place is in.", "E01000001"),
    decimal("easting", "National grid easting of the place.", "412300", "metres", low=0, high=700_000,
            personal="operational-reference"),
    decimal("northing", "National grid northing of the place.", "325100", "metres", low=0, high=1_300_000,
            personal="operational-reference"),
)  # fmt: skip

_INVESTIGATION = (
    flag("attended", "Whether an officer went to the victim or the place, then or later."),
    flag("screened_out", "Whether it was filed without an investigator, on the first assessment.", "no"),
    instant("allocated_at", "When it was first given to an investigator.", "2024-03-04 18:00:00"),
    employee("officer_id", "Officer in the case now, or when it was closed.", "P-5521"),
    word("team", "Team of that officer now, or when it was closed.", "Response A North"),
    choice("level_needed", "Investigator level that the force's allocation policy asks for.", *LEVELS),
    choice("level_held", "Investigator level that the officer in the case is accredited at, in training not counted.",
           *LEVELS),
    choice(
        "specialist_needed",
        "Further accreditation the policy asks for: sexual offences (SSAIDP) or child abuse (SCAIDP).",
        "none",
        "SSAIDP",
        "SCAIDP",
        "other",
    ),
    flag("specialist_held", "Whether the officer in the case has that accreditation; blank where none is needed."),
    instant("plan_set_at", "When an investigation plan was first on the record.", "2024-03-04 20:10:00"),
    employee("supervisor_id", "Supervisor of the investigation now, or when it was closed.", "P-3107"),
    instant("closed_at", "When the investigation was last closed; blank while open. Its outcomes have their own dates.",
            "2024-04-29 15:20:00"),
)  # fmt: skip

CRIME = RecordType(
    id="investigating.crime",
    title="Crimes",
    kind="event",
    anchor="recorded_at",
    key=("crime_id",),
    meaning="One crime recorded under the Home Office's counting rules, as it stands now.",
    systems=(_CRIME,),
    export="One row per crime number, cancelled and transferred ones too: they must be seen to leave. Take the time of "
    "the first report from the incident, not the start of the crime report, or recording within 24 hours is always "
    "met. Leave out crime-related incidents that were never crimes, and the modus operandi text.",
    columns=(*_REPORT, *_CLASS, *_MARKERS, *_PLACE, *_INVESTIGATION),
    rules=(
        RowRule("recorded-after-reported", "recorded_at >= reported_at", "recorded before it was reported"),
        RowRule("committed-in-order", "committed_to_at >= committed_from_at", "last possible time before the first"),
    ),
    references=(
        Reference(("incident_id",), "responding.incident"),
        Reference(("local_policing_area",), "shared.local_policing_area"),
    ),
)  # fmt: skip

CRIME_CHANGE = RecordType(
    id="investigating.crime_change",
    title="Changes of a crime's class or standing",
    kind="event",
    anchor="changed_at",
    key=("crime_id", "change_number"),
    meaning="One change of what a crime counts as: first recorded, reclassified, cancelled, transferred, or recorded "
    "again.",
    systems=(_CRIME, "Register of the force crime registrar"),
    export="One row per change from the classification history, numbered in order from 1; the first recording is the "
    "first. Ask for the history table: the crime itself shows only the last class.",
    columns=(
        operational("crime_id", "Number of the crime.", "CR-2024-001234", required=True),
        whole("change_number", "Running number of the change, 1 for the first recording.", "2", "changes", low=1,
              required=True),
        instant("changed_at", "When the change was made.", "2024-03-11 09:30:00", required=True),
        choice("change", "What was done.", "reclassified", "recorded", "cancelled", "transferred", "recorded again",
               required=True),
        word("from_offence_code", "Home Office code before; blank for the first recording.", "105A"),
        word("to_offence_code", "Home Office code after; blank where it no longer counts.", "8N"),
        choice(
            "reason",
            "National reason where it was cancelled or transferred; none for other changes.",
            "none",
            "committed in another force's area",
            "verified that no crime took place",
            "duplicate or part of another crime",
            "recorded in error",
            "self-defence claimed and verified",
        ),
        word("force_reason", "Reason in the force's own codes.", "Injury confirmed"),
        operational("duplicate_of", "Crime it is a duplicate or part of.", "CR-2024-001188"),
        word("transferred_to", "Force it was transferred to.", "not transferred"),
        flag("accepted_by_force", "Whether that force confirmed the transfer.", "no"),
        employee("decided_by_id", "Number of the person who decided on it.", "P-4410"),
        choice("decided_by", "Role in which that person decided.", "designated decision maker",
               "force crime registrar", "supervisor", "officer", "other"),
        flag("verified", "Whether the information the decision rests on is on the record."),
        flag("victim_told", "Whether the victim was told of the change."),
    ),
    rules=(RowRule("no-duplicate-of-itself", "duplicate_of <> crime_id", "is a duplicate of itself"),),
    references=(
        Reference(("crime_id",), "investigating.crime"),
        Reference(("duplicate_of",), "investigating.crime"),
    ),
)  # fmt: skip

CRIME_OUTCOME = RecordType(
    id="investigating.crime_outcome",
    title="Outcomes of crimes",
    kind="event",
    anchor="assigned_at",
    key=("crime_id", "outcome_number"),
    meaning="One outcome assigned to one crime; a crime can be given several over time, and for several suspects.",
    systems=(_CRIME,),
    export="One row per outcome ever assigned, replaced ones too, numbered in order from 1 within the crime. Ask for "
    "the history table: an export of crimes holds the last outcome alone, and its date is often the date of the last "
    "edit. A crime without an outcome has no row.",
    columns=(
        operational("crime_id", "Number of the crime.", "CR-2024-001234", required=True),
        whole("outcome_number", "Running number of the outcome, 1 for the first.", "1", "outcomes", low=1,
              required=True),
        instant("assigned_at", "When it was assigned: decides the month it counts in as an outcome of the period, "
                "whenever the crime was recorded.", "2024-04-29 15:20:00", required=True),
        choice(
            "outcome_type",
            "National outcome type by number: 1 charge, 14 and 16 victim does not support, 15 evidential "
            "difficulties, 18 no suspect, 20 another body, 22 diversion.",
            *OUTCOME_TYPES,
            required=True,
        ),
        word("force_code", "Outcome in the force's own code, where it is finer.", "1 - charged"),
        person("suspect_id", "Suspect it is about; blank where it is about the crime.", "N-90017"),
        flag("rationale_recorded", "Whether a reason for this outcome is on the record."),
        free_text("rationale", "The reason for this outcome, as written.",
                  "Prosecutor authorised a charge on the victim's statement and the officers' video."),
        employee("assigned_by_id", "Number of the person who assigned it.", "P-5521"),
        word("team", "Team of that person on that day.", "Response A North"),
        employee("supervisor_id", "Supervisor who looked at it.", "P-3107"),
        instant("supervised_at", "When that supervisor agreed to it or sent it back.", "2024-04-29 16:00:00"),
        flag("supervisor_agreed", "Whether that supervisor agreed to it."),
        flag("prosecutor_consulted", "Whether a prosecutor was asked before it was assigned."),
        flag("victim_asked", "Whether the victim was asked for a view before it was assigned."),
        choice(
            "victim_view",
            "What the victim thought of it when asked; not asked and not reached are two things.",
            "agreed",
            "disagreed",
            "no view",
            "not reached",
            "not asked",
            "no victim to ask",
        ),
        choice(
            "victim_view_kept_as",
            "What shows the victim's wishes to somebody who checks later.",
            "signed statement",
            "signed notebook entry",
            "video or audio",
            "message from the victim",
            "officer's note",
            "nothing",
        ),
        flag("victim_told", "Whether the victim was told which outcome was assigned."),
        instant("victim_told_at", "When the victim was told.", "2024-04-30 10:15:00"),
        word("other_body", "For outcome 20: the body or agency that acts.", "none"),
        flag("other_body_confirmed", "For outcome 20: whether that body confirmed that it acts.", "no"),
        instant("replaced_at", "When another outcome took its place; blank while it stands.", "2024-05-13 09:00:00"),
        word("replaced_reason", "Reason for that, in the force's own codes.", "charge discontinued"),
    ),
    rules=(RowRule("replaced-after-assigned", "replaced_at >= assigned_at", "replaced before it was assigned"),),
    references=(
        Reference(("crime_id",), "investigating.crime"),
        Reference(("crime_id", "suspect_id"), "offenders.suspect"),
    ),
)  # fmt: skip

CRIME_SUSPECT = RecordType(
    id="investigating.crime_suspect",
    title="Suspects of crimes",
    kind="event",
    anchor="named_at",
    key=("crime_id", "suspect_id"),
    meaning="One person under suspicion of one crime, by the crime's own record; what was done about the person "
    "(risk category, wanted, arrested, interviewed) is a record of the area on offenders and suspects.",
    systems=(_CRIME,),
    export="One row per crime and person linked as a suspect, those since ruled out too. Unknown suspects with a "
    "description alone have no nominal number: leave them out. Do not take in witnesses and others linked.",
    columns=(
        operational("crime_id", "Number of the crime.", "CR-2024-001234", required=True),
        person("suspect_id", "Nominal number of the suspect.", "N-90017", required=True),
        instant("named_at", "When the person was first put on the crime's record as a suspect.", "2024-03-04 16:45:00",
                required=True),
        choice(
            "named_by",
            "Where the name came from.",
            "victim",
            "witness",
            "arrest at the scene",
            "police enquiry",
            "forensic match",
            "video",
            "intelligence",
            "partner agency",
            "other",
        ),
        choice("status", "Where the suspicion stands now.", "suspected", "charged", "otherwise dealt with", "ruled out",
               "no further action"),
        instant("ruled_out_at", "When the person was ruled out; blank if not.", "2024-03-20 12:00:00"),
        choice(
            "relationship",
            "What the suspect is to the victim.",
            "partner",
            "former partner",
            "other relative",
            "acquaintance",
            "professional or carer",
            "stranger",
            "none",
        ),
        flag("repeat_suspect", "Whether marked as a repeat suspect by the force's own rule."),
        whole("age", "Age of the suspect when the crime was recorded.", "24", "years", low=0, high=120),
        special("gender", "Gender of the suspect.", "Male"),
        special("self_defined_ethnicity", "Ethnicity as the suspect defined it.",
                "White - English/Welsh/Scottish/Northern Irish/British"),
        special("officer_defined_ethnicity", "Ethnicity as an officer perceived it.", "White"),
    ),
    rules=(RowRule("ruled-out-after-named", "ruled_out_at >= named_at", "ruled out before being named"),),
    references=(
        Reference(("crime_id",), "investigating.crime"),
        Reference(("suspect_id",), "shared.person_reference"),
    ),
)  # fmt: skip

CRIME_SUPERVISION = RecordType(
    id="investigating.crime_supervision",
    title="Supervisor reviews of investigations",
    kind="event",
    anchor="reviewed_at",
    key=("crime_id", "review_number"),
    meaning="One review of one investigation that a supervisor put on its record.",
    systems=(_CRIME,),
    export="One row per supervisor's entry, numbered in order from 1 within the crime. Templates and entry types tell "
    "reviews from notes; entries of the officer in the case are none. The text is not wanted.",
    columns=(
        operational("crime_id", "Number of the crime.", "CR-2024-001234", required=True),
        whole("review_number", "Running number of the review.", "1", "reviews", low=1, required=True),
        instant("reviewed_at", "When the review was put on the record.", "2024-03-04 20:15:00", required=True),
        instant("due_at", "When the force's policy asked for it.", "2024-03-05 16:40:00"),
        employee("supervisor_id", "Supervisor who made it.", "P-3107"),
        word("supervisor_team", "Team of that supervisor on that day.", "Response A North"),
        choice(
            "review",
            "What sort of review it was.",
            "first review",
            "regular review",
            "review by a more senior supervisor",
            "review by a quality sergeant",
            "closing review",
            "other",
        ),
        employee("officer_id", "Officer in the case at that time.", "P-5521"),
        word("team", "Team of that officer at that time.", "Response A North"),
        flag("directions_given", "Whether it gave lines of enquiry or other directions."),
        whole("lines_open", "Lines of enquiry open after it.", "3", "lines of enquiry", low=0),
    ),
    references=(Reference(("crime_id",), "investigating.crime"),),
)  # fmt: skip
