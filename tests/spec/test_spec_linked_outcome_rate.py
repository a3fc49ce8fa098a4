"""The linked outcome rate under each recording practice, on tables to check by eye."""

from __future__ import annotations

from spec import Case, Expected, Spec, World

RECORDED = "as-recorded"
BLANK = "blank-after-no-further-action-is-not-linked"

SPEC = Spec(
    measure="powers.linked_outcome_rate",
    says="Outcomes marked as linked to the object of the search / searches of which that is known. What a blank "
    "means depends on how the force fills the column in; the value is given only under a reading that its rows "
    "support. The bounds assume nothing: every blank a no, then every blank a yes.",
    cases=(
        Case(
            title="Filled in on every row",
            table="""
                outcome | linked | times
                arrest  | yes    | 4
                warning | no     | 2
                nothing | no     | 12
                nothing | yes    | 1
                        | no     | 1
            """,
            expected=(
                Expected(
                    "20 of 20 filled in; 1 of 13 searches with nothing is marked as linked, at most a quarter",
                    value="5/20", numerator=5, denominator=20, reading=RECORDED,
                ),
            ),
        ),
        Case(
            title="Filled in only where something followed",
            table="""
                outcome | linked | times
                arrest  | yes    | 3
                warning | no     | 1
                warning |        | 1
                nothing |        | 10
                        |        | 1
            """,
            expected=(
                Expected(
                    "filled in on 4 of 5 with an outcome, blank on 10 of 10 with nothing: the 10 are read as not "
                    "linked. 3 of 4 + 10; the other 2 blanks stay unknown. Bounds: 3 of 16; 3 + 12 of 16",
                    value="3/14", numerator=3, denominator=14, unknown=2, bounds=("3/16", "15/16"), reading=BLANK,
                ),
            ),
        ),
        Case(
            title="Never filled in",
            table="""
                outcome | linked | times
                arrest  |        | 3
                warning |        | 1
                nothing |        | 6
            """,
            expected=(
                Expected(
                    "blank on all 10", value=None, numerator=None, denominator=None, unknown=10,
                    status="not-supplied", reason="blank on all 10 searches",
                ),
            ),
        ),
        Case(
            title="No further action marked as linked (as West Mercia and Derbyshire did in 2019)",
            table="""
                outcome | linked | times
                arrest  | yes    | 3
                warning | no     | 1
                nothing | yes    | 5
                nothing | no     | 1
            """,
            expected=(
                Expected(
                    "5 of 6 searches with nothing are marked as linked, more than a quarter: what could be linked "
                    "there? No answer counts as known",
                    value=None, numerator=None, denominator=None, unknown=10, status="not-interpretable",
                    reason="5 of 6 searches with no further action are marked",
                ),
            ),
        ),
        Case(
            title="Exactly a quarter of them is not yet too much",
            table="""
                outcome | linked | times
                arrest  | yes    | 2
                warning | no     | 2
                nothing | yes    | 1
                nothing | no     | 3
            """,
            expected=(
                Expected(
                    "1 of 4 is a quarter, and not more", value="3/8", numerator=3, denominator=8, reading=RECORDED
                ),
            ),
        ),
        Case(
            title="Linked more often where nothing followed",
            table="""
                outcome | linked | times
                arrest  | no     | 7
                arrest  | yes    | 1
                nothing | yes    | 2
                nothing | no     | 8
            """,
            expected=(
                Expected(
                    "2 of 10 where nothing followed against 1 of 8 where something did: the wrong way round",
                    value=None, numerator=None, denominator=None, unknown=18, status="not-interpretable",
                    reason="(2 of 10)",
                ),
            ),
        ),
        Case(
            title="Filled in on most rows",
            table="""
                outcome | linked | times
                arrest  | yes    | 3
                arrest  |        | 1
                nothing | no     | 5
                nothing |        | 1
            """,
            expected=(
                Expected(
                    "8 of 10 filled in, three quarters or more: taken as recorded, the 2 blanks unknown",
                    value="3/8", numerator=3, denominator=8, unknown=2, bounds=("3/10", "5/10"), reading=RECORDED,
                ),
            ),
        ),
        Case(
            title="Filled in here and there",
            table="""
                outcome | linked | times
                arrest  | yes    | 1
                arrest  |        | 3
                nothing | no     | 2
                nothing |        | 4
            """,
            expected=(
                Expected(
                    "3 of 10, and not just where something followed (1 of 4): no value, but bounds: 1 of 10, "
                    "1 + 7 of 10",
                    value=None, numerator=1, denominator=3, unknown=7, bounds=("1/10", "8/10"),
                    status="not-interpretable", reason="3 of 10 searches without a pattern",
                ),
            ),
        ),
    ),
)  # fmt: skip


def test_spec(world: World) -> None:
    world.check(SPEC)
