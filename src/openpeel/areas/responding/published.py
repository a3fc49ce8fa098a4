"""Published counts of answering the public: the national table of 999 answer times."""

from __future__ import annotations

from openpeel.engine.declare.columns import day, decimal, whole
from openpeel.engine.declare.records import RecordType, RowRule

ANSWER_TIMES = RecordType(
    id="responding.published_answer_times",
    title="999 answer times, as published",
    kind="published count",
    anchor="month_on",
    anchor_known_to="month",
    key=("month_on",),
    meaning="How many 999 calls a force answered in a month and how fast, by the clock of the operator that puts "
    "the calls through. That clock is not the force's telephony clock, so the two never agree to the call.",
    systems=("the published table of 999 call answering times",),
    export="Counts by band, one row for each force and month. Percentages alone are refused: shares are worked out "
    "from counts, and the percentages of months are never averaged.",
    columns=(
        day("month_on", "First day of the month.", "2021-11-01", required=True),
        whole("calls", "Calls put through to the force and answered.", "4200", "calls", low=0, required=True),
        whole(
            "within_10_seconds",
            "Of these, answered in less than 10 seconds.",
            "3600",
            "calls",
            low=0,
            required=True,
        ),
        whole(
            "from_10_to_60_seconds",
            "Of these, answered after 10 seconds or more, and in less than 60.",
            "500",
            "calls",
            low=0,
            required=True,
        ),
        whole(
            "over_60_seconds",
            "Of these, answered after 60 seconds or more.",
            "100",
            "calls",
            low=0,
            required=True,
        ),
        decimal(
            "mean_seconds",
            "Mean time to answer. Of several months only a mean weighted by calls makes sense.",
            "9.4",
            "seconds",
            low=0,
        ),
    ),
    rules=(
        RowRule(
            "bands-add-up",
            "within_10_seconds + from_10_to_60_seconds + over_60_seconds = calls",
            "the bands do not add up to the calls",
        ),
    ),
)

RECORD_TYPES: tuple[RecordType, ...] = (ANSWER_TIMES,)
