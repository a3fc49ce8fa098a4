"""Published tables that every area shares: areas and their forces, residents by area, deprivation."""

from __future__ import annotations

from openpeel.areas.shared.records import SCHEMES
from openpeel.engine.declare.columns import choice, day, decimal, whole, word
from openpeel.engine.declare.records import RecordType

#: Local authority districts, and lower layer super output areas as drawn in 2011 and in 2021.
AREA_KINDS = ("LAD", "LSOA11", "LSOA21")
#: What a table of residents divides them by. Rows of two divisions are the same people.
DIVISIONS = ("nothing", "ethnic group", "five ethnic groups", "age and sex", "single year of age")
SUBTOTALS = ("all residents", "one sex", "one of five ethnic groups")
#: The indices of deprivation that are understood, with what they cover.
INDICES = ("IMD 2019 England", "WIMD 2019 Wales", "IMD 2025 England")

AREA_LOOKUP = RecordType(
    id="shared.area_lookup",
    title="Areas and their forces",
    kind="reference",
    anchor="effective_on",
    key=("area_kind", "vintage", "area_code"),
    meaning="One area of official statistics in one list of codes, and the force it belongs to. Codes change when "
    "districts merge or are recoded: an area is looked up with the codes of its own year.",
    systems=("lookup tables of the Office for National Statistics",),
    export="The lookup tables as published: districts to community safety partnerships to police force areas, "
    "districts of one year to those of the next, and lower layer super output areas of 2011 to those of 2021 to "
    "districts. A district with two partnerships stands on two rows there, and is one area here.",
    columns=(
        choice("area_kind", "Sort of area.", *AREA_KINDS, required=True),
        word("vintage", "Year of the list of codes; ever for a list of all codes.", "2024", required=True),
        word("area_code", "Official code of the area.", "E07000105", required=True),
        word("area_name", "Name of the area.", "Ashford"),
        word(
            "parent_code",
            "District that a smaller area lies in; several, separated by spaces, where it lies in more than one.",
            "E07000105",
        ),
        word(
            "csp_code",
            "Community safety partnership of a district; several, separated by spaces, where there are more.",
            "E22000180",
        ),
        word(
            "becomes_code",
            "Code that takes this one's place in the next list; several where the area was divided. Blank where the "
            "table does not say.",
            "E07000105",
        ),
        day("effective_on", "Day whose areas the list holds.", "2024-12-31", required=True),
    ),
)

AREA_POPULATION = RecordType(
    id="shared.area_population",
    title="Residents by area",
    kind="published count",
    anchor="reference_date",
    key=(
        "basis",
        "reference_date",
        "divided_by",
        "area_kind",
        "area_code",
        "sex",
        "age_band",
        "ethnic_group",
    ),
    meaning="Published number of residents of an area: all of them, or those of a sex, age or ethnic group. Add up "
    "only rows of one division (divided_by) and one area kind, and only those without a subtotal mark: anything "
    "else counts people more than once.",
    systems=("population tables of the Office for National Statistics",),
    export="Tables of counts. Percentages are set aside, since they are worked out from the counts. Keep the area "
    "codes as they stand; they are put to forces by the area lookup.",
    columns=(
        choice("basis", "Census or mid-year estimate.", "Census", "Mid-year estimate", required=True),
        day("reference_date", "Day the number refers to.", "2021-03-21", required=True),
        choice("divided_by", "What the table divides the residents by.", *DIVISIONS, required=True),
        choice("area_kind", "Sort of area.", *AREA_KINDS, required=True),
        word("area_code", "Official code of the area, of the table's own year.", "E07000105", required=True),
        word("area_name", "Name of the area.", "Ashford"),
        choice("sex", "Sex, or All.", "All", "Female", "Male", required=True),
        word("age_band", "Age or age band in the table's words, or All.", "All", required=True),
        word(
            "ethnic_group",
            "Ethnic group in the table's own words, or All.",
            "White: Irish",
            required=True,
        ),
        choice(
            "ethnic_group_five",
            "The ethnic group as one of five, by the scheme named beside it.",
            *("All", "White", "Mixed", "Asian", "Black", "Other"),
            required=True,
        ),
        choice("scheme", "How ethnic groups are sorted into five.", *SCHEMES, required=True),
        choice(
            "subtotal",
            "What the row is a total of; blank for a row that is part of no other. Rows with a mark hold the same "
            "people as the rows below them.",
            *SUBTOTALS,
        ),
        whole("residents", "Number of residents.", "1234", "people", low=0, required=True),
    ),
)

DEPRIVATION = RecordType(
    id="shared.deprivation",
    title="Deprivation of small areas",
    kind="reference",
    anchor="published_on",
    key=("index_name", "domain", "area_code"),
    meaning="How deprived a lower layer super output area is against the others of its own index: rank 1 and decile "
    "1 are the most deprived. The indices of England and Wales are made of different things and are not comparable "
    "with each other, and an index of one year is not comparable with that of another.",
    systems=("indices of deprivation of the English and the Welsh government",),
    export="Ranks and deciles by area, all domains. Some publishers turn the deciles round, so that 10 is the most "
    "deprived: such a file is refused, by its area of rank 1.",
    columns=(
        choice("index_name", "Which index it is.", *INDICES, required=True),
        word("domain", "Domain of the index; Overall for all of it.", "Overall", required=True),
        choice(
            "area_kind",
            "Sort of area: which year's small areas the index uses.",
            *AREA_KINDS[1:],
            required=True,
        ),
        word("area_code", "Official code of the area.", "E01024007", required=True),
        whole(
            "rank",
            "Rank among the areas of the index; 1 is the most deprived.",
            "1234",
            "rank",
            low=1,
            required=True,
        ),
        whole(
            "decile",
            "Tenth of the areas; 1 holds the most deprived.",
            "1",
            "decile",
            low=1,
            high=10,
            required=True,
        ),
        decimal(
            "score",
            "Score, to six decimals; more is more deprived within this index and domain. Some tables give none.",
            "21.500000",
            "points",
        ),
        day("published_on", "Day the index was published.", "2019-09-26", required=True),
    ),
)

RECORD_TYPES: tuple[RecordType, ...] = (AREA_LOOKUP, AREA_POPULATION, DEPRIVATION)
