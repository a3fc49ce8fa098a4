"""Disproportionality, on tables to check by eye."""

from __future__ import annotations

from spec import Case, Expected, Spec, World

SPEC = Spec(
    measure="powers.disproportionality",
    says="(searches of the group / its residents) / (searches of White people / White residents), people only, "
    "section 1 PACE and section 23 MDA only. With 90,000 White, 5,000 Asian, 2,000 Black, 2,000 Mixed and 1,000 "
    "Other residents. Not stated and blank belong to no group; they could belong to any, and make the bounds. "
    "Under 10 searches in either group there is no value.",
    cases=(
        Case(
            title="Groups, not stated, another power, vehicles",
            table="""
                type    | ethnicity               | power      | times
                person  | White                   | section 23 | 40
                both    | Irish                   | section 1  | 5
                person  | Black                   | section 23 | 8
                person  | Caribbean (old wording) | section 1  | 2
                person  | Black                   | section 60 | 9
                person  | Asian                   | section 23 | 9
                person  | Chinese                 | section 23 | 12
                person  | not stated              | section 23 | 4
                person  |                         | section 1  | 1
                vehicle | Black                   | section 23 | 7
                person  | Mixed                   |            | 2
                person  | Arab                    | firearms   | 3
            """,
            expected=(
                Expected(
                    "Black 8 + 2 = 10 of 2,000; White 40 + 5 = 45 of 90,000. In none of the groups: 4 + 1; the "
                    "2 without a power may belong here: 7 in all. Lowest: all 7 White; highest: all 7 Black",
                    cut={"ethnic_group": "Black"}, value="10/2000 * 90000/45", numerator=10, denominator=45,
                    unknown=5, unsure=2, bounds=("10/2000 * 90000/52", "17/2000 * 90000/45"),
                ),
                Expected(
                    "Chinese people are among Other in this population table: 12 of 1,000",
                    cut={"ethnic_group": "Other"}, value="12/1000 * 90000/45", numerator=12, denominator=45,
                    unknown=5, unsure=2, bounds=("12/1000 * 90000/52", "19/1000 * 90000/45"),
                ),
                Expected(
                    "9 searches, fewer than 10", cut={"ethnic_group": "Asian"}, value=None, numerator=9,
                    denominator=45, unknown=5, unsure=2, status="too-few", reason="(9 and 45)",
                ),
                Expected(
                    "the 2 Mixed rows have no power", cut={"ethnic_group": "Mixed"}, value=None, numerator=0,
                    denominator=45, unknown=5, unsure=2, status="too-few", reason="(0 and 45)",
                ),
            ),
        ),
        Case(
            title="Ethnicity left blank on most rows",
            table="""
                ethnicity | times
                White     | 10
                Black     | 10
                          | 21
            """,
            expected=(
                Expected(
                    "20 of 41, fewer than half: no value whatever the counts", cut={"ethnic_group": "Black"},
                    value=None, numerator=None, denominator=None, unknown=41, status="not-interpretable",
                    reason="ethnicity of 20: too few",
                ),
            ),
        ),
        Case(
            title="No population by group",
            residents=False,
            table="""
                ethnicity | times
                White     | 30
                Black     | 20
            """,
            expected=(
                Expected(
                    "nothing to set the searches against", cut={"ethnic_group": "Black"}, value=None,
                    numerator=None, denominator=None, unknown=None, status="not-supplied", reason="no population",
                ),
            ),
        ),
    ),
)  # fmt: skip


def test_spec(world: World) -> None:
    world.check(SPEC)
