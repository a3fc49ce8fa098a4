"""Searches of people by gender, on a table to check by eye."""

from __future__ import annotations

from spec import Case, Expected, Spec, World

SPEC = Spec(
    measure="powers.share_by_gender",
    says="Searches of people of each gender / searches of people whose gender is recorded. A vehicle has none, "
    "whatever is written in its row.",
    cases=(
        Case(
            title="People, blanks, and vehicles marked Other and Male",
            table="""
                type    | gender | times
                person  | Male   | 5
                both    | Male   | 1
                person  | Female | 2
                person  |        | 2
                vehicle |        | 3
                vehicle | Other  | 1
                vehicle | Male   | 1
            """,
            expected=(
                Expected(
                    "5 + 1 of 8", cut={"gender": "Male"},
                    value="6/8", numerator=6, denominator=8, unknown=2, bounds=("6/10", "8/10"),
                ),
                Expected(
                    "2 of 8", cut={"gender": "Female"},
                    value="2/8", numerator=2, denominator=8, unknown=2, bounds=("2/10", "4/10"),
                ),
            ),
        ),
    ),
)  # fmt: skip


def test_spec(world: World) -> None:
    world.check(SPEC)
