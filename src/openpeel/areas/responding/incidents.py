"""Records of incidents: the incident, its urgency over time, the units sent, street triage."""

from __future__ import annotations

from openpeel.areas.responding import derived
from openpeel.engine.declare.columns import (
    choice,
    decimal,
    employee,
    flag,
    free_text,
    instant,
    operational,
    person,
    seconds,
    whole,
    word,
)
from openpeel.engine.declare.records import RecordType, Reference, RowRule

_CONTROL = "Command and control (STORM, ControlWorks, SmartSTORM)"

_OPENING = (
    operational(
        "incident_id", "Number of the incident (log number with its date).", "INC-2024-004711", required=True
    ),
    instant(
        "reported_at",
        "When the public first reported it: the call or message came in. Starts the full-response clock.",
        "2024-03-04 14:02:10",
    ),
    instant(
        "opened_at",
        "When the incident was opened in command and control; where only one time of call is kept, that time.",
        "2024-03-04 14:05:00",
        required=True,
    ),
    choice(
        "source",
        "How the force came to know of it.",
        "999",
        "101",
        "online",
        "front counter",
        "officer",
        "partner agency",
        "alarm",
        "other",
    ),
    operational("call_id", "Number of the first call about it.", "T-2024-118822"),
    operational("contact_id", "Number of the first online contact about it.", "OC-2024-031190"),
    word("opening_code", "Type given when it was opened, in the force's own codes.", "Domestic incident"),
    employee("opened_by_id", "Number of the person who opened it.", "P-6044"),
    word("contact_team", "Team of the person who opened it, on that day.", "Contact B"),
    person(
        "person_id",
        "Nominal number of the person it is mainly about: the victim, or who is feared for.",
        "N-88213",
    ),
    operational(
        "duplicate_of",
        "Number of the incident this one repeats; a duplicate is not waiting.",
        "INC-2024-004702",
    ),
)

_TRIAGE = (
    flag("triaged", "Whether a structured risk assessment was recorded at first contact."),
    word("triage_model", "Model of the structured risk assessment.", "THRIVE"),
    instant("triaged_at", "When the structured risk assessment was recorded.", "2024-03-04 14:07:30"),
    free_text(
        "triage_text",
        "The structured risk assessment as written, for reviewers who judge whether it is accurate.",
        "Threat: made by text today. Harm: none yet",
    ),
    flag("repeat_checked", "Whether a check for earlier reports by the same victim or place is recorded."),
    flag("vulnerability_checked", "Whether a check for vulnerable people is recorded."),
    flag("repeat_victim", "Whether the force marked the victim as a repeat victim, by its own rule."),
    flag(
        "repeat_location", "Whether the force marked the place as a repeat location, by its own rule.", "no"
    ),
    flag("vulnerable", "Whether somebody involved was marked as vulnerable."),
    flag("domestic_abuse", "Whether it was marked as domestic abuse, at opening or later."),
    flag("concern_for_welfare", "Whether it was marked as a concern for somebody's welfare.", "no"),
    flag(
        "mental_health",
        "Whether it was marked as involving mental ill health.",
        personal="special-category",
    ),
    flag("antisocial_behaviour", "Whether it was marked as antisocial behaviour.", "no"),
)

_ATTENDANCE = (
    word("first_grade", "First urgency grade given, in the force's own words.", "Grade 3"),
    instant(
        "first_graded_at",
        "When the first urgency grade was given: starts one attendance clock.",
        "2024-03-04 14:05:10",
    ),
    word("grade", "Latest urgency grade, in the force's own words.", "Grade 2"),
    instant(
        "graded_at",
        "When the latest urgency grade was given: starts the other attendance clock.",
        "2024-03-04 14:08:20",
    ),
    seconds(
        "target_seconds",
        "Time to first attendance that the force's own policy set for the latest grade on that day.",
        "3600",
    ),
    choice(
        "attendance_decision",
        "Latest decision on attending. All but deploy and appointment end the wait without an arrival.",
        "deploy",
        "appointment",
        "resolved without deployment",
        "other agency",
        "cancelled",
    ),
    instant("decided_at", "When the latest decision on attending was made.", "2024-03-04 14:08:20"),
    word(
        "decision_reason",
        "Reason for the decision on attending, in the force's own codes.",
        "Suspect may return",
    ),
    word("other_agency", "Which agency took it, or was asked to.", "Ambulance service"),
    flag(
        "declined_under_right_care",
        "Whether police did not attend because another service was the right one (Right Care, Right Person).",
        "no",
    ),
    instant(
        "appointment_at",
        "Time of the appointment agreed with the caller, the latest if it moved.",
        "2024-03-04 18:00:00",
    ),
    instant("dispatched_at", "When the first unit was sent.", "2024-03-04 14:21:00"),
    instant(
        "arrived_at",
        "When the first unit was with the caller or at the place: stops the attendance clocks, not the full response.",
        "2024-03-04 14:52:30",
    ),
    flag(
        "attended",
        "Whether any unit came, where that is recorded apart from a time; no time is not no attendance.",
    ),
    word("station", "Station or base of the first unit that came.", "North Road"),
    instant(
        "full_response_at",
        "When a full account of the risk to the victim had been taken, whoever took it: stops the full-response clock.",
        "2024-03-04 15:40:00",
    ),
    flag(
        "delay_told", "Whether the caller was told that attendance would be late, and what to do meanwhile."
    ),
    instant("delay_told_at", "When the caller was first told of the delay.", "2024-03-04 14:30:00"),
)

_PLACE = (
    word("local_policing_area", "Local policing area of the place, as bounded on that day.", "North"),
    word("beat", "Beat or neighbourhood of the place.", "North 3"),
    operational(
        "location_id",
        "Number of the place in the force's gazetteer: equal for equal addresses.",
        "LOC-0048213",
    ),
    word("location_kind", "What sort of place it was.", "Dwelling"),
    word("ward", "Electoral ward or named place, larger than a street.", "Castle"),
    word("local_authority", "Local authority of the place.", "Northshire"),
    word("station_area", "Station whose ground the place is on.", "North Road"),
    word("census_area", "Census code of the small area (LSOA) the place is in.", "E01000001"),
    choice("urban_or_rural", "Sort of place by which the force's targets differ.", "urban", "rural"),
    decimal(
        "easting",
        "National grid easting of the place.",
        "412300",
        "metres",
        low=0,
        high=700_000,
        personal="operational-reference",
    ),
    decimal(
        "northing",
        "National grid northing of the place.",
        "325100",
        "metres",
        low=0,
        high=1_300_000,
        personal="operational-reference",
    ),
    decimal(
        "latitude",
        "Place, north.",
        "52.823100",
        "degrees",
        low=-90,
        high=90,
        personal="operational-reference",
    ),
    decimal(
        "longitude",
        "Place, east.",
        "-1.818900",
        "degrees",
        low=-180,
        high=180,
        personal="operational-reference",
    ),
)

_CLOSING = (
    instant(
        "closed_at",
        "When it was closed, the last time if it was opened again; blank while open.",
        "2024-03-04 18:30:00",
    ),
    word("closing_code", "Type it was closed as, in the force's own codes.", "Domestic abuse crime"),
    choice(
        "closing_category",
        "National category of incident it was closed as.",
        "crime",
        "antisocial behaviour",
        "public safety and welfare",
        "transport",
        "administration",
    ),
    flag("crime_recorded", "Whether a crime was recorded from it; the crime names the incident."),
)

INCIDENT = RecordType(
    id="responding.incident",
    title="Incidents",
    kind="event",
    anchor="opened_at",
    key=("incident_id",),
    meaning="One incident in command and control, from the report to its closing.",
    systems=(_CONTROL, "Contact and records management (Athena, Connect, Niche, Dynamics)"),
    export="One row per incident, the open, cancelled and duplicate ones too. Take the first arrival from the "
    "units' status changes and the grade from the grade history; the closing grade alone hides downgrades. "
    "A log that was never resourced and one whose arrival was not recorded both have a blank: leave them so.",
    columns=(*_OPENING, *_TRIAGE, *_ATTENDANCE, *_PLACE, *_CLOSING),
    rules=(
        RowRule("closed-after-opened", "closed_at >= opened_at", "closed before it was opened"),
        RowRule("graded-in-order", "graded_at >= first_graded_at", "latest grade given before the first one"),
        RowRule("no-duplicate-of-itself", "duplicate_of <> incident_id", "is a duplicate of itself"),
    ),
    references=(
        Reference(("call_id",), "responding.call"),
        Reference(("contact_id",), "responding.online_contact"),
        Reference(("person_id",), "shared.person_reference"),
        Reference(("local_policing_area",), "shared.local_policing_area"),
    ),
    derived=derived.INCIDENT,
)

INCIDENT_GRADE_CHANGE = RecordType(
    id="responding.incident_grade_change",
    title="Changes of an incident's grade",
    kind="event",
    anchor="changed_at",
    key=("incident_id", "change_number"),
    meaning="One urgency grade given to an incident; the first grading is one of them.",
    systems=(_CONTROL,),
    export="One row per grading from the audit trail of the incident, numbered in order from 1. Ask for the "
    "history table: most incident exports hold only the latest grade.",
    columns=(
        operational("incident_id", "Number of the incident.", "INC-2024-004711", required=True),
        whole(
            "change_number",
            "Running number of the grading, 1 for the first.",
            "2",
            "gradings",
            low=1,
            required=True,
        ),
        instant("changed_at", "When this grade was given.", "2024-03-04 14:08:20", required=True),
        word("from_grade", "Grade before, in the force's own words; blank for the first grading.", "Grade 3"),
        word("to_grade", "Grade given, in the force's own words.", "Grade 2", required=True),
        choice(
            "direction",
            "Whether the incident became more or less urgent; the force's words do not say which is which.",
            "raised",
            "lowered",
            "first grading",
            "same urgency",
        ),
        seconds(
            "target_seconds",
            "Time to first attendance that the force's own policy set for this grade.",
            "3600",
        ),
        word("change_reason", "Reason for the change, in the force's own codes.", "Threats by text"),
        employee("changed_by_id", "Number of the person who changed the grade.", "P-6044"),
        employee("agreed_by_id", "Number of the supervisor who agreed to the change.", "P-3107"),
    ),
    references=(Reference(("incident_id",), "responding.incident"),),
)

INCIDENT_UNIT = RecordType(
    id="responding.incident_unit",
    title="Units sent to incidents",
    kind="event",
    anchor="dispatched_at",
    key=("incident_id", "assignment_number"),
    meaning="One sending of one unit to an incident; a unit sent twice has two.",
    systems=(_CONTROL, "Radio and status messages (Airwave)"),
    export="One row per assignment from the resource history, those stood down on the way too, numbered in "
    "order from 1 within the incident. Where officers sent themselves, the time they were put on the log is "
    "the time sent.",
    columns=(
        operational("incident_id", "Number of the incident.", "INC-2024-004711", required=True),
        whole(
            "assignment_number", "Running number of the sending.", "1", "assignments", low=1, required=True
        ),
        word("unit", "Call sign of the unit.", "NR21"),
        choice(
            "unit_kind",
            "What sort of unit it was.",
            "response",
            "neighbourhood",
            "roads policing",
            "firearms",
            "dogs",
            "investigation",
            "street triage",
            "appointments",
            "other",
        ),
        word("station", "Station or base of the unit.", "North Road"),
        word("team", "Team of the unit, on that day.", "Response A North"),
        whole("officers", "Number of officers and staff in the unit.", "2", "people", low=0),
        employee("officer_id", "Number of the officer in charge of the unit.", "P-5521"),
        instant("dispatched_at", "When the unit was sent.", "2024-03-04 14:21:00", required=True),
        instant("en_route_at", "When the unit set off.", "2024-03-04 14:23:10"),
        instant("arrived_at", "When the unit was at the scene.", "2024-03-04 14:52:30"),
        instant("left_at", "When the unit was free again after attending.", "2024-03-04 17:05:00"),
        instant("stood_down_at", "When the unit was called off before it arrived.", "2024-03-04 14:40:00"),
        word("stood_down_reason", "Why it was called off, in the force's own codes.", "Nearer unit"),
    ),
    rules=(
        RowRule("set-off-after-sent", "en_route_at >= dispatched_at", "set off before it was sent"),
        RowRule("arrived-after-sent", "arrived_at >= dispatched_at", "arrived before it was sent"),
        RowRule("left-after-arrived", "left_at >= arrived_at", "left before it arrived"),
        RowRule("stood-down-after-sent", "stood_down_at >= dispatched_at", "stood down before it was sent"),
    ),
    references=(Reference(("incident_id",), "responding.incident"),),
)

STREET_TRIAGE_ATTENDANCE = RecordType(
    id="responding.street_triage_attendance",
    title="Street triage attendances",
    kind="event",
    anchor="requested_at",
    key=("attendance_id",),
    meaning="One request for a mental health nurse at an incident, whether one came, advised or was not to be had.",
    systems=("Street triage log of the force or the health trust", _CONTROL),
    export="One row per request, refused and unmet ones too; the log of the health trust often has only those "
    "attended. Leave clinical notes out.",
    columns=(
        operational(
            "attendance_id", "Number of the request in the street triage log.", "ST-2024-0193", required=True
        ),
        operational("incident_id", "Number of the incident.", "INC-2024-004711"),
        instant("requested_at", "When street triage was asked for.", "2024-03-04 16:20:00", required=True),
        flag("in_service_hours", "Whether street triage was on duty when it was asked for."),
        choice(
            "result",
            "What came of the request.",
            "attended",
            "advised by telephone",
            "busy elsewhere",
            "outside service hours",
            "not suitable",
        ),
        instant("attended_at", "When the nurse was at the scene.", "2024-03-04 16:45:00"),
        instant("ended_at", "When the nurse had finished.", "2024-03-04 17:35:00"),
        instant("officers_released_at", "When the last officer was free again.", "2024-03-04 17:05:00"),
        whole("officers", "Number of officers at the incident.", "2", "people", low=0),
        seconds("officer_seconds", "Time of all officers at the incident added up.", "15900"),
        employee("officer_id", "Number of the officer who asked for street triage.", "P-5521"),
        person("person_id", "Nominal number of the person in crisis.", "N-88213"),
        choice(
            "care_outcome",
            "What followed for the person.",
            "stayed at home with a plan",
            "went to a place of safety by agreement",
            "detained under section 136",
            "referred to a mental health service",
            "taken to hospital for an injury or illness",
            "left with family or carers",
            "no need found",
            "other",
            personal="special-category",
        ),
        flag(
            "detention_avoided",
            "Whether those present recorded that a detention under section 136 was avoided.",
            personal="special-category",
        ),
        word("local_policing_area", "Local policing area of the incident.", "North"),
    ),
    rules=(RowRule("ended-after-attended", "ended_at >= attended_at", "ended before the nurse attended"),),
    references=(
        Reference(("incident_id",), "responding.incident"),
        Reference(("person_id",), "shared.person_reference"),
        Reference(("local_policing_area",), "shared.local_policing_area"),
    ),
)
