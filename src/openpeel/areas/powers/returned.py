"""Returned counts of the use of powers: stop and search by power, use of force."""

from __future__ import annotations

from openpeel.areas.powers.wordings import LEGISLATION
from openpeel.areas.shared.returned import ALL, FROM_FORCES, MONTH, count, does_not_apply, month, within
from openpeel.engine.declare.columns import choice
from openpeel.engine.declare.records import RecordType, RowRule, Total

#: Powers in short, in the order in which the public files' wordings first name them.
POWERS = tuple(dict.fromkeys(LEGISLATION.values()))

RETURNED_SEARCHES = RecordType(
    id="powers.returned_searches",
    title="Stop and search by power, as returned",
    kind="returned count",
    anchor=MONTH,
    anchor_known_to="month",
    key=(MONTH, "legislation"),
    meaning="Searches of persons and vehicles under one power in one month, and what they led to.",
    systems=FROM_FORCES,
    export="Count each person searched, and a vehicle searched alone, once. Say that an object was found only where "
    "the record says so, not because of the outcome.",
    columns=(
        month(),
        choice("legislation", "The power used; all of them together in the last row.", *POWERS, ALL, required=True),
        count("searches", "Searches.", "310", "searches"),
        count("objects_found", "Of these, in which something unlawful or sought was found.", "92", "searches"),
        count("finds_linked", "Of these, in which what was found was what was searched for.", "77", "searches"),
        does_not_apply("finds_linked"),
    ),
    rules=(within("objects_found", "searches"), within("finds_linked", "objects_found")),
    totals=(Total("legislation", ALL, ("searches", "objects_found", "finds_linked")),),
)  # fmt: skip

RETURNED_FORCE = RecordType(
    id="powers.returned_use_of_force",
    title="Use of force, as returned",
    kind="returned count",
    anchor=MONTH,
    anchor_known_to="month",
    key=(MONTH,),
    meaning="Reports of the use of force in one month. Each officer who used force makes a report, so that these are "
    "neither incidents nor people.",
    systems=FROM_FORCES,
    export="Count reports by the day force was used, those made late included.",
    columns=(
        month(),
        count("reports", "Reports of the use of force.", "540", "reports"),
        count("subjects_injured", "Of these, in which the subject was injured.", "38", "reports"),
        count("officers_injured", "Of these, in which the officer who reports was injured.", "29", "reports"),
        count("device_uses", "Uses of a conducted energy device, drawn or aimed alone included.", "26", "uses"),
        count("device_discharges", "Of these uses, discharges.", "3", "uses"),
        does_not_apply("device_discharges"),
    ),
    rules=(
        within("subjects_injured", "reports"),
        within("officers_injured", "reports"),
        RowRule("discharges-within-uses", "device_discharges <= device_uses", "device discharges are more than uses"),
    ),
)  # fmt: skip

RECORD_TYPES: tuple[RecordType, ...] = (RETURNED_SEARCHES, RETURNED_FORCE)
