"""Published counts of the use of powers: arrests, searches, force, roadside breath tests."""

from __future__ import annotations

from openpeel.engine.declare.columns import choice, day, whole, word
from openpeel.engine.declare.records import RecordType, RowRule

#: How a table of tactics sorts the people that force was used on. A tactic is counted once in each.
BREAKDOWNS = ("ethnicity", "age", "gender", "health condition or disability")

_PERIOD = (
    day("period_start", "First day of the period.", "2018-04-01", required=True),
    day("period_end", "Last day of the period.", "2019-03-31", required=True),
)
_RULES = (RowRule("starts-first", "period_start <= period_end", "the period ends before it starts"),)

PUBLISHED_ARRESTS = RecordType(
    id="powers.published_arrests",
    title="Published counts of arrests",
    kind="published count",
    anchor="period_end",
    key=("period_start", "period_end", "offence_group", "ethnic_group", "age_group", "sex"),
    meaning="Arrests for notifiable offences in a year, of one group of people and offences. From 2015/16, for two "
    "forces from 2014/15, the groups of offences are others than before; no arrest is counted in both.",
    columns=(
        *_PERIOD,
        word("offence_group", "Group of offences, as the publisher names it in that year.", "Burglary",
             required=True),
        word("ethnic_group", "Self-defined ethnic group.", "Mixed", required=True),
        word("age_group", "Age at arrest.", "10 - 17 years", required=True),
        word("sex", "Sex.", "Female", required=True),
        whole("arrests", "Number of arrests.", "27", "arrests", low=0),
    ),
    rules=_RULES,
    systems=("the Home Office's arrests open data",),
    export="The open data table of arrests by force, as a CSV file.",
)  # fmt: skip

PUBLISHED_SEARCHES = RecordType(
    id="powers.published_searches",
    title="Published counts of stop and search",
    kind="published count",
    anchor="period_end",
    key=("period_start", "period_end", "legislation", "search_reason", "ethnic_group", "ethnicity"),
    meaning="Stops and searches in a year under one power, for one reason, of people of one ethnicity, or of "
    "vehicles alone. A count that is not there does not apply or was not supplied; it is not zero.",
    columns=(
        *_PERIOD,
        word("legislation", "The power used.", "Section 1 (PACE)", required=True),
        word("search_reason", "Reason for the search.", "Drugs", required=True),
        word("ethnic_group", "Self-defined ethnic group, not stated, or vehicle only.", "Mixed", required=True),
        word("ethnicity", "Self-defined ethnicity within the group.", "Other Mixed", required=True),
        whole("searches", "Number of searches.", "112", "searches", low=0),
        whole("arrests", "Arrests that followed from them.", "14", "arrests", low=0),
        whole("weapons_arrests", "Section 60 only: arrests for offensive weapons.", "2", "arrests", low=0),
        whole("other_arrests", "Section 60 only: arrests for other reasons.", "3", "arrests", low=0),
        whole("found_with_weapon", "Section 60 only: persons found carrying a weapon.", "1", "persons", low=0),
    ),
    rules=_RULES,
    systems=("the Home Office's stop and search open data",),
    export="The open data table of stop and search by force, as a CSV file.",
)  # fmt: skip

PUBLISHED_TACTICS = RecordType(
    id="powers.published_tactics",
    title="Published counts of tactics in the use of force",
    kind="published count",
    anchor="period_end",
    key=("period_start", "period_end", "breakdown", "category", "force_type", "tactic"),
    meaning="How many times one tactic was used in a period on people of one category, as officers saw them. "
    "Each use is in the table once for every breakdown: add up within one breakdown only. Several tactics "
    "can be used in one incident, so that these are no incidents. Published totals are not among the records.",
    columns=(
        *_PERIOD,
        choice("breakdown", "What the people are sorted by.", *BREAKDOWNS, required=True),
        word("category", "Category within the breakdown; the categories change between years.", "White",
             required=True),
        word("force_type", "Type of force.", "Restraint", required=True),
        word("tactic", "The tactic, as finely as the table has it, in its words of that year.",
             "Ground restraint", required=True),
        whole("uses", "Times the tactic was reported. Tactical communication is left out of published totals.",
              "318", "uses", low=0),
    ),
    rules=_RULES,
    systems=("the Home Office's use of force statistics",),
    export="A table of tactics by police force and one breakdown, as a CSV file with its months in the name "
    "(april2018-march2019.csv).",
)  # fmt: skip

PUBLISHED_CED_USES = RecordType(
    id="powers.published_ced_uses",
    title="Published counts of uses of conducted energy devices",
    kind="published count",
    anchor="period_end",
    key=("period_start", "period_end", "use"),
    meaning="Uses of a conducted energy device (Taser) in a period, by the highest level of use.",
    columns=(
        *_PERIOD,
        word("use", "Highest level of use.", "Red-dot", required=True),
        choice(
            "discharged", "Whether that level is a discharge.", "discharge", "non-discharge", "not stated"
        ),
        whole("uses", "Number of uses.", "163", "uses", low=0),
    ),
    rules=_RULES,
    systems=("the Home Office's use of force statistics",),
    export="The table of uses of conducted energy devices by type and police force, as a CSV file with its "
    "months in the name (april2018-march2019.csv).",
)

PUBLISHED_FORCE_INCIDENTS = RecordType(
    id="powers.published_force_incidents",
    title="Published counts of incidents with use of force",
    kind="published count",
    anchor="period_end",
    key=("period_start", "period_end"),
    meaning="Incidents in a period in which a force's officers used force, one for each officer's report.",
    columns=(*_PERIOD, whole("incidents", "Number of incidents.", "6315", "incidents", low=0)),
    rules=_RULES,
    systems=("the Home Office's use of force statistics",),
    export="The table of incidents by police force, as a CSV file with its months in the name "
    "(april2018-march2019.csv).",
)

PUBLISHED_BREATH_TESTS = RecordType(
    id="powers.published_breath_tests",
    title="Published counts of roadside breath tests",
    kind="published count",
    anchor="period_end",
    key=("period_start", "period_end", "result"),
    meaning="Roadside breath tests of one month with one result; both results together are all tests.",
    columns=(
        *_PERIOD,
        word("result", "Positive (or refused) or negative.", "positive", required=True),
        whole("tests", "Number of tests with this result.", "179", "tests", low=0),
    ),
    rules=_RULES,
    systems=("the Home Office's breath test open data",),
    export="The table of tests by force, month and result, as a CSV file.",
)

RECORD_TYPES: tuple[RecordType, ...] = (
    PUBLISHED_ARRESTS,
    PUBLISHED_SEARCHES,
    PUBLISHED_TACTICS,
    PUBLISHED_CED_USES,
    PUBLISHED_FORCE_INCIDENTS,
    PUBLISHED_BREATH_TESTS,
)
