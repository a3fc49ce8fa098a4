"""Removal of more than outer clothing, on tables to check by eye."""

from __future__ import annotations

from spec import Case, Expected, Spec, World

SPEC = Spec(
    measure="powers.more_than_outer_clothing",
    says="More than outer clothing removed / searches of people of which that is known. Vehicle-only searches are "
    "out. A force that only ever says yes does not tell what its blanks mean.",
    cases=(
        Case(
            title="Filled in on nearly every row",
            table="""
                type    | clothing | times
                person  | yes      | 2
                person  | no       | 15
                both    | no       | 2
                person  |          | 1
                vehicle |          | 3
                vehicle | yes      | 1
                        | no       | 1
            """,
            expected=(
                Expected(
                    "2 of 2 + 15 + 2 = 19 people; 1 blank; of the row without a type nobody knows whether a person "
                    "was searched; 4 vehicles are out",
                    value="2/19", numerator=2, denominator=19, unknown=1, unsure=1, bounds=("2/21", "4/21"),
                    reading="as-recorded",
                ),
            ),
        ),
        Case(
            title="Only ever says yes",
            table="""
                type   | clothing | times
                person | yes      | 2
                person |          | 5
                both   |          | 1
            """,
            expected=(
                Expected(
                    "2 of 8 say yes and none says no", value=None, numerator=None, denominator=None, unknown=8,
                    status="not-interpretable", reason="only ever says yes (2 of 8)",
                ),
            ),
        ),
        Case(
            title="Never filled in",
            table="""
                type    | clothing | times
                person  |          | 5
                vehicle | no       | 1
            """,
            expected=(
                Expected(
                    "blank on all 5 searches of people", value=None, numerator=None, denominator=None, unknown=5,
                    status="not-supplied", reason="blank on all 5",
                ),
            ),
        ),
    ),
)  # fmt: skip


def test_spec(world: World) -> None:
    world.check(SPEC)
