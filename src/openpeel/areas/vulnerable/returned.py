"""Returned counts of protecting vulnerable people: domestic abuse."""

from __future__ import annotations

from openpeel.areas.shared.returned import FROM_FORCES, MONTH, count, does_not_apply, month, within
from openpeel.engine.declare.records import RecordType, RowRule

RETURNED_DOMESTIC_ABUSE = RecordType(
    id="vulnerable.returned_domestic_abuse",
    title="Domestic abuse, as returned",
    kind="returned count",
    anchor=MONTH,
    anchor_known_to="month",
    key=(MONTH,),
    meaning="Incidents of domestic abuse reported in one month, and the risk assessments and arrests that followed "
    "from them by the day of the return.",
    systems=FROM_FORCES,
    export="Count an incident once, whoever is assessed in it. An assessment is offered where the victim was asked; "
    "declined where the victim did not wish to answer.",
    columns=(
        month(),
        count("incidents", "Incidents of domestic abuse.", "690", "incidents"),
        count("assessments_offered", "Of these, in which a risk assessment was offered to the victim.", "610",
              "incidents"),
        count("assessments_completed", "Of these, in which it was completed.", "480", "incidents"),
        count("assessments_declined", "Of those offered, in which the victim declined it.", "115", "incidents"),
        count("arrests", "Arrests made because of these incidents.", "205", "arrests"),
        does_not_apply("assessments_offered"),
    ),
    rules=(
        within("assessments_offered", "incidents"),
        RowRule(
            "answers-within-offered",
            "assessments_completed + assessments_declined <= assessments_offered",
            "assessments completed and declined together are more than those offered",
        ),
    ),
)  # fmt: skip

RECORD_TYPES: tuple[RecordType, ...] = (RETURNED_DOMESTIC_ABUSE,)
