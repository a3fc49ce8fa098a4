"""Returned counts of answering the public: calls, online contact, incidents by grade."""

from __future__ import annotations

from openpeel.areas.responding.contact import ONLINE
from openpeel.areas.shared.returned import ALL, FROM_FORCES, MONTH, count, does_not_apply, month, within
from openpeel.engine.declare.columns import choice
from openpeel.engine.declare.records import RecordType, Total

#: Grades in words that forces' own ones can be brought to, since their names and numbers differ.
GRADES = ("emergency", "priority", "scheduled", "without attendance", "not graded")

RETURNED_CALLS = RecordType(
    id="responding.returned_calls",
    title="Calls by line, as returned",
    kind="returned count",
    anchor=MONTH,
    anchor_known_to="month",
    key=(MONTH, "line"),
    meaning="Calls to one line in one month, by the force's own telephony clock. The national table of 999 answer "
    "times goes by another clock, so that the two never agree to the call.",
    systems=FROM_FORCES,
    export="Count a call in the month in which it was received. A line that goes through a switchboard counts "
    "once, where it first asks for an operator.",
    columns=(
        month(),
        choice("line", "Number that was called.", "999", "101", required=True),
        count("calls_received", "Calls received.", "5200", "calls"),
        count("calls_answered", "Of these, answered by an operator.", "5100", "calls"),
        count("answered_within_10_seconds", "Of those answered, answered within 10 seconds.", "4400", "calls"),
        count("calls_abandoned", "Of those received, given up by the caller before an answer.", "80", "calls"),
        does_not_apply("calls_abandoned"),
    ),
    rules=(
        within("calls_answered", "calls_received"),
        within("answered_within_10_seconds", "calls_answered"),
        within("calls_abandoned", "calls_received"),
    ),
)  # fmt: skip

RETURNED_ONLINE_CONTACT = RecordType(
    id="responding.returned_online_contact",
    title="Online contact by channel, as returned",
    kind="returned count",
    anchor=MONTH,
    anchor_known_to="month",
    key=(MONTH, "channel"),
    meaning="Contacts by one channel that is not a call, in one month.",
    systems=FROM_FORCES,
    export="Count a contact in the month in which it was sent. A channel that the force does not have does not apply; "
    "one that was switched off all month has none, which is 0.",
    columns=(
        month(),
        choice("channel", "The way the contact came; all of them together in the last row.", *ONLINE, ALL,
               required=True),
        count("contacts_received", "Contacts received.", "640", "contacts"),
        count("first_replies", "Of these, given a first reply by a person, by the day of the return.", "610",
              "contacts"),
        count("replied_within_24_hours", "Of these replies, given within 24 hours of the contact.", "560", "contacts"),
        does_not_apply("replied_within_24_hours"),
    ),
    rules=(
        within("first_replies", "contacts_received"),
        within("replied_within_24_hours", "first_replies"),
    ),
    totals=(Total("channel", ALL, ("contacts_received", "first_replies", "replied_within_24_hours")),),
)  # fmt: skip

RETURNED_INCIDENTS = RecordType(
    id="responding.returned_incidents",
    title="Incidents by grade, as returned",
    kind="returned count",
    anchor=MONTH,
    anchor_known_to="month",
    key=(MONTH, "grade"),
    meaning="Incidents opened in one month whose first grade was the one named, and what had become of them by the day "
    "of the return.",
    systems=FROM_FORCES,
    export="Bring the force's own grades to these words and say in the notes how. Count an incident by its first "
    "grade, whatever it was graded later. Leave out duplicates of other incidents.",
    columns=(
        month(),
        choice("grade", "First grade; all of them together in the last row.", *GRADES, ALL, required=True),
        count("incidents_opened", "Incidents opened.", "1500", "incidents"),
        count("incidents_attended", "Of these, attended by an officer or PCSO.", "1420", "incidents"),
        count("attended_in_target", "Of these, attended within the force's own target for the grade.", "1210",
              "incidents"),
        does_not_apply("attended_in_target"),
    ),
    rules=(
        within("incidents_attended", "incidents_opened"),
        within("attended_in_target", "incidents_attended"),
    ),
    totals=(Total("grade", ALL, ("incidents_opened", "incidents_attended", "attended_in_target")),),
)  # fmt: skip

RECORD_TYPES: tuple[RecordType, ...] = (RETURNED_CALLS, RETURNED_ONLINE_CONTACT, RETURNED_INCIDENTS)
