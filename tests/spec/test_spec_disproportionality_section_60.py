"""Disproportionality under section 60, on a table to check by eye."""

from __future__ import annotations

from spec import Case, Expected, Spec, World

SPEC = Spec(
    measure="powers.disproportionality_section_60",
    says="As disproportionality, of searches of people under section 60 alone.",
    cases=(
        Case(
            title="Section 60 alone counts",
            table="""
                type    | ethnicity  | power      | times
                person  | White      | section 60 | 18
                person  | Black      | section 60 | 12
                person  | Black      | section 23 | 50
                person  | Asian      | section 60 | 2
                person  | not stated | section 60 | 2
                vehicle | Black      | section 60 | 4
            """,
            expected=(
                Expected(
                    "Black 12 of 2,000; White 18 of 90,000; 2 not stated",
                    cut={"ethnic_group": "Black"}, value="12/2000 * 90000/18", numerator=12, denominator=18,
                    unknown=2, bounds=("12/2000 * 90000/20", "14/2000 * 90000/18"),
                ),
                Expected(
                    "2 searches", cut={"ethnic_group": "Asian"}, value=None, numerator=2, denominator=18,
                    unknown=2, status="too-few", reason="(2 and 18)",
                ),
            ),
        ),
    ),
)  # fmt: skip


def test_spec(world: World) -> None:
    world.check(SPEC)
