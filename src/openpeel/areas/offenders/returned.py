"""Returned counts of managing offenders and suspects: bail, registered offenders."""

from __future__ import annotations

from openpeel.areas.shared.returned import ALL, COUNTED, FROM_FORCES, count, counted, does_not_apply, within
from openpeel.engine.declare.columns import choice
from openpeel.engine.declare.records import RecordType, Total

RETURNED_BAIL = RecordType(
    id="offenders.returned_bail",
    title="Suspects on bail, as returned",
    kind="returned count",
    anchor=COUNTED,
    key=(COUNTED, "release_kind"),
    meaning="Suspects who on one day are on bail before charge, or released under investigation.",
    systems=FROM_FORCES,
    export="Count a suspect once for each crime investigated. Those released under investigation have no limit: write "
    "that it does not apply.",
    columns=(
        counted(),
        choice("release_kind", "On what footing the suspect was released.", "bail before charge",
               "released under investigation", required=True),
        count("suspects", "Suspects so released on the day.", "430", "suspects"),
        count("past_limit", "Of these, whose recorded limit had gone by without an extension.", "12", "suspects"),
        count("over_180_days", "Of these suspects, first released more than 180 days before.", "61", "suspects"),
        does_not_apply("past_limit"),
    ),
    rules=(within("past_limit", "suspects"), within("over_180_days", "suspects")),
)  # fmt: skip

RETURNED_REGISTERED_OFFENDERS = RecordType(
    id="offenders.returned_registered_offenders",
    title="Registered offenders by risk level, as returned",
    kind="returned count",
    anchor=COUNTED,
    key=(COUNTED, "risk_level"),
    meaning="Registered sexual offenders whom the force manages in the community on one day, by their risk level.",
    systems=FROM_FORCES,
    export="Leave out those in custody, in hospital and abroad. A visit is overdue the day after it was due by the "
    "force's own policy.",
    columns=(
        counted(),
        choice("risk_level", "Risk level held on the day; all of them together in the last row.", "very high", "high",
               "medium", "low", "not assessed", ALL, required=True),
        count("offenders_managed", "Offenders managed in the community.", "145", "offenders"),
        count("reactively_managed", "Of these, monitored from afar and not visited.", "20", "offenders"),
        count("visits_overdue", "Of those managed, whose next visit is overdue.", "9", "offenders"),
        does_not_apply("reactively_managed"),
    ),
    rules=(
        within("reactively_managed", "offenders_managed"),
        within("visits_overdue", "offenders_managed"),
    ),
    totals=(Total("risk_level", ALL, ("offenders_managed", "reactively_managed", "visits_overdue")),),
)  # fmt: skip

RECORD_TYPES: tuple[RecordType, ...] = (RETURNED_BAIL, RETURNED_REGISTERED_OFFENDERS)
