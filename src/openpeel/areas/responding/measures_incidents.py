"""Measures of incidents before anybody comes: how many, triage, decisions, grades changed, places that return."""

from __future__ import annotations

from datetime import date
from typing import Any

from openpeel.areas.responding.derived import REPEAT_DAYS
from openpeel.engine.declare.measures import (
    AS_RATE_ONLY,
    HIGHER,
    NEUTRAL,
    OWN_DEFINITION,
    OWN_RECORDING,
    AnyMeasure,
    Count,
    Distribution,
    Flow,
    Proportion,
)

_INCIDENTS: dict[str, Any] = {
    "of": "responding.incident",
    "question": "responding.incidents",
    "method": "docs/methods/incidents.md",
    "source": "the force's command and control",
    "reviewed": date(2026, 11, 25),
}
_OWN: dict[str, Any] = {
    "comparable": OWN_RECORDING,
    "comparable_why": "Forces open, mark and close incidents in their own ways.",
}
_NO_DUPLICATES = "duplicate_of is null"
_DUPLICATES = "Incidents that repeat another one are left out."
_RECORDED = "That it is recorded does not say that it is accurate: for that, files have to be read."

INCIDENTS = Count(
    id="responding.incidents",
    title="Incidents",
    sentence="{force} opened {value} incidents in {period}.",
    where=_NO_DUPLICATES,
    unit="incidents",
    better=NEUTRAL,
    comparable=AS_RATE_ONLY,
    comparable_why="A number of incidents grows with the size of the force, and with what it opens an incident for.",
    captions=(_DUPLICATES,),
    by=("first_grade", "source", "closing_category"),
    **_INCIDENTS,
)

OPEN_FLOW = Flow(
    id="responding.open_incidents",
    title="Open incidents: what came in and what was closed",
    sentence="{category}: {value} of {force}'s incidents in {period}.",
    where=_NO_DUPLICATES,
    start="opened_at",
    end="closed_at",
    unit="incidents",
    better=NEUTRAL,
    captions=(_DUPLICATES, "Open is not waiting: most open incidents have been attended."),
    **_INCIDENTS,
    **_OWN,
)


def _check(name: str, title: str, said: str, column: str, caption: str) -> Proportion:
    return Proportion(
        id=f"responding.{name}",
        title=title,
        sentence=f"{said} is recorded in {{value}} of {{force}}'s incidents of {{period}} ({{x}} of {{y}}).",
        where=_NO_DUPLICATES,
        met=column,
        unit="share of incidents",
        better=HIGHER,
        captions=(caption, _DUPLICATES),
        by=("source", "domestic_abuse"),
        **_INCIDENTS,
        **_OWN,
    )


TRIAGED = _check(
    "triaged", "Structured triage recorded", "A structured risk assessment", "triaged", _RECORDED
)
REPEAT_CHECKED = _check(
    "repeat_checked",
    "Check for earlier reports recorded",
    "A check for earlier reports",
    "repeat_checked",
    _RECORDED,
)
VULNERABILITY_CHECKED = _check(
    "vulnerability_checked",
    "Check for vulnerable people recorded",
    "A check for vulnerable people",
    "vulnerability_checked",
    _RECORDED,
)

DECISIONS = Distribution(
    id="responding.attendance_decisions",
    title="Decisions on attending",
    sentence="{category}: the latest decision on {value} of {force}'s incidents of {period} ({x} of {y}).",
    where=_NO_DUPLICATES,
    across="attendance_decision",
    unit="share of incidents",
    better=NEUTRAL,
    captions=(
        _DUPLICATES,
        "Resolved without deployment, cancelled and given to another agency are outcomes beside attendance: neither "
        "attended nor waiting.",
    ),
    **_INCIDENTS,
    **_OWN,
)

LOWERED = Proportion(
    id="responding.regradings_lowered",
    title="Regradings that made the incident less urgent",
    sentence="{value} of {force}'s regradings in {period} lowered the urgency ({x} of {y}).",
    where="change_number > 1 and direction <> 'same urgency'",
    met="direction = 'lowered'",
    unit="share of regradings",
    better=NEUTRAL,
    comparable=OWN_DEFINITION,
    comparable_why="Each force has grades of its own.",
    captions=(
        "A lower grade starts a slower clock: shares in target on the latest grade have to be read with it.",
    ),
    by=("from_grade",),
    **(_INCIDENTS | {"of": "responding.incident_grade_change"}),
)

WELFARE = Proportion(
    id="responding.welfare_attended",
    title="Concerns for welfare that police attended",
    sentence="Police attended {value} of the concerns for somebody's welfare of {period} ({x} of {y}) in {force}.",
    where=f"{_NO_DUPLICATES} and concern_for_welfare",
    met="unit_came",
    unit="share of concerns for welfare",
    better=NEUTRAL,
    captions=(
        "Month by month it shows what Right Care, Right Person changed; whether each decision was right it does not.",
        _DUPLICATES,
    ),
    by=("mental_health",),
    **_INCIDENTS,
    **_OWN,
)

TRIAGE_NURSE = Proportion(
    id="responding.street_triage_attended",
    title="Requests for street triage that a nurse attended",
    sentence="A nurse attended {value} of {force}'s requests for street triage within service hours in {period} "
    "({x} of {y}).",
    where="in_service_hours",
    met="result = 'attended'",
    unit="share of requests within service hours",
    better=NEUTRAL,
    captions=("Advice by telephone may have been the right answer; it is not attendance.",),
    by=("local_policing_area",),
    **(_INCIDENTS | {"of": "responding.street_triage_attendance", "source": "the street triage log"}),
    **_OWN,
)

REPEAT_PLACES = Proportion(
    id="responding.repeat_places",
    title="Incidents at a place that had one before",
    sentence="{value} of {force}'s incidents of {period} were at a place that had had one before ({x} of {y}).",
    where=_NO_DUPLICATES,
    met="repeat_place",
    unit="share of incidents",
    better=NEUTRAL,
    captions=(
        f"A repeat is one at most {REPEAT_DAYS} days after another at the same number in the gazetteer "
        "(openpeel's assumption).",
        "Unknown where the place has no number, and, where none is found, where the records do not reach back far "
        "enough.",
        _DUPLICATES,
    ),
    by=("location_kind", "antisocial_behaviour"),
    **_INCIDENTS,
    **_OWN,
)

MEASURES: tuple[AnyMeasure, ...] = (
    INCIDENTS,
    OPEN_FLOW,
    TRIAGED,
    REPEAT_CHECKED,
    VULNERABILITY_CHECKED,
    DECISIONS,
    LOWERED,
    WELFARE,
    TRIAGE_NURSE,
    REPEAT_PLACES,
)
