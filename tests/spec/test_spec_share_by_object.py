"""Searches by object, on a table to check by eye."""

from __future__ import annotations

from spec import Case, Expected, Spec, World

SPEC = Spec(
    measure="powers.share_by_object",
    says="Searches for each object / searches of which the object is known. Vehicles count.",
    cases=(
        Case(
            title="Three objects and a blank",
            table="""
                type    | object  | times
                person  | drugs   | 4
                vehicle | drugs   | 1
                person  | weapons | 2
                both    | stolen  | 1
                person  |         | 2
            """,
            expected=(
                Expected(
                    "4 + 1 of 8 known; 2 not known", cut={"object": "Controlled drugs"},
                    value="5/8", numerator=5, denominator=8, unknown=2, bounds=("5/10", "7/10"),
                ),
                Expected(
                    "2 of 8", cut={"object": "Offensive weapons"},
                    value="2/8", numerator=2, denominator=8, unknown=2, bounds=("2/10", "4/10"),
                ),
                Expected(
                    "1 of 8", cut={"object": "Stolen goods"},
                    value="1/8", numerator=1, denominator=8, unknown=2, bounds=("1/10", "3/10"),
                ),
            ),
        ),
    ),
)  # fmt: skip


def test_spec(world: World) -> None:
    world.check(SPEC)
