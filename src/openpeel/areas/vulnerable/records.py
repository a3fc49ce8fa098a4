"""Records of protecting vulnerable people: what is owed at an incident, and, gathered here, all the rest."""

from __future__ import annotations

from openpeel.areas.vulnerable.orders import (
    DISCLOSURE_REQUEST,
    ORDER_BREACH,
    ORDER_CHECK,
    PROTECTIVE_ORDER,
)
from openpeel.areas.vulnerable.referrals import MARAC_ACTION, MARAC_CASE, SAFEGUARDING_REFERRAL
from openpeel.engine.declare.columns import choice, day, employee, flag, instant, operational, person, word
from openpeel.engine.declare.records import RecordType, Reference, RowRule

RISK_ASSESSMENT = RecordType(
    id="vulnerable.risk_assessment",
    title="Risk assessments",
    kind="event",
    anchor="reported_at",
    key=("risk_assessment_id",),
    meaning="One victim at one report of domestic abuse, stalking or honour-based abuse, for whom a risk "
    "assessment (DASH or DARA) was due or was made.",
    systems=(
        "Records management (Niche, Athena, Connect)",
        "Mobile forms (Pronto, Optik)",
        "Register of the harm reduction or safeguarding hub",
    ),
    export="One row per victim and report, also where there is no form: start from the incidents with a domestic "
    "abuse marker and join the forms to them. Declined, not offered, victim not seen and form absent are four "
    "things; leave blank what the system does not tell, and never fill in no.",
    columns=(
        operational(
            "risk_assessment_id",
            "Number of the assessment; where there is no form, the incident and victim numbers joined.",
            "RA-2024-003318",
            required=True,
        ),
        operational("incident_id", "Number of the incident.", "INC-2024-004711"),
        operational(
            "crime_id", "Number of the crime recorded for it; blank where none was.", "CR-2024-001234"
        ),
        person("victim_id", "The victim whose risk was to be assessed.", "N-88213"),
        person("suspect_id", "The person the victim is at risk from.", "N-90017"),
        instant(
            "reported_at",
            "When the abuse was reported: the start of the full-response clock, not of the attendance clock.",
            "2024-03-04 14:02:10",
            required=True,
        ),
        instant(
            "seen_at",
            "When an officer first saw or spoke to the victim; not when the first unit arrived.",
            "2024-03-04 14:31:00",
        ),
        instant(
            "full_account_at",
            "When a full account of the risk was taken: the end of the full-response clock.",
            "2024-03-04 15:05:00",
        ),
        choice(
            "relationship",
            "What the suspect is to the victim.",
            "partner",
            "former partner",
            "other relative",
            "none",
        ),
        flag("assessment_due", "The force's policy asked for an assessment at this report."),
        flag("victim_seen", "An officer saw or spoke to the victim."),
        flag("offered", "The victim was offered the assessment."),
        flag("declined", "The victim turned the offer down when first seen.", "no"),
        word(
            "declined_reason",
            "Why the victim turned it down, in the force's codes.",
            "did not want to answer",
        ),
        flag("form_on_record", "A form is on record, completed or marked as declined."),
        choice("form", "Which form was used.", "DASH", "DARA", "other"),
        instant(
            "completed_at",
            "When the assessment was completed; also where the victim first declined and later agreed.",
            "2024-03-04 15:10:00",
        ),
        choice("grade", "Grade given by the officer.", "high", "medium", "standard"),
        flag("children_in_household", "Children live in the household or were there."),
        flag("voice_of_child_recorded", "What the children said or how they were is recorded."),
        flag("repeat_victim", "Recorded as a repeat victim by the force's own rule."),
        flag("body_worn_video_on", "By the officer's record, body-worn video was on while with the victim."),
        word("body_worn_video_off_reason", "Recorded reason why it was off.", "victim asked for it"),
        employee("officer_id", "Officer who saw the victim or was to.", "P-5521"),
        word("team", "Team of that officer at the time.", "Response A North"),
        employee("supervisor_id", "Supervisor who checked the assessment.", "P-3107"),
        instant("supervisor_checked_at", "When the supervisor checked it.", "2024-03-04 20:15:00"),
        instant("hub_checked_at", "When the hub first checked its quality and grade.", "2024-03-05 08:40:00"),
        choice("hub_grade", "Grade after the hub's check, changed or not.", "high", "medium", "standard"),
        choice(
            "hub_quality",
            "What the hub said about its quality.",
            "good",
            "enough",
            "returned to the officer",
        ),
        flag("marac_considered", "Whether to refer the case to MARAC was considered."),
        word("local_policing_area", "Local policing area of the incident.", "North"),
    ),
    rules=(
        RowRule("account-after-reported", "full_account_at >= reported_at", "full account before the report"),
        RowRule(
            "declined-only-if-offered",
            "not (declined and not offered)",
            "declined although it was not offered",
        ),
    ),
    references=(
        Reference(("incident_id",), "responding.incident"),
        Reference(("crime_id",), "investigating.crime"),
        Reference(("crime_id", "victim_id"), "victims.victim"),
        Reference(("victim_id",), "shared.person_reference"),
        Reference(("local_policing_area",), "shared.local_policing_area"),
    ),
)

BODYWORN_VIDEO = RecordType(
    id="vulnerable.bodyworn_video",
    title="Body-worn video recordings",
    kind="event",
    anchor="started_at",
    key=("recording_id",),
    meaning="One recording by one officer's body-worn camera.",
    systems=("Digital evidence management (Evidence.com, NICE, Reveal)",),
    export="One row per recording with the number of the incident it is tagged with, also recordings since "
    "deleted. A recording without an incident number cannot be counted for one: export it all the same, so that "
    "untagged video can be told from video never made.",
    columns=(
        operational("recording_id", "Number of the recording.", "BWV-2024-071205", required=True),
        operational("incident_id", "Incident it is tagged with; blank for untagged.", "INC-2024-004711"),
        operational("crime_id", "Crime it is tagged with.", "CR-2024-001234"),
        operational("search_id", "Stop and search it shows.", "SS-2024-0777"),
        operational("use_of_force_id", "Use of force it shows.", "UOF-2024-0450"),
        employee("officer_id", "Officer who wore the camera.", "P-5521"),
        word("team", "Team of that officer at the time.", "Response A North"),
        instant("started_at", "When the recording began.", "2024-03-04 14:30:20", required=True),
        instant("ended_at", "When the recording ended.", "2024-03-04 15:12:05"),
        word("category", "Category it is filed under.", "domestic abuse"),
        instant("uploaded_at", "When it was taken into the system.", "2024-03-04 22:05:00"),
        flag("evidential", "Marked as evidence."),
        employee("reviewer_id", "Supervisor who watched it in a dip sample.", "P-3107"),
        instant("reviewed_at", "When it was watched in a dip sample.", "2024-03-11 10:00:00"),
        day("delete_on", "Day it is to be deleted, or was.", "2031-03-04"),
    ),
    rules=(
        RowRule("ended-after-started", "ended_at >= started_at", "ended before it began"),
        RowRule("reviewed-after-started", "reviewed_at >= started_at", "watched before it was made"),
    ),
    references=(
        Reference(("incident_id",), "responding.incident"),
        Reference(("crime_id",), "investigating.crime"),
        Reference(("search_id",), "powers.stop_search"),
        Reference(("use_of_force_id",), "powers.use_of_force"),
    ),
)

RESPONSE_STEP = RecordType(
    id="vulnerable.response_step",
    title="Steps of the domestic abuse plan",
    kind="event",
    anchor="due_at",
    key=("incident_id", "step"),
    meaning="One step that the force's plan for domestic abuse asks for, at one incident.",
    systems=(
        "Records management (Niche, Athena, Connect), as a template or tasks",
        "Audit spreadsheet of the domestic abuse lead",
    ),
    export="One row per incident and step, also for steps not taken: a plan of seven steps gives up to seven rows "
    "per incident. Use the same words for a step throughout.",
    columns=(
        operational("incident_id", "Number of the incident.", "INC-2024-004711", required=True),
        word("step", "The step, in the words of the plan.", "safeguarding plan agreed", required=True),
        operational("crime_id", "Number of the crime recorded for it.", "CR-2024-001234"),
        instant(
            "due_at",
            "When the step was due; where the plan sets no time, when the incident was opened.",
            "2024-03-04 18:05:00",
            required=True,
        ),
        flag("needed", "The step applied to this incident."),
        flag("taken", "The step was taken, at whatever time."),
        instant("taken_at", "When the step was taken.", "2024-03-04 15:30:00"),
        word("not_taken_reason", "Recorded reason why it was not taken.", "victim not reached"),
        employee("officer_id", "Officer who took the step or was to.", "P-5521"),
        word("team", "Team of that officer at the time.", "Response A North"),
        employee("supervisor_id", "Supervisor who checked that it was taken.", "P-3107"),
        instant("supervisor_checked_at", "When the supervisor checked it.", "2024-03-04 20:15:00"),
    ),
    references=(
        Reference(("incident_id",), "responding.incident"),
        Reference(("crime_id",), "investigating.crime"),
    ),
)

RECORD_TYPES: tuple[RecordType, ...] = (
    RISK_ASSESSMENT,
    BODYWORN_VIDEO,
    RESPONSE_STEP,
    SAFEGUARDING_REFERRAL,
    MARAC_CASE,
    MARAC_ACTION,
    DISCLOSURE_REQUEST,
    PROTECTIVE_ORDER,
    ORDER_BREACH,
    ORDER_CHECK,
)
