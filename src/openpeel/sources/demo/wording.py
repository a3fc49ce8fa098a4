"""The columns and words of a data.police.uk stop and search file, with rough weights for drawing them.

The weights are round figures chosen to look like the public files; none is an estimate of anything.
"""

from __future__ import annotations

from typing import Final

from openpeel.sources.demo.stream import Choice

COLUMNS: Final = (
    "Type",
    "Date",
    "Part of a policing operation",
    "Policing operation",
    "Latitude",
    "Longitude",
    "Gender",
    "Age range",
    "Self-defined ethnicity",
    "Officer-defined ethnicity",
    "Legislation",
    "Object of search",
    "Outcome",
    "Outcome linked to object of search",
    "Removal of more than just outer clothing",
)

VEHICLE: Final = "Vehicle search"
NO_FURTHER_ACTION: Final = "A no further action disposal"
NOT_STATED: Final = "Other ethnic group - Not stated"
ASIAN, BLACK, MIXED, OTHER, WHITE = GROUPS = (
    "Asian or Asian British",
    "Black or Black British",
    "Mixed",
    "Other Ethnic Group",
    "White",
)
"""Groups of the population table. Chinese people are counted under Other there, as in the real one."""

PACE: Final = "Police and Criminal Evidence Act 1984 (section 1)"
DRUGS: Final = "Misuse of Drugs Act 1971 (section 23)"
SECTION_60: Final = "Criminal Justice and Public Order Act 1994 (section 60)"
FIREARMS: Final = "Firearms Act 1968 (section 47)"
SCHOOL: Final = "Criminal Justice Act 1988 (section 139B)"

TYPE: Final = Choice({"Person search": 0.78, "Person and Vehicle search": 0.195, VEHICLE: 0.025})
GENDER: Final = Choice({"Male": 0.895, "Female": 0.103, "Other": 0.002})
AGE: Final = Choice({"10-17": 0.21, "18-24": 0.325, "25-34": 0.235, "over 34": 0.229, "under 10": 0.001})

OBJECT: Final = {
    DRUGS: Choice(
        {"Controlled drugs": 94, "": 4, "Evidence of offences under the Act": 1, "Offensive weapons": 1}
    ),
    PACE: Choice(
        {
            "Offensive weapons": 35,
            "Article for use in theft": 28,
            "Stolen goods": 22,
            "Articles for use in criminal damage": 5,
            "": 4,
            "Anything to threaten or harm anyone": 3,
            "Fireworks": 2,
            "Evidence of offences under the Act": 1,
        }
    ),
    SECTION_60: Choice({"Offensive weapons": 62, "Anything to threaten or harm anyone": 35, "": 3}),
    FIREARMS: Choice({"Firearms": 97, "Offensive weapons": 3}),
    SCHOOL: Choice({"Offensive weapons": 1}),
}

NOTHING_DONE: Final = {DRUGS: 0.69, PACE: 0.72, SECTION_60: 0.9, FIREARMS: 0.7, SCHOOL: 0.7}
"""Share without further action, by power, in a force that is like the others."""

_DEALT_WITH: Final = Choice(
    {
        "Arrest": 68,
        "Community resolution": 14,
        "Summons / charged by post": 11,
        "Penalty Notice for Disorder": 4,
        "Caution (simple or conditional)": 3,
    }
)
DONE: Final = {
    DRUGS: Choice(
        {
            "Arrest": 30,
            "Khat or Cannabis warning": 29,
            "Community resolution": 24,
            "Summons / charged by post": 10,
            "Penalty Notice for Disorder": 4,
            "Caution (simple or conditional)": 3,
        }
    ),
    PACE: _DEALT_WITH,
    SECTION_60: _DEALT_WITH,
    FIREARMS: Choice({"Arrest": 94, "Community resolution": 6}),
    SCHOOL: Choice({"Arrest": 70, "Community resolution": 30}),
}
"""Outcome of a search that led to something, by power."""

SELF_DEFINED: Final = {
    ASIAN: Choice(
        {
            "Asian/Asian British - Pakistani": 53,
            "Asian/Asian British - Any other Asian background": 24,
            "Asian/Asian British - Indian": 15,
            "Asian/Asian British - Bangladeshi": 8,
        }
    ),
    BLACK: Choice(
        {
            "Black/African/Caribbean/Black British - African": 38,
            "Black/African/Caribbean/Black British - Caribbean": 33,
            "Black/African/Caribbean/Black British - Any other Black/African/Caribbean background": 29,
        }
    ),
    MIXED: Choice(
        {
            "Mixed/Multiple ethnic groups - White and Black Caribbean": 40,
            "Mixed/Multiple ethnic groups - Any other Mixed/Multiple ethnic background": 34,
            "Mixed/Multiple ethnic groups - White and Asian": 14,
            "Mixed/Multiple ethnic groups - White and Black African": 12,
        }
    ),
    OTHER: Choice(
        {
            "Other ethnic group - Any other ethnic group": 61,
            "Asian/Asian British - Chinese": 36,
            "Other ethnic group - Arab": 3,
        }
    ),
    WHITE: Choice(
        {
            "White - English/Welsh/Scottish/Northern Irish/British": 925,
            "White - Any other White background": 61,
            "White - Irish": 8,
            "White - Gypsy or Irish Traveller": 6,
        }
    ),
}

OFFICER_DEFINED: Final = {
    ASIAN: Choice({"Asian": 92, "Other": 5, "White": 3}),
    BLACK: Choice({"Black": 95, "Mixed": 2, "Other": 2, "White": 1}),
    MIXED: Choice({"Black": 45, "White": 24, "Mixed": 20, "Asian": 6, "Other": 5}),
    OTHER: Choice({"Other": 48, "Asian": 30, "White": 22}),
    WHITE: Choice({"White": 98, "Other": 1, "Asian": 1}),
}
"""What an officer writes down of a person of each group."""
