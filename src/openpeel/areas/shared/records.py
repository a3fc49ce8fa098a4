"""Records that every area shares: residents."""

from __future__ import annotations

from openpeel.engine.declare.records import Column, RecordType

#: How a population table sorts people into five ethnic groups.
SCHEMES = ("chinese-in-other", "chinese-in-asian", "total-only")

POPULATION = RecordType(
    id="shared.population",
    title="Residents",
    kind="reference",
    anchor="reference_date",
    key=("basis", "scheme", "reference_date", "ethnic_group"),
    meaning="Number of residents of a police force area at a date, in all or of one ethnic group.",
    columns=(
        Column(
            "basis", "text", "Census or mid-year estimate.", True, allowed=("Census", "Mid-year estimate")
        ),
        Column("scheme", "text", "How ethnic groups are sorted.", True, allowed=SCHEMES),
        Column("reference_date", "date", "Day the number refers to.", True),
        Column(
            "ethnic_group",
            "text",
            "Ethnic group, or All where the table gives only totals.",
            True,
            allowed=("All", "White", "Mixed", "Asian", "Black", "Other"),
        ),
        Column("residents", "integer", "Number of residents.", True, unit="people", low=0),
    ),
)

RECORD_TYPES: tuple[RecordType, ...] = (POPULATION,)
