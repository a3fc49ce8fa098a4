"""Measures of stop and search on public files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from openpeel.areas.powers import practices
from openpeel.areas.powers.wordings import ASIAN, BLACK, MIXED, OTHER, WHITE
from openpeel.engine.declare.measures import (
    AS_RATE_ONLY,
    LOWER,
    NATIONAL,
    NEUTRAL,
    OWN_RECORDING,
    AnyMeasure,
    Count,
    Distribution,
    Proportion,
    Rate,
    RatioOfRates,
)

_OF = "powers.stop_search"
_SOURCE = "police.uk stop and search files"
_REVIEWED = date(2026, 11, 22)
_QUESTION = "powers.stop_search"
_METHOD = "docs/methods/stop-and-search.md"


_SAME_PERSON = (
    "The same person can be searched more than once, so the interval is narrower than it should be."
)
_PEOPLE = "Searches of a person, or of a person and a vehicle; vehicle-only searches have no person."

SEARCHES = Count(
    id="powers.searches",
    title="Stop and searches",
    sentence="{force} recorded {value} stop and searches in {period}.",
    of=_OF,
    unit="searches",
    better=NEUTRAL,
    comparable=AS_RATE_ONLY,
    comparable_why="A number of searches grows with the size of the force; the rate per 1,000 "
    "population is compared.",
    question=_QUESTION,
    method=_METHOD,
    source=_SOURCE,
    by=("power", "object", "person_gender", "person_age_range"),
    captions=("Rows that are exactly alike are all counted: two searches can look alike.",),
    reviewed=_REVIEWED,
)

SEARCHES_PER_1000 = Rate(
    id="powers.searches_per_1000",
    title="Stop and searches per 1,000 population",
    sentence="{force} recorded {value} stop and searches per 1,000 population in {period} ({x} searches).",
    of=_OF,
    unit="searches per 1,000 population",
    better=NEUTRAL,
    comparable=NATIONAL,
    question=_QUESTION,
    method=_METHOD,
    source=f"{_SOURCE}; population estimates",
    captions=(
        "The rate is for the period and is not annualised.",
        "Residents are not those available to be searched; beyond chance is not the same as performance.",
    ),
    reviewed=_REVIEWED,
)

OUTCOME_RATE = Proportion(
    id="powers.outcome_rate",
    title="Searches with an outcome other than no further action",
    sentence="Something other than no further action followed {value} of {force}'s searches in "
    "{period} ({x} of {y}).",
    of=_OF,
    met="not no_further_action",
    unit="share of searches",
    better=NEUTRAL,
    comparable=NATIONAL,
    question=_QUESTION,
    method=_METHOD,
    source=_SOURCE,
    by=("power", "object", "person_gender", "person_age_range"),
    captions=("A blank outcome is unknown, not no further action.",),
    practice=practices.OUTCOME,
    reviewed=_REVIEWED,
)

LINKED_OUTCOME_RATE = Proportion(
    id="powers.linked_outcome_rate",
    title="Linked outcome rate (public files)",
    sentence="The outcome was linked to the object searched for in {value} of {force}'s searches in "
    "{period} ({x} of {y}).",
    of=_OF,
    met="outcome_linked",
    unit="share of searches",
    better=NEUTRAL,
    comparable=OWN_RECORDING,
    comparable_why="Forces fill this column of the public files in in different ways, so a "
    "difference between two "
    "forces may be one of recording.",
    question=_QUESTION,
    method=_METHOD,
    source=_SOURCE,
    captions=(
        "This is not the linked find rate: the public column says that the outcome was linked to the object "
        "searched for, not that the object was found.",
        "The value rests on the reading named beside it; the bounds assume nothing about blanks.",
    ),
    practice=practices.LINKED_OUTCOME,
    readings=(practices.NOT_LINKED_AFTER_NFA,),
    reviewed=_REVIEWED,
)

ARREST_RATE = Proportion(
    id="powers.arrest_rate",
    title="Searches that led to an arrest",
    sentence="{value} of {force}'s searches in {period} led to an arrest ({x} of {y}).",
    of=_OF,
    met="case when outcome_group = 'Article found, outcome not recorded' then null "
    "else outcome_group = 'Arrest' end",
    unit="share of searches",
    better=NEUTRAL,
    comparable=NATIONAL,
    question=_QUESTION,
    method=_METHOD,
    source=_SOURCE,
    by=("power", "object", "person_gender", "person_age_range"),
    captions=(
        "A blank outcome is unknown, not no arrest; so is an article found of which the outcome is "
        "not recorded.",
    ),
    practice=practices.OUTCOME,
    reviewed=_REVIEWED,
)

ETHNICITY_NOT_STATED = Proportion(
    id="powers.ethnicity_not_stated",
    title="Searches of people whose ethnicity was not stated",
    sentence="In {value} of {force}'s searches of people in {period}, self-defined ethnicity was "
    "recorded as not "
    "stated ({x} of {y}).",
    of=_OF,
    where="has_person",
    met="ethnicity_chinese_in_other = 'Not stated'",
    unit="share of searches of people",
    better=LOWER,
    comparable=NATIONAL,
    question=_QUESTION,
    method=_METHOD,
    source=_SOURCE,
    by=("power",),
    captions=(_PEOPLE, "A blank is unknown and is counted in the bounds, not as not stated."),
    practice=practices.ETHNICITY,
    reviewed=_REVIEWED,
)

SHARE_BY_POWER = Distribution(
    id="powers.share_by_legislation",
    title="Searches by legislation",
    sentence="{category}: {value} of {force}'s searches in {period} were made under this power ({x} of {y}).",
    of=_OF,
    across="power",
    unit="share of searches",
    better=NEUTRAL,
    comparable=NATIONAL,
    question=_QUESTION,
    method=_METHOD,
    source=_SOURCE,
    practice=practices.POWER,
    reviewed=_REVIEWED,
)

SHARE_BY_OBJECT = Distribution(
    id="powers.share_by_object",
    title="Searches by object searched for",
    sentence="{category}: looked for in {value} of {force}'s searches in {period} ({x} of {y}).",
    of=_OF,
    across="object",
    unit="share of searches",
    better=NEUTRAL,
    comparable=NATIONAL,
    question=_QUESTION,
    method=_METHOD,
    source=_SOURCE,
    practice=practices.OBJECT,
    reviewed=_REVIEWED,
)

SHARE_BY_AGE = Distribution(
    id="powers.share_by_age",
    title="Searches of people by age",
    sentence="Aged {category}: {value} of the people {force} searched in {period} ({x} of {y}).",
    of=_OF,
    where="has_person",
    across="age_range",
    unit="share of searches of people",
    better=NEUTRAL,
    comparable=NATIONAL,
    question=_QUESTION,
    method=_METHOD,
    source=_SOURCE,
    captions=(_PEOPLE,),
    practice=practices.AGE,
    reviewed=_REVIEWED,
)

SHARE_BY_GENDER = Distribution(
    id="powers.share_by_gender",
    title="Searches of people by gender",
    sentence="{category}: recorded for {value} of the people {force} searched in {period} ({x} of {y}).",
    of=_OF,
    where="has_person",
    across="gender",
    unit="share of searches of people",
    better=NEUTRAL,
    comparable=NATIONAL,
    question=_QUESTION,
    method=_METHOD,
    source=_SOURCE,
    captions=(_PEOPLE,),
    practice=practices.GENDER,
    reviewed=_REVIEWED,
)

MORE_THAN_OUTER_CLOTHING = Proportion(
    id="powers.more_than_outer_clothing",
    title="Searches of people with more than outer clothing removed",
    sentence="More than outer clothing was removed in {value} of {force}'s searches of people in "
    "{period} ({x} of {y}).",
    of=_OF,
    where="has_person",
    met="more_than_outer_clothing",
    unit="share of searches of people",
    better=NEUTRAL,
    comparable=OWN_RECORDING,
    comparable_why="Many forces leave this column blank or fill it in only where it was so.",
    question=_QUESTION,
    method=_METHOD,
    source=_SOURCE,
    by=("power", "gender", "age_range"),
    captions=(_PEOPLE,),
    practice=practices.OUTER_CLOTHING,
    reviewed=_REVIEWED,
)

DISPROPORTIONALITY = RatioOfRates(
    id="powers.disproportionality",
    title="Disproportionality: searches per resident against White people",
    sentence="{category}: people of this group were searched {value} times as often per resident as White "
    "people in {period} ({x} searches against {y}).",
    of=_OF,
    where="has_person and power in ('Section 1 PACE', 'Section 23 Misuse of Drugs Act')",
    across=(
        ("chinese-in-other", "ethnicity_chinese_in_other"),
        ("chinese-in-asian", "ethnicity_chinese_in_asian"),
    ),
    groups=(ASIAN, BLACK, MIXED, OTHER),
    group_name="ethnic_group",
    reference=WHITE,
    minimum=10,
    unit="times the rate of White people",
    better=NEUTRAL,
    comparable=NATIONAL,
    question="powers.disproportionality",
    method="docs/methods/disproportionality.md",
    source=f"{_SOURCE}; Census population by ethnic group",
    captions=(
        "Person searches under section 1 PACE and section 23 Misuse of Drugs Act; section 60 stands apart.",
        "Self-defined ethnicity, sorted into the groups of the population table; not stated is in "
        "neither group "
        "and widens the bounds.",
        "Residents are not those available to be searched.",
        _SAME_PERSON,
        "No value is given under 10 searches in either group (openpeel's assumption).",
    ),
    practice=practices.POWER_AND_ETHNICITY,
    reviewed=_REVIEWED,
)

DISPROPORTIONALITY_SECTION_60 = replace(
    DISPROPORTIONALITY,
    id="powers.disproportionality_section_60",
    title="Disproportionality under section 60: searches per resident against White people",
    where="has_person and power = 'Section 60'",
    captions=(
        "Person searches under section 60 Criminal Justice and Public Order Act, which needs no "
        "suspicion of the "
        "person; a few operations can decide the figure.",
        *DISPROPORTIONALITY.captions[1:],
    ),
)

MEASURES: tuple[AnyMeasure, ...] = (
    SEARCHES,
    SEARCHES_PER_1000,
    OUTCOME_RATE,
    ARREST_RATE,
    LINKED_OUTCOME_RATE,
    MORE_THAN_OUTER_CLOTHING,
    ETHNICITY_NOT_STATED,
    SHARE_BY_POWER,
    SHARE_BY_OBJECT,
    SHARE_BY_AGE,
    SHARE_BY_GENDER,
    DISPROPORTIONALITY,
    DISPROPORTIONALITY_SECTION_60,
)
