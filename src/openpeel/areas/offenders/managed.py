"""Records of offenders under management: registration, visits, risk plans, breaches of notification."""

from __future__ import annotations

from openpeel.areas.offenders import derived
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

MANAGED_OFFENDER = RecordType(
    id="offenders.managed_offender",
    title="Managed offenders",
    kind="interval",
    anchor="managed_from_on",
    key=("offender_id",),
    meaning="One person under management as a registered sex offender, violent offender or otherwise dangerous person.",
    systems=("ViSOR, and MAPPS after it", "Register of the public protection unit (MOSOVO)"),
    export="One row per person managed at any time in the period, also those since moved or no longer managed. Level "
    "and management are those of the day of export: earlier levels come with the risk plans, and times in which "
    "no visit is due with the visit suspensions.",
    columns=(
        person("offender_id", "The person managed.", "N-90017", required=True),
        operational("visor_id", "Number in ViSOR or MAPPS.", "V-2024-00431"),
        day(
            "managed_from_on",
            "Day management by this force began; not the day of conviction.",
            "2024-02-01",
            required=True,
        ),
        day("managed_until_on", "Day it ended; blank while managed.", "2034-02-01"),
        choice(
            "ended_by",
            "How it ended.",
            "registration ended",
            "moved to another force",
            "died",
            "removed on review",
            "other",
        ),
        choice(
            "category",
            "What the person is managed as.",
            "registered sex offender",
            "violent offender",
            "other dangerous offender",
            "potentially dangerous person",
            "terrorism offender",
        ),
        choice("mappa_level", "Level of multi-agency management (MAPPA).", "1", "2", "3"),
        choice("risk_level", "Risk level held now.", "medium", "very high", "high", "low"),
        day("risk_level_on", "Day that level was set.", "2024-02-20"),
        choice("management", "Whether the person is visited, or monitored from afar.", "active", "reactive"),
        choice(
            "whereabouts",
            "Where the person is now.",
            "in the community",
            "in custody",
            "in hospital",
            "abroad",
            "not known",
            personal="special-category",
        ),
        flag("lives_with_children", "Children live at the person's address.", "no"),
        day("registered_from_on", "First day of the duty to notify.", "2024-02-01"),
        day("registered_until_on", "Last day of the duty to notify; blank for life.", "2034-01-31"),
        day("notified_on", "Day of the last yearly notification.", "2024-02-03"),
        day("notification_due_on", "Day the next yearly notification is due.", "2025-02-03"),
        day("visit_due_on", "Day the next visit is due, as the force recorded it.", "2024-08-12"),
        day("plan_due_on", "Day the next risk plan is due, as the force recorded it.", "2025-02-20"),
        employee("manager_id", "Offender manager.", "P-5521"),
        word("team", "Team that manages the person.", "MOSOVO North"),
        employee("supervisor_id", "Supervisor of the offender manager.", "P-3107"),
        word("local_policing_area", "Local policing area where the person lives.", "North"),
    ),
    rules=(
        RowRule(
            "managed-until-after-from",
            "managed_until_on >= managed_from_on",
            "management ended before it began",
        ),
        RowRule(
            "registered-until-after-from",
            "registered_until_on >= registered_from_on",
            "registration ended before it began",
        ),
    ),
    references=(
        Reference(("offender_id",), "shared.person_reference"),
        Reference(("local_policing_area",), "shared.local_policing_area"),
    ),
    derived=derived.MANAGED_OFFENDER,
)

OFFENDER_VISIT = RecordType(
    id="offenders.offender_visit",
    title="Visits to managed offenders",
    kind="event",
    anchor="visited_at",
    key=("visit_id",),
    meaning="One visit to one managed offender, made or attempted.",
    systems=("ViSOR, and MAPPS after it", "Register of the public protection unit (MOSOVO)"),
    export="One row per visit, attempts included: an attempt is not a visit, and only a completed one sets the next "
    "date. Enter the day the visit was due before it was made, not the next one.",
    columns=(
        operational("visit_id", "Number of the visit.", "V-2024-1190", required=True),
        person("offender_id", "The offender visited.", "N-90017"),
        day("due_on", "Day this visit was due.", "2024-03-15"),
        instant("visited_at", "When officers were at the address.", "2024-03-12 18:10:00", required=True),
        choice(
            "result",
            "What came of it.",
            "completed",
            "nobody in",
            "entry refused",
            "moved away",
            "broken off",
        ),
        flag("announced", "The offender was told of it beforehand.", "no"),
        whole("officers", "How many officers went.", "2", "officers", low=1),
        employee("officer_id", "Officer who led it.", "P-5521"),
        employee("second_officer_id", "Second officer; blank for none.", "P-3107"),
        word("one_officer_reason", "Recorded reason for going alone.", "absence"),
        choice("risk_level", "Risk level held on the day.", "medium", "very high", "high", "low"),
        flag("devices_checked", "Devices of the offender were checked."),
        flag("plan_changed", "It led to a change of the risk plan.", "no"),
        instant("recorded_at", "When its report was written.", "2024-03-13 09:00:00"),
        employee("supervisor_id", "Supervisor who reviewed it.", "P-3107"),
        instant("supervisor_reviewed_at", "When the supervisor reviewed it.", "2024-03-14 11:00:00"),
        choice("supervisor_result", "What the supervisor said.", "good", "enough", "returned to the officer"),
    ),
    rules=(
        RowRule(
            "reviewed-after-visit", "supervisor_reviewed_at >= visited_at", "reviewed before it was made"
        ),
        RowRule(
            "two-different-officers", "second_officer_id <> officer_id", "the second officer is the first one"
        ),
    ),
    references=(Reference(("offender_id",), "offenders.managed_offender"),),
    derived=derived.OFFENDER_VISIT,
)

VISIT_SUSPENSION = RecordType(
    id="offenders.visit_suspension",
    title="Times without a visit due",
    kind="interval",
    anchor="starts_on",
    key=("visit_suspension_id",),
    meaning="One stretch of time in which no visit to one managed offender is due.",
    systems=("ViSOR, and MAPPS after it", "Register of the public protection unit (MOSOVO)"),
    export="One row per stretch in custody, in hospital, abroad or under reactive management; blank end while it "
    "lasts. Missing from home is no such stretch.",
    columns=(
        operational("visit_suspension_id", "Number of the stretch.", "VS-2024-0021", required=True),
        person("offender_id", "The offender.", "N-90017"),
        day("starts_on", "First day of it.", "2024-03-05", required=True),
        day("ends_on", "Last day of it; blank while it lasts.", "2024-03-06"),
        choice(
            "suspension_reason",
            "Why no visit is due.",
            "in custody",
            "in hospital",
            "abroad",
            "reactive management",
            "other",
            personal="special-category",
        ),
        employee("authoriser_id", "Supervisor who agreed to it.", "P-3107"),
    ),
    rules=(RowRule("ends-after-start", "ends_on >= starts_on", "ended before it started"),),
    references=(Reference(("offender_id",), "offenders.managed_offender"),),
)

RISK_PLAN = RecordType(
    id="offenders.risk_plan",
    title="Risk plans",
    kind="event",
    anchor="started_on",
    key=("risk_plan_id",),
    meaning="One risk assessment of one managed offender, with the risk management plan that rests on it.",
    systems=("ViSOR, and MAPPS after it", "Register of the public protection unit (MOSOVO)"),
    export="One row per assessment and plan, earlier ones included: they hold the history of the risk level. A plan "
    "that is due and not begun has no row: its day is in the managed offender's record.",
    columns=(
        operational("risk_plan_id", "Number of the plan.", "RP-2024-0260", required=True),
        person("offender_id", "The offender.", "N-90017"),
        choice("tool", "What the risk was assessed with.", "ARMS", "OASys", "Risk Matrix 2000", "other"),
        day("due_on", "Day it was due.", "2024-02-29"),
        day("started_on", "Day the assessment was begun.", "2024-02-12", required=True),
        day("completed_on", "Day the plan was finished; blank while in work.", "2024-02-20"),
        choice("risk_level", "Level it came to.", "medium", "very high", "high", "low"),
        choice("previous_risk_level", "Level held before.", "high", "very high", "medium", "low"),
        word("prompted_by", "What it was made for.", "first registration"),
        employee("author_id", "Officer who wrote it.", "P-5521"),
        word("team", "Team of that officer at the time.", "MOSOVO North"),
        employee("supervisor_id", "Supervisor who reviewed it.", "P-3107"),
        instant("supervisor_reviewed_at", "When the supervisor reviewed it.", "2024-02-22 10:00:00"),
        choice("supervisor_result", "What the supervisor said.", "good", "enough", "returned to the officer"),
        day("next_due_on", "Day the next one is due.", "2025-02-20"),
    ),
    rules=(RowRule("completed-after-started", "completed_on >= started_on", "finished before it was begun"),),
    references=(Reference(("offender_id",), "offenders.managed_offender"),),
)

NOTIFICATION_BREACH = RecordType(
    id="offenders.notification_breach",
    title="Breaches of notification requirements",
    kind="event",
    anchor="found_at",
    key=("notification_breach_id",),
    meaning="One failure, or suspected failure, of one managed offender to keep to the notification requirements.",
    systems=(
        "ViSOR, and MAPPS after it",
        "Records management (Niche, Athena, Connect)",
        "Register of the public protection unit (MOSOVO)",
    ),
    export="One row per breach, low-level ones and those dealt with by advice included: search contact logs as "
    "well as crimes, since a breach that led to no crime is in the logs alone. Breaches of an order are rows of "
    "vulnerable.order_breach.",
    columns=(
        operational("notification_breach_id", "Number of the breach.", "NB-2024-0063", required=True),
        person("offender_id", "The offender.", "N-90017"),
        day("breached_on", "Day of the breach, or first day of it.", "2024-03-01"),
        instant("found_at", "When the police learnt of it.", "2024-03-12 18:30:00", required=True),
        choice(
            "requirement",
            "What was not notified or not kept to.",
            "bank account or card",
            "address",
            "name",
            "travel abroad",
            "passport or identity document",
            "child in the household",
            "yearly notification",
            "no fixed address",
            "other",
        ),
        flag("low_level", "Counted as low-level by the force."),
        operational("visit_id", "Visit that found it.", "V-2024-1190"),
        flag("recorded_as_crime", "A crime was recorded for it."),
        operational("crime_id", "Number of that crime.", "CR-2024-001234"),
        instant("crime_recorded_at", "When that crime was recorded.", "2024-03-13 12:00:00"),
        word("not_recorded_reason", "Recorded reason why no crime was recorded.", "reasonable excuse"),
        choice(
            "action",
            "What was done.",
            "advice",
            "warning",
            "caution",
            "charge",
            "no action",
            "waiting",
        ),
        employee("manager_id", "Offender manager at the time.", "P-5521"),
        word("team", "Team at the time.", "MOSOVO North"),
        employee("supervisor_id", "Supervisor who reviewed the decision.", "P-3107"),
        instant("supervisor_reviewed_at", "When the supervisor reviewed it.", "2024-03-14 11:30:00"),
    ),
    rules=(
        RowRule(
            "crime-only-if-recorded",
            "not (crime_id is not null and not recorded_as_crime)",
            "has a crime number and is not recorded as a crime",
        ),
    ),
    references=(
        Reference(("offender_id",), "offenders.managed_offender"),
        Reference(("visit_id",), "offenders.offender_visit"),
        Reference(("crime_id",), "investigating.crime"),
    ),
)
