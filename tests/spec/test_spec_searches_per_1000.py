"""Searches per 1,000 residents, on a table to check by eye."""

from __future__ import annotations

from spec import Case, Expected, Spec, World

SPEC = Spec(
    measure="powers.searches_per_1000",
    says="All searches over all residents, times 1,000, for the period as it is: two months give twice one "
    "month, never twelve. Without a population there is no rate, and not a rate of 0.",
    cases=(
        Case(
            title="One month",
            table="""
                type    | outcome | times
                person  | arrest  | 20
                person  |         | 3
                person  | nothing | 10
                vehicle | nothing | 5
                both    | nothing | 2
                person  | warning | 10
            """,
            expected=(
                Expected(
                    "50 searches; 100,000 residents; 50 / 100,000 x 1,000",
                    value="50/100", numerator=50, denominator=100_000,
                ),
            ),
        ),
        Case(
            title="Two months are not stretched to a year",
            months=2,
            table="""
                month | outcome | times
                1     | arrest  | 10
                1     | nothing | 20
                1     |         | 1
                2     | arrest  | 2
                2     | nothing | 6
                2     |         | 1
            """,
            expected=(
                Expected(
                    "31 + 9 = 40 searches in the two months; 40 / 100,000 x 1,000",
                    value="40/100", numerator=40, denominator=100_000,
                ),
            ),
        ),
        Case(
            title="No population table",
            residents=False,
            table="""
                outcome | times
                arrest  | 4
                nothing | 1
                nothing | 1
                nothing | 1
                nothing | 1
                warning | 1
            """,
            expected=(
                Expected(
                    "9 searches, and nothing to divide them by",
                    value=None, numerator=9, denominator=None, status="not-supplied", reason="no population",
                ),
            ),
        ),
    ),
)  # fmt: skip


def test_spec(world: World) -> None:
    world.check(SPEC)
