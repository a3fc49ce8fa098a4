"""Records of what victims are owed: the victim, the contract on updates, the updates, the entitlements."""

from __future__ import annotations

from openpeel.engine.declare.columns import (
    choice,
    day,
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
_CARE = (
    "Victim care and Victims' Code forms (Connect, VCOP forms in Niche, spreadsheet of the victim care unit)"
)
_METHODS = ("telephone", "in person", "text message", "email", "letter", "online portal", "other")

_OF_A_VICTIM = (
    operational("crime_id", "Number of the crime.", "CR-2024-001234", required=True),
    person("victim_id", "The victim, by nominal number; a business or the state by the number the system gives it.",
           "N-88213", required=True),
)  # fmt: skip
_TO_VICTIM = (
    Reference(("crime_id", "victim_id"), "victims.victim"),
    Reference(("crime_id",), "investigating.crime"),
)

VICTIM = RecordType(
    id="victims.victim",
    title="Victims",
    kind="event",
    anchor="recorded_at",
    key=("crime_id", "victim_id"),
    meaning="One person, business or state body as the victim of one crime: what the Victims' Code owes is counted by "
    "these, not by crimes.",
    systems=(_CRIME,),
    export="One row per crime and victim: two victims of one crime are two rows, one person who is the victim of two "
    "crimes too. Keep businesses and crimes against the state, marked as such: they are left out where nobody is "
    "owed an update. The duty to a child or to a bereaved family is counted by the victim, not the relative told.",
    columns=(
        *_OF_A_VICTIM,
        instant("recorded_at", "When the victim was put on the crime's record; where that is not kept, when the crime "
                "was recorded.", "2024-03-04 16:40:00", required=True),
        choice("kind", "Who the victim is. A crime against the state has no victim who is owed updates.", "person",
               "business", "state"),
        whole("age", "Age of the victim when the crime was recorded.", "34", "years", low=0, high=120),
        flag("under_18", "Whether the victim was under 18 when the crime was recorded.", "no"),
        special("gender", "Gender of the victim.", "Female"),
        special("self_defined_ethnicity", "Ethnicity as the victim defined it.",
                "White - English/Welsh/Scottish/Northern Irish/British"),
        special("officer_defined_ethnicity", "Ethnicity as an officer perceived it.", "White"),
        flag("disability", "Whether the victim has a disability, by the victim's own account.", "no",
             personal="special-category"),
        flag("deceased", "Whether the victim has died; the family then holds the rights.", "no"),
        flag("vulnerable", "Whether marked as vulnerable by the force's own rule."),
        flag("repeat_victim", "Whether marked as a repeat victim by the force's own rule."),
        flag("enhanced_rights", "Whether the victim has enhanced rights: updates are then due in one working day."),
        choice(
            "enhanced_rights_reason",
            "Why the victim has enhanced rights.",
            "vulnerable or intimidated",
            "most serious crime",
            "persistently targeted",
            "none",
            personal="special-category",
        ),
        instant("enhanced_rights_at", "When it was recorded that the victim has them.", "2024-03-04 17:20:00"),
        choice("relationship", "What the suspect is to the victim.", "partner", "former partner", "other relative",
               "acquaintance", "professional or carer", "stranger", "not known"),
        word("language", "Language the victim needs, where an interpreter is needed.", "none needed"),
        choice("preferred_method", "How the victim wants to be told.", *_METHODS),
        choice(
            "supports_investigation",
            "Whether the victim supports an investigation now. When support was withdrawn is an entitlement's column.",
            "yes",
            "no, from the start",
            "withdrawn",
            "not asked",
        ),
        word("local_policing_area", "Local policing area the victim lives in, which can differ from the crime's.",
             "North"),
    ),
    references=(
        Reference(("crime_id",), "investigating.crime"),
        Reference(("victim_id",), "shared.person_reference"),
        Reference(("local_policing_area",), "shared.local_policing_area"),
    ),
)  # fmt: skip

VICTIM_CONTRACT = RecordType(
    id="victims.victim_contract",
    title="Victim contracts",
    kind="interval",
    anchor="from_at",
    key=("crime_id", "victim_id", "contract_number"),
    meaning="One agreement with one victim on how often and how to be told of the investigation, from when it was made "
    "to when another took its place.",
    systems=(_CARE, _CRIME),
    export="One row per agreement, numbered in order from 1: each change makes a new one. A victim who wants no "
    "updates has an agreement that says so; a victim who was never asked has none.",
    columns=(
        *_OF_A_VICTIM,
        whole("contract_number", "Running number of the agreement, 1 for the first.", "1", "agreements", low=1,
              required=True),
        instant("from_at", "When it was agreed.", "2024-03-04 18:10:00", required=True),
        instant("to_at", "When it ended or another took its place; blank while it holds.", "2024-04-30 10:15:00"),
        choice("updates_wanted", "What updates the victim asked for.", "at intervals", "when something happens",
               "at the end only", "none"),
        whole("days_between_updates", "Longest time between two updates, in calendar days.", "14", "days", low=1),
        choice("method", "How the victim is to be told.", *_METHODS),
        word("told_by", "Who is to tell the victim, by role.", "Officer in the case"),
        day("first_due_on", "Day the first update was due.", "2024-03-18"),
        employee("officer_id", "Number of the person who agreed it with the victim.", "P-5521"),
        word("team", "Team of that person on that day.", "Response A North"),
        choice(
            "end_reason",
            "Why it ended.",
            "investigation closed",
            "changed at the victim's wish",
            "changed by the force",
            "support withdrawn",
            "other",
        ),
        flag("kept", "Whether a supervisor or system recorded that it was kept; what the updates show is worked out "
             "apart from this."),
    ),
    rules=(RowRule("ends-after-it-starts", "to_at >= from_at", "ended before it was agreed"),),
    references=_TO_VICTIM,
)  # fmt: skip

VICTIM_UPDATE = RecordType(
    id="victims.victim_update",
    title="Updates to victims",
    kind="event",
    anchor="arose_at",
    key=("crime_id", "victim_id", "update_number"),
    meaning="One update that one victim was owed or was given; one owed and never given has a row too.",
    systems=(_CARE, _CRIME, "Automatic messages to victims"),
    export="One row per update, numbered in order from 1 for each victim: start from the events that make one due "
    "(arrest, bail, charge, no further action) and from the dates of the contract, then join what was sent. An "
    "export of messages sent alone shows no update as missing. A call not answered is an attempt, not an update.",
    columns=(
        *_OF_A_VICTIM,
        whole("update_number", "Running number of the update for this victim.", "1", "updates", low=1, required=True),
        choice(
            "due_under",
            "What makes it due. Updates under the Code and under the contract are counted apart.",
            "Victims' Code",
            "victim contract",
            "neither",
        ),
        choice(
            "event",
            "What the victim was to be told of.",
            "arrest",
            "voluntary interview",
            "release without charge",
            "bail",
            "change of bail",
            "end of bail",
            "release under investigation",
            "charge",
            "caution or other disposal",
            "no further action",
            "court date",
            "date of the contract",
            "investigation closed",
            "other",
        ),
        instant("arose_at", "When that event happened, not when it was recorded: the working days count from here. For "
                "an update under the contract or neither, when it was due or sent.", "2024-03-05 09:15:00",
                required=True),
        instant("due_at", "Latest time for it by the force's own system; the legal limit is worked out from the event.",
                "2024-03-06 23:59:59"),
        person("suspect_id", "Suspect it is about.", "N-90017"),
        operational("bail_id", "Period of bail or release under investigation it is about.", "B-2024-0311"),
        flag("opted_out", "Whether the victim had asked not to be told of this.", "no"),
        instant("attempted_at", "When somebody first tried to tell the victim, in vain or not.", "2024-03-05 12:30:00"),
        whole("attempts", "How often somebody tried.", "2", "attempts", low=0),
        flag("told", "Whether the victim was told; blank is not known, never no."),
        instant("sent_at", "When the victim was told or the message was sent: stops the clock.", "2024-03-05 17:45:00"),
        choice("method", "How the victim was told.", *_METHODS),
        choice("told_to", "Who was told.", "victim", "parent or guardian", "family", "representative",
               "support service"),
        employee("officer_id", "Number of the person who told the victim or was to.", "P-5521"),
        word("team", "Team of that person on that day.", "Response A North"),
        word("not_told_reason", "Recorded reason why the victim was not told, or told late.", "told"),
    ),
    references=(
        *_TO_VICTIM,
        Reference(("crime_id", "suspect_id"), "offenders.suspect"),
        Reference(("bail_id",), "offenders.bail_period"),
    ),
)  # fmt: skip

_NEEDS = (
    instant("acknowledged_at", "When the written acknowledgement of the crime was sent.", "2024-03-05 08:00:00"),
    instant("information_given_at", "When the victim was told of the rights and where to read them.",
            "2024-03-04 15:30:00"),
    flag("needs_assessment_due", "Whether a needs assessment was due to this victim."),
    flag("needs_assessed", "Whether a needs assessment was made; blank is not known, never no."),
    instant("needs_assessed_at", "When the first needs assessment was finished.", "2024-03-04 17:15:00"),
    instant("needs_reassessed_at", "When it was last made again.", "2024-03-19 10:00:00"),
    flag("needs_assessment_declined", "Whether the victim did not want one.", "no"),
    flag("support_needs_found", "Whether it found that the victim needs further support.",
         personal="special-category"),
    flag("support_requests_recorded", "Whether what the victim asked for is on the record."),
    flag("special_measures_considered", "Whether special measures for giving evidence were considered."),
    flag("support_offered", "Whether referral to a support service was offered."),
    flag("support_declined", "Whether the victim did not want the referral.", "no"),
    instant("support_referred_at", "When the victim was referred to a support service: due within two working days of "
            "the report.", "2024-03-05 09:30:00"),
    word("support_service", "Support service it went to.", "Northshire Victim Care"),
)  # fmt: skip

_CONTRACT_AND_STATEMENT = (
    flag("contract_offered", "Whether the victim was asked how often and how to be told."),
    flag("contract_declined", "Whether the victim wanted no agreement on it.", "no"),
    instant("contract_agreed_at", "When the first agreement was made.", "2024-03-04 18:10:00"),
    flag("statement_due", "Whether a personal statement is in question for this victim, by the force's own rule."),
    flag("statement_considered", "Whether a personal statement was considered, whatever followed: not the same as "
         "offered or taken."),
    flag("statement_offered", "Whether the victim was offered the chance to make one."),
    instant("statement_offered_at", "When it was first offered.", "2024-03-04 18:15:00"),
    flag("statement_declined", "Whether the victim did not want to make one.", "no"),
    flag("statement_taken", "Whether one was taken; a witness statement is not one."),
    instant("statement_taken_at", "When the first one was taken; a business makes an impact statement instead.",
            "2024-03-12 14:00:00"),
    flag("statement_sent_to_prosecutor", "Whether it went to the prosecutor with the file."),
    choice("statement_wish", "How the victim wants it put to the court.", "read by the victim",
           "read by somebody else", "not read out", "not asked"),
)  # fmt: skip

_WITHDRAWAL = (
    flag("support_withdrawn", "Whether the victim withdrew support for the investigation, at any time."),
    instant("withdrawn_at", "When the victim last withdrew support.", "2024-03-18 11:00:00"),
    flag("withdrawal_reason_recorded", "Whether the victim's reason is on the record."),
    word("withdrawal_reason", "The victim's main reason, in the force's own codes.", "Fear of what would follow"),
    free_text("withdrawal_text", "The victim's reasons as written down.",
              "She does not want to go to court and is worried about the children."),
    choice(
        "withdrawal_kept_as",
        "What shows the victim's decision to somebody who checks later.",
        "signed statement",
        "signed notebook entry",
        "video or audio",
        "message from the victim",
        "officer's note",
        "nothing",
    ),
    flag("evidence_led_considered", "Whether going on without the victim's support was considered."),
    flag("protective_order_considered", "Whether a protective order was considered for this victim."),
    instant("support_resumed_at", "When the victim came back to supporting it after that; blank if not.",
            "2024-03-26 15:00:00"),
)  # fmt: skip

_REVIEW = (
    flag("review_right_told", "Whether the victim was told of the right to have a decision not to charge reviewed."),
    flag("review_asked", "Whether the victim asked for such a review.", "no"),
    instant("review_asked_at", "When the victim asked for it.", "2024-05-14 09:00:00"),
    choice("review_result", "What came of it.", "no review", "decision stands", "decision changed",
           "investigated further", "not yet decided"),
    employee("officer_id", "Number of the person who owed all this at the end: the officer in the case.", "P-5521"),
    word("team", "Team of that officer.", "Response A North"),
)  # fmt: skip

VICTIM_ENTITLEMENT = RecordType(
    id="victims.victim_entitlement",
    title="Entitlements of victims",
    kind="event",
    anchor="recorded_at",
    key=("crime_id", "victim_id"),
    meaning="What one victim of one crime was offered and given under the Victims' Code apart from updates, and why "
    "support was withdrawn where it was.",
    systems=(_CARE, _CRIME),
    export="One row per crime and victim, also where no form was filled in: start from the victims and join the forms. "
    "A statement considered, one offered and one taken are three columns; leave blank what the form does not ask. "
    "Where support was withdrawn twice give the last time.",
    columns=(
        *_OF_A_VICTIM,
        instant("recorded_at", "When the victim was put on the crime's record, the same as in the victim's own row.",
                "2024-03-04 16:40:00", required=True),
        *_NEEDS,
        *_CONTRACT_AND_STATEMENT,
        *_WITHDRAWAL,
        *_REVIEW,
    ),
    references=_TO_VICTIM,
)  # fmt: skip

RECORD_TYPES: tuple[RecordType, ...] = (VICTIM, VICTIM_CONTRACT, VICTIM_UPDATE, VICTIM_ENTITLEMENT)
