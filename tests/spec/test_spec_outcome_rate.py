"""Share of searches with an outcome other than no further action, on tables to check by eye."""

from __future__ import annotations

from spec import Case, Expected, Spec, World

SPEC = Spec(
    measure="powers.outcome_rate",
    says="Something followed / (something or nothing followed). A blank outcome, or a wording that nobody knows, "
    "is neither: it leaves the share and widens the bounds. Vehicles count, since a vehicle can lead to an outcome.",
    cases=(
        Case(
            title="Both generations of wording, blanks and a wording nobody knows",
            table="""
                type    | outcome                   | times
                person  | nothing                   | 3
                person  | nothing (old wording)     | 1
                person  | arrest                    | 2
                vehicle | warning                   | 1
                person  | found, detail unavailable | 1
                person  |                           | 1
                person  | Given a stern look        | 1
            """,
            expected=(
                Expected(
                    "something followed: 2 + 1 + 1 = 4; nothing: 3 + 1 = 4; not known: 2; lowest 4 of 10, "
                    "highest 4 + 2 of 10",
                    value="4/8", numerator=4, denominator=8, unknown=2, bounds=("4/10", "6/10"),
                ),
            ),
        ),
        Case(
            title="A force that never fills outcomes in",
            table="""
                outcome | times
                        | 6
            """,
            expected=(
                Expected(
                    "nothing is known of any of the 6, and 0% would be a lie", value=None, numerator=None,
                    denominator=None, unknown=6, status="not-supplied", reason="blank on all 6",
                ),
            ),
        ),
        Case(
            title="Wordings that nobody knows are not a column left blank",
            table="""
                outcome            | times
                Given a stern look | 4
                Sent home          | 2
            """,
            expected=(
                Expected(
                    "filled in, in wordings openpeel does not know", value=None, numerator=0, denominator=0,
                    unknown=6, bounds=("0", "1"), status="not-interpretable",
                    reason="none of the 6 searches it applies to has a wording that openpeel knows",
                ),
            ),
        ),
        Case(
            title="Filled in on fewer than half",
            table="""
                outcome | times
                arrest  | 1
                nothing | 1
                        | 4
            """,
            expected=(
                Expected(
                    "known of 2 of 6, fewer than half: no value; between 1 of 6 and 1 + 4 of 6", value=None,
                    numerator=1, denominator=2, unknown=4, bounds=("1/6", "5/6"),
                    status="not-interpretable", reason="only 2 of the 6",
                ),
            ),
        ),
        Case(
            title="By power",
            by="power",
            table="""
                power      | outcome | times
                section 1  | arrest  | 2
                section 1  | nothing | 2
                section 23 | warning | 1
                section 23 | nothing | 4
                section 60 | nothing | 1
                           | arrest  | 1
            """,
            expected=(
                Expected("2 + 1 + 1 of 11", value="4/11", numerator=4, denominator=11),
                Expected(
                    "2 of 4; the row without a power may belong here, as a yes or (had it been one) a no",
                    cut={"power": "Section 1 PACE"}, value="2/4", numerator=2, denominator=4, unsure=1,
                    bounds=("2/5", "3/5"),
                ),
                Expected(
                    "1 of 5", cut={"power": "Section 23 Misuse of Drugs Act"}, value="1/5", numerator=1,
                    denominator=5, unsure=1, bounds=("1/6", "2/6"),
                ),
                Expected(
                    "0 of 1", cut={"power": "Section 60"}, value="0", numerator=0, denominator=1, unsure=1,
                    bounds=("0", "1/2"),
                ),
                Expected("1 of 1", cut={"power": "not known"}, value="1", numerator=1, denominator=1),
            ),
        ),
    ),
)  # fmt: skip


def test_spec(world: World) -> None:
    world.check(SPEC)
