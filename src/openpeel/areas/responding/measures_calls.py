"""Measures of calls: how many, how soon they are answered on either clock, how they end, who rings again."""

from __future__ import annotations

from datetime import date
from typing import Any

from openpeel.areas.responding.derived import ANSWER_101_WITHIN, REPEAT_DAYS, SHORT
from openpeel.engine.declare.measures import (
    AS_RATE_ONLY,
    HIGHER,
    LOWER,
    NATIONAL,
    NEUTRAL,
    OWN_DEFINITION,
    OWN_RECORDING,
    AnyMeasure,
    Count,
    Distribution,
    Mean,
    MedianWait,
    Proportion,
    Quantile,
    Rate,
)

_CALLS: dict[str, Any] = {
    "of": "responding.call",
    "question": "responding.contact",
    "method": "docs/methods/calls.md",
    "source": "the force's telephony",
    "reviewed": date(2026, 11, 25),
}
_OWN_CLOCK = (
    "Each force's telephony starts this clock at a point of its own: before or after the menu, the switchboard "
    "or the announcement."
)
_OWN: dict[str, Any] = {"comparable": OWN_RECORDING, "comparable_why": _OWN_CLOCK}
_NOT_MERGED = (
    "The force's own clock starts when the call reaches it; the published clock starts when the operator begins "
    "to put the call through. The two are never merged."
)
_ANSWERED = (
    "Of calls that a person answered: abandoned and diverted calls are in no denominator, and have measures of "
    "their own."
)
_REPEAT = f"A repeat is one at most {REPEAT_DAYS} days after another (openpeel's assumption)."

CALLS = Count(
    id="responding.calls",
    title="Calls from the public",
    sentence="{force} received {value} calls in {period}.",
    unit="calls",
    better=NEUTRAL,
    comparable=AS_RATE_ONLY,
    comparable_why="A number of calls grows with the size of the force; the rate per 1,000 population is compared.",
    by=("line", "result"),
    **_CALLS,
)

CALLS_999_PER_1000 = Rate(
    id="responding.calls_999_per_1000",
    title="999 calls per 1,000 population",
    sentence="{force} received {value} 999 calls per 1,000 population in {period} ({x} calls).",
    where="line = '999'",
    unit="999 calls per 1,000 population",
    better=NEUTRAL,
    comparable=NATIONAL,
    captions=(
        "The rate is for the period and is not annualised.",
        "Calls are counted as the caller made them; transfers inside the force are legs, not calls.",
    ),
    **(_CALLS | {"source": "the force's telephony; population estimates"}),
)

ANSWERED_999_PUBLISHED = Proportion(
    id="responding.answered_999_published_clock",
    title="999 calls answered in under 10 seconds: published clock",
    sentence="By the published clock, {value} of {force}'s answered 999 calls in {period} were answered in under "
    "10 seconds ({x} of {y}).",
    where="line = '999' and answered",
    met="published_seconds_to_answer < 10",
    unit="share of 999 calls answered",
    better=HIGHER,
    comparable=NATIONAL,
    standard=0.9,
    standard_source="national: 90% of 999 calls answered within 10 seconds",
    captions=(
        "Standard: 90% within 10 seconds. Under 10 seconds is the first band of the national table.",
        _NOT_MERGED,
        _ANSWERED,
    ),
    **_CALLS,
)

ANSWERED_999_OWN = Proportion(
    id="responding.answered_999_own_clock",
    title="999 calls answered within the standard: the force's own clock",
    sentence="By its own clock, {force} answered {value} of its answered 999 calls in {period} within the standard "
    "({x} of {y}).",
    where="line = '999' and answered",
    met="seconds_to_answer <= answer_within_seconds",
    unit="share of 999 calls answered",
    better=HIGHER,
    captions=(
        "10 seconds, unless the policy responding.answer_999_within_seconds says otherwise; whole seconds, rounded "
        "down.",
        _NOT_MERGED,
        _ANSWERED,
    ),
    by=("team",),
    **_CALLS,
    **_OWN,
)

ANSWERED_101 = Proportion(
    id="responding.answered_101_within_standard",
    title="101 calls answered within the standard",
    sentence="{force} answered {value} of its answered 101 calls in {period} within the standard ({x} of {y}).",
    where="line = '101' and answered",
    met="seconds_to_answer <= answer_within_seconds",
    unit="share of 101 calls answered",
    better=HIGHER,
    comparable=OWN_DEFINITION,
    comparable_why="There is no national standard for 101: forces set their own, on clocks of their own.",
    captions=(
        f"{ANSWER_101_WITHIN} seconds (openpeel's assumption), unless the policy responding.answer_101_within_seconds "
        "says otherwise.",
        _ANSWERED,
    ),
    by=("team",),
    **_CALLS,
)


def _quantile(line: str, p: float, name: str, words: str) -> Quantile:
    return Quantile(
        id=f"responding.answer_time_{line}_{name}",
        title=f"Time to answer {line} calls: {words}",
        sentence=f"{{force}} answered {line} calls in {{period}} after {{value}} ({words}, of {{x}} answered).",
        where=f"line = '{line}' and answered",
        of_duration="seconds_to_answer",
        p=p,
        unit="seconds to answer",
        better=LOWER,
        captions=(_NOT_MERGED,) if line == "999" else (),
        **_CALLS,
        **_OWN,
    )


ANSWER_TIME_999_P90 = _quantile("999", 0.9, "p90", "nine in ten were answered sooner")
ANSWER_TIME_101_MEDIAN = _quantile("101", 0.5, "median", "median")
ANSWER_TIME_101_P90 = _quantile("101", 0.9, "p90", "nine in ten were answered sooner")

MEAN_ANSWER_101 = Mean(
    id="responding.answer_time_101_mean",
    title="Mean time to answer 101 calls",
    sentence="{force} answered 101 calls in {period} after {value} on average ({x} calls).",
    where="line = '101' and answered",
    of_number="seconds_to_answer",
    unit="seconds to answer",
    better=LOWER,
    captions=("A few long waits carry a mean; the median and the time for nine in ten stand beside it.",),
    **_CALLS,
    **_OWN,
)


def _abandoned(line: str) -> Proportion:
    return Proportion(
        id=f"responding.abandoned_{line}",
        title=f"{line} calls abandoned",
        sentence=f"Callers gave up {{value}} of {{force}}'s {line} calls in {{period}} before a person answered "
        "({x} of {y}).",
        where=f"line = '{line}'",
        met="abandoned",
        unit=f"share of {line} calls",
        better=LOWER,
        captions=("Calls abandoned at once count here; how calls ended shows them apart.",),
        **_CALLS,
        **_OWN,
    )


ABANDONED_999, ABANDONED_101 = _abandoned("999"), _abandoned("101")

ENDINGS_101 = Distribution(
    id="responding.endings_101",
    title="How 101 calls ended",
    sentence="{category}: {value} of {force}'s 101 calls in {period} ended so ({x} of {y}).",
    where="line = '101'",
    across="ending",
    unit="share of 101 calls",
    better=NEUTRAL,
    captions=(
        f"Calls abandoned within {SHORT} seconds are shown apart: many of them are no failure to answer "
        "(the limit is openpeel's assumption).",
    ),
    **_CALLS,
    **_OWN,
)

ABANDONED_LEGS_101 = Proportion(
    id="responding.abandoned_101_stages",
    title="Stages of 101 calls at which the caller gave up",
    sentence="Callers gave up at {value} of the stages of {force}'s 101 calls in {period} ({x} of {y}).",
    where="line = '101' and stage in ('menu', 'switchboard', 'queue')",
    met="leg_abandoned",
    unit="share of stages of 101 calls",
    better=LOWER,
    captions=(
        "Menu, switchboard and queues, each stage by itself; broken down by stage it says where callers give up.",
        "The line of a stage is that of its call; a stage whose call is not here is not known to belong.",
    ),
    by=("stage",),
    **(_CALLS | {"of": "responding.call_leg"}),
    **_OWN,
)


CALL_BACK = MedianWait(
    id="responding.wait_for_call_back",
    title="Wait for a call back that was asked for",
    sentence="Callers who asked {force} to ring back in {period} waited {value} (median; {x} of {y} reached so far).",
    where="call_back_asked_at_date is not null",
    start="call_back_asked_at",
    served="called_back_at",
    unit="seconds to the call back",
    better=LOWER,
    captions=("Callers not yet reached are taken into account; one who was never rung back keeps waiting.",),
    by=("line",),
    **_CALLS,
    **_OWN,
)

REPEAT_CALLERS = Proportion(
    id="responding.repeat_calls",
    title="Calls by somebody who had rung before",
    sentence="{value} of {force}'s calls in {period} came from somebody who had rung before ({x} of {y}).",
    met="repeat_caller",
    unit="share of calls by known callers",
    better=NEUTRAL,
    captions=(
        _REPEAT,
        "Of callers whom the force linked to a person; all others are unknown, and so is a first call where the "
        "records do not reach back far enough.",
    ),
    by=("line",),
    **_CALLS,
    **(_OWN | {"comparable_why": "Forces link calls to people in their own ways, many to few of them."}),
)

MEASURES: tuple[AnyMeasure, ...] = (
    CALLS,
    CALLS_999_PER_1000,
    ANSWERED_999_PUBLISHED,
    ANSWERED_999_OWN,
    ANSWER_TIME_999_P90,
    ABANDONED_999,
    ANSWERED_101,
    ANSWER_TIME_101_MEDIAN,
    ANSWER_TIME_101_P90,
    MEAN_ANSWER_101,
    ABANDONED_101,
    ENDINGS_101,
    ABANDONED_LEGS_101,
    CALL_BACK,
    REPEAT_CALLERS,
)
