"""The wordings found in public stop and search files, in both generations, and what each stands for.

Keys are compared without regard to case and runs of spaces. An empty value is a wording that itself
says *not known*. A wording not listed is unknown too, and the *about the data* part of a report names it.
"""

from __future__ import annotations

OUTCOMES = {
    # since about 2017
    "A no further action disposal": "No further action",
    "Arrest": "Arrest",
    "Community resolution": "Community resolution",
    "Khat or Cannabis warning": "Khat or cannabis warning",
    "Penalty Notice for Disorder": "Penalty notice",
    "Summons / charged by post": "Summons or charge by post",
    "Caution (simple or conditional)": "Caution",
    # before
    "Nothing found - no further action": "No further action",
    "Suspect arrested": "Arrest",
    "Local resolution": "Community resolution",
    "Offender given drugs possession warning": "Khat or cannabis warning",
    "Offender given penalty notice": "Penalty notice",
    "Suspect summonsed to court": "Summons or charge by post",
    "Offender cautioned": "Caution",
    "Article found - Detailed outcome unavailable": "Article found, outcome not recorded",
    "Suspected psychoactive substances seized - No further action": "No further action",
    "Details not available": "",
}

LEGISLATION = {
    "Police and Criminal Evidence Act 1984 (section 1)": "Section 1 PACE",
    "Misuse of Drugs Act 1971 (section 23)": "Section 23 Misuse of Drugs Act",
    "Criminal Justice and Public Order Act 1994 (section 60)": "Section 60",
    "Firearms Act 1968 (section 47)": "Firearms Act",
    "Criminal Justice Act 1988 (section 139B)": "Section 139B Criminal Justice Act",
    "Psychoactive Substances Act 2016 (s36(2))": "Other power",
    "Psychoactive Substances Act 2016 (s37(2))": "Other power",
    "Poaching Prevention Act 1862 (section 2)": "Other power",
    "Police and Criminal Evidence Act 1984 (section 6)": "Other power",
    "Aviation Security Act 1982 (section 27(1))": "Other power",
    "Public Stores Act 1875 (section 6)": "Other power",
    "Customs and Excise Management Act 1979 (section 163)": "Other power",
    "Conservation of Seals Act 1970 (section 4)": "Other power",
    "Deer Act 1991 (section 12)": "Other power",
    "Crossbows Act 1987 (section 4)": "Other power",
    "Wildlife and Countryside Act 1981 (section 19)": "Other power",
    "Protection of Badgers Act 1992 (section 11)": "Other power",
    "Hunting Act 2004 (section 8)": "Other power",
    "Environmental Protection Act 1990 (section 34B )": "Other power",
    "Environmental Protection Act 1990 (section 34B)": "Other power",
    "Sporting Events (Control of Alcohol etc.) Act 1985 (section 7)": "Other power",
    "Terrorism Act 2000 (section 43)": "Terrorism Act",
    "Terrorism Act 2000 (section 47a)": "Terrorism Act",
    "Police Act 2020 (section 11)": "Other power",
}

OBJECTS = {
    "Controlled drugs": "Controlled drugs",
    "Offensive weapons": "Offensive weapons",
    "Stolen goods": "Stolen goods",
    "Anything to threaten or harm anyone": "Anything to threaten or harm anyone",
    "Evidence of offences under the Act": "Evidence of offences under the Act",
    "Articles for use in criminal damage": "Articles for criminal damage",
    "Article for use in theft": "Articles for theft",
    "Firearms": "Firearms",
    "Fireworks": "Fireworks",
    "Psychoactive substances": "Psychoactive substances",
    "Game or poaching equipment": "Other objects",
    "Goods on which duty has not been paid etc.": "Other objects",
    "Crossbows": "Other objects",
    "Seals or hunting equipment": "Other objects",
    "Evidence of wildlife offences": "Other objects",
    "Detailed object of search unavailable": "Object not recorded in detail",
}

WHITE, MIXED, ASIAN, BLACK, OTHER, NOT_STATED = "White", "Mixed", "Asian", "Black", "Other", "Not stated"


def _both(group: str) -> tuple[str, str]:
    return group, group


#: wording -> group in a scheme that counts Chinese under Other, and in one that counts it under Asian.
ETHNIC_GROUPS: dict[str, tuple[str, str]] = {
    "White - English/Welsh/Scottish/Northern Irish/British": _both(WHITE),
    "White - Irish": _both(WHITE),
    "White - Gypsy or Irish Traveller": _both(WHITE),
    "White - Roma": _both(WHITE),
    "White - Any other White background": _both(WHITE),
    "White - White British (W1)": _both(WHITE),
    "White - White Irish (W2)": _both(WHITE),
    "White - Any other White ethnic background (W9)": _both(WHITE),
    "Mixed/Multiple ethnic groups - White and Black Caribbean": _both(MIXED),
    "Mixed/Multiple ethnic groups - White and Black African": _both(MIXED),
    "Mixed/Multiple ethnic groups - White and Asian": _both(MIXED),
    "Mixed/Multiple ethnic groups - Any other Mixed/Multiple ethnic background": _both(MIXED),
    "Mixed - White and Black Caribbean (M1)": _both(MIXED),
    "Mixed - White and Black African (M2)": _both(MIXED),
    "Mixed - White and Asian (M3)": _both(MIXED),
    "Mixed - Any other Mixed ethnic background (M9)": _both(MIXED),
    "Asian/Asian British - Indian": _both(ASIAN),
    "Asian/Asian British - Pakistani": _both(ASIAN),
    "Asian/Asian British - Bangladeshi": _both(ASIAN),
    "Asian/Asian British - Chinese": (OTHER, ASIAN),
    "Asian/Asian British - Any other Asian background": _both(ASIAN),
    "Asian or Asian British - Indian (A1)": _both(ASIAN),
    "Asian or Asian British - Pakistani (A2)": _both(ASIAN),
    "Asian or Asian British - Bangladeshi (A3)": _both(ASIAN),
    "Asian or Asian British - Chinese (A4)": (OTHER, ASIAN),
    "Asian or Asian British - Any other Asian ethnic background (A9)": _both(ASIAN),
    "Black/African/Caribbean/Black British - African": _both(BLACK),
    "Black/African/Caribbean/Black British - Caribbean": _both(BLACK),
    "Black/African/Caribbean/Black British - Any other Black/African/Caribbean background": _both(BLACK),
    "Black or Black British - Caribbean (B1)": _both(BLACK),
    "Black or Black British - African (B2)": _both(BLACK),
    "Black or Black British - Any other Black ethnic background (B9)": _both(BLACK),
    "Chinese or other ethnic group - Chinese (O1)": (OTHER, ASIAN),
    "Chinese or other ethnic group - Any other ethnic group (O9)": _both(OTHER),
    "Other ethnic group - Arab": _both(OTHER),
    "Other ethnic group - Any other ethnic group": _both(OTHER),
    "Other ethnic group - Not stated": _both(NOT_STATED),
    "Not Stated (NS)": _both(NOT_STATED),
    "Not stated": _both(NOT_STATED),
    "Other ethnic group - Not Stated (NS)": _both(NOT_STATED),
}
