"""Records of managing offenders and suspects: suspects and online abuse cases, and, gathered here, the rest."""

from __future__ import annotations

from openpeel.areas.offenders import derived
from openpeel.areas.offenders.bail import (
    BAIL_CONDITION_CHECK,
    BAIL_EXTENSION,
    BAIL_PERIOD,
    BAIL_SUSPENSION,
)
from openpeel.areas.offenders.managed import (
    MANAGED_OFFENDER,
    NOTIFICATION_BREACH,
    OFFENDER_VISIT,
    RISK_PLAN,
    VISIT_SUSPENSION,
)
from openpeel.engine.declare.columns import (
    choice,
    day,
    employee,
    flag,
    instant,
    operational,
    person,
    whole,
    word,
)
from openpeel.engine.declare.records import RecordType, Reference, RowRule

SUSPECT = RecordType(
    id="offenders.suspect",
    title="Suspects",
    kind="event",
    anchor="identified_at",
    key=("crime_id", "suspect_id"),
    meaning="One person suspected of one crime.",
    systems=("Records management (Niche, Athena, Connect)", "PNC, for who is circulated as wanted"),
    export="One row per crime and suspect: a person suspected of three crimes is three rows. Include those since "
    "eliminated, arrested or charged, not only today's wanted list. Named by the victim is identified, even if "
    "nobody has linked the person to the crime yet: ask which time the system holds.",
    columns=(
        operational("crime_id", "Number of the crime.", "CR-2024-001234", required=True),
        person("suspect_id", "The person suspected.", "N-90017", required=True),
        instant(
            "identified_at",
            "When the person was first known to be a suspect, not when last updated.",
            "2024-03-04 14:35:00",
            required=True,
        ),
        choice(
            "risk_category",
            "Category of the force's policy on suspects, put into these words; blank for none given.",
            "high",
            "very high",
            "medium",
            "low",
        ),
        instant("categorised_at", "When the category was last set.", "2024-03-04 17:00:00"),
        flag(
            "domestic_abuse", "Suspected in a matter of domestic abuse, where a positive arrest policy holds."
        ),
        flag(
            "interview_or_arrest_needed",
            "A supervisor judged that the person ought to be interviewed or arrested.",
        ),
        word("not_needed_reason", "Recorded reason why neither is needed.", "alibi confirmed"),
        instant(
            "wanted_since_at",
            "When the person last became outstanding: wanted for arrest.",
            "2024-03-04 18:00:00",
        ),
        instant("circulated_at", "When the person was circulated as wanted on PNC.", "2024-03-04 18:20:00"),
        instant(
            "wanted_until_at",
            "When the person stopped being outstanding, by arrest or otherwise; blank while wanted.",
            "2024-03-05 09:15:00",
        ),
        choice(
            "wanted_ended_by",
            "How being wanted ended.",
            "arrest",
            "voluntary attendance",
            "arrested by another force",
            "no longer wanted",
            "died",
        ),
        instant(
            "first_opportunity_at",
            "When a supervisor or reviewer judged the first chance to arrest was; never worked out.",
            "2024-03-04 20:00:00",
        ),
        instant("first_attempt_at", "When officers first went to arrest the person.", "2024-03-04 20:30:00"),
        instant("last_attempt_at", "When officers last went to arrest the person.", "2024-03-05 09:05:00"),
        whole("attempts", "How many times officers went to arrest the person.", "2", "attempts", low=0),
        instant("arrested_at", "When the person was first arrested for this crime.", "2024-03-05 09:15:00"),
        operational("arrest_id", "Number of that arrest.", "AR-2024-0555"),
        instant(
            "interviewed_at", "When the person was first interviewed under caution.", "2024-03-05 14:10:00"
        ),
        choice("interview", "How that interview came about.", "in custody", "voluntary attendance", "other"),
        instant("eliminated_at", "When the person was ruled out; blank otherwise.", "2024-05-20 12:00:00"),
        instant(
            "last_tracked_at", "When last discussed in a daily management meeting.", "2024-03-05 08:30:00"
        ),
        employee("officer_id", "Officer in the case.", "P-5521"),
        word("team", "Team of that officer.", "Response A North"),
        employee("supervisor_id", "Supervisor who answers for it.", "P-3107"),
        word("local_policing_area", "Local policing area that has to find the person.", "North"),
    ),
    rules=(
        RowRule(
            "not-wanted-before-it-began",
            "wanted_until_at >= wanted_since_at",
            "no longer wanted before wanted",
        ),
        RowRule("attempts-in-order", "last_attempt_at >= first_attempt_at", "last attempt before the first"),
    ),
    references=(
        Reference(("crime_id",), "investigating.crime"),
        Reference(("suspect_id",), "shared.person_reference"),
        Reference(("arrest_id",), "powers.arrest"),
        Reference(("local_policing_area",), "shared.local_policing_area"),
    ),
    derived=derived.SUSPECT,
)

ONLINE_ABUSE_CASE = RecordType(
    id="offenders.online_abuse_case",
    title="Online child abuse cases",
    kind="interval",
    anchor="received_at",
    key=("online_abuse_case_id",),
    meaning="One suspect or one address under investigation for indecent images or other abuse of children online.",
    systems=(
        "Register of the online investigation team (spreadsheet, Niche, Connect, Athena)",
        "National Crime Agency referrals; peer-to-peer monitoring (CPS, ICACCOPS)",
    ),
    export="One row per suspect, or per address until a suspect is known, open and closed. Received is when the "
    "force got the referral, not when the team opened it. Children and devices are counts of this case alone.",
    columns=(
        operational("online_abuse_case_id", "Number of the case.", "OA-2024-0088", required=True),
        instant(
            "received_at",
            "When the force received the referral or found the activity; delay is counted from here.",
            "2024-02-12 10:30:00",
            required=True,
        ),
        choice(
            "found_by",
            "Where it came from.",
            "National Crime Agency",
            "peer-to-peer monitoring",
            "other force",
            "report by the public",
            "partner",
            "other",
        ),
        operational("crime_id", "Crime recorded for it.", "CR-2024-001234"),
        person("suspect_id", "The suspect, once known.", "N-90017"),
        choice("kirat_band", "Band of the first KIRAT assessment.", "high", "very high", "medium", "low"),
        instant("kirat_at", "When KIRAT was first done.", "2024-02-13 11:00:00"),
        instant("allocated_at", "When an investigator was given the case.", "2024-02-14 09:00:00"),
        day(
            "enforcement_due_on",
            "Day by which the force's own time for the band asks for enforcement.",
            "2024-03-13",
        ),
        instant(
            "enforced_at",
            "When officers first acted at the address or against the suspect; blank while waiting.",
            "2024-03-05 09:15:00",
        ),
        choice(
            "enforced_by",
            "What they acted under.",
            "warrant",
            "arrest without a warrant",
            "voluntary attendance",
            "other",
        ),
        instant(
            "warrant_granted_at", "When a search warrant was granted; blank for none.", "2024-03-01 15:00:00"
        ),
        word("no_warrant_reason", "Recorded reason for entry without a warrant.", "arrest was urgent"),
        flag("suspect_found", "The suspect was there when officers acted."),
        instant("arrested_at", "When the suspect was arrested.", "2024-03-05 09:15:00"),
        flag("access_to_children", "The suspect has access to children, at the latest review."),
        instant(
            "child_first_identified_at",
            "When a child at risk was first identified: the start of the clock to sharing.",
            "2024-02-13 16:00:00",
        ),
        whole("children_identified", "Children at risk identified in the case.", "2", "children", low=0),
        whole("children_safeguarded", "Of these, children made safe.", "2", "children", low=0),
        instant("shared_at", "When it was first shared with children's social care.", "2024-02-13 17:10:00"),
        operational("referral_id", "Referral it was shared by.", "SR-2024-0902"),
        whole("devices_found", "Devices found at the scene.", "6", "devices", low=0),
        whole("devices_triaged", "Of these, examined at the scene.", "4", "devices", low=0),
        whole("devices_submitted", "Of these, sent to the digital forensics unit.", "2", "devices", low=0),
        instant(
            "images_uploaded_at",
            "When images were first put into the Child Abuse Image Database.",
            "2024-04-02 13:00:00",
        ),
        employee("investigator_id", "Investigator who has it, or had it last.", "P-5521"),
        word("team", "Team that has it.", "Online Investigation"),
        employee("supervisor_id", "Supervisor who answers for it.", "P-3107"),
        day("review_due_on", "Day the intelligence is next to be refreshed.", "2024-03-12"),
        instant("closed_at", "When it was closed; blank while open.", "2024-08-05 16:00:00"),
        word("closing_code", "How it was closed, in the force's codes.", "charged"),
    ),
    rules=(
        RowRule("enforced-after-received", "enforced_at >= received_at", "enforced before it was received"),
        RowRule("closed-after-received", "closed_at >= received_at", "closed before it was received"),
        RowRule(
            "safeguarded-among-identified",
            "children_safeguarded <= children_identified",
            "more children made safe than identified",
        ),
        RowRule("triaged-among-found", "devices_triaged <= devices_found", "more devices triaged than found"),
        RowRule(
            "submitted-among-found", "devices_submitted <= devices_found", "more devices sent than found"
        ),
    ),
    references=(
        Reference(("crime_id",), "investigating.crime"),
        Reference(("crime_id", "suspect_id"), "offenders.suspect"),
        Reference(("suspect_id",), "shared.person_reference"),
        Reference(("referral_id",), "vulnerable.safeguarding_referral"),
    ),
    derived=derived.ONLINE_ABUSE_CASE,
)

ONLINE_ABUSE_REVIEW = RecordType(
    id="offenders.online_abuse_review",
    title="Intelligence reviews of online abuse cases",
    kind="event",
    anchor="reviewed_at",
    key=("online_abuse_review_id",),
    meaning="One refresh of the intelligence on one online abuse case, to see whether the risk has changed.",
    systems=("Register of the online investigation team (spreadsheet, Niche, Connect, Athena)",),
    export="One row per review, also those that changed nothing. A register that holds the last review alone gives "
    "one row per case: say so in the mapping's notes.",
    columns=(
        operational("online_abuse_review_id", "Number of the review.", "OR-2024-0140", required=True),
        operational("online_abuse_case_id", "Case that was reviewed.", "OA-2024-0088"),
        day("due_on", "Day it was due.", "2024-02-27"),
        instant("reviewed_at", "When it was made.", "2024-02-26 14:00:00", required=True),
        flag("access_to_children", "The suspect has access to children, as found."),
        flag("access_changed", "That had changed since the review before.", "no"),
        choice("kirat_band", "KIRAT band after the review.", "high", "very high", "medium", "low"),
        flag("social_care_told", "What was found was shared with children's social care."),
        employee("reviewer_id", "Who made it.", "P-5521"),
    ),
    references=(Reference(("online_abuse_case_id",), "offenders.online_abuse_case"),),
)

RECORD_TYPES: tuple[RecordType, ...] = (
    SUSPECT,
    BAIL_PERIOD,
    BAIL_EXTENSION,
    BAIL_SUSPENSION,
    BAIL_CONDITION_CHECK,
    MANAGED_OFFENDER,
    OFFENDER_VISIT,
    VISIT_SUSPENSION,
    RISK_PLAN,
    NOTIFICATION_BREACH,
    ONLINE_ABUSE_CASE,
    ONLINE_ABUSE_REVIEW,
)
