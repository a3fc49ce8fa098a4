"""Measures of bail and release under investigation: in force, past the limit, conversions, conditions, how long."""

from __future__ import annotations

from datetime import date
from typing import Any

from openpeel.engine.declare.measures import (
    AS_RATE_ONLY,
    HIGHER,
    LOWER,
    NEUTRAL,
    OWN_RECORDING,
    AgeOfBacklog,
    AnyMeasure,
    Backlog,
    Flow,
    MedianWait,
    Proportion,
)

_BAIL: dict[str, Any] = {
    "of": "offenders.bail_period",
    "question": "offenders.bail",
    "method": "docs/methods/bail.md",
    "source": "the force's custody records",
    "reviewed": date(2026, 11, 25),
}
_SIZE: dict[str, Any] = {
    "comparable": AS_RATE_ONLY,
    "comparable_why": "A number of suspects grows with the size of the force.",
}
_OWN: dict[str, Any] = {
    "comparable": OWN_RECORDING,
    "comparable_why": "Systems keep limits, extensions and changes of footing in different ways.",
}
_SPAN: dict[str, Any] = {"start": "starts_at", "end": "ended_at"}
_ROW = "One period of one suspect for one crime; a change from bail to release under investigation starts another."
_LIMIT = (
    "The limit is the last day of bail that the force recorded, extensions included, and not one worked out from the "
    "law."
)
_STILL = (
    "A clock that stands still is no lapse: periods whose clock was last stopped, and has not run on, are left out. "
    "Where no suspensions were supplied for the month in which bail began, it is not known whether the clock stands "
    "still."
)

IN_FORCE = Backlog(
    id="offenders.bail_in_force",
    title="On bail or released under investigation",
    sentence="At the end of {period}, {value} suspects of {force} were on bail or released under investigation.",
    unit="periods of bail or release",
    better=NEUTRAL,
    captions=(_ROW,),
    by=("kind", "domestic_abuse", "child_victim"),
    **_SPAN,
    **_BAIL,
    **_SIZE,
)

FLOW = Flow(
    id="offenders.bail_flow",
    title="Bail and release: what began and what ended",
    sentence="{category}: {value} of {force}'s periods of bail or release in {period}.",
    unit="periods of bail or release",
    better=NEUTRAL,
    captions=(_ROW,),
    **_SPAN,
    **_BAIL,
    **_SIZE,
)

PAST_LIMIT = Backlog(
    id="offenders.bail_past_limit",
    title="Bail past its recorded limit",
    sentence="At the end of {period}, the limit of {value} of {force}'s periods of bail had run out.",
    where="may_be_past_limit",
    start="recorded_limit_on",
    end="ended_at",
    unit="periods of bail",
    better=LOWER,
    captions=(
        _LIMIT,
        _STILL,
        "Its last day is over at the end of it. Bail without a recorded limit is unknown.",
    ),
    by=("kind", "domestic_abuse"),
    **_BAIL,
    **_SIZE,
)

ENDED_PAST_LIMIT = Proportion(
    id="offenders.bail_ended_past_limit",
    title="Bail that ended after its recorded limit",
    sentence="Of the periods of bail that began in {period} and have ended, {value} of {force}'s ended after their "
    "limit ({x} of {y}).",
    where="on_bail and ended_at_date is not null",
    met="ended_past_limit",
    unit="share of periods of bail that ended",
    better=LOWER,
    captions=(_LIMIT, "A limit that a suspension moved on and nobody recorded anew looks like a lapse."),
    by=("domestic_abuse",),
    **_BAIL,
    **_OWN,
)

CONVERTED = Proportion(
    id="offenders.bail_converted",
    title="Bail changed to release under investigation",
    sentence="Of the periods of bail that began in {period} and have ended, {value} of {force}'s were changed to "
    "release under investigation ({x} of {y}).",
    where="on_bail and ended_at_date is not null",
    met="ended_by = 'changed to release under investigation'",
    unit="share of periods of bail that ended",
    better=LOWER,
    captions=("Of those that have ended: bail still running may yet be changed.",),
    by=("domestic_abuse", "change_reason"),
    **_BAIL,
    **_OWN,
)

LENGTH = MedianWait(
    id="offenders.bail_length",
    title="How long bail or release lasts: median",
    sentence="Half of the periods of bail or release that began in {period} in {force} ended within {value} "
    "({x} of {y} have ended).",
    start="starts_at",
    served="ended_at",
    unit="seconds from release to its end",
    better=LOWER,
    captions=(_ROW, "Those still running are taken into account."),
    by=("kind",),
    **_BAIL,
    **_OWN,
)

RELEASED_AGE = AgeOfBacklog(
    id="offenders.released_age",
    title="Age of releases under investigation: median",
    sentence="{force}'s releases under investigation have lasted {value} days (median of {x}).",
    where="kind = 'released under investigation'",
    p=0.5,
    unit="days since the release",
    better=LOWER,
    captions=("Released under investigation there is no limit; the time on bail before is not in it.",),
    **_SPAN,
    **_BAIL,
    **_OWN,
)


def _conditions(name: str, words: str, flag: str) -> Proportion:
    return Proportion(
        id=f"offenders.bail_conditions_{name}",
        title=f"Bail with conditions: {words}",
        sentence=f"{{value}} of {{force}}'s periods of bail of {{period}} in cases of {words} had a condition "
        "({x} of {y}).",
        where=f"on_bail and {flag}",
        met="conditions_set",
        unit="share of periods of bail",
        better=HIGHER,
        by=("kind",),
        **_BAIL,
        **_OWN,
    )


CONDITIONS_DOMESTIC = _conditions("domestic_abuse", "domestic abuse", "domestic_abuse")
CONDITIONS_CHILD = _conditions("child_victim", "an offence against a child", "child_victim")
CONDITIONS_IMAGES = _conditions("indecent_images", "indecent images of children", "indecent_images")

CHECKED = Proportion(
    id="offenders.bail_conditions_checked",
    title="Bail with conditions that were checked",
    sentence="The conditions of {value} of {force}'s periods of bail of {period} with conditions were checked at "
    "least once ({x} of {y}).",
    where="on_bail and conditions_set",
    met="condition_checks > 0",
    unit="share of periods of bail with conditions",
    better=HIGHER,
    captions=(
        "An attempt that reached nobody is a check here. Where no checks were supplied for the month in which bail "
        "began, it is not known whether there was one.",
    ),
    by=("domestic_abuse", "child_victim"),
    **_BAIL,
    **_OWN,
)

BREACH_FOUND = Proportion(
    id="offenders.bail_check_found_breach",
    title="Checks of bail conditions that found a breach",
    sentence="{value} of {force}'s checks of bail conditions in {period} found a breach ({x} of {y}).",
    where="result <> 'could not tell'",
    met="result = 'breach found'",
    unit="share of checks that could tell",
    better=NEUTRAL,
    captions=("More breaches found may mean better checks.",),
    by=("condition", "method"),
    **(_BAIL | {"of": "offenders.bail_condition_check", "source": "the force's records of checks"}),
    **_OWN,
)

MEASURES: tuple[AnyMeasure, ...] = (
    IN_FORCE,
    FLOW,
    PAST_LIMIT,
    ENDED_PAST_LIMIT,
    CONVERTED,
    LENGTH,
    RELEASED_AGE,
    CONDITIONS_DOMESTIC,
    CONDITIONS_CHILD,
    CONDITIONS_IMAGES,
    CHECKED,
    BREACH_FOUND,
)
