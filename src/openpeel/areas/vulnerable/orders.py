"""Records of disclosures and protective orders, with the breaches and checks of orders."""

from __future__ import annotations

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

DISCLOSURE_REQUEST = RecordType(
    id="vulnerable.disclosure_request",
    title="Disclosure requests",
    kind="event",
    anchor="requested_at",
    key=("disclosure_request_id",),
    meaning="One request under the domestic violence or the child sex offender disclosure scheme, by the right to "
    "ask or the right to know.",
    systems=(
        "Records management (Niche, Athena, Connect)",
        "Public protection unit's register of disclosures",
    ),
    export="One row per request and person at risk, also those that ended without a disclosure. Right to know has "
    "no applicant: its clock starts when the police first considered a disclosure. Ask for the time the person "
    "was told, which is not the time of the decision.",
    columns=(
        operational("disclosure_request_id", "Number of the request.", "DR-2024-0061", required=True),
        choice("scheme", "Which scheme it is under.", "domestic violence", "child sex offender"),
        choice("entitlement", "Which right it rests on.", "right to know", "right to ask"),
        choice(
            "requested_by",
            "Who asked, or who put it forward under the right to know.",
            "police",
            "person at risk",
            "relative or friend",
            "parent or carer",
            "MARAC",
            "other agency",
        ),
        instant(
            "requested_at",
            "When the request was made; under the right to know, when a disclosure was first considered. The start "
            "of the scheme's clock.",
            "2024-03-06 10:00:00",
            required=True,
        ),
        person("person_id", "The person at risk; for a child, the child.", "N-88213"),
        person("offender_id", "The person asked about.", "N-90017"),
        operational("incident_id", "Incident it arose from.", "INC-2024-004711"),
        operational("marac_case_id", "MARAC case it arose from.", "MC-2024-0044"),
        instant("checked_at", "When the first checks of records were finished.", "2024-03-06 15:30:00"),
        instant("met_at", "When the applicant was seen face to face.", "2024-03-08 11:00:00"),
        day("recorded_limit_on", "Day by which the force's system says it is due.", "2024-04-03"),
        instant("decided_at", "When it was decided whether to disclose.", "2024-03-15 14:00:00"),
        choice(
            "decision",
            "What was decided.",
            "disclose",
            "nothing to disclose",
            "disclosure not needed",
            "waiting",
        ),
        instant("disclosed_at", "When the person was told.", "2024-03-18 16:00:00"),
        choice(
            "disclosed_to",
            "Who was told.",
            "person at risk",
            "parent or carer",
            "other person able to protect",
        ),
        flag("safety_plan_given", "A safety plan was given with it."),
        instant(
            "withdrawn_at", "When the request was withdrawn; blank if it was not.", "2024-04-20 09:00:00"
        ),
        word("withdrawn_reason", "Why it was withdrawn or could not be completed.", "applicant not reached"),
        employee("handler_id", "Officer or member of staff who has it.", "P-3107"),
        word("team", "Team that has it.", "Public Protection North"),
        word("local_policing_area", "Local policing area where the person at risk lives.", "North"),
    ),
    rules=(
        RowRule("decided-after-requested", "decided_at >= requested_at", "decided before it was requested"),
        RowRule("disclosed-after-requested", "disclosed_at >= requested_at", "disclosed before the request"),
        RowRule("withdrawn-after-requested", "withdrawn_at >= requested_at", "withdrawn before the request"),
    ),
    references=(
        Reference(("person_id",), "shared.person_reference"),
        Reference(("offender_id",), "shared.person_reference"),
        Reference(("incident_id",), "responding.incident"),
        Reference(("marac_case_id",), "vulnerable.marac_case"),
        Reference(("local_policing_area",), "shared.local_policing_area"),
    ),
)

PROTECTIVE_ORDER = RecordType(
    id="vulnerable.protective_order",
    title="Protective orders",
    kind="interval",
    anchor="raised_on",
    key=("order_id",),
    meaning="One protective notice or order that was considered, sought or granted against one person.",
    systems=(
        "Register of orders in the legal or civil orders team",
        "Records management (Niche, Athena, Connect), PNC",
        "Court results (Common Platform, Libra)",
    ),
    export="One row per notice and one per order: an order that follows a notice is a row of its own that names "
    "the notice. Include orders considered and not sought, refused, ended and made by courts without the police.",
    columns=(
        operational("order_id", "Number of the notice or order.", "PO-2024-0131", required=True),
        choice(
            "order_type",
            "Which notice or order it is.",
            "domestic violence protection order",
            "domestic violence protection notice",
            "domestic abuse protection order",
            "domestic abuse protection notice",
            "non-molestation order",
            "occupation order",
            "restraining order",
            "stalking protection order",
            "sexual harm prevention order",
            "sexual risk order",
            "forced marriage protection order",
            "female genital mutilation protection order",
            "slavery and trafficking order",
            "other",
        ),
        operational("follows_order_id", "Notice or order that this one follows.", "PO-2024-0130"),
        person("victim_id", "The person it protects.", "N-88213"),
        person("offender_id", "The person it is against.", "N-90017"),
        operational("incident_id", "Incident it arose from.", "INC-2024-004711"),
        operational("crime_id", "Crime it arose from.", "CR-2024-001234"),
        operational("marac_case_id", "MARAC case it arose from.", "MC-2024-0044"),
        day(
            "raised_on",
            "Day it was first considered; for one not of the police's making, day they first knew of it.",
            "2024-03-05",
            required=True,
        ),
        choice("sought", "Whether it was sought.", "sought", "not sought", "not yet decided"),
        word("not_sought_reason", "Recorded reason why it was not sought.", "other order in force"),
        choice(
            "sought_by",
            "Who sought it.",
            "police",
            "prosecutor",
            "victim",
            "court of its own motion",
            "other",
        ),
        instant(
            "sought_at",
            "When the application was made; for a notice, when it was authorised.",
            "2024-03-06 09:00:00",
        ),
        word("authoriser_rank", "Rank of the officer who authorised it.", "superintendent"),
        flag("victim_views_taken", "The victim's views were taken."),
        instant(
            "served_at",
            "When it was given to the person. For a notice, the start of the clock to the hearing (see `hearing_at`).",
            "2024-03-07 12:30:00",
        ),
        instant(
            "hearing_at",
            "When a court first heard it; for a notice, when the hearing for the order began.",
            "2024-03-07 11:00:00",
        ),
        choice("result", "What became of it.", "granted", "refused", "withdrawn", "waiting"),
        day("granted_on", "Day it was granted or, for a notice, given.", "2024-03-07"),
        day("starts_on", "First day it holds.", "2024-03-07"),
        day("ends_on", "Last day it holds as granted; blank for until further notice.", "2024-04-04"),
        flag("until_further_notice", "It has no end.", "no"),
        day("ended_early_on", "Day it was lifted before its end.", "2024-03-30"),
        flag("breached", "At least one breach is on record; each is a row of `order_breach`."),
        flag(
            "checks_due",
            "The force's policy asks for checks that it is kept; each is a row of `order_check`.",
        ),
        whole("check_interval_days", "Days between checks that the policy asks for.", "7", "days", low=1),
        employee("officer_id", "Officer responsible for it.", "P-5521"),
        word("team", "Team of that officer.", "Response A North"),
        word("local_policing_area", "Local policing area where the person protected lives.", "North"),
    ),
    rules=(
        RowRule("ends-after-start", "ends_on >= starts_on", "ends before it starts"),
        RowRule(
            "start-only-if-granted", "not (result = 'refused' and starts_on is not null)", "refused and holds"
        ),
        RowRule(
            "end-or-no-end",
            "not (until_further_notice and ends_on is not null)",
            "without an end, yet with one",
        ),
        RowRule("not-its-own-notice", "follows_order_id <> order_id", "follows itself"),
    ),
    references=(
        Reference(("victim_id",), "shared.person_reference"),
        Reference(("offender_id",), "shared.person_reference"),
        Reference(("incident_id",), "responding.incident"),
        Reference(("crime_id",), "investigating.crime"),
        Reference(("marac_case_id",), "vulnerable.marac_case"),
        Reference(("local_policing_area",), "shared.local_policing_area"),
    ),
)

ORDER_BREACH = RecordType(
    id="vulnerable.order_breach",
    title="Breaches of protective orders",
    kind="event",
    anchor="found_at",
    key=("order_breach_id",),
    meaning="One breach, or suspected breach, of one protective notice or order.",
    systems=(
        "Records management (Niche, Athena, Connect)",
        "Register of orders in the legal or civil orders team",
    ),
    export="One row per breach, also those that led to no crime. Where breaches exist as crimes alone, export those "
    "crimes with the number of the order they breach.",
    columns=(
        operational("order_breach_id", "Number of the breach.", "OB-2024-0072", required=True),
        operational("order_id", "Notice or order that was breached.", "PO-2024-0131"),
        instant("breached_at", "When it was breached, where known.", "2024-03-15 19:30:00"),
        instant("found_at", "When the police learnt of it.", "2024-03-15 20:10:00", required=True),
        choice(
            "found_by",
            "How they learnt of it.",
            "check by the police",
            "report by the victim",
            "partner",
            "other",
        ),
        operational("incident_id", "Incident it was reported in.", "INC-2024-004711"),
        operational(
            "crime_id",
            "Crime recorded for it; blank where none was, as with a breach that is no offence.",
            "CR-2024-001234",
        ),
        choice(
            "action",
            "What was done.",
            "arrest",
            "voluntary interview",
            "warning",
            "no action",
            "waiting",
        ),
        instant("action_at", "When it was done.", "2024-03-15 22:00:00"),
        word("result", "Result, in the force's codes.", "charged"),
    ),
    rules=(RowRule("found-after-breached", "found_at >= breached_at", "found before it happened"),),
    references=(
        Reference(("order_id",), "vulnerable.protective_order"),
        Reference(("incident_id",), "responding.incident"),
        Reference(("crime_id",), "investigating.crime"),
    ),
)

ORDER_CHECK = RecordType(
    id="vulnerable.order_check",
    title="Checks of protective orders",
    kind="event",
    anchor="checked_at",
    key=("order_check_id",),
    meaning="One check by the police, made or attempted, that a protective notice or order is kept.",
    systems=(
        "Records management (Niche, Athena, Connect), as tasks",
        "Command and control (STORM, SmartSTORM, ControlWorks)",
        "Register of orders in the legal or civil orders team",
    ),
    export="One row per check, also attempts that reached nobody. A check that was due and not made has no row: "
    "its order says how often checks are due.",
    columns=(
        operational("order_check_id", "Number of the check.", "OC-2024-0208", required=True),
        operational("order_id", "Notice or order that was checked.", "PO-2024-0131"),
        day("due_on", "Day the check was due.", "2024-03-15"),
        instant("checked_at", "When it was made or attempted.", "2024-03-15 20:10:00", required=True),
        choice(
            "method",
            "How it was made.",
            "visit to the person protected",
            "call to the person protected",
            "visit to the person it is against",
            "patrol past the address",
            "examination of devices",
            "tag or records",
            "other",
        ),
        choice("result", "What it showed.", "breach found", "kept", "could not tell"),
        operational("order_breach_id", "Breach it found.", "OB-2024-0072"),
        employee("officer_id", "Officer or member of staff who made it.", "P-5521"),
        word("team", "Team of that officer at the time.", "Response A North"),
    ),
    references=(
        Reference(("order_id",), "vulnerable.protective_order"),
        Reference(("order_breach_id",), "vulnerable.order_breach"),
    ),
)
