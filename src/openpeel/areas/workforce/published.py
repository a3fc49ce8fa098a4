"""Published counts of the police workforce, as the Home Office gives them out."""

from __future__ import annotations

from openpeel.engine.declare.columns import choice, day, decimal, whole, word
from openpeel.engine.declare.records import RecordType

PUBLISHER = ("a table of the Home Office's police workforce statistics",)

PUBLISHED_WORKFORCE = RecordType(
    id="workforce.published_workforce",
    title="Published counts of the workforce by rank and sex",
    kind="published count",
    anchor="counted_on",
    key=("counted_on", "sex", "rank", "worker_type"),
    meaning="Number of people in a force's workforce on one day, of one sex, rank and type of worker. The "
    "counts of two days are never added: most people are in both.",
    columns=(
        day("counted_on", "Day at whose end the people are counted.", "2021-03-31", required=True),
        word("sex", "Sex, in the publisher's words: two of them until 2020, five from 2021.", "Female",
             required=True),
        word("rank", "Rank, or the role of those who are no officers.", "Constable", required=True),
        word("worker_type", "Officer, staff, community support, designated, special or volunteer.",
             "police officer", required=True),
        whole("headcount", "Number of people.", "812", "people", low=0),
        decimal("full_time_equivalents", "The same people in full-time equivalents.", "780.25",
                "full-time equivalents", low=0),
    ),
    systems=PUBLISHER,
    export="The open data table of the workforce by force, rank and sex, as a CSV file; no rows added up.",
)  # fmt: skip

PUBLISHED_OFFICERS = RecordType(
    id="workforce.published_officers",
    title="Published counts of officers",
    kind="published count",
    anchor="counted_on",
    key=("counted_on", "basis", "edition"),
    meaning="Number of officers of a force on one day, in one edition of the table. The same day is published "
    "again in later editions and is sometimes revised there: take one edition, and add nothing up over days "
    "or editions.",
    columns=(
        day("counted_on", "Day at whose end the officers are counted.", "2019-09-30", required=True),
        choice("basis", "What is counted.", "full-time equivalent", "headcount", required=True),
        word("edition", "First and last day of the table that the count stands in.",
             "2018-09-30 to 2019-09-30", required=True),
        decimal("full_time_equivalents", "Officers in full-time equivalents, to six decimals.", "1658.4",
                "full-time equivalents", low=0),
        whole("headcount", "Officers in persons.", "1702", "people", low=0),
    ),
    systems=PUBLISHER,
    export="The table of officers by force, as a CSV file; keep in its name or folder whether it counts people "
    "(headcount) or full-time equivalents (fte).",
)  # fmt: skip

RECORD_TYPES: tuple[RecordType, ...] = (PUBLISHED_WORKFORCE, PUBLISHED_OFFICERS)
