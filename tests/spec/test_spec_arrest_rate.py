"""Share of searches that led to an arrest, on tables to check by eye."""

from __future__ import annotations

from spec import Case, Expected, Spec, World

SPEC = Spec(
    measure="powers.arrest_rate",
    says="Arrests / searches whose outcome is known. Where an article was found and the outcome was not recorded, "
    "nobody knows whether there was an arrest: that is unknown, like a blank.",
    cases=(
        Case(
            title="Arrests under both wordings",
            table="""
                outcome                   | times
                arrest                    | 2
                arrest (old wording)      | 1
                nothing                   | 4
                warning                   | 1
                found, detail unavailable | 1
                                          | 1
            """,
            expected=(
                Expected(
                    "2 + 1 = 3 arrests; known of 3 + 4 + 1 = 8; not known: the article found and the blank",
                    value="3/8", numerator=3, denominator=8, unknown=2, bounds=("3/10", "5/10"),
                ),
            ),
        ),
        Case(
            title="No searches at all",
            table="""
                outcome | times
                nothing | 0
            """,
            expected=(
                Expected(
                    "a file without rows: supplied, and nothing to divide by", value=None, numerator=0,
                    denominator=0, status="no-data", reason="no such records",
                ),
            ),
        ),
    ),
)  # fmt: skip


def test_spec(world: World) -> None:
    world.check(SPEC)
