"""Measures of attendance: within the force's own targets on two clocks, how long, who still waits, full response."""

from __future__ import annotations

from datetime import date
from typing import Any

from openpeel.engine.declare.measures import (
    HIGHER,
    LOWER,
    OWN_DEFINITION,
    OWN_RECORDING,
    AgeOfBacklog,
    AnyMeasure,
    Backlog,
    Mean,
    MedianWait,
    Proportion,
    Quantile,
    ShareWithin,
)

_ATTENDANCE: dict[str, Any] = {
    "of": "responding.incident",
    "question": "responding.attendance",
    "method": "docs/methods/attendance.md",
    "source": "the force's command and control",
    "reviewed": date(2026, 11, 25),
}
_OWN: dict[str, Any] = {
    "comparable": OWN_DEFINITION,
    "comparable_why": "Grades and their targets are each force's own: compare it with its own standard and past.",
}
_NO_DUPLICATES = "duplicate_of is null"
_FIRST: dict[str, Any] = {
    "start": "first_clock_from",
    "served": "arrived_at",
    "withdrawn": "first_clock_left",
    "where": _NO_DUPLICATES,
}
_LATEST: dict[str, Any] = {
    "start": "latest_clock_from",
    "served": "arrived_at",
    "withdrawn": "latest_clock_left",
    "where": _NO_DUPLICATES,
}
_OTHERWISE = (
    "Resolved without deployment, cancelled, given to another agency, and closed with the note that nobody came, are "
    "in no denominator, even where the target was over by then. Closed when a unit was to go, with nothing on record, "
    "is unknown."
)
_BOTH = "The clock from the first grade and the clock from the latest grade are shown side by side."
_REGRADED = (
    "An incident graded anew after a unit had come is unknown on the latest clock, and counts on the first."
)
_FINISHED = (
    "Only of those attended: whoever still waits is not in it. The median wait takes them into account."
)

IN_TARGET_LATEST = ShareWithin(
    id="responding.attended_in_target_latest",
    title="Attended within the target, from the latest grade",
    sentence="{force} attended {value} of the incidents of {period} within its own target for the latest grade "
    "({x} of {y} that are due).",
    limit="target_seconds",
    unit="share of incidents that are due",
    better=HIGHER,
    captions=(_BOTH, _OTHERWISE, _REGRADED, "Grades without a target are unknown."),
    by=("grade", "domestic_abuse", "local_policing_area"),
    **_LATEST,
    **_ATTENDANCE,
    **_OWN,
)

IN_TARGET_FIRST = ShareWithin(
    id="responding.attended_in_target_first",
    title="Attended within the target, from the first grade",
    sentence="{force} attended {value} of the incidents of {period} within its own target for the first grade "
    "({x} of {y} that are due).",
    limit="first_target_seconds",
    unit="share of incidents that are due",
    better=HIGHER,
    captions=(
        _BOTH,
        _OTHERWISE,
        "The target for the first grade is in the history of grades; without it, it is unknown.",
    ),
    by=("first_grade", "domestic_abuse", "local_policing_area"),
    **_FIRST,
    **_ATTENDANCE,
    **_OWN,
)


def _wait(clock: str, by: str, times: dict[str, Any], captions: tuple[str, ...]) -> MedianWait:
    return MedianWait(
        id=f"responding.wait_for_attendance_{clock}",
        title=f"Wait for attendance, from the {clock} grade: median",
        sentence=f"From the {clock} grade, half of the incidents of {{period}} that {{force}} had to attend were "
        "attended within {value} ({x} of {y} have been).",
        unit="seconds to attendance",
        better=LOWER,
        captions=captions,
        by=(by, "domestic_abuse"),
        **times,
        **_ATTENDANCE,
        **_OWN,
    )


WAIT_LATEST = _wait("latest", "grade", _LATEST, (_BOTH, _OTHERWISE, _REGRADED))
WAIT_FIRST = _wait("first", "first_grade", _FIRST, (_BOTH, _OTHERWISE))

ATTENDANCE_P90 = Quantile(
    id="responding.attendance_time_p90",
    title="Time to attend, from the latest grade: nine in ten",
    sentence="Nine in ten of the incidents of {period} that {force} attended were attended within {value} "
    "({x} attended).",
    where=f"{_NO_DUPLICATES} and arrived_at_date is not null",
    of_duration="seconds_from_latest_grade",
    p=0.9,
    unit="seconds to attendance",
    better=LOWER,
    captions=(_FINISHED, _REGRADED),
    by=("grade", "domestic_abuse"),
    **_ATTENDANCE,
    **_OWN,
)

ATTENDANCE_MEAN = Mean(
    id="responding.attendance_time_mean",
    title="Time to attend, from the latest grade: mean",
    sentence="{force} attended the incidents of {period} after {value} on average ({x} attended).",
    where=f"{_NO_DUPLICATES} and arrived_at_date is not null",
    of_number="seconds_from_latest_grade",
    unit="seconds to attendance",
    better=LOWER,
    captions=(_FINISHED, "A few long waits carry a mean.", _REGRADED),
    by=("grade", "domestic_abuse"),
    **_ATTENDANCE,
    **_OWN,
)

_WAITING: dict[str, Any] = {
    "where": "needs_attendance",
    "start": "opened_at",
    "end": "wait_ended_on",
    "better": LOWER,
    "by": ("grade", "domestic_abuse"),
}
_STILL = (
    "Open, somebody has to go, and nobody has come. Where no decision is recorded and nobody was sent, it is not "
    "known whether somebody has to."
)
_LATEST_DECISION = (
    "By the latest decision supplied: an incident cancelled since then is not counted as having waited."
)

STILL_WAITING = Backlog(
    id="responding.still_waiting",
    title="Incidents still waiting for attendance",
    sentence="At the end of {period}, {value} of {force}'s incidents were waiting for somebody to come.",
    unit="incidents",
    captions=(_STILL, _LATEST_DECISION),
    **_WAITING,
    **_ATTENDANCE,
    **_OWN,
)


def _age(name: str, p: float, words: str) -> AgeOfBacklog:
    return AgeOfBacklog(
        id=f"responding.still_waiting_age_{name}",
        title=f"Age of the incidents still waiting for attendance: {words}",
        sentence=f"{{force}}'s incidents that wait for attendance have waited {{value}} days ({words}; "
        "{x} wait).",
        p=p,
        unit="days since the incident was opened",
        captions=(_STILL,),
        **_WAITING,
        **_ATTENDANCE,
        **_OWN,
    )


WAITING_MEDIAN = _age("median", 0.5, "median")
WAITING_P90 = _age("p90", 0.9, "nine in ten wait no longer")

ARRIVAL_NOT_RECORDED = Proportion(
    id="responding.arrival_not_recorded",
    title="Closed when a unit was to go, without an arrival on record",
    sentence="Of the closed incidents of {period} that {force} had to attend, {value} have no arrival on record "
    "({x} of {y}).",
    where=f"{_NO_DUPLICATES} and closed_at_date is not null and (coalesce(attended, false) or needs_attendance)",
    met="arrived_at_date is null and coalesce(attended, true)",
    unit="share of closed incidents to be attended",
    better=LOWER,
    comparable=OWN_RECORDING,
    comparable_why="It says how well arrivals are recorded, which hangs on the system in use.",
    captions=(
        "Nobody can say of these when a unit came, or whether one did; a note that nobody came is an answer.",
    ),
    by=("grade",),
    **_ATTENDANCE,
)

DELAY_TOLD = Proportion(
    id="responding.delay_told",
    title="Callers told that attendance would be late",
    sentence="Of those attended late by {force} in {period}, {value} had been told of the delay ({x} of {y}).",
    where=f"{_NO_DUPLICATES} and attended_late",
    met="delay_told",
    unit="share of incidents attended late",
    better=HIGHER,
    captions=(
        "Of incidents attended after the target for the latest grade; those nobody came to, or has come to yet, "
        "are not in it.",
    ),
    by=("grade", "domestic_abuse"),
    **_ATTENDANCE,
    **_OWN,
)

_FULL = f"{_NO_DUPLICATES} and domestic_abuse"

FULL_RESPONSE = MedianWait(
    id="responding.full_response_domestic_abuse",
    title="Domestic abuse: wait for the full response, median",
    sentence="Half of those who reported domestic abuse to {force} in {period} had given a full account of the risk "
    "within {value} of the report ({x} of {y} have).",
    where=_FULL,
    start="reported_at",
    served="full_response_at",
    unit="seconds to the full response",
    better=LOWER,
    captions=(
        "From the report to a full account of the risk, whoever took it; the first arrival is another clock.",
        "An incident without a full account on record is taken as still waiting for one.",
    ),
    by=("grade",),
    **_ATTENDANCE,
    **_OWN,
)

FULL_RESPONSE_P90 = Quantile(
    id="responding.full_response_domestic_abuse_p90",
    title="Domestic abuse: time to the full response, nine in ten",
    sentence="Nine in ten of the full accounts that {force} took for reports of {period} were taken within {value} "
    "({x} taken).",
    where=f"{_FULL} and full_response_at_date is not null",
    of_duration="seconds_to_full_response",
    p=0.9,
    unit="seconds to the full response",
    better=LOWER,
    captions=("Only of accounts taken: whoever still waits for one is not in it.",),
    by=("grade",),
    **_ATTENDANCE,
    **_OWN,
)

MEASURES: tuple[AnyMeasure, ...] = (
    IN_TARGET_FIRST,
    IN_TARGET_LATEST,
    WAIT_FIRST,
    WAIT_LATEST,
    ATTENDANCE_P90,
    ATTENDANCE_MEAN,
    STILL_WAITING,
    WAITING_MEDIAN,
    WAITING_P90,
    ARRIVAL_NOT_RECORDED,
    DELAY_TOLD,
    FULL_RESPONSE,
    FULL_RESPONSE_P90,
)
