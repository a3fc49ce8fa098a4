"""Returned counts of investigating crime: crimes, outcomes, investigators' posts, digital forensics."""

from __future__ import annotations

from openpeel.areas.investigating.crimes import OUTCOME_TYPES
from openpeel.areas.shared.returned import (
    ALL,
    COUNTED,
    FROM_FORCES,
    MONTH,
    count,
    counted,
    does_not_apply,
    month,
    within,
)
from openpeel.engine.declare.columns import choice
from openpeel.engine.declare.records import RecordType, RowRule, Total

#: Groups of offences, in the words of the Home Office's table.
OFFENCE_GROUPS = (
    "Violence against the person",
    "Sexual offences",
    "Robbery",
    "Theft offences",
    "Criminal damage and arson",
    "Drug offences",
    "Possession of weapons",
    "Public order offences",
    "Miscellaneous crimes against society",
)

RETURNED_CRIMES = RecordType(
    id="investigating.returned_crimes",
    title="Crimes by offence group, as returned",
    kind="returned count",
    anchor=MONTH,
    anchor_known_to="month",
    key=(MONTH, "offence_group"),
    meaning="Crimes of one group recorded in one month, and records of crime cancelled in it, whenever they were made.",
    systems=FROM_FORCES,
    export="Count by the day of recording and of cancelling, not by the day of the offence. Leave fraud passed to the "
    "national centre out.",
    columns=(
        month(),
        choice("offence_group", "Group of offences; all of them together in the last row.", *OFFENCE_GROUPS, ALL,
               required=True),
        count("crimes_recorded", "Crimes recorded in the month, those cancelled later included.", "1310", "crimes"),
        count("crimes_cancelled", "Records of crime cancelled in the month.", "24", "crimes"),
        does_not_apply("crimes_cancelled"),
    ),
    totals=(Total("offence_group", ALL, ("crimes_recorded", "crimes_cancelled")),),
)  # fmt: skip

RETURNED_OUTCOMES = RecordType(
    id="investigating.returned_outcomes",
    title="Crime outcomes by type, as returned",
    kind="returned count",
    anchor=MONTH,
    anchor_known_to="month",
    key=(MONTH, "outcome_type"),
    meaning="Outcomes of one type given in one month, whenever the crime was recorded. They are not the outcomes of "
    "that month's crimes.",
    systems=FROM_FORCES,
    export="Count every outcome by the day it was recorded; where a crime's outcome was changed, count both in their "
    "months.",
    columns=(
        month(),
        choice("outcome_type", "National outcome type by number; all of them together in the last row.",
               *OUTCOME_TYPES, ALL, required=True),
        count("outcomes_recorded", "Outcomes recorded.", "96", "outcomes"),
        does_not_apply("outcomes_recorded"),
    ),
    totals=(Total("outcome_type", ALL, ("outcomes_recorded",)),),
)  # fmt: skip

RETURNED_INVESTIGATORS = RecordType(
    id="investigating.returned_investigators",
    title="Investigators' posts by accreditation, as returned",
    kind="returned count",
    anchor=COUNTED,
    key=(COUNTED, "accreditation"),
    meaning="Posts that ask for one accreditation, on one day. A post can ask for a level and a specialist programme, "
    "so that the rows are not added up.",
    systems=FROM_FORCES,
    export="Count posts of the establishment, vacant ones too. Somebody in training for an accreditation "
    "does not hold it.",
    columns=(
        counted(),
        choice("accreditation", "What the posts ask for.", "PIP 1", "PIP 2", "PIP 3", "PIP 4", "SSAIDP", "SCAIDP",
               required=True),
        count("posts", "Posts that ask for it.", "240", "posts"),
        count("posts_filled", "Of these, with somebody in them.", "205", "posts"),
        count("holders_accredited", "Of these, held by somebody who is accredited.", "84", "posts"),
        count("holders_in_training", "Of those filled, held by somebody in training for it.", "70", "posts"),
        does_not_apply("holders_in_training"),
    ),
    rules=(
        within("posts_filled", "posts"),
        RowRule(
            "holders-within-filled",
            "holders_accredited + holders_in_training <= posts_filled",
            "accredited and in training together are more than the posts filled",
        ),
    ),
)  # fmt: skip

RETURNED_DIGITAL_EXHIBITS = RecordType(
    id="investigating.returned_digital_exhibits",
    title="Digital exhibits waiting, as returned",
    kind="returned count",
    anchor=COUNTED,
    key=(COUNTED,),
    meaning="Digital exhibits that wait for examination on one day, in the force's own unit or in one it shares.",
    systems=FROM_FORCES,
    export="Count the force's own exhibits, also where another force examines them. An exhibit waits from the day it "
    "was submitted until its examination begins.",
    columns=(
        counted(),
        count("exhibits_waiting", "Exhibits that wait.", "118", "exhibits"),
        count("waiting_over_90_days", "Of these, waiting for more than 90 days.", "31", "exhibits"),
        count("oldest_days", "Days for which the longest waiting one has waited; does not apply where none waits.",
              "212", "days"),
        does_not_apply("oldest_days"),
    ),
    rules=(within("waiting_over_90_days", "exhibits_waiting"),),
)  # fmt: skip

RECORD_TYPES: tuple[RecordType, ...] = (
    RETURNED_CRIMES,
    RETURNED_OUTCOMES,
    RETURNED_INVESTIGATORS,
    RETURNED_DIGITAL_EXHIBITS,
)
