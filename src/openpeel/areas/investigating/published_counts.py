"""Published counts of crimes and what became of them, and the score of their severity."""

from __future__ import annotations

from openpeel.engine.declare.columns import day, decimal, flag, whole, word
from openpeel.engine.declare.records import RecordType, RowRule

STARTS_FIRST = RowRule("starts-first", "period_start <= period_end", "the period ends before it starts")

PUBLISHED_OUTCOMES = RecordType(
    id="investigating.published_outcomes",
    title="Published counts of crime outcomes",
    kind="published count",
    anchor="period_end",
    key=("period_start", "period_end", "offence_code", "outcome_type"),
    meaning="Offences of one code in one quarter, and the outcome they had when the table was made. Later tables "
    "revise it. A combination without a row is not known to be zero: some years list every one, others most "
    "of those with a count.",
    columns=(
        day("period_start", "First day of the quarter.", "2018-04-01", required=True),
        day("period_end", "Last day of the quarter.", "2018-06-30", required=True),
        word("offence_code", "Home Office code of the offence.", "8N", required=True),
        word("offence", "The offence in words.", "Assault with injury"),
        word("offence_group", "Group of offences.", "Violence against the person"),
        word("offence_subgroup", "Subgroup of offences.", "Violence with injury"),
        flag("offence_code_expired", "Whether the code was no longer in use."),
        word("outcome_type", "Number of the outcome; 0 is not yet assigned.", "16", required=True),
        word("outcome", "The outcome in words.", "Charged/Summonsed"),
        word("outcome_group", "Group of outcomes.", "Charged/Summonsed"),
        whole("offences", "Offences recorded in the quarter that have this outcome by now. Over all outcomes "
              "of an offence these add up to the offences recorded. Corrections can leave fewer than none.",
              "41", "offences"),
        whole("outcomes_recorded", "Outcomes of this type recorded in the quarter, whenever the offence was "
              "recorded; fewer than none where more are taken back. Unknown for offences not yet assigned one.",
              "37", "outcomes"),
    ),
    rules=(STARTS_FIRST,),
    systems=("the Home Office's crime outcomes open data",),
    export="The open data table of one year, as a CSV file.",
)  # fmt: skip

PUBLISHED_CRIME = RecordType(
    id="investigating.published_crime",
    title="Published counts of recorded crime",
    kind="published count",
    anchor="period_end",
    key=("period_start", "period_end", "offence_group"),
    meaning="Offences recorded in twelve months, of one group. The periods are rolling and overlap: counts are "
    "never added over periods.",
    columns=(
        day("period_start", "First day of the twelve months.", "2018-01-01", required=True),
        day("period_end", "Last day of the twelve months.", "2018-12-31", required=True),
        word("offence_group", "Group of offences.", "Shoplifting", required=True),
        whole("offences", "Offences recorded in the twelve months; where others are cancelled there can be "
              "fewer than none.", "7414", "offences"),
    ),
    rules=(STARTS_FIRST,),
    systems=("the Home Office's and the ONS's police recorded crime tables",),
    export="The table of rolling twelve months by police force area, as a CSV file.",
)  # fmt: skip

PUBLISHED_SEVERITY = RecordType(
    id="investigating.published_severity",
    title="Published crime severity scores",
    kind="published count",
    anchor="period_end",
    key=("period_start", "period_end", "offence_group"),
    meaning="Crime Severity Score of a force for a year: offences weighted by the sentences they bring, per "
    "resident. A score is no count; scores of forces or years are never added up.",
    columns=(
        day("period_start", "First day of the year.", "2021-04-01", required=True),
        day("period_end", "Last day of the year.", "2022-03-31", required=True),
        word("offence_group", "Group of offences, or all of them.", "Total recorded crime", required=True),
        decimal("severity_score", "The score, to six decimals.", "14.229616", "weighted offences per resident",
                low=0),
    ),
    rules=(STARTS_FIRST,),
    systems=("the ONS's Crime Severity Score tables",),
    export="The table of scores by police force area, in the long layout, as a CSV file.",
)  # fmt: skip

RECORD_TYPES: tuple[RecordType, ...] = (PUBLISHED_OUTCOMES, PUBLISHED_CRIME, PUBLISHED_SEVERITY)
