"""Number of searches, on a table to check by eye."""

from __future__ import annotations

from spec import Case, Expected, Spec, World

SPEC = Spec(
    measure="powers.searches",
    says="Every row counts once: rows that are exactly alike, vehicles, rows with blanks. In a breakdown, rows "
    "whose category is blank could belong to any of its categories, and widen each one to bounds.",
    cases=(
        Case(
            title="Every row counts",
            table="""
                type    | gender | outcome | times
                person  | Male   | arrest  | 3
                person  | Female | nothing | 1
                person  |        |         | 1
                vehicle |        | nothing | 2
                both    | Male   | arrest  | 1
            """,
            expected=(Expected("3 + 1 + 1 + 2 + 1", value="8", numerator=8, denominator=8),),
        ),
        Case(
            title="By gender of the person searched",
            table="""
                type    | gender | times
                person  | Male   | 3
                both    | Male   | 1
                person  | Female | 2
                person  |        | 1
                vehicle |        | 2
                vehicle | Male   | 1
            """,
            by="person_gender",
            expected=(
                Expected("all rows", value="10", numerator=10, denominator=10),
                Expected(
                    "3 persons + 1 in a vehicle; the vehicle marked Male has no person; the blank may be one",
                    cut={"person_gender": "Male"}, value="4", numerator=4, denominator=4, unsure=1,
                    bounds=("4", "5"),
                ),
                Expected(
                    "2; the blank may be one", cut={"person_gender": "Female"},
                    value="2", numerator=2, denominator=2, unsure=1, bounds=("2", "3"),
                ),
                Expected(
                    "3 vehicles; the blank row is of a person, but no category is known of it, so openpeel "
                    "widens every category by it", cut={"person_gender": "No person"},
                    value="3", numerator=3, denominator=3, unsure=1, bounds=("3", "4"),
                ),
                Expected("1 blank", cut={"person_gender": "not known"}, value="1", numerator=1, denominator=1),
            ),
        ),
    ),
)  # fmt: skip


def test_spec(world: World) -> None:
    world.check(SPEC)
