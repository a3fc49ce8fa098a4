"""Returned counts of the workforce: people and full-time equivalents by sort of worker."""

from __future__ import annotations

from openpeel.areas.shared.returned import ALL, COUNTED, FROM_FORCES, count, counted, does_not_apply
from openpeel.areas.workforce.who import WORKER_TYPES
from openpeel.engine.declare.columns import choice, decimal
from openpeel.engine.declare.records import RecordType, Total

RETURNED_WORKFORCE = RecordType(
    id="workforce.returned_workforce",
    title="Workforce by sort of worker, as returned",
    kind="returned count",
    anchor=COUNTED,
    key=(COUNTED, "worker_type"),
    meaning="People in the force's workforce on one day. The counts of two days are never added: most people are in "
    "both.",
    systems=FROM_FORCES,
    export="Count those on long absence, on secondment from the force and on maternity leave too. Special constables "
    "and volunteers have no full-time equivalents: write that they do not apply.",
    columns=(
        counted(),
        choice("worker_type", "Sort of worker; all of them together in the last row.", *WORKER_TYPES, ALL,
               required=True),
        count("headcount", "Number of people.", "1650", "people"),
        decimal("full_time_equivalents", "The same people in full-time equivalents.", "1590.4",
                "full-time equivalents", low=0),
        count("absent_long_term", "Of these people, absent for more than 28 days.", "47", "people"),
        does_not_apply("full_time_equivalents"),
    ),
    totals=(Total("worker_type", ALL, ("headcount", "absent_long_term")),),
)  # fmt: skip

RECORD_TYPES: tuple[RecordType, ...] = (RETURNED_WORKFORCE,)
