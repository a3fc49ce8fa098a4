"""Measures of reviews of performance: as the system has them, as an audit found them, as people say."""

from __future__ import annotations

from datetime import date
from typing import Any

from openpeel.engine.declare.measures import HIGHER, OWN_RECORDING, AnyMeasure, Proportion
from openpeel.engine.declare.triangulations import Source, Triangulation

_METHOD = "docs/methods/performance-reviews.md"
_ABOUT: dict[str, Any] = {
    "unit": "share of reviews due",
    "better": HIGHER,
    "comparable": OWN_RECORDING,
    "question": "workforce.reviews",
    "method": _METHOD,
    "reviewed": date(2026, 11, 25),
}
_REVIEWS: dict[str, Any] = _ABOUT | {
    "of": "workforce.performance_review",
    "comparable_why": "Forces have systems, review years and rules of who is exempt of their own.",
}
_YEAR = "A review belongs to the month in which its review year starts."
_SYSTEM = "known_from_source = 'system' and not exempt"

COMPLETED_BY_SYSTEM = Proportion(
    id="workforce.reviews_completed",
    title="Reviews completed, by the system",
    sentence="By {force}'s own system, {x} of {y} reviews due ({value}) for the year from {period} were completed.",
    source="the force's review system",
    where=_SYSTEM,
    met="standing = 'completed'",
    captions=(_YEAR, "What a system marks as complete at a year's end is in it: see the next measure."),
    **_REVIEWS,
)

COMPLETED_BY_PEOPLE = Proportion(
    id="workforce.reviews_completed_by_people",
    title="Reviews completed by people, by the system",
    sentence="For the year from {period}, people completed {x} of {y} reviews due ({value}) at {force}.",
    source="the force's review system",
    where=_SYSTEM,
    met="standing = 'completed' and not completed_by_system",
    captions=(
        _YEAR,
        "A review that the system marked complete with nobody doing so counts as not completed.",
    ),
    **_REVIEWS,
)

COMPLETED_ON_AUDIT = Proportion(
    id="workforce.reviews_found_completed",
    title="Reviews found completed, of those audited",
    sentence="Of {y} reviews due that {force} audited for the year from {period}, {x} ({value}) had been completed.",
    source="the force's own audit",
    where="known_from_source = 'audit' and not exempt",
    met="standing = 'completed'",
    captions=(
        _YEAR,
        "The interval is that of a full count. How the audit was drawn is not in these records.",
    ),
    **_REVIEWS,
)

SAID_IN_SURVEY = Proportion(
    id="workforce.reviews_said",
    title="People who say they had a review in the last 12 months",
    sentence="Of {y} people of {force} asked in {period}, {x} ({value}) said they had a review in the last 12 months.",
    of="workforce.workforce_survey_response",
    source="surveys of the workforce",
    met="review_in_year",
    by=("worker_type",),
    comparable_why="Surveys differ in whom they ask and who answers.",
    captions=(
        "Those who answer may differ from those who do not: the interval is of chance alone, not of who volunteers.",
    ),
    **_ABOUT | {"unit": "share of people asked"},
)

MEASURES: tuple[AnyMeasure, ...] = (
    COMPLETED_BY_SYSTEM,
    COMPLETED_BY_PEOPLE,
    COMPLETED_ON_AUDIT,
    SAID_IN_SURVEY,
)

REVIEW_COMPLETION = Triangulation(
    id="workforce.review_completion",
    title="Reviews of performance completed",
    question="workforce.reviews",
    method=_METHOD,
    sources=(
        Source("system", COMPLETED_BY_SYSTEM.id, "What the system shows, whoever marked it so."),
        Source("audit", COMPLETED_ON_AUDIT.id, "What an auditor found of the reviews looked at."),
        Source("survey", SAID_IN_SURVEY.id, "What those who answered say; others may say otherwise."),
    ),
)

TRIANGULATIONS = (REVIEW_COMPLETION,)
