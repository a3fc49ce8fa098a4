"""Searches of people by age, on tables to check by eye."""

from __future__ import annotations

from spec import Case, Expected, Spec, World

SPEC = Spec(
    measure="powers.share_by_age",
    says="Searches of people of each age range / searches of people whose age range is known. Vehicles are out.",
    cases=(
        Case(
            title="Three ages, a blank, vehicles",
            table="""
                type    | age     | times
                person  | 10-17   | 1
                person  | 18-24   | 3
                both    | 18-24   | 1
                person  | over 34 | 3
                person  |         | 2
                vehicle |         | 4
                vehicle | 18-24   | 1
            """,
            expected=(
                Expected(
                    "3 + 1 of 8 known; 2 blanks; 5 vehicles out", cut={"age_range": "18-24"},
                    value="4/8", numerator=4, denominator=8, unknown=2, bounds=("4/10", "6/10"),
                ),
                Expected(
                    "1 of 8", cut={"age_range": "10-17"},
                    value="1/8", numerator=1, denominator=8, unknown=2, bounds=("1/10", "3/10"),
                ),
            ),
        ),
        Case(
            title="Never filled in: one figure says why there is none",
            table="""
                type   | age | times
                person |     | 6
            """,
            expected=(
                Expected(
                    "blank on all 6", value=None, numerator=None, denominator=None, unknown=6,
                    status="not-supplied", reason="blank on all 6",
                ),
            ),
        ),
    ),
)  # fmt: skip


def test_spec(world: World) -> None:
    world.check(SPEC)
