"""Records of investigating crime as published by data.police.uk: street crime and outcomes."""

from __future__ import annotations

from openpeel.engine.declare.columns import day, decimal, operational, word
from openpeel.engine.declare.records import Column, RecordType, Unique

_SYSTEMS = ("the public archive data.police.uk",)
_CRIME_ID = "ff66c3907030fae55ad5919f8d845d8ea95d4e6fc8eb76b1077e52a835a23722"


def _place() -> tuple[Column, ...]:
    """Where it was: the same columns in both kinds of file, the point itself last."""
    return (
        word("reported_by", "Force that gave the row to the archive.", "Kent Police"),
        word("falls_within", "Force in whose area it counts, as the row says it.", "Kent Police"),
        word(
            "location",
            "Name of the map point that the true place was moved to.",
            "On or near Parking Area",
        ),
        word(
            "lsoa_code",
            "Lower layer super output area of the map point. Files of 2019 hold the areas of 2011, files of 2025 "
            "those of 2021, and no column says which.",
            "E01024007",
        ),
        word("lsoa_name", "Name of that area.", "Ashford 001A"),
    )


def _point() -> tuple[Column, ...]:
    return (
        decimal(
            "longitude",
            "Map point, east: moved from the true place, so that it may lie outside the force's area.",
            "0.872000",
            "degrees",
            low=-180,
            high=180,
        ),
        decimal("latitude", "Map point, north.", "51.148000", "degrees", low=-90, high=90),
    )


STREET_CRIME = RecordType(
    id="investigating.street_crime",
    title="Street crimes, as published",
    kind="event",
    anchor="month_on",
    anchor_known_to="month",
    meaning="One crime or report of antisocial behaviour as data.police.uk publishes it: month, moved map point "
    "and sort of crime. It has no day, and its last outcome is the last one known when the file was made.",
    systems=_SYSTEMS,
    export="Take the monthly street files as they are served, and note the day of the download: the archive is "
    "revised, and the same month has other last outcomes later. A force without a file for a month has not "
    "supplied it; that is not a month without crime.",
    unique=(Unique(("crime_id",)),),
    columns=(
        operational(
            "crime_id",
            "Public hash of the force's crime number; joins a crime to its outcomes. Antisocial behaviour has none, "
            "some bodies give none, and some ids stand on more than one row.",
            _CRIME_ID,
        ),
        day("month_on", "First day of the month of the crime.", "2019-07-01", required=True),
        word(
            "crime_type",
            "Sort of crime in the archive's words, which have changed over the years.",
            "Violence and sexual offences",
        ),
        word(
            "last_outcome",
            "Last outcome known when the file was made. Blank is not known; antisocial behaviour never has one.",
            "Unable to prosecute suspect",
        ),
        word("context", "What the force added; blank in nearly every file.", "Reported at the front counter"),
        *_place(),
        *_point(),
    ),
)

STREET_OUTCOME = RecordType(
    id="investigating.street_outcome",
    title="Outcomes of street crimes, as published",
    kind="event",
    anchor="month_on",
    anchor_known_to="month",
    meaning="One outcome that a force gave a crime, as data.police.uk publishes it. Its month is that of the "
    "outcome; the crime may be of any earlier month, so a month's outcomes are not the outcomes of its crimes.",
    systems=_SYSTEMS,
    export="Take the monthly outcomes files as they are served, with the street files of the same and of earlier "
    "months beside them. Join by crime id, and count what finds no crime.",
    columns=(
        operational(
            "crime_id",
            "Public hash of the force's crime number. It stands once for each outcome: a crime can have several, "
            "in one month, too, and often of the same wording.",
            _CRIME_ID,
        ),
        day("month_on", "First day of the month of the outcome.", "2019-07-01", required=True),
        word("outcome_type", "The outcome in the archive's words.", "Suspect charged"),
        *_place(),
        *_point(),
    ),
)

RECORD_TYPES: tuple[RecordType, ...] = (STREET_CRIME, STREET_OUTCOME)
