"""Columns worked out from records of contact and incidents, for the measures of the area."""

from __future__ import annotations

from openpeel.engine.declare.derivations import (
    Derivation,
    Derived,
    FromPolicy,
    Lookup,
    RepeatWithin,
    SecondsBetween,
)

#: Days within which a second call or incident of the same caller or place is a repeat: openpeel's assumption.
REPEAT_DAYS = 90
#: Seconds up to which an abandoned call was abandoned at once, and is shown apart: openpeel's assumption.
SHORT = 10
#: Standards where no policy says another: 999 calls are the national standard, the rest openpeel's assumptions.
ANSWER_999_WITHIN = 10
ANSWER_101_WITHIN = 60
REPLY_WITHIN = 86_400

#: How a call ended, those abandoned at once apart from the others.
ENDINGS = (
    "answered",
    f"abandoned within {SHORT} seconds",
    "abandoned later",
    "call back asked",
    "diverted",
    "disconnected by the system",
)
#: Decisions that end the wait for attendance without an arrival.
NOBODY_SENT = "attendance_decision in ('resolved without deployment', 'other agency', 'cancelled')"

_SAYS_ANSWERED = "(answered_at_date is not null or result = 'answered')"
_SAYS_ABANDONED = "(abandoned_at_date is not null or result = 'abandoned')"
_SAYS_ANYTHING = (
    "(answered_at_date is not null or abandoned_at_date is not null or call_back_asked_at_date is not null "
    "or result is not null)"
)

CALL: tuple[Derivation, ...] = (
    Derived(
        "answered",
        "boolean",
        f"case when {_SAYS_ANSWERED} and {_SAYS_ABANDONED} then null when {_SAYS_ANSWERED} then true "
        f"when {_SAYS_ANYTHING} then false end",
        "Whether a person answered; unknown where the record says both that and that the caller rang off before.",
    ),
    Derived(
        "abandoned",
        "boolean",
        f"case when answered is null then null when {_SAYS_ABANDONED} then true else false end",
        "Whether the caller rang off before a person answered; unknown where it is not known what became of the call.",
    ),
    SecondsBetween(
        "seconds_to_answer", "received_at", "answered_at", "From reaching the force to an answer: own clock."
    ),
    SecondsBetween(
        "_seconds_from_transfer", "transfer_started_at", "answered_at", "From start of transfer to answer."
    ),
    Derived(
        "published_seconds_to_answer",
        "duration",
        "coalesce(operator_answer_seconds, _seconds_from_transfer)",
        "From start of transfer to answer, on the operator's count where there is one: published clock.",
    ),
    SecondsBetween(
        "seconds_to_abandonment", "received_at", "abandoned_at", "From reaching the force to ringing off."
    ),
    Derived(
        "ending",
        "text",
        f"case when answered is null then null when answered then 'answered' "
        f"when abandoned and seconds_to_abandonment <= {SHORT} then 'abandoned within {SHORT} seconds' "
        f"when abandoned and seconds_to_abandonment > {SHORT} then 'abandoned later' when abandoned then null "
        "when call_back_asked_at_date is not null then 'call back asked' else result end",
        "How the call ended for the caller, calls abandoned at once apart.",
        allowed=ENDINGS,
    ),
    FromPolicy(
        "_policy_answer_999",
        "responding.answer_999_within_seconds",
        "Standard for answering 999 calls, where the workspace sets one.",
    ),
    FromPolicy(
        "_policy_answer_101",
        "responding.answer_101_within_seconds",
        "Standard for answering 101 calls, where the workspace sets one.",
    ),
    Derived(
        "answer_within_seconds",
        "integer",
        f"case when line = '999' then coalesce(_policy_answer_999, {ANSWER_999_WITHIN}) "
        f"when line = '101' then coalesce(_policy_answer_101, {ANSWER_101_WITHIN}) end",
        "Seconds within which the call was to be answered.",
    ),
    RepeatWithin(
        "repeat_caller", ("caller_id",), REPEAT_DAYS, f"The caller rang at most {REPEAT_DAYS} days before."
    ),
)

CALL_LEG: tuple[Derivation, ...] = (
    Lookup("line", "responding.call", (("call_id", "call_id"),), "line", "text", "What the caller dialled."),
    Derived(
        "leg_abandoned",
        "boolean",
        "case when (answered_at_date is not null or ending = 'answered') "
        "and (abandoned_at_date is not null or ending = 'abandoned') then null "
        "when abandoned_at_date is not null or ending = 'abandoned' then true "
        "when ending is not null or answered_at_date is not null or diverted_at_date is not null then false end",
        "Whether the caller rang off at this stage.",
    ),
)

ONLINE_CONTACT: tuple[Derivation, ...] = (
    FromPolicy(
        "_policy_reply",
        "responding.reply_online_within_seconds",
        "Standard for a first reply online, where the workspace sets one.",
    ),
    Derived(
        "reply_within_seconds",
        "integer",
        f"coalesce(_policy_reply, {REPLY_WITHIN})",
        "Seconds within which a person was to reply.",
    ),
    Derived(
        "waits_from",
        "instant",
        "case when first_reply_at_date is null and result = 'answered' then null else received_at end",
        "Start of the wait for a reply; unknown where it was answered at a time that nobody wrote down.",
    ),
    Derived(
        "gave_up_at",
        "instant",
        "case when first_reply_at_date is not null then null when left_at is not null then left_at "
        "when left_at_date is not null or result = 'left by the sender' then coalesce(closed_at, received_at) end",
        "When the sender left before a reply; the closing where only that it was so is known.",
    ),
    Derived(
        "left_before_reply",
        "boolean",
        "case when first_reply_at_date is not null then false "
        "when left_at_date is not null or result = 'left by the sender' then true "
        "when result is not null or closed_at_date is not null then false end",
        "Whether the sender left before a person replied; unknown while the contact is open.",
    ),
)


def _clock(grading: str) -> str:
    """Start of an attendance clock: unknown where it ended in a way that nobody wrote down."""
    return (
        "case when arrived_at_date is null and (coalesce(attended, false) or (attended is null and "
        f"closed_at_date is not null and not coalesce({NOBODY_SENT}, false))) then null else {grading} end"
    )


def _left(grading: str) -> str:
    """When the wait ended without an arrival, by a decision or by closing an incident that nobody went to.

    A decision taken before the grading holds from the grading on.
    """
    return (
        f"case when arrived_at_date is not null or coalesce(attended, false) then null when {NOBODY_SENT} then "
        f"case when decided_at < {grading} then {grading} else coalesce(decided_at, closed_at, {grading}) end "
        f"when attended is false and closed_at_date is not null then coalesce(closed_at, {grading}) end"
    )


INCIDENT: tuple[Derivation, ...] = (
    Derived(
        "first_clock_from",
        "instant",
        _clock("first_graded_at"),
        "Start of the clock from the first grade; unknown where nobody knows whether a unit came.",
    ),
    Derived(
        "first_clock_left",
        "instant",
        _left("first_graded_at"),
        "When the wait ended without an arrival, on the clock from the first grade.",
    ),
    Derived(
        "latest_clock_from",
        "instant",
        _clock("graded_at"),
        "Start of the clock from the latest grade; unknown where nobody knows whether a unit came.",
    ),
    Derived(
        "latest_clock_left",
        "instant",
        _left("graded_at"),
        "When the wait ended without an arrival, on the clock from the latest grade.",
    ),
    Derived("_first_change", "integer", "1", "Number of the first grading."),
    Lookup(
        "first_target_seconds",
        "responding.incident_grade_change",
        (("incident_id", "incident_id"), ("_first_change", "change_number")),
        "target_seconds",
        "duration",
        "Time to attend that the force's own policy set for the first grade.",
    ),
    SecondsBetween(
        "seconds_from_first_grade",
        "first_graded_at",
        "arrived_at",
        "From the first grade to the first arrival.",
    ),
    SecondsBetween(
        "seconds_from_latest_grade", "graded_at", "arrived_at", "From the latest grade to the first arrival."
    ),
    Derived(
        "unit_came",
        "boolean",
        f"case when arrived_at_date is not null then true when attended is not null then attended "
        f"when {NOBODY_SENT} then false end",
        "Whether any unit came; unknown where neither that nor a decision against it is recorded.",
    ),
    Derived(
        "attended_late",
        "boolean",
        "case when seconds_from_latest_grade >= 0 and target_seconds is not null then "
        "seconds_from_latest_grade > target_seconds when not unit_came then false "
        "when unit_came is null and closed_at_date is null then false end",
        "Whether a unit came, and later than the target; unknown where the target, the time or whether one came is.",
    ),
    Derived(
        "needs_attendance",
        "boolean",
        "case when duplicate_of is not null then false when arrived_at_date is not null then true "
        "when attended and closed_at_date = opened_at_date then true when attended then null "
        "when attendance_decision in ('deploy', 'appointment') then true "
        "when attendance_decision is not null then false when dispatched_at_date is not null then true "
        "when closed_at_date is not null then false end",
        "Whether somebody had to go: by the latest decision, or because a unit was sent or came; unknown where one "
        "came at a time that nobody wrote down, unless on the day it was opened and closed.",
    ),
    Derived(
        "wait_ended_on",
        "date",
        "coalesce(arrived_at_date, closed_at_date)",
        "Day on which the wait for attendance ended: a unit came, or the incident was closed.",
    ),
    SecondsBetween(
        "seconds_to_full_response", "reported_at", "full_response_at", "From the report to the full account."
    ),
    Derived(
        "_own_place",
        "text",
        "case when duplicate_of is null then location_id end",
        "The place, blank for a duplicate: it repeats nothing.",
    ),
    RepeatWithin(
        "repeat_place",
        ("_own_place",),
        REPEAT_DAYS,
        f"The place had another incident at most {REPEAT_DAYS} days before.",
    ),
)
