"""Records of the time of neighbourhood teams: abstraction, duty hours, patrol."""

from __future__ import annotations

from openpeel.engine.declare.columns import (
    choice,
    decimal,
    employee,
    flag,
    instant,
    operational,
    seconds,
    whole,
    word,
)
from openpeel.engine.declare.records import RecordType, Reference, RowRule

_DUTY = "Duty management (Global Rostering System, Origin, Oracle, Crown)"
_ROLES = ("police officer", "PCSO", "special constable", "sergeant", "other")

ABSTRACTION = RecordType(
    id="prevention.abstraction",
    title="Abstractions",
    kind="interval",
    anchor="started_at",
    key=("abstraction_id",),
    meaning="One time one officer or PCSO of a neighbourhood team was taken off neighbourhood work.",
    systems=(
        "Abstraction form (electronic form or shared list)",
        _DUTY,
        "Command and control (STORM, ControlWorks)",
    ),
    export="One row per person and abstraction, from the form; add those that duty or control room records show "
    "and no form does, with their source, so that missing forms can be counted. Leave, sickness and rest days "
    "are absence, not abstraction.",
    columns=(
        operational(
            "abstraction_id", "Number of the form or of the duty record.", "AB-2024-0418", required=True
        ),
        employee("employee_id", "Number of the officer or PCSO who was taken off.", "P-5521"),
        choice("role", "Role of the person on that day.", *_ROLES),
        word("team", "Neighbourhood team the person belongs to on that day.", "Neighbourhood North"),
        word("local_policing_area", "Local policing area that lost the time.", "North"),
        instant(
            "started_at", "When the person left neighbourhood work.", "2024-03-04 14:10:00", required=True
        ),
        instant("ended_at", "When the person was back, or the shift ended.", "2024-03-04 17:45:00"),
        seconds(
            "abstracted_seconds",
            "Time taken from neighbourhood work, where a form gives hours and no times.",
            "12900",
        ),
        choice(
            "purpose",
            "What the person was used for.",
            "response to incidents",
            "scene guard",
            "custody or hospital guard",
            "event or public order",
            "safeguarding visit",
            "partner hub",
            "investigation",
            "court",
            "training",
            "other",
        ),
        word("purpose_code", "What the person was used for, in the force's own codes.", "Resp cover"),
        flag(
            "counts_under_policy",
            "Whether the force's own policy counts it as abstraction; forces differ over training and planned events.",
        ),
        word("used_by_team", "Team or unit the person was lent to.", "Response A North"),
        word("used_in_area", "Local policing area the person was used in.", "North"),
        flag("planned", "Whether it was arranged before the shift began.", "no"),
        employee("authorised_by_id", "Number of the supervisor who agreed to it.", "P-3107"),
        choice(
            "known_from_source",
            "What the row was taken from; all but the form mean that there may be no form.",
            "abstraction form",
            "duty system",
            "control room",
        ),
        instant(
            "form_completed_at", "When the form was sent in; blank if there is none.", "2024-03-04 17:50:00"
        ),
        operational("incident_id", "Number of the incident the person was sent to.", "INC-2024-004711"),
    ),
    rules=(RowRule("ended-after-started", "ended_at >= started_at", "ended before it started"),),
    references=(
        Reference(("employee_id",), "workforce.employee"),
        Reference(("incident_id",), "responding.incident"),
        Reference(("local_policing_area",), "shared.local_policing_area"),
    ),
)

DUTY_HOURS = RecordType(
    id="prevention.duty_hours",
    title="Duty hours",
    kind="interval",
    anchor="shift_started_at",
    key=("employee_id", "shift_started_at"),
    meaning="One shift of one officer or PCSO of a neighbourhood team, and how its time was used.",
    systems=(_DUTY,),
    export="One row per person and shift worked or planned, of everybody in a neighbourhood post, those without "
    "any abstraction too: their hours are what the share is taken of. Convert hours to seconds; give worked "
    "time, not paid time.",
    columns=(
        employee("employee_id", "Number of the officer or PCSO.", "P-5521", required=True),
        instant(
            "shift_started_at",
            "When the shift began, as worked or else as planned.",
            "2024-03-04 10:00:00",
            required=True,
        ),
        instant("shift_ended_at", "When the shift ended.", "2024-03-04 20:00:00"),
        choice("role", "Role of the person on that day.", *_ROLES),
        flag("neighbourhood_post", "Whether the person's post on that day was a neighbourhood post."),
        word("team", "Team of the person on that day.", "Neighbourhood North"),
        word("local_policing_area", "Local policing area of the team.", "North"),
        seconds("planned_seconds", "Time planned in the duty system.", "36000"),
        seconds(
            "worked_seconds", "Time worked, overtime included; leave, sickness and breaks left out.", "36000"
        ),
        seconds("neighbourhood_seconds", "Worked time spent on neighbourhood work.", "21600"),
        seconds(
            "abstracted_seconds",
            "Worked time spent on other work according to the duty system, not to the forms.",
            "12900",
        ),
        seconds("training_seconds", "Worked time spent in training.", "0"),
        seconds("absence_seconds", "Planned time lost to leave, sickness or other absence.", "0"),
        seconds("overtime_seconds", "Worked time beyond the plan.", "0"),
        whole("abstraction_forms", "Number of abstraction forms sent in for the shift.", "1", "forms", low=0),
    ),
    rules=(
        RowRule("ended-after-started", "shift_ended_at >= shift_started_at", "shift ended before it started"),
        RowRule(
            "neighbourhood-within-worked",
            "neighbourhood_seconds <= worked_seconds",
            "more neighbourhood time than was worked",
        ),
        RowRule(
            "abstracted-within-worked",
            "abstracted_seconds <= worked_seconds",
            "more abstracted time than was worked",
        ),
        RowRule(
            "training-within-worked", "training_seconds <= worked_seconds", "more training than was worked"
        ),
        RowRule(
            "overtime-within-worked", "overtime_seconds <= worked_seconds", "more overtime than was worked"
        ),
    ),
    references=(
        Reference(("employee_id",), "workforce.employee"),
        Reference(("local_policing_area",), "shared.local_policing_area"),
    ),
)

PATROL = RecordType(
    id="prevention.patrol",
    title="Patrols",
    kind="interval",
    anchor="started_at",
    key=("patrol_id",),
    meaning="One patrol of one place by a unit, or one posting of a mobile police station there.",
    systems=(
        "Patrol plans and logs of hot spots",
        "Radio and vehicle locators (Airwave)",
        "Mobile police station log",
    ),
    export="One row per place and visit; a round of several places is several. Give the time in the place, not "
    "the shift. Planned patrols that did not happen have no end and zero time in the place.",
    columns=(
        operational("patrol_id", "Number of the patrol in its log.", "PAT-2024-1507", required=True),
        instant(
            "started_at",
            "When the unit came to the place, or was to come.",
            "2024-03-06 20:30:00",
            required=True,
        ),
        instant("ended_at", "When the unit left the place.", "2024-03-06 22:00:00"),
        flag("took_place", "Whether the patrol was done; no for one that was planned and left out."),
        choice(
            "patrol_kind",
            "How it was done.",
            "foot",
            "cycle",
            "vehicle",
            "mobile police station",
            "engagement vehicle",
            "other",
        ),
        word(
            "mobile_station", "Which mobile police station or engagement vehicle it was.", "Mobile station 2"
        ),
        flag("directed", "Whether it was directed to the place beforehand, by data or a tasking meeting."),
        word("directed_because", "Need that led to it, in the force's own codes.", "Rise in robbery"),
        flag("additional", "Whether it came on top of normal duty: overtime or grant-funded hours."),
        word("funding_stream", "Where the money for additional hours came from.", "Hot spot grant"),
        word("local_policing_area", "Local policing area of the place.", "North"),
        word("ward", "Electoral ward or named place, larger than a street.", "Castle"),
        word("beat", "Beat or neighbourhood of the place.", "North 3"),
        operational("hot_spot_id", "Number of the hot spot, the same at each visit.", "HS-014"),
        word("census_area", "Census code of the small area (LSOA) the place is in.", "E01000001"),
        decimal("latitude", "Middle of the place, north.", "52.823000", "degrees", low=-90, high=90),
        decimal("longitude", "Middle of the place, east.", "-1.819000", "degrees", low=-180, high=180),
        employee("officer_id", "Number of the officer in charge.", "P-5521"),
        word("team", "Team of the unit, on that day.", "Response A North"),
        whole("officers", "Number of officers and PCSOs on the patrol.", "2", "people", low=0),
        seconds("seconds_in_place", "Time the unit was in the place, by log or locator.", "5400"),
        seconds("officer_seconds", "Time of all officers and PCSOs in the place added up.", "10800"),
        choice("time_known_by", "What the time in the place rests on.", "log", "locator"),
        whole("stop_searches", "Number of stop and searches made on it.", "1", "searches", low=0),
        whole("arrests", "Number of arrests made on it.", "1", "arrests", low=0),
        whole("dispersals", "Number of directions to leave the area.", "0", "directions", low=0),
        whole(
            "community_resolutions", "Number of community resolutions made on it.", "0", "resolutions", low=0
        ),
        whole("engagements", "Number of contact records made on it.", "3", "contacts", low=0),
        operational("plan_id", "Number of the problem-solving plan it belongs to.", "PSP-2024-012"),
        operational("initiative_id", "Number of the initiative it belongs to.", "INI-2024-03"),
    ),
    rules=(RowRule("ended-after-started", "ended_at >= started_at", "ended before it started"),),
    references=(
        Reference(("plan_id",), "prevention.problem_plan"),
        Reference(("initiative_id",), "prevention.initiative"),
        Reference(("local_policing_area",), "shared.local_policing_area"),
    ),
)
