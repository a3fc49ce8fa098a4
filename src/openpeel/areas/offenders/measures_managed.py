"""Measures of managed offenders: how many, visits and plans overdue, how visits are made, breaches recorded."""

from __future__ import annotations

from datetime import date
from typing import Any

from openpeel.areas.offenders.derived import VISIT_DAYS
from openpeel.engine.declare.measures import (
    AS_RATE_ONLY,
    HIGHER,
    LOWER,
    NEUTRAL,
    OWN_DEFINITION,
    OWN_RECORDING,
    AgeOfBacklog,
    AnyMeasure,
    Backlog,
    MedianWait,
    Proportion,
)

_MANAGED: dict[str, Any] = {
    "of": "offenders.managed_offender",
    "question": "offenders.managed",
    "method": "docs/methods/managed-offenders.md",
    "source": "the register of managed offenders",
    "reviewed": date(2026, 11, 25),
}
_VISITS: dict[str, Any] = _MANAGED | {"of": "offenders.offender_visit", "source": "the records of visits"}
_SIZE: dict[str, Any] = {
    "comparable": AS_RATE_ONLY,
    "comparable_why": "A number of offenders grows with the size of the force.",
}
_OWN: dict[str, Any] = {
    "comparable": OWN_RECORDING,
    "comparable_why": "Forces record visits, and set the days on which they are due, in their own ways.",
}
_TODAY = (
    "Level, management, whereabouts and the day that is due are those of the day of export: for the end of an earlier "
    "month this counts too few. Ask for the month before the export."
)
_VISITED = "Managed actively, in the community: no visit is due in custody, in hospital, abroad or managed reactively."
_ATTEMPTS = "Completed visits alone: an attempt is not a visit."

MANAGED = Backlog(
    id="offenders.managed",
    title="Managed offenders",
    sentence="At the end of {period}, {force} managed {value} offenders.",
    start="managed_from_on",
    end="managed_until_on",
    unit="offenders",
    better=NEUTRAL,
    captions=("Broken down by what is held of them now, not by what was held then.",),
    by=("risk_level", "category", "management", "whereabouts"),
    **_MANAGED,
    **_SIZE,
)

VISITS_OVERDUE = Backlog(
    id="offenders.visits_overdue",
    title="Managed offenders whose visit is overdue",
    sentence="At the end of {period}, the visits to {value} of {force}'s managed offenders were overdue.",
    where="visit_may_be_overdue",
    start="visit_due_on",
    end="managed_until_on",
    unit="offenders",
    better=LOWER,
    captions=(
        _VISITED,
        _TODAY,
        "Overdue from the end of the day it was due. Without such a day it is unknown.",
    ),
    by=("risk_level", "category"),
    **_MANAGED,
    **_SIZE,
)

VISITS_OVERDUE_AGE = AgeOfBacklog(
    id="offenders.visits_overdue_age",
    title="How long visits are overdue: median",
    sentence="The overdue visits to {force}'s managed offenders are {value} days overdue (median of {x}).",
    where="visit_may_be_overdue",
    start="visit_due_on",
    end="managed_until_on",
    p=0.5,
    unit="days overdue",
    better=LOWER,
    captions=(_VISITED,),
    by=("risk_level",),
    **_MANAGED,
    **_OWN,
)

PLANS_OVERDUE = Backlog(
    id="offenders.plans_overdue",
    title="Managed offenders whose risk plan is overdue",
    sentence="At the end of {period}, the risk plans of {value} of {force}'s managed offenders were overdue.",
    where="plan_may_be_overdue",
    start="plan_due_on",
    end="managed_until_on",
    unit="offenders",
    better=LOWER,
    captions=(_TODAY, "Overdue from the end of the day it was due. Without such a day it is unknown."),
    by=("risk_level", "category"),
    **_MANAGED,
    **_SIZE,
)


COMPLETED = Proportion(
    id="offenders.visits_completed",
    title="Attempts that came to a visit",
    sentence="{value} of {force}'s attempts to visit managed offenders in {period} came to a visit ({x} of {y}).",
    met="completed",
    unit="share of attempts",
    better=HIGHER,
    by=("risk_level",),
    **_VISITS,
    **_OWN,
)

IN_DUE_TIME = Proportion(
    id="offenders.visits_in_due_time",
    title="Visits made by the day they were due",
    sentence="{value} of {force}'s visits to managed offenders in {period} were made by the day they were due "
    "({x} of {y}).",
    where="completed",
    met="in_due_time",
    unit="share of visits",
    better=HIGHER,
    captions=(
        _ATTEMPTS,
        "Of visits made: one that is overdue and not made is not in it, but among those overdue.",
    ),
    by=("risk_level",),
    **_VISITS,
    **_OWN,
)

_LEVELS = ", ".join(f"{level} {days}" for level, days in VISIT_DAYS.items())

WITHIN_INTERVAL = Proportion(
    id="offenders.visits_within_interval",
    title="Visits that came within the interval of the risk level",
    sentence="{value} of {force}'s visits in {period} came within the interval after the visit before ({x} of {y}).",
    where="completed",
    met="within_interval",
    unit="share of visits after another",
    better=HIGHER,
    comparable=OWN_DEFINITION,
    comparable_why="Forces may set intervals of their own.",
    captions=(
        f"Days from one visit to the next: {_LEVELS} (openpeel's assumption).",
        _ATTEMPTS,
        "A first visit has none before it and is unknown, and so is one whose visit before the records do not reach. "
        "Time in custody, in hospital or abroad between the two is not taken off.",
    ),
    by=("risk_level",),
    **_VISITS,
)

BY_TWO = Proportion(
    id="offenders.visits_by_two",
    title="Visits by two officers",
    sentence="{value} of {force}'s visits to managed offenders in {period} were made by two officers or more "
    "({x} of {y}).",
    where="completed",
    met="by_two",
    unit="share of visits",
    better=HIGHER,
    captions=(_ATTEMPTS,),
    by=("risk_level",),
    **_VISITS,
    **_OWN,
)


UNANNOUNCED = Proportion(
    id="offenders.visits_unannounced",
    title="Visits that were not announced",
    sentence="{value} of {force}'s visits to managed offenders in {period} were not announced ({x} of {y}).",
    where="completed",
    met="not announced",
    unit="share of visits",
    better=HIGHER,
    captions=(_ATTEMPTS,),
    by=("risk_level",),
    **_VISITS,
    **_OWN,
)

REVIEW = MedianWait(
    id="offenders.visit_review_wait",
    title="Time until a supervisor reviewed the visit: median",
    sentence="Half of {force}'s visits of {period} were reviewed by a supervisor within {value} ({x} of {y} so far).",
    where="completed",
    start="visited_at",
    served="supervisor_reviewed_at",
    unit="seconds to the review",
    better=LOWER,
    captions=(_ATTEMPTS, "Visits not yet reviewed are taken into account."),
    by=("risk_level",),
    **_VISITS,
    **_OWN,
)

BREACHES_RECORDED = Proportion(
    id="offenders.breaches_recorded_as_crimes",
    title="Breaches of notification recorded as crimes",
    sentence="{value} of the breaches of notification that {force} found in {period} were recorded as crimes "
    "({x} of {y}).",
    met="recorded_as_crime",
    unit="share of breaches",
    better=HIGHER,
    captions=("Breaches that nobody wrote down are not in it.",),
    by=("low_level", "requirement"),
    **(_MANAGED | {"of": "offenders.notification_breach", "source": "the records of breaches"}),
    **_OWN,
)

MEASURES: tuple[AnyMeasure, ...] = (
    MANAGED,
    VISITS_OVERDUE,
    VISITS_OVERDUE_AGE,
    PLANS_OVERDUE,
    COMPLETED,
    IN_DUE_TIME,
    WITHIN_INTERVAL,
    BY_TWO,
    UNANNOUNCED,
    REVIEW,
    BREACHES_RECORDED,
)
