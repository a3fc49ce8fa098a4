"""Published amounts of police funding."""

from __future__ import annotations

from openpeel.engine.declare.columns import day, whole
from openpeel.engine.declare.records import RecordType, RowRule

PUBLISHED_GRANT = RecordType(
    id="leadership.published_grant",
    title="Published police grants",
    kind="published count",
    anchor="period_end",
    key=("period_start", "period_end"),
    meaning="Grant that the government sets for a force in one financial year. It is not the force's budget: "
    "what council tax brings is not in it, and Welsh forces get part of theirs by another route.",
    columns=(
        day("period_start", "First day of the financial year.", "2025-04-01", required=True),
        day("period_end", "Last day of the financial year.", "2026-03-31", required=True),
        whole("grant", "Overall grant.", "150680231", "pounds", low=0),
    ),
    rules=(RowRule("starts-first", "period_start <= period_end", "the period ends before it starts"),),
    systems=("the Police Grant Report",),
    export="The report's table of the overall total by force, as a CSV file with the financial year in its name.",
)

RECORD_TYPES: tuple[RecordType, ...] = (PUBLISHED_GRANT,)
