"""Measures of suspects and of online child abuse: who is wanted, how long, acted on in time, shared in time."""

from __future__ import annotations

from datetime import date
from typing import Any

from openpeel.engine.declare.measures import (
    AS_RATE_ONLY,
    HIGHER,
    LOWER,
    OWN_RECORDING,
    AgeOfBacklog,
    AnyMeasure,
    Backlog,
    MedianWait,
    Proportion,
)

_ABOUT: dict[str, Any] = {"reviewed": date(2026, 11, 25)}
_SUSPECTS: dict[str, Any] = _ABOUT | {
    "of": "offenders.suspect",
    "question": "offenders.suspects",
    "method": "docs/methods/suspects.md",
    "source": "the force's crime records",
}
_CASES: dict[str, Any] = _ABOUT | {
    "of": "offenders.online_abuse_case",
    "question": "offenders.online_abuse",
    "method": "docs/methods/online-child-abuse.md",
    "source": "the register of the online investigation team",
}
_SIZE: dict[str, Any] = {
    "comparable": AS_RATE_ONLY,
    "comparable_why": "A number of people or cases grows with the size of the force.",
}
_OWN: dict[str, Any] = {
    "comparable": OWN_RECORDING,
    "comparable_why": "Forces decide in their own ways when a person becomes a suspect, or outstanding.",
}
_OWN_CASES: dict[str, Any] = {
    "comparable": OWN_RECORDING,
    "comparable_why": "Forces keep this register in their own ways, and set the times for each band themselves.",
}
_WANTED: dict[str, Any] = {
    "where": "wanted_since_at_date is not null",
    "start": "wanted_since_at",
    "end": "wanted_until_at",
    "better": LOWER,
    "by": ("risk_category", "domestic_abuse"),
}
_ROW = "One person suspected of one crime: somebody wanted for three crimes counts three times."

OUTSTANDING = Backlog(
    id="offenders.suspects_outstanding",
    title="Suspects outstanding",
    sentence="At the end of {period}, {value} suspects were wanted by {force}.",
    unit="suspects",
    captions=(_ROW, "Who was wanted, found, and is wanted again counts from the last time."),
    **_WANTED,
    **_SUSPECTS,
    **_SIZE,
)


def _age(name: str, p: float, words: str) -> AgeOfBacklog:
    return AgeOfBacklog(
        id=f"offenders.suspects_outstanding_age_{name}",
        title=f"How long outstanding suspects have been wanted: {words}",
        sentence=f"The suspects wanted by {{force}} have been wanted for {{value}} days ({words}; {{x}} are wanted).",
        p=p,
        unit="days wanted",
        captions=(_ROW,),
        **_WANTED,
        **_SUSPECTS,
        **_OWN,
    )


AGE_MEDIAN = _age("median", 0.5, "median")

AGE_P90 = _age("p90", 0.9, "nine in ten no longer")

WANTED_FOR = MedianWait(
    id="offenders.suspects_wanted_for",
    title="Time from being wanted to being found: median",
    sentence="Half of the suspects identified in {period} whom {force} wanted were no longer wanted after {value} "
    "({x} of {y}).",
    where="wanted_since_at_date is not null",
    start="wanted_since_at",
    served="wanted_until_at",
    unit="seconds wanted",
    better=LOWER,
    captions=(_ROW, "However it ended, by arrest or otherwise; those still wanted are taken into account."),
    by=("risk_category", "domestic_abuse"),
    **_SUSPECTS,
    **_OWN,
)

INTERVIEWED = Proportion(
    id="offenders.suspects_arrested_or_interviewed",
    title="Suspects arrested or interviewed where that is needed",
    sentence="Of the suspects of {period} whom a supervisor judged ought to be, {value} were arrested or interviewed "
    "by {force} ({x} of {y}).",
    where="interview_or_arrest_needed",
    met="arrested_or_interviewed",
    unit="share of suspects",
    better=HIGHER,
    captions=(
        _ROW,
        "As known on the as-at day: a suspect identified lately may yet be. Whether it came at the earliest "
        "opportunity is a question of its own.",
    ),
    by=("risk_category", "domestic_abuse"),
    **_SUSPECTS,
    **_OWN,
)


AFTER_OPPORTUNITY = MedianWait(
    id="offenders.arrest_after_opportunity",
    title="Time from the first opportunity to the arrest: median",
    sentence="Half of the suspects of {period} with an opportunity to arrest them were arrested by {force} within "
    "{value} of it ({x} of {y}).",
    where="first_opportunity_at_date is not null",
    start="first_opportunity_at",
    served="arrested_at",
    withdrawn="eliminated_at",
    unit="seconds to the arrest",
    better=LOWER,
    captions=(
        "When the first opportunity was is a judgment of a supervisor or reviewer, and never worked out.",
        "An arrest before that opportunity is unknown.",
    ),
    by=("risk_category", "domestic_abuse"),
    **_SUSPECTS,
    **_OWN,
)

_CASE_SPAN: dict[str, Any] = {"end": "wait_ended_on", "unit": "cases", "better": LOWER, "by": ("kirat_band",)}
_ENDED = "Until officers first acted at the address or against the suspect, or the case was closed without."

CASES_WAITING = Backlog(
    id="offenders.online_abuse_waiting",
    title="Online child abuse: cases waiting for action",
    sentence="At the end of {period}, {value} of {force}'s cases of online child abuse were waiting for action.",
    start="received_at",
    captions=(_ENDED,),
    **_CASE_SPAN,
    **_CASES,
    **_SIZE,
)

CASES_OVERDUE = Backlog(
    id="offenders.online_abuse_overdue",
    title="Online child abuse: cases past the day for action",
    sentence="At the end of {period}, {value} of {force}'s cases of online child abuse were past the day by which "
    "officers were to act.",
    where="may_be_overdue",
    start="enforcement_due_on",
    captions=(_ENDED, "By the force's own time for the band. A case without such a day is unknown."),
    **_CASE_SPAN,
    **_CASES,
    **_SIZE,
)

CASES_WAIT = MedianWait(
    id="offenders.online_abuse_wait_for_action",
    title="Online child abuse: wait for action, median",
    sentence="Officers of {force} acted on half of the cases of {period} within {value} ({x} of {y} so far).",
    start="received_at",
    served="enforced_at",
    withdrawn="closed_at",
    unit="seconds from the referral to action",
    better=LOWER,
    captions=("From the day the force got the referral, not the day the team opened it.",),
    by=("kirat_band", "found_by"),
    **_CASES,
    **_OWN_CASES,
)

SHARED = MedianWait(
    id="offenders.online_abuse_wait_for_sharing",
    title="Online child abuse: time to sharing with social care, median",
    sentence="Half of the cases of {period} with a child at risk were shared by {force} with children's social care "
    "within {value} ({x} of {y}).",
    where="child_first_identified_at_date is not null",
    start="child_first_identified_at",
    served="shared_at",
    unit="seconds to sharing",
    better=LOWER,
    captions=(
        "From the moment a child at risk was first identified; cases not yet shared are taken into account.",
    ),
    by=("kirat_band",),
    **_CASES,
    **_OWN_CASES,
)

MEASURES: tuple[AnyMeasure, ...] = (
    OUTSTANDING,
    AGE_MEDIAN,
    AGE_P90,
    WANTED_FOR,
    INTERVIEWED,
    AFTER_OPPORTUNITY,
    CASES_WAITING,
    CASES_OVERDUE,
    CASES_WAIT,
    SHARED,
)
