"""Records of contact by the public: calls and their legs, online contact, channels switched off."""

from __future__ import annotations

from openpeel.areas.responding import derived
from openpeel.engine.declare.columns import (
    choice,
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

#: The ways in that are not a call, in the same words wherever a channel is named.
ONLINE = ("webchat", "Single Online Home", "email", "social media", "text message", "other online")
_TELEPHONY = "Telephony and contact centre (Avaya, Cisco, Genesys, Mitel)"
_DIGITAL = "Digital contact (Single Online Home, webchat, Orlo and other social media desks)"

CALL = RecordType(
    id="responding.call",
    title="Calls",
    kind="event",
    anchor="received_at",
    key=("call_id",),
    meaning="One 999, 101 or other call from the public, from reaching the force to its end.",
    systems=(_TELEPHONY, "Emergency operator's monthly call data for the force (BT)"),
    export="One row per call as the caller made it, answered or not; ask for abandoned and diverted calls by "
    "name, since standard exports leave them out. Transfers inside the force are legs, not calls. Leave out "
    "internal and outgoing calls.",
    columns=(
        operational("call_id", "Number of the call in the telephony system.", "T-2024-118822", required=True),
        choice(
            "line",
            "What the caller dialled; other is any published number but these two.",
            "999",
            "101",
            "other",
            required=True,
        ),
        instant(
            "received_at",
            "When the call reached the force's telephony: start of the force's own answering clock.",
            "2024-03-04 14:02:10",
            required=True,
        ),
        instant(
            "transfer_started_at",
            "When the operator began to put a 999 call through: start of the published 999 clock, before received_at.",
            "2024-03-04 14:02:08",
        ),
        seconds(
            "operator_answer_seconds",
            "From start of transfer to answer on the operator's count (published 999 clock), never the force's.",
            "9",
        ),
        instant(
            "answered_at",
            "When a person first spoke to the caller: stops both clocks. A menu or a recorded message is no answer.",
            "2024-03-04 14:02:17",
        ),
        instant(
            "abandoned_at",
            "When the caller rang off before a person answered; blank for an answered call.",
            "2024-03-04 14:02:40",
        ),
        instant("ended_at", "When the call ended.", "2024-03-04 14:09:30"),
        choice(
            "result",
            "How the call ended for the caller; diverted means taken by somebody else, such as another force.",
            "answered",
            "abandoned",
            "diverted",
            "disconnected by the system",
        ),
        word(
            "diverted_to",
            "Who took a diverted call: another force, a recorded message, an agency.",
            "Another force",
        ),
        instant(
            "call_back_asked_at",
            "When the caller chose to be rung back and left the queue; such a call is not abandoned.",
            "2024-03-04 14:02:12",
        ),
        instant(
            "called_back_at",
            "When the force reached the caller who asked to be rung back.",
            "2024-03-04 14:20:00",
        ),
        flag("silent", "Whether the caller did not speak and the procedure for silent calls was used.", "no"),
        word("call_reason", "What the call was about, in the force's own codes.", "Domestic incident"),
        flag(
            "for_police", "Whether it was a police matter; no for misdialled calls and other services.", "yes"
        ),
        employee("call_handler_id", "Number of the person who answered.", "P-6044"),
        word("team", "Team of the person who answered, on that day.", "Contact B"),
        person("caller_id", "Nominal number of the caller, where the force linked one.", "N-88213"),
        operational(
            "incident_id",
            "Number of the incident the call led to or was added to; blank if it led to none.",
            "INC-2024-004711",
        ),
    ),
    rules=(
        RowRule("answered-after-received", "answered_at >= received_at", "answered before it was received"),
        RowRule(
            "abandoned-after-received", "abandoned_at >= received_at", "abandoned before it was received"
        ),
        RowRule("ended-after-received", "ended_at >= received_at", "ended before it was received"),
        RowRule("ended-after-answered", "ended_at >= answered_at", "ended before it was answered"),
        RowRule(
            "called-back-after-asked",
            "called_back_at >= call_back_asked_at",
            "called back before the caller asked for it",
        ),
    ),
    references=(Reference(("incident_id",), "responding.incident"),),
    derived=derived.CALL,
)

CALL_LEG = RecordType(
    id="responding.call_leg",
    title="Legs of calls",
    kind="event",
    anchor="entered_at",
    key=("call_id", "leg_number"),
    meaning="One stage of a call: the menu, the switchboard, one queue, or one person's line.",
    systems=(_TELEPHONY,),
    export="One row per stage a call went through (call detail or segment records), in order; a transfer to "
    "another queue starts a new leg. Abandonment of 101 calls is worked out stage by stage, so menu and "
    "switchboard legs must not be left out.",
    columns=(
        operational("call_id", "Number of the call the leg belongs to.", "T-2024-118822", required=True),
        whole(
            "leg_number",
            "Running number of the leg within its call, from 1.",
            "1",
            "legs",
            low=1,
            required=True,
        ),
        choice(
            "stage",
            "What sort of stage it was; call handler is the line of one person after a queue.",
            "queue",
            "menu",
            "switchboard",
            "call handler",
            "voicemail",
            "other",
        ),
        word("queue", "Name of the queue or menu in the telephony system.", "999 emergency"),
        instant("entered_at", "When the call entered the stage.", "2024-03-04 14:02:10", required=True),
        instant(
            "answered_at",
            "When a person answered on this leg; a menu has no answer of its own.",
            "2024-03-04 14:02:17",
        ),
        instant(
            "abandoned_at",
            "When the caller rang off on this leg before a person answered it; short ones are told by the times.",
            "2024-03-04 14:02:40",
        ),
        instant(
            "diverted_at",
            "When the call was sent on from this leg: to another queue, force or agency.",
            "2024-03-04 14:02:30",
        ),
        word("diverted_to", "Where the call was sent: name of the queue, force or agency.", "101 crime desk"),
        instant("left_at", "When the call left the stage, however that came about.", "2024-03-04 14:09:30"),
        choice(
            "ending",
            "How the leg ended; diverted also stands for a choice in a menu that led to another stage.",
            "answered",
            "abandoned",
            "diverted",
            "call back asked",
            "disconnected by the system",
        ),
        whole(
            "priority", "Priority the queue gave the call, as the system numbers it.", "1", "priority", low=0
        ),
        employee("call_handler_id", "Number of the person who answered this leg.", "P-6044"),
    ),
    rules=(
        RowRule("answered-after-entered", "answered_at >= entered_at", "answered before the leg began"),
        RowRule("abandoned-after-entered", "abandoned_at >= entered_at", "abandoned before the leg began"),
        RowRule("diverted-after-entered", "diverted_at >= entered_at", "diverted before the leg began"),
        RowRule("left-after-entered", "left_at >= entered_at", "left before the leg began"),
    ),
    references=(Reference(("call_id",), "responding.call"),),
    derived=derived.CALL_LEG,
)

ONLINE_CONTACT = RecordType(
    id="responding.online_contact",
    title="Online contacts",
    kind="event",
    anchor="received_at",
    key=("contact_id",),
    meaning="One conversation or report begun by a member of the public online: a webchat, a form, an email, "
    "a message on social media.",
    systems=(_DIGITAL, "Customer contact (Salesforce, Microsoft Dynamics)"),
    export="One row per conversation or form, not per message; ask for those nobody answered and for webchats "
    "left in the queue. The first reply is that of a person: automatic acknowledgements have a column of "
    "their own.",
    columns=(
        operational("contact_id", "Number of the contact in its system.", "OC-2024-031190", required=True),
        choice("channel", "The way the contact came.", *ONLINE, required=True),
        word(
            "platform", "Name of the social network or site, where the channel has several.", "Public website"
        ),
        word("form", "Form or topic the sender chose, as the site names it.", "Ask about a report"),
        word("queue", "Name of the queue the contact waited in.", "Webchat general"),
        instant(
            "received_at",
            "When the contact was sent or, for webchat, when the person joined the queue: waiting starts here.",
            "2024-03-04 15:10:00",
            required=True,
        ),
        instant(
            "automatic_reply_at",
            "When an automatic acknowledgement went out; it is no reply.",
            "2024-03-04 15:10:01",
        ),
        instant(
            "opened_at",
            "When a person first opened the contact: risk was unseen until then.",
            "2024-03-04 15:13:20",
        ),
        instant("first_reply_at", "When a person first replied: waiting stops here.", "2024-03-04 15:14:05"),
        instant("left_at", "When the sender left a webchat before a person replied.", "2024-03-04 15:16:00"),
        instant("closed_at", "When the force closed the contact.", "2024-03-04 15:26:40"),
        choice(
            "result",
            "What the contact came to; sent to another channel means the person was told to use a form or a telephone.",
            "incident opened",
            "crime recorded",
            "added to an earlier record",
            "answered",
            "sent to another channel",
            "passed to another team",
            "passed to another agency",
            "left by the sender",
            "no action needed",
        ),
        free_text(
            "contact_text",
            "What the sender wrote: the published keyword rules are run on it.",
            "He is outside the house again",
        ),
        flag(
            "flagged",
            "Whether the channel's own software marked the contact as urgent, by keyword or otherwise.",
        ),
        instant("flagged_at", "When the channel's own software marked it.", "2024-03-04 15:10:02"),
        word(
            "flag_rule",
            "Keyword or rule that led the channel's own software to mark it.",
            "outside the house",
        ),
        word("priority", "Priority an operator gave it, in the force's own codes.", "High"),
        instant("priority_given_at", "When an operator first gave it a priority.", "2024-03-04 15:13:50"),
        flag("emergency", "Whether it was an emergency that should have been a 999 call.", "no"),
        flag("vulnerable", "Whether the operator marked the sender or the victim as vulnerable."),
        flag("domestic_abuse", "Whether the operator marked it as domestic abuse."),
        employee("operator_id", "Number of the person who dealt with it.", "P-6044"),
        word("team", "Team of the person who dealt with it, on that day.", "Digital desk"),
        person("sender_id", "Nominal number of the sender, where the force linked one.", "N-88213"),
        operational("incident_id", "Number of the incident it led to or was added to.", "INC-2024-004711"),
        operational("crime_id", "Number of the crime it led to or was added to.", "CR-2024-001234"),
    ),
    rules=(
        RowRule("opened-after-received", "opened_at >= received_at", "opened before it was received"),
        RowRule(
            "replied-after-received", "first_reply_at >= received_at", "replied to before it was received"
        ),
        RowRule("left-after-received", "left_at >= received_at", "left before it was received"),
        RowRule("closed-after-received", "closed_at >= received_at", "closed before it was received"),
    ),
    references=(
        Reference(("incident_id",), "responding.incident"),
        Reference(("crime_id",), "investigating.crime"),
    ),
    derived=derived.ONLINE_CONTACT,
)

CHANNEL_OUTAGE = RecordType(
    id="responding.channel_outage",
    title="Times a channel was switched off",
    kind="interval",
    anchor="switched_off_at",
    key=("outage_id",),
    meaning="One stretch in which a way of reaching the force was off within its advertised hours, by "
    "decision or by fault.",
    systems=(_DIGITAL, _TELEPHONY, "Log of the duty manager of the contact centre"),
    export="One row per stretch, from the settings log of the webchat or telephony software rather than from "
    "memory; number the rows if the log has no numbers. Closing at the end of the advertised hours is no "
    "outage.",
    columns=(
        operational("outage_id", "Number of the stretch in the log.", "OUT-2024-0061", required=True),
        choice("channel", "The channel that was off.", *ONLINE, "101", "999", required=True),
        instant(
            "switched_off_at",
            "When the public could no longer use the channel.",
            "2024-03-04 17:30:00",
            required=True,
        ),
        instant(
            "switched_on_at",
            "When the public could use it again; blank while it is off.",
            "2024-03-04 19:00:00",
        ),
        seconds(
            "advertised_seconds_lost",
            "How much of the stretch lay within the channel's advertised hours.",
            "5400",
        ),
        choice(
            "outage_reason",
            "Why it was off.",
            "high demand",
            "too few staff",
            "technical fault",
            "planned maintenance",
            "other",
        ),
        flag("decided", "Whether somebody switched it off; no for a fault."),
        employee("decided_by_id", "Number of the person who decided to switch it off.", "P-3107"),
        flag(
            "public_told",
            "Whether the site or a message said that the channel was off and what to use instead.",
        ),
        word("offered_instead", "Channel the public was pointed to.", "101"),
    ),
    rules=(
        RowRule(
            "on-after-off", "switched_on_at >= switched_off_at", "switched on before it was switched off"
        ),
    ),
)
