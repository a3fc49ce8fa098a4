"""Ethnicity not stated, on tables to check by eye."""

from __future__ import annotations

from spec import Case, Expected, Spec, World

SPEC = Spec(
    measure="powers.ethnicity_not_stated",
    says="People recorded as not stating their ethnicity / people of whom anything is recorded. A blank is not a "
    "person who would not say: it is unknown.",
    cases=(
        Case(
            title="Not stated, blank, and a vehicle",
            table="""
                type    | ethnicity         | times
                person  | White             | 4
                person  | Black             | 1
                both    | not stated        | 2
                person  | not stated (NS)   | 1
                person  |                   | 1
                person  | From the far side | 1
                vehicle | not stated        | 2
                vehicle |                   | 3
            """,
            expected=(
                Expected(
                    "2 + 1 = 3 of 4 + 1 + 3 = 8; the blank and the wording nobody knows are unknown; vehicles out",
                    value="3/8", numerator=3, denominator=8, unknown=2, bounds=("3/10", "5/10"),
                ),
            ),
        ),
    ),
)  # fmt: skip


def test_spec(world: World) -> None:
    world.check(SPEC)
