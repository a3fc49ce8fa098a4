"""Searches by legislation, on a table to check by eye."""

from __future__ import annotations

from spec import Case, Expected, Spec, World

SPEC = Spec(
    measure="powers.share_by_legislation",
    says="Searches under each power / searches of which the power is known. Vehicles count. A power that nobody "
    "used is 0%, since it is known of every search that it was another.",
    cases=(
        Case(
            title="Three powers and a blank",
            table="""
                type    | power          | times
                person  | section 1      | 3
                vehicle | section 1      | 1
                person  | section 23     | 4
                both    | section 60     | 1
                person  |                | 1
                person  | Magna Carta s1 | 1
            """,
            expected=(
                Expected(
                    "3 + 1 of 9 known; 2 not known", cut={"power": "Section 1 PACE"},
                    value="4/9", numerator=4, denominator=9, unknown=2, bounds=("4/11", "6/11"),
                ),
                Expected(
                    "4 of 9", cut={"power": "Section 23 Misuse of Drugs Act"},
                    value="4/9", numerator=4, denominator=9, unknown=2, bounds=("4/11", "6/11"),
                ),
                Expected(
                    "1 of 9", cut={"power": "Section 60"},
                    value="1/9", numerator=1, denominator=9, unknown=2, bounds=("1/11", "3/11"),
                ),
                Expected(
                    "0 of 9; the 2 unknown could be", cut={"power": "Firearms Act"},
                    value="0", numerator=0, denominator=9, unknown=2, bounds=("0", "2/11"),
                ),
            ),
        ),
    ),
)  # fmt: skip


def test_spec(world: World) -> None:
    world.check(SPEC)
