"""How the columns of a police.uk stop and search file become those of the record type."""

from __future__ import annotations

from openpeel.areas.powers.records import STOP_SEARCH
from openpeel.engine.intake.mapping import Mapping

STOP_SEARCH_FILES = Mapping(
    type=STOP_SEARCH,
    headings={
        "search_type": ("Type",),
        "searched_at": ("Date", "Date and time", "Datetime"),
        "part_of_operation": ("Part of a policing operation",),
        "operation": ("Policing operation",),
        "latitude": ("Latitude",),
        "longitude": ("Longitude",),
        "gender": ("Gender",),
        "age_range": ("Age range",),
        "self_defined_ethnicity": ("Self-defined ethnicity",),
        "officer_defined_ethnicity": ("Officer-defined ethnicity",),
        "legislation": ("Legislation",),
        "object_of_search": ("Object of search",),
        "outcome": ("Outcome",),
        "outcome_linked": ("Outcome linked to object of search",),
        "more_than_outer_clothing": ("Removal of more than just outer clothing",),
    },
    needed=("search_type", "searched_at", "legislation", "outcome"),
    # A file of police.uk is all that was published for its force and month.
    scope="complete",
    zone="offset",
)

#: Headings by which files of other kinds are known: they come in by a verb of their own.
OTHER_KINDS = {
    "street crime": ("Crime ID", "Crime type"),
    "crime outcomes": ("Crime ID", "Outcome type"),
}
